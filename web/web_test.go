package web

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

func built() fstest.MapFS {
	return fstest.MapFS{
		"index.html":          {Data: []byte("<title>app</title>")},
		"favicon.svg":         {Data: []byte("<svg/>")},
		"assets/index-abc.js": {Data: []byte("let a")},
		".gitkeep":            {},
	}
}

func get(t *testing.T, h http.Handler, method, target string) *http.Response {
	t.Helper()
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, httptest.NewRequestWithContext(t.Context(), method, target, http.NoBody))
	return rec.Result()
}

func TestHandlerServesTheBuiltApp(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, method, target string
		status               int
		cache, body          string
	}{
		{"page", "GET", "/", 200, "no-cache", "app"},
		{"page by name does not redirect", "GET", "/index.html", 200, "no-cache", "app"},
		{"screen of the app", "GET", "/facilities", 200, "no-cache", "app"},
		{"deep screen of the app", "GET", "/a/b", 200, "no-cache", "app"},
		{"hashed file", "GET", "/assets/index-abc.js", 200, "public, max-age=31536000, immutable", "let a"},
		{"plain file", "GET", "/favicon.svg", 200, "no-cache", "svg"},
		{"hashed file that is gone", "GET", "/assets/index-old.js", 404, "", ""},
		{"missing file", "GET", "/robots.txt", 404, "", ""},
		{"hidden file", "GET", "/.gitkeep", 404, "", ""},
		{"folder is no listing", "GET", "/assets/", 200, "no-cache", "app"},
		{"path cannot climb", "GET", "/../../etc/passwd", 200, "no-cache", "app"},
		{"writing", "POST", "/", 405, "", ""},
	}
	h := handler(built())
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			res := get(t, h, tt.method, tt.target)
			defer func() { _ = res.Body.Close() }()
			body, err := io.ReadAll(res.Body)
			if err != nil {
				t.Fatal(err)
			}
			if res.StatusCode != tt.status {
				t.Fatalf("status %d, want %d", res.StatusCode, tt.status)
			}
			if tt.status != http.StatusOK {
				return
			}
			if got := res.Header.Get("Cache-Control"); got != tt.cache {
				t.Errorf("Cache-Control %q, want %q", got, tt.cache)
			}
			if !strings.Contains(string(body), tt.body) {
				t.Errorf("body %q lacks %q", body, tt.body)
			}
		})
	}
}

func TestHandlerSaysWhatToRunBeforeTheBuild(t *testing.T) {
	t.Parallel()
	res := get(t, handler(fstest.MapFS{".gitkeep": {}}), "GET", "/")
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if res.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("status %d, want 503", res.StatusCode)
	}
	if strings.Count(string(body), "make web") != 2 {
		t.Errorf("the page does not name the command in both languages: %s", body)
	}
}

func TestHandlerFindsItsFiles(t *testing.T) {
	t.Parallel()
	res := get(t, Handler(), "GET", "/")
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK && res.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("status %d, want the app or the page that says how to build it", res.StatusCode)
	}
}
