package placenamedb_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"yike/facilities/lists"
	"yike/geo"
	"yike/geo/divisions"
	"yike/internal/postgres/dbtest"
	"yike/internal/record"
	"yike/placenames"
	"yike/placenames/namelist"
	"yike/placenames/placenamedb"
)

// list is a list of names as rows of cells, each read with the headings of the first.
func list(tb testing.TB, cells ...[]string) placenamedb.Take {
	tb.Helper()
	catalogue, err := placenames.NewCatalogue()
	if err != nil {
		tb.Fatal(err)
	}
	o := namelist.Options{Catalogue: catalogue, Source: "普查", Today: today, Places: lists.NewPlaces([]divisions.Division{
		{Code: adcode, Level: divisions.District, NameZH: "区"},
		{Code: west, Level: divisions.Subdistrict, NameZH: "西街", ParentCode: adcode},
		{Code: east, Level: divisions.Subdistrict, NameZH: "东街", ParentCode: adcode},
	})}
	r, faults := namelist.NewReader(cells[0], o, geo.WGS84())
	t := placenamedb.Take{File: "a.xlsx", Faults: faults, Placed: func(_ string, row int, f record.Fault) lists.Fault { return r.Placed(row, f) }}
	for i, line := range cells[1:] {
		t.Rows = append(t.Rows, r.Read(i+2, line, nil))
	}
	return t
}

func told(t namelist.Taken) string {
	var out []string
	for _, f := range t.Faults {
		out = append(out, fmt.Sprintf("%d %s %s", f.Row, f.Column, f.Value))
	}
	return fmt.Sprintf("%d/%d/%d/%d %s", t.Created, t.Updated, t.Unchanged, t.Faulty, strings.Join(out, ","))
}

func TestTakingAList(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	known := x.create(road("中山路"))
	x.create(func() placenames.Name {
		n := road("旧路")
		n.State, n.Decision = placenames.Retired, decision(placenames.Retirement, "2021-01-01")
		return n
	}())
	rows := [][]string{
		{"标准名称", "地名类别", "所在行政区", "含义", "批准文号", "批准时间", "批准机关", "曾用名", "坐标", "罗马字母拼写"},
		{"中山路", "道路", "西街", "纪念", "", "", "", "", "", "Zhongshan Lu"},
		{"和平路", "道路", "东街", "", "1号", "2010-06-01", "区政府", "战斗路", "117.3,39.05", "Heping Lu"},
		{"解放广场", "广场", "", "", "", "", "", "", "117.1,39.05", ""},
	}
	take := list(t, rows...)
	take.Spell = func(placenames.Name) (string, bool) { return "Zhong Shan Lu", true }
	take.Trial = true
	got, err := x.store.Take(t.Context(), x.registrar, take, because("导入"), today)
	if err != nil || told(got) != "2/1/0/0 " || got.Rows[1].NameID != "" || len(got.Rows) != 3 || len(got.Remarks) < 3 {
		t.Fatalf("tried: %s, %+v, %v", told(got), got.Remarks, err)
	}
	if _, err := x.store.ByID(t.Context(), x.registrar, known.ID); err != nil {
		t.Fatal(err)
	}
	take.Trial = false
	w := x.registrar
	w.Key, w.RequestHash = "key", []byte("a")
	for range 2 {
		if got, err = x.store.Take(t.Context(), w, take, because("导入"), today); err != nil || told(got) != "2/1/0/0 " || got.Rows[1].NameID == "" {
			t.Fatalf("%s, %v", told(got), err)
		}
	}
	made, err := x.store.ByID(t.Context(), x.registrar, got.Rows[1].NameID)
	if err != nil || made.Text != "和平路" || made.State != placenames.Approved || made.ValidFrom != "2010-06-01" || len(made.Former) != 1 || made.Parts.Generic != "路" || made.Geometry != nil {
		t.Errorf("%+v, %v", made, err)
	}
	drawn, err := x.store.ByID(t.Context(), x.registrar, got.Rows[2].NameID)
	if err != nil || len(drawn.Divisions) != 1 || drawn.Divisions[0] != west || drawn.State != placenames.Customary || !orb.Equal(drawn.Geometry, orb.Point{117.1, 39.05}) {
		t.Errorf("where it is drawn: %+v, %v", drawn, err)
	}
	if now, err := x.store.ByID(t.Context(), x.registrar, known.ID); err != nil || now.Meaning != "纪念" || now.Roman != "Zhongshan Lu" || now.Version != 2 || now.Decision != known.Decision {
		t.Errorf("%+v, %v", now, err)
	}
	if again, err := x.store.Take(t.Context(), x.registrar, list(t, rows...), because("导入"), today); err != nil || told(again) != "0/0/3/0 " {
		t.Errorf("the same file: %s, %v", told(again), err)
	}
}

func TestAListAtFaultIsNotTaken(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	x.create(func() placenames.Name {
		n := road("旧路")
		n.State, n.Decision = placenames.Retired, decision(placenames.Retirement, "2021-01-01")
		return n
	}())
	elsewhere := dbtest.Person(t, x.db, adcode, "place_name_registrar", west)
	rows := [][]string{
		{"标准名称", "地名类别", "所在行政区"},
		{"新路", "道路", "西街"},
		{"新路", "道路", "西街"},
		{"旧路", "道路", "西街"},
		{"东风路", "道路", "东街"},
		{"无处路", "道路", ""},
		{"飞船", "飞船", "西街"},
	}
	got, err := x.store.Take(t.Context(), elsewhere, list(t, rows...), because("导入"), today)
	if want := "1/0/0/5 3 标准名称 新路,4 标准名称 旧路,5 所在行政区 990001002,6 所在行政区 ,7 地名类别 飞船"; err != nil || told(got) != want {
		t.Errorf("%s, want %s, %v", told(got), want, err)
	}
	if page, err := x.store.List(t.Context(), x.registrar, placenames.Filter{}, record.At{}, placenamedb.After{}, 10); err != nil || len(page.Rows) != 1 {
		t.Errorf("%+v, %v", page, err)
	}
	if _, err := x.store.Take(t.Context(), x.registrar, list(t, rows[:2]...), because(""), today); fieldsOf(t, err) != "reason" {
		t.Errorf("without a reason: %v", err)
	}
}

// BenchmarkTakingAHundredThousandNames takes a list in one piece, and one of a register of that size.
func BenchmarkTakingAHundredThousandNames(b *testing.B) {
	for _, rows := range []int{5_000, namelist.MostRows} {
		b.Run(fmt.Sprint(rows), func(b *testing.B) { takeMany(b, rows) })
	}
}

func takeMany(b *testing.B, rows int) {
	x := newFixture(b)
	const chars = "安永文明康福瑞景嘉新清春秋云晴锦玉金碧翠青紫丹怀德仁义礼智友善勤学望思恒映听芳雅静润沁悦逸晨暖平源泉林庭桐槐柳松梅兰竹枫莲溪"
	letters := []rune(chars)
	cells := [][]string{{"标准名称", "罗马字母拼写", "地名类别", "所在行政区", "含义", "批准文号", "批准时间", "批准机关", "坐标"}}
	for i := range rows {
		n := len(letters)
		text := string([]rune{letters[i%n], letters[i/n%n], letters[i/n/n%n]}) + "路"
		cells = append(cells, []string{text, "Shili Lu", "道路", "西街", "示例含义", fmt.Sprintf("示例〔2010〕%d号", i), "2010-06-01", "区政府", "117.1,39.05"})
	}
	for b.Loop() {
		take := list(b, cells...)
		got, err := x.store.Take(b.Context(), x.registrar, take, because("导入"), today)
		if err != nil || got.Created+got.Unchanged != rows {
			b.Fatalf("%s, %v", told(got), err)
		}
	}
}
