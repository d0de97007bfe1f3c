package facilityhttp

import (
	"errors"
	"net/http"

	"yike/internal/httpapi"
)

// What a client may ask wrongly.
var (
	errUnknownType = errors.New("unknown facility type")
	errBadDay      = errors.New("valid is no day")
	errBadSort     = errors.New("unknown order")
)

// Replaced is the 409 problem for a change of a record that others took the place of.
func Replaced(name string, by []string) *httpapi.Problem {
	p := httpapi.NewProblem(http.StatusConflict, "facility_replaced",
		"“"+name+"”已并入其他记录，不能再改；请到取代它的记录上修改", "Others took the place of this record, so it cannot be changed; change those")
	for _, id := range by {
		p.Faults = append(p.Faults, httpapi.Fault{
			Pointer: "path.id", Value: id, Reason: httpapi.Text{ZH: "取代它的记录", EN: "took its place"},
		})
	}
	return p
}

// problem tells a client what is wrong.
func problem(err error) error {
	switch {
	case errors.Is(err, ErrNotReady):
		return httpapi.NewProblem(http.StatusServiceUnavailable, "not_ready",
			"数据还没有载入完毕，请稍后再试", "The data are not loaded yet; try again shortly")
	case errors.Is(err, errUnknownType):
		return httpapi.NewProblem(http.StatusNotFound, "unknown_facility_type",
			"没有这种设施类型，可用的类型见 /api/v1/facility-types", "There is no such facility type; /api/v1/facility-types lists them")
	case errors.Is(err, ErrUnknownDivision):
		return httpapi.NewProblem(http.StatusNotFound, "unknown_division", "没有这个编码的辖区", "There is no division with this code")
	case errors.Is(err, ErrNotFound):
		return httpapi.NewProblem(http.StatusNotFound, "unknown_facility", "没有这个设施", "There is no such facility")
	case errors.Is(err, ErrNotMerged):
		return httpapi.NewProblem(http.StatusConflict, "not_merged", "这条记录没有并入别的记录，没有可撤销的合并；已拆分的记录不能重新合成",
			"The record was not merged into another, so there is no merge to undo; what was split is not put together again")
	case errors.Is(err, ErrNoArea):
		return httpapi.NewProblem(http.StatusNotFound, "unknown_service_area", "没有这个片区", "There is no such service area")
	case errors.Is(err, ErrNoSteward):
		return httpapi.NewProblem(http.StatusNotFound, "unknown_steward", "没有这个责任单位", "There is no such steward")
	case errors.Is(err, ErrNoProposal):
		return httpapi.NewProblem(http.StatusNotFound, "unknown_proposal", "没有这条建议", "There is no such proposal")
	case errors.Is(err, ErrDecided):
		return httpapi.NewProblem(http.StatusConflict, "proposal_decided", "这条建议已处理，请刷新", "The proposal was decided already; read it again")
	case errors.Is(err, ErrNoChange):
		return httpapi.NewProblem(http.StatusNotFound, "unknown_change", "没有这次批量修改，或不能撤销", "There is no such change of many records, or none that can be undone")
	case errors.Is(err, ErrBadCursor):
		return httpapi.NewProblem(http.StatusUnprocessableEntity, "bad_cursor",
			"cursor 不是上一页给出的 next", "cursor is not the next of the page before")
	case errors.Is(err, errBadSort):
		return httpapi.NewProblem(http.StatusUnprocessableEntity, "bad_sort",
			"sort 应为 id、name、type、status、stage、division、capacity 或 verified，前面可加减号表示倒序",
			"sort must be id, name, type, status, stage, division, capacity or verified, with a minus before it for the greatest first")
	case errors.Is(err, errBadDay):
		return httpapi.NewProblem(http.StatusUnprocessableEntity, "bad_day", "valid 应为日期，如 2026-11-27", "valid must be a day such as 2026-11-27")
	}
	if p, ok := httpapi.InvalidRecord(err); ok {
		return p
	}
	return err
}
