package httpapi

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"runtime/debug"
	"strings"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	"github.com/klauspost/compress/gzhttp"
)

// compressFrom is the size in bytes from which an answer is worth compressing.
const compressFrom = 1024

// Config sets up a router. Only Log is needed; each other field that is left out is a
// bound or a service that the router does without.
type Config struct {
	Log     *slog.Logger
	Proxies []netip.Prefix                  // whose word is taken for the client's address; none where clients come directly
	Public  *url.URL                        // where a proxy publishes the server; nil for nowhere
	Observe func(http.Handler) http.Handler // sees every request and its answer, for figures
	Explain func(error) *Problem            // tells failures of what is below as problems; nil from it for none
	Traffic *Traffic                        // the bounds, shared by all routers of one server
	Routes  Routes                          // routes that need other bounds than the rest
}

// NewRouter makes a router without bounds, as tests need it. See NewRouterWithConfig.
func NewRouter(log *slog.Logger) *chi.Mux { return NewRouterWithConfig(Config{Log: log}) }

// NewRouterWithConfig makes the router that everything is mounted on: request numbers,
// the client's address, request log, recovery from panics, security headers, refusal
// of other sites' writes, bounds on rate, size, number and time of requests,
// compression of answers that are not compressed yet, and problems for paths and
// methods that nobody serves. HEAD is served by the handler of GET.
func NewRouterWithConfig(c Config) *chi.Mux {
	if c.Observe == nil {
		c.Observe = func(next http.Handler) http.Handler { return next }
	}
	if c.Traffic == nil {
		c.Traffic = NewTraffic(Limits{})
	}
	r := chi.NewRouter()
	r.Use(checkRequestID, middleware.RequestID, clientAddress(c.Proxies), logRequests(c), c.Observe, recoverPanics, secure(c.Public))
	r.Use(refuseOtherSites(c.Public), c.Traffic.perAddress, c.Traffic.gatherFacts(c.Routes), c.Traffic.admit(c.Routes), middleware.GetHead, compress())
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

// refuseOtherSites answers with the 403 problem to requests that change something and
// that a browser sends for a page of another site.
func refuseOtherSites(public *url.URL) func(http.Handler) http.Handler {
	protection := http.NewCrossOriginProtection()
	if public != nil { // a proxy may give us another Host than the browser's
		if err := protection.AddTrustedOrigin(public.Scheme + "://" + public.Host); err != nil {
			panic(fmt.Sprintf("public address: %v", err)) // the configuration checks it
		}
	}
	protection.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		WriteProblem(w, r, NewProblem(http.StatusForbidden, "cross_origin",
			"拒绝来自其他网站页面的请求", "Requests from pages of other sites are refused"))
	}))
	return protection.Handler
}

// compress leaves out event streams, whose events must not wait in a buffer until they
// are worth compressing.
func compress() func(http.Handler) http.Handler {
	wrap, err := gzhttp.NewWrapper(gzhttp.MinSize(compressFrom), gzhttp.CompressionLevel(1))
	if err != nil {
		panic(fmt.Sprintf("compression options: %v", err)) // they are constants
	}
	return func(next http.Handler) http.Handler {
		packed := wrap(next)
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if isStream(r.Context()) || strings.Contains(r.Header.Get("Accept"), "text/event-stream") {
				next.ServeHTTP(w, r)
				return
			}
			packed.ServeHTTP(w, r)
		})
	}
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
