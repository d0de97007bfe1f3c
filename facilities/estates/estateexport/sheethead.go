package estateexport

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"yike/facilities/estates"
	"yike/facilities/premises"
	"yike/internal/pdf"
	"yike/internal/record"
)

// head has the title with the conclusion, the facts of the estate and its map beside them.
func (p *page) head() {
	c := p.doc.Page()
	b := p.doc.Body()
	const box = 42 * pdf.MM
	title := pdf.Style{Size: 17, Bold: true, Lead: 1.3}
	for title.Size > 10 && c.TextWidth(p.Title(), title) > b.W-box-4*pdf.MM {
		title.Size--
	}
	c.Text(b.X, b.Y, b.W-box-4*pdf.MM, p.Title(), title)
	sub := p.say("核查日期 ", "Checked on ") + p.day(p.Day)
	if p.Estate.Kind == estates.Built {
		sub += p.say(" · 已建成小区", " · standing estate")
	}
	c.Text(b.X, b.Y+9*pdf.MM, b.W-box-4*pdf.MM, sub, pdf.Style{Size: 9, Color: pdf.Grey(), Lead: 1.3})
	p.verdict(c, pdf.Box{X: b.X + b.W - box, Y: b.Y, W: box, H: 13 * pdf.MM})
	p.doc.Advance(15 * pdf.MM)

	c, room := p.doc.Room()
	left := room.W * 0.54
	bottom := p.facts(c, pdf.Box{X: room.X, Y: room.Y, W: left - 4*pdf.MM, H: p.density.tall})
	bottom = p.needs(c, pdf.Box{X: room.X, Y: bottom + 1.5*pdf.MM, W: left - 4*pdf.MM})
	height := max(bottom-room.Y, p.density.tall)
	p.drawMap(c, pdf.Box{X: room.X + left, Y: room.Y, W: room.W - left, H: height})
	p.doc.Advance(height + 3*pdf.MM)
}

// verdict is the conclusion in a frame.
func (p *page) verdict(c *pdf.Canvas, box pdf.Box) {
	col := colour(concluded(p.Check.Conclusion))
	c.Rect(box, pdf.Fill{}, pdf.Stroke{Width: 1.4, Color: col})
	c.Text(box.X, box.Y+0.6*pdf.MM, box.W, p.text(conclusion(p.Check.Conclusion)), pdf.Style{Size: 15, Bold: true, Color: col, Align: pdf.Centre, Lead: 1.3})
	counts := fmt.Sprintf(p.say("%d 条不符合 · %d 条待定", "%d not met · %d open"), p.Check.Failed, p.Check.Unknown)
	c.Text(box.X, box.Y+7.8*pdf.MM, box.W, counts, pdf.Style{Size: 8, Color: col, Align: pdf.Centre, Lead: 1.3})
}

// facts are what the estate is, and gives where they end.
func (p *page) facts(c *pdf.Canvas, box pdf.Box) float64 {
	e := p.Estate
	people, derived := e.PlannedPeople(p.Household)
	size := p.count(e.Households, "户", "households") + p.say("，", ", ") + p.count(people, "人", "people")
	if derived {
		size += p.say("（按户数推算）", " (from the households)")
	}
	var place []string
	if p.English {
		place = append(place, p.Place...)
		slices.Reverse(place)
	}
	lines := [][2]string{
		{p.say("位置", "Place"), p.orNot(p.say(strings.Join(p.Place, ""), strings.Join(place, ", ")))},
		{p.say("建设单位", "Developer"), p.orNot(e.Developer)},
		{p.say("规划规模", "Planned for"), size},
		{p.say("用地面积", "Site"), p.area(e.SiteArea)},
		{p.say("住宅建筑面积", "Housing floor"), p.area(e.HousingFloor)},
		{p.say("规划条件", "Conditions"), p.orNot(plainPaper(e.Conditions))},
		{p.say("批准方案", "Plan"), p.orNot(plainPaper(e.Plan))},
	}
	if len(e.Phases) > 1 {
		lines = append(lines, [2]string{p.say("分期", "Phases"), p.count(len(e.Phases), "期", "phases")})
	}
	label, value := pdf.Style{Size: 8.5, Color: pdf.Grey(), Lead: 1.35}, pdf.Style{Size: 8.5, Lead: 1.35}
	const wide = 22 * pdf.MM
	y := box.Y
	for _, l := range lines {
		c.Text(box.X, y, wide, l[0], label)
		y += c.TextBox(box.X+wide, y, box.W-wide, l[1], value) + 0.4*pdf.MM
	}
	return y
}

// needs has what is owed, planned and short of each kind of premises.
func (p *page) needs(c *pdf.Canvas, box pdf.Box) float64 {
	const line = 5.2 * pdf.MM
	first := box.W * 0.34
	rest := (box.W - first) / 3
	head := pdf.Style{Size: 8, Color: pdf.Grey(), Align: pdf.Right, Lead: 1.3}
	cell := func(i int, y float64, text string, style pdf.Style) {
		c.Text(box.X+first+float64(i)*rest, y, rest-1*pdf.MM, text, style)
	}
	y := box.Y
	c.Text(box.X, y, first, p.say("用房（㎡）", "Premises (m²)"), pdf.Style{Size: 8, Color: pdf.Grey(), Lead: 1.3})
	for i, t := range []string{p.say("应配", "Owed"), p.say("规划", "Planned"), p.say("还差", "Missing")} {
		cell(i, y, t, head)
	}
	y += line
	c.Line(box.X, y-0.6*pdf.MM, box.X+box.W, y-0.6*pdf.MM, pdf.Stroke{Width: 0.6})
	for _, n := range []struct {
		name string
		need estates.Owing
	}{{p.say("社区综合服务用房", "Community"), p.Community}, {p.say("养老服务用房", "Elderly"), p.Elderly}} {
		c.Text(box.X, y, first, n.name, pdf.Style{Size: 8.5, Lead: 1.3})
		number := pdf.Style{Size: 9.5, Align: pdf.Right, Lead: 1.2}
		cell(0, y, p.metres(n.need.Owes), number)
		cell(1, y, p.figure(n.need.Has.M2()), number)
		short := number
		if n.need.Short != nil && *n.need.Short > 0 {
			short.Bold, short.Color = true, pdf.Danger()
		}
		cell(2, y, p.metres(n.need.Short), short)
		y += line
		c.Line(box.X, y-0.6*pdf.MM, box.X+box.W, y-0.6*pdf.MM, pdf.Stroke{Width: 0.3, Color: pdf.Grey()})
	}
	note := pdf.Style{Size: 7.5, Color: pdf.Grey(), Lead: 1.3}
	return y + c.TextBox(box.X, y, box.W, p.say("应配按要求最多的一条必须执行的规定；“—”为没有这样的规定或资料不全。", "Owed by the strictest rule that must be kept; “—” where there is none or something is not known."), note)
}

// milestones shows how far the estate is, and by when what has to be done.
func (p *page) milestones() {
	if p.Estate.Kind != estates.New {
		return
	}
	c, room := p.doc.Room()
	all := estates.Milestones()
	const gap, height = 1.5 * pdf.MM, 10 * pdf.MM
	width := (room.W - gap*float64(len(all)-1)) / float64(len(all))
	for i, m := range all {
		box := pdf.Box{X: room.X + float64(i)*(width+gap), Y: room.Y, W: width, H: height}
		name, state := pdf.Style{Size: 8.5, Align: pdf.Centre, Lead: 1.3}, pdf.Style{Size: 7.5, Align: pdf.Centre, Color: pdf.Grey(), Lead: 1.3}
		text := p.say("未到", "not yet")
		edge, fill := pdf.Stroke{Width: 0.5, Color: pdf.Grey()}, pdf.Fill{}
		switch {
		case slices.Contains(p.Passed, m):
			text, fill = p.say("√ 已通过", "passed"), pdf.Fill{Pattern: pdf.Tint, Color: pdf.Accent()}
		case !p.Done && m == p.Next:
			text, edge = p.say("下一节点", "next"), pdf.Stroke{Width: 1.4}
			name.Bold, state.Bold, state.Color = true, true, pdf.Black()
		}
		c.Rect(box, fill, edge)
		c.Text(box.X, box.Y+0.9*pdf.MM, box.W, p.text(codeText(m.Code())), name)
		c.Text(box.X, box.Y+5.2*pdf.MM, box.W, text, state)
	}
	p.doc.Advance(height + 1.5*pdf.MM)
	p.dues()
}

// dues says by when what has to be done, what is latest first.
func (p *page) dues() {
	for _, d := range p.Dues[:min(len(p.Dues), mostDeadlines)] {
		line, style := p.text(due(d)), pdf.Style{Size: 9, Lead: 1.4}
		switch {
		case d.By == "":
			line += p.say("（没有设定期限）", " (no day is set)")
		case d.Late > 0:
			line += fmt.Sprintf(p.say("：%s到期，已逾期 %d 天", ": was due on %s, %d days late"), p.day(d.By), d.Late)
			style.Bold, style.Color = true, pdf.Danger()
		default:
			line += p.say("：", ": by ") + p.day(d.By) + p.say("前", "")
		}
		p.doc.Text(line, style)
	}
	switch more := len(p.Dues) - mostDeadlines; {
	case more > 0:
		p.doc.Note(fmt.Sprintf(p.say("另有 %d 项时限。", "%d more deadlines."), more))
	case len(p.Dues) == 0 && !p.Done:
		p.doc.Text(fmt.Sprintf(p.say("下一节点“%s”还没有报送征求意见。", "Nobody has asked for opinions on the next milestone, %s, yet."), p.text(codeText(p.Next.Code()))), pdf.Style{Size: 9, Lead: 1.4})
	}
}

// due is what somebody has to do.
func due(d estates.Due) Text {
	m := d.Milestone.Code()
	switch d.Kind {
	case estates.OpinionDue:
		zh, en := premises.Words(premises.Norms(), string(d.Norm))
		return text(d.Office+"就"+zh+"答复“"+m.ZH+"”", d.Office+" answers on "+m.EN+", "+en)
	case estates.RectifyDue:
		return text("按"+d.Office+"的意见整改并重新报送“"+m.ZH+"”", "put right what "+d.Office+" refused, and ask again on "+m.EN)
	case estates.ConditionDue:
		return text("落实"+d.Office+"在“"+m.ZH+"”所附的条件", "meet the conditions that "+d.Office+" set at "+m.EN)
	}
	return text(fmt.Sprintf("移交配建用房 %d 处", d.Rooms), fmt.Sprintf("hand over %d rooms", d.Rooms))
}

const mostDeadlines = 4

func codeText(c premises.Code) Text { return text(c.ZH, c.EN) }

func (p *page) day(d record.Day) string {
	if p.English {
		return string(d)
	}
	return dayZH(d)
}

func (p *page) orNot(s string) string {
	if s == "" {
		return p.say("未登记", "not recorded")
	}
	return s
}

func (p *page) count(n int, zh, en string) string {
	if n <= 0 {
		return p.say(zh+"数未登记", en+" not recorded")
	}
	return p.figure(float64(n)) + "\u2009" + p.say(zh, en)
}

func (p *page) area(a premises.Area) string {
	if a <= 0 {
		return p.say("未登记", "not recorded")
	}
	return p.figure(a.M2()) + "\u2009" + p.say("㎡", "m²")
}

func (p *page) metres(m2 *float64) string {
	if m2 == nil {
		return "—"
	}
	return p.figure(*m2)
}

// figure is a number with two decimals at most and its thousands apart.
func (p *page) figure(v float64) string {
	text, part, _ := strings.Cut(strings.TrimSuffix(strings.TrimRight(strconv.FormatFloat(v, 'f', 2, 64), "0"), "."), ".")
	apart := p.say("\u2009", ",")
	for at := len(text) - 3; at > 0; at -= 3 {
		text = text[:at] + apart + text[at:]
	}
	if part != "" {
		text += "." + part
	}
	return text
}

func plainPaper(d estates.Paper) string {
	if !d.Known() {
		return ""
	}
	return paper(d)
}
