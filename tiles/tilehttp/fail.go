package tilehttp

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"yike/tiles"
)

// namesError is a layer named twice in one address.
type namesError struct{ name string }

func (e *namesError) Error() string { return fmt.Sprintf("layer %q is named twice", e.name) }

// fault is an error as the client is told it.
type fault struct {
	status         int
	code           string
	detailZH       string
	detailEN       string
	pointer, value string // of the one thing that is wrong; "" when nothing in particular
	hintZH, hintEN string
}

func faultOf(err error) fault {
	var tile *tiles.TileError
	var layer *UnknownLayerError
	var twice *namesError
	var query *QueryError
	switch {
	case errors.As(err, &tile):
		return fault{
			status: http.StatusBadRequest, code: "bad_tile", pointer: tile.Part, value: tile.Value,
			detailZH: fmt.Sprintf("瓦片地址有误：%s 应为 0 至 %d 的整数", tile.Part, tile.Max),
			detailEN: fmt.Sprintf("Bad tile address: %s must be a whole number from 0 to %d", tile.Part, tile.Max),
		}
	case errors.As(err, &layer):
		known := strings.Join(layer.Known, ", ")
		return fault{
			status: http.StatusNotFound, code: "unknown_layer", pointer: "layers", value: layer.Name,
			detailZH: fmt.Sprintf("没有图层“%s”", layer.Name),
			detailEN: fmt.Sprintf("There is no layer %q", layer.Name),
			hintZH:   "现有图层：" + known, hintEN: "There are: " + known,
		}
	case errors.As(err, &twice):
		return fault{
			status: http.StatusBadRequest, code: "layer_twice", pointer: "layers", value: twice.name,
			detailZH: fmt.Sprintf("图层“%s”重复", twice.name), detailEN: fmt.Sprintf("Layer %q is named twice", twice.name),
		}
	case errors.As(err, &query):
		return fault{
			status: http.StatusBadRequest, code: "bad_query", pointer: query.Param, value: query.Value,
			detailZH: fmt.Sprintf("查询参数 %s 有误：%s", query.Param, query.ReasonZH),
			detailEN: fmt.Sprintf("Bad query parameter %s: %s", query.Param, query.ReasonEN),
		}
	case errors.Is(err, ErrNotReady):
		return fault{
			status: http.StatusServiceUnavailable, code: "not_ready",
			detailZH: "数据尚在载入，请稍候", detailEN: "The data are still being loaded; please wait",
		}
	}
	return fault{status: http.StatusInternalServerError, code: "internal", detailZH: "服务器内部错误", detailEN: "Internal server error"}
}
