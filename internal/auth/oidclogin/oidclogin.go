// Package oidclogin owns signing in at an authority's own identity provider (政务统一身份
// 认证) by OpenID Connect: the authorization code flow with PKCE, and every check of what
// the provider says. It knows no session, no account and no HTTP route of ours: it gives
// the address to send a browser to, and turns the code that comes back into a person.
//
// The provider may be away while this program starts. It is discovered at the first use,
// asked again a moment after a failure, and once an hour, which is also how long a signing
// key that the provider has withdrawn is still believed.
//
// Whom this program calls: the issuer, whose host may be private or this machine because
// an administrator has set it, and the exact addresses that the issuer's discovery
// document names. Those must be https unless the issuer itself is http, which it may be
// on this machine only. Other hosts than the issuer's that turn out to be this machine or
// its link are refused at the moment of the call, no redirect is followed, no proxy is
// used, and answers are bounded in time and size.
package oidclogin

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"yike/internal/auth"
)

// ErrConfig says that a Config cannot be used.
var ErrConfig = errors.New("oidclogin: configuration")

// Secret is a text that prints, logs and encodes as stars.
type Secret string

// String hides the text.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return "***"
}

// GoString hides the text from %#v too.
func (s Secret) GoString() string { return `"` + s.String() + `"` }

// MarshalText hides the text from JSON and from logs.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Config sets up a Provider. Issuer, ClientID, ClientSecret and RedirectURL are required.
type Config struct {
	Issuer       string // exactly as the provider writes it, e.g. https://sso.example.gov.cn/realms/staff
	ClientID     string
	ClientSecret Secret
	RedirectURL  string   // of ours, as registered with the provider
	Scopes       []string // besides openid; profile when nil
	NameClaim    string   // what names the account; preferred_username when ""
	DisplayClaim string   // what people are called; name when ""

	// ACR lists the authentication contexts that are accepted, which are also asked for;
	// none accepts any.
	ACR []string
	// AMR lists methods of which the provider must have used one at least, e.g. otp, hwk;
	// none accepts any.
	AMR []string

	CA      []byte           // certificates in PEM that are believed besides the system's; nil for none
	Timeout time.Duration    // of Start, Exchange or Check as a whole; 10 s when 0
	Now     func() time.Time // the clock; time.Now when nil
}

// Provider is an identity provider and this program's registration with it. It is safe
// for concurrent use.
type Provider struct {
	config Config
	base   http.RoundTripper
	issuer *url.URL

	turn chan struct{} // holds one token: whoever has it may use what is below
	last lastDiscovery
}

const (
	defaultTimeout = 10 * time.Second
	leeway         = 5 * time.Minute // for clocks that differ, where a token is too young
)

// New checks the configuration and calls nobody. The error wraps ErrConfig.
func New(c Config) (*Provider, error) {
	issuer, err := ParseAddress(c.Issuer)
	if err != nil {
		return nil, fmt.Errorf("read the issuer: %w", err)
	}
	if _, err := ParseAddress(c.RedirectURL); err != nil {
		return nil, fmt.Errorf("read the way back: %w", err)
	}
	if c.ClientID == "" || c.ClientSecret == "" {
		return nil, fmt.Errorf("%w: needs a client id and a client secret", ErrConfig)
	}
	var pool *x509.CertPool // nil is the system's
	if c.CA != nil {
		if pool, err = Certificates(c.CA); err != nil {
			return nil, err
		}
	}
	if c.Scopes == nil {
		c.Scopes = []string{oidc.ScopeProfile}
	}
	if !slices.Contains(c.Scopes, oidc.ScopeOpenID) {
		c.Scopes = append([]string{oidc.ScopeOpenID}, c.Scopes...)
	}
	if c.NameClaim == "" {
		c.NameClaim = "preferred_username"
	}
	if c.DisplayClaim == "" {
		c.DisplayClaim = "name"
	}
	if c.Timeout == 0 {
		c.Timeout = defaultTimeout
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return &Provider{
		config: c, issuer: issuer, turn: make(chan struct{}, 1),
		base: newTransport(issuer, pool, c.Timeout),
	}, nil
}

// ParseAddress reads an issuer or a way back: an https address, or an http one of this
// machine, with neither user nor query nor fragment. The error wraps ErrConfig.
func ParseAddress(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || !secure(u) || u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" {
		return nil, fmt.Errorf("%w: an address must be https (http on this machine only), without user, query or fragment", ErrConfig)
	}
	return u, nil
}

// Certificates gives the system's certificate authorities and those of a PEM text, which
// must hold one at least. The error wraps ErrConfig.
func Certificates(pem []byte) (*x509.CertPool, error) {
	pool, err := x509.SystemCertPool()
	if err != nil { // a machine without any still has ours
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("%w: holds no certificate in PEM", ErrConfig)
	}
	return pool, nil
}

// secure reports whether an address is https, or http of this machine.
func secure(u *url.URL) bool {
	return u.Hostname() != "" && (u.Scheme == "https" || u.Scheme == "http" && thisMachine(u))
}

// thisMachine reports whether an address names this machine by its text alone.
func thisMachine(u *url.URL) bool {
	addr, err := netip.ParseAddr(u.Hostname())
	return u.Hostname() == "localhost" || err == nil && addr.Unmap().IsLoopback()
}

// Start gives the address at the provider to send a browser to. State, nonce and verifier
// are secrets of this one sign-in, each of 32 random bytes at least, that the caller keeps
// with the browser: state comes back beside the code, nonce and verifier are given to
// Exchange. An error is an *Error.
func (p *Provider) Start(ctx context.Context, state, nonce, verifier string) (string, error) {
	if state == "" || nonce == "" || verifier == "" {
		return "", setup("a sign-in needs a state, a nonce and a verifier", nil)
	}
	ctx, cancel := context.WithTimeout(ctx, p.config.Timeout)
	defer cancel()
	known, err := p.ready(ctx)
	if err != nil {
		return "", err
	}
	options := []oauth2.AuthCodeOption{oidc.Nonce(nonce), oauth2.S256ChallengeOption(verifier)}
	if len(p.config.ACR) > 0 {
		options = append(options, oauth2.SetAuthURLParam("acr_values", strings.Join(p.config.ACR, " ")))
	}
	return known.oauth.AuthCodeURL(state, options...), nil
}

// Exchange turns the code that a browser brought back into the person. Nonce and verifier
// are those of Start; that the state is the same is for the caller to check before. The
// person has a name always, and a display name, which is the name where there is none. An
// error is an *Error.
func (p *Provider) Exchange(ctx context.Context, code, nonce, verifier string) (auth.Vouched, error) {
	if code == "" || nonce == "" || verifier == "" {
		return auth.Vouched{}, &Error{Kind: BadToken, why: "a code, a nonce and a verifier are needed"}
	}
	ctx, cancel := context.WithTimeout(ctx, p.config.Timeout)
	defer cancel()
	known, err := p.ready(ctx)
	if err != nil {
		return auth.Vouched{}, err
	}
	ctx = oidc.ClientContext(ctx, known.client)
	token, err := known.oauth.Exchange(ctx, code, oauth2.VerifierOption(verifier))
	if err != nil {
		return auth.Vouched{}, explainToken(err)
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok || raw == "" {
		return auth.Vouched{}, &Error{Kind: BadToken, why: "the provider gave no ID token"}
	}
	id, err := p.verify(ctx, known, raw, nonce)
	if err != nil {
		return auth.Vouched{}, err
	}
	if id.AccessTokenHash != "" {
		if err := id.VerifyAccessToken(token.AccessToken); err != nil {
			return auth.Vouched{}, &Error{Kind: BadToken, why: "the ID token is of another access token"}
		}
	}
	return p.person(ctx, known, id, token)
}

// Check discovers the provider unless that was done a short while ago, so that a start can
// log what a first sign-in would meet. An error is an *Error.
func (p *Provider) Check(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, p.config.Timeout)
	defer cancel()
	_, err := p.ready(ctx)
	return err
}

// Refusal makes an error of the error code that a provider sent back in place of a code,
// such as access_denied.
func (p *Provider) Refusal(code string) error { return refusal(code) }
