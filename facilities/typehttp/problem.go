package typehttp

import (
	"errors"
	"net/http"

	"yike/facilities"
	"yike/internal/httpapi"
)

// What Types returns beside what is wrong with what was written.
var (
	ErrNotReady = errors.New("the data are not loaded yet")
	ErrInUse    = errors.New("there are facilities of the type")
	ErrNotLocal = errors.New("the bureau changed nothing of the type")
)

// problem tells a client what is wrong.
func problem(err error) error {
	switch {
	case errors.Is(err, ErrNotReady):
		return httpapi.NewProblem(http.StatusServiceUnavailable, "not_ready", "数据还没有载入完毕，请稍后再试", "The data are not loaded yet; try again shortly")
	case errors.Is(err, facilities.ErrNoType):
		return httpapi.NewProblem(http.StatusNotFound, "unknown_facility_type",
			"没有这种设施类型，可用的类型见 /api/v1/facility-types", "There is no such facility type; /api/v1/facility-types lists them")
	case errors.Is(err, ErrInUse):
		return httpapi.NewProblem(http.StatusConflict, "facility_type_in_use",
			"已登记有这种设施，不能删除；可以停用，停用后不能再新增", "There are facilities of this type, so it cannot be removed; retire it, and no more can be added")
	case errors.Is(err, ErrNotLocal):
		return httpapi.NewProblem(http.StatusConflict, "facility_type_unchanged",
			"本局没有改动过这种类型，无需恢复", "The bureau changed nothing of this type, so there is nothing to take back")
	}
	if p, ok := httpapi.InvalidRecord(err); ok {
		return p
	}
	return err
}
