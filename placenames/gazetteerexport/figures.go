package gazetteerexport

import (
	"io"

	"yike/geo/divisions"
	"yike/internal/xlsx"
	"yike/placenames"
	"yike/placenames/gazetteer"
)

// WriteFigures writes the statistics of Entries as a workbook: by class, by division and by the
// year of the decision.
func (f File) WriteFigures(w io.Writer) error {
	s := gazetteer.Count(f.Entries, f.Catalogue, f.Places)
	return written(w, func(book *xlsx.Writer) error {
		if err := f.classSheet(book, s); err != nil {
			return err
		}
		if err := f.divisionSheet(book, s); err != nil {
			return err
		}
		return f.yearSheet(book, s)
	})
}

func (f File) figureNotes() []string {
	return append(f.notes(), f.say("保护、缺拼写、缺图形、缺文件只算在用地名。", "Protected names and what is missing are counted of names in use only."))
}

func (f File) figureColumns() []xlsx.Column {
	var out []xlsx.Column
	for _, h := range []struct{ zh, en string }{
		{"地名数", "Names"}, {"在用", "In use"}, {"列入保护名录", "Protected"}, {"缺罗马字母拼写", "Without spelling"}, {"缺图形", "Without geometry"}, {"缺决定文件", "Without document"},
	} {
		out = append(out, xlsx.Column{Head: f.say(h.zh, h.en), Kind: xlsx.Integer, Width: 14})
	}
	return out
}

func figures(g gazetteer.Figures) []any {
	return []any{g.Names, g.InUse, g.Protected, g.NoSpelling, g.NoGeometry, g.NoDocument}
}

func (f File) classSheet(book *xlsx.Writer, s gazetteer.Statistics) error {
	spec := xlsx.TableSpec{
		Name: f.say("分类", "By class"), Title: f.say("地名统计 · 分类和状态", "Place names by class and state"), Notes: f.figureNotes(), Freeze: 1, Landscape: true, A3: true, NoFilter: true,
		Columns: append([]xlsx.Column{{Head: f.say("类别", "Class"), Width: 40}}, f.figureColumns()...),
	}
	for _, l := range s.States {
		spec.Columns = append(spec.Columns, xlsx.Column{Head: f.word(l.State), Group: f.say("按状态", "By state"), Kind: xlsx.Integer, Width: 12})
	}
	table, err := book.Table(spec)
	if err != nil {
		return err
	}
	for _, l := range s.Classes {
		row := append([]any{f.word(l.Class)}, figures(l.Figures)...)
		for _, state := range s.States {
			row = append(row, l.States[placenames.State(state.State.Code)])
		}
		if err := table.Row(row...); err != nil {
			return err
		}
	}
	row := append([]any{f.say("合计", "Total")}, figures(s.Total)...)
	for _, l := range s.States {
		row = append(row, l.Names)
	}
	return table.TonedRow(xlsx.Strong, row...)
}

func (f File) divisionSheet(book *xlsx.Writer, s gazetteer.Statistics) error {
	table, err := book.Table(xlsx.TableSpec{
		Name: f.say("分政区", "By division"), Title: f.say("地名统计 · 分政区", "Place names by division"), Freeze: 2, Landscape: true, NoFilter: true,
		Notes:   append(f.figureNotes(), f.say("跨政区的地名在各政区分别计数，在上级只计一次。", "A name in several divisions counts in each, and once in what holds them.")),
		Columns: append([]xlsx.Column{{Head: f.say("代码", "Code"), Width: 16}, {Head: f.say("政区", "Division"), Width: 24}}, f.figureColumns()...),
	})
	if err != nil {
		return err
	}
	for _, l := range s.Divisions {
		name, tone := f.division(l.Division), xlsx.Plain
		switch {
		case l.Division.Code == "":
			name = f.say("不在已知政区", "In no known division")
		case l.Division.Level != divisions.Community && l.Division.Level != divisions.Grid:
			tone = xlsx.Strong
		}
		if err := table.TonedRow(tone, append([]any{l.Division.Code, name}, figures(l.Figures)...)...); err != nil {
			return err
		}
	}
	return nil
}

func (f File) yearSheet(book *xlsx.Writer, s gazetteer.Statistics) error {
	kinds := placenames.DecisionKinds()
	spec := xlsx.TableSpec{
		Name: f.say("分年度", "By year"), Title: f.say("地名统计 · 按现行决定文件的年度", "Place names by the year of the decision in force"), Notes: f.notes(), NoFilter: true,
		Columns: []xlsx.Column{{Head: f.say("年度", "Year"), Width: 12}, {Head: f.say("地名数", "Names"), Kind: xlsx.Integer, Width: 10}},
	}
	for _, k := range kinds {
		spec.Columns = append(spec.Columns, xlsx.Column{Head: f.word(k), Kind: xlsx.Integer, Width: 14})
	}
	table, err := book.Table(spec)
	if err != nil {
		return err
	}
	for _, l := range s.Years {
		year := l.Year
		if year == "" {
			year = f.say("日期不详", "Undated")
		}
		row := []any{year, l.Names}
		for _, k := range kinds {
			row = append(row, l.Kinds[placenames.DecisionKind(k.Code)])
		}
		if err := table.Row(row...); err != nil {
			return err
		}
	}
	return nil
}
