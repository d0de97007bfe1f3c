package estatedb_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/paulmach/orb"

	"yike/facilities/estates"
	"yike/facilities/estates/estatedb"
	"yike/facilities/estates/estatelist"
	"yike/facilities/lists"
	"yike/facilities/premises"
	"yike/geo"
	"yike/geo/divisions"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
	"yike/internal/record"
)

// rowsOf reads rows of cells, the first of headings, and the shapes of the estates.
func rowsOf(t testing.TB, whole, rooms []string, shapes ...orb.Geometry) estatedb.Take {
	t.Helper()
	places := lists.NewPlaces([]divisions.Division{
		{Code: "990001001", Level: divisions.Subdistrict, NameZH: "西街道"},
		{Code: "990001001001", Level: divisions.Community, ParentCode: "990001001", NameZH: "西一社区"},
		{Code: "990001001002", Level: divisions.Community, ParentCode: "990001001", NameZH: "西二社区"},
		{Code: "990001002", Level: divisions.Subdistrict, NameZH: "东街道"},
	})
	cells := func(row string) []string { return strings.Split(row, "|") }
	r, faults := estatelist.NewEstateReader(cells(whole[0]), places, geo.WGS84())
	out := estatedb.Take{File: "小区.xlsx", Faults: faults}
	for i, row := range whole[1:] {
		var shape orb.Geometry
		if i < len(shapes) {
			shape = shapes[i]
		}
		l := r.Read(i+2, cells(row), shape)
		l.Sheet = "小区"
		out.Lists.Estates = append(out.Lists.Estates, l)
	}
	rr := new(estatelist.RoomReader)
	if len(rooms) > 0 {
		rr, faults = estatelist.NewRoomReader(cells(rooms[0]), places, geo.WGS84())
		out.Faults = append(out.Faults, faults...)
		for i, row := range rooms[1:] {
			l := rr.Read(i+2, cells(row), nil)
			l.Sheet = "用房"
			out.Lists.Rooms = append(out.Lists.Rooms, l)
		}
	}
	out.Lists.Placed = func(sheet string, row int, f record.Fault) lists.Fault {
		if sheet == "用房" {
			return rr.Placed(row, f)
		}
		return r.Placed(row, f)
	}
	return out
}

func (x *fixture) take(t testing.TB, w postgres.Writer, l estatedb.Take) estatelist.Taken {
	t.Helper()
	got, err := x.store.Take(t.Context(), w, l, because("普查"), today)
	if err != nil {
		t.Fatalf("take: %v", err)
	}
	return got
}

// faultsOf are where the faults of a file are, and of what.
func faultsOf(t testing.TB, taken estatelist.Taken) string {
	t.Helper()
	var out []string
	for _, f := range taken.Faults {
		if f.ZH == "" || f.EN == "" {
			t.Errorf("%+v", f)
		}
		out = append(out, fmt.Sprintf("%s%d %s", f.Sheet, f.Row, f.Field))
	}
	return strings.Join(out, "; ")
}

func (x *fixture) all(t testing.TB) []estates.Item {
	t.Helper()
	list, err := x.store.All(t.Context(), x.reviewer)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func (x *fixture) entries(t testing.TB) (n int) {
	t.Helper()
	if err := x.db.Reader().QueryRow(t.Context(), `SELECT count(*) FROM audit_entry WHERE action = 'estate.import'`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAFileIsTakenOnce(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	whole := []string{"小区名称|村居|规划户数|用地面积（公顷）|分期|综合服务体面积|竣工日期", "和顺家园|西一社区|1000|5.25|一期 600户；二期 400户|600|2026-06-30", "画出来的||600||||"}
	rooms := []string{
		"小区名称|用房名称|用途|楼栋|楼层|房号|建筑面积|分期|独立出入口", "和顺家园|党群服务中心|党群服务|1号楼|1|101|1200.5|一期|是", "和顺家园|养老驿站|养老服务|1号楼|1||400|2|", "画出来的|社区用房|社区服务|3|2|201|300||否",
	}
	list := func() estatedb.Take { return rowsOf(t, whole, rooms, nil, block()) }
	trial := list()
	trial.Trial = true
	got := x.take(t, x.reviewer, trial)
	if d := cmp.Diff(estatelist.Tally{Rows: 3, Created: 3}, got.Rooms); d != "" || got.Estates.Created != 2 || len(got.Faults) > 0 || len(got.Rows) != 5 || got.Rows[0].EstateID != "" {
		t.Fatalf("%s %+v", d, got)
	}
	if len(x.all(t)) != 0 || x.entries(t) != 0 {
		t.Fatal("a trial left something")
	}
	w := x.reviewer
	w.Key, w.RequestHash = "once", []byte("a")
	taken := x.take(t, w, list())
	if again := x.take(t, w, list()); cmp.Diff(taken, again) != "" {
		t.Errorf("the same request: %s", cmp.Diff(taken, again))
	}
	all := x.all(t)
	if len(all) != 2 || x.entries(t) != 1 || taken.Rows[0].EstateID != all[0].ID {
		t.Fatalf("%d estates, %d entries, %+v", len(all), x.entries(t), taken.Rows)
	}
	yes := true
	want := estates.Estate{
		ID: all[0].ID, Version: 1, Name: "和顺家园", Kind: estates.New, DivisionCode: "990001001001", Households: 1000, SiteArea: 5_250_000, CompletedOn: "2026-06-30", ValidFrom: today,
		Phases: []estates.Phase{{No: 1, Name: "一期", Households: 600}, {No: 2, Name: "二期", Households: 400}}, Hub: &estates.Hub{Area: 60_000},
		Rooms: []estates.Room{
			{Name: "党群服务中心", Use: premises.PartyMass, Building: "1号楼", Floor: "1", RoomNo: "101", Area: 120_050, Phase: 1, OwnEntrance: &yes},
			{Name: "养老驿站", Use: premises.ElderlyService, Building: "1号楼", Floor: "1", Area: 40_000, Phase: 2},
		},
	}
	if d := cmp.Diff(want, all[0].Estate, cmpopts.IgnoreFields(estates.Room{}, "ID"), cmpopts.EquateEmpty()); d != "" {
		t.Error(d)
	}
	if drawn := all[1]; drawn.DivisionCode != "990001001001" || !orb.Equal(drawn.Boundary, block()) || drawn.Rooms[0].ID == "" {
		t.Errorf("%+v", drawn)
	}
	same := x.take(t, x.reviewer, list())
	if same.Estates.Unchanged != 2 || same.Rooms.Unchanged != 3 || len(same.Rows) != 0 || x.entries(t) != 1 {
		t.Errorf("the same file twice: %+v, %d entries", same, x.entries(t))
	}
	for i, e := range x.all(t) {
		if e.Version != 1 || e.Rooms[0].ID != all[i].Rooms[0].ID {
			t.Errorf("a file that changes nothing made a version: %+v", e)
		}
	}
	changed := x.take(t, x.reviewer, rowsOf(t, []string{"小区名称|规划户数|分期", "和顺家园|1050|一期 600户；二期 450户"}, []string{"小区名称|用房名称|楼栋|楼层|建筑面积", "和顺家园|养老驿站|1|1层|450", "和顺家园|物业用房|2|1|80"}))
	if d := cmp.Diff([]estatelist.TakenRow{
		{Sheet: "小区", Row: 2, Name: "和顺家园", EstateID: all[0].ID, Outcome: lists.Updated, Changes: []record.Difference{
			{Field: "households", Before: 1000, After: 1050},
		}},
	}, changed.Rows[:min(1, len(changed.Rows))], cmpopts.IgnoreSliceElements(func(d record.Difference) bool { return d.Field == "phases" })); d != "" || len(changed.Faults) > 0 {
		t.Errorf("%s %+v", d, changed)
	}
}

func TestAChangedEstateIsAVersion(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	made := x.create(t, x.estate())
	name := strings.TrimSpace(made.Name)
	got := x.take(t, x.reviewer, rowsOf(t, []string{"小区名称|村居|开发商", name + "|西一社区|另一置业"}, []string{"小区名称|用房名称|楼栋|楼层|建筑面积", name + "|日间照料中心|1|1-2|420", name + "|物业用房|2|1|80"}))
	after, err := x.store.ByID(t.Context(), x.reviewer, made.ID)
	if err != nil || len(got.Faults) > 0 {
		t.Fatalf("%v, %+v", err, got)
	}
	if after.Version != 2 || after.Developer != "另一置业" || len(after.Rooms) != 3 || after.Rooms[1].ID != made.Rooms[1].ID || after.Rooms[1].Area != 42_000 || after.Rooms[0].LedgerID != inBook {
		t.Errorf("%+v", after)
	}
	if got.Estates.Updated != 1 || got.Rooms.Updated != 1 || got.Rooms.Created != 1 {
		t.Errorf("%+v", got)
	}
	history, err := x.store.HistoryOf(t.Context(), x.reviewer, made.ID)
	if err != nil || len(history) != 2 {
		t.Errorf("%d versions: %v", len(history), err)
	}
}

func TestOneFaultKeepsAllOut(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	there := x.create(t, x.estate())
	x.create(t, estates.Estate{Name: "滨河苑", Kind: estates.New, DivisionCode: "990001001002"})
	bow := orb.Polygon{{{117.01, 39.01}, {117.02, 39.02}, {117.02, 39.01}, {117.01, 39.02}, {117.01, 39.01}}}
	far := orb.Polygon{{{118, 39}, {118.01, 39}, {118.01, 39.01}, {118, 39}}}
	between := orb.Polygon{{{117.31, 39.01}, {117.32, 39.01}, {117.32, 39.02}, {117.31, 39.01}}}
	good := "新城|西一社区|100"
	for name, tc := range map[string]struct {
		whole, rooms []string
		shapes       []orb.Geometry
		want         string
	}{
		"a line that meets itself": {[]string{"小区名称|村居|户数", good, "乙|西一社区|1"}, nil, []orb.Geometry{nil, bow}, "小区3 boundary"},
		"outside":                  {[]string{"小区名称|村居|户数", good, "乙|西一社区|1"}, nil, []orb.Geometry{nil, far}, "小区3 boundary"},
		"in the district alone":    {[]string{"小区名称|村居|户数", good, "乙||1"}, nil, []orb.Geometry{nil, between}, ""},
		"in another division":      {[]string{"小区名称|村居|户数", good, "乙|西二社区|1"}, nil, []orb.Geometry{nil, block()}, "小区3 division_code"},
		"neither drawn nor placed": {[]string{"小区名称|村居|户数", good, "乙||1"}, nil, nil, "小区3 division_code"},
		"a room of no phase":       {[]string{"小区名称|村居|户数", good}, []string{"小区名称|用房名称|分期", "新城|甲|2"}, nil, "用房2 phase"},
		"a day to come":            {[]string{"小区名称|村居|竣工日期", "新城|西一社区|2027-01-01"}, nil, nil, "小区2 completed_on"},
		"a cell and a room":        {[]string{"小区名称|村居|户数", "新城|西一社区|约百"}, []string{"小区名称|用房名称|面积", "新城|甲|大"}, nil, "小区2 households; 用房2 area"},
		"a name that is there":     {[]string{"小区登记编号|小区名称|村居", there.ID + "|滨河苑|西二社区"}, nil, nil, "小区2 division_code; 小区2 name"},
		"twice a column":           {[]string{"小区名称|户数|总户数", "新城|1|1"}, nil, nil, "0 households; 小区2 division_code"},
	} {
		l := rowsOf(t, tc.whole, tc.rooms, tc.shapes...)
		l.Trial = tc.want == ""
		got := x.take(t, x.reviewer, l)
		if said := faultsOf(t, got); said != tc.want {
			t.Errorf("%s: %s", name, said)
		}
		if len(x.all(t)) != 2 {
			t.Fatalf("%s: half taken", name)
		}
	}
	a, b := x.create(t, estates.Estate{Name: "甲苑", Kind: estates.New, DivisionCode: "990001002"}), x.create(t, estates.Estate{Name: "乙苑", Kind: estates.New, DivisionCode: "990001002"})
	swap := rowsOf(t, []string{"小区登记编号|小区名称", a.ID + "|乙苑", b.ID + "|甲苑"}, nil)
	if _, err := x.store.Take(t.Context(), x.reviewer, swap, because("换名"), today); fieldsOf(t, err) != "name" {
		t.Errorf("names exchanged: %v", err)
	}
	if _, err := x.store.Take(t.Context(), x.reviewer, rowsOf(t, []string{"小区名称|村居", "新城|西一社区"}, nil), because(" "), today); fieldsOf(t, err) != "reason" {
		t.Errorf("for no reason: %v", err)
	}
}

func TestWhoMayTakeWhat(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	elsewhere := x.create(t, estates.Estate{Name: "东苑", Kind: estates.New, DivisionCode: "990001002", Households: 9})
	west := dbtest.Person(t, x.db, adcode, "planner", "990001001")
	list := func(row string) estatedb.Take {
		return rowsOf(t, []string{"小区名称|村居|街镇|户数", row}, nil)
	}
	if got := x.take(t, west, list("新城|西一社区||100")); len(got.Faults) > 0 || got.Estates.Created != 1 {
		t.Errorf("where one may: %+v", got)
	}
	if got := x.take(t, west, list("东苑||东街道|9")); len(got.Faults) > 0 || got.Estates.Unchanged != 1 {
		t.Errorf("what does not change may be anybody's: %+v", got)
	}
	for _, row := range []string{"东苑||东街道|10", "又一苑||东街道|10"} {
		if said := faultsOf(t, x.take(t, west, list(row))); said != "小区2 division_code" {
			t.Errorf("%s: %s", row, said)
		}
	}
	if after, err := x.store.ByID(t.Context(), x.reviewer, elsewhere.ID); err != nil || after.Version != 1 {
		t.Errorf("%+v, %v", after, err)
	}
	for _, role := range []string{"read_only", "subdistrict_steward"} {
		if _, err := x.store.Take(t.Context(), dbtest.Person(t, x.db, adcode, role, ""), list("新城二|西一社区||1"), because("普查"), today); !errors.Is(err, postgres.ErrForbidden) {
			t.Errorf("%s: %v", role, err)
		}
	}
}

// TestManyAreOneStatement takes more than a statement has, and finds them all.
func TestManyAreOneStatement(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	got := x.take(t, x.reviewer, many(t, 1100))
	all := x.all(t)
	if len(got.Faults) > 0 || got.Estates.Created != 1100 || got.Rooms.Created != 3300 || len(got.Rows) != 500 || len(all) != 1100 {
		t.Fatalf("%+v %+v, %d there", got.Estates, got.Rooms, len(all))
	}
	if slices.ContainsFunc(all, func(e estates.Item) bool { return len(e.Rooms) != 3 || e.Version != 1 }) {
		t.Error("some have not their rooms")
	}
}

// many makes a file of estates with three rooms each.
func many(t testing.TB, n int) estatedb.Take {
	t.Helper()
	whole, rooms := []string{"小区名称|村居|建设单位|规划户数|用地面积（公顷）"}, []string{"小区名称|用房名称|用途|楼栋|楼层|房号|建筑面积"}
	for i := range n {
		whole = append(whole, fmt.Sprintf("小区%d|西一社区|某某置业|%d|3.5", i, 300+i%900))
		for k, use := range []string{"社区服务", "养老服务", "物业管理用房"} {
			rooms = append(rooms, fmt.Sprintf("小区%d|用房%d|%s|1|1|10%d|%d", i, k, use, k, 100+i%300))
		}
	}
	return rowsOf(t, whole, rooms)
}

// BenchmarkTake tries 5,000 estates with three rooms each, which writes them all, and then
// brings those that are there already.
func BenchmarkTake(b *testing.B) {
	x := newFixture(b)
	file := many(b, 5000)
	trial := file
	trial.Trial = true
	b.Run("new", func(b *testing.B) {
		for b.Loop() {
			if got := x.take(b, x.reviewer, trial); got.Rooms.Created != 15_000 {
				b.Fatalf("%+v", got.Rooms)
			}
		}
	})
	x.take(b, x.reviewer, file)
	b.Run("again", func(b *testing.B) {
		for b.Loop() {
			if got := x.take(b, x.reviewer, file); got.Rooms.Unchanged != 15_000 {
				b.Fatalf("%+v", got.Rooms)
			}
		}
	})
}
