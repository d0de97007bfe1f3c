package httpapitest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"

	"github.com/getkin/kin-openapi/openapi3filter"
)

// Do sends a request of any method, with body as JSON unless it is nil, and holds the
// answer to the document as Get does.
func (s *Server) Do(method, path string, header http.Header, body any) *httptest.ResponseRecorder {
	s.t.Helper()
	var raw []byte
	if body != nil {
		var err error
		if raw, err = json.Marshal(body); err != nil {
			s.t.Fatal(err)
		}
	}
	req := httptest.NewRequestWithContext(s.t.Context(), method, path, bytes.NewReader(raw))
	req.Header.Set("Content-Type", "application/json")
	for k, v := range header {
		req.Header[k] = v
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, req)
	route, params, err := s.paths.FindRoute(req)
	if err != nil {
		s.t.Fatalf("%s %s is not in the document: %v", method, path, err)
	}
	err = openapi3filter.ValidateResponse(s.t.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: req, PathParams: params, Route: route},
		Status:                 w.Code, Header: w.Header(), Body: io.NopCloser(bytes.NewReader(w.Body.Bytes())),
		Options: &openapi3filter.Options{IncludeResponseStatus: true},
	})
	if err != nil {
		s.t.Errorf("%s %s: %d is not as documented: %v", method, path, w.Code, err)
	}
	return w
}

// From gives the server as a client at another address finds it: host:port.
func (s *Server) From(address string) *Server {
	other := *s
	other.handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.RemoteAddr = address
		s.handler.ServeHTTP(w, r)
	})
	return &other
}
