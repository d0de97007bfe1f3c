package authhttp

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"yike/internal/auth"
	"yike/internal/httpapi"
)

func (h handlers[W]) registerTokens(api huma.API) {
	httpapi.Register(api, operation("own-tokens", http.MethodGet, "/account/tokens", tagAccount, "Own API tokens · 我的令牌", "Those that are over included, for a season."), h.tokens)
	httpapi.Register(api, created(operation("create-token", http.MethodPost, "/account/tokens", tagAccount, "Make an API token · 建立令牌",
		"For programs: as a bearer token, or as the password of Basic. It may do what is listed, as long as its owner may. "+
			"The token is in this answer only: repeated with the same Idempotency-Key it is empty.", 409)), h.createToken)
	httpapi.Register(api, operation("revoke-token", http.MethodDelete, "/account/tokens/{id}", tagAccount, "Revoke an API token · 收回令牌", "At once.", 404), h.revokeToken)
}

// Token is an API token without its secret.
type Token struct {
	ID         string        `json:"id"`
	Name       string        `json:"name" doc:"What it is for"`
	Actions    []auth.Action `json:"actions" nullable:"false"`
	CreatedAt  time.Time     `json:"created_at"`
	ExpiresAt  time.Time     `json:"expires_at"`
	LastUsedAt *time.Time    `json:"last_used_at" nullable:"true" doc:"To the minute"`
	RevokedAt  *time.Time    `json:"revoked_at" nullable:"true"`
}

func tokenBody(t auth.Token) Token {
	return Token{t.ID, t.Name, orEmpty(t.Actions), t.CreatedAt, t.ExpiresAt, orNull(t.LastUsedAt), orNull(t.RevokedAt)}
}

type tokenList struct {
	Body struct {
		Tokens []Token `json:"tokens" nullable:"false"`
	}
}

func (h handlers[W]) tokens(ctx context.Context, _ *struct{}) (*tokenList, error) {
	if _, err := own(ctx); err != nil {
		return nil, err
	}
	list, err := h.Store.Tokens(ctx, h.Writer(ctx))
	if err != nil {
		return nil, problem(err)
	}
	out := &tokenList{}
	out.Body.Tokens = make([]Token, len(list))
	for i, t := range list {
		out.Body.Tokens[i] = tokenBody(t)
	}
	return out, nil
}

type createTokenInput struct {
	Body struct {
		Name    string        `json:"name" doc:"What it is for"`
		Actions []auth.Action `json:"actions" nullable:"false" maxItems:"100"`
		Days    int           `json:"days" doc:"How long it works"`
	}
}

// NewToken is a token with its secret.
type NewToken struct {
	Token
	Secret string `json:"token" doc:"Shown this once; empty when the request was answered before"`
}

type newTokenReply struct{ Body NewToken }

func (h handlers[W]) createToken(ctx context.Context, in *createTokenInput) (*newTokenReply, error) {
	i, err := own(ctx)
	if err != nil {
		return nil, err
	}
	made, secret, err := h.Store.CreateToken(ctx, h.Writer(ctx), i.AccountID, auth.NewToken{Name: in.Body.Name, Actions: in.Body.Actions, Days: in.Body.Days})
	if err != nil {
		return nil, problem(err)
	}
	return &newTokenReply{NewToken{tokenBody(made), secret}}, nil
}

func (h handlers[W]) revokeToken(ctx context.Context, in *PathID) (*struct{}, error) {
	if _, err := own(ctx); err != nil {
		return nil, err
	}
	return nil, problem(h.Store.RevokeToken(ctx, h.Writer(ctx), in.ID))
}
