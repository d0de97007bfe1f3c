package authhttp

import (
	"context"
	"encoding/base64"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"yike/internal/auth"
	"yike/internal/httpapi"
)

func (h handlers[W]) registerAccounts(api huma.API) {
	httpapi.Register(api, operation("accounts", http.MethodGet, "/accounts", tagAccounts, "Accounts, page by page · 账号", "In the order of their names. Follow next until it is null."), h.accounts)
	httpapi.Register(api, created(operation("create-account", http.MethodPost, "/accounts", tagAccounts, "Make an account · 新建账号",
		"Without roles. The one-time password is in this answer only: repeated with the same Idempotency-Key it is empty.", 404, 409)), h.createAccount)
	httpapi.Register(api, operation("account", http.MethodGet, "/accounts/{id}", tagAccounts, "One account · 账号", "", 404), h.account)
	httpapi.Register(api, operation("change-account", http.MethodPatch, "/accounts/{id}", tagAccounts, "Change or disable an account · 修改或停用账号",
		"A JSON merge patch of what is to change. A disabled account's sessions end.", 404, 412, 428), h.changeAccount)
	httpapi.Register(api, operation("reset-password", http.MethodPost, "/accounts/{id}/password-reset", tagAccounts, "Give a new one-time password · 重置密码",
		"Opens the lock; ends sessions and tokens. The password is in this answer only: repeated with the same Idempotency-Key it is empty. "+
			"Where the policy keeps the three administrators apart, theirs are reset on the server alone: yike account reset-password.", 404, 409), h.resetPassword)
	httpapi.Register(api, operation("unlock-account", http.MethodPost, "/accounts/{id}/unlock", tagAccounts, "Open a lock · 解锁账号", "After too many failed tries.", 404), h.unlock)
	httpapi.Register(api, operation("reveal", http.MethodPost, "/accounts/{id}/reveal", tagAccounts, "See personal data in full · 查看完整个人信息",
		"The reason goes into the audit log, each time.", 404), h.reveal)
}

type accountsInput struct {
	Text   string `query:"q" maxLength:"100" doc:"Only where the name, the name for people or the department contains this, in any case"`
	Limit  int    `query:"limit" default:"50" minimum:"1" maximum:"200" doc:"Accounts per page"`
	Cursor string `query:"cursor" maxLength:"200" doc:"next of the page before"`
}

type accountPage struct {
	Body struct {
		Accounts []Account `json:"accounts" nullable:"false"`
		Next     *string   `json:"next" nullable:"true" doc:"Cursor of the next page; null on the last"`
	}
}

func (h handlers[W]) accounts(ctx context.Context, in *accountsInput) (*accountPage, error) {
	if _, err := signedIn(ctx); err != nil {
		return nil, err
	}
	after, err := base64.RawURLEncoding.DecodeString(in.Cursor)
	if err != nil {
		return nil, httpapi.NewProblem(http.StatusUnprocessableEntity, "bad_cursor", "cursor 应取自上一页的 next", "cursor must be next of the page before").
			With(httpapi.Fault{Pointer: "query.cursor", Value: in.Cursor, Reason: text("不是有效的游标", "not a cursor")})
	}
	page, more, err := h.Store.List(ctx, h.Writer(ctx), auth.AccountQuery{Text: in.Text, After: string(after), Limit: in.Limit})
	if err != nil {
		return nil, problem(err)
	}
	out := &accountPage{}
	out.Body.Accounts = make([]Account, len(page))
	for i, a := range page {
		out.Body.Accounts[i] = masked(a)
	}
	if more {
		next := base64.RawURLEncoding.EncodeToString([]byte(page[len(page)-1].Name))
		out.Body.Next = &next
	}
	return out, nil
}

type createAccountInput struct {
	Body struct {
		Name        string `json:"name" doc:"Typed to sign in: 2 to 63 small letters, digits or . _ -"`
		DisplayName string `json:"display_name"`
		Department  string `json:"department,omitempty"`
		Phone       string `json:"phone,omitempty"`
	}
}

// MadeAccount is a new account with its one-time password.
type MadeAccount struct {
	Account
	Password string `json:"password" doc:"One-time password, shown this once; empty when the request was answered before"`
}

type madeAccountReply struct {
	ETag     string `header:"ETag"`
	Location string `header:"Location"`
	Body     MadeAccount
}

func (h handlers[W]) createAccount(ctx context.Context, in *createAccountInput) (*madeAccountReply, error) {
	if _, err := signedIn(ctx); err != nil {
		return nil, err
	}
	acc, password, err := h.Store.Create(ctx, h.Writer(ctx), auth.NewAccount(in.Body))
	if err != nil {
		return nil, problem(err)
	}
	return &madeAccountReply{ETag: httpapi.ETag(acc.Version), Location: "/api/v1/accounts/" + acc.ID, Body: MadeAccount{masked(acc), password}}, nil
}

func (h handlers[W]) account(ctx context.Context, in *PathID) (*accountReply, error) {
	if _, err := signedIn(ctx); err != nil {
		return nil, err
	}
	acc, err := h.Store.Account(ctx, h.Writer(ctx), in.ID)
	if err != nil {
		return nil, problem(err)
	}
	return &accountReply{ETag: httpapi.ETag(acc.Version), Body: masked(acc)}, nil
}

type changeAccountInput struct {
	PathID
	IfMatch string `header:"If-Match" doc:"The version that is changed"`
	Body    struct {
		DisplayName *string      `json:"display_name,omitempty"`
		Department  *string      `json:"department,omitempty"`
		Phone       *string      `json:"phone,omitempty"`
		Status      *auth.Status `json:"status,omitempty" enum:"active,disabled"`
	}
}

func (h handlers[W]) changeAccount(ctx context.Context, in *changeAccountInput) (*accountReply, error) {
	if _, err := signedIn(ctx); err != nil {
		return nil, err
	}
	version, err := httpapi.IfMatch(in.IfMatch)
	if err != nil {
		return nil, err
	}
	acc, err := h.Store.Update(ctx, h.Writer(ctx), in.ID, version, auth.AccountChange(in.Body))
	if err != nil {
		return nil, problem(err)
	}
	return &accountReply{ETag: httpapi.ETag(acc.Version), Body: masked(acc)}, nil
}

type reasonInput struct {
	PathID
	Body struct {
		Reason string `json:"reason" doc:"Goes into the audit log"`
	}
}

type passwordReply struct {
	Body struct {
		Password string `json:"password" doc:"One-time password, shown this once; empty when the request was answered before"`
	}
}

func (h handlers[W]) resetPassword(ctx context.Context, in *reasonInput) (*passwordReply, error) {
	if _, err := signedIn(ctx); err != nil {
		return nil, err
	}
	password, err := h.Store.ResetPassword(ctx, h.Writer(ctx), in.ID, auth.Reset{Reason: in.Body.Reason})
	if err != nil {
		return nil, problem(err)
	}
	out := &passwordReply{}
	out.Body.Password = password
	return out, nil
}

func (h handlers[W]) unlock(ctx context.Context, in *reasonInput) (*struct{}, error) {
	if _, err := signedIn(ctx); err != nil {
		return nil, err
	}
	return nil, problem(h.Store.Unlock(ctx, h.Writer(ctx), in.ID, in.Body.Reason))
}

type revealed struct {
	Body struct {
		Phone string `json:"phone"`
	}
}

func (h handlers[W]) reveal(ctx context.Context, in *reasonInput) (*revealed, error) {
	if _, err := signedIn(ctx); err != nil {
		return nil, err
	}
	phone, err := h.Store.Reveal(ctx, h.Writer(ctx), in.ID, in.Body.Reason)
	if err != nil {
		return nil, problem(err)
	}
	out := &revealed{}
	out.Body.Phone = phone
	return out, nil
}
