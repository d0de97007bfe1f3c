package estateexport

import (
	"fmt"
	"io"
	"slices"

	"yike/facilities/estates"
	"yike/facilities/premises"
	"yike/internal/pdf"
)

// WritePDF writes the report for paper: the rates, the trend, debts by division, milestones and
// the list. fonts must have Chinese characters.
func (f ReportFile) WritePDF(w io.Writer, fonts *pdf.Fonts) error {
	f = f.indexed()
	footer := pdf.Footer{Source: f.say("来源：新建小区登记与配建核查", "Source: the register of new estates and their check")}
	for _, n := range f.Notices {
		footer.Notices = append(footer.Notices, n.say(f.English))
	}
	doc := pdf.New(w, fonts, pdf.Options{
		Paper: pdf.A4(), Landscape: true, Footer: footer,
		Meta: pdf.Meta{Title: f.Title(), Author: f.Of.say(f.English), Lang: f.say("zh-CN", "en"), Day: string(f.Made)},
	})
	doc.Title(f.Title())
	f.paperLead(doc)
	for _, n := range f.notes()[:2] {
		doc.Note(n)
	}
	f.paperRates(doc)
	f.paperTrend(doc)
	f.paperDebts(doc)
	if !f.Public {
		f.paperStages(doc)
	}
	f.paperList(doc)
	if err := doc.Close(); err != nil {
		return fmt.Errorf("write the report of estates: %w", err)
	}
	return nil
}

// paperLead sets the figures that lead: the rate of the conclusion and what is missing.
func (f ReportFile) paperLead(doc *pdf.Document) {
	all := f.Report.All
	is := "—"
	if r := f.Report.Rates[0]; r.Denominator() > 0 {
		is = fmt.Sprintf("%s (%d/%d)", percentText(r.Percent()), len(r.Passed), r.Denominator())
	}
	figures := []pdf.Figure{{Value: is, Label: f.say("合标配建率", "estates that keep all rules")}, {Value: fmt.Sprint(all.Outcomes.Open), Label: f.say("待定的新建小区", "new estates undetermined"), Color: pdf.Warning()}}
	for _, b := range all.Balances {
		short := pdf.Figure{Value: "—", Label: f.word(premises.Norms(), string(b.Norm)) + f.say("欠配", " missing")} // no rule asks
		if b.Estates > 0 {
			short.Value, short.Color = b.Short.String()+"\u2009m²", pdf.Danger()
		}
		figures = append(figures, short)
	}
	doc.Figures(figures...)
}

func (f ReportFile) paperRates(doc *pdf.Document) {
	doc.Heading(f.say("达标率", "Pass rates"))
	var rows []pdf.Row
	for _, r := range f.Report.Rates {
		is, ok := r.Percent()
		most, _ := r.AtMost()
		figure := pdf.Cell{Text: percentText(is, ok)}
		if r.Here && ok && is < r.Target {
			figure.Bold, figure.Fill = true, pdf.Fill{Pattern: pdf.Hatch, Color: pdf.Warning()}
		}
		upTo := "—"
		if len(r.Undetermined) > 0 {
			upTo = percentText(most, ok)
		}
		rows = append(rows, pdf.Row{Cells: []pdf.Cell{
			{Text: f.rateTitle(r)},
			figure,
			{Text: fmt.Sprintf("%d / %d", len(r.Passed), r.Denominator())},
			{Text: fmt.Sprint(len(r.Undetermined))},
			{Text: upTo},
			{Text: fmt.Sprintf("%.0f\u2009%%", r.Target)},
			{Text: f.say(r.WhatZH, r.WhatEN) + "\n" + f.rateSource(r), Color: pdf.Grey()},
		}})
	}
	doc.Table(pdf.Table{Size: 8, Columns: []pdf.Column{
		{Title: f.say("指标", "Rate"), Weight: 2.4},
		{Title: f.say("达标率", "Rate"), Width: 20 * pdf.MM, Align: pdf.Right},
		{Title: f.say("达标/全部", "Passes / all"), Width: 22 * pdf.MM, Align: pdf.Right},
		{Title: f.say("待定", "Undetermined"), Width: 16 * pdf.MM, Align: pdf.Right},
		{Title: f.say("待定均达标时", "If those passed"), Width: 20 * pdf.MM, Align: pdf.Right},
		{Title: f.say("目标", "Target"), Width: 16 * pdf.MM, Align: pdf.Right},
		{Title: f.say("口径与原文", "What is counted, in whose words"), Weight: 5},
	}}, slices.Values(rows))
}

// paperTrend draws new estates by year: what is compliant plain, what is not hatched, the rest
// empty, so that it reads in grey; the numbers stand in the table below.
func (f ReportFile) paperTrend(doc *pdf.Document) {
	for _, part := range f.trends() {
		doc.Keep(barsHeight + 90) // the heading with its bars
		doc.Heading(f.say("新建小区逐年情况（按"+part.title+"）", "New estates by year of "+part.title))
		f.bars(doc, part.years)
		var rows []pdf.Row
		for _, y := range part.years {
			t := y.Outcomes
			rows = append(rows, pdf.Texts(f.year(y.Year), fmt.Sprint(t.Estates), fmt.Sprint(t.Compliant), fmt.Sprint(t.NotCompliant), fmt.Sprint(t.Open),
				percentText(float64(t.Compliant)*100/float64(max(1, t.Estates)), t.Estates > 0)))
		}
		right := func(zh, en string) pdf.Column { return pdf.Column{Title: f.say(zh, en), Align: pdf.Right} }
		doc.Table(pdf.Table{Size: 8, Empty: f.say("没有新建小区。", "There are no new estates."), Columns: []pdf.Column{
			{Title: f.say("年", "Year")}, right("小区", "Estates"), right("合标", "Compliant"), right("不合标", "Not compliant"), right("待定", "Open"), right("合标率", "Rate"),
		}}, slices.Values(rows))
	}
}

const (
	barsHeight = 90.0 // points
	barWidth   = 34.0
)

func (f ReportFile) bars(doc *pdf.Document, years []estates.Trend) {
	most := 0
	for _, y := range years {
		most = max(most, y.Outcomes.Estates)
	}
	if most == 0 {
		return
	}
	doc.Keep(barsHeight + 40)
	page, room := doc.Room()
	step := min(barWidth*1.8, room.W/float64(len(years)))
	base := room.Y + barsHeight + 12
	small := pdf.Style{Size: 8, Align: pdf.Centre}
	for i, y := range years {
		x, at := room.X+step*float64(i), base
		for _, part := range []struct {
			n    int
			fill pdf.Fill
		}{
			{y.Outcomes.Compliant, pdf.Fill{Pattern: pdf.Plain, Color: pdf.Accent()}},
			{y.Outcomes.NotCompliant, pdf.Fill{Pattern: pdf.Hatch, Color: pdf.Danger()}},
			{y.Outcomes.Open, pdf.Fill{}},
		} {
			h := barsHeight * float64(part.n) / float64(most)
			at -= h
			if part.n > 0 {
				page.Rect(pdf.Box{X: x + step*0.15, Y: at, W: step * 0.7, H: h}, part.fill, pdf.Stroke{Width: 0.6, Color: pdf.Grey()})
			}
		}
		page.Text(x, at-11, step, fmt.Sprint(y.Outcomes.Estates), small)
		page.Text(x, base+3, step, f.year(y.Year), small)
	}
	page.Line(room.X, base, room.X+step*float64(len(years)), base, pdf.Stroke{Width: 0.6, Color: pdf.Grey()})
	doc.Advance(barsHeight + 30)
	doc.Note(f.say("实心：合标；斜线：不合标；空白：待定。", "Solid: compliant; hatched: not compliant; empty: open."))
}

func (f ReportFile) paperDebts(doc *pdf.Document) {
	doc.Heading(f.say("各街镇应配与欠配面积（㎡）", "What is owed and missing by subdistrict (m²)"))
	columns := []pdf.Column{{Title: f.say("街镇", "Subdistrict"), Weight: 2}, {Title: f.say("新建小区", "New estates"), Align: pdf.Right}, {Title: f.say("不合标", "Not compliant"), Align: pdf.Right}}
	for _, n := range premises.Norms() {
		name := f.say(n.ZH, n.EN)
		columns = append(columns, pdf.Column{Title: name + f.say("应配", " owed"), Align: pdf.Right, Weight: 1.3}, pdf.Column{Title: f.say("欠配", "missing"), Align: pdf.Right}, pdf.Column{Title: f.say("不详小区", "unknown"), Align: pdf.Right})
	}
	row := func(name string, r estates.Row, bold bool) pdf.Row {
		cells := []pdf.Cell{{Text: name}, {Text: fmt.Sprint(r.Outcomes.Estates)}, {Text: fmt.Sprint(r.Outcomes.NotCompliant)}}
		for _, b := range r.Balances {
			missing := pdf.Cell{Text: b.Short.String()}
			if b.Short > 0 {
				missing.Fill, missing.Bold = pdf.Fill{Pattern: pdf.Hatch, Color: pdf.Danger()}, true
			}
			cells = append(cells, pdf.Cell{Text: b.Owed.String()}, missing, pdf.Cell{Text: fmt.Sprint(b.Unknown)})
		}
		return pdf.Row{Cells: cells, Bold: bold}
	}
	var rows []pdf.Row
	for _, r := range f.Report.Subdistricts {
		rows = append(rows, row(f.name(r.Division), r, false))
	}
	rows = append(rows, row(f.say("全区", "District"), f.Report.All, true))
	doc.Table(pdf.Table{Size: 8, Columns: columns}, slices.Values(rows))
}

func (f ReportFile) paperStages(doc *pdf.Document) {
	doc.Heading(f.say("新建小区各环节进展", "How far new estates are"))
	var rows []pdf.Row
	for _, s := range f.Report.Stages {
		rows = append(rows, pdf.Texts(f.say(s.Milestone.Code().ZH, s.Milestone.Code().EN), fmt.Sprint(s.Passed), fmt.Sprint(s.Asked), fmt.Sprint(s.Waiting), fmt.Sprint(s.Overdue), fmt.Sprint(s.Fail)))
	}
	right := func(zh, en string) pdf.Column { return pdf.Column{Title: f.say(zh, en), Align: pdf.Right} }
	doc.Table(pdf.Table{Size: 8, Columns: []pdf.Column{
		{Title: f.say("环节", "Milestone"), Weight: 2}, right("已通过", "Passed"), right("办理中", "In progress"), right("待申请", "To be asked"), right("逾期", "Overdue"), right("已通过但不合标", "Passed, not compliant"),
	}}, slices.Values(rows))
}

func (f ReportFile) paperList(doc *pdf.Document) {
	doc.Heading(f.say("小区清单", "Estates"))
	columns := []pdf.Column{{Title: f.say("小区", "Estate"), Weight: 2.2}, {Title: f.say("村居", "Community"), Weight: 1.6}, {Title: f.say("户数", "Households"), Align: pdf.Right}, {Title: f.say("结论", "Conclusion"), Weight: 1.2}}
	for _, n := range premises.Norms() {
		name := f.say(n.ZH, n.EN)
		columns = append(columns, pdf.Column{Title: name + f.say("应配", " owed"), Align: pdf.Right, Weight: 1.2}, pdf.Column{Title: f.say("已配", "provided"), Align: pdf.Right}, pdf.Column{Title: f.say("欠配", "missing"), Align: pdf.Right})
	}
	var rows []pdf.Row
	for _, h := range f.Report.Estates {
		c := pdf.Cell{Text: f.conclusionOf(h)}
		if h.Estate.Kind != estates.Built && h.Conclusion == estates.NotCompliant {
			c.Bold = true
		}
		cells := []pdf.Cell{{Text: h.Estate.Name}, {Text: f.place(h.Estate.DivisionCode, "community")}, {Text: orDash(counted(h.Estate.Households))}, c}
		for _, d := range h.Debts {
			area := func(v string, known bool) pdf.Cell {
				if !known {
					return pdf.Cell{Text: "—", Color: pdf.Grey()}
				}
				return pdf.Cell{Text: v}
			}
			missing := area(d.Short.String(), d.ShortKnown && d.Binds())
			if d.Binds() && d.Short > 0 {
				missing.Bold, missing.Fill = true, pdf.Fill{Pattern: pdf.Hatch, Color: pdf.Danger()}
			}
			cells = append(cells, area(d.Owed.String(), d.OwedKnown && d.Binds()), area(d.Provided.String(), d.ProvidedKnown), missing)
		}
		rows = append(rows, pdf.Row{Cells: cells})
	}
	doc.Table(pdf.Table{Size: 8, Columns: columns, Empty: f.say("没有登记小区。", "No estates are on record.")}, slices.Values(rows))
}

func orDash(v any) string {
	if v == nil {
		return "—"
	}
	return fmt.Sprint(v)
}
