// Package httpapitest serves typed operations the way yike does and holds every answer
// to the OpenAPI document that is served beside them. It is imported by tests only and
// knows no feature.
package httpapitest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
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

// readings keeps what was read of each document: reading one takes longer than most
// tests, and many tests of a package serve the same.
//
//nolint:gochecknoglobals // one reading per test process is the point
var readings sync.Map // of a document's text to a func() (routers.Router, error)

// New reads the handler's own OpenAPI document and fails the test when it is not valid.
func New(t *testing.T, handler http.Handler) *Server {
	t.Helper()
	s := &Server{t: t, handler: handler}
	raw := s.Raw("/api/v1/openapi-3.0.json", nil).Body.String()
	once, _ := readings.LoadOrStore(raw, sync.OnceValues(func() (routers.Router, error) { return read(raw) }))
	var err error
	if s.paths, err = once.(func() (routers.Router, error))(); err != nil {
		t.Fatal(err)
	}
	return s
}

func read(raw string) (routers.Router, error) {
	doc, err := openapi3.NewLoader().LoadFromData([]byte(raw))
	if err != nil {
		return nil, fmt.Errorf("read the OpenAPI document: %w", err)
	}
	if err := doc.Validate(context.Background()); err != nil {
		return nil, fmt.Errorf("the OpenAPI document: %w", err)
	}
	paths, err := legacy.NewRouter(doc)
	if err != nil {
		return nil, fmt.Errorf("route by the OpenAPI document: %w", err)
	}
	return paths, nil
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
