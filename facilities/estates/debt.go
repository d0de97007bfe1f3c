package estates

import (
	"math"
	"slices"

	"yike/facilities/premises"
	"yike/internal/rules"
)

// Debt is what an estate owes of one kind of premises, by the strictest rule that decides.
type Debt struct {
	Norm     premises.Norm
	Owed     premises.Area // where OwedKnown
	Provided premises.Area // where ProvidedKnown: that counts for the norm
	Short    premises.Area // where ShortKnown; never negative
	// OwedKnown is false where no rule asks anything that can be put into square metres, or
	// what it goes by is not known.
	OwedKnown, ProvidedKnown, ShortKnown bool
	Rule                                 *rules.Rule // that decides; nil where none asks
	Outcome                              rules.Outcome
	// OfCommunity says that the rule is held against the community as it will be. Owed is
	// then the estate's share, and Short at most what the community lacks: what a community
	// lacked before is not the estate's to bring.
	OfCommunity bool
	WhyZH       string // why something is not known; "" where all is
	WhyEN       string
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

// Debt gives what an estate owes of one kind of premises: by the gravest rule that asks for
// an area of it, and of equally grave ones by that which asks for most. An undetermined rule
// is worse than any sum, for nobody knows what it asks.
func (c Check) Debt(e Estate, n premises.Norm) Debt {
	best := Debt{Norm: n}
	for _, f := range c.Findings {
		d, ok := debtOf(f, n)
		if ok && (best.Rule == nil || d.before(best)) {
			best = d
		}
	}
	best.Provided, best.ProvidedKnown = e.For(n), e.vagueRoom() == ""
	if best.Rule == nil {
		best.WhyZH, best.WhyEN = "没有规定面积的条款", "no rule sets an area"
		return best
	}
	best.settle()
	return best
}

// settle works out what is short of what is owed.
func (d *Debt) settle() {
	switch {
	case d.Outcome == rules.Pass:
		d.Short, d.ShortKnown = 0, true
	case !d.OwedKnown || !d.ProvidedKnown || d.Outcome == rules.Undetermined:
		d.Short, d.ShortKnown = 0, false
		return
	default:
		own := max(0, d.Owed-d.Provided)
		if d.OfCommunity {
			own = min(own, d.Short) // what the community lacks
		}
		d.Short, d.ShortKnown = own, true
	}
}

// before reports whether d decides rather than o.
func (d Debt) before(o Debt) bool {
	rank := func(x Debt) int {
		return slices.Index([]rules.Severity{rules.Error, rules.Warning, rules.Info}, x.Rule.Severity)
	}
	if rank(d) != rank(o) {
		return rank(d) < rank(o)
	}
	if d.OwedKnown != o.OwedKnown {
		return !d.OwedKnown
	}
	return d.Owed > o.Owed
}

// The inputs by which rules ask for an area in all.
func debtInputs(n premises.Norm) (own, all string) {
	if n == premises.CommunityNorm {
		return "community_area", "area_all"
	}
	return "elderly_area", ""
}

// debtOf reads what a finding asks for in square metres; false where it asks for no area of
// the kind, or does not apply.
func debtOf(f Found, n premises.Norm) (Debt, bool) {
	own, all := debtInputs(n)
	r := f.Rule
	ofCommunity := all != "" && len(r.Over) == 1 && r.Over[0] == all
	if f.Outcome == rules.NotApplicable || f.Room >= 0 || r.AtLeast == nil || len(r.Over) != 1 || !ofCommunity && r.Over[0] != own {
		return Debt{}, false
	}
	d := Debt{Norm: n, Rule: r, Outcome: f.Outcome, OfCommunity: ofCommunity, WhyZH: f.ReasonZH, WhyEN: f.ReasonEN}
	if f.Outcome == rules.Fail {
		d.Short = roundUp(f.Missing, f.Limits.StrictAbove)
	}
	if f.Limits.AtLeast == nil {
		return d, true
	}
	owed, ok := *f.Limits.AtLeast, true
	if r.Form == rules.Ratio {
		var base float64
		if base, ok = f.shareBase(ofCommunity); ok && r.Factor != 0 {
			owed *= base / r.Factor
		}
	}
	if ok {
		d.Owed, d.OwedKnown = roundUp(owed, f.Limits.StrictAbove), true
	}
	return d, true
}

// shareBase is what the ratio divides by: the estate's own, where the rule is held against
// the community.
func (f Found) shareBase(ofCommunity bool) (float64, bool) {
	under := f.Rule.Under
	if ofCommunity {
		under = []string{"estate_households"}
	}
	out := 1.0
	for _, name := range under {
		i := slices.IndexFunc(f.Inputs, func(u rules.Used) bool { return u.Name == name })
		if i < 0 {
			return 0, false
		}
		v, ok := f.Inputs[i].Value.(float64)
		if !ok {
			return 0, false
		}
		out *= v
	}
	return out, true
}

// roundUp reads square metres, rounded up to what an area can hold, so that whoever brings
// what is missing passes; what floating point adds is left out. Of a threshold that does not
// pass itself it is the next area above.
func roundUp(m2 float64, strict bool) premises.Area {
	const lost = 1e-6
	if strict {
		return premises.Area(max(0, math.Floor(m2*100+lost))) + 1
	}
	return premises.Area(max(0, math.Ceil(m2*100-lost)))
}
