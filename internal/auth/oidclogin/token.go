package oidclogin

import (
	"bytes"
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"yike/internal/auth"
)

// watchedKeys remembers how the check of a signature went, which the library turns into
// text.
type watchedKeys struct {
	oidc.KeySet
	err error
}

// VerifySignature is the key set's.
func (w *watchedKeys) VerifySignature(ctx context.Context, token string) ([]byte, error) {
	payload, err := w.KeySet.VerifySignature(ctx, token)
	w.err = err
	return payload, err
}

// verify checks an ID token after OpenID Connect Core 1.0, 3.1.3.7: signature, algorithm,
// issuer, audience and expiry by the library, the rest here.
func (p *Provider) verify(ctx context.Context, known *known, raw, nonce string) (*oidc.IDToken, error) {
	keys := &watchedKeys{KeySet: known.keys}
	id, err := oidc.NewVerifier(p.config.Issuer, keys, &oidc.Config{
		ClientID: p.config.ClientID, SupportedSigningAlgs: known.algorithms, Now: p.config.Now,
	}).Verify(ctx, raw)
	if err != nil {
		return nil, p.explainVerify(keys, err)
	}
	if subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(nonce)) != 1 {
		return nil, &Error{Kind: BadToken, why: "the ID token is of another sign-in (nonce)"}
	}
	var more struct {
		AuthorizedParty string   `json:"azp"`
		ACR             string   `json:"acr"`
		AMR             []string `json:"amr"`
	}
	if err := id.Claims(&more); err != nil {
		return nil, &Error{Kind: BadToken, why: "azp, acr or amr of the ID token is not of its type"}
	}
	now := p.config.Now()
	switch {
	case more.AuthorizedParty != "" && more.AuthorizedParty != p.config.ClientID,
		more.AuthorizedParty == "" && len(id.Audience) > 1:
		return nil, &Error{Kind: BadToken, why: "the ID token was made for another client (azp)"}
	case id.IssuedAt.After(now.Add(leeway)):
		return nil, &Error{Kind: Clock, why: fmt.Sprintf("the ID token is of %s, now is %s", stamp(id.IssuedAt), stamp(now))}
	case !goodSubject(id.Subject):
		return nil, &Error{Kind: BadToken, why: "the ID token names nobody (sub)"}
	case len(p.config.ACR) > 0 && !slices.Contains(p.config.ACR, more.ACR):
		return nil, &Error{Kind: Weak, why: "acr of the ID token is not among those accepted: " + short(more.ACR)}
	case len(p.config.AMR) > 0 && !slices.ContainsFunc(more.AMR, func(m string) bool { return slices.Contains(p.config.AMR, m) }):
		return nil, &Error{Kind: Weak, why: "none of amr of the ID token is accepted: " + short(strings.Join(more.AMR, " "))}
	}
	return id, nil
}

func (p *Provider) explainVerify(keys *watchedKeys, err error) *Error {
	var call *url.Error
	var late *oidc.TokenExpiredError
	switch {
	case errors.As(keys.err, &call), errors.Is(keys.err, context.Canceled), errors.Is(keys.err, context.DeadlineExceeded):
		return explain("fetch the provider's keys", keys.err)
	case keys.err != nil: // the library's text may repeat the provider's answer
		return &Error{Kind: BadToken, why: "the signature of the ID token cannot be verified by the provider's keys"}
	case errors.As(err, &late):
		return &Error{Kind: Clock, why: fmt.Sprintf("the ID token was good until %s, now is %s", stamp(late.Expiry), stamp(p.config.Now()))}
	}
	return &Error{Kind: BadToken, why: short(err.Error())}
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// goodSubject holds a subject to what the standard allows: 255 ASCII characters.
func goodSubject(s string) bool {
	const most = 255
	return s != "" && len(s) <= most && strings.IndexFunc(s, func(r rune) bool { return r > unicode.MaxASCII || unicode.IsControl(r) }) < 0
}

// person names who signed in, by the ID token, and by the user info where the token lacks
// a name: the standard has a provider leave names out of a token that comes with an access
// token.
func (p *Provider) person(ctx context.Context, known *known, id *oidc.IDToken, token *oauth2.Token) (auth.Vouched, error) {
	claims, err := readClaims(id)
	if err != nil {
		return auth.Vouched{}, &Error{Kind: BadToken, why: "the claims of the ID token cannot be read"}
	}
	s := auth.Vouched{
		Issuer: p.config.Issuer, Subject: id.Subject,
		Name: text(claims[p.config.NameClaim]), DisplayName: text(claims[p.config.DisplayClaim]),
	}
	if (s.Name == "" || s.DisplayName == "") && known.provider.UserInfoEndpoint() != "" {
		if err := p.askUserInfo(ctx, known, token, &s); err != nil {
			return auth.Vouched{}, err
		}
	}
	if s.Name == "" {
		return auth.Vouched{}, setup(fmt.Sprintf("the provider gives no usable claim %q to name the account by", p.config.NameClaim), nil)
	}
	if s.DisplayName == "" {
		s.DisplayName = s.Name
	}
	return s, nil
}

// askUserInfo fills in the names that are missing.
func (p *Provider) askUserInfo(ctx context.Context, known *known, token *oauth2.Token, s *auth.Vouched) error {
	info, err := known.provider.UserInfo(oidc.ClientContext(ctx, known.client), oauth2.StaticTokenSource(token))
	var call *url.Error
	if errors.As(err, &call) {
		return explain("ask for the user info", err)
	}
	if err != nil {
		return &Error{Kind: BadToken, why: "the user info is not as it must be"}
	}
	if info.Subject != s.Subject { // someone else's, by accident or by substitution: OpenID Connect Core 5.3.2
		return &Error{Kind: BadToken, why: "the user info is of another person"}
	}
	claims, err := readClaims(info)
	if err != nil {
		return &Error{Kind: BadToken, why: "the user info cannot be read"}
	}
	if s.Name == "" {
		s.Name = text(claims[p.config.NameClaim])
	}
	if s.DisplayName == "" {
		s.DisplayName = text(claims[p.config.DisplayClaim])
	}
	return nil
}

func readClaims(from interface{ Claims(any) error }) (map[string]any, error) {
	var raw json.RawMessage
	if err := from.Claims(&raw); err != nil {
		return nil, fmt.Errorf("read claims: %w", err)
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber() // a staff number of 18 digits is not rounded
	var claims map[string]any
	if err := dec.Decode(&claims); err != nil {
		return nil, fmt.Errorf("read claims: %w", err)
	}
	return claims, nil
}

// text gives a claim as a line of text; "" where it is none that can be shown.
func text(claim any) string {
	const most = 200
	var s string
	switch c := claim.(type) {
	case string:
		s = strings.TrimSpace(c)
	case json.Number:
		s = c.String()
	}
	hidden := func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }
	if utf8.RuneCountInString(s) > most || strings.ContainsFunc(s, hidden) {
		return ""
	}
	return s
}
