package main

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/paulmach/orb"

	"yike/coverage"
	"yike/coverage/coveragehttp"
	"yike/coverage/coveragelive"
	"yike/coverage/siting"
)

var _ coveragehttp.Sitings = (*districtAPI)(nil)

// Siting finds places for new facilities, from memory.
func (d *districtAPI) Siting(ctx context.Context, q coveragehttp.Query, a coveragehttp.SitingAsked) (*coveragehttp.Siting, error) {
	s := d.held.State()
	if s == nil {
		return nil, coveragehttp.ErrNotReady
	}
	found, err := s.Siting(ctx, sitingAsked(q, a))
	if err != nil {
		return nil, sitingError(err)
	}
	out := &coveragehttp.Siting{
		Query: httpQuery(found.Query), Version: found.Version, Note: found.Note, Aim: a.Aim, Band: found.Band, Plan: found.Plan, Before: found.Before,
		Delta: found.Delta, After: found.After, Divisions: s.Divisions,
	}
	given := len(a.Points) - len(found.Refused) // they come first
	for i, c := range found.Candidates {
		out.Candidates = append(out.Candidates, coveragehttp.SitingCandidate{ID: c.ID, At: c.Point, Division: found.Places[i], Given: i < given})
	}
	for _, r := range found.Refused {
		out.Refused = append(out.Refused, coveragehttp.SitingRefusal{ID: r.ID, Reason: refusalWords(r.Reason)})
	}
	return out, nil
}

func sitingAsked(q coveragehttp.Query, a coveragehttp.SitingAsked) coveragelive.SitingAsked {
	out := coveragelive.SitingAsked{
		Query: liveQuery(q), Band: a.Band, Aim: coveragelive.Aim(a.Aim), Sites: a.Sites, Share: a.Share, Within: a.Within,
		Rules: coveragelive.CandidateRules{SpacingM: a.SpacingM},
	}
	if len(a.Area) > 0 {
		out.Rules.Area = orb.MultiPolygon{a.Area}
	}
	for _, p := range a.Excluded {
		out.Rules.Excluded = append(out.Rules.Excluded, orb.MultiPolygon{p})
	}
	for _, p := range a.Points {
		out.Rules.Places = append(out.Rules.Places, coveragelive.CandidatePlace{ID: p.ID, Point: p.At})
	}
	return out
}

func refusalWords(r coveragelive.Refusal) coverage.Text {
	switch r {
	case coveragelive.OutsideArea:
		return coverage.Text{ZH: "不在选址范围内", EN: "Outside the area"}
	case coveragelive.InExcluded:
		return coverage.Text{ZH: "在排除的范围内", EN: "In an excluded area"}
	default:
		return coverage.Text{ZH: "附近没有道路", EN: "No street is near enough"}
	}
}

// sitingError tells what is wrong with a question about places in words.
func sitingError(err error) error {
	var target *siting.TargetError
	if errors.As(err, &target) {
		return shareFault(target)
	}
	for _, known := range sitingFaults() {
		if errors.Is(err, known.err) {
			return &known.fault
		}
	}
	return httpError(err)
}

func shareFault(t *siting.TargetError) error {
	people := func(n int64) int64 { return int64(math.Floor(float64(n) / float64(coverage.Person))) }
	return &coveragehttp.SitingFault{
		Code: "share_out_of_reach", Pointer: "#/share",
		Reason: coverage.Text{
			ZH: fmt.Sprintf("达不到：要覆盖 %d 人，而现有设施加上全部候选点也只能覆盖 %d 人", people(t.Target), people(t.Most)),
			EN: fmt.Sprintf("Out of reach: %d people are to be covered, but the open facilities and all candidates together cover %d", people(t.Target), people(t.Most)),
		},
		Hint: coverage.Text{ZH: "请降低比例、加密候选点或放宽范围", EN: "Ask for a smaller share, candidates closer together or a wider area"},
	}
}

type sitingFault struct {
	err   error
	fault coveragehttp.SitingFault
}

// sitingFaults are what a question about places may be wrong about.
func sitingFaults() []sitingFault {
	fault := func(code, pointer, zh, en, hintZH, hintEN string) coveragehttp.SitingFault {
		return coveragehttp.SitingFault{Code: code, Pointer: pointer, Reason: coverage.Text{ZH: zh, EN: en}, Hint: coverage.Text{ZH: hintZH, EN: hintEN}}
	}
	return []sitingFault{
		{coveragelive.ErrNotWalked, fault("type_not_walked", "#/type",
			"这类设施没有步行时间标准（按辖区是否设有或乘车到达衡量），不能按步行选址", "There is no walking standard for this type: it is judged by division or by car, so walks cannot say where it should be",
			"请选按步行时间衡量的类型", "Choose a type that is judged by walking time")},
		{coveragelive.ErrUnknownBand, fault("unknown_band", "#/band",
			"数据中没有这个年龄段", "The data have no such age band", "可用的年龄段见 /api/v1/district", "/api/v1/district lists those they have")},
		{coveragelive.ErrTooWide, fault("walks_too_long", "#/limit",
			"步行距离最多 3600 米", "Walks may be at most 3,600 m", "请缩短时限或放慢步速", "Ask for a shorter limit or a slower pace")},
		{coveragelive.ErrUnknownWithin, fault("unknown_division", "#/candidates/within",
			"没有这个辖区，或没有它的边界", "There is no such division, or its boundary is not known", "", "")},
		{coveragelive.ErrNoCandidates, fault("no_candidates", "#/candidates",
			"按这些条件没有一个候选点", "These rules leave no candidate", "请放宽范围或缩小间距", "Widen the area or lessen the spacing")},
		{coveragelive.ErrTooMuchReach, fault("too_many_candidates", "#/candidates",
			"候选点及其步行范围过多", "The candidates and their walks are too many", "请加大间距或缩小范围", "Widen the spacing or narrow the area")},
		{coveragelive.ErrCandidates, fault("too_many_candidates", "#/candidates",
			"候选点过多：最多 3000 个", "Too many candidates: at most 3,000", "请加大间距或缩小范围", "Widen the spacing or narrow the area")},
		{coveragelive.ErrBadCount, fault("bad_count", "#/sites",
			"新设数量应为 1 至 30，比例应在 0 与 1 之间", "New facilities are 1 to 30, a share is between 0 and 1", "", "")},
	}
}
