package coveragelive

import (
	"context"
	"fmt"
	"slices"

	"github.com/paulmach/orb"

	"yike/coverage"
	"yike/coverage/walknet"
	"yike/facilities"
)

// baselinesKept bounds the memory of baselines: 16 bytes a walk each.
const baselinesKept = 6

// trial is a question as plans start from it.
type trial struct {
	baseline   *coverage.Baseline
	facilities []facilities.Facility // parallel to the baseline's sites
}

// WhatIf is what a plan would change.
type WhatIf struct {
	Query Query // with the base that was used
	Note  *coverage.Text
	Delta *coverage.Delta
	After coverage.Summary // of the plan; the baseline's is Delta.Baseline.Summary
	// Facilities are those of Delta.Sites, in step: of an added site only ID and Point.
	// A moved one has the point that it has today.
	Facilities []facilities.Facility
	PointsIn   []PointCounts // per division, in it and below

	state *State
	steps []Step
}

// PointCounts are numbers of population points, never which.
type PointCounts struct{ Gained, Lost int }

// WhatIf answers a plan as the difference to how things are, without writing anything:
// the first for a question works out its baseline, which is kept, the others only what
// they change. Errors are ErrUnknownType, ErrUnknownBase, ErrTooWide, ErrTooManySteps, a
// *StepError and those of the context.
func (s *State) WhatIf(ctx context.Context, q Query, steps []Step) (*WhatIf, error) {
	q, t, err := s.begin(ctx, q)
	if err != nil {
		return nil, err
	}
	return s.try(ctx, q, t, steps)
}

// begin completes a question and gives what plans for it start from.
func (s *State) begin(ctx context.Context, q Query) (Query, *trial, error) {
	q, err := s.complete(q)
	if err != nil {
		return q, nil, err
	}
	if q.tooWide() {
		return q, nil, fmt.Errorf("%w: %d s at %d mm/s, at most %d m", ErrTooWide, q.LimitS, q.Speed, mostWalkM)
	}
	t, err := s.baselines.get(q).get(ctx, inSlot(s.slots, func(ctx context.Context) (*trial, error) { return s.trial(ctx, q) }))
	return q, t, err
}

// try answers a plan for a complete question.
func (s *State) try(ctx context.Context, q Query, t *trial, steps []Step) (*WhatIf, error) {
	p, err := s.planOf(t, q, steps)
	if err != nil {
		return nil, err
	}
	return inSlot(s.slots, func(ctx context.Context) (*WhatIf, error) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		d, err := t.baseline.Apply(p.plan)
		if err != nil {
			return nil, p.blame(err)
		}
		info, _ := s.TypeInfo(q.Type)
		w := &WhatIf{Query: q, Note: s.noteOn(info), Delta: d, After: d.Summary(), Facilities: p.facilities, state: s, steps: steps}
		w.countPoints()
		return w, nil
	})(ctx)
}

func (s *State) trial(ctx context.Context, q Query) (*trial, error) {
	g, err := s.ground(ctx, q)
	if err != nil {
		return nil, err
	}
	list, sites, _ := s.open(q)
	return &trial{baseline: g.Baseline(sites, s.params(q), s.workers), facilities: list}, nil
}

func (w *WhatIf) countPoints() {
	w.PointsIn = make([]PointCounts, w.state.Hierarchy.Len())
	at := w.Delta.Baseline.Ground.Demand.Division
	for _, c := range w.Delta.Points {
		was, is := c.Before.State == coverage.Covered, c.After.State == coverage.Covered
		if was == is {
			continue
		}
		for up := at[c.Point]; up >= 0; up = w.state.Hierarchy.Parent(up) {
			if is {
				w.PointsIn[up].Gained++
			} else {
				w.PointsIn[up].Lost++
			}
		}
	}
}

// Changed are the numbers of the sites that have another circle than today: those that
// are added or moved and open, and those whose people the plan's streets change. A site
// whose reach changes where nobody lives is not told from one that stays. By
// division there are no circles.
func (w *WhatIf) Changed() []int32 {
	if w.Delta.Baseline.Params.Mode != coverage.OnFoot {
		return nil
	}
	was := w.Delta.Baseline.Sites
	reached := map[int32]bool{}
	if w.Delta.Network != w.Delta.Baseline.Ground.Network {
		for _, c := range w.Delta.Served {
			reached[c.Site] = slices.ContainsFunc(c.Bands, func(b coverage.ServedBand) bool { return b.Served.Only+b.Served.Shared != 0 })
		}
	}
	var out []int32
	for i, s := range w.Delta.Sites {
		site := int32(i) //nolint:gosec // fewer than 2^31
		if w.Delta.Open[i] && (i >= len(was) || s.Point != was[i].Point || reached[site]) {
			out = append(out, site)
		}
	}
	return out
}

// Circle draws from where one can walk to a site of the plan, on the plan's streets; nil
// for one that is off them. O(area within the limit).
func (w *WhatIf) Circle(ctx context.Context, site int32) (orb.MultiPolygon, error) {
	return inSlot(w.state.slots, func(context.Context) (orb.MultiPolygon, error) {
		snap := w.Delta.Sites[site].Snap
		if !snap.OK() {
			return nil, nil
		}
		p := w.Delta.Baseline.Params
		return w.Delta.Network.Reach(snap, p.Limit, p.Speed).Circle(walknet.CircleOptions{OffStreetM: w.state.SnapLimitM}), nil
	})(ctx)
}
