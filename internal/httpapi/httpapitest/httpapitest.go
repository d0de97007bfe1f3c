// Package httpapitest serves typed operations the way yike does and holds every answer
// to the OpenAPI document that is served beside them. It is imported by tests only and
// knows no feature.
package httpapitest

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"
)

// Server is a handler and the document that it serves itself.
type Server struct {
	t       *testing.T
	handler http.Handler
	paths   routers.Router
}

// New reads the handler's own OpenAPI document and fails the test when it is not valid.
func New(t *testing.T, handler http.Handler) *Server {
	t.Helper()
	s := &Server{t: t, handler: handler}
	doc, err := openapi3.NewLoader().LoadFromData(s.Raw("/api/v1/openapi-3.0.json", nil).Body.Bytes())
	if err != nil {
		t.Fatalf("read the OpenAPI document: %v", err)
	}
	if err := doc.Validate(t.Context()); err != nil {
		t.Fatalf("the OpenAPI document: %v", err)
	}
	if s.paths, err = legacy.NewRouter(doc); err != nil {
		t.Fatalf("route by the OpenAPI document: %v", err)
	}
	return s
}

// Raw asks and takes the answer as it is.
func (s *Server) Raw(path string, header http.Header) *httptest.ResponseRecorder {
	s.t.Helper()
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, s.request(path, header))
	return w
}

// Get asks and holds the answer to the document: an address that is not in it ends the
// test, an answer of another shape or status fails it.
func (s *Server) Get(path string, header http.Header) *httptest.ResponseRecorder {
	s.t.Helper()
	w := s.Raw(path, header)
	req := s.request(path, nil)
	route, params, err := s.paths.FindRoute(req)
	if err != nil {
		s.t.Fatalf("%s is not in the document: %v", path, err)
	}
	err = openapi3filter.ValidateResponse(s.t.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: req, PathParams: params, Route: route},
		Status:                 w.Code, Header: w.Header(), Body: io.NopCloser(bytes.NewReader(w.Body.Bytes())),
		Options: &openapi3filter.Options{IncludeResponseStatus: w.Code != http.StatusNotModified},
	})
	if err != nil {
		s.t.Errorf("%s: %d is not as documented: %v", path, w.Code, err)
	}
	return w
}

func (s *Server) request(path string, header http.Header) *http.Request {
	req := httptest.NewRequestWithContext(s.t.Context(), http.MethodGet, path, nil)
	for k, v := range header {
		req.Header[k] = v
	}
	return req
}
