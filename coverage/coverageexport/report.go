package coverageexport

import (
	"fmt"
	"io"
	"strings"

	"yike/coverage"
	"yike/internal/pdf"
)

// WriteReport writes the planner's report on A4: the question, a finding for each option,
// a map of each, tables, who remains without, how it was counted and from what. It lists
// the characters that no font has. fonts must have Chinese characters.
func (d *Dossier) WriteReport(to io.Writer, fonts *pdf.Fonts) (missing []rune, err error) {
	lang := "zh-CN"
	if d.English {
		lang = "en"
	}
	source := d.say("来源：一刻，数据版本 ", "Source: Yike, data version ") + d.Data.Version
	if d.Made.Office != "" {
		source = d.Made.Office + d.say(" · ", " · ") + source
	}
	doc := pdf.New(to, fonts, pdf.Options{
		Meta:   pdf.Meta{Title: d.Title() + " · " + d.text(d.Data.District), Subject: d.Asked(), Author: d.Made.Office, Lang: lang, Day: d.Made.Day},
		Footer: pdf.Footer{Source: source, Notices: d.footNotices()},
	})
	r := report{Dossier: d, doc: doc}
	r.front()
	if len(d.Options) > 0 {
		r.sideBySide()
	}
	for s := range d.situations() {
		if s > 0 || len(d.Options) == 0 {
			r.mapOf(s)
			r.places(s)
		}
	}
	r.byDivision()
	r.byFacility()
	r.method()
	r.sources()
	if err := doc.Close(); err != nil {
		return nil, fmt.Errorf("write the report: %w", err)
	}
	return doc.Missing(), nil
}

// report is a report being set.
type report struct {
	*Dossier
	doc *pdf.Document
}

func (d *Dossier) footNotices() []string {
	var out []string
	if d.Data.Synthetic {
		out = append(out, d.say("合成示例数据，不是真实情况。", "Synthetic example data, not a real place."))
	}
	for _, n := range d.Data.Notices[:min(len(d.Data.Notices), 3)] {
		out = append(out, d.say(n.ZH, n.EN))
	}
	return out
}

// front has the title, the question, the figures that lead and the findings.
func (r *report) front() {
	r.doc.Title(r.Title())
	r.doc.Text(r.text(r.Data.District)+r.say("　数据截至 ", " · data as of ")+orDash(r.Data.AsOf), pdf.Style{Size: 10, Color: pdf.Grey()})
	if r.Data.Synthetic {
		r.doc.Text(r.say("合成示例数据，不是真实情况", "Synthetic example data, not a real place"), pdf.Style{Size: 10, Bold: true, Color: pdf.Danger()})
	}
	r.doc.Heading(r.say("问题", "Question"))
	r.doc.Paragraph(r.Asked())
	today := r.Comparison.Baseline.Summary.Total[r.Band]
	r.doc.Figures(
		pdf.Figure{Value: percent(today.PopulationCoverage()), Label: r.band(r.Band) + r.say("：现状覆盖率", ": covered today")},
		pdf.Figure{Value: people(today.Uncovered + today.Unsnapped), Label: r.band(r.Band) + r.say("：现状未覆盖（人）", ": not covered today"), Color: pdf.Warning()},
		pdf.Figure{Value: fmt.Sprint(len(r.Comparison.Baseline.Sites)), Label: r.say("开放的", "open facilities: ") + r.text(r.Question.TypeName)},
		pdf.Figure{Value: fmt.Sprint(len(r.Today.Unserved.Gaps)), Label: r.say("处缺口", "gaps")},
	)
	r.doc.Heading(r.say("主要结论", "Key findings"))
	for _, s := range r.findings() {
		r.doc.Paragraph(s)
	}
	if n := r.Question.Note; n != nil {
		r.doc.Note(r.text(*n))
	}
}

// findings are a sentence for today and one for each option.
func (r *report) findings() []string {
	today := r.Comparison.Baseline.Summary.Total[r.Band]
	out := []string{r.say(
		fmt.Sprintf("现状：%s %s 人中，%s 人%s，占 %s；%s 人未覆盖，%s 人附近无路。", r.band(r.Band), people(today.Population), people(today.Covered), r.livesWithin(), percent(today.PopulationCoverage()), people(today.Uncovered), people(today.Unsnapped)),
		fmt.Sprintf("Today: of %s people %s, %s live %s (%s); %s are not covered, and %s have no path near.", people(today.Population), r.band(r.Band), people(today.Covered), r.Within(), percent(today.PopulationCoverage()), people(today.Uncovered), people(today.Unsnapped)))}
	beaten := r.Comparison.Dominated(r.Band)
	for i := range r.Options {
		out = append(out, r.finding(i, beaten[i]))
	}
	return out
}

func (r *report) livesWithin() string {
	if r.Question.Params.Mode == coverage.ByDivision {
		return r.Within()
	}
	return "住在" + r.Within()
}

func (r *report) finding(i, beaten int) string {
	o := r.Comparison.Options[i]
	c := o.Delta.Total[r.Band]
	was, _ := r.Comparison.Baseline.Summary.Total[r.Band].PopulationCoverage()
	is, _ := o.After.Total[r.Band].PopulationCoverage()
	s := r.say(
		fmt.Sprintf("%s：净增覆盖 %s 人（新增 %s，失去 %s），覆盖率由 %s 到 %s。", r.numbered(i), signed(o.Net(r.Band)), people(c.Gained), people(c.Lost), percent(was, true), percent(is, true)),
		fmt.Sprintf("%s: %s people net (%s gained, %s lost); the share covered goes from %s to %s.", r.numbered(i), signed(o.Net(r.Band)), people(c.Gained), people(c.Lost), percent(was, true), percent(is, true)))
	if c.Gained == 0 && c.Lost == 0 {
		s = r.say(r.numbered(i)+"：没有人因此得到或失去覆盖。", r.numbered(i)+": nobody gains or loses.")
	}
	s += r.costSentence(i)
	if beaten >= 0 {
		s += r.say(
			fmt.Sprintf("与“%s”相比，它在得失与费用上都不占优。", r.option(beaten)),
			fmt.Sprintf(" Compared with \"%s\" it is better in neither people nor cost.", r.option(beaten)))
	}
	return s
}

// numbered is an option's name after its number, by which the tables call it.
func (r *report) numbered(i int) string { return fmt.Sprintf("%d. %s", i+1, r.option(i)) }

func (r *report) costSentence(i int) string {
	o := r.Comparison.Options[i]
	if !o.Cost.Known {
		return r.say("未填费用。", " Nobody said what it costs.")
	}
	s := r.say("一次性 "+r.money(o.Cost.OneOff)+"、每年 "+r.money(o.Cost.PerYear), " It costs "+r.money(o.Cost.OneOff)+" once and "+r.money(o.Cost.PerYear)+" each year")
	if each, ok := coverage.CostPerPerson(o.Cost.OneOff, o.Net(r.Band)); ok {
		s += r.say("，每净增一人一次性 "+r.money(each), ", "+r.money(each)+" once for each person gained")
	}
	return s + r.say("。", ".")
}

// sideBySide has a row per option, so that eight of them and long names have room.
func (r *report) sideBySide() {
	r.doc.Heading(r.say("方案并列（", "Options side by side (") + r.band(r.Band) + r.say("）", ")"))
	t := pdf.Table{Size: 8.5, Columns: []pdf.Column{
		{Title: r.say("方案", "Option"), Weight: 2.4},
		right(r.say("新增", "Gained")), right(r.say("失去", "Lost")), right(r.say("净增", "Net")), right(r.say("覆盖率", "Covered")),
		right(r.say("仍未覆盖", "Still without")), right(r.say("一次性", "Once")), right(r.say("每年", "Each year")), right(r.say("每净增一人", "A person")),
	}}
	today := r.Comparison.Baseline.Summary.Total[r.Band]
	rows := []pdf.Row{pdf.Texts(r.today(), "", "", "", percent(today.PopulationCoverage()), people(today.Uncovered+today.Unsnapped), "", "", "")}
	for i, o := range r.Comparison.Options {
		c, after := o.Delta.Total[r.Band], o.After.Total[r.Band]
		once, yearly, each := "—", "—", "—"
		if o.Cost.Known {
			once, yearly = r.money(o.Cost.OneOff), r.money(o.Cost.PerYear)
			if fen, ok := coverage.CostPerPerson(o.Cost.OneOff, o.Net(r.Band)); ok {
				each = r.money(fen)
			}
		}
		rows = append(rows, pdf.Texts(r.numbered(i), people(c.Gained), people(c.Lost), signed(o.Net(r.Band)), percent(after.PopulationCoverage()),
			people(after.Uncovered+after.Unsnapped), once, yearly, each))
	}
	r.doc.Table(t, each(rows))
	r.otherAges()
	for i, o := range r.Options {
		r.steps(i, o)
	}
}

// otherAges has the net gain of every band.
func (r *report) otherAges() {
	bands := r.bandsLed()
	t := pdf.Table{Size: 8.5, Columns: []pdf.Column{{Title: r.say("净增，按年龄段", "Net gain by age"), Weight: 2.4}}}
	for _, k := range bands {
		t.Columns = append(t.Columns, right(r.band(k)))
	}
	var rows []pdf.Row
	for i, o := range r.Comparison.Options {
		cells := []string{r.numbered(i)}
		for _, k := range bands {
			cells = append(cells, signed(o.Net(k)))
		}
		rows = append(rows, pdf.Texts(cells...))
	}
	r.doc.Table(t, each(rows))
}

func (r *report) steps(i int, o OptionFacts) {
	var lines []string
	if o.Note != "" {
		lines = append(lines, o.Note)
	}
	for n, s := range o.Steps {
		lines = append(lines, fmt.Sprintf("%d) %s", n+1, r.text(s)))
	}
	if len(lines) > 0 {
		r.doc.Keep(14 * pdf.MM)
		r.doc.Text(r.option(i), pdf.Style{Size: 9.5, Bold: true})
		r.doc.Note(strings.Join(lines, "\n"))
	}
}

// mapOf has the map of a situation with its legend.
func (r *report) mapOf(situation int) {
	const height = 118 * pdf.MM
	r.doc.Keep(height + 32*pdf.MM)
	title := r.say("现状图", "Map of today")
	if situation > 0 {
		title = r.say("图：", "Map: ") + r.option(situation-1)
	}
	r.doc.Heading(title)
	c, room := r.doc.Room()
	box := pdf.Box{X: room.X, Y: room.Y, W: room.W, H: height}
	r.newDrawing(c, box, situation).draw()
	r.doc.Advance(height + 1.5*pdf.MM)
	r.legend(situation)
	if situation > 0 {
		r.doc.Note(r.finding(situation-1, -1))
	}
}

// legend says what the signs of the maps mean.
func (r *report) legend(situation int) {
	c, room := r.doc.Room()
	type sign struct {
		text string
		draw func(x, y float64)
	}
	swatch := func(f pdf.Fill, s pdf.Stroke) func(x, y float64) {
		return func(x, y float64) {
			c.Rect(pdf.Box{X: x - 3*pdf.MM, Y: y - 1.5*pdf.MM, W: 6 * pdf.MM, H: 3 * pdf.MM}, f, s)
		}
	}
	site := func(f siteFate) func(x, y float64) { return func(x, y float64) { siteMark(c, x, y, f) } }
	signs := []sign{
		{r.Within(), swatch(served(), pdf.Stroke{})},
		{r.say("缺口（圈内号为表中序号）", "Gap (numbers are those of the table)"), swatch(missing(), missingEdge())},
		{r.say("设施", "Facility"), site(stays)},
	}
	if situation > 0 {
		signs = append(signs,
			sign{r.say("新设或迁入", "New or moved here"), site(added)}, sign{r.say("关闭或迁出", "Closed or moved away"), site(shut)},
			sign{r.say("新增覆盖的人", "People gained"), func(x, y float64) { changeMark(c, x, y, 1.1*pdf.MM, true) }},
			sign{r.say("失去覆盖的人", "People lost"), func(x, y float64) { changeMark(c, x, y, 1.1*pdf.MM, false) }},
			sign{r.say("新设、迁移的服务圈", "Circle of a new or moved one"), swatch(pdf.Fill{}, pdf.Stroke{Width: 1, Color: pdf.Accent()})})
	}
	const columns, line = 3, 4.6 * pdf.MM
	width := room.W / columns
	for i, s := range signs {
		x, y := room.X+float64(i%columns)*width, room.Y+float64(i/columns)*line
		s.draw(x+4*pdf.MM, y+line/2)
		c.Text(x+9*pdf.MM, y+line/2-8*1.2/2, width-10*pdf.MM, s.text, pdf.Style{Size: 8, Lead: 1.2})
	}
	r.doc.Advance(float64((len(signs)+columns-1)/columns)*line + 2*pdf.MM)
}
