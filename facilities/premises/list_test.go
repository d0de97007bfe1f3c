package premises_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"yike/facilities/premises"
	"yike/geo/divisions"
	"yike/internal/record"
)

func listPlaces() []divisions.Division {
	return []divisions.Division{
		{Code: "1", Level: divisions.Subdistrict, NameZH: "东街道", NameEN: "East"},
		{Code: "2", Level: divisions.Subdistrict, NameZH: "西街道"},
		{Code: "11", Level: divisions.Community, ParentCode: "1", NameZH: "花园社区", NameEN: "Garden"},
		{Code: "12", Level: divisions.Community, ParentCode: "1", NameZH: "桥头社区"},
		{Code: "21", Level: divisions.Community, ParentCode: "2", NameZH: "花园社区"},
		{Code: "111", Level: divisions.Grid, ParentCode: "11", NameZH: "一网格"},
	}
}

// read reads one row of a list and gives what it says, or its faults.
func read(t *testing.T, heads, cells []string) (premises.Patch, string) {
	t.Helper()
	r, faults := premises.NewListReader(heads, listPlaces())
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	l := r.Read(7, cells)
	var wrong []string
	for _, f := range l.Faults {
		if f.Row != 7 || f.ZH == "" || f.EN == "" {
			t.Errorf("%+v", f)
		}
		wrong = append(wrong, f.Column)
	}
	return l.Patch, strings.Join(wrong, " ")
}

func TestListHeadings(t *testing.T) {
	t.Parallel()
	var zh, en, codes []string
	for _, c := range premises.ListColumns() {
		zh, en, codes = append(zh, c.ZH+" *"), append(en, strings.ToUpper(c.EN)), append(codes, c.Code)
	}
	for _, heads := range [][]string{zh, en, codes, {"编号", "面积(平方米)", "权 属", "钥匙保管人", "所属村居", "入驻设施", "上次检查", "#D"}} {
		r, faults := premises.NewListReader(heads, nil)
		if len(faults) > 0 || len(r.Ignored) > 0 {
			t.Errorf("%q: %v, ignored %q", heads, faults, r.Ignored)
		}
	}
	r, faults := premises.NewListReader([]string{"编号", "用房编号", "颜色"}, nil)
	if len(faults) != 1 || faults[0].Column != "用房编号" || !slices.Equal(r.Ignored, []string{"颜色"}) {
		t.Errorf("%v, %q", faults, r.Ignored)
	}
	if _, faults := premises.NewListReader([]string{"名称"}, nil); len(faults) != 1 || faults[0].Field != "ledger_no" || faults[0].Row != 0 {
		t.Errorf("without numbers: %v", faults)
	}
}

func TestListRow(t *testing.T) {
	t.Parallel()
	heads := []string{
		"台账编号", "名称", "村居", "街镇", "辖区编码", "产权状况", "批准用途", "现用途", "建筑面积（㎡）", "分用途", "移交状态", "移交日期", "经度", "纬度", "文件依据", "保管人联系方式", "备注",
	}
	p, wrong := read(t, heads, []string{
		"G-1", "活动室", "花园社区", "东街道", "", "已办不动产登记", "养老服务", "Elderly Service", "1,200.5㎡", "养老服务 １００.25（养老服务用房）；社区服务 300 (community premises)；文化体育 5",
		"移交已", "2026年1月5日", "117.05", "39.05", "甲；乙; 丙", "***", "清空",
	})
	if wrong != "移交状态" {
		t.Errorf("faults in %q", wrong)
	}
	got := p.Apply(premises.Room{Note: "旧", KeyContact: "电话"})
	want := premises.Room{
		LedgerNo: "G-1", Name: "活动室", DivisionCode: "11", Title: premises.TitleRegistered, ApprovedUse: premises.ElderlyService, PresentUse: premises.ElderlyService,
		Area: 120050, HandedOverOn: "2026-01-05", Point: [2]float64{117.05, 39.05}, Placed: true, Documents: []string{"甲", "乙", "丙"}, KeyContact: "电话",
		Parts: []premises.Part{{premises.ElderlyService, 10025, premises.ElderlyNorm}, {premises.CommunityService, 30000, premises.CommunityNorm}, {premises.Culture, 500, premises.NoNorm}},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if p, wrong := read(t, heads, []string{"G-1"}); wrong != "" || len(premises.Differences(premises.Room{}, p.Apply(premises.Room{}))) != 1 {
		t.Errorf("empty cells say something: %+v, %s", p, wrong)
	}
	p, wrong = read(t, heads, []string{"G-1", "", "", "", "", "清空", "", "清空", "清空", "清空", "", "清空", "清空", "清空", "清空", "清空", ""})
	got = p.Apply(want)
	if wrong != "" || got.Placed || got.Area != 0 || got.Parts != nil || got.HandedOverOn != "" || got.Documents != nil || got.KeyContact != "" || got.Title != "" || got.ApprovedUse == "" {
		t.Errorf("emptied: %+v, %s", got, wrong)
	}
}

func TestListRowFaults(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		head, cell, want string
	}{
		{"移交状态", "交了", "移交状态"},
		{"批准用途", "商业经营", "批准用途"},
		{"现用途", "商业经营", ""},
		{"移交日期", "2026-13-01", "移交日期"},
		{"移交日期", "20260105", ""},
		{"移交日期", "去年", "移交日期"},
		{"建筑面积", "约百", "建筑面积"},
		{"建筑面积", "-1", "建筑面积"},
		{"建筑面积", "1e3", "建筑面积"},
		{"建筑面积", "1,20", "建筑面积"},
		{"建筑面积", "0.001", "建筑面积"},
		{"建筑面积", "0x10", "建筑面积"},
		{"建筑面积", "1,200,300.55", "建筑面积"},
		{"建筑面积", "12,300.55 平方米", ""},
		{"经度", "117", "经度"},
		{"分用途", "社区服务", "分用途"},
		{"分用途", "社区服务 3（没有的）", "分用途"},
		{"分用途", "商业经营 3", "分用途"},
		{"分用途", "社区服务 多", "分用途"},
		{"分用途", "社区服务 3）", "分用途"},
		{"名称", "清空", "名称"},
		{"辖区编码", "9", "辖区编码"},
		{"辖区编码", "111", ""},
		{"村居", "没有的", "村居"},
		{"村居", "garden", ""},
		{"村居", "花园社区", "村居"},
		{"街镇", "西街道", ""},
		{"街镇", "南街道", "街镇"},
	} {
		if _, wrong := read(t, []string{"台账编号", tc.head}, []string{"G-1", tc.cell}); wrong != tc.want {
			t.Errorf("%s %q: faults in %q, want %q", tc.head, tc.cell, wrong, tc.want)
		}
	}
	if _, wrong := read(t, []string{"台账编号", "名称"}, []string{" ", "活动室"}); wrong != "台账编号" {
		t.Errorf("without a number: %q", wrong)
	}
	for cells, want := range map[[3]string]string{
		{"12", "花园社区", ""}: "", {"12", "桥头社区", "东街道"}: "12", {"12", "桥头社区", "西街道"}: "", {"111", "花园社区", "东街道"}: "111", {"", "桥头社区", "东街道"}: "12", {"", "花园社区", "西街道"}: "21",
	} {
		p, wrong := read(t, []string{"台账编号", "辖区编码", "村居", "街镇"}, append([]string{"G"}, cells[:]...))
		if got := p.DivisionCode; want == "" && wrong != "村居" || want != "" && (got == nil || *got != want) {
			t.Errorf("%q: %v, faults in %q", cells, got, wrong)
		}
	}
	r, _ := premises.NewListReader([]string{"台账编号"}, listPlaces())
	if f := r.Placed(3, record.Fault{Field: "state", ZH: "请填写", EN: "is needed"}); f.Column != "" || f.ZH != "移交状态：请填写" || f.EN != "hand-over: is needed" {
		t.Errorf("a fault of what has no column: %+v", f)
	}
	r, _ = premises.NewListReader([]string{"台账编号", "社区"}, listPlaces())
	if f := r.Placed(3, record.Fault{Field: "division_code"}); f.Column != "社区" {
		t.Errorf("a fault of the division: %+v", f)
	}
}

func TestShelf(t *testing.T) {
	t.Parallel()
	at := func(id, no, room string) premises.Room {
		return premises.Room{ID: id, LedgerNo: no, DivisionCode: "11", Estate: "花园", RoomNo: room, State: premises.HandedOver}
	}
	gone := at("d", "", "104")
	gone.State = premises.Withdrawn
	shelf := premises.NewShelf([]premises.Room{at("a", "G-1", "101"), at("b", "", "102"), at("c", "", "103"), gone})
	find := func(no, room string) string {
		p := premises.Patch{LedgerNo: &no, RoomNo: &room, Estate: new(string), DivisionCode: new(string)}
		*p.Estate, *p.DivisionCode = "花园", "11"
		r, _ := shelf.Find(p)
		return r.ID
	}
	for asked, want := range map[[2]string]string{{"G-1", "102"}: "a", {"G-2", "102"}: "b", {"G-9", "101"}: "", {"G-9", ""}: "", {"G-9", "104"}: ""} {
		if got := find(asked[0], asked[1]); got != want {
			t.Errorf("%q: found %q, want %q", asked, got, want)
		}
	}
	for _, tc := range []struct {
		row  int
		room premises.Room
		want string
	}{
		{1, at("a", "G-1", "101"), ""},
		{2, at("", "G-1", "109"), "ledger_no"},
		{3, at("", "G-3", "101"), "room_no"},
		{4, at("", "G-4", "103"), "room_no"},
		{5, at("", "G-5", ""), ""},
		{6, at("", "G-6", ""), ""},
		{7, at("c", "G-7", "103"), ""},
	} {
		got := ""
		for _, f := range shelf.Claim(tc.row, tc.room) {
			got += f.Field
		}
		if got != tc.want {
			t.Errorf("row %d: %q, want %q", tc.row, got, tc.want)
		}
	}
}

// TestAreasComeBack holds that an area and a part that a list writes are read as they were.
func TestAreasComeBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var parts []premises.Part
		var texts []string
		for range rapid.IntRange(1, 3).Draw(t, "parts") {
			uses := slices.DeleteFunc(premises.Uses(), func(u premises.UseInfo) bool { return !u.Approved })
			u := rapid.SampledFrom(uses).Draw(t, "use")
			p := premises.Part{Use: premises.Use(u.Code.Code), Area: premises.Area(rapid.Int64Range(1, int64(premises.MostArea)).Draw(t, "area"))}
			text := fmt.Sprintf("%s %s", rapid.SampledFrom([]string{u.ZH, u.EN}).Draw(t, "word"), p.Area)
			if len(u.Norms) > 0 && rapid.Bool().Draw(t, "counts") {
				p.CountsFor = u.Norms[0]
				zh, _ := premises.Words(premises.Norms(), string(p.CountsFor))
				text += "（" + zh + "）"
			}
			parts, texts = append(parts, p), append(texts, text)
		}
		r, _ := premises.NewListReader([]string{"台账编号", "分用途", "建筑面积"}, nil)
		l := r.Read(1, []string{"1", strings.Join(texts, "；"), parts[0].Area.String()})
		if len(l.Faults) > 0 || cmp.Diff(parts, *l.Patch.Parts) != "" || *l.Patch.Area != parts[0].Area {
			t.Fatalf("%v: %+v", texts, l)
		}
	})
}

func FuzzListRow(f *testing.F) {
	f.Add("G-1", "社区服务 300（社区综合服务用房）；养老服务 100", "1,200㎡", "2026年1月5日", "花园社区")
	f.Fuzz(func(t *testing.T, no, parts, area, day, community string) {
		r, _ := premises.NewListReader([]string{"台账编号", "分用途", "建筑面积", "移交日期", "村居"}, listPlaces())
		l := r.Read(1, []string{no, parts, area, day, community})
		if p := l.Patch; len(l.Faults) == 0 && p.Area != nil && (*p.Area < 0 || *p.Area > premises.MostArea) {
			t.Errorf("%+v", l)
		}
	})
}

func TestSteady(t *testing.T) {
	t.Parallel()
	lon, lat, far := 117.0512345678, 39.05, 39.0501
	r := premises.Room{Point: [2]float64{117.05123456789012, 39.05}, Placed: true}
	if p := (premises.Patch{Lon: &lon, Lat: &lat}).Steady(r); p.Moves() {
		t.Error("what a spreadsheet loses of a position moves a room")
	}
	for name, p := range map[string]premises.Patch{
		"away": premises.Patch{Lon: &lon, Lat: &far}.Steady(r), "half": premises.Patch{Lon: &lon}.Steady(r), "onto the map": premises.Patch{Lon: &lon, Lat: &lat}.Steady(premises.Room{}),
	} {
		if !p.Moves() {
			t.Errorf("%s: does not move", name)
		}
	}
}
