package oidclogin_test

import (
	"encoding/base64"
	"errors"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"yike/internal/auth"
	"yike/internal/auth/oidclogin"
	"yike/internal/auth/oidclogin/oidctest"
)

const (
	back     = "https://yike.example.cn/api/v1/session/oidc/callback"
	secret   = "s3cret-of-the-client"
	state    = "state-of-this-sign-in"
	nonce    = "nonce-of-this-sign-in"
	verifier = "verifier-of-this-sign-in-which-is-long-enough"
)

// clock is a clock that tests turn forward.
type clock struct {
	mu    sync.Mutex
	ahead time.Duration
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.ahead)
}

func (c *clock) turn(by time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead += by
}

// staff is a provider of one bureau's people with two programs registered.
func staff(t *testing.T, change func(*oidctest.Client)) *oidctest.Provider {
	t.Helper()
	client := oidctest.Client{ID: "yike", Secret: secret, RedirectURL: back}
	if change != nil {
		change(&client)
	}
	return oidctest.Start(t, oidctest.Config{
		Users: []oidctest.User{
			{Subject: "4201-0007", Name: "wang.xm", Display: "王小明", Claims: map[string]any{"staff_number": 420102199001011234, "dept": []string{"a"}}},
			{Subject: "4201-0008", Name: "li.h", AMR: []string{"pwd", "otp"}, ACR: "level-2"},
			{Subject: "4201-0009"},
		},
		Clients: []oidctest.Client{client, {ID: "archive", Secret: "other", RedirectURL: "https://archive.example.cn/back"}},
	})
}

func login(t *testing.T, p *oidctest.Provider, change func(*oidclogin.Config)) *oidclogin.Provider {
	t.Helper()
	c := oidclogin.Config{Issuer: p.Issuer, ClientID: "yike", ClientSecret: secret, RedirectURL: back, CA: p.CA()}
	if change != nil {
		change(&c)
	}
	l, err := oidclogin.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// code signs a person in at the provider and gives the code that comes back.
func code(t *testing.T, p *oidctest.Provider, l *oidclogin.Provider, subject string) string {
	t.Helper()
	address, err := l.Start(t.Context(), state, nonce, verifier)
	if err != nil {
		t.Fatal(err)
	}
	return query(t, p.SignIn(t, address, subject)).Get("code")
}

func query(t *testing.T, address string) url.Values {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u.Query()
}

// kind is as fault, for who needs no more.
func kind(t *testing.T, err error, want oidclogin.Kind) {
	t.Helper()
	_ = fault(t, err, want)
}

// fault checks that an error is of a kind and that its texts have no secret, and gives it.
func fault(t *testing.T, err error, want oidclogin.Kind) *oidclogin.Error {
	t.Helper()
	var e *oidclogin.Error
	if !errors.As(err, &e) || e.Kind != want {
		t.Fatalf("error %v; want of kind %s", err, want)
	}
	zh, en := e.Text()
	for _, text := range []string{err.Error(), zh, en} {
		for _, hidden := range []string{secret, nonce, verifier, state} {
			if strings.Contains(text, hidden) {
				t.Errorf("the text %q holds the secret %q", text, hidden)
			}
		}
	}
	return e
}

func TestSignIn(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		subject string
		client  func(*oidctest.Client)
		config  func(*oidclogin.Config)
		want    auth.Vouched
		calls   int // for the user info
	}{
		"names in the ID token": {subject: "4201-0007", want: auth.Vouched{Subject: "4201-0007", Name: "wang.xm", DisplayName: "王小明"}},
		"names in the user info": {
			subject: "4201-0007", client: func(c *oidctest.Client) { c.Bare = true },
			want: auth.Vouched{Subject: "4201-0007", Name: "wang.xm", DisplayName: "王小明"}, calls: 1,
		},
		"a person without a display name": {
			subject: "4201-0008", want: auth.Vouched{Subject: "4201-0008", Name: "li.h", DisplayName: "li.h"}, calls: 1,
		},
		"claims of the bureau's own choice": {
			subject: "4201-0007", config: func(c *oidclogin.Config) { c.NameClaim, c.DisplayClaim = "staff_number", "preferred_username" },
			want: auth.Vouched{Subject: "4201-0007", Name: "420102199001011234", DisplayName: "wang.xm"},
		},
		"a method and a context that are accepted": {
			subject: "4201-0008", config: func(c *oidclogin.Config) { c.ACR, c.AMR = []string{"level-3", "level-2"}, []string{"hwk", "otp"} },
			want: auth.Vouched{Subject: "4201-0008", Name: "li.h", DisplayName: "li.h"}, calls: 1,
		},
		"several audiences": {
			subject: "4201-0007", client: func(c *oidctest.Client) { c.Audience = []string{"archive", "yike"} },
			want: auth.Vouched{Subject: "4201-0007", Name: "wang.xm", DisplayName: "王小明"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := staff(t, tc.client)
			l := login(t, p, tc.config)
			address, err := l.Start(t.Context(), state, nonce, verifier)
			if err != nil {
				t.Fatal(err)
			}
			came := query(t, p.SignIn(t, address, tc.subject))
			if came.Get("state") != state {
				t.Errorf("came back with state %q; want %q", came.Get("state"), state)
			}
			got, err := l.Exchange(t.Context(), came.Get("code"), nonce, verifier)
			if err != nil {
				t.Fatal(err)
			}
			tc.want.Issuer = p.Issuer
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Error(diff)
			}
			if got := p.Calls("/userinfo"); got != tc.calls {
				t.Errorf("asked for the user info %d times; want %d", got, tc.calls)
			}
			if got := p.Calls("/.well-known/openid-configuration"); got != 1 {
				t.Errorf("discovered %d times; want once", got)
			}
		})
	}
}

func TestSignInWithoutTLSOnThisMachine(t *testing.T) {
	t.Parallel()
	p := oidctest.Start(t, oidctest.Config{
		HTTP: true, Users: []oidctest.User{{Subject: "1", Name: "wang"}},
		Clients: []oidctest.Client{{ID: "yike", Secret: secret, RedirectURL: "http://127.0.0.1:8080/back"}},
	})
	l := login(t, p, func(c *oidclogin.Config) { c.RedirectURL = "http://127.0.0.1:8080/back" })
	got, err := l.Exchange(t.Context(), code(t, p, l, "1"), nonce, verifier)
	if err != nil || got.Name != "wang" {
		t.Errorf("Exchange = %+v, %v; want wang", got, err)
	}
}

func TestStart(t *testing.T) {
	t.Parallel()
	p := staff(t, nil)
	l := login(t, p, func(c *oidclogin.Config) { c.ACR, c.Scopes = []string{"a", "b"}, []string{"profile", "dept"} })
	address, err := l.Start(t.Context(), state, nonce, verifier)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(address, p.Issuer+"/authorize?") {
		t.Errorf("address %s; want the provider's", address)
	}
	got := query(t, address)
	want := url.Values{
		"response_type": {"code"}, "client_id": {"yike"}, "redirect_uri": {back}, "scope": {"openid profile dept"},
		"state": {state}, "nonce": {nonce}, "acr_values": {"a b"},
		"code_challenge_method": {"S256"}, "code_challenge": {got.Get("code_challenge")},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if raw, err := base64.RawURLEncoding.DecodeString(got.Get("code_challenge")); err != nil || len(raw) != 32 {
		t.Errorf("challenge %q; want a SHA-256", got.Get("code_challenge"))
	}
	if strings.Contains(address, verifier) {
		t.Error("the address holds the verifier")
	}
	for _, missing := range [][3]string{{"", nonce, verifier}, {state, "", verifier}, {state, nonce, ""}} {
		_, err := l.Start(t.Context(), missing[0], missing[1], missing[2])
		kind(t, err, oidclogin.Setup)
	}
}

func TestExchangeRefuses(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		config   func(*oidclogin.Config)
		exchange func(code *string, nonce, verifier *string)
		subject  string
		kind     oidclogin.Kind
		provider string
	}{
		"wrong nonce":        {exchange: func(_, nonce, _ *string) { *nonce = "another" }, kind: oidclogin.BadToken},
		"wrong verifier":     {exchange: func(_, _, verifier *string) { *verifier = strings.Repeat("x", 43) }, kind: oidclogin.Refused, provider: "invalid_grant"},
		"made-up code":       {exchange: func(code, _, _ *string) { *code = "made-up" }, kind: oidclogin.Refused, provider: "invalid_grant"},
		"no code":            {exchange: func(code, _, _ *string) { *code = "" }, kind: oidclogin.BadToken},
		"no nonce":           {exchange: func(_, nonce, _ *string) { *nonce = "" }, kind: oidclogin.BadToken},
		"no verifier":        {exchange: func(_, _, verifier *string) { *verifier = "" }, kind: oidclogin.BadToken},
		"wrong secret":       {config: func(c *oidclogin.Config) { c.ClientSecret = "wrong" }, kind: oidclogin.Setup, provider: "invalid_client"},
		"no such name claim": {config: func(c *oidclogin.Config) { c.NameClaim = "uid" }, kind: oidclogin.Setup},
		"a claim of no text": {config: func(c *oidclogin.Config) { c.NameClaim = "dept" }, kind: oidclogin.Setup},
		"a nameless person":  {subject: "4201-0009", kind: oidclogin.Setup},
		"a weak context":     {config: func(c *oidclogin.Config) { c.ACR = []string{"level-2"} }, kind: oidclogin.Weak},
		"a weak method":      {config: func(c *oidclogin.Config) { c.AMR = []string{"otp", "hwk"} }, kind: oidclogin.Weak},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := staff(t, nil)
			l := login(t, p, tc.config)
			if tc.subject == "" {
				tc.subject = "4201-0007"
			}
			code, nonce, verifier := code(t, p, l, tc.subject), nonce, verifier
			if tc.exchange != nil {
				tc.exchange(&code, &nonce, &verifier)
			}
			got, err := l.Exchange(t.Context(), code, nonce, verifier)
			if e := fault(t, err, tc.kind); e.Provider != tc.provider {
				t.Errorf("the provider's word %q; want %q", e.Provider, tc.provider)
			}
			if got != (auth.Vouched{}) {
				t.Errorf("a refused sign-in gave %+v", got)
			}
		})
	}
}

func TestCodeServesOnce(t *testing.T) {
	t.Parallel()
	p := staff(t, nil)
	l := login(t, p, nil)
	code := code(t, p, l, "4201-0007")
	if _, err := l.Exchange(t.Context(), code, nonce, verifier); err != nil {
		t.Fatal(err)
	}
	calls := p.Calls("/oauth/token")
	_, err := l.Exchange(t.Context(), code, nonce, verifier)
	if e := fault(t, err, oidclogin.Refused); e.Provider != "invalid_grant" || strings.Contains(e.Error(), code) {
		t.Errorf("error %v; want invalid_grant, without the code", e)
	}
	if got := p.Calls("/oauth/token") - calls; got != 1 {
		t.Errorf("a refused code was sent %d times; want once", got)
	}
}

func TestCodeOfAnotherClient(t *testing.T) {
	t.Parallel()
	p := staff(t, nil)
	archive := login(t, p, func(c *oidclogin.Config) {
		c.ClientID, c.ClientSecret, c.RedirectURL = "archive", "other", "https://archive.example.cn/back"
	})
	code := code(t, p, archive, "4201-0007")
	_, err := login(t, p, nil).Exchange(t.Context(), code, nonce, verifier)
	if e := fault(t, err, oidclogin.Refused); e.Provider != "invalid_grant" {
		t.Errorf("the provider's word %q; want invalid_grant", e.Provider)
	}
}

func TestDeny(t *testing.T) {
	t.Parallel()
	p := staff(t, nil)
	l := login(t, p, nil)
	address, err := l.Start(t.Context(), state, nonce, verifier)
	if err != nil {
		t.Fatal(err)
	}
	came := query(t, p.Deny(t, address))
	if came.Get("state") != state || came.Get("code") != "" {
		t.Errorf("came back with %v; want the state and no code", came)
	}
	e := fault(t, l.Refusal(came.Get("error")), oidclogin.Refused)
	if zh, en := e.Text(); e.Provider != "access_denied" || !strings.Contains(zh, "没有同意") || !strings.Contains(en, "not allow") {
		t.Errorf("%v: %s %s", e, zh, en)
	}
}

func TestRefusal(t *testing.T) {
	t.Parallel()
	l := login(t, staff(t, nil), nil)
	for sent, want := range map[string]struct {
		kind oidclogin.Kind
		word string
	}{
		"access_denied":           {oidclogin.Refused, "access_denied"},
		"login_required":          {oidclogin.Refused, "login_required"},
		"temporarily_unavailable": {oidclogin.Away, "temporarily_unavailable"},
		"unauthorized_client":     {oidclogin.Setup, "unauthorized_client"},
		"":                        {oidclogin.Refused, "unknown"},
		"<script>alert(1)":        {oidclogin.Refused, "unknown"},
		"a\nlevel=ERROR":          {oidclogin.Refused, "unknown"},
		strings.Repeat("a", 41):   {oidclogin.Refused, "unknown"},
	} {
		if e := fault(t, l.Refusal(sent), want.kind); e.Provider != want.word {
			t.Errorf("Refusal(%q) repeats %q; want %q", sent, e.Provider, want.word)
		}
	}
}

func TestTextsForPeople(t *testing.T) {
	t.Parallel()
	seen := map[string]oidclogin.Kind{}
	for _, k := range []oidclogin.Kind{oidclogin.Away, oidclogin.Refused, oidclogin.BadToken, oidclogin.Clock, oidclogin.Weak, oidclogin.Setup} {
		e := &oidclogin.Error{Kind: k, Provider: "invalid_grant"}
		zh, en := e.Text()
		for _, text := range []string{zh, en} {
			if other, ok := seen[text]; ok || text == "" {
				t.Errorf("%s says %q as %s does", k, text, other)
			}
			seen[text] = k
		}
		if !strings.Contains(zh, "统一身份认证") && k != oidclogin.Weak || e.Code() != string(k) {
			t.Errorf("%s: %q, code %s", k, zh, e.Code())
		}
	}
}
