package consequences

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"yike/internal/record"
)

// State is how far something is that has to follow a decision.
type State string

// The states.
const (
	Open     State = "open"      // the record still says the former name
	Done     State = "done"      // it did, and does no more; or somebody says so of what the register cannot tell
	SetAside State = "set_aside" // 不需要: somebody said why it stays as it is
)

// Task is one thing that has to follow another name, or the end of one.
type Task struct {
	Carrier
	State  State
	By     string    // who did it, or said that it is done; "" while it is open, and where nobody may know
	At     time.Time // when; zero while it is open
	Reason string    // of a mark
}

// Past is a record that said the former name, and when that ended.
type Past struct {
	Carrier
	By string
	At time.Time
}

// Mark is what somebody said of one thing to follow.
type Mark struct {
	Kind   Kind
	ItemID string
	State  State // Done or SetAside
	Reason string
	By     string
	At     time.Time
}

// Validate gives what is wrong with a mark.
func (m Mark) Validate() []record.Fault {
	var out []record.Fault
	if _, ok := order()[m.Kind]; !ok {
		out = append(out, record.Fault{Field: "kind", Value: string(m.Kind), ZH: "没有这一类", EN: "is no kind"})
	}
	if m.State != Open && m.State != Done && m.State != SetAside {
		out = append(out, record.Fault{Field: "state", Value: string(m.State), ZH: "应为待办、已办或不需要", EN: "must be open, done or set aside"})
	}
	if strings.TrimSpace(m.Reason) == "" {
		out = append(out, record.Fault{Field: "reason", ZH: "请写明理由或依据", EN: "say why, or by what"})
	}
	return out
}

// Follow gives what has to follow a decision, from the records that still say the former name,
// those that did, and what people said of single ones: the open first, then by kind and name. A
// record that still says it is open whatever it did before. O(n log n).
func Follow(open []Carrier, past []Past, marks []Mark) []Task {
	type key struct {
		kind Kind
		id   string
	}
	said := map[key]Mark{}
	for _, m := range marks {
		said[key{m.Kind, m.ItemID}] = m
	}
	seen := map[key]bool{}
	var out []Task
	for _, c := range open {
		k := key{c.Kind, c.ID}
		if seen[k] {
			continue
		}
		seen[k] = true
		t := Task{Carrier: c, State: Open}
		if m, ok := said[k]; ok && m.State != Open {
			t.State, t.By, t.At, t.Reason = m.State, m.By, m.At, m.Reason
		}
		out = append(out, t)
	}
	for _, p := range past {
		k := key{p.Kind, p.ID}
		if seen[k] {
			continue
		}
		seen[k] = true
		out = append(out, Task{Carrier: p.Carrier, State: Done, By: p.By, At: p.At})
	}
	rank, states := order(), map[State]int{Open: 0, SetAside: 1, Done: 2}
	slices.SortStableFunc(out, func(a, b Task) int {
		return cmp.Or(cmp.Compare(states[a.State], states[b.State]), cmp.Compare(rank[a.Kind], rank[b.Kind]), cmp.Compare(a.Text, b.Text), cmp.Compare(a.ID, b.ID))
	})
	return out
}

// Tally counts tasks by kind and state.
func Tally(tasks []Task) map[Kind]map[State]int {
	out := map[Kind]map[State]int{}
	for _, t := range tasks {
		if out[t.Kind] == nil {
			out[t.Kind] = map[State]int{}
		}
		out[t.Kind][t.State]++
	}
	return out
}
