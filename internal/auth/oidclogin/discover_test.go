package oidclogin_test

import (
	"encoding/json"
	"encoding/pem"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"yike/internal/auth/oidclogin"
)

const wellKnown = "/.well-known/openid-configuration"

// odd is a provider that says what a test wants, which no real one would.
type odd struct {
	*httptest.Server
	mux   *http.ServeMux
	calls atomic.Int64
}

func newOdd(t *testing.T) *odd {
	t.Helper()
	o := &odd{mux: http.NewServeMux()}
	o.Server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		o.calls.Add(1)
		o.mux.ServeHTTP(w, r)
	}))
	t.Cleanup(o.Close)
	return o
}

// document is a good discovery document with changes; nil takes a member out.
func (o *odd) document(changes map[string]any) map[string]any {
	doc := map[string]any{
		"issuer": o.URL, "authorization_endpoint": o.URL + "/authorize", "token_endpoint": o.URL + "/token",
		"jwks_uri": o.URL + "/keys", "userinfo_endpoint": o.URL + "/userinfo", "id_token_signing_alg_values_supported": []string{"ES256"},
	}
	maps.Copy(doc, changes)
	maps.DeleteFunc(doc, func(_ string, v any) bool { return v == nil })
	return doc
}

func (o *odd) serve(t *testing.T, path string, body any) {
	t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	o.mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(raw) // a client that went away fails its own test
	})
}

func (o *odd) login(t *testing.T, change func(*oidclogin.Config)) *oidclogin.Provider {
	t.Helper()
	c := oidclogin.Config{
		Issuer: o.URL, ClientID: "yike", ClientSecret: secret, RedirectURL: back,
		CA: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: o.Certificate().Raw}),
	}
	if change != nil {
		change(&c)
	}
	l, err := oidclogin.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestDiscoveryDocuments(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		change map[string]any
		kind   oidclogin.Kind // "" for a good one
		why    string
	}{
		"good":                         {},
		"without a user info":          {change: map[string]any{"userinfo_endpoint": nil}},
		"silent on algorithms":         {change: map[string]any{"id_token_signing_alg_values_supported": nil}},
		"an end on another host":       {change: map[string]any{"token_endpoint": "https://api.example.gov.cn/token"}},
		"of another issuer":            {change: map[string]any{"issuer": "https://sso.example.com"}, kind: oidclogin.Setup, why: "sso.example.com"},
		"of a very long issuer":        {change: map[string]any{"issuer": "https://" + strings.Repeat("王", 10000)}, kind: oidclogin.Setup, why: "…"},
		"of the issuer with a slash":   {change: map[string]any{"issuer": "%s/"}, kind: oidclogin.Setup, why: "as the provider does"},
		"token end without TLS":        {change: map[string]any{"token_endpoint": "http://sso.example.com/token"}, kind: oidclogin.Setup, why: "token_endpoint"},
		"token end on this machine":    {change: map[string]any{"token_endpoint": "http://127.0.0.1:9/token"}, kind: oidclogin.Setup, why: "token_endpoint"},
		"keys without TLS":             {change: map[string]any{"jwks_uri": "http://localhost/keys"}, kind: oidclogin.Setup, why: "jwks_uri"},
		"keys in a file":               {change: map[string]any{"jwks_uri": "file:///etc/passwd"}, kind: oidclogin.Setup, why: "jwks_uri"},
		"no keys":                      {change: map[string]any{"jwks_uri": nil}, kind: oidclogin.Setup, why: "jwks_uri"},
		"user info without TLS":        {change: map[string]any{"userinfo_endpoint": "http://sso.example.com/me"}, kind: oidclogin.Setup, why: "userinfo_endpoint"},
		"browsers sent without TLS":    {change: map[string]any{"authorization_endpoint": "http://sso.example.com/"}, kind: oidclogin.Setup, why: "authorization_endpoint"},
		"browsers sent to a script":    {change: map[string]any{"authorization_endpoint": "javascript:alert(1)"}, kind: oidclogin.Setup, why: "authorization_endpoint"},
		"browsers sent with a user":    {change: map[string]any{"authorization_endpoint": "https://a@sso.example.com/"}, kind: oidclogin.Setup, why: "authorization_endpoint"},
		"shared secrets only":          {change: map[string]any{"id_token_signing_alg_values_supported": []string{"HS256", "none"}}, kind: oidclogin.Setup, why: "asymmetric"},
		"PKCE without a hash":          {change: map[string]any{"code_challenge_methods_supported": []string{"plain"}}, kind: oidclogin.Setup, why: "S256"},
		"clients with certificates":    {change: map[string]any{"token_endpoint_auth_methods_supported": []string{"tls_client_auth"}}, kind: oidclogin.Setup, why: "client secret"},
		"algorithms of another type":   {change: map[string]any{"id_token_signing_alg_values_supported": "ES256"}, kind: oidclogin.Setup, why: "discovery document"},
		"PKCE methods of another type": {change: map[string]any{"code_challenge_methods_supported": 256}, kind: oidclogin.Setup, why: "discovery document"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOdd(t)
			for member, value := range tc.change {
				if text, ok := value.(string); ok && strings.Contains(text, "%s") {
					tc.change[member] = fmt.Sprintf(text, o.URL)
				}
			}
			o.serve(t, wellKnown, o.document(tc.change))
			l := o.login(t, nil)
			err := l.Check(t.Context())
			if tc.kind == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if e := fault(t, err, tc.kind); !strings.Contains(e.Error(), tc.why) || len(e.Error()) > 1000 {
				t.Errorf("error %v; want a short one that says %q", e, tc.why)
			}
		})
	}
}

func TestDiscoveryAnswers(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		answer http.HandlerFunc
		kind   oidclogin.Kind
		why    string
	}{
		"not there":     {answer: http.NotFound, kind: oidclogin.Setup, why: "answered 404"},
		"overloaded":    {answer: func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }, kind: oidclogin.Away, why: "answered 503"},
		"too often":     {answer: func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTooManyRequests) }, kind: oidclogin.Away, why: "answered 429"},
		"a page":        {answer: func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>hello")) }, kind: oidclogin.Setup, why: "not as it must be"},
		"broken off":    {answer: func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, kind: oidclogin.Away, why: "EOF"},
		"broken within": {answer: func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Length", "99") }, kind: oidclogin.Away, why: "EOF"},
		"too large": {
			answer: func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				_, _ = fmt.Fprintf(w, `{"issuer":%q}`, strings.Repeat("a", 300<<10))
			}, kind: oidclogin.Away, why: "larger than 256 KiB",
		},
		"too large a head": {
			answer: func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("X-Long", strings.Repeat("a", 100<<10))
			}, kind: oidclogin.Away, why: "header",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOdd(t)
			o.mux.HandleFunc(wellKnown, tc.answer)
			_, err := o.login(t, nil).Start(t.Context(), state, nonce, verifier)
			if e := fault(t, err, tc.kind); !strings.Contains(e.Error(), tc.why) {
				t.Errorf("error %v; want one that says %q", e, tc.why)
			}
		})
	}
}

// TestRedirectsAreNotFollowed: neither to another host nor on the same one.
func TestRedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusMovedPermanently, http.StatusFound, http.StatusTemporaryRedirect, http.StatusPermanentRedirect} {
		for _, same := range []bool{false, true} {
			t.Run(fmt.Sprint(status, " same host ", same), func(t *testing.T) {
				t.Parallel()
				o, lure := newOdd(t), newOdd(t)
				to := lure.URL + wellKnown
				if same {
					to = o.URL + "/elsewhere"
				}
				redirect := func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, to, status) }
				o.mux.HandleFunc(wellKnown, redirect)
				err := o.login(t, nil).Check(t.Context())
				if e := fault(t, err, oidclogin.Setup); !strings.Contains(e.Error(), "redirects") {
					t.Errorf("error %v; want the redirect named", e)
				}
				if lure.calls.Load() != 0 || o.calls.Load() != 1 {
					t.Errorf("%d calls to the other host and %d to the issuer; want 0 and 1", lure.calls.Load(), o.calls.Load())
				}
			})
		}
	}
}

// TestIssuerWithPath: with and without a slash at the end, which is part of its name.
func TestIssuerWithPath(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/realms/staff", "/realms/staff/", "/域/%E5%8C%BA"} {
		o := newOdd(t)
		o.serve(t, "/", o.document(map[string]any{"issuer": o.URL + path}))
		if err := o.login(t, func(c *oidclogin.Config) { c.Issuer = o.URL + path }).Check(t.Context()); err != nil {
			t.Errorf("issuer %s: %v", path, err)
		}
	}
}
