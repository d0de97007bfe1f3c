package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"yike/coverage"
	"yike/coverage/coveragehttp"
	"yike/coverage/coveragelive"
	"yike/facilities"
)

// areaCounts counts the people of areas, of which the registry keeps some.
type areaCounts struct {
	*districtAPI
	saved func(ctx context.Context) ([]facilities.ServiceArea, error)
}

var _ coveragehttp.Areas = areaCounts{}

// Area counts the people of an area from memory.
func (c areaCounts) Area(ctx context.Context, q coveragehttp.Query, a coveragehttp.AreaAsked) (*coveragehttp.Area, error) {
	s := c.held.State()
	if s == nil {
		return nil, coveragehttp.ErrNotReady
	}
	asked := coveragelive.AreaQuery{Shapes: a.Shapes, Divisions: slices.Clone(a.Divisions), Facility: a.Facility}
	if a.ServiceArea != "" {
		communities, err := c.communities(ctx, a.ServiceArea)
		if err != nil {
			return nil, err
		}
		asked.Divisions = append(asked.Divisions, communities...)
	}
	got, err := s.Area(ctx, liveQuery(q), asked, planSteps(a.Steps))
	if err != nil {
		return nil, areaError(err, len(a.Divisions))
	}
	return &coveragehttp.Area{
		WhatIf: whatIfForHTTP(s, got.WhatIf), Before: got.Before, After: got.After, Divisions: got.Divisions, Reaching: got.Reaching,
	}, nil
}

// communities are those of a service area of the registry, as far as the asker may see it.
func (c areaCounts) communities(ctx context.Context, id string) ([]string, error) {
	list, err := c.saved(ctx)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(list, func(a facilities.ServiceArea) bool { return a.ID == id && !a.Closed })
	if at < 0 {
		return nil, &coveragehttp.AreaFault{Pointer: "#/service_area", Reason: coverage.Text{ZH: "没有这个片区，或它已撤销", EN: "There is no such service area, or it was given up"}}
	}
	return list[at].Communities, nil
}

// areaError tells what is wrong with an area in words; codes after the first so many are
// those of a service area.
func areaError(err error, own int) error {
	fault := func(pointer, zh, en string) error {
		return &coveragehttp.AreaFault{Pointer: pointer, Reason: coverage.Text{ZH: zh, EN: en}}
	}
	var shape *coverage.ShapeError
	var code *coveragelive.CodeError
	switch {
	case errors.As(err, &shape):
		return err
	case errors.As(err, &code):
		pointer := "#/service_area"
		if code.Index < own {
			pointer = fmt.Sprintf("#/divisions/%d", code.Index)
		}
		return fault(pointer, "数据中没有编码为 "+code.Code+" 的辖区", "The data have no division "+code.Code)
	case errors.Is(err, coveragelive.ErrNoArea):
		return fault("#/geometry", "没有给出范围", "No area is given")
	case errors.Is(err, coveragelive.ErrNoServiceArea):
		return fault("#/facility", "这处设施没有登记服务范围", "The facility has no documented service area")
	case errors.Is(err, coveragelive.ErrAreaOfFacility):
		return fault("#/facility", "没有这处设施", "There is no such facility")
	default:
		return whatIfError(err)
	}
}
