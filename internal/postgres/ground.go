package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// ErrLoading says that a load of the authority's pack is being stored: what a record is
// placed by may be another when it ends.
var ErrLoading = errors.New("正在载入数据包，请稍后再试 / a data pack is being loaded; try again shortly")

// LockGround keeps all others who lock the ground of an authority waiting, and those who
// stand on it out, until the transaction ends.
func LockGround(ctx context.Context, tx pgx.Tx, adcode string) error {
	_, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended('yike pack ' || @adcode, 0))`,
		pgx.StrictNamedArgs{"adcode": adcode})
	if err != nil {
		return fmt.Errorf("lock the ground of %s: %w", adcode, err)
	}
	return nil
}

// StandOnGround keeps the ground of the writer's authority, its divisions above all, as it
// is until the transaction ends. Any number may stand on it at once; it returns ErrLoading
// when somebody has locked it, or waits to.
func (t *Tx) StandOnGround(ctx context.Context) error {
	var free bool
	err := t.QueryRow(ctx, `SELECT pg_try_advisory_xact_lock_shared(hashtextextended('yike pack ' || @adcode, 0))`,
		pgx.StrictNamedArgs{"adcode": t.writer.AdCode}).Scan(&free)
	if err != nil {
		return fmt.Errorf("stand on the ground of %s: %w", t.writer.AdCode, err)
	}
	if !free {
		return ErrLoading
	}
	return nil
}
