package placinghttp

import (
	"errors"
	"net/http"

	"yike/internal/httpapi"
)

// problem tells a client what is wrong.
func problem(err error) error {
	switch {
	case errors.Is(err, ErrNotReady):
		return httpapi.NewProblem(http.StatusServiceUnavailable, "not_ready",
			"数据还没有载入完毕，请稍后再试", "The data are not loaded yet; try again shortly")
	case errors.Is(err, ErrUnknownDivision):
		return httpapi.NewProblem(http.StatusNotFound, "unknown_division", "没有这个编码的辖区", "There is no division with this code")
	}
	if p, ok := httpapi.InvalidRecord(err); ok {
		return p
	}
	return err
}
