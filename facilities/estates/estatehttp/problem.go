package estatehttp

import (
	"errors"
	"net/http"

	"yike/facilities/estates"
	"yike/internal/httpapi"
)

// What Records returns besides the errors of the core.
var (
	ErrNotReady        = errors.New("the data are not loaded yet")
	ErrUnknownDivision = errors.New("there is no such division")
)

var errBadCursor = errors.New("cursor is not one of ours")

// problem tells a client what is wrong.
func problem(err error) error {
	switch {
	case errors.Is(err, ErrNotReady):
		return httpapi.NewProblem(http.StatusServiceUnavailable, "not_ready", "数据还没有载入完毕，请稍后再试", "The data are not loaded yet; try again shortly")
	case errors.Is(err, ErrUnknownDivision):
		return httpapi.NewProblem(http.StatusNotFound, "unknown_division", "没有这个辖区", "There is no such division")
	case errors.Is(err, estates.ErrNotFound):
		return httpapi.NewProblem(http.StatusNotFound, "unknown_estate", "没有这个小区", "There is no such estate")
	case errors.Is(err, estates.ErrInUse):
		return httpapi.NewProblem(http.StatusConflict, "estate_in_use",
			"该小区已有意见、办理记录或台账用房，不能删除", "Opinions, records or rooms of the ledger follow from this estate, so it cannot be removed")
	case errors.Is(err, errBadCursor):
		return httpapi.NewProblem(http.StatusUnprocessableEntity, "bad_cursor", "cursor 不是上一页给出的 next", "cursor is not the next of the page before")
	}
	if p, ok := httpapi.InvalidRecord(err); ok {
		return p
	}
	return err
}
