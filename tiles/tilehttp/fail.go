package tilehttp

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"yike/internal/httpapi"
	"yike/tiles"
)

// namesError is a layer named twice in one address.
type namesError struct{ name string }

func (e *namesError) Error() string { return fmt.Sprintf("layer %q is named twice", e.name) }

// fail answers with the problem that err is (RFC 9457).
func (h *Handler) fail(w http.ResponseWriter, r *http.Request, err error) {
	httpapi.WriteProblem(w, r, problemOf(r.Context(), err))
}

func problemOf(ctx context.Context, err error) *httpapi.Problem {
	var tile *tiles.TileError
	var layer *UnknownLayerError
	var twice *namesError
	var query *QueryError
	lang := httpapi.LangOf(ctx)
	switch {
	case errors.As(err, &tile):
		reason := httpapi.Text{
			ZH: fmt.Sprintf("应为 0 至 %d 的整数", tile.Max),
			EN: fmt.Sprintf("want a whole number from 0 to %d", tile.Max),
		}
		return httpapi.NewProblem(ctx, http.StatusBadRequest, "bad_tile",
			httpapi.Text{ZH: "瓦片地址有误", EN: "Bad tile address"},
			httpapi.Fault{Pointer: tile.Part, Value: tile.Value, Reason: reason.In(lang)})
	case errors.As(err, &layer):
		known := strings.Join(layer.Known, ", ")
		return httpapi.NewProblem(ctx, http.StatusNotFound, "unknown_layer",
			httpapi.Text{ZH: "没有这个图层", EN: "There is no such layer"},
			httpapi.Fault{
				Pointer: "layers", Value: layer.Name,
				Reason: httpapi.Text{ZH: "未知图层", EN: "unknown layer"}.In(lang),
				Hint:   httpapi.Text{ZH: "现有图层：" + known, EN: "There are: " + known}.In(lang),
			})
	case errors.As(err, &twice):
		return httpapi.NewProblem(ctx, http.StatusBadRequest, "bad_layers",
			httpapi.Text{ZH: "图层名重复", EN: "A layer is named twice"},
			httpapi.Fault{Pointer: "layers", Value: twice.name, Reason: httpapi.Text{ZH: "重复", EN: "named twice"}.In(lang)})
	case errors.As(err, &query):
		return httpapi.NewProblem(ctx, http.StatusBadRequest, "bad_query",
			httpapi.Text{ZH: "查询参数有误", EN: "Bad query parameter"},
			httpapi.Fault{Pointer: query.Param, Value: query.Value, Reason: httpapi.Text{ZH: query.ReasonZH, EN: query.ReasonEN}.In(lang)})
	case errors.Is(err, ErrNotReady):
		return httpapi.NewProblem(ctx, http.StatusServiceUnavailable, "not_ready",
			httpapi.Text{ZH: "数据尚在载入，请稍候", EN: "The data are still being loaded; please wait"})
	}
	return httpapi.Internal(ctx, err)
}
