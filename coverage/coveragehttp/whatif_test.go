package coveragehttp_test

import (
	"context"
	"log/slog"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"yike/coverage"
	"yike/coverage/coveragehttp"
	"yike/geo/divisions"
	"yike/internal/httpapi"
	"yike/internal/httpapi/httpapitest"
)

// WhatIf adds what it is told to and moves and closes the canteen, whatever its id.
func (s *street) WhatIf(_ context.Context, q coveragehttp.Query, p coveragehttp.PlanAsked) (*coveragehttp.WhatIf, error) {
	if q.Type == "too wide" {
		return nil, coveragehttp.ErrTooWide
	}
	h := coverage.NewHierarchy(s.divisions)
	f := s.facilities[0]
	sites := []coverage.Site{{ID: f.ID, Point: f.Point, Snap: s.net.Snap(f.Point, 100), Division: h.Find(f.DivisionCode)}}
	b := coverage.NewGround(s.net, s.demand, h, 100).Baseline(sites, coverage.Params{Limit: q.Limit, Speed: q.Speed}, 1)
	w := &coveragehttp.WhatIf{
		Query: q, Version: "v1", Divisions: s.divisions, Gained: []int{1, 0}, Lost: []int{0, 0},
		Facilities: append(s.facilities[:1:1], s.facilities[:1]...),
	}
	w.Query.Base = divisions.Resident
	var plan coverage.Plan
	for i, step := range p.Steps {
		switch step.Do {
		case "add":
			w.Facilities[1].ID, w.Facilities[1].NameZH = step.ID, ""
			plan.Sites = append(plan.Sites, coverage.SiteEdit{Kind: coverage.AddSite, To: coverage.Site{ID: step.ID, Point: step.At, Division: 0}})
			w.Circles = map[int32]orb.MultiPolygon{1: {{{at(0, 0), at(1, 0), at(1, 1), at(0, 0)}}}}
		case "close":
			plan.Sites = append(plan.Sites, coverage.SiteEdit{Kind: coverage.CloseSite})
		case "add_path":
			return nil, &coveragehttp.StepFault{Step: i, Reason: coverage.Text{ZH: "不行", EN: "No"}, Hint: coverage.Text{ZH: "换", EN: "Change"}}
		}
	}
	if len(p.Steps) > 2 {
		return nil, coveragehttp.ErrTooManySteps
	}
	var err error
	if w.Delta, err = b.Apply(plan); err != nil {
		return nil, err
	}
	w.After, w.Points = w.Delta.Summary(), p.Points
	w.Streets = []coveragehttp.WhatIfStreet{{Do: "close_way", ID: "street", Name: "某路", Division: 1, Lines: orb.MultiLineString{{at(0, 0), at(1000, 0)}}}}
	return w, nil
}

func serveWhatIf(t *testing.T, src coveragehttp.WhatIfs) *httpapitest.Server {
	t.Helper()
	r := httpapi.NewRouter(slog.New(slog.DiscardHandler))
	coveragehttp.RegisterWhatIf(httpapi.NewAPI(r), src)
	return httpapitest.New(t, r)
}

const whatIfPath = "/api/v1/coverage/what-if"

type planAnswer struct {
	Query struct{ Base string }
	Bands []struct {
		Band                          string
		Gained, Lost, Nearer, Farther float64
		Before, After                 struct{ Covered, Uncovered, Unsnapped float64 }
	}
	Units     struct{ Total, Before, After int }
	Divisions []struct {
		Code   string
		Points struct{ Gained, Lost int }
		Units  struct{ Before, After int }
	}
	Facilities []struct {
		ID                          string
		Added, Moved, Open, Snapped bool
		Bands                       []struct {
			Before, After, Gained, Lost float64
		}
	}
	Circles []struct {
		ID       string
		Geometry struct {
			Type        string
			Coordinates [][][][2]float64
		}
	}
}

func TestWhatIf(t *testing.T) {
	t.Parallel()
	s := serveWhatIf(t, newStreet(t))
	east := at(1000, 5)
	w := s.Do(http.MethodPost, whatIfPath, nil, map[string]any{
		"type": "elderly_canteen", "limit": 300, "speed": 1.0, "circles": true,
		"steps": []map[string]any{{"do": "add", "id": "new", "lon": east.Lon(), "lat": east.Lat()}, {"do": "close", "id": "c1"}},
	})
	if w.Code != http.StatusOK || w.Header().Get("Cache-Control") != "no-store" {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	got := decode[planAnswer](t, w)
	// near (1.2345) is lost; far (2) and beyond (3.0001) are gained; fields (0.0004) stay off the network.
	b := got.Bands[0]
	want := []float64{5.0001, 1.2345, 1.2345, 5.0001, 5.0001, 1.2345, 0.0004}
	if d := cmp.Diff(want, []float64{b.Gained, b.Lost, b.Before.Covered, b.Before.Uncovered, b.After.Covered, b.After.Uncovered, b.After.Unsnapped}); d != "" {
		t.Error(d)
	}
	if got.Query.Base != "resident" || got.Units.Before != 1 || got.Units.After != 0 || len(got.Divisions) != 2 || got.Divisions[0].Points.Gained != 1 {
		t.Errorf("%+v", got)
	}
	if len(got.Facilities) != 2 || got.Facilities[0].Open || !got.Facilities[1].Added || !got.Facilities[1].Snapped ||
		got.Facilities[0].Bands[0].Before != 1.2345 || got.Facilities[1].Bands[0].Gained != 5.0001 {
		t.Errorf("facilities %+v", got.Facilities)
	}
	if len(got.Circles) != 1 || got.Circles[0].ID != "new" || got.Circles[0].Geometry.Type != "MultiPolygon" || len(got.Circles[0].Geometry.Coordinates[0][0]) != 4 {
		t.Errorf("circles %+v", got.Circles)
	}
}

func TestPointsAndStreetsOfAPlan(t *testing.T) {
	t.Parallel()
	s := serveWhatIf(t, newStreet(t))
	east := at(1000, 5)
	w := s.Do(http.MethodPost, whatIfPath, nil, map[string]any{
		"type": "elderly_canteen", "limit": 300, "speed": 1.0, "points": true,
		"steps": []map[string]any{{"do": "add", "id": "new", "lon": east.Lon(), "lat": east.Lat()}, {"do": "close", "id": "c1"}},
	})
	type mapped struct {
		Points []struct {
			Fate          string
			IDs           []string
			Before, After []int64
		}
		Streets []struct {
			Do, Name string
			Division string `json:"division_code"`
			Geometry struct{ Coordinates [][][2]float64 }
		}
		Facilities []struct{ Street *[2]float64 }
	}
	got := decode[mapped](t, w)
	if len(got.Points) != 5 || got.Points[0].Fate != "gained" || got.Points[1].Fate != "lost" {
		t.Fatalf("%+v", got.Points)
	}
	gained, lost := got.Points[0], got.Points[1]
	if d := cmp.Diff([]string{"far", "beyond"}, gained.IDs); d != "" {
		t.Error(d)
	}
	// 5 m to the street, 10 m along and 5 m to the door at a metre a second; -1 is beyond.
	if d := cmp.Diff([][]int64{{-1, -1}, {110, 20}, {110}, {-1}}, [][]int64{gained.Before, gained.After, lost.Before, lost.After}); d != "" {
		t.Error(d)
	}
	if len(got.Streets) != 1 || got.Streets[0].Name != "某路" || got.Streets[0].Division != "990101001001" || len(got.Streets[0].Geometry.Coordinates) != 1 {
		t.Errorf("streets %+v", got.Streets)
	}
	if got.Facilities[0].Street != nil || got.Facilities[1].Street == nil {
		t.Errorf("where they meet the street: %+v", got.Facilities)
	}
}

func TestWhatIfOfNothing(t *testing.T) {
	t.Parallel()
	s := serveWhatIf(t, newStreet(t))
	got := decode[planAnswer](t, s.Do(http.MethodPost, whatIfPath, nil, map[string]any{"type": "elderly_canteen", "steps": []any{}}))
	if len(got.Divisions)+len(got.Facilities)+len(got.Circles) != 0 || got.Bands[0].Gained != 0 || got.Bands[0].Before != got.Bands[0].After {
		t.Errorf("%+v", got)
	}
}

type refusal struct {
	Code   string
	Errors []struct{ Pointer, Reason string }
}

func TestPlansThatAreRefused(t *testing.T) {
	t.Parallel()
	s := serveWhatIf(t, newStreet(t))
	step := func(change map[string]any) map[string]any {
		return map[string]any{"type": "elderly_canteen", "steps": []any{change}}
	}
	many := make([]map[string]any, 101)
	for i := range many {
		many[i] = map[string]any{"do": "close", "id": "c1"}
	}
	for name, c := range map[string]struct {
		body    map[string]any
		code    string
		pointer string
	}{
		"no steps":       {map[string]any{"type": "elderly_canteen"}, "invalid", ""},
		"too many":       {map[string]any{"type": "elderly_canteen", "steps": many}, "invalid", ""},
		"too many still": {map[string]any{"type": "elderly_canteen", "steps": many[:3]}, "too_many_steps", ""},
		"no such kind":   {step(map[string]any{"do": "burn", "id": "c1"}), "invalid", ""},
		"no place":       {step(map[string]any{"do": "add", "id": "x", "lat": 1}), "step_impossible", "#/steps/0"},
		"no latitude":    {step(map[string]any{"do": "move", "id": "x", "lon": 1, "lat": 91}), "invalid", ""},
		"impossible":     {step(map[string]any{"do": "add_path", "id": "x", "line": [][2]float64{{1, 2}, {3, 4}}}), "step_impossible", "#/steps/0"},
		"two limits":     {map[string]any{"type": "elderly_canteen", "metres": 500, "limit": 600, "steps": []any{}}, "invalid", "#/limit"},
		"no such walker": {map[string]any{"type": "elderly_canteen", "profile": "runner", "steps": []any{}}, "invalid", "#/profile"},
		"no such hour":   {map[string]any{"type": "elderly_canteen", "at": "25:00", "steps": []any{}}, "invalid", "#/at"},
		"too wide":       {map[string]any{"type": "too wide", "steps": []any{}}, "walks_too_long", ""},
	} {
		w := s.Do(http.MethodPost, whatIfPath, nil, c.body)
		p := decode[refusal](t, w)
		if w.Code != http.StatusUnprocessableEntity || c.code != "invalid" && p.Code != c.code {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
		if c.pointer != "" && (len(p.Errors) != 1 || p.Errors[0].Pointer != c.pointer || p.Errors[0].Reason == "") {
			t.Errorf("%s: %+v", name, p.Errors)
		}
	}
}
