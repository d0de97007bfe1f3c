package estates

import (
	"errors"
	"slices"

	"yike/internal/record"
)

// ConditionMark is what somebody found of the conditions of an opinion on a day: that they are
// met, or that they are not after all. The last mark of an opinion counts.
type ConditionMark struct {
	ID       string // of its event; "" until it is stored
	Opinion  string // id of the opinion, as it was recorded first
	Met      bool
	Day      record.Day
	By       string // who found it
	Document string // that shows it
	Note     string
}

// Condition is what an opinion with conditions asks for, with what was found of it.
type Condition struct {
	Opinion
	Since record.Day      // the day on which its round passed
	Marks []ConditionMark // in order
}

// Met reports whether the conditions are met.
func (c Condition) Met() bool { return len(c.Marks) > 0 && c.Marks[len(c.Marks)-1].Met }

// What a mark may be wrong about. They are wrapped in a *StepError.
var (
	// ErrNoCondition says that an opinion has no conditions that hold.
	ErrNoCondition = errors.New("the opinion has no conditions that hold")
	// ErrMarked says that the conditions are marked so already.
	ErrMarked = errors.New("the conditions are marked so already")
)

// Conditions lists what opinions with conditions ask for, oldest first: those of rounds that
// passed, since after a refusal everybody is asked again. An open condition stands in the way
// of no milestone: its office agreed, and no text that was read says otherwise. It is due until
// it is met.
func (p Progress) Conditions() []Condition {
	var out []Condition
	for _, r := range p.Rounds {
		if !r.Passed() {
			continue
		}
		for _, o := range r.Opinions {
			if o.Verdict != Conditional {
				continue
			}
			c := Condition{Opinion: o, Since: r.PassedOn()}
			for _, m := range p.Marks {
				if o.ID != "" && m.Opinion == o.ID {
					c.Marks = append(c.Marks, m)
				}
			}
			out = append(out, c)
		}
	}
	return out
}

// Mark takes what somebody found of the conditions of an opinion. That they are met needs the
// document that shows it, that they are not after all a note that says why.
func (p Progress) Mark(m ConditionMark) (Progress, error) {
	all := p.Conditions()
	i := slices.IndexFunc(all, func(c Condition) bool { return c.ID == m.Opinion })
	if i < 0 || m.Opinion == "" {
		return p, &StepError{"opinion", ErrNoCondition}
	}
	c := all[i]
	last := c.Since
	for _, before := range c.Marks {
		last = max(last, before.Day)
	}
	_, ok := record.ParseDay(string(m.Day))
	switch {
	case m.Met == c.Met():
		return p, &StepError{"met", ErrMarked}
	case !ok:
		return p, &StepError{"day", ErrIncomplete}
	case m.Day < last:
		return p, &StepError{"day", ErrNotBefore}
	case m.By == "":
		return p, &StepError{"by", ErrIncomplete}
	case m.Met && m.Document == "":
		return p, &StepError{"document", ErrIncomplete}
	case !m.Met && m.Note == "":
		return p, &StepError{"note", ErrIncomplete}
	}
	p.Marks = append(slices.Clone(p.Marks), m)
	return p, nil
}

// toMeet are the conditions that are not met.
func (p Progress) toMeet() []Due {
	var out []Due
	for _, c := range p.Conditions() {
		if !c.Met() {
			out = append(out, Due{Kind: ConditionDue, Milestone: c.Milestone, Norm: c.Norm, Office: c.Office, Since: c.Since, By: c.RectifyBy})
		}
	}
	return out
}
