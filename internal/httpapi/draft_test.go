package httpapi_test

import (
	"bufio"
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"yike/internal/httpapi"
)

// stuckListener gives a first connection whose client takes nothing: the first write
// to it says so and waits until the connection is closed or let go.
type stuckListener struct {
	net.Listener
	once  sync.Once
	stuck chan struct{} // has a value once an answer waits for the client
	letGo chan struct{} // closed to let the client read
}

func (l *stuckListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err == nil {
		l.once.Do(func() { conn = &stuckConn{Conn: conn, of: l} })
	}
	return conn, err
}

type stuckConn struct {
	net.Conn
	of   *stuckListener
	once sync.Once
}

func (c *stuckConn) Write(p []byte) (int, error) {
	c.once.Do(func() {
		c.of.stuck <- struct{}{}
		<-c.of.letGo
	})
	return c.Conn.Write(p)
}

// sizes is a server whose answers are as long as they are asked to be, and a client of
// it that has asked for a path and takes nothing.
type sizes struct {
	url     string
	traffic *httpapi.Traffic
	letGo   func()
	rest    func() int // lets the client read, and gives the length of what it gets
}

func newSizes(t *testing.T, l httpapi.Limits, path string) sizes {
	t.Helper()
	traffic := httpapi.NewTraffic(l)
	r := httpapi.NewRouterWithConfig(httpapi.Config{Log: slog.New(slog.DiscardHandler), Traffic: traffic, Routes: httpapi.Routes{"GET /free": {Free: true}}})
	answer := func(size int) http.HandlerFunc {
		noise := make([]byte, size)
		_, _ = rand.Read(noise)
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/octet-stream")
			_, _ = w.Write(noise)
		}
	}
	r.Get("/small", answer(100))
	r.Get("/draft", answer(1<<20))
	r.Get("/large", answer(1<<20+1))
	r.Get("/free", answer(2<<20))
	plain, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listener := &stuckListener{Listener: plain, stuck: make(chan struct{}, 1), letGo: make(chan struct{})}
	server := &httptest.Server{Listener: listener, Config: &http.Server{Handler: r}}
	server.Start()
	letGo := sync.OnceFunc(func() { close(listener.letGo) })
	t.Cleanup(server.Close)
	t.Cleanup(letGo)

	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", plain.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if _, err := io.WriteString(conn, "GET "+path+" HTTP/1.1\r\nHost: localhost\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	<-listener.stuck
	return sizes{url: server.URL, traffic: traffic, letGo: letGo, rest: func() int {
		letGo()
		res, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = res.Body.Close() }()
		body, err := io.ReadAll(res.Body)
		if err != nil {
			t.Error(err)
		}
		return len(body)
	}}
}

func (s sizes) status(t *testing.T) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+"/small", nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	return res.StatusCode
}

// Only who makes an answer has a place at work, not who waits for its client.
func TestWhoDoesNotRead(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		path   string
		unsent int64
		length int
		holds  bool
	}{
		"small":                            {path: "/small", length: 100},
		"as large as is made in memory":    {path: "/draft", length: 1 << 20},
		"larger":                           {path: "/large", length: 1<<20 + 1, holds: true},
		"free":                             {path: "/free", length: 2 << 20},
		"with room for it":                 {path: "/draft", unsent: 2 << 20, length: 1 << 20},
		"without room for more of its ilk": {path: "/draft", unsent: 1000, length: 1 << 20, holds: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSizes(t, httpapi.Limits{Work: 1, Unsent: tc.unsent}, tc.path)
			want := http.StatusOK
			if tc.holds {
				want = http.StatusServiceUnavailable
			}
			if got := s.status(t); got != want {
				t.Errorf("another request gives %d; want %d", got, want)
			}
			if got := s.rest(); got != tc.length {
				t.Errorf("the client gets %d bytes in the end; want %d", got, tc.length)
			}
			until(t, "the place to be free", func() bool { return s.traffic.Load() == httpapi.Load{} })
			if got := s.status(t); got != http.StatusOK {
				t.Errorf("afterwards %d", got)
			}
		})
	}
}

// paces is a writer that remembers when its deadline was moved.
type paces struct {
	*httptest.ResponseRecorder
	seen []string
}

func (p *paces) SetWriteDeadline(time.Time) error {
	p.seen = append(p.seen, "deadline")
	return nil
}

func (p *paces) Write(b []byte) (int, error) {
	p.seen = append(p.seen, "write")
	return p.ResponseRecorder.Write(b)
}

// A client has its time for each piece of an answer, however large that is.
func TestEachPieceHasItsTime(t *testing.T) {
	t.Parallel()
	r := httpapi.NewRouterWithConfig(httpapi.Config{Log: slog.New(slog.DiscardHandler), Routes: httpapi.Routes{"GET /free": {Free: true}}})
	serve := func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, 2<<20)) }
	r.Get("/large", serve)
	r.Get("/free", serve)
	for _, path := range []string{"/large", "/free"} {
		w := &paces{ResponseRecorder: httptest.NewRecorder()}
		r.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
		writes := 0
		for i, what := range w.seen {
			if what != "write" {
				continue
			}
			writes++
			if i == 0 || w.seen[i-1] != "deadline" {
				t.Errorf("%s: a write without a deadline of its own", path)
			}
		}
		if writes < 32 || w.Body.Len() != 2<<20 || w.seen[len(w.seen)-1] != "deadline" {
			t.Errorf("%s: %d writes of %d bytes, ending with a %s", path, writes, w.Body.Len(), w.seen[len(w.seen)-1])
		}
	}
}

// drafted answers by a handler of the router, packed or not.
func drafted(t *testing.T, packed bool, method string, handle http.HandlerFunc) (status int, header http.Header, body string) {
	t.Helper()
	r := httpapi.NewRouter(slog.New(slog.DiscardHandler))
	r.HandleFunc("/x", handle)
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	req, err := http.NewRequestWithContext(t.Context(), method, server.URL+"/x", nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true, DisableCompression: !packed}}).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	whole, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, res.Header, string(whole)
}

// An answer that was held back is the one that its handler gave.
func TestAnswersThatWereHeldBack(t *testing.T) {
	t.Parallel()
	type seen struct {
		Status     int
		Body, Head string
	}
	for name, tc := range map[string]struct {
		method string
		handle http.HandlerFunc
		want   seen
	}{
		"nothing": {http.MethodGet, func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("X", "a") }, seen{200, "", "a"}},
		"a status": {http.MethodGet, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X", "a")
			w.WriteHeader(http.StatusTeapot)
			w.WriteHeader(http.StatusOK)
			w.Header().Set("X", "too late")
			_, _ = io.WriteString(w, "b")
		}, seen{418, "b", "a"}},
		"no content": {http.MethodGet, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }, seen{204, "", ""}},
		"only the head": {http.MethodHead, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X", "a")
			_, _ = io.WriteString(w, "b")
		}, seen{200, "", "a"}},
		"a hint first": {http.MethodGet, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusEarlyHints)
			_, _ = io.WriteString(w, "b")
		}, seen{200, "b", ""}},
		"two parts": {http.MethodGet, func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, "a")
			_ = http.NewResponseController(w).Flush()
			_, _ = io.WriteString(w, "b")
		}, seen{200, "ab", ""}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			status, header, body := drafted(t, false, tc.method, tc.handle)
			if diff := cmp.Diff(tc.want, seen{status, body, header.Get("X")}); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// Of an answer that broke off nothing is left but the problem.
func TestAnswerThatBreaksOff(t *testing.T) {
	t.Parallel()
	status, header, body := drafted(t, true, http.MethodGet, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X", "a")
		_, _ = io.WriteString(w, strings.Repeat("half an answer ", 1000))
		panic("broken")
	})
	if status != http.StatusInternalServerError || header.Get("X") != "" || header.Get("Content-Encoding") != "" || !strings.HasPrefix(body, `{"type"`) {
		t.Errorf("%d %v %.100s; want the problem alone", status, header, body)
	}
}

// What is the same for everybody is there also when everything is busy, asks nobody who
// it is, and is packed only while there is memory for it.
func TestFreeRoutes(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		unsent int64
		coding string
	}{"with room": {0, "gzip"}, "without": {1 << 10, ""}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			traffic := httpapi.NewTraffic(httpapi.Limits{Work: 1, Unsent: tc.unsent})
			r := httpapi.NewRouterWithConfig(httpapi.Config{Log: slog.New(slog.DiscardHandler), Traffic: traffic, Routes: httpapi.Routes{"GET /*": {Free: true}}})
			began, letGo := make(chan struct{}), make(chan struct{})
			r.Get("/work", func(http.ResponseWriter, *http.Request) {
				close(began)
				<-letGo
			})
			var who []string
			r.Get("/*", func(w http.ResponseWriter, r *http.Request) {
				who = append(who, r.Header.Get("Cookie")+r.Header.Get("Authorization"))
				w.Header().Set("Content-Type", "text/plain")
				_, _ = io.WriteString(w, strings.Repeat("page ", 1000))
			})
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			var wait sync.WaitGroup
			wait.Go(func() {
				r.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, http.MethodGet, "/work", nil))
			})
			<-began
			w := get(t, r, "/page", map[string]string{"Accept-Encoding": "gzip", "Cookie": "a=b", "Authorization": "Bearer x"})
			if w.Code != http.StatusOK || w.Header().Get("Content-Encoding") != tc.coding {
				t.Errorf("%d, packed by %q; want 200, %q", w.Code, w.Header().Get("Content-Encoding"), tc.coding)
			}
			if got := get(t, r, "/page", nil); got.Code != http.StatusOK || got.Body.Len() != 5000 {
				t.Errorf("unpacked: %d, %d bytes", got.Code, got.Body.Len())
			}
			if diff := cmp.Diff([]string{"", ""}, who); diff != "" {
				t.Errorf("the handler sees who asks: %s", diff)
			}
			close(letGo)
			wait.Wait()
		})
	}
}
