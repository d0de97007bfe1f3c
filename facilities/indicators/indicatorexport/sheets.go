// Package indicatorexport writes a plan's board to files: tables for a spreadsheet and a
// review on paper. It owns their columns and words; it knows nothing of how a board is
// made.
package indicatorexport

import (
	"fmt"
	"strings"

	"yike/facilities/indicators"
	"yike/internal/record"
)

// Report is a board as it is to be written.
type Report struct {
	Board   indicators.Board
	Kind    indicators.ReviewKind // "" for the board of a year
	English bool
	Made    record.Day
	Notices []indicators.Text // what must be said wherever the figures are
}

// Sheet is a table. A cell is a string, a float64, an int, or nil for a blank.
type Sheet struct {
	Name string
	Head []string
	Rows [][]any
}

// say gives the words of the report's language; Chinese where there are no English ones.
func (r Report) say(zh, en string) string {
	if r.English && en != "" {
		return en
	}
	return zh
}

func (r Report) text(t indicators.Text) string { return r.say(t.ZH, t.EN) }

// Title is what the report is called.
func (r Report) Title() string {
	title := r.text(r.Board.Plan.Title)
	switch r.Kind {
	case indicators.MidTerm:
		return title + r.say(fmt.Sprintf(" %d 年中期评估", r.Board.Year), fmt.Sprintf(": mid-term review %d", r.Board.Year))
	case indicators.Final:
		return title + r.say(fmt.Sprintf(" %d 年终期评估", r.Board.Year), fmt.Sprintf(": final review %d", r.Board.Year))
	}
	return title + r.say(fmt.Sprintf(" %d 年指标", r.Board.Year), fmt.Sprintf(": indicators of %d", r.Board.Year))
}

// Sheets gives the tables: indicators, evidence, contradictions, projects, and notes.
func (r Report) Sheets() []Sheet {
	return []Sheet{r.indicators(), r.evidence(), r.contradictions(), r.projects(), r.notes()}
}

func (r Report) status(s indicators.Status) string {
	switch s {
	case indicators.Met:
		return r.say("达到", "met")
	case indicators.Near:
		return r.say("接近", "near")
	case indicators.Behind:
		return r.say("落后", "behind")
	}
	return r.say("无法判断", "cannot tell")
}

func (r Report) kind(k indicators.Kind) string {
	switch k {
	case indicators.Binding:
		return r.say("约束性", "binding")
	case indicators.Anticipatory:
		return r.say("预期性", "anticipatory")
	}
	return r.say("正文目标", "in the text")
}

func (r Report) lead(l indicators.Lead) string {
	switch l {
	case indicators.LeadLive:
		return r.say("登记计算", "computed")
	case indicators.LeadSealed:
		return r.say("封存", "sealed")
	case indicators.LeadEntered:
		return r.say("填报", "entered")
	}
	return ""
}

func (r Report) base(b indicators.Base) string {
	for _, info := range indicators.Bases() {
		if info.Base == b {
			return r.say(info.ZH, info.EN)
		}
	}
	return string(b)
}

// number keeps a blank blank.
func number(v *float64) any {
	if v == nil {
		return nil
	}
	return *v
}

// amount gives a figure of the plan: a number alone as a number, all else as it is written.
func amount(a indicators.Amount) any {
	switch {
	case a.Blank():
		return nil
	case a.Number != nil && a.Compare == indicators.Plain && !strings.HasSuffix(a.Text, "%"):
		return *a.Number
	}
	return a.Text
}

func (r Report) number(i indicators.Indicator) any {
	if i.Number == 0 {
		return nil
	}
	return i.Number
}

func (r Report) indicators() Sheet {
	s := Sheet{Name: r.say("指标", "Indicators"), Head: []string{
		r.say("序号", "No."), r.say("指标", "Indicator"), r.say("单位", "Unit"), r.say("属性", "Kind"), r.say("口径", "Base"),
		r.say("基期", "Baseline") + fmt.Sprintf(" %d", r.Board.Plan.BaseYear), r.say("期末目标", "Target") + fmt.Sprintf(" %d", r.Board.Plan.TargetYear),
	}}
	p := r.Board.Plan
	last := max(p.TargetYear, r.Board.Year)
	for y := p.BaseYear + 1; y <= last; y++ {
		s.Head = append(s.Head, r.say(fmt.Sprintf("%d 目标", y), fmt.Sprintf("%d target", y)), r.say(fmt.Sprintf("%d 实绩", y), fmt.Sprintf("%d actual", y)))
	}
	s.Head = append(s.Head, r.say("数据来源", "From"), r.say("进度", "Status"), r.say("说明", "Why"), r.say("责任部门", "Office"), r.say("含义", "Definition"), r.say("原文", "Source"))
	for _, l := range r.Board.Lines {
		i := l.Indicator
		row := []any{r.number(i), r.text(i.Name), r.text(i.Unit), r.kind(i.Kind), r.base(i.Base), amount(i.Baseline), amount(i.Target)}
		for _, y := range l.Years[1:] {
			row = append(row, yearTarget(y), number(y.Number))
		}
		row = append(row, r.lead(l.From), r.status(l.Judgement.Status), r.text(l.Judgement.Why), i.Office, r.text(i.Definition), r.quotes(i.Sources))
		s.Rows = append(s.Rows, row)
	}
	return s
}

// yearTarget is what the plan wants in a year; a blank where it wants nothing.
func yearTarget(y indicators.YearLine) any {
	if y.Target == nil {
		return nil
	}
	return amount(*y.Target)
}

func (r Report) quotes(list []indicators.Source) string {
	out := make([]string, len(list))
	for n, s := range list {
		out[n] = r.source(s)
	}
	return strings.Join(out, "\n")
}

func (r Report) source(s indicators.Source) string {
	title := s.Document
	for _, d := range r.Board.Plan.Documents {
		if d.Key == s.Document {
			title = "《" + d.Title + "》"
		}
	}
	out := "“" + s.Quote + "”"
	if s.Quote == "" {
		out = ""
	}
	return strings.TrimSpace(out + " " + strings.TrimSpace(title+" "+s.Where))
}

func (r Report) evidence() Sheet {
	s := Sheet{Name: r.say("依据", "Evidence"), Head: []string{
		r.say("指标", "Indicator"), r.say("年份", "Year"), r.say("来源", "From"), r.say("数值", "Number"), r.say("文字", "Words"),
		r.say("文件或表", "Document"), r.say("原句", "Sentence"), r.say("文件日期", "Day of the document"), r.say("填报或封存人", "By"), r.say("日期", "On"),
	}}
	for _, l := range r.Board.Lines {
		for _, v := range []*indicators.Value{l.Sealed, l.Entered} {
			if v == nil {
				continue
			}
			from, document := r.lead(indicators.LeadEntered), v.Evidence.Document
			if v.Source == indicators.Sealed {
				from = r.lead(indicators.LeadSealed)
				document = r.say(fmt.Sprintf("设施登记，%s", v.Kept.Day), fmt.Sprintf("the registry on %s", v.Kept.Day))
			}
			s.Rows = append(s.Rows, []any{r.text(l.Indicator.Name), v.Year, from, number(v.Number), v.Words, document, v.Evidence.Quote, string(v.Evidence.Day), v.Who, string(v.On)})
		}
		if l.Live != nil {
			for _, in := range l.Live.Inputs {
				s.Rows = append(s.Rows, []any{
					r.text(l.Indicator.Name), r.Board.Year, r.lead(indicators.LeadLive), number(in.Number), r.text(in.Name),
					r.say(fmt.Sprintf("设施登记，%s", l.Live.Day), fmt.Sprintf("the registry on %s", l.Live.Day)), "", "", "", "",
				})
			}
		}
	}
	return s
}

func (r Report) contradictions() Sheet {
	s := Sheet{Name: r.say("来源不一致", "Contradictions"), Head: []string{
		r.say("指标", "Indicator"), r.say("什么不一致", "About"), r.say("说法一", "One says"), r.say("出处一", "Where"), r.say("说法二", "The other says"), r.say("出处二", "Where"),
	}}
	for _, l := range r.Board.Lines {
		for _, c := range l.Indicator.Contradict {
			s.Rows = append(s.Rows, []any{r.text(l.Indicator.Name), r.text(c.What), r.text(c.A.Says), r.source(c.A.Source), r.text(c.B.Says), r.source(c.B.Source)})
		}
		if !l.Apart.Empty() {
			s.Rows = append(s.Rows, []any{r.text(l.Indicator.Name), r.say("填报数与登记数", "entered and computed"), strings.TrimSpace(r.text(l.Apart)), "", "", ""})
		}
		if u, p, ok := bothNotions(l); ok {
			s.Rows = append(s.Rows, []any{
				r.text(l.Indicator.Name), r.say("两种覆盖率", "the two notions of coverage"),
				r.say("单位覆盖率 ", "unit coverage ") + indicators.FormatNumber(u) + "\u2009%", "", r.say("人口覆盖率 ", "population coverage ") + indicators.FormatNumber(p) + "\u2009%", "",
			})
		}
	}
	return s
}

// bothNotions gives unit and population coverage where both are known.
func bothNotions(l indicators.Line) (unit, people float64, ok bool) {
	if l.Live == nil || l.Live.Reach == nil || l.Live.Number == nil {
		return 0, 0, false
	}
	people, ok = l.Live.Reach.Share()
	return *l.Live.Number, people, ok
}

func (r Report) projectState(s indicators.ProjectState) string {
	switch s {
	case indicators.ProjectBuilding:
		return r.say("在建", "being built")
	case indicators.ProjectDone:
		return r.say("完成", "done")
	case indicators.ProjectDropped:
		return r.say("不再实施", "dropped")
	}
	return r.say("计划", "planned")
}

func (r Report) projects() Sheet {
	s := Sheet{Name: r.say("工程项目", "Projects"), Head: []string{
		r.say("项目", "Project"), r.say("开始", "From"), r.say("完成", "To"), r.say("状态", "State"), r.say("地点", "Place"), r.say("对应指标", "Indicator"), r.say("备注", "Note"), r.say("原文", "Source"),
	}}
	names := map[string]string{}
	for _, l := range r.Board.Lines {
		names[l.Indicator.ID] = r.text(l.Indicator.Name)
	}
	for _, p := range r.Board.Projects {
		s.Rows = append(s.Rows, []any{r.text(p.Name), year(p.From), year(p.To), r.projectState(p.State), p.Place, names[p.IndicatorID], p.Note, r.source(p.Source)})
	}
	return s
}

func year(y int) any {
	if y == 0 {
		return nil
	}
	return y
}

func (r Report) notes() Sheet {
	s := Sheet{Name: r.say("说明", "Notes"), Head: []string{r.say("说明", "Notes")}}
	add := func(text string) {
		if text != "" {
			s.Rows = append(s.Rows, []any{text})
		}
	}
	add(r.Title())
	add(r.text(r.Board.Plan.Authority))
	add(r.text(r.Board.Plan.Note))
	if r.Board.Day != "" {
		add(r.say(fmt.Sprintf("登记计算的数按 %s 的登记算出；辖区、户数和人口取自现有数据包。", r.Board.Day), fmt.Sprintf("Computed figures are of the registry on %s; divisions, households and people are those of the data pack at hand.", r.Board.Day)))
	}
	add(r.say("空白表示没有数，不是 0。", "A blank is no figure, and not 0."))
	add(r.say(
		fmt.Sprintf("进度按规划的年度目标判断；没有年度目标的比率按直线，个数不按直线。差距不超过应达数的 %s\u2009%% 为接近（本系统的约定）。", indicators.FormatNumber(indicators.NearShare*100)),
		fmt.Sprintf("Progress is judged against the plan's yearly targets; a ratio without one against a straight line, a count never. Short by at most %s\u2009%% of what is due is near, which is a convention of this product.", indicators.FormatNumber(indicators.NearShare*100))))
	add(r.say("单位覆盖率（村居有或被指定一处）与人口覆盖率（住处步行可达）是两种口径，不能互代。", "Unit coverage (a community has one or is assigned to one) and population coverage (within a walk from home) are two notions; neither replaces the other."))
	for _, n := range r.Notices {
		add(r.text(n))
	}
	add(r.say("生成日期 ", "Made on ") + string(r.Made))
	return s
}
