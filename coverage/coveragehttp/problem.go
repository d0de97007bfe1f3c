package coveragehttp

import (
	"errors"
	"fmt"
	"net/http"

	"yike/internal/httpapi"
)

// sitingProblem tells what is wrong with a question about places.
func sitingProblem(f *SitingFault) error {
	return httpapi.NewProblem(http.StatusUnprocessableEntity, f.Code, f.Reason.ZH, f.Reason.EN).With(httpapi.Fault{
		Pointer: f.Pointer, Reason: httpapi.Text(f.Reason), Hint: httpapi.Text(f.Hint),
	})
}

// problem tells a client what a Source reported.
func problem(err error) error {
	var place *SitingFault
	var share *AccessFault
	switch {
	case errors.As(err, &share):
		return share.problem()
	case errors.Is(err, errOldCursor):
		return httpapi.NewProblem(http.StatusConflict, "cursor_outdated",
			"数据已更新，请从第一页重新读取", "The data have changed meanwhile; begin again with the first page")
	case errors.As(err, &place):
		return sitingProblem(place)
	case errors.Is(err, ErrNotReady):
		return httpapi.NewProblem(http.StatusServiceUnavailable, "not_ready",
			"数据还没有载入完毕，请稍后再试",
			"The data are not loaded yet; try again shortly")
	case errors.Is(err, ErrUnknownType):
		return httpapi.NewProblem(http.StatusNotFound, "unknown_facility_type",
			"没有这种设施类型，可用的类型见 /api/v1/facility-types",
			"There is no such facility type; /api/v1/facility-types lists them")
	case errors.Is(err, ErrUnknownBase):
		return httpapi.NewProblem(http.StatusNotFound, "unknown_base",
			"数据中没有这种人口口径，可用的口径见 /api/v1/district",
			"The data have no such population base; /api/v1/district lists those they have")
	case errors.Is(err, ErrNoPoint):
		return httpapi.NewProblem(http.StatusNotFound, "unknown_population_point",
			"没有这个人口点",
			"There is no such population point")
	case errors.Is(err, ErrNoReport):
		return httpapi.NewProblem(http.StatusNotFound, "unknown_coverage_report",
			"没有这份覆盖报告，或尚未开始计算",
			"There is no such coverage report, or it has not begun")
	case errors.Is(err, errUnfinished):
		return httpapi.NewProblem(http.StatusConflict, "report_unfinished",
			"报告尚未完成，完成后才能下载表格",
			"The report is not complete; the table is there when it is")
	case errors.Is(err, errTooMany):
		return httpapi.NewProblem(http.StatusUnprocessableEntity, "too_many_questions",
			"组合过多，一份报告最多 2000 个", "Too many combinations: a report has at most 2000")
	case errors.Is(err, ErrTooWide):
		return httpapi.NewProblem(http.StatusUnprocessableEntity, "walks_too_long",
			"试算的步行距离最多 3600 米，请缩短时限或放慢步速",
			"Plans are worked out for walks of at most 3,600 m; ask for a shorter limit or a slower pace")
	case errors.Is(err, ErrTooManySteps):
		return httpapi.NewProblem(http.StatusUnprocessableEntity, "too_many_steps",
			"步骤过多：一个方案最多 100 步，其中道路最多 20 步", "Too many steps: a plan has at most 100, of which 20 about streets")
	default:
		return stepProblem(err)
	}
}

// stepProblem tells which step of a plan cannot be taken; any other error stays as it is.
func stepProblem(err error) error {
	var fault *StepFault
	if !errors.As(err, &fault) {
		return err
	}
	return httpapi.NewProblem(http.StatusUnprocessableEntity, "step_impossible",
		fmt.Sprintf("第 %d 步做不了：%s", fault.Step+1, fault.Reason.ZH), fmt.Sprintf("Step %d cannot be taken: %s", fault.Step+1, fault.Reason.EN),
	).With(httpapi.Fault{
		Pointer: fmt.Sprintf("#/steps/%d", fault.Step), Reason: httpapi.Text(fault.Reason), Hint: httpapi.Text(fault.Hint),
	})
}
