package facilities

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"yike/internal/record"
)

// bath is a type as a planner writes one: 社区助浴点.
func bath() TypeInfo {
	return TypePatch{
		ZH: ptrTo("社区助浴点"), EN: ptrTo("community bathing point"), Group: ptrTo("elderly"), CapacityUnit: ptrTo("visits_per_day"), CapacityField: ptrTo("visits"),
		Serves: ptrTo("elders"), Measure: ptrTo(Walk), DoorPage: ptrTo(true), Icon: ptrTo("bath"),
		Limits: &[]Limit{{Minutes: 15, Grade: "P", CiteZH: "本局意见"}},
		Fields: &[]FieldInfo{
			{Field: "visits", ZH: "日服务能力", Kind: Integer, Unit: "visits_per_day", Tab: Service, Required: true},
			{Field: "ways", ZH: "助浴方式", Kind: Several, Tab: Service, Choices: []Choice{{Value: "there", ZH: "到点助浴"}, {Value: "home", ZH: "上门助浴"}}},
		},
	}.Apply(TypeInfo{Type: "bath_point"})
}

func ptrTo[T any](v T) *T { return &v }

func fits(c Types, t TypeInfo) []record.Fault {
	return c.Fits(t, c.Types, []string{"FAC-11", "FAC-19"})
}

func faultPaths(faults []record.Fault) string {
	var out []string
	for _, f := range faults {
		if f.ZH == "" || f.EN == "" {
			return "a fault without words: " + f.Field
		}
		out = append(out, f.Field)
	}
	return strings.Join(out, " ")
}

func TestBureauAddsAType(t *testing.T) {
	t.Parallel()
	base := builtIn(t)
	if faults := fits(base, bath()); len(faults) > 0 {
		t.Fatal(faults)
	}
	c, misfits := base.WithLocal([]TypeInfo{bath()})
	got, ok := c.Find("bath_point")
	if !ok || len(misfits) > 0 || len(c.Types) != len(base.Types)+1 || len(builtIn(t).Types) != len(base.Types) {
		t.Fatalf("%v, %d types", misfits, len(c.Types))
	}
	if got.Origin != FromBureau || c.Types[0].Origin != FromProgram || got.CapacityZH != "人次/日" || !got.DoorPage || got.Fields[0].Field != "operator" {
		t.Errorf("%+v", got)
	}
	if f, _ := got.Field("visits"); f.EN != "日服务能力" || f.UnitZH != "人次/日" {
		t.Errorf("%+v", f)
	}
	if got.Limits[0].CiteEN != "本局意见" {
		t.Errorf("%+v", got.Limits)
	}
	// An English name that nobody wrote follows the Chinese one.
	if renamed := (TypePatch{ZH: ptrTo("助浴站")}).Apply(TypeInfo{ZH: "助浴点", EN: "助浴点"}); renamed.EN != "助浴站" {
		t.Errorf("%+v", renamed)
	}
	// It is kept as JSON and comes back the same.
	raw, err := json.Marshal(bath())
	if err != nil {
		t.Fatal(err)
	}
	var back TypeInfo
	if err := json.Unmarshal(raw, &back); err != nil {
		t.Fatal(err)
	}
	again, _ := base.WithLocal([]TypeInfo{back})
	if d := cmp.Diff(c.Types, again.Types); d != "" {
		t.Error(d)
	}
}

// Order, and what is no longer asked for, are the bureau's, of the common fields too.
func TestBureauOrdersFields(t *testing.T) {
	t.Parallel()
	base := builtIn(t)
	mine, before := base.Completed(bath())
	if before != len(base.Common()) {
		t.Errorf("%d fields before its own", before)
	}
	land, _ := mine.Field("land_area")
	mine.Fields = slices.DeleteFunc(mine.Fields, func(f FieldInfo) bool { return f.Field == "land_area" })
	mine.Past = []FieldInfo{land}
	slices.Reverse(mine.Fields)
	c, misfits := base.WithLocal([]TypeInfo{mine})
	got, _ := c.Find("bath_point")
	if len(misfits) > 0 || got.Fields[0].Field != "ways" || len(got.Fields) != len(mine.Fields) || len(got.Past) != 1 {
		t.Errorf("%v, %+v", misfits, got)
	}
	if _, ok := got.Field("land_area"); ok {
		t.Error("what is past is asked for")
	}
	f := Facility{Type: "bath_point", NameZH: "甲", Status: Open, Stage: Published, Unplaced: true, Fields: map[string]any{"land_area": 20.0, "visits": 5.0}}
	if faults := Validate(f, Known{Types: c.Types}); len(faults) > 0 {
		t.Errorf("what a record has of a past field: %v", faults)
	}
	f.Fields["land_area"] = "much"
	if faults := Validate(f, Known{Types: c.Types}); faultPaths(faults) != "fields.land_area" {
		t.Errorf("nonsense in a past field: %v", faults)
	}
}

// Of a type that comes with the program a bureau says otherwise what the program does not
// count on.
func TestBureauChangesAType(t *testing.T) {
	t.Parallel()
	base := builtIn(t)
	was, _ := base.Find("elderly_canteen")
	mine := was
	mine.ZH, mine.Group, mine.Serves, mine.CapacityUnit, mine.CapacityField, mine.Core = "老年食堂", "funeral", "minors", "beds", "seats", false
	mine.Fields = []FieldInfo{
		{Field: "grade", ZH: "食堂等级", EN: "grade", Kind: Text, Unit: "m2", Tab: Service, Choices: []Choice{{Value: "3", ZH: "三级", EN: "3"}}},
	}
	c, misfits := base.WithLocal([]TypeInfo{mine})
	got, _ := c.Find("elderly_canteen")
	if len(misfits) > 0 || got.ZH != "老年食堂" || got.Group != was.Group || got.Serves != was.Serves || got.CapacityUnit != was.CapacityUnit || got.CapacityField != was.CapacityField || !got.Core {
		t.Fatalf("%v, %+v", misfits, got)
	}
	if slices.IndexFunc(c.Types, func(i TypeInfo) bool { return i.Type == "elderly_canteen" }) != slices.IndexFunc(base.Types, func(i TypeInfo) bool { return i.Type == "elderly_canteen" }) {
		t.Error("it lost its place")
	}
	grade, _ := got.Field("grade")
	if got.Fields[0].Field != "grade" || grade.ZH != "食堂等级" || grade.Kind != Chosen || grade.Unit != "" || len(grade.Choices) != 3 {
		t.Errorf("%+v", grade)
	}
	if len(got.Fields) != len(was.Fields) {
		t.Errorf("%d fields, %d before: what the program adds later must not be lost", len(got.Fields), len(was.Fields))
	}
}

// Whatever a bureau writes, facilities for the dead, for people in distress and for minors
// are never named at doors.
func TestBureauNeverOpensDoors(t *testing.T) {
	t.Parallel()
	base := builtIn(t)
	named := func(t TypeInfo) bool {
		c, _ := base.WithLocal([]TypeInfo{t})
		got, _ := c.Find(t.Type)
		return got.DoorPage
	}
	mine := func(change func(*TypeInfo)) TypeInfo {
		b := bath()
		change(&b)
		return b
	}
	for name, info := range map[string]TypeInfo{
		"a group that never is": mine(func(b *TypeInfo) { b.Group = "relief" }),
		"for minors":            mine(func(b *TypeInfo) { b.Serves = "minors" }),
		"for the bereaved":      mine(func(b *TypeInfo) { b.Serves = "bereaved" }),
		"a columbarium by name": mine(func(b *TypeInfo) { b.ZH = "惠民骨灰存放处" }),
		"a rescue by name":      mine(func(b *TypeInfo) { b.EN = "Rescue point" }),
		"one that is not named": mine(func(b *TypeInfo) { b.Type = "mental_rehab" }),
		"a columbarium itself":  mine(func(b *TypeInfo) { b.Type, b.Group = "columbarium", "elderly" }),
	} {
		if paths := faultPaths(fits(base, info)); !strings.Contains(paths, "door_page") {
			t.Errorf("%s: %q", name, paths)
		}
		if named(info) {
			t.Errorf("%s is named at doors all the same", name)
		}
	}
	if !named(bath()) {
		t.Error("a bathing point is not named")
	}
}

func TestTypeFaults(t *testing.T) {
	t.Parallel()
	base := builtIn(t)
	long := strings.Repeat("长", LongestHint+1)
	for _, tc := range []struct {
		paths  string
		change func(*TypeInfo)
	}{
		{"type", func(b *TypeInfo) { b.Type = "助浴" }},
		{"zh", func(b *TypeInfo) { b.ZH = "" }},
		{"zh", func(b *TypeInfo) { b.ZH = "助餐点" }},
		{"en", func(b *TypeInfo) { b.EN = "Meal Point" }},
		{"zh", func(b *TypeInfo) { b.ZH = "助浴\n点" }},
		{"zh", func(b *TypeInfo) { b.ZH = long }},
		{"group", func(b *TypeInfo) { b.Group = "" }},
		{"measure", func(b *TypeInfo) { b.Measure = "fly" }},
		{"serves door_page", func(b *TypeInfo) { b.Serves = "cats" }},
		{"capacity_unit capacity_field", func(b *TypeInfo) { b.CapacityUnit = "" }},
		{"capacity_field", func(b *TypeInfo) { b.CapacityField = "ways" }},
		{"capacity_field", func(b *TypeInfo) { b.CapacityField = "none" }},
		{"icon", func(b *TypeInfo) { b.Icon = "a b" }},
		{"standards", func(b *TypeInfo) { b.Standards = []string{"FAC-11", "FAC-99"} }},
		{"limits.0", func(b *TypeInfo) { b.Limits[0].Per = "community" }},
		{"limits.0.minutes", func(b *TypeInfo) { b.Limits[0].Minutes = 1000 }},
		{"limits.0.distance_m", func(b *TypeInfo) { b.Limits[0].Minutes, b.Limits[0].DistanceM = 0, -1 }},
		{"limits.0.per", func(b *TypeInfo) { b.Limits[0].Minutes, b.Limits[0].Per = 0, "house" }},
		{"limits.0.grade limits.0.cite_zh", func(b *TypeInfo) { b.Limits[0].Grade, b.Limits[0].CiteZH = "M", "" }},
		{"limits", func(b *TypeInfo) { b.Limits = slices.Repeat(b.Limits, MostLimits+1) }},
		{"fields.0.field capacity_field", func(b *TypeInfo) { b.Fields[0].Field = "一" }},
		{"fields.1.field fields.1.zh fields.1.kind", func(b *TypeInfo) {
			b.Fields[1].Field, b.Fields[1].ZH, b.Fields[1].Kind = "visits", "日服务能力", "map"
		}},
		{"fields.0.hint_zh fields.0.tab", func(b *TypeInfo) { b.Fields[0].HintZH, b.Fields[0].Tab = long, "back" }},
		{"fields.0.unit capacity_field", func(b *TypeInfo) { b.Fields[0].Unit = "buckets" }},
		{"fields.0.min", func(b *TypeInfo) { b.Fields[0].Min, b.Fields[0].Max = ptrTo(3.0), ptrTo(2.0) }},
		{"fields.0.at_most", func(b *TypeInfo) { b.Fields[0].AtMost = "ways" }},
		{"fields.0.choices", func(b *TypeInfo) { b.Fields[0].Choices = b.Fields[1].Choices }},
		{"fields.1.choices", func(b *TypeInfo) { b.Fields[1].Choices = nil }},
		{"fields.1.unit", func(b *TypeInfo) { b.Fields[1].Unit = "m2" }},
		{"fields.1.choices.1.en fields.1.choices.1.value", func(b *TypeInfo) { b.Fields[1].Choices[1] = Choice{Value: "there", ZH: "另"} }},
		{"fields.1.choices.1.zh", func(b *TypeInfo) { b.Fields[1].Choices[1].ZH = "到点助浴" }},
		{"fields", func(b *TypeInfo) {
			for i := range MostFields {
				b.Fields = append(b.Fields, FieldInfo{Field: "f" + plain(float64(i)), ZH: plain(float64(i)), EN: "f", Kind: Text, Tab: Service})
			}
		}},
		{"past_fields.0.field", func(b *TypeInfo) { b.Past = []FieldInfo{b.Fields[0]} }},
	} {
		b := bath()
		tc.change(&b)
		if got := faultPaths(fits(base, b)); got != tc.paths {
			t.Errorf("%s: got %q", tc.paths, got)
		}
	}
}

// One that no longer fits is left out and named, and the rest of the catalogue holds.
func TestMisfits(t *testing.T) {
	t.Parallel()
	base := builtIn(t)
	bad := bath()
	bad.Type, bad.CapacityUnit = "bad", "buckets"
	c, misfits := base.WithLocal([]TypeInfo{bad, bath()})
	if _, ok := c.Find("bath_point"); !ok || len(misfits) != 1 || misfits[0].Type != "bad" || !strings.Contains(misfits[0].Err.Error(), "capacity_unit") {
		t.Errorf("%v", misfits)
	}
}

// What is without a fault is taken, and what is taken holds to the rules.
func TestFitsIsTaken(t *testing.T) {
	t.Parallel()
	base := builtIn(t)
	codes := rapid.SampledFrom([]string{"", "a", "visits", "floor_area", "love_post", "columbarium", "不"})
	words := rapid.SampledFrom([]string{"", "甲", "助浴点", "骨灰堂", "儿童浴室", "日服务能力"})
	rapid.Check(t, func(rt *rapid.T) {
		info := TypeInfo{
			Type: Type(codes.Draw(rt, "type")), ZH: words.Draw(rt, "zh"), EN: words.Draw(rt, "en"), Group: rapid.SampledFrom([]string{"elderly", "funeral", "community", "x"}).Draw(rt, "group"),
			CapacityUnit: rapid.SampledFrom([]string{"m2", "beds", "x"}).Draw(rt, "unit"), CapacityField: codes.Draw(rt, "capacity"),
			Serves: rapid.SampledFrom([]string{"elders", "minors", "residents"}).Draw(rt, "serves"), Measure: Walk, DoorPage: rapid.Bool().Draw(rt, "door"),
		}
		field := rapid.Custom(func(rt *rapid.T) FieldInfo {
			f := FieldInfo{
				Field: codes.Draw(rt, "field"), ZH: words.Draw(rt, "name"), EN: "e", Kind: rapid.SampledFrom([]Kind{Integer, Text, Chosen, "x"}).Draw(rt, "kind"), Tab: Service,
				Unit: rapid.SampledFrom([]string{"", "m2", "x"}).Draw(rt, "of"), AtMost: codes.Draw(rt, "most"), HintEN: words.Draw(rt, "hint"),
			}
			if rapid.Bool().Draw(rt, "chosen") {
				f.Choices = []Choice{{Value: codes.Draw(rt, "value"), ZH: words.Draw(rt, "of zh"), EN: "e"}}
			}
			return f
		})
		info.Fields, info.Past = rapid.SliceOfN(field, 0, 3).Draw(rt, "fields"), rapid.SliceOfN(field, 0, 2).Draw(rt, "past")
		info = TypePatch{}.Apply(info)
		faults := fits(base, info)
		c, misfits := base.WithLocal([]TypeInfo{info})
		if len(faults) == 0 && len(misfits) > 0 {
			rt.Fatalf("%+v has no fault and is not taken: %v", info, misfits)
		}
		for _, fault := range faults {
			if strings.HasPrefix(fault.ZH, "类型定义有误") {
				rt.Fatalf("no words for %v", fault)
			}
		}
		for _, got := range c.Types {
			if was, ok := base.Find(got.Type); ok && got.DoorPage && !was.DoorPage {
				rt.Fatalf("%s is named at doors", got.Type)
			}
		}
	})
}

// A person need not know of code words: they follow from the names.
func TestCodesFromNames(t *testing.T) {
	t.Parallel()
	spell := func(s string) string {
		return map[string]string{"社区助浴点": "she qu zhu yu dian", "助餐点": "meal point", "浴位": "yu wei", "方式": "fang shi", "到点": "dao dian", "？？": "？？"}[s]
	}
	info := TypeInfo{ZH: "社区助浴点", Fields: []FieldInfo{
		{ZH: "浴位"}, {ZH: "浴位"}, {Field: "kept", ZH: "浴位"}, {ZH: "？？"}, {ZH: "方式", Choices: []Choice{{ZH: "到点"}, {ZH: "到点"}, {Value: "x", ZH: "到点"}}}, {},
	}}
	got := info.WithCodes(nil, spell)
	var codes []string
	for _, f := range got.Fields {
		codes = append(codes, f.Field)
	}
	if got.Type != "she_qu_zhu_yu_dian" || strings.Join(codes, " ") != "yu_wei yu_wei_2 kept field fang_shi " || got.Fields[4].Choices[1].Value != "dao_dian_2" || got.Fields[4].Choices[2].Value != "x" {
		t.Errorf("%s %v %+v", got.Type, codes, got.Fields[4].Choices)
	}
	if info.Fields[0].Field != "" || info.Fields[4].Choices[0].Value != "" {
		t.Error("what was given was changed")
	}
	again := TypeInfo{ZH: "助餐点"}.WithCodes([]TypeInfo{{Type: "meal_point"}}, spell)
	if again.Type != "meal_point_2" {
		t.Error(again.Type)
	}
	if long := (TypeInfo{ZH: "x"}).WithCodes(nil, func(string) string { return strings.Repeat("long ", 20) }); !isCode(string(long.Type)) {
		t.Error(long.Type)
	}
}
