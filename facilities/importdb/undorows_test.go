package importdb_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"yike/facilities"
	"yike/facilities/facilitydb"
	"yike/facilities/importdb"
	"yike/facilities/imports"
	"yike/internal/jobs"
	"yike/internal/postgres"
)

func (o office) undoRows(t *testing.T, w postgres.Writer, b imports.Batch, now time.Time, rows ...int) ([]importdb.RowUndone, error) {
	t.Helper()
	var out []importdb.RowUndone
	err := o.write(t, w, func(tx *postgres.Tx) error {
		var err error
		out, err = importdb.UndoRows(t.Context(), tx, b.ID, b.Version, rows, now)
		return err
	})
	return out, err
}

// undoAll reverses what is left of a batch, as its job does.
func (o office) undoAll(t *testing.T, b imports.Batch) imports.Batch {
	t.Helper()
	o.system(t, func(tx *postgres.Tx) error {
		for {
			c, more, err := importdb.LastChunk(t.Context(), tx, b.ID)
			if err != nil {
				return err
			}
			if !more {
				return importdb.UndoDone(t.Context(), tx, b.ID, map[string]int{}, true)
			}
			if _, err := importdb.UndoChunk(t.Context(), tx, b.ID, c, b.AskedBy); err != nil {
				return err
			}
		}
	})
	return o.read(t, b.ID)
}

// town is a batch of two chunks: rows 2 to 4 made three records, 5 changed one that was
// there, 6 made one in the east.
type town struct {
	office
	batch          imports.Batch
	a, b, c, e     facilities.Facility
	before, change facilities.Facility
}

func imported(t *testing.T) town {
	t.Helper()
	x := town{office: open(t)}
	x.a, x.b, x.c, x.e = canteen("甲", west), canteen("乙", west), canteen("丙", west), canteen("戊", east)
	x.c.Unplaced, x.c.PlacedBy, x.c.Point = true, "", [2]float64{}
	x.before = canteen("丁", west)
	x.system(t, func(tx *postgres.Tx) error {
		return facilitydb.InsertMany(t.Context(), tx, []facilities.Facility{x.before}, "2020-01-01")
	})
	x.before, _ = x.facility(t, x.before.ID)
	x.change = x.before
	x.change.NameZH, x.change.BureauNo = "丁改", "B丁改"
	x.batch = x.checked(t, x.bring(t, x.planner, sheet("甲")))
	x.taken(t, x.batch, false, 2, []facilities.Facility{x.a, x.b, x.c}, []facilitydb.Changed{{Before: x.before, After: x.change, From: today}})
	x.taken(t, x.batch, true, 6, []facilities.Facility{x.e}, nil)
	x.system(t, func(tx *postgres.Tx) error { // two more rows of which nothing is in the registry
		return importdb.KeepResults(t.Context(), tx, x.batch.ID, false, []imports.Result{{Row: 7, Outcome: imports.Wrong}, {Row: 8, Outcome: imports.Unchanged, Facility: x.a.ID}})
	})
	x.batch = x.read(t, x.batch.ID)
	return x
}

// TestSingleRowsAreReversed takes single rows back: what they made goes, what they changed
// is as before, what somebody changed since stays; and the undo of all takes the rest.
func TestSingleRowsAreReversed(t *testing.T) {
	t.Parallel()
	x := imported(t)
	now := days(x.batch, 1)
	x.edit(t, x.planner, x.b.ID, facilities.Patch{Address: ptr("花桥路 2 号")})
	got, err := x.undoRows(t, x.planner, x.batch, now, 5, 3, 2, 7, 8, 99)
	want := []importdb.RowUndone{{Row: 5, Undo: "restored"}, {Row: 3, Undo: "changed"}, {Row: 2, Undo: "removed"}, {Row: 7}, {Row: 8}, {Row: 99}}
	if d := cmp.Diff(want, got); d != "" || err != nil {
		t.Fatal(d, err)
	}
	if _, there := x.facility(t, x.a.ID); there {
		t.Error("what row 2 made is there still")
	}
	if f, _ := x.facility(t, x.b.ID); f.Address != "花桥路 2 号" {
		t.Error("what somebody changed since is gone")
	}
	if f, _ := x.facility(t, x.before.ID); len(facilities.Differences(x.before, f)) > 0 || f.ValidFrom != x.before.ValidFrom || f.Version != x.before.Version+2 {
		t.Errorf("not as before: %+v", f)
	}
	if _, there := x.facility(t, x.c.ID); !there {
		t.Error("a row that nobody asked for was reversed")
	}
	b := x.read(t, x.batch.ID)
	if d := cmp.Diff(map[string]int{"restored": 1, "changed": 1, "removed": 1}, b.Undone); d != "" || b.State != imports.Committed || b.UndoneAt != nil {
		t.Error(b.State, d)
	}
	// The same again does nothing: what was reversed is no row's any more.
	got, err = x.undoRows(t, x.planner, x.batch, now, 2, 5)
	if d := cmp.Diff([]importdb.RowUndone{{Row: 2}, {Row: 5}}, got); d != "" || err != nil {
		t.Error(d, err)
	}
	if f, _ := x.facility(t, x.before.ID); f.Version != x.before.Version+2 {
		t.Error("restored twice")
	}
	// What was restored may be changed again, and the undo of all leaves it alone.
	x.edit(t, x.planner, x.before.ID, facilities.Patch{NameZH: ptr("丁再改")})
	b = x.undoAll(t, b)
	if d := cmp.Diff(map[string]int{"restored": 1, "changed": 1, "removed": 3}, b.Undone); d != "" || b.State != imports.Undone {
		t.Error(b.State, d)
	}
	if f, _ := x.facility(t, x.before.ID); f.NameZH != "丁再改" {
		t.Errorf("%+v", f)
	}
	var entries int
	err = x.db.Pool().QueryRow(t.Context(), `SELECT count(*) FROM audit_entry WHERE action = 'facility.import.undo' AND subject_id = @id::text AND account_id = @who`,
		pgx.StrictNamedArgs{"id": b.ID, "who": x.planner.Account}).Scan(&entries)
	if err != nil || entries != 2 {
		t.Errorf("%d entries in the audit log, %v", entries, err)
	}
}

// TestWhoReversesRows holds that an undo of rows does no more than its asker may.
func TestWhoReversesRows(t *testing.T) {
	t.Parallel()
	x := imported(t)
	now := days(x.batch, 1)
	for name, tc := range map[string]struct {
		w    postgres.Writer
		want error
	}{"another's": {x.steward, importdb.ErrNotFound}, "who may not import": {x.reader, importdb.ErrNotFound}} {
		if _, err := x.undoRows(t, tc.w, x.batch, now, 2); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v; want %v", name, err, tc.want)
		}
	}
	// A steward's own batch, of which one record was moved to where the steward may nothing.
	mine, stays := canteen("己", west), canteen("庚", west)
	b := x.checked(t, x.bring(t, x.steward, sheet("己")))
	x.taken(t, b, true, 2, []facilities.Facility{mine, stays}, nil)
	b = x.read(t, b.ID)
	x.system(t, func(tx *postgres.Tx) error {
		_, err := tx.Exec(t.Context(), `UPDATE facility SET division_code = @east WHERE id = @id::uuid`, pgx.StrictNamedArgs{"east": east, "id": stays.ID})
		return err
	})
	got, err := x.undoRows(t, x.steward, b, now, 2, 3)
	if d := cmp.Diff([]importdb.RowUndone{{Row: 2, Undo: "removed"}, {Row: 3, Undo: "changed"}}, got); d != "" || err != nil {
		t.Error(d, err)
	}
}

// TestWhenRowsAreReversed holds the time and the states in which rows may be reversed.
func TestWhenRowsAreReversed(t *testing.T) {
	t.Parallel()
	x := imported(t)
	now := days(x.batch, 1)
	if _, err := x.undoRows(t, x.planner, x.batch, days(x.batch, importdb.UndoDays), 2); !errors.Is(err, importdb.ErrTooLate) {
		t.Errorf("after 30 days: %v", err)
	}
	old := x.batch
	old.Version--
	if _, err := x.undoRows(t, x.planner, old, now, 2); !errors.Is(err, postgres.ErrStale) {
		t.Errorf("another version: %v", err)
	}
	if _, err := x.undoRows(t, x.planner, imports.Batch{ID: uuid.NewString(), Version: 1}, now, 2); !errors.Is(err, importdb.ErrNotFound) {
		t.Errorf("no such batch: %v", err)
	}
	half := x.checked(t, x.bring(t, x.planner, sheet("壬")))
	if _, err := x.undoRows(t, x.planner, half, now, 2); !errors.Is(err, importdb.ErrState) {
		t.Errorf("one that was not taken: %v", err)
	}
	x.taken(t, half, false, 2, nil, nil)
	if _, err := x.undoRows(t, x.planner, x.read(t, half.ID), now, 2); !errors.Is(err, importdb.ErrState) {
		t.Errorf("one that is being taken: %v", err)
	}
	// A code that another record has by now is not given back.
	x.edit(t, x.planner, x.e.ID, facilities.Patch{BureauNo: &x.before.BureauNo})
	if got, err := x.undoRows(t, x.planner, x.batch, now, 5); err != nil || got[0].Undo != "changed" {
		t.Errorf("%+v, %v", got, err)
	}
	err := x.write(t, x.planner, func(tx *postgres.Tx) error {
		id, err := jobs.Ask(t.Context(), tx, jobs.Request{Kind: "facility_import_undo", Args: map[string]string{}})
		if err != nil {
			return err
		}
		return importdb.SetJob(t.Context(), tx, x.batch.ID, "undo_job", id)
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := x.undoRows(t, x.planner, x.batch, now, 2); !errors.Is(err, importdb.ErrBusy) {
		t.Errorf("while a job is under way: %v", err)
	}
	if f, there := x.facility(t, x.a.ID); !there || f.Version != 1 {
		t.Error("a refusal did something")
	}
}

// TestTheSameRowIsKnownAgain gives the records that rows of the same words became, but for
// what was reversed, and how far a batch is.
func TestTheSameRowIsKnownAgain(t *testing.T) {
	t.Parallel()
	x := open(t)
	a, b := canteen("甲", west), canteen("乙", west)
	first := x.checked(t, x.bring(t, x.planner, sheet("甲")))
	if last, done, err := importdb.TakenSoFar(t.Context(), x.db.Pool(), adcode, first.ID); last != 0 || len(done) > 0 || err != nil {
		t.Error(last, done, err)
	}
	results := x.taken(t, first, true, 2, []facilities.Facility{a, b}, nil)
	if last, done, err := importdb.TakenSoFar(t.Context(), x.db.Pool(), adcode, first.ID); last != 3 || done[imports.Create] != 2 || err != nil {
		t.Error(last, done, err)
	}
	if _, _, err := importdb.TakenSoFar(t.Context(), x.db.Pool(), adcode, uuid.NewString()); err == nil {
		t.Error("a batch that there is not is somewhere")
	}
	byID, byPrint, err := importdb.Touched(t.Context(), x.db.Pool(), adcode, first.ID, 2)
	if err != nil || byID[a.ID] != 2 || byPrint[results[0].Print] != 2 || len(byID) != 1 {
		t.Error(byID, byPrint, err)
	}
	known := func(batch string) map[string][]string {
		got, err := importdb.Known(t.Context(), x.db.Pool(), adcode, batch, []string{results[0].Print, results[1].Print, uuid.NewString()})
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	later := x.bring(t, x.planner, sheet("甲")).ID
	if d := cmp.Diff(map[string][]string{results[0].Print: {a.ID}, results[1].Print: {b.ID}}, known(later)); d != "" {
		t.Error(d)
	}
	if len(known(first.ID)) > 0 {
		t.Error("a batch knows its own rows again")
	}
	first = x.read(t, first.ID)
	if _, err := x.undoRows(t, x.planner, first, days(first, 1), 2); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(map[string][]string{results[1].Print: {b.ID}}, known(later)); d != "" {
		t.Error(d)
	}
}
