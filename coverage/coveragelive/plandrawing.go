package coveragelive

import (
	"context"

	"github.com/paulmach/orb"

	"yike/coverage"
	"yike/facilities"
	"yike/geo/divisions"
)

// PlanCircle is a service circle on the map of a plan.
type PlanCircle struct {
	Facility facilities.Facility // of an added one only ID and Point
	Area     orb.MultiPolygon    // valid, lon/lat
	// New is one that differs from today's, or was not there. Gone is today's of a site
	// that the plan closes or moves, or whose reach its streets change. Else it stays.
	New, Gone bool
}

// Circles draws the circles of the plan and those that leave. What stays is taken from
// today's answer, which draws it once. It stops with the context's error.
func (w *WhatIf) Circles(ctx context.Context) ([]PlanCircle, error) {
	today, err := w.state.Coverage(ctx, w.Query)
	if err != nil {
		return nil, err
	}
	drawn, err := today.Circles(ctx)
	if err != nil {
		return nil, err
	}
	redrawn := map[int32]bool{}
	for _, site := range w.Changed() {
		redrawn[site] = true
	}
	var out []PlanCircle
	for i, c := range drawn {
		site := int32(i) //nolint:gosec // fewer than 2^31
		out = append(out, PlanCircle{Facility: w.Facilities[i], Area: c.Area, Gone: redrawn[site] || !w.Delta.Open[i]})
	}
	for i := range w.Delta.Sites {
		site := int32(i) //nolint:gosec // fewer than 2^31
		if !redrawn[site] {
			continue
		}
		area, err := w.Circle(ctx, site)
		if err != nil {
			return nil, err
		}
		out = append(out, PlanCircle{Facility: w.Facilities[i], Area: area, New: true})
	}
	return out, nil
}

// Gaps groups and draws the people whom the plan leaves uncovered, as Answer.Gaps does
// those of today. It stops with the context's error.
func (w *WhatIf) Gaps(ctx context.Context) ([]coverage.Gap, error) {
	return inSlot(w.state.slots, func(ctx context.Context) ([]coverage.Gap, error) {
		return coverage.Gaps(ctx, w.Delta.Demand(), w.Delta.Result(), coverage.GapOptions{Within: w.state.Hierarchy.Holders(divisions.Subdistrict)})
	})(ctx)
}
