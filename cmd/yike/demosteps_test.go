package main

import (
	"testing"

	"yike/facilities"
	"yike/facilities/estates"
	"yike/facilities/estates/estatedb"
	"yike/internal/postgres"
	"yike/internal/record"
)

// TestDemoMilestones holds that the estates of the demonstration are at every milestone, some
// late, some refused, some asked again, and those that are through have their rooms in the
// ledger.
func TestDemoMilestones(t *testing.T) {
	t.Parallel()
	_, db := demo(t)
	const adcode, today = "990100", record.Day("2026-11-27")
	types, err := facilities.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time changes nothing
		if err := fillDemoDesk(t.Context(), db, adcode, types, today); err != nil {
			t.Fatal(err)
		}
	}
	w, store := postgres.System(adcode, "test"), estatedb.New(db)
	all, err := store.All(t.Context(), w)
	if err != nil {
		t.Fatal(err)
	}
	events, err := store.EventsOf(t.Context(), w)
	if err != nil {
		t.Fatal(err)
	}
	var late, refused, again, through, conditions int
	next := map[estates.Milestone]int{}
	for _, e := range all {
		p, err := estates.Replay(events[e.ID])
		if err != nil {
			t.Fatalf("%s: %v", e.Name, err)
		}
		for _, d := range estates.Dues(e.Estate, p, estates.HandoverLimit{Months: 3}, today) {
			late += map[bool]int{true: 1}[d.Late > 0]
			refused += map[bool]int{true: 1}[d.Kind == estates.RectifyDue]
		}
		conditions += len(p.Conditions())
		for i := 1; i < len(p.Rounds); i++ {
			again += map[bool]int{true: 1}[p.Rounds[i].Request.Milestone == p.Rounds[i-1].Request.Milestone]
		}
		m, more := p.Next()
		switch {
		case e.Kind == estates.Built && len(p.Rounds) > 0:
			t.Errorf("%s stands already and passes milestones", e.Name)
		case !more:
			through++
			for _, r := range e.Rooms {
				if r.LedgerID == "" {
					t.Errorf("%s: %s is not in the ledger", e.Name, r.Name)
				}
			}
		case e.Kind == estates.New:
			next[m]++
		}
	}
	if late == 0 || refused == 0 || again == 0 || through == 0 || conditions == 0 || len(next) < 4 {
		t.Errorf("late %d, refused %d, asked again %d, through %d, conditions %d, next %v", late, refused, again, through, conditions, next)
	}
}
