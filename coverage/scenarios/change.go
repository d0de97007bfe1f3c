package scenarios

import (
	"errors"
	"maps"
	"reflect"
	"slices"
	"time"

	"yike/internal/record"
)

// What may stand in the way of a change.
var (
	ErrNotFound  = errors.New("没有这个方案 / no such scenario")
	ErrNotOwner  = errors.New("只有所有者可以修改方案 / only its owner changes a scenario")
	ErrDecided   = errors.New("方案已有决定 / the scenario was decided about")
	ErrNotShared = errors.New("方案尚未共享 / the scenario is not shared")
)

// Item is a scenario as one reader may see it.
type Item struct {
	Scenario
	Mine      bool // the reader owns it
	MayDecide bool // the reader may decide about it once it is shared
}

// MayChange says whether the reader may change what the scenario is. What was decided
// about stays as it was decided.
func (i Item) MayChange() bool { return i.Mine && i.Decision.Verdict == Undecided }

// Filter says which scenarios are asked for, of those that the reader may see.
type Filter struct {
	State State  // "" for those that are not archived
	Mine  bool   // only the reader's own
	Text  string // in the name, the note, the owner or the names of places
	Type  string // of the question; "" for any
}

// After is the last scenario of a page: the next begins behind it.
type After struct {
	ChangedAt time.Time
	ID        string
}

// Patch is what a person wants otherwise of a scenario; nil leaves a field as it is.
type Patch struct {
	Name, Note, DivisionCode *string
	Question                 *Question
	Steps                    *[]Step
	Costs                    *[]CostLine
	State                    *State
}

// Apply gives s with what the patch says, tidied as Clean does. Sharing is from today on;
// what goes back to a draft is its owner's alone again, and what is archived stays as
// visible as it was.
func (p Patch) Apply(s Scenario, today record.Day) Scenario {
	set(&s.Name, p.Name)
	set(&s.Note, p.Note)
	set(&s.DivisionCode, p.DivisionCode)
	set(&s.Question, p.Question)
	set(&s.Steps, p.Steps)
	set(&s.Costs, p.Costs)
	set(&s.State, p.State)
	switch {
	case s.State == Draft:
		s.SharedOn = ""
	case s.State == Shared && s.SharedOn == "":
		s.SharedOn = today
	}
	return Clean(s)
}

func set[T any](field, to *T) {
	if to != nil {
		*field = *to
	}
}

// Asks says whether b is another plan or another question than a, so that its figures are
// others.
func Asks(a, b Scenario) bool {
	return !a.Question.Same(b.Question) || !slices.EqualFunc(a.Steps, b.Steps, func(x, y Step) bool {
		x.Name, y.Name = "", "" // what a place is called changes nothing
		return reflect.DeepEqual(x, y)
	})
}

// ValidateState gives the fault of a state that there is not.
func ValidateState(s State) []record.Fault {
	if slices.Contains(States(), s) {
		return nil
	}
	return []record.Fault{{Field: "state", Value: string(s), ZH: "应为 draft、shared 或 archived", EN: "must be draft, shared or archived"}}
}

// ValidateDecision gives the faults of a decision. Taking one back has a reason, too.
func ValidateDecision(d Decision) []record.Fault {
	var f faults
	if d.Verdict != Undecided && d.Verdict != Adopted && d.Verdict != Declined {
		f.add("verdict", string(d.Verdict), "应为 adopted、declined 或空", "must be adopted, declined or empty")
	}
	f.words("reason", d.Reason, record.LongestReason, true)
	return f
}

// Decide gives s with a decision on a day; ErrNotShared while nobody else may see it.
func Decide(s Scenario, d Decision) (Scenario, error) {
	if s.Private() {
		return s, ErrNotShared
	}
	if d.Verdict == Undecided {
		d = Decision{}
	}
	s.Decision = d
	return s, nil
}

// Differences gives the fields in which after is not before, in the order in which people
// are shown them. Ids and versions are no content.
func Differences(before, after Scenario) []record.Difference {
	return record.Differing(content(before), content(after))
}

// content lists what a scenario is, as Before.
func content(s Scenario) []record.Difference {
	return []record.Difference{
		{Field: "name", Before: s.Name},
		{Field: "note", Before: s.Note},
		{Field: "division_code", Before: s.DivisionCode},
		{Field: "question", Before: maps.Clone(s.Question)},
		{Field: "steps", Before: append([]Step{}, s.Steps...)},
		{Field: "costs", Before: append([]CostLine{}, s.Costs...)},
		{Field: "state", Before: s.State},
		{Field: "shared_on", Before: s.SharedOn},
		{Field: "verdict", Before: s.Decision.Verdict},
		{Field: "verdict_reason", Before: s.Decision.Reason},
		{Field: "saved", Before: append([]Figure{}, s.Saved...)},
		{Field: "data_version", Before: s.DataVersion},
	}
}
