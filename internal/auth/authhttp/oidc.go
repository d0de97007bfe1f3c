package authhttp

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"yike/internal/auth"
	"yike/internal/httpapi"
)

// Provider is an identity provider by OpenID Connect: the authorization code flow with
// PKCE. Its errors may have a Code() string, a code word that the login page knows.
type Provider interface {
	// Start gives the address at the provider to send a browser to.
	Start(ctx context.Context, state, nonce, verifier string) (string, error)
	// Exchange turns the code that came back into who somebody is.
	Exchange(ctx context.Context, code, nonce, verifier string) (auth.Vouched, error)
	// Refusal is the error for the word that the provider sent back in place of a code.
	Refusal(word string) error
}

// Sealer encrypts what is kept in a cookie for the way to a provider and back.
type Sealer interface {
	Seal(secret []byte, purpose string) []byte
	Unseal(sealed []byte, purpose string) ([]byte, error)
}

// OIDC is the one identity provider that people may sign in at.
type OIDC struct {
	Provider Provider
	Sealer   Sealer
	Name     httpapi.Text // what people call it, for the login page
	Log      *slog.Logger // hears why a sign-in did not come about
}

// flow is what must come back as it went out. It is sealed into a cookie that lives for
// as long as somebody needs to sign in elsewhere.
type flow struct {
	State    string `json:"s"`
	Nonce    string `json:"n"`
	Verifier string `json:"v"`
	Next     string `json:"x"`
	Account  string `json:"a,omitempty"` // who had signed in already, and links the identity
	Began    int64  `json:"t"`           // Unix seconds
}

const (
	flowCookie  = "__Host-yike-oidc"
	flowSeconds = 600
	flowPurpose = "oidc flow"
)

func flowCookieOf(value string, maxAge int) *http.Cookie {
	c := cookie(value)
	c.Name, c.MaxAge = flowCookie, maxAge
	return &c
}

// toProvider sends the browser to the provider. With link=1, somebody who has signed in
// with a session links the identity there to their account instead of signing in by it:
// only from a page of this site, since a link elsewhere could otherwise give somebody
// else's identity the account. Who has signed in already and links nothing just goes on.
func (h handlers[W]) toProvider(w http.ResponseWriter, r *http.Request) {
	f := flow{
		State: rand.Text(), Nonce: rand.Text(), Verifier: rand.Text() + rand.Text(), Next: localPath(r.URL.Query().Get("next")), Began: time.Now().Unix(),
	}
	if i, ok := auth.From(r.Context()); ok && i.SessionID != "" {
		if r.URL.Query().Get("link") != "1" {
			http.Redirect(w, r, f.Next, http.StatusFound)
			return
		}
		if r.Header.Get("Sec-Fetch-Site") != "same-origin" {
			h.back(w, r, f.Next, errLink)
			return
		}
		f.Account = i.AccountID
	}
	address, err := h.OIDC.Provider.Start(r.Context(), f.State, f.Nonce, f.Verifier)
	if err != nil {
		h.back(w, r, f.Next, err)
		return
	}
	raw, err := json.Marshal(f)
	if err != nil {
		httpapi.WriteError(w, r, fmt.Errorf("encode the flow: %w", err))
		return
	}
	sealed := base64.RawURLEncoding.EncodeToString(h.OIDC.Sealer.Seal(raw, flowPurpose))
	http.SetCookie(w, flowCookieOf(sealed, flowSeconds))
	http.Redirect(w, r, address, http.StatusFound)
}

// Failures on the way that are no provider's.
var (
	errFlow = codedError{"oidc_flow", "登录流程已过期，请重新开始 / the sign-in began too long ago or elsewhere; begin again"}
	errLink = codedError{"oidc_link", "登录状态已改变，请重新开始 / you signed in or out meanwhile; begin again"}
)

// codedError is an error with a code word for the login page.
type codedError struct{ code, text string }

func (e codedError) Error() string { return e.text }

// Code is the code word.
func (e codedError) Code() string { return e.code }

// fromProvider takes what the provider sent back, once.
func (h handlers[W]) fromProvider(w http.ResponseWriter, r *http.Request) {
	f, err := h.flowOf(r)
	http.SetCookie(w, flowCookieOf("", -1))
	if err != nil {
		h.back(w, r, f.Next, err)
		return
	}
	q := r.URL.Query()
	if subtle.ConstantTimeCompare([]byte(q.Get("state")), []byte(f.State)) != 1 {
		h.back(w, r, f.Next, errFlow)
		return
	}
	if word := q.Get("error"); word != "" {
		h.back(w, r, f.Next, h.OIDC.Provider.Refusal(word))
		return
	}
	vouched, err := h.OIDC.Provider.Exchange(r.Context(), q.Get("code"), f.Nonce, f.Verifier)
	if err != nil {
		h.back(w, r, f.Next, err)
		return
	}
	if err := h.enter(w, r, f, vouched); err != nil {
		h.back(w, r, f.Next, err)
		return
	}
	http.Redirect(w, r, f.Next, http.StatusFound)
}

func (h handlers[W]) flowOf(r *http.Request) (flow, error) {
	none := flow{Next: "/"}
	c, err := r.Cookie(flowCookie)
	if err != nil {
		return none, errFlow
	}
	sealed, err := base64.RawURLEncoding.DecodeString(c.Value)
	if err != nil {
		return none, errFlow
	}
	raw, err := h.OIDC.Sealer.Unseal(sealed, flowPurpose)
	if err != nil {
		return none, errFlow
	}
	var f flow
	if err := json.Unmarshal(raw, &f); err != nil || time.Since(time.Unix(f.Began, 0)) > flowSeconds*time.Second {
		return none, errFlow
	}
	return f, nil
}

// enter signs in by the identity, or links it to the account that began.
func (h handlers[W]) enter(w http.ResponseWriter, r *http.Request, f flow, v auth.Vouched) error {
	ctx := r.Context()
	i, ok := auth.From(ctx)
	if f.Account != "" {
		if !ok || i.AccountID != f.Account || i.SessionID == "" {
			return errLink
		}
		return h.Store.LinkIdentity(ctx, h.Writer(ctx), i.AccountID, v)
	}
	signed, err := h.Store.SignInAs(ctx, h.AdCode(), v, visitOf(ctx).client)
	if err != nil {
		return err
	}
	if err := h.leave(ctx); err != nil {
		return err
	}
	c := cookie(signed.Token)
	http.SetCookie(w, &c)
	return nil
}

// back sends the browser to the login page with the code word of what went wrong, and
// where it wanted to go. What nobody has a word for is the server's own fault and is answered as such.
func (h handlers[W]) back(w http.ResponseWriter, r *http.Request, next string, err error) {
	var coded interface{ Code() string }
	code := ""
	switch {
	case errors.As(err, &coded):
		code = coded.Code()
	case errors.Is(err, auth.ErrUnknownIdentity):
		code = "oidc_unknown"
	case errors.Is(err, auth.ErrIdentityTaken):
		code = "oidc_taken"
	case errors.Is(err, auth.ErrDemoNotHere):
		code = "demo_not_here"
	default:
		httpapi.WriteError(w, r, err)
		return
	}
	h.OIDC.Log.WarnContext(r.Context(), "sign-in at the identity provider did not come about", slog.String("code", code), slog.Any("error", err))
	http.Redirect(w, r, "/login?"+url.Values{"error": {code}, "next": {next}}.Encode(), http.StatusFound)
}

// localPath is a path of this site to go on to, or the root. What a browser could take
// for another site's address is none.
func localPath(next string) string {
	if !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n\t\x00") {
		return "/"
	}
	u, err := url.Parse(next)
	if err != nil || u.Host != "" || u.Scheme != "" || strings.HasPrefix(u.Path, "//") {
		return "/"
	}
	return u.RequestURI() + fragmentOf(u)
}

func fragmentOf(u *url.URL) string {
	if u.Fragment == "" {
		return ""
	}
	return "#" + u.EscapedFragment()
}
