package addresses

import (
	"fmt"
	"slices"

	"yike/internal/record"
	"yike/placenames"
)

// State is how far an address is in its life.
type State string

// The states. The zero value is none of them: an address that has none is refused.
const (
	Reserved    State = "reserved"    // 预留: kept for what is not built yet; nobody outside is told
	Provisional State = "provisional" // 临时: of a building without its papers; no proof of title
	Approved    State = "approved"    // 标准地址
	Historical  State = "historical"  // 已停用: renumbered or gone; its id never comes back
)

// States lists the states with their words, in the order of a life.
func States() []placenames.Code {
	return []placenames.Code{
		{Code: string(Reserved), ZH: "预留", EN: "reserved"},
		{Code: string(Provisional), ZH: "临时", EN: "provisional"},
		{Code: string(Approved), ZH: "标准地址", EN: "standard"},
		{Code: string(Historical), ZH: "历史地址", EN: "historical"},
	}
}

// Words says a state in both languages; one that is none as it is.
func (s State) Words() (zh, en string) { return wordsOf(States(), string(s)) }

func wordsOf(all []placenames.Code, code string) (zh, en string) {
	if i := indexOf(all, code); i < len(all) {
		return all[i].ZH, all[i].EN
	}
	return code, code
}

// Live reports whether the address takes up its number: no other may have it.
func (s State) Live() bool { return s == Reserved || s == Provisional || s == Approved }

// Public reports whether people outside of the office may be told of the address.
func (s State) Public() bool { return s == Provisional || s == Approved || s == Historical }

// Transition is a step from one state to another and what it needs.
type Transition struct {
	From, To  State
	Decisions []DecisionKind // the document must be of one of these; none where a reason is enough
}

// Transitions lists all steps that there are. Out of historical there is none: an id never
// revives, and a reserved number that is given up ends as historical without ever having been
// told to anybody.
func Transitions() []Transition {
	given := []DecisionKind{Numbering, Renumbering, Observed}
	return []Transition{
		{From: Reserved, To: Provisional},
		{From: Reserved, To: Approved, Decisions: given},
		{From: Reserved, To: Historical},
		{From: Provisional, To: Approved, Decisions: given},
		{From: Provisional, To: Historical, Decisions: []DecisionKind{Renumbering, Renaming, Retirement, Observed}},
		{From: Approved, To: Historical, Decisions: []DecisionKind{Renumbering, Renaming, Retirement, Observed}},
	}
}

// Beginnings are the states in which a record may begin; an older register brings addresses
// that ended long ago.
func Beginnings() []State { return []State{Reserved, Provisional, Approved, Historical} }

// Next are the states that a state leads to.
func (s State) Next() []State {
	var out []State
	for _, t := range Transitions() {
		if t.From == s {
			out = append(out, t.To)
		}
	}
	return out
}

// Move is what a person says of a change of state.
type Move struct {
	To         State
	Decision   Decision
	Successors []string // of one that ends: the addresses that have its place now; none where it is gone
	Gone       bool     // of one that ends: nothing has its place
	Day        record.Day
	Reason     string
}

// After gives the address after a move, or the faults that forbid it. Id, number and tree
// stay; the state, the document, the successors and, of one that ends, its last day change. An
// address that people know and that ends names its successors or says that there are none, since the
// old–new table is made of that. O(successors).
func (a Address) After(m Move, today record.Day) (Address, []record.Fault) {
	var f faults
	i := slices.IndexFunc(Transitions(), func(t Transition) bool { return t.From == a.State && t.To == m.To })
	if i < 0 {
		zh, en := a.State.Words()
		toZH, toEN := m.To.Words()
		f.add("to", string(m.To), fmt.Sprintf("“%s”的地址不能改为“%s”", zh, toZH), fmt.Sprintf("an address that is %s cannot become %s", en, toEN))
		return a, f
	}
	if kinds := Transitions()[i].Decisions; len(kinds) > 0 {
		f.decided("decision", m.Decision, kinds, today)
	} else if m.Reason == "" && !m.Decision.Known() {
		f.add("reason", "", "请写明理由", "say why")
	}
	if m.Day > today {
		f.add("day", string(m.Day), fmt.Sprintf("不应晚于今天（%s）", today), fmt.Sprintf("must not be after today, %s", today))
	} else if m.Day != "" && m.Day < a.ValidFrom {
		f.add("day", string(m.Day), fmt.Sprintf("不应早于现行版本的生效日期 %s", a.ValidFrom), fmt.Sprintf("must not be before %s, from which the address is as it is", a.ValidFrom))
	}
	f.ending(a, m)
	if len(f) > 0 {
		return a, f
	}
	a.State = m.To
	switch {
	case m.Decision.Known():
		a.Decision = m.Decision
	case m.To == Historical:
		a.Decision = Decision{}
	}
	if m.To == Historical {
		a.Successors, a.ValidUntil = slices.Clone(m.Successors), today
		if m.Day != "" {
			a.ValidUntil = m.Day
		}
	}
	return a, nil
}

// ending holds what is said of successors.
func (f *faults) ending(a Address, m Move) {
	for i, id := range m.Successors {
		if id == a.ID || slices.Contains(m.Successors[:i], id) {
			f.add(fmt.Sprintf("successor_ids/%d", i), id, "新地址应是另外的地址，且不重复", "a successor is another address, named once")
		}
	}
	switch {
	case m.To != Historical && (len(m.Successors) > 0 || m.Gone):
		f.add("successor_ids", "", "只有停用的地址才有新地址", "only an address that ends has successors")
	case m.Gone && len(m.Successors) > 0:
		f.add("gone", "true", "已填写新地址，就不是灭失", "it has successors, so it is not gone")
	case a.State == Reserved && m.To == Historical && len(m.Successors) > 0:
		f.add("successor_ids", "", "预留号从未使用，没有新地址", "a reserved number was never given, so nothing succeeds it")
	case m.To == Historical && a.State != Reserved && !m.Gone && len(m.Successors) == 0:
		f.add("successor_ids", "", "请指明新地址，或说明该处已灭失（新旧对照表需要）", "name the new address, or say that nothing has its place; the old–new table needs it")
	}
}

// decided holds a document to the kinds that a step takes.
func (f *faults) decided(field string, d Decision, kinds []DecisionKind, today record.Day) {
	if !slices.Contains(kinds, d.Kind) {
		f.add(field+"/kind", string(d.Kind), "这一步需要另一类决定", "this step needs a decision of another kind")
		return
	}
	f.document(field, d, today)
}

// document holds a document that there is to what it needs.
func (f *faults) document(field string, d Decision, today record.Day) {
	if indexOf(DecisionKinds(), string(d.Kind)) == len(DecisionKinds()) {
		f.add(field+"/kind", string(d.Kind), "没有这类决定", "there is no such kind of decision")
		return
	}
	if d.Body == "" {
		f.add(field+"/body", "", "请填写决定机关；现状登记的请写明依据", "name the authority, or where it was found")
	}
	if d.Kind != Observed {
		if d.Number == "" {
			f.add(field+"/number", "", "请填写文号", "give the number of the document")
		}
		if d.Day == "" {
			f.add(field+"/day", "", "请填写日期", "give its day")
		}
	}
	if _, ok := record.ParseDay(string(d.Day)); d.Day != "" && !ok {
		f.add(field+"/day", string(d.Day), "应为日期，如 2026-11-27", "must be a day such as 2026-11-27")
	} else if d.Day > today {
		f.add(field+"/day", string(d.Day), fmt.Sprintf("不应晚于今天（%s）", today), fmt.Sprintf("must not be after today, %s", today))
	}
}
