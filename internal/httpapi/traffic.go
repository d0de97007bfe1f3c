package httpapi

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/httprate"
)

// Limits bound what a server takes on. A zero is no bound.
type Limits struct {
	Work     int           // requests at work at once
	Waiting  int           // requests that wait for their turn
	Patience time.Duration // for how long they wait
	Streams  int           // event streams open at once; they are none of the requests at work
	Timeout  time.Duration // of a request at work, where its route says nothing else

	// Bytes held in memory at once.
	Bodies int64 // of what clients send; half of it is for small bodies only
	Unsent int64 // of answers that are made and that clients have not taken

	Uploads int64 // bytes held on disk at once, of what clients send to routes that take uploads

	// Requests within a minute.
	PerAddress int  // from one address, whoever asks: against floods
	PerAccount int  // by one account, or from one address by nobody known, on /api and /ogc
	PerMap     int  // the same on /tiles and /basemap
	Loopback   bool // bound clients on this machine too
}

// Route is what is special about one route.
type Route struct {
	Free    bool          // is the same for everybody and served from memory: takes no place at work, and nobody is asked who it is
	Timeout time.Duration // instead of Limits.Timeout; 0 for that one
	Stream  bool          // sends events until the client, the handler or the server ends it
	Quiet   bool          // the request log has the pattern of its address and not who asked: what somebody scanned is nobody's business
	Upload  int64         // takes bodies of at most so many bytes, which wait on disk and not in memory; 0 for the usual bound
}

// Routes holds routes by method and pattern: "GET /api/v1/jobs/{id}/events".
type Routes map[string]Route

// of finds what is special about the route of a request, before it is routed.
func (s Routes) of(r *http.Request) Route {
	routing := chi.RouteContext(r.Context())
	if len(s) == 0 || routing == nil {
		return Route{}
	}
	path := r.URL.RawPath
	if path == "" {
		path = r.URL.Path
	}
	return s[method(r)+" "+routing.Routes.Find(chi.NewRouteContext(), method(r), path)]
}

// method is that of the route that serves a request.
func method(r *http.Request) string {
	if r.Method == http.MethodHead {
		return http.MethodGet
	}
	return r.Method
}

// Traffic holds what is at work within limits, for all routers of one server.
type Traffic struct {
	limits  Limits
	work    chan struct{} // one for each request at work; nil for no bound
	atWork  atomic.Int64
	waiting atomic.Int64
	streams atomic.Int64

	smallBodies, largeBodies, unsent, uploads budget

	byAddress, byAccount, byAccountMap *httprate.RateLimiter // nil for no bound

	stopping, aborted context.Context
	stop, abort       context.CancelFunc
}

// NewTraffic makes the bounds of a server.
func NewTraffic(l Limits) *Traffic {
	t := &Traffic{limits: l, byAddress: newRate(l.PerAddress), byAccount: newRate(l.PerAccount), byAccountMap: newRate(l.PerMap)}
	t.smallBodies.most, t.largeBodies.most, t.unsent.most = l.Bodies/2, l.Bodies/2, l.Unsent
	t.uploads.most = l.Uploads
	if l.Work > 0 {
		t.work = make(chan struct{}, l.Work)
	}
	t.stopping, t.stop = context.WithCancel(context.Background())
	t.aborted, t.abort = context.WithCancel(context.Background())
	return t
}

// Stop ends the event streams, and every one that comes. Other requests go on.
func (t *Traffic) Stop() { t.stop() }

// Abort ends the context of every request at work, so that each gets an answer while
// there is somebody to send it. It stops, too.
func (t *Traffic) Abort() { t.stop(); t.abort() }

// Load is how much a server has to do.
type Load struct{ Work, Waiting, Streams int }

// Load counts what is at work, what waits and the open event streams.
func (t *Traffic) Load() Load {
	return Load{Work: int(t.atWork.Load()), Waiting: int(t.waiting.Load()), Streams: int(t.streams.Load())}
}

type streamKey struct{}

func isStream(ctx context.Context) bool {
	is, _ := ctx.Value(streamKey{}).(bool)
	return is
}

// admit lets a request to work when it is its turn, and bounds its time.
func (t *Traffic) admit(routes Routes) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if isProbe(r.URL.Path) {
				next.ServeHTTP(w, r)
				return
			}
			serve := t.serve
			route := routes.of(r)
			switch {
			case route.Free:
				serve = t.serveFree
			case route.Stream:
				serve = t.serveStream
			}
			if p := serve(w, r, route, next); p != nil {
				WriteProblem(w, r, p)
			}
		})
	}
}

// serve serves a request, or gives the problem why not. The place at work is for the
// making of the answer: a client that does not take it must not keep others from theirs.
func (t *Traffic) serve(w http.ResponseWriter, r *http.Request, route Route, next http.Handler) *Problem {
	if p := t.enter(r.Context()); p != nil {
		return p
	}
	leave := sync.OnceFunc(t.leave)
	defer leave()
	ctx, cancel := context.WithCancelCause(r.Context())
	defer cancel(nil)
	defer context.AfterFunc(t.aborted, func() { cancel(errStopping) })()
	paced := newPacedWriter(w, 0)
	if timeout := t.timeout(route); timeout > 0 {
		var done context.CancelFunc
		ctx, done = context.WithTimeoutCause(ctx, timeout, errTimeout)
		defer done()
		paced.rest = timeout + sendTime
		paced.allow(paced.rest)
	}
	answer := newDraft(paced)
	next.ServeHTTP(answer, r.WithContext(ctx))
	// Without room for one more answer that is not taken, sending it is work.
	if held := answer.held(); t.unsent.take(held) {
		defer t.unsent.give(held)
		leave()
	}
	_ = answer.send()     // a client that has gone hears nothing
	paced.allow(sendTime) // for what the server itself still holds back
	return nil
}

// timeout is how long a request of a route may be at work; 0 for no bound.
func (t *Traffic) timeout(route Route) time.Duration {
	if route.Timeout > 0 {
		return route.Timeout
	}
	return t.limits.Timeout
}

// serveFree serves what takes no place at work. Compressing takes memory for as long as
// the client takes the answer, so it is done before that and within what may be unsent;
// past that, the answer goes out as it lies in memory anyway.
func (t *Traffic) serveFree(w http.ResponseWriter, r *http.Request, _ Route, next http.Handler) *Problem {
	paced := newPacedWriter(w, sendTime)
	r = r.Clone(r.Context())
	r.Header.Del("Cookie")
	r.Header.Del("Authorization")
	if r.Header.Get("Accept-Encoding") == "" || !t.unsent.take(maxDraft) {
		r.Header.Del("Accept-Encoding")
		next.ServeHTTP(paced, r)
		return nil
	}
	held := int64(maxDraft)
	defer func() { t.unsent.give(held) }()
	answer := newDraft(paced)
	next.ServeHTTP(answer, r)
	t.unsent.give(held - answer.held())
	held = answer.held()
	_ = answer.send() // as above
	return nil
}

// serveStream serves an event stream, or gives the problem why not.
func (t *Traffic) serveStream(w http.ResponseWriter, r *http.Request, _ Route, next http.Handler) *Problem {
	if t.stopping.Err() != nil {
		return stopping()
	}
	defer t.streams.Add(-1)
	if n := t.streams.Add(1); t.limits.Streams > 0 && n > int64(t.limits.Streams) {
		return Busy()
	}
	ctx, cancel := context.WithCancelCause(context.WithValue(r.Context(), streamKey{}, true))
	defer cancel(nil)
	defer context.AfterFunc(t.stopping, func() { cancel(errStopping) })()
	_ = http.NewResponseController(w).SetWriteDeadline(time.Time{}) // as above
	next.ServeHTTP(w, r.WithContext(ctx))
	return nil
}

// enter waits for a request's turn; the first to come is the first served.
func (t *Traffic) enter(ctx context.Context) *Problem {
	if t.work == nil {
		t.atWork.Add(1)
		return nil
	}
	select {
	case t.work <- struct{}{}:
		t.atWork.Add(1)
		return nil
	default:
	}
	defer t.waiting.Add(-1)
	if n := t.waiting.Add(1); n > int64(t.limits.Waiting) {
		return Busy()
	}
	patience := time.NewTimer(t.limits.Patience)
	defer patience.Stop()
	select {
	case t.work <- struct{}{}:
		t.atWork.Add(1)
		return nil
	case <-patience.C:
		return Busy()
	case <-t.aborted.Done():
		return stopping()
	case <-ctx.Done():
		return problemOf(ctx, ctx.Err())
	}
}

func (t *Traffic) leave() {
	t.atWork.Add(-1)
	if t.work != nil {
		<-t.work
	}
}
