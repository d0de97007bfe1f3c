package process

import (
	"cmp"
	"slices"

	"yike/internal/record"
)

// Due is a clock of a case as it stands on a day.
type Due struct {
	Clock       Clock
	Since       record.Day // it counts from the day after
	By          record.Day // the last day in time; "" while it stands still
	DoneOn      record.Day // "" until the step is taken
	Late        int        // days of the calendar after By, until it was done or today
	Paused      bool       // corrections are outstanding
	Provisional bool       // working days beyond the notices of holidays were counted
	Tell        []string   // offices that are to be told by today
}

// span is a time in which a clock stands still: after one day, until another with it or,
// where open, for ever.
type span struct {
	from, until int
	open        bool
}

// pauses are the spans in which corrections were outstanding.
func pauses(events []Event) []span {
	var out []span
	for _, e := range events {
		n, _ := dayNumber(e.Day)
		switch last := len(out) - 1; {
		case e.Kind == Returned:
			out = append(out, span{from: n - 1, open: true})
		case last >= 0 && out[last].open && (e.Kind == Corrected || e.Kind == Refused || e.Kind == Withdrawn):
			out[last].until, out[last].open = n, false
		}
	}
	return out
}

// Dues gives the clocks of a case that have begun, the earliest last day first. The day on
// which a clock begins is not counted; neither are the days from a return to the correction
// with both, where the clock stands still for that. A last day that is a holiday
// is not moved, which is never later than what the law may mean. A step that was set aside
// ends its clock as it would be done. A case that was refused or withdrawn has no clock left
// that is not done. O(clocks × events).
func (r Rules) Dues(c Case, cal *Calendar, today record.Day) []Due {
	var out []Due
	now, ok := dayNumber(today)
	if !ok || cal == nil {
		return nil
	}
	for _, k := range r.Clocks {
		from, begun := c.Taken[k.From]
		at, done := c.first(k)
		if !begun || from.Kind == Waived || !done && c.Ending != Open {
			continue
		}
		d := Due{Clock: k, Since: from.Day}
		end, events := now, c.Events
		if done {
			d.DoneOn, events = events[at].Day, events[:at] // what came after it stops nothing
			end, _ = dayNumber(d.DoneOn)
		}
		start, _ := dayNumber(from.Day)
		by, stands := k.last(cal, start, pauses(events))
		d.Paused = stands
		if !stands {
			d.By = dayOf(by)
			d.Late = max(0, end-by)
			d.Provisional = k.Unit == WorkingDays && !cal.Covers(d.Since, d.By)
			if !done {
				d.Tell = k.tell(now - by)
			}
		}
		out = append(out, d)
	}
	slices.SortStableFunc(out, func(a, b Due) int { return cmp.Compare(cmp.Or(a.By, "9999-12-31"), cmp.Or(b.By, "9999-12-31")) })
	return out
}

// first is the number of the event that ended a clock: the first of its step after the clock
// last began, even if the step is taken again later, since the case was sent back.
func (c Case) first(k Clock) (int, bool) {
	found := -1
	for i, e := range c.Events {
		if e.Kind != Done && e.Kind != Waived {
			continue
		}
		switch {
		case e.Step == k.From:
			found = -1
		case e.Step == k.To && found < 0:
			found = i
		}
	}
	return found, found >= 0
}

// tell are the offices whose alarm has come, so many days after the last day.
func (k Clock) tell(after int) []string {
	var out []string
	for _, a := range k.Alarms {
		if after >= a.Days && !slices.Contains(out, a.To) {
			out = append(out, a.To)
		}
	}
	return out
}

// last is the last day in time; true where the clock stands still before it, so that there
// is none yet.
func (k Clock) last(cal *Calendar, start int, still []span) (by int, stands bool) {
	by = k.add(cal, start, k.Days)
	if !k.Pauses {
		return by, false
	}
	counted := start // up to here days were counted or left out already
	for _, s := range still {
		from := max(s.from, counted)
		if !s.open && s.until <= from || from >= by {
			continue // before the clock began, or after its last day
		}
		if s.open {
			return 0, true
		}
		// What was to be counted within the span is counted behind it.
		counted = s.until
		lost := k.between(cal, from, min(s.until, by))
		if s.until >= by {
			by = k.add(cal, s.until, lost)
			continue
		}
		by = k.add(cal, by, lost)
	}
	return by, false
}

// add is the day that is so many days of the clock's unit after another.
func (k Clock) add(cal *Calendar, n, days int) int {
	if days == 0 {
		return n
	}
	if k.Unit == WorkingDays {
		return cal.workingAfter(n, days)
	}
	return n + days
}

// between counts the days of the unit after one day, up to another.
func (k Clock) between(cal *Calendar, a, b int) int {
	if k.Unit == WorkingDays {
		return cal.upTo(b+1) - cal.upTo(a+1)
	}
	return b - a
}

// Missed are the clocks that were or are late.
func Missed(dues []Due) []Due {
	return slices.DeleteFunc(slices.Clone(dues), func(d Due) bool { return d.Late == 0 })
}

// Act is who did what, for the record of a case.
type Act struct {
	Day                  record.Day
	Step, Office, Person string
	Kind                 Kind
	Reason, Document     string
	Verdict              Verdict
}

// Record lists who decided what, in the order of the events.
func (c Case) Record() []Act {
	out := make([]Act, 0, len(c.Events))
	for _, e := range c.Events {
		out = append(out, Act{e.Day, e.Step, e.Office, e.Person, e.Kind, e.Reason, e.Document, e.Verdict})
	}
	return out
}
