package main

import (
	"slices"
	"strings"
	"testing"

	"yike/facilities"
	"yike/facilities/estates/estatedb"
	"yike/internal/postgres"
	"yike/internal/record"
	"yike/placenames"
	"yike/placenames/placenamedb"
)

// TestDemoPlaceNames holds that the demonstration shows what a register may hold, and that
// nothing of it passes for real.
func TestDemoPlaceNames(t *testing.T) {
	t.Parallel()
	_, db := demo(t)
	const adcode = "990100"
	w := postgres.System(adcode, "test")
	types, err := facilities.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	if err := fillDemoDesk(t.Context(), db, adcode, types, "2026-11-27"); err != nil {
		t.Fatal(err)
	}
	catalogue, err := placenames.NewCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	store := placenamedb.New(db, catalogue)
	of := map[string]int{}
	err = store.Each(t.Context(), w, func(i placenames.Item) error {
		of["all"]++
		of[string(i.State)]++
		of["class "+i.Class]++
		for what, is := range map[string]bool{
			"drawn": i.Geometry != nil, "heritage": i.Heritage != nil, "hosted": i.HostID != "", "part": i.ParentID != "", "former": i.Former != nil, "reuses": i.Reuses != nil,
			"planned": i.Planned != "", "successor": i.SuccessorID != "", "rare": strings.Contains(i.Text, "𬭚"), "alias": i.Aliases != nil,
		} {
			if is {
				of[what]++
			}
		}
		if !strings.Contains(i.Note, "示例") || i.Decision.Known() && !strings.Contains(i.Decision.Title, "示例") {
			t.Errorf("%s passes for real: %+v", i.Text, i.Decision)
		}
		return nil
	})
	if err != nil || of["all"] < 60 || of["drawn"] < 60 {
		t.Fatalf("%v, %v", of, err)
	}
	for _, class := range catalogue.Classes {
		if of["class "+class.Code.Code] == 0 {
			t.Errorf("nothing of the class %s", class.ZH)
		}
	}
	for _, what := range []string{
		"approved", "customary", "proposed", "draft", "contested", "annulled", "retired", "merged", "heritage", "hosted", "part", "former", "reuses", "planned", "successor", "rare", "alias",
	} {
		if of[what] == 0 {
			t.Errorf("nothing that is %s", what)
		}
	}
	free := true
	plan, err := store.Planned(t.Context(), w, placenames.PlannedFilter{Free: &free, Day: "2026-11-27"})
	if err != nil || len(plan) != 6 {
		t.Errorf("%d free names, %v", len(plan), err)
	}
	kept, err := estatedb.New(db).All(t.Context(), w)
	if err != nil {
		t.Fatal(err)
	}
	linked := 0
	for _, e := range kept {
		if e.PlaceNameID == "" {
			continue
		}
		linked++
		if n, err := store.ByID(t.Context(), w, e.PlaceNameID); err != nil || n.Text+"（示例）" != e.Name {
			t.Errorf("%s is linked to %s: %v", e.Name, n.Text, err)
		}
	}
	if linked == 0 {
		t.Error("no estate has its name")
	}
	past, err := store.List(t.Context(), w, placenames.Filter{}, record.At{Valid: "2026-06-30"}, placenamedb.After{}, 1000)
	if err != nil || slices.ContainsFunc(past.Rows, func(r placenames.Row) bool { return r.Text == "清澜路" }) {
		t.Errorf("a name before it was given: %v", err)
	}
	t.Log(of)
}
