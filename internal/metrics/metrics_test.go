package metrics_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"

	"yike/internal/metrics"
)

// collected is what a monitoring system reads.
func collected(t *testing.T, m *metrics.Metrics) string {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", nil))
	if w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	return w.Body.String()
}

func has(t *testing.T, figures string, lines ...string) {
	t.Helper()
	for _, line := range lines {
		if !strings.Contains(figures, "\n"+line+"\n") {
			t.Errorf("no line %q in\n%s", line, figures)
		}
	}
}

func TestRequestsAreCountedByPattern(t *testing.T) {
	t.Parallel()
	m := metrics.New("v1")
	r := chi.NewRouter()
	r.Use(m.Middleware)
	r.Get("/people/{id}", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok")) })
	r.Get("/silent", func(http.ResponseWriter, *http.Request) {})
	r.Get("/busy", func(w http.ResponseWriter, _ *http.Request) {
		has(t, collected(t, m), "yike_http_requests_in_flight 1")
		w.WriteHeader(http.StatusServiceUnavailable)
	})
	r.Get("/events", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = w.Write([]byte("data: 1\n\n"))
		if err := http.NewResponseController(w).Flush(); err != nil {
			t.Errorf("flush: %v", err)
		}
	})
	r.Get("/cut", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	ask := func(method, path string) {
		defer func() { _ = recover() }() // of the request that is cut
		r.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), method, path, nil))
	}
	for _, path := range []string{"/people/1", "/people/2", "/silent", "/busy", "/events", "/cut", "/secret-path"} {
		ask(http.MethodGet, path)
	}
	ask("MADEUP", "/people/1")
	m.Middleware(http.NotFoundHandler()).ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil))
	figures := collected(t, m)
	has(t, figures,
		`yike_http_requests_total{method="GET",route="/people/{id}",status="2xx"} 2`,
		`yike_http_requests_total{method="GET",route="/silent",status="2xx"} 1`,
		`yike_http_requests_total{method="GET",route="/busy",status="5xx"} 1`,
		`yike_http_requests_total{method="GET",route="/events",status="2xx"} 1`,
		`yike_http_requests_total{method="GET",route="/cut",status="cut"} 1`,
		`yike_http_requests_total{method="GET",route="none",status="4xx"} 2`,
		`yike_http_requests_total{method="other",route="none",status="4xx"} 1`,
		`yike_http_request_seconds_count{route="/people/{id}"} 2`,
		`yike_http_requests_in_flight 0`,
	)
	if strings.Contains(figures, "secret-path") || strings.Contains(figures, "MADEUP") {
		t.Errorf("a client can make series:\n%s", figures)
	}
	if strings.Contains(figures, `yike_http_request_seconds_count{route="/events"}`) {
		t.Error("the time of an event stream counts as one of an answer")
	}
}

func TestFiguresOfOthers(t *testing.T) {
	t.Parallel()
	m := metrics.New("v1 abc")
	m.Gauge("yike_gauge", "A gauge.", func() float64 { return 1.5 })
	m.Counter("yike_counter_total", "A counter.", func() float64 { return 7 })
	away := false
	ask := func(_ context.Context) (map[string]float64, error) {
		if away {
			return nil, errors.New("away")
		}
		return map[string]float64{"queued": 2, "running": 1}, nil
	}
	m.Figures("yike_jobs", "Jobs by state.", "state", ask)
	m.Figures("yike_lag_seconds", "Lag.", "", func(ctx context.Context) (map[string]float64, error) {
		if _, bounded := ctx.Deadline(); !bounded {
			t.Error("asked without a limit of time")
		}
		return map[string]float64{"": 3}, nil
	})
	figures := collected(t, m)
	has(t, figures, "yike_gauge 1.5", "yike_counter_total 7", `yike_jobs{state="queued"} 2`, `yike_jobs{state="running"} 1`, "yike_lag_seconds 3",
		`yike_figures_missing_total{figure="yike_jobs"} 0`)
	for _, name := range []string{"go_goroutines ", "process_resident_memory_bytes ", `version="v1 abc"`} {
		if !strings.Contains(figures, name) {
			t.Errorf("no %s in\n%s", name, figures)
		}
	}
	away = true
	_ = collected(t, m) // counts the miss, which the next collection surely shows
	figures = collected(t, m)
	if strings.Contains(figures, "yike_jobs{") || strings.Contains(figures, `yike_figures_missing_total{figure="yike_jobs"} 0`) {
		t.Errorf("figures that could not be had are given:\n%s", figures)
	}
	has(t, figures, "yike_gauge 1.5")
}

func TestNothingElseIsServed(t *testing.T) {
	t.Parallel()
	for path, method := range map[string]string{"/": http.MethodGet, "/metrics": http.MethodPost, "/debug/pprof/": http.MethodGet} {
		w := httptest.NewRecorder()
		metrics.New("v1").Handler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), method, path, nil))
		if w.Code != http.StatusNotFound && w.Code != http.StatusMethodNotAllowed {
			t.Errorf("%s %s gives %d", method, path, w.Code)
		}
	}
}
