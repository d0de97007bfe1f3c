package authhttp

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"yike/internal/auth"
	"yike/internal/httpapi"
)

func (h handlers[W]) registerSession(api huma.API) {
	httpapi.Register(api, operation("session", http.MethodGet, "/session", tagSession, "Who asks · 当前登录",
		"Also for those who have not signed in: account is null then."), h.session)
	httpapi.Register(api, operation("sign-in", http.MethodPost, "/session", tagSession, "Sign in · 登录",
		"Sets the cookie "+CookieName+". Programs use an API token instead: as a bearer token, or as the password of Basic. "+
			"Each sign-in makes a session of its own; an Idempotency-Key changes nothing."), h.signIn)
	httpapi.Register(api, operation("sign-out", http.MethodDelete, "/session", tagSession, "Sign out · 退出登录",
		"Ends the session, and has the browser forget what it kept of this site."), h.signOut)
}

// Session is who asks, and what they may do.
type Session struct {
	Account      *SessionAccount `json:"account" doc:"null when nobody has signed in"`
	OIDC         *Offer          `json:"oidc" doc:"Another place to sign in at; null when there is none"`
	DemoAccounts []DemoAccount   `json:"demo_accounts" nullable:"false" doc:"Ready accounts of the synthetic district, on the machine that shows it only"`
}

// SessionAccount is the account of a session or token.
type SessionAccount struct {
	_                 struct{}      `nullable:"true"`
	ID                string        `json:"id"`
	Name              string        `json:"name"`
	DisplayName       string        `json:"display_name"`
	Department        string        `json:"department"`
	Grants            []auth.Grant  `json:"grants" nullable:"false" doc:"Roles, each in a division and below it, or everywhere for an empty code"`
	Actions           []auth.Action `json:"actions" nullable:"false" doc:"What may be done in some division"`
	Method            auth.Method   `json:"method" enum:"password,totp,recovery,oidc,token"`
	Demo              bool          `json:"demo"`
	Must              auth.Duty     `json:"must" enum:",change_password,set_up_totp" doc:"What is to be done before anything else"`
	TOTP              bool          `json:"totp" doc:"A second factor is in force"`
	PasswordExpiresAt *time.Time    `json:"password_expires_at" nullable:"true"`
	PasswordRules     PasswordRules `json:"password_rules"`
	LastLogin         *LastLogin    `json:"last_login" doc:"The sign-in before this one; null when there was none"`
}

// PasswordRules is what the policy asks of a new password.
type PasswordRules struct {
	MinLength   int `json:"min_length"`
	NeedClasses int `json:"need_classes"`
}

// LastLogin is when and from where somebody signed in.
type LastLogin struct {
	_    struct{}  `nullable:"true"`
	At   time.Time `json:"at"`
	From string    `json:"from"`
}

// Offer is another place to sign in at.
type Offer struct {
	_      struct{} `nullable:"true"`
	NameZH string   `json:"name_zh"`
	NameEN string   `json:"name_en"`
	URL    string   `json:"url"`
}

// DemoAccount is a ready account, with its password, which is no secret.
type DemoAccount struct {
	Name        string    `json:"name"`
	DisplayName string    `json:"display_name"`
	Role        auth.Role `json:"role"`
	RoleZH      string    `json:"role_zh"`
	RoleEN      string    `json:"role_en"`
	Password    string    `json:"password"`
}

type sessionReply struct {
	SetCookie string `header:"Set-Cookie"`
	Body      Session
}

func (h handlers[W]) session(ctx context.Context, _ *struct{}) (*sessionReply, error) {
	if err := visitOf(ctx).err; err != nil {
		return nil, err
	}
	body, err := h.sessionBody(ctx)
	if err != nil {
		return nil, problem(err)
	}
	return &sessionReply{Body: body}, nil
}

// sessionBody describes the identity in the context.
func (h handlers[W]) sessionBody(ctx context.Context) (Session, error) {
	body := Session{DemoAccounts: []DemoAccount{}}
	if h.OIDC != nil {
		body.OIDC = &Offer{NameZH: h.OIDC.Name.ZH, NameEN: h.OIDC.Name.EN, URL: "/api/v1/session/oidc"}
	}
	if visitOf(ctx).client.Demo && h.Demo() {
		for _, d := range auth.DemoAccounts("") {
			body.DemoAccounts = append(body.DemoAccounts, DemoAccount{
				Name: d.Name, DisplayName: d.DisplayName, Role: d.Role.Role, RoleZH: d.Role.ZH, RoleEN: d.Role.EN, Password: auth.DemoPassword,
			})
		}
	}
	i, ok := auth.From(ctx)
	if !ok {
		return body, nil
	}
	own, err := h.Store.Own(ctx, h.Writer(ctx), i.SessionID)
	if err != nil {
		return Session{}, err
	}
	body.Account = sessionAccount(i, own)
	return body, nil
}

func sessionAccount(i auth.Identity, own auth.Own) *SessionAccount {
	a := &SessionAccount{
		ID: i.AccountID, Name: i.Name, DisplayName: own.DisplayName, Department: own.Department,
		Grants: orEmpty(i.Grants), Actions: orEmpty(i.Actions()), Method: i.Method, Demo: i.Demo, Must: i.Must,
		TOTP: own.TOTP, PasswordExpiresAt: orNull(own.PasswordExpiresAt),
		PasswordRules: PasswordRules{MinLength: own.Policy.MinLength, NeedClasses: own.Policy.NeedClasses},
	}
	if !own.LastLogin.At.IsZero() {
		a.LastLogin = &LastLogin{At: own.LastLogin.At, From: own.LastLogin.From}
	}
	return a
}

type signInInput struct {
	Body struct {
		Name     string `json:"name"`
		Password string `json:"password"`
		Code     string `json:"code,omitempty" doc:"One-time or recovery code, where a second factor is in force"`
	}
}

func (h handlers[W]) signIn(ctx context.Context, in *signInInput) (*sessionReply, error) {
	client := visitOf(ctx).client
	signed, err := h.Store.SignIn(ctx, h.AdCode(), auth.Credentials{Name: in.Body.Name, Password: in.Body.Password, Code: in.Body.Code}, client)
	if err != nil {
		return nil, problem(err)
	}
	if err := h.leave(ctx); err != nil {
		return nil, problem(err)
	}
	body, err := h.sessionBody(auth.With(ctx, signed.Identity))
	if err != nil {
		return nil, problem(err)
	}
	c := cookie(signed.Token)
	return &sessionReply{SetCookie: c.String(), Body: body}, nil
}

// leave ends the session that a request came with, if it came with one: its cookie is
// about to be another's.
func (h handlers[W]) leave(ctx context.Context) error {
	i, ok := auth.From(ctx)
	if !ok || i.SessionID == "" {
		return nil
	}
	return h.Store.SignOut(ctx, h.Writer(ctx), i.SessionID)
}

type signOutReply struct {
	SetCookie     string `header:"Set-Cookie"`
	ClearSiteData string `header:"Clear-Site-Data"`
}

func (h handlers[W]) signOut(ctx context.Context, _ *struct{}) (*signOutReply, error) {
	if err := visitOf(ctx).err; err != nil {
		return nil, err
	}
	if err := h.leave(ctx); err != nil {
		return nil, problem(err)
	}
	c := cleared()
	return &signOutReply{SetCookie: c.String(), ClearSiteData: `"cache", "cookies", "storage"`}, nil
}

// orNull is a time as JSON has it: null for none.
func orNull(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// orEmpty is a list as JSON has it: [] for none.
func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
