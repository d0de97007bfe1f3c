package indicatorhttp

import (
	"errors"
	"net/http"
	"strings"

	"yike/internal/httpapi"
)

var (
	errUnknownTemplate = errors.New("unknown template")
	errBadYear         = errors.New("the plan has no such year")
	errNotBegun        = errors.New("the year has not begun")
)

// problem tells a client what is wrong.
func problem(err error) error {
	switch {
	case errors.Is(err, ErrNotReady):
		return httpapi.NewProblem(http.StatusServiceUnavailable, "not_ready", "数据还没有载入完毕，请稍后再试", "The data are not loaded yet; try again shortly")
	case errors.Is(err, ErrNotFound):
		return httpapi.NewProblem(http.StatusNotFound, "unknown_plan", "没有这个规划，或者其中没有这一项", "There is no such plan, or nothing in it of that id")
	case errors.Is(err, errUnknownTemplate):
		return httpapi.NewProblem(http.StatusNotFound, "unknown_plan_template", "没有这个规划模板，可用的见 /api/v1/plan-templates", "There is no such plan template; /api/v1/plan-templates lists them")
	case errors.Is(err, errBadYear):
		return httpapi.NewProblem(http.StatusUnprocessableEntity, "bad_year", "年份应不早于规划基期，且不晚于期末之后 30 年", "The year must not be before the plan's base year, nor 30 years after its end")
	case errors.Is(err, errNotBegun):
		return httpapi.NewProblem(http.StatusUnprocessableEntity, "year_not_begun", "这一年还没有到，没有可封存的数", "That year has not begun, so there is nothing to seal")
	case errors.Is(err, ErrNoFonts):
		return httpapi.NewProblem(http.StatusServiceUnavailable, "no_fonts", "服务器没有中文字体，不能生成 PDF；请管理员安装 fonts-noto-cjk，或改用 CSV",
			"The server has no Chinese fonts, so it cannot make a PDF; have fonts-noto-cjk installed, or take the CSV")
	}
	if p, ok := httpapi.InvalidRecord(err); ok {
		for i := range p.Faults {
			p.Faults[i].Pointer = pointer(p.Faults[i].Pointer)
		}
		return p
	}
	return err
}

// pointer turns #/formula.of[0].type into a JSON pointer.
func pointer(path string) string {
	return strings.NewReplacer(".", "/", "[", "/", "]", "").Replace(path)
}
