package main

import (
	"context"
	"errors"
	"fmt"

	"yike/coverage"
	"yike/coverage/coveragelive"
	"yike/tiles"
	"yike/tiles/tilehttp"
)

// planOf is the plan of a tile address; one without steps is none, so that its tiles have
// one address.
func planOf(steps []coveragelive.Step) string {
	if len(steps) == 0 {
		return ""
	}
	return coveragelive.FormatPlan(steps)
}

// tried answers the plan of a tile address; nil where it has none. A plan that cannot be
// answered is the asker's fault.
func (q tileQuery) tried(ctx context.Context, st *coveragelive.State) (*coveragelive.WhatIf, error) {
	if q.plan == "" {
		return nil, nil
	}
	steps, err := coveragelive.ParsePlan(q.plan)
	if err != nil {
		return nil, err
	}
	w, err := st.WhatIf(ctx, q.coverage(), steps)
	var at *coveragelive.StepError
	switch {
	case errors.As(err, &at):
		return nil, &tilehttp.QueryError{Param: "plan", Value: q.plan, ReasonZH: fmt.Sprintf("第 %d 步做不了", at.Step+1), ReasonEN: fmt.Sprintf("step %d cannot be taken", at.Step+1)}
	case errors.Is(err, coveragelive.ErrTooWide), errors.Is(err, coveragelive.ErrTooManySteps):
		return nil, &tilehttp.QueryError{Param: "plan", Value: q.plan, ReasonZH: "步行距离过长或道路步骤过多", ReasonEN: "the walks are too long or too many steps are about streets"}
	case err != nil:
		return nil, fmt.Errorf("answer the plan: %w", err)
	}
	return w, nil
}

// planCircles are the circles of a plan, and those of today that leave.
func planCircles(ctx context.Context, w *coveragelive.WhatIf) ([]tiles.Feature, error) {
	circles, err := w.Circles(ctx)
	if err != nil {
		return nil, fmt.Errorf("draw the plan's service circles: %w", err)
	}
	var out []tiles.Feature
	for _, c := range circles {
		if !drawable(c.Area) {
			continue
		}
		id, fate := c.Facility.ID, ""
		switch {
		case c.New:
			fate = "new"
		case c.Gone:
			id, fate = id+"/gone", "gone"
		}
		f := circleFeature(id, c.Facility, c.Area)
		f.Props = append(f.Props, tiles.Prop{Key: "c", Value: fate})
		out = append(out, f)
	}
	return out, nil
}

// fates are what a plan does to the people of every point; "" where nothing differs. Nil
// for no plan.
func fates(w *coveragelive.WhatIf) []coverage.Fate {
	if w == nil {
		return nil
	}
	out := make([]coverage.Fate, len(w.Delta.Baseline.Ground.Demand.Points))
	for _, c := range w.Delta.Points {
		if fate := c.Fate(); fate != coverage.FateSame {
			out[c.Point] = fate
		}
	}
	return out
}

// pointClass keeps points of different states, and of different fates, in cells of their
// own.
func pointClass(s coverage.State, f coverage.Fate) string {
	if f == "" {
		return s.String()
	}
	return s.String() + "/" + string(f)
}
