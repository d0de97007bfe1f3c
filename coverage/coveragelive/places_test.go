package coveragelive_test

import (
	"context"
	"errors"
	"testing"

	"github.com/paulmach/orb"

	"yike/coverage"
	"yike/coverage/coveragedb"
	"yike/coverage/coveragelive"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
)

// The village's gaps are told by the names of its houses and its canteen, and everybody who
// is not served is at one of them, today and in a plan.
func TestPlacesOfTheVillage(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	village(t, db)
	from := stores(db)
	err := db.Write(t.Context(), postgres.System("", "test"), "a house with a name", func(tx *postgres.Tx) error {
		_, err := from.Coverage.ReplaceBuildings(t.Context(), tx, adcode, []coveragedb.Building{
			{SourceID: "1", Name: "东苑3号楼", Use: "residential", Boundary: square(1380, -30, 1400, -10)},
		})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	s, err := coveragelive.Load(t.Context(), from, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	a, err := s.Coverage(t.Context(), canteens(300))
	if err != nil {
		t.Fatal(err)
	}
	gaps, err1 := a.Gaps(t.Context())
	places, err2 := a.Places(t.Context())
	if err := errors.Join(err1, err2); err != nil || len(places) != len(gaps) || len(gaps) == 0 {
		t.Fatalf("%d places of %d gaps, %v", len(places), len(gaps), err)
	}
	labels := ""
	for _, p := range places {
		labels += p.Label(s.Divisions).ZH + "\n"
	}
	want := "某镇东村等2个社区·东苑等处\n某镇西村·老食堂以北约320米\n东苑以东约160米\n"
	if labels != want {
		t.Errorf("got\n%swant\n%s", labels, want)
	}
	if got := s.Where(at(10, 300)); got.ZH != "某镇西村·老食堂以北约290米" {
		t.Errorf("the yard is at %q", got.ZH)
	}
	w, err := s.WhatIf(t.Context(), canteens(300), []coveragelive.Step{{Kind: coveragelive.AddSite, ID: "new", At: at(1400, 5)}})
	if err != nil {
		t.Fatal(err)
	}
	u, err := w.Unserved(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var without coverage.People
	for _, g := range append(append([]coverage.Gap{}, u.Gaps...), u.Off...) {
		without += g.People[0]
	}
	if sum := w.After.Total[0]; without != sum.Uncovered+sum.Unsnapped || len(u.Off) != len(u.OffAt) || len(u.Off) == 0 {
		t.Errorf("%v at places; %+v", without, sum)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := w.Unserved(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("%v when nobody waits for it", err)
	}
	if got := s.Where(orb.Point{0, 0}); got != (coverage.Text{}) {
		t.Errorf("a place far away is %q", got.ZH)
	}
}
