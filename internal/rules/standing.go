package rules

import (
	"fmt"
	"slices"
)

// Standing is what a set asks of a subject in some places on a day. What is the same for all
// cases there is worked out once, so that thousands can be asked. It is read-only and safe
// for concurrent use; the set must not change under it.
type Standing struct {
	set   *Set
	rules []standing
}

// standing is one rule as it stands there.
type standing struct {
	rule   *Rule
	inputs []string
	waiver *Waiver
	absent *Finding // what is found of a rule that does not hold there; nil where it does
}

// Standing narrows a set to the subject, rules, regions and day of a question, whatever its
// inputs. O(rules).
func (s *Set) Standing(q Question) *Standing {
	out := &Standing{set: s}
	for i := range s.Rules {
		r := &s.Rules[i]
		if r.Subject != q.Subject || q.Only != nil && !slices.Contains(q.Only, r.ID) {
			continue
		}
		st := standing{rule: r, inputs: r.Inputs(), waiver: r.WaivedAt(q.Regions, q.Day)}
		absent := Finding{Rule: r, Outcome: NotApplicable}
		switch {
		case !r.holdsIn(q.Regions):
			absent.ReasonZH, absent.ReasonEN = s.elsewhere(r)
			st.absent = &absent
		case !r.holdsOn(q.Day):
			absent.ReasonZH, absent.ReasonEN = fmt.Sprintf("该日（%s）不在规定的有效期内", q.Day), fmt.Sprintf("not in force on %s", q.Day)
			st.absent = &absent
		}
		out.rules = append(out.rules, st)
	}
	return out
}

// Evaluate is Set.Evaluate for the inputs of one case.
func (st *Standing) Evaluate(inputs map[string]Input) []Finding {
	out := make([]Finding, 0, len(st.rules))
	for _, one := range st.rules {
		if one.absent != nil {
			out = append(out, *one.absent)
			continue
		}
		out = append(out, st.set.find(one, inputs))
	}
	return strictest(out)
}

// find holds one case against a rule that is in force.
func (s *Set) find(st standing, inputs map[string]Input) Finding {
	r := st.rule
	f := Finding{Rule: r, Outcome: NotApplicable, Inputs: make([]Used, 0, len(st.inputs)+len(r.Beside))}
	for _, name := range st.inputs {
		f.Inputs = append(f.Inputs, used(name, inputs))
	}
	for _, name := range r.Beside {
		if u := used(name, inputs); u.Value != nil {
			f.Inputs = append(f.Inputs, u)
		}
	}
	c := check{set: s, rule: r, inputs: inputs}
	applies := c.applies(&f)
	// What does not apply by its own words needs no declaration; what may apply does.
	if st.waiver != nil && (applies || f.Outcome == Undetermined) {
		f.Outcome, f.Waiver, f.ReasonZH, f.ReasonEN = NotApplicable, st.waiver, st.waiver.ZH, st.waiver.EN
		return f
	}
	if !applies {
		return f
	}
	switch r.Form {
	case Presence, Absence, OneOf, AllOf:
		c.each(&f)
	default:
		c.measure(&f)
	}
	return f
}
