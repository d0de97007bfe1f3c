package oidclogin_test

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"yike/internal/auth"
	"yike/internal/auth/oidclogin"
	"yike/internal/auth/oidclogin/oidctest"
)

func TestForgedTokens(t *testing.T) {
	t.Parallel()
	other := staff(t, nil) // its keys are strangers
	part := func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }
	for name, tc := range map[string]struct {
		forge func(t *testing.T, p *oidctest.Provider, claims map[string]any, token string) string
		kind  oidclogin.Kind
		why   string // part of the log's text
	}{
		"for another client": {forge: change("aud", "archive"), kind: oidclogin.BadToken, why: "audience"},
		"for two clients, not saying which": {
			forge: func(t *testing.T, p *oidctest.Provider, c map[string]any, _ string) string {
				c["aud"] = []string{"yike", "archive"}
				delete(c, "azp")
				return p.Sign(t, c)
			}, kind: oidclogin.BadToken, why: "azp",
		},
		"authorised for another client": {forge: change("azp", "archive"), kind: oidclogin.BadToken, why: "azp"},
		"azp of another type":           {forge: change("azp", 7), kind: oidclogin.BadToken, why: "azp"},
		"by another issuer":             {forge: change("iss", "https://sso.example.com"), kind: oidclogin.BadToken, why: "issued by a different provider"},
		"without a nonce":               {forge: change("nonce", ""), kind: oidclogin.BadToken, why: "nonce"},
		"of nobody":                     {forge: change("sub", ""), kind: oidclogin.BadToken, why: "sub"},
		"of too long a subject":         {forge: change("sub", strings.Repeat("a", 256)), kind: oidclogin.BadToken, why: "sub"},
		"of a subject beyond ASCII":     {forge: change("sub", "王"), kind: oidclogin.BadToken, why: "sub"},
		"past":                          {forge: change("exp", time.Now().Add(-time.Minute).Unix()), kind: oidclogin.Clock, why: "good until"},
		"without an end":                {forge: change("exp", nil), kind: oidclogin.Clock, why: "good until"},
		"of the future":                 {forge: change("iat", time.Now().Add(time.Hour).Unix()), kind: oidclogin.Clock, why: "is of"},
		"not good before the future":    {forge: change("nbf", time.Now().Add(time.Hour).Unix()), kind: oidclogin.BadToken, why: "nbf"},
		"of another access token":       {forge: change("at_hash", "AAAAAAAAAAAAAAAAAAAAAA"), kind: oidclogin.BadToken, why: "access token"},
		"changed after it was signed": {
			forge: func(_ *testing.T, _ *oidctest.Provider, _ map[string]any, token string) string {
				parts := strings.Split(token, ".")
				raw, _ := base64.RawURLEncoding.DecodeString(parts[1]) // the provider wrote it
				parts[1] = part(strings.Replace(string(raw), "wang.xm", "admin", 1))
				return strings.Join(parts, ".")
			}, kind: oidclogin.BadToken, why: "signature",
		},
		"signed by a stranger": {
			forge: func(t *testing.T, _ *oidctest.Provider, c map[string]any, _ string) string { return other.Sign(t, c) },
			kind:  oidclogin.BadToken, why: "signature",
		},
		"signed with the client secret": {
			forge: func(t *testing.T, _ *oidctest.Provider, c map[string]any, _ string) string {
				return oidctest.SignHMAC(t, secret, c)
			}, kind: oidclogin.BadToken, why: "unexpected signature algorithm",
		},
		"signed not at all": {
			forge: func(_ *testing.T, _ *oidctest.Provider, _ map[string]any, token string) string {
				return part(`{"alg":"none"}`) + "." + strings.Split(token, ".")[1] + "."
			}, kind: oidclogin.BadToken, why: "unexpected signature algorithm",
		},
		"missing": {
			forge: func(*testing.T, *oidctest.Provider, map[string]any, string) string { return "" },
			kind:  oidclogin.BadToken, why: "no ID token",
		},
		"no token at all": {
			forge: func(*testing.T, *oidctest.Provider, map[string]any, string) string { return "a.b" },
			kind:  oidclogin.BadToken,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := staff(t, nil)
			l := login(t, p, nil)
			p.Forge(func(token string) string { return tc.forge(t, p, oidctest.Claims(t, token), token) })
			got, err := l.Exchange(t.Context(), code(t, p, l, "4201-0007"), nonce, verifier)
			if e := fault(t, err, tc.kind); !strings.Contains(e.Error(), tc.why) {
				t.Errorf("error %v; want one that says %q", e, tc.why)
			}
			if got != (auth.Vouched{}) {
				t.Errorf("a forged token gave %+v", got)
			}
			p.Forge(nil)
			if _, err := l.Exchange(t.Context(), code(t, p, l, "4201-0007"), nonce, verifier); err != nil {
				t.Errorf("the same sign-in without forgery: %v", err)
			}
		})
	}
}

// change signs a token with one claim changed; nil takes it out.
func change(claim string, to any) func(*testing.T, *oidctest.Provider, map[string]any, string) string {
	return func(t *testing.T, p *oidctest.Provider, c map[string]any, _ string) string {
		t.Helper()
		c[claim] = to
		if to == nil {
			delete(c, claim)
		}
		return p.Sign(t, c)
	}
}

// TestAnyChangedByteIsRefused changes one byte of the token anywhere.
func TestAnyChangedByteIsRefused(t *testing.T) {
	t.Parallel()
	p := staff(t, nil)
	l := login(t, p, nil)
	rapid.Check(t, func(rt *rapid.T) {
		which := rapid.IntRange(0, 2).Draw(rt, "part")
		place := rapid.IntRange(0, 1<<16).Draw(rt, "place")
		flip := byte(rapid.IntRange(1, 255).Draw(rt, "flip"))
		p.Forge(func(token string) string {
			parts := strings.Split(token, ".")
			raw, err := base64.RawURLEncoding.DecodeString(parts[which])
			if err != nil {
				t.Errorf("decode a token: %v", err)
			}
			raw[place%len(raw)] ^= flip
			parts[which] = base64.RawURLEncoding.EncodeToString(raw)
			return strings.Join(parts, ".")
		})
		_, err := l.Exchange(t.Context(), code(t, p, l, "4201-0007"), nonce, verifier)
		if err == nil {
			rt.Fatal("a changed token was accepted")
		}
		kind(t, err, oidclogin.BadToken)
	})
}

func TestClock(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		ahead time.Duration
		kind  oidclogin.Kind // "" for a good token
	}{
		"a little later": {ahead: 4 * time.Minute},
		"too late":       {ahead: 6 * time.Minute, kind: oidclogin.Clock},
		"a little early": {ahead: -4 * time.Minute},
		"too early":      {ahead: -6 * time.Minute, kind: oidclogin.Clock},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := &clock{ahead: tc.ahead}
			p := staff(t, nil)
			l := login(t, p, func(conf *oidclogin.Config) { conf.Now = c.now })
			_, err := l.Exchange(t.Context(), code(t, p, l, "4201-0007"), nonce, verifier)
			if tc.kind == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			kind(t, err, tc.kind)
		})
	}
}

func TestKeyRotation(t *testing.T) {
	t.Parallel()
	c := &clock{}
	p := staff(t, nil)
	l := login(t, p, func(conf *oidclogin.Config) { conf.Now = c.now })
	signIn := func() error {
		_, err := l.Exchange(t.Context(), code(t, p, l, "4201-0007"), nonce, verifier)
		return err
	}
	var old string
	p.Forge(func(token string) string { old = p.Sign(t, oidctest.Claims(t, token)); return token })
	for range 2 {
		if err := signIn(); err != nil {
			t.Fatal(err)
		}
	}
	if got := p.Calls("/keys"); got != 1 {
		t.Errorf("fetched the keys %d times for two sign-ins; want once", got)
	}
	p.Forge(nil)
	p.RotateKey(t)
	if err := signIn(); err != nil {
		t.Fatalf("after the key was turned: %v", err)
	}
	if got := p.Calls("/keys"); got != 2 {
		t.Errorf("fetched the keys %d times after they were turned; want twice", got)
	}
	p.Forge(func(string) string { return old }) // its key was withdrawn
	if e := fault(t, signIn(), oidclogin.BadToken); !strings.Contains(e.Error(), "signature") {
		t.Errorf("error %v; want the signature refused", e)
	}
}

// TestWithdrawnKeyIsForgotten: nothing new is signed, so nothing but the hour shows that
// the key is no longer the provider's.
func TestWithdrawnKeyIsForgotten(t *testing.T) {
	t.Parallel()
	c := &clock{}
	p := staff(t, nil)
	l := login(t, p, func(conf *oidclogin.Config) { conf.Now = c.now })
	var stolen func(map[string]any) string
	p.Forge(func(token string) string {
		stolen = p.Signer(t)
		return token
	})
	if _, err := l.Exchange(t.Context(), code(t, p, l, "4201-0007"), nonce, verifier); err != nil {
		t.Fatal(err)
	}
	p.RotateKey(t)
	c.turn(time.Hour)
	p.Forge(func(token string) string {
		claims := oidctest.Claims(t, token)
		claims["exp"] = time.Now().Add(2 * time.Hour).Unix()
		return stolen(claims)
	})
	_, err := l.Exchange(t.Context(), code(t, p, l, "4201-0007"), nonce, verifier)
	if e := fault(t, err, oidclogin.BadToken); !strings.Contains(e.Error(), "signature") {
		t.Errorf("error %v; want the signature refused", e)
	}
}

func TestNamesThatCannotBeShown(t *testing.T) {
	t.Parallel()
	p := staff(t, nil)
	l := login(t, p, nil)
	for name, hidden := range map[string]any{
		"a line break":      "wang\nxm",
		"a reversed text":   "wang\u202exm",
		"too long":          strings.Repeat("王", 201),
		"of a strange type": map[string]any{"a": 1},
	} {
		t.Run(name, func(t *testing.T) { // one after the other: one provider forges for all
			p.Forge(func(token string) string {
				c := oidctest.Claims(t, token)
				c["name"] = hidden
				return p.Sign(t, c)
			})
			got, err := l.Exchange(t.Context(), code(t, p, l, "4201-0008"), nonce, verifier)
			if err != nil || got.DisplayName != "li.h" {
				t.Errorf("Exchange = %+v, %v; want the name to be shown instead", got, err)
			}
		})
	}
}
