package estates

import (
	"regexp"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"yike/facilities/premises"
	"yike/internal/record"
	"yike/internal/rules"
)

// Standing is an estate as a list shows it: what it has and owes, what its check comes to
// and how far it is.
type Standing struct {
	Item
	Position  orb.Point // inside of it; Placed says whether anybody drew it
	Placed    bool
	Community Owing // of community premises
	Elderly   Owing // of elderly premises

	// What the rules that are due now come to, see Estate.ComeTo.
	Conclusion                Conclusion
	Failed, Unknown, Warnings int
	Day                       record.Day // of which the check is

	Passed  []Milestone // in their order
	Next    Milestone   // the first that is not passed; where Done none is left, or it stands already and passes none
	Done    bool
	Overdue int // what is late: opinions, rectifications, hand-overs
}

// Owing is what an estate has of one kind of premises, and what it owes.
type Owing struct {
	Has  premises.Area
	Owes *float64 // m², by the rule that asks for most; nil where no rule that decides asks, or nobody knows
	// Short is how many m² are missing of it; nil with Owes. A rule that asks for more than a
	// number may fail where nothing is missing.
	Short *float64
}

// Stand works out where an estate stands. O(rules × rooms).
func Stand(checks *Checker, i Item, ctx Context, p Progress) Standing {
	c := checks.At(i.Estate, ctx, i.ComeTo(p))
	s := Standing{
		Item: i, Conclusion: c.Conclusion, Failed: c.Failed, Unknown: c.Unknown, Warnings: c.Warnings, Day: ctx.Day,
		Community: c.owing(i.Estate, premises.CommunityNorm), Elderly: c.owing(i.Estate, premises.ElderlyNorm),
	}
	s.Position, s.Placed = i.Position()
	s.Done = true
	for _, m := range Milestones() {
		switch {
		case p.Passed(m):
			s.Passed = append(s.Passed, m)
		case s.Done && i.Kind == New:
			s.Next, s.Done = m, false
		}
	}
	s.Overdue = len(Overdue(Dues(i.Estate, p, LimitOf(checks.set, ctx.Regions, ctx.Day, ctx.Duties), ctx.Day)))
	return s
}

// ComeTo is the milestone that an estate has come to: the next one to pass, and at least the
// one that the days of its record speak of, for not all of it may be on record. What the
// later ones ask for is not due yet. A standing estate has come to the last.
func (e Estate) ComeTo(p Progress) Milestone {
	to, some := p.Next()
	if !some || e.Kind == Built || e.CompletedOn != "" {
		return HandOver
	}
	for _, phase := range e.Phases {
		to = max(to, reached(phase.HousingStarted, phase.HousingAccepted, ""))
	}
	for _, r := range e.Rooms {
		to = max(to, reached(r.StartedOn, r.AcceptedOn, r.HandedOverOn))
	}
	return to
}

// reached is the milestone that days speak of.
func reached(started, accepted, handedOver record.Day) Milestone {
	switch {
	case handedOver != "":
		return HandOver
	case accepted != "":
		return Acceptance
	case started != "":
		return Construction
	}
	return PlanningConditions
}

// owing is the debt of one kind of premises, where it binds.
func (c Check) owing(e Estate, n premises.Norm) Owing {
	d := c.Debt(e, n)
	out := Owing{Has: d.Provided}
	if d.Binds() && d.OwedKnown {
		owes, short := d.Owed.M2(), d.Short.M2()
		out.Owes, out.Short = &owes, &short
	}
	return out
}

// areaInputs are the inputs that add premises of a kind up: of the estate, and of its
// community with it.
func areaInputs(n premises.Norm) []string {
	if n == premises.ElderlyNorm {
		return []string{"elderly_area"}
	}
	return []string{"community_area", "area_all"}
}

// of reports whether a finding asks for so much area of a kind of premises.
func (f Found) of(n premises.Norm) bool {
	return f.Rule.AtLeast != nil && len(f.Rule.Over) == 1 && slices.Contains(areaInputs(n), f.Rule.Over[0])
}

// Owed is how many m² of the premises that a finding measures the estate owes, so that the
// rule's lower threshold is just reached. Of a norm for the community it is what the
// community as it will be needs and does not have without the estate. False where the finding
// measures something else, or its inputs are not known.
func (f Found) Owed() (float64, bool) {
	if !f.of(premises.CommunityNorm) && !f.of(premises.ElderlyNorm) || f.Value == nil || f.Limits.AtLeast == nil {
		return 0, false
	}
	has, _ := f.number(f.Rule.Over[0])
	needs := has + f.Missing
	if *f.Value > 0 { // the value grows with the area, from 0 on
		needs = has * *f.Limits.AtLeast / *f.Value
	}
	if own, ofCommunity := f.number("estate_area"); ofCommunity {
		needs -= has - own
	}
	return max(0, needs), true
}

func (f Found) number(input string) (float64, bool) {
	i := slices.IndexFunc(f.Inputs, func(u rules.Used) bool { return u.Name == input })
	if i < 0 {
		return 0, false
	}
	v, ok := f.Inputs[i].Value.(float64)
	return v, ok
}

// Share is the estate's part of what a norm for a community measures.
type Share struct {
	Area       float64  // m² that the estate has
	Households float64  // 0 where nobody knows
	Per100     *float64 // m² per 100 of the estate's own households; nil where nobody knows them
	Owes       *float64 // m²; see Found.Owed
}

// Share gives the estate's part of a finding of its community; false for other findings.
func (f Found) Share() (Share, bool) {
	if f.Rule.Subject != OfCommunity {
		return Share{}, false
	}
	area, known := f.number("estate_area")
	if !known {
		return Share{}, false
	}
	s := Share{Area: area}
	s.Households, _ = f.number("estate_households")
	if s.Households > 0 {
		per := area * 100 / s.Households
		s.Per100 = &per
	}
	if owes, ok := f.Owed(); ok {
		s.Owes = &owes
	}
	return s, true
}

// Filter says which estates are asked for; what is empty asks for nothing.
type Filter struct {
	Within     map[string]bool // codes of divisions; nil for all
	Kind       Kind
	Conclusion Conclusion
	Milestone  string        // code word of the one that is next
	Done       bool          // all milestones are passed
	Overdue    bool          // an opinion is late
	Short      premises.Norm // of this kind of premises something is missing
	Text       string        // in the name, the developer, a paper or a room, in any case
	// Sounds are names that Text spells, where it is pinyin: they are asked for, too. nil for none.
	Sounds *regexp.Regexp
}

// Takes reports whether an estate is asked for.
func (f Filter) Takes(s Standing) bool {
	short := func(o Owing) bool { return o.Short != nil && *o.Short > 0 }
	switch {
	case f.Within != nil && !f.Within[s.DivisionCode],
		f.Kind != "" && s.Kind != f.Kind,
		f.Conclusion != "" && s.Conclusion != f.Conclusion,
		f.Milestone != "" && (s.Done || s.Next.Code().Code != f.Milestone),
		f.Done && (!s.Done || s.Kind != New),
		f.Overdue && s.Overdue == 0,
		f.Short == premises.CommunityNorm && !short(s.Community),
		f.Short == premises.ElderlyNorm && !short(s.Elderly):
		return false
	}
	return f.Text == "" || s.says(strings.ToLower(f.Text)) || f.Sounds != nil && f.Sounds.MatchString(s.Name)
}

func (s Standing) says(text string) bool {
	if strings.Contains(strings.ToLower(s.Name+"\n"+s.Developer+"\n"+s.Conditions.Number+"\n"+s.Plan.Number), text) {
		return true
	}
	return slices.ContainsFunc(s.Rooms, func(r Room) bool { return strings.Contains(strings.ToLower(r.Name), text) })
}

// Ground is what is known of the communities that estates will belong to: the premises and
// households of today, the estates' own among them.
type Ground struct {
	Communities map[string]Community     // by division code; of one that is not there nobody knows
	Ledger      map[string]premises.Room // rooms of the ledger by id
	InLedger    map[string]bool          // communities whose area is that of the ledger, not of another register
	Coming      map[string][]Coming      // estates that their communities will have, too, by division code
}

// Of gives the community of an estate without the estate: without its rooms that count in the
// ledger already, and without its households where people live in it, since then those of the
// community have them. The other estates that are to come stay with it.
func (g Ground) Of(e Estate) Community {
	c, ok := g.Communities[e.DivisionCode]
	if !ok || !c.Known {
		return c
	}
	for _, r := range e.Rooms {
		in, ok := g.Ledger[r.LedgerID]
		if !ok || in.DivisionCode != e.DivisionCode {
			continue
		}
		if g.InLedger[e.DivisionCode] {
			c.Area = max(0, c.Area-in.Counted(premises.CommunityNorm))
		}
		c.Elderly = max(0, c.Elderly-in.Counted(premises.ElderlyNorm))
	}
	if e.Kind == Built || e.CompletedOn != "" {
		c.Households = max(0, c.Households-e.Households)
	}
	for _, other := range g.Coming[e.DivisionCode] {
		if other.ID != e.ID {
			c.Coming = append(c.Coming, other)
		}
	}
	return c
}
