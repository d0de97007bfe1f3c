package httpapitest

import "net/http"

// From gives the server as a client at another address finds it: host:port.
func (s *Server) From(address string) *Server {
	other := *s
	other.handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.RemoteAddr = address
		s.handler.ServeHTTP(w, r)
	})
	return &other
}
