package estateexport

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"yike/facilities/estates"
	"yike/facilities/premises"
	"yike/geo/divisions"
	"yike/internal/record"
	"yike/internal/rowout"
	"yike/internal/xlsx"
)

// ReportFile is a district's new estates at one moment, to be written to a file.
type ReportFile struct {
	Report  estates.Report
	Places  []divisions.Division // for the names of places
	Of      Text                 // what it is of: the district
	English bool
	Made    record.Day
	Notices []Text // what must be said of the data
	// Public leaves out what is not for everybody: developers, papers, notes, opinions, who
	// signed, and whatever names a person. Such a file says of itself that it may be published.
	Public bool

	byCode map[string]divisions.Division
}

// indexed is the file with its places at hand by their codes.
func (f ReportFile) indexed() ReportFile {
	f.byCode = make(map[string]divisions.Division, len(f.Places))
	for _, d := range f.Places {
		f.byCode[d.Code] = d
	}
	return f
}

func (f ReportFile) say(zh, en string) string { return text(zh, en).say(f.English) }

// Title says what the file is.
func (f ReportFile) Title() string {
	if f.Public {
		return f.Of.say(f.English) + f.say("新建小区配建情况（可公开）", ": what new estates provide (may be published)")
	}
	return f.Of.say(f.English) + f.say("新建小区配建情况", ": what new estates provide")
}

// notes are what is said of the file as a whole.
func (f ReportFile) notes() []string {
	out := []string{
		f.say("截至 ", "As of ") + string(f.Report.Day),
		f.say("待定的小区计入分母，不计为达标。面积单位为㎡；空格为不详。", "What is undetermined is in the denominator and never a pass. Areas are m²; a blank is not known."),
		f.say("来源：本区新建小区登记与配建核查。", "Source: the district's register of new estates and their check."),
	}
	if f.Public {
		out = append(out, f.say("本表不含建设单位、联系人、签发人和备注，可以公开。", "No developers, contacts, signers or notes are in it: it may be published."))
	}
	for _, n := range f.Notices {
		out = append(out, n.say(f.English))
	}
	return out
}

// place is the name of the division of a level that holds another; "" where there is none.
func (f ReportFile) place(code string, level divisions.Level) string {
	for range len(f.byCode) {
		d, ok := f.byCode[code]
		if !ok {
			return ""
		}
		if d.Level == level {
			return f.name(d)
		}
		code = d.ParentCode
	}
	return ""
}

func (f ReportFile) name(d divisions.Division) string {
	if f.English && d.NameEN != "" {
		return d.NameEN
	}
	return d.NameZH
}

func (f ReportFile) word(list []premises.Code, code string) string {
	return f.say(premises.Words(list, code))
}

// reportColumn is a column of the list of estates.
type reportColumn struct {
	code   string
	zh, en string
	kind   rowout.Kind
	width  float64
	open   bool // for everybody
	value  func(f ReportFile, h estates.Held) any
}

// columns are those of the list, in order.
func (f ReportFile) columns() []reportColumn {
	out := slices.Concat(estateColumns(), debtColumns(), verdictColumns())
	if f.Public {
		out = slices.DeleteFunc(out, func(c reportColumn) bool { return !c.open })
	}
	return out
}

func estateColumns() []reportColumn {
	return []reportColumn{
		{"name", "小区", "estate", rowout.Text, 24, true, func(_ ReportFile, h estates.Held) any { return h.Estate.Name }},
		{"subdistrict", "街镇", "subdistrict", rowout.Text, 14, true, func(f ReportFile, h estates.Held) any { return f.place(h.Estate.DivisionCode, divisions.Subdistrict) }},
		{"community", "村居", "community", rowout.Text, 16, true, func(f ReportFile, h estates.Held) any { return f.place(h.Estate.DivisionCode, divisions.Community) }},
		{"division_code", "区划代码", "division code", rowout.Text, 15, true, func(_ ReportFile, h estates.Held) any { return h.Estate.DivisionCode }},
		{"kind", "类别", "kind", rowout.Text, 12, true, func(f ReportFile, h estates.Held) any { return f.word(estates.Kinds(), string(h.Estate.Kind)) }},
		{"households", "户数", "households", rowout.Integer, 9, true, func(_ ReportFile, h estates.Held) any { return counted(h.Estate.Households) }},
		{"people", "规划人口", "planned people", rowout.Integer, 10, true, func(_ ReportFile, h estates.Held) any { return counted(h.People) }},
		{"completed_on", "建成日期", "completed on", rowout.Day, 12, true, func(_ ReportFile, h estates.Held) any { return dayOrNil(h.Estate.CompletedOn) }},
		{"developer", "建设单位", "developer", rowout.Text, 24, false, func(_ ReportFile, h estates.Held) any { return h.Estate.Developer }},
		{"conditions", "规划条件文号", "planning conditions", rowout.Text, 18, false, func(_ ReportFile, h estates.Held) any { return h.Estate.Conditions.Number }},
		{"plan", "方案批复文号", "approved plan", rowout.Text, 18, false, func(_ ReportFile, h estates.Held) any { return h.Estate.Plan.Number }},
		{"next", "待办环节", "next milestone", rowout.Text, 18, false, func(f ReportFile, h estates.Held) any { return f.next(h) }},
		{"concluded_on", "验收意见日期", "acceptance passed on", rowout.Day, 14, false, func(_ ReportFile, h estates.Held) any { return dayOrNil(h.ConcludedOn()) }},
		{"conclusion", "配建结论", "conclusion", rowout.Text, 10, true, func(f ReportFile, h estates.Held) any { return f.conclusionOf(h) }},
	}
}

func (f ReportFile) next(h estates.Held) string {
	if h.Estate.Kind == estates.Built {
		return ""
	}
	m, ok := h.Progress.Next()
	if !ok {
		return f.say("全部通过", "all passed")
	}
	return f.say(m.Code().ZH, m.Code().EN)
}

// conclusionOf is what the check of a new estate came to; of a standing one there is none.
func (f ReportFile) conclusionOf(h estates.Held) string {
	if h.Estate.Kind == estates.Built {
		return f.say("不适用", "does not apply")
	}
	return conclusion(h.Conclusion).say(f.English)
}

func debtColumns() []reportColumn {
	var out []reportColumn
	for _, n := range premises.Norms() {
		norm := premises.Norm(n.Code)
		area := func(of func(estates.Debt) (premises.Area, bool)) func(ReportFile, estates.Held) any {
			return func(_ ReportFile, h estates.Held) any {
				a, ok := of(h.Debt(norm))
				if !ok {
					return nil
				}
				return a.M2()
			}
		}
		short := strings.TrimSuffix(n.Code, "_premises")
		out = append(out,
			reportColumn{short + "_owed", n.ZH + "应配", n.EN + " owed", rowout.Number, 12, true, area(func(d estates.Debt) (premises.Area, bool) { return d.Owed, d.OwedKnown && d.Binds() })},
			reportColumn{short + "_area", n.ZH + "已配", n.EN + " provided", rowout.Number, 12, true, area(func(d estates.Debt) (premises.Area, bool) { return d.Provided, d.ProvidedKnown })},
			reportColumn{short + "_short", n.ZH + "欠配", n.EN + " missing", rowout.Number, 12, true, area(func(d estates.Debt) (premises.Area, bool) { return d.Short, d.ShortKnown && d.Binds() })})
	}
	return out
}

// verdictColumns say of each rate what an estate is to it, so that a sheet can count.
func verdictColumns() []reportColumn {
	var out []reportColumn
	for _, info := range estates.Rates() {
		out = append(out, reportColumn{
			strings.ToLower(strings.ReplaceAll(string(info.ID), "-", "_")), string(info.ID), string(info.ID), rowout.Text, 10, true,
			func(f ReportFile, h estates.Held) any { return f.verdict(info.ID, h) },
		})
	}
	return out
}

// The words by which an estate stands to a rate.
func (f ReportFile) rateWords() (passed, failed, undetermined, undated, apart string) {
	return f.say("达标", "passes"), f.say("不达标", "fails"), f.say("待定", "undetermined"), f.say("日期不详", "undated"), f.say("不适用", "does not apply")
}

// verdict is what an estate is to a rate.
func (f ReportFile) verdict(id estates.RateID, h estates.Held) string {
	passed, failed, undetermined, undated, apart := f.rateWords()
	return map[estates.Standpoint]string{
		estates.Passes: passed, estates.Fails: failed, estates.Undetermined: undetermined, estates.NoDay: undated, estates.Apart: apart,
	}[h.To(id)]
}

// rateTitle says what a rate is, and whether its text is of this place.
func (f ReportFile) rateTitle(r estates.Rate) string {
	title := string(r.ID) + " " + f.say(r.TitleZH, r.TitleEN)
	if !r.Here {
		title += f.say("（别处规划的指标，仅供参考）", " (of another place's plan, for information)")
	}
	return title
}

// rateSource is where a rate's sentence stands, and how good the evidence is.
func (f ReportFile) rateSource(r estates.Rate) string {
	zh, en := r.Grade.Words()
	if f.English {
		return fmt.Sprintf("%s, %s: “%s” (%s; %s)", r.Plan, r.WhereEN, r.SentenceEN, r.Sentence, en)
	}
	return fmt.Sprintf("%s %s：“%s”（%s）", r.Plan, r.WhereZH, r.Sentence, zh)
}

func counted(n int) any {
	if n <= 0 {
		return nil
	}
	return n
}

func dayOrNil(d record.Day) any {
	if d == "" {
		return nil
	}
	return string(d)
}

// percentText writes a rate; a dash where there is none.
func percentText(v float64, ok bool) string {
	if !ok {
		return "—"
	}
	return strconv.FormatFloat(v, 'f', 1, 64) + "\u2009%"
}

// WriteCSV writes the list of estates. UTF-8 with a byte order mark.
func (f ReportFile) WriteCSV(ctx context.Context, w io.Writer) (err error) {
	f = f.indexed()
	columns := f.columns()
	var heads []rowout.Column
	for _, c := range columns {
		heads = append(heads, rowout.Column{Code: c.code, Head: f.say(c.zh, c.en), Kind: c.kind})
	}
	return writeRows(ctx, w, rowout.Table{Name: f.Title(), Columns: heads, Notes: f.notes()}, func(add func(...any) error) error {
		for _, h := range f.Report.Estates {
			values := make([]any, len(columns))
			for i, c := range columns {
				values[i] = c.value(f, h)
			}
			if err := add(values...); err != nil {
				return err
			}
		}
		return nil
	})
}

// writeRows writes a table as CSV.
func writeRows(ctx context.Context, w io.Writer, t rowout.Table, rows func(add func(...any) error) error) error {
	out, err := rowout.New(ctx, w, rowout.CSV, t, rowout.Options{})
	if err != nil {
		return fmt.Errorf("write %s: %w", t.Name, err)
	}
	defer out.Discard()
	if err := rows(func(values ...any) error { return out.Row(rowout.Row{Values: values}) }); err != nil {
		return fmt.Errorf("write %s: %w", t.Name, err)
	}
	if err := out.Close(); err != nil {
		return fmt.Errorf("write %s: %w", t.Name, err)
	}
	return nil
}

// sheetKind is how a sheet shows a column of a list.
func sheetKind(k rowout.Kind) xlsx.Kind {
	switch k {
	case rowout.Integer:
		return xlsx.Integer
	case rowout.Number:
		return xlsx.Number
	case rowout.Day:
		return xlsx.Date
	default:
		return xlsx.Text
	}
}

// sheetValue is a value as a sheet takes it.
func sheetValue(k rowout.Kind, v any) any {
	if day, ok := v.(string); ok && k == rowout.Day {
		return xlsx.Day(day)
	}
	return v
}
