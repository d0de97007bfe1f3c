package placenamehttp_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yike/geo/divisions"
	"yike/internal/httpapi"
	"yike/internal/httpapi/httpapitest"
	"yike/internal/record"
	"yike/placenames"
	"yike/placenames/gazetteer"
	"yike/placenames/placenamehttp"
)

// told keeps what it was asked, and answers with figures or an error.
type told struct {
	fail  error
	asked placenamehttp.Asked
	what  placenamehttp.Output
	s     gazetteer.Statistics
}

func (f *told) Write(_ context.Context, to io.Writer, what placenamehttp.Output, a placenamehttp.Asked) error {
	f.what, f.asked = what, a
	_, err := io.WriteString(to, "half a file")
	return errors.Join(err, f.fail)
}

func (f *told) Statistics(_ context.Context, a placenamehttp.Asked) (gazetteer.Statistics, error) {
	f.asked = a
	return f.s, f.fail
}

func (*told) Today() record.Day { return "2026-11-28" }

func TestOutputs(t *testing.T) {
	t.Parallel()
	f := &told{s: gazetteer.Statistics{
		Total:   gazetteer.Figures{Names: 3, InUse: 2, Protected: 1, NoSpelling: 1, NoGeometry: 2, NoDocument: 1},
		Classes: []gazetteer.ClassLine{{Class: placenames.Code{Code: "street"}, States: map[placenames.State]int{placenames.Approved: 2}}}, States: []gazetteer.StateLine{{State: placenames.Code{Code: "draft"}, Names: 1}},
		Divisions: []gazetteer.DivisionLine{{Division: divisions.Division{Code: "1", Level: divisions.Subdistrict, NameZH: "甲街道"}}}, Years: []gazetteer.YearLine{{Year: "2020", Names: 2, Kinds: map[placenames.DecisionKind]int{placenames.Naming: 2}}},
	}}
	r := httpapi.NewRouter(slog.New(slog.DiscardHandler))
	placenamehttp.RegisterOutputs(httpapi.NewAPI(r), f)
	s := httpapitest.New(t, r)
	const figures = "/api/v1/place-name-statistics"
	for address, want := range map[string]struct {
		what placenamehttp.Output
		file string
	}{
		path + ".xlsx?open=1":       {placenamehttp.BookXLSX, "place-names-open-2026-11-28.xlsx"},
		path + ".csv":               {placenamehttp.ListCSV, "place-names-2026-11-28.csv"},
		path + ".geojson?words=en":  {placenamehttp.ListGeoJSON, "place-names-2026-11-28.geojson"},
		figures + ".xlsx?words=zh&": {placenamehttp.FiguresXLSX, "place-name-statistics-2026-11-28.xlsx"},
	} {
		w := s.RawDo(http.MethodGet, address, nil, nil)
		if w.Code != http.StatusOK || f.what != want.what || !strings.Contains(w.Header().Get("Content-Disposition"), `filename="`+want.file+`"`) || w.Body.String() != "half a file" {
			t.Errorf("%s: %d %v %s", address, w.Code, w.Header(), w.Body)
		}
		if f.asked.Open != strings.Contains(address, "open=1") || f.asked.English != strings.Contains(address, "words=en") {
			t.Errorf("%s: %+v", address, f.asked)
		}
	}
	body := bodyOf(t, s.Get(figures+"?class=street&state=approved&division=1&heritage=true&q=路&at=2026-01-01", nil))
	on := true
	want := placenamehttp.Asked{
		Filter:   placenames.Filter{Classes: []string{"street"}, States: []placenames.State{placenames.Approved}, Heritage: &on, Text: "路"},
		Division: "1", At: record.At{Valid: "2026-01-01"},
	}
	if diff := cmp.Diff(want, f.asked); diff != "" {
		t.Error(diff)
	}
	if body["day"] != "2026-11-28" || body["total"].(map[string]any)["without_geometry"] != 2.0 || body["years"].([]any)[0].(map[string]any)["kinds"].(map[string]any)["naming"] != 2.0 {
		t.Errorf("%v", body)
	}
	for _, bad := range []string{"?open=2", "?words=fr", "?state=x", "?known=2026-01-01T00:00:00Z"} {
		for _, address := range []string{path + ".csv", figures} {
			if w := s.Get(address+bad, nil); w.Code != http.StatusUnprocessableEntity {
				t.Errorf("%s%s: %d", address, bad, w.Code)
			}
		}
	}
	f.fail = placenamehttp.ErrUnknownDivision
	for _, address := range []string{path + ".csv", figures} {
		if w := s.Get(address, nil); w.Code != http.StatusNotFound || strings.Contains(w.Body.String(), "half") {
			t.Errorf("%s: %d %s", address, w.Code, w.Body)
		}
	}
}
