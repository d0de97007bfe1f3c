package jobhttp_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"yike/internal/auth"
	"yike/internal/httpapi"
	"yike/internal/httpapi/httpapitest"
	"yike/internal/jobs"
	"yike/internal/jobs/jobhttp"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
)

const adcode = "990101"

// asks is the header by which a test says who asks.
const asks = "X-Test-Asks"

// office is a database with jobs and the people who look at them.
type office struct {
	t       *testing.T
	db      *postgres.DB
	people  map[string]auth.Identity
	traffic *httpapi.Traffic
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{t: t, db: dbtest.New(t), people: map[string]auth.Identity{}, traffic: httpapi.NewTraffic(httpapi.Limits{})}
	for name, role := range map[string]auth.Role{"admin": auth.SystemAdmin, "planner": auth.Planner, "colleague": auth.Planner, "reader": auth.ReadOnly} {
		o.hire(name, role)
	}
	return o
}

func (o *office) hire(name string, role auth.Role) {
	o.t.Helper()
	who := auth.Identity{AdCode: adcode, AccountID: uuid.NewString(), Name: name, Display: name, Grants: []auth.Grant{{Role: role}}}
	err := o.db.Write(o.t.Context(), postgres.System(adcode, "test"), "make an account", func(tx *postgres.Tx) error {
		_, err := tx.Exec(o.t.Context(), `
WITH made AS (INSERT INTO account (adcode, id, name, display_name) VALUES ($1, $2, $3, $3) RETURNING adcode, id)
INSERT INTO account_grant (adcode, id, account_id, role) SELECT adcode, gen_random_uuid(), id, $4 FROM made`,
			adcode, who.AccountID, name, string(role))
		return err
	})
	if err != nil {
		o.t.Fatal(err)
	}
	o.people[name] = who
}

func writer(ctx context.Context) postgres.Writer {
	i, _ := auth.From(ctx)
	f := httpapi.FactsOf(ctx)
	return postgres.Writer{AdCode: adcode, Account: i.AccountID, Who: i.Display, From: f.From, Key: f.Key, RequestHash: f.RequestHash}
}

func explain(err error) *httpapi.Problem {
	var forbidden *postgres.ForbiddenError
	if errors.As(err, &forbidden) {
		return httpapi.Forbidden(forbidden.Action, forbidden.Division)
	}
	return nil
}

// handler serves as yike does; who asks is in the header.
func (o *office) handler(src jobhttp.Source) http.Handler {
	r := httpapi.NewRouterWithConfig(httpapi.Config{
		Log: slog.New(slog.DiscardHandler), Explain: explain, Traffic: o.traffic,
		Routes: httpapi.Routes{"GET /api/v1/jobs/{id}/events": {Stream: true}},
	})
	r.Use(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if who, ok := o.people[r.Header.Get(asks)]; ok {
				r = r.WithContext(auth.With(r.Context(), who))
			}
			next.ServeHTTP(w, r)
		})
	})
	api := httpapi.NewAPI(r)
	jobhttp.Register(api, src, map[string]jobs.Kind{"coverage_report": {ZH: "覆盖报告", EN: "Coverage report"}})
	return r
}

func (o *office) desk() *jobs.Desk { return jobs.NewDesk(o.db, writer) }

func (o *office) ask(name string) string {
	o.t.Helper()
	w := postgres.Writer{AdCode: adcode, Account: o.people[name].AccountID, Who: name}
	if name == "" {
		w.Who = "system"
	}
	var id string
	err := o.db.Write(o.t.Context(), w, "ask", func(tx *postgres.Tx) (err error) {
		id, err = jobs.Ask(o.t.Context(), tx, jobs.Request{Kind: "coverage_report"})
		return err
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return id
}

func by(name string) http.Header { return http.Header{asks: {name}} }

type job struct {
	ID          string
	KindZH      string `json:"kind_zh"`
	KindEN      string `json:"kind_en"`
	State       string
	Done, Total int64
	StepEN      string `json:"step_en"`
	Result      map[string]string
	AskedWho    string `json:"asked_who"`
	CancelAsked bool   `json:"cancel_asked"`
	Seq         int64
	MayCancel   bool `json:"may_cancel"`
}

func decode[T any](t *testing.T, w *httptest.ResponseRecorder, status int) (v T) {
	t.Helper()
	if w.Code != status {
		t.Fatalf("got %d %s; want %d", w.Code, w.Body, status)
	}
	if err := json.Unmarshal(w.Body.Bytes(), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestJobs(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	s := httpapitest.New(t, o.handler(o.desk()))
	mine, system := o.ask("planner"), o.ask("")
	type page struct {
		Jobs []job
		Next *string
	}
	for name, want := range map[string]int{"planner": 2, "admin": 2, "colleague": 2, "reader": 0} {
		if got := decode[page](t, s.Get("/api/v1/jobs", by(name)), 200); len(got.Jobs) != want || got.Next != nil {
			t.Errorf("%s sees %d jobs; want %d", name, len(got.Jobs), want)
		}
	}
	first := decode[page](t, s.Get("/api/v1/jobs?limit=1", by("planner")), 200)
	if len(first.Jobs) != 1 || first.Jobs[0].ID != system || first.Next == nil {
		t.Fatalf("the first page is %+v", first)
	}
	second := decode[page](t, s.Get("/api/v1/jobs?limit=1&cursor="+*first.Next, by("planner")), 200)
	if len(second.Jobs) != 1 || second.Jobs[0].ID != mine || second.Next != nil {
		t.Errorf("the second page is %+v", second)
	}
	if got := decode[page](t, s.Get("/api/v1/jobs?state=done&kind=coverage_report", by("planner")), 200); len(got.Jobs) != 0 {
		t.Errorf("%d jobs are done", len(got.Jobs))
	}
	j := decode[job](t, s.Get("/api/v1/jobs/"+mine, by("planner")), 200)
	if j.ID != mine || j.KindZH != "覆盖报告" || j.KindEN != "Coverage report" || j.State != "queued" || j.AskedWho != "planner" || !j.MayCancel || j.Result != nil {
		t.Errorf("the job is %+v", j)
	}
	if _, err := o.db.Pool().Exec(t.Context(), `
UPDATE job SET state = 'done', finished_at = now(), result = '{"went": "well"}' WHERE id = $1`, system); err != nil {
		t.Fatal(err)
	}
	if got := decode[job](t, s.Get("/api/v1/jobs/"+system, by("admin")), 200); got.Result["went"] != "well" || got.MayCancel {
		t.Errorf("a job that is done: %+v", got)
	}
	for name, want := range map[string]bool{"admin": true, "colleague": false} {
		if got := decode[job](t, s.Get("/api/v1/jobs/"+mine, by(name)), 200); got.MayCancel != want {
			t.Errorf("%s may cancel: %v; want %v", name, got.MayCancel, want)
		}
	}
}

func TestWrongQuestions(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	s := httpapitest.New(t, o.handler(o.desk()))
	id := o.ask("planner")
	for path, want := range map[string]struct {
		status int
		code   string
	}{
		"/api/v1/jobs/" + uuid.NewString():             {404, "unknown_job"},
		"/api/v1/jobs/nothing":                         {404, "unknown_job"},
		"/api/v1/jobs/" + id:                           {404, "unknown_job"}, // of somebody else
		"/api/v1/jobs/" + id + "/events":               {404, "unknown_job"},
		"/api/v1/jobs?cursor=%21":                      {422, "bad_cursor"},
		"/api/v1/jobs?cursor=MDE5MDAwMDAtMDAwMC03MDAw": {422, "bad_cursor"},
		"/api/v1/jobs?state=lost":                      {422, "validation"},
		"/api/v1/jobs?limit=1000":                      {422, "validation"},
	} {
		var p struct{ Code string }
		if p = decode[struct{ Code string }](t, s.Get(path, by("reader")), want.status); p.Code != want.code {
			t.Errorf("%s: %q; want %q", path, p.Code, want.code)
		}
	}
}

func post(t *testing.T, h http.Handler, path, body string, header http.Header) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	for k, v := range header {
		r.Header[k] = v
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestCancel(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	h := o.handler(o.desk())
	id := o.ask("planner")
	path := "/api/v1/jobs/" + id + "/cancel"
	for name, want := range map[string]int{"reader": 404, "colleague": 403} {
		if w := post(t, h, path, "", by(name)); w.Code != want {
			t.Errorf("%s gets %d %s; want %d", name, w.Code, w.Body, want)
		}
	}
	keyed := by("planner")
	keyed.Set("Idempotency-Key", "k")
	for range 2 {
		if j := decode[job](t, post(t, h, path, "", keyed), 202); j.State != "cancelled" || !j.CancelAsked || j.MayCancel {
			t.Errorf("the job is %+v", j)
		}
	}
	if w := post(t, h, path, "", by("planner")); w.Code != 409 || !strings.Contains(w.Body.String(), "job_ended") {
		t.Errorf("a job that is over: %d %s", w.Code, w.Body)
	}
}

// packs is a Loads.
type packs struct{ err error }

func (p packs) Folders(context.Context) ([]jobhttp.Folder, error) {
	if p.err != nil {
		return nil, p.err
	}
	return []jobhttp.Folder{{Name: "demo", ZH: "演示区", EN: "Demo", AdCode: adcode}}, nil
}

func (p packs) Load(_ context.Context, r jobhttp.LoadRequest) (string, error) {
	if r.Folder != "demo" {
		return "", jobhttp.ErrNoFolder
	}
	return "0190-1", p.err
}

func TestLoads(t *testing.T) {
	t.Parallel()
	serve := func(l jobhttp.Loads) http.Handler {
		r := httpapi.NewRouter(slog.New(slog.DiscardHandler))
		jobhttp.RegisterLoads(httpapi.NewAPI(r), l)
		return r
	}
	h := serve(packs{})
	s := httpapitest.New(t, h)
	list := decode[struct{ Folders []jobhttp.Folder }](t, s.Get("/api/v1/pack-loads/folders", nil), 200)
	if len(list.Folders) != 1 || list.Folders[0].ZH != "演示区" {
		t.Errorf("the folders are %+v", list)
	}
	w := post(t, h, "/api/v1/pack-loads", `{"folder":"demo","accept_crs":["roads"],"replace":true}`, nil)
	if got := decode[struct{ Job string }](t, w, 202); got.Job != "0190-1" || w.Header().Get("Location") != "/api/v1/jobs/0190-1" {
		t.Errorf("%+v at %s", got, w.Header().Get("Location"))
	}
	for body, want := range map[string]int{
		`{"folder":"other"}`: 404, `{"folder":""}`: 422, `{}`: 422, `{"folder":"demo","accept_crs":["rivers"]}`: 422, `{"folder":"demo","dir":"/etc"}`: 422,
	} {
		if w := post(t, h, "/api/v1/pack-loads", body, nil); w.Code != want {
			t.Errorf("%s gives %d %s; want %d", body, w.Code, w.Body, want)
		}
	}
	if w := post(t, serve(packs{jobhttp.ErrOtherAuthority}), "/api/v1/pack-loads", `{"folder":"demo"}`, nil); w.Code != 403 {
		t.Errorf("a pack of another authority gives %d", w.Code)
	}
	if w := httpapitest.New(t, serve(packs{errors.New("broken")})).Get("/api/v1/pack-loads/folders", nil); w.Code != 500 {
		t.Errorf("a list that fails gives %d", w.Code)
	}
}

// runner runs jobs with this handler until the test ends.
func (o *office) runner(do jobs.Handler) {
	o.t.Helper()
	ctx, cancel := context.WithCancel(o.t.Context())
	ended := make(chan error, 1)
	go func() {
		r := jobs.Runner{
			DB: o.db, Log: slog.New(slog.DiscardHandler), Kinds: map[string]jobs.Kind{"coverage_report": {Run: do}},
			Timing: jobs.Timing{Tell: 10 * time.Millisecond, Poll: 10 * time.Millisecond},
		}
		ended <- r.Run(ctx)
	}()
	o.t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			o.t.Error(err)
		}
	})
}
