package facilitydb_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"yike/facilities"
	"yike/facilities/facilitydb"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
	"yike/internal/record"
)

// deeds are what the audit log calls what was done to a record, the first first.
func (x fixture) deeds(t *testing.T, id string) string {
	t.Helper()
	rows, err := x.db.Pool().Query(t.Context(), `
SELECT n ->> 'action' FROM audit_entry AS e, jsonb_array_elements(e.detail -> 'notes') AS n WHERE n ->> 'id' = $1 AND outcome = 'done' ORDER BY e.at, e.id`, id)
	if err != nil {
		t.Fatal(err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(list, " ")
}

func seen(f facilities.Facility) facilitydb.Seen {
	return facilitydb.Seen{ID: f.ID, Version: f.Version}
}

// A record goes from its draft to its end by the steps there are, each in the log by its
// name.
func TestLife(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	steward := dbtest.Person(t, x.db, adcode, "subdistrict_steward", "990001001")
	f := canteen(0)
	f.Stage, f.Status, f.Capacity = facilities.Draft, facilities.Planned, 0
	now, err := x.store.Create(t.Context(), steward, f, because("立项"), today)
	if err != nil {
		t.Fatal(err)
	}
	step := func(who postgres.Writer, p facilities.Patch, c record.Change, want string) {
		t.Helper()
		after, err := x.store.Update(t.Context(), who, now.ID, now.Version, p, c, today)
		if got := invalidFields(err); err != nil && got != want || err == nil && want != "" {
			t.Errorf("got %v, want %q", err, want)
		}
		if err == nil {
			now = after
		}
	}
	step(steward, facilities.Patch{Stage: ptr(facilities.Submitted)}, because("提交"), "")
	step(x.planner, facilities.Patch{Stage: ptr(facilities.Draft)}, because("地址不全，退回"), "")
	step(steward, facilities.Patch{Stage: ptr(facilities.Submitted), Address: ptr("花桥路 1 号院内")}, because("补全"), "")
	step(x.planner, facilities.Patch{Stage: ptr(facilities.Published)}, because("发布"), "fields.meals_per_day")
	step(x.planner, facilities.Patch{Stage: ptr(facilities.Published), Capacity: ptr(80)}, because("发布"), "")
	step(steward, facilities.Patch{Status: ptr(facilities.Suspended)}, because("停"), "status")
	step(steward, facilities.Patch{Status: ptr(facilities.Building)}, because("开工"), "")
	step(steward, facilities.Patch{Status: ptr(facilities.Open)}, because("开业"), "")
	step(steward, facilities.Patch{Status: ptr(facilities.Planned)}, because("误"), "status")
	step(steward, facilities.Patch{Status: ptr(facilities.Building)}, record.Change{Reason: "登记有误，仍在建", Correction: true}, "")
	step(steward, facilities.Patch{Status: ptr(facilities.Open)}, because("开业"), "")
	step(steward, facilities.Patch{Status: ptr(facilities.Closed)}, because("关停"), "")
	step(steward, facilities.Patch{Status: ptr(facilities.Open)}, because(" "), "reason")
	step(steward, facilities.Patch{Status: ptr(facilities.Open)}, because("重新开放"), "")
	step(x.planner, facilities.Patch{Stage: ptr(facilities.Submitted)}, because("退"), "stage")
	if _, err := x.store.Update(t.Context(), steward, now.ID, now.Version, facilities.Patch{Stage: ptr(facilities.Draft)}, because("撤回"), today); !errors.Is(err, postgres.ErrForbidden) {
		t.Errorf("a steward withdraws what is published: %v", err)
	}
	step(x.planner, facilities.Patch{Stage: ptr(facilities.Draft)}, because("撤回"), "")
	const want = "facility.create facility.submit facility.return facility.submit facility.publish facility.update facility.update facility.update" +
		" facility.update facility.update facility.update facility.withdraw"
	if got := x.deeds(t, now.ID); got != want {
		t.Errorf("the log says %s", got)
	}
}

// What lacks a field that publishing needs is registered as submitted, unless it is asked
// to be published.
func TestRegisterWhatCannotBePublished(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	f := canteen(0)
	f.Capacity = 0
	made, err := x.store.Create(t.Context(), x.planner, f, because("登记"), today)
	if err != nil || made.Stage != facilities.Submitted {
		t.Errorf("%+v, %v", made, err)
	}
	f.Stage = facilities.Published
	if _, err := x.store.Create(t.Context(), x.planner, f, because("登记"), today); invalidFields(err) != "fields.meals_per_day" {
		t.Errorf("asked to be published: %v", err)
	}
}

func TestVerify(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	steward := dbtest.Person(t, x.db, adcode, "subdistrict_steward", "990001001")
	f := x.create(t, 0)
	for _, tc := range []struct {
		day  record.Day
		want string
	}{{"2026-11-28", "day"}, {"", "day"}, {"soon", "day"}} {
		if _, err := x.store.Verify(t.Context(), steward, f.ID, 1, tc.day, "现场核实", today); invalidFields(err) != tc.want {
			t.Errorf("on %q: %v", tc.day, err)
		}
	}
	steward.Key, steward.RequestHash = "v", []byte{1}
	var last facilities.Facility
	for range 2 {
		got, err := x.store.Verify(t.Context(), steward, f.ID, 1, "2026-11-26", "现场核实", today)
		if err != nil || got.Version != 2 || got.VerifiedOn != "2026-11-26" || got.Capacity != 80 {
			t.Fatalf("%+v, %v", got, err)
		}
		last = got
	}
	steward.Key = ""
	if _, err := x.store.Verify(t.Context(), steward, f.ID, 2, "2026-11-25", "补记", today); invalidFields(err) != "day" {
		t.Errorf("before it was: %v", err)
	}
	if same, err := x.store.Verify(t.Context(), steward, f.ID, 2, "2026-11-26", "又", today); err != nil || same.Version != last.Version {
		t.Errorf("on the same day: %+v, %v", same, err)
	}
	if _, err := x.store.Verify(t.Context(), steward, f.ID, 1, today, "又", today); !errors.Is(err, postgres.ErrStale) {
		t.Errorf("of a former version: %v", err)
	}
	if _, err := x.store.Verify(t.Context(), steward, x.create(t, 2).ID, 1, today, "又", today); !errors.Is(err, postgres.ErrForbidden) {
		t.Errorf("next door: %v", err)
	}
	if got := x.deeds(t, f.ID); got != "facility.create facility.verify" {
		t.Errorf("the log says %s", got)
	}
}

func TestMerge(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	f := canteen(0)
	f.NameZH, f.BureauNo, f.InstitutionCode, f.Serves = "甲食堂（旧）", "G-1", "GI", []string{"990001001002"}
	gone := x.register(t, f)[0]
	f = canteen(1)
	f.BureauNo = "I-1"
	into := x.register(t, f)[0]
	x.planner.Key, x.planner.RequestHash = "m", []byte{1}
	merge := func() facilities.Facility {
		t.Helper()
		kept, err := x.store.Merge(t.Context(), x.planner, seen(gone), seen(into), facilities.Merge{Take: []string{facilities.Placement, "fields.meals_per_day"}, Reason: "重复登记"}, today)
		if err != nil {
			t.Fatal(err)
		}
		return kept
	}
	kept := merge()
	want := into
	want.Version, want.Point, want.DivisionCode, want.InstitutionCode, want.Serves = 2, place(0), "990001001001", "GI", []string{"990001001001", "990001001002"}
	if d := cmp.Diff(want, kept) + cmp.Diff(kept, merge()); d != "" {
		t.Error(d)
	}
	x.planner.Key = ""
	tombstone, err := x.store.ByID(t.Context(), x.planner, gone.ID)
	if err != nil || !cmp.Equal(tombstone.ReplacedBy, []string{into.ID}) || tombstone.Status != facilities.Closed || tombstone.BureauNo != "G-1" || tombstone.Version != 2 {
		t.Errorf("the tombstone: %+v, %v", tombstone, err)
	}
	if got := x.listed(t, x.planner, facilities.Filter{}, facilities.Page{Limit: 9}); got != "甲食堂" {
		t.Errorf("listed: %s", got)
	}
	if got := x.listed(t, x.planner, facilities.Filter{Tombstones: true}, facilities.Page{Limit: 9}); got != "甲食堂（旧） 甲食堂" {
		t.Errorf("listed with tombstones: %s", got)
	}
	if got := x.deeds(t, gone.ID) + ", " + x.deeds(t, into.ID); got != "facility.create facility.merge, facility.create facility.merge" {
		t.Errorf("the log says %s", got)
	}
	var replaced *facilitydb.ReplacedError
	other := x.register(t, canteen(2))[0]
	for name, do := range map[string]func() error{
		"change": func() error {
			_, err := x.store.Update(t.Context(), x.planner, gone.ID, 2, facilities.Patch{Capacity: ptr(1)}, because("a"), today)
			return err
		},
		"verify": func() error {
			_, err := x.store.Verify(t.Context(), x.planner, gone.ID, 2, today, "a", today)
			return err
		},
		"merge": func() error {
			_, err := x.store.Merge(t.Context(), x.planner, seen(tombstone), seen(other), facilities.Merge{Reason: "a"}, today)
			return err
		},
		"split": func() error {
			_, err := x.store.Split(t.Context(), x.planner, seen(tombstone), make([]facilities.Patch, 2), "a", today)
			return err
		},
	} {
		if err := do(); !errors.As(err, &replaced) || replaced.Name != "甲食堂（旧）" || !cmp.Equal(replaced.By, []string{into.ID}) {
			t.Errorf("%s a tombstone: %v", name, err)
		}
	}
	// Its code is free for the record that took its place, and for nobody's second one.
	if _, err := x.store.Update(t.Context(), x.planner, into.ID, 2, facilities.Patch{BureauNo: ptr("G-1")}, because("沿用旧号"), today); err != nil {
		t.Error(err)
	}
}

func TestMergesThatAreNotTaken(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	steward := dbtest.Person(t, x.db, adcode, "subdistrict_steward", "990001001")
	draft := canteen(0)
	draft.Stage = facilities.Draft
	list := x.register(t, canteen(0), canteen(1), canteen(2), draft)
	gone, into, next, unpublished := list[0], list[1], list[2], list[3]
	for _, tc := range []struct {
		name       string
		who        postgres.Writer
		gone, into facilitydb.Seen
		merge      facilities.Merge
		want       string
		is         error
	}{
		{"into itself", steward, seen(gone), seen(gone), facilities.Merge{Reason: "a"}, "into", nil},
		{"into nothing", steward, seen(gone), facilitydb.Seen{ID: "x", Version: 1}, facilities.Merge{Reason: "a"}, "into", nil},
		{"into a draft", steward, seen(gone), seen(unpublished), facilities.Merge{Reason: "a"}, "into", nil},
		{"into a former version", steward, seen(gone), facilitydb.Seen{ID: into.ID, Version: 7}, facilities.Merge{Reason: "a"}, "into_version", nil},
		{"for no reason", steward, seen(gone), seen(into), facilities.Merge{}, "reason", nil},
		{"with what there is not", steward, seen(gone), seen(into), facilities.Merge{Take: []string{"colour"}, Reason: "a"}, "take", nil},
		{"of a former version", steward, facilitydb.Seen{ID: gone.ID, Version: 7}, seen(into), facilities.Merge{Reason: "a"}, "", postgres.ErrStale},
		{"of nothing", steward, facilitydb.Seen{ID: "x", Version: 1}, seen(into), facilities.Merge{Reason: "a"}, "", facilitydb.ErrNotFound},
		{"into next door", steward, seen(gone), seen(next), facilities.Merge{Reason: "a"}, "", postgres.ErrForbidden},
		{"from next door", steward, seen(next), seen(into), facilities.Merge{Reason: "a"}, "", postgres.ErrForbidden},
	} {
		_, err := x.store.Merge(t.Context(), tc.who, tc.gone, tc.into, tc.merge, today)
		if tc.want != "" && invalidFields(err) != tc.want || tc.is != nil && !errors.Is(err, tc.is) {
			t.Errorf("%s: %v", tc.name, err)
		}
	}
	if l, err := x.store.Query(t.Context(), x.planner, facilities.Filter{Tombstones: true}, facilities.Page{Limit: 9}, record.At{}, today); err != nil || len(l.Facilities) != 4 {
		t.Errorf("%d left, %v", len(l.Facilities), err)
	} else {
		for _, f := range l.Facilities {
			if f.Version != 1 {
				t.Errorf("changed: %+v", f)
			}
		}
	}
	if _, err := x.store.Merge(t.Context(), steward, seen(gone), seen(into), facilities.Merge{Reason: "重复"}, today); err != nil {
		t.Errorf("at home: %v", err)
	}
}

func TestSplit(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	f := canteen(0)
	f.BureauNo, f.InstitutionCode, f.USCC, f.VerifiedOn = "S-1", "SI", "91350100M000100Y43", "2026-10-01"
	from := x.register(t, f)[0]
	parts := []facilities.Patch{
		{NameZH: ptr("甲食堂一部"), BureauNo: ptr("s-1"), Capacity: ptr(50)},
		{NameZH: ptr("甲食堂二部"), Lon: ptr(place(1)[0]), PlacedBy: ptr(facilities.PlacedMap), Capacity: ptr(30)},
	}
	x.planner.Key, x.planner.RequestHash = "s", []byte{1}
	var made []facilities.Facility
	for i := range 2 {
		got, err := x.store.Split(t.Context(), x.planner, seen(from), parts, "分为两处", today)
		if err != nil || len(got) != 2 || i == 1 && !cmp.Equal(made, got) {
			t.Fatalf("%+v, %v", got, err)
		}
		made = got
	}
	x.planner.Key = ""
	if a, b := made[0], made[1]; a.NameZH != "甲食堂一部" || a.BureauNo != "S-1" || a.Capacity != 50 || a.Fields["meals_per_day"] != 50.0 || a.Stage != facilities.Published ||
		a.DivisionCode != "990001001001" || a.USCC != from.USCC || a.InstitutionCode != "" || a.VerifiedOn != "" || !a.Edited ||
		b.DivisionCode != "990001001002" || b.BureauNo != "" || b.Address != from.Address || b.PlacedBy != facilities.PlacedMap {
		t.Errorf("%+v\n%+v", a, b)
	}
	tombstone, err := x.store.ByID(t.Context(), x.planner, from.ID)
	if err != nil || !cmp.Equal(tombstone.ReplacedBy, []string{made[0].ID, made[1].ID}) || tombstone.Status != facilities.Closed {
		t.Errorf("%+v, %v", tombstone, err)
	}
	if got := x.deeds(t, from.ID) + ", " + x.deeds(t, made[1].ID); got != "facility.create facility.split, facility.split" {
		t.Errorf("the log says %s", got)
	}
}

func TestSplitsThatAreNotTaken(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	steward := dbtest.Person(t, x.db, adcode, "subdistrict_steward", "990001001")
	draft := canteen(0)
	draft.Stage, draft.BureauNo = facilities.Draft, "D"
	list := x.register(t, canteen(0), draft)
	published, work := list[0], list[1]
	two := make([]facilities.Patch, 2)
	for _, tc := range []struct {
		name  string
		who   postgres.Writer
		seen  facilitydb.Seen
		parts []facilities.Patch
		why   string
		want  string
		is    error
	}{
		{"into one", steward, seen(work), two[:1], "a", "parts", nil},
		{"into many", steward, seen(work), make([]facilities.Patch, facilities.MostParts+1), "a", "parts", nil},
		{"for no reason", steward, seen(work), two, "", "reason", nil},
		{"with faults", steward, seen(work), []facilities.Patch{{NameZH: ptr("")}, {Lon: ptr(200.0)}}, "a", "parts/0/name_zh parts/1/lon", nil},
		{"with a code twice", steward, seen(work), []facilities.Patch{{BureauNo: ptr("D")}, {BureauNo: ptr("D")}}, "a", "parts/1/bureau_no", nil},
		{"what is published, by who may not", steward, seen(published), two, "a", "", postgres.ErrForbidden},
		{"into next door", steward, seen(work), []facilities.Patch{{}, {Lon: ptr(place(2)[0])}}, "a", "", postgres.ErrForbidden},
		{"of a former version", steward, facilitydb.Seen{ID: work.ID, Version: 3}, two, "a", "", postgres.ErrStale},
	} {
		_, err := x.store.Split(t.Context(), tc.who, tc.seen, tc.parts, tc.why, today)
		if tc.want != "" && invalidFields(err) != tc.want || tc.is != nil && !errors.Is(err, tc.is) {
			t.Errorf("%s: %v", tc.name, err)
		}
	}
	if got := x.listed(t, steward, facilities.Filter{Tombstones: true}, facilities.Page{Limit: 9}); got != "甲食堂 甲食堂" {
		t.Errorf("left behind: %s", got)
	}
	nowhere := facilities.Patch{Unplaced: ptr(true)}
	got, err := x.store.Split(t.Context(), steward, seen(work), []facilities.Patch{nowhere, {}}, "分为两处", today)
	if err != nil || !got[0].Unplaced || got[0].DivisionCode != "990001001001" || got[0].Point != (orb.Point{}) {
		t.Errorf("%+v, %v", got, err)
	}
}
