package estatehttp

import (
	"errors"
	"net/http"

	"yike/facilities/estates"
	"yike/internal/httpapi"
)

// ruleProblem tells a client what is wrong with a rule, or with what was asked of it.
func ruleProblem(err error) error {
	var stale *estates.StaleTrialError
	switch {
	case errors.As(err, &stale) && stale.Missing:
		return httpapi.NewProblem(http.StatusConflict, "not_tried",
			"这个版本还没有对全部小区试算，请先试算再生效或停用", "This version was not tried on all estates; try it before it is adopted or withdrawn")
	case errors.As(err, &stale):
		p := httpapi.NewProblem(http.StatusConflict, "trial_out_of_date",
			"试算之后数据有变化（见 errors），请重新试算", "Something has changed since the trial, see errors; try it again")
		for _, f := range stale.Since {
			p.Faults = append(p.Faults, httpapi.Fault{Pointer: "#/" + f.Field, Reason: httpapi.Text{ZH: f.ZH, EN: f.EN}})
		}
		return p
	case errors.Is(err, estates.ErrNoTrial):
		return httpapi.NewProblem(http.StatusNotFound, "not_tried_yet", "这条规则还没有试算过", "The rule was never tried")
	case errors.Is(err, estates.ErrNoRule):
		return httpapi.NewProblem(http.StatusNotFound, "unknown_estate_rule", "没有这条本地规则", "There is no such local rule")
	case errors.Is(err, estates.ErrNotDraft):
		return httpapi.NewProblem(http.StatusConflict, "rule_in_force",
			"这条规则已生效或已失效，不能修改；请新增一条替代它", "The rule was adopted, so it cannot be changed; draft another that replaces it")
	case errors.Is(err, estates.ErrNotAdopted):
		return httpapi.NewProblem(http.StatusConflict, "rule_not_in_force",
			"只有已生效的规则才能停用或被替代", "Only a rule that was adopted can be withdrawn or replaced")
	}
	return problem(err)
}
