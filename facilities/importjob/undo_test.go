package importjob

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"yike/facilities"
	"yike/facilities/facilitydb"
	"yike/facilities/importdb"
	"yike/facilities/imports"
	"yike/internal/jobs"
	"yike/internal/postgres"
	"yike/internal/record"
)

func ptr[T any](v T) *T { return &v }

// byNo gives the present record of a number.
func (x town) byNo(t *testing.T, no string) facilities.Facility {
	t.Helper()
	list, err := facilitydb.Find(t.Context(), x.db.Pool(), adcode, facilitydb.ByBureauNo, []string{no})
	if err != nil || len(list) != 1 {
		t.Fatalf("%s: %d records, %v", no, len(list), err)
	}
	return list[0]
}

func (x town) edit(t *testing.T, f facilities.Facility, p facilities.Patch) facilities.Facility {
	t.Helper()
	out, err := facilitydb.New(x.db).Update(t.Context(), x.planner, f.ID, f.Version, p, record.Change{Reason: "核实"}, today)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// file of one column more than the number: what it changes.
func numbered(rows ...[]string) *table {
	return &table{columns: []string{"编号", "名称", "所属社区", "日供餐"}, rows: rows}
}

func byNumber() imports.Options {
	o := imports.UsualOptions()
	o.Type, o.Key, o.Duplicates = "elderly_canteen", imports.KeyBureauNo, false
	return o
}

func numberedMapping() imports.Mapping {
	return imports.Mapping{Columns: []imports.Column{
		{Header: "编号", Field: "bureau_no"}, {Header: "名称", Field: "name_zh"}, {Header: "所属社区", Field: "community"}, {Header: "日供餐", Field: "fields.meals_per_day"},
	}}
}

func TestUndoReversesOnlyWhatNobodyChangedSince(t *testing.T) {
	t.Parallel()
	x := newTown(t)
	bring := func(rows ...[]string) (imports.Batch, Job) {
		file := numbered(rows...)
		j := x.job(file)
		return x.committed(t, j, x.planner, x.checked(t, j, x.planner, x.bring(t, x.planner, file, byNumber(), numberedMapping()))), j
	}
	bring([]string{"A1", "甲", "幸福里", "50"}, []string{"A2", "乙", "幸福里", "60"}, []string{"A3", "丙", "幸福里", "70"})
	before := map[string]facilities.Facility{"A1": x.byNo(t, "A1"), "A2": x.byNo(t, "A2")}
	second, j := bring([]string{"A1", "甲改", "", "55"}, []string{"A2", "乙改", "", ""}, []string{"A3", "丙改", "", ""}, []string{"A4", "丁", "朝阳村", "1"}, []string{"A5", "戊", "朝阳村", ""})
	if d := cmp.Diff(imports.Counts{imports.Update: 3, imports.Unplaced: 2}, second.Done); d != "" {
		t.Fatal(d)
	}
	// A2 is changed and changed back, A3 and A4 are changed, A5 is gone.
	a2 := x.edit(t, x.byNo(t, "A2"), facilities.Patch{NameZH: ptr("乙再改")})
	x.edit(t, a2, facilities.Patch{NameZH: ptr("乙改")})
	x.edit(t, x.byNo(t, "A3"), facilities.Patch{Address: ptr("花桥路 3 号")})
	x.edit(t, x.byNo(t, "A4"), facilities.Patch{Address: ptr("柳林大街 4 号")})
	err := x.db.Write(t.Context(), postgres.System(adcode, "test"), "a test", func(tx *postgres.Tx) error {
		_, err := tx.Exec(t.Context(), `DELETE FROM facility WHERE bureau_no = 'A5'`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	undone, _ := x.run(t, j, x.planner, second, UndoKind, UndoArgs{Batch: second.ID})
	if d := cmp.Diff(map[string]int{"restored": 2, "changed": 2, "gone": 1}, undone.Undone); d != "" || undone.State != imports.Undone || undone.UndoneAt == nil {
		t.Fatal(undone.State, d)
	}
	for no, was := range before {
		now := x.byNo(t, no)
		if d := facilities.Differences(was, now); len(d) > 0 || now.ValidFrom != was.ValidFrom || now.Version <= was.Version {
			t.Errorf("%s is not as it was: %+v, from %s, version %d", no, d, now.ValidFrom, now.Version)
		}
	}
	if f := x.byNo(t, "A3"); f.NameZH != "丙改" {
		t.Errorf("what somebody changed since was reversed: %+v", f)
	}
	list, err := importdb.New(x.db).Look(t.Context(), x.planner, second.ID, "", false, "changed", 0, 10)
	if err != nil || len(list) != 2 || list[0].Row.Number != 4 || list[1].Row.Number != 5 {
		t.Errorf("what stays is not listed: %+v, %v", list, err)
	}
	// Once more does nothing.
	again, _ := x.run(t, j, x.planner, second, UndoKind, UndoArgs{Batch: second.ID})
	if again.State != imports.Undone || x.byNo(t, "A1").Version != before["A1"].Version+2 {
		t.Errorf("undone twice: %+v", again.Undone)
	}
}

// TestUndoGivesBackNoCodeThatAnotherHas holds that an undo does not stop at a number that
// somebody gave to another record since.
func TestUndoGivesBackNoCodeThatAnotherHas(t *testing.T) {
	t.Parallel()
	x := newTown(t)
	file := numbered([]string{"A1", "甲", "幸福里", "50"})
	j := x.job(file)
	x.committed(t, j, x.planner, x.checked(t, j, x.planner, x.bring(t, x.planner, file, byNumber(), numberedMapping())))
	renumber := numbered([]string{"B1", "甲", "幸福里", "50"})
	o := byNumber()
	o.Key = imports.KeyNamePlace
	j = x.job(renumber)
	b := x.committed(t, j, x.planner, x.checked(t, j, x.planner, x.bring(t, x.planner, renumber, o, numberedMapping())))
	if b.Done[imports.Update] != 1 {
		t.Fatalf("%+v", b.Done)
	}
	j = x.job(numbered([]string{"A1", "新甲", "朝阳村", ""}))
	taker := numbered([]string{"A1", "新甲", "朝阳村", ""})
	x.committed(t, j, x.planner, x.checked(t, j, x.planner, x.bring(t, x.planner, taker, byNumber(), numberedMapping())))
	undone, _ := x.run(t, j, x.planner, b, UndoKind, UndoArgs{Batch: b.ID})
	if undone.Undone["changed"] != 1 || x.byNo(t, "B1").NameZH != "甲" || x.byNo(t, "A1").NameZH != "新甲" {
		t.Errorf("%+v", undone.Undone)
	}
}

// manyRows is a file of more than one chunk.
func manyRows(n int) *table {
	rows := make([][]string, n)
	for i := range rows {
		rows[i] = []string{"N" + itoa(i), "食堂" + itoa(i), "幸福里", "10"}
	}
	return numbered(rows...)
}

func itoa(n int) string {
	digits := []byte{'0', '0', '0', '0', '0'}
	for i := len(digits) - 1; n > 0; i-- {
		digits[i], n = byte('0'+n%10), n/10
	}
	return string(digits)
}

var errPulled = errors.New("the plug was pulled")

// TestTakingGoesOnWhereItBrokeOff kills the taking after its first chunk, and in the midst
// of its second: nothing is lost and nothing comes twice.
func TestTakingGoesOnWhereItBrokeOff(t *testing.T) {
	t.Parallel()
	x := newTown(t)
	file := manyRows(2*chunk + 300)
	j := x.job(file)
	b := x.checked(t, j, x.planner, x.bring(t, x.planner, file, byNumber(), numberedMapping()))
	var id string
	err := x.db.Write(t.Context(), x.planner, "a test", func(tx *postgres.Tx) error {
		var err error
		id, err = jobs.Ask(t.Context(), tx, jobs.Request{Kind: Kind, Args: Args{Batch: b.ID, Step: Commit, Version: b.Version}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	// A worker that dies: its context ends in the midst of the second chunk, and the job is
	// handed back.
	ctx, pull := context.WithCancelCause(t.Context())
	_, _, err = jobs.RunOne(ctx, x.db, jobs.One{AdCode: adcode, ID: id, Log: quiet(), Run: j.Kinds()[Kind].Run, Progress: func(done, _ int64, _, _ string) {
		if done >= chunk {
			pull(errPulled)
		}
	}})
	if !errors.Is(err, errPulled) {
		t.Fatalf("the worker did not die: %v", err)
	}
	taken := func() (n, chunks int) {
		err := x.db.Pool().QueryRow(t.Context(), `SELECT (SELECT count(*) FROM facility), (SELECT count(*) FROM import_chunk)`).Scan(&n, &chunks)
		if err != nil {
			t.Fatal(err)
		}
		return n, chunks
	}
	if n, chunks := taken(); n != chunk*chunks || chunks == 0 || chunks > 2 {
		t.Fatalf("%d facilities of %d chunks", n, chunks)
	}
	done, _, err := jobs.RunOne(t.Context(), x.db, jobs.One{AdCode: adcode, ID: id, Log: quiet(), Run: j.Kinds()[Kind].Run})
	if n, chunks := taken(); err != nil || done.State != jobs.Done || n != len(file.rows) || chunks != 3 {
		t.Fatalf("%d facilities of %d chunks, %s, %v", n, chunks, done.State, err)
	}
	b, err = importdb.New(x.db).Read(t.Context(), x.planner, b.ID)
	if err != nil || b.State != imports.Committed || b.Done[imports.Unplaced] != len(file.rows) {
		t.Fatalf("%s %+v %v", b.State, b.Done, err)
	}
	var versions int
	err = x.db.Pool().QueryRow(t.Context(), `SELECT (SELECT count(*) FROM facility_history) + (SELECT count(*) FROM facility WHERE version > 1)`).Scan(&versions)
	if err != nil || versions != 0 {
		t.Errorf("%d versions too many, %v", versions, err)
	}
}

// TestRightsOfWhoAsked holds that a job does no more than the account may, as its grants
// are when the job runs.
func TestRightsOfWhoAsked(t *testing.T) {
	t.Parallel()
	x := newTown(t)
	file := numbered([]string{"A1", "甲", "幸福里", ""}, []string{"A2", "乙", "朝阳村", ""})
	j := x.job(file)
	b := x.bring(t, x.steward, file, byNumber(), numberedMapping())
	if b.DivisionCode != "990001001" {
		t.Errorf("the batch is of %s", b.DivisionCode)
	}
	b = x.checked(t, j, x.steward, b)
	if d := cmp.Diff(imports.Counts{imports.Unplaced: 1, imports.Wrong: 1}, b.Counts); d != "" {
		t.Fatal(d)
	}
	list, err := importdb.New(x.db).Look(t.Context(), x.steward, b.ID, imports.Wrong, false, "", 0, 10)
	if err != nil || len(list) != 1 || list[0].Result.Faults[0].Code != "forbidden" || list[0].Result.Faults[0].Column != "所属社区" {
		t.Fatalf("%+v, %v", list, err)
	}
	b = x.committed(t, j, x.steward, b)
	if f := x.byNo(t, "A1"); f.Stage != facilities.Submitted {
		t.Errorf("who may not publish published: %+v", f)
	}
	// Another steward, and the public, see nothing of it.
	other := x.person(t, "field_worker", "990001002")
	for _, w := range []postgres.Writer{other} {
		if _, err := importdb.New(x.db).Read(t.Context(), w, b.ID); !errors.Is(err, importdb.ErrNotFound) {
			t.Errorf("%s sees the batch: %v", w.Who, err)
		}
	}
	// The grant is taken away before the next job runs.
	next := x.checked(t, j, x.steward, x.bring(t, x.steward, numbered([]string{"A9", "癸", "幸福里", ""}), byNumber(), numberedMapping()))
	err = x.db.Write(t.Context(), postgres.System(adcode, "test"), "a test", func(tx *postgres.Tx) error {
		_, err := tx.Exec(t.Context(), `UPDATE account SET status = 'disabled' WHERE id = @id::uuid`, pgx.StrictNamedArgs{"id": x.steward.Account})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	var id string
	err = x.db.Write(t.Context(), x.planner, "a test", func(tx *postgres.Tx) error {
		var err error
		id, err = jobs.Ask(t.Context(), tx, jobs.Request{Kind: Kind, Args: Args{Batch: next.ID, Step: Commit, Version: next.Version}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := jobs.RunOne(t.Context(), x.db, jobs.One{AdCode: adcode, ID: id, Log: quiet(), Run: j.Kinds()[Kind].Run}); !errors.Is(err, postgres.ErrForbidden) {
		t.Errorf("a disabled account imports: %v", err)
	}
}
