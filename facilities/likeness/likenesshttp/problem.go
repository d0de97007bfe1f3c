package likenesshttp

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
	case errors.Is(err, ErrUnknownType):
		return httpapi.NewProblem(http.StatusNotFound, "unknown_facility_type",
			"没有这种设施类型，可用的类型见 /api/v1/facility-types", "There is no such facility type; /api/v1/facility-types lists them")
	case errors.Is(err, ErrUnknownFacility):
		return httpapi.NewProblem(http.StatusNotFound, "unknown_facility", "没有这个设施", "There is no such facility")
	case errors.Is(err, errBadCursor):
		return httpapi.NewProblem(http.StatusUnprocessableEntity, "bad_cursor",
			"cursor 不是上一页给出的 next", "cursor is not the next of the page before")
	}
	if p, ok := httpapi.InvalidRecord(err); ok {
		return p
	}
	return err
}
