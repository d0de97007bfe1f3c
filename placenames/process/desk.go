package process

import (
	"cmp"
	"slices"

	"yike/internal/record"
)

// Group is where a case lies on somebody's desk.
type Group string

// The groups, in the order of a desk.
const (
	LateGroup    Group = "late"    // a clock has run out
	TodayGroup   Group = "today"   // its last day is today
	SoonGroup    Group = "soon"    // its last day is within SoonDays
	MineGroup    Group = "mine"    // the next step is the reader's, and no clock is near
	WaitingGroup Group = "waiting" // for somebody else
)

// SoonDays is how many days of the calendar before its last day a clock is near.
const SoonDays = 3

// OnDesk is a case as it lies on somebody's desk.
type OnDesk struct {
	View
	Dues  []Due
	Next  *Acting // the first thing that the reader may do to go on; nil for none
	Due   *Due    // the running clock that ends first; nil for none
	Group Group
	Told  bool // an alarm has come for an office of the reader
}

// Told are the offices that the clocks of a case tell by today, each once.
func Told(dues []Due) []string {
	var out []string
	for _, d := range dues {
		for _, o := range d.Tell {
			if !slices.Contains(out, o) {
				out = append(out, o)
			}
		}
	}
	return out
}

// Desk lays cases on a desk: what is latest first, then what is due next, then what waits for
// the reader, then what waits for others; by number within. O(cases × events).
func Desk(views []View, cal *Calendar, today record.Day) []OnDesk {
	out := make([]OnDesk, len(views))
	for i, v := range views {
		out[i] = lay(v, cal, today)
	}
	order := map[Group]int{LateGroup: 0, TodayGroup: 1, SoonGroup: 2, MineGroup: 3, WaitingGroup: 4}
	slices.SortStableFunc(out, func(a, b OnDesk) int {
		return cmp.Or(cmp.Compare(order[a.Group], order[b.Group]), cmp.Compare(by(a), by(b)), cmp.Compare(a.Number, b.Number))
	})
	return out
}

func by(o OnDesk) record.Day {
	if o.Due == nil {
		return "9999-12-31"
	}
	return o.Due.By
}

func lay(v View, cal *Calendar, today record.Day) OnDesk {
	out := OnDesk{View: v, Dues: v.Frozen.Rules.Dues(v.Standing, cal, today), Group: WaitingGroup}
	for i := range v.Acting {
		a := &v.Acting[i]
		switch {
		case a.Step == "":
			out.Told = out.Told || a.Kind == Done
		case out.Next == nil && (a.Kind == Done || a.Kind == Corrected || a.Kind == Refused):
			out.Next = a
		}
	}
	for i := range out.Dues {
		if d := &out.Dues[i]; d.DoneOn == "" && d.By != "" {
			out.Due = d
			break
		}
	}
	if out.Next != nil {
		out.Group = MineGroup
	}
	if out.Due == nil {
		return out
	}
	last, _ := dayNumber(out.Due.By)
	now, _ := dayNumber(today)
	switch {
	case last < now:
		out.Group = LateGroup
	case last == now:
		out.Group = TodayGroup
	case last <= now+SoonDays:
		out.Group = SoonGroup
	}
	return out
}
