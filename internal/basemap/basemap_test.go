package basemap

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"
)

const testKey = "s3cret/key+1"

// upstream is a map server that counts requests; the answer is chosen by zoom.
func upstream(t *testing.T) (*httptest.Server, *atomic.Int64) {
	t.Helper()
	var calls atomic.Int64
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		calls.Add(1)
		q := r.URL.Query()
		if q.Get("tk") != testKey || r.Header.Get("Cookie") != "" || r.Header.Get("X-Forwarded-For") != "" {
			http.Error(w, "bad request", http.StatusForbidden)
			return
		}
		switch q.Get("TILEMATRIX") {
		case "1":
			w.Header().Set("Content-Type", "text/html")
			_, _ = io.WriteString(w, "<script>")
		case "2":
			w.Header().Set("Content-Type", "image/png")
			_, _ = w.Write(make([]byte, 2000))
		case "3":
			http.NotFound(w, r)
		case "4":
			http.Error(w, "key over its quota", http.StatusTooManyRequests)
		case "5":
			http.Redirect(w, r, "http://127.0.0.1:1/elsewhere", http.StatusFound)
		case "6":
			w.Header().Set("Content-Type", "image/svg+xml")
			_, _ = io.WriteString(w, "<svg/>")
		case "7":
			<-r.Context().Done()
		default:
			w.Header().Set("Content-Type", "image/png; charset=binary")
			_, _ = io.WriteString(w, "png "+q.Get("TILEMATRIX")+" "+q.Get("TILECOL")+" "+q.Get("TILEROW"))
		}
	}))
	t.Cleanup(s.Close)
	return s, &calls
}

func proxyTo(t *testing.T, base string) *Proxy {
	t.Helper()
	return proxyFor(t, base, time.Minute)
}

func proxyFor(t *testing.T, base string, timeout time.Duration) *Proxy {
	t.Helper()
	p, err := New(Config{
		Template: base + "/vec_w/wmts?SERVICE=WMTS&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk={key}",
		Key:      testKey, MaxBytes: 1000, CacheBytes: 1000, Timeout: timeout,
		Transport: &http.Transport{},
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func ask(t *testing.T, p *Proxy, path string) *http.Response {
	t.Helper()
	r := chi.NewRouter()
	Mount(r, p)
	req := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
	req.Header.Set("Cookie", "session=1")
	rec := httptest.NewRecorder()
	r.ServeHTTP(rec, req)
	return rec.Result()
}

func TestProxy(t *testing.T) {
	t.Parallel()
	up, _ := upstream(t)
	for _, tc := range []struct {
		name, path string
		status     int
		body       string
	}{
		{"a tile, column before row", "/basemap/14/13390/6745", 200, "png 14 13390 6745"},
		{"not an image", "/basemap/1/0/0", 502, ""},
		{"too large", "/basemap/2/0/0", 502, ""},
		{"not there", "/basemap/3/0/0", 404, ""},
		{"upstream refuses", "/basemap/4/0/0", 502, ""},
		{"upstream sends elsewhere", "/basemap/5/0/0", 502, ""},
		{"an image that can carry scripts", "/basemap/6/0/0", 502, ""},
		{"x beyond the zoom", "/basemap/8/256/0", 400, ""},
		{"zoom too deep", "/basemap/19/0/0", 400, ""},
		{"a sign", "/basemap/8/-1/0", 400, ""},
		{"another address", "/basemap/8/0/0%2F..%2F..%2Fadmin", 400, ""},
		{"a query in a number", "/basemap/8/0/1%26tk=x", 400, ""},
		{"leading zeros", "/basemap/08/0/0", 400, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			resp := ask(t, proxyTo(t, up.URL), tc.path)
			defer func() { _ = resp.Body.Close() }()
			body, err := io.ReadAll(resp.Body)
			if err != nil {
				t.Fatal(err)
			}
			if resp.StatusCode != tc.status || (tc.body != "" && string(body) != tc.body) {
				t.Errorf("%d %q; want %d %q", resp.StatusCode, body, tc.status, tc.body)
			}
			if tc.status == 200 && (resp.Header.Get("Content-Type") != "image/png" || resp.Header.Get("Set-Cookie") != "") {
				t.Errorf("headers %v", resp.Header)
			}
			for _, secret := range []string{testKey, "s3cret", up.URL} {
				if bytes.Contains(body, []byte(secret)) {
					t.Errorf("the answer tells %q", secret)
				}
			}
		})
	}
}

// Only the upstream that never answers is given a short time: the others may be slow.
func TestUpstreamNeverAnswers(t *testing.T) {
	t.Parallel()
	up, _ := upstream(t)
	resp := ask(t, proxyFor(t, up.URL, time.Millisecond), "/basemap/7/0/0")
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusBadGateway {
		t.Errorf("%d; want 502", resp.StatusCode)
	}
}

type panicking struct{}

func (panicking) RoundTrip(*http.Request) (*http.Response, error) { panic("in the transport") }

func TestPanicIsAnError(t *testing.T) {
	t.Parallel()
	p, err := New(Config{Template: "https://a.cn/{z}/{x}/{y}", Transport: panicking{}})
	if err != nil {
		t.Fatal(err)
	}
	resp := ask(t, p, "/basemap/1/0/0")
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusInternalServerError || resp.Header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("%d %v; want the 500 problem", resp.StatusCode, resp.Header)
	}
}

func TestErrorsHoldNoKey(t *testing.T) {
	t.Parallel()
	up, _ := upstream(t)
	up.Close()
	_, err := proxyTo(t, up.URL).Tile(t.Context(), "9", "0", "0")
	if !errors.Is(err, ErrUpstream) || strings.Contains(err.Error(), "s3cret") || strings.Contains(err.Error(), "wmts") {
		t.Errorf("%v", err)
	}
}

func TestCache(t *testing.T) {
	t.Parallel()
	up, calls := upstream(t)
	p := proxyTo(t, up.URL)
	want := func(n int64, x string) {
		t.Helper()
		if _, err := p.Tile(t.Context(), "10", x, "1"); err != nil {
			t.Fatal(err)
		}
		if calls.Load() != n {
			t.Errorf("%d calls, want %d", calls.Load(), n)
		}
	}
	want(1, "1")
	want(1, "1")
	// The cache holds four small tiles: the fifth pushes out the one not used for longest.
	want(2, "2")
	want(3, "3")
	want(4, "4")
	want(4, "1")
	want(5, "5")
	want(5, "1")
	want(6, "2")
	if p.cache.used > p.cache.limit || p.cache.order.Len() != len(p.cache.at) {
		t.Errorf("cache of %d bytes in %d entries, limit %d", p.cache.used, p.cache.order.Len(), p.cache.limit)
	}
}

func TestSwitchedOff(t *testing.T) {
	t.Parallel()
	resp := ask(t, nil, "/basemap/1/0/0")
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusNotFound || resp.Header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("%d %v", resp.StatusCode, resp.Header)
	}
}

func TestTemplates(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		c    Config
		ok   bool
	}{
		{"WMTS", Config{Template: "https://t0.example.cn/vec_w/wmts?TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk={key}", Key: "k"}, true},
		{"XYZ without a key", Config{Template: "http://10.0.0.1/{z}/{x}/{y}.png"}, true},
		{"none", Config{}, false},
		{"no y", Config{Template: "https://a.cn/{z}/{x}"}, false},
		{"a key without a place", Config{Template: "https://a.cn/{z}/{x}/{y}", Key: "k"}, false},
		{"a place without a key", Config{Template: "https://a.cn/{z}/{x}/{y}?tk={key}"}, false},
		{"an unknown place", Config{Template: "https://a.cn/{z}/{x}/{y}/{s}"}, false},
		{"a host that moves", Config{Template: "https://{z}.a.cn/{z}/{x}/{y}"}, false},
		{"a file", Config{Template: "file:///{z}/{x}/{y}"}, false},
		{"a user", Config{Template: "https://u:p@a.cn/{z}/{x}/{y}"}, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := New(tc.c)
			if (err == nil) != tc.ok || (err != nil && !errors.Is(err, ErrTemplate)) {
				t.Errorf("New: %v, want ok %v", err, tc.ok)
			}
		})
	}
}
