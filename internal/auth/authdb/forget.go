package authdb

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"yike/internal/postgres"
)

// Keep is how long what is needed no longer is kept.
type Keep struct {
	Sessions time.Duration // after their end
	Failures time.Duration // failed sign-ins; a lock stays until it opens
	Tokens   time.Duration // after their end
	Phones   time.Duration // of accounts, after they were disabled
}

// UsualKeep is what an installation keeps unless it says otherwise. The audit log, which
// the law asks to be kept for at least six months, is never forgotten.
func UsualKeep() Keep {
	const day = 24 * time.Hour
	return Keep{Failures: 2 * day, Tokens: 90 * day, Phones: 180 * day}
}

// Forgotten counts what Forget took away.
type Forgotten struct {
	Sessions int64 `json:"sessions"`
	Failures int64 `json:"login_failures"`
	Tokens   int64 `json:"tokens"`
	Phones   int64 `json:"phones"`
}

// Forget takes away, inside a write of the system, what an authority holds about people
// for no purpose any more: sessions that ended, tokens that did long ago, failed sign-ins,
// and the phone numbers of accounts long disabled, in every version of them. A second
// time finds nothing.
func (a *Accounts) Forget(ctx context.Context, tx *postgres.Tx, k Keep) (Forgotten, error) {
	now := a.now()
	var done Forgotten
	for _, step := range []struct {
		count  *int64
		what   string
		before time.Time
		sql    string
	}{
		{&done.Sessions, "sessions", now.Add(-k.Sessions), `
DELETE FROM session WHERE adcode = @adcode AND expires_at < @before`},
		{&done.Failures, "failed sign-ins", now.Add(-k.Failures), `
DELETE FROM login_failure
WHERE adcode = @adcode AND last_at < @before AND (locked_until IS NULL OR locked_until < @before)`},
		{&done.Tokens, "tokens", now.Add(-k.Tokens), `
DELETE FROM api_token WHERE adcode = @adcode AND least(expires_at, revoked_at) < @before`},
		{&done.Phones, "phone numbers", now.Add(-k.Phones), `
UPDATE account SET phone = '' WHERE adcode = @adcode AND status = 'disabled' AND phone <> '' AND lower(recorded) < @before`},
	} {
		tag, err := tx.Exec(ctx, step.sql, pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "before": step.before})
		if err != nil {
			return Forgotten{}, fmt.Errorf("forget %s: %w", step.what, err)
		}
		*step.count = tag.RowsAffected()
	}
	// A number that the account no longer has, because it was just erased, must not stay
	// in its history; one that the account still has may.
	_, err := tx.Exec(ctx, `
UPDATE account_history h SET phone = '' FROM account a
WHERE h.adcode = @adcode AND a.adcode = h.adcode AND a.id = h.id AND a.status = 'disabled' AND a.phone = '' AND h.phone <> ''`,
		pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode})
	if err != nil {
		return Forgotten{}, fmt.Errorf("forget phone numbers of the history: %w", err)
	}
	if done != (Forgotten{}) {
		tx.Note(postgres.Note{Action: "retention.forget", Kind: "account", After: done})
	}
	return done, nil
}
