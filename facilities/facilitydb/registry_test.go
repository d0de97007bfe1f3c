package facilitydb_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/paulmach/orb"

	"yike/facilities"
	"yike/facilities/facilitydb"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
	"yike/internal/record"
)

// full is a facility of which everything is known.
func full() facilities.Facility {
	f := canteen(0)
	f.Type, f.Capacity = "elderly_centre", 89
	f.Stage, f.PlacedBy, f.PlaceConfidence = facilities.Draft, facilities.PlacedAddress, 72
	f.USCC, f.InstitutionCode, f.BureauNo, f.VerifiedOn = "91350100M000100Y43", "TJ-12", "西青-001", "2026-10-01"
	f.Fields = map[string]any{"beds": 40.0, "floor_area": 88.5, "operation_mode": "public", "functions": []string{"meals", "nursing"}}
	return f
}

// What a record holds comes back as it was written, from the table and from the history.
func TestEverythingIsKept(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	made, err := x.store.Create(t.Context(), x.planner, full(), because("登记"), today)
	if err != nil {
		t.Fatal(err)
	}
	want := facilities.Clean(full())
	ignore := cmpopts.IgnoreFields(facilities.Facility{}, "ID", "SourceID", "Version", "DivisionCode", "Edited", "ValidFrom")
	if d := cmp.Diff(want, made, ignore, cmpopts.EquateEmpty()); d != "" {
		t.Error(d)
	}
	x.update(t, made, facilities.Patch{Fields: map[string]any{"beds": 50, "operation_mode": nil}, Unplaced: ptr(true), VerifiedOn: ptr(record.Day(""))}, because("核实"), "2026-12-01")
	then, err := x.store.AsOf(t.Context(), x.planner, made.ID, record.At{Valid: today})
	if d := cmp.Diff(want, then, ignore, cmpopts.EquateEmpty()); d != "" || err != nil {
		t.Error(d, err)
	}
	now, err := x.store.ByID(t.Context(), x.planner, made.ID)
	if err != nil || !now.Unplaced || now.Point != (orb.Point{}) || now.PlacedBy != facilities.NotPlaced || now.PlaceConfidence != 0 ||
		now.DivisionCode != "990001001001" || now.VerifiedOn != "" || now.Fields["beds"] != 50.0 || len(now.Fields) != 3 {
		t.Errorf("%+v, %v", now, err)
	}
	list, err := x.store.HistoryOf(t.Context(), x.planner, made.ID)
	if err != nil {
		t.Fatal(err)
	}
	var changed []string
	for _, c := range list[0].Changes {
		changed = append(changed, fmt.Sprintf("%s %s→%s", c.Name, c.Before, c.After))
	}
	if d := cmp.Diff([]string{
		"lon 117.05→null", "lat 39.05→null", `placed_by "address"→""`, "place_confidence 72→0", `verified_on "2026-10-01"→null`,
		"fields.beds 40→50", `fields.operation_mode "public"→null`,
	}, changed); d != "" {
		t.Error(d)
	}
}

// Records that are not placed belong where they say, or to the authority itself.
func TestUnplaced(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	steward := dbtest.Person(t, x.db, adcode, "subdistrict_steward", "990001001")
	f := canteen(0)
	f.Unplaced, f.Point = true, orb.Point{}
	for code, want := range map[string]string{"": adcode, adcode: adcode, "990001001002": "990001001002"} {
		f.DivisionCode = code
		made, err := x.store.Create(t.Context(), x.planner, f, because("登记"), today)
		if err != nil || made.DivisionCode != want || !made.Unplaced {
			t.Errorf("%q: %+v, %v", code, made, err)
		}
	}
	f.DivisionCode = "990001009"
	if _, err := x.store.Create(t.Context(), x.planner, f, because("登记"), today); invalidFields(err) != "division_code" {
		t.Errorf("in a division that there is not: %v", err)
	}
	f.DivisionCode = "990001002"
	if _, err := x.store.Create(t.Context(), steward, f, because("登记"), today); !errors.Is(err, postgres.ErrForbidden) {
		t.Errorf("next door: %v", err)
	}
	f.DivisionCode = "990001001001"
	made, err := x.store.Create(t.Context(), steward, f, because("登记"), today)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := x.store.Update(t.Context(), steward, made.ID, 1, facilities.Patch{Lon: ptr(place(2)[0]), Lat: ptr(39.05)}, because("落图"), today); !errors.Is(err, postgres.ErrForbidden) {
		t.Errorf("placed next door: %v", err)
	}
	placed, err := x.store.Update(t.Context(), steward, made.ID, 1, facilities.Patch{Lon: ptr(place(1)[0]), Lat: ptr(39.05), PlacedBy: ptr(facilities.PlacedMap)}, because("落图"), today)
	if err != nil || placed.Unplaced || placed.DivisionCode != "990001001002" || placed.PlacedBy != facilities.PlacedMap {
		t.Errorf("placed: %+v, %v", placed, err)
	}
	if list, err := x.store.List(t.Context(), adcode); len(list) != 0 || err != nil {
		t.Errorf("%d are counted that are not placed or not published: %v", len(list), err)
	}
}

// Who may not publish submits; what is not published is for those who work on it.
func TestStages(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	steward := dbtest.Person(t, x.db, adcode, "subdistrict_steward", "990001001")
	neighbour := dbtest.Person(t, x.db, adcode, "subdistrict_steward", "990001002")
	reviewer := dbtest.Person(t, x.db, adcode, "estate_reviewer", "")
	create := func(w postgres.Writer, stage facilities.Stage) (facilities.Facility, error) {
		f := canteen(0)
		f.Stage = stage
		return x.store.Create(t.Context(), w, f, because("登记"), today)
	}
	for _, tc := range []struct {
		who         postgres.Writer
		asked, want facilities.Stage
	}{
		{x.planner, "", facilities.Published},
		{x.planner, facilities.Draft, facilities.Draft},
		{x.planner, facilities.Submitted, facilities.Submitted},
		{steward, "", facilities.Submitted},
		{steward, facilities.Draft, facilities.Draft},
		{steward, facilities.Submitted, facilities.Submitted},
	} {
		if f, err := create(tc.who, tc.asked); err != nil || f.Stage != tc.want {
			t.Errorf("%s asks for %q: %q, %v", tc.who.Who, tc.asked, f.Stage, err)
		}
	}
	if _, err := create(steward, facilities.Published); !errors.Is(err, postgres.ErrForbidden) {
		t.Errorf("a steward publishes at once: %v", err)
	}
	if _, err := create(x.planner, "done"); invalidFields(err) != "stage" {
		t.Errorf("an unknown stage: %v", err)
	}
	draft, err := create(steward, facilities.Draft)
	if err != nil {
		t.Fatal(err)
	}
	for who, sees := range map[*postgres.Writer]bool{&steward: true, &x.planner: true, &neighbour: false, &reviewer: false} {
		_, err := x.store.ByID(t.Context(), *who, draft.ID)
		if sees && err != nil || !sees && !errors.Is(err, facilitydb.ErrNotFound) {
			t.Errorf("%s looks at a draft: %v", who.Who, err)
		}
	}
	if _, err := x.store.Update(t.Context(), steward, draft.ID, 1, facilities.Patch{Stage: ptr(facilities.Published)}, because("发布"), today); !errors.Is(err, postgres.ErrForbidden) {
		t.Errorf("a steward publishes: %v", err)
	}
	var n int
	err = x.db.Write(t.Context(), steward, "past the store", func(tx *postgres.Tx) error {
		return tx.QueryRow(t.Context(), `UPDATE facility SET stage = 'published' WHERE id = $1 RETURNING 1`, draft.ID).Scan(&n)
	})
	if !errors.Is(err, postgres.ErrForbidden) {
		t.Errorf("a steward publishes past the store: %v", err)
	}
	if f := x.update(t, draft, facilities.Patch{Stage: ptr(facilities.Published)}, because("发布"), today); f.Stage != facilities.Published {
		t.Errorf("published: %+v", f)
	}
	if _, err := x.store.ByID(t.Context(), reviewer, draft.ID); err != nil {
		t.Errorf("a reviewer looks at what is published: %v", err)
	}
	// Whoever may write may go on mending what is published.
	if _, err := x.store.Update(t.Context(), steward, draft.ID, 2, facilities.Patch{Capacity: ptr(90)}, because("扩建"), today); err != nil {
		t.Error(err)
	}
}

// A code of another register is of one live record, and the fault says of which.
func TestCodesAreUnique(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	neighbour := dbtest.Person(t, x.db, adcode, "subdistrict_steward", "990001002")
	f := canteen(0)
	f.BureauNo, f.InstitutionCode, f.USCC, f.Stage = "a-1", "i-1", "91350100M000100Y43", facilities.Draft
	if _, err := x.store.Create(t.Context(), x.planner, f, because("登记"), today); err != nil {
		t.Fatal(err)
	}
	f.NameZH = "乙食堂"
	_, err := x.store.Create(t.Context(), x.planner, f, because("登记"), today)
	if invalidFields(err) != "bureau_no institution_code" || !strings.Contains(err.Error(), `"甲食堂"`) {
		t.Errorf("both codes again: %v", err)
	}
	f.BureauNo, f.InstitutionCode = "", ""
	other, err := x.store.Create(t.Context(), x.planner, f, because("登记"), today)
	if err != nil {
		t.Fatalf("the same operator: %v", err)
	}
	if _, err := x.store.Update(t.Context(), x.planner, other.ID, 1, facilities.Patch{InstitutionCode: ptr(" i-1 ")}, because("补码"), today); invalidFields(err) != "institution_code" {
		t.Errorf("by a change: %v", err)
	}
	// The neighbour does not see the draft and hears that there is one, not which.
	f = canteen(2)
	f.BureauNo = "A-1"
	if _, err := x.store.Create(t.Context(), neighbour, f, because("登记"), today); invalidFields(err) != "bureau_no" || strings.Contains(err.Error(), "甲食堂") {
		t.Errorf("of a record that is not seen: %v", err)
	}
	made, err := x.store.Create(t.Context(), neighbour, canteen(2), because("登记"), today)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []facilities.Patch{{BureauNo: ptr("A-1")}, {InstitutionCode: ptr("I-1")}} {
		if _, err := x.store.Update(t.Context(), neighbour, made.ID, 1, p, because("补码"), today); invalidFields(err) == "" || strings.Contains(err.Error(), "甲食堂") {
			t.Errorf("of a record that is not seen: %v", err)
		}
	}
	if f := x.update(t, other, facilities.Patch{BureauNo: ptr("a-2")}, because("补码"), today); f.BureauNo != "A-2" {
		t.Errorf("%+v", f)
	}
}
