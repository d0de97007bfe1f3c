package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"yike/internal/auth"
	"yike/internal/httpapi"
	"yike/internal/postgres/dbtest"
)

// crowd asks a server again and again and keeps what came of it.
type crowd struct {
	client *http.Client
	under  sync.WaitGroup

	mu       sync.Mutex
	answered map[string]int   // status of whole answers, by the id of the request
	failed   map[string]error // of requests without a whole answer

	who http.Header // that they carry
}

// ask asks once, by an id that the server's log repeats.
func (c *crowd) ask(ctx context.Context, id, address string) {
	defer c.under.Done()
	status, err := c.fetch(ctx, id, address)
	c.mu.Lock()
	defer c.mu.Unlock()
	if err != nil {
		c.failed[id] = err
		return
	}
	c.answered[id] = status
}

func (c *crowd) fetch(ctx context.Context, id, address string) (int, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return 0, err
	}
	req.Header = c.who.Clone()
	req.Header.Set("X-Request-Id", id)
	res, err := c.client.Do(req)
	if err != nil {
		return 0, err
	}
	defer func() { _ = res.Body.Close() }()
	_, err = io.Copy(io.Discard, res.Body)
	return res.StatusCode, err
}

func (c *crowd) counts() (answered, failed int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.answered), len(c.failed)
}

// reasons are the different ones that requests failed for.
func (c *crowd) reasons() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := map[string]bool{}
	for _, err := range c.failed {
		all[regexp.MustCompile(`127\.0\.0\.1:\d+->|Get "[^"]*": `).ReplaceAllString(err.Error(), "")] = true
	}
	return slices.Sorted(maps.Keys(all))
}

// TestServeStopsWithoutLosingAnswers stops a server under some 200 requests a second.
// Every request that it came to answer, its log says which, must have a whole answer. A
// machine that is too slow for so many may say so, which is an answer, too.
func TestServeStopsWithoutLosingAnswers(t *testing.T) {
	t.Parallel()
	p, address := serving(t, []string{"DATABASE_URL=" + dbtest.URL(t), "YIKE_LOG=debug"}, "--data", demoPack(t, 3000))
	go func() {
		for range p.lines {
			continue // kept in its output
		}
	}()
	c := &crowd{who: cookieOf(t, address, auth.Planner), client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 20}}, answered: map[string]int{}, failed: map[string]error{}}
	paths := []string{"/api/v1/status", "/api/v1/district", "/tiles/roads.json", "/healthz", "/api/v1/coverage?type=elderly_canteen&limit="}
	rate := time.NewTicker(5 * time.Millisecond)
	defer rate.Stop()
	stopped := false
	for n := 0; ; n++ {
		<-rate.C
		path := paths[n%len(paths)]
		if strings.HasSuffix(path, "=") {
			path += strconv.Itoa(300 + n%6000) // another question each time, so that it is worked out
		}
		c.under.Add(1)
		go c.ask(t.Context(), fmt.Sprintf("crowd-%d", n), address+path)
		answered, failed := c.counts()
		if !stopped && answered >= 500 {
			stopped = true
			if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
				t.Fatal(err)
			}
		}
		if failed >= 20 && stopped { // nobody is there any more
			break
		}
		if failed >= 20 {
			t.Fatalf("%d answers and %d failures before the stop: %v", answered, failed, c.reasons())
		}
	}
	c.under.Wait()
	if code := p.wait(); code != exitOK {
		t.Errorf("ends with %d; want 0\n%s", code, p.output())
	}
	logged, served := 0, 0
	for _, m := range regexp.MustCompile(`msg=request .* status=(\d+) .* trace_id=(crowd-\d+) `).FindAllStringSubmatch(p.output(), -1) {
		logged++
		status, whole := c.answered[m[2]]
		if !whole || strconv.Itoa(status) != m[1] || status != http.StatusOK && status != http.StatusServiceUnavailable {
			t.Errorf("%s was answered with %s; the client has %d, %v", m[2], m[1], status, c.failed[m[2]])
		}
		if status == http.StatusOK {
			served++
		}
	}
	if !stopped || logged < len(c.answered) || served < 400 {
		t.Errorf("stopped %v, %d answers of which the log has %d and %d gave what was asked; did it end by itself?\n%s", stopped, len(c.answered), logged, served, p.output())
	}
	t.Logf("%d whole answers, %d requests that nobody was there for: %v", len(c.answered), len(c.failed), c.reasons())
}

// During the grace of a stop the server tells that it stops and answers still, by
// connections that end; who asks a second time gets the stop at once.
func TestServeStopsWithGrace(t *testing.T) {
	t.Parallel()
	env := []string{"DATABASE_URL=" + dbtest.URL(t), "YIKE_STOP_GRACE=60"}
	p, address := serving(t, env, "--data", demoPack(t, 3000))
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	p.waitFor(t, "msg=stopping")
	status, body := fetch(t, address+"/readyz")
	if status != http.StatusServiceUnavailable || !strings.Contains(body, `"stage":"stopping"`) {
		t.Errorf("/readyz gives %d %s; want 503 and stopping", status, body)
	}
	res, err := http.Get(address + "/api/v1/status") //nolint:gosec // our own server
	if err != nil {
		t.Fatalf("asking while it stops: %v", err)
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusOK || !res.Close {
		t.Errorf("asking while it stops: %d, the connection ends: %v; want 200 and true", res.StatusCode, res.Close)
	}
	if code := signalAndWait(t, p, syscall.SIGTERM); code != -1 {
		t.Errorf("a second signal ends it with %d; want it killed", code)
	}
}

// stoppable is a server in this process whose only route does what work says.
func stoppable(t *testing.T, work http.HandlerFunc) (*server, *http.Server, string) {
	t.Helper()
	s := newServer(&app{log: slog.New(slog.DiscardHandler), config: config{Addr: "127.0.0.1"}})
	r, err := s.newRouter(ungated)
	if err != nil {
		t.Fatal(err)
	}
	r.Get("/work", work)
	s.front.show(r)
	web := newHTTPServer(s.front, s.app.log)
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = web.Serve(listener) }()
	t.Cleanup(func() { _ = web.Close() })
	return s, web, "http://" + listener.Addr().String()
}

// What was under way when the stop began is answered after the server accepts no more.
func TestStopLetsWhatIsUnderWayFinish(t *testing.T) {
	t.Parallel()
	const many = 50
	began, end := make(chan struct{}, many), make(chan struct{})
	s, web, address := stoppable(t, func(w http.ResponseWriter, _ *http.Request) {
		began <- struct{}{}
		<-end
		_, _ = io.WriteString(w, "whole")
	})
	got := make(chan string, many)
	for range many {
		go func() {
			status, body := fetch(t, address+"/work")
			got <- fmt.Sprint(status, " ", body)
		}()
	}
	for range many {
		<-began
	}
	stopped := make(chan error, 1)
	go func() { stopped <- s.shutDown(web, stopTimes{atWork: time.Hour}) }()
	eventually(t, "the end of accepting", func() bool {
		conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", strings.TrimPrefix(address, "http://"))
		if err == nil {
			_ = conn.Close()
		}
		return err != nil
	})
	close(end)
	for range many {
		if a := <-got; a != "200 whole" {
			t.Errorf("one under way got %q", a)
		}
	}
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}

// A request that would outlast the stop is given up in time to say so.
func TestStopGivesUpWhatTakesTooLong(t *testing.T) {
	t.Parallel()
	began := make(chan struct{})
	s, web, address := stoppable(t, func(w http.ResponseWriter, r *http.Request) {
		close(began)
		<-r.Context().Done()
		httpapi.WriteError(w, r, r.Context().Err())
	})
	type answer struct {
		status int
		body   string
	}
	got := make(chan answer, 1)
	go func() {
		status, body := fetch(t, address+"/work")
		got <- answer{status, body}
	}()
	<-began
	if err := s.shutDown(web, stopTimes{atWork: time.Hour, lastWords: time.Hour - time.Millisecond}); err != nil {
		t.Error(err)
	}
	if a := <-got; a.status != http.StatusServiceUnavailable || !strings.Contains(a.body, `"code":"stopping"`) {
		t.Errorf("the client is told %d %s; want 503 stopping", a.status, a.body)
	}
}

// A handler that does not listen must not hold the stop up for good, and the stop must
// not pass for a clean one.
func TestStopCutsOffWhatDoesNotEnd(t *testing.T) {
	t.Parallel()
	began, end := make(chan struct{}), make(chan struct{})
	defer close(end)
	s, web, address := stoppable(t, func(http.ResponseWriter, *http.Request) {
		close(began)
		<-end
	})
	got := make(chan int, 1)
	go func() {
		status, _ := fetch(t, address+"/work")
		got <- status
	}()
	<-began
	if err := s.shutDown(web, stopTimes{atWork: time.Millisecond}); err == nil || !strings.Contains(err.Error(), "cut off") {
		t.Errorf("the stop says %v; want that something was cut off", err)
	}
	if status := <-got; status != 0 {
		t.Errorf("the client has %d; want no answer", status)
	}
}
