package httpapi_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

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
