package facilitydb_test

import (
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"yike/facilities"
	"yike/facilities/facilitydb"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
)

// TestFind holds that each column finds records that live and tombstones, each once and in
// the order of their ids, however often a value is asked for.
func TestFind(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	planner := dbtest.Person(t, db, adcode, "planner", "")
	id := func() string {
		v, err := uuid.NewV7()
		if err != nil {
			t.Fatal(err)
		}
		return v.String()
	}
	canteen := func(id, name, no string, replaced ...string) facilities.Facility {
		return facilities.Facility{
			ID: id, SourceID: "s-" + id, Type: "elderly_canteen", NameZH: name, Status: facilities.Open, Stage: facilities.Published, DivisionCode: "990001001001",
			Point: orb.Point{117.1, 39.05}, PlacedBy: facilities.PlacedGiven, BureauNo: no, InstitutionCode: "I" + no, USCC: "U" + no, ReplacedBy: replaced,
		}
	}
	a, b, c, bare := id(), id(), id(), id()
	none := canteen(bare, "甲", "")
	none.InstitutionCode, none.USCC = "", ""
	list := []facilities.Facility{canteen(a, "甲", "1", b), canteen(b, "乙", "1"), canteen(c, "甲", "2"), none}
	err := db.Write(t.Context(), postgres.System(planner.AdCode, "test"), "some records", func(tx *postgres.Tx) error {
		return facilitydb.InsertMany(t.Context(), tx, list, "2026-01-01")
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		by     facilitydb.By
		values []string
		want   []string
	}{
		{facilitydb.ByIDs, []string{c, a, c, id()}, []string{a, c}},
		{facilitydb.ByBureauNo, []string{"1", "1"}, []string{a, b}},
		{facilitydb.ByBureauNo, []string{"2", "3", "", "1"}, []string{a, b, c}},
		{facilitydb.ByInstitution, []string{"I1", ""}, []string{a, b}},
		{facilitydb.ByUSCC, []string{"U2", ""}, []string{c}},
		{facilitydb.BySource, []string{"s-" + a, "s-" + b}, []string{a, b}},
		{facilitydb.ByName, []string{"甲"}, []string{a, c, bare}},
		{facilitydb.ByName, nil, nil},
	} {
		for _, q := range []string{planner.AdCode, "990009"} {
			found, err := facilitydb.Find(t.Context(), db.Pool(), q, tc.by, tc.values)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range found {
				got = append(got, f.ID)
			}
			want := tc.want
			if q != planner.AdCode {
				want = nil
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s by %s %v: %v; want %v", q, tc.by, tc.values, got, want)
			}
		}
	}
	if _, err := facilitydb.Find(t.Context(), db.Pool(), planner.AdCode, "address", []string{"x"}); err == nil {
		t.Error("a column that nobody finds by was taken")
	}
	if _, err := facilitydb.Find(t.Context(), db.Pool(), planner.AdCode, facilitydb.ByIDs, []string{"x"}); err == nil {
		t.Error("an id that is none was taken")
	}
}
