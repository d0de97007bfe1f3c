package exports

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"yike/facilities"
	"yike/internal/record"
)

// Limits of a profile.
const (
	LongestName = 100 // characters of a name or heading
	MostColumns = 200
	MostCodes   = 500 // of one column
	longestCode = 200 // characters of a value
)

// Profile is how a return to another system looks.
type Profile struct {
	ID      string // UUIDv7
	Version int
	Name    string
	Types   []facilities.Type // that it is meant for; none for any
	Format  string            // that is usual for it, a code word of the formats
	System  string            // coordinate system, a code word
	Days    DayForm
	Columns []ProfileColumn
	Who     string // who changed it last
}

// ProfileColumn is one column of a profile.
type ProfileColumn struct {
	Head     string // the other system's heading
	Field    string // code of a Field; "" for a constant
	Constant string // what stands in every row of a column without a field
	Default  string // what stands where the value is not known
	Codes    []Code // what the other system calls our values
}

// Code says what a value is called elsewhere.
type Code struct {
	From string // our code word, or the text that stands in the column
	To   string
}

// DayForm is how a day is written.
type DayForm string

// The forms of a day.
const (
	DayISO     DayForm = "iso"     // 2026-11-27, a date in a workbook
	DaySlash   DayForm = "slash"   // 2026/11/27
	DayDot     DayForm = "dot"     // 2026.11.27
	DayCompact DayForm = "compact" // 20261127
	DayChinese DayForm = "chinese" // 2026年11月27日
	DayMonth   DayForm = "month"   // 2026-11
)

// DayForms lists every form.
func DayForms() []DayForm {
	return []DayForm{DayISO, DaySlash, DayDot, DayCompact, DayChinese, DayMonth}
}

// Write writes a day such as 2026-11-27; what is none stays.
func (d DayForm) Write(day string) string {
	if _, ok := record.ParseDay(day); !ok || d == DayISO || d == "" {
		return day
	}
	y, m, dd := day[:4], day[5:7], day[8:]
	switch d {
	case DaySlash:
		return y + "/" + m + "/" + dd
	case DayDot:
		return y + "." + m + "." + dd
	case DayCompact:
		return y + m + dd
	case DayChinese:
		return y + "年" + strings.TrimLeft(m, "0") + "月" + strings.TrimLeft(dd, "0") + "日"
	case DayMonth:
		return y + "-" + m
	}
	return day
}

// Patch changes a profile; nil leaves a part as it is.
type Patch struct {
	Name    *string
	Types   *[]facilities.Type
	Format  *string
	System  *string
	Days    *DayForm
	Columns *[]ProfileColumn
}

// Apply gives the profile with the change, texts tidied.
func (p Patch) Apply(to Profile) Profile {
	set(&to.Name, p.Name)
	set(&to.Types, p.Types)
	set(&to.Format, p.Format)
	set(&to.System, p.System)
	set(&to.Days, p.Days)
	set(&to.Columns, p.Columns)
	to.Name = strings.TrimSpace(to.Name)
	to.Types = slices.Clone(to.Types)
	to.Columns = slices.Clone(to.Columns)
	for i, c := range to.Columns {
		to.Columns[i].Head = strings.Join(strings.Fields(c.Head), " ")
	}
	if to.Days == "" {
		to.Days = DayISO
	}
	return to
}

func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}

// Same reports whether two profiles say the same.
func (p Profile) Same(o Profile) bool {
	return p.Name == o.Name && p.Format == o.Format && p.System == o.System && p.Days == o.Days && slices.Equal(p.Types, o.Types) &&
		slices.EqualFunc(p.Columns, o.Columns, func(a, b ProfileColumn) bool {
			return a.Head == b.Head && a.Field == b.Field && a.Constant == b.Constant && a.Default == b.Default && slices.Equal(a.Codes, b.Codes)
		})
}

// Validate gives everything about a profile that cannot be. fields are those of the
// catalogue; formats and systems the code words that there are.
func (p Profile) Validate(fields []Field, types []facilities.TypeInfo, formats, systems []string) []record.Fault {
	var out []record.Fault
	add := func(field, value, zh, en string) {
		out = append(out, record.Fault{Field: field, Value: value, ZH: zh, EN: en})
	}
	switch n := utf8.RuneCountInString(p.Name); {
	case n == 0:
		add("name", "", "请填写名称", "give it a name")
	case n > LongestName:
		add("name", "", fmt.Sprintf("不应超过 %d 个字", LongestName), fmt.Sprintf("at most %d characters", LongestName))
	}
	for i, t := range p.Types {
		if !slices.ContainsFunc(types, func(info facilities.TypeInfo) bool { return info.Type == t }) {
			add(fmt.Sprintf("types/%d", i), string(t), "没有这个设施类型", "there is no such facility type")
		}
	}
	if !slices.Contains(formats, p.Format) {
		add("format", p.Format, "应为 "+strings.Join(formats, "、")+" 之一", "must be one of "+strings.Join(formats, ", "))
	}
	if !slices.Contains(systems, p.System) {
		add("system", p.System, "应为 "+strings.Join(systems, "、")+" 之一", "must be one of "+strings.Join(systems, ", "))
	}
	if !slices.Contains(DayForms(), p.Days) {
		add("days", string(p.Days), "没有这种日期写法", "there is no such form of a day")
	}
	if n := len(p.Columns); n == 0 || n > MostColumns {
		add("columns", fmt.Sprint(n), fmt.Sprintf("应有 1 到 %d 列", MostColumns), fmt.Sprintf("must have 1 to %d columns", MostColumns))
	}
	seen := map[string]bool{}
	for i, c := range p.Columns {
		for _, f := range c.faults(fields, seen) {
			f.Field = fmt.Sprintf("columns/%d/%s", i, f.Field)
			out = append(out, f)
		}
	}
	return out
}

func (c ProfileColumn) faults(fields []Field, seen map[string]bool) []record.Fault {
	var out []record.Fault
	add := func(field, value, zh, en string) {
		out = append(out, record.Fault{Field: field, Value: value, ZH: zh, EN: en})
	}
	switch n := utf8.RuneCountInString(c.Head); {
	case n == 0:
		add("head", "", "请填写列名", "give the column a heading")
	case n > LongestName:
		add("head", "", fmt.Sprintf("不应超过 %d 个字", LongestName), fmt.Sprintf("at most %d characters", LongestName))
	case seen[c.Head]:
		add("head", c.Head, "已有同名的列", "another column has this heading")
	}
	seen[c.Head] = true
	if c.Field != "" && !slices.ContainsFunc(fields, func(f Field) bool { return f.Code == c.Field }) {
		add("field", c.Field, "没有这个字段", "there is no such field")
	}
	if c.Field != "" && c.Constant != "" {
		add("constant", c.Constant, "选了字段的列不能再填固定值；空缺时的值请填在“缺省值”", "a column of a field has no constant; what stands for a missing value is its default")
	}
	if utf8.RuneCountInString(c.Constant) > longestCode {
		add("constant", "", fmt.Sprintf("不应超过 %d 个字", longestCode), fmt.Sprintf("at most %d characters", longestCode))
	}
	if utf8.RuneCountInString(c.Default) > longestCode {
		add("default", "", fmt.Sprintf("不应超过 %d 个字", longestCode), fmt.Sprintf("at most %d characters", longestCode))
	}
	if len(c.Codes) > MostCodes {
		add("codes", fmt.Sprint(len(c.Codes)), fmt.Sprintf("不应多于 %d 项", MostCodes), fmt.Sprintf("at most %d", MostCodes))
	}
	from := map[string]bool{}
	for i, code := range c.Codes {
		switch {
		case code.From == "":
			add(fmt.Sprintf("codes/%d/from", i), "", "请填写原值", "say which value")
		case from[code.From]:
			add(fmt.Sprintf("codes/%d/from", i), code.From, "这个原值已经写过", "this value is there already")
		case utf8.RuneCountInString(code.From) > longestCode || utf8.RuneCountInString(code.To) > longestCode:
			add(fmt.Sprintf("codes/%d", i), "", fmt.Sprintf("不应超过 %d 个字", longestCode), fmt.Sprintf("at most %d characters", longestCode))
		}
		from[code.From] = true
	}
	return out
}
