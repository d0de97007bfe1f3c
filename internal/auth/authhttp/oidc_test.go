package authhttp_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"yike/internal/auth"
	"yike/internal/auth/authhttp"
	"yike/internal/httpapi"
)

// provider vouches for whoever comes with the code "good".
type provider struct{ nonce, verifier string }

type providerError string

func (e providerError) Error() string { return string(e) }

func (e providerError) Code() string { return string(e) }

func (p *provider) Start(_ context.Context, state, nonce, verifier string) (string, error) {
	p.nonce, p.verifier = nonce, verifier
	return "https://sso.example/authorize?state=" + url.QueryEscape(state), nil
}

func (p *provider) Exchange(_ context.Context, code, nonce, verifier string) (auth.Vouched, error) {
	if nonce != p.nonce || verifier != p.verifier || len(verifier) < 43 {
		return auth.Vouched{}, errors.New("nonce or verifier did not come back")
	}
	if code != "good" {
		return auth.Vouched{}, providerError("oidc_bad_token")
	}
	return auth.Vouched{Issuer: "https://sso.example", Subject: "007", Name: "wang"}, nil
}

func (p *provider) Refusal(word string) error { return providerError("oidc_refused_" + word) }

func oidc(p authhttp.Provider) *authhttp.OIDC {
	return &authhttp.OIDC{Provider: p, Name: httpapi.Text{ZH: "统一身份认证", EN: "Single sign-on"}, Log: slog.New(slog.DiscardHandler)}
}

// begin starts at the login page and gives the state and the cookies to come back with.
func (h *house) begin(t *testing.T, next string, me http.Header) (state string, back http.Header) {
	t.Helper()
	query, header := url.Values{"next": {next}}, http.Header{}
	if me != nil { // a page of this site asks to link
		query.Set("link", "1")
		header = http.Header{"Cookie": me["Cookie"], "Sec-Fetch-Site": {"same-origin"}}
	}
	w := h.Raw("/api/v1/session/oidc?"+query.Encode(), header)
	to, err := url.Parse(w.Header().Get("Location"))
	if err != nil || w.Code != 302 || to.Host != "sso.example" {
		t.Fatalf("begun: %d %v", w.Code, w.Header())
	}
	set := w.Header().Get("Set-Cookie")
	value, attributes, _ := strings.Cut(set, ";")
	if !strings.HasPrefix(value, "__Host-yike-oidc=") || attributes != " Path=/; Max-Age=600; HttpOnly; Secure; SameSite=Lax" || strings.Contains(value, to.Query().Get("state")) {
		t.Errorf("the cookie is %q", set)
	}
	if me != nil {
		value += "; " + me.Get("Cookie")
	}
	return to.Query().Get("state"), http.Header{"Cookie": {value}}
}

func (h *house) comeBack(header http.Header, query url.Values) *httptest.ResponseRecorder {
	return h.Raw("/api/v1/session/oidc/callback?"+query.Encode(), header)
}

func TestOIDC(t *testing.T) {
	t.Parallel()
	h := open(t, oidc(&provider{}))
	acc := h.person(t, "wang", auth.Planner)
	offer, _ := h.ask(t, 200, "GET", "/api/v1/session", nil, nil)
	if o := offer["oidc"].(object); o["name_zh"] != "统一身份认证" || o["url"] != "/api/v1/session/oidc" {
		t.Errorf("offered: %v", o)
	}

	// Nobody is linked yet.
	state, back := h.begin(t, "/map?x=1#y", nil)
	w := h.comeBack(back, url.Values{"state": {state}, "code": {"good"}})
	if w.Header().Get("Location") != "/login?error=oidc_unknown&next=%2Fmap%3Fx%3D1%23y" {
		t.Errorf("unknown: %d %v", w.Code, w.Header())
	}

	// Somebody who has signed in links the identity.
	me := h.signIn(t, "wang")
	state, back = h.begin(t, "/account", me)
	w = h.comeBack(back, url.Values{"state": {state}, "code": {"good"}})
	if w.Code != 302 || w.Header().Get("Location") != "/account" {
		t.Fatalf("linked: %d %v", w.Code, w.Header())
	}

	// From now on it signs in.
	state, back = h.begin(t, "/map?x=1#y", nil)
	w = h.comeBack(back, url.Values{"state": {state}, "code": {"good"}})
	if w.Code != 302 || w.Header().Get("Location") != "/map?x=1#y" || !strings.HasPrefix(w.Header().Values("Set-Cookie")[0], "__Host-yike-oidc=; Path=/; Max-Age=0") {
		t.Fatalf("signed in: %d %v", w.Code, w.Header())
	}
	out, _ := h.ask(t, 200, "GET", "/api/v1/session", sessionIn(t, w), nil)
	if a := out["account"].(object); a["id"] != acc.ID || a["method"] != "oidc" {
		t.Errorf("signed in as %v", a)
	}

	// The identity is his alone.
	h.person(t, "li")
	other := h.signIn(t, "li")
	state, back = h.begin(t, "/", other)
	if w = h.comeBack(back, url.Values{"state": {state}, "code": {"good"}}); w.Header().Get("Location") != "/login?error=oidc_taken&next=%2F" {
		t.Errorf("taken: %v", w.Header())
	}
}

func TestOIDCRefusals(t *testing.T) {
	t.Parallel()
	h := open(t, oidc(&provider{}))
	h.person(t, "wang")
	state, back := h.begin(t, "/", nil)
	for _, tc := range []struct {
		name   string
		header http.Header
		query  url.Values
		code   string
	}{
		{"no cookie", nil, url.Values{"state": {state}, "code": {"good"}}, "oidc_flow"},
		{"a cookie that is not ours", http.Header{"Cookie": {"__Host-yike-oidc=AAAA"}}, url.Values{"state": {state}, "code": {"good"}}, "oidc_flow"},
		{"a cookie that is no base64", http.Header{"Cookie": {"__Host-yike-oidc=*"}}, url.Values{"state": {state}, "code": {"good"}}, "oidc_flow"},
		{"another state", back, url.Values{"state": {"x"}, "code": {"good"}}, "oidc_flow"},
		{"no state", back, url.Values{"code": {"good"}}, "oidc_flow"},
		{"refused there", back, url.Values{"state": {state}, "error": {"access_denied"}}, "oidc_refused_access_denied"},
		{"a bad code", back, url.Values{"state": {state}, "code": {"bad"}}, "oidc_bad_token"},
	} {
		w := h.comeBack(tc.header, tc.query)
		if w.Code != 302 || w.Header().Get("Location") != "/login?error="+tc.code+"&next=%2F" {
			t.Errorf("%s: %d %v %s", tc.name, w.Code, w.Header(), w.Body)
		}
	}
	// Whoever signed out on the way links nothing.
	me := h.signIn(t, "wang")
	state, back = h.begin(t, "/", me)
	back.Set("Cookie", strings.Split(back.Get("Cookie"), ";")[0])
	if w := h.comeBack(back, url.Values{"state": {state}, "code": {"good"}}); w.Header().Get("Location") != "/login?error=oidc_link&next=%2F" {
		t.Errorf("signed out meanwhile: %v", w.Header())
	}
}

// A link on another site must not hand the account of whoever follows it to an identity
// that somebody else signed in with.
func TestOIDCLinksFromThisSiteOnly(t *testing.T) {
	t.Parallel()
	h := open(t, oidc(&provider{}))
	h.person(t, "wang")
	me := h.signIn(t, "wang")
	for _, tc := range []struct{ query, site, location string }{
		{"link=1", "cross-site", "/login?error=oidc_link&next=%2F"},
		{"link=1", "same-site", "/login?error=oidc_link&next=%2F"},
		{"link=1", "none", "/login?error=oidc_link&next=%2F"},
		{"link=1", "", "/login?error=oidc_link&next=%2F"},
		{"next=/map", "cross-site", "/map"}, // signed in already
	} {
		w := h.Raw("/api/v1/session/oidc?"+tc.query, http.Header{"Cookie": me["Cookie"], "Sec-Fetch-Site": {tc.site}})
		if got := w.Header().Get("Location"); got != tc.location || w.Header().Get("Set-Cookie") != "" {
			t.Errorf("%+v: goes to %s with %v", tc, got, w.Header()["Set-Cookie"])
		}
	}
}

// TestNextStaysHere holds that nobody is sent to another site after signing in.
func TestNextStaysHere(t *testing.T) {
	t.Parallel()
	h := open(t, oidc(&provider{}))
	for next, want := range map[string]string{
		"/map": "/map", "": "/", "map": "/", "//evil.example": "/", `/\evil.example`: "/", "https://evil.example": "/",
		"/%09/evil.example": "/%09/evil.example", "/\t/evil.example": "/", "///evil.example": "/", "/a b?c=d&e#f": "/a%20b?c=d&e#f", "/%zz": "/",
	} {
		state, back := h.begin(t, next, nil)
		w := h.comeBack(back, url.Values{"state": {state}, "code": {"bad"}})
		login := "/login?" + url.Values{"error": {"oidc_bad_token"}, "next": {want}}.Encode()
		if got := w.Header().Get("Location"); got != login {
			t.Errorf("%q goes on to %s, want %s", next, got, want)
		}
	}
}

func TestProviderIsAway(t *testing.T) {
	t.Parallel()
	h := open(t, oidc(away{}))
	if w := h.Raw("/api/v1/session/oidc", nil); w.Header().Get("Location") != "/login?error=oidc_away&next=%2F" || w.Header().Get("Set-Cookie") != "" {
		t.Errorf("away: %d %v", w.Code, w.Header())
	}
	if w := open(t, oidc(broken{})).Raw("/api/v1/session/oidc", nil); w.Code != 500 {
		t.Errorf("broken: %d %v", w.Code, w.Header())
	}
	if w := open(t, nil).Raw("/api/v1/session/oidc", nil); w.Code != 404 {
		t.Errorf("none: %d", w.Code)
	}
}

type away struct{}

func (away) Start(context.Context, string, string, string) (string, error) {
	return "", providerError("oidc_away")
}

func (away) Exchange(context.Context, string, string, string) (auth.Vouched, error) {
	return auth.Vouched{}, providerError("oidc_away")
}

func (away) Refusal(string) error { return providerError("oidc_away") }

type broken struct{ away }

func (broken) Start(context.Context, string, string, string) (string, error) {
	return "", errors.New("something else")
}
