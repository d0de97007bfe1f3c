package estateexport

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"yike/facilities/estates"
	"yike/facilities/premises"
	"yike/geo/divisions"
	"yike/internal/rowout"
	"yike/internal/xlsx"
)

// RetrofitFile is the list of standing estates that lack premises. Its ReportFile names places,
// day, language and notices.
type RetrofitFile struct {
	ReportFile
	List []estates.Retrofit
}

// Title says what the file is.
func (f RetrofitFile) Title() string {
	return f.Of.say(f.English) + f.say("已建成小区待补建清单", ": standing estates that lack premises")
}

// retrofitColumn is a column of the list: a line for each estate and kind of premises.
type retrofitColumn struct {
	code, zh, en string
	kind         rowout.Kind
	width        float64
	value        func(f RetrofitFile, r estates.Retrofit, d estates.Debt) any
}

func retrofitColumns() []retrofitColumn {
	return []retrofitColumn{
		{"name", "小区", "estate", rowout.Text, 24, func(_ RetrofitFile, r estates.Retrofit, _ estates.Debt) any { return r.Estate.Name }},
		{"subdistrict", "街镇", "subdistrict", rowout.Text, 14, func(f RetrofitFile, r estates.Retrofit, _ estates.Debt) any {
			return f.place(r.Estate.DivisionCode, divisions.Subdistrict)
		}},
		{"community", "村居", "community", rowout.Text, 16, func(f RetrofitFile, r estates.Retrofit, _ estates.Debt) any {
			return f.place(r.Estate.DivisionCode, divisions.Community)
		}},
		{"age", "建成时间", "completed", rowout.Text, 16, func(f RetrofitFile, r estates.Retrofit, _ estates.Debt) any {
			return f.word(estates.Ages(), string(r.Age))
		}},
		{"completed_on", "建成日期", "completed on", rowout.Day, 12, func(_ RetrofitFile, r estates.Retrofit, _ estates.Debt) any { return dayOrNil(r.Estate.CompletedOn) }},
		{"affected", "受影响人口", "people affected", rowout.Integer, 11, func(_ RetrofitFile, r estates.Retrofit, _ estates.Debt) any { return counted(r.Affected) }},
		{"counted", "人口来源", "people are", rowout.Text, 10, func(f RetrofitFile, r estates.Retrofit, _ estates.Debt) any { return f.peopleSource(r) }},
		{"norm", "缺少", "lacks", rowout.Text, 18, func(f RetrofitFile, _ estates.Retrofit, d estates.Debt) any {
			return f.word(premises.Norms(), string(d.Norm))
		}},
		{"owed", "应有（㎡）", "owed (m²)", rowout.Number, 11, func(_ RetrofitFile, _ estates.Retrofit, d estates.Debt) any { return areaOrNil(d.Owed, d.OwedKnown) }},
		{"provided", "已有（㎡）", "provided (m²)", rowout.Number, 11, func(_ RetrofitFile, _ estates.Retrofit, d estates.Debt) any {
			return areaOrNil(d.Provided, d.ProvidedKnown)
		}},
		{"short", "缺（㎡）", "missing (m²)", rowout.Number, 11, func(_ RetrofitFile, _ estates.Retrofit, d estates.Debt) any { return areaOrNil(d.Short, d.ShortKnown) }},
		{"rule", "依据", "rule", rowout.Text, 28, func(f RetrofitFile, _ estates.Retrofit, d estates.Debt) any { return f.ruleOf(d) }},
		{"ways", "建议方式", "suggested way", rowout.Text, 44, func(f RetrofitFile, r estates.Retrofit, d estates.Debt) any { return f.ways(r.Suggested[d.Norm]) }},
		{"deadline", "期限", "deadline", rowout.Text, 16, func(f RetrofitFile, r estates.Retrofit, d estates.Debt) any { return f.deadline(r, d) }},
	}
}

func areaOrNil(a premises.Area, known bool) any {
	if !known {
		return nil
	}
	return a.M2()
}

func (f RetrofitFile) peopleSource(r estates.Retrofit) string {
	switch {
	case r.Affected == 0:
		return f.say("不详", "not known")
	case r.Counted:
		return f.say("实有", "counted")
	case r.Derived:
		return f.say("按户数推算", "from households")
	}
	return f.say("规划", "planned")
}

func (f RetrofitFile) ruleOf(d estates.Debt) string {
	if d.Rule == nil {
		return ""
	}
	out := d.Rule.ID + " " + f.say(d.Rule.TitleZH, d.Rule.TitleEN)
	switch {
	case !d.Binds():
		out += f.say("（未见原文，仅供参考）", " (no text seen; for information)")
	case !d.OwedKnown:
		out += f.say("（"+d.WhyZH+"）", " ("+d.WhyEN+")")
	}
	return out
}

// ways writes the suggestions with the rooms that suit.
func (f RetrofitFile) ways(list []estates.Suggestion) string {
	var out []string
	for _, s := range list {
		text := f.word(estates.Ways(), string(s.Way))
		var rooms []string
		for _, n := range s.Rooms {
			room := n.Room.Name + " " + n.Room.Area.String() + "\u2009m² " + fmt.Sprintf("%.0f\u2009m", n.Metres)
			if n.NewUse {
				room += f.say("（须改变用途）", " (its use would change)")
			}
			rooms = append(rooms, room)
		}
		if len(rooms) > 0 {
			text += f.say("：", ": ") + strings.Join(rooms, f.say("、", ", "))
		} else {
			text += f.say("：", ": ") + f.say(s.WhyZH, s.WhyEN)
		}
		out = append(out, text)
	}
	return strings.Join(out, f.say("；", "; "))
}

func (f RetrofitFile) deadline(r estates.Retrofit, d estates.Debt) string {
	if r.Deadline == nil || d.Norm != premises.ElderlyNorm {
		return ""
	}
	text := f.say(r.Deadline.ZH, r.Deadline.EN)
	if r.Late {
		text += f.say("（已过）", " (over)")
	}
	return text
}

func (f RetrofitFile) notes() []string {
	out := append(f.ReportFile.notes()[:1], f.say("按受影响人口从多到少；所缺不详的在后。500\u2009m 以内为直线距离。", "By people affected, most first; those of which it is not known come last. 500\u2009m is as the crow flies."))
	for _, d := range estates.Deadlines() {
		if slices.ContainsFunc(f.List, func(r estates.Retrofit) bool { return r.Deadline != nil && r.Deadline.Region == d.Region }) {
			out = append(out, f.say("期限原文（"+d.Plan+"）：“"+d.Sentence+"”", "The text of the deadline ("+d.Plan+"): “"+d.SentenceEN+"”"))
		}
	}
	for _, n := range f.Notices {
		out = append(out, n.say(f.English))
	}
	return out
}

// each visits the lines of the list.
func (f RetrofitFile) each(visit func(estates.Retrofit, estates.Debt) error) error {
	for _, r := range f.List {
		for _, d := range r.Lacks {
			if err := visit(r, d); err != nil {
				return err
			}
		}
	}
	return nil
}

// WriteCSV writes the list. UTF-8 with a byte order mark.
func (f RetrofitFile) WriteCSV(ctx context.Context, w io.Writer) error {
	f.ReportFile = f.indexed()
	var heads []rowout.Column
	for _, c := range retrofitColumns() {
		heads = append(heads, rowout.Column{Code: c.code, Head: f.say(c.zh, c.en), Kind: c.kind})
	}
	return writeRows(ctx, w, rowout.Table{Name: f.Title(), Columns: heads, Notes: f.notes()}, func(add func(...any) error) error {
		return f.each(func(r estates.Retrofit, d estates.Debt) error {
			var row []any
			for _, c := range retrofitColumns() {
				row = append(row, c.value(f, r, d))
			}
			return add(row...)
		})
	})
}

// WriteXLSX writes the list as a workbook.
func (f RetrofitFile) WriteXLSX(w io.Writer) (err error) {
	f.ReportFile = f.indexed()
	book := xlsx.NewWriter()
	defer func() {
		if closed := book.Close(); err == nil {
			err = closed
		}
	}()
	spec := xlsx.TableSpec{Name: f.say("待补建清单", "Retrofit"), Title: f.Title(), Notes: f.notes(), Freeze: 1, Landscape: true}
	for _, c := range retrofitColumns() {
		spec.Columns = append(spec.Columns, xlsx.Column{Head: f.say(c.zh, c.en), Kind: sheetKind(c.kind), Width: c.width})
	}
	t, err := book.Table(spec)
	if err == nil {
		err = f.each(func(r estates.Retrofit, d estates.Debt) error {
			var row []any
			for _, c := range retrofitColumns() {
				row = append(row, sheetValue(c.kind, c.value(f, r, d)))
			}
			return t.Row(row...)
		})
	}
	if err == nil {
		_, err = book.WriteTo(w)
	}
	if err != nil {
		return fmt.Errorf("write the list of estates that lack premises: %w", err)
	}
	return nil
}
