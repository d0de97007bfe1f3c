package httpapi

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// Hosts are the names under which this server answers. A page from elsewhere can make
// its own name point to this machine (DNS rebinding) and would then read what only
// this machine may read; a name that is not known here is therefore refused.
type Hosts struct {
	Listen string   // the address or name that is listened on; 0.0.0.0 and :: mean every address of the machine
	Public *url.URL // where a proxy publishes the server; nil for nowhere
	Also   []string // further names, such as the one that symbols of plates spell
}

// Check answers requests to other hosts with the 421 problem.
func (k Hosts) Check(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if k.allow(r.Host) {
			next.ServeHTTP(w, r)
			return
		}
		WriteProblem(w, r, NewProblem(http.StatusMisdirectedRequest, "unknown_host",
			"本服务器不以这个主机名提供服务；如需通过域名访问，请设置 YIKE_PUBLIC_URL",
			"This server is not served under this host name; to publish it under a name, set YIKE_PUBLIC_URL"))
	})
}

// allow knows loopback with any port, the address listened on, any address (but no
// name) where all are listened on, and the public name.
func (k Hosts) allow(hostport string) bool {
	host := hostOf(hostport)
	if host == "" {
		return false
	}
	if host == "localhost" || host == hostOf(k.Listen) || k.Public != nil && host == hostOf(k.Public.Host) {
		return true
	}
	if slices.ContainsFunc(k.Also, func(name string) bool { return host == hostOf(name) }) {
		return true
	}
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return false
	}
	if addr.Unmap().IsLoopback() {
		return true
	}
	listen, err := netip.ParseAddr(hostOf(k.Listen))
	return err == nil && (listen.IsUnspecified() || listen.Unmap() == addr.Unmap())
}

// hostOf is the host of host, host:port, [host]:port or a bare IPv6 address, in lower
// case and without the dot that ends a full name.
func hostOf(s string) string {
	host, _, err := net.SplitHostPort(s)
	if err != nil {
		host = strings.TrimSuffix(strings.TrimPrefix(s, "["), "]")
	}
	return strings.ToLower(strings.TrimSuffix(host, "."))
}
