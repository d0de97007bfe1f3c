package httpapi_test

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"yike/internal/httpapi"
)

// slowBody is what a client sends that stops in the middle until it is let go.
type slowBody struct {
	begun chan<- struct{}
	once  *sync.Once
	letGo <-chan struct{}
	rest  io.Reader
}

func (b slowBody) Read(p []byte) (int, error) {
	b.once.Do(func() {
		b.begun <- struct{}{}
		<-b.letGo
	})
	return b.rest.Read(p)
}

// All bodies together take only so much memory, and large ones keep small ones from
// nothing.
func TestRoomForBodies(t *testing.T) {
	t.Parallel()
	const large, small = 1 << 20, 16 << 10
	traffic := httpapi.NewTraffic(httpapi.Limits{Bodies: 4 << 20}) // two large ones and 128 small ones
	r := httpapi.NewRouterWithConfig(httpapi.Config{Log: slog.New(slog.DiscardHandler), Traffic: traffic})
	r.HandleFunc("/x", func(w http.ResponseWriter, r *http.Request) { _, _ = io.Copy(w, r.Body) })
	begun, letGo := make(chan struct{}), make(chan struct{})
	var wait sync.WaitGroup
	hold := func(size int, length int64) {
		wait.Go(func() {
			req := httptest.NewRequestWithContext(t.Context(), http.MethodPut, "/x",
				slowBody{begun: begun, once: &sync.Once{}, letGo: letGo, rest: strings.NewReader(strings.Repeat("a", size))})
			req.ContentLength = length
			w := httptest.NewRecorder()
			r.ServeHTTP(w, req)
			if w.Code != http.StatusOK || w.Body.Len() != size {
				t.Errorf("one that had room: %d, %d bytes", w.Code, w.Body.Len())
			}
		})
		<-begun
	}
	send := func(size int) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		r.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodPut, "/x", strings.NewReader(strings.Repeat("a", size))))
		return w
	}
	hold(large, large)
	hold(100, -1) // counts as the largest, since nobody knows
	if w := send(large); w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" || w.Header().Get("Connection") != "close" ||
		!strings.Contains(w.Body.String(), `"code":"busy"`) {
		t.Errorf("one too many: %d %v %s", w.Code, w.Header(), w.Body)
	}
	for range 127 {
		hold(small, small)
	}
	if w := send(small); w.Code != http.StatusOK {
		t.Errorf("the last small one: %d %s", w.Code, w.Body)
	}
	hold(small, small)
	if w := send(small); w.Code != http.StatusServiceUnavailable {
		t.Errorf("one small one too many: %d", w.Code)
	}
	if w := send(0); w.Code != http.StatusOK {
		t.Errorf("without a body: %d", w.Code)
	}
	close(letGo)
	wait.Wait()
	for _, size := range []int{large, small} {
		if w := send(size); w.Code != http.StatusOK {
			t.Errorf("afterwards: %d", w.Code)
		}
	}
}

// unread is a body that nobody may look at.
type unread struct{ t *testing.T }

func (u unread) Read([]byte) (int, error) {
	u.t.Error("the body is read")
	return 0, errors.New("unread")
}

func TestBodiesThatNobodyReads(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		method, path, code string
		length             int64
	}{
		"of a GET":             {http.MethodGet, "/x", "no_body_taken", 10},
		"of a GET, in chunks":  {http.MethodGet, "/x", "no_body_taken", -1},
		"of a HEAD":            {http.MethodHead, "/x", "no_body_taken", 10},
		"of a method unheard":  {"BREW", "/x", "no_body_taken", 10},
		"of a probe":           {http.MethodGet, "/healthz", "no_body_taken", 10},
		"of a POST to a probe": {http.MethodPost, "/readyz", "no_body_taken", 10},
		"that is too large":    {http.MethodPost, "/x", "too_large", 1<<20 + 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			req := httptest.NewRequest(tc.method, tc.path, unread{t})
			req.ContentLength = tc.length
			w, _ := asked(t, httpapi.Config{}, req)
			if w.Code != http.StatusRequestEntityTooLarge || !strings.Contains(w.Body.String(), `"code":"`+tc.code+`"`) || w.Header().Get("Connection") != "close" {
				t.Errorf("%d %v %s; want 413 %s and the connection closed", w.Code, w.Header(), w.Body, tc.code)
			}
		})
	}
}

// HTTP/2 gives every request a body to read from, also one that has none.
func TestHTTP2WithoutBody(t *testing.T) {
	t.Parallel()
	r := httpapi.NewRouter(slog.New(slog.DiscardHandler))
	r.HandleFunc("/x", func(w http.ResponseWriter, r *http.Request) { _, _ = io.Copy(w, r.Body) })
	server := httptest.NewUnstartedServer(r)
	server.EnableHTTP2 = true
	server.StartTLS()
	t.Cleanup(server.Close)
	for method, body := range map[string]string{http.MethodGet: "", http.MethodPost: "text"} {
		req, err := http.NewRequestWithContext(t.Context(), method, server.URL+"/x", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		res, err := server.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if err != nil || res.ProtoMajor != 2 || res.StatusCode != http.StatusOK || string(got) != body {
			t.Errorf("%s by HTTP/%d: %d %s %v", method, res.ProtoMajor, res.StatusCode, got, err)
		}
	}
}
