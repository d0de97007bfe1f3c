package main

import (
	"errors"
	"fmt"
	"log/slog"
	"math"
	"testing"

	"yike/coverage"
	"yike/coverage/coveragedb"
	"yike/coverage/coveragelive"
	"yike/facilities"
	"yike/internal/postgres/dbtest"
	"yike/tiles"
	"yike/tiles/tilehttp"
)

// TestTilesOfAPlan closes one canteen and opens another where it was not, and holds what the
// map shows to what the plan's answer says, at every zoom.
func TestTilesOfAPlan(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	s := loaded(t, db, demoPack(t, 3_000))
	held := &coveragelive.Holder{}
	held.Publish(s)
	src := newTileSource(held, coveragedb.New(db), slog.New(slog.DiscardHandler))
	var shut facilities.Facility
	for _, f := range s.Facilities {
		if f.Type == "elderly_canteen" && f.Status == facilities.Open {
			shut = f
		}
	}
	d := s.Demand[s.Bases[0]]
	steps := []coveragelive.Step{{Kind: coveragelive.CloseSite, ID: shut.ID}, {Kind: coveragelive.AddSite, ID: "new-a", At: d.Points[0]}}
	ask := tileQuery{asks: true, Query: coveragelive.Query{Base: s.Bases[0], Type: "elderly_canteen", LimitS: 600, Speed: 900}, plan: planOf(steps)}
	w, err := s.WhatIf(t.Context(), ask.coverage(), steps)
	if err != nil {
		t.Fatal(err)
	}
	t.Run("people", func(t *testing.T) { checkPeopleOfPlan(t, s, ask, w) })
	t.Run("gaps", func(t *testing.T) {
		fs, err := gapFeatures(t.Context(), src, s, ask)
		if err != nil {
			t.Fatal(err)
		}
		if got := personsIn(fs, "b_0", func(tiles.Feature) bool { return true }); got != int64(w.After.Total[0].Uncovered) {
			t.Errorf("gaps of %d, uncovered %d", got, w.After.Total[0].Uncovered)
		}
	})
	t.Run("circles", func(t *testing.T) {
		fs, err := circleFeatures(t.Context(), src, s, ask)
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]string{}
		for _, f := range fs {
			got[f.ID] = propOf(f, "c")
		}
		if fate, shown := got[shut.ID+"/gone"]; !shown || fate != "gone" || got["new-a"] != "new" || len(got) < 2 {
			t.Errorf("circles %v", got)
		}
	})
	t.Run("addresses", func(t *testing.T) {
		set, err := tileSet(t, src, "people,gaps", askCanteens+"&plan=a114.30000,30.6")
		if err != nil || set.Query != "base=resident&limit=900&plan=a114.3%2C30.6&speed=0.9&type=elderly_canteen" {
			t.Errorf("%v, %v", set, err)
		}
		if set, err = tileSet(t, src, "people", askCanteens+"&plan=0"); err != nil || set.Query != "base=resident&limit=900&speed=0.9&type=elderly_canteen" {
			t.Errorf("a plan without steps: %v, %v", set, err)
		}
		for query, param := range map[string]string{"plan=a1,1": "type", askCanteens + "&plan=xyz": "plan"} {
			var wrong *tilehttp.QueryError
			if _, err := tileSet(t, src, "people", query); !errors.As(err, &wrong) || wrong.Param != param {
				t.Errorf("%s: %v", query, err)
			}
		}
		set, err = tileSet(t, src, "people", askCanteens+"&plan=cnobody")
		if err != nil {
			t.Fatal(err)
		}
		var wrong *tilehttp.QueryError
		if _, err := set.Load(t.Context()); !errors.As(err, &wrong) || wrong.Param != "plan" {
			t.Errorf("a step that cannot be taken: %v", err)
		}
	})
}

func checkPeopleOfPlan(t *testing.T, s *coveragelive.State, ask tileQuery, w *coveragelive.WhatIf) {
	t.Helper()
	fs, err := peopleFeatures(t.Context(), nil, s, ask)
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	for z := cellZoom; z <= tileMaxZoom; z++ {
		shown := func(f tiles.Feature) bool { return z >= f.MinZoom && (f.MaxZoom == 0 || z <= f.MaxZoom) }
		for _, f := range fs {
			if shown(f) && ids[fmt.Sprint(z, f.ID)] {
				t.Fatalf("%s twice at zoom %d", f.ID, z)
			}
			ids[fmt.Sprint(z, f.ID)] = true
		}
		for band, total := range w.Delta.Total {
			key := fmt.Sprintf("b_%d", band)
			of := func(prop, value string) int64 {
				return personsIn(fs, key, func(f tiles.Feature) bool { return shown(f) && propOf(f, prop) == value })
			}
			for fate, want := range map[string]coverage.People{"gained": total.Gained, "lost": total.Lost, "nearer": total.Nearer, "farther": total.Farther} {
				if got := of("c", fate); got != int64(want) {
					t.Errorf("zoom %d, band %d: %d %s, want %d", z, band, got, fate, want)
				}
			}
			if got := of("s", "covered"); got != int64(w.After.Total[band].Covered) {
				t.Errorf("zoom %d, band %d: %d covered, want %d", z, band, got, w.After.Total[band].Covered)
			}
		}
	}
	if w.Delta.Total[0].Gained+w.Delta.Total[0].Nearer == 0 {
		t.Error("the plan changes nothing for anybody")
	}
}

func propOf(f tiles.Feature, key string) string {
	for _, p := range f.Props {
		if p.Key == key {
			text, _ := p.Value.(string)
			return text
		}
	}
	return ""
}

func personsIn(fs []tiles.Feature, key string, counts func(tiles.Feature) bool) int64 {
	var sum int64
	for _, f := range fs {
		if !counts(f) {
			continue
		}
		for _, p := range f.Props {
			if n, ok := p.Value.(float64); ok && p.Key == key {
				sum += int64(math.Round(n * float64(coverage.Person)))
			}
		}
	}
	return sum
}
