package estatelist_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yike/facilities/estates"
	"yike/facilities/estates/estatelist"
	"yike/facilities/lists"
	"yike/facilities/premises"
	"yike/geo"
	"yike/geo/divisions"
	"yike/internal/record"
)

func listPlaces() lists.Places {
	return lists.NewPlaces([]divisions.Division{
		{Code: "1", Level: divisions.Subdistrict, NameZH: "东街道", NameEN: "East"},
		{Code: "2", Level: divisions.Subdistrict, NameZH: "西街道"},
		{Code: "11", Level: divisions.Community, ParentCode: "1", NameZH: "花园社区", NameEN: "Garden"},
		{Code: "21", Level: divisions.Community, ParentCode: "2", NameZH: "河畔社区"},
	})
}

// readEstate reads one row of a list of estates, and gives the columns at fault.
func readEstate(t *testing.T, heads, cells []string, shape orb.Geometry) (estatelist.Row[estates.Estate], *estatelist.EstateReader, string) {
	t.Helper()
	r, faults := estatelist.NewEstateReader(heads, listPlaces(), geo.WGS84())
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	l := r.Read(7, cells, shape)
	return l, r, columnsOf(t, l.Faults)
}

func readRoom(t *testing.T, crs geo.CRS, heads, cells []string, shape orb.Geometry) (estatelist.Row[estates.Room], string) {
	t.Helper()
	r, faults := estatelist.NewRoomReader(heads, listPlaces(), crs)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	l := r.Read(7, cells, shape)
	return l, columnsOf(t, l.Faults)
}

func columnsOf(t *testing.T, list []lists.Fault) string {
	t.Helper()
	var wrong []string
	for _, f := range list {
		if f.Row != 7 || f.ZH == "" || f.EN == "" {
			t.Errorf("%+v", f)
		}
		wrong = append(wrong, f.Column)
	}
	return strings.Join(wrong, " ")
}

func TestListsOfEstatesAndRoomsAreToldApart(t *testing.T) {
	t.Parallel()
	for heads, rooms := range map[string]bool{
		"小区名称 建设单位 规划户数 用地面积（公顷）": false, "项目名称 用房名称 用途 楼栋 楼层 建筑面积": true, "小区名称": false, "estate developer households": false,
		"estate room_no floor area own_entrance": true, "小区名称 规划户数 地上建筑面积 住宅建筑面积 分期 竣工日期 备注": false, "颜色": false,
	} {
		if got := estatelist.ListsRooms(strings.Fields(heads)); got != rooms {
			t.Errorf("%s: rooms %v", heads, got)
		}
	}
	for _, columns := range [][]estatelist.Column{estatelist.EstateColumns(), estatelist.RoomColumns()} {
		var zh, en, codes []string
		for _, c := range columns {
			zh, en, codes = append(zh, c.ZH+" *"), append(en, strings.ToUpper(c.EN)), append(codes, c.Code)
		}
		for _, heads := range [][]string{zh, en, codes} {
			var faults []lists.Fault
			var ignored []string
			if estatelist.ListsRooms(heads) {
				r, f := estatelist.NewRoomReader(heads, listPlaces(), geo.WGS84())
				faults, ignored = f, r.Ignored
			} else {
				r, f := estatelist.NewEstateReader(heads, listPlaces(), geo.WGS84())
				faults, ignored = f, r.Ignored
			}
			if len(faults) > 0 || len(ignored) > 0 {
				t.Errorf("%q: %v, ignored %q", heads, faults, ignored)
			}
		}
	}
	if _, faults := estatelist.NewEstateReader([]string{"建设单位"}, listPlaces(), geo.WGS84()); len(faults) != 1 || faults[0].Field != "name" {
		t.Errorf("without names: %v", faults)
	}
	if _, faults := estatelist.NewRoomReader([]string{"用房名称"}, listPlaces(), geo.WGS84()); len(faults) != 1 || faults[0].Field != "estate" {
		t.Errorf("rooms of no estate: %v", faults)
	}
}

func TestEstateRow(t *testing.T) {
	t.Parallel()
	heads := []string{
		"项目名称", "类别", "社区", "开发商", "户数", "规划人口（万人）", "用地面积（公顷）", "住宅建筑面积", "地上建筑面积", "地下建筑面积", "竣工日期", "分期",
		"规划条件文号", "规划条件日期", "配置项目", "综合服务体面积", "综合服务体功能", "备注",
	}
	l, r, wrong := readEstate(t, heads, []string{
		"和顺家园", "新建小区", "花园社区", "某某置业", "1,000户", "0.31", "3.2541", "12.00005万㎡", "130000㎡", "4 公顷", "2026年6月30日",
		"一期 600户 2024-03-01开工 2026-03-01验收；二期 400户", "规条2023-12", "2023/6/1", "老年服务站、助餐", "600", "老年人日间照料中心", "注",
	}, nil)
	if wrong != "" {
		t.Errorf("faults in %q", wrong)
	}
	want := estates.Estate{
		Name: "和顺家园", Kind: estates.New, Developer: "某某置业", Households: 1000, People: 3100, SiteArea: 3_254_100, HousingFloor: 12_000_050, FloorAbove: 13_000_000,
		FloorBelow: 4_000_000, CompletedOn: "2026-06-30",
		Phases:     []estates.Phase{{No: 1, Name: "一期", Households: 600, HousingStarted: "2024-03-01", HousingAccepted: "2026-03-01"}, {No: 2, Name: "二期", Households: 400}},
		Conditions: estates.Paper{Number: "规条2023-12", Day: "2023-06-01"}, Provided: []estates.Element{estates.ElderlyStation, estates.Canteen},
		Hub: &estates.Hub{Area: 60_000, Functions: []estates.Element{estates.DayCare}}, Note: "注",
	}
	if d := cmp.Diff(want, l.Apply(estates.Estate{})); d != "" || l.Code != "11" {
		t.Error(d, l.Code)
	}
	got := r.Converted()
	units := ""
	for _, c := range got {
		units += fmt.Sprintf("%s %s %v %d;", c.Column, c.Unit, c.Own, c.Cells)
	}
	if units != "规划人口（万人） 万人 false 1;用地面积（公顷） 公顷 false 1;住宅建筑面积 万㎡ true 1;地下建筑面积 公顷 true 1;" {
		t.Errorf("said: %s", units)
	}
	// An empty cell leaves, the word empties; a hub is never shared with what it was.
	old := want
	cleared, _, wrong := readEstate(t, heads, []string{"和顺家园", "", "", "清空", "清空", "", "清空", "", "", "", "清空", "清空", "清空", "清空", "清空", "1", "清空", "清空"}, nil)
	after := estates.Clean(cleared.Apply(old))
	if wrong != "" || after.Developer != "" || after.Households != 0 || after.SiteArea != 0 || after.HousingFloor != old.HousingFloor || after.CompletedOn != "" || after.Phases != nil ||
		after.Conditions.Known() || after.Provided != nil || after.Hub.Area != 100 || len(after.Hub.Functions) != 0 || old.Hub.Area != 60_000 || after.Kind != estates.New {
		t.Errorf("emptied: %+v, %s", after, wrong)
	}
}

func TestEstateRowFaults(t *testing.T) {
	t.Parallel()
	for _, tc := range [][3]string{ // heading, cell, column at fault
		{"规划户数", "约600", "规划户数"},
		{"规划户数", "600.5", "规划户数"},
		{"规划户数", "-1", "规划户数"},
		{"规划户数", "600㎡", "规划户数"},
		{"规划户数", "600套", ""},
		{"用地面积", "3-4公顷", "用地面积"},
		{"用地面积", "100户", "用地面积"},
		{"用地面积", "99km²", "用地面积"},
		{"用地面积", "48.8亩", ""},
		{"用地面积", "0.001", "用地面积"},
		{"竣工日期", "2026年5月", "竣工日期"},
		{"竣工日期", "26-5-1", "竣工日期"},
		{"竣工日期", "2026-02-30", "竣工日期"},
		{"竣工日期", "待定", "竣工日期"},
		{"竣工日期", "2026.5.1", ""},
		{"类别", "在建", "类别"},
		{"类别", "清空", "类别"},
		{"小区名称", "清空", "小区名称"},
		{"配置项目", "游泳池", "配置项目"},
		{"分期", "3", "分期"},
		{"分期", "一期 很多户", "分期"},
		{"村居", "没有的社区", "村居"},
		{"辖区编码", "99", "辖区编码"},
	} {
		heads, cells := []string{"小区名称", tc[0]}, []string{"甲", tc[1]}
		if tc[0] == "小区名称" {
			heads, cells = heads[1:], cells[1:]
		}
		if _, _, wrong := readEstate(t, heads, cells, nil); wrong != tc[2] {
			t.Errorf("%s %q: faults in %q", tc[0], tc[1], wrong)
		}
	}
}

func ring(at orb.Point) orb.Polygon {
	return orb.Polygon{{at, {at[0] + 0.01, at[1]}, {at[0] + 0.01, at[1] + 0.01}, at}}
}

func TestEstateShapes(t *testing.T) {
	t.Parallel()
	p := ring(orb.Point{117, 39})
	for name, tc := range map[string]struct {
		shape orb.Geometry
		fault string
	}{
		"a polygon": {p, ""}, "one part": {orb.MultiPolygon{p}, ""}, "two parts": {orb.MultiPolygon{p, ring(orb.Point{117.1, 39})}, "2 块"}, "none": {orb.MultiPolygon{}, "0 块"},
		"a point": {orb.Point{117, 39}, "这里是点"}, "a line": {orb.LineString{{117, 39}, {117, 40}}, "这里是线"}, "metres": {ring(orb.Point{500000, 4000000}), "坐标不对"},
		"a collection": {orb.Collection{p}, "别的图形"},
	} {
		l, _, _ := readEstate(t, []string{"小区名称"}, []string{"甲"}, tc.shape)
		said := ""
		for _, f := range l.Faults {
			said += f.ZH
		}
		if !strings.Contains(said, tc.fault) || (tc.fault == "") != (len(l.Faults) == 0) || l.Drawn != (tc.fault == "") {
			t.Errorf("%s: %q", name, said)
		}
		if tc.fault == "" && !orb.Equal(l.Apply(estates.Estate{}).Boundary, p) {
			t.Errorf("%s: %v", name, l.Apply(estates.Estate{}).Boundary)
		}
	}
}

func TestRoomRow(t *testing.T) {
	t.Parallel()
	heads := []string{
		"小区名称", "用房名称", "用途", "楼栋", "楼层", "房号", "建筑面积", "分用途", "用地面积分摊", "分期", "独立出入口", "电梯", "现用途", "开工日期", "验收日期", "移交日期", "经度", "纬度",
	}
	cells := []string{
		"和顺家园", "党群服务中心", "党群服务", "1号楼", "1-2层", "101", "1,700.25㎡", "党群服务 1000.25（社区综合服务用房）；养老服务 700（养老服务用房）", "620", "二期", "是", "无", "空置",
		"2024-03-01", "2026-03-01", "2026-06-01", "117.05", "39.05",
	}
	l, wrong := readRoom(t, geo.WGS84(), heads, cells, nil)
	yes, no := true, false
	want := estates.Room{
		Name: "党群服务中心", Use: premises.PartyMass, Building: "1号楼", Floor: "1-2层", RoomNo: "101", Area: 170_025, Land: 62_000, Phase: 2, OwnEntrance: &yes, Lift: &no,
		Parts:      []premises.Part{{Use: premises.PartyMass, Area: 100_025, CountsFor: premises.CommunityNorm}, {Use: premises.ElderlyService, Area: 70_000, CountsFor: premises.ElderlyNorm}},
		PresentUse: premises.Vacant, StartedOn: "2024-03-01", AcceptedOn: "2026-03-01", HandedOverOn: "2026-06-01", Point: orb.Point{117.05, 39.05}, Placed: true,
	}
	if d := cmp.Diff(want, l.Apply(estates.Room{})); d != "" || wrong != "" || l.Estate != "和顺家园" {
		t.Error(d, wrong)
	}
	for _, tc := range [][4]string{ // heading, cell, more, columns at fault
		{"独立出入口", "部分", "", "独立出入口"},
		{"用途", "商业经营", "", "用途"},
		{"分期", "全部", "", "分期"},
		{"经度", "117", "", "经度"},
		{"经度", "东经", "39", "经度"},
		{"经度", "39", "117", "经度"},
		{"经度", "清空", "清空", ""},
		{"经度", "清空", "39", "经度"},
		{"分用途", "社区服务", "", "分用途"},
	} {
		if _, wrong := readRoom(t, geo.WGS84(), []string{"小区名称", tc[0], "纬度"}, []string{"甲", tc[1], tc[2]}, nil); wrong != tc[3] {
			t.Errorf("%q: faults in %q", tc, wrong)
		}
	}
	off, _ := readRoom(t, geo.WGS84(), []string{"小区名称", "经度", "纬度"}, []string{"甲", "清空", "清空"}, nil)
	if got := off.Apply(want); got.Placed || got.Point != (orb.Point{}) {
		t.Errorf("off the map: %+v", got)
	}
	gcj, err := geo.ParseCRS("GCJ-02")
	if err != nil {
		t.Fatal(err)
	}
	at := geo.WGS84ToGCJ02(orb.Point{117.05, 39.05})
	for _, shape := range []orb.Geometry{at, orb.MultiPoint{at}} {
		l, wrong := readRoom(t, gcj, heads[:1], cells[:1], shape)
		if got := l.Apply(want); wrong != "" || geo.Distance(got.Point, want.Point) > 0.01 || got.Point != want.Point {
			t.Errorf("from GCJ-02 it is %v, and what it was to centimetres stays: %s", got.Point, wrong)
		}
	}
	if l, _ := readRoom(t, geo.WGS84(), heads[:1], cells[:1], ring(at)); len(l.Faults) != 1 {
		t.Errorf("a polygon for a room: %v", l.Faults)
	}
}

// sheet reads rows of text, the first of headings, as the lists of a file.
func sheet(t *testing.T, whole, rooms []string) estatelist.Lists {
	t.Helper()
	var out estatelist.Lists
	placed := map[string]func(int, record.Fault) lists.Fault{}
	for i, row := range whole {
		cells := strings.Split(row, "|")
		if i == 0 {
			r, faults := estatelist.NewEstateReader(cells, listPlaces(), geo.WGS84())
			if len(faults) > 0 {
				t.Fatal(faults)
			}
			placed["小区"] = r.Placed
			for k, row := range whole[1:] {
				l := r.Read(k+2, strings.Split(row, "|"), nil)
				l.Sheet = "小区"
				out.Estates = append(out.Estates, l)
			}
		}
	}
	for i, row := range rooms {
		cells := strings.Split(row, "|")
		if i == 0 {
			r, faults := estatelist.NewRoomReader(cells, listPlaces(), geo.WGS84())
			if len(faults) > 0 {
				t.Fatal(faults)
			}
			placed["用房"] = r.Placed
			for k, row := range rooms[1:] {
				l := r.Read(k+2, strings.Split(row, "|"), nil)
				l.Sheet = "用房"
				out.Rooms = append(out.Rooms, l)
			}
		}
	}
	out.Placed = func(sheet string, row int, f record.Fault) lists.Fault { return placed[sheet](row, f) }
	return out
}

func told(taken estatelist.Taken) string {
	var out []string
	for _, r := range taken.Rows {
		line := fmt.Sprintf("%s%d %s", r.Sheet, r.Row, r.Outcome)
		for _, c := range r.Changes {
			line += fmt.Sprintf(" %s:%v>%v", c.Field, c.Before, c.After)
		}
		out = append(out, line)
	}
	for _, f := range taken.Faults {
		out = append(out, fmt.Sprintf("!%s%d %s %s", f.Sheet, f.Row, f.Column, f.Field))
	}
	return strings.Join(out, "; ")
}

func there() []estates.Estate {
	return []estates.Estate{
		{ID: "a", Version: 1, Name: "和顺家园", Kind: estates.New, DivisionCode: "11", Households: 600, Rooms: []estates.Room{
			{ID: "r1", Name: "社区用房", Building: "3号楼", Floor: "1层", RoomNo: "101", Use: premises.CommunityService, Area: 30_000, LedgerID: "l"},
			{ID: "r2", Name: "养老用房", Building: "3", Floor: "2", Use: premises.ElderlyService, Area: 20_000},
		}},
		{ID: "b", Version: 1, Name: "滨河苑", Kind: estates.Built, DivisionCode: "11"},
		{ID: "c", Version: 1, Name: "滨河苑", Kind: estates.Built, DivisionCode: "21"},
	}
}

func TestDecide(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		whole, rooms []string
		want         string
	}{
		"nothing": {nil, nil, ""},
		"one that is there": {
			[]string{"小区名称|村居|户数", "和顺 家园|花园社区|650"}, nil, "小区2 updated name:和顺家园>和顺 家园 households:600>650",
		},
		"by the subdistrict, whose name is less close": {[]string{"小区名称|街镇|户数", "和顺家园|东街道|600"}, nil, "小区2 unchanged"},
		"a new one":                       {[]string{"小区名称|村居", "新城|河畔社区"}, nil, "小区2 created"},
		"one of a name that is elsewhere": {[]string{"小区名称|村居", "和顺家园|河畔社区"}, nil, "小区2 created"},
		"which of two":                    {[]string{"小区名称|户数", "滨河苑|9"}, nil, "小区2 faulty; !小区2 小区名称 name"},
		"the one meant":                   {[]string{"小区名称|村居|户数", "滨河苑|河畔社区|9"}, nil, "小区2 updated households:0>9"},
		"by id, with a new name":          {[]string{"登记编号|小区名称", "A|和顺家园（东区）"}, []string{"小区名称|用房名称|楼栋|楼层|房号", "和顺家园（东区）|社区用房|3|1|101"}, "小区2 updated name:和顺家园>和顺家园（东区）; 用房2 updated building:3号楼>3 floor:1层>1"},
		"by an id of nothing":             {[]string{"登记编号|小区名称", "z|甲"}, nil, "小区2 faulty; !小区2 登记编号 estate_id"},
		"no name":                         {[]string{"小区名称|户数", "|3"}, nil, "小区2 faulty; !小区2 小区名称 name"},
		"twice":                           {[]string{"小区名称|户数", "新城|3", "新城|3", "和顺家园|600", "和顺家园|"}, nil, "小区2 created; 小区3 faulty; 小区4 unchanged; 小区5 faulty; !小区3 小区名称 name; !小区5 小区名称 name"},
		"rooms of one that is there, and of a new one": {
			[]string{"小区名称|村居", "新城|花园社区"},
			[]string{"项目名称|用房名称|用途|楼栋|楼层|房号|面积", "和顺家园|社区用房|社区服务|3|1|101|350", "和顺家园|养老用房|养老服务|3栋|2层||200", "和顺家园|物业用房|物业管理用房|4|1||80", "新城|驿站|养老服务|1|1||300"},
			"小区2 created; 用房2 updated building:3号楼>3 floor:1层>1 area:300>350; 用房3 updated building:3>3栋 floor:2>2层; 用房4 created; 用房5 created",
		},
		"a room that gets its number": {nil, []string{"项目名称|用房名称|楼栋|楼层|房号", "和顺家园|养老用房|3|2|201"}, "用房2 updated room_no:<nil>>201"},
		"a room by its id":            {nil, []string{"项目名称|用房登记编号|面积", "和顺家园|r2|250", "和顺家园|r9|1"}, "用房2 updated area:200>250; 用房3 faulty; !用房3 用房登记编号 room_id"},
		"rooms of nothing":            {nil, []string{"项目名称|用房名称", "无名苑|甲", "|乙", "滨河苑|丙"}, "用房2 faulty; 用房3 faulty; 用房4 faulty; !用房2 项目名称 estate; !用房3 项目名称 estate; !用房4 项目名称 estate"},
		"a room twice":                {nil, []string{"项目名称|用房名称|楼栋|楼层|房号", "和顺家园|甲|9|1|1", "和顺家园|乙|9栋|1层|1"}, "用房2 created; 用房3 faulty; !用房3 房号 room_no"},
		"a room of nothing":           {nil, []string{"项目名称|用房名称|楼栋", "和顺家园||9"}, "用房2 faulty; !用房2 用房名称 name"},
	} {
		d := estatelist.Decide(there(), sheet(t, tc.whole, tc.rooms))
		if got := told(d.Told()); got != tc.want {
			t.Errorf("%s: %s\nwant %s", name, got, tc.want)
		}
	}
	d := estatelist.Decide(there(), sheet(t, []string{"小区名称|村居", "和顺家园|河畔社区"}, nil))
	if r := d.Told().Remarks; len(r) != 1 || r[0].Row != 2 || !strings.Contains(r[0].ZH, "同名") || r[0].EN == "" {
		t.Errorf("%+v", r)
	}
	if it := d.All[0]; !it.New() || it.After.Kind != estates.New || it.After.DivisionCode != "21" {
		t.Errorf("%+v", it.After)
	}
}

func TestBlame(t *testing.T) {
	t.Parallel()
	d := estatelist.Decide(there(), sheet(t, []string{"小区名称|村居|规划条件日期", "新城|花园社区|2020-01-01"}, []string{"小区名称|用房名称|分期|楼栋", "和顺家园|甲|2|9", "新城|乙||1"}))
	for _, it := range d.All {
		for _, field := range []string{"households", "conditions/day", "rooms/0/phase", "rooms/2/phase", "rooms/x", "division_code"} {
			d.Blame(it, record.Fault{Field: field, ZH: "错", EN: "wrong"})
		}
	}
	want := "小区2 faulty; 用房2 faulty; 用房3 faulty; !小区2  households; !小区2 规划条件日期 conditions/day; !小区2  rooms/2/phase; !小区2  rooms/x; !小区2 村居 division_code; " +
		"!用房2  households; !用房2  conditions/day; !用房2  rooms/0/phase; !用房2 分期 phase; !用房2  rooms/x; !用房2  division_code; !用房3 分期 phase"
	if got := told(d.Told()); got != want {
		t.Errorf("%s", got)
	}
}

// TestTheSameListTwiceChangesNothing holds that what a list made is what it says.
func TestTheSameListTwiceChangesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		word := rapid.SampledFrom([]string{"甲", "乙", "丙 ", "Ｄ"})
		whole, rooms := []string{"小区名称|村居|户数|用地面积"}, []string{"小区名称|村居|用房名称|楼栋|楼层|房号|面积"}
		place := rapid.SampledFrom([]string{"花园社区", "河畔社区"})
		for range rapid.IntRange(0, 4).Draw(rt, "estates") {
			whole = append(whole, strings.Join([]string{word.Draw(rt, "name"), place.Draw(rt, "place"), fmt.Sprint(rapid.IntRange(0, 3).Draw(rt, "n")), "1.5公顷"}, "|"))
		}
		for range rapid.IntRange(0, 6).Draw(rt, "rooms") {
			rooms = append(rooms, strings.Join([]string{
				word.Draw(rt, "name"), place.Draw(rt, "place"), word.Draw(rt, "room"), rapid.SampledFrom([]string{"", "1", "1栋"}).Draw(rt, "building"),
				rapid.SampledFrom([]string{"", "1", "1层"}).Draw(rt, "floor"), rapid.SampledFrom([]string{"", "101"}).Draw(rt, "no"), "80",
			}, "|"))
		}
		first := estatelist.Decide(nil, sheet(t, whole, rooms))
		taken := first.Told()
		if len(taken.Faults) > 0 {
			return // nothing is taken
		}
		var have []estates.Estate
		for i, it := range first.All {
			e := it.After
			e.ID = fmt.Sprint("e", i)
			for k := range e.Rooms {
				e.Rooms[k].ID = fmt.Sprint("r", k)
			}
			have = append(have, e)
		}
		again := estatelist.Decide(have, sheet(t, whole, rooms)).Told()
		if slices.ContainsFunc(again.Rows, func(r estatelist.TakenRow) bool { return r.Outcome != lists.Unchanged }) || len(again.Faults) > 0 {
			rt.Fatalf("%q %q: %s", whole, rooms, told(again))
		}
		for i, it := range estatelist.Decide(have, sheet(t, whole, rooms)).All {
			if d := estates.Differences(it.Before, it.After); len(d) > 0 {
				rt.Fatalf("%d: %+v", i, d)
			}
		}
	})
}

func FuzzReadPhases(f *testing.F) {
	for _, text := range []string{"一期 600户 2024-03-01开工 2026-05-01验收；二期 400户", "1 600 households 2024-03-01 begun", "3", "二期 ", "；；", "1 1e9"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		phases, fault := estatelist.ReadPhases(text)
		if fault != nil && (fault.ZH == "" || fault.EN == "" || phases != nil) {
			t.Errorf("%q: %+v", text, fault)
		}
		for _, p := range phases {
			if p.No < 1 || p.Households < 0 {
				t.Errorf("%q: %+v", text, p)
			}
		}
	})
}

func FuzzEstateRow(f *testing.F) {
	f.Add("甲", "3.5公顷", "2026年", "一期 3户", "是")
	f.Fuzz(func(t *testing.T, a, b, c, d, e string) {
		r, _ := estatelist.NewEstateReader([]string{"小区名称", "用地面积", "竣工日期", "分期", "户数"}, listPlaces(), geo.WGS84())
		estates.Clean(r.Read(2, []string{a, b, c, d, e}, nil).Apply(estates.Estate{}))
		rooms, _ := estatelist.NewRoomReader([]string{"小区名称", "面积", "移交日期", "分用途", "电梯"}, listPlaces(), geo.WGS84())
		rooms.Read(2, []string{a, b, c, d, e}, nil).Apply(estates.Room{})
	})
}
