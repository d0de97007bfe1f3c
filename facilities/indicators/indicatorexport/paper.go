package indicatorexport

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"yike/facilities/indicators"
	"yike/internal/pdf"
)

// WritePDF writes the report for paper: how the plan stands, a table of its indicators by
// group, what each rests on, contradictions and projects. fonts must have Chinese
// characters.
func (r Report) WritePDF(w io.Writer, fonts *pdf.Fonts) error {
	lang := "zh-CN"
	if r.English {
		lang = "en"
	}
	footer := pdf.Footer{Source: r.say("来源：规划文本、设施登记与填报", "Source: plan texts, the registry and what was entered")}
	for _, n := range r.Notices {
		footer.Notices = append(footer.Notices, r.text(n))
	}
	doc := pdf.New(w, fonts, pdf.Options{
		Paper: pdf.A4(), Landscape: true, Footer: footer,
		Meta: pdf.Meta{Title: r.Title(), Author: r.text(r.Board.Plan.Authority), Lang: lang, Day: string(r.Made)},
	})
	doc.Title(r.Title())
	r.lead3(doc)
	r.overview(doc)
	r.details(doc)
	r.paperTable(doc, r.contradictions(), []float64{2, 2, 1.5, 3, 1.5, 3}, r.say("没有不一致。", "There are none."))
	r.paperTable(doc, r.projects(), []float64{3, 0.7, 0.7, 0.8, 1.2, 2, 1.5, 4}, r.say("没有项目。", "There are none."))
	doc.Heading(r.say("说明", "Notes"))
	for _, row := range r.notes().Rows {
		doc.Note(fmt.Sprint(row[0]))
	}
	if err := doc.Close(); err != nil {
		return fmt.Errorf("write the review: %w", err)
	}
	return nil
}

// lead3 sets the three figures that lead.
func (r Report) lead3(doc *pdf.Document) {
	all, binding := r.Board.Tally()
	total := len(r.Board.Lines)
	bound := 0
	for _, n := range binding {
		bound += n
	}
	doc.Figures(
		pdf.Figure{Value: fmt.Sprintf("%d / %d", all[indicators.Met], total), Label: r.say("达到的指标", "indicators met")},
		pdf.Figure{Value: fmt.Sprintf("%d / %d", binding[indicators.Met], bound), Label: r.say("达到的约束性指标", "binding ones met")},
		pdf.Figure{Value: fmt.Sprint(all[indicators.Unknown]), Label: r.say("无法判断", "cannot be told"), Color: pdf.Warning()},
	)
}

func (r Report) overview(doc *pdf.Document) {
	year := r.Board.Year
	t := pdf.Table{Columns: []pdf.Column{
		{Title: r.say("序号", "No."), Width: 11 * pdf.MM, Align: pdf.Right},
		{Title: r.say("指标", "Indicator"), Weight: 3},
		{Title: r.say("单位", "Unit"), Width: 20 * pdf.MM},
		{Title: r.say("属性", "Kind"), Width: 20 * pdf.MM},
		{Title: fmt.Sprint(r.Board.Plan.BaseYear), Width: 22 * pdf.MM, Align: pdf.Right},
		{Title: r.say(fmt.Sprintf("%d 应达", year), fmt.Sprintf("%d wants", year)), Width: 24 * pdf.MM, Align: pdf.Right},
		{Title: r.say(fmt.Sprintf("%d 实绩", year), fmt.Sprintf("%d actual", year)), Width: 24 * pdf.MM, Align: pdf.Right},
		{Title: r.say(fmt.Sprintf("%d 目标", r.Board.Plan.TargetYear), fmt.Sprintf("%d target", r.Board.Plan.TargetYear)), Width: 34 * pdf.MM, Align: pdf.Right},
		{Title: r.say("进度", "Status"), Width: 22 * pdf.MM},
	}, Empty: r.say("没有指标。", "There are no indicators.")}
	doc.Table(t, slices.Values(r.overviewRows()))
}

func (r Report) overviewRows() []pdf.Row {
	var rows []pdf.Row
	for _, g := range r.groups() {
		rows = append(rows, pdf.Row{Cells: []pdf.Cell{{Text: g.title, Span: 9, Align: pdf.Left}}, Bold: true, Keep: true, Fill: pdf.Fill{Pattern: pdf.Tint}})
		for _, l := range g.lines {
			i := l.Indicator
			expected := ""
			if l.Judgement.Expected != nil {
				expected = indicators.FormatNumber(*l.Judgement.Expected)
			}
			status := pdf.Cell{Text: r.status(l.Judgement.Status)}
			if l.Judgement.Status == indicators.Behind {
				status.Bold, status.Fill = true, pdf.Fill{Pattern: pdf.Hatch, Color: pdf.Warning()}
			}
			rows = append(rows, pdf.Row{Cells: []pdf.Cell{
				{Text: plain(r.number(i))},
				{Text: r.text(i.Name)},
				{Text: r.text(i.Unit)},
				{Text: r.kind(i.Kind)},
				{Text: i.Baseline.Text},
				{Text: expected},
				{Text: actualText(l)},
				{Text: i.Target.Text},
				status,
			}})
		}
	}
	return rows
}

// actualText is what a line shows as its figure; a lower bound says so.
func actualText(l indicators.Line) string {
	switch {
	case l.Actual.Number != nil:
		return indicators.FormatNumber(*l.Actual.Number)
	case l.Actual.AtLeast != nil && *l.Actual.AtLeast > 0:
		return "≥ " + indicators.FormatNumber(*l.Actual.AtLeast)
	}
	return "—"
}

// paperGroup is the lines under one heading of the plan.
type paperGroup struct {
	title string
	lines []indicators.Line
}

func (r Report) groups() []paperGroup {
	var out []paperGroup
	known := map[string]bool{}
	for _, g := range append(slices.Clone(r.Board.Plan.Groups), indicators.Group{Text: indicators.Text{ZH: "其他", EN: "Others"}}) {
		known[g.Key] = true
		p := paperGroup{title: r.text(g.Text)}
		for _, l := range r.Board.Lines {
			if l.Indicator.Group == g.Key || g.Key == "" && !known[l.Indicator.Group] {
				p.lines = append(p.lines, l)
			}
		}
		if len(p.lines) > 0 {
			out = append(out, p)
		}
	}
	return out
}

// details says of each indicator why it stands as it does and what that rests on.
func (r Report) details(doc *pdf.Document) {
	doc.Heading(r.say("逐项说明", "One by one"))
	t := pdf.Table{Columns: []pdf.Column{
		{Title: r.say("指标", "Indicator"), Weight: 2},
		{Title: r.say("进度与理由", "Status and why"), Weight: 3},
		{Title: r.say("依据", "Rests on"), Weight: 3},
		{Title: r.say("规划原文", "In the plan's words"), Weight: 3},
	}, Size: 8}
	var rows []pdf.Row
	for _, l := range r.Board.Lines {
		why := r.text(l.Judgement.Why)
		if l.Judgement.Status == indicators.Unknown { // the others say it themselves
			why = r.status(l.Judgement.Status) + r.say("。", ". ") + why
		}
		if years := r.years(l); years != "" {
			why += "\n" + years
		}
		if !l.Apart.Empty() {
			why += "\n" + strings.TrimSpace(r.text(l.Apart))
		}
		rows = append(rows, pdf.Texts(r.heading(l.Indicator), why, r.restsOn(l), r.quotes(l.Indicator.Sources)))
	}
	doc.Table(t, slices.Values(rows))
}

// years says what the plan wants in each year and what there was, where either is known.
func (r Report) years(l indicators.Line) string {
	var out []string
	for n, y := range l.Years {
		var said []string
		if y.Target != nil {
			said = append(said, r.say("目标 ", "target ")+y.Target.Text)
		}
		if y.Number != nil {
			word := r.say("实绩 ", "actual ")
			if n == 0 && y.From == indicators.LeadNone {
				word = r.say("基期 ", "baseline ")
			}
			said = append(said, word+indicators.FormatNumber(*y.Number))
		}
		if len(said) > 0 {
			out = append(out, fmt.Sprintf("%d: %s", y.Year, strings.Join(said, r.say("，", ", "))))
		}
	}
	return strings.Join(out, r.say("；", "; "))
}

func (r Report) heading(i indicators.Indicator) string {
	out := r.text(i.Name)
	if i.Number > 0 {
		out = fmt.Sprintf("%d. %s", i.Number, out)
	}
	if i.Office != "" {
		out += "\n" + i.Office
	}
	return out
}

func (r Report) restsOn(l indicators.Line) string {
	var out []string
	if v := l.Entered; v != nil {
		said := strings.TrimSpace(plain(number(v.Number)) + " " + v.Words)
		out = append(out, r.say("填报：", "Entered: ")+said+r.say("；依据 ", "; from ")+strings.TrimSpace(v.Evidence.Document+" "+v.Evidence.Quote)+r.say("；", "; ")+v.Who+" "+string(v.On))
	}
	if v := l.Sealed; v != nil {
		out = append(out, r.say("封存：", "Sealed: ")+plain(number(v.Number))+r.say("；", "; ")+v.Who+" "+string(v.On))
	}
	if l.Live != nil {
		out = append(out, r.computed(l.Live)...)
	}
	if len(out) == 0 {
		return r.say("没有填报。", "Nothing is entered.")
	}
	return strings.Join(out, "\n")
}

func (r Report) computed(live *indicators.Result) []string {
	var parts []string
	for _, in := range live.Inputs {
		if in.Number != nil {
			parts = append(parts, r.text(in.Name)+" "+indicators.FormatNumber(*in.Number))
		}
	}
	out := []string{r.say("登记计算（", "Computed (") + string(live.Day) + r.say("）：", "): ") + strings.Join(parts, r.say("，", ", "))}
	for _, b := range live.Bases {
		out = append(out, r.base(b.Base)+" "+indicators.FormatNumber(b.Number))
	}
	if !live.Reason.Empty() {
		out = append(out, r.text(live.Reason))
	}
	if live.Reach != nil {
		if people, ok := live.Reach.Share(); ok {
			walked := cmp.Or(live.Reach.Day, live.Day)
			out = append(out, r.say(
				fmt.Sprintf("人口覆盖率（步行 %d 分钟，按 %s 的设施）%s\u2009%%", live.Reach.Minutes, walked, indicators.FormatNumber(people)),
				fmt.Sprintf("population coverage (%d min walk to facilities of %s) %s\u2009%%", live.Reach.Minutes, walked, indicators.FormatNumber(people))))
		}
	}
	for _, n := range live.Notes {
		out = append(out, r.text(n))
	}
	return out
}

// paperTable sets one of the sheets.
func (r Report) paperTable(doc *pdf.Document, s Sheet, weights []float64, empty string) {
	doc.Heading(s.Name)
	t := pdf.Table{Size: 8, Empty: empty}
	for n, title := range s.Head {
		t.Columns = append(t.Columns, pdf.Column{Title: title, Weight: weights[n]})
	}
	var rows []pdf.Row
	for _, row := range s.Rows {
		texts := make([]string, len(row))
		for n, v := range row {
			texts[n] = plain(v)
		}
		rows = append(rows, pdf.Texts(texts...))
	}
	doc.Table(t, slices.Values(rows))
}
