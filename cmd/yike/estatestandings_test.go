package main

import (
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"yike/coverage/coveragelive"
	"yike/facilities/estates"
	"yike/facilities/matrix/matrixdb"
	"yike/facilities/premises"
	"yike/facilities/premises/premisesdb"
	"yike/geo/divisions"
	"yike/geo/divisions/divisiondb"
	"yike/internal/auth"
	"yike/internal/postgres"
	"yike/internal/record"
)

// TestStandingsFollow changes estates and what is around them, and holds where they are said to
// stand, of which only what changed is worked out again, to what is worked out from nothing.
func TestStandingsFollow(t *testing.T) {
	t.Parallel()
	state, db := demo(t)
	held := &coveragelive.Holder{}
	held.Publish(state)
	o := &office{db: db, state: state, staff: map[string]auth.Identity{}}
	o.hire(t, "planner", auth.Planner, "")
	ctx, now := auth.With(t.Context(), o.staff["planner"]), func() time.Time { return time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC) }
	w, today := writer(ctx, state.Pack.AdCode), record.DayOf(now())
	fresh := func() *estateRecords {
		table := &communityMatrix{store: matrixdb.New(db), ledger: premisesdb.New(db), grounds: grounds{held: held, db: divisiondb.New(db)}, now: now}
		return newEstateRecords(config{Regions: []string{"12"}}, desk{db: db, adcode: state.Pack.AdCode, served: &districtAPI{held: held}}, table,
			refusals{db: db, log: slog.New(slog.DiscardHandler)}, now)
	}
	kept := fresh()
	community := ""
	for _, d := range state.Divisions {
		if d.Level == divisions.Community && d.Setting == divisions.Urban {
			community = d.Code
		}
	}
	because := record.Change{Reason: "试"}
	var made []estates.Item
	for i := range 6 {
		e := demoEstate(fmt.Sprintf("小区%d", i), 3000+100*i, 200, 150)
		e.DivisionCode = community
		item, err := kept.store.Create(t.Context(), w, e, because, today)
		if err != nil {
			t.Fatal(err)
		}
		made = append(made, item)
	}
	var last []estates.Standing
	for _, step := range []struct {
		name string
		do   func() error
	}{
		{"nothing", func() error { return nil }},
		{"again", func() error { return nil }},
		{"an estate", func() error {
			_, err := kept.store.Update(t.Context(), w, made[1].ID, 1, estates.Patch{Households: new(int)}, because, today)
			return err
		}},
		{"one less", func() error { return kept.store.Remove(t.Context(), w, made[2].ID, 1, because, today) }},
		{"one more", func() error {
			_, err := kept.store.Create(t.Context(), w, estates.Estate{Name: "小区0.5", Kind: estates.Built, DivisionCode: community}, because, today)
			return err
		}},
		{"a room of the ledger", func() error {
			_, err := premisesdb.New(db).Create(t.Context(), w, premises.Room{
				Name: "社区用房", DivisionCode: community, ApprovedUse: premises.PartyMass, PresentUse: premises.PartyMass, Area: 12_300_00, State: premises.HandedOver,
			}, because, today)
			return err
		}},
		{"which is an estate's own", func() error {
			rooms, err := premisesdb.New(db).All(t.Context(), w, premises.Filter{})
			if err != nil || len(rooms) != 1 {
				return fmt.Errorf("%d rooms: %w", len(rooms), err)
			}
			own := made[3].Rooms
			own[0].LedgerID = rooms[0].ID
			_, err = kept.store.Update(t.Context(), w, made[3].ID, 1, estates.Patch{Rooms: &own}, because, today)
			return err
		}},
	} {
		if err := step.do(); err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		got, err := kept.standings(ctx, "")
		if err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		want, err := fresh().standings(ctx, "")
		if err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		if d := cmp.Diff(want, got); d != "" || len(got) < 5 {
			t.Errorf("%s: %d estates, %s", step.name, len(got), d)
		}
		if changed := !cmp.Equal(got, last); changed == (step.name == "again") {
			t.Errorf("%s: changed: %v", step.name, changed)
		}
		last = got
	}
	before, err := kept.standings(ctx, "2026-11-26")
	if err != nil || len(before) != 0 {
		t.Errorf("the day before: %d, %v", len(before), err)
	}
	if _, err := kept.store.Some(t.Context(), postgres.System(state.Pack.AdCode, "test"), nil); err != nil {
		t.Error(err)
	}
}
