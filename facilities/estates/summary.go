package estates

import (
	"slices"
	"strconv"

	"yike/facilities/premises"
	"yike/geo/divisions"
	"yike/internal/record"
)

// Held is an estate with what was found of it: a line of the district's report. It does not
// keep the findings, so that thousands can be held at once.
type Held struct {
	Estate     Estate
	Conclusion Conclusion   // of all rules, however far the estate is
	Failed     int          // errors that fail
	Unknown    int          // errors of which nobody knows
	Warnings   int          // warnings that fail
	Due        []Conclusion // of what is due at each milestone, in their order
	Progress   Progress
	Debts      []Debt // in the order of premises.Norms
	People     int    // planned, else derived from households; 0 unknown
	Derived    bool   // People follow from households

	rates map[RateID]Standpoint
}

// Hold checks an estate for the report. One checker serves all of them.
func Hold(checks *Checker, e Estate, p Progress, ctx Context) Held {
	c, now := checks.All(e, ctx), checks.At(e, ctx, e.ComeTo(p))
	h := Held{
		Estate: e, Progress: p, Conclusion: now.Conclusion, Failed: now.Failed, Unknown: now.Unknown, Warnings: now.Warnings, Debts: c.Debts(e),
	}
	h.rates = map[RateID]Standpoint{
		RateCompliant: e.compliant(now.Conclusion), RateCommunity: c.keeps(e, "RAT-03"), RateElderly: c.keeps(e, "RAT-04", "RAT-07"), RateSince2015: e.since2015(),
	}
	for _, m := range Milestones() {
		h.Due = append(h.Due, c.at(m))
	}
	h.People, h.Derived = e.PlannedPeople(ctx.Household)
	return h
}

// Debt is the estate's debt of a kind of premises.
func (h Held) Debt(n premises.Norm) Debt {
	i := slices.IndexFunc(h.Debts, func(d Debt) bool { return d.Norm == n })
	if i < 0 {
		return Debt{Norm: n}
	}
	return h.Debts[i]
}

// ConcludedOn is the day of the last opinion on the acceptance; "" until it is passed.
func (h Held) ConcludedOn() record.Day {
	r, ok := h.Progress.last(Acceptance)
	if !ok || !r.Passed() {
		return ""
	}
	day := r.Request.Day
	for _, o := range r.Opinions {
		day = max(day, o.Day)
	}
	return day
}

// Outcomes counts estates by what they came to.
type Outcomes struct {
	Estates, Compliant, NotCompliant, Open int
	Households                             int // of those whose households are known
	People                                 int
}

// add counts one estate.
func (t *Outcomes) add(h Held) {
	t.Estates++
	t.Households += h.Estate.Households
	t.People += h.People
	switch h.Conclusion {
	case Compliant:
		t.Compliant++
	case NotCompliant:
		t.NotCompliant++
	default:
		t.Open++
	}
}

// Balance adds up debts of one kind of premises. Sums are of what is known; Unknown counts the
// estates of which something is not, so that nobody takes the sum for all.
type Balance struct {
	Norm                  premises.Norm
	Owed, Provided, Short premises.Area
	Estates               int // that owe by a rule that binds
	InDebt                int // of them known to lack something
	Unknown               int // of them with something unknown
}

func (o *Balance) add(d Debt) {
	if d.ProvidedKnown {
		o.Provided += d.Provided
	}
	if !d.Binds() {
		return
	}
	o.Estates++
	if d.OwedKnown {
		o.Owed += d.Owed
	}
	switch {
	case !d.ShortKnown:
		o.Unknown++
	case d.Short > 0:
		o.InDebt++
		o.Short += d.Short
	}
}

// Row is what the estates of a division come to, or of all.
type Row struct {
	Division divisions.Division // without boundary and people; zero for all, or for those in no division of the list
	Outcomes Outcomes           // of new estates
	Built    int                // standing estates, to which the conclusion does not apply
	Balances []Balance          // of all, in the order of premises.Norms
}

func newRow(d divisions.Division) Row {
	d.Boundary, d.People = nil, nil
	r := Row{Division: d}
	for _, n := range premises.Norms() {
		r.Balances = append(r.Balances, Balance{Norm: premises.Norm(n.Code)})
	}
	return r
}

func (r *Row) add(h Held) {
	if h.Estate.Kind == Built {
		r.Built++
	} else {
		r.Outcomes.add(h)
	}
	for i := range r.Balances {
		r.Balances[i].add(h.Debt(r.Balances[i].Norm))
	}
}

// Stage is how many new estates are how far with a milestone.
type Stage struct {
	Milestone Milestone
	Passed    int // estates that passed it
	Asked     int // a round runs, or was refused and is to be asked again
	Waiting   int // not asked yet, and the milestone is their next
	Overdue   int // estates with an opinion that is late
	Conform   int // of the passed, those that keep what is due at it
	Fail      int // of the passed, those that do not
	Unclear   int // of the passed, those of which nobody knows
}

// Trend is new estates by year.
type Trend struct {
	Year     int // 0 where no day is known
	Outcomes Outcomes
}

// PhaseShare is what one phase of an estate brings. No 0 are rooms of no known phase, and
// households that no phase has.
type PhaseShare struct {
	No                 int
	Name               string
	Households         int
	Community, Elderly premises.Area
}

// ByPhase splits an estate by its phases, in their order, and last what belongs to none, where
// there is any. Areas add up to Estate.For. Households add up to the estate's where the phases
// have no more than it.
func (e Estate) ByPhase() []PhaseShare {
	var out []PhaseShare
	rest := PhaseShare{Households: e.Households}
	for _, p := range e.Phases {
		out = append(out, PhaseShare{No: p.No, Name: p.Name, Households: p.Households})
		rest.Households -= p.Households
	}
	rest.Households = max(0, rest.Households)
	for _, r := range e.Rooms {
		at := slices.IndexFunc(out, func(s PhaseShare) bool { return s.No == r.Phase })
		into := &rest
		if at >= 0 {
			into = &out[at]
		}
		into.Community += r.For(premises.CommunityNorm)
		into.Elderly += r.For(premises.ElderlyNorm)
	}
	if rest != (PhaseShare{}) {
		out = append(out, rest)
	}
	return out
}

// Report is a district's new estates on a day.
type Report struct {
	Day          record.Day
	Rates        []Rate // RAT-20, IND-18, IND-19, IND-29
	All          Row
	Subdistricts []Row // in the order of the list of divisions; those with an estate
	Communities  []Row
	Elsewhere    Row     // in no community of the list: of a subdistrict, or of a code that nobody knows
	Stages       []Stage // in the order of the milestones
	Completed    []Trend // by the year of completion, ascending, without a day last
	Concluded    []Trend // by the year in which the acceptance was passed
	Estates      []Held
}

// Summarise puts the report together. regions are those of the checks; the list of divisions
// is in the order of levels and codes. O(estates × (findings + depth of the tree)).
func Summarise(regions []string, day record.Day, all []Held, list []divisions.Division) Report {
	r := Report{Day: day, Estates: all, All: newRow(divisions.Division{}), Elsewhere: newRow(divisions.Division{})}
	places := placesOf(list)
	for _, h := range all {
		r.All.add(h)
		if !places.add(h) {
			r.Elsewhere.add(h)
		}
	}
	r.Subdistricts, r.Communities = places.rows(list, divisions.Subdistrict), places.rows(list, divisions.Community)
	r.Rates = RatesOf(regions, all)
	r.Stages = stages(day, all)
	r.Completed = trend(all, func(h Held) record.Day { return h.Estate.CompletedOn })
	r.Concluded = trend(all, Held.ConcludedOn)
	return r
}

type places struct {
	byCode map[string]divisions.Division
	lines  map[string]*Row
}

func placesOf(list []divisions.Division) places {
	p := places{byCode: map[string]divisions.Division{}, lines: map[string]*Row{}}
	for _, d := range list {
		p.byCode[d.Code] = d
	}
	return p
}

// add adds an estate to the rows of all divisions that hold it; false where none is a community.
func (p places) add(h Held) bool {
	inCommunity := false
	code := h.Estate.DivisionCode
	for range len(p.byCode) {
		d, ok := p.byCode[code]
		if !ok {
			break
		}
		if p.lines[code] == nil {
			row := newRow(d)
			p.lines[code] = &row
		}
		p.lines[code].add(h)
		inCommunity = inCommunity || d.Level == divisions.Community
		code = d.ParentCode
	}
	return inCommunity
}

func (p places) rows(list []divisions.Division, level divisions.Level) []Row {
	out := []Row{}
	for _, d := range list {
		if row := p.lines[d.Code]; row != nil && d.Level == level {
			out = append(out, *row)
		}
	}
	return out
}

func stages(day record.Day, all []Held) []Stage {
	var out []Stage
	for _, m := range Milestones() {
		s := Stage{Milestone: m}
		for _, h := range all {
			if h.Estate.Kind != Built {
				s.add(h, day)
			}
		}
		out = append(out, s)
	}
	return out
}

func (s *Stage) add(h Held, day record.Day) {
	last, asked := h.Progress.last(s.Milestone)
	next, any := h.Progress.Next()
	switch {
	case asked && last.Passed():
		s.Passed++
		s.keeps(h.Due[s.Milestone])
	case asked:
		s.Asked++
		late := Overdue(Dues(h.Estate, h.Progress, HandoverLimit{}, day))
		if slices.ContainsFunc(late, func(d Due) bool { return d.Milestone == s.Milestone && d.Kind == OpinionDue }) {
			s.Overdue++
		}
	case any && next == s.Milestone:
		s.Waiting++
	}
}

func (s *Stage) keeps(c Conclusion) {
	switch c {
	case Compliant:
		s.Conform++
	case NotCompliant:
		s.Fail++
	default:
		s.Unclear++
	}
}

// at is what the findings that are due at a milestone come to, of a check against all rules.
func (c Check) at(m Milestone) Conclusion {
	due := m.rules()
	return conclude(slices.DeleteFunc(slices.Clone(c.Findings), func(f Found) bool { return !slices.Contains(due, f.Rule.ID) })).Conclusion
}

func trend(all []Held, day func(Held) record.Day) []Trend {
	byYear := map[int]*Trend{}
	var years []int
	for _, h := range all {
		if h.Estate.Kind == Built {
			continue
		}
		year := yearOf(day(h))
		if byYear[year] == nil {
			byYear[year] = &Trend{Year: year}
			years = append(years, year)
		}
		byYear[year].Outcomes.add(h)
	}
	slices.SortFunc(years, func(a, b int) int {
		if (a == 0) != (b == 0) {
			return b - a // without a day last
		}
		return a - b
	})
	out := []Trend{}
	for _, y := range years {
		out = append(out, *byYear[y])
	}
	return out
}

// yearOf is the year of a day; 0 where there is none.
func yearOf(d record.Day) int {
	if len(d) < 4 {
		return 0
	}
	year, err := strconv.Atoi(string(d[:4]))
	if err != nil {
		return 0
	}
	return year
}
