package lists_test

import (
	"math"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"yike/facilities/lists"
	"yike/geo/divisions"
	"yike/internal/record"
)

func columns() []lists.Column {
	return []lists.Column{
		{Code: "name", ZH: "小区名称", EN: "estate", Also: []string{"项目名称", "楼盘名称"}},
		{Code: "site_area", ZH: "用地面积（㎡）", EN: "site area (m²)", Also: []string{"占地面积"}},
		{Code: "division_code", ZH: "辖区编码", EN: "division code"},
		{Code: "community", ZH: "村居", EN: "community", Also: []string{"村（社区）"}},
		{Code: "households", ZH: "户数", EN: "households"},
	}
}

func TestHeadings(t *testing.T) {
	t.Parallel()
	h, faults := lists.ReadHeads([]string{"项目名称 *", "小区名称", "占地面积（公顷）", "村（社区）", "户数/万户", "颜色", "#F", "上次检查"}, columns(), []string{"上次检查"})
	var fields []string
	for i := range h.Len() {
		fields = append(fields, h.Field(i)+":"+h.Unit(i))
	}
	if want := []string{":", "name:", "site_area:公顷", "community:", "households:万户", ":", ":", ":"}; !slices.Equal(fields, want) || len(faults) > 0 {
		t.Errorf("%q, %v", fields, faults)
	}
	if !slices.Equal(h.Ignored, []string{"项目名称 *", "颜色"}) || h.Fields() != 4 || h.Of("site_area") != "占地面积（公顷）" || h.Of("division_code") != "" || h.Text(1) != "小区名称" {
		t.Errorf("%q, %d", h.Ignored, h.Fields())
	}
	for field, want := range map[string]string{"name/0/x": "小区名称", "division_code": "村（社区）", "unknown": ""} {
		if f := h.Placed(3, record.Fault{Field: field, ZH: "错", EN: "wrong"}); f.Column != want || f.Row != 3 || f.ZH != "错" {
			t.Errorf("%s is placed at %+v", field, f)
		}
	}
	h, faults = lists.ReadHeads([]string{"项目名称", "楼盘名称"}, columns(), nil)
	if len(faults) != 1 || faults[0].Column != "楼盘名称" || faults[0].Field != "name" || len(h.Ignored) != 0 {
		t.Errorf("twice: %+v, %q", faults, h.Ignored)
	}
	if f := h.Placed(2, record.Fault{Field: "households", ZH: "错", EN: "wrong"}); f.Column != "" || f.ZH != "户数：错" || f.EN != "households: wrong" {
		t.Errorf("of no column: %+v", f)
	}
}

func TestMeasures(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		cell, head string
		value      float64
		own        bool
	}{
		{"1,200.5", "", 1200.5, false},
		{"１２０㎡", "", 120, true},
		{"3.2541", "公顷", 32541, false},
		{"3.2541公顷", "㎡", 32541, true},
		{"1.2万㎡", "", 12000, true},
		{"12.5 万平方米", "", 125000, true},
		{"15亩", "", 10000, true},
		{"1 亩", "", 666.67, true},
		{"0.5km²", "", 500000, true},
		{"3.5", "万㎡", 35000, false},
		{"2 ha", "", 20000, true},
	} {
		m, ok := lists.Area(tc.cell, tc.head)
		if !ok || math.Abs(m.Value-tc.value) > 1e-9 || m.Own != tc.own {
			t.Errorf("%q under %q is %+v, %v", tc.cell, tc.head, m, ok)
		}
	}
	for _, cell := range []string{"", "约百", "1e3", "0x10", "1,20", "50-60", "120户", "三公顷", "1.2.3", "-", "㎡"} {
		if m, ok := lists.Area(cell, ""); ok {
			t.Errorf("%q is an area of %+v", cell, m)
		}
	}
	if m, ok := lists.Area("3", "户"); ok {
		t.Errorf("an area of households: %+v", m)
	}
	for cell, want := range map[string]float64{"600户": 600, "1.2万人": 12000, "1,860": 1860} {
		if m, ok := lists.Count(cell, ""); !ok || m.Value != want {
			t.Errorf("%q is %+v, %v", cell, m, ok)
		}
	}
	if v, ok := lists.Degrees("117.05°"); !ok || v != 117.05 {
		t.Error(v, ok)
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string]bool{"是": true, "有": true, "√": true, " YES": true, "否": false, "无": false, "０": false} {
		if yes, ok := lists.Truth(cell); !ok || yes != want {
			t.Errorf("%q is %v, %v", cell, yes, ok)
		}
	}
	if _, ok := lists.Truth("部分"); ok {
		t.Error("部分 is yes or no")
	}
	if got := lists.Texts("甲；乙; \n丙;"); !slices.Equal(got, []string{"甲", "乙", "丙"}) {
		t.Errorf("%q", got)
	}
	if !lists.Says("Ｎｅｗ", "new", "新建", "New") || !lists.Says("新建", "new", "新建", "New") || lists.Says("旧", "new", "新建", "New") {
		t.Error("words of a list")
	}
}

func TestDivisions(t *testing.T) {
	t.Parallel()
	p := lists.NewPlaces([]divisions.Division{
		{Code: "1", Level: divisions.Subdistrict, NameZH: "东街道", NameEN: "East"},
		{Code: "2", Level: divisions.Subdistrict, NameZH: "西街道"},
		{Code: "11", Level: divisions.Community, ParentCode: "1", NameZH: "花园社区", NameEN: "Garden"},
		{Code: "21", Level: divisions.Community, ParentCode: "2", NameZH: "花园社区"},
	})
	for _, tc := range [][5]string{ // code, subdistrict, community, found, field at fault
		{"", "", "", "", ""},
		{"11", "", "", "11", ""},
		{"", "东街道", "", "1", ""},
		{"", "east", "花园社区", "11", ""},
		{"", "", "Garden", "11", ""},
		{"", "", "花园社区", "", "community"},
		{"21", "", "花园社区", "21", ""},
		{"21", "东街道", "花园社区", "", "community"},
		{"9", "", "", "", "division_code"},
		{"", "南街道", "", "", "subdistrict"},
	} {
		code, fault := p.Find(tc[0], tc[1], tc[2])
		field := ""
		if fault != nil {
			field = fault.Field
		}
		if code != tc[3] || field != tc[4] {
			t.Errorf("%q: %q, %+v", tc, code, fault)
		}
	}
	if code, fault := lists.NewPlaces(nil).Find("9", "", ""); code != "" || fault != nil {
		t.Error("found something where there is nothing")
	}
}

func FuzzAmount(f *testing.F) {
	for _, text := range []string{"40", "1,200", "1.2万", "约８５．５", "-", ",,,", "1.2.3", "9" + strings.Repeat("9", 400)} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v, unit, ok := lists.Amount(text)
		if ok && (math.IsNaN(v) || math.IsInf(v, 0)) || utf8.ValidString(text) && !utf8.ValidString(unit) {
			t.Errorf("%q is %v %q", text, v, unit)
		}
	})
}

func FuzzHeads(f *testing.F) {
	f.Add("用地面积（公顷）*", "(", "/万")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		heads := []string{a, b, c}
		h, faults := lists.ReadHeads(heads, columns(), nil)
		if h.Fields()+len(faults)+len(h.Ignored) > len(heads) {
			t.Errorf("%q: %d, %v, %q", heads, h.Fields(), faults, h.Ignored)
		}
	})
}
