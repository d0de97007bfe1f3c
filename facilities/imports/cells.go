package imports

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"yike/facilities"
	"yike/facilities/lists"
	"yike/geo/divisions"
	"yike/internal/record"
)

// setText puts a text where its target says.
func (r *rowReader) setText(field, v string) {
	p := &r.d.Patch
	switch field {
	case "name_zh":
		p.NameZH = &v
	case "name_en":
		p.NameEN = &v
	case "address":
		p.Address = &v
	case "uscc":
		v = strings.ToUpper(v)
		p.USCC = &v
	case "institution_code":
		v = strings.ToUpper(v)
		p.InstitutionCode = &v
	case "bureau_no":
		v = strings.ToUpper(v)
		p.BureauNo = &v
	case "source_id":
		r.d.Source = v
	case "id":
		r.d.ID = strings.ToLower(v)
	default:
		r.setField(field, v)
	}
}

func (r *rowReader) setField(field string, v any) {
	if name, ok := strings.CutPrefix(field, facilities.FieldPrefix); ok {
		r.d.Patch.Fields[name] = v
	}
}

func (r *rowReader) setDay(field string, day record.Day) {
	if field == "verified_on" {
		r.d.Patch.VerifiedOn = &day
		return
	}
	r.setField(field, string(day))
}

// takeCode reads codes and telephone numbers, which spreadsheets take for numbers.
func (r *rowReader) takeCode(c *column, t Target, text string) {
	if scientific(text) {
		r.fault(c, text, "scientific", "编号被表格软件改成了科学计数，原来的数字已丢失", "a spreadsheet turned the code into a number; its digits are lost",
			"把该列设为“文本”后重新填写", "Set the column to text and fill it in again")
		return
	}
	if t.Kind == KindCode {
		text = strings.ReplaceAll(text, " ", "")
		if t.Field == "id" && !isID(text) {
			r.fault(c, text, "bad_id", "不是登记编号", "is no record id", "用导出的表中的登记编号；新设施留空", "Use the id that an export has; leave it out for a new facility")
			return
		}
		// 1001.0 is what some programs make of the number 1001.
		if whole, ok := strings.CutSuffix(text, ".0"); ok && strings.Trim(whole, "0123456789") == "" {
			text = whole
		}
	}
	r.setText(t.Field, text)
}

// isID reports whether a text is an id as we write it.
func isID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i, c := range strings.ToLower(s) {
		dash := i == 8 || i == 13 || i == 18 || i == 23
		if dash != (c == '-') || !dash && (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

func (r *rowReader) takeNumber(c *column, t Target, text string) {
	v, ok := parseNumber(text)
	if t.Kind == KindYear && !ok {
		v, ok = parseNumber(strings.TrimSuffix(text, "年"))
	}
	if !ok {
		r.fault(c, text, "bad_number", "不是数字", "is no number", "只写一个数字，单位和说明放到别处", "Write one number; put units and remarks elsewhere")
		return
	}
	if t.Kind != KindNumber && v != math.Trunc(v) {
		r.fault(c, text, "not_whole", "应为整数", "must be a whole number", "改为整数", "Write a whole number")
		return
	}
	if t.Field != "capacity" {
		r.setField(t.Field, v)
		return
	}
	if v < 0 || v > facilities.MostCapacity {
		r.fault(c, text, "out_of_range", fmt.Sprintf("应为 0 至 %d", facilities.MostCapacity), fmt.Sprintf("must be from 0 to %d", facilities.MostCapacity), "核对数字", "Check the number")
		return
	}
	n := int(v)
	r.d.Patch.Capacity = &n
}

func (r *rowReader) takeDay(c *column, t Target, text string) {
	day, fit := lists.Day(text)
	switch fit {
	case lists.WholeDay:
		r.setDay(t.Field, day)
	case lists.MonthOnly:
		r.warn(c, text, "month_only", "只写到月份，按当月 1 日记", "names a month only; taken as its first day")
		r.setDay(t.Field, day)
	case lists.ShortYear:
		r.fault(c, text, "short_year", "年份只有两位", "the year has two digits only", "写四位年份，如 2026-11-27", "Write all four digits, such as 2026-11-27")
	case lists.ImpossibleDay:
		r.fault(c, text, "bad_day", "没有这一天", "there is no such day", "核对日期，如 2026-11-27", "Check the day; it is written as 2026-11-27")
	default:
		r.fault(c, text, "bad_day", "不是日期", "is no day", "改为 2026-11-27 这样的日期", "Write a day such as 2026-11-27")
	}
}

// denials turn the word behind them into its contrary.
const denials = "不非未无没勿否"

// choice finds the value that a cell means: by its word, or by a word in it that no other
// value has and that is not denied.
func (r *rowReader) choice(c *column, t Target, text string) (string, bool) {
	word := plain(text)
	var inside []Choice
	for _, ch := range t.Choices {
		zh := plain(ch.ZH)
		if word == plain(ch.Value) || word == zh || word == plain(ch.EN) {
			return ch.Value, true
		}
		if before, _, found := strings.Cut(word, zh); found && len([]rune(zh)) >= 2 && !strings.ContainsAny(before, denials) {
			inside = append(inside, ch)
		}
	}
	if len(inside) == 1 {
		r.warn(c, text, "near_choice", "按“"+inside[0].ZH+"”记", "taken as "+inside[0].EN)
		return inside[0].Value, true
	}
	zh, en := make([]string, len(t.Choices)), make([]string, len(t.Choices))
	for i, ch := range t.Choices {
		zh[i], en[i] = ch.ZH, ch.EN
	}
	r.fault(c, text, "bad_choice", "不在可选值之内", "is none of the values",
		"应为 "+strings.Join(zh, "、")+"；也可在“对应列”中说明这个词的意思", "One of "+strings.Join(en, ", ")+"; or say what the word means when mapping")
	return "", false
}

func (r *rowReader) takeChoices(c *column, t Target, text string) {
	var values []string
	for _, part := range split(text) {
		value, ok := r.choice(c, t, part)
		if !ok {
			return
		}
		if !slices.Contains(values, value) {
			values = append(values, value)
		}
	}
	r.setField(t.Field, values)
}

// split cuts a list at the signs that people put between its parts.
func split(s string) []string {
	return slices.DeleteFunc(strings.FieldsFunc(s, func(c rune) bool { return strings.ContainsRune("、，,；;/|\n", c) }),
		func(p string) bool { return strings.TrimSpace(p) == "" })
}

func (r *rowReader) takeType(c *column, text string) {
	if r.o.Type != "" {
		return // one for the whole file
	}
	kind, ok := r.typeWord[plain(text)]
	if !ok {
		r.fault(c, text, "bad_type", "设施类型目录里没有", "is not in the catalogue of facility types", "改为目录中的名称，或在“对应列”中说明这个词的意思", "Use a name of the catalogue, or say what the word means when mapping")
		return
	}
	r.kind = kind
	r.d.Patch.Type = &kind
}

func (r *rowReader) takeStatus(c *column, text string) {
	status, ok := r.statusWord[plain(text)]
	if !ok {
		r.fault(c, text, "bad_status", "看不出是什么状态", "is no status", "应为 规划、在建、开放、暂停 或 关闭", "planned, building, open, suspended or closed")
		return
	}
	r.d.Patch.Status = &status
}

// division is what was found for a word.
type division struct {
	code   string
	others []string
}

func (r *rowReader) lookUp(word string, level divisions.Level, inside string) division {
	key := string(level) + "\x00" + inside + "\x00" + word
	d, ok := r.found[key]
	if !ok {
		d.code, d.others = r.names.find(word, level, inside)
		d.others = slices.Clone(d.others)
		r.found[key] = d
	}
	return d
}

func (r *rowReader) takeDivision(c *column, text string) {
	switch c.target.Field {
	case FieldDivision:
		code := strings.TrimSpace(Half(text))
		if !r.names.Known(code) {
			r.fault(c, text, "bad_division", "没有这个编码的辖区", "there is no division of this code", "核对编码，或留空", "Check the code, or leave it out")
			return
		}
		r.d.Division = code
	case FieldSubdistrict:
		if d := r.lookUp(text, subdistrict, ""); d.code != "" {
			r.subdistrict = d.code
		} else {
			r.fault(c, text, "bad_subdistrict", "本区没有这个街镇", "the district has no such subdistrict", "核对名称，或留空", "Check the name, or leave it out")
		}
	default:
		r.takeCommunity(c, text)
	}
}

func (r *rowReader) takeCommunity(c *column, text string) {
	if r.d.Division != "" {
		return // the code says it already
	}
	d := r.lookUp(text, community, r.subdistrict)
	switch {
	case d.code != "":
		r.d.Division = d.code
	case len(d.others) > 0:
		zh := make([]string, 0, len(d.others))
		for _, code := range d.others[:min(5, len(d.others))] {
			zh = append(zh, r.names.Name(r.names.parent[code])+" "+code)
		}
		list := strings.Join(zh, "、")
		r.fault(c, text, "ambiguous_community", "不止一个街镇有这个村居："+list, "more than one subdistrict has this community: "+list, "加上街镇一列，或写编码", "Add a column of subdistricts, or write the code")
	case r.subdistrict != "":
		name := r.names.Name(r.subdistrict)
		r.fault(c, text, "bad_community", name+"没有这个村居", name+" has no such community", "核对名称，或留空", "Check the name, or leave it out")
	default:
		r.fault(c, text, "bad_community", "本区没有这个村居", "the district has no such community", "核对名称，或留空", "Check the name, or leave it out")
	}
}

func (r *rowReader) takeCommunities(c *column, text string) {
	codes := []string{}
	for _, part := range split(text) {
		d := r.lookUp(strings.TrimSpace(part), community, r.subdistrict)
		if d.code == "" {
			r.fault(c, part, "bad_community", "没有这个村居，或不止一个", "there is no such community, or more than one", "写全称或编码，用顿号分开", "Write full names or codes, with commas between")
			return
		}
		if !slices.Contains(codes, d.code) {
			codes = append(codes, d.code)
		}
	}
	r.d.Patch.Serves = &codes
}

func (r *rowReader) takeCoordinate(c *column, text string) {
	if c.target.Field == FieldLat {
		r.y, r.yAt = text, c
		return
	}
	r.x, r.xAt = text, c
}
