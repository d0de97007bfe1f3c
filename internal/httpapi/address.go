package httpapi

import (
	"net"
	"net/http"
	"net/netip"

	"github.com/go-chi/chi/v5/middleware"
)

// clientAddress decides once whose address counts as the client's: the peer's where
// clients come directly; behind a proxy the last one in X-Forwarded-For that is not of
// a proxy itself. What a client wrote into the header stands further left and is never
// read, nor is the header of a peer that is no proxy.
func clientAddress(proxies []netip.Prefix) func(http.Handler) http.Handler {
	if len(proxies) == 0 {
		return middleware.ClientIPFromRemoteAddr
	}
	trusted := make([]string, len(proxies))
	for i, p := range proxies {
		trusted[i] = p.String()
	}
	return middleware.ClientIPFromXFF(trusted...)
}

// addressOf is the client's address: the peer's where a proxy names none, as when it
// asks for itself.
func addressOf(r *http.Request) string {
	if addr := middleware.GetClientIP(r.Context()); addr != "" {
		return addr
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
