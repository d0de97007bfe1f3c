package oidclogin

import (
	"crypto/tls"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// Kind is the code word of why a sign-in did not come about.
type Kind string

// The kinds.
const (
	Away     Kind = "oidc_away"      // the provider does not answer, or not as it should
	Refused  Kind = "oidc_refused"   // the provider said no; Error.Provider has its word
	BadToken Kind = "oidc_bad_token" // what the provider gave does not stand up
	Clock    Kind = "oidc_clock"     // the token is past or not yet good: clocks differ, or someone waited
	Weak     Kind = "oidc_weak"      // signed in, but not by a method that is accepted here
	Setup    Kind = "oidc_setup"     // provider and configuration do not fit
)

// Error is why a sign-in did not come about. Its text is for the log of an administrator
// and holds no secret: no code, token, client secret, nor any text of the provider's that
// could repeat one. Text is for the person.
type Error struct {
	Kind     Kind
	Provider string // the provider's error code, e.g. access_denied; "" when it gave none
	why      string
	cause    error
}

// Error says for the log what went wrong.
func (e *Error) Error() string {
	s := "sign in at the identity provider: " + string(e.Kind)
	if e.Provider != "" {
		s += " (" + e.Provider + ")"
	}
	if e.why != "" {
		s += ": " + e.why
	}
	if e.cause != nil {
		s += ": " + e.cause.Error()
	}
	return s
}

// Unwrap gives the cause, such as context.Canceled.
func (e *Error) Unwrap() error { return e.cause }

// Code is the kind's code word, for addresses and programs.
func (e *Error) Code() string { return string(e.Kind) }

// Text says to the person who signs in, in Chinese and English, what happened and what
// to do.
func (e *Error) Text() (zh, en string) {
	switch e.Kind {
	case Refused:
		if e.Provider == "access_denied" {
			return "统一身份认证没有同意本次登录。", "The identity provider did not allow this sign-in."
		}
		return "统一身份认证拒绝了本次登录（" + e.Provider + "），请重新登录。",
			"The identity provider refused this sign-in (" + e.Provider + "). Please sign in again."
	case BadToken:
		return "统一身份认证返回的凭证未通过校验，请重新登录；若仍不行，请告诉管理员。",
			"What the identity provider returned did not pass our checks. Please sign in again; if it happens again, tell the administrator."
	case Clock:
		return "统一身份认证返回的凭证已过期或尚未生效，请重新登录；若仍不行，请管理员核对两边服务器的时钟。",
			"What the identity provider returned has expired or is not yet valid. Please sign in again; if it happens again, the administrator should compare the clocks of both servers."
	case Weak:
		return "本系统要求更强的认证方式（如证书或动态口令），请在统一身份认证用该方式登录。",
			"This system asks for a stronger way of signing in (such as a certificate or a one-time code). Please use one at the identity provider."
	case Setup:
		return "统一身份认证的接入配置有误，请告诉管理员。", "Sign-in at the identity provider is not set up correctly. Please tell the administrator."
	default:
		return "统一身份认证暂时无法使用，请稍后再试，或用本系统的账号登录。",
			"The identity provider cannot be reached at present. Please try again later, or sign in with an account of this system."
	}
}

func setup(why string, cause error) *Error { return &Error{Kind: Setup, why: why, cause: cause} }

// refusal sorts an error code of RFC 6749 or OpenID Connect. A code is any text a
// provider, or whoever makes up a callback, likes; only a short plain word is repeated.
func refusal(code string) *Error {
	if !plain(code) {
		code = "unknown"
	}
	switch code {
	case "server_error", "temporarily_unavailable":
		return &Error{Kind: Away, Provider: code}
	case "invalid_client", "unauthorized_client", "invalid_request", "invalid_scope",
		"unsupported_response_type", "unsupported_grant_type", "redirect_uri_mismatch":
		return &Error{Kind: Setup, Provider: code}
	}
	return &Error{Kind: Refused, Provider: code}
}

func plain(code string) bool {
	const most = 40
	return code != "" && len(code) <= most && strings.Trim(code, "abcdefghijklmnopqrstuvwxyz_") == ""
}

// explain tells apart why a call failed.
func explain(doing string, err error) *Error {
	cause := err
	for wrapped := (*url.Error)(nil); errors.As(cause, &wrapped); { // without the address, which the log has no need of
		cause = wrapped.Err
	}
	var certificate *tls.CertificateVerificationError
	var status statusError
	switch {
	case errors.As(cause, &certificate):
		return setup(doing+" (is the authority of its certificate among those that are believed?)", cause)
	case errors.Is(cause, errAddress) || errors.Is(cause, errRedirect) || errors.Is(cause, errLocal):
		return setup(doing, cause)
	case errors.As(cause, &status) && !passing(int(status)):
		return setup(doing, cause)
	}
	return &Error{Kind: Away, why: doing, cause: cause}
}

// passing reports whether a status says that later may be better.
func passing(status int) bool {
	return status >= http.StatusInternalServerError || status == http.StatusTooManyRequests
}

func explainDiscovery(err error) *Error {
	const doing = "read the discovery document"
	var other *oidc.IssuerMismatchError
	var call *url.Error
	switch {
	case errors.As(err, &other):
		return setup("the issuer must be written as the provider does", errors.New(short(other.Error())))
	case errors.As(err, &call):
		return explain(doing, err)
	}
	return setup(doing+": it is not as it must be", nil) // the library's text repeats the document
}

// explainToken sorts what the token endpoint said. Its description is left out: some
// providers repeat there what they were sent.
func explainToken(err error) *Error {
	const doing = "exchange the code"
	var said *oauth2.RetrieveError
	var call *url.Error
	switch {
	case errors.As(err, &said) && said.ErrorCode != "":
		return refusal(said.ErrorCode)
	case errors.As(err, &said):
		return explain(doing, statusError(said.Response.StatusCode))
	case errors.As(err, &call):
		return explain(doing, err)
	}
	return &Error{Kind: BadToken, why: doing + ": the answer is not as it must be"}
}

// short bounds a text that others can make long.
func short(s string) string {
	const most = 300
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}
