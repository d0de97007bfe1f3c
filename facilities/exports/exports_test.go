package exports_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"yike/facilities"
	"yike/facilities/exports"
)

// town names divisions after their codes.
type town struct{}

func (town) Subdistrict(code string) string { return name(code, 9, "街") }
func (town) Community(code string) string   { return name(code, 12, "社区") }

func name(code string, digits int, what string) string {
	if len(code) < digits {
		return ""
	}
	return code[:digits] + what
}

func ground(t testing.TB, words exports.Words) exports.Ground {
	t.Helper()
	c, err := facilities.ParseCatalogue(nil)
	if err != nil {
		t.Fatal(err)
	}
	return exports.Ground{Types: c, Names: town{}, Today: "2026-11-27", Words: words}
}

func canteen() facilities.Facility {
	return facilities.Facility{
		ID: "0198", Version: 3, Type: "elderly_canteen", NameZH: "常青老年食堂", Status: facilities.Open, Stage: facilities.Published, Address: "堃园路1号",
		Capacity: 120, Serves: []string{"990001001001", "990001001002"}, DivisionCode: "990001001001", Point: orb.Point{114.2, 30.6},
		PlacedBy: facilities.PlacedAddress, PlaceConfidence: 80, USCC: "91420100MA4K000000", VerifiedOn: "2026-11-01",
		Fields: map[string]any{"grade": "1", "seats": 60.0, "dining_area": 120.5, "subsidised": true, "food_licence_until": "2027-03-01", "meal_times": "11:00-13:00"},
	}
}

// row is a line by the codes of its columns.
func row(s exports.Sheet, f facilities.Facility) map[string]any {
	out := map[string]any{}
	line := s.Line(f)
	for i, c := range s.Columns() {
		if line.Values[i] != nil {
			key := c.Code
			if key == "" {
				key = c.Head
			}
			out[key] = line.Values[i]
		}
	}
	return out
}

func TestUsualColumns(t *testing.T) {
	t.Parallel()
	g := ground(t, exports.Chinese)
	info := exports.TypesOf(g.Types, []facilities.Type{"elderly_canteen"})
	s := exports.NewSheet(g, exports.Usual(info))
	got := row(s, canteen())
	grade := "一类"
	for _, f := range info[0].Fields {
		if f.Field == "grade" {
			grade = f.Choices[0].ZH
		}
	}
	want := map[string]any{
		"name_zh": "常青老年食堂", "type": info[0].ZH, "status": "开放", "subdistrict": "990001001街", "community": "990001001001社区", "division_code": "990001001001",
		"address": "堃园路1号", "placed_by": "按地址匹配", "place_confidence": int64(80), "capacity": int64(120), "serves": "990001001001社区、990001001002社区",
		"uscc": "91420100MA4K000000", "fields.seats": int64(60), "fields.dining_area": 120.5, "fields.subsidised": true, "fields.food_licence_until": "2027-03-01",
		"fields.meal_times": "11:00-13:00", "fields.grade": grade, "verified_on": "2026-11-01", "stage": "已发布", "id": "0198",
	}
	quality, ok := got["quality"].(int64)
	if !ok || quality < 1 || quality > 100 {
		t.Errorf("quality %v", got["quality"])
	}
	delete(got, "quality")
	for k, v := range got { // what follows from the capacity
		if _, known := want[k]; !known && k == facilities.FieldPrefix+info[0].CapacityField && v == int64(120) {
			delete(got, k)
		}
	}
	if _, ok := want["fields.grade"]; ok && got["fields.grade"] == "1" {
		want["fields.grade"] = "1"
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if p := s.Line(canteen()).Point; p == nil || *p != (orb.Point{114.2, 30.6}) {
		t.Errorf("placed at %v", p)
	}
	unplaced := canteen()
	unplaced.Unplaced = true
	if p := s.Line(unplaced).Point; p != nil {
		t.Errorf("an unplaced facility lies at %v", p)
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	for words, want := range map[exports.Words][3]string{
		exports.Chinese: {"状态", "开放", "990001001001社区、990001001002社区"}, exports.English: {"Status", "open", "990001001001社区, 990001001002社区"},
		exports.Codes: {"status", "open", "990001001001;990001001002"},
	} {
		g := ground(t, words)
		s := exports.NewSheet(g, exports.Usual(g.Types.Types))
		got := row(s, canteen())
		i := slices.IndexFunc(s.Columns(), func(c exports.Column) bool { return c.Code == "status" })
		if s.Columns()[i].Head != want[0] || got["status"] != want[1] || got["serves"] != want[2] {
			t.Errorf("%s: %v %v %v", words, s.Columns()[i].Head, got["status"], got["serves"])
		}
	}
	if _, ok := exports.ParseWords("fr"); ok {
		t.Error("fr")
	}
	if w, ok := exports.ParseWords(""); !ok || w != exports.Chinese {
		t.Error(w)
	}
}

// TestEveryTypeHasItsColumns writes a facility of each type in all columns.
func TestEveryTypeHasItsColumns(t *testing.T) {
	t.Parallel()
	g := ground(t, exports.Chinese)
	fields := exports.Fields(g.Types.Types)
	heads, codes := map[string]bool{}, map[string]bool{}
	for _, f := range fields {
		if f.ZH == "" || f.EN == "" || heads[f.Head(exports.Chinese)] || codes[f.Code] {
			t.Errorf("%s: no name of its own: %q", f.Code, f.Head(exports.Chinese))
		}
		heads[f.Head(exports.Chinese)], codes[f.Code] = true, true
	}
	for _, info := range g.Types.Types {
		for _, f := range info.Fields {
			if !codes[facilities.FieldPrefix+f.Field] {
				t.Errorf("%s: no column for %s", info.Type, f.Field)
			}
		}
		s := exports.NewSheet(g, fields)
		if got := row(s, facilities.Facility{Type: info.Type, NameZH: "x", Unplaced: true}); got["type"] != info.ZH || got["name_zh"] != "x" || got["capacity"] != nil {
			t.Errorf("%s: %v", info.Type, got)
		}
	}
	if s := exports.NewSheet(g, fields); row(s, facilities.Facility{Type: "none", NameZH: "x"})["quality"] != nil {
		t.Error("a type that is not known has a quality")
	}
}

func profile() exports.Profile {
	return exports.Profile{
		Name: "省平台季报", Format: "xlsx", System: "cgcs2000", Days: exports.DayCompact,
		Columns: []exports.ProfileColumn{
			{Head: "机构名称", Field: "name_zh"},
			{Head: "机构状态", Field: "status", Codes: []exports.Code{{From: "open", To: "01"}, {From: "关闭", To: "09"}}},
			{Head: "填报单位", Constant: "某区民政局"},
			{Head: "电话", Field: "fields.contact_phone", Default: "无"},
			{Head: "核实", Field: "verified_on"},
			{Head: "座位", Field: "fields.seats"},
			{Head: "服务", Field: "serves", Codes: []exports.Code{{From: "990001001001", To: "A1"}}},
			{Head: "经", Field: "lon"},
			{Head: "补贴", Field: "fields.subsidised", Default: "否"},
			{Head: "旧字段", Field: "fields.gone", Default: "/"},
		},
	}
}

func TestProfileSheet(t *testing.T) {
	t.Parallel()
	g := ground(t, exports.Chinese)
	s := exports.ProfileSheet(g, profile(), exports.Fields(g.Types.Types))
	values := func(f facilities.Facility) string {
		var out []string
		for _, v := range s.Line(f).Values {
			out = append(out, fmt.Sprint(v))
		}
		return strings.Join(out, "|")
	}
	if got, want := values(canteen()), "常青老年食堂|01|某区民政局|无|20261101|60|A1、990001001002社区|<nil>|是|/"; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	closed := facilities.Facility{Type: "elderly_canteen", NameZH: "乙", Status: facilities.Closed}
	if got, want := values(closed), "乙|09|某区民政局|无|<nil>|<nil>|<nil>|<nil>|否|/"; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	suspended := closed
	suspended.Status = facilities.Suspended
	if got := values(suspended); !strings.HasPrefix(got, "乙|暂停|") {
		t.Errorf("a value without a code: %s", got)
	}
	kinds := []exports.Kind{exports.Text, exports.Text, exports.Text, exports.Text, exports.Text, exports.Integer, exports.Text, exports.Lon, exports.Text, exports.Text}
	for i, c := range s.Columns() {
		if c.Kind != kinds[i] {
			t.Errorf("%s is of kind %s; want %s", c.Head, c.Kind, kinds[i])
		}
	}
}

func TestDayForms(t *testing.T) {
	t.Parallel()
	for form, want := range map[exports.DayForm]string{
		exports.DayISO: "2026-03-07", exports.DaySlash: "2026/03/07", exports.DayDot: "2026.03.07", exports.DayCompact: "20260307",
		exports.DayChinese: "2026年3月7日", exports.DayMonth: "2026-03",
	} {
		if got := form.Write("2026-03-07"); got != want {
			t.Errorf("%s: %s; want %s", form, got, want)
		}
		if got := form.Write("不详"); got != "不详" {
			t.Errorf("%s: %s", form, got)
		}
	}
}

func TestValidateProfile(t *testing.T) {
	t.Parallel()
	g := ground(t, exports.Chinese)
	all := exports.Fields(g.Types.Types)
	formats, systems := []string{"xlsx", "csv"}, []string{"wgs84", "cgcs2000"}
	long := strings.Repeat("长", 201)
	good := profile()
	good.Columns = good.Columns[:9]
	for _, tc := range []struct {
		name, want string
		change     func(p *exports.Profile)
	}{
		{"as it should be", "", func(*exports.Profile) {}},
		{"no name", "name", func(p *exports.Profile) { p.Name = "" }},
		{"a long name", "name", func(p *exports.Profile) { p.Name = long }},
		{"an unknown type", "types/1", func(p *exports.Profile) { p.Types = []facilities.Type{"elderly_canteen", "x"} }},
		{"an unknown format", "format", func(p *exports.Profile) { p.Format = "doc" }},
		{"an unknown system", "system", func(p *exports.Profile) { p.System = "mars" }},
		{"an unknown form of days", "days", func(p *exports.Profile) { p.Days = "x" }},
		{"no columns", "columns", func(p *exports.Profile) { p.Columns = nil }},
		{"too many columns", "columns", func(p *exports.Profile) {
			p.Columns = nil
			for i := range 201 {
				p.Columns = append(p.Columns, exports.ProfileColumn{Head: fmt.Sprint(i)})
			}
		}},
		{"no heading, and one twice", "columns/0/head columns/2/head", func(p *exports.Profile) { p.Columns[0].Head, p.Columns[2].Head = "", "机构状态" }},
		{"a long heading", "columns/0/head", func(p *exports.Profile) { p.Columns[0].Head = long }},
		{"an unknown field", "columns/0/field", func(p *exports.Profile) { p.Columns[0].Field = "x" }},
		{"a field and a constant", "columns/0/constant", func(p *exports.Profile) { p.Columns[0].Constant = "x" }},
		{"long values", "columns/2/constant columns/2/default", func(p *exports.Profile) { p.Columns[2].Constant, p.Columns[2].Default = long, long }},
		{"codes of nothing, twice and too long", "columns/1/codes/0/from columns/1/codes/2/from columns/1/codes/3", func(p *exports.Profile) {
			p.Columns[1].Codes = []exports.Code{{To: "x"}, {From: "a"}, {From: "a"}, {From: "b", To: long}}
		}},
		{"too many codes", "columns/1/codes", func(p *exports.Profile) {
			p.Columns[1].Codes = nil
			for i := range 501 {
				p.Columns[1].Codes = append(p.Columns[1].Codes, exports.Code{From: fmt.Sprint(i)})
			}
		}},
	} {
		p := exports.Patch{}.Apply(good)
		p.Columns = slices.Clone(p.Columns)
		tc.change(&p)
		var got []string
		for _, f := range p.Validate(all, g.Types.Types, formats, systems) {
			if f.ZH == "" || f.EN == "" {
				t.Errorf("%s: %s without words", tc.name, f.Field)
			}
			got = append(got, f.Field)
		}
		if strings.Join(got, " ") != tc.want {
			t.Errorf("%s: %v; want %s", tc.name, got, tc.want)
		}
	}
}

func TestPatch(t *testing.T) {
	t.Parallel()
	text := "  新 名 "
	columns := []exports.ProfileColumn{{Head: " a  b "}}
	days := exports.DayForm("")
	types := []facilities.Type{"elderly_canteen"}
	before := profile()
	got := exports.Patch{Name: &text, Columns: &columns, Days: &days, Types: &types}.Apply(before)
	if got.Name != "新 名" || got.Columns[0].Head != "a b" || got.Days != exports.DayISO || got.Format != "xlsx" || columns[0].Head != " a  b " {
		t.Errorf("%+v", got)
	}
	if got.Same(before) || !before.Same(exports.Patch{}.Apply(before)) {
		t.Error("Same")
	}
}

// What a bureau no longer asks for is in no usual export, and can be given out all the same.
func TestPastFields(t *testing.T) {
	t.Parallel()
	c, err := facilities.ParseCatalogue([]byte(`{"types":[{"type":"love_post","zh":"爱心驿站","en":"post","group":"community","capacity_unit":"sites","serves":"residents","measure":"walk",
		"past_fields":[{"field":"cups","zh":"杯数","en":"cups","kind":"integer","tab":"service"},{"field":"operator","zh":"运营单位","en":"operator","kind":"text","tab":"signature"}]}]}`))
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, f := range exports.Fields(c.Types) {
		switch f.Code {
		case "fields.cups":
			found++
			if f.Usual() || !f.Past || len(f.Types) != 1 {
				t.Errorf("%+v", f)
			}
		case "fields.operator":
			found++
			if !f.Usual() || f.Types != nil {
				t.Errorf("another type asks for it: %+v", f)
			}
		}
	}
	if found != 2 {
		t.Errorf("%d fields", found)
	}
}
