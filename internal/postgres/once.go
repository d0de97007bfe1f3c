package postgres

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// WriteOnce is Write for a request that may come twice: where the writer has a key, the
// first time keeps fn's result as JSON in the same transaction, and every later time
// gives that result and does nothing. Two at once take turns. It returns ErrKeyReused
// when the key came with another request. Without a key it is Write.
//
// T must survive its JSON form, and must not hold a secret.
func WriteOnce[T any](ctx context.Context, db *DB, w Writer, why string, fn func(tx *Tx) (T, error)) (T, error) {
	var out T
	err := db.Write(ctx, w, why, func(tx *Tx) error {
		var err error
		if w.Key == "" {
			out, err = fn(tx)
			return err
		}
		found, err := tx.claim(ctx, &out)
		if err != nil {
			return err
		}
		if found {
			return errDone
		}
		if out, err = fn(tx); err != nil {
			return err
		}
		return tx.keep(ctx, out)
	})
	if errors.Is(err, errDone) {
		err = nil
	}
	return out, err
}

// errDone rolls back a transaction that had nothing to do.
var errDone = errors.New("done before")

func (t *Tx) keyOwner() string {
	if t.writer.Account == "" {
		return uuid.Nil.String()
	}
	return t.writer.Account
}

// claim keeps others with the same key waiting, and decodes what was answered before.
func (t *Tx) claim(ctx context.Context, into any) (found bool, err error) {
	args := pgx.StrictNamedArgs{"adcode": t.writer.AdCode, "account": t.keyOwner(), "key": t.writer.Key}
	_, err = t.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended('yike once ' || @adcode || ' ' || @account || ' ' || @key, 0))`, args)
	if err != nil {
		return false, fmt.Errorf("claim the idempotency key: %w", err)
	}
	var hash []byte
	var answer json.RawMessage
	err = t.QueryRow(ctx, `
SELECT request_hash, answer FROM idempotency_key
WHERE adcode = @adcode AND account_id = @account AND key = @key`, args).Scan(&hash, &answer)
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look up the idempotency key: %w", err)
	}
	if !bytes.Equal(hash, t.writer.RequestHash) {
		return false, ErrKeyReused
	}
	if err := json.Unmarshal(answer, into); err != nil {
		return false, fmt.Errorf("read what was answered before: %w", err)
	}
	return true, nil
}

func (t *Tx) keep(ctx context.Context, answer any) error {
	raw, err := json.Marshal(answer)
	if err != nil {
		return fmt.Errorf("encode the answer: %w", err)
	}
	hash := t.writer.RequestHash
	if hash == nil {
		hash = []byte{}
	}
	_, err = t.Exec(ctx, `
INSERT INTO idempotency_key (adcode, account_id, key, request_hash, answer) VALUES (@adcode, @account, @key, @hash, @answer)`,
		pgx.StrictNamedArgs{"adcode": t.writer.AdCode, "account": t.keyOwner(), "key": t.writer.Key, "hash": hash, "answer": json.RawMessage(raw)})
	if err != nil {
		return fmt.Errorf("keep the answer for its idempotency key: %w", err)
	}
	return nil
}

// ForgetKeys takes away the idempotency keys of the writer's authority that came before a
// moment, with what was answered, and counts them.
func ForgetKeys(ctx context.Context, tx *Tx, before time.Time) (int64, error) {
	tag, err := tx.Exec(ctx, `DELETE FROM idempotency_key WHERE adcode = @adcode AND at < @before`,
		pgx.StrictNamedArgs{"adcode": tx.writer.AdCode, "before": before})
	if err != nil {
		return 0, fmt.Errorf("forget idempotency keys: %w", err)
	}
	return tag.RowsAffected(), nil
}
