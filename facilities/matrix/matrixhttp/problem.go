package matrixhttp

import (
	"errors"
	"net/http"

	"yike/internal/httpapi"
)

// What a client may ask wrongly.
var (
	errUnknownColumn      = errors.New("unknown column")
	errUnknownSubdistrict = errors.New("unknown subdistrict")
)

// problem tells a client what is wrong.
func problem(err error) error {
	switch {
	case errors.Is(err, ErrNotReady):
		return httpapi.NewProblem(http.StatusServiceUnavailable, "not_ready",
			"数据还没有载入完毕，请稍后再试", "The data are not loaded yet; try again shortly")
	case errors.Is(err, ErrNoFonts):
		return httpapi.NewProblem(http.StatusServiceUnavailable, "no_fonts",
			"服务器没有中文字体，不能生成 PDF；可先下载 XLSX，或请管理员安装字体", "The server has no Chinese fonts to set a PDF with; take the XLSX, or ask the administrator to install fonts")
	case errors.Is(err, errUnknownColumn):
		return httpapi.NewProblem(http.StatusUnprocessableEntity, "unknown_column",
			"types 中有一览表没有的列，可用的列见 offered", "types names a column that there is not; offered lists them").
			With(httpapi.Fault{Pointer: "query.types", Reason: httpapi.Text{ZH: "没有这一列", EN: "there is no such column"}})
	case errors.Is(err, errUnknownSubdistrict):
		return httpapi.NewProblem(http.StatusNotFound, "unknown_division", "没有这个编码的街镇", "There is no subdistrict with this code")
	}
	return err
}
