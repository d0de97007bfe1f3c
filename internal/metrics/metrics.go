// Package metrics owns the figures that a monitoring system collects: what is asked of
// the server and how long it takes, the Go runtime, the process, and gauges that other
// rooms feed through functions. It must not know any feature, and nobody else knows
// Prometheus.
package metrics

import (
	"context"
	"net/http"
	"runtime"
	"strconv"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// scrapeTime bounds how long a figure that must be asked for may take.
const scrapeTime = 5 * time.Second

// Metrics collects the figures of one server.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	inFlight prometheus.Gauge
	missing  *prometheus.CounterVec
}

// New makes the figures of a server that was built from this version.
func New(version string) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "yike_http_requests_total", Help: "Requests answered, by route pattern and class of status.",
		}, []string{"method", "route", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "yike_http_request_seconds", Help: "Time from the arrival of a request to the end of its answer.",
			Buckets: []float64{.001, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60},
		}, []string{"route"}),
		inFlight: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "yike_http_requests_in_flight", Help: "Requests that are being answered, those that wait for their turn included.",
		}),
		missing: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "yike_figures_missing_total", Help: "Times that a figure could not be had when it was asked for.",
		}, []string{"figure"}),
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "yike_build_info", Help: "Always 1; the labels say which build this is.",
		ConstLabels: prometheus.Labels{"version": version, "go": runtime.Version()},
	})
	build.Set(1)
	m.registry.MustRegister(m.requests, m.seconds, m.inFlight, m.missing, build, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Middleware counts and times what passes through it. Routes go by their pattern, never
// by their path, so that there are only so many; what no route serves is "none".
func (m *Metrics) Middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		m.inFlight.Inc()
		seen := &statusWriter{ResponseWriter: w}
		finished := false
		defer func() {
			m.inFlight.Dec()
			route := routeOf(r)
			m.requests.WithLabelValues(methodOf(r), route, seen.class(finished)).Inc()
			if !isEvents(seen) { // their time says how long somebody watched
				m.seconds.WithLabelValues(route).Observe(time.Since(began).Seconds())
			}
		}()
		next.ServeHTTP(seen, r)
		finished = true
	})
}

func routeOf(r *http.Request) string {
	routing := chi.RouteContext(r.Context())
	if routing == nil {
		return "none"
	}
	if pattern := routing.RoutePattern(); pattern != "" {
		return pattern
	}
	return "none"
}

// methodOf keeps a client from making up series.
func methodOf(r *http.Request) string {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return r.Method
	}
	return "other"
}

func isEvents(w *statusWriter) bool { return w.Header().Get("Content-Type") == "text/event-stream" }

// statusWriter remembers the status.
type statusWriter struct {
	http.ResponseWriter
	status int
}

// WriteHeader remembers the first final status.
func (w *statusWriter) WriteHeader(status int) {
	if w.status == 0 && status >= http.StatusOK {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write counts as 200 where no status came before.
func (w *statusWriter) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(p)
}

// Flush sends what is there.
func (w *statusWriter) Flush() {
	if f, ok := w.ResponseWriter.(http.Flusher); ok {
		f.Flush()
	}
}

// Unwrap gives the writer below, for deadlines.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// class is the status in hundreds; "cut" where an answer was cut off before it began.
func (w *statusWriter) class(finished bool) string {
	switch {
	case w.status != 0:
		return strconv.Itoa(w.status/100) + "xx"
	case finished:
		return "2xx"
	}
	return "cut"
}

// Gauge adds a figure that goes up and down. now is called at every collection, from
// any goroutine, and must not wait.
func (m *Metrics) Gauge(name, help string, now func() float64) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, now))
}

// Counter adds a figure that only goes up; now is as for Gauge.
func (m *Metrics) Counter(name, help string, now func() float64) {
	m.registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help}, now))
}

// Figures adds figures that must be asked for, as from a database, one for each value
// of a label; a label of "" is one figure without any. When ask fails, the figures are
// left out and yike_figures_missing_total counts it: a figure of yesterday would pass
// for one of today.
func (m *Metrics) Figures(name, help, label string, ask func(context.Context) (map[string]float64, error)) {
	var labels []string
	if label != "" {
		labels = []string{label}
	}
	m.registry.MustRegister(&asked{
		desc: prometheus.NewDesc(name, help, labels, nil), labelled: label != "", ask: ask, missing: m.missing.WithLabelValues(name),
	})
}

// asked collects figures by a function that may wait and may fail.
type asked struct {
	desc     *prometheus.Desc
	labelled bool
	ask      func(context.Context) (map[string]float64, error)
	missing  prometheus.Counter
}

// Describe says which figures there are.
func (a *asked) Describe(to chan<- *prometheus.Desc) { to <- a.desc }

// Collect asks for the figures.
func (a *asked) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), scrapeTime)
	defer cancel()
	all, err := a.ask(ctx)
	if err != nil {
		a.missing.Inc()
		return
	}
	for value, figure := range all {
		if a.labelled {
			to <- prometheus.MustNewConstMetric(a.desc, prometheus.GaugeValue, figure, value)
		} else {
			to <- prometheus.MustNewConstMetric(a.desc, prometheus.GaugeValue, figure)
		}
	}
}

// Handler gives the figures out at /metrics, and nothing else. It belongs on a listener
// of its own: the figures tell who asks for what.
func (m *Metrics) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 2, Timeout: 2 * scrapeTime}))
	return mux
}
