package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// What everybody can read must not tell where the database is.
func TestFailedStartTellsNoSecrets(t *testing.T) {
	t.Parallel()
	zh, en := failedText(fmt.Errorf("reach database: %w", errors.New("dial tcp 10.1.2.3:5432: s3cret")))
	if strings.Contains(zh+en, "s3cret") || strings.Contains(zh+en, "10.1.2.3") || zh == "" || en == "" {
		t.Errorf("says %q, %q", zh, en)
	}
	zh, en = failedText(fmt.Errorf("load: %w", badInput("缺少 roads.osm", "roads.osm is missing")))
	if !strings.Contains(zh, "缺少 roads.osm") || !strings.Contains(en, "roads.osm is missing") {
		t.Errorf("bad input: says %q, %q; want what to mend", zh, en)
	}
}

// While there are no accounts, a page of another site must not read the server under a
// name that it pointed here; this holds from the first answer on.
func TestForeignHostsAreRefused(t *testing.T) {
	t.Parallel()
	public := &url.URL{Scheme: "https", Host: "map.example.cn"}
	s := newServer(&app{log: slog.New(slog.DiscardHandler), config: config{Addr: "127.0.0.1", PublicURL: public}})
	for host, want := range map[string]int{
		"127.0.0.1:8080": http.StatusOK, "map.example.cn": http.StatusOK, "evil.example:8080": http.StatusMisdirectedRequest,
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/api/v1/status", nil)
		r.Host = host
		w := httptest.NewRecorder()
		s.bootRouter().ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("%s gives %d; want %d", host, w.Code, want)
		}
	}
}

// An entry that is old when it first becomes due is no alarm; one that stays due is.
func TestDueSince(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC)
	var d dueSince
	for _, step := range []struct {
		oldest, now time.Time
		want        time.Duration
	}{
		{time.Time{}, now, 0},
		{now.Add(-time.Hour), now.Add(time.Second), 0},
		{now.Add(-time.Hour), now.Add(time.Minute), 59 * time.Second},
		{now.Add(30 * time.Second), now.Add(time.Minute), 0},
		{time.Time{}, now.Add(2 * time.Minute), 0},
		{now.Add(30 * time.Second), now.Add(3 * time.Minute), 0},
	} {
		if got := d.age(step.oldest, step.now); got != step.want {
			t.Errorf("%v at %v: %v; want %v", step.oldest, step.now, got, step.want)
		}
	}
}
