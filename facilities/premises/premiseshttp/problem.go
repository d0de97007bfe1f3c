package premiseshttp

import (
	"errors"
	"net/http"

	"yike/facilities/premises"
	"yike/internal/httpapi"
)

var errBadCursor = errors.New("cursor is not one of ours")

// ErrNotReady is returned by a Ledger before anything is loaded.
var ErrNotReady = errors.New("the data are not loaded yet")

// problem tells a client what is wrong.
func problem(err error) error {
	var file *FileError
	switch {
	case errors.As(err, &file):
		p := httpapi.NewProblem(http.StatusUnprocessableEntity, "bad_file", "文件读不出来："+file.ZH, "The file cannot be read: "+file.EN)
		if file.Row > 0 {
			p.Faults = []httpapi.Fault{{Row: file.Row, Reason: httpapi.Text{ZH: file.ZH, EN: file.EN}}}
		}
		return p
	case errors.Is(err, ErrNotReady):
		return httpapi.NewProblem(http.StatusServiceUnavailable, "not_ready",
			"数据还没有载入完毕，请稍后再试", "The data are not loaded yet; try again shortly")
	case errors.Is(err, premises.ErrNotFound):
		return httpapi.NewProblem(http.StatusNotFound, "unknown_premises", "台账里没有这处用房", "There is no such room in the ledger")
	case errors.Is(err, premises.ErrNoRectification):
		return httpapi.NewProblem(http.StatusNotFound, "unknown_rectification", "没有这项整改", "There is no such rectification")
	case errors.Is(err, premises.ErrInspected):
		return httpapi.NewProblem(http.StatusConflict, "inspected",
			"这处用房已有检查记录，不能删除；若已拆除或退还，请把移交状态改为已退出",
			"The room was inspected, so it cannot be removed; if it was torn down or given back, set its state to withdrawn")
	case errors.Is(err, errBadCursor):
		return httpapi.NewProblem(http.StatusUnprocessableEntity, "bad_cursor",
			"cursor 不是上一页给出的 next", "cursor is not the next of the page before")
	}
	if p, ok := httpapi.InvalidRecord(err); ok {
		return p
	}
	return err
}
