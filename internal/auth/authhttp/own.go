package authhttp

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"yike/internal/auth"
	"yike/internal/httpapi"
)

func (h handlers[W]) registerOwn(api huma.API) {
	httpapi.Register(api, operation("own-account", http.MethodGet, "/account", tagAccount, "Own account · 我的账号",
		"The phone is in full: it is one's own.", 404), h.ownAccount)
	httpapi.Register(api, operation("change-own-account", http.MethodPatch, "/account", tagAccount, "Change one's own account · 修改我的账号",
		"A JSON merge patch of what is to change.", 404, 412, 428), h.changeOwn)
	httpapi.Register(api, operation("change-password", http.MethodPost, "/account/password", tagAccount, "Change one's own password · 修改密码",
		"One's other sessions end."), h.changePassword)
	httpapi.Register(api, operation("own-sessions", http.MethodGet, "/account/sessions", tagAccount, "Where one is signed in · 登录会话", ""), h.ownSessions)
	httpapi.Register(api, operation("end-own-session", http.MethodDelete, "/account/sessions/{id}", tagAccount, "End one of one's own sessions · 结束会话", "", 404), h.endOwnSession)
}

// Account is an account as the API gives it.
type Account struct {
	ID          string             `json:"id"`
	Version     int                `json:"version" doc:"Also its entity tag"`
	Name        string             `json:"name" doc:"Typed to sign in; never changes"`
	DisplayName string             `json:"display_name"`
	Department  string             `json:"department"`
	Phone       string             `json:"phone" doc:"Masked, 138****1234, but for its owner"`
	Status      auth.Status        `json:"status" enum:"active,disabled"`
	Demo        bool               `json:"demo"`
	Grants      []auth.GrantRecord `json:"grants" nullable:"false"`
	TOTP        bool               `json:"totp" doc:"A second factor is in force"`
	LockedUntil *time.Time         `json:"locked_until" nullable:"true" doc:"After too many failed tries"`
	LastSeenAt  *time.Time         `json:"last_seen_at" nullable:"true"`
}

// accountOf gives an account in full.
func accountOf(a auth.Account) Account {
	return Account{
		ID: a.ID, Version: a.Version, Name: a.Name, DisplayName: a.DisplayName, Department: a.Department, Phone: a.Phone,
		Status: a.Status, Demo: a.Demo, Grants: orEmpty(a.Grants), TOTP: a.TOTP,
		LockedUntil: orNull(a.LockedUntil), LastSeenAt: orNull(a.LastSeenAt),
	}
}

// masked gives an account as others see it.
func masked(a auth.Account) Account {
	a.Phone = auth.MaskPhone(a.Phone)
	return accountOf(a)
}

type accountReply struct {
	ETag string `header:"ETag"`
	Body Account
}

func (h handlers[W]) ownAccount(ctx context.Context, _ *struct{}) (*accountReply, error) {
	i, err := own(ctx)
	if err != nil {
		return nil, err
	}
	own, err := h.Store.Own(ctx, h.Writer(ctx), i.SessionID)
	if err != nil {
		return nil, problem(err)
	}
	return &accountReply{ETag: httpapi.ETag(own.Version), Body: accountOf(own.Account)}, nil
}

type changeOwnInput struct {
	IfMatch string `header:"If-Match" doc:"The version that is changed"`
	Body    struct {
		DisplayName *string `json:"display_name,omitempty"`
		Department  *string `json:"department,omitempty"`
		Phone       *string `json:"phone,omitempty"`
	}
}

func (h handlers[W]) changeOwn(ctx context.Context, in *changeOwnInput) (*accountReply, error) {
	i, err := own(ctx)
	if err != nil {
		return nil, err
	}
	version, err := httpapi.IfMatch(in.IfMatch)
	if err != nil {
		return nil, err
	}
	acc, err := h.Store.Update(ctx, h.Writer(ctx), i.AccountID, version, auth.AccountChange{
		DisplayName: in.Body.DisplayName, Department: in.Body.Department, Phone: in.Body.Phone,
	})
	if err != nil {
		return nil, problem(err)
	}
	return &accountReply{ETag: httpapi.ETag(acc.Version), Body: accountOf(acc)}, nil
}

type passwordInput struct {
	Body struct {
		Old string `json:"old"`
		New string `json:"new"`
	}
}

func (h handlers[W]) changePassword(ctx context.Context, in *passwordInput) (*struct{}, error) {
	i, err := own(ctx)
	if err != nil {
		return nil, err
	}
	return nil, problem(h.Store.ChangePassword(ctx, h.Writer(ctx), i.SessionID, in.Body.Old, in.Body.New))
}

type ownSession struct {
	ID         string    `json:"id"`
	From       string    `json:"from" doc:"Address it was made from"`
	Agent      string    `json:"agent" doc:"What the browser calls itself"`
	CreatedAt  time.Time `json:"created_at"`
	LastSeenAt time.Time `json:"last_seen_at" doc:"To the minute"`
	Current    bool      `json:"current" doc:"The one of this request"`
}

type ownSessions struct {
	Body struct {
		Sessions []ownSession `json:"sessions" nullable:"false"`
	}
}

func (h handlers[W]) ownSessions(ctx context.Context, _ *struct{}) (*ownSessions, error) {
	i, err := own(ctx)
	if err != nil {
		return nil, err
	}
	list, err := h.Store.Sessions(ctx, h.Writer(ctx))
	if err != nil {
		return nil, problem(err)
	}
	out := &ownSessions{}
	out.Body.Sessions = make([]ownSession, len(list))
	for n, s := range list {
		out.Body.Sessions[n] = ownSession{s.ID, s.From, s.Agent, s.CreatedAt, s.LastSeenAt, s.ID == i.SessionID}
	}
	return out, nil
}

// PathID is the id in the address of a route.
type PathID struct {
	ID string `path:"id" maxLength:"64"`
}

func (h handlers[W]) endOwnSession(ctx context.Context, in *PathID) (*struct{}, error) {
	if _, err := own(ctx); err != nil {
		return nil, err
	}
	return nil, problem(h.Store.EndSession(ctx, h.Writer(ctx), in.ID))
}
