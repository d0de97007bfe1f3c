package coveragelive

import (
	"context"
	"errors"
	"fmt"
	"math"

	"yike/coverage"
	"yike/coverage/siting"
	"yike/coverage/walknet"
	"yike/facilities"
)

// Aim is what new sites are to be good for, as it is written in the API and in addresses.
type Aim string

// The aims.
const (
	MostPeople   Aim = "most_people"   // as many people as possible with so many new sites
	FewestSites  Aim = "fewest_sites"  // a share of the people with as few new sites as possible
	ShortestWays Aim = "shortest_ways" // the shortest walks with so many new sites
)

// Bounds of a question about places.
const (
	MostNewSites    = 30
	mostPlaces      = 3_000       // candidates
	mostReach       = 40_000_000  // walks from candidates to people
	beyondTimes     = 2           // a person beyond the limit counts in ShortestWays as walking twice the limit
	sitingsAtOnce   = 1           // each keeps a processor for seconds
	sitingKicks     = 30          // restarts
	sitingReads     = 100_000_000 // entries that the branching reads
	shareTenMillion = 10_000_000
)

// What a question about places may be wrong about.
var (
	ErrNotWalked     = errors.New("nobody walks to sites of this type")
	ErrUnknownBand   = errors.New("the data have no such age band")
	ErrUnknownAim    = errors.New("no such aim")
	ErrNoCandidates  = errors.New("the rules leave no candidate")
	ErrTooMuchReach  = errors.New("the candidates have too many walks together")
	ErrUnknownWithin = errors.New("no such division")
	ErrBadCount      = errors.New("the number of new sites or the share makes no sense")
)

// SitingAsked says where new sites are to be and what for.
type SitingAsked struct {
	Query
	Band   string // id; "" is the widest
	Aim    Aim
	Sites  int     // of MostPeople and ShortestWays, 1 to MostNewSites
	Share  float64 // of FewestSites, of all people of the band, above 0 to 1
	Rules  CandidateRules
	Within string // code of a division that new sites must lie in; "" for any
}

// Siting is where new sites should be, and what they would change. All open facilities of
// the type stay: the sites of Plan are numbered from len(Delta.Baseline.Sites) on.
type Siting struct {
	Query      Query // with the base that was used
	Version    string
	Note       *coverage.Text
	Aim        Aim
	Band       int
	Candidates []Candidate
	Places     []int32 // per candidate, the finest division that holds it; -1 outside all
	Refused    []Refused
	Plan       *siting.Plan
	Delta      *coverage.Delta
	After      coverage.Summary
	Before     int64 // what Plan.Value is without any new site
}

// Siting finds places for new sites. It writes nothing, keeps nothing and stops with the
// context. Errors are those of WhatIf without steps, and those above; ErrCandidates and a
// *siting.TargetError.
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
	if err := a.check(); err != nil {
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
	return inSlot(s.slots, func(ctx context.Context) (*Siting, error) { return out, s.choose(ctx, t.baseline, a, out) })(ctx)
}

func (a SitingAsked) check() error {
	switch a.Aim {
	case MostPeople, ShortestWays:
		if a.Sites < 1 || a.Sites > MostNewSites {
			return fmt.Errorf("%w: %d sites", ErrBadCount, a.Sites)
		}
	case FewestSites:
		if !(a.Share > 0 && a.Share <= 1) {
			return fmt.Errorf("%w: a share of %v", ErrBadCount, a.Share)
		}
	default:
		return fmt.Errorf("%w: %q", ErrUnknownAim, a.Aim)
	}
	if int64(a.LimitS)*int64(a.Speed) > mostWalkM*1000 {
		return fmt.Errorf("%w: %d s at %d mm/s, at most %d m", ErrTooWide, a.LimitS, a.Speed, mostWalkM)
	}
	return nil
}

// choose works the question out, into out.
func (s *State) choose(ctx context.Context, b *coverage.Baseline, a SitingAsked, out *Siting) error {
	if err := s.candidates(b, a, out); err != nil {
		return err
	}
	q, err := SitingQuestion(b, out.Candidates, nil, out.Band, 1)
	if err != nil {
		return err
	}
	if len(q.Reach.Demand) > mostReach {
		return fmt.Errorf("%w: %d, at most %d", ErrTooMuchReach, len(q.Reach.Demand), mostReach)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if out.Plan, err = a.solve(ctx, q); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err // nobody waits any more, and what is half done is not the same twice
	}
	plan := PlanOf(b, out.Candidates, out.Plan)
	for i := range plan.Sites {
		at := int(out.Plan.Sites[i].Candidate) - len(b.Sites)
		plan.Sites[i].To.Division = out.Places[at]
	}
	if out.Delta, err = b.Apply(plan); err != nil {
		return err
	}
	out.After = out.Delta.Summary()
	out.Before = a.before(b, out.Band)
	return nil
}

func (s *State) candidates(b *coverage.Baseline, a SitingAsked, out *Siting) error {
	rules := a.Rules
	if a.Within != "" {
		at := s.Hierarchy.Find(a.Within)
		if at < 0 || len(s.Divisions[at].Boundary) == 0 {
			return ErrUnknownWithin
		}
		if len(rules.Area) > 0 {
			return fmt.Errorf("%w: a division and a drawn area", ErrCandidates)
		}
		rules.Area = s.Divisions[at].Boundary
	}
	var err error
	if out.Candidates, out.Refused, err = Candidates(b.Ground.Network, rules, s.SnapLimitM); err != nil {
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

// solve asks for the aim. Effort is counted, not timed, so that equal questions have equal
// answers.
func (a SitingAsked) solve(ctx context.Context, q siting.Question) (*siting.Plan, error) {
	e := siting.Effort{Kicks: sitingKicks, Reads: sitingReads}
	switch a.Aim {
	case FewestSites:
		return siting.FewestSites(ctx, q, shareOf(q.Weight, a.Share), e)
	case ShortestWays:
		return siting.Median(ctx, q, siting.Limit{Sites: a.Sites}, a.beyond(), e)
	default:
		return siting.MaxCoverage(ctx, q, siting.Limit{Sites: a.Sites}, e)
	}
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

// before is the value of the aim as things are.
func (a SitingAsked) before(b *coverage.Baseline, band int) int64 {
	switch a.Aim {
	case FewestSites:
		return 0
	case ShortestWays:
		sum := int64(0)
		for i, n := range b.Ground.Demand.People[band] {
			t := walknet.Milliseconds(a.beyond())
			if b.Result.State[i] == coverage.Covered {
				t = b.Result.Time[i]
			}
			sum += int64(n) * int64(t)
		}
		return sum
	default:
		return int64(b.Summary.Total[band].Covered)
	}
}
