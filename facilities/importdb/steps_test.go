package importdb_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"yike/facilities/importdb"
	"yike/facilities/imports"
	"yike/internal/jobs"
	"yike/internal/postgres"
)

// TestOneBatchAndAnother holds what is kept of single batches, which know nothing of one
// another: one district does for all.
func TestOneBatchAndAnother(t *testing.T) {
	t.Parallel()
	o := open(t)
	for name, hold := range map[string]func(*testing.T, office){
		"the same file is told of":                  theSameFileIsToldOf,
		"mappings are kept by name":                 mappingsAreKeptByName,
		"what is said of a batch":                   whatIsSaidOfABatch,
		"steps need their state":                    stepsNeedTheirState,
		"a check of another version counts nothing": aCheckOfAnotherVersionCountsNothing,
		"decisions hold for the same row":           decisionsHoldForTheSameRow,
		"rows are stored and looked at":             rowsAreStoredAndLookedAt,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			hold(t, o)
		})
	}
}

func (o office) apply(t *testing.T, w postgres.Writer, id string, expected int, c importdb.Change) (imports.Batch, error) {
	t.Helper()
	var b imports.Batch
	err := o.write(t, w, func(tx *postgres.Tx) error {
		var err error
		b, err = importdb.Apply(t.Context(), tx, id, expected, c)
		return err
	})
	return b, err
}

// whatIsSaidOfABatch changes mapping, options and the reading, by the version that was
// seen, and not once rows were taken.
func whatIsSaidOfABatch(t *testing.T, o office) {
	t.Helper()
	b := o.bring(t, o.planner, sheet("甲", "乙"))
	options := b.Options
	options.Reason = "季度更新"
	b, err := o.apply(t, o.planner, b.ID, b.Version, importdb.Change{Options: &options})
	if err != nil || b.State != imports.Mapped || b.Version != 2 || b.Options.Reason != "季度更新" {
		t.Fatalf("%+v, %v", b, err)
	}
	read := sheet("丙").Profile
	b, err = o.apply(t, o.planner, b.ID, b.Version, importdb.Change{Source: []byte(`{"chosen":{"table":"二"}}`), Profile: &read, Headers: "h2"})
	if err != nil || b.State != imports.Uploaded || b.Headers != "h2" || b.RowCount != 1 || b.Options.Reason != "季度更新" {
		t.Fatalf("%+v, %v", b, err)
	}
	if kept := o.read(t, b.ID); kept.Version != b.Version || kept.Headers != "h2" {
		t.Errorf("%+v", kept)
	}
	var stale *postgres.StaleError
	if _, err := o.apply(t, o.planner, b.ID, 1, importdb.Change{}); !errors.As(err, &stale) || stale.Current != b.Version {
		t.Errorf("%v", err)
	}
	for name, tc := range map[string]struct {
		w    postgres.Writer
		id   string
		want error
	}{
		"no such batch": {o.planner, uuid.NewString(), importdb.ErrNotFound}, "no id": {o.planner, "x", importdb.ErrNotFound},
		"another's": {o.steward, b.ID, importdb.ErrNotFound}, "no right": {o.reader, b.ID, postgres.ErrForbidden},
	} {
		if _, err := o.apply(t, tc.w, tc.id, b.Version, importdb.Change{}); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v; want %v", name, err, tc.want)
		}
	}
	b = o.checked(t, b)
	o.taken(t, b, true, 2, nil, nil)
	if _, err := o.apply(t, o.planner, b.ID, b.Version, importdb.Change{}); !errors.Is(err, importdb.ErrState) {
		t.Errorf("a batch that was taken is changed: %v", err)
	}
}

// stepsNeedTheirState holds when a check, a taking and an undo may be asked for.
func stepsNeedTheirState(t *testing.T, o office) {
	t.Helper()
	now := time.Now()
	begin := func(w postgres.Writer, b imports.Batch, step string, expected int, at time.Time) error {
		return o.write(t, w, func(tx *postgres.Tx) error {
			_, err := importdb.Begin(t.Context(), tx, b.ID, step, expected, at)
			return err
		})
	}
	holds := func(b imports.Batch, at time.Time, want map[string]error) {
		t.Helper()
		for step, err := range want {
			if got := begin(o.planner, b, step, b.Version, at); !errors.Is(got, err) {
				t.Errorf("%s while it is %s: %v; want %v", step, b.State, got, err)
			}
		}
	}
	b := o.bring(t, o.planner, sheet("甲"))
	holds(b, now, map[string]error{"check": importdb.ErrState, "commit": importdb.ErrState, "undo": importdb.ErrState, "dance": importdb.ErrState})
	b, err := o.apply(t, o.planner, b.ID, b.Version, importdb.Change{})
	if err != nil {
		t.Fatal(err)
	}
	holds(b, now, map[string]error{"check": nil, "commit": importdb.ErrState})
	b = o.checked(t, b, imports.Result{Row: 2, Outcome: imports.Skip})
	holds(b, now, map[string]error{"check": nil, "commit": nil, "undo": importdb.ErrState})
	if err := begin(o.planner, b, "commit", b.Version-1, now); !errors.Is(err, postgres.ErrStale) {
		t.Error(err)
	}
	if err := begin(o.steward, b, "commit", b.Version, now); !errors.Is(err, importdb.ErrNotFound) {
		t.Error(err)
	}
	// Half of it is taken: it goes on, or goes back.
	o.taken(t, b, false, 3, nil, nil)
	b = o.read(t, b.ID)
	if b.State != imports.Committing || !importdb.Undoable(b, now.AddDate(9, 0, 0)) {
		t.Errorf("%+v", b)
	}
	holds(b, now, map[string]error{"check": importdb.ErrState, "commit": nil, "undo": nil})
	o.taken(t, b, true, 4, nil, nil)
	b = o.read(t, b.ID)
	holds(b, days(b, 29), map[string]error{"commit": importdb.ErrState, "undo": nil})
	holds(b, days(b, 30), map[string]error{"undo": importdb.ErrTooLate})
	if importdb.Undoable(b, days(b, 30)) || !importdb.Undoable(b, days(b, 29)) || importdb.Undoable(imports.Batch{State: imports.Committed}, now) || importdb.Undoable(imports.Batch{State: imports.Undone}, now) {
		t.Error("30 days are others")
	}
	// While a job of it is under way nothing else begins.
	err = o.write(t, o.planner, func(tx *postgres.Tx) error {
		id, err := jobs.Ask(t.Context(), tx, jobs.Request{Kind: "facility_import_undo", Args: map[string]string{}})
		if err != nil {
			return err
		}
		return importdb.SetJob(t.Context(), tx, b.ID, "undo_job", id)
	})
	if err != nil {
		t.Fatal(err)
	}
	holds(b, now, map[string]error{"undo": importdb.ErrBusy})
	err = o.write(t, o.planner, func(tx *postgres.Tx) error { return importdb.SetJob(t.Context(), tx, b.ID, "state", uuid.NewString()) })
	if err == nil {
		t.Error("any column is a step")
	}
}

// aCheckOfAnotherVersionCountsNothing holds that results are of the version that they
// were made for.
func aCheckOfAnotherVersionCountsNothing(t *testing.T, o office) {
	t.Helper()
	b := o.bring(t, o.planner, sheet("甲"))
	o.system(t, func(tx *postgres.Tx) error {
		return importdb.CheckDone(t.Context(), tx, b.ID, b.Version+1, imports.Counts{imports.Create: 1})
	})
	if now := o.read(t, b.ID); now.State != imports.Uploaded || now.Checked != 0 || len(now.Counts) > 0 {
		t.Errorf("%+v", now)
	}
}

// decisionsHoldForTheSameRow keeps what a person decided, for this batch and for the
// same row in others, and takes it back.
func decisionsHoldForTheSameRow(t *testing.T, o office) {
	t.Helper()
	print, of := uuid.NewString(), uuid.NewString()
	doubtful := imports.Result{Row: 2, Outcome: imports.Duplicate, Print: print}
	unreadable := imports.Result{Row: 3, Outcome: imports.Wrong}
	first := o.checked(t, o.bring(t, o.planner, sheet("甲", "乙")), doubtful, unreadable)
	decide := func(w postgres.Writer, b imports.Batch, expected int, list ...imports.Answer) (imports.Batch, error) {
		var out imports.Batch
		err := o.write(t, w, func(tx *postgres.Tx) error {
			var err error
			out, err = importdb.Decide(t.Context(), tx, b.ID, expected, list)
			return err
		})
		return out, err
	}
	said := func(b imports.Batch) (map[int]imports.Answer, map[string]imports.Answer) {
		here, before, err := importdb.Decisions(t.Context(), o.db.Pool(), adcode, b.ID, []int{2, 3}, []string{print})
		if err != nil {
			t.Fatal(err)
		}
		return here, before
	}
	if here, before := said(first); len(here)+len(before) > 0 {
		t.Error(here, before)
	}
	b, err := decide(o.planner, first, first.Version, imports.Answer{Row: 2, Verdict: imports.VerdictOf, Facility: of})
	if err != nil || b.Version != first.Version+1 || b.State != imports.Mapped {
		t.Fatalf("%+v, %v", b, err)
	}
	if here, before := said(first); here[2].Facility != of || here[2].Verdict != imports.VerdictOf || len(before) > 0 {
		t.Error(here, before)
	}
	second := o.checked(t, o.bring(t, o.planner, sheet("甲")), doubtful)
	if here, before := said(second); len(here) > 0 || before[print].Facility != of {
		t.Error(here, before)
	}
	// The last word counts, and may be taken back.
	second, err = decide(o.planner, second, second.Version, imports.Answer{Row: 2, Verdict: imports.VerdictNo})
	if err != nil {
		t.Fatal(err)
	}
	third := o.checked(t, o.bring(t, o.planner, sheet("甲")), doubtful)
	if _, before := said(third); before[print].Verdict != imports.VerdictNo {
		t.Error(before)
	}
	if _, err = decide(o.planner, second, second.Version, imports.Answer{Row: 2}); err != nil {
		t.Fatal(err)
	}
	if _, before := said(third); before[print].Verdict != imports.VerdictOf {
		t.Error(before)
	}
	for name, tc := range map[string]struct {
		w        postgres.Writer
		expected int
		row      int
		want     error
	}{
		"no such row":             {o.planner, third.Version, 99, importdb.ErrNotFound},
		"another version":         {o.planner, 1, 2, postgres.ErrStale},
		"another's":               {o.steward, third.Version, 2, importdb.ErrNotFound},
		"a row that says nothing": {o.planner, third.Version, 3, importdb.ErrNotFound},
	} {
		if _, err := decide(tc.w, third, tc.expected, imports.Answer{Row: tc.row, Verdict: imports.VerdictAs}); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v; want %v", name, err, tc.want)
		}
	}
	if now := o.read(t, third.ID); now.Version != third.Version {
		t.Error("a decision that failed counts")
	}
}

// TestDiscarding takes a file away with all that hangs on it, while nothing was taken.
func TestDiscarding(t *testing.T) {
	t.Parallel()
	o := open(t)
	discard := func(w postgres.Writer, id string) error {
		return o.write(t, w, func(tx *postgres.Tx) error { return importdb.Discard(t.Context(), tx, id) })
	}
	b := o.checked(t, o.bring(t, o.planner, sheet("甲")), imports.Result{Row: 2, Outcome: imports.Duplicate, Print: uuid.NewString()})
	err := o.write(t, o.planner, func(tx *postgres.Tx) error {
		_, err := importdb.Decide(t.Context(), tx, b.ID, b.Version, []imports.Answer{{Row: 2, Verdict: imports.VerdictAs}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := discard(o.steward, b.ID); !errors.Is(err, importdb.ErrNotFound) {
		t.Errorf("another's: %v", err)
	}
	if err := discard(o.planner, b.ID); err != nil {
		t.Fatal(err)
	}
	for _, table := range []string{"import_batch", "import_part", "import_row", "import_result", "import_decision"} {
		var n int
		if err := o.db.Pool().QueryRow(t.Context(), `SELECT count(*) FROM `+pgx.Identifier{table}.Sanitize()).Scan(&n); err != nil || n != 0 {
			t.Errorf("%s: %d left, %v", table, n, err)
		}
	}
	if err := discard(o.planner, b.ID); !errors.Is(err, importdb.ErrNotFound) {
		t.Errorf("twice: %v", err)
	}
	b = o.checked(t, o.bring(t, o.planner, sheet("甲")))
	o.taken(t, b, true, 2, nil, nil)
	if err := discard(o.planner, b.ID); !errors.Is(err, importdb.ErrState) {
		t.Errorf("one that was taken: %v", err)
	}
}

// rowsAreStoredAndLookedAt stores rows, stores them anew, and picks them by what
// became of them.
func rowsAreStoredAndLookedAt(t *testing.T, o office) {
	t.Helper()
	b := o.bring(t, o.planner, sheet("甲"))
	bad := imports.Fault{Code: "unreadable", ZH: "读不出来", EN: "unreadable"}
	o.stage(t, b.ID, imports.Row{Number: 9, Cells: []string{"旧"}})
	o.stage(t, b.ID, imports.Row{Number: 2, Cells: []string{"甲"}}, imports.Row{Number: 3, Faults: []imports.Fault{bad}}, imports.Row{Number: 7, Cells: []string{"丙"}})
	if now := o.read(t, b.ID); now.Staged != "word" || now.RowCount != 3 || now.Checked != 0 {
		t.Errorf("%+v", now)
	}
	rows := func(after, limit int) []imports.Row {
		list, err := importdb.Rows(t.Context(), o.db.Pool(), adcode, b.ID, after, limit)
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	want := []imports.Row{{Number: 3, Cells: []string{}, Faults: []imports.Fault{bad}}, {Number: 7, Cells: []string{"丙"}}}
	if d := cmp.Diff(want, rows(2, 10)); d != "" {
		t.Error(d)
	}
	if len(rows(0, 1)) != 1 || len(rows(7, 10)) != 0 {
		t.Error("pages are others")
	}
	// A reading that breaks off leaves what was there.
	err := o.write(t, postgres.System(adcode, "test"), func(tx *postgres.Tx) error {
		return importdb.Stage(t.Context(), tx, b.ID, "new", func() (imports.Row, bool, error) { return imports.Row{}, false, errBroken })
	})
	if !errors.Is(err, errBroken) || len(rows(0, 10)) != 3 {
		t.Errorf("%v, %d rows", err, len(rows(0, 10)))
	}
	results := []imports.Result{
		{Row: 2, Outcome: imports.Create, Facility: uuid.NewString(), Print: uuid.NewString(), Faults: []imports.Fault{{Code: "month_only", Warning: true}}},
		{Row: 3, Outcome: imports.Wrong, Faults: []imports.Fault{bad}},
		{Row: 7, Outcome: imports.Duplicate, Print: uuid.NewString(), Alike: []imports.Alike{{Name: "丙", Score: 90}}},
	}
	o.system(t, func(tx *postgres.Tx) error { return importdb.KeepResults(t.Context(), tx, b.ID, true, results) })
	for name, tc := range map[string]struct {
		outcome      imports.Outcome
		warned       bool
		undo         string
		after, limit int
		want         []int
	}{
		"all": {"", false, "", 0, 10, []int{2, 3, 7}}, "a page": {"", false, "", 2, 1, []int{3}}, "wrong ones": {imports.Wrong, false, "", 0, 10, []int{3}},
		"with a word": {"", true, "", 0, 10, []int{2, 3}}, "reversed": {"", false, "removed", 0, 10, nil}, "past the end": {"", false, "", 7, 10, nil},
	} {
		list, err := o.store.Look(t.Context(), o.planner, b.ID, tc.outcome, tc.warned, tc.undo, tc.after, tc.limit)
		var got []int
		for _, s := range list {
			got = append(got, s.Row.Number)
		}
		if err != nil || !cmp.Equal(got, tc.want) {
			t.Errorf("%s: %v, %v; want %v", name, got, err, tc.want)
		}
	}
	if _, err := o.store.Look(t.Context(), o.planner, "x", "", false, "", 0, 10); !errors.Is(err, importdb.ErrNotFound) {
		t.Error(err)
	}
	if list, err := o.store.Look(t.Context(), o.steward, b.ID, "", false, "", 0, 10); err != nil || len(list) > 0 {
		t.Errorf("another sees %d rows, %v", len(list), err)
	}
	// One result in the place of another; none in the place of none.
	o.system(t, func(tx *postgres.Tx) error {
		if err := importdb.ReplaceResults(t.Context(), tx, b.ID, nil); err != nil {
			return err
		}
		return importdb.ReplaceResults(t.Context(), tx, b.ID, []imports.Result{{Row: 7, Outcome: imports.Skip}})
	})
	list, err := importdb.Results(t.Context(), o.db.Pool(), adcode, b.ID, 3, 7)
	if err != nil || len(list) != 2 || list[0].Outcome != imports.Wrong || list[1].Outcome != imports.Skip || list[1].Alike != nil {
		t.Errorf("%+v, %v", list, err)
	}
}
