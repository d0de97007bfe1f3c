package authhttp

import (
	"net/http"
	"time"

	"github.com/go-chi/httprate"

	"yike/internal/httpapi"
)

// LimitSignIns bounds how often one address tries to sign in, before any account is
// looked at. Clients on this machine are not bound by it, but by the locks alone, unless a
// proxy asks for somebody else. It goes onto the router anywhere.
func LimitSignIns(perMinute int) func(http.Handler) http.Handler {
	const window = time.Minute
	limiter := httprate.NewRateLimiter(perMinute, window, httprate.WithResponseHeaders(httprate.ResponseHeaders{}))
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			from := httpapi.FactsOf(r.Context()).From
			if r.Method != http.MethodPost || r.URL.Path != "/api/v1/session" || isLoopback(from) && !isForwarded(r) ||
				!limiter.OnLimit(w, r, httprate.CanonicalizeIP(from)) {
				next.ServeHTTP(w, r)
				return
			}
			httpapi.WriteProblem(w, r, httpapi.NewProblem(http.StatusTooManyRequests, "too_many_requests",
				"登录过于频繁，请稍后再试", "Too many sign-ins from your address; try again later").After(window))
		})
	}
}
