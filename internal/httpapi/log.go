package httpapi

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
)

// noteKey finds the note of a request in its context.
type noteKey struct{}

// requestNote carries what a handler has to tell the request log, and what the router
// knows that problems need.
type requestNote struct {
	explain func(error) *Problem // never nil

	mu  sync.Mutex
	err error
	who string
}

func noteOf(ctx context.Context) *requestNote {
	n, _ := ctx.Value(noteKey{}).(*requestNote)
	return n
}

// note keeps the cause of a failure for the request log, and only there.
func note(ctx context.Context, err error) {
	if n := noteOf(ctx); n != nil {
		n.mu.Lock()
		defer n.mu.Unlock()
		n.err = err
	}
}

// NoteWho tells the request log, and the bounds of each account, whose request it is.
// It is called once the account is known, with its name, and does nothing outside of a
// request.
func NoteWho(ctx context.Context, name string) {
	if n := noteOf(ctx); n != nil {
		n.mu.Lock()
		defer n.mu.Unlock()
		n.who = name
	}
}

// whoOf is the name noted; "" for nobody.
func whoOf(ctx context.Context) string {
	n := noteOf(ctx)
	if n == nil {
		return ""
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.who
}

func traceID(ctx context.Context) string { return middleware.GetReqID(ctx) }

// logRequests writes one line for each request, and nothing else logs one: at level
// error with the cause when the server failed, at debug for the many tiles and probes,
// at info else. Queries are left out, since they may say whom somebody looked for.
func logRequests(c Config) func(http.Handler) http.Handler {
	explain := c.Explain
	if explain == nil {
		explain = func(error) *Problem { return nil }
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			began := time.Now()
			n := &requestNote{explain: explain}
			r = r.WithContext(context.WithValue(r.Context(), noteKey{}, n))
			seen := middleware.NewWrapResponseWriter(w, r.ProtoMajor)
			status := 0 // of an answer that was cut off
			defer func() {
				c.Log.LogAttrs(r.Context(), n.level(status, r.URL.Path), "request", n.line(r, c.Routes, status, seen.BytesWritten(), time.Since(began))...)
			}()
			next.ServeHTTP(seen, r)
			if status = seen.Status(); status == 0 {
				status = http.StatusOK // what an answer is that nobody gave a status
			}
		})
	}
}

func (n *requestNote) line(r *http.Request, routes Routes, status, size int, took time.Duration) []slog.Attr {
	n.mu.Lock()
	defer n.mu.Unlock()
	route := chi.RouteContext(r.Context()).RoutePattern()
	quiet := routes[method(r)+" "+route].Quiet
	attrs := []slog.Attr{slog.String("method", r.Method)}
	if !quiet {
		attrs = append(attrs, slog.String("path", r.URL.Path))
	}
	attrs = append(attrs, slog.String("route", route), slog.Int("status", status), slog.Int("bytes", size), slog.Duration("took", took), slog.String("trace_id", traceID(r.Context())))
	if !quiet {
		attrs = append(attrs, slog.String("from", addressOf(r)))
	}
	if n.who != "" {
		attrs = append(attrs, slog.String("who", n.who))
	}
	if n.err != nil {
		attrs = append(attrs, slog.String("error", n.err.Error()))
	}
	return attrs
}

func (n *requestNote) level(status int, path string) slog.Level {
	n.mu.Lock()
	defer n.mu.Unlock()
	switch {
	case status == statusGone:
		return slog.LevelInfo
	case n.err != nil || status == http.StatusInternalServerError:
		return slog.LevelError
	case strings.HasPrefix(path, "/tiles/"), strings.HasPrefix(path, "/assets/"), isProbe(path), path == "/api/v1/status":
		return slog.LevelDebug
	}
	return slog.LevelInfo
}

// isProbe knows the addresses by which machines watch the server. Nothing bounds them.
func isProbe(path string) bool { return path == "/healthz" || path == "/readyz" }
