package httpapi_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"yike/internal/httpapi"
)

// rated is a router with these limits, where X-Account stands for signing in.
func rated(l httpapi.Limits) http.Handler {
	traffic := httpapi.NewTraffic(l)
	r := httpapi.NewRouterWithConfig(httpapi.Config{Log: slog.New(slog.DiscardHandler), Traffic: traffic})
	r.Use(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if who := r.Header.Get("X-Account"); who != "" {
				httpapi.NoteWho(r.Context(), who)
			}
			next.ServeHTTP(w, r)
		})
	}, traffic.PerAccount)
	r.HandleFunc("/*", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	return r
}

func ask(t *testing.T, h http.Handler, path, from, who string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
	r.RemoteAddr = from
	r.Header.Set("X-Account", who)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// Each step asks once more; the status says whether that was one too many.
func TestRates(t *testing.T) {
	t.Parallel()
	type step struct {
		path, from, who string
		status          int
	}
	const office, home = "203.0.113.9:1", "198.51.100.1:1"
	for name, tc := range map[string]struct {
		limits httpapi.Limits
		steps  []step
	}{
		"one address": {httpapi.Limits{PerAddress: 2}, []step{
			{"/", office, "a", 200},
			{"/api/x", office, "b", 200},
			{"/", office, "c", 429},
			{"/", home, "c", 200},
			{"/healthz", office, "", 200},
			{"/readyz", office, "", 200},
		}},
		"one network of IPv6": {httpapi.Limits{PerAddress: 1}, []step{
			{"/", "[2001:db8:0:1::1]:1", "", 200}, {"/", "[2001:db8:0:1:ffff::2]:1", "", 429}, {"/", "[2001:db8:0:2::1]:1", "", 200},
		}},
		"one account": {httpapi.Limits{PerAccount: 2, PerMap: 1}, []step{
			{"/api/x", office, "a", 200},
			{"/api/x", home, "a", 200},
			{"/api/x", office, "a", 429},
			{"/ogc/x", office, "a", 429},
			{"/api/x", office, "b", 200},
			{"/tiles/x", office, "a", 200},
			{"/basemap/x", office, "a", 429},
			{"/", office, "a", 200},
		}},
		"nobody known": {httpapi.Limits{PerAccount: 1}, []step{
			{"/api/x", office, "", 200},
			{"/api/x", office, "", 429},
			{"/api/x", home, "", 200},
			{"/api/x", office, "a", 200},
			{"/api/x", office, "address 203.0.113.9", 200}, // a name is no address
		}},
		"this machine is free": {httpapi.Limits{PerAddress: 1, PerAccount: 1}, []step{
			{"/api/x", "127.0.0.1:1", "a", 200}, {"/api/x", "127.0.0.1:1", "a", 200}, {"/api/x", "[::1]:1", "a", 200},
		}},
		"unless it is a proxy": {httpapi.Limits{PerAddress: 1, Loopback: true}, []step{
			{"/api/x", "127.0.0.1:1", "a", 200}, {"/api/x", "127.0.0.1:1", "a", 429},
		}},
		"no bound": {httpapi.Limits{}, []step{{"/api/x", office, "a", 200}, {"/api/x", office, "a", 200}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := rated(tc.limits)
			for i, s := range tc.steps {
				w := ask(t, h, s.path, s.from, s.who)
				if w.Code != s.status {
					t.Errorf("step %d, %+v: %d", i, s, w.Code)
				}
				wait, _ := strconv.Atoi(w.Header().Get("Retry-After")) // 0 where there is none
				if (wait > 0) != (s.status == 429) || s.status == 429 && !strings.Contains(w.Body.String(), `"code":"too_many_requests"`) {
					t.Errorf("step %d: Retry-After %q, %s", i, w.Header().Get("Retry-After"), w.Body)
				}
			}
		})
	}
}

func TestRatesAreTold(t *testing.T) {
	t.Parallel()
	h := rated(httpapi.Limits{PerAddress: 100, PerAccount: 5})
	w := ask(t, h, "/api/x", "203.0.113.9:1", "a")
	if w.Header().Get("RateLimit-Limit") != "5" || w.Header().Get("RateLimit-Remaining") != "4" {
		t.Errorf("headers %v; want the bound of the account, and one less left", w.Header())
	}
}
