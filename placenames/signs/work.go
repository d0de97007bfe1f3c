package signs

import (
	"cmp"
	"slices"
	"time"

	"yike/internal/record"
	"yike/placenames"
)

// Task is what is to be done about a sign or the lack of one.
type Task string

// The tasks, the most pressing kind first.
const (
	Replace Task = "replace" // 换牌: it says another name than the place has
	TakeOff Task = "remove"  // 拆除: the name has ended
	Repair  Task = "repair"  // 修复: it is damaged or missing
	PutUp   Task = "put_up"  // 设置: it is needed, ordered or made, and does not stand
	Add     Task = "add"     // 补设: the name is in use and has no sign at all
	Look    Task = "look"    // 巡查: nobody looked at it for long
)

// Tasks lists the tasks with their words, in their order.
func Tasks() []placenames.Code {
	return []placenames.Code{
		{Code: string(Replace), ZH: "换牌", EN: "replace"},
		{Code: string(TakeOff), ZH: "拆除", EN: "take down"},
		{Code: string(Repair), ZH: "修复", EN: "repair"},
		{Code: string(PutUp), ZH: "设置", EN: "put up"},
		{Code: string(Add), ZH: "补设", EN: "add"},
		{Code: string(Look), ZH: "巡查", EN: "look at"},
	}
}

// Named is what work asks of a name.
type Named struct {
	ID       string
	Text     string
	Roman    string
	Kind     string // of the catalogue
	Class    string
	State    placenames.State
	Since    record.Day // of the present version
	Division string
}

// Work is one thing to do.
type Work struct {
	Task  Task
	Name  Named
	Sign  *Sign      // nil for a name that has none
	Since record.Day // since when it is to be done; "" unknown
	DueBy record.Day // "" for none
	Late  int        // days of the calendar after DueBy; 0 where it is not late
}

// Setting is how much work asks for.
type Setting struct {
	LookAfter int      // days after which a standing sign is to be looked at; 0 for never
	Without   []string // classes whose names need no sign
}

// Usual is the setting that nobody changed: a look each year, proposed by the makers of the
// program, and no sign asked of divisions, natural features, parks, other facilities and the
// rest, since no text that was read says that each must have one.
func Usual() Setting {
	return Setting{LookAfter: 365, Without: []string{"division", "natural", "park", "facility", "other"}}
}

// List gives the work that follows from the register of names and the inventory of signs on a
// day: the late first, then by task, then what has waited longest. Each sign that is there is
// in it at most once. O((names + signs) log).
func List(names []Named, signs []Sign, s Setting, today record.Day) []Work {
	byName := make(map[string][]*Sign, len(names))
	for i := range signs {
		if signs[i].State != Removed {
			byName[signs[i].NameID] = append(byName[signs[i].NameID], &signs[i])
		}
	}
	var out []Work
	for _, n := range names {
		all := byName[n.ID]
		for _, sign := range all {
			if w, ok := about(n, sign, s, today); ok {
				out = append(out, w)
			}
		}
		if len(all) == 0 && n.State.InUse() && !slices.Contains(s.Without, n.Class) {
			out = append(out, Work{Task: Add, Name: n, Since: n.Since})
		}
	}
	order := map[Task]int{}
	for i, t := range Tasks() {
		order[Task(t.Code)] = i
	}
	slices.SortStableFunc(out, func(a, b Work) int {
		return cmp.Or(-cmp.Compare(a.Late, b.Late), cmp.Compare(order[a.Task], order[b.Task]), cmp.Compare(a.Since, b.Since), cmp.Compare(a.Name.Text, b.Name.Text), cmp.Compare(a.Name.ID, b.Name.ID))
	})
	return out
}

// about gives what is to be done about one sign; false for nothing.
func about(n Named, sign *Sign, s Setting, today record.Day) (Work, bool) {
	w := Work{Name: n, Sign: sign, DueBy: sign.DueBy}
	ended := n.State.Ended()
	stale := sign.Text != n.Text || n.Roman != "" && sign.Roman != "" && sign.Roman != n.Roman
	switch {
	case ended && sign.State.There():
		w.Task, w.Since = TakeOff, n.Since
	case ended:
		return w, false // what does not stand is not put up any more
	case stale && sign.State.There():
		w.Task, w.Since = Replace, n.Since
	case sign.State == Damaged || sign.State == Missing:
		w.Task, w.Since = Repair, sign.BadSince
	case sign.State != Standing:
		w.Task, w.Since = PutUp, sign.NeededOn
	case s.LookAfter > 0 && between(max(sign.SeenOn, sign.StoodOn), today) > s.LookAfter:
		w.Task, w.Since, w.DueBy = Look, max(sign.SeenOn, sign.StoodOn), ""
	default:
		return w, false
	}
	if w.DueBy != "" && w.DueBy < today {
		w.Late = between(w.DueBy, today)
	}
	return w, true
}

// between counts the days from one day to another; 0 where one of them is none.
func between(from, to record.Day) int {
	a, errA := time.Parse(time.DateOnly, string(from))
	b, errB := time.Parse(time.DateOnly, string(to))
	if errA != nil || errB != nil {
		return 0
	}
	return int(b.Sub(a).Hours() / 24)
}

// Tally counts work by task.
func Tally(all []Work) map[Task]int {
	out := map[Task]int{}
	for _, w := range all {
		out[w.Task]++
	}
	return out
}
