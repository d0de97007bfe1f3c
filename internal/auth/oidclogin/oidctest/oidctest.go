// Package oidctest runs an OpenID Connect provider inside tests: the certified library of
// Zitadel behind TLS on this machine, with given people and clients, and a hand to sign in
// there, to turn its keys, to let it be away and to forge what it says. It is imported by
// tests only and knows no client of ours.
package oidctest

import (
	"bytes"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	jose "github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// User is a person who may sign in at the provider.
type User struct {
	Subject string         // never changes; also how SignIn names the person
	Name    string         // preferred_username
	Display string         // name
	Claims  map[string]any // further claims of the scope profile
	ACR     string
	AMR     []string // pwd when nil
}

// Client is a program that is registered with the provider.
type Client struct {
	ID, Secret  string
	RedirectURL string
	Audience    []string // of its ID tokens; its own id when nil
	// Bare leaves names out of the ID token, as the standard has it, so that they are in
	// the user info only.
	Bare bool
}

// Config says who and what the provider knows.
type Config struct {
	Users   []User
	Clients []Client
	// HTTP serves without TLS.
	HTTP bool
}

// Provider is a running provider.
type Provider struct {
	Issuer string

	server *httptest.Server
	client *http.Client
	store  *store

	mu      sync.Mutex
	away    bool
	forge   func(idToken string) string
	answers map[string]http.Handler // by path, in place of the library's
	calls   map[string]int
}

// Start runs a provider until the test ends.
func Start(t testing.TB, c Config) *Provider {
	t.Helper()
	p := &Provider{store: newStore(c), answers: map[string]http.Handler{}, calls: map[string]int{}}
	p.store.rotate(t)
	p.server = httptest.NewUnstartedServer(nil)
	scheme := "https://"
	if c.HTTP {
		scheme = "http://"
	}
	p.Issuer = scheme + p.server.Listener.Addr().String()
	options := []op.Option{}
	if c.HTTP {
		options = append(options, op.WithAllowInsecure())
	}
	provider, err := op.NewProvider(&op.Config{
		CryptoKey: sha256.Sum256([]byte(p.Issuer)), CodeMethodS256: true,
	}, p.store, op.StaticIssuer(p.Issuer), options...)
	if err != nil {
		t.Fatalf("make the provider: %v", err)
	}
	mux := http.NewServeMux()
	mux.Handle("/", provider)
	mux.HandleFunc("POST /login", p.store.login(provider))
	p.server.Config.Handler = p.watch(mux)
	if c.HTTP {
		p.server.Start()
	} else {
		p.server.StartTLS()
	}
	t.Cleanup(p.server.Close)
	p.client = p.browser()
	return p
}

// CA is the certificate that the provider's is signed by, in PEM; nil without TLS.
func (p *Provider) CA() []byte {
	if p.server.Certificate() == nil {
		return nil
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: p.server.Certificate().Raw})
}

// CAFile is CA in a file, for settings that name one.
func (p *Provider) CAFile(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(path, p.CA(), 0o600); err != nil {
		t.Fatalf("write the certificate: %v", err)
	}
	return path
}

// browser is a client that stops at every redirect.
func (p *Provider) browser() *http.Client {
	transport := &http.Transport{}
	if certificate := p.server.Certificate(); certificate != nil {
		pool := x509.NewCertPool()
		pool.AddCert(certificate)
		transport.TLSClientConfig = &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
	}
	return &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// SignIn does what a browser and a person do at the provider: it opens the address that
// the program under test sent them to, signs in as the subject, and gives the address,
// with code and state, at which they come back.
func (p *Provider) SignIn(t testing.TB, address, subject string) string {
	t.Helper()
	return p.visit(t, address, url.Values{"subject": {subject}})
}

// Deny is as SignIn, but the person refuses: the address that it gives says access_denied.
func (p *Provider) Deny(t testing.TB, address string) string {
	t.Helper()
	return p.visit(t, address, url.Values{"deny": {"yes"}})
}

func (p *Provider) visit(t testing.TB, address string, answer url.Values) string {
	t.Helper()
	login := p.follow(t, http.MethodGet, address, nil)
	back := p.follow(t, http.MethodPost, login, answer)
	if !strings.HasPrefix(back, p.Issuer+"/") {
		return back
	}
	return p.follow(t, http.MethodGet, back, nil)
}

// follow makes one request and gives the address that it redirects to.
func (p *Provider) follow(t testing.TB, method, address string, form url.Values) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatalf("%s %s: %v", method, address, err)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	answer, err := p.client.Do(r)
	if err != nil {
		t.Fatalf("visit the provider: %v", err)
	}
	defer answer.Body.Close() //nolint:errcheck // it was read
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatalf("read the provider's page: %v", err)
	}
	to, err := answer.Location()
	if err != nil {
		t.Fatalf("%s %s answered %d %s; want a redirect", method, r.URL.Path, answer.StatusCode, body)
	}
	return to.String()
}

// RotateKey has the provider sign with a new key and withdraw the old one.
func (p *Provider) RotateKey(t testing.TB) {
	t.Helper()
	p.store.rotate(t)
}

// SetAway has the provider break off every connection, or answer again.
func (p *Provider) SetAway(away bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.away = away
}

// Forge has the token endpoint give what f makes of each ID token; nil ends it.
func (p *Provider) Forge(f func(idToken string) string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.forge = f
}

// Answer has a path of the provider answered by h in place of the library; nil ends it.
func (p *Provider) Answer(path string, h http.Handler) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.answers[path] = h
}

// Calls says how often a path of the provider was asked for.
func (p *Provider) Calls(path string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.calls[path]
}

// Claims reads the claims of a token, without any check. Like Sign and SignHMAC it may be
// called in a function given to Forge, on any goroutine.
func Claims(t testing.TB, token string) map[string]any {
	t.Helper()
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		t.Errorf("a token of %d parts; want 3", len(parts))
		return nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		t.Errorf("decode a token: %v", err)
	}
	var claims map[string]any
	if err := json.Unmarshal(raw, &claims); err != nil {
		t.Errorf("read a token: %v", err)
	}
	return claims
}

// Sign makes a token of claims with the provider's present key.
func (p *Provider) Sign(t testing.TB, claims map[string]any) string {
	t.Helper()
	return p.Signer(t)(claims)
}

// Signer makes tokens with the key that is the provider's now, even after it was turned.
func (p *Provider) Signer(t testing.TB) func(claims map[string]any) string {
	t.Helper()
	key, err := p.store.SigningKey(t.Context())
	if err != nil {
		t.Errorf("find the key: %v", err)
	}
	signer, err := op.SignerFromKey(key)
	return func(claims map[string]any) string { return sign(t, signer, err, claims) }
}

// SignHMAC makes a token of claims with a shared secret, which no client should take.
func SignHMAC(t testing.TB, secret string, claims map[string]any) string {
	t.Helper()
	key := sha256.Sum256([]byte(secret)) // HS256 wants 32 bytes
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.HS256, Key: key[:]}, nil)
	return sign(t, signer, err, claims)
}

func sign(t testing.TB, signer jose.Signer, err error, claims map[string]any) string {
	t.Helper()
	if err != nil {
		t.Errorf("make a signer: %v", err)
		return ""
	}
	raw, err := json.Marshal(claims)
	if err != nil {
		t.Errorf("write claims: %v", err)
	}
	signed, err := signer.Sign(raw)
	if err != nil {
		t.Errorf("sign: %v", err)
		return ""
	}
	token, err := signed.CompactSerialize()
	if err != nil {
		t.Errorf("write a token: %v", err)
	}
	return token
}

// watch counts, breaks off and forges.
func (p *Provider) watch(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		p.calls[r.URL.Path]++
		away, forge, answer := p.away, p.forge, p.answers[r.URL.Path]
		p.mu.Unlock()
		if away {
			panic(http.ErrAbortHandler)
		}
		if answer != nil {
			answer.ServeHTTP(w, r)
			return
		}
		if forge == nil || r.URL.Path != "/oauth/token" {
			next.ServeHTTP(w, r)
			return
		}
		kept := httptest.NewRecorder()
		next.ServeHTTP(kept, r)
		body := kept.Body.Bytes()
		var said map[string]any
		if err := json.Unmarshal(body, &said); err == nil {
			if token, ok := said["id_token"].(string); ok {
				said["id_token"] = forge(token)
				body, _ = json.Marshal(said) // it was JSON a moment ago
			}
		}
		w.Header().Set("Content-Type", kept.Header().Get("Content-Type"))
		w.WriteHeader(kept.Code)
		_, _ = io.Copy(w, bytes.NewReader(body)) // who went away has no use for it
	})
}

// login is the provider's login page without the page.
func (s *store) login(provider *op.Provider) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		id := r.FormValue("id")
		if r.FormValue("deny") != "" {
			asked, err := s.AuthRequestByID(r.Context(), id)
			if err != nil {
				http.Error(w, err.Error(), http.StatusNotFound)
				return
			}
			op.AuthRequestError(w, r, asked, oidc.ErrAccessDenied(), provider)
			return
		}
		if err := s.finish(id, r.FormValue("subject")); err != nil {
			http.Error(w, err.Error(), http.StatusForbidden)
			return
		}
		ctx := op.ContextWithIssuer(r.Context(), provider.IssuerFromRequest(r))
		http.Redirect(w, r, op.AuthCallbackURL(provider)(ctx, id), http.StatusFound)
	}
}
