package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"maps"
	"math/big"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yike/internal/auth"
	"yike/internal/auth/oidclogin"
	"yike/internal/auth/oidclogin/oidctest"
)

// authority is a certificate in PEM, as an authority's own would be.
func authority(t *testing.T) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), IsCA: true, BasicConstraintsValid: true}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: raw})
}

// filed writes a file of the test's own.
func filed(t *testing.T, name string, body []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, body, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestOIDCFromEnv(t *testing.T) {
	t.Parallel()
	ca := authority(t)
	least := map[string]string{
		"YIKE_OIDC_ISSUER": "https://sso.example.gov.cn/realms/staff", "YIKE_OIDC_CLIENT_ID": "yike", "YIKE_OIDC_CLIENT_SECRET": "s3cret",
		"YIKE_PUBLIC_URL": "https://map.example.cn/yike",
	}
	with := func(changes map[string]string) map[string]string {
		env := maps.Clone(least)
		maps.Copy(env, changes)
		return env
	}
	plain := oidcConfig{NameZH: "统一身份认证", NameEN: "Single sign-on", Login: oidclogin.Config{
		Issuer: "https://sso.example.gov.cn/realms/staff", ClientID: "yike", ClientSecret: "s3cret",
		RedirectURL: "https://map.example.cn/yike/api/v1/session/oidc/callback",
	}}
	for name, tc := range map[string]struct {
		env    map[string]string
		want   oidcConfig
		off    bool
		faults []string // parts of the error; none means no error
	}{
		"nothing set":    {off: true},
		"the least":      {env: least, want: plain},
		"on one machine": {env: with(map[string]string{"YIKE_OIDC_ISSUER": "http://127.0.0.1:9000", "YIKE_PUBLIC_URL": "http://localhost:8080"}), want: oidcConfig{NameZH: plain.NameZH, NameEN: plain.NameEN, Login: oidclogin.Config{Issuer: "http://127.0.0.1:9000", ClientID: "yike", ClientSecret: "s3cret", RedirectURL: "http://localhost:8080/api/v1/session/oidc/callback"}}},
		"everything": {
			env: with(map[string]string{
				"YIKE_OIDC_CLIENT_SECRET": "", "YIKE_OIDC_CLIENT_SECRET_FILE": filed(t, "secret", []byte("s3cret\n")),
				"YIKE_OIDC_NAME_ZH": "区政务通", "YIKE_OIDC_NAME_EN": "District sign-on", "YIKE_OIDC_SCOPES": "profile  dept",
				"YIKE_OIDC_NAME_CLAIM": "uid", "YIKE_OIDC_DISPLAY_CLAIM": "cn", "YIKE_OIDC_ACR": "level-2 level-3", "YIKE_OIDC_AMR": "otp hwk",
				"YIKE_OIDC_CA_FILE": filed(t, "ca.pem", ca),
			}),
			want: oidcConfig{NameZH: "区政务通", NameEN: "District sign-on", Login: oidclogin.Config{
				Issuer: plain.Login.Issuer, ClientID: "yike", ClientSecret: "s3cret", RedirectURL: plain.Login.RedirectURL,
				Scopes: []string{"profile", "dept"}, NameClaim: "uid", DisplayClaim: "cn",
				ACR: []string{"level-2", "level-3"}, AMR: []string{"otp", "hwk"}, CA: ca,
			}},
		},
		"every fault is named": {
			env:    map[string]string{"YIKE_OIDC_ISSUER": "http://sso.example.gov.cn", "YIKE_OIDC_CA_FILE": filed(t, "ca.pem", []byte("none"))},
			faults: []string{"YIKE_OIDC_ISSUER 应形如", "YIKE_OIDC_ISSUER must look like", "YIKE_OIDC_CLIENT_ID", "YIKE_OIDC_CLIENT_SECRET_FILE", "PEM 格式", "YIKE_PUBLIC_URL"},
		},
		"settings without an issuer": {
			env:    map[string]string{"YIKE_OIDC_CLIENT_ID": "yike", "YIKE_OIDC_CLIENT_SECRET": "s3cret"},
			faults: []string{"YIKE_OIDC_CLIENT_ID、YIKE_OIDC_CLIENT_SECRET，却没有 YIKE_OIDC_ISSUER", "set without YIKE_OIDC_ISSUER"},
		},
		"two secrets":              {env: with(map[string]string{"YIKE_OIDC_CLIENT_SECRET_FILE": filed(t, "secret", []byte("s3cret"))}), faults: []string{"只能设置一个", "only one of"}},
		"a file that is not there": {env: with(map[string]string{"YIKE_OIDC_CLIENT_SECRET": "", "YIKE_OIDC_CLIENT_SECRET_FILE": "/nowhere/secret"}), faults: []string{"/nowhere/secret", "无法读取", "cannot be read (no such file"}},
		"an empty file":            {env: with(map[string]string{"YIKE_OIDC_CLIENT_SECRET": "", "YIKE_OIDC_CLIENT_SECRET_FILE": filed(t, "secret", []byte("\n"))}), faults: []string{"文件是空的", "is empty"}},
		"certificates not there":   {env: with(map[string]string{"YIKE_OIDC_CA_FILE": "/nowhere/ca.pem"}), faults: []string{"YIKE_OIDC_CA_FILE=/nowhere/ca.pem", "cannot be read"}},
		"a public name on http":    {env: with(map[string]string{"YIKE_PUBLIC_URL": "http://map.example.cn"}), faults: []string{"须为 https", "must be https"}},
		"a public name of no kind": {env: with(map[string]string{"YIKE_PUBLIC_URL": "map.example.cn"}), faults: []string{"YIKE_PUBLIC_URL 应形如"}},
		"an issuer with a secret":  {env: with(map[string]string{"YIKE_OIDC_ISSUER": "https://u:s3cret@sso.example.gov.cn"}), faults: []string{"YIKE_OIDC_ISSUER must look like"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, on, err := oidcFromEnv(func(name string) string { return tc.env[name] })
			if len(tc.faults) == 0 {
				if err != nil || on == tc.off {
					t.Fatalf("on: %v, error %v; want on: %v", on, err, !tc.off)
				}
				if diff := cmp.Diff(tc.want, got, cmp.Transformer("scopes", func(l []string) string { return strings.Join(l, " ") })); diff != "" {
					t.Error(diff)
				}
				if on {
					if _, err := oidclogin.New(got.Login); err != nil {
						t.Errorf("what was read cannot be used: %v", err)
					}
				}
				return
			}
			if err == nil || !isBadInput(err) || on {
				t.Fatalf("on: %v, error %v; want bad input", on, err)
			}
			for _, part := range tc.faults {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("error %q does not say %s", err, part)
				}
			}
			if strings.Contains(err.Error(), "s3cret") {
				t.Errorf("error %q shows a secret", err)
			}
		})
	}
}

// TestOIDCSettingsSignIn goes from settings to a person, at a real provider.
func TestOIDCSettingsSignIn(t *testing.T) {
	t.Parallel()
	p := oidctest.Start(t, oidctest.Config{
		Users:   []oidctest.User{{Subject: "7", Name: "wang.xm", Display: "王小明"}},
		Clients: []oidctest.Client{{ID: "yike", Secret: "s3cret", RedirectURL: "https://map.example.cn" + oidcCallback}},
	})
	env := map[string]string{
		"YIKE_PUBLIC_URL": "https://map.example.cn", "YIKE_OIDC_ISSUER": p.Issuer, "YIKE_OIDC_CA_FILE": p.CAFile(t),
		"YIKE_OIDC_CLIENT_ID": "yike", "YIKE_OIDC_CLIENT_SECRET_FILE": filed(t, "secret", []byte("s3cret\n")),
	}
	c, on, err := oidcFromEnv(func(name string) string { return env[name] })
	if err != nil || !on {
		t.Fatalf("on: %v, error %v", on, err)
	}
	login, err := oidclogin.New(c.Login)
	if err != nil {
		t.Fatal(err)
	}
	address, err := login.Start(t.Context(), "state", "nonce", "verifier-of-this-sign-in-which-is-long-enough")
	if err != nil {
		t.Fatal(err)
	}
	back, err := url.Parse(p.SignIn(t, address, "7"))
	if err != nil {
		t.Fatal(err)
	}
	if back.Host != "map.example.cn" || back.Path != oidcCallback || back.Query().Get("state") != "state" {
		t.Errorf("came back to %s", back)
	}
	got, err := login.Exchange(t.Context(), back.Query().Get("code"), "nonce", "verifier-of-this-sign-in-which-is-long-enough")
	want := auth.Vouched{Issuer: p.Issuer, Subject: "7", Name: "wang.xm", DisplayName: "王小明"}
	if err != nil || got != want {
		t.Errorf("Exchange = %+v, %v; want %+v", got, err, want)
	}
}

// TestOIDCVariablesAreRead: each setting that is refused without an issuer does something
// with one, and none that is read is forgotten there.
func TestOIDCVariablesAreRead(t *testing.T) {
	t.Parallel()
	read := map[string]bool{}
	_, _, _ = oidcFromEnv(func(name string) string { // which names it asks for is the question
		read[name] = true
		if name == "YIKE_OIDC_ISSUER" {
			return "https://sso.example.gov.cn"
		}
		return ""
	})
	want := map[string]bool{"YIKE_OIDC_ISSUER": true, "YIKE_PUBLIC_URL": true}
	for _, name := range oidcVariables() {
		want[name] = true
	}
	if diff := cmp.Diff(want, read); diff != "" {
		t.Error(diff)
	}
}

func TestOIDCSecretsAreHidden(t *testing.T) {
	t.Parallel()
	c := oidcConfig{Login: oidclogin.Config{ClientSecret: "s3cret"}}
	for _, shown := range []string{fmt.Sprint(c), fmt.Sprintf("%+v", c), fmt.Sprintf("%#v", c)} {
		if strings.Contains(shown, "s3cret") {
			t.Errorf("printed: %s", shown)
		}
	}
}
