package httpapi_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"yike/internal/httpapi"
)

func post(path, key, body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	if key != "" {
		r.Header.Set("Idempotency-Key", key)
	}
	return r
}

func TestFacts(t *testing.T) {
	t.Parallel()
	r := post("/api/v1/x?a=1", "k-1", "body")
	r.Header.Set("X-Request-Id", "trace.7")
	w, f := asked(t, httpapi.Config{}, r)
	if w.Body.String() != "body" {
		t.Errorf("the handler reads %q", w.Body)
	}
	if f.TraceID != "trace.7" || f.From != "192.0.2.1" || f.Key != "k-1" || len(f.RequestHash) != 32 {
		t.Errorf("facts %+v", f)
	}
	if f := httpapi.FactsOf(t.Context()); f.TraceID != "" || f.From != "" || f.RequestHash != nil {
		t.Errorf("outside of a request: %+v", f)
	}
}

// The hash must be the same for a retry and another for anything else.
func TestHashTellsRequestsApart(t *testing.T) {
	t.Parallel()
	hash := func(r *http.Request) []byte {
		_, f := asked(t, httpapi.Config{}, r)
		return f.RequestHash
	}
	first := hash(post("/api/v1/x?a=1", "k", "body"))
	for name, same := range map[string]*http.Request{
		"the same again": post("/api/v1/x?a=1", "k", "body"),
		"another key":    post("/api/v1/x?a=1", "other", "body"),
		"another tongue": post("/api/v1/x?lang=en&a=1", "k", "body"),
	} {
		if !bytes.Equal(first, hash(same)) {
			t.Errorf("%s: another hash", name)
		}
	}
	for name, other := range map[string]*http.Request{
		"another body":  post("/api/v1/x?a=1", "k", "bod"),
		"another path":  post("/api/v1/y?a=1", "k", "body"),
		"another query": post("/api/v1/x?a=2", "k", "body"),
		"no query":      post("/api/v1/x", "k", "body"),
	} {
		if bytes.Equal(first, hash(other)) {
			t.Errorf("%s: the same hash", name)
		}
	}
	if hash(post("/api/v1/x", "", "body")) != nil {
		t.Error("a hash without a key")
	}
	read := post("/api/v1/x", "k", "body")
	read.Method = http.MethodPut
	if hash(read) != nil {
		t.Error("a hash of what is no POST")
	}
}

// brokenBody fails in the middle, like a client that leaves.
type brokenBody struct{}

func (brokenBody) Read([]byte) (int, error) { return 0, errors.New("reset") }

func TestBodiesThatAreRefused(t *testing.T) {
	t.Parallel()
	broken := httptest.NewRequest(http.MethodPost, "/api/v1/x", brokenBody{})
	for name, tc := range map[string]struct {
		request *http.Request
		status  int
		code    string
	}{
		"too large, with a key":  {post("/api/v1/x", "k", strings.Repeat("a", 1<<20+1)), http.StatusRequestEntityTooLarge, "too_large"},
		"too large, without":     {post("/api/v1/x", "", strings.Repeat("a", 1<<20+1)), http.StatusRequestEntityTooLarge, "too_large"},
		"as large as it may be":  {post("/api/v1/x", "", strings.Repeat("a", 1<<20)), http.StatusOK, ""},
		"not whole":              {broken, http.StatusBadRequest, "unreadable"},
		"a long key":             {post("/api/v1/x", strings.Repeat("k", 129), ""), http.StatusBadRequest, "bad_idempotency_key"},
		"a key with a space":     {post("/api/v1/x", "a b", ""), http.StatusBadRequest, "bad_idempotency_key"},
		"a key of other letters": {post("/api/v1/x", "键", ""), http.StatusBadRequest, "bad_idempotency_key"},
		"a key as long as it is": {post("/api/v1/x", strings.Repeat("k", 128), ""), http.StatusOK, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, _ := asked(t, httpapi.Config{}, tc.request)
			if w.Code != tc.status || tc.code != "" && !strings.Contains(w.Body.String(), `"code":"`+tc.code+`"`) {
				t.Errorf("%d %.200s; want %d %s", w.Code, w.Body, tc.status, tc.code)
			}
		})
	}
}

// deadlines is a writer that knows who moved the deadline for reading.
type deadlines struct {
	*httptest.ResponseRecorder
	read []time.Time
}

func (d *deadlines) SetReadDeadline(at time.Time) error {
	d.read = append(d.read, at)
	return nil
}

type letter struct {
	Body struct {
		Text     string `json:"text" maxLength:"5"`
		Password string `json:"password,omitempty" maxLength:"5"`
	}
}

// letters is an API with one operation that takes a body.
func letters(t *testing.T) http.Handler {
	t.Helper()
	r := httpapi.NewRouter(slog.New(slog.DiscardHandler))
	httpapi.Register(httpapi.NewAPI(r), huma.Operation{OperationID: "send", Method: http.MethodPost, Path: "/api/v1/letters"},
		func(context.Context, *letter) (*struct{}, error) { return &struct{}{}, nil })
	return r
}

// The body was read before the handler runs. A deadline for reading that is set
// afterwards would end a write that takes longer.
func TestNoDeadlineIsSetAfterTheBodyWasRead(t *testing.T) {
	t.Parallel()
	w := &deadlines{ResponseRecorder: httptest.NewRecorder()}
	letters(t).ServeHTTP(w, post("/api/v1/letters", "k", `{"text":"a"}`))
	if w.Code != http.StatusNoContent {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	for _, at := range w.read {
		if !at.IsZero() {
			t.Errorf("a deadline at %v", at)
		}
	}
}

func TestBodiesOfAnotherShape(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		kind, body string
		status     int
		code       string
		hidden     string // must not come back
	}{
		"JSON":                 {kind: "application/json; charset=utf-8", body: `{"text":"a"}`, status: http.StatusNoContent},
		"no type":              {body: `{"text":"a"}`, status: http.StatusNoContent},
		"a form":               {kind: "application/x-www-form-urlencoded", body: "text=zzz", status: http.StatusUnsupportedMediaType, code: "unsupported_media_type", hidden: "zzz"},
		"XML":                  {kind: "application/xml", body: "<zzz/>", status: http.StatusUnsupportedMediaType, code: "unsupported_media_type", hidden: "zzz"},
		"no JSON":              {kind: "application/json", body: `{"password":"zzz"`, status: http.StatusBadRequest, code: "bad_request", hidden: "zzz"},
		"nothing":              {kind: "application/json", status: http.StatusBadRequest, code: "bad_request"},
		"a field too many":     {kind: "application/json", body: `{"text":"a","more":1}`, status: http.StatusUnprocessableEntity, code: "validation"},
		"a long secret":        {kind: "application/json", body: `{"text":"a","password":"zzzzzz"}`, status: http.StatusUnprocessableEntity, code: "validation", hidden: "zzzzzz"},
		"beside a secret":      {kind: "application/json", body: `{"password":"zzz"}`, status: http.StatusUnprocessableEntity, code: "validation", hidden: "zzz"},
		"a long text, cut off": {kind: "application/json", body: `{"text":"` + strings.Repeat("z", 101) + `"}`, status: http.StatusUnprocessableEntity, code: "validation", hidden: strings.Repeat("z", 101)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := post("/api/v1/letters", "", tc.body)
			r.Header.Set("Content-Type", tc.kind)
			w := httptest.NewRecorder()
			letters(t).ServeHTTP(w, r)
			if w.Code != tc.status || tc.code != "" && (!strings.Contains(w.Body.String(), `"code":"`+tc.code+`"`) || w.Header().Get("Content-Type") != "application/problem+json") {
				t.Errorf("%d %s %s; want %d %s", w.Code, w.Header().Get("Content-Type"), w.Body, tc.status, tc.code)
			}
			if tc.hidden != "" && strings.Contains(w.Body.String(), tc.hidden) {
				t.Errorf("the answer repeats what was sent: %s", w.Body)
			}
		})
	}
}

func TestWhatABodyLacksIsSaidInOneLanguage(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{"/api/v1/letters": `"缺少必填项 text"`, "/api/v1/letters?lang=en": `"expected required property text to be present"`} {
		w := httptest.NewRecorder()
		letters(t).ServeHTTP(w, post(path, "k", `{}`))
		if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
}
