package importjob

import (
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"yike/facilities"
	"yike/facilities/facilitydb"
	"yike/facilities/imports"
	"yike/internal/jobs"
)

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

func canteens() *table {
	return &table{columns: []string{"序号", "食堂名称", "地址", "所属社区", "经度", "纬度", "日供餐", "联系电话", "编号"}, rows: [][]string{
		{"1", "幸福里食堂", "花桥路１２号", "幸福里", "117.05", "39.05", "120份", "022-27390000", "A1"},
		{"2", "朝阳食堂", "花桥路1300号", "花桥街道朝阳社区", "", "", "80", "", "A2"}, // nowhere known
		{"3", "花桥食堂", "花桥路20号", "", "", "", "60", "", "A3"},
		{"4", "坏食堂", "", "没有这个社区", "", "", "六十", "", "A4"},
		{"5", "", "花桥路", "幸福里", "", "", "", "", ""},
		{"6", "幸福里食堂", "花桥路2000号", "朝阳村", "", "", "", "", "A6"}, // the name again
	}}
}

func mapped(t testing.TB, x town, file *table) imports.Mapping {
	t.Helper()
	p := imports.NewProfiler(file.columns, nil)
	for i, row := range file.rows {
		p.Add(i+2, row)
	}
	suggestions := x.words.Suggest(p.Profile().Sources(), "elderly_canteen", imports.NewDivisions(adcode, x.divisions))
	return imports.Taken(p.Profile().Sources(), suggestions)
}

func TestFileIsCheckedTakenAndReversed(t *testing.T) {
	t.Parallel()
	x := newTown(t)
	file := canteens()
	o := imports.UsualOptions()
	o.Type = "elderly_canteen"
	m := mapped(t, x, file)
	if faults := x.words.Faults(m, o, file.columns); len(faults) > 0 {
		t.Fatalf("%+v", faults)
	}
	j := x.job(file)
	b := x.checked(t, j, x.planner, x.bring(t, x.planner, file, o, m))
	want := imports.Counts{imports.Create: 2, imports.Unplaced: 1, imports.Duplicate: 1, imports.Wrong: 2}
	if d := cmp.Diff(want, b.Counts); d != "" || b.State != imports.Checked {
		t.Fatal(b.State, d)
	}
	var n int
	count := func() int {
		if err := x.db.Pool().QueryRow(t.Context(), `SELECT count(*) FROM facility`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if count() != 0 {
		t.Fatal("the trial left something behind")
	}
	b = x.committed(t, j, x.planner, b)
	if d := cmp.Diff(want, b.Done); d != "" || b.State != imports.Committed || count() != 3 {
		t.Fatal(b.State, n, d)
	}
	x.holdRecords(t)
	x.holdHistory(t, b)

	// The same file again, twice, changes nothing.
	mark := x.mark(t)
	for range 2 {
		again := x.committed(t, j, x.planner, x.checked(t, j, x.planner, x.bring(t, x.planner, file, o, m)))
		same := imports.Counts{imports.Unchanged: 3, imports.Duplicate: 1, imports.Wrong: 2}
		if d := cmp.Diff(same, again.Done); d != "" || x.mark(t) != mark {
			t.Fatal(d)
		}
	}

	undone, job := x.run(t, j, x.planner, b, UndoKind, UndoArgs{Batch: b.ID})
	if undone.State != imports.Undone || undone.Undone["removed"] != 3 || count() != 0 || job.State != jobs.Done {
		t.Fatalf("%+v, %d left", undone, n)
	}
}

// mark names every present version.
func (x town) mark(t *testing.T) string {
	t.Helper()
	var mark string
	err := x.db.Pool().QueryRow(t.Context(), `SELECT string_agg(id || ' ' || version, ',' ORDER BY id) FROM facility`).Scan(&mark)
	if err != nil {
		t.Fatal(err)
	}
	return mark
}

// holdRecords holds what the canteens became.
func (x town) holdRecords(t *testing.T) {
	t.Helper()
	var got []facilities.Facility
	err := facilitydb.Each(t.Context(), x.db.Pool(), adcode, func(f facilities.Facility) error {
		got = append(got, f)
		return nil
	})
	if err != nil || len(got) != 3 {
		t.Fatal(err, len(got))
	}
	slices.SortFunc(got, func(a, b facilities.Facility) int { return strings.Compare(a.BureauNo, b.BureauNo) })
	a, b, c := got[0], got[1], got[2]
	switch {
	case a.Stage != facilities.Published || a.PlacedBy != facilities.PlacedGiven || a.Address != "花桥路12号" || a.Capacity != 120 || a.DivisionCode != "990001001001":
		t.Errorf("given coordinates: %+v", a)
	case !b.Unplaced || b.DivisionCode != "990001001002" || b.Point != (orb.Point{}) || b.Stage != facilities.Published:
		t.Errorf("a community, but no place: %+v", b)
	case c.Unplaced || c.PlacedBy != facilities.PlacedAddress || c.PlaceConfidence != 90 || c.DivisionCode != "990001001001":
		t.Errorf("placed by its address: %+v", c)
	}
	if d := cmp.Diff(map[string]any{"meals_per_day": 120.0, "contact_phone": "022-27390000"}, a.Fields); d != "" {
		t.Error(d)
	}
}

// holdHistory holds that each version says which import made it, and that the audit log
// has an entry for each chunk.
func (x town) holdHistory(t *testing.T, b imports.Batch) {
	t.Helper()
	var why string
	var entries int
	err := x.db.Pool().QueryRow(t.Context(), `
SELECT min(e.why), count(DISTINCT e.id) FROM facility f
JOIN import_chunk c ON c.adcode = f.adcode AND c.change_id = f.change_id
JOIN audit_entry e ON e.adcode = f.adcode AND e.id = f.change_id
WHERE c.batch_id = @batch AND e.action = 'facility.import' AND e.subject_id = @batch::text`, pgx.StrictNamedArgs{"batch": b.ID}).Scan(&why, &entries)
	if err != nil || entries != 1 || !strings.Contains(why, "食堂.csv") {
		t.Error(err, entries, why)
	}
}
