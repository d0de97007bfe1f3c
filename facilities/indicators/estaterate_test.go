package indicators_test

import (
	"fmt"
	"strings"
	"testing"

	"yike/facilities/indicators"
)

// The figure is passed in all that the rate is of; what is undetermined is said, below the line
// and no pass.
func TestEstateRate(t *testing.T) {
	t.Parallel()
	formula := indicators.Formula{Kind: indicators.EstateRate, Rate: "IND-18"}
	why := indicators.Text{ZH: "没有算成。", EN: "Not worked out."}
	for _, tc := range []struct {
		name, want, notes, reason string
		rate                      indicators.PassRate
	}{
		{"all pass", "100", "", "", indicators.PassRate{Passed: 2}},
		{"one of each", "33.33", "1 个小区待定：计入分母，不算达标；若都达标则为 66.67%", "", indicators.PassRate{Passed: 1, Failed: 1, Undetermined: 1}},
		{"undated ones are in no number", "50", "另有 3 个小区没有建成日期", "", indicators.PassRate{Passed: 1, Failed: 1, Undated: 3}},
		{"of no estate", "none", "另有 2 个", "没有适用的小区", indicators.PassRate{Undated: 2}},
		{"not worked out", "none", "", "没有算成", indicators.PassRate{Reason: why}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			facts := town()
			facts.Rate = func(code string) indicators.PassRate {
				if code != "IND-18" {
					t.Errorf("asked for %s", code)
				}
				return tc.rate
			}
			r := formula.Compute(facts)
			if outcome(r) != tc.want || !strings.Contains(fmt.Sprint(r.Notes), tc.notes) || !strings.Contains(r.Reason.ZH, tc.reason) || (r.Number == nil) != (r.Reason.EN != "") {
				t.Errorf("%s, %+v, %+v", outcome(r), r.Notes, r.Reason)
			}
		})
	}
	if r := formula.Compute(town()); outcome(r) != "none" || r.Reason.EN == "" {
		t.Errorf("without a report: %+v", r)
	}
	if d := formula.Describe(types(t)); !strings.Contains(d.ZH, "IND-18 新建社区综合服务用房面积达标率") || !strings.Contains(d.EN, "below the line") {
		t.Errorf("%+v", d)
	}
}
