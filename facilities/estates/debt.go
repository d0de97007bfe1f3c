package estates

import (
	"math"

	"yike/facilities/premises"
	"yike/internal/rules"
)

// Debt is what an estate owes of one kind of premises, by the strictest rule that decides: as
// a Standing says it, with the rule, why something is not known, and what a rule for
// information would ask where no other does.
type Debt struct {
	Norm     premises.Norm
	Owed     premises.Area // where OwedKnown; see Found.Owed
	Provided premises.Area // where ProvidedKnown: that counts for the norm
	Short    premises.Area // where ShortKnown; never negative
	// Share is the part of Owed that follows from the estate's own households, where the rule
	// is held against the community as it will be; else it is Owed. The rest is what the
	// community lacked before, or the community has for the estate already.
	Share                                premises.Area
	OwedKnown, ProvidedKnown, ShortKnown bool
	Rule                                 *rules.Rule // that decides; nil where none asks
	Outcome                              rules.Outcome
	OfCommunity                          bool
	WhyZH, WhyEN                         string // why something is not known; "" where all is
}

// Binds reports whether somebody must bring what is owed. A rule whose text nobody read is
// for information: what it asks is shown and is no debt.
func (d Debt) Binds() bool {
	return d.Rule != nil && (d.Rule.Severity == rules.Error || d.Rule.Severity == rules.Warning)
}

// Debts gives what an estate owes of each kind of premises, in the order of premises.Norms.
// c is its check against all rules. O(findings).
func (c Check) Debts(e Estate) []Debt {
	var out []Debt
	for _, n := range premises.Norms() {
		out = append(out, c.Debt(e, premises.Norm(n.Code)))
	}
	return out
}

// Debt gives what an estate owes of one kind of premises: by the gravest rules that ask for an
// area of it, and of these by that which asks for most. Of one that cannot be determined nobody
// knows what it asks, so that then nothing is known.
func (c Check) Debt(e Estate, n premises.Norm) Debt {
	d := Debt{Norm: n, Provided: e.For(n), ProvidedKnown: e.vagueRoom() == ""}
	for _, severity := range []rules.Severity{rules.Error, rules.Warning, rules.Info} {
		for _, f := range c.Findings {
			if f.Rule.Severity == severity && f.Outcome != rules.NotApplicable && f.of(n) && !d.take(f) {
				return d
			}
		}
		if d.Rule != nil {
			break
		}
	}
	if d.Rule == nil {
		d.WhyZH, d.WhyEN = "没有规定面积的条款", "no rule sets an area"
		return d
	}
	d.Short, d.ShortKnown = max(0, d.Owed-d.Provided), true
	return d
}

// take lets a finding decide where it asks for most; false where nobody knows what it asks.
func (d *Debt) take(f Found) bool {
	owes, known := f.Owed()
	owed := roundUp(owes)
	if known && d.Rule != nil && owed <= d.Owed {
		return true
	}
	d.Rule, d.Outcome, d.OfCommunity = f.Rule, f.Outcome, f.Rule.Subject == OfCommunity
	d.Owed, d.OwedKnown, d.Share = owed, known, owed
	if !known {
		d.WhyZH, d.WhyEN = f.ReasonZH, f.ReasonEN
		return false
	}
	if d.OfCommunity {
		households, _ := f.number("estate_households")
		d.Share = roundUp(f.perHouseholds() * households)
	}
	return true
}

// perHouseholds is what a norm for the community asks per household; 0 where it goes by
// something else.
func (f Found) perHouseholds() float64 {
	r := f.Rule
	if r.Form != rules.Ratio || len(r.Under) != 1 || r.Under[0] != "households_all" || f.Limits.AtLeast == nil || r.Factor == 0 {
		return 0
	}
	return *f.Limits.AtLeast / r.Factor
}

// roundUp reads square metres, rounded up to what an area can hold, so that whoever brings
// what is missing passes; what floating point adds is left out.
func roundUp(m2 float64) premises.Area {
	const lost = 1e-6
	return premises.Area(max(0, math.Ceil(m2*100-lost)))
}
