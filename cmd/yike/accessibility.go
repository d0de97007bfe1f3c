package main

import (
	"context"
	"errors"
	"fmt"

	"yike/coverage"
	"yike/coverage/coveragehttp"
	"yike/coverage/coveragelive"
)

var _ coveragehttp.Accesses = (*districtAPI)(nil)

// Access says how much of a supply people can get at, from memory.
func (d *districtAPI) Access(ctx context.Context, q coveragehttp.Query, a coveragehttp.AccessAsked) (*coveragehttp.Access, error) {
	s := d.held.State()
	if s == nil {
		return nil, coveragehttp.ErrNotReady
	}
	ask := coveragelive.AccessAsked{
		Query: liveQuery(q), Band: a.Band, Method: coveragelive.AccessMethod(a.Method), Unknown: a.Unknown, Under: a.Under,
		Steps: planSteps(a.Plan.Steps),
	}
	for _, c := range a.Capacities {
		ask.Capacities = append(ask.Capacities, coveragelive.PlannedCapacity(c))
	}
	found, err := s.Access(ctx, ask)
	if err != nil {
		return nil, accessError(err)
	}
	out := &coveragehttp.Access{
		Query: httpQuery(found.Query), Version: s.Version, Type: found.Type, Band: s.Bands[found.Band].ID, Asked: a,
		Delta: found.Delta, Divisions: s.Divisions, Facilities: found.Facilities, Unsnapped: found.Unsnapped, Untiered: found.Untiered,
		Before: accessFigures(found.Before), Rise: found.Rise, Fall: found.Fall,
	}
	if found.After != nil {
		after := accessFigures(found.After)
		out.After = &after
	}
	return out, nil
}

func accessFigures(f *coveragelive.AccessFigures) coveragehttp.AccessFigures {
	out := coveragehttp.AccessFigures{
		All: f.All, Divisions: f.Divisions, Percentiles: coveragelive.AccessPercentiles(),
		Supply: f.Supply, Reached: f.Reached, Handed: f.Handed, Demand: f.Demand, Capacity: coveragehttp.AccessCensus(f.Capacity),
	}
	for _, s := range f.Sites {
		out.Sites = append(out.Sites, coveragehttp.AccessSite{
			Open: s.Open, Counts: s.Counts(), Source: string(s.Source), Capacity: s.Capacity, Demand: s.Demand, Ratio: s.Ratio, Within: s.Within,
		})
	}
	return out
}

// accessError tells what is wrong with a question about access in words.
func accessError(err error) error {
	var at *coveragelive.PlannedCapacityError
	if errors.As(err, &at) {
		pointer := fmt.Sprintf("#/capacities/%d", at.At)
		switch {
		case errors.Is(err, coveragelive.ErrNoFacility):
			return accessFault("no_such_facility", pointer, "这类设施中没有这一处，方案也没有新增它", "There is no such open facility of this type, and the plan adds none of this id",
				"先在步骤中新增或重新开放，再给出它的容量", "Add or reopen it in the steps, then give its capacity")
		case errors.Is(err, coveragelive.ErrSameID):
			return accessFault("capacity_twice", pointer, "同一处设施给了两个容量", "One facility is given two capacities", "每处只给一个", "Give one each")
		}
		return accessFault("bad_capacity", pointer, "容量应为 0 至 1000000", "A capacity is from 0 to 1,000,000", "", "")
	}
	for _, known := range accessFaults() {
		if errors.Is(err, known.err) {
			return known.fault
		}
	}
	return whatIfError(err)
}

func accessFault(code, pointer, zh, en, hintZH, hintEN string) *coveragehttp.AccessFault {
	return &coveragehttp.AccessFault{Code: code, Pointer: pointer, Reason: coverage.Text{ZH: zh, EN: en}, Hint: coverage.Text{ZH: hintZH, EN: hintEN}}
}

type knownAccessFault struct {
	err   error
	fault *coveragehttp.AccessFault
}

// accessFaults are what a question about access may be wrong about.
func accessFaults() []knownAccessFault {
	return []knownAccessFault{
		{coveragelive.ErrNotWalked, accessFault("type_not_walked", "#/type",
			"这类设施没有步行时间标准（按辖区是否设有或乘车到达衡量），没有步行可及性", "There is no walking standard for this type: it is judged by division or by car, so there is no access on foot",
			"请选按步行时间衡量的类型", "Choose a type that is judged by walking time")},
		{coveragelive.ErrUnknownBand, accessFault("unknown_band", "#/band",
			"数据中没有这个年龄段", "The data have no such age band", "可用的年龄段见 /api/v1/district", "/api/v1/district lists those they have")},
		{coveragelive.ErrTooWide, accessFault("walks_too_long", "#/limit",
			"步行距离最多 3600 米", "Walks may be at most 3,600 m", "请缩短时限或放慢步速", "Ask for a shorter limit or a slower pace")},
		{coveragelive.ErrThresholds, accessFault("bad_threshold", "#/under",
			"门槛应大于 0，最多五个", "Thresholds are above 0, at most five", "", "")},
		{coveragelive.ErrCapacity, accessFault("bad_capacity", "#/capacity_for_unknown",
			"容量应为 0 至 1000000", "A capacity is from 0 to 1,000,000", "", "")},
		{coveragelive.ErrUnknownMethod, accessFault("unknown_method", "#/method",
			"没有这种算法", "There is no such method", "", "")},
	}
}
