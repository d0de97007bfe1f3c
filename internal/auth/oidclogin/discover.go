package oidclogin

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

const (
	refreshAfter = time.Hour       // what was discovered is looked up again
	pauseAfter   = 5 * time.Second // a failure is answered from memory, so that a queue of people does not knock on a dead door
)

// known is a provider as it described itself, checked.
type known struct {
	provider   *oidc.Provider
	keys       oidc.KeySet
	algorithms []string
	oauth      oauth2.Config
	client     *http.Client // calls this provider's addresses and no other
}

// lastDiscovery is how the last attempts ended.
type lastDiscovery struct {
	known    *known // nil while none succeeded
	knownAt  time.Time
	failure  error
	failedAt time.Time
}

// ready gives the provider's description, discovering it where it is missing or old. One
// caller discovers while others wait. An old description is better than none.
func (p *Provider) ready(ctx context.Context) (*known, error) {
	select {
	case p.turn <- struct{}{}:
		defer func() { <-p.turn }()
	case <-ctx.Done():
		return nil, explain("wait for the discovery document", ctx.Err())
	}
	now, last := p.config.Now(), &p.last
	if last.known != nil && now.Sub(last.knownAt) < refreshAfter {
		return last.known, nil
	}
	if last.failure == nil || now.Sub(last.failedAt) >= pauseAfter {
		found, err := p.discover(ctx)
		if err == nil {
			*last = lastDiscovery{known: found, knownAt: now}
			return found, nil
		}
		if errors.Is(ctx.Err(), context.Canceled) { // who asked went away, which says nothing of the provider
			return nil, err
		}
		last.failure, last.failedAt = err, now
	}
	if last.known != nil {
		return last.known, nil
	}
	return nil, last.failure
}

// document is what we read of a discovery document.
type document struct {
	Authorization string   `json:"authorization_endpoint"`
	Token         string   `json:"token_endpoint"`
	Keys          string   `json:"jwks_uri"`
	UserInfo      string   `json:"userinfo_endpoint"`
	Algorithms    []string `json:"id_token_signing_alg_values_supported"`
	TokenAuth     []string `json:"token_endpoint_auth_methods_supported"`
	Challenges    []string `json:"code_challenge_methods_supported"`
}

func (p *Provider) discover(ctx context.Context) (*known, error) {
	client := p.clientFor(p.issuer.JoinPath(".well-known", "openid-configuration"))
	found, err := oidc.NewProvider(oidc.ClientContext(ctx, client), p.config.Issuer)
	if err != nil {
		return nil, explainDiscovery(err)
	}
	var doc document
	if err := found.Claims(&doc); err != nil {
		return nil, setup("the discovery document is not as it must be", nil)
	}
	return p.accept(found, doc)
}

// accept checks a discovery document and prepares what a sign-in needs of it.
func (p *Provider) accept(found *oidc.Provider, doc document) (*known, error) {
	calls, err := p.addresses(doc)
	if err != nil {
		return nil, err
	}
	algorithms, err := accepted(doc.Algorithms)
	if err != nil {
		return nil, err
	}
	if len(doc.Challenges) > 0 && !slices.Contains(doc.Challenges, "S256") {
		return nil, setup("the provider does not know PKCE with S256", nil)
	}
	style, err := tokenAuth(doc.TokenAuth)
	if err != nil {
		return nil, err
	}
	client := p.clientFor(calls...)
	return &known{
		provider: found, algorithms: algorithms, client: client,
		// The library keeps the context for its client only, not for its end.
		keys: oidc.NewRemoteKeySet(oidc.ClientContext(context.Background(), client), doc.Keys),
		oauth: oauth2.Config{
			ClientID: p.config.ClientID, ClientSecret: string(p.config.ClientSecret),
			RedirectURL: p.config.RedirectURL, Scopes: p.config.Scopes,
			Endpoint: oauth2.Endpoint{AuthURL: doc.Authorization, TokenURL: doc.Token, AuthStyle: style},
		},
	}, nil
}

// addresses gives the ends of a provider that we call, after a check of all that we use.
func (p *Provider) addresses(doc document) ([]*url.URL, error) {
	if _, err := p.address("authorization_endpoint", doc.Authorization); err != nil { // browsers call it
		return nil, err
	}
	token, err := p.address("token_endpoint", doc.Token)
	if err != nil {
		return nil, err
	}
	keys, err := p.address("jwks_uri", doc.Keys)
	if err != nil || doc.UserInfo == "" {
		return []*url.URL{token, keys}, err
	}
	userInfo, err := p.address("userinfo_endpoint", doc.UserInfo)
	return []*url.URL{token, keys, userInfo}, err
}

// address reads one end. It refuses what a discovery document must not name: an address that
// is not https, but for an issuer that is http on this machine and an address there too.
func (p *Provider) address(name, text string) (*url.URL, error) {
	u, err := url.Parse(text)
	switch {
	case text == "" || err != nil || u.Hostname() == "" || u.User != nil || u.Fragment != "":
		return nil, setup(name+" of the discovery document is no address", nil)
	case u.Scheme == "https":
		return u, nil
	case u.Scheme == "http" && p.issuer.Scheme == "http" && thisMachine(u):
		return u, nil
	}
	return nil, setup(fmt.Sprintf("%s of the discovery document must be https", name), nil)
}

// accepted gives those of a provider's signature algorithms that we take: asymmetric ones
// only, since with the others whoever knows the client secret could write a token. A
// provider that names none signs with RS256, as the standard has it.
func accepted(offered []string) ([]string, error) {
	if len(offered) == 0 {
		return []string{oidc.RS256}, nil
	}
	taken := []string{
		oidc.RS256, oidc.RS384, oidc.RS512, oidc.PS256, oidc.PS384, oidc.PS512,
		oidc.ES256, oidc.ES384, oidc.ES512, oidc.EdDSA,
	}
	taken = slices.DeleteFunc(taken, func(a string) bool { return !slices.Contains(offered, a) })
	if len(taken) == 0 {
		return nil, setup("the provider offers no asymmetric signature that we know", nil)
	}
	return taken, nil
}

// tokenAuth chooses how the client proves itself. The library would try both ways, and
// the second try would look like a code used twice.
func tokenAuth(offered []string) (oauth2.AuthStyle, error) {
	switch {
	case len(offered) == 0 || slices.Contains(offered, "client_secret_basic"):
		return oauth2.AuthStyleInHeader, nil
	case slices.Contains(offered, "client_secret_post"):
		return oauth2.AuthStyleInParams, nil
	}
	return 0, setup("the provider takes no client secret (client_secret_basic or client_secret_post)", nil)
}
