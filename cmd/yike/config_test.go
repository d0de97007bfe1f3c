package main

import (
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLoadConfig(t *testing.T) {
	t.Parallel()
	base := config{Addr: "127.0.0.1", Port: 8080, StateDir: "/state", BaseMap: baseMapConfig{MaxZoom: 18}}
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
				"YIKE_PUBLIC_URL": "https://map.example.cn:8443/yike",
			},
			want: with(func(c *config) {
				c.DatabaseURL, c.Port, c.Addr, c.Data, c.LogLevel = "postgres://u:p@db:5432/yike", 9090, "0.0.0.0", "packs/hankou", slog.LevelDebug
				c.PublicURL = &url.URL{Scheme: "https", Host: "map.example.cn:8443", Path: "/yike"}
				c.BaseMap = baseMapConfig{Template: "https://maps.example/{z}/{x}/{y}?tk={key}", Key: "k", ReviewNumber: "GS(2024)0650号", MaxZoom: 17}
			}),
		},
		{
			name: "a keyword string is an address too", env: map[string]string{"DATABASE_URL": "host=/run/postgresql dbname=yike"},
			want: with(func(c *config) { c.DatabaseURL = "host=/run/postgresql dbname=yike" }),
		},
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
				if diff := cmp.Diff(tc.want, got); diff != "" {
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
