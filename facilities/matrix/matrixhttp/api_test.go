package matrixhttp_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"yike/facilities"
	"yike/facilities/matrix"
	"yike/facilities/matrix/matrixhttp"
	"yike/geo/divisions"
	"yike/internal/httpapi"
	"yike/internal/httpapi/httpapitest"
	"yike/internal/record"
)

// source makes the table of a small town.
type source struct {
	t    testing.TB
	fail error
}

func (s source) types() []facilities.TypeInfo {
	list, err := facilities.Catalogue()
	if err != nil {
		s.t.Fatal(err)
	}
	return list
}

func (s source) Columns(context.Context) ([]matrix.Column, []string, error) {
	return matrix.AllColumns(s.types()), matrix.UsualColumns(s.types()), s.fail
}

func (s source) Matrix(_ context.Context, columns []string) (*matrix.Matrix, string, error) {
	if s.fail != nil {
		return nil, "", s.fail
	}
	m, err := matrix.Build(matrix.Input{
		AdCode: "120111", Day: "2026-11-27", Types: s.types(), Columns: columns,
		Divisions: []divisions.Division{
			{Code: "1", Level: divisions.Subdistrict, NameZH: "甲街"},
			{Code: "2", Level: divisions.Subdistrict, NameZH: "乙镇"},
			{
				Code: "11", Level: divisions.Community, ParentCode: "1", NameZH: "花桥里", Setting: divisions.Urban,
				Boundary: orb.MultiPolygon{{{{117, 39}, {117.1, 39}, {117.1, 39.2}, {117, 39}}}},
			},
			{Code: "12", Level: divisions.Community, ParentCode: "1", NameZH: "槐树里", Setting: divisions.Urban},
			{Code: "21", Level: divisions.Community, ParentCode: "2", NameZH: "南村", Setting: divisions.Rural},
		},
		Facilities: []facilities.Facility{
			{ID: "a", Type: "elderly_canteen", NameZH: "食堂", Status: facilities.Open, Stage: facilities.Published, DivisionCode: "11", Serves: []string{"12"}, Example: true, Point: orb.Point{117.05, 39.1}},
			{ID: "b", Type: "community_premises", NameZH: "用房", Status: facilities.Open, Stage: facilities.Published, DivisionCode: "11", Fields: map[string]any{"floor_area": 300.0}},
			{ID: "c", Type: "elderly_centre", NameZH: "中心", Status: facilities.Planned, Stage: facilities.Published, DivisionCode: "2", Fields: map[string]any{"opened_on": "2027-01-01"}},
		},
		Households: map[string]divisions.Households{"11": {Count: 1000, Source: divisions.HouseholdsDeclared}, "12": {Count: 100, Source: divisions.HouseholdsBuildings}},
	})
	return m, "mark", err
}

func serve(t *testing.T, fail error) *httpapitest.Server {
	t.Helper()
	router := httpapi.NewRouter(slog.New(slog.DiscardHandler))
	matrixhttp.Register(httpapi.NewAPI(router), source{t, fail}, source{t, fail})
	return httpapitest.New(t, router)
}

func (s source) Write(w io.Writer, format string, m *matrix.Matrix, subdistrict string, english bool) error {
	if format == "pdf" {
		return matrixhttp.ErrNoFonts
	}
	_, err := fmt.Fprintf(w, "%s of %q, %d groups, English %v", format, subdistrict, len(m.Groups), english)
	return err
}

func (s source) Today() record.Day { return "2026-11-27" }

const path = "/api/v1/community-matrix"

func table(t *testing.T, s *httpapitest.Server, query string) matrixhttp.MatrixTable {
	t.Helper()
	w := s.Get(path+query, nil)
	var out matrixhttp.MatrixTable
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil || w.Code != http.StatusOK {
		t.Fatalf("%s: %d %s", query, w.Code, w.Body)
	}
	return out
}

func TestTable(t *testing.T) {
	t.Parallel()
	s := serve(t, nil)
	got := table(t, s, "?types=community_premises,%20elderly_canteen,elderly_centre")
	if len(got.Columns) != 3 || len(got.Groups) != 2 || len(got.Offered) < 20 || len(got.Norms) != 4 || got.Norms[0].Severity != "error" {
		t.Fatalf("%+v", got)
	}
	canteen := slices.IndexFunc(got.Columns, func(c matrixhttp.MatrixColumn) bool { return c.ID == "elderly_canteen" })
	a, b := got.Groups[0].Rows[0], got.Groups[0].Rows[1]
	if a.Cells[canteen].State != "own" || !a.Cells[canteen].Own[0].Example || b.Cells[canteen].State != "shared" || b.Cells[canteen].Shared[0].ID != "a" || a.Gap || !b.Gap {
		t.Errorf("%+v %+v", a, b)
	}
	if *b.Cells[canteen].Shared[0].Lon != 117.05 || !slices.Equal(a.Bounds, []float64{117, 39, 117.1, 39.2}) || b.Bounds != nil {
		t.Errorf("where: %+v %+v", a, b)
	}
	if p := a.Premises; *p.Per100 != 30 || p.Outcome != "pass" || *p.Threshold != 30 || *p.Households != 1000 || p.Rule != "RAT-01" || p.Severity != "error" {
		t.Errorf("%+v", p)
	}
	if p := got.Groups[1].Rows[0].Premises; p.Households != nil || p.Per100 != nil || p.Outcome != "fail" || p.Rule != "RAT-02" {
		t.Errorf("of unknown households: %+v", p)
	}
	centre := slices.IndexFunc(got.Columns, func(c matrixhttp.MatrixColumn) bool { return c.ID == "elderly_centre" })
	village := got.Groups[1]
	if village.Rest[centre].Planned[0].Year != 2027 || village.Sums[centre].State != "planned" || got.Groups[0].Rest != nil || got.Sums[canteen].Facilities != 1 {
		t.Errorf("%+v", village)
	}
	if c := got.Sums[canteen].Coverage; c == nil || *c != 2.0/3 {
		t.Errorf("coverage %v", c)
	}
	if l := got.Levels; l.Lines[1].State != "planned" || l.District != "none" || l.Subdistricts != 2 || len(l.Lines[0].Lacking) != 0 || l.Lines[1].Lacking[0].ID != "21" || l.Lines[0].Severity != "error" {
		t.Errorf("%+v", got.Levels)
	}
	if usual := table(t, s, ""); len(usual.Columns) < 12 {
		t.Errorf("%d usual columns", len(usual.Columns))
	}
}

func TestNarrowed(t *testing.T) {
	t.Parallel()
	s := serve(t, nil)
	one := table(t, s, "?subdistrict=1&types=elderly_canteen")
	if len(one.Groups) != 1 || one.Sums[0].Own != 1 || one.Premises.Communities != 2 || len(one.Levels.Lines) != 1 || one.Levels.Subdistricts != 2 {
		t.Errorf("%+v", one)
	}
	gaps := table(t, s, "?gaps=true&types=elderly_canteen")
	if rows := gaps.Groups[0].Rows; len(rows) != 1 || rows[0].Code != "12" || gaps.Sums[0].Own != 1 || gaps.Premises.Communities != 3 {
		t.Errorf("%+v", gaps.Groups)
	}
	if again := table(t, s, "?types=elderly_canteen"); len(again.Groups[0].Rows) != 2 {
		t.Error("what was asked before narrowed what is asked now")
	}
	tag := s.Get(path, nil).Header().Get("ETag")
	if w := s.Get(path, http.Header{"If-None-Match": {tag}}); w.Code != http.StatusNotModified {
		t.Errorf("held already: %d", w.Code)
	}
	if w := s.Get(path+"?gaps=true", http.Header{"If-None-Match": {tag}}); w.Code != http.StatusOK {
		t.Errorf("another question held: %d", w.Code)
	}
}

func TestFiles(t *testing.T) {
	t.Parallel()
	s := serve(t, nil)
	w := s.Raw(path+".xlsx?subdistrict=1&words=en", nil) // the reader of documents knows no workbooks
	if w.Code != http.StatusOK || w.Body.String() != `xlsx of "1", 1 groups, English true` || !strings.Contains(w.Header().Get("Content-Disposition"), `filename="community-matrix-2026-11-27.xlsx"`) {
		t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
	}
	if w := s.Get(path+".pdf", nil); w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(), "no_fonts") {
		t.Errorf("without fonts: %d %s", w.Code, w.Body)
	}
	if w := s.Get(path+".xlsx?subdistrict=9", nil); w.Code != http.StatusNotFound {
		t.Errorf("of no subdistrict: %d %s", w.Code, w.Body)
	}
}

func TestProblems(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		query  string
		fail   error
		status int
		code   string
	}{
		"an unknown column":      {"?types=elderly_canteen,pub", nil, 422, "unknown_column"},
		"an unknown subdistrict": {"?subdistrict=9", nil, 404, "unknown_division"},
		"not ready":              {"", matrixhttp.ErrNotReady, 503, "not_ready"},
		"not ready to say which": {"?types=pub", matrixhttp.ErrNotReady, 503, "not_ready"},
		"a fault of the server":  {"", errors.New("secret"), 500, "internal"},
	} {
		w := serve(t, tc.fail).Get(path+tc.query, nil)
		var p struct{ Code string }
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Code != tc.status || p.Code != tc.code {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
}
