package main

import (
	"context"
	"errors"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/simplify"

	"yike/coverage"
	"yike/coverage/coveragelive"
	"yike/coverage/scenarios"
	"yike/coverage/scenarios/scenariohttp"
	"yike/geo/divisions"
)

// What drawings of scenarios side by side have.
const (
	sketchCellM      = 200 // a square of people gained or lost
	sketchPixels     = 600 // across the district: what is finer is left out
	mostSketchedSite = 30  // circles of one scenario
)

// Compare sets scenarios side by side on the data as they are.
func (s *scenarioShelf) Compare(ctx context.Context, a scenariohttp.Asked) (*scenariohttp.Compared, error) {
	st := s.held.State()
	if st == nil {
		return nil, scenariohttp.ErrNotReady
	}
	list := make([]scenarios.Item, len(a.IDs))
	for i, id := range a.IDs {
		var err error
		if list[i], err = s.store.ByID(ctx, s.writer(ctx), id); errors.Is(err, scenarios.ErrNotFound) {
			return nil, &scenariohttp.UnknownScenario{Index: i}
		} else if err != nil {
			return nil, err
		}
	}
	return compareScenarios(ctx, st, list, a)
}

// compareScenarios answers scenarios by one question. Errors are those of Shelf's Compare.
func compareScenarios(ctx context.Context, st *coveragelive.State, list []scenarios.Item, a scenariohttp.Asked) (*scenariohttp.Compared, error) {
	q, question, reasked, err := commonQuestion(st, list, a.QuestionOf)
	if err != nil {
		return nil, err
	}
	plans := make([][]coveragelive.Step, len(list))
	for i, item := range list {
		plans[i] = keptSteps(item.Steps)
	}
	_, baseline, tried, err := st.WhatIfs(ctx, q, plans)
	if err != nil {
		_, err = planFault(err)
		return nil, err
	}
	out := &scenariohttp.Compared{Version: st.Version, Question: question, Divisions: st.Divisions, Options: make([]scenariohttp.Option, len(list))}
	if out.Band, err = bandOf(st, a.Band); err != nil {
		return nil, err
	}
	var options []coverage.Option
	for i, item := range list {
		out.Options[i] = scenariohttp.Option{Item: item, At: -1, Reasked: reasked[i]}
		if tried[i].Err != nil {
			if out.Options[i].Fault, err = planFault(tried[i].Err); err != nil {
				return nil, err
			}
			continue
		}
		w := tried[i].WhatIf
		out.Note = w.Note
		out.Options[i].At, out.Options[i].Facilities = len(options), w.Facilities
		if out.Options[i].Circles, err = sketchedCircles(ctx, st, w); err != nil {
			return nil, err
		}
		options = append(options, coverage.Option{Name: item.Name, Delta: w.Delta, After: w.After, Cost: scenarios.Cost(item.Costs)})
	}
	if out.Comparison, err = coverage.Compare(baseline, options, a.Level); err != nil {
		return nil, err
	}
	out.Cells = out.Comparison.Cells(out.Band, sketchCellM)
	out.Outlines = outlines(st)
	return out, nil
}

// commonQuestion is what all are asked: what they ask, where it is the same, or what the one
// of an id asks. It also says who is asked another question than its own.
func commonQuestion(st *coveragelive.State, list []scenarios.Item, of string) (coveragelive.Query, scenarios.Question, []bool, error) {
	first := 0
	for i, item := range list {
		if item.ID == of {
			first = i
		}
	}
	reasked := make([]bool, len(list))
	q, whole, err := questionAsked(st, list[first].Question)
	if err != nil {
		return q, nil, nil, err
	}
	others := map[int]scenarios.Question{}
	for i, item := range list {
		_, asks, err := questionAsked(st, item.Question)
		if err != nil {
			asks = item.Question // it cannot be asked any more, so it is another one
		}
		if reasked[i] = !asks.Same(whole); reasked[i] {
			others[i] = asks
		}
	}
	if len(others) > 0 && of == "" {
		return q, nil, nil, &scenariohttp.DifferentQuestions{First: whole, Others: others}
	}
	return q, whole, reasked, nil
}

// bandOf finds an age band; "" is the widest.
func bandOf(st *coveragelive.State, id string) (int, error) {
	if id == "" {
		return max(coverage.Widest(st.Bands), 0), nil
	}
	if at := coverage.BandIndex(st.Bands, id); at >= 0 {
		return at, nil
	}
	return 0, questionFault("band", id, "数据中没有这个年龄段", "the data have no such age band")
}

// sketchedCircles draws the reach of what a plan adds and moves, as far as a sketch goes.
func sketchedCircles(ctx context.Context, st *coveragelive.State, w *coveragelive.WhatIf) (map[int32]orb.MultiPolygon, error) {
	out := map[int32]orb.MultiPolygon{}
	changed := w.Changed()
	for _, site := range changed[:min(len(changed), mostSketchedSite)] {
		circle, err := w.Circle(ctx, site)
		if err != nil {
			return nil, err
		}
		out[site] = simplified(circle, st.Bounds)
	}
	return out, nil
}

// outlines are the boundaries of subdistricts, or of the widest level where there are none.
func outlines(st *coveragelive.State) []scenariohttp.Outline {
	level := divisions.Subdistrict
	if levels := st.Hierarchy.Levels(); len(levels) > 0 && !slices.Contains(levels, level) {
		level = levels[0]
	}
	var out []scenariohttp.Outline
	for i, d := range st.Divisions {
		if d.Level == level {
			out = append(out, scenariohttp.Outline{Division: i, Area: simplified(d.Boundary, st.Bounds)})
		}
	}
	return out
}

// simplified leaves out of an area what a sketch of the district would not show.
func simplified(area orb.MultiPolygon, bounds orb.Bound) orb.MultiPolygon {
	finest := max(bounds.Max[0]-bounds.Min[0], bounds.Max[1]-bounds.Min[1]) / sketchPixels
	return simplify.DouglasPeucker(finest).MultiPolygon(area.Clone())
}
