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
