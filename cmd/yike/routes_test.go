package main

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"yike/internal/httpapi"
)

// Without a base map its address says so, and is no page of the app.
func TestBaseMapIsOffByDefault(t *testing.T) {
	t.Parallel()
	log := slog.New(slog.DiscardHandler)
	r := httpapi.NewRouter(log)
	said, err := mountBaseMap(baseMapConfig{}, log, r)
	if err != nil || said.Enabled {
		t.Fatalf("got %+v, %v", said, err)
	}
	rec := httptest.NewRecorder()
	r.ServeHTTP(rec, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/basemap/1/0/0", nil))
	if rec.Code != http.StatusNotFound || !strings.Contains(rec.Body.String(), "base_map_off") {
		t.Errorf("got %d %s", rec.Code, rec.Body)
	}
}

// A page would pass for an answer, so programs get problems.
func TestProgramsGetNoPage(t *testing.T) {
	t.Parallel()
	r := httpapi.NewRouter(slog.New(slog.DiscardHandler))
	r.Get("/api/v1/status", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	mountPage(r)
	for _, tc := range []struct {
		method, path string
		status       int // 0: the page, built or not
	}{
		{http.MethodGet, "/api/v1/status", http.StatusOK},
		{http.MethodPost, "/api/v1/status", http.StatusMethodNotAllowed},
		{http.MethodGet, "/api/v1/nothing", http.StatusNotFound},
		{http.MethodHead, "/api/v1/nothing", http.StatusNotFound},
		{http.MethodGet, "/tiles/roads", http.StatusNotFound},
		{http.MethodGet, "/ogc/collections", http.StatusNotFound},
		{http.MethodPost, "/somewhere", http.StatusMethodNotAllowed},
		{http.MethodGet, "/somewhere", 0},
		{http.MethodGet, "/", 0},
	} {
		t.Run(tc.method+" "+tc.path, func(t *testing.T) {
			t.Parallel()
			rec := httptest.NewRecorder()
			r.ServeHTTP(rec, httptest.NewRequestWithContext(t.Context(), tc.method, tc.path, nil))
			page := strings.HasPrefix(rec.Header().Get("Content-Type"), "text/html")
			if page != (tc.status == 0) || tc.status != 0 && rec.Code != tc.status {
				t.Errorf("got %d %s", rec.Code, rec.Header().Get("Content-Type"))
			}
		})
	}
}
