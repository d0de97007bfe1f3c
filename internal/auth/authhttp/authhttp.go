// Package authhttp serves signing in and out, one's own account, and the administration
// of accounts, roles and the policy; and it is the gate of every other route: who asks
// (Authenticate) and whether they may (Guard). It knows no storage: it takes accounts
// from a Store, whose writers (W) it passes on without looking into them.
package authhttp

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"

	"yike/internal/auth"
	"yike/internal/httpapi"
)

// Doors lets people in and out.
type Doors[W any] interface {
	Resolver
	SignIn(ctx context.Context, adcode string, typed auth.Credentials, client auth.Client) (auth.SignedIn, error)
	SignInAs(ctx context.Context, adcode string, v auth.Vouched, client auth.Client) (auth.SignedIn, error)
	SignOut(ctx context.Context, w W, session string) error
	LinkIdentity(ctx context.Context, w W, account string, v auth.Vouched) error
}

// Self is what people do with their own account.
type Self[W any] interface {
	Own(ctx context.Context, w W, session string) (auth.Own, error)
	ChangePassword(ctx context.Context, w W, session, former, next string) error
	Sessions(ctx context.Context, w W) ([]auth.Session, error)
	EndSession(ctx context.Context, w W, id string) error
}

// SecondFactors sets up and takes away one-time codes.
type SecondFactors[W any] interface {
	StartTOTP(ctx context.Context, w W) (auth.NewTOTP, error)
	ConfirmTOTP(ctx context.Context, w W, code string) ([]string, error)
	RemoveTOTP(ctx context.Context, w W, password string) error
}

// Tokens makes and ends API tokens.
type Tokens[W any] interface {
	Tokens(ctx context.Context, w W) ([]auth.Token, error)
	CreateToken(ctx context.Context, w W, account string, n auth.NewToken) (auth.Token, string, error)
	RevokeToken(ctx context.Context, w W, id string) error
}

// Directory administers accounts.
type Directory[W any] interface {
	List(ctx context.Context, w W, q auth.AccountQuery) (page []auth.Account, more bool, err error)
	Account(ctx context.Context, w W, id string) (auth.Account, error)
	Create(ctx context.Context, w W, n auth.NewAccount) (auth.Account, string, error)
	Update(ctx context.Context, w W, id string, version int, c auth.AccountChange) (auth.Account, error)
	Reveal(ctx context.Context, w W, id, reason string) (string, error)
}

// Rescues opens what people locked themselves out of.
type Rescues[W any] interface {
	ResetPassword(ctx context.Context, w W, id string, r auth.Reset) (string, error)
	Unlock(ctx context.Context, w W, id, reason string) error
}

// Powers gives and takes roles, and sets the policy.
type Powers[W any] interface {
	Grant(ctx context.Context, w W, account string, g auth.Grant, reason string) (auth.GrantRecord, error)
	Revoke(ctx context.Context, w W, account, grant, reason string) error
	Policy(ctx context.Context, w W) (auth.StoredPolicy, error)
	SetPolicy(ctx context.Context, w W, version int, p auth.Policy, reason string) (auth.StoredPolicy, error)
}

// Store is all of it. It is safe for concurrent use; its errors are those of package auth.
type Store[W any] interface {
	Doors[W]
	Self[W]
	SecondFactors[W]
	Tokens[W]
	Directory[W]
	Rescues[W]
	Powers[W]
}

// Config is what the routes are made of.
type Config[W any] struct {
	Store  Store[W]
	Writer func(ctx context.Context) W // who writes, from the context of a request by somebody signed in
	AdCode func() string               // the authority that is served; "" before one is
	Demo   func() bool                 // the demonstration accounts may be shown: see Door
	OIDC   *OIDC                       // nil for none
}

// Register mounts the typed operations. The routes of an identity provider are mounted
// by MountOIDC.
func Register[W any](api huma.API, c Config[W]) {
	h := handlers[W]{c}
	h.registerSession(api)
	h.registerOwn(api)
	h.registerTOTP(api)
	h.registerTokens(api)
	h.registerAccounts(api)
	h.registerPowers(api)
}

// MountOIDC mounts the way to an identity provider and back, when there is one.
func MountOIDC[W any](r chi.Router, c Config[W]) {
	if c.OIDC == nil {
		return
	}
	h := handlers[W]{c}
	r.Get("/api/v1/session/oidc", h.toProvider)
	r.Get("/api/v1/session/oidc/callback", h.fromProvider)
}

type handlers[W any] struct{ Config[W] }

const (
	tagSession  = "session"
	tagAccount  = "account"
	tagAccounts = "accounts"
)

// own gives the identity of a request by somebody who signed in with a session: no token
// changes passwords, second factors, sessions or tokens.
func own(ctx context.Context) (auth.Identity, error) {
	i, err := signedIn(ctx)
	if err == nil && i.SessionID == "" {
		return i, sessionRequired()
	}
	return i, err
}

// signedIn gives the identity of a request, whatever it was proven by.
func signedIn(ctx context.Context) (auth.Identity, error) {
	i, ok := auth.From(ctx)
	if !ok {
		return i, challenged(signInRequired())
	}
	return i, nil
}

// operation describes a route; every one may answer 401, 403 and 503 besides.
func operation(id, method, path, tag, summary, description string, errors ...int) huma.Operation {
	op := huma.Operation{
		OperationID: id, Method: method, Path: "/api/v1" + path, Tags: []string{tag}, Summary: summary, Description: description,
		Errors: append([]int{
			http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusUnprocessableEntity, http.StatusTooManyRequests,
			http.StatusInternalServerError, http.StatusServiceUnavailable,
		}, errors...),
	}
	return op
}

// created makes an operation answer 201.
func created(op huma.Operation) huma.Operation {
	op.DefaultStatus = http.StatusCreated
	return op
}

// text makes a pair of sentences.
func text(zh, en string) httpapi.Text { return httpapi.Text{ZH: zh, EN: en} }
