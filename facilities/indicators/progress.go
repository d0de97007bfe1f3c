package indicators

import (
	"fmt"
	"slices"
)

// Status is how an indicator stands in a year.
type Status string

// The statuses, from the best; Unknown is no rank.
const (
	Met     Status = "met"     // 达到
	Near    Status = "near"    // 接近
	Behind  Status = "behind"  // 落后
	Unknown Status = "unknown" // 无法判断
)

// NearShare is how far short of what is expected a value may be and still be near: a
// proposal of ours, said wherever it decides.
const NearShare = 0.05

// Against says what a value is held against.
type Against string

// What there may be.
const (
	AgainstNothing Against = ""
	AgainstYearly  Against = "yearly" // the target of that year
	AgainstEarlier Against = "earlier"
	AgainstFinal   Against = "final"
	AgainstLine    Against = "line" // a straight line, for a ratio that has no target for the year
)

// Judgement is how a value stands, and why.
type Judgement struct {
	Status   Status
	Against  Against
	Expected *float64 // what the year asks for; nil where nothing can be said
	Why      Text     // a whole sentence
	// How much of the way from the baseline to the last target is done, 0 to 1; nil where
	// the two are not known or are the same.
	Way *float64
}

// Actual is what an indicator is in a year. AtLeast is a lower bound where the number
// itself is not known.
type Actual struct {
	Number  *float64
	AtLeast *float64
	Verdict Verdict
}

// Judge holds what an indicator is in a year against the plan's own target of that year.
// Without one it holds a ratio against a straight line between the years that have one; it
// never does so for a count, for a count grows in steps (IND-27).
func Judge(p Plan, i Indicator, year int, is Actual) Judgement {
	j := judge(p, i, year, is)
	j.Way = way(i, is)
	if due := i.due(p, year); due != nil {
		j.Expected = due // also where what is there does the last target already
	}
	return j
}

// due is what a year asks for in numbers, whether or not anything is known of it.
func (i Indicator) due(p Plan, year int) *float64 {
	goal, against := i.goal(p, year)
	switch {
	case year <= p.BaseYear || goal.Words():
		return nil
	case against != AgainstNothing:
		return goal.Number
	case i.holds():
		return i.Target.Number
	case i.Ratio:
		if want, ok := i.line(p, year); ok {
			return &want
		}
	}
	return nil
}

func judge(p Plan, i Indicator, year int, is Actual) Judgement {
	goal, against := i.goal(p, year)
	switch {
	case year <= p.BaseYear:
		return unknown(Text{
			fmt.Sprintf("%d 年是规划的基期，尚没有目标。", p.BaseYear), fmt.Sprintf("%d is the base year of the plan and has no target yet.", p.BaseYear),
		})
	case goal.Words() || is.Verdict != NoVerdict && is.Number == nil:
		if goal.Text == "" {
			goal = i.Target
		}
		return byVerdict(goal, is)
	case goal.Number != nil && is.Number == nil && is.AtLeast != nil && !goal.fall(i.Baseline) && goal.met(*is.AtLeast, false):
		return i.reached(goal, against, year, *is.AtLeast, true)
	case is.Number == nil:
		return unknown(Text{fmt.Sprintf("没有 %d 年的数。", year), fmt.Sprintf("There is no figure for %d.", year)})
	case goal.Number != nil:
		return i.compare(goal, against, year, *is.Number)
	}
	return i.withoutTarget(p, year, *is.Number)
}

func unknown(why Text) Judgement { return Judgement{Status: Unknown, Why: why} }

// goal is what the plan itself wants in a year.
func (i Indicator) goal(p Plan, year int) (Amount, Against) {
	if at := slices.IndexFunc(i.Yearly, func(t YearTarget) bool { return t.Year == year }); at >= 0 && !i.Yearly[at].Target.Blank() {
		return i.Yearly[at].Target, AgainstYearly
	}
	if year >= p.TargetYear {
		return i.Target, AgainstFinal
	}
	return Amount{}, AgainstNothing
}

// byVerdict takes what a person said of a target that no number decides.
func byVerdict(goal Amount, is Actual) Judgement {
	target := Text{fmt.Sprintf("目标是“%s”，", goal.Text), fmt.Sprintf("The target is “%s”; ", goal.Text)}
	if goal.Text == "" {
		target = Text{"没有写明目标，", "No target is named; "}
	}
	switch is.Verdict {
	case VerdictMet:
		return Judgement{Status: Met, Against: AgainstFinal, Why: Text{target.ZH + "填报人判断为达到。", target.EN + "whoever entered it says it is met."}}
	case VerdictNot:
		return Judgement{Status: Behind, Against: AgainstFinal, Why: Text{target.ZH + "填报人判断为没有达到。", target.EN + "whoever entered it says it is not met."}}
	}
	return unknown(Text{
		fmt.Sprintf("目标是文字“%s”，不能用数字判断：请填报，并判断是否达到。", goal.Text),
		fmt.Sprintf("The target is in words, “%s”, which no number decides: enter what there is, and whether it is met.", goal.Text),
	})
}

// compare holds a number against a target in numbers.
func (i Indicator) compare(goal Amount, against Against, year int, v float64) Judgement {
	falling := goal.fall(i.Baseline)
	if goal.met(v, falling) {
		return i.reached(goal, against, year, v, false)
	}
	want, short := *goal.Number, *goal.Number-v
	if falling {
		short = -short
	}
	name, nameEN := i.goalName(against, year)
	j := Judgement{Status: Behind, Against: against, Expected: &want}
	zh, en := "，落后。", ": behind."
	if nearly(short, want) {
		j.Status = Near
		zh = fmt.Sprintf("，不超过应达数的 %s\u2009%%，接近。", FormatNumber(NearShare*100))
		en = fmt.Sprintf(", which is at most %s %% of what is due: near.", FormatNumber(NearShare*100))
	}
	if short == 0 {
		zh, en = "：目标要求超过，刚好相等。"+map[Status]string{Near: "接近。", Behind: "落后。"}[j.Status], ": the target wants more, and it is equal. "+map[Status]string{Near: "Near.", Behind: "Behind."}[j.Status]
		j.Why = Text{fmt.Sprintf("%s%s，实际 %s%s", name, i.amount(goal), with(v, i.Unit.ZH), zh), fmt.Sprintf("%s %s; it is %s%s", nameEN, i.amountEN(goal), with(v, i.unitEN()), en)}
		return j
	}
	j.Why = Text{
		fmt.Sprintf("%s%s，实际 %s，差 %s%s", name, i.amount(goal), with(v, i.Unit.ZH), i.gap(short).ZH, zh),
		fmt.Sprintf("%s %s; it is %s, short by %s%s", nameEN, i.amountEN(goal), with(v, i.unitEN()), i.gap(short).EN, en),
	}
	return j
}

// nearly allows for what binary fractions leave behind.
func nearly(short, want float64) bool {
	const dust = 1e-9
	return want > 0 && short <= want*NearShare+dust
}

func (i Indicator) reached(goal Amount, against Against, year int, v float64, atLeast bool) Judgement {
	want := *goal.Number
	name, nameEN := i.goalName(against, year)
	is, isEN := "实际 "+with(v, i.Unit.ZH), "it is "+with(v, i.unitEN())
	if atLeast {
		is, isEN = "已知部分已有 "+with(v, i.Unit.ZH), "what is known is already "+with(v, i.unitEN())
	}
	return Judgement{Status: Met, Against: against, Expected: &want, Why: Text{
		fmt.Sprintf("%s%s，%s，已达到。", name, i.amount(goal), is), fmt.Sprintf("%s %s; %s: met.", nameEN, i.amountEN(goal), isEN),
	}}
}

func (i Indicator) goalName(against Against, year int) (zh, en string) {
	switch against {
	case AgainstFinal:
		return "规划期末应达", "The plan wants at its end"
	case AgainstLine:
		return fmt.Sprintf("规划没有 %d 年的目标，按两个有数年份之间的直线应达", year), fmt.Sprintf("The plan has no target for %d; a straight line between the years that have one wants", year)
	case AgainstEarlier:
		return fmt.Sprintf("规划没有 %d 年的目标，此前最近的年度目标为", year), fmt.Sprintf("The plan has no target for %d; the last one before it is", year)
	}
	return fmt.Sprintf("%d 年应达", year), fmt.Sprintf("%d wants", year)
}

// amount says a target in words and with its unit, to stand behind Chinese words.
func (i Indicator) amount(a Amount) string {
	word := map[Comparator]string{AtLeast: "不低于", MoreThan: "超过", AtMost: "不高于", LessThan: "低于", Between: "不少于"}[a.Compare]
	return word + " " + with(*a.Number, i.Unit.ZH)
}

// gap says how far two values lie apart: shares do by points.
func (i Indicator) gap(v float64) Text {
	if i.Unit.ZH == "%" {
		return Text{with(v, "个百分点"), with(v, "points")}
	}
	return Text{with(v, i.Unit.ZH), with(v, i.unitEN())}
}

func (i Indicator) amountEN(a Amount) string {
	word := map[Comparator]string{AtLeast: "at least ", MoreThan: "more than ", AtMost: "at most ", LessThan: "less than ", Between: "at least "}[a.Compare]
	return word + with(*a.Number, i.unitEN())
}

func (i Indicator) unitEN() string {
	if i.Unit.EN == "" && i.Unit.ZH != "个" && i.Unit.ZH != "处" {
		return i.Unit.ZH
	}
	return i.Unit.EN
}

// withoutTarget judges a year for which the plan says nothing.
func (i Indicator) withoutTarget(p Plan, year int, v float64) Judgement {
	if i.Target.Number != nil && i.Target.met(v, i.Target.fall(i.Baseline)) {
		return i.reached(i.Target, AgainstFinal, p.TargetYear, v, false)
	}
	if i.holds() {
		return i.compare(i.Target, AgainstFinal, p.TargetYear, v)
	}
	if want, ok := i.line(p, year); ok && i.Ratio {
		return i.compare(Amount{Number: &want, Compare: onLine(i.Target.Compare)}, AgainstLine, year, v)
	}
	if earlier, ok := i.earlier(year); ok && !earlier.met(v, earlier.fall(i.Baseline)) {
		return i.compare(earlier, AgainstEarlier, year, v)
	}
	if i.Target.Number == nil {
		return unknown(Text{fmt.Sprintf("规划没有 %d 年的目标。", year), fmt.Sprintf("The plan has no target for %d.", year)})
	}
	short := *i.Target.Number - v
	if i.Target.fall(i.Baseline) {
		short = -short
	}
	reason := Text{"个数按步增长，不按直线推算", "a count grows in steps, so no line is drawn"}
	if i.Ratio {
		reason = Text{"没有基期数，画不出直线", "without a baseline there is no line"}
	}
	back := i.fellBack(v)
	return unknown(Text{
		fmt.Sprintf("规划没有 %d 年的目标；%s。距期末目标%s还差 %s。%s", year, reason.ZH, i.amount(i.Target), i.gap(short).ZH, back.ZH),
		fmt.Sprintf("The plan has no target for %d, and %s. It is %s short of the last target, %s.%s", year, reason.EN, i.gap(short).EN, i.amountEN(i.Target), back.EN),
	})
}

// holds reports whether the baseline already does what the last target asks: then the plan
// wants it kept, in every year.
func (i Indicator) holds() bool {
	return i.Baseline.Number != nil && i.Target.Number != nil && i.Target.met(*i.Baseline.Number, i.Target.fall(i.Baseline))
}

// fellBack says that a value is further from the target than the baseline was.
func (i Indicator) fellBack(v float64) Text {
	if i.Baseline.Number == nil {
		return Text{}
	}
	base := *i.Baseline.Number
	if i.Target.fall(i.Baseline) && v > base || !i.Target.fall(i.Baseline) && v < base {
		return Text{"比基期的 " + with(base, i.Unit.ZH) + "还差。", " That is worse than the baseline, " + with(base, i.unitEN()) + "."}
	}
	return Text{}
}

// onLine is how a point of a line is compared: between two years nothing is strict.
func onLine(c Comparator) Comparator {
	switch c {
	case AtMost, LessThan:
		return AtMost
	case AtLeast, MoreThan, Between, Everywhere:
		return AtLeast
	}
	return Plain
}

// earlier is the last yearly target before a year.
func (i Indicator) earlier(year int) (Amount, bool) {
	var out Amount
	last := 0
	for _, t := range i.Yearly {
		if t.Year < year && t.Year > last && t.Target.Number != nil {
			out, last = t.Target, t.Year
		}
	}
	return out, last > 0
}

// line is what a straight line between the nearest years that have a figure gives: the
// baseline, the yearly targets and the last one.
func (i Indicator) line(p Plan, year int) (float64, bool) {
	at := map[int]float64{}
	if i.Baseline.Number != nil {
		at[p.BaseYear] = *i.Baseline.Number
	}
	if i.Target.Number != nil {
		at[p.TargetYear] = *i.Target.Number
	}
	for _, t := range i.Yearly {
		if t.Target.Number != nil {
			at[t.Year] = *t.Target.Number
		}
	}
	before, after := 0, 0
	for y := range at {
		if y <= year && y > before {
			before = y
		}
		if y >= year && (after == 0 || y < after) {
			after = y
		}
	}
	if before == 0 || after == 0 {
		return 0, false
	}
	if before == after {
		return at[before], true
	}
	share := float64(year-before) / float64(after-before)
	return at[before] + (at[after]-at[before])*share, true
}

// way is how much of the way from the baseline to the last target is done.
func way(i Indicator, is Actual) *float64 {
	if i.Baseline.Number == nil || i.Target.Number == nil || is.Number == nil || i.holds() {
		return nil
	}
	done := (*is.Number - *i.Baseline.Number) / (*i.Target.Number - *i.Baseline.Number)
	done = min(max(done, 0), 1)
	return &done
}
