// Package httpapitest serves typed operations the way yike does and holds every answer
// to the OpenAPI document that is served beside them. It is imported by tests only and
// knows no feature.
package httpapitest

import (
	"bytes"
	"encoding/json"
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

// Raw gets and takes the answer as it is.
func (s *Server) Raw(path string, header http.Header) *httptest.ResponseRecorder {
	s.t.Helper()
	return s.RawDo(http.MethodGet, path, header, nil)
}

// RawDo sends a request with a JSON body, none for nil, and takes the answer as it is.
func (s *Server) RawDo(method, path string, header http.Header, body any) *httptest.ResponseRecorder {
	s.t.Helper()
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, s.request(method, path, header, body))
	return w
}

// Get asks and holds the answer to the document: an address that is not in it ends the
// test, an answer of another shape or status fails it.
func (s *Server) Get(path string, header http.Header) *httptest.ResponseRecorder {
	s.t.Helper()
	return s.Do(http.MethodGet, path, header, nil)
}

// Do sends a request with a JSON body, none for nil and bytes as they are, and holds the answer to the
// document as Get does. A request that was taken must be as the document asks, too: one
// that was refused may well not be.
func (s *Server) Do(method, path string, header http.Header, body any) *httptest.ResponseRecorder {
	s.t.Helper()
	w := s.RawDo(method, path, header, body)
	asked := s.request(method, path, header, body)
	route, params, err := s.paths.FindRoute(asked)
	if err != nil {
		s.t.Fatalf("%s %s is not in the document: %v", method, path, err)
	}
	in := &openapi3filter.RequestValidationInput{Request: asked, PathParams: params, Route: route}
	if w.Code < http.StatusBadRequest {
		if err := openapi3filter.ValidateRequest(s.t.Context(), in); err != nil {
			s.t.Errorf("%s %s: %d for a request that is not as documented: %v", method, path, w.Code, err)
		}
	}
	err = openapi3filter.ValidateResponse(s.t.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: in,
		Status:                 w.Code, Header: w.Header(), Body: io.NopCloser(bytes.NewReader(w.Body.Bytes())),
		Options: &openapi3filter.Options{IncludeResponseStatus: w.Code != http.StatusNotModified},
	})
	if err != nil {
		s.t.Errorf("%s %s: %d is not as documented: %v", method, path, w.Code, err)
	}
	return w
}

func (s *Server) request(method, path string, header http.Header, body any) *http.Request {
	s.t.Helper()
	var content io.Reader
	kind := "application/json"
	if file, ok := body.([]byte); ok { // a file and no JSON
		content, kind = bytes.NewReader(file), "application/octet-stream"
	} else if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			s.t.Fatalf("encode the body: %v", err)
		}
		content = bytes.NewReader(raw)
	}
	req := httptest.NewRequestWithContext(s.t.Context(), method, path, content)
	if body != nil {
		req.Header.Set("Content-Type", kind)
	}
	for k, v := range header {
		req.Header[k] = v
	}
	return req
}
