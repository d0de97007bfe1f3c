package casehttp

import (
	"errors"
	"net/http"

	"yike/internal/httpapi"
	"yike/placenames/process"
)

// What Cases returns besides the errors of the core.
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
	case errors.Is(err, process.ErrNotFound):
		return httpapi.NewProblem(http.StatusNotFound, "unknown_case", "没有这个办件", "There is no such case")
	case errors.Is(err, process.ErrNoName):
		return httpapi.NewProblem(http.StatusNotFound, "unknown_name", "没有这条地名", "There is no such place name")
	case errors.Is(err, errBadCursor):
		return httpapi.NewProblem(http.StatusUnprocessableEntity, "bad_cursor", "cursor 不是上一页给出的 next", "cursor is not the next of the page before")
	}
	if p, ok := httpapi.InvalidRecord(err); ok {
		return p
	}
	return err
}
