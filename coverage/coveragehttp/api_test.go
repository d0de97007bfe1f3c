package coveragehttp_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"yike/coverage"
	"yike/coverage/coveragehttp"
	"yike/coverage/walknet"
	"yike/facilities"
	"yike/geo/divisions"
	"yike/internal/httpapi"
	"yike/internal/httpapi/httpapitest"
)

// street is a Source over a street of 1,000 m: a canteen at one end, people along it,
// some in no division and some in the fields.
type street struct {
	net        *walknet.Network
	demand     *coverage.Demand
	divisions  []divisions.Division
	facilities []facilities.Facility
	loading    bool
	asked      *int // questions that were worked out
}

func at(east, north float64) orb.Point { return orb.Point{114.27 + east/95_900, 30.63 + north/110_900} }

func newStreet(t *testing.T) *street {
	t.Helper()
	net, _, err := walknet.Build([]walknet.Way{{SourceID: "street", Line: orb.LineString{at(0, 0), at(1000, 0)}}}, nil, walknet.BuildOptions{})
	if err != nil {
		t.Fatal(err)
	}
	s := &street{
		net: net, asked: new(int),
		demand: &coverage.Demand{
			Bands:    []coverage.Band{{ID: "20+", FromAge: 20, ToAge: -1, Widest: true}, {ID: "70+", FromAge: 70, ToAge: -1}},
			IDs:      []string{"near", "far", "beyond", "fields"},
			Points:   []orb.Point{at(100, 5), at(900, 5), at(990, 5), at(500, 400)},
			Division: []int32{1, 0, -1, 0},
			People:   [][]coverage.People{{12_345, 20_000, 30_001, 4}, {1, 2, 3, 4}},
		},
		divisions: []divisions.Division{
			{Code: "990101001", Level: divisions.Subdistrict, NameZH: "某街道", Pinyin: "mou jiedao"},
			{Code: "990101001001", Level: divisions.Community, ParentCode: "990101001", NameZH: "某社区", Complete: true, Setting: divisions.Urban},
		},
		facilities: []facilities.Facility{{
			ID: "c1", Type: "elderly_canteen", NameZH: "示例食堂", Example: true, Status: facilities.Open,
			DivisionCode: "990101001001", Point: at(0, 5),
		}},
	}
	for _, p := range s.demand.Points {
		s.demand.Snaps = append(s.demand.Snaps, net.Snap(p, 100))
	}
	return s
}

func (s *street) Status() coveragehttp.Status {
	return coveragehttp.Status{Ready: !s.loading, Stage: "ready", StageZH: "就绪", StageEN: "Ready", Version: s.Version()}
}

func (s *street) Version() string {
	if s.loading {
		return ""
	}
	return "v1"
}

func (s *street) District(context.Context) (coveragehttp.District, error) {
	if s.loading {
		return coveragehttp.District{}, coveragehttp.ErrNotReady
	}
	return coveragehttp.District{
		AdCode: "990101", Slug: "street", Version: "v1", Bands: []coveragehttp.Band{{ID: "20+", From: 20, Widest: true}},
		Bases: []string{"resident"}, Levels: []string{}, Notices: []coveragehttp.Notice{}, Absent: []coveragehttp.Text{},
		Network: coveragehttp.Network{IslandPeople: []coveragehttp.Persons{12_345}, UnsnappedPeople: []coveragehttp.Persons{0}},
		Speeds:  []float64{0.9}, LimitsS: []int{900},
	}, nil
}

func (s *street) Coverage(ctx context.Context, q coveragehttp.Query) (*coveragehttp.Answer, error) {
	switch {
	case s.loading:
		return nil, coveragehttp.ErrNotReady
	case q.Type != "elderly_canteen" && q.Type != "columbarium":
		return nil, coveragehttp.ErrUnknownType
	case q.Base == divisions.Registered:
		return nil, coveragehttp.ErrUnknownBase
	}
	*s.asked++
	q.Base = divisions.Resident
	h := coverage.NewHierarchy(s.divisions)
	r := &coverage.Report{Base: q.Base, Demand: s.demand, Divisions: s.divisions, Hierarchy: h}
	a := &coveragehttp.Answer{Query: q, Version: "v1", Measure: "walk", Absent: coverage.AbsentLevels(h), Report: r}
	if q.Type == "columbarium" {
		a.Measure, a.Note = "presence", &coverage.Text{ZH: "注意", EN: "Note"}
	}
	params := coverage.Params{Limit: q.Limit, Speed: q.Speed}
	for _, f := range s.facilities {
		if f.Type == q.Type {
			site := coverage.Site{ID: f.ID, Point: f.Point, Snap: s.net.Snap(f.Point, 100), Division: h.Find(f.DivisionCode)}
			r.Sites, a.Facilities = append(r.Sites, site), append(a.Facilities, f)
			r.Circles = append(r.Circles, coverage.CircleOf(s.net, s.demand, site, params, walknet.CircleOptions{}))
		}
	}
	r.Result = coverage.Compute(s.net, s.demand, r.Sites, params)
	r.Summary = coverage.Summarise(s.demand, r.Result, h, r.Sites)
	if q.Limit < 3600_000 {
		b := coverage.NewGround(s.net, s.demand, h, 100).Baseline(r.Sites, params, 1)
		r.Overlaps, r.Served = &b.Overlaps, b.Served
	}
	var err error
	r.Gaps, err = coverage.Gaps(ctx, s.demand, r.Result, coverage.GapOptions{})
	return a, err
}

func (s *street) Point(ctx context.Context, id string, q coveragehttp.Query) (*coveragehttp.Point, error) {
	a, err := s.Coverage(ctx, q)
	if err != nil {
		return nil, err
	}
	for i, have := range s.demand.IDs {
		if have == id {
			return &coveragehttp.Point{Answer: a, Index: int32(i), Nearest: a.Report.Result.Nearest[i]}, nil
		}
	}
	return nil, coveragehttp.ErrNoPoint
}

func serve(t *testing.T, src coveragehttp.Source) *httpapitest.Server {
	t.Helper()
	r := httpapi.NewRouter(slog.New(slog.DiscardHandler))
	coveragehttp.Register(httpapi.NewAPI(r), src)
	return httpapitest.New(t, r)
}

func decode[T any](t *testing.T, w *httptest.ResponseRecorder) T {
	t.Helper()
	var v T
	if err := json.Unmarshal(w.Body.Bytes(), &v); err != nil {
		t.Fatalf("%v in %s", err, w.Body)
	}
	return v
}

type answer struct {
	Query struct {
		Type, Base string
		Limit      int
		Speed      float64
	}
	Measure string
	Note    *coveragehttp.Text
	Bands   []struct {
		Band                                      string
		Population, Covered, Uncovered, Unsnapped json.Number
		Coverage                                  *float64 `json:"population_coverage"`
	}
	Divisions []struct {
		Code, Level, Parent string
		NameEN              string `json:"name_en"`
		Complete            bool
		Bands               []struct{ Population json.Number }
		Units               int
		UnitCoverage        *float64 `json:"unit_coverage"`
	}
	Facilities []struct {
		ID      string
		Example bool
		Snapped bool
		Reached []json.Number
		Area    float64 `json:"circle_area_m2"`
		Drawing *struct {
			Late   *float64 `json:"inside_late"`
			Missed *float64 `json:"outside_in_time"`
			Worst  float64  `json:"worst_late_s"`
		}
	}
	Gaps []struct {
		ID       string
		People   []json.Number
		Division string `json:"division_code"`
		BBox     []float64
	}
	Absent []coveragehttp.Text `json:"absent_levels"`
}

func TestCoverage(t *testing.T) {
	t.Parallel()
	s := serve(t, newStreet(t))
	w := s.Get("/api/v1/coverage?type=elderly_canteen&limit=300&speed=0.9", nil)
	if w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	a := decode[answer](t, w)
	if a.Query.Limit != 300 || a.Query.Speed != 0.9 || a.Query.Base != "resident" || a.Measure != "walk" || a.Note != nil {
		t.Errorf("%+v %s %v", a.Query, a.Measure, a.Note)
	}
	b := a.Bands[0]
	got := []json.Number{b.Population, b.Covered, b.Uncovered, b.Unsnapped}
	if diff := cmp.Diff([]json.Number{"6.235", "1.2345", "5.0001", "0.0004"}, got); diff != "" || b.Coverage == nil {
		t.Error(diff)
	}
	var rows []string
	for _, d := range a.Divisions {
		rows = append(rows, d.Level+" "+d.Code+" "+d.NameEN+" "+d.Bands[0].Population.String())
	}
	want := []string{"subdistrict 990101001 mou jiedao 3.2349", "community 990101001001  1.2345", "outside  Outside all divisions 3.0001"}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Error(diff)
	}
	if u := a.Divisions[0].UnitCoverage; a.Divisions[0].Units != 1 || u == nil || *u != 1 || a.Divisions[2].UnitCoverage != nil {
		t.Errorf("units %+v", a.Divisions)
	}
	if d := a.Facilities[0].Drawing; d == nil || d.Late == nil || *d.Late != 0 || d.Missed == nil || *d.Missed != 0 || d.Worst != 0 {
		t.Errorf("the drawing %+v of a street with nobody near its edge", d)
	}
	if f := a.Facilities[0]; f.ID != "c1" || !f.Example || !f.Snapped || f.Reached[0] != "1.2345" || f.Area <= 0 {
		t.Errorf("%+v", f)
	}
	if g := a.Gaps; len(g) != 1 || g[0].People[0] != "5.0001" || len(g[0].BBox) != 4 || len(a.Absent) != 1 {
		t.Errorf("gaps %+v, absent %v", g, a.Absent)
	}
}

func TestTypeWithoutFacilities(t *testing.T) {
	t.Parallel()
	a := decode[answer](t, serve(t, newStreet(t)).Get("/api/v1/coverage?type=columbarium", nil))
	if a.Query.Limit != 900 || a.Note == nil || a.Facilities == nil || len(a.Facilities) != 0 || a.Bands[0].Covered != "0" {
		t.Errorf("%+v", a)
	}
}

func TestConditionalRequests(t *testing.T) {
	t.Parallel()
	src := newStreet(t)
	s := serve(t, src)
	const path = "/api/v1/coverage?type=elderly_canteen&limit=600"
	first := s.Get(path, nil)
	tag := first.Header().Get("ETag")
	if tag == "" || first.Header().Get("Cache-Control") != "private, no-cache" {
		t.Fatalf("headers %v", first.Header())
	}
	worked := *src.asked
	for _, header := range []string{tag, "W/" + tag, `"other", ` + tag, "*"} {
		w := s.Get(path, http.Header{"If-None-Match": {header}})
		if w.Code != http.StatusNotModified || w.Body.Len() != 0 || w.Header().Get("ETag") != tag {
			t.Errorf("If-None-Match %s: %d, %d bytes, ETag %s", header, w.Code, w.Body.Len(), w.Header().Get("ETag"))
		}
	}
	if *src.asked != worked {
		t.Error("the answer was worked out to say that it has not changed")
	}
	for _, other := range []string{path + "1", path + "&speed=0.7", path + "&base=resident", "/api/v1/coverage?type=columbarium&limit=600"} {
		if w := s.Get(other, http.Header{"If-None-Match": {tag}}); w.Code == http.StatusNotModified {
			t.Errorf("%s has the tag of another question", other)
		}
	}
}

func TestBadQuestions(t *testing.T) {
	t.Parallel()
	s := serve(t, newStreet(t))
	for _, tc := range []struct {
		path, code string
		status     int
		pointer    string
	}{
		{"/api/v1/coverage", "", 422, "type"},
		{"/api/v1/coverage?type=elderly_canteen&limit=59", "", 422, "limit"},
		{"/api/v1/coverage?type=elderly_canteen&limit=7201", "", 422, "limit"},
		{"/api/v1/coverage?type=elderly_canteen&limit=abc", "", 422, "limit"},
		{"/api/v1/coverage?type=elderly_canteen&speed=0.29", "", 422, "speed"},
		{"/api/v1/coverage?type=elderly_canteen&speed=NaN", "", 422, "speed"},
		{"/api/v1/coverage?type=elderly_canteen&base=everyone", "", 422, "base"},
		{"/api/v1/coverage?type=elderly_canteen&metres=49", "", 422, "metres"},
		{"/api/v1/coverage?type=elderly_canteen&metres=3601", "", 422, "metres"},
		{"/api/v1/coverage?type=elderly_canteen&metres=500&limit=900", "", 422, "limit"},
		{"/api/v1/coverage?type=elderly_canteen&metres=500&speed=0.9", "", 422, "speed"},
		{"/api/v1/coverage?type=elderly_canteen&metres=500&profile=elder", "", 422, "profile"},
		{"/api/v1/coverage?type=elderly_canteen&profile=runner", "", 422, "profile"},
		{"/api/v1/coverage?type=elderly_canteen&at=8:00", "", 422, "at"},
		{"/api/v1/coverage?type=elderly_canteen&at=24:00", "", 422, "at"},
		{"/api/v1/coverage?type=elderly_canteen&tier=7", "", 422, "tier"},
		{"/api/v1/people/near?type=elderly_canteen&metres=500&limit=900", "", 422, "limit"},
		{"/api/v1/coverage?type=pub", "unknown_facility_type", 404, ""},
		{"/api/v1/coverage?type=elderly_canteen&base=registered", "unknown_base", 404, ""},
		{"/api/v1/people/nobody?type=elderly_canteen", "unknown_population_point", 404, ""},
	} {
		t.Run(tc.path, func(t *testing.T) {
			t.Parallel()
			w := s.Get(tc.path, nil)
			p := decode[struct {
				Code   string
				Detail string
				Status int
				Errors []struct{ Pointer, Reason string }
			}](t, w)
			if w.Code != tc.status || p.Status != tc.status || p.Detail == "" || !strings.Contains(w.Header().Get("Content-Type"), "application/problem+json") {
				t.Errorf("%d %s", w.Code, w.Body)
			}
			if tc.code != "" && p.Code != tc.code {
				t.Errorf("code %q, want %q", p.Code, tc.code)
			}
			if tc.pointer != "" && (len(p.Errors) == 0 || !strings.Contains(p.Errors[0].Pointer, tc.pointer)) {
				t.Errorf("errors %+v do not name %s", p.Errors, tc.pointer)
			}
		})
	}
	zh, en := s.Get("/api/v1/coverage?type=pub", nil).Body.String(), s.Get("/api/v1/coverage?type=pub&lang=en", nil).Body.String()
	if !strings.Contains(zh, "没有这种设施类型") || !strings.Contains(en, "no such facility type") {
		t.Errorf("languages: %s %s", zh, en)
	}
}

func TestWhileLoading(t *testing.T) {
	t.Parallel()
	src := newStreet(t)
	src.loading = true
	s := serve(t, src)
	for _, path := range []string{"/api/v1/district", "/api/v1/coverage?type=elderly_canteen", "/api/v1/people/near?type=elderly_canteen"} {
		if w := s.Get(path, http.Header{"If-None-Match": {"*"}}); w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(), "not_ready") {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
	if w := s.Get("/api/v1/status", nil); w.Code != http.StatusOK || decode[coveragehttp.Status](t, w).Ready {
		t.Errorf("status: %d %s", w.Code, w.Body)
	}
}

func TestDistrict(t *testing.T) {
	t.Parallel()
	s := serve(t, newStreet(t))
	w := s.Get("/api/v1/district", nil)
	d := decode[coveragehttp.District](t, w)
	if w.Code != http.StatusOK || d.AdCode != "990101" || d.Bands[0].To != nil || d.Network.IslandPeople[0] != 12_345 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := s.Get("/api/v1/district", http.Header{"If-None-Match": {w.Header().Get("ETag")}}); w.Code != http.StatusNotModified {
		t.Errorf("asked again: %d", w.Code)
	}
}

func TestPoints(t *testing.T) {
	t.Parallel()
	s := serve(t, newStreet(t))
	type point struct {
		State    string
		Seconds  *float64
		Division string `json:"division_code"`
		People   []json.Number
		WalkM    *float64 `json:"walk_m"`
		AccessM  *float64 `json:"access_m"`
		Nearest  *struct{ ID string }
	}
	near := decode[point](t, s.Get("/api/v1/people/near?type=elderly_canteen&limit=300", nil))
	if near.State != "covered" || near.Seconds == nil || near.Nearest == nil || near.Nearest.ID != "c1" || near.People[0] != "1.2345" {
		t.Errorf("near: %+v", near)
	}
	// 100 m of street and two legs of 5 m at 0.9 m/s
	if m := *near.WalkM; m < 109.8 || m > 110.2 {
		t.Errorf("near walks %.1f m", m)
	}
	far := decode[point](t, s.Get("/api/v1/people/far?type=elderly_canteen&limit=300", nil))
	if far.State != "uncovered" || far.Seconds != nil || far.Nearest != nil || far.Division != "990101001" || far.AccessM == nil {
		t.Errorf("far: %+v", far)
	}
	fields := decode[point](t, s.Get("/api/v1/people/fields?type=elderly_canteen", nil))
	if fields.State != "unsnapped" || fields.AccessM != nil {
		t.Errorf("fields: %+v", fields)
	}
}

func TestPersonsText(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"0", "0.0001", "12.345", "9007199254.7407"} {
		var p coveragehttp.Persons
		if err := json.Unmarshal([]byte(text), &p); err != nil {
			t.Fatal(err)
		}
		if got, err := json.Marshal(p); err != nil || string(got) != text {
			t.Errorf("%s became %s, %v", text, got, err)
		}
	}
	var p coveragehttp.Persons
	if err := json.Unmarshal([]byte(`"many"`), &p); err == nil {
		t.Error("read people from a word")
	}
}
