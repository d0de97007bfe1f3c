package coveragelive

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"yike/coverage"
	"yike/coverage/siting"
	"yike/facilities"
)

// Aim is what new sites are to be good for, as it is written in the API and in addresses.
type Aim string

// The aims.
const (
	MostPeople      Aim = "most_people"      // as many people as possible with so many new sites
	FewestSites     Aim = "fewest_sites"     // a share of the people with as few new sites, or as little money, as possible
	ShortestWays    Aim = "shortest_ways"    // the shortest walks on average with so many new sites
	ShortestLongest Aim = "shortest_longest" // the longest walk of anybody as short as possible with so many new sites
)

// Bounds of a question about places.
const (
	MostNewSites    = 30
	MostTimes       = 10              // that a person of a preferred band counts for
	MostUnits       = 1_000_000       // of a capacity
	MostPrice       = 100_000_000_000 // of one site, and of a budget
	mostPlaces      = 3_000           // candidates
	mostReach       = 40_000_000      // walks from candidates to people
	beyondTimes     = 2               // a person beyond the limit counts in ShortestWays as walking twice the limit
	sitingsAtOnce   = 1               // each keeps a processor for seconds
	sitingKicks     = 30              // restarts
	sitingReads     = 100_000_000     // entries that the branching reads
	shareTenMillion = 10_000_000
)

// What a question about places may be wrong about. Where one field is to blame, they are
// wrapped by a *FieldError.
var (
	ErrNotWalked     = errors.New("nobody walks to sites of this type")
	ErrUnknownBand   = errors.New("the data have no such age band")
	ErrUnknownAim    = errors.New("no such aim")
	ErrNoCandidates  = errors.New("the rules leave no candidate")
	ErrTooMuchReach  = errors.New("the candidates have too many walks together")
	ErrUnknownWithin = errors.New("no such division")
	ErrBadCount      = errors.New("the number of new sites or the share makes no sense")
	ErrNotOfAim      = errors.New("the aim does not know this")
	ErrBadNumber     = errors.New("the number is out of its bounds")
	ErrNoPrice       = errors.New("some candidates have no price")
	ErrOverBudget    = errors.New("the required sites cost more than the budget")
	ErrNoUse         = errors.New("capacities need to know how many of the people use them")
	ErrNoCapacity    = errors.New("there is no capacity to hold to")
	ErrBandApart     = errors.New("the preferred band does not lie within the band asked for")
	ErrNotCandidate  = errors.New("a required place is no candidate")
	ErrManyRequired  = errors.New("more places are required than new sites are asked for")
	ErrNotOpen       = errors.New("no open facility of the type has this id")
)

// FieldError says which field of a question about places is to blame.
type FieldError struct {
	Field string // path of the field in the API, such as capacity/use_rate
	Err   error
}

// Error names the field.
func (e *FieldError) Error() string { return e.Field + ": " + e.Err.Error() }

// Unwrap gives the reason.
func (e *FieldError) Unwrap() error { return e.Err }

func blame(field string, err error) error { return &FieldError{field, err} }

// Unknown says what becomes of open facilities whose capacity nobody knows.
type Unknown string

// What may become of them.
const (
	Boundless  Unknown = "boundless" // they serve everybody in their reach
	NotCounted Unknown = "left_out"  // they count as if they were closed
)

// CapacityAsked says that sites serve no more people than they have places for, in the
// unit of the type's capacity, such as meals a day or beds. The zero value asks for nothing.
type CapacityAsked struct {
	New     int64   // of a new site that has none of its own; 0 for boundless
	UseRate float64 // units that one person of the band takes up, above 0 to 1: 0.12 where 12 % of them eat there
	Unknown Unknown // needed where the registry does not know a capacity
}

// Preference counts the people of a band several times. The zero value prefers nobody.
type Preference struct {
	Band  string // id of a band within the one that is asked for
	Times int    // 2 to MostTimes
}

// SitingAsked says where new sites are to be and what for.
type SitingAsked struct {
	Query
	Band     string // id; "" is the widest
	Prefer   Preference
	Aim      Aim
	Sites    int     // at most, 1 to MostNewSites; of FewestSites not asked
	Budget   int64   // in a hundredth of the unit of money, as all prices are; 0 for none
	Share    float64 // of FewestSites, of all people of the band, above 0 to 1
	Rules    CandidateRules
	ApartM   float64  // from every facility that stays open, in a straight line; 0 for no such rule
	Within   []string // codes of divisions, in one of which new sites must lie; none for any
	Price    int64    // of a candidate that has none of its own; 0 where nobody said
	Capacity CapacityAsked
	Required []string // ids of given places and rooms that must be chosen
	Replaced []string // ids of open facilities that are to be given up
}

// Siting is where new sites should be, and what they would change. The open facilities of
// the type stay, but for those that are replaced: the sites of Plan are numbered from
// len(Delta.Baseline.Sites) on, and required ones are among Plan.Sites.
type Siting struct {
	Query      Query // with the base that was used
	Version    string
	Note       *coverage.Text
	Aim        Aim
	Band       int
	Candidates []Candidate // capacities in units
	Places     []int32     // per candidate, the finest division that holds it; -1 outside all
	Refused    []Refused
	Required   []int32 // numbers of the plan's sites that were required, ascending
	Plan       *siting.Plan
	Delta      *coverage.Delta
	After      coverage.Summary
	// Before is what Plan.Value is as things are; -1 where it is a longest walk and
	// somebody has no site to walk to.
	Before  int64
	Priced  bool  // Plan.Value of FewestSites is a sum of prices, not of sites
	Cost    int64 // of all new sites; 0 where nobody said a price
	Loads   *Loads
	LeftOut []LeftOut // of ShortestLongest
}

// Siting finds places for new sites. It writes nothing, keeps nothing and stops with the
// context. Errors are those of WhatIf without steps, and those above; ErrCandidates, a
// *UnknownCapacityError and a *siting.TargetError.
func (s *State) Siting(ctx context.Context, a SitingAsked) (*Siting, error) {
	q, err := s.complete(a.Query)
	if err != nil {
		return nil, err
	}
	a.Query = q
	out := &Siting{Query: q, Version: s.Version, Aim: a.Aim}
	info, _ := s.TypeInfo(q.Type)
	if out.Note = s.noteOn(info); info.Measure != facilities.Walk {
		return nil, ErrNotWalked
	}
	if out.Band = coverage.Widest(s.Bands); a.Band != "" {
		out.Band = coverage.BandIndex(s.Bands, a.Band)
	}
	if out.Band < 0 {
		return nil, ErrUnknownBand
	}
	if err := a.check(s.Bands, out.Band); err != nil {
		return nil, err
	}
	free, err := s.sitings.take(ctx)
	if err != nil {
		return nil, err
	}
	defer free()
	t, err := s.baselines.get(q).get(ctx, inSlot(s.slots, func(ctx context.Context) (*trial, error) { return s.trial(ctx, q) }))
	if err != nil {
		return nil, err
	}
	return inSlot(s.slots, func(ctx context.Context) (*Siting, error) { return out, s.choose(ctx, t, a, out) })(ctx)
}

// choose works the question out, into out.
func (s *State) choose(ctx context.Context, t *trial, a SitingAsked, out *Siting) error {
	p := &posing{state: s, trial: t, asked: a, out: out}
	if err := p.stand(); err != nil {
		return err
	}
	if err := s.candidates(p); err != nil {
		return err
	}
	if err := p.pose(ctx); err != nil {
		return err
	}
	if err := p.solve(ctx); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err // nobody waits any more, and what is half done is not the same twice
	}
	plan := p.plan()
	var err error
	if out.Delta, err = t.baseline.Apply(plan); err != nil {
		return err
	}
	out.After = out.Delta.Summary()
	for _, site := range out.Plan.Sites {
		out.Cost += p.price(p.candidate(site.Candidate))
	}
	return nil
}

// candidates makes the candidates by the rules, into out.
func (s *State) candidates(p *posing) error {
	a, out := p.asked, p.out
	rules := a.Rules
	if a.ApartM > 0 {
		rules.ApartM = a.ApartM
		for j, site := range p.trial.baseline.Sites {
			if p.standing[j] == siting.Existing {
				rules.Apart = append(rules.Apart, site.Point)
			}
		}
	}
	if len(a.Within) > 0 {
		area, err := s.within(a.Within)
		if err != nil {
			return err
		}
		rules.Within = append(slices.Clone(rules.Within), area)
	}
	var err error
	if out.Candidates, out.Refused, err = Candidates(p.trial.baseline.Ground.Network, rules, s.SnapLimitM); err != nil {
		return err
	}
	switch n := len(out.Candidates); {
	case n == 0:
		return ErrNoCandidates
	case n > mostPlaces:
		return fmt.Errorf("%w: %d candidates, at most %d", ErrCandidates, n, mostPlaces)
	}
	for _, c := range out.Candidates {
		out.Places = append(out.Places, s.locate().Locate(c.Point))
	}
	return nil
}
