package httpapi_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"

	"yike/internal/httpapi"
)

// asked serves one request with a router of that configuration and gives the answer and
// what a handler saw of the request.
func asked(t *testing.T, c httpapi.Config, r *http.Request) (*httptest.ResponseRecorder, httpapi.Facts) {
	t.Helper()
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	var seen httpapi.Facts
	router := httpapi.NewRouterWithConfig(c)
	router.HandleFunc("/*", func(w http.ResponseWriter, r *http.Request) {
		seen = httpapi.FactsOf(r.Context())
		_, _ = io.Copy(w, r.Body)
	})
	w := httptest.NewRecorder()
	router.ServeHTTP(w, r.WithContext(t.Context()))
	return w, seen
}

// The address in the audit log must be the one that the nearest machine we trust saw,
// whatever a client writes into headers.
func TestClientAddress(t *testing.T) {
	t.Parallel()
	proxies := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/24"), netip.MustParsePrefix("::1/128")}
	for name, tc := range map[string]struct {
		proxies []netip.Prefix
		peer    string
		forward []string // X-Forwarded-For, a line each
		want    string
	}{
		"directly":                           {peer: "203.0.113.9:4000", want: "203.0.113.9"},
		"directly, with a forged header":     {peer: "203.0.113.9:4000", forward: []string{"198.51.100.1"}, want: "203.0.113.9"},
		"IPv6":                               {peer: "[2001:db8::7]:4000", want: "2001:db8::7"},
		"IPv4 in IPv6":                       {peer: "[::ffff:203.0.113.9]:4000", want: "203.0.113.9"},
		"through a proxy":                    {proxies: proxies, peer: "10.0.0.5:80", forward: []string{"198.51.100.1"}, want: "198.51.100.1"},
		"through a proxy on this machine":    {proxies: proxies, peer: "[::1]:80", forward: []string{"198.51.100.1"}, want: "198.51.100.1"},
		"through two":                        {proxies: proxies, peer: "10.0.0.5:80", forward: []string{"198.51.100.1, 10.0.0.9"}, want: "198.51.100.1"},
		"forged before the proxy":            {proxies: proxies, peer: "10.0.0.5:80", forward: []string{"1.1.1.1, 198.51.100.1"}, want: "198.51.100.1"},
		"forged in a line of its own":        {proxies: proxies, peer: "10.0.0.5:80", forward: []string{"1.1.1.1", "198.51.100.1"}, want: "198.51.100.1"},
		"forged as one of the proxies":       {proxies: proxies, peer: "10.0.0.5:80", forward: []string{"10.0.0.7, 198.51.100.1"}, want: "198.51.100.1"},
		"past the proxy":                     {proxies: proxies, peer: "203.0.113.9:4000", forward: []string{"198.51.100.1"}, want: "203.0.113.9"},
		"the proxy for itself":               {proxies: proxies, peer: "10.0.0.5:80", want: "10.0.0.5"},
		"nonsense where the client stands":   {proxies: proxies, peer: "10.0.0.5:80", forward: []string{"198.51.100.1, nonsense"}, want: "10.0.0.5"},
		"a peer that is no network address":  {peer: "@", want: "@"},
		"behind a proxy, and no address too": {proxies: proxies, peer: "@", forward: []string{"198.51.100.1"}, want: "@"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest(http.MethodGet, "/x", nil)
			r.RemoteAddr = tc.peer
			r.Header["X-Forwarded-For"] = tc.forward
			r.Header.Set("X-Real-IP", "6.6.6.6")
			r.Header.Set("True-Client-IP", "6.6.6.6")
			r.Header.Set("Forwarded", "for=6.6.6.6")
			if _, seen := asked(t, httpapi.Config{Proxies: tc.proxies}, r); seen.From != tc.want {
				t.Errorf("the client is at %q; want %q", seen.From, tc.want)
			}
		})
	}
}
