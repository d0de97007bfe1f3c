package httpapi_test

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"yike/internal/httpapi"
)

const uploadMost = 2 << 20

func uploads() httpapi.Config {
	return httpapi.Config{
		Routes:  httpapi.Routes{"POST /*": {Upload: uploadMost}},
		Traffic: httpapi.NewTraffic(httpapi.Limits{Uploads: uploadMost, Bodies: 1}),
	}
}

func TestUploadsWaitOnDisk(t *testing.T) {
	t.Parallel()
	c := uploads()
	large := strings.Repeat("张", uploadMost/3)
	for range 3 { // what one held is given back
		w, f := asked(t, c, post("/api/v1/files", "k", large))
		if w.Code != http.StatusOK || w.Body.String() != large {
			t.Fatalf("%d, %d bytes came through", w.Code, w.Body.Len())
		}
		_, usual := asked(t, httpapi.Config{}, post("/api/v1/files", "k", "short"))
		_, same := asked(t, c, post("/api/v1/files", "k", "short"))
		if !bytes.Equal(usual.RequestHash, same.RequestHash) || bytes.Equal(f.RequestHash, same.RequestHash) {
			t.Fatal("the hash of an upload is not that of other requests")
		}
	}
}

func TestUploadsOfUnknownLength(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		size, status int
		code         string
	}{
		"as large as it may be": {uploadMost, http.StatusOK, ""},
		"one byte more":         {uploadMost + 1, http.StatusRequestEntityTooLarge, "too_large"},
	} {
		r := post("/api/v1/files", "", strings.Repeat("a", tc.size))
		r.ContentLength = -1
		w, _ := asked(t, uploads(), r)
		if w.Code != tc.status || tc.code != "" && !strings.Contains(w.Body.String(), `"code":"`+tc.code+`"`) {
			t.Errorf("%s: %d %.200s", name, w.Code, w.Body)
		}
	}
}

func TestUploadsThatAreRefused(t *testing.T) {
	t.Parallel()
	short := post("/api/v1/files", "", "abc")
	short.ContentLength = 5
	for name, tc := range map[string]struct {
		config  httpapi.Config
		request *http.Request
		status  int
		code    string
	}{
		"too large":            {uploads(), post("/api/v1/files", "", strings.Repeat("a", uploadMost+1)), http.StatusRequestEntityTooLarge, "too_large"},
		"shorter than it says": {uploads(), short, http.StatusBadRequest, "unreadable"},
		"broken":               {uploads(), httptest.NewRequest(http.MethodPost, "/api/v1/files", brokenBody{}), http.StatusBadRequest, "unreadable"},
		"no room on disk":      {httpapi.Config{Routes: uploads().Routes, Traffic: httpapi.NewTraffic(httpapi.Limits{Uploads: 10})}, post("/api/v1/files", "", strings.Repeat("a", 11)), http.StatusServiceUnavailable, "busy"},
	} {
		w, _ := asked(t, tc.config, tc.request)
		if w.Code != tc.status || !strings.Contains(w.Body.String(), `"code":"`+tc.code+`"`) {
			t.Errorf("%s: %d %.200s; want %d %s", name, w.Code, w.Body, tc.status, tc.code)
		}
	}
}

// poorLine comes in two halves with a rest between them, as over a poor line.
type poorLine struct {
	halves []string
	rest   time.Duration
	begun  bool
}

// Read gives what is left of the half that is being sent.
func (b *poorLine) Read(p []byte) (int, error) {
	if len(b.halves) == 0 {
		return 0, io.EOF
	}
	if !b.begun {
		b.begun = true
	} else {
		time.Sleep(b.rest)
	}
	n := copy(p, b.halves[0])
	if b.halves[0] = b.halves[0][n:]; b.halves[0] == "" {
		b.halves = b.halves[1:]
	}
	return n, nil
}

// A file that comes slowly is taken for as long as its route has, whatever the server's
// usual bound of reading is; and what is done with it then may take longer than that, too.
func TestUploadsMayComeSlowly(t *testing.T) {
	t.Parallel()
	const usual = 150 * time.Millisecond
	for name, tc := range map[string]struct {
		route  httpapi.Route
		rest   time.Duration
		status int
	}{
		"a route with time":             {httpapi.Route{Upload: uploadMost, Timeout: time.Minute}, 3 * usual, http.StatusOK},
		"a route without time":          {httpapi.Route{Upload: uploadMost}, 3 * usual, http.StatusBadRequest},
		"no route for uploads":          {httpapi.Route{}, 3 * usual, http.StatusBadRequest},
		"quick to come, slow to answer": {httpapi.Route{}, 0, http.StatusOK},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			router := httpapi.NewRouterWithConfig(httpapi.Config{
				Log: slog.New(slog.DiscardHandler), Routes: httpapi.Routes{"POST /*": tc.route}, Traffic: httpapi.NewTraffic(httpapi.Limits{Uploads: uploadMost, Bodies: uploadMost}),
			})
			router.HandleFunc("/*", func(w http.ResponseWriter, r *http.Request) {
				select { // past the bound, in which a request that was read whole must go on
				case <-time.After(2 * usual):
					_, _ = io.Copy(w, r.Body)
				case <-r.Context().Done():
				}
			})
			server := httptest.NewUnstartedServer(router)
			server.Config.ReadTimeout = usual
			server.Start()
			t.Cleanup(server.Close)
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+"/api/v1/files", &poorLine{halves: []string{"张家", "窝镇"}, rest: tc.rest})
			if err != nil {
				t.Fatal(err)
			}
			res, err := server.Client().Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close() //nolint:errcheck // the test ends
			got, err := io.ReadAll(res.Body)
			if err != nil || res.StatusCode != tc.status || tc.status == http.StatusOK && string(got) != "张家窝镇" {
				t.Errorf("%d %q, %v; want %d", res.StatusCode, got, err, tc.status)
			}
		})
	}
}
