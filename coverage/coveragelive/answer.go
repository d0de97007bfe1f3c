package coveragelive

import (
	"context"

	"yike/coverage"
	"yike/coverage/walknet"
	"yike/facilities"
	"yike/geo/divisions"
)

// Answer is what follows from a question. Counts are there at once; circles and gaps
// are drawn when first asked for, once, and kept with the answer.
type Answer struct {
	Query      Query // as it was answered: with the base that was used, without what its type makes of no meaning
	Type       facilities.TypeInfo
	Note       *coverage.Text        // what to keep in mind with this type; nil when nothing
	Absent     []coverage.Text       // levels that the data do not have
	Facilities []facilities.Facility // the open ones of the type and tier, parallel to Sites
	Untiered   int                   // open ones of the type whose tier nobody wrote down, where a tier is asked for: they are not counted
	Network    *walknet.Network      // as the question's people walk it
	Sites      []coverage.Site
	Demand     *coverage.Demand // on Network
	Result     *coverage.Result
	Summary    coverage.Summary

	state    *State
	baseline *coverage.Baseline // of a question by division; else nil
	circles  *lazy[[]coverage.Circle]
	gaps     *lazy[[]coverage.Gap]
	counting *lazy[*Counting]
	places   *lazy[[]coverage.Place]
}

// Coverage answers a question, from memory when it was asked lately. Equal questions
// asked at one time are worked out once; different ones wait for a free processor.
func (s *State) Coverage(ctx context.Context, q Query) (*Answer, error) {
	q, err := s.complete(q)
	if err != nil {
		return nil, err
	}
	kept := s.answers
	if q.otherwiseWalked() {
		kept = s.profiled
	}
	return kept.get(q).get(ctx, inSlot(s.slots, func(ctx context.Context) (*Answer, error) { return s.answer(ctx, q) }))
}

// Once answers a question as Coverage does and keeps nothing: a report of hundreds of
// questions would else push out the answers to those that people ask.
func (s *State) Once(ctx context.Context, q Query) (*Answer, error) {
	q, err := s.complete(q)
	if err != nil {
		return nil, err
	}
	return inSlot(s.slots, func(ctx context.Context) (*Answer, error) { return s.answer(ctx, q) })(ctx)
}

// answer works out a complete question.
func (s *State) answer(ctx context.Context, q Query) (*Answer, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	info, _ := s.TypeInfo(q.Type)
	a := &Answer{
		Query: q, Type: info, Note: s.noteOn(info), Absent: coverage.AbsentLevels(s.Hierarchy),
		Network: s.Network, Demand: s.Demand[q.Base], state: s,
		circles: newLazy[[]coverage.Circle](), gaps: newLazy[[]coverage.Gap](),
		places: newLazy[[]coverage.Place](), counting: newLazy[*Counting](),
	}
	a.Facilities, a.Sites, a.Untiered = s.open(q)
	p := s.params(q)
	switch {
	case p.Mode == coverage.ByDivision:
		g, err := s.ground(ctx, q)
		if err != nil {
			return nil, err
		}
		a.baseline = g.Baseline(a.Sites, p, s.workers)
		a.Result, a.Summary = a.baseline.Result, a.baseline.Summary
		return a, nil
	case q.otherwiseWalked():
		g, err := s.ground(ctx, q)
		if err != nil {
			return nil, err
		}
		a.Network, a.Demand, a.Sites = g.Network, g.Demand, g.Onto(a.Sites)
	}
	a.Result = coverage.Compute(a.Network, a.Demand, a.Sites, p)
	a.Summary = coverage.Summarise(a.Demand, a.Result, s.Hierarchy, a.Sites)
	return a, nil
}

// open are the open facilities that a question is about and, in step, their sites, and
// how many more there are of whose tier nothing is known.
func (s *State) open(q Query) (list []facilities.Facility, sites []coverage.Site, untiered int) {
	info, _ := s.TypeInfo(q.Type)
	for i, f := range s.Facilities {
		if f.Type != q.Type || f.Status != facilities.Open {
			continue
		}
		if q.Tier != 0 {
			if tier := info.TierOf(f); tier != q.Tier {
				if tier == 0 {
					untiered++
				}
				continue
			}
		}
		list, sites = append(list, f), append(sites, s.site(f, s.facilitySnaps[i]))
	}
	return list, sites, untiered
}

func (s *State) site(f facilities.Facility, snap walknet.Snap) coverage.Site {
	site := coverage.Site{ID: f.ID, Point: f.Point, Snap: snap, Division: s.Hierarchy.Find(f.DivisionCode)}
	for _, code := range f.Serves {
		if at := s.Hierarchy.Find(code); at >= 0 {
			site.Serves = append(site.Serves, at)
		}
	}
	return site
}

// Circles draws the service circle of every facility, in parallel; the result does
// not depend on how many work at it. By division nobody walks, so there are no drawings,
// only the people. It stops with the context's error.
func (a *Answer) Circles(ctx context.Context) ([]coverage.Circle, error) {
	if a.baseline != nil {
		return a.reached(), nil
	}
	return a.circles.get(ctx, inSlot(a.state.slots, func(ctx context.Context) ([]coverage.Circle, error) {
		out := make([]coverage.Circle, len(a.Sites))
		opt := walknet.CircleOptions{OffStreetM: a.state.SnapLimitM} // the drawing ends where people are no longer counted
		draw := coverage.NewCircles(a.Network, a.Demand)
		err := each(ctx, len(a.Sites), a.state.workers, func(i int) {
			out[i] = draw.Of(a.Sites[i], a.Result.Params, opt)
		})
		return out, err
	}))
}

// reached is whom each facility serves by division.
func (a *Answer) reached() []coverage.Circle {
	out := make([]coverage.Circle, len(a.Sites))
	for i := range out {
		points, _ := a.baseline.Points(int32(i)) //nolint:gosec // fewer than 2^31
		out[i] = coverage.Circle{Points: len(points), Reached: make([]coverage.People, len(a.Demand.Bands))}
		for k, served := range a.baseline.Served[i] {
			out[i].Reached[k] = served.Only + served.Shared
		}
	}
	return out
}

// Gaps groups and draws the uncovered people, within subdistricts where there are
// any: a gap is then one office's to close. It stops with the context's error.
func (a *Answer) Gaps(ctx context.Context) ([]coverage.Gap, error) {
	return a.gaps.get(ctx, inSlot(a.state.slots, func(ctx context.Context) ([]coverage.Gap, error) {
		return coverage.Gaps(ctx, a.Demand, a.Result, coverage.GapOptions{Within: a.state.Hierarchy.Holders(divisions.Subdistrict)})
	}))
}

// Report is the whole answer with circles and gaps drawn and every walk counted.
func (a *Answer) Report(ctx context.Context) (*coverage.Report, error) {
	r := a.Counts()
	var err error
	if r.Circles, err = a.Circles(ctx); err != nil {
		return nil, err
	}
	if r.Gaps, err = a.Gaps(ctx); err != nil {
		return nil, err
	}
	c, err := a.Counting(ctx)
	if err != nil {
		return nil, err
	}
	if c != nil {
		r.Overlaps, r.Served = &c.Overlaps, c.Served
	}
	return r, nil
}

// Counts is the answer without drawings and overlaps: Circles, Gaps, Overlaps and Served
// are nil.
func (a *Answer) Counts() *coverage.Report {
	return &coverage.Report{
		Base: a.Query.Base, Demand: a.Demand,
		Divisions: a.state.Divisions, Hierarchy: a.state.Hierarchy,
		Sites: a.Sites, Result: a.Result, Summary: a.Summary,
	}
}
