package tilehttp

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/paulmach/orb"
)

// tileJSON is TileJSON 3.0.0.
type tileJSON struct {
	TileJSON     string      `json:"tilejson"`
	Name         string      `json:"name"`
	Scheme       string      `json:"scheme"`
	Tiles        []string    `json:"tiles"`
	MinZoom      int         `json:"minzoom"`
	MaxZoom      int         `json:"maxzoom"`
	Bounds       [4]float64  `json:"bounds"`
	Center       [3]float64  `json:"center"`
	Attribution  string      `json:"attribution,omitempty"`
	VectorLayers []LayerInfo `json:"vector_layers"`
}

func (h *Handler) tileJSON(w http.ResponseWriter, r *http.Request) {
	set, names, err := h.set(r)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	doc := describe(names, set)
	doc.Tiles = []string{h.origin(r) + versioned(names, set, "{z}/{x}/{y}")}
	var body bytes.Buffer
	enc := json.NewEncoder(&body)
	enc.SetEscapeHTML(false) // addresses keep their "&"
	if err := enc.Encode(doc); err != nil {
		h.fail(w, r, fmt.Errorf("write TileJSON: %w", err))
		return
	}
	// The document holds the address it was asked at, so this is part of its tag.
	if unchanged(w, r, tagOf(append([]string{doc.Tiles[0]}, names...), set), cacheRevalidate) {
		return
	}
	w.Header().Set("Content-Type", "application/json")
	write(w, r, &body)
}

func describe(names []string, set *Set) tileJSON {
	doc := tileJSON{
		TileJSON: "3.0.0", Name: strings.Join(names, ","), Scheme: "xyz",
		Bounds:      box(set.Bounds),
		Attribution: set.Attribution, VectorLayers: set.Layers,
	}
	for i, l := range set.Layers {
		if i == 0 || l.MinZoom < doc.MinZoom {
			doc.MinZoom = l.MinZoom
		}
		doc.MaxZoom = max(doc.MaxZoom, l.MaxZoom)
	}
	mid := set.Bounds.Center()
	doc.Center = [3]float64{mid[0], mid[1], float64(min(max(12, doc.MinZoom), doc.MaxZoom))}
	return doc
}

func box(b orb.Bound) [4]float64 { return [4]float64{b.Min[0], b.Min[1], b.Max[0], b.Max[1]} }

// origin is the scheme and host under which the client sees this server. Forwarding
// headers are not trusted: behind a proxy, set Config.BaseURL.
func (h *Handler) origin(r *http.Request) string {
	if h.base != "" {
		return h.base
	}
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}
