package surveyhttp_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"yike/internal/httpapi"
	"yike/internal/record"
	"yike/placenames"
	"yike/placenames/survey"
	"yike/placenames/survey/surveyhttp"
)

// desk has one case with one visit.
type desk struct {
	made    survey.Visit
	patched survey.Patch
	err     error
}

func site() survey.Site {
	return survey.Site{
		CaseID: "c", Number: "2026-001", Act: "naming", Text: "沣东路", Size: placenames.Size{LengthM: 500}, Extent: placenames.Extent{From: "东"}, Geometry: orb.LineString{{108, 34}, {108.1, 34}},
	}
}

func visit() survey.Visit {
	return survey.Visit{
		ID: "v", Version: 3, CaseID: "c", Day: "2026-11-28", Track: []survey.Fix{{At: 1, Point: orb.Point{108, 34}}, {At: 60_001, Point: orb.Point{108.001, 34}, AccuracyM: 5}},
		Points: []survey.Point{{Kind: "start", Note: "路口"}}, Findings: survey.Findings{LengthM: 450},
	}
}

func (d *desk) Awaiting(context.Context) ([]survey.Site, error) { return []survey.Site{site()}, d.err }

func (d *desk) OfCase(context.Context, string) (survey.Site, []survey.Visit, bool, error) {
	return site(), []survey.Visit{visit()}, true, d.err
}

func (d *desk) One(context.Context, string) (survey.Visit, error) { return visit(), d.err }

func (d *desk) Create(_ context.Context, v survey.Visit, _ record.Change) (survey.Visit, error) {
	d.made = v
	v.ID, v.Version = "v", 1
	return v, d.err
}

func (d *desk) Update(_ context.Context, _ string, _ int, p survey.Patch, _ record.Change) (survey.Visit, error) {
	d.patched = p
	return visit(), d.err
}

func (d *desk) Remove(context.Context, string, int, string) error { return d.err }

func (d *desk) History(context.Context, string) ([]httpapi.RecordVersion, error) {
	return []httpapi.RecordVersion{}, d.err
}

func ask(t testing.TB, d *desk, method, path, body string, headers ...string) (int, map[string]any) {
	t.Helper()
	r := httpapi.NewRouter(slog.New(slog.DiscardHandler))
	surveyhttp.Register(httpapi.NewAPI(r), d)
	request := httptest.NewRequest(method, "/api/v1/"+path, strings.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	r.ServeHTTP(w, request)
	out := map[string]any{}
	if w.Code != http.StatusNoContent {
		if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
			t.Fatalf("%s %s: %v: %s", method, path, err, w.Body)
		}
	}
	return w.Code, out
}

func at(t testing.TB, of any, path ...any) any {
	t.Helper()
	for _, p := range path {
		switch key := p.(type) {
		case string:
			of = of.(map[string]any)[key]
		case int:
			of = of.([]any)[key]
		}
	}
	return of
}

func TestWhatIsTakenAlong(t *testing.T) {
	t.Parallel()
	code, got := ask(t, &desk{}, "GET", "name-survey", "")
	if code != 200 || at(t, got, "cases", 0, "text") != "沣东路" || at(t, got, "cases", 0, "length_m") != 500.0 || at(t, got, "cases", 0, "width_m") != nil ||
		at(t, got, "cases", 0, "geometry", "type") != "LineString" || at(t, got, "cases", 0, "geometry", "coordinates", 1, 0) != 108.1 || len(at(t, got, "point_kinds").([]any)) < 5 {
		t.Errorf("%d %v", code, got)
	}
}

func TestVisitsOfACase(t *testing.T) {
	t.Parallel()
	code, got := ask(t, &desk{}, "GET", "name-cases/c/visits", "")
	v := at(t, got, "visits", 0)
	if code != 200 || at(t, v, "counts") != false || at(t, v, "missing", 0, "code") != "people" || at(t, v, "track", 1, "accuracy_m") != 5.0 || at(t, v, "walked_m") == 0.0 ||
		at(t, v, "along_m") != nil || at(t, got, "may_write") != true || !strings.Contains(at(t, v, "record", 3, "zh").(string), "申请 500 米") {
		t.Errorf("%d %v", code, got)
	}
}

func TestWriting(t *testing.T) {
	t.Parallel()
	const body = `{"day":"2026-11-28","people":[{"office":"街道"}],"track":[{"t":5,"lon":108,"lat":34,"accuracy_m":4}],
		"points":[{"kind":"end","t":5,"lon":108.5,"lat":34,"note":"止"}],"findings":{"width_m":18,"agreement":"agrees"},"note":"晴","reason":"踏勘"}`
	d := &desk{}
	if code, got := ask(t, d, "POST", "name-cases/c/visits", body); code != http.StatusBadRequest {
		t.Errorf("without a key: %d %v", code, got)
	}
	code, got := ask(t, d, "POST", "name-cases/c/visits", body, "Idempotency-Key", "k")
	if code != http.StatusCreated || got["id"] != "v" || d.made.CaseID != "c" || d.made.Track[0].AccuracyM != 4 || d.made.Points[0].Point[0] != 108.5 ||
		d.made.Findings.WidthM != 18 || d.made.Findings.Agreement != survey.Agrees || d.made.People[0].Office != "街道" {
		t.Errorf("%d %v %+v", code, got, d.made)
	}
	if code, _ := ask(t, d, "PATCH", "name-visits/v", `{"note":"阴","reason":"改"}`); code != http.StatusPreconditionRequired {
		t.Errorf("without a version: %d", code)
	}
	code, _ = ask(t, d, "PATCH", "name-visits/v", `{"note":"阴","people":[],"track":[],"points":[],"findings":{},"reason":"改"}`, "If-Match", `"3"`)
	if code != 200 || *d.patched.Note != "阴" || len(*d.patched.People) != 0 || d.patched.Day != nil || *d.patched.Findings != (survey.Findings{}) || len(*d.patched.Track)+len(*d.patched.Points) != 0 {
		t.Errorf("%d %+v", code, d.patched)
	}
	if code, _ := ask(t, d, "DELETE", "name-visits/v?reason=x", "", "If-Match", `"3"`); code != http.StatusNoContent {
		t.Errorf("removed: %d", code)
	}
}

func TestProblems(t *testing.T) {
	t.Parallel()
	for want, err := range map[string]error{
		"unknown_visit": survey.ErrNotFound, "unknown_name_case": survey.ErrNoCase, "visit_settled": survey.ErrRests,
		"validation": record.Invalid([]record.Fault{{Field: "day", ZH: "日", EN: "day"}}),
	} {
		for _, path := range []string{"name-survey", "name-cases/c/visits", "name-visits/v", "name-visits/v/history"} {
			code, got := ask(t, &desk{err: err}, "GET", path, "")
			if code < 400 || code >= 500 || got["code"] != want {
				t.Errorf("%s of %v: %d %v", path, err, code, got)
			}
		}
	}
}
