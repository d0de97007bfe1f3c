package process

import (
	"fmt"
	"slices"
	"strings"

	"yike/internal/record"
)

// Kind is what an event is.
type Kind string

// The kinds. The zero value is none of them and is refused.
const (
	Done      Kind = "done"      // a step was taken
	Waived    Kind = "waived"    // 不需要: a step is set aside, with a reason
	Returned  Kind = "returned"  // 补正: corrections are asked for
	Corrected Kind = "corrected" // the corrections are there
	SentBack  Kind = "sent_back" // 退回: to an earlier step, which is taken again with those after it
	Refused   Kind = "refused"   // 不予受理、不予批准: the end
	Withdrawn Kind = "withdrawn" // 撤回: by the applicant, the end
)

// Verdict is what an opinion says.
type Verdict string

// The verdicts.
const (
	Agree     Verdict = "agree"
	Change    Verdict = "change" // agreed, if something is changed
	Disagree  Verdict = "disagree"
	NoVerdict Verdict = ""
)

// Event is something that happened in a case. Events are only ever added.
type Event struct {
	Kind      Kind
	Step      string
	To        string // of SentBack: the earlier step
	Day       record.Day
	Office    string // that acted
	Person    string // who, for the record
	Reason    string
	Document  string // 文号
	Materials []string
	Missing   []string // of Returned: what has to be corrected
	Verdict   Verdict
	Vote      *Vote // of a deliberation, where local rules ask for one
}

// Vote is the count of a vote.
type Vote struct{ For, Against, Abstain int }

// Matter is what a case is about, which its events do not change.
type Matter struct {
	Act   string // naming, renaming, retirement
	Class string // code of the class of the name
}

// The acts.
const (
	Naming     = "naming"
	Renaming   = "renaming"
	Retirement = "retirement"
)

// Ending is how a case ended.
type Ending string

// The endings.
const (
	Open       Ending = ""
	Completed  Ending = "completed"
	Refusal    Ending = "refused"
	Withdrawal Ending = "withdrawn"
)

// Case is where a case stands; it follows from its events alone.
type Case struct {
	Matter  Matter
	Taken   map[string]Event // the last Done or Waived of each step that stands
	Pending *Event           // the Returned whose corrections are outstanding; nil for none
	Ending  Ending
	Last    record.Day // of the last event
	Round   int        // how often it was sent back
	Events  []Event
}

// Start is a case of no events.
func (Rules) Start(m Matter) Case { return Case{Matter: m, Taken: map[string]Event{}} }

// Stands reports whether a step is done or set aside.
func (c Case) Stands(step string) bool { _, ok := c.Taken[step]; return ok }

// OpenSteps are the steps that may be taken now: all before them stand and they do not. While
// corrections are outstanding there is none.
func (r Rules) OpenSteps(c Case) []string {
	if c.Ending != Open || c.Pending != nil {
		return nil
	}
	var out []string
	for _, s := range r.Steps {
		if !c.Stands(s.Code.Code) && !slices.ContainsFunc(s.After, func(b string) bool { return !c.Stands(b) }) {
			out = append(out, s.Code.Code)
		}
	}
	return out
}

// Replay gives where a case stands after its events. The error names the first event that
// cannot have happened so, and what is wrong with it.
func (r Rules) Replay(m Matter, events []Event) (Case, error) {
	c := r.Start(m)
	for i, e := range events {
		after, faults := r.Apply(c, e)
		if len(faults) > 0 {
			return c, fmt.Errorf("event %d of the case: %w", i+1, record.Invalid(faults))
		}
		c = after
	}
	return c, nil
}

type faults []record.Fault

func (f *faults) add(field, value, zh, en string) {
	*f = append(*f, record.Fault{Field: field, Value: value, ZH: zh, EN: en})
}

// Apply gives the case after an event, or the faults that forbid it; the case before it is
// not changed. O(steps).
func (r Rules) Apply(c Case, e Event) (Case, []record.Fault) {
	var f faults
	f.always(c, e)
	i := r.at(e.Step)
	if i < 0 && (e.Kind != Withdrawn || e.Step != "") {
		f.add("step", e.Step, "没有这个环节", "there is no such step")
	}
	if len(f) > 0 {
		return c, f
	}
	switch e.Kind {
	case Done:
		f.done(r, c, e)
	case Waived:
		f.waived(r, c, e)
	case Returned:
		f.returned(r, c, e)
	case Corrected:
		f.corrected(c, e)
	case SentBack:
		f.sentBack(r, c, e)
	case Refused:
		f.refused(r, c, e)
	case Withdrawn:
		f.withdrawn(c, e)
	default:
		f.add("kind", string(e.Kind), "没有这种记录", "there is no such event")
	}
	if len(f) > 0 {
		return c, f
	}
	return r.after(c, e), nil
}

// always holds an event to what all have.
func (f *faults) always(c Case, e Event) {
	if c.Ending != Open {
		f.add("kind", string(e.Kind), "事项已办结", "the case has ended")
	}
	if _, ok := record.ParseDay(string(e.Day)); !ok {
		f.add("day", string(e.Day), "应为日期，如 2026-11-27", "must be a day such as 2026-11-27")
	} else if e.Day < c.Last {
		f.add("day", string(e.Day), fmt.Sprintf("不应早于上一记录的日期 %s", c.Last), fmt.Sprintf("must not be before %s, the day of the event before", c.Last))
	}
	if strings.TrimSpace(e.Person) == "" || e.Office == "" {
		f.add("person", e.Person, "请写明由谁办理", "say who acted, and for which office")
	}
}

func (f *faults) open(r Rules, c Case, e Event) {
	if c.Pending != nil {
		f.add("step", e.Step, "补正尚未完成", "corrections are outstanding")
		return
	}
	if !slices.Contains(r.OpenSteps(c), e.Step) {
		f.add("step", e.Step, "前面的环节尚未完成，或本环节已办", "steps before it do not stand, or it does already")
	}
}

func (f *faults) by(r Rules, c Case, e Event) {
	s := r.Steps[r.at(e.Step)]
	if !slices.Contains(r.Offices(s, c.Matter.Class), e.Office) {
		f.add("office", e.Office, "不是本环节的办理机关", "this office does not take the step")
	}
}

func (f *faults) reason(e Event) {
	if strings.TrimSpace(e.Reason) == "" {
		f.add("reason", "", "请写明理由", "say why")
	}
}

// NeedsOf are the materials of a step for an act.
func (s Step) NeedsOf(act string) []string { return append(slices.Clone(s.Needs), s.NeedsFor[act]...) }

func (f *faults) done(r Rules, c Case, e Event) {
	f.open(r, c, e)
	f.by(r, c, e)
	s := r.Steps[r.at(e.Step)]
	for _, m := range s.NeedsOf(c.Matter.Act) {
		if !slices.Contains(e.Materials, m) {
			f.add("materials", m, "缺少材料", "a paper is missing")
		}
	}
	if s.Document && strings.TrimSpace(e.Document) == "" {
		f.add("document", "", "请填写文号", "give the number of the document")
	}
	switch {
	case s.Verdict && !slices.Contains([]Verdict{Agree, Change, Disagree}, e.Verdict):
		f.add("verdict", string(e.Verdict), "请选择意见", "say whether it agrees")
	case s.Verdict && e.Verdict != Agree:
		f.reason(e)
	}
	if v := e.Vote; v != nil && (v.For < 0 || v.Against < 0 || v.Abstain < 0) {
		f.add("vote", fmt.Sprint(*v), "票数不应小于 0", "votes must not be below 0")
	}
}

func (f *faults) waived(r Rules, c Case, e Event) {
	f.open(r, c, e)
	f.reason(e)
	s := r.Steps[r.at(e.Step)]
	if !s.Waivable {
		f.add("step", e.Step, "本环节不能省略", "this step may not be set aside")
	}
	if e.Office == "applicant" {
		f.add("office", e.Office, "申请人不能决定省略环节", "the applicant does not set steps aside")
	}
}

func (f *faults) returned(r Rules, c Case, e Event) {
	f.open(r, c, e)
	f.by(r, c, e)
	f.reason(e)
	if len(e.Missing) == 0 {
		f.add("missing", "", "请列明需要补正的内容", "list what has to be corrected")
	}
	if r.at(e.Step) == 0 {
		f.add("step", e.Step, "尚未收到申请，无从补正", "nothing was handed in yet")
	}
}

func (f *faults) corrected(c Case, e Event) {
	if c.Pending == nil || c.Pending.Step != e.Step {
		f.add("step", e.Step, "没有待补正的内容", "no corrections are outstanding")
		return
	}
	for _, m := range c.Pending.Missing {
		if !slices.Contains(e.Materials, m) {
			f.add("materials", m, "仍未补正", "is still missing")
		}
	}
}

func (f *faults) sentBack(r Rules, c Case, e Event) {
	f.open(r, c, e)
	f.by(r, c, e)
	f.reason(e)
	if !r.Steps[r.at(e.Step)].MaySendBack {
		f.add("step", e.Step, "本环节不能退回", "this step sends nothing back")
	}
	if to := r.at(e.To); to <= 0 || !slices.Contains(r.before(e.Step), e.To) || !c.Stands(e.To) {
		f.add("to", e.To, "只能退回到本环节之前已办的环节", "only to a step before it that stands")
	}
}

func (f *faults) refused(r Rules, c Case, e Event) {
	f.open(r, c, e)
	if c.Pending != nil && len(*f) > 0 && c.Pending.Step == e.Step {
		*f = (*f)[:len(*f)-1] // what was not corrected may be refused
	}
	f.by(r, c, e)
	f.reason(e)
	if !r.Steps[r.at(e.Step)].MayRefuse {
		f.add("step", e.Step, "本环节不能作出不予决定", "nothing is refused at this step")
	}
}

func (f *faults) withdrawn(c Case, e Event) {
	f.reason(e)
	if e.Office != "applicant" {
		f.add("office", e.Office, "只有申请人可以撤回", "only the applicant withdraws")
	}
	if len(c.Events) == 0 {
		f.add("step", e.Step, "尚未申请", "nothing was handed in yet")
	}
	if c.Stands("approval") {
		f.add("step", e.Step, "已经批准，不能撤回", "it is approved already")
	}
}

// before are all steps that come before a step.
func (r Rules) before(step string) []string {
	var out []string
	queue := []string{step}
	for len(queue) > 0 {
		s := r.Steps[r.at(queue[0])]
		queue = queue[1:]
		for _, b := range s.After {
			if !slices.Contains(out, b) {
				out, queue = append(out, b), append(queue, b)
			}
		}
	}
	return out
}

// after is the case after an event that is in order.
func (r Rules) after(c Case, e Event) Case {
	taken := make(map[string]Event, len(c.Taken)+1)
	for k, v := range c.Taken {
		taken[k] = v
	}
	c.Taken, c.Last = taken, e.Day
	c.Events = append(slices.Clip(c.Events), e)
	switch e.Kind {
	case Done, Waived:
		c.Taken[e.Step] = e
		if len(c.Taken) == len(r.Steps) {
			c.Ending = Completed
		}
	case Returned:
		c.Pending = &e
	case Corrected:
		c.Pending = nil
	case SentBack:
		c.Round++
		delete(c.Taken, e.To)
		for _, s := range r.Steps {
			if slices.Contains(r.before(s.Code.Code), e.To) {
				delete(c.Taken, s.Code.Code)
			}
		}
	case Refused:
		c.Ending, c.Pending = Refusal, nil
	case Withdrawn:
		c.Ending, c.Pending = Withdrawal, nil
	}
	return c
}
