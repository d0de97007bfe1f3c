package coveragelive

import (
	"context"
	"errors"
	"fmt"

	"yike/coverage"
	"yike/coverage/access"
	"yike/coverage/walknet"
	"yike/facilities"
)

// AccessMethod is how people share a supply out among one another, as it is written in the
// API and in addresses.
type AccessMethod string

// The methods. All keep to the law of access: what people have adds up to what is supplied.
const (
	TwoStep         AccessMethod = "2sfca"    // all within the limit alike
	GaussianTwoStep AccessMethod = "gaussian" // falling with the walk, to nothing at the limit
	EnhancedTwoStep AccessMethod = "enhanced" // by thirds of the limit: 1, 0.68, 0.22
	Gravity         AccessMethod = "gravity"  // one over the minutes of the walk
	ThreeStep       AccessMethod = "3sfca"    // Gaussian, and people divide themselves among what they may choose
)

// aMinute is the unit of Gravity: in it nearness makes no more difference.
const aMinute = 60_000

// rule is what a method weighs by; false where there is no such method.
func (m AccessMethod) rule(limit walknet.Milliseconds) (access.Rule, bool) {
	edge := int32(limit)
	switch m {
	case TwoStep:
		return access.Rule{Weight: access.Binary(edge)}, true
	case GaussianTwoStep:
		return access.Rule{Weight: access.Gaussian(edge)}, true
	case EnhancedTwoStep:
		return access.Rule{Weight: access.Thirds(edge)}, true
	case Gravity:
		return access.Rule{Weight: access.Inverse(edge, aMinute)}, true
	case ThreeStep:
		return access.Rule{Weight: access.Gaussian(edge), Choice: access.Gaussian(edge)}, true
	default:
		return access.Rule{}, false
	}
}

// Bounds of a question about access.
const (
	MostCapacity   = 1_000_000 // of one facility, in its type's unit
	MostThresholds = 5
	accessesKept   = 6 // each holds 24 bytes a walk
)

// What a question about access may be wrong about, besides ErrNotWalked, ErrUnknownBand and
// what a plan may be.
var (
	ErrUnknownMethod = errors.New("no such method")
	ErrThresholds    = errors.New("thresholds are numbers above 0, at most five")
	ErrCapacity      = errors.New("a capacity is a number from 0 to a million")
)

// PlannedCapacityError says which of the capacities that a plan states cannot be.
type PlannedCapacityError struct {
	At  int // index into the capacities
	Err error
}

// Error names the capacity by its place, from 1 on.
func (e *PlannedCapacityError) Error() string { return fmt.Sprintf("capacity %d: %v", e.At+1, e.Err) }

// Unwrap gives the reason.
func (e *PlannedCapacityError) Unwrap() error { return e.Err }

// AccessAsked asks how much of a supply people can get at.
type AccessAsked struct {
	Query
	Band    string // id; "" is the widest
	Method  AccessMethod
	Unknown float64   // stands for every capacity that nobody recorded; 0 leaves such facilities out
	Under   []float64 // places per person: how many people have less
	Steps   []Step    // a plan
	// Capacities are what a plan makes of facilities: those that it adds, and others that
	// are to be larger or smaller.
	Capacities []PlannedCapacity
}

// PlannedCapacity is what one facility supplies in a plan.
type PlannedCapacity struct {
	ID       string
	Capacity float64 // in the unit of its type
}

// Access is how much of a supply people can get at, as things are and as a plan makes them.
type Access struct {
	Query  Query // with the base that was used
	Type   facilities.TypeInfo
	Band   int // index into the state's bands
	Method AccessMethod
	Delta  *coverage.Delta
	// Facilities are those of Delta.Sites, in step: of an added site only ID and Point.
	Facilities []facilities.Facility
	Untiered   int             // open ones of the type that are not counted, since a tier is asked for and theirs is not recorded
	Unsnapped  coverage.People // of the band, too far from any path: they reach nothing
	Before     *AccessFigures
	After      *AccessFigures // nil without a plan
	// Rise and Fall are, per division and last of all people, those who have more or less
	// of the supply in the plan. nil without a plan.
	Rise, Fall []coverage.People
}

// Access answers how much of a supply people can get at. It writes nothing; what holds
// without a plan is kept for the questions asked last. Errors are those of WhatIf, those
// above, ErrNotWalked, ErrUnknownBand and a *PlannedCapacityError.
func (s *State) Access(ctx context.Context, a AccessAsked) (*Access, error) {
	q, err := s.complete(a.Query)
	if err != nil {
		return nil, err
	}
	out := &Access{Query: q, Method: a.Method}
	if out.Type, _ = s.TypeInfo(q.Type); out.Type.Measure != facilities.Walk {
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
	w, err := s.WhatIf(ctx, q, a.Steps)
	if err != nil {
		return nil, err
	}
	out.Query, out.Delta, out.Facilities = w.Query, w.Delta, w.Facilities
	if w.Query.Tier != 0 {
		_, _, out.Untiered = s.open(w.Query)
	}
	b := w.Delta.Baseline
	key := accessKey{query: w.Query, band: out.Band, method: a.Method, unknown: a.Unknown}
	copy(key.under[:], a.Under)
	base, err := s.accesses.get(key).get(ctx, inSlot(s.slots, func(ctx context.Context) (*accessBase, error) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		return newAccessBase(b, w.Facilities[:len(b.Sites)], out.Type, key)
	}))
	if err != nil {
		return nil, err
	}
	return inSlot(s.slots, func(ctx context.Context) (*Access, error) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		return out, out.answer(base, a)
	})(ctx)
}

func (a *AccessAsked) check() error {
	if _, ok := a.Method.rule(0); !ok {
		return fmt.Errorf("%w: %q", ErrUnknownMethod, a.Method)
	}
	if !(a.Unknown >= 0 && a.Unknown <= MostCapacity) {
		return fmt.Errorf("%w: %v", ErrCapacity, a.Unknown)
	}
	for _, t := range a.Under {
		if !(t > 0) || len(a.Under) > MostThresholds {
			return fmt.Errorf("%w: %v", ErrThresholds, a.Under)
		}
	}
	for i, c := range a.Capacities {
		if !(c.Capacity >= 0 && c.Capacity <= MostCapacity) {
			return &PlannedCapacityError{i, ErrCapacity}
		}
	}
	return nil
}

// answer works out what is asked, from what holds without a plan.
func (out *Access) answer(base *accessBase, a AccessAsked) error {
	stated, err := out.stated(a.Capacities)
	if err != nil {
		return err
	}
	out.Unsnapped = out.Delta.Baseline.Summary.Total[out.Band].Unsnapped
	if out.Before = base.told; len(a.Steps)+len(a.Capacities) == 0 {
		return nil
	}
	planned, err := base.planned(out.Delta, out.Facilities, out.Type, stated)
	if err != nil {
		return err
	}
	if out.After, err = planned.figures(); err != nil {
		return err
	}
	out.compare(base.measure.Access(), planned.measure.Access())
	return nil
}

// stated gives by the number of the site what a plan says that it supplies.
func (out *Access) stated(list []PlannedCapacity) (map[int]float64, error) {
	at := make(map[string]int, len(out.Facilities))
	for i, f := range out.Facilities {
		at[f.ID] = i
	}
	stated := make(map[int]float64, len(list))
	for i, c := range list {
		site, ok := at[c.ID]
		if !ok {
			return nil, &PlannedCapacityError{i, ErrNoFacility}
		}
		if _, twice := stated[site]; twice {
			return nil, &PlannedCapacityError{i, ErrSameID}
		}
		stated[site] = c.Capacity
	}
	return stated, nil
}

// rounding is by how much what a plan leaves as it is may differ: the same shares added up in
// another order.
const rounding = 1e-12

// compare counts who has more and who has less.
func (out *Access) compare(before, after []float64) {
	g := out.Delta.Baseline.Ground
	all := g.Hierarchy.Len()
	out.Rise, out.Fall = make([]coverage.People, all+1), make([]coverage.People, all+1)
	for i, was := range before {
		into, change := out.Rise, after[i]-was
		switch edge := rounding * max(was, after[i]); {
		case change < -edge:
			into = out.Fall
		case change <= edge:
			continue
		}
		n := g.Demand.People[out.Band][i]
		into[all] += n
		for up := g.Demand.Division[i]; up >= 0; up = g.Hierarchy.Parent(up) {
			into[up] += n
		}
	}
}
