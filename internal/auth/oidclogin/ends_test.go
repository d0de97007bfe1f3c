package oidclogin_test

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"yike/internal/auth/oidclogin"
	"yike/internal/auth/oidclogin/oidctest"
)

// TestTokenEnd: what a token endpoint may say in place of a token. A redirect there would
// carry the client secret away.
func TestTokenEnd(t *testing.T) {
	t.Parallel()
	lure := newOdd(t)
	for name, tc := range map[string]struct {
		answer   http.HandlerFunc
		kind     oidclogin.Kind
		provider string
	}{
		"redirects": {answer: func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, lure.URL+"/token", http.StatusTemporaryRedirect)
		}, kind: oidclogin.Setup},
		"is gone":       {answer: http.NotFound, kind: oidclogin.Setup},
		"breaks":        {answer: func(w http.ResponseWriter, _ *http.Request) { http.Error(w, secret, http.StatusBadGateway) }, kind: oidclogin.Away},
		"is cut off":    {answer: func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, kind: oidclogin.Away},
		"gives a page":  {answer: func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>" + secret)) }, kind: oidclogin.BadToken},
		"gives no JSON": {answer: jsonAnswer(200, `{"access_token"`+secret), kind: oidclogin.BadToken},
		"gives too much": {
			answer: jsonAnswer(200, `{"access_token":"`+strings.Repeat("a", 300<<10)+`"}`), kind: oidclogin.Away,
		},
		"gives an error as a success": {answer: jsonAnswer(200, `{"error":"invalid_grant"}`), kind: oidclogin.Refused, provider: "invalid_grant"},
		"repeats the secret": {
			answer: jsonAnswer(401, `{"error":"invalid_client","error_description":"secret `+secret+` is wrong"}`),
			kind:   oidclogin.Setup, provider: "invalid_client",
		},
		"has the secret for an error": {answer: jsonAnswer(400, `{"error":"`+secret+`"}`), kind: oidclogin.Refused, provider: "unknown"},
		"is busy":                     {answer: jsonAnswer(500, `{"error":"server_error"}`), kind: oidclogin.Away, provider: "server_error"},
		"gives a token of nothing":    {answer: jsonAnswer(200, `{"access_token":"a","id_token":"e30.e30.e30"}`), kind: oidclogin.BadToken},
		"gives a number for a token":  {answer: jsonAnswer(200, `{"access_token":"a","id_token":7}`), kind: oidclogin.BadToken},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOdd(t)
			o.serve(t, wellKnown, o.document(nil))
			o.mux.HandleFunc("POST /token", tc.answer)
			_, err := o.login(t, nil).Exchange(t.Context(), "code", nonce, verifier)
			if e := fault(t, err, tc.kind); e.Provider != tc.provider {
				t.Errorf("the provider's word %q; want %q", e.Provider, tc.provider)
			}
		})
	}
	t.Cleanup(func() {
		if lure.calls.Load() != 0 {
			t.Error("a redirect of the token endpoint was followed")
		}
	})
}

// TestClientSecretGoesOneWay: as the provider says it wants it, and never twice.
func TestClientSecretGoesOneWay(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		methods any
		header  bool
	}{
		"nothing said": {methods: nil, header: true},
		"both":         {methods: []string{"client_secret_post", "client_secret_basic"}, header: true},
		"header":       {methods: []string{"client_secret_basic"}, header: true},
		"form":         {methods: []string{"private_key_jwt", "client_secret_post"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOdd(t)
			o.serve(t, wellKnown, o.document(map[string]any{"token_endpoint_auth_methods_supported": tc.methods}))
			var calls atomic.Int64
			o.mux.HandleFunc("POST /token", func(w http.ResponseWriter, r *http.Request) {
				calls.Add(1)
				_, password, header := r.BasicAuth()
				if form := r.PostFormValue("client_secret"); header != tc.header || header && (password != secret || form != "") || !header && form != secret {
					t.Errorf("header %v %q, form %q; want the secret in the header: %v", header, password, form, tc.header)
				}
				jsonAnswer(400, `{"error":"invalid_grant"}`)(w, r)
			})
			_, err := o.login(t, nil).Exchange(t.Context(), "code", nonce, verifier)
			kind(t, err, oidclogin.Refused)
			if calls.Load() != 1 {
				t.Errorf("the code was sent %d times; want once", calls.Load())
			}
		})
	}
}

func TestUserInfoEnd(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		answer http.HandlerFunc
		kind   oidclogin.Kind
	}{
		"is busy":        {answer: jsonAnswer(503, secret), kind: oidclogin.Away},
		"refuses":        {answer: jsonAnswer(403, secret), kind: oidclogin.Setup},
		"redirects":      {answer: http.RedirectHandler("/elsewhere", http.StatusFound).ServeHTTP, kind: oidclogin.Setup},
		"gives no JSON":  {answer: jsonAnswer(200, secret), kind: oidclogin.BadToken},
		"gives nobody":   {answer: jsonAnswer(200, `{}`), kind: oidclogin.BadToken},
		"gives another":  {answer: jsonAnswer(200, `{"sub":"4201-0008","name":"a","preferred_username":"admin"}`), kind: oidclogin.BadToken},
		"gives no name":  {answer: jsonAnswer(200, `{"sub":"4201-0007"}`), kind: oidclogin.Setup},
		"gives too much": {answer: jsonAnswer(200, `{"sub":"`+strings.Repeat("a", 300<<10)+`"}`), kind: oidclogin.Away},
		"gives a sealed one": {
			answer: func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/jwt")
				_, _ = w.Write([]byte("e30.e30.e30"))
			}, kind: oidclogin.BadToken,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := staff(t, func(c *oidctest.Client) { c.Bare = true })
			l := login(t, p, nil)
			p.Answer("/userinfo", tc.answer)
			_, err := l.Exchange(t.Context(), code(t, p, l, "4201-0007"), nonce, verifier)
			kind(t, err, tc.kind)
		})
	}
}

func jsonAnswer(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body)) // a client that went away fails its own test
	}
}

func TestKeysEnd(t *testing.T) {
	t.Parallel()
	const token = "eyJhbGciOiJFUzI1NiIsImtpZCI6ImEifQ.e30.AAAA" // ES256, key a, unsigned
	for name, tc := range map[string]struct {
		answer http.HandlerFunc
		kind   oidclogin.Kind
	}{
		"is gone":        {answer: http.NotFound, kind: oidclogin.Setup},
		"breaks":         {answer: jsonAnswer(500, secret), kind: oidclogin.Away},
		"gives too much": {answer: jsonAnswer(200, `{"keys":[`+strings.Repeat(" ", 300<<10)+`]}`), kind: oidclogin.Away},
		"gives no JSON":  {answer: jsonAnswer(200, secret), kind: oidclogin.BadToken},
		"gives no key":   {answer: jsonAnswer(200, `{"keys":[]}`), kind: oidclogin.BadToken},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOdd(t)
			o.serve(t, wellKnown, o.document(nil))
			o.serve(t, "/token", map[string]string{"access_token": "a", "id_token": token})
			o.mux.HandleFunc("GET /keys", tc.answer)
			_, err := o.login(t, nil).Exchange(t.Context(), "code", nonce, verifier)
			kind(t, err, tc.kind)
		})
	}
}
