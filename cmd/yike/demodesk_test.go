package main

import (
	"strings"
	"testing"

	"yike/facilities"
	"yike/facilities/campaigns"
	"yike/facilities/campaigns/campaignsdb"
	"yike/facilities/estates/estatedb"
	"yike/facilities/facilitydb"
	"yike/facilities/funeral/funeraldb"
	"yike/facilities/indicators/indicatordb"
	"yike/facilities/premises"
	"yike/facilities/premises/premisesdb"
	"yike/geo/divisions/divisiondb"
	"yike/internal/postgres"
	"yike/internal/record"
)

// deskCounts is what the demonstration made.
type deskCounts struct{ stewards, rooms, misused, incomplete, moves, tasks, returned, problems, plans, indicators, estates, old, drawn int }

func countDesk(t *testing.T, db *postgres.DB, adcode string) deskCounts {
	t.Helper()
	w := postgres.System(adcode, "test")
	var n deskCounts
	stewards, err := facilitydb.New(db).Stewards(t.Context(), w)
	if err != nil {
		t.Fatal(err)
	}
	n.stewards = len(stewards)
	rooms, err := premisesdb.New(db).All(t.Context(), w, premises.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rooms {
		n.rooms++
		n.misused += map[bool]int{true: 1}[r.Open != nil]
		n.incomplete += map[bool]int{true: 1}[len(r.Missing()) > 0]
		if !strings.Contains(r.Name, "示例") {
			t.Errorf("%s passes for real", r.Name)
		}
	}
	moves, err := funeraldb.New(db).List(t.Context(), w)
	if err != nil {
		t.Fatal(err)
	}
	n.moves = len(moves)
	inspections := campaignsdb.New(db)
	tasks, err := inspections.Tasks(t.Context(), w, campaignsdb.TaskFilter{})
	if err != nil {
		t.Fatal(err)
	}
	for _, task := range tasks {
		n.tasks++
		n.returned += map[bool]int{true: 1}[task.State == campaigns.Returned || task.State == campaigns.Accepted]
	}
	problems, err := inspections.Problems(t.Context(), w, campaignsdb.ProblemFilter{})
	if err != nil {
		t.Fatal(err)
	}
	n.problems = len(problems)
	plans, err := indicatordb.New(db).List(t.Context(), w)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range plans {
		n.plans++
		n.indicators += p.Indicators
		if !strings.Contains(p.Plan.Title.ZH, "示例") {
			t.Errorf("%s passes for real", p.Plan.Title.ZH)
		}
	}
	estates, err := estatedb.New(db).All(t.Context(), w)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range estates {
		n.estates++
		n.old += map[bool]int{true: 1}[e.Kind == "built"]
		n.drawn += map[bool]int{true: 1}[e.Boundary != nil]
		if !strings.Contains(e.Name, "示例") {
			t.Errorf("%s passes for real", e.Name)
		}
	}
	return n
}

// The desk of a synthetic district has work on it, which is made once: what is there is left
// as it is.
func TestDemoDesk(t *testing.T) {
	t.Parallel()
	_, db := demo(t)
	const adcode, today = "990100", "2026-11-27"
	types, err := facilities.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	fill := func(day record.Day) {
		if err := fillDemoDesk(t.Context(), db, adcode, types, day); err != nil {
			t.Fatal(err)
		}
	}
	fill(today)
	n := countDesk(t, db, adcode)
	list, err := divisiondb.New(db).List(t.Context(), adcode)
	if err != nil {
		t.Fatal(err)
	}
	if n.stewards != len(subdistricts(list)) || n.rooms == 0 || n.misused == 0 || n.incomplete == 0 || n.tasks == 0 || n.returned == 0 || n.returned == n.tasks ||
		n.problems == 0 || n.plans != 1 || n.indicators != 8 || n.estates < 12 || n.old != 2 || n.drawn == 0 {
		t.Errorf("%+v", n)
	}
	fill("2026-12-24")
	if again := countDesk(t, db, adcode); again != n {
		t.Errorf("filled again: %+v, was %+v", again, n)
	}
	if err := fillDemoDesk(t.Context(), db, "990999", types, today); err != nil {
		t.Errorf("an authority without a district: %v", err)
	}
}
