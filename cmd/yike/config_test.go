package main

import (
	"fmt"
	"log/slog"
	"net/netip"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"yike/internal/httpapi"
)

func TestLoadConfig(t *testing.T) {
	t.Parallel()
	base := config{
		Addr: "127.0.0.1", Port: 8080, StateDir: "/state", PacksDir: filepath.Join(checkout(), "packs"), BaseMap: baseMapConfig{MaxZoom: 18},
		Serving: servingConfig{Open: 2048, Limits: httpapi.Limits{
			Work: 64, Waiting: 128, Patience: 5 * time.Second, Streams: 256, Timeout: 30 * time.Second, Bodies: 64 << 20, Unsent: 64 << 20, Uploads: 512 << 20,
			PerAddress: 12000, PerAccount: 600, PerMap: 3000,
		}},
	}
	with := func(change func(*config)) config {
		c := base
		change(&c)
		return c
	}
	for _, tc := range []struct {
		name   string
		env    map[string]string
		want   config
		faults []string // parts of the error; none means no error
	}{
		{name: "nothing set", want: base},
		{
			name: "everything set",
			env: map[string]string{
				"DATABASE_URL": "postgres://u:p@db:5432/yike", "PORT": "9090", "YIKE_ADDR": "0.0.0.0", "DATA": "packs/hankou", "YIKE_LOG": "debug",
				"WMTS_URL": "https://maps.example/{z}/{x}/{y}?tk={key}", "WMTS_KEY": "k", "WMTS_REVIEW_NUMBER": "GS(2024)0650号", "WMTS_MAX_ZOOM": "17",
				"YIKE_PUBLIC_URL": "https://map.example.cn:8443/yike", "YIKE_LOG_FORMAT": "json", "YIKE_PACKS_DIR": "/packs",
				"YIKE_TRUSTED_PROXIES": "127.0.0.1, 10.1.2.3/24,::1,", "YIKE_TLS_CERT": "/c", "YIKE_TLS_KEY": "/k", "YIKE_METRICS_ADDR": "127.0.0.1:9100",
				"YIKE_STOP_GRACE": "7", "YIKE_FONT": "/a.ttf", "YIKE_FONT_BOLD": "/b.ttf", "YIKE_CONNECTIONS": "16", "YIKE_WORK": "1", "YIKE_WAITING": "2", "YIKE_TIMEOUT": "3", "YIKE_RATE_ADDRESS": "4", "YIKE_RATE_ACCOUNT": "5", "YIKE_RATE_MAP": "6",
			},
			want: with(func(c *config) {
				c.DatabaseURL, c.Port, c.Addr, c.Data, c.LogLevel = "postgres://u:p@db:5432/yike", 9090, "0.0.0.0", "packs/hankou", slog.LevelDebug
				c.PublicURL = &url.URL{Scheme: "https", Host: "map.example.cn:8443", Path: "/yike"}
				c.LogJSON, c.PacksDir, c.Font, c.FontBold = true, "/packs", "/a.ttf", "/b.ttf"
				c.Serving = servingConfig{
					Proxies:  []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32"), netip.MustParsePrefix("10.1.2.0/24"), netip.MustParsePrefix("::1/128")},
					CertFile: "/c", KeyFile: "/k", Metrics: "127.0.0.1:9100", StopGrace: 7 * time.Second, Open: 16,
					Limits: httpapi.Limits{
						Work: 1, Waiting: 2, Patience: 5 * time.Second, Streams: 256, Timeout: 3 * time.Second, Bodies: 64 << 20, Unsent: 64 << 20, Uploads: 512 << 20, PerAddress: 4, PerAccount: 5, PerMap: 6,
					},
				}
				c.BaseMap = baseMapConfig{Template: "https://maps.example/{z}/{x}/{y}?tk={key}", Key: "k", ReviewNumber: "GS(2024)0650号", MaxZoom: 17}
			}),
		},
		{
			name: "a keyword string is an address too", env: map[string]string{"DATABASE_URL": "host=/run/postgresql dbname=yike"},
			want: with(func(c *config) { c.DatabaseURL = "host=/run/postgresql dbname=yike" }),
		},
		{
			name: "a proxy gets time to see the stop", env: map[string]string{"YIKE_TRUSTED_PROXIES": "10.0.0.1"},
			want: with(func(c *config) {
				c.Serving.Proxies, c.Serving.StopGrace = []netip.Prefix{netip.MustParsePrefix("10.0.0.1/32")}, 5*time.Second
			}),
		},
		{
			name: "a proxy that may be on this machine", env: map[string]string{"YIKE_PUBLIC_URL": "https://map.example.cn"},
			want: with(func(c *config) {
				c.PublicURL, c.Serving.Limits.Loopback = &url.URL{Scheme: "https", Host: "map.example.cn"}, true
			}),
		},
		{
			name: "every fault of serving is named", env: map[string]string{
				"YIKE_LOG_FORMAT": "xml", "YIKE_DEMO_RECORDS": "perhaps", "YIKE_TRUSTED_PROXIES": "proxy.example", "YIKE_TLS_CERT": "/c", "YIKE_METRICS_ADDR": "9100",
				"YIKE_STOP_GRACE": "61", "YIKE_CONNECTIONS": "15", "YIKE_WORK": "0", "YIKE_WAITING": "-1", "YIKE_TIMEOUT": "0", "YIKE_RATE_ADDRESS": "x", "YIKE_RATE_ACCOUNT": "-1", "YIKE_RATE_MAP": "1.5",
			},
			faults: []string{
				"YIKE_LOG_FORMAT=xml", "YIKE_DEMO_RECORDS=perhaps", "proxy.example", "YIKE_TLS_KEY", "YIKE_METRICS_ADDR", "YIKE_STOP_GRACE=61", "YIKE_CONNECTIONS=15", "YIKE_WORK=0",
				"YIKE_WAITING=-1", "YIKE_TIMEOUT=0", "YIKE_RATE_ADDRESS=x", "YIKE_RATE_ACCOUNT=-1", "YIKE_RATE_MAP=1.5",
			},
		},
		{name: "everybody as a proxy", env: map[string]string{"YIKE_TRUSTED_PROXIES": "0.0.0.0/0"}, faults: []string{"0.0.0.0/0"}},
		{name: "a key without a certificate", env: map[string]string{"YIKE_TLS_KEY": "/k"}, faults: []string{"YIKE_TLS_CERT"}},
		{name: "a listener without a port", env: map[string]string{"YIKE_METRICS_ADDR": "127.0.0.1:"}, faults: []string{"YIKE_METRICS_ADDR"}},
		{
			name: "every fault is named", env: map[string]string{"PORT": "70000", "YIKE_LOG": "loud", "DATABASE_URL": "mysql://root:s3cret@db/x", "WMTS_KEY": "k3y"},
			faults: []string{"PORT=70000", "YIKE_LOG=loud", "DATABASE_URL", "WMTS_URL"},
		},
		{
			name: "a base map without its review number", env: map[string]string{"WMTS_URL": "https://maps.example/{z}/{x}"},
			faults: []string{"{y}", "审图号"},
		},
		{name: "a public name without a scheme", env: map[string]string{"YIKE_PUBLIC_URL": "map.example.cn"}, faults: []string{"YIKE_PUBLIC_URL"}},
		{name: "a public address of no host", env: map[string]string{"YIKE_PUBLIC_URL": "https:///yike"}, faults: []string{"YIKE_PUBLIC_URL"}},
		{name: "a public address with a secret", env: map[string]string{"YIKE_PUBLIC_URL": "https://u:s3cret@map.example.cn"}, faults: []string{"YIKE_PUBLIC_URL"}},
		{name: "a public address with a query", env: map[string]string{"YIKE_PUBLIC_URL": "https://map.example.cn/?a=1"}, faults: []string{"YIKE_PUBLIC_URL"}},
		{name: "a port that is no number", env: map[string]string{"PORT": "http"}, faults: []string{"PORT=http"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := loadConfig(func(name string) string {
				if name == "YIKE_STATE_DIR" {
					return "/state"
				}
				return tc.env[name]
			})
			if len(tc.faults) == 0 {
				if err != nil {
					t.Fatal(err)
				}
				if len(got.Types.Types) == 0 {
					t.Error("no facility types")
				}
				same := cmp.Comparer(func(a, b netip.Prefix) bool { return a == b })
				if len(got.Plates.Faces) == 0 {
					t.Error("no faces of plates")
				}
				// Types and faces are the program's own, see TestTypesOfAnInstallation.
				if diff := cmp.Diff(tc.want, got, same, cmpopts.IgnoreFields(config{}, "Types", "Plates.Faces")); diff != "" {
					t.Error(diff)
				}
				return
			}
			if err == nil || !isBadInput(err) {
				t.Fatalf("error %v; want bad input", err)
			}
			for _, part := range tc.faults {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("error %q does not name %s", err, part)
				}
			}
			if strings.Contains(err.Error(), "s3cret") || strings.Contains(err.Error(), "k3y") {
				t.Errorf("error %q shows a secret", err)
			}
		})
	}
}

func TestSecretsAreHidden(t *testing.T) {
	t.Parallel()
	c := config{DatabaseURL: "postgres://u:s3cret@db/x", BaseMap: baseMapConfig{Key: "s3cret"}}
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("config", "url", c.DatabaseURL)
	for _, shown := range []string{fmt.Sprint(c), fmt.Sprintf("%+v", c), fmt.Sprintf("%#v", c), log.String()} {
		if strings.Contains(shown, "s3cret") {
			t.Errorf("printed: %s", shown)
		}
	}
}

func TestLogFormats(t *testing.T) {
	t.Parallel()
	var text, json strings.Builder
	config{}.logger(&text).Info("hello", "a", 1)
	config{LogJSON: true}.logger(&json).Info("hello", "a", 1)
	config{LogLevel: slog.LevelWarn}.logger(&text).Info("quiet")
	if !strings.Contains(text.String(), "msg=hello a=1") || !strings.Contains(json.String(), `"msg":"hello","a":1`) || strings.Contains(text.String(), "quiet") {
		t.Errorf("text %q, JSON %q", text.String(), json.String())
	}
}

// What works, but not as whoever set it up may think, is said at the start.
func TestWarnings(t *testing.T) {
	t.Parallel()
	const noHTTPS, proxyUnknown, figuresOpen = "HTTPS is off", "YIKE_TRUSTED_PROXIES", "YIKE_METRICS_ADDR"
	for name, tc := range map[string]struct {
		env  map[string]string
		want []string
	}{
		"nothing set":                   {nil, nil},
		"by name":                       {map[string]string{"YIKE_ADDR": "localhost"}, nil},
		"everywhere without TLS":        {map[string]string{"YIKE_ADDR": "0.0.0.0"}, []string{noHTTPS}},
		"everywhere with TLS":           {map[string]string{"YIKE_ADDR": "0.0.0.0", "YIKE_TLS_CERT": "c", "YIKE_TLS_KEY": "k"}, nil},
		"published by TLS of our own":   {map[string]string{"YIKE_ADDR": "0.0.0.0", "YIKE_PUBLIC_URL": "https://x.cn", "YIKE_TLS_CERT": "c", "YIKE_TLS_KEY": "k"}, nil},
		"a proxy":                       {map[string]string{"YIKE_PUBLIC_URL": "https://x.cn", "YIKE_TRUSTED_PROXIES": "127.0.0.1"}, nil},
		"a proxy nobody told us of":     {map[string]string{"YIKE_PUBLIC_URL": "https://x.cn"}, []string{proxyUnknown}},
		"a proxy without TLS":           {map[string]string{"YIKE_PUBLIC_URL": "http://x.cn", "YIKE_TRUSTED_PROXIES": "127.0.0.1"}, []string{noHTTPS}},
		"figures for this machine":      {map[string]string{"YIKE_METRICS_ADDR": "[::1]:9100"}, nil},
		"figures for everybody":         {map[string]string{"YIKE_METRICS_ADDR": ":9100"}, []string{figuresOpen}},
		"figures on an address outside": {map[string]string{"YIKE_METRICS_ADDR": "10.0.0.1:9100"}, []string{figuresOpen}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, err := loadConfig(func(name string) string { return tc.env[name] })
			if err != nil {
				t.Fatal(err)
			}
			all := c.warnings()
			if len(all) != len(tc.want) {
				t.Fatalf("warnings %+v; want %q", all, tc.want)
			}
			for i, part := range tc.want {
				if !strings.Contains(all[i].en, part) || all[i].zh == "" {
					t.Errorf("warning %+v; want one of %s", all[i], part)
				}
			}
		})
	}
}
