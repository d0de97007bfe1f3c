package httpapi

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	"github.com/klauspost/compress/gzhttp"
)

// policy lets the page load from this server only. MapLibre draws images in memory;
// nothing else needs more than 'self'.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; " +
	"font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; " +
	"base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// compressFrom is the size in bytes from which an answer is worth compressing.
const compressFrom = 1024

// NewRouter makes the router that everything is mounted on: request numbers, request
// log, recovery from panics, security headers, compression of answers that are not
// compressed yet, and problems for paths and methods that nobody serves. HEAD is
// served by the handler of GET.
func NewRouter(log *slog.Logger) *chi.Mux {
	r := chi.NewRouter()
	r.Use(checkRequestID, middleware.RequestID, logRequests(log), recoverPanics, secure, gatherFacts, middleware.GetHead, compress)
	r.Use(http.NewCrossOriginProtection().Handler)
	r.NotFound(ServeNotFound)
	r.MethodNotAllowed(serveMethodNotAllowed)
	return r
}

// longestRequestID bounds what a client may put into log lines and problems.
const longestRequestID = 64

// checkRequestID drops a request id that is too long or has other letters than ids
// need; the request then gets one of ours.
func checkRequestID(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get(middleware.RequestIDHeader)
		if len(id) > longestRequestID || strings.ContainsFunc(id, foreignToID) {
			r.Header.Del(middleware.RequestIDHeader)
		}
		next.ServeHTTP(w, r)
	})
}

func foreignToID(c rune) bool {
	return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '.' && c != '_' && c != '-'
}

// ServeNotFound answers with the 404 problem for a path that nobody serves.
func ServeNotFound(w http.ResponseWriter, r *http.Request) {
	WriteProblem(w, r, NotFound("no_such_path", "没有这个地址："+r.URL.Path, "Nothing is served at "+r.URL.Path))
}

func serveMethodNotAllowed(w http.ResponseWriter, r *http.Request) {
	WriteProblem(w, r, NewProblem(http.StatusMethodNotAllowed, "method_not_allowed",
		"这个地址不接受 "+r.Method+" 请求", "This address does not take "+r.Method))
}

// secure sets the headers that keep a browser from doing what the page never asks for.
func secure(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "geolocation=(), camera=(), microphone=()")
		next.ServeHTTP(w, r)
	})
}

func compress(next http.Handler) http.Handler {
	wrap, err := gzhttp.NewWrapper(gzhttp.MinSize(compressFrom), gzhttp.CompressionLevel(1))
	if err != nil {
		panic(fmt.Sprintf("compression options: %v", err)) // they are constants
	}
	return wrap(next)
}

// noteKey finds the note of a request in its context.
type noteKey struct{}

// requestNote carries what a handler has to tell the request log.
type requestNote struct {
	mu  sync.Mutex
	err error
}

// note keeps the cause of a failure for the request log, and only there.
func note(ctx context.Context, err error) {
	n, ok := ctx.Value(noteKey{}).(*requestNote)
	if !ok {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.err = err
}

func traceID(ctx context.Context) string { return middleware.GetReqID(ctx) }

// logRequests writes one line for each request: at level error with the cause when the
// server failed, at debug for the many tiles and probes, at info else.
func logRequests(log *slog.Logger) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			began := time.Now()
			n := &requestNote{}
			r = r.WithContext(context.WithValue(r.Context(), noteKey{}, n))
			seen := middleware.NewWrapResponseWriter(w, r.ProtoMajor)
			defer func() {
				n.mu.Lock()
				defer n.mu.Unlock()
				attrs := []slog.Attr{
					slog.String("method", r.Method), slog.String("path", r.URL.Path), slog.Int("status", seen.Status()),
					slog.Int("bytes", seen.BytesWritten()), slog.Duration("took", time.Since(began)), slog.String("trace_id", traceID(r.Context())),
				}
				if n.err != nil {
					attrs = append(attrs, slog.String("error", n.err.Error()))
				}
				log.LogAttrs(r.Context(), levelOf(seen.Status(), n.err, r.URL.Path), "request", attrs...)
			}()
			next.ServeHTTP(seen, r)
		})
	}
}

func levelOf(status int, err error, path string) slog.Level {
	switch {
	case err != nil || status == http.StatusInternalServerError:
		return slog.LevelError
	case strings.HasPrefix(path, "/tiles/"), strings.HasPrefix(path, "/assets/"), path == "/healthz", path == "/readyz", path == "/api/v1/status":
		return slog.LevelDebug
	}
	return slog.LevelInfo
}

// recoverPanics turns a panic into the 500 problem. http.ErrAbortHandler passes, since
// it asks for the connection to be cut.
func recoverPanics(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			cause := recover()
			if cause == nil {
				return
			}
			if cause == http.ErrAbortHandler { //nolint:errorlint // the value itself is passed to panic
				panic(cause)
			}
			note(r.Context(), fmt.Errorf("panic: %v\n%s", cause, debug.Stack()))
			WriteProblem(w, r, Internal())
		}()
		next.ServeHTTP(w, r)
	})
}
