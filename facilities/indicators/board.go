package indicators

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"yike/internal/record"
)

// Whole is a plan with all that belongs to it.
type Whole struct {
	Plan       Plan
	Indicators []Indicator
	Projects   []Project
	Values     []Value
}

// Board is a plan as it stands in a year.
type Board struct {
	Plan     Plan
	Year     int
	Day      record.Day // of the facts; "" where nothing was computed
	Lines    []Line     // in the plan's order
	Projects []Project  // by the year they end in
}

// Line is one indicator in a year.
type Line struct {
	Indicator Indicator
	Live      *Result // computed now; nil where the year has not begun
	Sealed    *Value
	Entered   *Value
	Actual    Actual
	From      Lead // which of them Actual is
	Judgement Judgement
	Apart     Text       // where two of them differ; else empty
	Years     []YearLine // from the base year to the last
}

// Lead says which value an indicator is judged by.
type Lead string

// What may lead.
const (
	LeadNone    Lead = ""
	LeadLive    Lead = "computed"
	LeadSealed  Lead = "sealed"
	LeadEntered Lead = "entered"
)

// YearLine is what a plan wants in a year, and what there was.
type YearLine struct {
	Year   int
	Target *Amount // of the plan itself; nil where it names none
	Number *float64
	From   Lead
	Status Status
}

// MakeBoard puts a plan together for a year. facts are those of the year's last day, or
// of today; nil computes nothing.
func MakeBoard(w Whole, year int, facts *Facts) Board {
	b := Board{Plan: w.Plan, Year: year, Projects: slices.Clone(w.Projects)}
	if facts != nil {
		b.Day = facts.Day
	}
	slices.SortStableFunc(b.Projects, func(x, y Project) int {
		return cmp.Or(cmp.Compare(endOf(x), endOf(y)), cmp.Compare(x.Key, y.Key), cmp.Compare(x.ID, y.ID))
	})
	values := map[string][]Value{}
	for _, v := range w.Values {
		values[v.IndicatorID] = append(values[v.IndicatorID], v)
	}
	order := slices.Clone(w.Indicators)
	slices.SortStableFunc(order, func(x, y Indicator) int { return cmp.Compare(x.Position, y.Position) })
	for _, i := range order {
		b.Lines = append(b.Lines, makeLine(w.Plan, i, year, values[i.ID], facts))
	}
	return b
}

// endOf orders projects that say no year behind all others.
func endOf(p Project) int {
	if p.To == 0 && p.From == 0 {
		return math.MaxInt
	}
	return max(p.To, p.From)
}

func makeLine(p Plan, i Indicator, year int, values []Value, facts *Facts) Line {
	l := Line{Indicator: i}
	if facts != nil && i.Formula.Computed() {
		r := i.Compute(*facts)
		l.Live = &r
	}
	l.Sealed, l.Entered = find(values, year, Sealed), find(values, year, Entered)
	l.Actual, l.From = pick(i.Prefer, l.Live, l.Sealed, l.Entered)
	l.Judgement = Judge(p, i, year, l.Actual)
	l.Apart = apart(i, l)
	for y := p.BaseYear; y <= max(p.TargetYear, year); y++ {
		l.Years = append(l.Years, yearLine(p, i, y, values, l, y == year))
	}
	return l
}

func find(values []Value, year int, source ValueSource) *Value {
	at := slices.IndexFunc(values, func(v Value) bool { return v.Year == year && v.Source == source })
	if at < 0 {
		return nil
	}
	return &values[at]
}

// pick chooses what an indicator is judged by. What was sealed for a year stands before
// what is computed now: that is what sealing is for.
func pick(prefer Prefer, live *Result, sealed, entered *Value) (Actual, Lead) {
	var out Actual
	if entered != nil {
		out.Verdict = entered.Verdict
	}
	computed := func() bool {
		switch {
		case sealed != nil && sealed.Number != nil:
			out.Number = sealed.Number
			return true
		case live != nil && live.Number != nil:
			out.Number = live.Number
			return true
		}
		return false
	}
	lead := LeadLive
	if sealed != nil && sealed.Number != nil {
		lead = LeadSealed
	}
	switch {
	case prefer != PreferEntered && computed():
		return out, lead
	case entered != nil && entered.Number != nil:
		out.Number = entered.Number
		return out, LeadEntered
	case prefer == PreferEntered && entered != nil && entered.Verdict != NoVerdict:
		return out, LeadEntered
	case computed():
		return out, lead
	}
	if live != nil {
		out.AtLeast = live.AtLeast
	}
	if out.Verdict != NoVerdict {
		return out, LeadEntered
	}
	if out.AtLeast != nil {
		return out, LeadLive
	}
	return out, LeadNone
}

// apart says where what is computed, what was sealed and what was entered do not agree.
func apart(i Indicator, l Line) Text {
	var out Text
	say := func(a, b *float64, zh, en string) {
		if a == nil || b == nil || math.Abs(*a-*b) < 0.005 {
			return
		}
		gap := i.gap(math.Abs(*a - *b))
		out.ZH += fmt.Sprintf(zh, with(*a, i.Unit.ZH), with(*b, i.Unit.ZH), gap.ZH)
		out.EN += fmt.Sprintf(en, with(*a, i.unitEN()), with(*b, i.unitEN()), gap.EN)
	}
	var live, sealed, entered *float64
	if l.Live != nil {
		live = l.Live.Number
	}
	if l.Sealed != nil {
		sealed = l.Sealed.Number
	}
	if l.Entered != nil {
		entered = l.Entered.Number
	}
	say(sealed, live, "封存 %s，现在算得 %s，相差 %s。", "Sealed %s, computed now %s: %s apart. ")
	if sealed == nil {
		sealed = live
	}
	say(entered, sealed, "填报 %s，登记算得 %s，相差 %s。", "Entered %s, computed from the registry %s: %s apart. ")
	return out
}

func yearLine(p Plan, i Indicator, year int, values []Value, l Line, now bool) YearLine {
	y := YearLine{Year: year}
	goal, _ := i.goal(p, year)
	switch {
	case year == p.BaseYear:
		goal = Amount{}
	case year > p.TargetYear:
		goal = i.Target
	}
	if !goal.Blank() {
		y.Target = &goal
	}
	is, from := l.Actual, l.From
	if !now {
		is, from = pick(i.Prefer, nil, find(values, year, Sealed), find(values, year, Entered))
	}
	if is.Number == nil && year == p.BaseYear {
		is.Number = i.Baseline.Number
	}
	y.Number, y.From, y.Status = is.Number, from, Judge(p, i, year, is).Status
	return y
}

// Tally counts the lines of each status, all of them and the binding ones.
func (b Board) Tally() (all, binding map[Status]int) {
	all, binding = map[Status]int{}, map[Status]int{}
	for _, l := range b.Lines {
		all[l.Judgement.Status]++
		if l.Indicator.Kind == Binding {
			binding[l.Judgement.Status]++
		}
	}
	return all, binding
}

// Seal gives the values that keep what is computed now for the board's year, and how many
// indicators have a formula and cannot be computed. on is the day, who does it.
func (b Board) Seal(who string, on record.Day) (values []Value, unknown int) {
	for _, l := range b.Lines {
		if l.Live == nil {
			continue
		}
		if l.Live.Number == nil {
			unknown++
			continue
		}
		values = append(values, Value{
			IndicatorID: l.Indicator.ID, Year: b.Year, Source: Sealed, Number: l.Live.Number, Who: who, On: on,
			Kept: &Kept{Day: b.Day, Formula: l.Indicator.Formula, Result: *l.Live},
		})
	}
	return values, unknown
}

// FactsDay is the day on which a year is computed: its last, or today while it lasts;
// false for a year that has not begun.
func FactsDay(year int, today record.Day) (record.Day, bool) {
	if string(today) < fmt.Sprintf("%04d-01-01", year) {
		return "", false
	}
	return min(today, record.Day(fmt.Sprintf("%04d-12-31", year))), true
}

// ReviewYearOf is the year that a review of a plan is of: the one the plan says, else the
// middle of the plan or its last.
func (p Plan) ReviewYearOf(kind ReviewKind) int {
	if at := slices.IndexFunc(p.Reviews, func(r ReviewYear) bool { return r.Kind == kind }); at >= 0 {
		return p.Reviews[at].Year
	}
	if kind == Final {
		return p.TargetYear
	}
	return p.BaseYear + (p.TargetYear-p.BaseYear+1)/2
}
