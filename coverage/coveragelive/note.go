package coveragelive

import (
	"fmt"

	"yike/coverage"
	"yike/coverage/walknet"
	"yike/facilities"
	"yike/geo/divisions"
)

// Remarks says in sentences what of a question as it was asked had no bearing on its
// answer, and which facilities were not counted because too little is known of them.
func (s *State) Remarks(asked Query, a *Answer) []coverage.Text {
	var out []coverage.Text
	byDivision := a.Type.Measure != facilities.Walk
	if byDivision && (asked.Metres != 0 || asked.Profile != coverage.Anybody || asked.Hour != walknet.AnyHour) {
		out = append(out, coverage.Text{
			ZH: "距离、步行者和时刻对这类设施没有意义，未采用。",
			EN: "Distance, walker and time of day mean nothing for this type and were left out.",
		})
	}
	if !byDivision && asked.Hour != a.Query.Hour {
		out = append(out, coverage.Text{
			ZH: "路网数据中没有限时开放的门，时刻不影响结果。",
			EN: "No gate in the street data keeps hours, so the time of day changes nothing.",
		})
	}
	if a.Untiered > 0 {
		out = append(out, coverage.Text{
			ZH: fmt.Sprintf("%d 处未登记生活圈层级，未计入。", a.Untiered),
			EN: fmt.Sprintf("Not counted, since their life circle tier is not registered: %d.", a.Untiered),
		})
	}
	return out
}

// noteOn says how a type is judged that no walking standard is set for.
func (s *State) noteOn(info facilities.TypeInfo) *coverage.Text {
	if info.Measure == facilities.Walk {
		return nil
	}
	level, known := levelWords(s.levelOf(info))
	if !known {
		return &coverage.Text{
			ZH: info.ZH + "没有步行时间标准，应按辖区是否设有或被指定服务衡量；数据中没有辖区界线，因此无法判断。",
			EN: "There is no walking standard for the type “" + info.EN + "”: divisions are asked whether they have one or are assigned to one. " +
				"The data have no divisions, so nothing can be said.",
		}
	}
	out := coverage.Text{
		ZH: info.ZH + "没有步行时间标准，按“每个" + level.ZH + "是否设有或被指定服务”衡量，不计算时间。",
		EN: "There is no walking standard for the type “" + info.EN + "”: each " + level.EN + " is asked whether it has one or is assigned to one, and no times are given.",
	}
	if info.Measure == facilities.Drive {
		out = coverage.Text{
			ZH: info.ZH + "一般乘车到达，没有步行时间标准；没有载入行车路网，因此按“每个" + level.ZH + "是否设有或被指定服务”衡量，不计算时间。",
			EN: "People drive to facilities of the type “" + info.EN + "”, so there is no walking standard. No driving network is loaded: each " + level.EN +
				" is asked whether it has one or is assigned to one, and no times are given.",
		}
	}
	if wanted, _ := levelWords(wantedLevel(info)); wanted != level {
		out.ZH += "应按" + wanted.ZH + "衡量，但数据中没有这一级的界线。"
		out.EN += " It would be asked of each " + wanted.EN + ", but the data have no boundaries of that level."
	}
	return &out
}

func levelWords(l divisions.Level) (coverage.Text, bool) {
	words, ok := map[divisions.Level]coverage.Text{
		divisions.Province:    {ZH: "省", EN: "province"},
		divisions.City:        {ZH: "市", EN: "city"},
		divisions.District:    {ZH: "区（县）", EN: "district"},
		divisions.Subdistrict: {ZH: "街道（乡镇）", EN: "subdistrict"},
		divisions.Community:   {ZH: "社区（村）", EN: "community"},
		divisions.Grid:        {ZH: "网格", EN: "grid"},
	}[l]
	return words, ok
}
