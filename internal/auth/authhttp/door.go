package authhttp

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"yike/internal/auth"
	"yike/internal/httpapi"
)

// Resolver tells whose a session or a token is. It returns auth.ErrNoSession where it is
// nobody's, and auth.ErrDemoNotHere.
type Resolver interface {
	Resolve(ctx context.Context, adcode string, c auth.Credential, client auth.Client) (auth.Identity, error)
}

// Door is what Authenticate needs.
type Door struct {
	Resolver Resolver
	AdCode   func() string // the authority that is served; "" before one is
	// Demo says that the demonstration accounts may be used by clients on this machine: the
	// server listens on loopback alone, is published nowhere, and serves a synthetic district.
	Demo func() bool
}

// CookieName is the session's cookie. Browsers take a cookie of this prefix only when it
// is Secure, without Domain and for the whole site, so no other host can plant one.
const CookieName = "__Host-yike"

func cookie(value string) http.Cookie {
	return http.Cookie{Name: CookieName, Value: value, Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode}
}

// cleared takes the cookie away.
func cleared() http.Cookie {
	c := cookie("")
	c.MaxAge = -1
	return c
}

// visit is what the door knows of a request besides the identity.
type visit struct {
	client auth.Client
	err    error // why it is not known who asks: storage is away
}

type visitKey struct{}

func visitOf(ctx context.Context) visit {
	v, _ := ctx.Value(visitKey{}).(visit)
	return v
}

// Authenticate puts the identity of whoever asks into the context. A session that is over
// is nobody, and its cookie is taken away; a token that is not valid is answered with the
// 401 problem bad_token, since programs do not look whether they are somebody. Where
// storage is away, nobody is known either: Guard then lets through what is public.
func Authenticate(d Door) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			v := visit{client: clientOf(r, d.Demo())}
			ctx := r.Context()
			found, err := d.who(ctx, r, v.client)
			switch {
			case err == nil && found != nil:
				httpapi.NoteWho(ctx, found.Name)
				ctx = auth.With(ctx, *found)
			case errors.Is(err, errBadCookie):
				c := cleared()
				http.SetCookie(w, &c)
			case errors.Is(err, auth.ErrNoSession):
				w.Header().Set("WWW-Authenticate", challenge)
				httpapi.WriteProblem(w, r, badToken())
				return
			case errors.Is(err, auth.ErrDemoNotHere):
				httpapi.WriteError(w, r, problem(err))
				return
			default:
				v.err = err
			}
			next.ServeHTTP(w, r.WithContext(context.WithValue(ctx, visitKey{}, v)))
		})
	}
}

// challenge tells programs how to sign in. Browsers open no window of their own for it,
// as they would for Basic, which is taken all the same.
const challenge = `Bearer realm="yike"`

// errBadCookie says that the cookie is nobody's, or not to be used from here.
var errBadCookie = errors.New("the session is over")

// who resolves what the request came with; nil without an error is nobody.
func (d Door) who(ctx context.Context, r *http.Request, client auth.Client) (*auth.Identity, error) {
	adcode := d.AdCode()
	if adcode == "" {
		return nil, nil
	}
	if token, ok := tokenOf(r); ok {
		i, err := d.Resolver.Resolve(ctx, adcode, auth.Credential{Token: token}, client)
		return &i, err
	}
	secret := sessionOf(r)
	if secret == "" {
		return nil, nil
	}
	i, err := d.Resolver.Resolve(ctx, adcode, auth.Credential{Session: secret}, client)
	if errors.Is(err, auth.ErrNoSession) || errors.Is(err, auth.ErrDemoNotHere) {
		err = errBadCookie
	}
	return &i, err
}

func sessionOf(r *http.Request) string {
	for _, c := range r.CookiesNamed(CookieName) {
		if c.Value != "" {
			return c.Value
		}
	}
	return ""
}

// tokenOf reads a token from the Authorization header: as a bearer's, or as the password
// of Basic, which is all that GIS programs offer. What cannot be one is given too, so
// that it is refused.
func tokenOf(r *http.Request) (string, bool) {
	header := r.Header.Get("Authorization")
	if header == "" {
		return "", false
	}
	if _, password, ok := r.BasicAuth(); ok {
		return orNone(password), true
	}
	scheme, token, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		token = ""
	}
	return orNone(strings.TrimSpace(token)), true
}

// orNone is a token that no store takes where there is none: an empty one would be no
// token at all.
func orNone(token string) string {
	if token == "" {
		return "none"
	}
	return token
}

// longestAgent bounds what is kept of what a client calls itself.
const longestAgent = 200

func clientOf(r *http.Request, demo bool) auth.Client {
	f := httpapi.FactsOf(r.Context())
	agent := strings.ToValidUTF8(strings.ReplaceAll(r.UserAgent(), "\x00", ""), "")
	if letters := []rune(agent); len(letters) > longestAgent {
		agent = string(letters[:longestAgent])
	}
	return auth.Client{From: f.From, Agent: agent, TraceID: f.TraceID, Demo: demo && isLoopback(f.From) && !isForwarded(r)}
}

func isLoopback(address string) bool {
	addr, err := netip.ParseAddr(address)
	return err == nil && addr.Unmap().IsLoopback()
}

// isForwarded reports whether a proxy or a tunnel on this machine asks for somebody else.
func isForwarded(r *http.Request) bool {
	if !r.ProtoAtLeast(1, 1) { // as a bare nginx asks; no browser has for twenty years
		return true
	}
	for _, name := range []string{"Origin", "Referer"} {
		if u, err := url.Parse(r.Header.Get(name)); err != nil || u.Host != "" && u.Hostname() != "localhost" && !isLoopback(u.Hostname()) {
			return true
		}
	}
	for _, name := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Via"} {
		if r.Header.Get(name) != "" {
			return true
		}
	}
	return false
}
