package coveragelive_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"yike/coverage"
	"yike/coverage/coveragelive"
)

func TestDrawingsOfAPlan(t *testing.T) {
	t.Parallel()
	s := load(t)
	old := canteen(t, s, "老食堂")
	w, err := s.WhatIf(t.Context(), canteens(600), []coveragelive.Step{{Kind: "move", ID: old, At: at(700, 10)}, {Kind: "add", ID: "a", At: at(1500, 10)}})
	if err != nil {
		t.Fatal(err)
	}
	circles, err := w.Circles(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	type shown struct {
		ID        string
		New, Gone bool
	}
	var got []shown
	for _, c := range circles {
		got = append(got, shown{c.Facility.ID, c.New, c.Gone})
		if len(c.Area) == 0 {
			t.Errorf("%s has no circle", c.Facility.ID)
		}
	}
	if d := cmp.Diff([]shown{{old, false, true}, {old, true, false}, {"a", true, false}}, got); d != "" {
		t.Error(d)
	}
	gaps, err := w.Gaps(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var left coverage.People
	for _, g := range gaps {
		left += g.People[0]
	}
	if left == 0 || left != w.After.Total[0].Uncovered {
		t.Errorf("gaps of %d people, uncovered %d", left, w.After.Total[0].Uncovered)
	}
}

func TestStreetsRedrawCircles(t *testing.T) {
	t.Parallel()
	s := load(t)
	w, err := s.WhatIf(t.Context(), canteens(600), []coveragelive.Step{
		{Kind: "add_path", ID: "path-a", Line: orb.LineString{at(100, 295), at(100, 5)}},
		{Kind: "close_way", ID: "yard"},
	})
	if err != nil {
		t.Fatal(err)
	}
	streets := w.Streets()
	if len(streets) != 2 || streets[0].Step != 0 || streets[1].ID != "yard" || streets[1].Class != "residential" {
		t.Fatalf("%+v", streets)
	}
	path, yard := streets[0], streets[1]
	if len(path.Lines) != 1 || len(path.Lines[0]) != 4 || path.LengthM < 299 || path.LengthM > 301 {
		t.Errorf("the path with its ends on the streets: %v, %v m", path.Lines, path.LengthM)
	}
	if yard.LengthM < 199 || yard.LengthM > 201 || s.Divisions[yard.Division].NameZH != "西村" || len(yard.Lines) == 0 {
		t.Errorf("the yard: %+v", yard)
	}
	if w, err = s.WhatIf(t.Context(), canteens(600), []coveragelive.Step{{Kind: "close_way", ID: "street"}}); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]int32{0}, w.Changed()); d != "" {
		t.Error("whose people the street was of", d)
	}
}
