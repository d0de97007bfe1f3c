package coveragelive

import (
	"context"
	"errors"
	"fmt"

	"yike/coverage"
	"yike/coverage/walknet"
	"yike/facilities"
)

// What a figure or a route may be wrong about, besides what a plan may be.
var (
	ErrNoSuchDivision = errors.New("the data have no such division")
	ErrNoSuchSite     = errors.New("no such facility takes part in the answer")
	ErrNoSuchGap      = errors.New("the answer has no such gap")
	ErrNoSuchPoint    = errors.New("the base has no such population point")
)

// FigureAsked names one number of an answer, or of a plan, by whose people it counts.
type FigureAsked struct {
	Part     coverage.Part
	Band     string // "" is the widest
	Division string // code; "" for everybody
	Outside  bool   // the people in no division at all, instead of a division
	Facility string // id; "" for the figures that are not of one facility
	Gap      string // id of a gap of the answer without a plan, for the people of its area only
}

// Explained is a figure with what it is made of.
type Explained struct {
	*WhatIf
	Figure coverage.Figure
	Behind coverage.Behind

	look *coverage.Outlook // made when first asked
}

// Explain finds the people behind a figure of the answer to a question or, where there are
// steps, of a plan. Errors besides those of WhatIf are ErrUnknownBand, ErrNoSuchDivision,
// ErrNoSuchSite and ErrNoSuchGap.
func (s *State) Explain(ctx context.Context, q Query, steps []Step, asked FigureAsked) (*Explained, error) {
	w, err := s.WhatIf(ctx, q, steps)
	if err != nil {
		return nil, err
	}
	f, err := s.figureOf(ctx, w, asked)
	if err != nil {
		return nil, err
	}
	return inSlot(s.slots, func(ctx context.Context) (*Explained, error) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		return &Explained{WhatIf: w, Figure: f, Behind: w.Delta.Behind(f)}, nil
	})(ctx)
}

func (s *State) figureOf(ctx context.Context, w *WhatIf, asked FigureAsked) (coverage.Figure, error) {
	f := coverage.Figure{Part: asked.Part, Band: coverage.Widest(s.Bands), Division: coverage.Everywhere, Site: coverage.AnySite}
	if asked.Band != "" {
		f.Band = coverage.BandIndex(s.Bands, asked.Band)
	}
	if f.Band < 0 {
		return f, fmt.Errorf("%w: %q", ErrUnknownBand, asked.Band)
	}
	switch {
	case asked.Outside:
		f.Division = coverage.NoDivision
	case asked.Division != "":
		if f.Division = s.Hierarchy.Find(asked.Division); f.Division < 0 {
			return f, fmt.Errorf("%w: %q", ErrNoSuchDivision, asked.Division)
		}
	}
	if asked.Facility != "" {
		if f.Site = w.site(asked.Facility); f.Site < 0 {
			return f, fmt.Errorf("%w: %q", ErrNoSuchSite, asked.Facility)
		}
	}
	if asked.Gap != "" {
		points, err := s.gapPoints(ctx, w.Query, asked.Gap)
		f.Among = points
		return f, err
	}
	return f, nil
}

// site is the number of a facility in the plan, -1 for none.
func (w *WhatIf) site(id string) int32 {
	for i, f := range w.Facilities {
		if f.ID == id {
			return int32(i) //nolint:gosec // fewer than 2^31
		}
	}
	return -1
}

func (s *State) gapPoints(ctx context.Context, q Query, id string) ([]int32, error) {
	a, err := s.Coverage(ctx, q)
	if err != nil {
		return nil, err
	}
	gaps, err := a.Gaps(ctx)
	if err != nil {
		return nil, err
	}
	for _, g := range gaps {
		if g.ID == id {
			return g.Points, nil
		}
	}
	return nil, fmt.Errorf("%w: %q", ErrNoSuchGap, id)
}

// Facts tells of some of the points behind the figure: count of them, from first on.
func (e *Explained) Facts(ctx context.Context, first, count int) ([]coverage.PointFacts, error) {
	points := e.Behind.Points[min(first, len(e.Behind.Points)):]
	points = points[:min(count, len(points))]
	return inSlot(e.state.slots, func(ctx context.Context) ([]coverage.PointFacts, error) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if e.look == nil {
			e.look = e.Delta.Outlook()
		}
		out := make([]coverage.PointFacts, len(points))
		for i, p := range points {
			out[i] = e.look.Facts(p, e.Figure.Band)
		}
		return out, nil
	})(ctx)
}

// Units lists the communities behind a rate by unit: at or below a division, or all for "".
func (s *State) Units(ctx context.Context, q Query, steps []Step, division string) (*WhatIf, []coverage.Unit, error) {
	at := coverage.Everywhere
	if division != "" {
		if at = s.Hierarchy.Find(division); at < 0 {
			return nil, nil, fmt.Errorf("%w: %q", ErrNoSuchDivision, division)
		}
	}
	w, err := s.WhatIf(ctx, q, steps)
	if err != nil {
		return nil, nil, err
	}
	return w, coverage.UnitsBehind(s.Hierarchy, w.Delta.Sites, at), nil
}

// RouteAsked is a walk between a population point and a facility.
type RouteAsked struct {
	Point    string // id
	Facility string // id; "" for the nearest that there is
	Back     bool   // from the facility home
}

// RouteFound is the walk, or why there is none.
type RouteFound struct {
	Query    Query
	Point    coverage.PointFacts  // its people are of the widest band
	Facility *facilities.Facility // nil where none is near
	At       coverage.Site        // the facility in the plan
	FarM     int                  // how far was looked, in metres of level way
	Found    bool                 // whether there is a way within that
	Counted  bool                 // whether it is within the limit
	Route    walknet.Route        // where there is one
	Why      coverage.Reason      // where there is none

	Facilities []facilities.Facility // by the point\'s Nearest
}

// Route finds the walk that the answer counts, or that of somebody who is not covered, as
// far as coverage.OutlookTimes the limit. The walk home is another one where streets are
// one-way or slopes count. ErrNoSuchPoint and ErrNoSuchSite, besides those of WhatIf.
func (s *State) Route(ctx context.Context, q Query, steps []Step, asked RouteAsked) (*RouteFound, error) {
	w, err := s.WhatIf(ctx, q, steps)
	if err != nil {
		return nil, err
	}
	point, ok := s.points[w.Query.Base][asked.Point]
	if !ok {
		return nil, fmt.Errorf("%w: %q", ErrNoSuchPoint, asked.Point)
	}
	site := coverage.AnySite
	if asked.Facility != "" {
		if site = w.site(asked.Facility); site < 0 {
			return nil, fmt.Errorf("%w: %q", ErrNoSuchSite, asked.Facility)
		}
	}
	return inSlot(s.slots, func(ctx context.Context) (*RouteFound, error) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		return w.route(point, site, asked.Back), nil
	})(ctx)
}

func (w *WhatIf) route(point, site int32, back bool) *RouteFound {
	facts := w.Delta.Outlook().Facts(point, coverage.Widest(w.state.Bands))
	p := w.Delta.Baseline.Params
	far := p.Outlook()
	out := &RouteFound{Query: w.Query, Facilities: w.Facilities, Point: facts, FarM: int(int64(far) * int64(p.Speed) / 1_000_000), Why: facts.Reason}
	if site < 0 {
		site = facts.Nearest
	}
	if p.Mode != coverage.OnFoot {
		out.Why = coverage.NotWalked
	}
	if site < 0 || p.Mode != coverage.OnFoot {
		return out
	}
	out.Facility, out.At = &w.Facilities[site], w.Delta.Sites[site]
	home := walknet.Door{Point: facts.At, Snap: facts.Snap}
	there := walknet.Door{Point: w.Delta.Sites[site].Point, Snap: w.Delta.Sites[site].Snap}
	if back {
		home, there = there, home
	}
	out.Route, out.Found = w.Delta.Network.Route(home, there, far, p.Speed)
	out.Counted = out.Found && out.Route.Time <= p.Limit
	switch {
	case out.Found:
		out.Why = ""
	case !w.Delta.Sites[site].Snap.OK():
		out.Why = coverage.NoSitePath
	case facts.Snap.OK() && out.Why != coverage.OnIsland:
		out.Why = coverage.NoneNear
	}
	return out
}
