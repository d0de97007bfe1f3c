package tilehttp

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"
	"github.com/klauspost/compress/gzip"

	"yike/internal/httpapi"
	"yike/tiles"
)

// Config sets up a Handler.
type Config struct {
	Source Source
	// BaseURL is the server's own address as clients see it, without a slash at the
	// end, e.g. "https://yike.example.cn". Empty: taken from each request.
	BaseURL string
	// CacheBytes bounds the memory of finished tiles; 64 MiB when 0.
	CacheBytes int64
}

// defaultCacheBytes holds some thousand tiles of a city.
const defaultCacheBytes = 64 << 20

// Handler serves tiles.
type Handler struct {
	source Source
	base   string
	cache  *cache
}

// New makes a handler.
func New(c Config) *Handler {
	if c.CacheBytes == 0 {
		c.CacheBytes = defaultCacheBytes
	}
	return &Handler{source: c.Source, base: strings.TrimSuffix(c.BaseURL, "/"), cache: newCache(c.CacheBytes)}
}

// Mount registers the addresses on a router:
//
//	/tiles/{layers}.json                        TileJSON 3.0
//	/tiles/{layers}/{z}/{x}/{y}                 a tile of the data as they are now, revalidated every time
//	/tiles/{layers}/v{version}/{z}/{x}/{y}      the same for good; an outdated version leads (307) to the current one
//
// layers are names separated by commas.
func (h *Handler) Mount(r chi.Router) {
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		r.MethodFunc(method, "/tiles/{layers}.json", h.tileJSON)
		r.MethodFunc(method, "/tiles/{layers}/{z}/{x}/{y}", h.tile)
		r.MethodFunc(method, "/tiles/{layers}/v{version}/{z}/{x}/{y}", h.tile)
	}
}

// The caching of the three kinds of answer. What is kept is kept by the browser of
// whoever may see it, and by no proxy between.
const (
	cacheForGood    = "private, max-age=31536000, immutable"
	cacheRevalidate = "private, no-cache"
	cacheNever      = "no-store"
)

func (h *Handler) tile(w http.ResponseWriter, r *http.Request) {
	at, err := tiles.ParseTile(chi.URLParam(r, "z"), chi.URLParam(r, "x"), chi.URLParam(r, "y"))
	if err != nil {
		h.fail(w, r, err)
		return
	}
	set, names, err := h.set(r)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	caching := cacheRevalidate
	if asked := chi.URLParam(r, "version"); asked != "" {
		if asked != set.Version {
			w.Header().Set("Cache-Control", cacheNever)
			w.Header().Set("Location", versioned(names, set, at.String()))
			w.WriteHeader(http.StatusTemporaryRedirect)
			return
		}
		caching = cacheForGood
	}
	if unchanged(w, r, tagOf(names, set), caching) {
		return
	}
	body, err := h.cache.get(r.Context(), key(names, set, at), func(ctx context.Context) ([]byte, error) {
		return makeTile(ctx, set, at)
	})
	if err != nil {
		h.fail(w, r, err)
		return
	}
	send(w, r, body)
}

// set reads the layers and the query of a request.
func (h *Handler) set(r *http.Request) (*Set, []string, error) {
	raw, err := url.PathUnescape(chi.URLParam(r, "layers"))
	if err != nil {
		return nil, nil, &UnknownLayerError{Name: chi.URLParam(r, "layers")}
	}
	names := strings.Split(raw, ",")
	seen := make(map[string]bool, len(names))
	for _, name := range names {
		if name != "" && seen[name] {
			return nil, nil, &namesError{name}
		}
		seen[name] = true
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, nil, &QueryError{Param: "?", Value: r.URL.RawQuery, ReasonZH: "查询串无法解析", ReasonEN: "the query cannot be read"}
	}
	query.Del("lang") // the language of error messages, no part of the tile
	set, err := h.source.TileSet(names, query)
	return set, names, err
}

func versioned(names []string, set *Set, rest string) string {
	path := "/tiles/" + strings.Join(names, ",") + "/v" + set.Version + "/" + rest
	if set.Query != "" {
		path += "?" + set.Query
	}
	return path
}

func key(names []string, set *Set, at tiles.Tile) string {
	return versioned(names, set, at.String())
}

// makeTile encodes and compresses; an empty tile has no bytes.
func makeTile(ctx context.Context, set *Set, at tiles.Tile) ([]byte, error) {
	layers, err := set.Load(ctx)
	if err != nil {
		return nil, fmt.Errorf("load layers: %w", err)
	}
	raw := tiles.Encode(at, layers...)
	if len(raw) == 0 {
		return nil, nil
	}
	var buf bytes.Buffer
	// Level 1 is several times faster than the default for some more bytes.
	zip, err := gzip.NewWriterLevel(&buf, gzip.BestSpeed)
	if err != nil {
		return nil, fmt.Errorf("compress tile: %w", err)
	}
	if _, err := zip.Write(raw); err != nil {
		return nil, fmt.Errorf("compress tile: %w", err)
	}
	if err := zip.Close(); err != nil {
		return nil, fmt.Errorf("compress tile: %w", err)
	}
	return buf.Bytes(), nil
}

// send writes a compressed tile, unpacked for the rare client that cannot do so.
func send(w http.ResponseWriter, r *http.Request, body []byte) {
	if len(body) == 0 {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	w.Header().Set("Content-Type", "application/vnd.mapbox-vector-tile")
	if acceptsGzip(r.Header.Values("Accept-Encoding")) {
		w.Header().Set("Content-Encoding", "gzip")
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		write(w, r, bytes.NewReader(body))
		return
	}
	unzip, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		httpapi.WriteError(w, r, fmt.Errorf("unpack tile: %w", err))
		return
	}
	write(w, r, unzip)
}

func write(w http.ResponseWriter, r *http.Request, body io.Reader) {
	if r.Method == http.MethodHead {
		return
	}
	// An error here is a client that went away: there is nobody left to tell.
	_, _ = io.Copy(w, body)
}
