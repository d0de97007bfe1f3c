package httpapi_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"yike/internal/httpapi"
)

// floor is a server whose handlers wait until they are let go.
type floor struct {
	*httptest.Server
	traffic *httpapi.Traffic
	log     *bytes.Buffer
	began   chan string   // the path of every request that came to work
	letGo   chan struct{} // a value lets one end
}

var errBelow = errors.New("the store is away")

func newFloor(t *testing.T, l httpapi.Limits, routes httpapi.Routes) *floor {
	t.Helper()
	f := &floor{traffic: httpapi.NewTraffic(l), log: &bytes.Buffer{}, began: make(chan string, 100), letGo: make(chan struct{})}
	r := httpapi.NewRouterWithConfig(httpapi.Config{
		Log: slog.New(slog.NewTextHandler(&syncWriter{w: f.log}, nil)), Traffic: f.traffic, Routes: routes,
		Explain: func(err error) *httpapi.Problem {
			if errors.Is(err, errBelow) {
				return httpapi.DatabaseAway()
			}
			return nil
		},
	})
	work := func(ctx context.Context, path string) error {
		f.began <- path
		select {
		case <-f.letGo:
			return nil
		case <-ctx.Done():
			return fmt.Errorf("work: %w", ctx.Err())
		}
	}
	r.Get("/healthz", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	plain := func(w http.ResponseWriter, r *http.Request) {
		if err := work(r.Context(), r.URL.Path); err != nil {
			httpapi.WriteError(w, r, err)
		}
	}
	r.Get("/work/{id}", plain)
	r.Get("/events/{id}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = io.WriteString(w, "data: first\n\n")
		_ = http.NewResponseController(w).Flush()
		if err := work(r.Context(), r.URL.Path); err != nil {
			_, _ = io.WriteString(w, "data: "+context.Cause(r.Context()).Error()+"\n\n")
		}
	})
	r.Get("/fails/{how}", func(w http.ResponseWriter, r *http.Request) {
		cause := map[string]error{"below": errBelow, "wait": context.DeadlineExceeded, "else": errors.New("s3cret")}[r.PathValue("how")]
		httpapi.WriteError(w, r, fmt.Errorf("read: %w", cause))
	})
	api := httpapi.NewAPI(r)
	httpapi.Register(api, huma.Operation{OperationID: "work", Method: http.MethodGet, Path: "/api/v1/work"}, func(ctx context.Context, _ *struct{}) (*struct{}, error) {
		return nil, work(ctx, "/api/v1/work")
	})
	httpapi.Register(api, huma.Operation{OperationID: "fail", Method: http.MethodGet, Path: "/api/v1/fails"}, func(context.Context, *struct{}) (*struct{}, error) {
		return nil, fmt.Errorf("read: %w", errBelow)
	})
	f.Server = httptest.NewServer(r)
	t.Cleanup(f.Close)
	return f
}

// reply is what came back, or why nothing did.
type reply struct {
	status int
	body   string
	wait   string
	err    error
}

// ask asks in the background.
func (f *floor) ask(ctx context.Context, path string) <-chan reply {
	got := make(chan reply, 1)
	go func() {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, f.URL+path, nil)
		if err != nil {
			got <- reply{err: err}
			return
		}
		res, err := f.Client().Do(req)
		if err != nil {
			got <- reply{err: err}
			return
		}
		defer func() { _ = res.Body.Close() }()
		body, err := io.ReadAll(res.Body)
		got <- reply{status: res.StatusCode, body: string(body), wait: res.Header.Get("Retry-After"), err: err}
	}()
	return got
}

func (r reply) is(t *testing.T, what string, status int, code string) {
	t.Helper()
	if r.err != nil || r.status != status || code != "" && !strings.Contains(r.body, `"code":"`+code+`"`) {
		t.Errorf("%s: %d %s %v; want %d %s", what, r.status, r.body, r.err, status, code)
	}
	if (r.wait != "") != (status == http.StatusServiceUnavailable) {
		t.Errorf("%s: %d with Retry-After %q", what, r.status, r.wait)
	}
}

// until asks again and again until cond holds.
func until(t *testing.T, what string, cond func() bool) {
	t.Helper()
	again := time.NewTicker(time.Millisecond)
	defer again.Stop()
	patience := time.NewTimer(time.Minute)
	defer patience.Stop()
	for !cond() {
		select {
		case <-again.C:
		case <-patience.C:
			t.Fatalf("%s did not come about", what)
		}
	}
}

func TestQueue(t *testing.T) {
	t.Parallel()
	f := newFloor(t, httpapi.Limits{Work: 2, Waiting: 1, Patience: time.Hour}, nil)
	first, second := f.ask(t.Context(), "/work/1"), f.ask(t.Context(), "/work/2")
	<-f.began
	<-f.began
	third := f.ask(t.Context(), "/work/3")
	until(t, "the third to wait", func() bool { return f.traffic.Load() == httpapi.Load{Work: 2, Waiting: 1} })

	(<-f.ask(t.Context(), "/work/4")).is(t, "one more than may wait", http.StatusServiceUnavailable, "busy")
	(<-f.ask(t.Context(), "/healthz")).is(t, "a probe", http.StatusOK, "")

	f.letGo <- struct{}{}
	if path := <-f.began; path != "/work/3" {
		t.Errorf("%s came to work; want the one that waited", path)
	}
	f.letGo <- struct{}{}
	f.letGo <- struct{}{}
	for _, r := range []<-chan reply{first, second, third} {
		(<-r).is(t, "one that had its turn", http.StatusOK, "")
	}
	until(t, "nothing to be at work", func() bool { return f.traffic.Load() == httpapi.Load{} })
}

func TestNobodyWaitsForGood(t *testing.T) {
	t.Parallel()
	f := newFloor(t, httpapi.Limits{Work: 1, Waiting: 10, Patience: time.Millisecond}, nil)
	first := f.ask(t.Context(), "/work/1")
	<-f.began
	(<-f.ask(t.Context(), "/work/2")).is(t, "one whose patience ended", http.StatusServiceUnavailable, "busy")
	f.letGo <- struct{}{}
	(<-first).is(t, "the first", http.StatusOK, "")
}

// A client that leaves while it waits must leave its place, too.
func TestLeavingTheQueue(t *testing.T) {
	t.Parallel()
	f := newFloor(t, httpapi.Limits{Work: 1, Waiting: 1, Patience: time.Hour}, nil)
	first := f.ask(t.Context(), "/work/1")
	<-f.began
	ctx, leave := context.WithCancel(t.Context())
	second := f.ask(ctx, "/work/2")
	until(t, "the second to wait", func() bool { return f.traffic.Load().Waiting == 1 })
	leave()
	if r := <-second; !errors.Is(r.err, context.Canceled) {
		t.Errorf("the one that left: %+v", r)
	}
	until(t, "the place to be free", func() bool { return f.traffic.Load().Waiting == 0 })
	f.letGo <- struct{}{}
	(<-first).is(t, "the first", http.StatusOK, "")
}

func TestTimeout(t *testing.T) {
	t.Parallel()
	f := newFloor(t, httpapi.Limits{Timeout: time.Millisecond}, httpapi.Routes{"GET /work/{id}": {Timeout: time.Hour}})
	long := f.ask(t.Context(), "/work/1")
	<-f.began
	short := f.ask(t.Context(), "/api/v1/work")
	<-f.began
	(<-short).is(t, "an operation that took too long", http.StatusServiceUnavailable, "timeout")
	f.letGo <- struct{}{}
	(<-long).is(t, "a route that may take longer", http.StatusOK, "")
	f.Close() // all lines are written now
	if !strings.Contains(f.log.String(), "deadline exceeded") {
		t.Errorf("the log does not have the cause:\n%s", f.log)
	}
}

// A route is known whatever way it is asked.
func TestRoutesAreKnown(t *testing.T) {
	t.Parallel()
	routes := httpapi.Routes{"GET /work/{id}": {Timeout: time.Millisecond}}
	for _, path := range []string{"/work/a%2Fb", "/work/%E5%BC%A0"} {
		f := newFloor(t, httpapi.Limits{}, routes)
		(<-f.ask(t.Context(), path)).is(t, path, http.StatusServiceUnavailable, "timeout")
	}
	f := newFloor(t, httpapi.Limits{}, routes)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodHead, f.URL+"/work/1", nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := f.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("HEAD gives %d; want 503", res.StatusCode)
	}
}

func TestFailuresOfWhatIsBelow(t *testing.T) {
	t.Parallel()
	f := newFloor(t, httpapi.Limits{Timeout: time.Hour}, nil)
	(<-f.ask(t.Context(), "/fails/below")).is(t, "an explained failure", http.StatusServiceUnavailable, "database_away")
	(<-f.ask(t.Context(), "/api/v1/fails")).is(t, "the same of an operation", http.StatusServiceUnavailable, "database_away")
	(<-f.ask(t.Context(), "/fails/wait")).is(t, "a wait inside that was too long", http.StatusServiceUnavailable, "busy")
	(<-f.ask(t.Context(), "/fails/else")).is(t, "anything else", http.StatusInternalServerError, "internal")
	f.Close()
	for _, cause := range []string{errBelow.Error(), "s3cret", "deadline"} {
		if !strings.Contains(f.log.String(), cause) {
			t.Errorf("the log lacks %q:\n%s", cause, f.log)
		}
	}
}

// The log must not take a client that leaves for a failure of the server.
func TestClientThatLeaves(t *testing.T) {
	t.Parallel()
	f := newFloor(t, httpapi.Limits{}, nil)
	ctx, leave := context.WithCancel(t.Context())
	got := f.ask(ctx, "/work/1")
	<-f.began
	leave()
	<-got
	f.Close()
	if !strings.Contains(f.log.String(), "status=499") || strings.Contains(f.log.String(), "level=ERROR") {
		t.Errorf("the log says\n%s", f.log)
	}
}

// stream opens an event stream and gives a function that reads its next event; "" at
// the end.
func (f *floor) stream(t *testing.T, path string) func() string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, f.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept-Encoding", "gzip") // must not hold events up
	res, err := f.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = res.Body.Close() })
	if res.StatusCode != http.StatusOK || res.Header.Get("Content-Encoding") != "" {
		t.Fatalf("%s: %d, %q", path, res.StatusCode, res.Header.Get("Content-Encoding"))
	}
	lines := bufio.NewScanner(res.Body)
	return func() string {
		for lines.Scan() {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				return data
			}
		}
		return ""
	}
}

func TestStreams(t *testing.T) {
	t.Parallel()
	f := newFloor(t, httpapi.Limits{Work: 1, Streams: 1, Timeout: time.Nanosecond}, httpapi.Routes{
		"GET /events/{id}": {Stream: true}, "GET /work/{id}": {Timeout: time.Hour},
	})
	next := f.stream(t, "/events/1")
	if got := next(); got != "first" {
		t.Fatalf("the first event is %q", got)
	}
	<-f.began
	(<-f.ask(t.Context(), "/events/2")).is(t, "one stream too many", http.StatusServiceUnavailable, "busy")
	work := f.ask(t.Context(), "/work/1")
	<-f.began // a stream takes no place at work
	if got := f.traffic.Load(); got != (httpapi.Load{Work: 1, Streams: 1}) {
		t.Errorf("load %+v", got)
	}

	f.traffic.Stop()
	if got := next(); !strings.Contains(got, "stopping") {
		t.Errorf("the last event is %q; want the stream ended by the stop", got)
	}
	if got := next(); got != "" {
		t.Errorf("after that %q", got)
	}
	(<-f.ask(t.Context(), "/events/3")).is(t, "a stream while stopping", http.StatusServiceUnavailable, "stopping")
	f.letGo <- struct{}{}
	(<-work).is(t, "what was at work", http.StatusOK, "")
}

// At the end of a stop's patience everybody gets an answer, also those who wait.
func TestAbort(t *testing.T) {
	t.Parallel()
	f := newFloor(t, httpapi.Limits{Work: 1, Waiting: 1, Patience: time.Hour, Timeout: time.Hour}, nil)
	work := f.ask(t.Context(), "/api/v1/work")
	<-f.began
	waits := f.ask(t.Context(), "/work/2")
	until(t, "the second to wait", func() bool { return f.traffic.Load().Waiting == 1 })
	f.traffic.Abort()
	(<-work).is(t, "what was at work", http.StatusServiceUnavailable, "stopping")
	(<-waits).is(t, "what waited", http.StatusServiceUnavailable, "stopping")
}

// Events reach a client that says it wants events, also where no route was declared.
func TestEventsAreNotHeldUp(t *testing.T) {
	t.Parallel()
	f := newFloor(t, httpapi.Limits{}, nil)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, f.URL+"/events/1", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept", "text/event-stream")
	req.Header.Set("Accept-Encoding", "gzip")
	res, err := f.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	if line, err := bufio.NewReader(res.Body).ReadString('\n'); err != nil || line != "data: first\n" {
		t.Errorf("the first line is %q, %v", line, err)
	}
	<-f.began
	f.letGo <- struct{}{}
}

// Many at once: nobody is lost, and never more are at work than may be.
func TestQueueUnderLoad(t *testing.T) {
	t.Parallel()
	const all, most = 200, 5
	traffic := httpapi.NewTraffic(httpapi.Limits{Work: most, Waiting: all, Patience: time.Hour, Timeout: time.Hour})
	r := httpapi.NewRouterWithConfig(httpapi.Config{Log: slog.New(slog.DiscardHandler), Traffic: traffic})
	var mu sync.Mutex
	at, peak := 0, 0
	r.Get("/x", func(http.ResponseWriter, *http.Request) {
		mu.Lock()
		at++
		peak = max(peak, at)
		mu.Unlock()
		for range 20 {
			runtime.Gosched()
		}
		mu.Lock()
		at--
		mu.Unlock()
	})
	var wait sync.WaitGroup
	for range all {
		wait.Go(func() {
			w := httptest.NewRecorder()
			r.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/x", nil))
			if w.Code != http.StatusOK {
				t.Errorf("%d %s", w.Code, w.Body)
			}
		})
	}
	wait.Wait()
	if peak > most {
		t.Errorf("%d at work at once; want %d at most", peak, most)
	}
	if got := traffic.Load(); got != (httpapi.Load{}) {
		t.Errorf("afterwards %+v are left", got)
	}
}
