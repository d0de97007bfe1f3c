package jobhttp_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"yike/internal/jobs"
	"yike/internal/jobs/jobhttp"
)

// listener is a client of an event stream.
type listener struct {
	t    *testing.T
	res  *http.Response
	scan *bufio.Scanner
}

// listen opens a stream as a browser does that takes compressed answers.
func (o *office) listen(server *httptest.Server, id, lastEventID string) *listener {
	o.t.Helper()
	r, err := http.NewRequestWithContext(o.t.Context(), http.MethodGet, server.URL+"/api/v1/jobs/"+id+"/events", nil)
	if err != nil {
		o.t.Fatal(err)
	}
	r.Header.Set(asks, "planner")
	r.Header.Set("Accept", "text/event-stream")
	if lastEventID != "" {
		r.Header.Set("Last-Event-ID", lastEventID)
	}
	res, err := server.Client().Do(r)
	if err != nil {
		o.t.Fatal(err)
	}
	o.t.Cleanup(func() { _ = res.Body.Close() })
	return &listener{o.t, res, bufio.NewScanner(res.Body)}
}

// next gives the next job; false at the end of the stream.
func (l *listener) next() (j job, more bool) {
	l.t.Helper()
	id, event := "", ""
	for l.scan.Scan() {
		switch field, value, _ := strings.Cut(l.scan.Text(), ": "); field {
		case "id":
			id = value
		case "event":
			event = value
		case "data":
			if err := json.Unmarshal([]byte(value), &j); err != nil {
				l.t.Fatal(err)
			}
			if event != "job" || id != strconv.FormatInt(j.Seq, 10) {
				l.t.Errorf("event %q with id %q of a job with seq %d", event, id, j.Seq)
			}
			return j, true
		}
	}
	return job{}, false
}

// serve starts a real server whose usual limits are far too short for a stream.
func (o *office) serve(src jobhttp.Source) *httptest.Server {
	server := httptest.NewUnstartedServer(o.handler(src))
	server.Config.ReadTimeout = 50 * time.Millisecond
	server.Config.WriteTimeout = 50 * time.Millisecond
	server.Start()
	o.t.Cleanup(server.Close)
	return server
}

// TestEvents follows a job over a real connection from its asking to its end, beyond
// every limit of the server, and comes back where it left off.
func TestEvents(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	server := o.serve(o.desk())
	id := o.ask("planner")
	l := o.listen(server, id, "")
	if h := l.res.Header; l.res.StatusCode != 200 || h.Get("Content-Type") != "text/event-stream" || h.Get("X-Accel-Buffering") != "no" ||
		h.Get("Content-Encoding") != "" || h.Get("Cache-Control") != "no-store" {
		t.Errorf("%d, %v", l.res.StatusCode, h)
	}
	first, _ := l.next()
	if first.State != "queued" || first.Seq != 1 || !first.MayCancel {
		t.Fatalf("the first event is %+v", first)
	}

	steps := make(chan int64)
	o.runner(func(_ context.Context, task *jobs.Task) error {
		for n := range steps {
			task.Progress(n, 10, "步", "step")
		}
		task.Result(map[string]string{"went": "well"})
		return nil
	})
	last, began := first, time.Now()
	for n := int64(1); n <= 4 || time.Since(began) < 3*server.Config.WriteTimeout; n++ {
		steps <- n
		for last.Done < n {
			j, more := l.next()
			if !more {
				t.Fatalf("the stream ended after %+v: %v", last, l.scan.Err())
			}
			if j.Seq <= last.Seq || j.Done < last.Done {
				t.Errorf("%+v after %+v", j, last)
			}
			last = j
		}
	}
	middle := last
	close(steps)
	for j, more := l.next(); more; j, more = l.next() {
		last = j
	}
	if last.State != "done" || last.Result["went"] != "well" || last.MayCancel {
		t.Errorf("the last event is %+v", last)
	}

	back := o.listen(server, id, strconv.FormatInt(middle.Seq, 10))
	if j, _ := back.next(); j.Seq != last.Seq {
		t.Errorf("who comes back is told %+v first", j)
	}
	if _, more := back.next(); more {
		t.Error("the stream goes on after the end of the job")
	}
	if again := o.listen(server, id, strconv.FormatInt(last.Seq, 10)); again.res.StatusCode != http.StatusNoContent {
		t.Errorf("who knows it all gets %d; want 204", again.res.StatusCode)
	}
	if j, _ := o.listen(server, id, "nonsense").next(); j.Seq != last.Seq {
		t.Errorf("who comes back with nonsense is told %+v", j)
	}
}

// watched is a source whose looks can be made to fail.
type watched struct {
	jobhttp.Source
	look  func(n int64) (jobs.Job, error)
	looks atomic.Int64
	left  chan struct{}
}

func (w *watched) Watch(context.Context, string) (func(context.Context) (jobs.Job, error), func(), error) {
	look := func(context.Context) (jobs.Job, error) { return w.look(w.looks.Add(1)) }
	return look, func() { close(w.left) }, nil
}

// A stream outlives a database that is away for a while, and ends with the job's row.
func TestEventsOutliveErrors(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	w := &watched{left: make(chan struct{}), look: func(n int64) (jobs.Job, error) {
		switch n {
		case 1:
			return jobs.Job{ID: "a", State: jobs.Running, Seq: 1}, nil
		case 2:
			return jobs.Job{}, errors.New("away")
		case 3:
			return jobs.Job{ID: "a", State: jobs.Running, Seq: 2}, nil
		}
		return jobs.Job{}, jobs.ErrNotFound
	}}
	l := o.listen(o.serve(w), "a", "")
	for want := range int64(2) {
		if j, more := l.next(); !more || j.Seq != want+1 {
			t.Errorf("got %+v, %v; want %d", j, more, want+1)
		}
	}
	if _, more := l.next(); more {
		t.Error("the stream goes on without a job")
	}
	<-w.left
}

// The first look decides whether there is a stream at all.
func TestEventsThatCannotBegin(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	w := &watched{left: make(chan struct{}), look: func(int64) (jobs.Job, error) { return jobs.Job{}, errors.New("away") }}
	if l := o.listen(o.serve(w), "a", ""); l.res.StatusCode != http.StatusInternalServerError {
		t.Errorf("got %d", l.res.StatusCode)
	}
	<-w.left
}

// A client that has gone is no longer looked for.
func TestEventsOfClientsThatLeft(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	w := &watched{left: make(chan struct{}), look: func(n int64) (jobs.Job, error) { return jobs.Job{ID: "a", State: jobs.Running, Seq: n}, nil }}
	l := o.listen(o.serve(w), "a", "")
	if _, more := l.next(); !more {
		t.Fatal("no event")
	}
	if err := l.res.Body.Close(); err != nil {
		t.Fatal(err)
	}
	<-w.left
}

// A server that stops ends its streams, so that nobody waits for them.
func TestEventsOfServersThatStop(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	w := &watched{left: make(chan struct{}), look: func(int64) (jobs.Job, error) { return jobs.Job{ID: "a", State: jobs.Running, Seq: 1}, nil }}
	l := o.listen(o.serve(w), "a", "")
	if _, more := l.next(); !more {
		t.Fatal("no event")
	}
	o.traffic.Stop()
	if _, err := io.Copy(io.Discard, l.res.Body); err != nil {
		t.Errorf("the stream was cut off: %v", err)
	}
	<-w.left
}
