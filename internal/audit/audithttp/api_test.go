package audithttp_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/google/go-cmp/cmp"

	"yike/internal/audit"
	"yike/internal/audit/audithttp"
	"yike/internal/httpapi"
	"yike/internal/httpapi/httpapitest"
)

// log is a Log that gives what it was made with and keeps what it was asked.
type log struct {
	page     audit.Page
	status   audit.Status
	found    audit.Verification
	err      error
	write    func(ctx context.Context, w io.Writer) error
	asked    audit.Query
	period   audit.Period
	verifies func()
}

func (l *log) List(_ context.Context, q audit.Query) (audit.Page, error) {
	l.asked = q
	return l.page, l.err
}
func (l *log) Status(context.Context) (audit.Status, error) { return l.status, l.err }
func (l *log) Verify(context.Context) (audit.Verification, error) {
	if l.verifies != nil {
		l.verifies()
	}
	return l.found, l.err
}

func (l *log) Export(_ context.Context, p audit.Period) (func(ctx context.Context, w io.Writer) error, error) {
	l.period = p
	return l.write, l.err
}

func clock() time.Time { return time.Date(2026, 11, 27, 8, 0, 0, 0, time.UTC) }

func router(l *log, logger *slog.Logger) chi.Router {
	r := httpapi.NewRouter(logger)
	audithttp.Register(r, httpapi.NewAPI(r), l, logger, clock)
	return r
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

// ask sends a request and reads the JSON of the answer.
func ask(t *testing.T, h http.Handler, method, path string) (*httptest.ResponseRecorder, map[string]any) {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), method, path, nil))
	body := map[string]any{}
	if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil {
		t.Fatalf("%s %s: %d %s", method, path, w.Code, w.Body)
	}
	return w, body
}

func TestList(t *testing.T) {
	t.Parallel()
	next := audit.Cursor{At: clock(), ID: "01900000-0000-7000-8000-000000000001"}
	l := &log{page: audit.Page{Next: &next, Entries: []audit.Entry{{
		ID: next.ID, At: clock(), AccountID: "a", Who: "w", Why: "y", From: "f", TraceID: "t", Action: "x.y", Outcome: "done",
		Kind: "k", SubjectID: "s", Division: "990101", Detail: json.RawMessage(`{"notes": [{"after": 1.50}]}`), Block: 7,
	}}}}
	s := httpapitest.New(t, router(l, quiet()))
	w := s.Get("/api/v1/audit?from=2026-11-01&to=2026-11-02T00:00:00Z&who=w&action=x&outcome=refused&kind=k&id=s&q=%25&limit=3&cursor="+next.String(), nil)
	want := audit.Query{
		Period: audit.Period{From: time.Date(2026, 10, 31, 16, 0, 0, 0, time.UTC), To: time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)},
		Who:    "w", Action: "x", Outcome: "refused", Kind: "k", ID: "s", Text: "%", Limit: 3, After: next,
	}
	if diff := cmp.Diff(want, l.asked); diff != "" {
		t.Error(diff)
	}
	var got map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	wanted := map[string]any{"next": next.String(), "entries": []any{map[string]any{
		"id": next.ID, "at": "2026-11-27T08:00:00Z", "account_id": "a", "who": "w", "why": "y", "from": "f", "trace_id": "t", "action": "x.y", "outcome": "done",
		"kind": "k", "subject_id": "s", "division_code": "990101", "detail": map[string]any{"notes": []any{map[string]any{"after": 1.5}}}, "block": 7.0,
	}}}
	if diff := cmp.Diff(wanted, got); diff != "" || w.Header().Get("Cache-Control") != "no-store" {
		t.Error(diff, w.Header())
	}
	l.page = audit.Page{}
	if body := s.Get("/api/v1/audit", nil).Body.String(); !strings.Contains(body, `"entries":[]`) || !strings.Contains(body, `"next":null`) || l.asked.Limit != 50 {
		t.Errorf("an empty page: %s, asked %+v", body, l.asked)
	}
}

func TestRefusesWhatIsNoQuestion(t *testing.T) {
	t.Parallel()
	r := router(&log{}, quiet())
	for path, want := range map[string]string{
		"/api/v1/audit?from=yesterday":                    "query.from",
		"/api/v1/audit?from=2026-01-01&to=2026-02-30":     "query.to",
		"/api/v1/audit/export?to=never":                   "query.to",
		"/api/v1/audit?limit=0":                           "query.limit",
		"/api/v1/audit?limit=501":                         "query.limit",
		"/api/v1/audit?outcome=good":                      "query.outcome",
		"/api/v1/audit?q=" + url.QueryEscape("a\x00b"):    "query.q",
		"/api/v1/audit?who=" + url.QueryEscape("\xff"):    "query.who",
		"/api/v1/audit?cursor=" + url.QueryEscape("????"): "",
	} {
		w, body := ask(t, r, http.MethodGet, path)
		if w.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d %v", path, w.Code, body)
			continue
		}
		if want == "" {
			continue
		}
		faults, _ := body["errors"].([]any)
		if len(faults) != 1 || faults[0].(map[string]any)["pointer"] != want {
			t.Errorf("%s: %v; want %s", path, faults, want)
		}
	}
}

func TestStatus(t *testing.T) {
	t.Parallel()
	at := clock()
	l := &log{status: audit.Status{PublicKey: "ab"}}
	s := httpapitest.New(t, router(l, quiet()))
	body := s.Get("/api/v1/audit/status", nil).Body.String()
	if want := `{"blocks":0,"sealed_entries":0,"unsealed_entries":0,"oldest_unsealed_at":null,"head":null,"last_verification":null,"public_key":"ab"}`; strings.TrimSpace(body) != want {
		t.Errorf("of an empty log: %s; want %s", body, want)
	}
	l.status = audit.Status{
		Blocks: 3, Sealed: 30, Unsealed: 1, OldestUnsealed: &at, PublicKey: "ab",
		Head: &audit.Head{AdCode: "990101", Number: 3, Hash: "cd", KeyID: "ef", SealedAt: "2026-11-27T07:59:59.000000Z"},
		Last: &audit.Verification{OK: false, Block: 2, ZH: "坏", EN: "broken"}, LastAt: at,
	}
	var got map[string]any
	if err := json.Unmarshal(s.Get("/api/v1/audit/status", nil).Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"blocks": 3.0, "sealed_entries": 30.0, "unsealed_entries": 1.0, "oldest_unsealed_at": "2026-11-27T08:00:00Z", "public_key": "ab",
		"head":              map[string]any{"number": 3.0, "hash": "cd", "sealed_at": "2026-11-27T07:59:59.000000Z", "key_id": "ef"},
		"last_verification": map[string]any{"at": "2026-11-27T08:00:00Z", "ok": false, "text_zh": "坏", "text_en": "broken"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestVerification(t *testing.T) {
	t.Parallel()
	l := &log{found: audit.Verification{OK: true, Blocks: 2, Entries: 5}}
	r := router(l, quiet())
	w, body := ask(t, r, http.MethodPost, "/api/v1/audit/verification")
	if diff := cmp.Diff(map[string]any{"ok": true, "blocks": 2.0, "entries": 5.0, "fault": nil}, body); diff != "" || w.Code != http.StatusOK {
		t.Error(w.Code, diff)
	}
	l.found = audit.Verification{OK: false, Blocks: 1, Entries: 3, Block: 2, ZH: "坏", EN: "broken"}
	if _, body = ask(t, r, http.MethodPost, "/api/v1/audit/verification"); !cmp.Equal(body["fault"], any(map[string]any{"block": 2.0, "zh": "坏", "en": "broken"})) {
		t.Errorf("a fault: %v", body)
	}

	// A second one is told to wait.
	l.verifies = func() {
		w, body := ask(t, r, http.MethodPost, "/api/v1/audit/verification")
		if w.Code != http.StatusServiceUnavailable || body["code"] != "busy" || w.Header().Get("Retry-After") == "" {
			t.Errorf("a second verification: %d %v", w.Code, body)
		}
	}
	if w, _ := ask(t, r, http.MethodPost, "/api/v1/audit/verification"); w.Code != http.StatusOK {
		t.Errorf("the first verification: %d", w.Code)
	}
	l.verifies = nil
	if w, _ := ask(t, r, http.MethodPost, "/api/v1/audit/verification"); w.Code != http.StatusOK {
		t.Errorf("afterwards: %d", w.Code)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		err    error
		status int
		code   string
	}{
		{audit.ErrForbidden, http.StatusForbidden, "forbidden"},
		{audit.ErrKeyReused, http.StatusUnprocessableEntity, "idempotency_key_reused"},
		{errors.New("the database is gone"), http.StatusInternalServerError, "internal"},
	} {
		r := router(&log{err: tc.err}, quiet())
		for path, method := range map[string]string{
			"/api/v1/audit": http.MethodGet, "/api/v1/audit/status": http.MethodGet, "/api/v1/audit/export": http.MethodGet, "/api/v1/audit/verification": http.MethodPost,
		} {
			if w, body := ask(t, r, method, path); w.Code != tc.status || body["code"] != tc.code {
				t.Errorf("%s after %v: %d %v", path, tc.err, w.Code, body)
			}
		}
	}
}

func TestExport(t *testing.T) {
	t.Parallel()
	l := &log{}
	l.write = func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, `{"type":"end"}`+"\n")
		return err
	}
	s := httpapitest.New(t, router(l, quiet()))
	if doc := s.Raw("/api/v1/openapi.json", nil).Body.String(); !strings.Contains(doc, `"/api/v1/audit/export":{"get"`) {
		t.Error("the export is not in the document")
	}
	w := s.Raw("/api/v1/audit/export?from=2026-11-01", nil)
	if w.Code != http.StatusOK || w.Body.String() != `{"type":"end"}`+"\n" || w.Header().Get("Content-Type") != "application/x-ndjson" ||
		w.Header().Get("Content-Disposition") != `attachment; filename="yike-audit-20261127T080000Z.ndjson"` || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("%d %s %v", w.Code, w.Body, w.Header())
	}
	if !l.period.From.Equal(time.Date(2026, 10, 31, 16, 0, 0, 0, time.UTC)) || !l.period.To.IsZero() {
		t.Errorf("the period asked for is %+v", l.period)
	}

	// What fails before anything was sent is told; no file is offered.
	l.write = func(context.Context, io.Writer) error { return errors.New("the database is gone") }
	w = s.Raw("/api/v1/audit/export", nil)
	if w.Code != http.StatusInternalServerError || w.Header().Get("Content-Disposition") != "" {
		t.Errorf("%d %v", w.Code, w.Header())
	}

	// The third at once is told to wait.
	l.write = func(_ context.Context, _ io.Writer) error {
		l.write = func(_ context.Context, _ io.Writer) error {
			w := s.Raw("/api/v1/audit/export", nil)
			if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" {
				t.Errorf("a third export: %d", w.Code)
			}
			return nil
		}
		s.Raw("/api/v1/audit/export", nil)
		return nil
	}
	s.Raw("/api/v1/audit/export", nil)
}

// serveOver serves over a real connection, whose deadline for an answer has long passed
// when the answer begins.
func serveOver(t *testing.T, l *log, logger *slog.Logger) *httptest.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	r := httpapi.NewRouter(logger)
	audithttp.Register(r, httpapi.NewAPI(r), l, logger, time.Now)
	server.Config.Handler = r
	server.Config.WriteTimeout = time.Millisecond
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	server.Start()
	t.Cleanup(server.Close)
	return server
}

func get(t *testing.T, url string) (status int, body []byte, err error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = answer.Body.Close() }()
	body, err = io.ReadAll(answer.Body)
	return answer.StatusCode, body, err
}

func passDeadline() {
	for begun := time.Now(); time.Since(begun) < 5*time.Millisecond; {
		continue
	}
}

// TestLongExport holds that an export may take longer than other answers.
func TestLongExport(t *testing.T) {
	t.Parallel()
	const pieces = 5
	l := &log{write: func(_ context.Context, w io.Writer) error {
		for range pieces {
			passDeadline()
			if _, err := w.Write(bytes.Repeat([]byte("x"), 100_000)); err != nil {
				return err
			}
		}
		return nil
	}}
	status, body, err := get(t, serveOver(t, l, quiet()).URL+"/api/v1/audit/export")
	if err != nil || status != http.StatusOK || len(body) != pieces*100_000 {
		t.Errorf("%d bytes, %v", len(body), err)
	}
}

// TestBrokenExport holds that an export which breaks off does not look whole, and that
// the log says why.
func TestBrokenExport(t *testing.T) {
	t.Parallel()
	var text bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&text, nil))
	l := &log{write: func(_ context.Context, w io.Writer) error {
		if _, err := w.Write(bytes.Repeat([]byte("x"), 100_000)); err != nil {
			return err
		}
		return errors.New("the database is gone")
	}}
	server := serveOver(t, l, logger)
	if _, body, err := get(t, server.URL+"/api/v1/audit/export"); err == nil {
		t.Errorf("half an export came as a whole of %d bytes", len(body))
	}
	server.Close() // it writes no more into its log
	if !strings.Contains(text.String(), "the database is gone") {
		t.Errorf("the log says %q", &text)
	}
}
