package facilitydb_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"yike/facilities"
	"yike/facilities/facilitydb"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
)

// three are records with all that a record may have, one of them without a place.
func three() []facilities.Facility {
	id := func() string { return uuid.Must(uuid.NewV7()).String() }
	whole := facilities.Facility{
		ID: id(), SourceID: "s-1", Type: "elderly_canteen", NameZH: "甲", NameEN: "Jia", Status: facilities.Open, Stage: facilities.Submitted,
		Address: "花桥路 1 号", Capacity: 80, Serves: []string{"990001001001", "990001001002"}, DivisionCode: "990001001001", Point: place(0),
		PlacedBy: facilities.PlacedAddress, PlaceConfidence: 83, USCC: "91350100M000100Y43", InstitutionCode: "I1", BureauNo: "B1",
		Fields: map[string]any{"meals_per_day": 80.0, "contact_phone": "022"}, VerifiedOn: "2026-11-01",
	}
	bare := facilities.Facility{
		ID: id(), Type: "meal_point", NameZH: "乙", Status: facilities.Planned, Stage: facilities.Draft, DivisionCode: "990001001", Unplaced: true,
	}
	other := facilities.Facility{
		ID: id(), Type: "meal_point", NameZH: "丙", Status: facilities.Closed, Stage: facilities.Published, DivisionCode: "990001002", Point: place(2), PlacedBy: facilities.PlacedGiven, BureauNo: "B3",
	}
	return []facilities.Facility{whole, bare, other}
}

func (x fixture) writes(t *testing.T, w postgres.Writer, fn func(tx *postgres.Tx) error) error {
	t.Helper()
	return x.db.Write(t.Context(), w, "a test", fn)
}

func (x fixture) found(t *testing.T, by facilitydb.By, values ...string) []facilities.Facility {
	t.Helper()
	list, err := facilitydb.Find(t.Context(), x.db.Pool(), adcode, by, values)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// TestManyAtOnceAreAsEachAlone registers, finds, changes and refuses many records in one
// statement.
func TestManyAtOnceAreAsEachAlone(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	list := three()
	insert := func(w postgres.Writer, list ...facilities.Facility) error {
		return x.writes(t, w, func(tx *postgres.Tx) error { return facilitydb.InsertMany(t.Context(), tx, list, "2026-11-01") })
	}
	if err := insert(x.planner); err != nil {
		t.Errorf("none: %v", err)
	}
	if err := insert(x.planner, list...); err != nil {
		t.Fatal(err)
	}
	loose := cmpopts.IgnoreFields(facilities.Facility{}, "SourceID", "Version", "ValidFrom", "Edited", "Serves", "Fields", "ReplacedBy")
	for i, want := range list {
		got := x.found(t, facilitydb.ByIDs, want.ID)
		if len(got) != 1 {
			t.Fatalf("%d of %s", len(got), want.NameZH)
		}
		if d := cmp.Diff(want, got[0], loose); d != "" || got[0].Version != 1 || got[0].ValidFrom != "2026-11-01" || !got[0].Edited || !slices.Equal(got[0].Serves, want.Serves) {
			t.Errorf("%s: %+v %s", want.NameZH, got[0], d)
		}
		if source := x.found(t, facilitydb.BySource, got[0].SourceID); len(source) != 1 || i > 0 && got[0].SourceID != facilities.OwnSource+want.ID {
			t.Errorf("%s came from %q", want.NameZH, got[0].SourceID)
		}
	}
	for by, values := range map[facilitydb.By][]string{
		facilitydb.ByBureauNo: {"B1", "B3", "", "nobody's"}, facilitydb.ByInstitution: {"I1", ""}, facilitydb.ByUSCC: {"91350100M000100Y43", ""}, facilitydb.ByName: {"甲", "丙", "丁"},
	} {
		want := map[facilitydb.By]int{facilitydb.ByBureauNo: 2, facilitydb.ByInstitution: 1, facilitydb.ByUSCC: 1, facilitydb.ByName: 2}[by]
		if got := x.found(t, by, values...); len(got) != want {
			t.Errorf("%s: %d; want %d", by, len(got), want)
		}
	}
	if len(x.found(t, facilitydb.ByName)) > 0 {
		t.Error("no value finds something")
	}
	if _, err := facilitydb.Find(t.Context(), x.db.Pool(), adcode, "geom", []string{"x"}); err == nil {
		t.Error("any column is looked up")
	}
	// A code that another has, and a place where one may not write.
	twin := three()[0]
	twin.BureauNo, twin.SourceID, twin.InstitutionCode = "B3", "s-2", ""
	if err := insert(x.planner, twin); postgres.Code(err) != "23505" {
		t.Errorf("a number twice: %v", err)
	}
	steward := dbtest.Person(t, x.db, adcode, "subdistrict_steward", "990001001")
	foreign := three()[2]
	foreign.BureauNo, foreign.Stage = "B9", facilities.Submitted
	if err := insert(steward, foreign); !errors.Is(err, postgres.ErrForbidden) {
		t.Errorf("where one may not: %v", err)
	}
	bad := three()[1]
	bad.Fields = map[string]any{"x": func() {}}
	if err := insert(x.planner, bad); err == nil || !strings.Contains(err.Error(), "encode the fields") {
		t.Errorf("fields that JSON cannot say: %v", err)
	}
}

// TestManyAreChangedFromWhatWasRead changes records as they were read, all or none.
func TestManyAreChangedFromWhatWasRead(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	if err := x.writes(t, x.planner, func(tx *postgres.Tx) error { return facilitydb.InsertMany(t.Context(), tx, three(), "2026-11-01") }); err != nil {
		t.Fatal(err)
	}
	before := x.found(t, facilitydb.ByName, "甲", "乙", "丙")
	changed := func() []facilitydb.Changed {
		var out []facilitydb.Changed
		for _, f := range before {
			after := f
			after.NameZH += "改"
			after.ID, after.SourceID = "another", "another" // which a change does not change
			after.Unplaced, after.Point, after.PlacedBy = !f.Unplaced, orb.Point{}, ""
			if f.Unplaced {
				after.Point, after.PlacedBy, after.DivisionCode = place(1), facilities.PlacedMap, "990001001002"
			}
			out = append(out, facilitydb.Changed{Before: f, After: after, From: today})
		}
		return out
	}
	update := func(w postgres.Writer, list []facilitydb.Changed) error {
		return x.writes(t, w, func(tx *postgres.Tx) error { return facilitydb.UpdateMany(t.Context(), tx, list) })
	}
	if err := update(x.planner, nil); err != nil {
		t.Errorf("none: %v", err)
	}
	stale := changed()
	stale[1].Before.Version = 7
	if err := update(x.planner, stale); !errors.Is(err, postgres.ErrStale) {
		t.Errorf("one that somebody changed: %v", err)
	}
	if got := x.found(t, facilitydb.ByName, "甲改", "乙改", "丙改"); len(got) > 0 {
		t.Errorf("%d were changed all the same", len(got))
	}
	steward := dbtest.Person(t, x.db, adcode, "subdistrict_steward", "990001001")
	if err := update(steward, changed()); err == nil {
		t.Error("a steward changes the records of others")
	}
	if err := update(x.planner, changed()); err != nil {
		t.Fatal(err)
	}
	for _, f := range before {
		got := x.found(t, facilitydb.ByIDs, f.ID)[0]
		if got.NameZH != f.NameZH+"改" || got.Version != 2 || got.ValidFrom != today || got.Unplaced == f.Unplaced || got.SourceID != f.SourceID {
			t.Errorf("%+v", got)
		}
	}
}

// TestEachGivesEveryLiveRecord walks through all records but tombstones, and stops at the
// first error.
func TestEachGivesEveryLiveRecord(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	n := 0
	count := func(facilities.Facility) error { n++; return nil }
	if err := facilitydb.Each(t.Context(), x.db.Pool(), adcode, count); err != nil || n != 0 {
		t.Errorf("%d of none, %v", n, err)
	}
	list := three()
	list[2].ReplacedBy = []string{list[0].ID}
	if err := x.writes(t, x.planner, func(tx *postgres.Tx) error { return facilitydb.InsertMany(t.Context(), tx, list, "") }); err != nil {
		t.Fatal(err)
	}
	if err := facilitydb.Each(t.Context(), x.db.Pool(), adcode, count); err != nil || n != 2 {
		t.Errorf("%d, %v", n, err)
	}
	enough := errors.New("enough")
	n = 0
	err := facilitydb.Each(t.Context(), x.db.Pool(), adcode, func(facilities.Facility) error { n++; return enough })
	if !errors.Is(err, enough) || n != 1 {
		t.Errorf("%d, %v", n, err)
	}
}

// imported says that rows of an import wrote these records, or did otherwise with them.
func (x fixture) imported(t *testing.T, taken int, rows ...[3]string) string {
	t.Helper()
	id := uuid.Must(uuid.NewV7()).String()
	err := x.writes(t, postgres.System(adcode, "test"), func(tx *postgres.Tx) error {
		_, err := tx.Exec(t.Context(), `
INSERT INTO import_batch (adcode, id, division_code, file_name, file_size, sha256, state, source, profile, headers, mapping, options, row_count, asked_who)
VALUES (@adcode, @id, @adcode, '食堂.csv', 1, repeat('0', 64), 'committed', '{}', '{}', '', '{}', '{}', 9, 'test')`, pgx.StrictNamedArgs{"adcode": adcode, "id": id})
		if err != nil {
			return err
		}
		for i, r := range rows {
			_, err := tx.Exec(t.Context(), `INSERT INTO import_result (adcode, batch_id, number, outcome, facility_id, undo) VALUES (@adcode, @id, @n, @outcome, @facility, @undo)`,
				pgx.StrictNamedArgs{"adcode": adcode, "id": id, "n": i + 2, "facility": r[0], "outcome": r[1], "undo": r[2]})
			if err != nil {
				return err
			}
		}
		if taken == 0 {
			return nil
		}
		_, err = tx.Exec(t.Context(), `INSERT INTO import_chunk (adcode, batch_id, first_row, last_row, counts) VALUES (@adcode, @id, 2, @last, '{}')`,
			pgx.StrictNamedArgs{"adcode": adcode, "id": id, "last": taken + 1})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// TestOfAnImport lists what an import wrote, and nothing that it only looked at.
func TestOfAnImport(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	made := x.register(t, various()...)
	batch := x.imported(t, 5, [3]string{made[0].ID, "create"}, [3]string{made[3].ID, "unplaced"}, [3]string{made[2].ID, "update", "restored"},
		[3]string{made[4].ID, "unchanged"}, [3]string{made[1].ID, "update", "changed"}, [3]string{made[4].ID, "update"})
	tried := x.imported(t, 0, [3]string{made[0].ID, "update"}, [3]string{made[3].ID, "update"})
	p := facilities.Page{Limit: 2, Sort: facilities.ByName}
	for name, tc := range map[string]struct {
		w     postgres.Writer
		batch string
		want  string
	}{
		"what it wrote": {x.planner, batch, "A B C"}, "what was only tried": {x.planner, tried, ""}, "no such import": {x.planner, uuid.NewString(), ""}, "no id": {x.planner, "1 OR 1=1", ""},
		"who may not import": {dbtest.Person(t, x.db, adcode, "read_only", ""), batch, ""},
	} {
		if got := x.listed(t, tc.w, facilities.Filter{Batch: tc.batch}, p); got != tc.want {
			t.Errorf("%s: %q; want %q", name, got, tc.want)
		}
	}
	if got := x.listed(t, x.planner, facilities.Filter{Batch: batch, Types: []facilities.Type{"elderly_canteen"}}, p); got != "B C" {
		t.Errorf("of a type: %q", got)
	}
}

// TestWhatWaitsForAPosition pages through the records without one, by what is known of
// them, as far as one may see them.
func TestWhatWaitsForAPosition(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	list := []facilities.Facility{}
	for i, name := range []string{"一号", "二号", "三号", "四号", "五号"} {
		f := three()[1]
		f.NameZH, f.Address, f.DivisionCode = name, "Huaqiao Road "+name, []string{"990001001001", "990001001002", "990001002"}[i%3]
		if i == 3 {
			f.Type, f.Stage = "elderly_canteen", facilities.Published
		}
		list = append(list, f)
	}
	gone := three()[1]
	gone.ReplacedBy = []string{list[0].ID}
	err := x.writes(t, x.planner, func(tx *postgres.Tx) error {
		return facilitydb.InsertMany(t.Context(), tx, append(slices.Clone(list), gone, three()[2]), today)
	})
	if err != nil {
		t.Fatal(err)
	}
	batch := x.imported(t, 2, [3]string{list[0].ID, "unplaced"}, [3]string{list[1].ID, "unchanged"}, [3]string{list[2].ID, "unplaced"})
	for name, tc := range map[string]struct {
		w     postgres.Writer
		f     facilitydb.UnplacedFilter
		total int
		names string
	}{
		"all":                {x.planner, facilitydb.UnplacedFilter{Limit: 9}, 5, "一号 二号 三号 四号 五号"},
		"a page":             {x.planner, facilitydb.UnplacedFilter{Limit: 2}, 5, "一号 二号"},
		"the next":           {x.planner, facilitydb.UnplacedFilter{Limit: 2, After: list[1].ID}, 5, "三号 四号"},
		"past the end":       {x.planner, facilitydb.UnplacedFilter{Limit: 2, After: list[4].ID}, 5, ""},
		"of a division":      {x.planner, facilitydb.UnplacedFilter{Limit: 9, Division: "990001001"}, 4, "一号 二号 四号 五号"},
		"of a type":          {x.planner, facilitydb.UnplacedFilter{Limit: 9, Type: "elderly_canteen"}, 1, "四号"},
		"by a name":          {x.planner, facilitydb.UnplacedFilter{Limit: 9, Text: " 三号 "}, 1, "三号"},
		"by an address":      {x.planner, facilitydb.UnplacedFilter{Limit: 9, Text: "huaqiao ROAD 二"}, 1, "二号"},
		"a wild card":        {x.planner, facilitydb.UnplacedFilter{Limit: 9, Text: "%"}, 0, ""},
		"of an import":       {x.planner, facilitydb.UnplacedFilter{Limit: 9, Batch: batch}, 1, "一号"},
		"of no import":       {x.planner, facilitydb.UnplacedFilter{Limit: 9, Batch: uuid.NewString()}, 0, ""},
		"of what is no id":   {x.planner, facilitydb.UnplacedFilter{Limit: 9, Batch: "x"}, 0, ""},
		"behind no id":       {x.planner, facilitydb.UnplacedFilter{Limit: 9, After: "x"}, 0, ""},
		"what a reader sees": {dbtest.Person(t, x.db, adcode, "read_only", ""), facilitydb.UnplacedFilter{Limit: 9}, 1, "四号"},
	} {
		got, total, err := x.store.Unplaced(t.Context(), tc.w, tc.f)
		var names []string
		for _, f := range got {
			names = append(names, f.NameZH)
		}
		if err != nil || total != tc.total || strings.Join(names, " ") != tc.names {
			t.Errorf("%s: %v of %d, %v; want %s of %d", name, names, total, err, tc.names, tc.total)
		}
	}
}
