package coveragelive

import (
	"context"

	"yike/coverage"
	"yike/coverage/walknet"
	"yike/facilities"
	"yike/geo/divisions"
)

// Query is one coverage question.
type Query struct {
	Type   facilities.Type
	Base   divisions.Base // "" is the first base the data have
	LimitS int            // seconds, inclusive
	Speed  walknet.Speed
}

// Answer is what follows from a question. Counts are there at once; circles and gaps
// are drawn when first asked for, once, and kept with the answer.
type Answer struct {
	Query      Query // with the base that was used
	Type       facilities.TypeInfo
	Note       *coverage.Text        // what to keep in mind with this type; nil when nothing
	Absent     []coverage.Text       // levels that the data do not have
	Facilities []facilities.Facility // the open ones of the type, parallel to Sites
	Sites      []coverage.Site
	Demand     *coverage.Demand
	Result     *coverage.Result
	Summary    coverage.Summary

	state   *State
	circles *lazy[[]coverage.Circle]
	gaps    *lazy[[]coverage.Gap]
	places  *lazy[[]coverage.Place]
}

// Coverage answers a question, from memory when it was asked lately. Equal questions
// asked at one time are worked out once; different ones wait for a free processor.
func (s *State) Coverage(ctx context.Context, q Query) (*Answer, error) {
	q, err := s.complete(q)
	if err != nil {
		return nil, err
	}
	return s.answers.get(q).get(ctx, inSlot(s.slots, func(ctx context.Context) (*Answer, error) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		return s.answer(q), nil
	}))
}

// Once answers a question as Coverage does and keeps nothing: a report of hundreds of
// questions would else push out the answers to those that people ask.
func (s *State) Once(ctx context.Context, q Query) (*Answer, error) {
	q, err := s.complete(q)
	if err != nil {
		return nil, err
	}
	return inSlot(s.slots, func(ctx context.Context) (*Answer, error) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		return s.answer(q), nil
	})(ctx)
}

// complete fills in the base, and refuses what cannot be answered.
func (s *State) complete(q Query) (Query, error) {
	if _, ok := s.TypeInfo(q.Type); !ok {
		return q, ErrUnknownType
	}
	if q.Base == "" && len(s.Bases) > 0 {
		q.Base = s.Bases[0]
	}
	if s.Demand[q.Base] == nil {
		return q, ErrUnknownBase
	}
	return q, nil
}

func (s *State) answer(q Query) *Answer {
	info, _ := s.TypeInfo(q.Type)
	a := &Answer{
		Query: q, Type: info, Note: noteOn(info), Absent: coverage.AbsentLevels(s.Hierarchy),
		Demand: s.Demand[q.Base], state: s,
		circles: newLazy[[]coverage.Circle](), gaps: newLazy[[]coverage.Gap](), places: newLazy[[]coverage.Place](),
	}
	a.Facilities, a.Sites = s.open(q.Type)
	a.Result = coverage.Compute(s.Network, a.Demand, a.Sites, q.params())
	a.Summary = coverage.Summarise(a.Demand, a.Result, s.Hierarchy, a.Sites)
	return a
}

func (q Query) params() coverage.Params {
	return coverage.Params{Limit: walknet.Milliseconds(q.LimitS) * 1000, Speed: q.Speed}
}

// open are the open facilities of a type and, in step, their sites.
func (s *State) open(t facilities.Type) ([]facilities.Facility, []coverage.Site) {
	var list []facilities.Facility
	var sites []coverage.Site
	for i, f := range s.Facilities {
		if f.Type == t && f.Status == facilities.Open {
			list, sites = append(list, f), append(sites, s.site(f, s.facilitySnaps[i]))
		}
	}
	return list, sites
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
// not depend on how many work at it. It stops with the context's error.
func (a *Answer) Circles(ctx context.Context) ([]coverage.Circle, error) {
	return a.circles.get(ctx, inSlot(a.state.slots, func(ctx context.Context) ([]coverage.Circle, error) {
		out := make([]coverage.Circle, len(a.Sites))
		opt := walknet.CircleOptions{OffStreetM: a.state.SnapLimitM} // the drawing ends where people are no longer counted
		err := each(ctx, len(a.Sites), a.state.workers, func(i int) {
			out[i] = coverage.CircleOf(a.state.Network, a.Demand, a.Sites[i], a.Result.Params, opt)
		})
		return out, err
	}))
}

// Gaps groups and draws the uncovered people, within subdistricts where there are
// any: a gap is then one office's to close. It stops with the context's error.
func (a *Answer) Gaps(ctx context.Context) ([]coverage.Gap, error) {
	return a.gaps.get(ctx, inSlot(a.state.slots, func(ctx context.Context) ([]coverage.Gap, error) {
		return coverage.Gaps(ctx, a.Demand, a.Result, coverage.GapOptions{Within: a.state.Hierarchy.Holders(divisions.Subdistrict)})
	}))
}

// Report is the whole answer with circles and gaps drawn.
func (a *Answer) Report(ctx context.Context) (*coverage.Report, error) {
	r := a.Counts()
	var err error
	if r.Circles, err = a.Circles(ctx); err != nil {
		return nil, err
	}
	if r.Gaps, err = a.Gaps(ctx); err != nil {
		return nil, err
	}
	return r, nil
}

// Counts is the answer without drawings: Circles and Gaps are nil.
func (a *Answer) Counts() *coverage.Report {
	return &coverage.Report{
		Base: a.Query.Base, Demand: a.Demand,
		Divisions: a.state.Divisions, Hierarchy: a.state.Hierarchy,
		Sites: a.Sites, Result: a.Result, Summary: a.Summary,
	}
}
