package main

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"yike/coverage"
	"yike/coverage/coveragehttp"
	"yike/coverage/coveragelive"
	"yike/coverage/siting"
	"yike/facilities"
)

// errNoSuchUse says that no room can be approved for what is asked.
var errNoSuchUse = errors.New("no room is approved for this use")

// sitingError tells in words what is wrong with a question about places, and with which
// field of it.
func sitingError(err error) error {
	var at *coveragelive.FieldError
	field := ""
	if errors.As(err, &at) {
		field = at.Field
	}
	var target *siting.TargetError
	var capacity *coveragelive.UnknownCapacityError
	switch {
	case errors.As(err, &target) && field != "":
		return farFault(field)
	case errors.As(err, &target):
		return shareFault(target)
	case errors.As(err, &capacity):
		return capacityFault(field, capacity.Facilities)
	}
	for _, known := range sitingFaults(field) {
		if errors.Is(err, known.err) {
			if field != "" {
				known.fault.Pointer = "#/" + field
			}
			return &known.fault
		}
	}
	return httpError(err)
}

// sitingFaultOf is the fault of a field that was found here.
func sitingFaultOf(field string, err error) error {
	return sitingError(&coveragelive.FieldError{Field: field, Err: err})
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

func farFault(field string) error {
	return &coveragehttp.SitingFault{
		Code: "sites_too_few", Pointer: "#/" + field,
		Reason: coverage.Text{
			ZH: "这么多处新设施没有找到让每个人都在 28.8 千米步行之内的选法",
			EN: "No choice of so many was found that brings everybody within a walk of 28.8 km",
		},
		Hint: coverage.Text{ZH: "请增加新设数量或放宽范围", EN: "Ask for more facilities or a wider area"},
	}
}

// capacityFault names the facilities that the registry lacks a capacity of.
func capacityFault(field string, list []facilities.Facility) error {
	const most = 5
	names := func(of func(facilities.Facility) string, comma string) string {
		var out []string
		for _, f := range list[:min(most, len(list))] {
			out = append(out, of(f))
		}
		return strings.Join(out, comma)
	}
	more := [2]string{}
	if len(list) > most {
		more = [2]string{"等", " and others"}
	}
	english := func(f facilities.Facility) string {
		if f.NameEN != "" {
			return f.NameEN
		}
		return f.NameZH
	}
	return &coveragehttp.SitingFault{
		Code: "capacity_unknown", Pointer: "#/" + field,
		Reason: coverage.Text{
			ZH: fmt.Sprintf("台账没有 %d 处现有设施的容量：%s%s", len(list), names(func(f facilities.Facility) string { return f.NameZH }, "、"), more[0]),
			EN: fmt.Sprintf("The registry has no capacity of %d open facilities: %s%s", len(list), names(english, ", "), more[1]),
		},
		Hint: coverage.Text{ZH: "请选择按不限容量算，还是不计这些设施", EN: "Say whether they take everybody or are left out"},
	}
}

type sitingFault struct {
	err   error
	fault coveragehttp.SitingFault
}

// sitingFaults are what a question about places may be wrong about, in the words for a
// field.
func sitingFaults(field string) []sitingFault {
	fault := func(code, pointer, zh, en, hintZH, hintEN string) coveragehttp.SitingFault {
		return coveragehttp.SitingFault{Code: code, Pointer: pointer, Reason: coverage.Text{ZH: zh, EN: en}, Hint: coverage.Text{ZH: hintZH, EN: hintEN}}
	}
	return append([]sitingFault{
		{coveragelive.ErrNotWalked, fault("type_not_walked", "#/type",
			"这类设施没有步行时间标准（按辖区是否设有或乘车到达衡量），不能按步行选址", "There is no walking standard for this type: it is judged by division or by car, so walks cannot say where it should be",
			"请选按步行时间衡量的类型", "Choose a type that is judged by walking time")},
		{coveragelive.ErrUnknownBand, fault("unknown_band", "#/band",
			"数据中没有这个年龄段", "The data have no such age band", "可用的年龄段见 /api/v1/district", "/api/v1/district lists those they have")},
		{coveragelive.ErrBandApart, fault("band_apart", "#/prefer/band",
			"优先的年龄段应在所选年龄段之内", "The preferred band must lie within the band that is asked for", "例如所选为 60 岁以上，优先 80 岁以上", "Such as 80+ where 60+ is asked for")},
		{coveragelive.ErrTooWide, fault("walks_too_long", "#/limit",
			"步行距离最多 3600 米", "Walks may be at most 3,600 m", "请缩短时限或放慢步速", "Ask for a shorter limit or a slower pace")},
		{coveragelive.ErrUnknownWithin, fault("unknown_division", "#/candidates/within",
			"没有这个辖区，或没有它的边界", "There is no such division, or its boundary is not known", "", "")},
		{coveragelive.ErrNoCandidates, fault("no_candidates", "#/candidates",
			"按这些条件没有一个候选点", "These rules leave no candidate", "请放宽范围、缩小间距或减少条件", "Widen the area, lessen the spacing or ask for less")},
		{coveragelive.ErrTooMuchReach, fault("too_many_candidates", "#/candidates",
			"候选点及其步行范围过多", "The candidates and their walks are too many", "请加大间距或缩小范围", "Widen the spacing or narrow the area")},
		{coveragelive.ErrCandidates, fault("too_many_candidates", "#/candidates",
			"候选点过多：最多 3000 个", "Too many candidates: at most 3,000", "请加大间距或缩小范围", "Widen the spacing or narrow the area")},
		{coveragelive.ErrBadCount, fault("bad_count", "#/sites",
			"新设数量应为 1 至 30，比例应在 0 与 1 之间", "New facilities are 1 to 30, a share is between 0 and 1", "", "")},
		{coveragelive.ErrUnknownAim, fault("unknown_aim", "#/aim", "没有这种目标", "There is no such aim", "", "")},
		{coveragelive.ErrBadNumber, fault("out_of_bounds", "#/", "数值超出范围", "The number is out of its bounds", "", "")},
		{errNoSuchUse, fault("unknown_use", "#/candidates/rooms/use", "没有这种批准用途", "No room is approved for this use", "可用的用途见 /api/v1/premises-codes", "/api/v1/premises-codes lists the uses")},
	}, sitingTermFaults(field, fault)...)
}

// sitingTermFaults are those about money, capacities and sites that are set.
func sitingTermFaults(field string, fault func(code, pointer, zh, en, hintZH, hintEN string) coveragehttp.SitingFault) []sitingFault {
	only := map[string][2]string{
		"budget":   {"“用最少的点”不设预算；“最远的人走得最近”只在各候选点价格相同时可设预算", "The fewest places know no budget; the shortest longest walk knows one only where all prices are equal"},
		"capacity": {"只有“覆盖最多的人”可以计容量", "Only “reach the most people” knows capacities"},
		"prefer":   {"优先年龄段只用于“覆盖最多的人”（不计容量时）和“平均走得最近”", "A preferred band is for “reach the most people” without capacities and “shortest walks on average” only"},
	}[field]
	return []sitingFault{
		{coveragelive.ErrNotOfAim, fault("not_of_aim", "#/aim", only[0], only[1], "请改目标，或去掉这一项", "Choose another aim, or leave this out")},
		{coveragelive.ErrNoPrice, fault("price_missing", "#/price",
			"有的候选点没有价格", "Some candidates have no price", "请填每处造价，用于没有单独价格的候选点", "Give a price for those that have none of their own")},
		{coveragelive.ErrOverBudget, fault("over_budget", "#/budget",
			"必选的几处已超过预算", "The required places already cost more than the budget", "请增加预算或减少必选", "Raise the budget or require fewer")},
		{coveragelive.ErrNoUse, fault("use_rate_missing", "#/capacity/use_rate",
			"要计容量，须给出使用率：所选人群中有多少人会用", "Capacities need a use rate: how many of these people use it", "例如 12 %；没有默认值", "Such as 12 %; nothing is assumed")},
		{coveragelive.ErrNoCapacity, fault("capacity_missing", "#/capacity/new",
			"新设施和现有设施都没有容量可计", "Neither new nor open facilities have a capacity to hold to", "请填新设施的容量", "Give the capacity of a new facility")},
		{coveragelive.ErrManyRequired, fault("too_many_required", "#/required",
			"必选的比要新设的多", "More places are required than new facilities asked for", "请增加新设数量或减少必选", "Ask for more facilities or require fewer")},
		{coveragelive.ErrNotCandidate, fault("required_no_candidate", "#/required",
			"必选的地点不是候选点", "A required place is no candidate", "可能被范围、排除或其他条件去掉了", "A rule may have left it out")},
		{coveragelive.ErrNotOpen, fault("not_open", "#/replaced",
			"要替换的不是这类开放设施", "What is to be replaced is no open facility of this type", "", "")},
	}
}
