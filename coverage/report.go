package coverage

import "yike/geo/divisions"

// Report is one whole answer with all that is needed to show or export it. Sites,
// Circles, and the caller's own list of facilities run parallel; so do Divisions,
// Summary.Divisions and Summary.Units; so do Demand and Result.
type Report struct {
	Base      divisions.Base
	Demand    *Demand
	Divisions []divisions.Division
	Hierarchy *Hierarchy
	Sites     []Site
	Result    *Result
	Summary   Summary
	Circles   []Circle
	Gaps      []Gap
	Overlaps  *Overlaps  // nil where walks are too long to keep them all
	Served    [][]Served // per site and band; nil likewise
}

// AbsentLevels says in sentences which of the levels that people plan by the data
// do not have, and what is missing for it.
func AbsentLevels(h *Hierarchy) []Text {
	have := map[divisions.Level]bool{}
	for _, level := range h.Levels() {
		have[level] = true
	}
	var out []Text
	if !have[divisions.Subdistrict] {
		out = append(out, Text{
			ZH: "数据中没有街镇界线，因此没有街镇一级的结果。",
			EN: "The data have no subdistrict boundaries, so there are no results by subdistrict.",
		})
	}
	if !have[divisions.Community] {
		out = append(out, Text{
			ZH: "数据中没有社区（村）界线，因此没有社区一级的结果，也不能计算按单位的覆盖率。",
			EN: "The data have no community (village) boundaries, so there are no results by community and no unit coverage.",
		})
	}
	if !have[divisions.Grid] {
		out = append(out, Text{
			ZH: "数据中没有网格界线，因此没有网格一级的结果。",
			EN: "The data have no grid boundaries, so there are no results by grid.",
		})
	}
	return out
}
