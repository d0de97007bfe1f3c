// Package auth owns who may do what where: roles, actions, grants bounded to divisions,
// the identity of a request, and how strict an authority is about sign-in. It is pure:
// it knows no storage, no HTTP, no clock and no feature but the names of its actions.
// What it decides is decided again by PostgreSQL, from the same table.
package auth

import (
	"context"
	"slices"
	"strings"
)

// Role is the code word of what a person is to the authority.
type Role string

// Action is the code word of something that needs a right, as noun.verb.
type Action string

// Grant is one role, in one division and all below it, or everywhere for "".
type Grant struct {
	Role     Role   `json:"role"`
	Division string `json:"division_code"`
}

// Covers reports whether the grant reaches a division: its own, one below it, or any
// when it is granted everywhere. Codes of divisions begin with the code of what they
// are in.
func (g Grant) Covers(division string) bool { return strings.HasPrefix(division, g.Division) }

// Method says how an identity was proven.
type Method string

// The methods.
const (
	ByPassword Method = "password"
	ByTOTP     Method = "totp" // a password and a one-time code
	ByRecovery Method = "recovery"
	ByOIDC     Method = "oidc"
	ByToken    Method = "token"
)

// Identity is who asks: an account with what it may do.
type Identity struct {
	AdCode    string // of the authority
	AccountID string // UUID
	Name      string // typed to sign in
	Display   string
	Grants    []Grant
	Method    Method
	SessionID string // "" for a token
	Demo      bool   // an account of the synthetic district

	// Limits of a token: the actions it may use; nil for a session, which may use all.
	TokenActions []Action

	// Must is what the account has to do before anything else; "" for nothing.
	Must Duty
}

// Duty is what an account must do before it may go on.
type Duty string

// The duties.
const (
	MustChangePassword Duty = "change_password"
	MustSetUpTOTP      Duty = "set_up_totp"
)

// May reports whether the identity may do an action in a division; "" asks whether it
// may anywhere at all.
func (i Identity) May(a Action, division string) bool {
	if i.Must != "" || i.TokenActions != nil && !slices.Contains(i.TokenActions, a) {
		return false
	}
	return slices.ContainsFunc(i.Grants, func(g Grant) bool {
		return Allows(g.Role, a) && (division == "" || g.Covers(division))
	})
}

// Actions lists what the identity may do somewhere, in the order of Actions.
func (i Identity) Actions() []Action {
	var out []Action
	for _, a := range Actions() {
		if i.May(a, "") {
			out = append(out, a)
		}
	}
	return out
}

type key struct{}

// With gives a context that carries the identity of its request.
func With(ctx context.Context, i Identity) context.Context { return context.WithValue(ctx, key{}, i) }

// From gives the identity of a request; false when nobody signed in.
func From(ctx context.Context) (Identity, bool) {
	i, ok := ctx.Value(key{}).(Identity)
	return i, ok
}
