package placenamehttp

import (
	"errors"
	"net/http"

	"yike/internal/httpapi"
	"yike/placenames"
)

// What Records and Outputs return besides the errors of the core.
var (
	ErrUnknownDivision = errors.New("there is no such division")
	ErrNoFonts         = errors.New("the server has no Chinese fonts")
)

var (
	errBadCursor  = errors.New("cursor is not one of ours")
	errBadFrame   = errors.New("bbox is no frame")
	errKnownAlone = errors.New("known is not a moment beside a day")
)

// problem tells a client what is wrong.
func problem(err error) error {
	switch {
	case errors.Is(err, ErrUnknownDivision):
		return httpapi.NewProblem(http.StatusNotFound, "unknown_division", "没有这个辖区", "There is no such division")
	case errors.Is(err, ErrNoFonts):
		return httpapi.NewProblem(http.StatusServiceUnavailable, "no_fonts",
			"服务器没有中文字体，不能生成 PDF；请管理员安装 fonts-noto-cjk", "The server has no Chinese fonts, so it cannot make a PDF; let the administrator install fonts-noto-cjk")
	case errors.Is(err, placenames.ErrNotFound):
		return httpapi.NewProblem(http.StatusNotFound, "unknown_place_name", "没有这条地名", "There is no such place name")
	case errors.Is(err, placenames.ErrNotPlanned):
		return httpapi.NewProblem(http.StatusNotFound, "unknown_planned_name", "地名规划中没有这个名称", "The plan has no such name")
	case errors.Is(err, placenames.ErrStays):
		return httpapi.NewProblem(http.StatusConflict, "place_name_stays",
			"只有未被引用的草稿可以删除；其他地名请办理撤回或注销", "Only drafts that nothing refers to are removed; withdraw or retire the name instead")
	case errors.Is(err, placenames.ErrTaken):
		return httpapi.NewProblem(http.StatusConflict, "planned_name_taken", "预留名称已被采用，不能改名或删除", "A record took the reserved name, so it neither changes nor goes")
	case errors.Is(err, errBadCursor):
		return httpapi.NewProblem(http.StatusUnprocessableEntity, "bad_cursor", "cursor 不是上一页给出的 next", "cursor is not the next of the page before")
	case errors.Is(err, errBadFrame):
		return httpapi.NewProblem(http.StatusUnprocessableEntity, "bad_bbox", "bbox 应为西、南、东、北四个经纬度", "bbox must be west, south, east and north in degrees")
	case errors.Is(err, errKnownAlone):
		return httpapi.NewProblem(http.StatusUnprocessableEntity, "bad_known", "known 须与 at 一起使用，并写成 2026-11-27T08:00:00+08:00 的形式",
			"known goes with at, and is a moment such as 2026-11-27T08:00:00+08:00")
	}
	if p, ok := httpapi.InvalidRecord(err); ok {
		return p
	}
	return err
}
