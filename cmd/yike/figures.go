package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"yike/coverage/sitingimport"
	"yike/facilities/estates/estateimport"
	"yike/facilities/importjob"
	"yike/facilities/premises/premisesimport"
	"yike/internal/attachments"
	"yike/internal/attachments/attachmenthttp"
	"yike/internal/httpapi"
	"yike/internal/mapprint/mapprinthttp"
	"yike/internal/papers/paperhttp"
	"yike/placenames/nameimport"
	"yike/placenames/namepaperhttp"
)

// longRoutes are the routes that need other bounds than the rest.
func longRoutes() httpapi.Routes {
	const minutes = 5 * time.Minute
	routes := httpapi.Routes{
		"POST /api/v1/map-prints":                     {Upload: mapprinthttp.MaxUpload, Timeout: time.Minute},
		"GET /*":                                      {Free: true},           // the page and its files
		"GET /api/v1/coverage":                        {Timeout: time.Minute}, // a question that nobody asked before is worked out
		"GET /api/v1/jobs/{id}/events":                {Stream: true},
		"GET /api/v1/audit/export":                    {Timeout: minutes}, // as long as the log is
		"POST /api/v1/audit/verification":             {Timeout: minutes},
		"POST /api/v1/imports":                        {Timeout: minutes, Upload: importjob.MostBytes},
		"POST /api/v1/premises-import":                {Timeout: minutes, Upload: premisesimport.MostBytes},
		"POST /api/v1/premises-import/trial":          {Timeout: minutes, Upload: premisesimport.MostBytes},
		"POST /api/v1/estates-import":                 {Timeout: minutes, Upload: estateimport.MostBytes},
		"POST /api/v1/estates-import/trial":           {Timeout: minutes, Upload: estateimport.MostBytes},
		"POST /api/v1/place-name-import":              {Timeout: minutes, Upload: nameimport.MostBytes},
		"POST /api/v1/place-name-import/trial":        {Timeout: minutes, Upload: nameimport.MostBytes},
		"POST /api/v1/place-name-import/marked.xlsx":  {Timeout: minutes, Upload: nameimport.MostBytes},
		"PUT /api/v1/imports/{id}/source":             {Timeout: minutes},
		"GET /api/v1/imports/{id}/crs":                {Timeout: minutes},
		"GET /api/v1/imports/{id}/file":               {Timeout: minutes},
		"GET /api/v1/imports/{id}/errors.xlsx":        {Timeout: minutes},
		"POST /api/v1/coverage/siting":                {Timeout: minutes}, // bounded by steps, and hung up on by who no longer waits
		"POST /api/v1/coverage/siting/places":         {Timeout: time.Minute, Upload: sitingimport.MostBytes},
		"PUT /api/v1/name-paper-templates/{kind}":     {Upload: paperhttp.MaxTemplateUpload},
		"GET /api/v1/place-names.pdf":                 {Timeout: time.Minute},
		"POST /api/v1/name-papers/{id}/scan":          {Upload: namepaperhttp.MaxScanUpload, Timeout: time.Minute},
		"GET /api/v1/name-cases/{id}/filing-pack.zip": {Timeout: time.Minute},
		"PUT /api/v1/estate-letter-templates/{kind}":  {Upload: paperhttp.MaxTemplateUpload},
		"GET /api/v1/coverage-reports/{job}":          {Timeout: time.Minute},
		"GET /api/v1/coverage-reports/{job}.csv":      {Timeout: time.Minute},
	}
	for _, o := range attachments.Owners() {
		routes["POST /api/v1/"+o.Collection+"/{id}/attachments"] = httpapi.Route{Upload: attachmenthttp.MaxUpload, Timeout: time.Minute}
	}
	maps.Copy(routes, quietRoutes())
	return routes
}

// addFigures feeds the gauges of what only the wiring knows.
func (s *server) addFigures() {
	load := func(pick func(httpapi.Load) int) func() float64 {
		return func() float64 { return float64(pick(s.traffic.Load())) }
	}
	m := s.metrics
	m.Gauge("yike_requests_at_work", "Requests at work.", load(func(l httpapi.Load) int { return l.Work }))
	m.Gauge("yike_requests_waiting", "Requests that wait for their turn.", load(func(l httpapi.Load) int { return l.Waiting }))
	m.Gauge("yike_event_streams", "Event streams that are open.", load(func(l httpapi.Load) int { return l.Streams }))
	m.Figures("yike_stage", "1 for the stage that the server is in, as /readyz tells it.", "stage", func(ctx context.Context) (map[string]float64, error) {
		now, _ := s.ready.report(ctx)
		return map[string]float64{now.Stage: 1}, nil
	})
	pool := func(pick func(*pgxpool.Stat) float64) func() float64 {
		return func() float64 {
			db := s.opened.Load()
			if db == nil {
				return 0
			}
			return pick(db.Pool().Stat())
		}
	}
	m.Gauge("yike_pool_connections", "Connections to the database.", pool(func(s *pgxpool.Stat) float64 { return float64(s.TotalConns()) }))
	m.Gauge("yike_pool_connections_in_use", "Connections that somebody uses.", pool(func(s *pgxpool.Stat) float64 { return float64(s.AcquiredConns()) }))
	m.Gauge("yike_pool_connections_max", "Connections that there may be.", pool(func(s *pgxpool.Stat) float64 { return float64(s.MaxConns()) }))
	m.Counter("yike_pool_waits_total", "Times that somebody waited for a connection.", pool(func(s *pgxpool.Stat) float64 { return float64(s.EmptyAcquireCount()) }))
	m.Counter("yike_pool_wait_seconds_total", "Time waited for connections.", pool(func(s *pgxpool.Stat) float64 { return s.EmptyAcquireWaitTime().Seconds() }))
}

// watchSealing makes /readyz and the figures tell how far the sealing of the audit log is
// behind. It is called before the server serves.
func (s *server) watchSealing(lag lagFunc) {
	s.ready.checks = append(s.ready.checks, checkSealing(lag))
	s.metrics.Figures("yike_sealing_lag_seconds", "Age of the oldest audit entry that is not sealed; 0 for none.", "", func(ctx context.Context) (map[string]float64, error) {
		age, err := lag(ctx)
		return map[string]float64{"": age.Seconds()}, err
	})
}

// watchJobs makes the figures tell how many jobs there are in each state. It is called
// before the server serves.
func (s *server) watchJobs(states func(context.Context) (map[string]float64, error)) {
	s.metrics.Figures("yike_jobs", "Jobs by state.", "state", states)
}

// serveFigures gives the figures out on their own listener, when there is to be one,
// and gives what ends that.
func (s *server) serveFigures(ctx context.Context) (func(), error) {
	address := s.app.config.Serving.Metrics
	if address == "" {
		return func() {}, nil
	}
	var lc net.ListenConfig
	listener, err := lc.Listen(ctx, "tcp", address)
	if err != nil {
		return nil, usageError{fmt.Errorf("YIKE_METRICS_ADDR=%s：无法监听 / cannot listen: %w", address, err)}
	}
	web := newHTTPServer(s.metrics.Handler(), s.app.log)
	go func() {
		if err := web.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			s.app.log.ErrorContext(ctx, "the figures are served no more", slog.Any("error", err))
		}
	}()
	s.app.log.InfoContext(ctx, "figures", "address", "http://"+listener.Addr().String()+"/metrics")
	return func() { _ = web.Close() }, nil
}
