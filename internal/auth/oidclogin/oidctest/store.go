package oidctest

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	jose "github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// errNotOffered is the answer to all that a sign-in with a code has no need of.
var errNotOffered = errors.New("oidctest: not offered")

var errUnknown = errors.New("oidctest: unknown")

const lifetime = 5 * time.Minute // of all tokens

// store is the provider's memory.
type store struct {
	mu      sync.Mutex
	users   map[string]User
	clients map[string]Client
	asked   map[string]*request // by id
	codes   map[string]string   // id of a request, by code
	access  map[string]access   // by id of an access token
	key     *signingKey
}

type access struct {
	subject string
	scopes  []string
}

func newStore(c Config) *store {
	s := &store{
		users: map[string]User{}, clients: map[string]Client{},
		asked: map[string]*request{}, codes: map[string]string{}, access: map[string]access{},
	}
	for _, u := range c.Users {
		s.users[u.Subject] = u
	}
	for _, client := range c.Clients {
		s.clients[client.ID] = client
	}
	return s
}

// request is one sign-in under way.
type request struct {
	*oidc.AuthRequest
	id       string
	audience []string
	user     User
	done     bool
	at       time.Time
}

// What op.AuthRequest asks beyond oidc.AuthRequest.

func (r *request) GetID() string          { return r.id }
func (r *request) GetACR() string         { return r.user.ACR }
func (r *request) GetAudience() []string  { return r.audience }
func (r *request) GetAuthTime() time.Time { return r.at }
func (r *request) GetClientID() string    { return r.ClientID }
func (r *request) GetNonce() string       { return r.Nonce }
func (r *request) GetScopes() []string    { return r.Scopes }
func (r *request) GetSubject() string     { return r.user.Subject }
func (r *request) Done() bool             { return r.done }
func (r *request) GetRedirectURI() string { return r.RedirectURI }
func (r *request) GetState() string       { return r.State }
func (r *request) GetCodeChallenge() *oidc.CodeChallenge {
	if r.CodeChallenge == "" {
		return nil
	}
	return &oidc.CodeChallenge{Challenge: r.CodeChallenge, Method: r.CodeChallengeMethod}
}

func (r *request) GetAMR() []string {
	if r.user.AMR == nil {
		return []string{"pwd"}
	}
	return r.user.AMR
}

func (r *request) GetResponseType() oidc.ResponseType { return r.ResponseType }
func (r *request) GetResponseMode() oidc.ResponseMode { return r.ResponseMode }

// finish says who signed in.
func (s *store) finish(id, subject string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, ok := s.asked[id]
	if !ok {
		return fmt.Errorf("%w: request %s", errUnknown, id)
	}
	u, ok := s.users[subject]
	if !ok {
		return fmt.Errorf("%w: person %s", errUnknown, subject)
	}
	// A copy, since what was given out before is read without the lock.
	done := *r
	done.user, done.done, done.at = u, true, time.Now()
	s.asked[id] = &done
	return nil
}

// CreateAuthRequest begins a sign-in.
func (s *store) CreateAuthRequest(_ context.Context, asked *oidc.AuthRequest, _ string) (op.AuthRequest, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	client, ok := s.clients[asked.ClientID]
	if !ok {
		return nil, fmt.Errorf("%w: client %s", errUnknown, asked.ClientID)
	}
	r := &request{AuthRequest: asked, id: strings.ToLower(rand.Text()), audience: client.Audience}
	if r.audience == nil {
		r.audience = []string{client.ID}
	}
	s.asked[r.id] = r
	return r, nil
}

// AuthRequestByID finds a sign-in.
func (s *store) AuthRequestByID(_ context.Context, id string) (op.AuthRequest, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, ok := s.asked[id]
	if !ok {
		return nil, fmt.Errorf("%w: request %s", errUnknown, id)
	}
	return r, nil
}

// AuthRequestByCode finds a sign-in by its code, which serves once.
func (s *store) AuthRequestByCode(ctx context.Context, code string) (op.AuthRequest, error) {
	s.mu.Lock()
	id, ok := s.codes[code]
	s.mu.Unlock()
	if !ok {
		return nil, fmt.Errorf("%w: code", errUnknown)
	}
	return s.AuthRequestByID(ctx, id)
}

// SaveAuthCode keeps a code.
func (s *store) SaveAuthCode(_ context.Context, id, code string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.codes[code] = id
	return nil
}

// DeleteAuthRequest ends a sign-in, and with it its code.
func (s *store) DeleteAuthRequest(_ context.Context, id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.asked, id)
	return nil
}

// CreateAccessToken keeps what the user info is asked with.
func (s *store) CreateAccessToken(_ context.Context, r op.TokenRequest) (string, time.Time, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := strings.ToLower(rand.Text())
	s.access[id] = access{subject: r.GetSubject(), scopes: r.GetScopes()}
	return id, time.Now().Add(lifetime), nil
}

// SigningKey is the key that tokens are signed with.
func (s *store) SigningKey(context.Context) (op.SigningKey, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.key, nil
}

// SignatureAlgorithms is what the discovery document names.
func (s *store) SignatureAlgorithms(context.Context) ([]jose.SignatureAlgorithm, error) {
	return []jose.SignatureAlgorithm{jose.ES256}, nil
}

// KeySet is the keys that are published.
func (s *store) KeySet(context.Context) ([]op.Key, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return []op.Key{publicKey{s.key}}, nil
}

func (s *store) rotate(t testing.TB) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatalf("make a key: %v", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.key = &signingKey{id: rand.Text(), key: key}
}

type signingKey struct {
	id  string
	key *ecdsa.PrivateKey
}

func (k *signingKey) ID() string                                  { return k.id }
func (k *signingKey) Key() any                                    { return k.key }
func (k *signingKey) SignatureAlgorithm() jose.SignatureAlgorithm { return jose.ES256 }

type publicKey struct{ k *signingKey }

func (p publicKey) ID() string                         { return p.k.id }
func (p publicKey) Key() any                           { return p.k.key.Public() }
func (p publicKey) Use() string                        { return "sig" }
func (p publicKey) Algorithm() jose.SignatureAlgorithm { return jose.ES256 }

// GetClientByClientID finds a client.
func (s *store) GetClientByClientID(_ context.Context, id string) (op.Client, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.clients[id]
	if !ok {
		return nil, fmt.Errorf("%w: client %s", errUnknown, id)
	}
	return registered{c}, nil
}

// AuthorizeClientIDSecret checks a client's secret.
func (s *store) AuthorizeClientIDSecret(_ context.Context, id, secret string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c, ok := s.clients[id]; !ok || c.Secret != secret {
		return fmt.Errorf("%w: client or secret", errUnknown)
	}
	return nil
}

// SetUserinfoFromScopes fills an ID token.
func (s *store) SetUserinfoFromScopes(_ context.Context, info *oidc.UserInfo, subject, _ string, scopes []string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.describe(info, subject, scopes)
}

// SetUserinfoFromToken fills the user info.
func (s *store) SetUserinfoFromToken(_ context.Context, info *oidc.UserInfo, token, _, _ string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	held, ok := s.access[token]
	if !ok {
		return fmt.Errorf("%w: access token", errUnknown)
	}
	return s.describe(info, held.subject, held.scopes)
}

func (s *store) describe(info *oidc.UserInfo, subject string, scopes []string) error {
	u, ok := s.users[subject]
	if !ok {
		return fmt.Errorf("%w: person %s", errUnknown, subject)
	}
	info.Subject = u.Subject
	if slices.Contains(scopes, oidc.ScopeProfile) {
		info.PreferredUsername, info.Name = u.Name, u.Display
		for name, value := range u.Claims {
			info.AppendClaims(name, value)
		}
	}
	return nil
}

// GetPrivateClaimsFromScopes adds nothing.
func (s *store) GetPrivateClaimsFromScopes(context.Context, string, string, []string) (map[string]any, error) {
	return map[string]any{}, nil
}

// Health is good.
func (s *store) Health(context.Context) error { return nil }

// What a sign-in with a code has no need of.

func (s *store) CreateAccessAndRefreshTokens(context.Context, op.TokenRequest, string) (string, string, time.Time, error) {
	return "", "", time.Time{}, errNotOffered
}

func (s *store) TokenRequestByRefreshToken(context.Context, string) (op.RefreshTokenRequest, error) {
	return nil, errNotOffered
}

func (s *store) TerminateSession(context.Context, string, string) error { return errNotOffered }

func (s *store) RevokeToken(context.Context, string, string, string) *oidc.Error {
	return oidc.ErrInvalidRequest().WithParent(errNotOffered)
}

func (s *store) GetRefreshTokenInfo(context.Context, string, string) (string, string, error) {
	return "", "", op.ErrInvalidRefreshToken
}

func (s *store) SetIntrospectionFromToken(context.Context, *oidc.IntrospectionResponse, string, string, string) error {
	return errNotOffered
}

func (s *store) GetKeyByIDAndClientID(context.Context, string, string) (*jose.JSONWebKey, error) {
	return nil, errNotOffered
}

func (s *store) ValidateJWTProfileScopes(context.Context, string, []string) ([]string, error) {
	return nil, errNotOffered
}

// registered is a client as the library asks for it.
type registered struct{ c Client }

func (r registered) GetID() string                    { return r.c.ID }
func (r registered) RedirectURIs() []string           { return []string{r.c.RedirectURL} }
func (r registered) PostLogoutRedirectURIs() []string { return nil }
func (r registered) ApplicationType() op.ApplicationType {
	return op.ApplicationTypeWeb
}

func (r registered) AuthMethod() oidc.AuthMethod {
	return oidc.AuthMethodBasic
}

func (r registered) ResponseTypes() []oidc.ResponseType {
	return []oidc.ResponseType{oidc.ResponseTypeCode}
}
func (r registered) GrantTypes() []oidc.GrantType { return []oidc.GrantType{oidc.GrantTypeCode} }
func (r registered) LoginURL(id string) string    { return "/login?id=" + url.QueryEscape(id) }
func (r registered) AccessTokenType() op.AccessTokenType {
	return op.AccessTokenTypeBearer
}
func (r registered) IDTokenLifetime() time.Duration { return lifetime }
func (r registered) DevMode() bool                  { return false }
func (r registered) RestrictAdditionalIdTokenScopes() func([]string) []string { //nolint:revive // the library names it
	return func(scopes []string) []string { return scopes }
}

func (r registered) RestrictAdditionalAccessTokenScopes() func([]string) []string {
	return func(scopes []string) []string { return scopes }
}
func (r registered) IsScopeAllowed(string) bool           { return false }
func (r registered) IDTokenUserinfoClaimsAssertion() bool { return !r.c.Bare }
func (r registered) ClockSkew() time.Duration             { return 0 }
