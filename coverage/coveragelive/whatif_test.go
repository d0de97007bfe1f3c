package coveragelive_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yike/coverage"
	"yike/coverage/coveragelive"
	"yike/coverage/walknet"
	"yike/geo/divisions"
)

// canteen gives the id of the village's open canteen, or of the planned one.
func canteen(t testing.TB, s *coveragelive.State, name string) string {
	t.Helper()
	for _, f := range s.Facilities {
		if f.NameZH == name {
			return f.ID
		}
	}
	t.Fatalf("no %s", name)
	return ""
}

// TestWhatIfIsTheAnswerWorkedOutAnew takes random steps one by one on a list of its own and
// asks for coverage of what comes out.
func TestWhatIfIsTheAnswerWorkedOutAnew(t *testing.T) {
	t.Parallel()
	s := load(t)
	old, planned := canteen(t, s, "老食堂"), canteen(t, s, "新食堂")
	locator := divisions.NewLocator(s.Divisions)
	rapid.Check(t, func(rt *rapid.T) {
		q := canteens(rapid.SampledFrom([]int{300, 600, 900}).Draw(rt, "limit"))
		type place struct {
			at   orb.Point
			open bool
		}
		places := map[string]place{old: {at(0, 10), true}, planned: {at(1500, 10), false}}
		ids := []string{old, planned}
		var steps []coveragelive.Step
		for i := range rapid.IntRange(0, 6).Draw(rt, "steps") {
			where := at(float64(rapid.IntRange(-50, 1600).Draw(rt, "east")), float64(rapid.IntRange(-150, 350).Draw(rt, "north")))
			step := coveragelive.Step{
				Kind: rapid.SampledFrom([]coveragelive.StepKind{"add", "move", "close", "reopen"}).Draw(rt, "kind"),
				ID:   rapid.SampledFrom(ids).Draw(rt, "id"), At: where,
			}
			p := places[step.ID]
			switch step.Kind {
			case coveragelive.AddSite:
				step.ID = fmt.Sprint("new", i)
				ids, p = append(ids, step.ID), place{where, true}
			case coveragelive.MoveSite:
				if step.ID == planned {
					continue // not before it is open
				}
				p.at = where
			case coveragelive.CloseSite:
				p.open = false
			case coveragelive.ReopenSite:
				p.open = true
			}
			places[step.ID], steps = p, append(steps, step)
		}
		w, err := s.WhatIf(t.Context(), q, steps)
		if err != nil {
			rt.Fatal(err)
		}
		var sites []coverage.Site
		for _, id := range ids {
			if p := places[id]; p.open {
				sites = append(sites, coverage.Site{ID: id, Point: p.at, Snap: s.Network.Snap(p.at, s.SnapLimitM), Division: locator.Locate(p.at)})
			}
		}
		d := s.Demand[w.Query.Base]
		r := coverage.Compute(s.Network, d, sites, coverage.Params{Limit: walknet.Milliseconds(q.LimitS) * 1000, Speed: q.Speed})
		if diff := cmp.Diff(coverage.Summarise(d, r, s.Hierarchy, sites), w.After); diff != "" {
			rt.Fatal(diff)
		}
		for i, n := range w.PointsIn {
			if (n.Gained > 0 || n.Lost > 0) && len(w.Delta.Divisions) == 0 {
				rt.Fatalf("points of division %d change, but no division does", i)
			}
		}
	})
}

func TestWhatIfOfStreets(t *testing.T) {
	t.Parallel()
	s := load(t)
	covered := func(steps ...coveragelive.Step) coverage.People {
		t.Helper()
		w, err := s.WhatIf(t.Context(), canteens(600), steps)
		if err != nil {
			t.Fatal(err)
		}
		return w.After.Total[0].Covered
	}
	today := covered()
	if today == 0 || covered(coveragelive.Step{Kind: coveragelive.CloseWay, ID: "street"}) != 0 {
		t.Fatalf("%v today; without the street somebody walks along it", today)
	}
	path := coveragelive.Step{Kind: coveragelive.AddPath, ID: "bridge", Line: orb.LineString{at(100, 300), at(100, 0)}}
	if got := covered(path); got != today+70_000 {
		t.Errorf("%v with a path to the courtyard, %v without: want 7 more", got, today)
	}
}

func TestCircleOfAChangedSite(t *testing.T) {
	t.Parallel()
	s := load(t)
	old := canteen(t, s, "老食堂")
	w, err := s.WhatIf(t.Context(), canteens(600), []coveragelive.Step{
		{Kind: "add", ID: "a", At: at(1000, 10)},
		{Kind: "add", ID: "away", At: at(1000, 9000)},
		{Kind: "add", ID: "shut", At: at(900, 10)},
		{Kind: "close", ID: "shut"},
		{Kind: "move", ID: old, At: at(50, 10)},
	})
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]int32{0, 1, 2}, w.Changed()); d != "" {
		t.Error(d)
	}
	area, err := w.Circle(t.Context(), 1)
	if err != nil || len(area) == 0 || !area.Bound().Contains(at(1000, 10)) {
		t.Errorf("circle %v, %v", area, err)
	}
	if area, err := w.Circle(t.Context(), 2); err != nil || area != nil {
		t.Errorf("circle %v, %v of a site in the fields", area, err)
	}
	if w.Facilities[0].Point != at(0, 10) || w.Delta.Sites[0].Point != at(50, 10) {
		t.Error("where it was and where it goes are mixed up")
	}
}

func TestPlansThatMakeNoSense(t *testing.T) {
	t.Parallel()
	s := load(t)
	old, planned, urns := canteen(t, s, "老食堂"), canteen(t, s, "新食堂"), canteen(t, s, "骨灰堂")
	long := make(orb.LineString, 51)
	cases := map[string]struct {
		step coveragelive.Step
		want error
	}{
		"unknown kind":      {coveragelive.Step{Kind: "burn", ID: old}, coveragelive.ErrStepKind},
		"nobody's id":       {coveragelive.Step{Kind: "close", ID: "nobody"}, coveragelive.ErrNoFacility},
		"of another type":   {coveragelive.Step{Kind: "close", ID: urns}, coveragelive.ErrNoFacility},
		"moved while shut":  {coveragelive.Step{Kind: "move", ID: planned, At: at(0, 0)}, coveragelive.ErrNoFacility},
		"added twice":       {coveragelive.Step{Kind: "add", ID: "first", At: at(0, 0)}, coveragelive.ErrSameID},
		"added as another":  {coveragelive.Step{Kind: "add", ID: old, At: at(0, 0)}, coveragelive.ErrSameID},
		"added as planned":  {coveragelive.Step{Kind: "add", ID: planned, At: at(0, 0)}, coveragelive.ErrSameID},
		"added as nothing":  {coveragelive.Step{Kind: "add", At: at(0, 0)}, coveragelive.ErrSameID},
		"added off earth":   {coveragelive.Step{Kind: "add", ID: "x", At: orb.Point{0, 91}}, coveragelive.ErrBadPlace},
		"moved off earth":   {coveragelive.Step{Kind: "move", ID: old, At: orb.Point{181, 0}}, coveragelive.ErrBadPlace},
		"path of points":    {coveragelive.Step{Kind: "add_path", ID: "p", Line: long}, coveragelive.ErrBadPath},
		"path of hours":     {coveragelive.Step{Kind: "add_path", ID: "p", Line: orb.LineString{at(0, 0), at(9000, 0)}}, coveragelive.ErrBadPath},
		"path from nowhere": {coveragelive.Step{Kind: "add_path", ID: "p", Line: orb.LineString{at(0, 3000), at(0, 3100)}}, walknet.ErrLoosePath},
		"no such way":       {coveragelive.Step{Kind: "close_way", ID: "?"}, walknet.ErrNoWay},
		"no such gate":      {coveragelive.Step{Kind: "open_gate", ID: "?"}, walknet.ErrNoGate},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := s.WhatIf(t.Context(), canteens(600), []coveragelive.Step{{Kind: "add", ID: "first", At: at(700, 0)}, c.step})
			var at *coveragelive.StepError
			if !errors.Is(err, c.want) || !errors.As(err, &at) || at.Step != 1 {
				t.Errorf("%v; want %v of the second step", err, c.want)
			}
		})
	}
	for name, c := range map[string]struct {
		q     coveragelive.Query
		steps []coveragelive.Step
		want  error
	}{
		"too many":         {canteens(600), make([]coveragelive.Step, 101), coveragelive.ErrTooManySteps},
		"too many streets": {canteens(600), streets(21), coveragelive.ErrTooManySteps},
		"too wide":         {canteens(7200), nil, coveragelive.ErrTooWide},
		"no such type":     {coveragelive.Query{Type: "spaceport", LimitS: 60, Speed: 900}, nil, coveragelive.ErrUnknownType},
		"no such base":     {coveragelive.Query{Type: "elderly_canteen", Base: "registered", LimitS: 60, Speed: 900}, nil, coveragelive.ErrUnknownBase},
	} {
		if _, err := s.WhatIf(t.Context(), c.q, c.steps); !errors.Is(err, c.want) {
			t.Errorf("%s: %v; want %v", name, err, c.want)
		}
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.WhatIf(gone, canteens(1200), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("%v of somebody who is gone", err)
	}
}

func streets(n int) []coveragelive.Step {
	out := make([]coveragelive.Step, n)
	for i := range out {
		out[i] = coveragelive.Step{Kind: coveragelive.CloseWay, ID: "street"}
	}
	return out
}
