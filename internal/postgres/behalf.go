package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// errNotSystem says that a person's transaction was to run as somebody else.
var errNotSystem = errors.New("only the system acts for others")

// OnBehalf runs fn in a transaction of the system, but bound by row level security to the
// grants that an account has now: what a job does for whoever asked for it. "" is the
// system itself, which nothing binds. It returns fn's error, and the transaction is then
// of no more use.
func (t *Tx) OnBehalf(ctx context.Context, account string, fn func() error) error {
	if t.writer.Account != "" {
		return errNotSystem
	}
	if account == "" {
		return fn()
	}
	const become = `SELECT set_config('yike.account', @account, true), set_config('role', @role, true)`
	if _, err := t.Exec(ctx, become, pgx.StrictNamedArgs{"account": account, "role": "yike_app"}); err != nil {
		return fmt.Errorf("act on behalf of an account: %w", err)
	}
	if err := fn(); err != nil {
		return err
	}
	if _, err := t.Exec(ctx, become, pgx.StrictNamedArgs{"account": "", "role": "none"}); err != nil {
		return fmt.Errorf("be the system again: %w", err)
	}
	return nil
}

// Consequence runs fn in the same transaction as the system: for what follows by rule from a
// write whose right was asked for already, as a record that a decision changes. The audit entry
// and the versions stay those of the writer. It returns fn's error, and the transaction is then
// of no more use.
func (t *Tx) Consequence(ctx context.Context, fn func(tx *Tx) error) error {
	system := &Tx{Tx: t.Tx, writer: t.writer, change: t.change}
	system.writer.Account, system.writer.TokenActions = "", nil
	err := t.AsOwner(ctx, func() error { return fn(system) })
	t.notes = append(t.notes, system.notes...)
	return err
}
