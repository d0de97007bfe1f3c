package coveragelive

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"yike/coverage"
	"yike/coverage/siting"
	"yike/facilities"
)

const (
	leastUse   = 0.0001    // of a use rate
	ratePerOne = 1_000_000 // steps of a use rate
)

// UnknownCapacityError says that the registry does not know how much some open facilities can
// take, and that nobody said what then holds.
type UnknownCapacityError struct{ Facilities []facilities.Facility }

// Error names the first of them.
func (e *UnknownCapacityError) Error() string {
	return fmt.Sprintf("the capacity of %d open facilities is not known, such as that of %s", len(e.Facilities), e.Facilities[0].NameZH)
}

// Loads is who finds a place, where sites serve no more than they can take.
type Loads struct {
	UseRate    float64
	Served     coverage.People // who finds a place
	TurnedAway coverage.People // who reaches a site and finds none
	Existing   []ExistingLoad
}

// ExistingLoad is what falls to a facility that stays open. Those of new sites are the
// Load of Plan.Sites.
type ExistingLoad struct {
	Facility facilities.Facility
	Load     coverage.People
	LeftOut  bool // its capacity is not known, and it counts as if it were closed
}

// posing makes of what is asked a question for the solver, and of its answer a Siting.
type posing struct {
	state *State
	trial *trial
	asked SitingAsked
	out   *Siting

	standing []siting.Standing // of the baseline's sites
	replaced []int32           // sites of the baseline, ascending
	capacity []int64           // of the baseline's sites, in coverage.People; nil where capacities play no part
	q        siting.Question
	limit    siting.Limit
	spent    int64 // on what is required: sites, or money where prices differ
}

func (p *posing) candidate(number int32) Candidate {
	return p.out.Candidates[int(number)-len(p.trial.baseline.Sites)]
}

// price is that of a candidate, in hundredths; 0 where nobody said.
func (p *posing) price(c Candidate) int64 { return cmp.Or(c.Price, p.asked.Price) }

// persons are how many people of the band a number of units can take, rounded down.
func (p *posing) persons(units int64) int64 {
	rate := max(int64(math.Round(p.asked.Capacity.UseRate*ratePerOne)), 1)
	return units * int64(coverage.Person) * ratePerOne / rate
}

// stand says what becomes of the facilities that are open.
func (p *posing) stand() error {
	list := p.trial.facilities
	p.standing = slices.Repeat([]siting.Standing{siting.Existing}, len(list))
	for i, id := range p.asked.Replaced {
		at := slices.IndexFunc(list, func(f facilities.Facility) bool { return f.ID == id })
		if at < 0 {
			return blame(fmt.Sprintf("replaced/%d", i), fmt.Errorf("%w: %q", ErrNotOpen, id))
		}
		p.standing[at] = siting.Excluded
		p.replaced = append(p.replaced, int32(at)) //nolint:gosec // fewer than 2^31
	}
	slices.Sort(p.replaced)
	p.replaced = slices.Compact(p.replaced)
	if !p.asked.counts() {
		return nil
	}
	return p.standWithin()
}

// standWithin reads the capacities of those that stay.
func (p *posing) standWithin() error {
	p.capacity = make([]int64, len(p.standing))
	unknown := &UnknownCapacityError{}
	bounded := p.asked.Capacity.New > 0 || slices.ContainsFunc(p.asked.Rules.Places, func(c CandidatePlace) bool { return c.Capacity > 0 })
	for j, f := range p.trial.facilities {
		switch {
		case p.standing[j] == siting.Excluded:
		case f.Capacity > 0:
			p.capacity[j], bounded = p.persons(int64(f.Capacity)), true
		case p.asked.Capacity.Unknown == NotCounted:
			p.standing[j] = siting.Excluded
		case p.asked.Capacity.Unknown == "":
			unknown.Facilities = append(unknown.Facilities, f)
		}
	}
	switch {
	case len(unknown.Facilities) > 0:
		return blame("capacity/unknown", unknown)
	case !bounded:
		return blame("capacity/new", ErrNoCapacity)
	}
	return nil
}

// pose makes the question.
func (p *posing) pose(ctx context.Context) error {
	list := slices.Clone(p.out.Candidates)
	for k := range list {
		list[k].Price = p.price(list[k])
		list[k].Capacity = 0
		if units := cmp.Or(p.out.Candidates[k].Capacity, p.asked.Capacity.New); p.asked.counts() && units > 0 {
			list[k].Capacity = p.persons(units)
		}
	}
	var err error
	if p.asked.Aim == ShortestLongest {
		p.q = p.bare()
	} else if p.q, err = SitingQuestion(ctx, p.trial.baseline, list, p.capacity, p.out.Band, 1); err != nil {
		return err
	}
	copy(p.q.Standing, p.standing)
	p.prefer()
	if err := p.require(); err != nil {
		return err
	}
	return p.bound()
}

// prefer counts the people of the preferred band several times.
func (p *posing) prefer() {
	if p.asked.Prefer.Times < 2 {
		return
	}
	band := coverage.BandIndex(p.state.Bands, p.asked.Prefer.Band)
	for i, n := range p.trial.baseline.Ground.Demand.People[band] {
		p.q.Weight[i] += int64(n) * int64(p.asked.Prefer.Times-1)
	}
}

// require opens what must be chosen.
func (p *posing) require() error {
	first := len(p.trial.baseline.Sites)
	for i, id := range p.asked.Required {
		at := slices.IndexFunc(p.out.Candidates, func(c Candidate) bool { return c.ID == id })
		if at < 0 {
			return blame(fmt.Sprintf("required/%d", i), fmt.Errorf("%w: %q", ErrNotCandidate, id))
		}
		p.q.Standing[first+at] = siting.Existing
		p.out.Required = append(p.out.Required, int32(first+at)) //nolint:gosec // fewer than 2^31
	}
	slices.Sort(p.out.Required)
	p.out.Required = slices.Compact(p.out.Required)
	return nil
}

// bound turns the number of sites and the budget into a limit for what is free. Where all
// prices are equal, money is a number of sites.
func (p *posing) bound() error {
	low, high, cost := int64(math.MaxInt64), int64(0), int64(0)
	for _, c := range p.out.Candidates {
		low, high = min(low, p.price(c)), max(high, p.price(c))
	}
	for _, r := range p.out.Required {
		cost += p.price(p.candidate(r))
	}
	rest := p.asked.Budget - cost
	if p.asked.Budget > 0 && rest < 0 {
		return blame("budget", ErrOverBudget)
	}
	p.limit = siting.Limit{Sites: p.asked.Sites - len(p.out.Required)}
	p.spent, p.out.Priced = int64(len(p.out.Required)), low < high
	if low == high {
		p.q.Price = nil
		if p.asked.Budget > 0 {
			p.limit.Sites = int(min(int64(p.limit.Sites), rest/low))
		}
	} else {
		p.limit.Budget, p.spent = max(rest, 0), cost
	}
	if p.asked.Aim == FewestSites {
		return nil // it knows no limit
	}
	if p.limit.Sites <= 0 || p.asked.Budget > 0 && rest < low {
		// Zero would not limit at all.
		p.limit = siting.Limit{Sites: 1}
		for j, s := range p.q.Standing {
			if s == siting.Free {
				p.q.Standing[j] = siting.Excluded
			}
		}
	}
	return nil
}

// solve asks for the aim. Effort is counted, not timed, so that equal questions have equal
// answers.
func (p *posing) solve(ctx context.Context) error {
	e := siting.Effort{Kicks: sitingKicks, Reads: sitingReads}
	a, err := p.asked, error(nil)
	switch a.Aim {
	case FewestSites:
		if p.out.Plan, err = siting.FewestSites(ctx, p.q, shareOf(p.q.Weight, a.Share), e); err == nil {
			p.out.Plan.Value += p.spent
			p.out.Plan.Bound += p.spent
		}
	case ShortestWays:
		p.out.Before = p.walked()
		p.out.Plan, err = siting.Median(ctx, p.q, p.limit, a.beyond(), e)
	case ShortestLongest:
		err = p.center(ctx)
	default:
		if p.out.Plan, err = siting.MaxCoverage(ctx, p.q, p.limit, e); err == nil {
			p.out.Before, err = p.served(ctx)
		}
	}
	if err != nil {
		return err
	}
	p.settle()
	if a.counts() {
		p.out.Loads = p.loads()
	}
	return nil
}

// settle puts what was required among the sites that were chosen.
func (p *posing) settle() {
	plan, first := p.out.Plan, int32(len(p.trial.baseline.Sites)) //nolint:gosec // fewer than 2^31
	at := slices.IndexFunc(plan.Existing, func(s siting.Site) bool { return s.Candidate >= first })
	if at < 0 {
		return
	}
	plan.Sites = append(plan.Sites, plan.Existing[at:]...)
	plan.Existing = plan.Existing[:at]
	slices.SortFunc(plan.Sites, func(a, b siting.Site) int { return cmp.Compare(a.Candidate, b.Candidate) })
}

// loads says who finds a place.
func (p *posing) loads() *Loads {
	plan := p.out.Plan
	l := &Loads{UseRate: p.asked.Capacity.UseRate, Served: coverage.People(plan.Served)}
	for _, s := range plan.Existing {
		l.Existing = append(l.Existing, ExistingLoad{Facility: p.trial.facilities[s.Candidate], Load: coverage.People(s.Load)})
	}
	for j, f := range p.trial.facilities {
		if p.standing[j] == siting.Excluded && !slices.Contains(p.replaced, int32(j)) { //nolint:gosec // fewer than 2^31
			l.Existing = append(l.Existing, ExistingLoad{Facility: f, LeftOut: true})
		}
	}
	slices.SortFunc(l.Existing, func(a, b ExistingLoad) int { return strings.Compare(a.Facility.ID, b.Facility.ID) })
	reached := int64(0)
	for i, on := range p.reached(append(slices.Clone(plan.Existing), plan.Sites...)) {
		if on {
			reached += p.q.Weight[i]
		}
	}
	l.TurnedAway = coverage.People(reached - plan.Served)
	return l
}

// reached says per point whether one of the sites reaches it.
func (p *posing) reached(sites []siting.Site) []bool {
	out := make([]bool, len(p.q.Weight))
	for _, s := range sites {
		for _, i := range p.q.Reach.Demand[p.q.Reach.Start[s.Candidate]:p.q.Reach.Start[s.Candidate+1]] {
			out[i] = true
		}
	}
	return out
}

// served is how much weight is served as things are.
func (p *posing) served(ctx context.Context) (int64, error) {
	b := p.trial.baseline
	if !p.asked.counts() {
		sum := int64(0)
		for i, w := range p.q.Weight {
			if b.Result.State[i] == coverage.Covered {
				sum += w
			}
		}
		return sum, nil
	}
	q := p.q
	q.Standing = slices.Repeat([]siting.Standing{siting.Excluded}, len(p.q.Standing))
	copy(q.Standing, p.standing)
	for _, j := range p.replaced { // they are open today
		q.Standing[j] = siting.Existing
	}
	q.Capacity = slices.Clone(p.q.Capacity)
	for _, j := range p.replaced {
		if units := p.trial.facilities[j].Capacity; units > 0 {
			q.Capacity[j] = min(q.Capacity[j], p.persons(int64(units)))
		}
	}
	plan, err := siting.MaxCoverage(ctx, q, siting.Limit{Sites: 1}, siting.Effort{Kicks: -1, Steps: -1, Nodes: -1, Reads: -1})
	if err != nil {
		return 0, fmt.Errorf("find who is served today: %w", err)
	}
	return plan.Served, nil
}

// walked is weight × time as things are; a person beyond the limit counts as walking
// twice the limit.
func (p *posing) walked() int64 {
	b, sum := p.trial.baseline, int64(0)
	for i, w := range p.q.Weight {
		t := int64(p.asked.beyond())
		if b.Result.State[i] == coverage.Covered {
			t = int64(b.Result.Time[i])
		}
		sum += w * t
	}
	return sum
}

// plan opens what was chosen and closes what is replaced.
func (p *posing) plan() coverage.Plan {
	b := p.trial.baseline
	plan := PlanOf(b, p.out.Candidates, p.out.Plan)
	for i := range plan.Sites {
		plan.Sites[i].To.Division = p.out.Places[int(p.out.Plan.Sites[i].Candidate)-len(b.Sites)]
	}
	for _, j := range p.replaced {
		plan.Sites = append(plan.Sites, coverage.SiteEdit{Kind: coverage.CloseSite, Site: j})
	}
	return plan
}

func (a SitingAsked) beyond() int32 {
	return int32(beyondTimes * a.LimitS * 1000) //nolint:gosec // at most 7,200 s; of a distance, metres at a metre a second
}

// shareOf is the least weight that is at least a share of all, to the ten-millionth.
func shareOf(weights []int64, share float64) int64 {
	all := int64(0)
	for _, w := range weights {
		all += w
	}
	parts := int64(math.Round(share * shareTenMillion))
	whole, rest := all/shareTenMillion, all%shareTenMillion
	return whole*parts + (rest*parts+shareTenMillion-1)/shareTenMillion
}
