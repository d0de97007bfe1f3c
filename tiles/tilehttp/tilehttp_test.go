package tilehttp

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/go-chi/chi/v5"
	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/gzip"
	"github.com/paulmach/orb"

	"yike/tiles"
)

// here lies in tile 14/13393/6728.
func here() orb.Point { return orb.Point{114.2831, 30.5902} }

const herePath = "14/13393/6728"

// town is a source of two layers; "people" takes a type.
type town struct {
	version string
	ready   bool
	loads   atomic.Int64
	gate    chan struct{} // when not nil, loading waits for it
	fail    error
}

func (s *town) TileSet(names []string, query url.Values) (*Set, error) {
	if !s.ready {
		return nil, ErrNotReady
	}
	set := &Set{Version: s.version, Bounds: orb.Bound{Min: orb.Point{114.2, 30.5}, Max: orb.Point{114.4, 30.7}}, Attribution: `<a href="https://example.org/?a=1&amp;b=2">© 数据</a>`}
	for _, n := range names {
		if n != "people" && n != "roads" {
			return nil, &UnknownLayerError{Name: n, Known: []string{"people", "roads"}}
		}
		set.Layers = append(set.Layers, LayerInfo{ID: n, MinZoom: 5 + len(n), MaxZoom: 16, Fields: map[string]string{"id": "标识"}})
	}
	for k, v := range query {
		if k != "type" {
			return nil, &QueryError{Param: k, Value: v[0], ReasonZH: "未知参数", ReasonEN: "unknown parameter"}
		}
	}
	set.Query = query.Encode()
	set.Load = func(ctx context.Context) ([]*tiles.Layer, error) { return s.load(ctx, names) }
	return set, nil
}

func (s *town) load(ctx context.Context, names []string) ([]*tiles.Layer, error) {
	s.loads.Add(1)
	if s.gate != nil {
		select {
		case <-s.gate:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	if s.fail != nil {
		return nil, s.fail
	}
	var out []*tiles.Layer
	for _, n := range names {
		p := here()
		var g orb.Geometry = p
		if n == "roads" {
			g = orb.LineString{p, {p[0] + 0.001, p[1] + 0.001}}
		}
		l, err := tiles.NewLayer(tiles.Options{Name: n}, []tiles.Feature{{ID: n + "/1", Geometry: g, Props: []tiles.Prop{{Key: "名", Value: "一刻"}}}})
		if err != nil {
			return nil, err
		}
		out = append(out, l)
	}
	return out, nil
}

func serve(s *town) http.Handler {
	r := chi.NewRouter()
	New(Config{Source: s}).Mount(r)
	return r
}

func ask(t testing.TB, h http.Handler, path string, head map[string]string) *httptest.ResponseRecorder {
	t.Helper()
	req := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
	req.Host = "127.0.0.1:8080"
	for k, v := range head {
		req.Header.Set(k, v)
	}
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, req)
	return rec
}

func bodyOf(t testing.TB, resp *httptest.ResponseRecorder) []byte {
	t.Helper()
	var r io.Reader = resp.Body
	if resp.Header().Get("Content-Encoding") == "gzip" {
		zip, err := gzip.NewReader(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		r = zip
	}
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func ready() *town { return &town{version: "abc1", ready: true} }

func TestAnswers(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, path string
		status     int
		code       string
		caching    string
		location   string
	}{
		{"a tile", "/tiles/roads/" + herePath, 200, "", "private, no-cache", ""},
		{"a tile for good", "/tiles/roads,people/vabc1/" + herePath, 200, "", "private, max-age=31536000, immutable", ""},
		{"x and y are not exchanged", "/tiles/roads/14/6728/13393", 204, "", "private, no-cache", ""},
		{"an empty tile for good", "/tiles/roads/vabc1/14/1/2", 204, "", "private, max-age=31536000, immutable", ""},
		{"an outdated version", "/tiles/people/vabc0/" + herePath + "?type=a%26b", 307, "", "no-store", "/tiles/people/vabc1/" + herePath + "?type=a%26b"},
		{"an unknown layer", "/tiles/roads,rivers/" + herePath, 404, "unknown_layer", "no-store", ""},
		{"no layer", "/tiles/,/" + herePath, 404, "unknown_layer", "no-store", ""},
		{"a layer twice", "/tiles/roads,roads/" + herePath, 400, "bad_layers", "no-store", ""},
		{"x out of range", "/tiles/roads/2/4/0", 400, "bad_tile", "no-store", ""},
		{"y is no number", "/tiles/roads/2/1/0.mvt", 400, "bad_tile", "no-store", ""},
		{"zoom too deep", "/tiles/roads/30/1/0", 400, "bad_tile", "no-store", ""},
		{"an unknown parameter", "/tiles/people/" + herePath + "?typ=a", 400, "bad_query", "no-store", ""},
		{"a query that cannot be read", "/tiles/people/" + herePath + "?type=%zz", 400, "bad_query", "no-store", ""},
		{"the language is no parameter of tiles", "/tiles/people/" + herePath + "?lang=en", 200, "", "private, no-cache", ""},
		{"an unknown layer's TileJSON", "/tiles/rivers.json", 404, "unknown_layer", "no-store", ""},
		{"a TileJSON with an unknown parameter", "/tiles/roads.json?x=1", 400, "bad_query", "no-store", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			resp := ask(t, serve(ready()), tc.path, nil)
			if resp.Code != tc.status || resp.Header().Get("Cache-Control") != tc.caching || resp.Header().Get("Location") != tc.location {
				t.Errorf("%d %q to %q; want %d %q to %q", resp.Code, resp.Header().Get("Cache-Control"), resp.Header().Get("Location"), tc.status, tc.caching, tc.location)
			}
			if tc.code == "" {
				return
			}
			var problem struct{ Code, Detail string }
			if err := json.Unmarshal(bodyOf(t, resp), &problem); err != nil || problem.Code != tc.code || problem.Detail == "" {
				t.Errorf("problem %+v, %v; want code %s", problem, err, tc.code)
			}
		})
	}
}

func TestNotReady(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/tiles/roads.json", "/tiles/roads/" + herePath, "/tiles/roads/vabc1/" + herePath} {
		if resp := ask(t, serve(&town{}), path, nil); resp.Code != http.StatusServiceUnavailable {
			t.Errorf("%s: %d", path, resp.Code)
		}
	}
}

func TestFailureIsNotKept(t *testing.T) {
	t.Parallel()
	s := ready()
	s.fail = errors.New("secret: the disk is on fire")
	h := serve(s)
	resp := ask(t, h, "/tiles/roads/"+herePath, nil)
	if body := bodyOf(t, resp); resp.Code != 500 || strings.Contains(string(body), "secret") || resp.Header().Get("ETag") != "" {
		t.Errorf("%d %s, ETag %q", resp.Code, body, resp.Header().Get("ETag"))
	}
	s.fail = nil
	if resp := ask(t, h, "/tiles/roads/"+herePath, nil); resp.Code != 200 {
		t.Errorf("after the failure: %d", resp.Code)
	}
}

func TestConditional(t *testing.T) {
	t.Parallel()
	s := ready()
	h := serve(s)
	path := "/tiles/people/vabc1/" + herePath
	tag := ask(t, h, path+"?type=canteen", nil).Header().Get("ETag")
	loads := s.loads.Load()
	for _, have := range []string{tag, strings.TrimPrefix(tag, "W/"), `"x", ` + tag, "*"} {
		// A tile that was never made is answered too: the tag needs no work.
		resp := ask(t, h, "/tiles/people/vabc1/15/26786/13457?type=canteen", map[string]string{"If-None-Match": have})
		if resp.Code != http.StatusNotModified || resp.Header().Get("ETag") != tag || resp.Header().Get("Cache-Control") == "" || len(bodyOf(t, resp)) != 0 {
			t.Errorf("If-None-Match %s: %d %v", have, resp.Code, resp.Header())
		}
	}
	if s.loads.Load() != loads {
		t.Error("a 304 made a tile")
	}
	tags := []string{tag}
	for _, other := range []string{path, "/tiles/roads/vabc1/" + herePath, path + "?type=home", "/tiles/people,roads/vabc1/" + herePath} {
		got := ask(t, h, other, map[string]string{"If-None-Match": tag})
		if got.Code != http.StatusOK || slices.Contains(tags, got.Header().Get("ETag")) {
			t.Errorf("%s: %d with the tag of another", other, got.Code)
		}
		tags = append(tags, got.Header().Get("ETag"))
	}
	s.version = "abc2"
	if got := ask(t, h, "/tiles/people/"+herePath+"?type=canteen", map[string]string{"If-None-Match": tag}); got.Code != http.StatusOK {
		t.Errorf("a new version answers %d to the old tag", got.Code)
	}
}

func TestEncodings(t *testing.T) {
	t.Parallel()
	h := serve(ready())
	plain := bodyOf(t, ask(t, h, "/tiles/roads/"+herePath, nil))
	for accept, zipped := range map[string]bool{
		"": false, "gzip": true, "br, gzip;q=0.5": true, "gzip;q=0": false, "identity": false, "*": true, "*;q=0": false,
		"gzip;q=0, *": false, "deflate": false, "GZIP ; Q=0.8": true, "gzip;q=zero": false,
	} {
		resp := ask(t, h, "/tiles/roads/"+herePath, map[string]string{"Accept-Encoding": accept})
		if got := resp.Header().Get("Content-Encoding") == "gzip"; got != zipped {
			t.Errorf("Accept-Encoding %q: gzip %v", accept, got)
		}
		if !slices.Contains(resp.Header().Values("Vary"), "Accept-Encoding") || resp.Header().Get("Content-Type") != "application/vnd.mapbox-vector-tile" {
			t.Errorf("Accept-Encoding %q: headers %v", accept, resp.Header())
		}
		if d := cmp.Diff(plain, bodyOf(t, resp)); d != "" {
			t.Errorf("Accept-Encoding %q: another tile", accept)
		}
	}
}

func TestTileHoldsTheLayersInOrder(t *testing.T) {
	t.Parallel()
	h := serve(ready())
	one := bodyOf(t, ask(t, h, "/tiles/roads/"+herePath, nil))
	two := bodyOf(t, ask(t, h, "/tiles/people/"+herePath, nil))
	// A tile of several layers is their tiles one after another.
	if d := cmp.Diff(slices.Concat(one, two), bodyOf(t, ask(t, h, "/tiles/roads,people/"+herePath, nil))); d != "" {
		t.Error(d)
	}
}

func TestHead(t *testing.T) {
	t.Parallel()
	req := httptest.NewRequestWithContext(t.Context(), http.MethodHead, "/tiles/roads/"+herePath, nil)
	rec := httptest.NewRecorder()
	serve(ready()).ServeHTTP(rec, req)
	if rec.Code != 200 || rec.Body.Len() != 0 || rec.Header().Get("ETag") == "" {
		t.Errorf("%d, %d bytes, %v", rec.Code, rec.Body.Len(), rec.Header())
	}
}

func TestTileJSON(t *testing.T) {
	t.Parallel()
	resp := ask(t, serve(ready()), "/tiles/roads,people.json?type=canteen", nil)
	var got map[string]any
	if err := json.Unmarshal(bodyOf(t, resp), &got); err != nil {
		t.Fatal(err)
	}
	layer := func(id string, from float64) map[string]any {
		return map[string]any{"id": id, "description": "", "minzoom": from, "maxzoom": 16.0, "fields": map[string]any{"id": "标识"}}
	}
	want := map[string]any{
		"tilejson": "3.0.0", "name": "roads,people", "scheme": "xyz",
		"tiles":   []any{"http://127.0.0.1:8080/tiles/roads,people/vabc1/{z}/{x}/{y}?type=canteen"},
		"minzoom": 10.0, "maxzoom": 16.0, "bounds": []any{114.2, 30.5, 114.4, 30.7},
		"center":        []any{114.30000000000001, 30.6, 12.0},
		"attribution":   `<a href="https://example.org/?a=1&amp;b=2">© 数据</a>`,
		"vector_layers": []any{layer("roads", 10), layer("people", 11)},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if resp.Header().Get("Content-Type") != "application/json" || resp.Header().Get("Cache-Control") != "private, no-cache" {
		t.Errorf("headers %v", resp.Header())
	}
	again := ask(t, serve(ready()), "/tiles/roads,people.json?type=canteen", map[string]string{"If-None-Match": resp.Header().Get("ETag")})
	if again.Code != http.StatusNotModified {
		t.Errorf("asked again: %d", again.Code)
	}
}

func TestBaseURL(t *testing.T) {
	t.Parallel()
	r := chi.NewRouter()
	New(Config{Source: ready(), BaseURL: "https://map.example.cn/yike/"}).Mount(r)
	var got tileJSON
	if err := json.Unmarshal(bodyOf(t, ask(t, r, "/tiles/roads.json", nil)), &got); err != nil {
		t.Fatal(err)
	}
	if want := "https://map.example.cn/yike/tiles/roads/vabc1/{z}/{x}/{y}"; got.Tiles[0] != want {
		t.Errorf("%s, want %s", got.Tiles[0], want)
	}
}

// TestGDALOpensATile lets GDAL's reader, which is not ours, open what is served.
func TestGDALOpensATile(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("ogrinfo"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("ogrinfo is missing: install the Debian package gdal-bin")
		}
		t.Skip("ogrinfo is missing: install the Debian package gdal-bin")
	}
	file := filepath.Join(t.TempDir(), "tile.mvt")
	if err := os.WriteFile(file, bodyOf(t, ask(t, serve(ready()), "/tiles/roads,people/"+herePath, nil)), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "ogrinfo", "-ro", "-al", "-oo", "Z=14", "-oo", "X=13393", "-oo", "Y=6728", "MVT:"+file)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("ogrinfo: %v\n%s", err, out)
	}
	for _, want := range []string{"Layer name: roads", "Layer name: people", "Feature Count: 1", "id (String) = roads/1", "(String) = 一刻", "LINESTRING (12721936."} {
		if !strings.Contains(string(out), want) {
			t.Errorf("ogrinfo does not say %q:\n%s", want, out)
		}
	}
}

func BenchmarkNotModified(b *testing.B) {
	h := serve(ready())
	tag := ask(b, h, "/tiles/roads/"+herePath, nil).Header().Get("ETag")
	for b.Loop() {
		if resp := ask(b, h, "/tiles/roads/"+herePath, map[string]string{"If-None-Match": tag}); resp.Code != 304 {
			b.Fatal(resp.Code)
		}
	}
}

func BenchmarkKept(b *testing.B) {
	h := serve(ready())
	for b.Loop() {
		if resp := ask(b, h, "/tiles/roads/"+herePath, map[string]string{"Accept-Encoding": "gzip"}); resp.Code != 200 {
			b.Fatal(resp.Code)
		}
	}
}
