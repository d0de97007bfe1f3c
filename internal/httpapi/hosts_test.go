package httpapi_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"yike/internal/httpapi"
)

func TestHosts(t *testing.T) {
	t.Parallel()
	public := &url.URL{Scheme: "https", Host: "map.example.cn:8443", Path: "/yike"}
	for _, tc := range []struct {
		name, listen string
		public       *url.URL
		host         string
		ok           bool
	}{
		{"loopback", "127.0.0.1", nil, "127.0.0.1:8080", true},
		{"loopback by name", "127.0.0.1", nil, "LocalHost:9", true},
		{"loopback without a port", "127.0.0.1", nil, "localhost", true},
		{"another loopback address", "127.0.0.1", nil, "127.1.2.3:80", true},
		{"IPv6 loopback", "127.0.0.1", nil, "[::1]:8080", true},
		{"IPv6 loopback without a port", "127.0.0.1", nil, "[::1]", true},
		{"a name that was pointed here", "127.0.0.1", nil, "evil.example:8080", false},
		{"a name that begins like loopback", "127.0.0.1", nil, "127.0.0.1.evil.example", false},
		{"a name that ends like loopback", "127.0.0.1", nil, "evil-localhost", false},
		{"another address", "127.0.0.1", nil, "192.168.1.5:8080", false},
		{"no host", "127.0.0.1", nil, "", false},
		{"only a port", "127.0.0.1", nil, ":8080", false},
		{"the address listened on", "192.168.1.5", nil, "192.168.1.5:8080", true},
		{"loopback beside it", "192.168.1.5", nil, "127.0.0.1:8080", true},
		{"the name listened on", "yike.lan", nil, "yike.lan.:8080", true},
		{"any address where all are listened on", "0.0.0.0", nil, "192.168.1.5:8080", true},
		{"any IPv6 address where all are listened on", "::", nil, "[2001:db8::7]:8080", true},
		{"a name where all are listened on", "0.0.0.0", nil, "evil.example", false},
		{"the public name", "127.0.0.1", public, "map.example.cn", true},
		{"the public name with a port", "127.0.0.1", public, "MAP.example.cn:8443", true},
		{"the name of plates", "127.0.0.1", nil, "DZ.example.cn", true},
		{"below the name of plates", "127.0.0.1", nil, "a.dz.example.cn", false},
		{"below the public name", "127.0.0.1", public, "a.map.example.cn", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			h := httpapi.Hosts{Listen: tc.listen, Public: tc.public, Also: []string{"dz.example.cn"}}.Check(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(http.StatusNoContent)
			}))
			r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/api/v1/status?lang=en", nil)
			r.Host = tc.host
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if tc.ok {
				if w.Code != http.StatusNoContent {
					t.Errorf("%q gives %d %s; want it served", tc.host, w.Code, w.Body)
				}
				return
			}
			var got problem
			if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
				t.Fatalf("body %s: %v", w.Body, err)
			}
			if w.Code != http.StatusMisdirectedRequest || got.Code != "unknown_host" || !strings.Contains(got.Detail, "YIKE_PUBLIC_URL") {
				t.Errorf("%q gives %d %+v; want the 421 problem", tc.host, w.Code, got)
			}
		})
	}
}

// A trace id goes into the log and into problems, so a client may not fill them.
func TestTraceIDs(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, sent string
		kept       bool
	}{
		{"one of a proxy", "req-1.A_b", true},
		{"the longest", strings.Repeat("a", 64), true},
		{"too long", strings.Repeat("a", 65), false},
		{"a line break", "a\nb", false},
		{"other letters", "请求", false},
		{"none", "", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			h, log := served(t)
			w := get(t, h, "/nowhere", map[string]string{"X-Request-Id": tc.sent})
			var got problem
			if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
				t.Fatal(err)
			}
			if got.TraceID == "" || (got.TraceID == tc.sent) != tc.kept {
				t.Errorf("sent %q, trace_id %q; want it kept: %v", tc.sent, got.TraceID, tc.kept)
			}
			if !strings.Contains(log.String(), `"trace_id":"`+got.TraceID+`"`) {
				t.Errorf("the log %s does not name %s", log, got.TraceID)
			}
		})
	}
}
