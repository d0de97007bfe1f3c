package coverageexport

import (
	"encoding/json"

	"yike/coverage"
)

// publicNotice tells the reader of a published file what was done to its numbers.
func publicNotice() Notice {
	return Notice{
		ZH: "公开版：人数四舍五入到 10 人，不足 10 人的不列出，分项之和可能与总数不符；不含逐点数据",
		EN: "For publication: people are rounded to tens and fewer than 10 are left out, so parts need not add up; single points are not in it",
	}
}

// cell writes a number of people; in a public file "<10" for one that is left out.
func cell(n coverage.People, public bool) string {
	if !public {
		return n.String()
	}
	rounded, shown := n.Public()
	if !shown {
		return "<" + coverage.PublicStep.String()
	}
	return rounded.String()
}

// number is a number of people in JSON; null for one that is left out.
func number(n coverage.People, public bool) any {
	if !public {
		return json.Number(n.String())
	}
	rounded, shown := n.Public()
	if !shown {
		return nil
	}
	return json.Number(rounded.String())
}

func coverageOf(c coverage.Count, public bool) (float64, bool) {
	if public {
		return c.PublicCoverage()
	}
	return c.PopulationCoverage()
}
