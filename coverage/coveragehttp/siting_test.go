package coveragehttp_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"yike/coverage"
	"yike/coverage/coveragehttp"
	"yike/coverage/siting"
	"yike/coverage/walknet"
	"yike/facilities"
	"yike/geo/divisions"
	"yike/internal/httpapi"
	"yike/internal/httpapi/httpapitest"
)

// chooser is a Sitings over the street of the other tests: a facility more at its far end,
// with the figures of a plan that the test gives.
type chooser struct {
	street *street
	plan   siting.Plan
	before int64
	priced bool
	loads  *coveragehttp.SitingLoads
	left   []coveragehttp.SitingLeftOut
	asked  *coveragehttp.SitingAsked
	query  coveragehttp.Query
}

func (c *chooser) Siting(_ context.Context, q coveragehttp.Query, a coveragehttp.SitingAsked) (*coveragehttp.Siting, error) {
	c.asked, c.query = &a, q
	switch q.Type {
	case "elderly_canteen":
	case "columbarium":
		return nil, &coveragehttp.SitingFault{Code: "type_not_walked", Pointer: "#/type", Reason: coverage.Text{ZH: "没有步行标准", EN: "No walking standard"}, Hint: coverage.Text{ZH: "另选", EN: "Choose another"}}
	default:
		return nil, coveragehttp.ErrUnknownType
	}
	s := c.street
	h := coverage.NewHierarchy(s.divisions)
	old := coverage.Site{ID: "c1", Point: at(0, 5), Snap: s.net.Snap(at(0, 5), 100), Division: 1}
	b := coverage.NewGround(s.net, s.demand, h, 100).Baseline([]coverage.Site{old}, coverage.Params{Limit: q.Limit, Speed: q.Speed}, 1)
	d, err := b.Apply(coverage.Plan{Sites: []coverage.SiteEdit{{Kind: coverage.AddSite, To: coverage.Site{ID: "new", Point: at(900, 0), Division: 0}}}})
	if err != nil {
		return nil, err
	}
	q.Base = divisions.Resident
	return &coveragehttp.Siting{
		Query: q, Version: "v1", Asked: a, Band: 0, Plan: &c.plan, Before: c.before, Delta: d, After: d.Summary(), Divisions: s.divisions,
		Candidates: []coveragehttp.SitingCandidate{
			{ID: "room", Kind: "room", Name: "一号房", At: at(900, 0), Division: 0, Price: a.Price, Capacity: a.Capacity.New},
			{ID: "grid/0/1", Kind: "street", At: at(950, 0), Division: -1, Price: a.Price},
		},
		Refused:  []coveragehttp.SitingRefusal{{ID: "lake", Kind: "point", Code: "off_street", Reason: coverage.Text{ZH: "附近没有道路", EN: "No street is near enough"}}},
		Required: []int32{1}, Priced: c.priced, Cost: a.Price, Loads: c.loads, LeftOut: c.left,
	}, nil
}

// Places tells what it was given, and refuses one name.
func (c *chooser) Places(_ context.Context, name, crs string, file io.Reader) (coveragehttp.SitingList, error) {
	if name == "bad.csv" {
		return coveragehttp.SitingList{}, &coveragehttp.SitingFault{Code: "bad_file", Pointer: "#", Reason: coverage.Text{ZH: "不行", EN: "No"}}
	}
	content, err := io.ReadAll(file)
	return coveragehttp.SitingList{
		CRS: crs, Ignored: []string{name, string(content)},
		Places: []coveragehttp.SitingListed{{ID: "a", Name: "甲", At: at(0, 0), Price: 2.5, Capacity: 40, Outlined: true}, {ID: "b", At: at(1, 0)}},
		Faults: []coveragehttp.SitingListFault{{Row: 4, Column: "经度", Value: "x", Reason: coverage.Text{ZH: "应为数字", EN: "No number"}}},
	}, err
}

func serveSiting(t *testing.T, plan siting.Plan) (*httpapitest.Server, *chooser) {
	t.Helper()
	c := &chooser{street: newStreet(t), plan: plan, before: 12_345}
	r := httpapi.NewRouter(slog.New(slog.DiscardHandler))
	coveragehttp.RegisterSiting(httpapi.NewAPI(r), c, c)
	return httpapitest.New(t, r), c
}

// spot is where a new facility is better and what else stood for choice.
func spot() siting.Plan {
	return siting.Plan{
		Sites: []siting.Site{{Candidate: 1, Alone: 50_001, Shared: 4, RunnerUp: 2, Loss: 20_000}},
		Value: 62_346, Bound: 62_350, Demand: 62_350,
	}
}

type sited struct {
	Query struct {
		Base  string
		Limit int
	}
	Aim, Band, Version string
	Sites              []struct {
		ID, DivisionCode string
		Number           int
		Source, Name     string
		Required         bool
		Price            *float64
		Capacity         *int64
		Load             *struct {
			People json.Number
			Units  float64
		}
		Only, Shared json.Number
		RunnerUp     *struct{ ID string } `json:"runner_up"`
		Loss         float64              `json:"runner_up_loss"`
		NameZH       string               `json:"division_zh"`
	}
	Existing   int
	Candidates struct {
		Count, Streets, Points, Rooms int
		Places                        []struct{ ID, Source string }
		RefusedCount                  int `json:"refused_count"`
		Refused                       []struct {
			ID, Source, Code string

			ReasonZH string `json:"reason_zh"`
		}
	}
	Result struct {
		Unit         string
		Before       *float64
		Value, Bound float64
		Gap          float64
		Proven       bool
		ZH           string `json:"statement_zh"`
		EN           string `json:"statement_en"`
	}
	Bands []struct {
		Band           string
		Population     json.Number
		CoveredBefore  json.Number `json:"covered_before"`
		CoveredAfter   json.Number `json:"covered_after"`
		CoverageBefore *float64    `json:"coverage_before"`
	}
	Divisions []struct{ Code string }
	Replaced  []string
	Cost      *struct {
		Total     float64
		Budget    *float64
		PerPerson *float64    `json:"per_person"`
		Gained    json.Number `json:"newly_covered"`
	}
	Capacity *struct {
		UseRate    float64     `json:"use_rate"`
		UnitZH     string      `json:"unit_zh"`
		TurnedAway json.Number `json:"turned_away"`
		Served     json.Number
		Existing   []struct {
			ID       string
			Capacity *int64
			Load     *struct{ Units float64 }
		}
	}
	LeftOut []struct {
		Code   string `json:"division_code"`
		Why    string
		People json.Number
		Points int
	} `json:"left_out"`
}

const sitingPath = "/api/v1/coverage/siting"

func TestSitingAnswer(t *testing.T) {
	t.Parallel()
	server, c := serveSiting(t, spot())
	w := server.Do(http.MethodPost, sitingPath, nil, map[string]any{"type": "elderly_canteen", "limit": 300, "aim": "most_people", "sites": 1, "band": "20+"})
	if w.Code != http.StatusOK || w.Header().Get("Cache-Control") != "no-store" {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if d := cmp.Diff(&coveragehttp.SitingAsked{Band: "20+", Aim: "most_people", Sites: 1, Share: 0.9, SpacingM: 250}, c.asked); d != "" {
		t.Error(d)
	}
	got := decode[sited](t, w)
	if got.Query.Base != "resident" || got.Query.Limit != 300 || got.Band != "20+" || got.Version != "v1" || got.Existing != 1 {
		t.Errorf("%+v", got)
	}
	one := got.Sites[0]
	if one.ID != "room" || one.Source != "room" || one.Name != "一号房" || !one.Required || one.Price != nil || one.Load != nil || one.Number != 1 || one.Only != "5.0001" || one.Shared != "0.0004" || one.RunnerUp.ID != "grid/0/1" || one.Loss != 2 || one.NameZH != "某街道" {
		t.Errorf("%+v", one)
	}
	if r := got.Candidates; r.Count != 2 || r.Rooms != 1 || r.Streets != 1 || len(r.Places) != 1 || r.RefusedCount != 1 || r.Refused[0].Code != "off_street" || len(r.Refused) != 1 || r.Refused[0].ID != "lake" || r.Refused[0].ReasonZH != "附近没有道路" {
		t.Errorf("%+v", r)
	}
	if r := got.Result; r.Unit != "people" || *r.Before != 1.2345 || r.Value != 6.2346 || r.Proven || r.ZH != "距最优至多 0.1 %" || r.EN != "Within 0.1 % of the best possible" {
		t.Errorf("%+v", r)
	}
	if b := got.Bands[0]; b.Population != "6.235" || b.CoveredBefore != "1.2345" || b.CoveredAfter != "6.2346" || *b.CoverageBefore > 0.2 {
		t.Errorf("%+v", b)
	}
	if got.Cost != nil || got.Capacity != nil || len(got.LeftOut) != 0 || len(got.Divisions) != 1 || got.Divisions[0].Code != "990101001" {
		t.Errorf("somebody gains in %+v", got.Divisions)
	}
}

func TestSitingUnits(t *testing.T) {
	t.Parallel()
	for aim, want := range map[string]struct {
		plan         siting.Plan
		unit, zh, en string
		value        float64
	}{
		"fewest_sites":     {siting.Plan{Value: 3, Bound: 2, Demand: 10}, "sites", "选了 3 处；已证明任何选法都不少于 2 处", "3 chosen; it is proven that no choice has fewer than 2", 3},
		"shortest_ways":    {siting.Plan{Value: 62_350 * 1000, Bound: 62_350 * 1000, Demand: 62_350}, "seconds", "已证明：在这些候选点中没有更好的选法", "Proven: no other choice of these candidates is better", 1},
		"shortest_longest": {siting.Plan{Value: 1_500_000, Bound: 1_200_000, Demand: 62_350}, "seconds", "距最优至多 25.0 %", "Within 25.0 % of the best possible", 1500},
		"fewest_sites ":    {siting.Plan{Value: 1050, Bound: 1000}, "money", "距最优至多 5.0 %", "Within 5.0 % of the best possible", 10.5},
	} {
		server, c := serveSiting(t, want.plan)
		c.priced = strings.HasSuffix(aim, " ")
		w := server.Do(http.MethodPost, sitingPath, nil, map[string]any{"type": "elderly_canteen", "aim": strings.TrimSpace(aim)})
		if r := decode[sited](t, w).Result; r.Unit != want.unit || r.ZH != want.zh || r.EN != want.en || r.Value != want.value {
			t.Errorf("%s: %+v", aim, r)
		}
	}
}

func TestSitingCandidatesAsked(t *testing.T) {
	t.Parallel()
	server, c := serveSiting(t, spot())
	w := server.Do(http.MethodPost, sitingPath, nil, map[string]any{
		"type": "elderly_canteen", "aim": "fewest_sites", "share": 0.5, "speed": 1.2, "base": "resident",
		"candidates": map[string]any{
			"points":   []any{map[string]any{"id": "a", "lon": 114.27, "lat": 30.63}},
			"areas":    [][][2]float64{{{0, 0}, {1, 0}, {1, 1}}},
			"excluded": [][][2]float64{{{0, 0}, {1, 0}, {1, 1}, {0, 0}}},
		},
	})
	if w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	triangle := orb.Polygon{{{0, 0}, {1, 0}, {1, 1}, {0, 0}}}
	want := &coveragehttp.SitingAsked{
		Aim: "fewest_sites", Sites: 3, Share: 0.5, Areas: []orb.Polygon{triangle}, Excluded: []orb.Polygon{triangle},
		Points: []coveragehttp.SitingPoint{{ID: "a", At: orb.Point{114.27, 30.63}}},
	}
	if d := cmp.Diff(want, c.asked); d != "" {
		t.Error(d)
	}
	if c.query.Speed != walknet.Speed(1200) || c.query.Limit != 900_000 {
		t.Errorf("%+v", c.query)
	}
}

func TestSitingTermsAsked(t *testing.T) {
	t.Parallel()
	server, c := serveSiting(t, spot())
	ask := func(body string) *coveragehttp.SitingAsked {
		t.Helper()
		if w := server.Do(http.MethodPost, sitingPath, nil, json.RawMessage(body)); w.Code != http.StatusOK {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		return c.asked
	}
	got := ask(`{"type":"elderly_canteen","aim":"most_people","budget":12.345,"price":0.5,"prefer":{"band":"70+","times":2},
		"capacity":{"new":100,"use_rate":0.12,"unknown":"left_out"},"required":["a"],"replaced":["c1"],
		"candidates":{"points":[{"id":"a","name":"甲","lon":1,"lat":2,"price":3,"capacity":4}],"rooms":{"use":"health","min_area_m2":80.5,"floor":1,"free":true},"within":["1","2"],"apart_m":300}}`)
	want := &coveragehttp.SitingAsked{
		Aim: "most_people", Sites: 30, Share: 0.9, Budget: 1235, Price: 50, PreferBand: "70+", PreferTimes: 2,
		Capacity: coveragehttp.SitingCapacity{New: 100, UseRate: 0.12, Unknown: "left_out"}, Required: []string{"a"}, Replaced: []string{"c1"},
		Within: []string{"1", "2"}, ApartM: 300, Rooms: &coveragehttp.SitingRooms{Use: "health", MinAreaM2: 80.5, Floor: 1, Free: true},
		Points: []coveragehttp.SitingPoint{{ID: "a", Name: "甲", At: orb.Point{1, 2}, Price: 300, Capacity: 4}},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if got := ask(`{"type":"elderly_canteen","aim":"most_people","budget":5,"sites":2}`); got.Sites != 2 || got.SpacingM != 250 {
		t.Errorf("a budget and a number: %+v", got)
	}
	if got := ask(`{"type":"elderly_canteen","aim":"most_people","candidates":{"rooms":{}}}`); got.SpacingM != 0 || got.Rooms == nil || got.Sites != 3 {
		t.Errorf("rooms alone: %+v", got)
	}
}

func TestSitingTermsAnswered(t *testing.T) {
	t.Parallel()
	plan := spot()
	plan.Sites[0].Load = 50_000
	server, c := serveSiting(t, plan)
	c.before = -1
	c.loads = &coveragehttp.SitingLoads{
		UseRate: 0.5, UnitZH: "份/日", Served: 60_000, TurnedAway: 2_350,
		Existing: []coveragehttp.SitingExisting{{Facility: facilities.Facility{ID: "c1", Capacity: 1}, Load: 10_000}, {Facility: facilities.Facility{ID: "c2"}, LeftOut: true}},
	}
	c.left = []coveragehttp.SitingLeftOut{{Division: 0, Why: "island", People: 20_000, Points: 3}, {Division: -1, Why: "no_path", People: 1, Points: 1}}
	w := server.Do(http.MethodPost, sitingPath, nil, json.RawMessage(`{"type":"elderly_canteen","aim":"most_people","limit":300,"price":20,"budget":50,"capacity":{"new":3,"use_rate":0.5},"replaced":["c1"]}`))
	if w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	got := decode[sited](t, w)
	if s := got.Sites[0]; *s.Price != 20 || *s.Capacity != 3 || s.Load.People != "5" || s.Load.Units != 2.5 {
		t.Errorf("%+v", s)
	}
	if got.Result.Before != nil || got.Existing != 0 || len(got.Replaced) != 1 {
		t.Errorf("%+v", got)
	}
	// 5.0001 people are newly covered for 20.
	if k := got.Cost; k.Total != 20 || *k.Budget != 50 || k.Gained != "5.0001" || *k.PerPerson != 3.99992 {
		t.Errorf("%+v", k)
	}
	k := got.Capacity
	if k.UseRate != 0.5 || k.UnitZH != "份/日" || k.Served != "6" || k.TurnedAway != "0.235" || len(k.Existing) != 2 {
		t.Fatalf("%+v", k)
	}
	if e := k.Existing; *e[0].Capacity != 1 || e[0].Load.Units != 0.5 || e[1].Capacity != nil || e[1].Load != nil {
		t.Errorf("%+v", e)
	}
	if l := got.LeftOut; len(l) != 2 || l[0].Code == "" || l[0].Why != "island" || l[0].People != "2" || l[0].Points != 3 || l[1].Code != "" {
		t.Errorf("%+v", l)
	}
}

func TestSitingPlacesOfAFile(t *testing.T) {
	t.Parallel()
	server, _ := serveSiting(t, spot())
	const path = sitingPath + "/places"
	file := http.Header{"Content-Type": {"application/octet-stream"}}
	w := server.Do(http.MethodPost, path+`?name=C:%5Cdesk%5Ca.csv&crs=BD-09`, file, []byte("rows"))
	got := decode[struct {
		CRS    string
		Places []struct {
			ID, Name string
			Lon      float64
			Price    *float64
			Capacity *int64
			Outlined bool
		}
		Faults []struct {
			Row      int
			Column   string
			ReasonZH string `json:"reason_zh"`
		}
		Ignored []string
	}](t, w)
	if w.Code != http.StatusOK || got.CRS != "BD-09" || len(got.Places) != 2 || *got.Places[0].Price != 2.5 || *got.Places[0].Capacity != 40 || got.Places[1].Price != nil {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if d := cmp.Diff([]string{"a.csv", "rows"}, got.Ignored); d != "" || len(got.Faults) != 1 || got.Faults[0].Row != 4 {
		t.Error(d, got.Faults)
	}
	if w := server.RawDo(http.MethodPost, path+"?name=bad.csv", file, []byte("x")); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), `"bad_file"`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := server.RawDo(http.MethodPost, path, file, []byte("x")); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("no name: %d", w.Code)
	}
}

func TestSitingProblems(t *testing.T) {
	t.Parallel()
	server, _ := serveSiting(t, spot())
	usual := func(more string) string { return `{"type":"elderly_canteen","aim":"most_people"` + more + `}` }
	for body, want := range map[string]struct {
		status        int
		code, pointer string
	}{
		`{"type":"pub","aim":"most_people"}`:                                            {404, "unknown_facility_type", ""},
		`{"type":"columbarium","aim":"most_people"}`:                                    {422, "type_not_walked", "#/type"},
		`{"type":"elderly_canteen"}`:                                                    {422, "validation", ""},
		`{"type":"elderly_canteen","aim":"fame"}`:                                       {422, "validation", ""},
		usual(`,"sites":31`):                                                            {422, "validation", ""},
		usual(`,"share":0`):                                                             {422, "validation", ""},
		usual(`,"candidates":{"spacing_m":49}`):                                         {422, "validation", ""},
		usual(`,"candidates":{"areas":[[[0,0],[1,1],[0,0]]]}`):                          {422, "bad_outline", "#/candidates/areas/0"},
		usual(`,"candidates":{"areas":[[` + strings.Repeat(`[0,0],`, 500) + `[1,1]]]}`): {422, "bad_outline", "#/candidates/areas/0"},
		usual(`,"candidates":{"points":[{"id":"a","lon":0,"lat":0},{"id":"b","lon":0,"lat":0},{"id":"a","lon":1,"lat":0}]}`): {422, "same_id", "#/candidates/points/2/id"},
		usual(`,"capacity":{"use_rate":1.1}`):                       {422, "validation", ""},
		usual(`,"capacity":{"unknown":"maybe"}`):                    {422, "validation", ""},
		usual(`,"prefer":{"band":"70+","times":1}`):                 {422, "validation", ""},
		usual(`,"budget":-1`):                                       {422, "validation", ""},
		usual(`,"candidates":{"excluded":[[[0,0],[1,1],[181,0]]]}`): {422, "bad_outline", "#/candidates/excluded/0"},
		usual(`,"candidates":{"points":[` + strings.Repeat(`{"id":"a","lon":0,"lat":0},`, 500) + `{"id":"a","lon":0,"lat":0}]}`): {422, "validation", ""},
	} {
		w := server.RawDo(http.MethodPost, sitingPath, nil, json.RawMessage(body))
		got := decode[struct {
			Code   string
			Errors []struct{ Pointer string }
		}](t, w)
		if w.Code != want.status || got.Code != want.code || want.pointer != "" && (len(got.Errors) != 1 || got.Errors[0].Pointer != want.pointer) {
			t.Errorf("%.90s: %d %s; want %+v", body, w.Code, w.Body, want)
		}
	}
}
