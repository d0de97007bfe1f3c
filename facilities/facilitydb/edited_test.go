package facilitydb_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"yike/facilities"
	"yike/internal/postgres"
)

// inLoad runs fn as a load does.
func (x fixture) inLoad(t *testing.T, fn func(tx pgx.Tx) error) {
	t.Helper()
	err := x.db.Write(t.Context(), postgres.System(adcode, "yike load"), "load", func(tx *postgres.Tx) error { return fn(tx) })
	if err != nil {
		t.Fatal(err)
	}
}

func (x fixture) replace(t *testing.T, list ...facilities.Facility) (postgres.Changes, []facilities.Facility) {
	t.Helper()
	var changes postgres.Changes
	var edited []facilities.Facility
	x.inLoad(t, func(tx pgx.Tx) error {
		var err error
		if changes, err = x.store.Replace(t.Context(), tx, adcode, list); err != nil {
			return err
		}
		edited, err = x.store.Edited(t.Context(), tx, adcode)
		return err
	})
	return changes, edited
}

func (x fixture) names(t *testing.T) map[string]string {
	t.Helper()
	list, err := x.store.List(t.Context(), adcode)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, f := range list {
		out[f.SourceID] = f.NameZH
	}
	return out
}

// TestLoadsLeaveWhatPeopleWrote holds that a replacement neither changes nor removes nor
// doubles what people own, and that it replaces the rest as ever.
func TestLoadsLeaveWhatPeopleWrote(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	pack := func(source, name string) facilities.Facility {
		f := canteen(0)
		f.SourceID, f.NameZH, f.DivisionCode = source, name, "990001001001"
		return f
	}
	x.replace(t, pack("a", "甲"), pack("b", "乙"), pack("c", "丙"))
	list, err := x.store.List(t.Context(), adcode)
	if err != nil || len(list) != 3 {
		t.Fatal(list, err)
	}
	own := x.create(t, 1)
	a := x.update(t, list[0], facilities.Patch{NameZH: ptr("甲改")}, because("更名"), today)
	b := x.update(t, list[1], facilities.Patch{NameZH: ptr("乙改")}, because("更名"), today)

	changes, edited := x.replace(t, pack("a", "甲新"), pack("c", "丙新"), pack("d", "丁"))
	if want := (postgres.Changes{Created: 1, Updated: 1, Kept: 3}); changes != want {
		t.Errorf("changes %+v, want %+v", changes, want)
	}
	if d := cmp.Diff([]facilities.Facility{a, b, own}, edited); d != "" {
		t.Errorf("what people own: %s", d)
	}
	want := map[string]string{"a": "甲改", "b": "乙改", "c": "丙新", "d": "丁", own.SourceID: "甲食堂"}
	if d := cmp.Diff(want, x.names(t)); d != "" {
		t.Error(d)
	}
	if changes, _ := x.replace(t, pack("a", "甲新"), pack("c", "丙新"), pack("d", "丁")); changes != (postgres.Changes{Unchanged: 2, Kept: 3}) {
		t.Errorf("the same again: %+v", changes)
	}
	if changes, _ := x.replace(t); changes != (postgres.Changes{Removed: 2, Kept: 3}) {
		t.Errorf("nothing: %+v", changes)
	}
	x.inLoad(t, func(tx pgx.Tx) error {
		changes, gone, err := x.store.RemoveAll(t.Context(), tx, adcode)
		if d := cmp.Diff([]facilities.Facility{a, b, own}, gone); d != "" || changes.Removed != 3 {
			t.Errorf("all taken away: %+v %s", changes, d)
		}
		return err
	})
	if left := x.names(t); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
	versions, err := x.store.HistoryOf(t.Context(), x.planner, a.ID)
	if err != nil || len(versions) != 2 || versions[0].Removed == nil || versions[0].Removed.Who != "yike load" {
		t.Errorf("the history of one that went: %+v, %v", versions, err)
	}
}

// TestSettle holds that what people wrote follows the divisions of a later load.
func TestSettle(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	moves, stays, falls := x.create(t, 0), x.create(t, 2), x.create(t, 3)
	var outside []facilities.Facility
	x.inLoad(t, func(tx pgx.Tx) error {
		_, err := tx.Exec(t.Context(), `
DELETE FROM division WHERE code = '990001';
UPDATE division SET code = '990001001009' WHERE code = '990001001001'`)
		if err != nil {
			return err
		}
		outside, err = x.store.Settle(t.Context(), tx, adcode)
		return err
	})
	if len(outside) != 1 || outside[0].ID != falls.ID || outside[0].DivisionCode != "990001" {
		t.Errorf("outside: %+v", outside)
	}
	for _, tc := range []struct {
		id, code string
		version  int
	}{{moves.ID, "990001001009", 2}, {stays.ID, "990001002", 1}, {falls.ID, "990001", 1}} {
		if f, err := x.store.ByID(t.Context(), x.planner, tc.id); err != nil || f.DivisionCode != tc.code || f.Version != tc.version || !f.Edited {
			t.Errorf("%+v, %v; want it in %s", f, err, tc.code)
		}
	}
	x.inLoad(t, func(tx pgx.Tx) error {
		if _, err := tx.Exec(t.Context(), `DELETE FROM division`); err != nil {
			return err
		}
		outside, err := x.store.Settle(t.Context(), tx, adcode)
		if len(outside) != 0 {
			t.Errorf("outside of no divisions: %+v", outside)
		}
		return err
	})
	if f, err := x.store.ByID(t.Context(), x.planner, moves.ID); err != nil || f.DivisionCode != adcode {
		t.Errorf("without divisions: %+v, %v", f, err)
	}
}
