package facilities

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// everyKind is a type with a field of each kind.
func everyKind(t testing.TB) TypeInfo {
	t.Helper()
	c, err := ParseCatalogue([]byte(`{"units":[{"unit":"cups","zh":"杯","en":"cups"}],"types":[
		{"type":"every","zh":"样样","en":"everything","group":"community","capacity_unit":"cups","capacity_field":"whole","serves":"residents","measure":"walk","door_page":true,
		"fields":[
			{"field":"whole","zh":"总数","en":"total","kind":"integer","unit":"cups","tab":"service","min":0,"max":500,"required":true},
			{"field":"part","zh":"已用","en":"used","kind":"integer","tab":"service","at_most":"whole"},
			{"field":"size","zh":"面积","en":"size","kind":"number","unit":"m2","tab":"signature","min":0.5},
			{"field":"note","zh":"备注","en":"note","kind":"text","tab":"service"},
			{"field":"one","zh":"等级","en":"grade","kind":"choice","tab":"service","choices":[{"value":"a","zh":"一级（自制）","en":"first"},{"value":"b","zh":"二级","en":"second"}]},
			{"field":"many","zh":"功能","en":"functions","kind":"choices","tab":"service","required":true,"choices":[{"value":"x","zh":"入托","en":"day stays"},{"value":"y","zh":"助餐","en":"meals"}]},
			{"field":"on","zh":"日期","en":"day","kind":"day","tab":"signature"},
			{"field":"yes","zh":"签约","en":"contract","kind":"boolean","tab":"service"},
			{"field":"hours","zh":"时间","en":"hours","kind":"hours","tab":"service"},
			{"field":"call","zh":"电话","en":"telephone","kind":"phone","tab":"signature"},
			{"field":"built","zh":"建成年份","en":"built in","kind":"year","tab":"signature"}]}]}`))
	if err != nil {
		t.Fatal(err)
	}
	info, _ := c.Find("every")
	return info
}

func TestValidateFields(t *testing.T) {
	t.Parallel()
	info := everyKind(t)
	for _, tc := range []struct {
		field string
		value any
		says  string // "" for a value that is taken
	}{
		{"whole", 500.0, ""},
		{"whole", 501.0, "more than 500"},
		{"whole", -1.0, "less than 0"},
		{"whole", 1.5, "whole"},
		{"whole", 3, "number"}, // a Go int is not what a record keeps
		{"whole", "3", "number"},
		{"size", 0.5, ""},
		{"size", 0.4, "less than 0.5"},
		{"note", "靠北门", ""},
		{"note", "", "empty"},
		{"note", "两\n行", "control"},
		{"note", "\xff", "control"},
		{"note", strings.Repeat("字", LongestText), ""},
		{"note", strings.Repeat("字", LongestText+1), "characters"},
		{"note", true, "text"},
		{"one", "a", ""},
		{"one", "一级", "one of a (first), b (second)"},
		{"many", []string{"x", "y"}, ""},
		{"many", []string{"x", "x"}, "twice"},
		{"many", []string{"z"}, "one of"},
		{"many", []string{}, "list"},
		{"many", "x", "list"},
		{"on", "2026-11-27", ""},
		{"on", "2026/11/27", "day"},
		{"yes", false, ""},
		{"yes", "是", "true or false"},
		{"hours", "周一至周五 08:30-17:00", ""},
		{"hours", "8点", "8点"},
		{"call", "022-2739 0000转8", ""},
		{"call", "+86 138 0000 0000", ""},
		{"call", "请打电话", "telephone"},
		{"built", 1999.0, ""},
		{"built", 99.0, "year"},
		{"built", 1999.5, "whole"},
		{"nothing", 1.0, "no such field"},
	} {
		faults := ValidateFields(info, map[string]any{tc.field: tc.value})
		switch {
		case tc.says == "" && len(faults) > 0:
			t.Errorf("%s = %v: %+v", tc.field, tc.value, faults)
		case tc.says != "" && (len(faults) != 1 || faults[0].Field != "fields."+tc.field || !strings.Contains(faults[0].EN, tc.says) || faults[0].ZH == ""):
			t.Errorf("%s = %v: %+v", tc.field, tc.value, faults)
		}
	}
	if faults := ValidateFields(info, nil); len(faults) != 0 {
		t.Errorf("nothing known: %+v", faults)
	}
	faults := ValidateFields(info, map[string]any{"part": 6.0, "whole": 5.0, "zz": 1.0, "aa": 1.0})
	var got []string
	for _, f := range faults {
		got = append(got, f.Field)
	}
	if d := cmp.Diff([]string{"fields.part", "fields.aa", "fields.zz"}, got); d != "" || !strings.Contains(faults[0].EN, "total (5)") {
		t.Error(d, faults)
	}
	if faults := ValidateFields(info, map[string]any{"part": 5.0, "whole": 5.0}); len(faults) != 0 {
		t.Errorf("as many as there are: %+v", faults)
	}
	if f := ValidateFields(info, map[string]any{"note": strings.Repeat("字", 300)}); len([]rune(f[0].Value)) > 101 {
		t.Error("a fault repeats a whole book")
	}
}

func TestMissing(t *testing.T) {
	t.Parallel()
	info := everyKind(t)
	got := Missing(info, Facility{Capacity: 1})
	if len(got) != 1 || got[0].Field != "many" {
		t.Errorf("%+v", got)
	}
	if got := Missing(info, Facility{Fields: map[string]any{"whole": 1.0, "many": []string{"x"}}}); len(got) != 0 {
		t.Errorf("%+v", got)
	}
}

// What a person may write is held to what the type declares; what was there before and is
// not touched keeps nobody from mending something else.
func TestFieldsOfARecord(t *testing.T) {
	t.Parallel()
	info := everyKind(t)
	known := Known{Types: []TypeInfo{info}}
	names := func(before, after Facility) string {
		var out []string
		for _, f := range ValidateChange(before, after, known) {
			out = append(out, f.Field)
		}
		return strings.Join(out, " ")
	}
	f := Facility{Type: "every", NameZH: "甲", Status: Open, Stage: Published, Unplaced: true, Fields: map[string]any{"whole": 5.0, "part": 4.0, "old": "x"}}
	with := func(change map[string]any) Facility { return Patch{Fields: change}.Apply(f) }
	for _, tc := range []struct {
		name  string
		after Facility
		want  string
	}{
		{"nothing", f, ""},
		{"a text beside what the type does not know", with(map[string]any{"note": "好"}), ""},
		{"a choice there is not", with(map[string]any{"one": "c"}), "fields.one"},
		{"less than is used", with(map[string]any{"whole": 3.0}), "fields.part"},
		{"more than there is", with(map[string]any{"part": 6.0}), "fields.part"},
		{"the unknown, written anew", with(map[string]any{"old": "y"}), "fields.old"},
		{"a type there is not", Facility{Type: "none", NameZH: "甲", Status: Open, Stage: Published, Unplaced: true}, "type"},
	} {
		if got := names(f, tc.after); got != tc.want {
			t.Errorf("%s: %q, want %q", tc.name, got, tc.want)
		}
	}
}

func TestSettle(t *testing.T) {
	t.Parallel()
	types := []TypeInfo{everyKind(t), {Type: "plain"}}
	f := func(id string, capacity int, fields map[string]any) Facility {
		return Facility{ID: id, Type: "every", Capacity: capacity, Fields: fields}
	}
	had := f("1", 5, map[string]any{"whole": 5.0})
	for _, tc := range []struct {
		name          string
		before, after Facility
		capacity      int
		whole         any
	}{
		{"new with its field", Facility{}, f("", 0, map[string]any{"whole": 7.0}), 7, 7.0},
		{"new with a capacity", Facility{}, f("", 7, nil), 7, 7.0},
		{"new with both", Facility{}, f("", 3, map[string]any{"whole": 7.0}), 7, 7.0},
		{"new with none", Facility{}, f("", 0, nil), 0, nil},
		{"the field changes", had, f("1", 5, map[string]any{"whole": 8.0}), 8, 8.0},
		{"the field changes by a part", had, f("1", 5, map[string]any{"whole": 8.5}), 9, 8.5},
		{"the capacity changes", had, f("1", 9, map[string]any{"whole": 5.0}), 9, 9.0},
		{"both change", had, f("1", 9, map[string]any{"whole": 8.0}), 8, 8.0},
		{"the field is taken away", had, f("1", 5, nil), 0, nil},
		{"the capacity is taken away", had, f("1", 0, map[string]any{"whole": 5.0}), 0, nil},
		{"nothing changes", had, had, 5, 5.0},
		{"a field that is no number", had, f("1", 5, map[string]any{"whole": "many"}), 5, "many"},
		{"a capacity without its field, untouched", f("1", 5, nil), f("1", 5, nil), 5, nil},
		{"another type had it", Facility{ID: "1", Type: "plain", Capacity: 5}, f("1", 6, nil), 6, nil},
	} {
		got := Settle(tc.before, tc.after, types)
		if got.Capacity != tc.capacity || got.Fields["whole"] != tc.whole {
			t.Errorf("%s: capacity %d, field %v", tc.name, got.Capacity, got.Fields["whole"])
		}
	}
	if got := Settle(Facility{}, f("", 0, map[string]any{"hours": "周一—周五 8:30～17:00;"}), types); got.Fields["hours"] != "周一-周五 08:30-17:00" {
		t.Errorf("hours %v", got.Fields["hours"])
	}
	if got := Settle(Facility{}, Facility{Type: "none", Capacity: 4}, types); got.Capacity != 4 {
		t.Errorf("a type that is not known: %+v", got)
	}
}

func TestShow(t *testing.T) {
	t.Parallel()
	info := everyKind(t)
	for _, tc := range []struct {
		field  string
		value  any
		zh, en string
	}{
		{"whole", 1250.0, "1250\u2009杯", "1250\u2009cups"},
		{"size", 0.125, "0.13\u2009㎡", "0.13\u2009m²"},
		{"part", 3.0, "3", "3"},
		{"built", 1999.0, "1999", "1999"},
		{"one", "b", "二级", "second"},
		{"one", "c", "c", "c"},
		{"many", []string{"x", "y"}, "入托、助餐", "day stays, meals"},
		{"yes", true, "是", "yes"},
		{"yes", false, "否", "no"},
		{"note", "好", "好", "好"},
		{"note", nil, "", ""},
		{"note", 3, "3", "3"},
	} {
		f, _ := info.Field(tc.field)
		if zh, en := f.Show(tc.value); zh != tc.zh || en != tc.en {
			t.Errorf("%s %v: %q %q", tc.field, tc.value, zh, en)
		}
	}
	if zh, en := Signature.Words(); zh != "签名信息" || en != "Signature" {
		t.Error(zh, en)
	}
	if zh, en := Service.Words(); zh != "服务信息" || en != "Service" {
		t.Error(zh, en)
	}
}

func TestRead(t *testing.T) {
	t.Parallel()
	info := everyKind(t)
	for _, tc := range []struct {
		field, text string
		want        any // nil for a fault
	}{
		{"whole", " 120杯", 120.0},
		{"whole", "120张", nil},
		{"whole", "12.5", nil},
		{"size", "1,250.5 平方米", 1250.5},
		{"size", "1e3", nil},
		{"size", "inf", nil},
		{"size", "0x10", nil},
		{"built", "1999年", 1999.0},
		{"one", "一级", "a"},
		{"one", "一级（自制）", "a"},
		{"one", "SECOND", "b"},
		{"one", "b", "b"},
		{"one", "三级", nil},
		{"many", "入托、助餐", []string{"x", "y"}},
		{"many", "day stays; y", []string{"x", "y"}},
		{"many", "入托、入托", []string{"x"}},
		{"many", "、", nil},
		{"on", "2026年1月2日", "2026-01-02"},
		{"on", "2026/1/2", "2026-01-02"},
		{"on", "20260102", "2026-01-02"},
		{"on", "去年", nil},
		{"yes", "是", true},
		{"yes", "Yes", true},
		{"yes", "无", false},
		{"yes", "也许", nil},
		{"hours", "午餐：11:00至13:00，17:00—18:30", "午餐 11:00-13:00、17:00-18:30"},
		{"call", "27390000", "27390000"},
		{"note", "  好 ", "好"},
	} {
		f, _ := info.Field(tc.field)
		got, fault := f.Read(tc.text)
		if (fault != nil) != (tc.want == nil) || !cmp.Equal(got, tc.want) {
			t.Errorf("%s %q: %#v, %+v", tc.field, tc.text, got, fault)
		}
	}
	f, _ := info.Field("note")
	if v, fault := f.Read(" "); v != nil || fault != nil {
		t.Errorf("nothing is %v, %v", v, fault)
	}
}

// What is read from people's words and taken is shown in words that are read the same.
func TestShownIsRead(t *testing.T) {
	t.Parallel()
	for _, info := range append(builtIn(t).Types, everyKind(t)) {
		rapid.Check(t, func(t *rapid.T) {
			f := rapid.SampledFrom(info.Fields).Draw(t, "field")
			v := drawValue(t, f)
			if faults := ValidateFields(info, map[string]any{f.Field: v}); len(faults) > 0 {
				t.Fatalf("%s.%s = %v: %+v", info.Type, f.Field, v, faults)
			}
			zh, en := f.Show(v)
			for _, words := range []string{zh, en} {
				if got, fault := f.Read(words); fault != nil || !cmp.Equal(got, v) {
					t.Fatalf("%s.%s = %#v is shown as %q and read as %#v, %+v", info.Type, f.Field, v, words, got, fault)
				}
			}
		})
	}
}

func drawValue(t *rapid.T, f FieldInfo) any {
	values := make([]string, len(f.Choices))
	for i, c := range f.Choices {
		values[i] = c.Value
	}
	switch f.Kind {
	case Integer:
		least, most := -5, 100
		if f.Min != nil {
			least, most = int(*f.Min), int(*f.Max)
		}
		return float64(rapid.IntRange(least, most).Draw(t, "integer"))
	case Number:
		return float64(rapid.IntRange(50, 9900).Draw(t, "number")) / 100
	case Year:
		return float64(rapid.IntRange(firstYear, lastYear).Draw(t, "year"))
	case Boolean:
		return rapid.Bool().Draw(t, "boolean")
	case Chosen:
		return rapid.SampledFrom(values).Draw(t, "choice")
	case Several:
		picked := map[string]bool{}
		for range rapid.IntRange(1, len(values)).Draw(t, "n") {
			picked[rapid.SampledFrom(values).Draw(t, "choice")] = true
		}
		return slices.Sorted(maps.Keys(picked))
	case Date:
		return rapid.SampledFrom([]string{"2026-11-27", "1999-01-01", "2024-02-29"}).Draw(t, "day")
	case Hours:
		return rapid.SampledFrom([]string{"周一至周五 08:30-17:00；周六 09:00-12:00", "11:00-13:00、17:00-18:30", "全天", "22:00-06:00"}).Draw(t, "hours")
	case Phone:
		return rapid.StringMatching(`0[0-9]{2}-[0-9]{8}`).Draw(t, "phone")
	default:
		return rapid.StringMatching(`[一-龥a-z]{1,20}`).Draw(t, "text")
	}
}

func TestParseHours(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"周一至周五 08:30-17:00；周六 09:00-12:00": "周一至周五 08:30-17:00；周六 09:00-12:00",
		"8:00-20:00": "08:00-20:00",
		"早餐：7:00—8:30；午餐：11:00～13:00":     "早餐 07:00-08:30；午餐 11:00-13:00",
		"08:30-11:30，14:00-17:00;":        "08:30-11:30、14:00-17:00",
		"Mon-Fri 08:30-17:00; Sat closed": "Mon-Fri 08:30-17:00；Sat closed",
		"00:00-24:00":                     "00:00-24:00",
		"22:00-06:00":                     "22:00-06:00",
		"周日休息":                            "周日休息",
		"":                                "", "；": "", "8点到5点": "", "08:30": "", "08:30-": "", "8:3-9:00": "", "24:00-08:00": "", "25:00-26:00": "", "08:60-09:00": "",
		"08:30-08:30": "", "08:30-09:00 每天": "", "008:30-09:00": "",
		strings.Repeat("周日休息；", 15): "", strings.Repeat("休", LongestHours+1): "",
	} {
		parts, err := ParseHours(text)
		if got := WriteHours(parts); got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
}

// Hours that are read are written so that the same is read again.
func FuzzParseHours(f *testing.F) {
	for _, text := range []string{"周一至周五 08:30-17:00；周六 09:00-12:00", "午餐 11:00-13:00", ";;", "8:00至9:00、全天"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		parts, err := ParseHours(text)
		if err != nil {
			return
		}
		once := WriteHours(parts)
		again, err := ParseHours(once)
		if len([]rune(once)) <= LongestHours && (err != nil || WriteHours(again) != once) {
			t.Fatalf("%q is written %q and then %q, %v", text, once, WriteHours(again), err)
		}
	})
}
