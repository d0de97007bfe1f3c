package httpapi_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"

	"yike/internal/httpapi"
)

type question struct {
	Limit int    `query:"limit" minimum:"60" maximum:"7200" default:"900"`
	Base  string `query:"base" enum:"registered,resident"`
	What  string `query:"what"`
}

type answer struct {
	Body struct {
		Limit int `json:"limit"`
	}
}

// served is a router with one operation and one plain handler, and its log.
func served(t *testing.T) (http.Handler, *bytes.Buffer) {
	t.Helper()
	var log bytes.Buffer
	r := httpapi.NewRouter(slog.New(slog.NewJSONHandler(&syncWriter{w: &log}, &slog.HandlerOptions{Level: slog.LevelDebug})))
	api := httpapi.NewAPI(r)
	httpapi.Register(api, huma.Operation{
		OperationID: "ask", Method: http.MethodGet, Path: "/api/v1/ask", Errors: []int{http.StatusNotFound, http.StatusUnprocessableEntity},
	}, func(_ context.Context, q *question) (*answer, error) {
		switch q.What {
		case "missing":
			return nil, httpapi.NotFound("facility_not_found", "没有这处设施", "There is no such facility").With(httpapi.Fault{
				File: "facilities.csv", Row: 7, Column: "lon", Value: "x",
				Reason: httpapi.Text{ZH: "应为数字", EN: "Not a number"}, Hint: httpapi.Text{ZH: "改正后重试", EN: "Correct it"},
			})
		case "later":
			return nil, httpapi.Unavailable("稍后再试", "Try later").After(1500 * time.Millisecond)
		case "broken":
			return nil, errors.New("secret connection string")
		case "panic":
			panic("secret in a panic")
		}
		a := &answer{}
		a.Body.Limit = q.Limit
		return a, nil
	})
	r.Get("/plain", func(w http.ResponseWriter, r *http.Request) {
		httpapi.WriteError(w, r, errors.Join(errors.New("while asking"), httpapi.BadRequest("bad", "请求有误", "Bad request")))
	})
	r.Get("/later", func(w http.ResponseWriter, r *http.Request) {
		httpapi.WriteProblem(w, r, httpapi.Unavailable("稍后再试", "Try later").After(time.Minute))
	})
	r.Get("/long", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `"`+strings.Repeat("长", 2000)+`"`)
	})
	return r, &log
}

// syncWriter lets parallel requests log into one buffer.
type syncWriter struct {
	mu sync.Mutex
	w  io.Writer
}

func (s *syncWriter) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.w.Write(p)
}

func get(t *testing.T, h http.Handler, path string, header map[string]string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
	for k, v := range header {
		r.Header.Set(k, v)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// problem is the wire form, declared anew so that the test holds the names still.
type problem struct {
	Type    string  `json:"type"`
	Title   string  `json:"title"`
	Status  int     `json:"status"`
	Detail  string  `json:"detail"`
	Code    string  `json:"code"`
	TraceID string  `json:"trace_id"`
	Errors  []fault `json:"errors"`
}

type fault struct {
	Pointer string `json:"pointer"`
	File    string `json:"file"`
	Row     int    `json:"row"`
	Column  string `json:"column"`
	Value   string `json:"value"`
	Reason  string `json:"reason"`
	Hint    string `json:"hint"`
}

func TestProblems(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, path string
		header     map[string]string
		want       problem
	}{
		{
			name: "Chinese is the default", path: "/api/v1/ask?what=missing",
			want: problem{
				Type: "urn:yike:problem:facility_not_found", Title: "Not Found", Status: 404, Detail: "没有这处设施", Code: "facility_not_found",
				Errors: []fault{{File: "facilities.csv", Row: 7, Column: "lon", Value: "x", Reason: "应为数字", Hint: "改正后重试"}},
			},
		},
		{
			name: "English by header", path: "/api/v1/ask?what=missing", header: map[string]string{"Accept-Language": "fr, en-GB;q=0.8, zh;q=0.1"},
			want: problem{
				Type: "urn:yike:problem:facility_not_found", Title: "Not Found", Status: 404, Detail: "There is no such facility", Code: "facility_not_found",
				Errors: []fault{{File: "facilities.csv", Row: 7, Column: "lon", Value: "x", Reason: "Not a number", Hint: "Correct it"}},
			},
		},
		{
			name: "the address beats the header", path: "/api/v1/ask?lang=zh&limit=59", header: map[string]string{"Accept-Language": "en"},
			want: problem{
				Type: "urn:yike:problem:validation", Title: "Unprocessable Entity", Status: 422, Detail: "请求中的参数不合要求，见 errors", Code: "validation",
				Errors: []fault{{Pointer: "query.limit", Value: "59", Reason: "不应小于 60"}},
			},
		},
		{
			name: "not a number", path: "/api/v1/ask?lang=en&limit=many",
			want: problem{
				Type: "urn:yike:problem:validation", Title: "Unprocessable Entity", Status: 422, Detail: "The request has values that are not accepted; see errors", Code: "validation",
				Errors: []fault{{Pointer: "query.limit", Value: "many", Reason: "invalid integer"}},
			},
		},
		{
			name: "not one of the words", path: "/api/v1/ask?base=all",
			want: problem{
				Type: "urn:yike:problem:validation", Title: "Unprocessable Entity", Status: 422, Detail: "请求中的参数不合要求，见 errors", Code: "validation",
				Errors: []fault{{Pointer: "query.base", Value: "all", Reason: `应为以下之一："registered, resident"`}},
			},
		},
		{
			name: "a wrapped problem from a plain handler", path: "/plain?lang=en",
			want: problem{Type: "urn:yike:problem:bad", Title: "Bad Request", Status: 400, Detail: "Bad request", Code: "bad"},
		},
		{
			name: "nothing there", path: "/nowhere?lang=en",
			want: problem{Type: "urn:yike:problem:no_such_path", Title: "Not Found", Status: 404, Detail: "Nothing is served at /nowhere", Code: "no_such_path"},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			h, _ := served(t)
			w := get(t, h, tc.path, tc.header)
			if got := w.Header().Get("Content-Type"); got != "application/problem+json" {
				t.Errorf("Content-Type = %q", got)
			}
			var got problem
			if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
				t.Fatalf("body %s: %v", w.Body, err)
			}
			if got.TraceID == "" {
				t.Error("no trace_id")
			}
			got.TraceID = ""
			if w.Code != tc.want.Status {
				t.Errorf("status line %d; want %d", w.Code, tc.want.Status)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestFailuresTellTheLogAndNotTheClient(t *testing.T) {
	t.Parallel()
	for _, what := range []string{"broken", "panic"} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			h, log := served(t)
			w := get(t, h, "/api/v1/ask?what="+what, nil)
			if w.Code != http.StatusInternalServerError {
				t.Errorf("status %d; want 500", w.Code)
			}
			if strings.Contains(w.Body.String(), "secret") {
				t.Errorf("the client is told %s", w.Body)
			}
			if !strings.Contains(log.String(), "secret") || !strings.Contains(log.String(), `"level":"ERROR"`) {
				t.Errorf("the log says only %s", log)
			}
		})
	}
}

func TestProblemsTellWhenToTryAgain(t *testing.T) {
	t.Parallel()
	h, _ := served(t)
	for path, want := range map[string]string{
		"/api/v1/ask?what=later": "2", "/later": "60", "/api/v1/ask?what=missing": "", "/nowhere": "",
	} {
		if got := get(t, h, path, nil).Header().Get("Retry-After"); got != want {
			t.Errorf("%s: Retry-After %q; want %q", path, got, want)
		}
	}
}

func TestMethodNotAllowed(t *testing.T) {
	t.Parallel()
	h, _ := served(t)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/plain", nil))
	if w.Code != http.StatusMethodNotAllowed || !strings.Contains(w.Body.String(), "method_not_allowed") {
		t.Errorf("POST gives %d %s", w.Code, w.Body)
	}
}

func TestLongAnswersAreCompressed(t *testing.T) {
	t.Parallel()
	h, _ := served(t)
	packed := get(t, h, "/long", map[string]string{"Accept-Encoding": "gzip"})
	plain := get(t, h, "/long", nil)
	if packed.Header().Get("Content-Encoding") != "gzip" || packed.Body.Len() >= plain.Body.Len()/10 {
		t.Errorf("%d of %d bytes, encoding %q", packed.Body.Len(), plain.Body.Len(), packed.Header().Get("Content-Encoding"))
	}
	if plain.Header().Get("Content-Encoding") != "" {
		t.Error("compressed for a client that did not ask")
	}
}

// A body of bytes is in both documents, and makes neither of them invalid.
func TestBodiesOfBytesAreDescribed(t *testing.T) {
	t.Parallel()
	r := httpapi.NewRouter(slog.New(slog.DiscardHandler))
	api := httpapi.NewAPI(r)
	bytes := &huma.Schema{Type: huma.TypeString, Format: "binary"}
	httpapi.Register(api, huma.Operation{
		OperationID: "send", Method: http.MethodPost, Path: "/api/v1/files",
		RequestBody: &huma.RequestBody{Content: map[string]*huma.MediaType{"application/octet-stream": {Schema: bytes}}},
	}, func(context.Context, *struct{}) (*struct{}, error) { return &struct{}{}, nil })
	old, err := openapi3.NewLoader().LoadFromData(get(t, r, "/api/v1/openapi-3.0.json", nil).Body.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if err := old.Validate(t.Context()); err != nil {
		t.Errorf("the 3.0 document: %v", err)
	}
	if of := old.Paths.Find("/api/v1/files").Post.RequestBody.Value.Content.Get("application/octet-stream"); of.Schema.Value.Format != "binary" {
		t.Errorf("%+v", of.Schema.Value)
	}
}

func TestHeadIsServedByGet(t *testing.T) {
	t.Parallel()
	h, _ := served(t)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodHead, "/api/v1/ask", nil))
	if w.Code != http.StatusOK {
		t.Errorf("HEAD gives %d", w.Code)
	}
}

func TestOpenAPIDocuments(t *testing.T) {
	t.Parallel()
	h, _ := served(t)
	var wait sync.WaitGroup
	for range 4 { // at once: the document is built on the first request
		wait.Go(func() { get(t, h, "/api/v1/openapi.json", nil) })
	}
	wait.Wait()
	var doc struct {
		OpenAPI    string                               `json:"openapi"`
		Paths      map[string]map[string]map[string]any `json:"paths"`
		Components struct {
			Schemas map[string]struct {
				Properties map[string]any `json:"properties"`
			} `json:"schemas"`
		} `json:"components"`
	}
	if err := json.Unmarshal(get(t, h, "/api/v1/openapi.json", nil).Body.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	if doc.OpenAPI != "3.1.0" || doc.Paths["/api/v1/ask"]["get"] == nil {
		t.Errorf("document %s with paths %v", doc.OpenAPI, doc.Paths)
	}
	if doc.Components.Schemas["ProblemBody"].Properties["code"] == nil {
		t.Errorf("no schema of our problem: %v", doc.Components.Schemas)
	}
	old, err := openapi3.NewLoader().LoadFromData(get(t, h, "/api/v1/openapi-3.0.json", nil).Body.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if err := old.Validate(t.Context()); err != nil {
		t.Errorf("the 3.0 document: %v", err)
	}
	if old.Paths.Find("/api/v1/ask").Get.Responses.Value("404").Value.Content.Get("application/problem+json") == nil {
		t.Error("the document does not say that errors are problems")
	}
}
