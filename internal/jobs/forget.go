package jobs

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"yike/internal/postgres"
)

// Forget takes away the jobs of the writer's authority that ended before a moment, and
// counts them. What they did, and that they were asked for, stays in the audit log.
func Forget(ctx context.Context, tx *postgres.Tx, before time.Time) (int64, error) {
	tag, err := tx.Exec(ctx, `DELETE FROM job WHERE adcode = @adcode AND finished_at < @before`,
		pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "before": before})
	if err != nil {
		return 0, fmt.Errorf("forget old jobs: %w", err)
	}
	return tag.RowsAffected(), nil
}

// States counts the jobs of all authorities in each state.
func States(ctx context.Context, db *postgres.DB) (map[string]float64, error) {
	rows, err := db.Reader().Query(ctx, `SELECT state, count(*)::float8 FROM job GROUP BY state`)
	if err != nil {
		return nil, fmt.Errorf("count jobs: %w", err)
	}
	out := map[string]float64{}
	var state string
	var n float64
	_, err = pgx.ForEachRow(rows, []any{&state, &n}, func() error {
		out[state] = n
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("count jobs: %w", err)
	}
	return out, nil
}

// Since reports whether a job of a kind is under way or ended within a time.
func Since(ctx context.Context, db *postgres.DB, adcode, kind string, within time.Duration) (bool, error) {
	var there bool
	err := db.Reader().QueryRow(ctx, `
SELECT EXISTS (SELECT FROM job WHERE adcode = @adcode AND kind = @kind AND (finished_at IS NULL OR finished_at > now() - @within::interval))`,
		pgx.StrictNamedArgs{"adcode": adcode, "kind": kind, "within": within}).Scan(&there)
	if err != nil {
		return false, fmt.Errorf("look for a recent job: %w", err)
	}
	return there, nil
}
