package matrixexport

import (
	"fmt"
	"io"
	"slices"

	"yike/facilities/matrix"
	"yike/internal/pdf"
)

// WritePDF writes the table for A3 paper, then the three levels and the texts that ask for
// them. fonts must have Chinese characters.
func (f File) WritePDF(w io.Writer, fonts *pdf.Fonts) error {
	footer := pdf.Footer{Source: f.say("来源：设施名录、公建台账、区划与楼栋户数", "Source: the registry, the ledger of premises, households of divisions and buildings")}
	for _, n := range f.Notices {
		footer.Notices = append(footer.Notices, f.text(n))
	}
	doc := pdf.New(w, fonts, pdf.Options{
		Paper: pdf.A3(), Landscape: true, Margin: 12 * pdf.MM, Footer: footer,
		Meta: pdf.Meta{Title: f.Title(), Lang: f.say("zh-CN", "en"), Day: string(f.Made)},
	})
	doc.Title(f.Title())
	f.lead(doc)
	doc.Note(f.notes()[1])
	f.table(doc)
	f.levels(doc)
	doc.Heading(f.say("依据", "Sources"))
	for _, n := range f.Matrix.Norms {
		doc.Note(f.norm(n))
	}
	if err := doc.Close(); err != nil {
		return fmt.Errorf("write the table of communities: %w", err)
	}
	return nil
}

func (f File) lead(doc *pdf.Document) {
	m := f.Matrix
	gaps := 0
	for _, g := range m.Groups {
		for _, r := range g.Rows {
			if r.Gap(m.Columns) {
				gaps++
			}
		}
	}
	per := "–"
	if m.Premises.Per100 != nil {
		per = decimal(*m.Premises.Per100) + " m²"
	}
	doc.Figures(
		pdf.Figure{Value: fmt.Sprintf("%d / %d", gaps, m.Premises.Communities), Label: f.say("有缺口的村居", "communities with a gap"), Color: pdf.Danger()},
		pdf.Figure{Value: per, Label: f.say("社区用房每百户", "community premises per 100 households")},
		pdf.Figure{Value: fmt.Sprintf("%d / %d", m.Levels.Met, m.Levels.Subdistricts), Label: f.say("有达标综合养老中心的街镇", "subdistricts with a large enough centre")},
	)
}

// paperCell draws what is lacking with a hatch, which stays in grey print.
func paperCell(text string, t tone) pdf.Cell {
	c := pdf.Cell{Text: text, Align: pdf.Centre}
	switch t {
	case lackTone:
		c.Bold, c.Fill = true, pdf.Fill{Pattern: pdf.Hatch, Color: pdf.Danger()}
	case mutedTone:
		c.Color = pdf.Grey()
	case goodTone, plainTone:
	}
	return c
}

func (f File) table(doc *pdf.Document) {
	t := pdf.Table{Size: 8, Frame: true, Empty: f.say("没有村居", "There are no communities"), Columns: []pdf.Column{
		{Title: f.say("村居", "community"), Width: 30 * pdf.MM}, {Title: f.say("社区用房 m²/百户", "premises, m² per 100 households"), Width: 22 * pdf.MM},
	}}
	for _, c := range f.Matrix.Columns {
		t.Columns = append(t.Columns, pdf.Column{Title: f.column(c), Align: pdf.Centre})
	}
	var rows []pdf.Row
	for _, g := range f.Matrix.Groups {
		rows = append(rows, f.groupRows(g)...)
	}
	rows = append(rows, f.paperSum(f.say("合计", "total"), f.Matrix.Sums, f.Matrix.Premises))
	doc.Table(t, slices.Values(rows))
}

func (f File) groupRows(g matrix.Group) []pdf.Row {
	rows := []pdf.Row{{
		Cells: []pdf.Cell{{Text: f.groupName(g), Span: len(f.Matrix.Columns) + 2}}, Bold: true, Keep: len(g.Rows) > 0, Fill: pdf.Fill{Pattern: pdf.Tint},
	}}
	for _, r := range g.Rows {
		text, t := f.premises(r.Premises)
		cells := []pdf.Cell{{Text: f.name(r.Division)}, paperCell(text, t)}
		for i, c := range r.Cells {
			text, t := f.cell(c, f.Matrix.Columns[i])
			cells = append(cells, paperCell(text, t))
		}
		rows = append(rows, pdf.Row{Cells: cells})
	}
	if g.HasRest {
		cells := []pdf.Cell{{Text: f.say("未落到村居", "in no community"), Color: pdf.Grey()}, {}}
		for i, c := range g.Rest.Cells {
			text, t := f.cell(c, f.Matrix.Columns[i])
			cells = append(cells, paperCell(text, t))
		}
		rows = append(rows, pdf.Row{Cells: cells})
	}
	return append(rows, f.paperSum(f.say("小计", "subtotal"), g.Sums, g.Premises))
}

func (f File) paperSum(name string, sums []matrix.Sum, t matrix.Total) pdf.Row {
	per := "–"
	if t.Per100 != nil {
		per = decimal(*t.Per100)
	}
	cells := []pdf.Cell{{Text: name}, {Text: per, Align: pdf.Centre}}
	for i, s := range sums {
		text, tn := f.sum(s, f.Matrix.Columns[i])
		cells = append(cells, paperCell(text, tn))
	}
	return pdf.Row{Cells: cells, Bold: true}
}

func (f File) levels(doc *pdf.Document) {
	l := f.Matrix.Levels
	doc.Heading(f.text(l.Rule))
	doc.Note(f.text(l.Source))
	doc.Paragraph(f.say("一区一中心：", "Centre of the district: ") + f.district())
	var rows []pdf.Row
	for _, line := range l.Lines {
		text, t := f.centre(line)
		rows = append(rows, pdf.Row{Cells: []pdf.Cell{
			{Text: f.name(line.Division)},
			paperCell(text, t),
			{Text: f.refs(line.Centres)},
			{Text: fmt.Sprintf("%d/%d", line.WithPlace, line.Communities), Align: pdf.Centre},
			{Text: f.names(line.Lacking)},
			{Text: fmt.Sprintf("%d/%d", line.WithPremises, line.Communities), Align: pdf.Centre},
		}})
	}
	doc.Table(pdf.Table{Size: 8, Empty: f.say("没有街镇", "There are no subdistricts"), Columns: []pdf.Column{
		{Title: f.say("街镇", "subdistrict"), Width: 34 * pdf.MM},
		{Title: f.say("综合养老中心", "centre"), Width: 26 * pdf.MM},
		{Title: f.say("中心名称与面积", "centres and areas"), Weight: 3},
		{Title: f.say("有养老服务场所的村居", "communities with an elderly-care place"), Width: 34 * pdf.MM},
		{Title: f.say("缺的村居", "communities without one"), Weight: 3},
		{Title: f.say("有社区用房的村居", "communities with premises"), Width: 34 * pdf.MM},
	}}, slices.Values(rows))
}
