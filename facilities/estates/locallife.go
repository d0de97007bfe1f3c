package estates

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"yike/internal/record"
)

// What the life of a local rule does not allow.
var (
	ErrNoRule     = errors.New("there is no such rule")
	ErrNotDraft   = errors.New("only a draft can be changed or adopted")
	ErrNotAdopted = errors.New("only a rule that was adopted can be withdrawn or replaced")
)

// Adopt puts a draft in force, from its first day or else from the day it is signed, and ends
// the rule that it replaces on the day before. It gives the rules as they are then, and the
// ids of those that changed, and leaves all as it is. ErrNoRule, ErrNotDraft, ErrNotAdopted.
func Adopt(all []LocalRule, id string, s Signed) (after []LocalRule, changed []string, err error) {
	at := find(all, id)
	switch {
	case at < 0:
		return nil, nil, ErrNoRule
	case all[at].State != Draft:
		return nil, nil, ErrNotDraft
	}
	after = slices.Clone(all)
	l := &after[at]
	l.State, l.Adoption, l.From = Adopted, s, cmp.Or(l.From, s.Day)
	changed = []string{id}
	if l.Replaces != "" {
		was := find(all, l.Replaces)
		if was < 0 || all[was].State != Adopted {
			return nil, nil, fmt.Errorf("replaces: %w", ErrNotAdopted)
		}
		after[was].end(Superseded, before(l.From), s)
		changed = append(changed, l.Replaces)
	}
	return after, changed, nil
}

// Withdraw takes a rule out of force from a day on. It gives the rules as they are then and
// leaves all as it is. ErrNoRule, ErrNotAdopted.
func Withdraw(all []LocalRule, id string, s Signed) ([]LocalRule, error) {
	at := find(all, id)
	switch {
	case at < 0:
		return nil, ErrNoRule
	case all[at].State != Adopted:
		return nil, ErrNotAdopted
	}
	after := slices.Clone(all)
	after[at].end(Withdrawn, before(s.Day), s)
	return after, nil
}

// Propose gives the rules as they would be if a draft was adopted today, or a rule that is in
// force withdrawn, and the first day on which that makes a difference: the one to try it on.
func Propose(all []LocalRule, id string, today record.Day) (after []LocalRule, day record.Day, err error) {
	s := Signed{Day: today}
	at := find(all, id)
	if at >= 0 && all[at].State == Draft {
		after, _, err = Adopt(all, id, s)
	} else {
		after, err = Withdraw(all, id, s)
	}
	if err != nil {
		return nil, "", err
	}
	return after, max(today, after[at].From), nil
}

func find(all []LocalRule, id string) int {
	return slices.IndexFunc(all, func(l LocalRule) bool { return l.ID == id })
}

// end sets the last day of a rule, unless it ended before.
func (l *LocalRule) end(s LocalState, last record.Day, by Signed) {
	l.State, l.Ending = s, by
	if l.Until == "" || last < l.Until {
		l.Until = last
	}
}

// before is the day before a day.
func before(d record.Day) record.Day {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return d
	}
	return record.Day(t.AddDate(0, 0, -1).Format(time.DateOnly))
}
