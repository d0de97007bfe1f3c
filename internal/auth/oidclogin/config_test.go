package oidclogin_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"yike/internal/auth/oidclogin"
)

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*oidclogin.Config){
		"no issuer":                     func(c *oidclogin.Config) { c.Issuer = "" },
		"an issuer without TLS":         func(c *oidclogin.Config) { c.Issuer = "http://sso.example.gov.cn" },
		"a private issuer without TLS":  func(c *oidclogin.Config) { c.Issuer = "http://10.1.2.3" },
		"a name like localhost":         func(c *oidclogin.Config) { c.Issuer = "http://localhost.example.com" },
		"an address like this machine":  func(c *oidclogin.Config) { c.Issuer = "http://127.0.0.1.example.com" },
		"an issuer with a user":         func(c *oidclogin.Config) { c.Issuer = "https://u:p@sso.example.gov.cn" },
		"an issuer with a query":        func(c *oidclogin.Config) { c.Issuer = "https://sso.example.gov.cn/?a=b" },
		"an issuer with a bare query":   func(c *oidclogin.Config) { c.Issuer = "https://sso.example.gov.cn/?" },
		"an issuer with a fragment":     func(c *oidclogin.Config) { c.Issuer = "https://sso.example.gov.cn/#a" },
		"an issuer that is no address":  func(c *oidclogin.Config) { c.Issuer = "https://sso example" },
		"an issuer of no host":          func(c *oidclogin.Config) { c.Issuer = "https://:443" },
		"an issuer of a strange scheme": func(c *oidclogin.Config) { c.Issuer = "ldap://sso.example.gov.cn" },
		"no client":                     func(c *oidclogin.Config) { c.ClientID = "" },
		"no secret":                     func(c *oidclogin.Config) { c.ClientSecret = "" },
		"no way back":                   func(c *oidclogin.Config) { c.RedirectURL = "" },
		"a way back without TLS":        func(c *oidclogin.Config) { c.RedirectURL = "http://yike.example.cn/back" },
		"a way back with a fragment":    func(c *oidclogin.Config) { c.RedirectURL = back + "#a" },
		"certificates of no sense":      func(c *oidclogin.Config) { c.CA = []byte("none") },
		"an empty file of certificates": func(c *oidclogin.Config) { c.CA = []byte{} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := oidclogin.Config{Issuer: "https://sso.example.gov.cn/realms/staff", ClientID: "yike", ClientSecret: secret, RedirectURL: back}
			if _, err := oidclogin.New(c); err != nil {
				t.Fatalf("before the change: %v", err)
			}
			change(&c)
			_, err := oidclogin.New(c)
			if !errors.Is(err, oidclogin.ErrConfig) || strings.Contains(err.Error(), secret) {
				t.Errorf("error %v; want ErrConfig without a secret", err)
			}
		})
	}
}

func TestNewTakesThisMachineWithoutTLS(t *testing.T) {
	t.Parallel()
	for _, issuer := range []string{"http://localhost:9000", "http://127.0.0.1:9000/realm", "http://127.8.8.8", "http://[::1]:9000"} {
		if _, err := oidclogin.ParseAddress(issuer); err != nil {
			t.Errorf("ParseAddress(%q) = %v; want it taken", issuer, err)
		}
	}
}

func TestSecretIsHidden(t *testing.T) {
	t.Parallel()
	c := oidclogin.Config{ClientID: "yike", ClientSecret: secret}
	raw, err := json.Marshal(struct{ S oidclogin.Secret }{secret})
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("config", "secret", c.ClientSecret)
	slog.New(slog.NewTextHandler(&log, nil)).Info("config", "config", c)
	for _, shown := range []string{fmt.Sprint(c), fmt.Sprintf("%+v", c), fmt.Sprintf("%#v", c), fmt.Sprintf("is %s", c.ClientSecret), string(raw), log.String()} {
		if strings.Contains(shown, secret) || !strings.Contains(shown, "***") {
			t.Errorf("printed: %s", shown)
		}
	}
	if got := oidclogin.Secret("").String(); got != "" {
		t.Errorf("an empty secret prints as %q", got)
	}
}
