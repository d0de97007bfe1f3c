package coveragehttp_test

import (
	"context"
	"encoding/json"
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
	"yike/geo/divisions"
	"yike/internal/httpapi"
	"yike/internal/httpapi/httpapitest"
)

// chooser is a Sitings over the street of the other tests: a facility more at its far end,
// with the figures of a plan that the test gives.
type chooser struct {
	street *street
	plan   siting.Plan
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
		Query: q, Version: "v1", Aim: a.Aim, Band: 0, Plan: &c.plan, Before: 12_345, Delta: d, After: d.Summary(), Divisions: s.divisions,
		Candidates: []coveragehttp.SitingCandidate{{ID: "room", At: at(900, 0), Division: 0, Given: true}, {ID: "grid/0/1", At: at(950, 0), Division: -1}},
		Refused:    []coveragehttp.SitingRefusal{{ID: "lake", Reason: coverage.Text{ZH: "附近没有道路", EN: "No street is near enough"}}},
	}, nil
}

func serveSiting(t *testing.T, plan siting.Plan) (*httpapitest.Server, *chooser) {
	t.Helper()
	c := &chooser{street: newStreet(t), plan: plan}
	r := httpapi.NewRouter(slog.New(slog.DiscardHandler))
	coveragehttp.RegisterSiting(httpapi.NewAPI(r), c)
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
		Given            bool
		Only, Shared     json.Number
		RunnerUp         *struct{ ID string } `json:"runner_up"`
		Loss             float64              `json:"runner_up_loss"`
		NameZH           string               `json:"division_zh"`
	}
	Existing   int
	Candidates struct {
		Count, Given int
		Refused      []struct {
			ID       string
			ReasonZH string `json:"reason_zh"`
		}
	}
	Result struct {
		Unit                 string
		Before, Value, Bound float64
		Gap                  float64
		Proven               bool
		ZH                   string `json:"statement_zh"`
		EN                   string `json:"statement_en"`
	}
	Bands []struct {
		Band           string
		Population     json.Number
		CoveredBefore  json.Number `json:"covered_before"`
		CoveredAfter   json.Number `json:"covered_after"`
		CoverageBefore *float64    `json:"coverage_before"`
	}
	Divisions []struct{ Code string }
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
	if one.ID != "room" || !one.Given || one.Number != 1 || one.Only != "5.0001" || one.Shared != "0.0004" || one.RunnerUp.ID != "grid/0/1" || one.Loss != 2 || one.NameZH != "某街道" {
		t.Errorf("%+v", one)
	}
	if r := got.Candidates; r.Count != 2 || r.Given != 1 || len(r.Refused) != 1 || r.Refused[0].ID != "lake" || r.Refused[0].ReasonZH != "附近没有道路" {
		t.Errorf("%+v", r)
	}
	if r := got.Result; r.Unit != "people" || r.Before != 1.2345 || r.Value != 6.2346 || r.Proven || r.ZH != "离可能的最好结果最多差 0.1 %" || r.EN != "Within 0.1 % of the best possible" {
		t.Errorf("%+v", r)
	}
	if b := got.Bands[0]; b.Population != "6.235" || b.CoveredBefore != "1.2345" || b.CoveredAfter != "6.2346" || *b.CoverageBefore > 0.2 {
		t.Errorf("%+v", b)
	}
	if len(got.Divisions) != 1 || got.Divisions[0].Code != "990101001" {
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
		"fewest_sites":  {siting.Plan{Value: 3, Bound: 2, Demand: 10}, "sites", "选了 3 处；已证明任何选法都不少于 2 处", "3 chosen; it is proven that no choice has fewer than 2", 3},
		"shortest_ways": {siting.Plan{Value: 62_350 * 1000, Bound: 62_350 * 1000, Demand: 62_350}, "seconds", "已证明：在这些候选点中没有更好的选法", "Proven: no other choice of these candidates is better", 1},
	} {
		server, _ := serveSiting(t, want.plan)
		w := server.Do(http.MethodPost, sitingPath, nil, map[string]any{"type": "elderly_canteen", "aim": aim})
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
			"area":     [][2]float64{{0, 0}, {1, 0}, {1, 1}},
			"excluded": [][][2]float64{{{0, 0}, {1, 0}, {1, 1}, {0, 0}}},
		},
	})
	if w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	triangle := orb.Polygon{{{0, 0}, {1, 0}, {1, 1}, {0, 0}}}
	want := &coveragehttp.SitingAsked{
		Aim: "fewest_sites", Sites: 3, Share: 0.5, Area: triangle, Excluded: []orb.Polygon{triangle},
		Points: []coveragehttp.SitingPoint{{ID: "a", At: orb.Point{114.27, 30.63}}},
	}
	if d := cmp.Diff(want, c.asked); d != "" {
		t.Error(d)
	}
	if c.query.Speed != walknet.Speed(1200) || c.query.Limit != 900_000 {
		t.Errorf("%+v", c.query)
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
		`{"type":"pub","aim":"most_people"}`:                                     {404, "unknown_facility_type", ""},
		`{"type":"columbarium","aim":"most_people"}`:                             {422, "type_not_walked", "#/type"},
		`{"type":"elderly_canteen"}`:                                             {422, "validation", ""},
		`{"type":"elderly_canteen","aim":"fame"}`:                                {422, "validation", ""},
		usual(`,"sites":31`):                                                     {422, "validation", ""},
		usual(`,"share":0`):                                                      {422, "validation", ""},
		usual(`,"candidates":{"spacing_m":49}`):                                  {422, "validation", ""},
		usual(`,"candidates":{"area":[[0,0],[1,1]]}`):                            {422, "validation", ""},
		usual(`,"candidates":{"area":[[0,0],[1,1],[0,0]]}`):                      {422, "bad_outline", "#/candidates/area"},
		usual(`,"candidates":{"excluded":[[[0,0],[1,1],[181,0]]]}`):              {422, "bad_outline", "#/candidates/excluded/0"},
		usual(`,"candidates":{"within":"990101001","area":[[0,0],[1,0],[1,1]]}`): {422, "bad_candidates", "#/candidates/area"},
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
