package estates

import (
	"errors"
	"slices"
	"time"

	"yike/internal/record"
)

// Event is something that happened at a milestone, as it was recorded. Events are added and
// never changed: what was recorded wrongly a correction restates.
type Event struct {
	ID       string // UUIDv7, text form
	No       int    // from 1, in the order of recording
	Corrects string // the id of the event that this one restates; "" for none
	Request  *Request
	Asked    []Duty // of a request: the duties of that day
	Opinion  *Opinion
	Mark     *ConditionMark // which nothing restates: a further mark follows it
	Series   string         // of the opinion's letter; "" where the office numbers them itself
	// What the check at the milestone said when the event was recorded. Later rules, and
	// later changes of the estate, leave it as it is. A correction keeps none of its own.
	Checked    *Frozen
	Reason     string // of a correction
	RecordedBy string
	RecordedAt time.Time
}

// milestone is the event's.
func (e Event) milestone() Milestone {
	if e.Request != nil {
		return e.Request.Milestone
	}
	return e.Opinion.Milestone
}

// day is when it happened.
func (e Event) day() record.Day {
	switch {
	case e.Request != nil:
		return e.Request.Day
	case e.Mark != nil:
		return e.Mark.Day
	}
	return e.Opinion.Day
}

// Corrected gives the events as their last corrections restate them, in the
// order in which the first of each was recorded, and the corrections of each, oldest first.
func Corrected(events []Event) (list []Event, corrections map[string][]Event) {
	corrections = map[string][]Event{}
	for _, e := range events {
		if e.Corrects == "" {
			list = append(list, e)
			continue
		}
		corrections[e.Corrects] = append(corrections[e.Corrects], e)
		i := slices.IndexFunc(list, func(x Event) bool { return x.ID == e.Corrects })
		if i < 0 {
			continue
		}
		if e.Request != nil && list[i].Request != nil {
			r := *e.Request
			r.ID = e.Corrects
			list[i].Request = &r
		}
		if e.Opinion != nil && list[i].Opinion != nil {
			o := *e.Opinion
			o.ID = e.Corrects
			list[i].Opinion = &o
		}
	}
	return list, corrections
}

// Until gives the events up to a day, as their last corrections restate them: how far an
// estate was then, by what is known now.
func Until(events []Event, day record.Day) []Event {
	list, _ := Corrected(events)
	return slices.DeleteFunc(list, func(e Event) bool { return e.day() > day })
}

// Replay is how far an estate is by its events. The error is that of the first event that
// cannot follow what is before it.
func Replay(events []Event) (Progress, error) {
	var p Progress
	list, _ := Corrected(events)
	for _, e := range list {
		var err error
		switch {
		case e.Request != nil:
			r := *e.Request
			r.ID = e.ID
			p, err = p.Ask(r, e.Asked)
		case e.Opinion != nil:
			o := *e.Opinion
			o.ID = e.ID
			p, err = p.Answer(o)
		case e.Mark != nil:
			m := *e.Mark
			m.ID = e.ID
			p, err = p.Mark(m)
		}
		if err != nil {
			return p, err
		}
	}
	return p, nil
}

// Correct adds a correction to events and gives how far the estate is with it. It may say
// anything of its event but the milestone, the kind of premises and the office, provided
// that everything recorded afterwards could still have followed. It returns a *StepError.
func Correct(events []Event, c Event) (Progress, error) {
	list, _ := Corrected(events)
	i := slices.IndexFunc(list, func(x Event) bool { return x.ID == c.Corrects })
	if i < 0 || (c.Request == nil) != (list[i].Request == nil) || (c.Opinion == nil) != (list[i].Opinion == nil) {
		return Progress{}, &StepError{"event", ErrNoEvent}
	}
	was := list[i]
	switch {
	case c.milestone() != was.milestone():
		return Progress{}, &StepError{"milestone", ErrNoEvent}
	case c.Opinion != nil && (c.Opinion.Norm != was.Opinion.Norm || c.Opinion.Office != was.Opinion.Office):
		return Progress{}, &StepError{"office", ErrNoEvent}
	}
	upTo := slices.Clone(list[:i+1])
	upTo[i].Request, upTo[i].Opinion = c.Request, c.Opinion
	if p, err := Replay(upTo); err != nil {
		return p, err
	}
	p, err := Replay(append(slices.Clone(events), c))
	var step *StepError
	if errors.As(err, &step) {
		return p, &StepError{changed(was, c), ErrFollows}
	}
	return p, err
}

// changed names the field of a correction that later events do not go with.
func changed(was, is Event) string {
	switch {
	case was.Opinion != nil && was.Opinion.Verdict != is.Opinion.Verdict:
		return "verdict"
	default:
		return "day"
	}
}

// Conforms reports whether an event's day has come.
func Conforms(e Event, today record.Day) error {
	if e.day() > today {
		return &StepError{"day", ErrFuture}
	}
	return nil
}
