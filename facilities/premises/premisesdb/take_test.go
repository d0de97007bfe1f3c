package premisesdb_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"yike/facilities/lists"
	"yike/facilities/premises"
	"yike/facilities/premises/premisesdb"
	"yike/geo/divisions"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
	"yike/internal/record"
)

// list is a list of rooms of the town as a file has it.
func list(t testing.TB, rows ...[]string) premisesdb.Take {
	t.Helper()
	reader, faults := premises.NewListReader([]string{"台账编号", "名称", "辖区编码", "小区", "房号", "批准用途", "建筑面积", "移交状态", "经度", "纬度", "保管人联系方式"}, []divisions.Division{
		{Code: "990001001001", Level: divisions.Community}, {Code: "990001001002", Level: divisions.Community}, {Code: "880001", Level: divisions.Community},
	})
	out := premisesdb.Take{File: "台账.xlsx", Reader: reader, Faults: faults}
	for i, cells := range rows {
		out.Rows = append(out.Rows, reader.Read(i+2, cells))
	}
	return out
}

// take tells what became of a list: the outcome of each row, or the faults.
func (x *fixture) take(t testing.TB, w postgres.Writer, l premisesdb.Take) string {
	t.Helper()
	got, err := x.store.Take(t.Context(), w, l, because("年度建账"), today)
	if err != nil {
		return fmt.Sprint(err)
	}
	var out []string
	for _, r := range got.Rows {
		out = append(out, string(r.Outcome))
		if !l.Trial && len(got.Faults) == 0 && r.RoomID == "" {
			t.Errorf("row %d has no room", r.Row)
		}
	}
	for _, f := range got.Faults {
		out = append(out, fmt.Sprint(f.Row, f.Column))
	}
	return strings.Join(out, " ")
}

func (x *fixture) ledger(t testing.TB) string {
	t.Helper()
	items, err := x.store.All(t.Context(), x.planner, premises.Filter{Today: today})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, i := range items {
		out = append(out, fmt.Sprintf("%s %s v%d %s %s", i.LedgerNo, i.Name, i.Version, i.DivisionCode, i.Area))
	}
	return strings.Join(out, "; ")
}

func TestTake(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	old := x.create(t, premises.Room{Name: "旧用房", Estate: "花桥里", RoomNo: "101", DivisionCode: "990001001001", State: premises.Built, FacilityID: nobody})
	rows := [][]string{
		{"G-1", "甲", "990001001001", "花桥里", "102", "社区服务", "120.5", "已移交"},
		{"G-2", "旧用房（一层）", "990001001001", "花桥里", "101", "", "80", ""},
		{"G-3", "丙", "", "", "", "养老服务", "", "规划中", "117.15", "39.05", "13800001234"},
	}
	trial := list(t, rows...)
	trial.Trial = true
	if got := x.take(t, x.planner, trial); got != "created updated created" {
		t.Errorf("tried: %s", got)
	}
	if got := x.ledger(t); got != " 旧用房 v1 990001001001 0" {
		t.Errorf("after the trial: %s", got)
	}
	w := x.planner
	w.Key, w.RequestHash = "take", []byte{1}
	for range 2 {
		if got := x.take(t, w, list(t, rows...)); got != "created updated created" {
			t.Errorf("taken: %s", got)
		}
	}
	const want = "G-1 甲 v1 990001001001 120.5; G-2 旧用房（一层） v2 990001001001 80; G-3 丙 v1 990001001002 0"
	if got := x.ledger(t); got != want {
		t.Errorf("the ledger: %s", got)
	}
	if now, err := x.store.ByID(t.Context(), x.planner, old.ID); err != nil || now.FacilityID != nobody || now.State != premises.Built || now.LedgerNo != "G-2" {
		t.Errorf("what the list says nothing of: %+v, %v", now, err)
	}
	for range 2 {
		if got := x.take(t, x.planner, list(t, rows...)); got != "unchanged unchanged unchanged" {
			t.Errorf("the same again: %s", got)
		}
	}
	if got := x.ledger(t); got != want {
		t.Errorf("the ledger after it came again: %s", got)
	}
	var entries int
	var detail string
	err := x.db.Pool().QueryRow(t.Context(), `SELECT count(*), max(detail #>> '{notes,0,after}') FROM audit_entry WHERE action = 'premises.import'`).Scan(&entries, &detail)
	if err != nil || entries != 1 || detail != `{"file": "台账.xlsx", "rows": 3, "created": 2, "updated": 1, "unchanged": 0}` {
		t.Errorf("%d entries: %s, %v", entries, detail, err)
	}
	versions, err := x.store.HistoryOf(t.Context(), x.planner, old.ID)
	if err != nil || len(versions) != 2 || versions[0].Made.Why != "年度建账" || versions[0].Made.Action != "premises.import" {
		t.Errorf("the history: %+v, %v", versions, err)
	}
}

func TestTakeWhatIsAtFault(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	x.create(t, premises.Room{LedgerNo: "G-1", Name: "甲", Estate: "花桥里", RoomNo: "101", DivisionCode: "990001001001", State: premises.Built})
	before := x.ledger(t)
	good := []string{"G-8", "好的", "990001001001", "", "", "", "", "规划中"}
	steward := dbtest.Person(t, x.db, adcode, "subdistrict_steward", "990001001")
	for _, tc := range []struct {
		name string
		who  postgres.Writer
		row  []string
		want string
	}{
		{"without what a new room needs", x.planner, []string{"G-9"}, "3名称 3移交状态 3辖区编码"},
		{"of no code", x.planner, []string{"G-9", "乙", "990001001001", "", "", "美容", "", "已移交"}, "3批准用途"},
		{"twice by number", x.planner, []string{"G-8", "乙", "990001001001", "", "", "", "", "已移交"}, "3台账编号"},
		{"where another is", x.planner, []string{"G-9", "乙", "990001001001", "花桥里", "101", "", "", "已移交"}, "3房号"},
		{"outside of the district", x.planner, []string{"G-9", "乙", "", "", "", "", "", "已移交", "10", "39.05"}, "3经度"},
		{"in another community than it says", x.planner, []string{"G-9", "乙", "880001", "", "", "", "", "已移交", "117.05", "39.05"}, "3辖区编码"},
		{"that lies beyond the steward's", steward, []string{"G-9", "乙", "880001", "", "", "", "", "已移交"}, "3辖区编码"},
		{"of half a position", x.planner, []string{"G-9", "乙", "990001001001", "", "", "", "", "已移交", "117.05"}, "3经度"},
		{"that would go out of the steward's", steward, []string{"G-1", "", "880001"}, "3辖区编码"},
	} {
		for _, trial := range []bool{true, false} {
			l := list(t, good, tc.row)
			l.Trial = trial
			if got := x.take(t, tc.who, l); got != "created faulty "+tc.want {
				t.Errorf("%s: %s; want %s", tc.name, got, tc.want)
			}
			if got := x.ledger(t); got != before {
				t.Fatalf("%s: half taken: %s", tc.name, got)
			}
		}
	}
	whole := list(t, good)
	whole.Faults = []lists.Fault{{Fault: record.Fault{Field: "ledger_no", ZH: "没有", EN: "none"}}}
	if got := x.take(t, x.planner, whole); got != "created 0" || x.ledger(t) != before {
		t.Errorf("a list at fault as a whole: %s", got)
	}
	if _, err := x.store.Take(t.Context(), x.planner, list(t, good), because(" "), today); invalid(err) != "reason" {
		t.Errorf("for no reason: %v", err)
	}
	if _, err := x.store.Take(t.Context(), dbtest.Person(t, x.db, adcode, "read_only", ""), list(t, good), because("a"), today); !errors.Is(err, postgres.ErrForbidden) {
		t.Errorf("by a reader: %v", err)
	}
}

// invalid are the fields at fault.
func invalid(err error) string {
	var bad *record.InvalidError
	if !errors.As(err, &bad) {
		return fmt.Sprint(err)
	}
	var out []string
	for _, f := range bad.Faults {
		out = append(out, f.Field)
	}
	return strings.Join(out, " ")
}

// TestNumbersAreOnce holds that no two rooms have one number, whoever writes them.
func TestNumbersAreOnce(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	first, second := x.room(), x.room()
	first.LedgerNo, second.LedgerNo = "G-1", "G-1"
	x.create(t, first)
	if _, err := x.store.Create(t.Context(), x.planner, second, because("建账"), today); invalid(err) != "ledger_no" {
		t.Errorf("created: %v", err)
	}
	second.LedgerNo = "G-2"
	made := x.create(t, second)
	if _, err := x.store.Update(t.Context(), x.planner, made.ID, 1, premises.Patch{LedgerNo: ptr("G-1")}, because("改号"), today); invalid(err) != "ledger_no" {
		t.Errorf("changed: %v", err)
	}
	page, _, err := x.store.List(t.Context(), x.planner, premises.Filter{Text: "g-2", Today: today}, premises.After{}, 9)
	if err != nil || len(page) != 1 || page[0].LedgerNo != "G-2" {
		t.Errorf("found by number: %+v, %v", page, err)
	}
}

// TestRoomsFollowDivisions holds that rooms that are placed go with the boundaries of a
// later load, and that those that lie nowhere are told.
func TestRoomsFollowDivisions(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	placed := x.room()
	placed.Point, placed.Placed = [2]float64{117.05, 39.05}, true
	moved, stays, lost := x.create(t, placed), x.create(t, x.room()), x.room()
	lost.DivisionCode, lost.Point, lost.Placed = "880001", [2]float64{117.22, 39.05}, true
	outside := x.create(t, lost)
	var told []premises.Room
	err := x.db.Write(t.Context(), postgres.System(adcode, "test"), "other boundaries", func(tx *postgres.Tx) error {
		args := pgx.StrictNamedArgs{"adcode": adcode}
		for _, sql := range []string{
			`UPDATE division SET code = '990001009' WHERE adcode = @adcode AND code = '990001001001'`,
			`DELETE FROM division WHERE adcode = @adcode AND (code LIKE '990001002%' OR code IN ('880001', '990001'))`,
		} {
			if _, err := tx.Exec(t.Context(), sql, args); err != nil {
				return err
			}
		}
		var err error
		told, err = x.store.Settle(t.Context(), tx, adcode)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, r := range told {
		names = append(names, r.ID)
	}
	if d := cmp.Diff([]string{outside.ID, stays.ID}, names); d != "" {
		t.Errorf("told: %s", d)
	}
	for id, want := range map[string]string{moved.ID: "990001009 v2", stays.ID: "990001001001 v1", outside.ID: "880001 v1"} {
		now, err := x.store.ByID(t.Context(), x.planner, id)
		if got := fmt.Sprintf("%s v%d", now.DivisionCode, now.Version); err != nil || got != want {
			t.Errorf("%s, want %s, %v", got, want, err)
		}
	}
}

// BenchmarkTake tries a list of as many rooms as one may have, all of them new.
func BenchmarkTake(b *testing.B) {
	x := newFixture(b)
	var rows [][]string
	for i := range premises.MostListed {
		rows = append(rows, []string{fmt.Sprint("G-", i), "用房", "990001001001", "花桥里", fmt.Sprint(i), "社区服务", "100", "已移交", "117.05", "39.05"})
	}
	l := list(b, rows...)
	l.Trial = true
	for b.Loop() {
		if got, err := x.store.Take(b.Context(), x.planner, l, because("试"), today); err != nil || got.Count(lists.Created) != len(rows) {
			b.Fatal(err)
		}
	}
}
