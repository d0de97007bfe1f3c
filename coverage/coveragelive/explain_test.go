package coveragelive_test

import (
	"context"
	"errors"
	"testing"

	"yike/coverage"
	"yike/coverage/coveragelive"
	"yike/coverage/walknet"
)

func figure(part coverage.Part, more ...func(*coveragelive.FigureAsked)) coveragelive.FigureAsked {
	f := coveragelive.FigureAsked{Part: part}
	for _, do := range more {
		do(&f)
	}
	return f
}

// The people behind the figures that a screen shows are those figures.
func TestExplainVillage(t *testing.T) {
	t.Parallel()
	s := load(t)
	a, err := s.Coverage(t.Context(), canteens(600))
	if err != nil {
		t.Fatal(err)
	}
	report, err := a.Report(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	west := s.Hierarchy.Find("990101001001")
	gap := report.Gaps[0]
	for name, tt := range map[string]struct {
		asked coveragelive.FigureAsked
		want  coverage.People
	}{
		"covered":            {figure(coverage.Reached), a.Summary.Total[0].Covered},
		"elders not covered": {figure(coverage.Beyond, func(f *coveragelive.FigureAsked) { f.Band = "70+" }), a.Summary.Total[1].Uncovered},
		"in a community":     {figure(coverage.Beyond, func(f *coveragelive.FigureAsked) { f.Division = "990101001001" }), a.Summary.Divisions[west][0].Uncovered},
		"in no division":     {figure(coverage.Everybody, func(f *coveragelive.FigureAsked) { f.Outside = true }), a.Summary.Outside[0].Population},
		"of a canteen":       {figure(coverage.Reached, func(f *coveragelive.FigureAsked) { f.Facility = canteen(t, s, "老食堂") }), report.Circles[0].Reached[0]},
		"of a gap":           {figure(coverage.Beyond, func(f *coveragelive.FigureAsked) { f.Gap = gap.ID }), gap.People[0]},
	} {
		e, err := s.Explain(t.Context(), canteens(600), nil, tt.asked)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		all, err := e.Facts(t.Context(), 0, len(e.Behind.Points)+1)
		if err != nil {
			t.Fatal(err)
		}
		sum := coverage.People(0)
		for _, p := range all {
			sum += p.People
		}
		if sum != tt.want || e.Behind.People != tt.want || len(all) != len(e.Behind.Points) || sum == 0 {
			t.Errorf("%s: %d points make %v, want %v", name, len(all), sum, tt.want)
		}
		first, err := e.Facts(t.Context(), 0, 1)
		if err != nil || len(first) != 1 || first[0] != all[0] {
			t.Errorf("%s: a page of one is %+v, %v", name, first, err)
		}
		if none, err := e.Facts(t.Context(), len(all)+5, 9); err != nil || len(none) != 0 {
			t.Errorf("%s: beyond the end are %+v, %v", name, none, err)
		}
	}
}

func TestExplainAPlan(t *testing.T) {
	t.Parallel()
	s := load(t)
	steps := []coveragelive.Step{{Kind: coveragelive.ReopenSite, ID: canteen(t, s, "新食堂")}}
	w, err := s.WhatIf(t.Context(), canteens(600), steps)
	if err != nil {
		t.Fatal(err)
	}
	e, err := s.Explain(t.Context(), canteens(600), steps, figure(coverage.Gained, func(f *coveragelive.FigureAsked) { f.Facility = canteen(t, s, "新食堂") }))
	if err != nil || e.Behind.People != w.Delta.Total[0].Gained || e.Behind.People == 0 {
		t.Fatalf("gained %v, want %v: %v", e.Behind.People, w.Delta.Total[0].Gained, err)
	}
	facts, err := e.Facts(t.Context(), 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	p := facts[0]
	if p.Before.State != coverage.Uncovered || p.State != coverage.Covered || p.Reason != "" || p.StreetSource != "street" || p.StreetClass != "residential" {
		t.Errorf("somebody gained is %+v", p)
	}
	found, err := s.Route(t.Context(), canteens(600), steps, coveragelive.RouteAsked{Point: p.ID})
	if err != nil || !found.Counted || found.Route.Time != p.Time || found.Facility.NameZH != "新食堂" {
		t.Errorf("their walk is %+v, %v", found, err)
	}
}

func TestExplainRefuses(t *testing.T) {
	t.Parallel()
	s := load(t)
	for _, tt := range []struct {
		want error
		ask  func(*coveragelive.Query, *coveragelive.FigureAsked)
	}{
		{coveragelive.ErrUnknownType, func(q *coveragelive.Query, _ *coveragelive.FigureAsked) { q.Type = "none" }},
		{coveragelive.ErrUnknownBase, func(q *coveragelive.Query, _ *coveragelive.FigureAsked) { q.Base = "registered" }},
		{coveragelive.ErrUnknownBand, func(_ *coveragelive.Query, f *coveragelive.FigureAsked) { f.Band = "80+" }},
		{coveragelive.ErrNoSuchDivision, func(_ *coveragelive.Query, f *coveragelive.FigureAsked) { f.Division = "1" }},
		{coveragelive.ErrNoSuchSite, func(_ *coveragelive.Query, f *coveragelive.FigureAsked) { f.Facility = canteen(t, s, "新食堂") }},
		{coveragelive.ErrNoSuchGap, func(_ *coveragelive.Query, f *coveragelive.FigureAsked) { f.Gap = "gap-1" }},
	} {
		q, f := canteens(600), figure(coverage.Beyond)
		tt.ask(&q, &f)
		if _, err := s.Explain(t.Context(), q, nil, f); !errors.Is(err, tt.want) {
			t.Errorf("%v, want %v", err, tt.want)
		}
	}
	e, err := s.Explain(t.Context(), canteens(600), nil, figure(coverage.Beyond))
	if err != nil {
		t.Fatal(err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	_, noFigure := s.Explain(gone, canteens(600), nil, figure(coverage.Beyond))
	_, noFacts := e.Facts(gone, 0, 1)
	_, noRoute := s.Route(gone, canteens(600), nil, coveragelive.RouteAsked{Point: pointID(t, s, 0)})
	for _, err := range []error{noFigure, noFacts, noRoute} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("whoever went away is told %v", err)
		}
	}
}

// pointID is the id of a villager, in the order of the village: the houses along the
// street, then the yard, the fields and beyond.
func pointID(t *testing.T, s *coveragelive.State, i int) string {
	t.Helper()
	list := villagers()
	d := s.Demand["resident"]
	for k, p := range d.Points {
		if p == list[i].Point {
			return d.IDs[k]
		}
	}
	t.Fatalf("no villager %d", i)
	return ""
}

func TestRoutesInTheVillage(t *testing.T) {
	t.Parallel()
	s := load(t)
	const yard, fields = 15, 16
	for name, tt := range map[string]struct {
		asked          coveragelive.RouteAsked
		found, counted bool
		why            coverage.Reason
	}{
		"a neighbour":        {coveragelive.RouteAsked{Point: pointID(t, s, 1)}, true, true, ""},
		"by name":            {coveragelive.RouteAsked{Point: pointID(t, s, 1), Facility: canteen(t, s, "老食堂")}, true, true, ""},
		"home":               {coveragelive.RouteAsked{Point: pointID(t, s, 1), Back: true}, true, true, ""},
		"too far":            {coveragelive.RouteAsked{Point: pointID(t, s, 9)}, true, false, ""},
		"out of sight":       {coveragelive.RouteAsked{Point: pointID(t, s, 14)}, false, false, coverage.NoneNear},
		"the other one":      {coveragelive.RouteAsked{Point: pointID(t, s, 14), Facility: canteen(t, s, "老食堂")}, false, false, coverage.NoneNear},
		"from the yard":      {coveragelive.RouteAsked{Point: pointID(t, s, yard)}, false, false, coverage.OnIsland},
		"from the fields":    {coveragelive.RouteAsked{Point: pointID(t, s, fields)}, false, false, coverage.NoPath},
		"named, from fields": {coveragelive.RouteAsked{Point: pointID(t, s, fields), Facility: canteen(t, s, "老食堂")}, false, false, coverage.NoPath},
	} {
		got, err := s.Route(t.Context(), canteens(600), nil, tt.asked)
		if err != nil || got.Found != tt.found || got.Counted != tt.counted || got.Why != tt.why || got.FarM != 1080 {
			t.Errorf("%s: %+v, %v", name, got, err)
			continue
		}
		if tt.found && tt.counted && got.Route.Time != got.Point.Time {
			t.Errorf("%s: %d ms, counted are %d", name, got.Route.Time, got.Point.Time)
		}
	}
	if _, err := s.Route(t.Context(), canteens(600), nil, coveragelive.RouteAsked{Point: "nobody"}); !errors.Is(err, coveragelive.ErrNoSuchPoint) {
		t.Errorf("nobody's walk: %v", err)
	}
	if _, err := s.Route(t.Context(), canteens(600), nil, coveragelive.RouteAsked{Point: pointID(t, s, 1), Facility: "none"}); !errors.Is(err, coveragelive.ErrNoSuchSite) {
		t.Errorf("a walk to nowhere: %v", err)
	}
	if _, err := s.Route(t.Context(), coveragelive.Query{Type: "none"}, nil, coveragelive.RouteAsked{}); !errors.Is(err, coveragelive.ErrUnknownType) {
		t.Errorf("a walk to a type that is none: %v", err)
	}
	lone := []coveragelive.Step{{Kind: coveragelive.AddSite, ID: "tower", At: at(1700, 450)}}
	got, err := s.Route(t.Context(), canteens(600), lone, coveragelive.RouteAsked{Point: pointID(t, s, 1), Facility: "tower"})
	if err != nil || got.Found || got.Why != coverage.NoSitePath || got.Route.Time != walknet.Milliseconds(0) {
		t.Errorf("to a place beside no path: %+v, %v", got, err)
	}
}

func TestUnitsOfTheVillage(t *testing.T) {
	t.Parallel()
	s := load(t)
	w, units, err := s.Units(t.Context(), canteens(600), nil, "")
	if err != nil || len(units) != 2 || !units[0].Has() || units[1].Has() || w.Facilities[units[0].In[0]].NameZH != "老食堂" {
		t.Errorf("%+v, %v", units, err)
	}
	if _, units, err := s.Units(t.Context(), canteens(600), nil, "990101001002"); err != nil || len(units) != 1 {
		t.Errorf("one community: %+v, %v", units, err)
	}
	if _, _, err := s.Units(t.Context(), canteens(600), nil, "1"); !errors.Is(err, coveragelive.ErrNoSuchDivision) {
		t.Errorf("no division: %v", err)
	}
	if _, _, err := s.Units(t.Context(), coveragelive.Query{Type: "none"}, nil, ""); !errors.Is(err, coveragelive.ErrUnknownType) {
		t.Errorf("no type: %v", err)
	}
}
