package placenames

import (
	"fmt"
	"slices"

	"yike/internal/record"
)

// State is how far a record is in its life.
type State string

// The states. The zero value is none of them: a record that has none is refused.
const (
	Draft     State = "draft"     // 草拟: somebody prepares a proposal
	Reserved  State = "reserved"  // 预留: a name of the plan that nothing has yet
	Lapsed    State = "lapsed"    // 预留失效
	Proposed  State = "proposed"  // 申报中
	Withdrawn State = "withdrawn" // 已撤回
	Rejected  State = "rejected"  // 不予批准
	Approved  State = "approved"  // 标准地名
	Contested State = "contested" // 复议或诉讼中; the name holds until it is decided
	Customary State = "customary" // 习惯使用，未经审定: in use, and never decided on
	Retired   State = "retired"   // 已注销
	Annulled  State = "annulled"  // 已撤销: given against the law
	Merged    State = "merged"    // 并入: two records were found to be of one place
)

// States lists the states with their words, in the order of a life.
func States() []Code {
	return []Code{
		{string(Draft), "草拟", "draft"},
		{string(Reserved), "预留", "reserved"},
		{string(Lapsed), "预留失效", "reservation lapsed"},
		{string(Proposed), "申报中", "proposed"},
		{string(Withdrawn), "已撤回", "withdrawn"},
		{string(Rejected), "不予批准", "rejected"},
		{string(Approved), "标准地名", "standard name"},
		{string(Contested), "复议或诉讼中", "contested"},
		{string(Customary), "习惯使用，未审定", "in use, not decided on"},
		{string(Retired), "已注销", "retired"},
		{string(Annulled), "已撤销", "annulled"},
		{string(Merged), "已并入", "merged"},
	}
}

// InUse reports whether the name is one that people and papers use now.
func (s State) InUse() bool { return s == Approved || s == Contested || s == Customary }

// Ended reports whether the record is at its end: no transition leads out of it.
func (s State) Ended() bool {
	switch s {
	case Lapsed, Withdrawn, Rejected, Retired, Annulled, Merged:
		return true
	}
	return false
}

// Taken reports whether the name must not be given again without thought: it is used,
// reserved or asked for.
func (s State) Taken() bool { return s.InUse() || s == Reserved || s == Proposed }

// Transition is a step from one state to another and what it needs.
type Transition struct {
	From, To  State
	Decisions []DecisionKind // the document must be of one of these; none where no document is needed
	Successor bool           // the record that has its place must be named
}

// Transitions lists all transitions that there are. Out of a retired, annulled, rejected,
// withdrawn, lapsed or merged record there is none: its id stays what it was, and whoever
// wants the name again proposes a new record.
func Transitions() []Transition {
	return []Transition{
		{From: Draft, To: Proposed},
		{From: Draft, To: Withdrawn},
		{From: Reserved, To: Proposed},
		{From: Reserved, To: Lapsed},
		{From: Proposed, To: Approved, Decisions: []DecisionKind{Naming}},
		{From: Proposed, To: Rejected},
		{From: Proposed, To: Withdrawn},
		{From: Customary, To: Proposed},
		{From: Customary, To: Approved, Decisions: []DecisionKind{Naming}},
		{From: Customary, To: Retired, Decisions: []DecisionKind{Retirement}},
		{From: Customary, To: Merged, Successor: true},
		{From: Approved, To: Contested},
		{From: Approved, To: Retired, Decisions: []DecisionKind{Retirement}},
		{From: Approved, To: Annulled, Decisions: []DecisionKind{Annulment, Ruling}},
		{From: Approved, To: Merged, Decisions: []DecisionKind{Retirement, Renaming}, Successor: true},
		{From: Contested, To: Approved, Decisions: []DecisionKind{Ruling}},
		{From: Contested, To: Annulled, Decisions: []DecisionKind{Annulment, Ruling}},
	}
}

// Beginnings are the states in which a record may begin.
func Beginnings() []State {
	return []State{Draft, Reserved, Proposed, Approved, Customary, Retired}
}

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

func transition(from, to State) (Transition, bool) {
	all := Transitions()
	i := slices.IndexFunc(all, func(t Transition) bool { return t.From == from && t.To == to })
	if i < 0 {
		return Transition{}, false
	}
	return all[i], true
}

func wordsOf(s State) (zh, en string) {
	for _, c := range States() {
		if c.Code == string(s) {
			return c.ZH, c.EN
		}
	}
	return string(s), string(s)
}

// Move is what a person says of a change of state.
type Move struct {
	To          State
	Decision    Decision
	SuccessorID string
	Reason      string
}

// After gives the record after a move, one version further, or the faults that forbid it.
// The name, its id and everything else stay; only the state, the decision, the successor
// and the first day of the version change.
func (n Name) After(m Move, today record.Day) (Name, []record.Fault) {
	var f faults
	t, ok := transition(n.State, m.To)
	if !ok {
		zh, en := wordsOf(n.State)
		toZH, toEN := wordsOf(m.To)
		f.add("state", string(m.To), fmt.Sprintf("“%s”的地名不能改为“%s”", zh, toZH), fmt.Sprintf("a name that is %s cannot become %s", en, toEN))
		return n, f
	}
	if len(t.Decisions) > 0 {
		f.decided(m.Decision, t.Decisions, today)
	} else if m.Reason == "" && m.To.Ended() {
		f.add("reason", "", "请写明理由", "say why")
	}
	if t.Successor && (m.SuccessorID == "" || m.SuccessorID == n.ID) {
		f.add("successor_id", m.SuccessorID, "请指明接续的另一条记录", "name the other record that has its place")
	}
	if len(f) > 0 {
		return n, f
	}
	n.State = m.To
	n.Version++
	if m.Decision.Known() {
		n.Decision = m.Decision
	}
	if m.SuccessorID != "" {
		n.SuccessorID = m.SuccessorID
	}
	n.ValidFrom = today
	if m.Decision.Day != "" {
		n.ValidFrom = m.Decision.Day
	}
	return n, nil
}

// Rename gives the record under a new name, one version further, with the one before among
// its former names; the place and its id stay. Faults say why it may not be: only a name in
// use is renamed, by a document, and a protected one only with measures (article 25).
func (n Name) Rename(text, roman string, parts Parts, d Decision, today record.Day) (Name, []record.Fault) {
	var f faults
	zh, en := wordsOf(n.State)
	if !n.State.InUse() {
		f.add("state", string(n.State), fmt.Sprintf("“%s”的地名不能更名", zh), fmt.Sprintf("a name that is %s cannot be renamed", en))
	}
	if text == n.Text || text == "" {
		f.add("text", text, "新名称应与现名不同", "the new name must differ from the present one")
	}
	if n.Heritage != nil && n.Heritage.Measures == "" {
		f.add("heritage/measures", "", "列入保护名录的地名更名前，应制定保护措施（条例第二十五条）", "a protected name needs protective measures before it is renamed (article 25)")
	}
	f.decided(d, []DecisionKind{Renaming}, today)
	if len(f) > 0 {
		return n, f
	}
	n.Former = append(slices.Clone(n.Former), Former{Text: n.Text, Roman: n.Roman, From: n.ValidFrom, Until: d.Day, Decision: d})
	n.Text, n.Roman, n.Parts, n.Readings, n.Decision, n.ValidFrom = text, roman, parts, nil, d, d.Day
	n.State = Approved
	n.Version++
	return n, nil
}

// decided holds a document against what it must be.
func (f *faults) decided(d Decision, kinds []DecisionKind, today record.Day) {
	if !slices.Contains(kinds, d.Kind) {
		f.add("decision/kind", string(d.Kind), "决定文件的种类不符", "the document is not of the kind that is needed")
	}
	f.document("decision", d, today)
}

// document holds a document to its fields.
func (f *faults) document(field string, d Decision, today record.Day) {
	if d.Kind == Observed {
		if d.Title == "" {
			f.add(field+"/title", "", "没有决定文件的，请写明依据（普查、旧图、志书等）", "where there is no decision, say where the name was found: a survey, an old map, a chronicle")
		}
	} else {
		for _, t := range []struct{ field, value, zh, en string }{
			{"number", d.Number, "请填写文号", "give the number of the document"},
			{"body", d.Body, "请填写决定机关", "give the authority"},
			{"day", string(d.Day), "请填写决定日期", "give the day of the decision"},
		} {
			if t.value == "" {
				f.add(field+"/"+t.field, "", t.zh, t.en)
			}
		}
	}
	f.day(field+"/day", d.Day, today)
}
