package coveragehttp_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"yike/coverage"
	"yike/coverage/coveragehttp"
	"yike/coverage/walknet"
	"yike/internal/httpapi"
	"yike/internal/httpapi/httpapitest"
)

// Explain answers from the street's plan, of its first division where one is named.
func (s *street) Explain(ctx context.Context, q coveragehttp.Query, steps []coveragehttp.PlanStep, f coveragehttp.FigureAsked, first, count int) (*coveragehttp.FigureExplained, error) {
	if f.Band == "none" {
		return nil, &coveragehttp.ExplainFault{Code: "unknown_band", Field: "band", Reason: coverage.Text{ZH: "没有", EN: "None"}}
	}
	w, err := s.WhatIf(ctx, q, coveragehttp.PlanAsked{Steps: steps})
	if err != nil {
		return nil, err
	}
	e := &coveragehttp.FigureExplained{
		Query: w.Query, Version: "v1", Delta: w.Delta, After: w.After, Divisions: w.Divisions, Facilities: w.Facilities,
		Figure: coverage.Figure{Part: f.Part, Division: coverage.Everywhere, Site: coverage.AnySite},
	}
	switch {
	case f.Outside:
		e.Figure.Division = coverage.NoDivision
	case f.Division != "":
		e.Figure.Division = 0
	case f.Facility != "":
		e.Figure.Site = 0
	}
	e.Behind = w.Delta.Behind(e.Figure)
	look := w.Delta.Outlook()
	for i := first; i < len(e.Behind.Points) && i-first < count; i++ {
		e.Facts = append(e.Facts, look.Facts(e.Behind.Points[i], 0))
	}
	return e, nil
}

func (s *street) Units(ctx context.Context, q coveragehttp.Query, division string) (*coveragehttp.UnitsExplained, error) {
	if division == "none" {
		return nil, &coveragehttp.ExplainFault{Code: "unknown_division", Field: "division"}
	}
	w, err := s.WhatIf(ctx, q, coveragehttp.PlanAsked{})
	if err != nil {
		return nil, err
	}
	h := coverage.NewHierarchy(s.divisions)
	sites := append(w.Delta.Sites, coverage.Site{Division: 0, Serves: []int32{1}})
	return &coveragehttp.UnitsExplained{Query: w.Query, Version: "v1", Units: coverage.UnitsBehind(h, sites, coverage.Everywhere), Divisions: s.divisions, Facilities: w.Facilities}, nil
}

func (s *street) Route(ctx context.Context, q coveragehttp.Query, steps []coveragehttp.PlanStep, r coveragehttp.RouteAsked) (*coveragehttp.RouteExplained, error) {
	w, err := s.WhatIf(ctx, q, coveragehttp.PlanAsked{Steps: steps})
	if err != nil {
		return nil, err
	}
	look := w.Delta.Outlook()
	out := &coveragehttp.RouteExplained{Query: w.Query, Version: "v1", Divisions: s.divisions, Facilities: w.Facilities, FarM: 1620}
	for i, id := range s.demand.IDs {
		if id == r.Point {
			out.Point = look.Facts(int32(i), 0)
		}
	}
	switch {
	case out.Point.ID == "":
		return nil, &coveragehttp.ExplainFault{Code: "unknown_point", Field: "from"}
	case out.Point.Nearest < 0:
		out.Why = out.Point.Reason
		return out, nil
	}
	site := w.Delta.Sites[out.Point.Nearest]
	out.Facility, out.At = &s.facilities[0], site
	home, there := walknet.Door{Point: out.Point.At, Snap: out.Point.Snap}, walknet.Door{Point: site.Point, Snap: site.Snap}
	if r.Back {
		home, there = there, home
	}
	out.Route, out.Found = w.Delta.Network.Route(home, there, 2*q.Limit, q.Speed)
	out.Counted = out.Route.Time <= q.Limit
	return out, nil
}

func (s *street) Sources(_ context.Context, q coveragehttp.Query) (*coveragehttp.Sources, error) {
	if q.Type == "none" {
		return nil, coveragehttp.ErrUnknownType
	}
	if s.loading {
		return nil, coveragehttp.ErrNotReady
	}
	q.Base = "resident"
	return &coveragehttp.Sources{
		Network: coveragehttp.Network{IslandPeople: []coveragehttp.Persons{}, UnsnappedPeople: []coveragehttp.Persons{}},
		Query:   q, Version: "v1", AppVersion: "app", Walked: q.Type == "elderly_canteen", AsOf: "2026-10-31", NetworkID: "n1",
		Layers: []coveragehttp.LayerSource{
			{Kind: "roads", Files: []coveragehttp.LayerFile{{Name: "roads.osm", Format: "osm", Licence: "ODbL"}}, Rows: 3, StoredAt: time.Date(2026, 11, 1, 8, 0, 0, 0, time.FixedZone("", 8*3600)), Facts: []coverage.Text{{ZH: "甲", EN: "A"}}},
			{Kind: "facilities"},
		},
		Notices: []coveragehttp.Notice{{ZH: "合成数据", EN: "Synthetic"}},
		Limits:  []coveragehttp.LimitCited{{Minutes: 15, Grade: "S1", Cite: coverage.Text{ZH: "规划", EN: "Plan"}}},
		Rules:   []coveragehttp.RuleCited{{ID: "FAC-11", Grade: "S1"}, {ID: "FAC-08", Here: true, Sentence: "不宜大于 300 m"}},
	}, nil
}

func serveExplain(t *testing.T, src coveragehttp.Explanations) *httpapitest.Server {
	t.Helper()
	r := httpapi.NewRouter(slog.New(slog.DiscardHandler))
	coveragehttp.RegisterExplain(httpapi.NewAPI(r), src)
	return httpapitest.New(t, r)
}

type explainedAnswer struct {
	Version, Asked string
	AskedAgain     string `json:"asked_again"`
	Figure         struct{ Part, Band, Division string }
	People         json.Number
	Points         int
	Count          *struct{ Population, Covered, Uncovered, Unsnapped, One, Several json.Number }
	Rows           []struct {
		ID, State, Street string
		People            json.Number
		Seconds           *float64
		WalkM             *float64 `json:"walk_m"`
		AccessM           *float64 `json:"access_m"`
		Nearest           *struct{ ID string }
		Reason            *struct{ Code, ZH, EN string }
		Before            *struct{ State string }
	}
	Next *string
}

const (
	pointsPath = "/api/v1/coverage/points"
	canteenAsk = "?type=elderly_canteen"
)

// get asks for what there is.
func get(t *testing.T, srv *httpapitest.Server, path string, into any) {
	t.Helper()
	if res := srv.Get(path, nil); res.Code != http.StatusOK {
		t.Fatalf("%s: %d %s", path, res.Code, res.Body)
	} else if err := json.Unmarshal(res.Body.Bytes(), into); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

// fault is a problem as a client reads it.
type fault struct {
	Code   string
	Errors []struct{ Pointer string }
}

func faultOf(t *testing.T, body []byte) (f fault, pointer string) {
	t.Helper()
	if err := json.Unmarshal(body, &f); err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	if len(f.Errors) > 0 {
		pointer = f.Errors[0].Pointer
	}
	return f, pointer
}

func TestPointsBehindFigures(t *testing.T) {
	t.Parallel()
	srv := serveExplain(t, newStreet(t))
	for part, want := range map[string]struct {
		people string
		points int
	}{
		"population": {"6.235", 4}, "covered": {"1.2345", 1}, "uncovered": {"5.0001", 2}, "unsnapped": {"0.0004", 1}, "one": {"1.2345", 1},
		"several": {"0", 0}, "nearest": {"1.2345", 1}, "gained": {"0", 0}, "lost": {"0", 0},
	} {
		var got explainedAnswer
		get(t, srv, pointsPath+canteenAsk+"&part="+part, &got)
		if got.People.String() != want.people || got.Points != want.points || len(got.Rows) != want.points || got.Next != nil || got.Figure.Part != part || got.Figure.Band != "20+" {
			t.Errorf("%s: %+v", part, got)
		}
		if got.Count == nil || got.Count.Population != "6.235" || got.Count.One != "1.2345" || got.Count.Several != "0" {
			t.Errorf("%s: of %+v", part, got.Count)
		}
	}
}

func TestPointsSayWhatIsKnown(t *testing.T) {
	t.Parallel()
	srv := serveExplain(t, newStreet(t))
	var got explainedAnswer
	get(t, srv, pointsPath+canteenAsk+"&part=population", &got)
	var said []string
	for _, r := range got.Rows {
		why := ""
		if r.Reason != nil {
			why = r.Reason.Code
			if r.Reason.ZH == "" || r.Reason.EN == "" {
				t.Errorf("%s has no words", why)
			}
		}
		said = append(said, fmt.Sprintln(r.ID, r.People, r.State, why, r.Seconds != nil, r.WalkM != nil, r.AccessM != nil, r.Nearest != nil, r.Before != nil))
	}
	want := []string{
		"beyond 3.0001 uncovered too_far true true true true false\n",
		"far 2 uncovered too_far true true true true false\n",
		"near 1.2345 covered  true true true true false\n",
		"fields 0.0004 unsnapped no_path false false false false false\n",
	}
	if diff := cmp.Diff(want, said); diff != "" {
		t.Error(diff)
	}
	if !strings.HasPrefix(got.AskedAgain, pointsPath+"?band=20%2B&base=resident&limit=900&part=population&profile=plain&speed=0.9&type=elderly_canteen") {
		t.Errorf("asked again: %s", got.AskedAgain)
	}
	var again explainedAnswer
	get(t, srv, got.AskedAgain, &again)
	if again.AskedAgain != got.AskedAgain || again.People != got.People {
		t.Errorf("asked again it is %+v", again)
	}
}

// By distance there are no times, and for slow walkers lengths do not follow from times.
func TestPointsOfOtherWalks(t *testing.T) {
	t.Parallel()
	srv := serveExplain(t, newStreet(t))
	for ask, want := range map[string][2]bool{"&metres=500": {false, true}, "&profile=elder": {true, false}} {
		var got explainedAnswer
		get(t, srv, pointsPath+canteenAsk+"&part=covered"+ask, &got)
		if r := got.Rows[0]; r.Seconds != nil != want[0] || r.WalkM != nil != want[1] {
			t.Errorf("%s: %+v", ask, r)
		}
	}
}

func TestPointsOfPlaces(t *testing.T) {
	t.Parallel()
	srv := serveExplain(t, newStreet(t))
	var got explainedAnswer
	get(t, srv, pointsPath+canteenAsk+"&part=uncovered&division=990101001", &got)
	if got.People.String() != "2" || got.Count.Population != "3.2349" {
		t.Errorf("in the subdistrict: %+v of %+v", got.People, got.Count)
	}
	get(t, srv, pointsPath+canteenAsk+"&part=uncovered&division=outside", &got)
	if got.People.String() != "3.0001" || got.Count.Population != "3.0001" || got.Figure.Division != "outside" {
		t.Errorf("in no division: %+v of %+v", got.People, got.Count)
	}
	got = explainedAnswer{}
	get(t, srv, pointsPath+canteenAsk+"&part=covered&facility=c1", &got)
	if got.People.String() != "1.2345" || got.Count != nil {
		t.Errorf("of the canteen: %+v of %+v", got.People, got.Count)
	}
}

func TestPointsPageByPage(t *testing.T) {
	t.Parallel()
	srv := serveExplain(t, newStreet(t))
	seen, path := "", pointsPath+canteenAsk+"&part=population&page=3"
	for range 2 {
		var got explainedAnswer
		get(t, srv, path, &got)
		for _, r := range got.Rows {
			seen += r.ID + " "
		}
		if got.People.String() != "6.235" {
			t.Errorf("a page says the figure is %s", got.People)
		}
		if got.Next == nil {
			break
		}
		path = pointsPath + canteenAsk + "&part=population&page=3&cursor=" + *got.Next
	}
	if seen != "beyond far near fields " {
		t.Errorf("seen: %s", seen)
	}
	have := http.Header{"If-None-Match": srv.Get(pointsPath+canteenAsk+"&part=population", nil).Header()["Etag"]}
	if held := srv.Get(pointsPath+canteenAsk+"&part=population", have); held.Code != http.StatusNotModified {
		t.Errorf("held: %d", held.Code)
	}
	if held := srv.Get(pointsPath+canteenAsk+"&part=covered", have); held.Code != http.StatusOK {
		t.Errorf("another figure: %d", held.Code)
	}
}

func TestExplainFaults(t *testing.T) {
	t.Parallel()
	srv := serveExplain(t, newStreet(t))
	for path, want := range map[string][2]string{
		"points" + canteenAsk:                                 {"validation", "query.part"},
		"points?part=covered":                                 {"validation", "query.type"},
		"points" + canteenAsk + "&part=all":                   {"validation", "query.part"},
		"points" + canteenAsk + "&part=covered&page=0":        {"validation", "query.page"},
		"points" + canteenAsk + "&part=covered&page=1001":     {"validation", "query.page"},
		"points" + canteenAsk + "&part=covered&cursor=x":      {"bad_cursor", "query.cursor"},
		"points" + canteenAsk + "&part=covered&cursor=-1@v1":  {"bad_cursor", "query.cursor"},
		"points" + canteenAsk + "&part=covered&cursor=1@v0":   {"cursor_outdated", ""},
		"points" + canteenAsk + "&part=covered&band=none":     {"unknown_band", "query.band"},
		"points.csv" + canteenAsk + "&part=covered&band=none": {"unknown_band", "query.band"},
		"points?type=too%20wide&part=covered":                 {"walks_too_long", ""},
		"units" + canteenAsk + "&division=none":               {"unknown_division", "query.division"},
		"route" + canteenAsk:                                  {"validation", "query.from"},
		"route" + canteenAsk + "&from=nobody":                 {"unknown_point", "query.from"},
		"sources?type=none":                                   {"unknown_facility_type", ""},
	} {
		got, pointer := faultOf(t, srv.Get("/api/v1/coverage/"+path, nil).Body.Bytes())
		if got.Code != want[0] || pointer != want[1] {
			t.Errorf("%s: %+v", path, got)
		}
	}
	s := newStreet(t)
	s.loading = true
	srv = serveExplain(t, s)
	for _, path := range []string{"points" + canteenAsk + "&part=covered", "points.csv" + canteenAsk + "&part=covered", "units" + canteenAsk, "route" + canteenAsk + "&from=near", "sources" + canteenAsk} {
		if res := srv.Get("/api/v1/coverage/"+path, nil); res.Code != http.StatusServiceUnavailable {
			t.Errorf("%s while loading: %d", path, res.Code)
		}
	}
}

func TestPointsAsATable(t *testing.T) {
	t.Parallel()
	srv := serveExplain(t, newStreet(t))
	res := srv.Get("/api/v1/coverage/points.csv"+canteenAsk+"&part=population", nil)
	text, marked := strings.CutPrefix(res.Body.String(), "\ufeff")
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || !marked || len(rows) != 5 || res.Header().Get("Content-Type") != "text/csv; charset=utf-8" {
		t.Fatalf("%d rows, %v: %s", len(rows), err, res.Body)
	}
	head := rows[0]
	cell := func(row int, column string) string {
		for i, name := range head {
			if name == column {
				return rows[row][i]
			}
		}
		t.Fatalf("no column %s", column)
		return ""
	}
	if cell(1, "id") != "beyond" || cell(1, "people") != "3.0001" || cell(1, "division") != "" || cell(2, "division_zh") != "某街道" || cell(3, "nearest_zh") != "示例食堂" || cell(4, "walk_s") != "" {
		t.Errorf("%v", rows)
	}
	if cell(4, "version") != "v1" || !strings.HasPrefix(cell(4, "question"), "/api/v1/coverage/points?band=20%2B&") {
		t.Errorf("a row does not say what was asked: %v", rows[4])
	}
	res = srv.Get("/api/v1/coverage/points.csv"+canteenAsk+"&part=gained", nil)
	if strings.Count(res.Body.String(), "\n") != 1 {
		t.Errorf("nobody makes a table of %s", res.Body)
	}
}

func TestUnitsBehindARate(t *testing.T) {
	t.Parallel()
	var got struct {
		Units int
		With  int      `json:"units_with"`
		Share *float64 `json:"unit_coverage"`
		Rows  []struct {
			Code             string
			Has              bool
			Inside, Assigned []struct{ ID string }
		}
	}
	get(t, serveExplain(t, newStreet(t)), "/api/v1/coverage/units"+canteenAsk, &got)
	if got.Units != 1 || got.With != 1 || *got.Share != 1 || !got.Rows[0].Has || got.Rows[0].Inside[0].ID != "c1" || len(got.Rows[0].Assigned) != 1 {
		t.Errorf("%+v", got)
	}
}

type routeAnswer struct {
	Type     string
	Features []struct {
		Type     string
		Geometry struct {
			Type        string
			Coordinates [][2]float64
		}
		Properties struct {
			Kind    string
			Metres  float64
			Seconds *float64
		}
	}
	Point           struct{ ID string }
	Facility        *struct{ ID string }
	Found, Counted  bool
	Seconds, Metres *float64
	Reason          *struct{ Code string }
}

func TestRoutes(t *testing.T) {
	t.Parallel()
	srv := serveExplain(t, newStreet(t))
	var got routeAnswer
	get(t, srv, "/api/v1/coverage/route"+canteenAsk+"&from=near&to=c1", &got)
	sum, kinds := 0.0, ""
	for _, f := range got.Features {
		sum += *f.Properties.Seconds
		kinds += f.Properties.Kind + " "
		if f.Type != "Feature" || f.Geometry.Type != "LineString" || len(f.Geometry.Coordinates) < 2 {
			t.Errorf("no feature: %+v", f)
		}
	}
	if got.Type != "FeatureCollection" || kinds != "off_street street off_street " || !got.Found || !got.Counted || int(sum*1000+0.5) != int(*got.Seconds*1000+0.5) || got.Facility.ID != "c1" || got.Reason != nil {
		t.Errorf("%s: %+v", kinds, got)
	}
	var back routeAnswer
	get(t, srv, "/api/v1/coverage/route"+canteenAsk+"&from=c1&to=near&back=true", &back)
	first, last := got.Features[0].Geometry.Coordinates[0], back.Features[2].Geometry.Coordinates[1]
	if first != last || *back.Seconds != *got.Seconds {
		t.Errorf("the way back: %+v", back)
	}
	got = routeAnswer{}
	get(t, srv, "/api/v1/coverage/route"+canteenAsk+"&metres=500&from=near", &got)
	if got.Seconds != nil || got.Metres == nil || got.Features[0].Properties.Seconds != nil {
		t.Errorf("by distance: %+v", got)
	}
	got = routeAnswer{}
	get(t, srv, "/api/v1/coverage/route"+canteenAsk+"&from=fields", &got)
	if got.Found || len(got.Features) != 0 || got.Reason.Code != "no_path" || got.Facility != nil || got.Seconds != nil {
		t.Errorf("from the fields: %+v", got)
	}
}

func TestSources(t *testing.T) {
	t.Parallel()
	srv := serveExplain(t, newStreet(t))
	var got struct {
		AppVersion string `json:"app_version"`
		AsOf       string `json:"as_of"`
		Layers     []struct {
			Kind     string
			StoredAt *string `json:"stored_at"`
			Files    []struct{ Licence string }
		}
		Rules    []struct{ Rule string }
		Limits   []struct{ Minutes int }
		Formulas []struct{ Figure, ZH, EN string }
	}
	get(t, srv, "/api/v1/coverage/sources"+canteenAsk, &got)
	if got.AsOf != "2026-10-31" || got.AppVersion != "app" || *got.Layers[0].StoredAt != "2026-11-01T00:00:00Z" || got.Layers[1].StoredAt != nil || got.Layers[0].Files[0].Licence != "ODbL" {
		t.Errorf("%+v", got)
	}
	if got.Rules[0].Rule != "FAC-08" || got.Rules[1].Rule != "FAC-11" || got.Limits[0].Minutes != 15 {
		t.Errorf("those that hold here come first: %+v", got.Rules)
	}
	words := map[string]string{}
	for _, f := range got.Formulas {
		words[f.Figure] = f.EN
		if f.ZH == "" || f.EN == "" {
			t.Errorf("%s has no words", f.Figure)
		}
	}
	for p := coverage.Everybody; p <= coverage.Farther; p++ {
		if words[p.String()] == "" {
			t.Errorf("%s has no formula", p)
		}
	}
	get(t, srv, "/api/v1/coverage/sources?type=columbarium", &got)
	for _, f := range got.Formulas {
		if f.Figure == "covered" && f.EN == words["covered"] {
			t.Error("who is not walked to is explained by walks")
		}
	}
}

func TestPlansExplained(t *testing.T) {
	t.Parallel()
	srv := serveExplain(t, newStreet(t))
	ask := func(what, body string, into any) *httptest.ResponseRecorder {
		res := srv.Do(http.MethodPost, "/api/v1/coverage/what-if/"+what, nil, json.RawMessage(body))
		if err := json.Unmarshal(res.Body.Bytes(), into); err != nil {
			t.Fatal(err)
		}
		return res
	}
	closing := `"type":"elderly_canteen","steps":[{"do":"close","id":"c1"}]`
	var got explainedAnswer
	res := ask("points", `{"part":"lost",`+closing+`}`, &got)
	if res.Code != http.StatusOK || got.People.String() != "1.2345" || got.Rows[0].Before.State != "covered" || got.Rows[0].State != "uncovered" || got.Rows[0].Reason.Code != "no_site" || got.AskedAgain != "" {
		t.Fatalf("lost: %s", res.Body)
	}
	if got.Count.Covered != "0" || got.Count.One != "0" {
		t.Errorf("with the plan: %+v", got.Count)
	}
	adding := `"type":"elderly_canteen","steps":[{"do":"add","id":"new","lon":114.2794,"lat":30.63}]`
	var walk routeAnswer
	res = ask("route", `{"from":"far",`+adding+`}`, &walk)
	if res.Code != http.StatusOK || !walk.Counted {
		t.Errorf("a walk in the plan: %s", res.Body)
	}
	for body, want := range map[string]string{
		`{` + closing + `}`: "validation",
		`{"part":"lost","type":"elderly_canteen","steps":[{"do":"add","id":"x"}]}`: "step_impossible",
		`{"part":"lost","band":"none",` + closing + `}`:                            "unknown_band",
		`{"part":"lost","cursor":"x",` + closing + `}`:                             "bad_cursor",
	} {
		var got fault
		ask("points", body, &got)
		if got.Code != want || len(got.Errors) == 0 || !strings.HasPrefix(got.Errors[0].Pointer, "#") {
			t.Errorf("%s: %+v", body, got)
		}
	}
	for _, body := range []string{`{"from":"nobody",` + closing + `}`, `{"from":"near","type":"elderly_canteen","steps":[{"do":"move","id":"x"}]}`} {
		if res := ask("route", body, &fault{}); res.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", body, res.Code)
		}
	}
	s := newStreet(t)
	s.loading = true
	srv = serveExplain(t, s)
	if res := ask("points", `{"part":"lost",`+closing+`}`, &fault{}); res.Code != http.StatusServiceUnavailable {
		t.Errorf("while loading: %d", res.Code)
	}
}
