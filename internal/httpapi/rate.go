package httpapi

import (
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/go-chi/httprate"
)

// rateWindow is what rates are counted over.
const rateWindow = time.Minute

func newRate(perMinute int) *httprate.RateLimiter {
	if perMinute == 0 {
		return nil
	}
	return httprate.NewRateLimiter(perMinute, rateWindow, httprate.WithResponseHeaders(httprate.ResponseHeaders{
		Limit: "RateLimit-Limit", Remaining: "RateLimit-Remaining",
	}))
}

// perAddress bounds how often one address asks, before anybody looks at who it is. The
// bound has to let through a whole bureau that shares one address.
func (t *Traffic) perAddress(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if t.tooMany(w, r, t.byAddress, networkOf(r)) {
			return
		}
		next.ServeHTTP(w, r)
	})
}

// PerAccount bounds how often one account asks, and one address for those who have not
// signed in. It goes onto the router after whatever calls NoteWho.
func (t *Traffic) PerAccount(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key := "address " + networkOf(r)
		if who := whoOf(r.Context()); who != "" {
			key = "account " + who
		}
		if t.tooMany(w, r, t.rateFor(r.URL.Path), key) {
			return
		}
		next.ServeHTTP(w, r)
	})
}

// rateFor gives the rate of an account for a path. Pages and their files have none:
// they come from memory.
func (t *Traffic) rateFor(path string) *httprate.RateLimiter {
	switch {
	case strings.HasPrefix(path, "/tiles/"), strings.HasPrefix(path, "/basemap/"):
		return t.byAccountMap
	case strings.HasPrefix(path, "/api/"), strings.HasPrefix(path, "/ogc/"):
		return t.byAccount
	}
	return nil
}

// tooMany counts a request, and answers it with the 429 problem when it is one too many.
func (t *Traffic) tooMany(w http.ResponseWriter, r *http.Request, rate *httprate.RateLimiter, key string) bool {
	if rate == nil || isProbe(r.URL.Path) || !t.limits.Loopback && isLocal(r) || !rate.OnLimit(w, r, key) {
		return false
	}
	WriteProblem(w, r, NewProblem(http.StatusTooManyRequests, "too_many_requests",
		"请求过于频繁，请稍后再试", "Too many requests; try again later").After(rateWindow))
	return true
}

func isLocal(r *http.Request) bool {
	addr, err := netip.ParseAddr(addressOf(r))
	return err == nil && addr.IsLoopback()
}

// networkOf is the client's address, or for IPv6 the network that one client has to
// itself.
func networkOf(r *http.Request) string { return httprate.CanonicalizeIP(addressOf(r)) }
