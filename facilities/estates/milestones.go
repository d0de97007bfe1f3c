package estates

import (
	"errors"
	"fmt"
	"slices"

	"yike/facilities/premises"
	"yike/internal/record"
)

// Milestone is a step of the four synchronous milestones (四同步), with the planning
// conditions that come before the land is supplied.
type Milestone int

// The milestones, in their order.
const (
	PlanningConditions Milestone = iota // 规划条件：供地之前
	PlanReview                          // 方案审查：同步规划
	Construction                        // 开工：同步建设
	Acceptance                          // 联合验收：同步验收
	HandOver                            // 移交：同步移交
)

// DueNow stands for the milestone that an estate has come to; see Estate.ComeTo.
const DueNow Milestone = -1

// Milestones lists them in order.
func Milestones() []Milestone {
	return []Milestone{PlanningConditions, PlanReview, Construction, Acceptance, HandOver}
}

// Code is the milestone's code word, with what people call it.
func (m Milestone) Code() premises.Code {
	all := []premises.Code{
		{Code: "conditions", ZH: "规划条件", EN: "planning conditions"},
		{Code: "plan_review", ZH: "方案审查（同步规划）", EN: "plan review"},
		{Code: "construction", ZH: "开工（同步建设）", EN: "construction"},
		{Code: "acceptance", ZH: "联合验收（同步验收）", EN: "joint acceptance"},
		{Code: "handover", ZH: "移交（同步移交）", EN: "hand-over"},
	}
	if m < 0 || int(m) >= len(all) {
		return premises.Code{Code: fmt.Sprint(int(m))}
	}
	return all[m]
}

// ParseMilestone finds a milestone by its code word.
func ParseMilestone(code string) (Milestone, bool) {
	for _, m := range Milestones() {
		if m.Code().Code == code {
			return m, true
		}
	}
	return 0, false
}

// rules are the rules due at a milestone, with those of the milestones before.
func (m Milestone) rules() []string {
	due := [][]string{
		{"RAT-01", "RAT-02", "RAT-03", "RAT-04", "RAT-05", "RAT-06", "RAT-07", "RAT-08", "RAT-09", "RAT-10", "RAT-11", "RAT-22", "RAT-23", "RAT-24", "RAT-25", "RAT-26"},
		{"RAT-12", "RAT-16", "RAT-17", "RAT-18", "RAT-19"},
		{"RAT-13"},
		{"RAT-14"},
		{"RAT-15", "RAT-21"},
	}
	return slices.Concat(due[:min(int(m)+1, len(due))]...)
}

// Verdict is what an opinion says.
type Verdict string

// The verdicts. One with conditions lets the milestone pass and keeps the conditions.
const (
	Agreed      Verdict = "agreed"
	Conditional Verdict = "conditional"
	Refused     Verdict = "refused"
)

// Request asks the offices for their opinions on a milestone: a round.
type Request struct {
	ID        string // of its event; "" until it is stored
	Milestone Milestone
	Day       record.Day
	By        string // who asked, e.g. the developer or the planning office
	Note      string
	Norms     []premises.Norm // the kinds of premises that the estate has or owes
}

// Opinion is one office's answer.
type Opinion struct {
	ID        string // of its event; "" until it is stored
	Milestone Milestone
	Norm      premises.Norm
	Office    string
	Verdict   Verdict
	Letter    string // its number, e.g. 津西民意〔2026〕12号
	Day       record.Day
	Signer    string
	Text      string     // the conditions, or why not
	RectifyBy record.Day // of a refusal or conditions: until when they must be put right or met; "" for no day
}

// Round is a request and what was answered.
type Round struct {
	Request  Request
	Asked    []Duty // every office that was asked, as its duty was on that day
	Waiting  []Duty // opinions not given yet
	Opinions []Opinion
}

// Refused reports whether an office refused.
func (r Round) Refused() bool {
	return slices.ContainsFunc(r.Opinions, func(o Opinion) bool { return o.Verdict == Refused })
}

// Passed reports whether all opinions are there and none refuses.
func (r Round) Passed() bool { return len(r.Waiting) == 0 && !r.Refused() }

// PassedOn is the day of the latest opinion of a round that passed, or of the request where
// nobody had to be asked; "" of one that did not.
func (r Round) PassedOn() record.Day {
	if !r.Passed() {
		return ""
	}
	day := r.Request.Day
	for _, o := range r.Opinions {
		day = max(day, o.Day)
	}
	return day
}

// Progress is how far an estate is. It is made of events alone, so that who signed what
// stays on record; the zero value has none.
type Progress struct {
	Rounds []Round         // in order
	Marks  []ConditionMark // of conditions, in order
}

// What an event may be wrong about. They are wrapped in a *StepError.
var (
	ErrSkips      = errors.New("a milestone before it is not passed")
	ErrPassed     = errors.New("the milestone is passed already")
	ErrRunning    = errors.New("a round of the milestone is still open")
	ErrNoRound    = errors.New("nobody asked for an opinion on this milestone")
	ErrNoDuty     = errors.New("this office has no opinion to give here")
	ErrGiven      = errors.New("the office has answered already")
	ErrNotBefore  = errors.New("the day is before the event that it follows")
	ErrIncomplete = errors.New("something is missing")
	// ErrNotRefused says that where an office agrees nothing is to be put right or met.
	ErrNotRefused = errors.New("only a refusal or conditions set a day")
	// ErrFuture says that a day has not come yet.
	ErrFuture = errors.New("the day has not come yet")
	// ErrBuilt says that an estate that stands already passes no milestones.
	ErrBuilt = errors.New("an estate that stands already passes no milestones")
	// ErrLetterTaken says that another opinion has the letter's number.
	ErrLetterTaken = errors.New("another opinion has this letter number")
	// ErrLetterGiven says that the numbers of a series are given out, not chosen.
	ErrLetterGiven = errors.New("the numbers of this series are given out in their order")
	// ErrNoEvent says that an estate has no such event to be corrected.
	ErrNoEvent = errors.New("there is no such request or opinion")
	// ErrFollows says that what came after an event could not have come after what it is corrected to.
	ErrFollows = errors.New("what was recorded afterwards could not have followed")
)

// StepError says which field of an event cannot be taken.
type StepError struct {
	Field string
	Err   error
}

// Error names the field.
func (e *StepError) Error() string { return e.Field + ": " + e.Err.Error() }

// Unwrap gives the reason.
func (e *StepError) Unwrap() error { return e.Err }

// Passed reports whether a milestone is passed.
func (p Progress) Passed(m Milestone) bool {
	last, ok := p.last(m)
	return ok && last.Passed()
}

// Next is the first milestone that is not passed; false when all are.
func (p Progress) Next() (Milestone, bool) {
	for _, m := range Milestones() {
		if !p.Passed(m) {
			return m, true
		}
	}
	return 0, false
}

// last is the latest round of a milestone.
func (p Progress) last(m Milestone) (Round, bool) {
	for i := len(p.Rounds) - 1; i >= 0; i-- {
		if p.Rounds[i].Request.Milestone == m {
			return p.Rounds[i], true
		}
	}
	return Round{}, false
}

// Ask opens a round. After a refusal it opens the next one, in which every office is asked
// again, since a changed plan may have changed everything. Duties are those of the
// authority; where none is set for a kind of premises nobody is asked, and a round in which
// nobody is asked passes at once.
func (p Progress) Ask(r Request, duties []Duty) (Progress, error) {
	if _, ok := record.ParseDay(string(r.Day)); !ok {
		return p, &StepError{"day", ErrIncomplete}
	}
	if r.By == "" {
		return p, &StepError{"by", ErrIncomplete}
	}
	for _, m := range Milestones() {
		if m < r.Milestone && !p.Passed(m) {
			return p, &StepError{"milestone", fmt.Errorf("%w: %s", ErrSkips, m.Code().EN)}
		}
	}
	last, ok := p.last(r.Milestone)
	switch {
	case r.Milestone < PlanningConditions || r.Milestone > HandOver:
		return p, &StepError{"milestone", ErrIncomplete}
	case ok && last.Passed():
		return p, &StepError{"milestone", ErrPassed}
	case ok && !last.Refused():
		return p, &StepError{"milestone", ErrRunning}
	case r.Day < p.lastDay():
		return p, &StepError{"day", ErrNotBefore}
	}
	round := Round{Request: r}
	for _, d := range duties {
		if d.Milestone == r.Milestone && slices.Contains(r.Norms, d.Norm) {
			round.Asked, round.Waiting = append(round.Asked, d), append(round.Waiting, d)
		}
	}
	p.Rounds = append(slices.Clone(p.Rounds), round)
	return p, nil
}

// lastDay is the day of the latest event.
func (p Progress) lastDay() record.Day {
	var day record.Day
	for _, r := range p.Rounds {
		day = max(day, r.Request.Day)
		for _, o := range r.Opinions {
			day = max(day, o.Day)
		}
	}
	return day
}

// Answer takes an office's opinion on the open round of a milestone. A refusal and
// conditions say why.
func (p Progress) Answer(o Opinion) (Progress, error) {
	at := -1
	for i, r := range p.Rounds {
		if r.Request.Milestone == o.Milestone {
			at = i
		}
	}
	if at < 0 {
		return p, &StepError{"milestone", ErrNoRound}
	}
	r := p.Rounds[at]
	duty := slices.IndexFunc(r.Waiting, func(d Duty) bool { return d.Norm == o.Norm && d.Office == o.Office })
	switch {
	case duty < 0 && slices.ContainsFunc(r.Opinions, func(x Opinion) bool { return x.Norm == o.Norm && x.Office == o.Office }):
		return p, &StepError{"office", ErrGiven}
	case duty < 0:
		return p, &StepError{"office", ErrNoDuty}
	case !slices.Contains([]Verdict{Agreed, Conditional, Refused}, o.Verdict):
		return p, &StepError{"verdict", ErrIncomplete}
	case o.Letter == "":
		return p, &StepError{"letter", ErrIncomplete}
	case o.Signer == "":
		return p, &StepError{"signer", ErrIncomplete}
	case o.Verdict != Agreed && o.Text == "":
		return p, &StepError{"text", ErrIncomplete}
	case o.RectifyBy != "" && o.Verdict == Agreed:
		return p, &StepError{"rectify_by", ErrNotRefused}
	}
	if _, ok := record.ParseDay(string(o.Day)); !ok {
		return p, &StepError{"day", ErrIncomplete}
	}
	if o.Day < r.Request.Day {
		return p, &StepError{"day", ErrNotBefore}
	}
	if _, ok := record.ParseDay(string(o.RectifyBy)); o.RectifyBy != "" && (!ok || o.RectifyBy < o.Day) {
		return p, &StepError{"rectify_by", ErrNotBefore}
	}
	rounds := slices.Clone(p.Rounds)
	r.Waiting = slices.Delete(slices.Clone(r.Waiting), duty, duty+1)
	r.Opinions = append(slices.Clone(r.Opinions), o)
	rounds[at] = r
	p.Rounds = rounds
	return p, nil
}

// OpinionKept reports whether the acceptance has the opinions that it needs.
func (p Progress) OpinionKept() bool { return p.Passed(Acceptance) }

// OpinionKnown reports whether the acceptance is decided: until then nobody can say that its
// opinions are missing.
func (p Progress) OpinionKnown() bool {
	last, ok := p.last(Acceptance)
	return ok && (last.Passed() || last.Refused())
}
