package numberinghttp

import (
	"errors"
	"net/http"

	"yike/internal/httpapi"
	"yike/placenames/numbering"
)

// problem tells a client what is wrong.
func problem(err error) error {
	switch {
	case errors.Is(err, numbering.ErrNoRule):
		return httpapi.NewProblem(http.StatusNotFound, "unknown_numbering_rule", "没有这个编号方案", "There is no such rule set")
	case errors.Is(err, numbering.ErrUnknown):
		return httpapi.NewProblem(http.StatusNotFound, "unknown_road", "没有这条道路", "There is no such road")
	case errors.Is(err, numbering.ErrNoRoad):
		return httpapi.NewProblem(http.StatusUnprocessableEntity, "no_road_line", "没有道路中心线：请在地图上画出", "There is no centre line: draw it on the map")
	case errors.Is(err, numbering.ErrRing):
		return httpapi.NewProblem(http.StatusUnprocessableEntity, "road_is_a_ring", "环形道路没有起点：请从编号起点处画成断开的线", "A ring has no end to begin at: draw it open, from where its numbers begin")
	}
	if p, ok := httpapi.InvalidRecord(err); ok {
		return p
	}
	return err
}
