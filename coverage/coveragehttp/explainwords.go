package coveragehttp

import (
	"yike/coverage"
)

func reasonOf(r coverage.Reason) *explainedReason {
	if r == "" {
		return nil
	}
	words := r.Text()
	return &explainedReason{Code: string(r), ZH: words.ZH, EN: words.EN}
}

type explainedFormula struct {
	Figure string `json:"figure" doc:"The part of a figure, or a share"`
	Text
}

// formulas say in words how each figure is worked out.
func formulas(walked bool) []explainedFormula {
	covered := Text{
		ZH: "已覆盖：从住处门口步行到最近一处开放设施门口，时间（或距离）不超过时限（等于时限也算）的人数。时间 = 住处到路径 + 沿路径 + 路径到设施，按整数毫秒累加；人按其所住的人口点计，不按服务圈多边形计",
		EN: "Covered: people whose walk from their door to that of the nearest open facility is within the limit, the limit included. The walk is the way to the path, along paths, and from the path to the facility, added up in whole milliseconds. People count by the point they live at, never by the polygon of a circle",
	}
	uncovered := Text{
		ZH: "未覆盖：住处接入路网，但时限内没有开放设施的人数",
		EN: "Uncovered: people on the network who have no open facility within the limit",
	}
	unsnapped := Text{
		ZH: "无路可走：住处到最近路径超过接入距离的人数，不算已覆盖，也不算未覆盖",
		EN: "With no path near: people who live farther from any path than the snap limit. They are neither covered nor uncovered",
	}
	if !walked {
		covered = Text{ZH: "已覆盖：所在辖区有开放设施，或被指定由某处设施服务的人数；这类设施不计步行", EN: "Covered: people whose division has an open facility or is assigned to one; no walk counts for this type"}
		uncovered = Text{ZH: "未覆盖：所在辖区没有设施、也没有被指定服务的人数", EN: "Uncovered: people whose division has no facility and is assigned to none"}
		unsnapped = Text{ZH: "不在该级任何辖区内的人数，不算已覆盖，也不算未覆盖", EN: "People in no division of the level: neither covered nor uncovered"}
	}
	return []explainedFormula{
		{"population_coverage", Text{ZH: "覆盖率（人口）= 已覆盖 ÷ 人口；无路可走的人留在分母里，所以覆盖率不会偏高", EN: "Coverage by people = covered ÷ population. People with no path near stay in the base, so the share is never flattered"}},
		{"unit_coverage", Text{ZH: "覆盖率（单位）= 有开放设施或被指定服务的社区（村）数 ÷ 社区（村）总数；设施在其网格内也算，不看步行", EN: "Coverage by units = communities that have an open facility or are assigned to one ÷ all communities. One in a grid of it counts; walks do not matter"}},
		{"population", Text{ZH: "人口 = 已覆盖 + 未覆盖 + 无路可走，恒等", EN: "Population = covered + uncovered + with no path near, exactly"}},
		{coverage.Reached.String(), covered},
		{coverage.Beyond.String(), uncovered},
		{coverage.OffNetwork.String(), unsnapped},
		{coverage.ByOne.String(), Text{ZH: "已覆盖的人中，时限内只有一处设施的人数", EN: "Of the covered, people with one facility only within the limit"}},
		{coverage.BySeveral.String(), Text{ZH: "已覆盖的人中，时限内有两处以上设施的人数", EN: "Of the covered, people with more than one facility within the limit"}},
		{coverage.Nearest.String(), Text{ZH: "已覆盖的人中，以该设施为最近设施的人数；一样近的归编号在前的", EN: "Of the covered, people whose nearest facility this is; of equally near ones the first counts"}},
		{coverage.Gained.String(), Text{ZH: "新增：今天未覆盖（或无路可走），按方案已覆盖的人数", EN: "Gained: people covered with the plan who are not today"}},
		{coverage.Lost.String(), Text{ZH: "失去：今天已覆盖，按方案不再覆盖的人数。方案后已覆盖 = 今天已覆盖 + 新增 − 失去，恒等", EN: "Lost: people covered today who are not with the plan. Covered with the plan = covered today + gained − lost, exactly"}},
		{coverage.Nearer.String(), Text{ZH: "方案前后都已覆盖，到最近设施的步行变短的人数", EN: "People covered both ways whose walk to the nearest becomes shorter"}},
		{coverage.Farther.String(), Text{ZH: "方案前后都已覆盖，到最近设施的步行变长的人数", EN: "People covered both ways whose walk to the nearest becomes longer"}},
	}
}
