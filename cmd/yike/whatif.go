package main

import (
	"context"
	"errors"

	"github.com/paulmach/orb"

	"yike/coverage"
	"yike/coverage/coveragehttp"
	"yike/coverage/coveragelive"
	"yike/coverage/walknet"
)

var _ coveragehttp.WhatIfs = (*districtAPI)(nil)

// WhatIf answers a plan from memory.
func (d *districtAPI) WhatIf(ctx context.Context, q coveragehttp.Query, p coveragehttp.PlanAsked) (*coveragehttp.WhatIf, error) {
	s := d.held.State()
	if s == nil {
		return nil, coveragehttp.ErrNotReady
	}
	w, err := s.WhatIf(ctx, liveQuery(q), planSteps(p.Steps))
	if err != nil {
		return nil, whatIfError(err)
	}
	out := whatIfForHTTP(s, w)
	out.Points = p.Points
	for _, street := range w.Streets() {
		out.Streets = append(out.Streets, coveragehttp.WhatIfStreet{
			Step: street.Step, Do: string(street.Kind), ID: street.ID, Name: street.Name, Class: street.Class, Gate: street.Gate,
			LengthM: street.LengthM, Division: street.Division, At: street.At, Lines: street.Lines,
		})
	}
	if p.Circles {
		out.Circles = map[int32]orb.MultiPolygon{}
		for _, site := range w.Changed() {
			if out.Circles[site], err = w.Circle(ctx, site); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// whatIfForHTTP is the figures of a plan, without drawings.
func whatIfForHTTP(s *coveragelive.State, w *coveragelive.WhatIf) *coveragehttp.WhatIf {
	out := &coveragehttp.WhatIf{
		Query: httpQuery(w.Query), Version: s.Version, Note: w.Note, Delta: w.Delta, After: w.After, Divisions: s.Divisions, Facilities: w.Facilities,
	}
	for _, n := range w.PointsIn {
		out.Gained, out.Lost = append(out.Gained, n.Gained), append(out.Lost, n.Lost)
	}
	return out
}

// whatIfError tells what is wrong with a plan in words.
func whatIfError(err error) error {
	var at *coveragelive.StepError
	switch {
	case errors.Is(err, coveragelive.ErrTooWide):
		return coveragehttp.ErrTooWide
	case errors.Is(err, coveragelive.ErrTooManySteps):
		return coveragehttp.ErrTooManySteps
	case !errors.As(err, &at):
		return httpError(err)
	}
	for _, known := range stepFaults() {
		if errors.Is(at.Err, known.err) {
			return &coveragehttp.StepFault{Step: at.Step, Reason: known.reason, Hint: known.hint}
		}
	}
	return err
}

type stepFault struct {
	err          error
	reason, hint coverage.Text
}

// stepFaults are what a step may be wrong about.
func stepFaults() []stepFault {
	return []stepFault{
		{
			coveragelive.ErrNoFacility,
			coverage.Text{ZH: "这类设施中没有这一处，或它今天没有开放", EN: "There is no such facility of this type, or it is not open today"},
			coverage.Text{ZH: "未开放的先“重新开放”再移动", EN: "Reopen one that is not open before moving it"},
		},
		{
			coveragelive.ErrSameID,
			coverage.Text{ZH: "编号已被占用", EN: "The id is taken"},
			coverage.Text{ZH: "新增的设施请另取编号", EN: "Give what is added an id of its own"},
		},
		{coveragelive.ErrBadPlace, coverage.Text{ZH: "位置不是经纬度", EN: "The place is no longitude and latitude"}, coverage.Text{}},
		{coveragelive.ErrBadPath, coverage.Text{ZH: "通道过长：最多 5 公里、50 个点", EN: "The path is too long: at most 5 km and 50 points"}, coverage.Text{}},
		{coveragelive.ErrStepKind, coverage.Text{ZH: "没有这种步骤", EN: "There is no such step"}, coverage.Text{}},
		{walknet.ErrNoWay, coverage.Text{ZH: "路网中没有这条路", EN: "The network has no such way"}, coverage.Text{}},
		{walknet.ErrNoGate, coverage.Text{ZH: "路网中没有这处障碍", EN: "The network has no such barrier"}, coverage.Text{}},
		{
			walknet.ErrLoosePath,
			coverage.Text{ZH: "通道的一端离最近的路超过 30 米", EN: "An end of the path is more than 30 m from any street"},
			coverage.Text{ZH: "两端都应在路边", EN: "Both ends must be beside a street"},
		},
		{walknet.ErrNoPath, coverage.Text{ZH: "通道没有长度", EN: "The path has no length"}, coverage.Text{ZH: "至少给出两个不同的点", EN: "Give at least two different points"}},
	}
}
