package tilehttp

import (
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
	httpapi.WriteError(w, r, asProblem(err))
}

// asProblem tells the client's mistakes as problems and leaves other errors as they are.
func asProblem(err error) error {
	var tile *tiles.TileError
	var layer *UnknownLayerError
	var twice *namesError
	var query *QueryError
	switch {
	case errors.As(err, &tile):
		return httpapi.BadRequest("bad_tile", "瓦片地址有误", "Bad tile address").With(httpapi.Fault{
			Pointer: "path." + tile.Part, Value: tile.Value,
			Reason: httpapi.Text{ZH: fmt.Sprintf("应为 0 至 %d 的整数", tile.Max), EN: fmt.Sprintf("want a whole number from 0 to %d", tile.Max)},
		})
	case errors.As(err, &layer):
		known := strings.Join(layer.Known, ", ")
		return httpapi.NotFound("unknown_layer", "没有这个图层", "There is no such layer").With(httpapi.Fault{
			Pointer: "path.layers", Value: layer.Name,
			Reason: httpapi.Text{ZH: "未知图层", EN: "unknown layer"},
			Hint:   httpapi.Text{ZH: "现有图层：" + known, EN: "There are: " + known},
		})
	case errors.As(err, &twice):
		return httpapi.BadRequest("bad_layers", "图层名重复", "A layer is named twice").With(httpapi.Fault{
			Pointer: "path.layers", Value: twice.name, Reason: httpapi.Text{ZH: "重复", EN: "named twice"},
		})
	case errors.As(err, &query):
		return httpapi.BadRequest("bad_query", "查询参数有误", "Bad query parameter").With(httpapi.Fault{
			Pointer: "query." + query.Param, Value: query.Value, Reason: httpapi.Text{ZH: query.ReasonZH, EN: query.ReasonEN},
		})
	case errors.Is(err, ErrNotReady):
		return httpapi.Unavailable("数据尚在载入，请稍候", "The data are still being loaded; please wait")
	}
	return err
}
