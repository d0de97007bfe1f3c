package authdb

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"yike/internal/auth"
	"yike/internal/postgres"
)

// mostTokens is how many tokens of an account may work at the same time.
const mostTokens = 50

// Tokens lists the writer's tokens, the latest first, those that are over included.
func (a *Accounts) Tokens(ctx context.Context, w postgres.Writer) ([]auth.Token, error) {
	rows, err := a.db.Reader().Query(ctx, `
SELECT id, name, actions, created_at, expires_at, last_used_at, revoked_at FROM api_token
WHERE adcode = @adcode AND account_id = @account ORDER BY created_at DESC, id`,
		pgx.StrictNamedArgs{"adcode": w.AdCode, "account": w.Account})
	if err != nil {
		return nil, fmt.Errorf("list tokens: %w", err)
	}
	out, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (auth.Token, error) {
		var t auth.Token
		var used, revoked *time.Time
		err := row.Scan(&t.ID, &t.Name, &t.Actions, &t.CreatedAt, &t.ExpiresAt, &used, &revoked)
		if used != nil {
			t.LastUsedAt = *used
		}
		if revoked != nil {
			t.RevokedAt = *revoked
		}
		return t, err
	})
	if err != nil {
		return nil, fmt.Errorf("list tokens: %w", err)
	}
	return out, nil
}

// CreateToken makes a token for an account: the writer's own, or for the system any. It
// gives the token's secret, which is kept nowhere; "" when the request was answered
// before. It returns an InvalidError for what the account may not do itself.
func (a *Accounts) CreateToken(ctx context.Context, w postgres.Writer, account string, n auth.NewToken) (auth.Token, string, error) {
	acc, err := a.one(ctx, w, account)
	if err != nil {
		return auth.Token{}, "", err
	}
	if w.Account != "" && w.Account != account {
		return auth.Token{}, "", auth.ErrForbidden
	}
	stored, err := policyOf(ctx, a.db.Reader(), w.AdCode)
	if err != nil {
		return auth.Token{}, "", err
	}
	owner := auth.Identity{}
	for _, g := range acc.Grants {
		owner.Grants = append(owner.Grants, g.Grant)
	}
	if faults := n.Validate(stored.Policy, func(x auth.Action) bool { return owner.May(x, "") }); len(faults) > 0 {
		return auth.Token{}, "", &auth.InvalidError{Faults: faults}
	}
	var random [20]byte
	_, _ = rand.Read(random[:]) // never fails
	secret, made := auth.FormToken(random), false
	out, err := postgres.WriteOnce(ctx, a.db, w, "建立令牌 / make an API token", func(tx *postgres.Tx) (auth.Token, error) {
		made = true
		return a.insertToken(ctx, tx, account, n, secret)
	})
	if err != nil {
		return auth.Token{}, "", told(err)
	}
	if !made {
		secret = ""
	}
	return out, secret, nil
}

func (a *Accounts) insertToken(ctx context.Context, tx *postgres.Tx, account string, n auth.NewToken, secret string) (auth.Token, error) {
	id, err := newID()
	if err != nil {
		return auth.Token{}, err
	}
	now := a.now().UTC().Truncate(time.Microsecond) // what PostgreSQL keeps
	t := auth.Token{ID: id, Name: strings.TrimSpace(n.Name), Actions: n.Actions, CreatedAt: now, ExpiresAt: now.AddDate(0, 0, n.Days)}
	tx.Note(postgres.Note{
		Action: "token.create", Kind: "api_token", ID: id,
		After: map[string]any{"account_id": account, "name": t.Name, "actions": t.Actions, "expires_at": t.ExpiresAt},
	})
	return t, tx.AsOwner(ctx, func() error {
		tag, err := tx.Exec(ctx, `
INSERT INTO api_token (adcode, id, account_id, name, token_hash, actions, created_at, expires_at)
SELECT @adcode, @id, @account, @name, @hash, @actions, @now, @expires
WHERE (SELECT count(*) FROM api_token
	WHERE adcode = @adcode AND account_id = @account AND revoked_at IS NULL AND expires_at > @now) < @most`,
			pgx.StrictNamedArgs{
				"adcode": tx.Writer().AdCode, "id": id, "account": account, "name": t.Name, "hash": hashOf([]byte(secret)),
				"actions": t.Actions, "now": now, "expires": t.ExpiresAt, "most": mostTokens,
			})
		if err != nil {
			return fmt.Errorf("keep the token: %w", err)
		}
		if tag.RowsAffected() == 0 {
			return auth.ErrTooMany
		}
		return nil
	})
}

// RevokeToken ends one of the writer's own tokens at once, or returns auth.ErrNotFound.
func (a *Accounts) RevokeToken(ctx context.Context, w postgres.Writer, id string) error {
	if !isID(id) {
		return auth.ErrNotFound
	}
	err := a.db.Write(ctx, w, "收回令牌 / revoke an API token", func(tx *postgres.Tx) error {
		tx.Note(postgres.Note{Action: "token.revoke", Kind: "api_token", ID: id})
		return tx.AsOwner(ctx, func() error {
			tag, err := tx.Exec(ctx, `
UPDATE api_token SET revoked_at = @now WHERE adcode = @adcode AND account_id = @account AND id = @id AND revoked_at IS NULL`,
				pgx.StrictNamedArgs{"adcode": w.AdCode, "account": w.Account, "id": id, "now": a.now()})
			if err != nil {
				return fmt.Errorf("revoke the token: %w", err)
			}
			if tag.RowsAffected() == 0 {
				return auth.ErrNotFound
			}
			return nil
		})
	})
	a.held.empty()
	return told(err)
}
