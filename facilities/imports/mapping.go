package imports

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"yike/facilities"
	"yike/internal/record"
)

// Step is one thing that is done to a cell before it is read.
type Step string

// The steps. A column without steps is read as its target needs: all of them that make
// sense there. KeepRaw alone leaves cells as they are.
const (
	StepTrim   Step = "trim"   // space, line breaks and unseen marks go
	StepHalf   Step = "half"   // full-width letters and digits become those of the keyboard
	StepNumber Step = "number" // units and marks of thousands go
	StepDate   Step = "date"   // days in any of the usual forms
	StepWords  Step = "words"  // the dictionary of the column, and words that are alike
	KeepRaw    Step = "raw"
)

// Column says what a column of the file means.
type Column struct {
	Header string            `json:"header"`
	Field  string            `json:"field"` // of a Target; Ignored is not taken; "" is not decided
	Steps  []Step            `json:"steps,omitempty"`
	Words  map[string]string `json:"words,omitempty"` // what a cell says, and the value that it means; "" leaves it out
}

// Mapping says what each column means, in the order of the file.
type Mapping struct {
	Columns []Column `json:"columns"`
}

// Source is what is known of a column before anybody said what it means.
type Source struct {
	Header  string   `json:"header"`
	Code    string   `json:"code,omitempty"` // the target that the file itself names, as our templates do
	Filled  int      `json:"filled"`         // rows that have something in it
	Samples []string `json:"samples"`        // the first different values
}

// Suggestion is what a column may mean, and how sure that is.
type Suggestion struct {
	Field string `json:"field"` // "" for nothing that is known
	Score int    `json:"score"` // 1–100; 0 without a field
	ZH    string `json:"zh"`    // why
	EN    string `json:"en"`
}

// Headers names a set of headings, whatever their order, to find the mapping that was
// used for such a file before.
func Headers(columns []Source) string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = plain(c.Header)
	}
	slices.Sort(names)
	sum := sha256.Sum256([]byte(strings.Join(names, "\x00")))
	return hex.EncodeToString(sum[:16])
}

// Faults gives what is wrong with a mapping and its options for a file of these columns:
// columns nobody decided on, targets named twice, a key without a column, and so on. The
// pointers are columns.N.field and options.NAME.
func (l *Language) Faults(m Mapping, o Options, columns []string) []record.Fault {
	var out []record.Fault
	add := func(field, value, zh, en string) {
		out = append(out, record.Fault{Field: field, Value: value, ZH: zh, EN: en})
	}
	if len(m.Columns) != len(columns) {
		add("columns", fmt.Sprint(len(m.Columns)), fmt.Sprintf("文件有 %d 列，须逐列说明", len(columns)), fmt.Sprintf("the file has %d columns, each of which is to be named", len(columns)))
		return out
	}
	seen := map[string]int{}
	for i, c := range m.Columns {
		at := fmt.Sprintf("columns.%d.field", i)
		known := slices.ContainsFunc(l.targets, func(t Target) bool { return t.Field == c.Field })
		switch first, twice := seen[c.Field]; {
		case c.Header != columns[i]:
			add(fmt.Sprintf("columns.%d.header", i), clip(c.Header), "与文件中的列名“"+clip(columns[i])+"”不符", "the file calls this column "+clip(columns[i]))
		case c.Field == "":
			add(at, clip(c.Header), "请选择对应的字段，不需要的列请选“不导入”", "say what this column means, or that it is not taken")
		case c.Field == Ignored:
		case !known:
			add(at, clip(c.Field), "没有这个字段", "there is no such field")
		case twice:
			add(at, c.Field, fmt.Sprintf("与第 %d 列对应了同一个字段", first+1), fmt.Sprintf("column %d means the same", first+1))
		default:
			seen[c.Field] = i
		}
		out = append(out, c.faults(i)...)
	}
	has := func(field string) bool { _, ok := seen[field]; return ok }
	return append(out, o.faults(has, l.types)...)
}

func (c Column) faults(i int) []record.Fault {
	var out []record.Fault
	for _, s := range c.Steps {
		switch s {
		case StepTrim, StepHalf, StepNumber, StepDate, StepWords, KeepRaw:
		default:
			out = append(out, record.Fault{Field: fmt.Sprintf("columns.%d.steps", i), Value: clip(string(s)), ZH: "没有这种转换", EN: "there is no such step"})
		}
	}
	if len(c.Words) > mostWords {
		out = append(out, record.Fault{Field: fmt.Sprintf("columns.%d.words", i), Value: fmt.Sprint(len(c.Words)), ZH: fmt.Sprintf("不应多于 %d 个", mostWords), EN: fmt.Sprintf("at most %d", mostWords)})
	}
	return out
}

// mostWords bounds a column's dictionary.
const mostWords = 500

// faults are those of the options, for a file that has columns of these targets.
func (o Options) faults(has func(field string) bool, types []facilities.TypeInfo) []record.Fault {
	var out []record.Fault
	add := func(field, value, zh, en string) {
		out = append(out, record.Fault{Field: "options." + field, Value: value, ZH: zh, EN: en})
	}
	if o.Mode != ModeUpsert && o.Mode != ModeCreate && o.Mode != ModeUpdate {
		add("mode", clip(string(o.Mode)), "应为 upsert、create 或 update", "must be upsert, create or update")
	}
	if o.Blank != BlankKeep && o.Blank != BlankClear {
		add("blank", clip(string(o.Blank)), "应为 keep 或 clear", "must be keep or clear")
	}
	switch {
	case !slices.Contains(Keys(), o.Key):
		add("key", clip(string(o.Key)), "没有这种匹配方式", "there is no such key")
	case o.Key.Field() != "" && !has(o.Key.Field()):
		add("key", string(o.Key), "没有任何一列对应这个编号", "no column has it")
	case o.Key == KeyNamePlace && !has(FieldCommunity) && !has(FieldSubdistrict) && !has(FieldDivision):
		add("key", string(o.Key), "按名称匹配还需要村居或街镇一列", "matching by name needs a column of communities or subdistricts as well")
	case o.Key == KeyNone && o.Mode == ModeUpdate:
		add("key", string(o.Key), "只更新时须选择匹配用的编号", "updating needs a key")
	}
	if !has("name_zh") && o.Mode != ModeUpdate {
		add("mode", string(o.Mode), "没有名称一列，不能新建", "without a column of names nothing can be registered")
	}
	known := slices.ContainsFunc(types, func(t facilities.TypeInfo) bool { return t.Type == o.Type })
	switch {
	case o.Type != "" && !known:
		add("type", clip(string(o.Type)), "设施类型目录里没有", "is not in the catalogue of facility types")
	case o.Type == "" && !has("type") && o.Mode != ModeUpdate:
		add("type", "", "请选择设施类型，或指定类型所在的列", "choose the type of facility, or the column that has it")
	}
	if has(FieldLon) != has(FieldLat) {
		add("crs", "", "经度、纬度须成对对应", "longitude and latitude go together")
	}
	if has(FieldLonLat) && has(FieldLon) {
		add("crs", "", "坐标只能来自一处：两列，或同一格", "coordinates are either in two columns or in one cell")
	}
	if _, ok := facilities.ParseStatus(string(o.Status)); o.Status != "" && !ok {
		add("status", clip(string(o.Status)), "没有这种状态", "there is no such status")
	}
	if _, ok := facilities.ParseStage(string(o.Stage)); o.Stage != StageComplete && !ok {
		add("stage", clip(string(o.Stage)), "没有这种办理阶段", "there is no such stage")
	}
	return out
}

// Has reports whether a column means this.
func (m Mapping) Has(field string) bool {
	return slices.ContainsFunc(m.Columns, func(c Column) bool { return c.Field == field })
}
