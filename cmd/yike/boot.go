package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"reflect"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"yike/coverage/coveragelive"
	"yike/internal/audit"
	"yike/internal/httpapi"
	"yike/internal/jobs"
	"yike/internal/metrics"
	"yike/internal/pack/packdb"
	"yike/internal/postgres"
)

// Waits between attempts to boot, and between looks at the database afterwards.
const (
	firstRetry    = 2 * time.Second
	longestRetry  = time.Minute
	databaseCheck = 2 * time.Second
)

// server is one run of serve: what it has opened and what it answers with.
type server struct {
	app     *app
	ready   *readiness
	front   *front // which router answers now
	traffic *httpapi.Traffic
	metrics *metrics.Metrics
	db      *postgres.DB
	opened  atomic.Pointer[postgres.DB] // db, for those who look at it from outside of the boot
	shown   packdb.Record               // the pack that is served, as it was when it was read
	people  *people                     // who may come in; of this boot
	live    *liveFacilities             // keeps the facilities that are served up to date
	name    string                      // of this process among the workers of jobs

	due  dueSince
	held atomic.Pointer[coveragelive.Holder] // what is served, for those who look at it from outside of the boot
}

func newServer(a *app) *server {
	s := &server{app: a, front: &front{}, traffic: httpapi.NewTraffic(a.config.Serving.Limits), metrics: metrics.New(version()), name: uuid.NewString()}
	s.ready = newReadiness(checkDisk(a.config.StateDir, diskSpace))
	s.addFigures()
	return s
}

// sealingLag says for how long an audit entry could have been sealed and was not, as far
// as this server has seen. An entry that waited for a long load is old when it becomes
// due, which is no fault of the sealer's; so its time counts from the first look.
func (s *server) sealingLag(ctx context.Context) (time.Duration, error) {
	db := s.opened.Load()
	if db == nil {
		return 0, nil
	}
	lag, err := audit.ReadLag(ctx, db.Reader())
	if err != nil {
		return 0, err
	}
	return s.due.age(lag.OldestDue, time.Now()), nil
}

// dueSince remembers since when the oldest due entry is the same.
type dueSince struct {
	mu           sync.Mutex
	oldest, seen time.Time
}

// age is for how long the oldest due entry has been seen due; 0 for none.
func (d *dueSince) age(oldest, now time.Time) time.Duration {
	d.mu.Lock()
	defer d.mu.Unlock()
	if oldest.IsZero() {
		d.oldest = oldest
		return 0
	}
	if !oldest.Equal(d.oldest) {
		d.oldest, d.seen = oldest, now
	}
	return now.Sub(d.seen)
}

// jobStates counts the jobs in each state.
func (s *server) jobStates(ctx context.Context) (map[string]float64, error) {
	db := s.opened.Load()
	if db == nil {
		return nil, nil
	}
	return jobs.States(ctx, db)
}

// bootUntilReady boots, and boots again while the cause may pass by itself, as when
// the database is not up yet or was killed during a load; a load goes on where it was.
// It returns nil when everything is served, and an error that only a person can mend.
func (s *server) bootUntilReady(ctx context.Context) error {
	reach := s.app.databaseURL
	for wait := firstRetry; ; wait = min(2*wait, longestRetry) {
		err := s.boot(ctx, reach)
		if err == nil {
			return nil
		}
		s.close()
		zh, en := failedText(err)
		s.ready.set("failed", zh, en)
		if ctx.Err() != nil || !passes(err) {
			return err
		}
		s.app.log.ErrorContext(ctx, "start failed; trying again", slog.Any("error", err), slog.Duration("in", wait))
		if err := sleep(ctx, wait); err != nil {
			return err
		}
		reach = s.app.reviveDatabase
	}
}

// failedText says to everybody that the start failed. The cause is told only where it
// is of what was given: others may name hosts or hold lines of the server's log.
func failedText(err error) (zh, en string) {
	if isBadInput(err) {
		return "启动失败：" + err.Error(), "Start failed: " + err.Error()
	}
	return "启动失败，原因见服务器日志", "The start failed; the server's log has the cause"
}

// passes tells causes that may go away from those that a person must mend.
func passes(err error) bool {
	var missing *postgres.MissingError
	return !isBadInput(err) && !errors.As(err, &missing) && !errors.Is(err, postgres.ErrNewerSchema) && !errors.Is(err, postgres.ErrStopped)
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// boot goes from nothing to a router that serves everything; reach gives the address of
// a database that runs.
func (s *server) boot(ctx context.Context, reach func(context.Context) (string, error)) error {
	a := s.app
	s.ready.set("database", "正在连接数据库", "Reaching the database")
	url, err := reach(ctx)
	if err != nil {
		return err
	}
	s.ready.set("migrate", "正在升级数据库结构", "Bringing the schema up to date")
	if _, err := a.migrate(ctx, url); err != nil {
		return err
	}
	if s.db, err = postgres.Open(ctx, url); err != nil {
		return err
	}
	s.opened.Store(s.db)
	if a.config.Data != "" {
		s.ready.set("load", "正在载入数据包", "Loading the data pack")
		if err := s.load(ctx); err != nil {
			return fmt.Errorf("load %s: %w", a.config.Data, err)
		}
	}
	s.ready.set("live", "正在构建步行网络与人口", "Building the pedestrian network and the demand")
	record, err := packdb.New(s.db).Opened(ctx, "")
	if err != nil {
		return noPack(err)
	}
	if s.people, err = openPeople(ctx, a, s.db, record); err != nil {
		return err
	}
	s.fillDesk(ctx, record.AdCode)
	if err := s.show(ctx, record, s.progress(ctx)); err != nil {
		return err
	}
	s.fillSteps(ctx)
	s.fillScenarios(ctx)
	s.fillPapers(ctx)
	s.ready.set(stageReady, "就绪", "Ready")
	return nil
}

// load loads the pack that the configuration names, and does nothing where it is loaded
// already. A start that is stopped hands the job to whoever starts next.
func (s *server) load(ctx context.Context) error {
	h := loadingHere{db: s.db, log: s.app.log, who: "yike serve", worker: s.name}
	result, err := loadHere(ctx, h, s.app.config.Data, loadOptions{Types: s.app.config.Types}, s.progress(ctx))
	if err != nil {
		return err
	}
	for _, l := range result.Layers {
		s.app.log.InfoContext(ctx, "layer", "kind", l.Kind, "state", l.State, "rows", l.Rows, "warnings", len(l.Report.Warnings))
	}
	return nil
}

// show reads a pack and serves it from then on. Until it is ready, and when it cannot
// be read, what was shown before goes on.
func (s *server) show(ctx context.Context, record packdb.Record, progress progressFunc) error {
	routes, err := s.newRouter(s.people.gate)
	if err != nil {
		return err
	}
	api, live, err := mountFeatures(ctx, s.app, s.db, record, routes, progress)
	if err != nil {
		return err
	}
	s.people.look(s.app.config, record)
	s.people.mount(api, routes)
	s.mountWork(routes, api, live.held)
	mountPage(routes)
	s.front.show(routes)
	s.held.Store(live.held)
	s.shown, s.live = record, live
	return nil
}

// follow shows the pack anew when somebody loaded it again, and the facilities when
// somebody changed them through another server. A load that comes between the reading of
// the record and of its rows is seen at the next look.
func (s *server) follow(ctx context.Context) error {
	record, err := packdb.New(s.db).Opened(ctx, s.shown.AdCode)
	if err != nil {
		return err
	}
	if reflect.DeepEqual(record, s.shown) {
		return s.live.look(ctx)
	}
	s.app.log.InfoContext(ctx, "the pack was loaded again; reading it", "pack", record.Slug)
	if err := s.show(ctx, record, func(string, string, int, int) {}); err != nil {
		return err
	}
	s.app.log.InfoContext(ctx, "the pack is served as it was loaded", "pack", record.Slug)
	return nil
}

// progress shows steps on /readyz and logs each step when it begins.
func (s *server) progress(ctx context.Context) progressFunc {
	return func(zh, en string, done, total int) {
		if before := s.ready.get(); before.EN != en {
			s.app.log.InfoContext(ctx, "stage", "en", en, "zh", zh, "total", total)
		}
		s.ready.progress(zh, en, done, total)
	}
}

// newRouter makes a router that tells whether the server lives and is ready; gate puts
// the doors onto it.
func (s *server) newRouter(gate func(*chi.Mux) error) (*chi.Mux, error) {
	c := s.app.config
	r := httpapi.NewRouterWithConfig(httpapi.Config{
		Log: s.app.log, Proxies: c.Serving.Proxies, Public: c.PublicURL, Observe: s.metrics.Middleware, Explain: explain,
		Traffic: s.traffic, Routes: longRoutes(),
	})
	r.Use(httpapi.Hosts{Listen: c.Addr, Public: c.PublicURL}.Check)
	if err := gate(r); err != nil {
		return nil, err
	}
	r.Use(s.traffic.PerAccount) // after whatever finds out whose request it is
	r.Get("/healthz", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusOK, map[string]string{"status": "ok"})
	})
	r.Method(http.MethodGet, "/readyz", s.ready)
	return r, nil
}

// ungated lets everybody through.
func ungated(*chi.Mux) error { return nil }

// bootRouter answers while the features are not there yet: the page itself, which
// shows the progress, and a problem for everything that needs data.
func (s *server) bootRouter() http.Handler {
	r, _ := s.newRouter(ungated) // nothing else of it can fail
	r.Get("/api/v1/status", s.ready.serveStatus)
	notYet := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", "2")
		now := s.ready.get()
		httpapi.WriteProblem(w, r, httpapi.Unavailable("尚未就绪："+now.ZH, "Not ready yet: "+now.EN))
	}
	for _, prefix := range programPrefixes() {
		r.HandleFunc(prefix, notYet)
	}
	mountPage(r)
	return r
}

// watchDatabase keeps the private cluster running after the boot: one that was killed
// is started again, and until it answers /readyz says so. The pool finds its way back
// by itself. It also follows what is loaded. It returns nil when ctx ends and postgres.ErrStopped when somebody stopped
// the cluster.
func (s *server) watchDatabase(ctx context.Context) error {
	for sleep(ctx, databaseCheck) == nil {
		err := s.ping(ctx)
		if err == nil {
			if s.ready.get().Stage != stageReady {
				s.app.log.InfoContext(ctx, "the database answers again")
				s.ready.set(stageReady, "就绪", "Ready")
			}
			if err := s.follow(ctx); err != nil && ctx.Err() == nil {
				s.app.log.WarnContext(ctx, "what was loaded cannot be shown yet", slog.Any("error", err))
			}
			continue
		}
		if ctx.Err() != nil {
			return nil
		}
		s.ready.set("recovering", "数据库正在恢复", "The database is recovering")
		s.app.log.WarnContext(ctx, "the database does not answer", slog.Any("error", err))
		_, err = s.app.reviveDatabase(ctx)
		if errors.Is(err, postgres.ErrStopped) {
			return err
		}
		if err != nil {
			s.app.log.ErrorContext(ctx, "the database is not back yet", slog.Any("error", err))
		}
	}
	return nil
}

func (s *server) ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, databaseCheck)
	defer cancel()
	return s.db.Pool().Ping(ctx)
}

func (s *server) close() {
	if s.db != nil {
		s.opened.Store(nil)
		s.db.Close()
		s.db = nil
	}
}
