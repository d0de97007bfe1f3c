package main

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"yike/internal/postgres/dbtest"
)

// The figures are on their own listener and nowhere else.
func TestServeGivesFigures(t *testing.T) {
	t.Parallel()
	p := start(t, []string{"DATABASE_URL=" + dbtest.URL(t), "YIKE_METRICS_ADDR=127.0.0.1:0"}, "serve", "--data", demoPack(t, 3000))
	_, figures, _ := strings.Cut(p.waitFor(t, "msg=figures"), "address=")
	_, address, _ := strings.Cut(p.waitFor(t, "msg=ready"), "address=")
	address, _, _ = strings.Cut(address, " ")
	if status, body := fetch(t, address+"/metrics"); strings.Contains(body, "go_goroutines") {
		t.Errorf("the public address gives figures: %d %s", status, body)
	}
	_, _ = fetch(t, address+"/api/v1/people/secret-id?type=elderly_canteen")
	var body string
	eventually(t, "the request to be counted", func() bool { // which is after its answer has gone
		_, body = fetch(t, figures)
		return strings.Contains(body, "\n"+`yike_http_requests_total{method="GET",route="/api/v1/people/{id}",status="4xx"} 1`+"\n")
	})
	for _, line := range []string{
		`yike_stage{stage="ready"} 1`,
		`yike_pool_connections_max `, `yike_requests_at_work 0`, `go_goroutines `, `process_open_fds `, `yike_build_info{`,
	} {
		if !strings.Contains(body, "\n"+line) {
			t.Errorf("no line %q in\n%s", line, body)
		}
	}
	if strings.Contains(body, "secret-id") {
		t.Error("the figures tell who was looked at")
	}
}

func TestWhatOthersGiveToWatch(t *testing.T) {
	t.Parallel()
	s := newServer(&app{log: slog.New(slog.DiscardHandler), config: config{Addr: "127.0.0.1", StateDir: t.TempDir()}})
	s.watchSealing(func(context.Context) (time.Duration, error) { return 6 * time.Minute, nil })
	s.watchJobs(func(context.Context) (map[string]float64, error) { return map[string]float64{"queued": 3}, nil })
	s.ready.set(stageReady, "就绪", "Ready")
	if now, found := s.ready.report(t.Context()); len(found) != 2 || now.Stage != "sealing" && now.Stage != "disk" {
		t.Errorf("/readyz is at %+v with %+v", now, found)
	}
	w := httptest.NewRecorder()
	s.metrics.Handler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", nil))
	for _, line := range []string{"yike_sealing_lag_seconds 360", `yike_jobs{state="queued"} 3`, "yike_pool_connections 0"} {
		if !strings.Contains(w.Body.String(), "\n"+line+"\n") {
			t.Errorf("no line %q in\n%s", line, w.Body)
		}
	}
}

func TestFiguresNeedAFreeAddress(t *testing.T) {
	t.Parallel()
	code, said := runProgram(t, []string{"YIKE_METRICS_ADDR=203.0.113.1:9100", "YIKE_STATE_DIR=" + t.TempDir()}, "serve")
	if code != exitBadInput || !strings.Contains(said, "YIKE_METRICS_ADDR") {
		t.Errorf("ends with %d saying %q; want 2 and the setting", code, said)
	}
}

// A route that is named wrongly would silently keep the bounds of the rest.
func TestLongRoutesExist(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, row := range access() {
		known[row.Method+" "+row.Pattern] = true
	}
	for route := range longRoutes() {
		if !known[route] {
			t.Errorf("there is no route %q", route)
		}
	}
}
