package estates

import (
	"cmp"
	"math"
	"slices"
	"time"

	"yike/facilities/premises"
	"yike/internal/record"
	"yike/internal/rules"
)

// DueKind is what somebody has to do by a day.
type DueKind string

// The kinds.
const (
	OpinionDue   DueKind = "opinion"       // an office has to answer
	RectifyDue   DueKind = "rectification" // what was refused has to be put right and asked again
	ConditionDue DueKind = "condition"     // what an opinion makes a condition has to be met
	HandoverDue  DueKind = "handover"      // accepted rooms have to be handed over
)

// Due is something that is to be done by a day.
type Due struct {
	Kind      DueKind
	Milestone Milestone
	Norm      premises.Norm // "" for a hand-over, which is of all rooms
	Office    string        // that has to answer, refused or set a condition; "" for a hand-over
	Since     record.Day    // when the clock began
	By        record.Day    // the last day in time; "" where there is no clock
	Late      int           // days after By; 0 while it is in time
	Rooms     int           // of a hand-over: how many
}

// HandoverLimit is in how many months of the calendar accepted rooms must be handed over.
type HandoverLimit struct {
	Months int         // 0 for no limit
	Rule   *rules.Rule // that says so; nil where the authority's parameter does
}

// LimitOf is the limit of a place on a day: the strictest rule of its own, where one says
// so as an error, else the authority's parameter.
func LimitOf(set *rules.Set, regions []string, day record.Day, d Duties) HandoverLimit {
	out := HandoverLimit{Months: d.HandoverMonths}
	q := rules.Question{Subject: OfEstate, Only: []string{"RAT-15"}, Regions: regions, Day: day, Inputs: map[string]rules.Input{"kind": {Value: string(New)}}}
	for _, f := range set.Evaluate(q) {
		if f.Rule.Severity != rules.Error || f.Rule.AtMost == nil || f.Outcome == rules.NotApplicable || f.Rule.Unit != "months" {
			continue
		}
		if months := int(math.Floor(f.Rule.AtMost.Value)); out.Rule == nil || months < out.Months {
			out = HandoverLimit{months, f.Rule}
		}
	}
	return out
}

// DaysAfter is the day that lies some days after another; "" where that is none.
func DaysAfter(day record.Day, n int) record.Day {
	t, err := time.Parse(time.DateOnly, string(day))
	if err != nil {
		return ""
	}
	return record.Day(t.AddDate(0, 0, n).Format(time.DateOnly))
}

// MonthsAfter is the last day within some months of the calendar after another: the same
// day of the month, or the last of a month that has no such day.
func MonthsAfter(day record.Day, n int) record.Day {
	t, err := time.Parse(time.DateOnly, string(day))
	if err != nil {
		return ""
	}
	return record.Day(addMonths(t, n).Format(time.DateOnly))
}

// Dues lists what is to be done for an estate, what is latest first. Clocks count days of
// the calendar and begin the day after the request, refusal or acceptance. A round that is
// decided by a refusal waits for nobody any more.
func Dues(e Estate, p Progress, limit HandoverLimit, today record.Day) []Due {
	if e.Kind != New {
		return nil
	}
	var out []Due
	for _, m := range Milestones() {
		last, ok := p.last(m)
		switch {
		case !ok || last.Passed():
		case last.Refused():
			out = append(out, last.toRectify())
		default:
			for _, d := range last.Waiting {
				due := Due{Kind: OpinionDue, Milestone: m, Norm: d.Norm, Office: d.Office, Since: last.Request.Day}
				if d.Days > 0 {
					due.By = DaysAfter(last.Request.Day, d.Days)
				}
				out = append(out, due)
			}
		}
	}
	out = append(out, p.toMeet()...)
	if due, ok := e.toHandOver(p, limit); ok {
		out = append(out, due)
	}
	for i := range out {
		if days, ok := daysBetween(out[i].By, today); ok {
			out[i].Late = max(0, days)
		}
	}
	slices.SortStableFunc(out, func(a, b Due) int {
		if late := cmp.Compare(b.Late, a.Late); late != 0 {
			return late
		}
		return cmp.Compare(orLast(a.By), orLast(b.By))
	})
	return out
}

// orLast puts what has no day behind what has one.
func orLast(d record.Day) record.Day { return cmp.Or(d, "9999-12-31") }

// toRectify is the earliest day that a refusal of the round set.
func (r Round) toRectify() Due {
	var out Due
	for _, o := range r.Opinions {
		if o.Verdict == Refused && (out.Office == "" || orLast(o.RectifyBy) < orLast(out.By)) {
			out = Due{Kind: RectifyDue, Milestone: o.Milestone, Norm: o.Norm, Office: o.Office, Since: o.Day, By: o.RectifyBy}
		}
	}
	return out
}

// toHandOver is the hand-over of the rooms that were accepted and are not handed over; the
// clock of a room without a day of its own begins when the milestone was passed.
func (e Estate) toHandOver(p Progress, limit HandoverLimit) (Due, bool) {
	last, ok := p.last(Acceptance)
	if !ok || !last.Passed() {
		return Due{}, false
	}
	out := Due{Kind: HandoverDue, Milestone: HandOver}
	for _, r := range e.Rooms {
		if r.HandedOverOn != "" || r.LedgerID != "" {
			continue
		}
		out.Rooms++
		since := cmp.Or(r.AcceptedOn, last.PassedOn())
		if out.Since == "" || since < out.Since {
			out.Since = since
		}
	}
	if limit.Months > 0 {
		out.By = MonthsAfter(out.Since, limit.Months)
	}
	return out, out.Rooms > 0
}

// Overdue are the dues that are late.
func Overdue(dues []Due) []Due {
	return slices.DeleteFunc(slices.Clone(dues), func(d Due) bool { return d.Late == 0 })
}
