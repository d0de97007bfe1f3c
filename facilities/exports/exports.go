// Package exports owns what of the registry goes into a file: which columns a facility
// can be written in, what stands in them, and the profiles that an office keeps for the
// return of a higher system, with that system's own headings, order, code lists and form
// of days. It is pure: it knows no file format and no storage.
package exports

import (
	"cmp"
	"slices"
	"strings"

	"yike/facilities"
)

// Kind says what the values of a column are.
type Kind string

// The kinds, with the Go type of their values; a value that is not known is nil.
const (
	Text    Kind = "text"    // string
	Integer Kind = "integer" // int64
	Number  Kind = "number"  // float64
	Day     Kind = "day"     // string such as 2026-11-27
	Boolean Kind = "boolean" // bool
	Lon     Kind = "lon"     // the writer of the file knows it from the place
	Lat     Kind = "lat"
)

// Field is a column that facilities can be written in.
type Field struct {
	Code    string              // as the API and an import call it: name_zh, fields.beds
	ZH, EN  string              // the heading
	Kind    Kind                //
	Group   string              // record, place, code, type or quality
	Choices []facilities.Choice // where values are code words with names
	Several bool                // of the choices
	UnitZH  string              // of a number, in words
	UnitEN  string
	Types   []facilities.Type // that have it; nil for all
	Past    bool              // no type asks for it any more; what records have of it can still be given out
}

// Words are what stands in a column of code words.
type Words string

// The words: Chinese, English, or the code words themselves.
const (
	Chinese Words = "zh"
	English Words = "en"
	Codes   Words = "code"
)

// ParseWords knows the words; "" is Chinese.
func ParseWords(s string) (Words, bool) {
	w := Words(cmp.Or(s, string(Chinese)))
	return w, slices.Contains([]Words{Chinese, English, Codes}, w)
}

// Fields gives the columns that facilities of the types of a catalogue can be written in:
// those that every record has, then those of the types, in their order. A field that
// several types have is one column; where their names differ it goes by the first. What is
// no longer asked for comes after what is.
func Fields(types []facilities.TypeInfo) []Field {
	out := identity(types)
	seen := map[string]int{}
	add := func(t facilities.TypeInfo, fields []facilities.FieldInfo, past bool) {
		for _, f := range fields {
			code := facilities.FieldPrefix + f.Field
			if i, ok := seen[code]; ok {
				out[i].Types = append(out[i].Types, t.Type)
				out[i].Choices = merge(out[i].Choices, f.Choices)
				continue
			}
			seen[code] = len(out)
			field := typeField(code, f, t.Type)
			field.Past = past
			out = append(out, field)
		}
	}
	for _, t := range types {
		add(t, t.Fields, false)
	}
	for _, t := range types {
		add(t, t.Past, true)
	}
	for i := range out {
		if len(out[i].Types) == len(types) {
			out[i].Types = nil
		}
	}
	return unique(append(out, standing()...))
}

// unique keeps headings apart: of two that are the same the later has its code behind it.
func unique(fields []Field) []Field {
	zh, en := map[string]bool{}, map[string]bool{}
	for i, f := range fields {
		if zh[f.ZH] {
			fields[i].ZH += "（" + f.Code + "）"
		}
		if en[f.EN] {
			fields[i].EN += " (" + f.Code + ")"
		}
		zh[f.ZH], en[f.EN] = true, true
	}
	return fields
}

func merge(a, b []facilities.Choice) []facilities.Choice {
	a = slices.Clone(a)
	for _, c := range b {
		if !slices.ContainsFunc(a, func(x facilities.Choice) bool { return x.Value == c.Value }) {
			a = append(a, c)
		}
	}
	return a
}

func typeField(code string, f facilities.FieldInfo, of facilities.Type) Field {
	out := Field{
		Code: code, ZH: f.ZH, EN: f.EN, Kind: kindOf(f.Kind), Group: "type", Choices: f.Choices, Several: f.Kind == facilities.Several,
		UnitZH: f.UnitZH, UnitEN: f.UnitEN, Types: []facilities.Type{of},
	}
	if f.Kind == facilities.Year {
		out.UnitZH, out.UnitEN = "", ""
	}
	return out
}

func kindOf(k facilities.Kind) Kind {
	switch k {
	case facilities.Integer, facilities.Year:
		return Integer
	case facilities.Number:
		return Number
	case facilities.Date:
		return Day
	case facilities.Boolean:
		return Boolean
	}
	return Text
}

// identity are the columns that say what a place is and where.
func identity(types []facilities.TypeInfo) []Field {
	var kinds []facilities.Choice
	for _, t := range types {
		kinds = append(kinds, facilities.Choice{Value: string(t.Type), ZH: t.ZH, EN: t.EN})
	}
	return []Field{
		{Code: "name_zh", ZH: "名称", EN: "Name", Kind: Text, Group: "record"},
		{Code: "type", ZH: "类型", EN: "Type", Kind: Text, Group: "record", Choices: kinds},
		{Code: "status", ZH: "状态", EN: "Status", Kind: Text, Group: "record", Choices: statuses()},
		{Code: "subdistrict", ZH: "所属街镇", EN: "Subdistrict", Kind: Text, Group: "place"},
		{Code: "community", ZH: "所属村居", EN: "Community", Kind: Text, Group: "place"},
		{Code: "division_code", ZH: "辖区编码", EN: "Division code", Kind: Text, Group: "place"},
		{Code: "address", ZH: "地址", EN: "Address", Kind: Text, Group: "place"},
		{Code: "lon", ZH: "经度", EN: "Longitude", Kind: Lon, Group: "place"},
		{Code: "lat", ZH: "纬度", EN: "Latitude", Kind: Lat, Group: "place"},
		{Code: "placed_by", ZH: "位置来源", EN: "Position from", Kind: Text, Group: "place", Choices: placings()},
		{Code: "place_confidence", ZH: "位置置信度", EN: "Position confidence", Kind: Integer, Group: "place", UnitZH: "%", UnitEN: "%"},
		{Code: "capacity", ZH: "容量", EN: "Capacity", Kind: Integer, Group: "record"},
		{Code: "serves", ZH: "服务村居", EN: "Communities served", Kind: Text, Group: "record"},
		{Code: "uscc", ZH: "统一社会信用代码", EN: "Unified social credit code", Kind: Text, Group: "code"},
		{Code: "institution_code", ZH: "机构编码", EN: "Institution code", Kind: Text, Group: "code"},
		{Code: "bureau_no", ZH: "本局编号", EN: "Bureau number", Kind: Text, Group: "code"},
		{Code: "name_en", ZH: "英文名", EN: "English name", Kind: Text, Group: "record"},
	}
}

// standing are the columns that say how far a record can be relied on.
func standing() []Field {
	return []Field{
		{Code: "verified_on", ZH: "最近核实日期", EN: "Last verified", Kind: Day, Group: "quality"},
		{Code: "stage", ZH: "登记进度", EN: "Record stage", Kind: Text, Group: "quality", Choices: stages()},
		{Code: "quality", ZH: "数据质量分", EN: "Data quality", Kind: Integer, Group: "quality"},
		{Code: "quality_reasons", ZH: "扣分原因", EN: "Why points were lost", Kind: Text, Group: "quality"},
		{Code: "example", ZH: "示例数据", EN: "Example data", Kind: Boolean, Group: "quality"},
		{Code: "id", ZH: "登记编号", EN: "Record id", Kind: Text, Group: "quality"},
		{Code: "version", ZH: "登记版本", EN: "Record version", Kind: Integer, Group: "quality"},
	}
}

func statuses() []facilities.Choice {
	return []facilities.Choice{
		{Value: string(facilities.Planned), ZH: "规划", EN: "planned"},
		{Value: string(facilities.Building), ZH: "在建", EN: "under construction"},
		{Value: string(facilities.Open), ZH: "开放", EN: "open"},
		{Value: string(facilities.Suspended), ZH: "暂停", EN: "suspended"},
		{Value: string(facilities.Closed), ZH: "关闭", EN: "closed"},
	}
}

func stages() []facilities.Choice {
	return []facilities.Choice{
		{Value: string(facilities.Draft), ZH: "草稿", EN: "draft"},
		{Value: string(facilities.Submitted), ZH: "已提交", EN: "submitted"},
		{Value: string(facilities.Published), ZH: "已发布", EN: "published"},
	}
}

func placings() []facilities.Choice {
	return []facilities.Choice{
		{Value: string(facilities.PlacedGiven), ZH: "坐标随资料提供", EN: "given"},
		{Value: string(facilities.PlacedAddress), ZH: "按地址匹配", EN: "from the address"},
		{Value: string(facilities.PlacedMap), ZH: "图上标定", EN: "pointed at on the map"},
	}
}

// Usual are the columns of an export without a profile: those of the types that are in
// it, and of the rest those that help.
func Usual(types []facilities.TypeInfo) []Field {
	return slices.DeleteFunc(Fields(types), func(f Field) bool { return !f.Usual() })
}

// Usual reports whether the field is in an export without a profile.
func (f Field) Usual() bool {
	return !f.Past && !slices.Contains([]string{"name_en", "quality_reasons", "example", "version"}, f.Code)
}

// Head is the heading of a field: with its unit, so that numbers need none.
func (f Field) Head(w Words) string {
	switch {
	case w == Codes:
		return f.Code
	case w == English && f.UnitEN != "":
		return f.EN + " (" + f.UnitEN + ")"
	case w == English:
		return f.EN
	case f.UnitZH != "":
		return f.ZH + "（" + f.UnitZH + "）"
	}
	return f.ZH
}

// word is the name of a code word of the field.
func (f Field) word(value string, w Words) string {
	if w == Codes {
		return value
	}
	for _, c := range f.Choices {
		if c.Value == value {
			if w == English {
				return c.EN
			}
			return c.ZH
		}
	}
	return value
}

// words are the names of several code words.
func (f Field) words(values []string, w Words) string {
	names := make([]string, len(values))
	for i, v := range values {
		names[i] = f.word(v, w)
	}
	return strings.Join(names, separator(w))
}

func separator(w Words) string {
	switch w {
	case English:
		return ", "
	case Codes:
		return ";"
	}
	return "、"
}
