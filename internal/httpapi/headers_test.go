package httpapi_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"yike/internal/httpapi"
)

// published is a router with one of each kind of address.
func published(t *testing.T, c httpapi.Config) http.Handler {
	t.Helper()
	c.Log = slog.New(slog.DiscardHandler)
	r := httpapi.NewRouterWithConfig(c)
	r.Get("/healthz", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	r.Get("/", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.Header().Set("Cache-Control", "no-cache")
		_, _ = io.WriteString(w, "<!doctype html>"+strings.Repeat(" ", 2000))
	})
	r.Get("/tiles/x", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Cache-Control", "private, max-age=31536000, immutable")
	})
	httpapi.Register(httpapi.NewAPI(r), huma.Operation{OperationID: "send", Method: http.MethodPost, Path: "/api/v1/letters"},
		func(_ context.Context, l *letter) (*letter, error) {
			if l.Body.Text == "panic" {
				panic("panic")
			}
			return l, nil
		})
	return r
}

// Whatever is answered, a browser is told what it may do with it.
func TestSecurityHeadersAreOnEveryAnswer(t *testing.T) {
	t.Parallel()
	tight := httpapi.NewTraffic(httpapi.Limits{PerAddress: 1})
	foreign := post("/api/v1/letters", "", `{"text":"a"}`)
	foreign.Header.Set("Sec-Fetch-Site", "cross-site")
	form := post("/api/v1/letters", "", "a")
	form.Header.Set("Content-Type", "text/plain")
	packed := httptest.NewRequest(http.MethodGet, "/", nil)
	packed.Header.Set("Accept-Encoding", "gzip")
	limited := published(t, httpapi.Config{Traffic: tight})
	limited.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
	plain := published(t, httpapi.Config{})
	for name, tc := range map[string]struct {
		handler http.Handler
		request *http.Request
		status  int
		caching string
	}{
		"the page":           {plain, httptest.NewRequest(http.MethodGet, "/", nil), 200, "no-cache"},
		"the page, packed":   {plain, packed, 200, "no-cache"},
		"a tile":             {plain, httptest.NewRequest(http.MethodGet, "/tiles/x", nil), 200, "private, max-age=31536000, immutable"},
		"a probe":            {plain, httptest.NewRequest(http.MethodGet, "/healthz", nil), 200, ""},
		"an operation":       {plain, post("/api/v1/letters", "", `{"text":"a"}`), 200, "no-store"},
		"the document":       {plain, httptest.NewRequest(http.MethodGet, "/api/v1/openapi.json", nil), 200, "no-store"},
		"a panic":            {plain, post("/api/v1/letters", "", `{"text":"panic"}`), 500, "no-store"},
		"wrong values":       {plain, post("/api/v1/letters", "", `{"text":1}`), 422, "no-store"},
		"another media type": {plain, form, 415, "no-store"},
		"too large":          {plain, post("/api/v1/letters", "", strings.Repeat("a", 1<<20+1)), 413, "no-store"},
		"nothing there":      {plain, httptest.NewRequest(http.MethodGet, "/api/v1/nothing", nil), 404, "no-store"},
		"another method":     {plain, httptest.NewRequest(http.MethodDelete, "/", nil), 405, "no-store"},
		"another site":       {plain, foreign, 403, "no-store"},
		"too often":          {limited, httptest.NewRequest(http.MethodGet, "/", nil), 429, "no-store"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := httptest.NewRecorder()
			tc.handler.ServeHTTP(w, tc.request.WithContext(t.Context()))
			if w.Code != tc.status || w.Header().Get("Cache-Control") != tc.caching {
				t.Errorf("%d, cache %q; want %d, %q", w.Code, w.Header().Get("Cache-Control"), tc.status, tc.caching)
			}
			csp := w.Header().Get("Content-Security-Policy")
			if !strings.HasPrefix(csp, "default-src 'none'; script-src 'self';") || strings.Contains(csp, "unsafe") || strings.Contains(csp, "http") {
				t.Errorf("policy %q", csp)
			}
			for header, want := range map[string]string{
				"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin",
				"Cross-Origin-Resource-Policy": "same-origin", "Strict-Transport-Security": "",
			} {
				if got := w.Header().Get(header); got != want {
					t.Errorf("%s: %q; want %q", header, got, want)
				}
			}
		})
	}
}

func TestOnlyHTTPSIsPromisedWhereItIsServed(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		public *url.URL
		want   string
	}{
		"nowhere": {nil, ""},
		"http":    {&url.URL{Scheme: "http", Host: "map.example.cn"}, ""},
		"https":   {&url.URL{Scheme: "https", Host: "map.example.cn"}, "max-age=31536000"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := get(t, published(t, httpapi.Config{Public: tc.public}), "/nowhere", nil)
			if got := w.Header().Get("Strict-Transport-Security"); got != tc.want {
				t.Errorf("%q; want %q", got, tc.want)
			}
		})
	}
}

// A page of another site may not write with the cookies of somebody who is signed in.
func TestOtherSitesCannotWrite(t *testing.T) {
	t.Parallel()
	public := &url.URL{Scheme: "https", Host: "map.example.cn"}
	for name, tc := range map[string]struct {
		header map[string]string
		status int
	}{
		"a program":                   {nil, 200},
		"our own page":                {map[string]string{"Sec-Fetch-Site": "same-origin"}, 200},
		"another site":                {map[string]string{"Sec-Fetch-Site": "cross-site"}, 403},
		"a neighbour":                 {map[string]string{"Sec-Fetch-Site": "same-site"}, 403},
		"an old browser, our page":    {map[string]string{"Origin": "http://example.com"}, 200},
		"an old browser, a proxy":     {map[string]string{"Origin": "https://map.example.cn"}, 200},
		"an old browser, another one": {map[string]string{"Origin": "https://evil.example"}, 403},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := post("/api/v1/letters", "", `{"text":"a"}`)
			for k, v := range tc.header {
				r.Header.Set(k, v)
			}
			w := httptest.NewRecorder()
			published(t, httpapi.Config{Public: public}).ServeHTTP(w, r)
			if w.Code != tc.status || tc.status == 403 && !strings.Contains(w.Body.String(), `"code":"cross_origin"`) {
				t.Errorf("%d %s; want %d", w.Code, w.Body, tc.status)
			}
		})
	}
}
