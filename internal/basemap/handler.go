package basemap

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/go-chi/chi/v5"

	"yike/internal/httpapi"
)

// Mount registers /basemap/{z}/{x}/{y} on a router. A nil proxy is a base map that is
// switched off: every tile is a problem 404 that says so.
func Mount(r chi.Router, p *Proxy) {
	r.Get("/basemap/{z}/{x}/{y}", func(w http.ResponseWriter, req *http.Request) {
		if p == nil {
			httpapi.WriteProblem(w, req, httpapi.NotFound("base_map_off", "未启用底图", "No base map is configured"))
			return
		}
		img, err := p.Tile(req.Context(), chi.URLParam(req, "z"), chi.URLParam(req, "x"), chi.URLParam(req, "y"))
		if err != nil {
			httpapi.WriteError(w, req, asProblem(err))
			return
		}
		h := w.Header()
		h.Set("Content-Type", img.Type)
		h.Set("Content-Length", strconv.Itoa(len(img.Body)))
		h.Set("X-Content-Type-Options", "nosniff")
		// Private: the licence to the base map is this server's, not a shared cache's.
		h.Set("Cache-Control", "private, max-age=86400")
		// An error here is a client that went away.
		_, _ = w.Write(img.Body)
	})
}

// asProblem tells what went wrong outside this server; other errors stay as they are.
func asProblem(err error) error {
	switch {
	case errors.Is(err, ErrTile):
		return httpapi.BadRequest("bad_tile", "瓦片地址有误", "Bad tile address")
	case errors.Is(err, ErrNoTile):
		return httpapi.NotFound("no_tile", "底图没有这块瓦片", "The base map has no such tile")
	case errors.Is(err, ErrUpstream):
		return httpapi.NewProblem(http.StatusBadGateway, "base_map_failed", "底图服务暂不可用", "The base map server does not answer properly")
	}
	return err
}
