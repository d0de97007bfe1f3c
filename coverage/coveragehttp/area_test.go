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
	"yike/internal/httpapi"
	"yike/internal/httpapi/httpapitest"
)

// Area counts shapes over the street; c1 serves the community.
func (s *street) Area(ctx context.Context, q coveragehttp.Query, a coveragehttp.AreaAsked) (*coveragehttp.Area, error) {
	area := coverage.Area{Shapes: a.Shapes}
	if err := area.Check(); err != nil {
		return nil, err
	}
	switch {
	case a.Facility == "c1":
		area.Divisions = []int32{1}
	case a.Facility != "":
		return nil, &coveragehttp.AreaFault{Pointer: "#/facility", Reason: coverage.Text{ZH: "没有", EN: "None"}}
	case q.Type == "missing":
		return nil, coveragehttp.ErrUnknownType
	}
	w, err := s.WhatIf(ctx, q, coveragehttp.PlanAsked{Steps: a.Steps})
	if err != nil {
		return nil, err
	}
	out := &coveragehttp.Area{WhatIf: w, Before: w.Delta.Baseline.In(area), After: w.Delta.In(area), Divisions: area.Divisions}
	if a.Facility != "" {
		out.Reaching = w.Delta.Baseline.Reaching(0, area)
	}
	return out, nil
}

type areaReply struct {
	Points int
	Bands  []struct {
		Band          string
		Population    float64
		Before, After struct {
			Covered, Uncovered, Unsnapped, One, Several float64
			Coverage                                    *float64 `json:"population_coverage"`
		}
	}
	Facilities []struct {
		ID          string
		Inside      bool
		After       bool `json:"inside_after"`
		Open, Added bool
		Bands       []struct{ Before, After float64 }
	}
	Divisions []struct{ Code string }
	Reaching  []float64
}

const areaPath = "/api/v1/coverage/area"

func serveArea(t *testing.T) *httpapitest.Server {
	t.Helper()
	r := httpapi.NewRouter(slog.New(slog.DiscardHandler))
	coveragehttp.RegisterArea(httpapi.NewAPI(r), newStreet(t))
	return httpapitest.New(t, r)
}

func box(west, south, east, north float64) [][]orb.Point {
	return [][]orb.Point{{at(west, south), at(east, south), at(east, north), at(west, north)}}
}

func TestArea(t *testing.T) {
	t.Parallel()
	s := serveArea(t)
	w := s.Do(http.MethodPost, areaPath, nil, map[string]any{
		"type": "elderly_canteen", "limit": 300, "speed": 1.0,
		"geometry": map[string]any{"type": "MultiPolygon", "coordinates": []any{box(50, -50, 950, 500), box(50, -50, 150, 50)}},
		"steps":    []map[string]any{{"do": "add", "id": "new", "lon": at(990, 5).Lon(), "lat": at(990, 5).Lat()}},
	})
	if w.Code != http.StatusOK || w.Header().Get("Cache-Control") != "no-store" {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	got := decode[areaReply](t, w)
	// near, far and fields; the canteen at the western end and the new one lie outside.
	b := got.Bands[0]
	want := []float64{3, 3.2349, 1.2345, 2, 0.0004, 1.2345, 0, 3.2345, 0, 0.0004, 3.2345}
	have := []float64{
		float64(got.Points), b.Population, b.Before.Covered, b.Before.Uncovered, b.Before.Unsnapped, b.Before.One, b.Before.Several,
		b.After.Covered, b.After.Uncovered, b.After.Unsnapped, b.After.One,
	}
	if d := cmp.Diff(want, have); d != "" {
		t.Error(d)
	}
	if len(got.Facilities) != 2 || got.Facilities[0].ID != "c1" || got.Facilities[0].Inside || got.Facilities[0].Bands[0].Before != 1.2345 ||
		!got.Facilities[1].Added || got.Facilities[1].After || got.Facilities[1].Bands[0].After != 2 || got.Reaching != nil {
		t.Errorf("%+v", got.Facilities)
	}
}

func TestServiceArea(t *testing.T) {
	t.Parallel()
	s := serveArea(t)
	got := decode[areaReply](t, s.Do(http.MethodPost, areaPath, nil, map[string]any{"type": "elderly_canteen", "limit": 300, "speed": 1.0, "facility": "c1"}))
	if got.Points != 1 || len(got.Divisions) != 1 || got.Divisions[0].Code != "990101001001" || len(got.Reaching) != 2 || got.Reaching[0] != 1.2345 {
		t.Errorf("%+v", got)
	}
	if len(got.Facilities) != 1 || !got.Facilities[0].Inside || !got.Facilities[0].After || got.Bands[0].Before.Covered != got.Bands[0].After.Covered {
		t.Errorf("%+v", got.Facilities)
	}
}

func TestAreaOfNobody(t *testing.T) {
	t.Parallel()
	s := serveArea(t)
	got := decode[areaReply](t, s.Do(http.MethodPost, areaPath, nil, map[string]any{
		"type": "elderly_canteen", "geometry": map[string]any{"type": "Polygon", "coordinates": box(5000, 5000, 6000, 6000)},
	}))
	if got.Points != 0 || got.Bands[0].Population != 0 || got.Bands[0].Before.Coverage != nil || len(got.Facilities) != 0 {
		t.Errorf("%+v", got)
	}
}

func TestAreasThatAreRefused(t *testing.T) {
	t.Parallel()
	s := serveArea(t)
	shape := func(kind string, coordinates any) map[string]any {
		return map[string]any{"type": "elderly_canteen", "geometry": map[string]any{"type": kind, "coordinates": coordinates}}
	}
	for name, c := range map[string]struct {
		body    map[string]any
		code    string
		pointer string
	}{
		"nothing":        {map[string]any{"type": "elderly_canteen"}, "bad_area", "#/geometry"},
		"a number":       {shape("Polygon", 7), "bad_area", "#/geometry/coordinates"},
		"a flat ring":    {shape("Polygon", [][2]float64{{1, 2}}), "bad_area", "#/geometry/coordinates/0/0"},
		"no latitude":    {shape("Polygon", []any{[]any{[]any{1}}}), "bad_area", "#/geometry/coordinates/0/0"},
		"words":          {shape("MultiPolygon", []any{[]any{[]any{[]any{"a", "b"}}}}), "bad_area", "#/geometry/coordinates/0/0/0"},
		"two corners":    {shape("Polygon", []any{[]any{[]any{1, 2}, []any{3, 4}}}), "bad_area", "#/geometry/coordinates/0"},
		"off the earth":  {shape("MultiPolygon", []any{[]any{[]any{[]any{1, 2}, []any{3, 99}, []any{1, 3}}}}), "bad_area", "#/geometry/coordinates/0/0/1"},
		"no ring":        {shape("Polygon", []any{}), "bad_area", "#/geometry/coordinates"},
		"no facility":    {map[string]any{"type": "elderly_canteen", "facility": "nobody"}, "bad_area", "#/facility"},
		"a step nowhere": {map[string]any{"type": "elderly_canteen", "facility": "c1", "steps": []any{map[string]any{"do": "add", "id": "x"}}}, "step_impossible", "#/steps/0"},
	} {
		w := s.Do(http.MethodPost, areaPath, nil, c.body)
		p := decode[refusal](t, w)
		if w.Code != http.StatusUnprocessableEntity || p.Code != c.code || len(p.Errors) != 1 || p.Errors[0].Pointer != c.pointer || p.Errors[0].Reason == "" {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
	if w := s.Do(http.MethodPost, areaPath, nil, map[string]any{"type": "missing", "facility": ""}); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("an empty facility: %d", w.Code)
	}
}
