package httpapi_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"yike/internal/httpapi"
)

// What somebody scanned is nobody's business: neither the code nor who asked is written down.
func TestQuietRequestsLeaveNoTrace(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	r := httpapi.NewRouterWithConfig(httpapi.Config{
		Log: slog.New(slog.NewJSONHandler(&log, nil)), Routes: httpapi.Routes{"GET /{code}": {Quiet: true}},
	})
	r.Get("/{code}", func(http.ResponseWriter, *http.Request) {})
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		log.Reset()
		r.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(method, "/SECRET", nil))
		if bytes.Contains(log.Bytes(), []byte("SECRET")) || bytes.Contains(log.Bytes(), []byte("192.0.2.1")) || !bytes.Contains(log.Bytes(), []byte(`"route":"/{code}"`)) {
			t.Errorf("%s: %s", method, log.Bytes())
		}
	}
}

// Every request leaves one line, and one only.
func TestRequestLog(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		path string
		want map[string]any
	}{
		"of somebody": {"/who/7?q=张三", map[string]any{
			"level": "INFO", "path": "/who/7", "route": "/who/{id}", "status": 200.0, "bytes": 2.0, "who": "wang", "error": nil,
		}},
		"of nobody":     {"/nowhere", map[string]any{"level": "INFO", "path": "/nowhere", "status": 404.0, "who": nil, "error": nil}},
		"that failed":   {"/broken", map[string]any{"level": "ERROR", "route": "/broken", "status": 500.0, "error": "the cause"}},
		"that panicked": {"/panic", map[string]any{"level": "ERROR", "route": "/panic", "status": 500.0}},
		"a tile":        {"/tiles/7", map[string]any{"level": "DEBUG", "route": "/tiles/{id}", "status": 200.0}},
		"a broken tile": {"/tiles/0", map[string]any{"level": "ERROR", "route": "/tiles/{id}", "status": 500.0, "error": "the cause"}},
		"a probe":       {"/readyz", map[string]any{"level": "DEBUG", "status": 503.0}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var log bytes.Buffer
			r := httpapi.NewRouter(slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})))
			r.Get("/who/{id}", func(w http.ResponseWriter, r *http.Request) {
				httpapi.NoteWho(r.Context(), "wang")
				_, _ = w.Write([]byte("ok"))
			})
			r.Get("/broken", func(w http.ResponseWriter, r *http.Request) { httpapi.WriteError(w, r, errors.New("the cause")) })
			r.Get("/panic", func(http.ResponseWriter, *http.Request) { panic("x") })
			r.Get("/readyz", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) })
			r.Get("/tiles/{id}", func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/tiles/0" {
					httpapi.WriteError(w, r, errors.New("the cause"))
				}
			})
			req := httptest.NewRequest(http.MethodGet, tc.path, nil)
			req.Header.Set("X-Request-Id", "trace.7")
			r.ServeHTTP(httptest.NewRecorder(), req)
			lines := bytes.Split(bytes.TrimSpace(log.Bytes()), []byte("\n"))
			if len(lines) != 1 {
				t.Fatalf("%d lines:\n%s", len(lines), log.Bytes())
			}
			var line map[string]any
			if err := json.Unmarshal(lines[0], &line); err != nil {
				t.Fatal(err)
			}
			tc.want["msg"], tc.want["method"], tc.want["trace_id"], tc.want["from"] = "request", "GET", "trace.7", "192.0.2.1"
			for k, want := range tc.want {
				if line[k] != want {
					t.Errorf("%s is %v; want %v in %s", k, line[k], want, lines[0])
				}
			}
			if bytes.Contains(lines[0], []byte("张三")) {
				t.Errorf("the line tells what was looked for: %s", lines[0])
			}
		})
	}
}

func TestNotesOutsideOfARequestDoNothing(t *testing.T) {
	t.Parallel()
	httpapi.NoteWho(t.Context(), "wang")
	w := httptest.NewRecorder()
	httpapi.WriteError(w, httptest.NewRequest(http.MethodGet, "/", nil), errors.New("x"))
	if w.Code != http.StatusInternalServerError {
		t.Errorf("%d; want 500", w.Code)
	}
}
