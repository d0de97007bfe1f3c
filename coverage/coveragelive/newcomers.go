package coveragelive

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/bits"
	"slices"

	"github.com/paulmach/orb"

	"yike/coverage"
	"yike/coverage/walknet"
	"yike/facilities"
	"yike/geo/divisions"
)

// AroundAsked asks what people who are not there yet would reach on foot, and what they would
// do to what is there: those of a planned housing estate.
type AroundAsked struct {
	Query                 // Type and Tier are of no meaning
	At      orb.Point     // lon/lat WGS 84: where they come out onto the street
	People  int           // planned
	Planned []PlannedSite // what comes with them
}

// PlannedSite is a facility that comes with newcomers.
type PlannedSite struct {
	ID   string // the caller's; no facility's
	Type facilities.Type
	At   orb.Point // lon/lat WGS 84
}

// mostPlanned bounds the facilities of one question.
const mostPlanned = MostSteps

// Around is what newcomers reach, and what they and their facilities change.
type Around struct {
	Query    Query // with the base that was used; of no type
	At       orb.Point
	Division int32             // index into the state's divisions of the finest one there; -1 outside all
	Snap     walknet.Snap      // on the streets as they walk them
	People   []coverage.People // per band; see LikeThePeople
	Types    []AroundType      // in the order of the catalogue: those that are walked to, and others of which there are any
}

// AroundType is one facility type.
type AroundType struct {
	Type       facilities.TypeInfo
	Query      Query
	Facilities []facilities.Facility // in step with the numbers of Without; With has the planned ones after them
	Without    coverage.Arrival      // as things are
	With       *coverage.Arrival     // with what is planned of the type; nil where nothing is
	Strains    []Strain              // of the facilities within reach, those whose people grow most first once sorted
	// Gained are, per band, people who live there today and are covered only by what is
	// planned; nil where nothing is. Uncovered are all that are not covered today.
	Gained, Uncovered []coverage.People
}

// Strain is what newcomers do to a facility within their reach.
type Strain struct {
	Facility      int32 // number
	Time          walknet.Milliseconds
	Before        []coverage.People // per band, those within the limit of it today
	Capacity      float64           // in the unit of its type, where CapacityKnown
	CapacityKnown bool
}

// LikeThePeople spreads people over the age bands as those of a base are spread today: nobody
// knows who will move in. The widest band stands for all; each is rounded down to a
// ten-thousandth of a person. None without people.
func (s *State) LikeThePeople(base divisions.Base, people int) []coverage.People {
	out := make([]coverage.People, len(s.Bands))
	d, widest := s.Demand[base], coverage.Widest(s.Bands)
	if d == nil || widest < 0 || people <= 0 {
		return out
	}
	sums := make([]coverage.People, len(s.Bands))
	for k, row := range d.People {
		for _, n := range row {
			sums[k] += n
		}
	}
	all := sums[widest]
	for k, sum := range sums {
		if sum <= 0 || sum > all {
			continue
		}
		high, low := bits.Mul64(uint64(people)*uint64(coverage.Person), uint64(sum)) //nolint:gosec // all above 0
		part, _ := bits.Div64(high, low, uint64(all))                                //nolint:gosec // sum ≤ all, so the quotient fits
		out[k] = coverage.People(part)                                               //nolint:gosec // at most the people asked for
	}
	return out
}

// Around answers what newcomers would reach and change. It writes nothing. Errors are those of
// WhatIf, of which a *StepError names the planned site by its place, and those of the context.
func (s *State) Around(ctx context.Context, a AroundAsked) (*Around, error) {
	if !onEarth(a.At) {
		return nil, ErrBadPlace
	}
	if len(a.Planned) > mostPlanned {
		return nil, fmt.Errorf("%w: %d planned, at most %d", ErrTooManySteps, len(a.Planned), mostPlanned)
	}
	a.Tier = 0
	out := &Around{At: a.At, Division: s.locate().Locate(a.At)}
	for _, info := range s.typesAround(a.Planned) {
		q := a.Query
		q.Type = info.Type
		t, err := s.aroundType(ctx, info, q, a, out)
		if err != nil {
			return nil, err
		}
		out.Types = append(out.Types, *t)
	}
	return out, nil
}

// typesAround are the types worth asking about.
func (s *State) typesAround(planned []PlannedSite) []facilities.TypeInfo {
	present := s.PresentTypes()
	return slices.DeleteFunc(slices.Clone(s.Types), func(info facilities.TypeInfo) bool {
		comes := slices.ContainsFunc(planned, func(p PlannedSite) bool { return p.Type == info.Type })
		return !comes && !slices.Contains(present, info.Type) && (info.Measure != facilities.Walk || info.Retired)
	})
}

func (s *State) aroundType(ctx context.Context, info facilities.TypeInfo, q Query, a AroundAsked, out *Around) (*AroundType, error) {
	q, err := s.complete(q)
	if err != nil {
		return nil, err
	}
	if q.tooWide() {
		return nil, fmt.Errorf("%w: %d s at %d mm/s, at most %d m", ErrTooWide, q.LimitS, q.Speed, mostWalkM)
	}
	g, err := s.ground(ctx, q)
	if err != nil {
		return nil, err
	}
	if out.People == nil || info.Measure == facilities.Walk {
		out.Query = q
		out.Query.Type = ""
		out.People = s.LikeThePeople(q.Base, a.People)
	}
	n := coverage.Newcomers{At: a.At, Division: out.Division, People: out.People}
	t := &AroundType{Type: info, Query: q}
	_, err = inSlot(s.slots, func(ctx context.Context) (bool, error) {
		if err := ctx.Err(); err != nil {
			return false, err
		}
		var sites []coverage.Site
		t.Facilities, sites, _ = s.open(q)
		t.Without = g.Arrive(sites, s.params(q), n)
		if info.Measure == facilities.Walk {
			out.Snap = t.Without.Snap
			t.load(g, sites, s.params(q), s.workers)
		}
		return true, nil
	})(ctx)
	if err != nil {
		return nil, err
	}
	return t, s.planned(ctx, t, a, n)
}

// load says who shares the facilities within reach.
func (t *AroundType) load(g *coverage.Ground, sites []coverage.Site, p coverage.Params, workers int) {
	near := make([]coverage.Site, len(t.Without.Sites))
	for k, site := range t.Without.Sites {
		near[k] = sites[site]
	}
	for k, before := range g.Within(near, p, workers) {
		site := t.Without.Sites[k]
		l := Strain{Facility: site, Time: t.Without.Times[k], Before: before}
		l.Capacity, l.CapacityKnown = capacityOf(t.Facilities[site], t.Type)
		t.Strains = append(t.Strains, l)
	}
}

// planned says what the facilities that come with the newcomers change.
func (s *State) planned(ctx context.Context, t *AroundType, a AroundAsked, n coverage.Newcomers) error {
	var steps []Step
	var places []int
	for i, p := range a.Planned {
		if p.Type == t.Type.Type {
			steps, places = append(steps, Step{Kind: AddSite, ID: p.ID, At: p.At}), append(places, i)
		}
	}
	if len(steps) == 0 {
		return nil
	}
	w, err := s.WhatIf(ctx, t.Query, steps)
	if err != nil {
		var at *StepError
		if errors.As(err, &at) {
			return &StepError{places[at.Step], at.Err}
		}
		return err
	}
	with := w.Delta.Arrive(n)
	t.With = &with
	t.Gained, t.Uncovered = make([]coverage.People, len(s.Bands)), make([]coverage.People, len(s.Bands))
	for k := range s.Bands {
		t.Gained[k] = w.Delta.Total[k].Gained
		t.Uncovered[k] = w.Delta.Baseline.Summary.Total[k].Uncovered
	}
	return nil
}

// SortStrains puts the loads that grow most first: by the newcomers of a band to those that a
// facility has, then the nearest.
func (t *AroundType) SortStrains(band int) {
	slices.SortStableFunc(t.Strains, func(a, b Strain) int {
		return cmp.Or(cmp.Compare(a.Before[band], b.Before[band]), cmp.Compare(a.Time, b.Time), cmp.Compare(a.Facility, b.Facility))
	})
}
