package importdb

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"yike/facilities/imports"
	"yike/internal/postgres"
)

// Known gives the records that the same rows became in earlier imports that were taken and
// not reversed: facility ids by print, in the order of the rows.
func Known(ctx context.Context, q postgres.Querier, adcode, batch string, prints []string) (map[string][]string, error) {
	rows, err := q.Query(ctx, `
SELECT DISTINCT ON (r.print, r.facility_id) r.print::text, r.facility_id::text, r.number
FROM (SELECT DISTINCT print::uuid FROM unnest(@prints::text[]) AS p (print)) AS p, LATERAL (
	SELECT r.print, r.facility_id, r.number FROM import_result r
	JOIN import_batch b ON b.adcode = r.adcode AND b.id = r.batch_id
	WHERE r.adcode = @adcode AND r.print = p.print AND r.facility_id IS NOT NULL AND r.batch_id <> @batch
		AND r.outcome IN ('create', 'unplaced', 'update', 'unchanged') AND b.state IN ('committing', 'committed', 'undoing', 'undone')
		AND r.undo NOT IN ('removed', 'gone') AND EXISTS (SELECT FROM facility f WHERE f.adcode = r.adcode AND f.id = r.facility_id)
	OFFSET 0) AS r -- each print apart, whatever the planner guesses of a table that is being filled
ORDER BY r.print, r.facility_id, r.number`, postgres.PlannedAnew, pgx.StrictNamedArgs{"adcode": adcode, "batch": batch, "prints": prints})
	if err != nil {
		return nil, fmt.Errorf("look for rows that came before: %w", err)
	}
	type found struct {
		id     string
		number int
	}
	all := map[string][]found{}
	var print string
	var f found
	if _, err := pgx.ForEachRow(rows, []any{&print, &f.id, &f.number}, func() error {
		all[print] = append(all[print], f)
		return nil
	}); err != nil {
		return nil, fmt.Errorf("look for rows that came before: %w", err)
	}
	out := map[string][]string{}
	for print, list := range all {
		slices.SortFunc(list, func(a, b found) int { return a.number - b.number })
		for _, f := range list {
			out[print] = append(out[print], f.id)
		}
	}
	return out, nil
}

// Touched gives the records that rows of a batch up to last are of, with their rows.
func Touched(ctx context.Context, q postgres.Querier, adcode, batch string, last int) (map[string]int, map[string]int, error) {
	rows, err := q.Query(ctx, `
SELECT coalesce(facility_id::text, ''), coalesce(print::text, ''), number FROM import_result
WHERE adcode = @adcode AND batch_id = @batch AND number <= @last AND outcome IN ('create', 'unplaced', 'update', 'unchanged')`,
		pgx.StrictNamedArgs{"adcode": adcode, "batch": batch, "last": last})
	if err != nil {
		return nil, nil, fmt.Errorf("read which records an import touched: %w", err)
	}
	byID, byPrint := map[string]int{}, map[string]int{}
	var id, print string
	var number int
	if _, err := pgx.ForEachRow(rows, []any{&id, &print, &number}, func() error {
		byID[id] = number
		if first, ok := byPrint[print]; !ok || number < first {
			byPrint[print] = number
		}
		return nil
	}); err != nil {
		return nil, nil, fmt.Errorf("read which records an import touched: %w", err)
	}
	return byID, byPrint, nil
}

// Rights are where an account may do what taking rows in needs: prefixes of division codes.
type Rights struct{ Import, Publish []string }

// ReadRights reads them, on behalf of the account. The system may do everything.
func ReadRights(ctx context.Context, tx *postgres.Tx, account string) (Rights, error) {
	if account == "" {
		return Rights{Import: []string{""}, Publish: []string{""}}, nil
	}
	var r Rights
	err := as(ctx, tx, account, func() error {
		var write []string
		err := tx.QueryRow(ctx, `SELECT yike_scopes('facility.import'), yike_scopes('facility.write'), yike_scopes('facility.publish')`).Scan(&r.Import, &write, &r.Publish)
		r.Import = both(r.Import, write)
		r.Publish = both(r.Publish, r.Publish)
		return err
	})
	if err != nil {
		return r, fmt.Errorf("ask where one may import: %w", err)
	}
	return r, nil
}

// both are the prefixes of what two lists of patterns hold.
func both(a, b []string) []string {
	out := []string{}
	for _, p := range a {
		for _, q := range b {
			p, q := p[:len(p)-1], q[:len(q)-1] // the % at their ends
			switch {
			case len(p) >= len(q) && p[:len(q)] == q:
				out = append(out, p)
			case len(q) > len(p) && q[:len(p)] == p:
				out = append(out, q)
			}
		}
	}
	return out
}

// Measure tells the planner what the tables that rows are looked up in hold, the rows that
// this transaction wrote included. A table that was emptied, or is being filled, counts as
// empty until somebody measures it; all indexes then look the same, and the planner takes
// one by which each look-up reads the whole registry. Where somebody else measures or cleans
// a table at this moment it passes it over, and gives false for the registry. It needs the
// owner's rights and takes less than half a second.
func Measure(ctx context.Context, tx *postgres.Tx) (done bool, err error) {
	_, err = tx.Exec(ctx, `ANALYZE (SKIP_LOCKED) facility (adcode, id, source_id, name_zh, uscc, institution_code, bureau_no), import_result (adcode, batch_id, facility_id, print)`)
	if err != nil {
		return false, fmt.Errorf("measure the registry: %w", err)
	}
	// That it passed a table over it says in a warning only; its lock stays until the end.
	err = tx.QueryRow(ctx, `
SELECT EXISTS (SELECT FROM pg_locks WHERE pid = pg_backend_pid() AND relation = 'facility'::regclass AND mode = 'ShareUpdateExclusiveLock' AND granted)`).Scan(&done)
	if err != nil {
		return false, fmt.Errorf("look whether the registry was measured: %w", err)
	}
	return done, nil
}

// Took notes that this transaction took the rows from first to last of a batch, and what
// became of them. all are the counts of the batch so far; ended says that there are no
// more.
func Took(ctx context.Context, tx *postgres.Tx, id string, first, last int, counts, all imports.Counts, ended bool) error {
	args := pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "id": id, "first": first, "last": last, "counts": counts}
	if last >= first {
		_, err := tx.Exec(ctx, `INSERT INTO import_chunk (adcode, batch_id, first_row, last_row, counts) VALUES (@adcode, @id, @first, @last, @counts)`, args)
		if err != nil {
			return fmt.Errorf("note which rows were taken: %w", err)
		}
	}
	_, err := tx.Exec(ctx, `
UPDATE import_batch SET done = @all, state = CASE WHEN @ended THEN 'committed' ELSE 'committing' END,
	committed_at = CASE WHEN @ended THEN now() ELSE committed_at END
WHERE adcode = @adcode AND id = @id AND state IN ('checked', 'committing')`,
		pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "id": id, "all": all, "ended": ended})
	if err != nil {
		return fmt.Errorf("note how far an import is: %w", err)
	}
	return nil
}

// CheckDone notes that the results of a batch are of its version. It does nothing where
// somebody changed the batch meanwhile.
func CheckDone(ctx context.Context, tx *postgres.Tx, id string, version int, counts imports.Counts) error {
	_, err := tx.Exec(ctx, `
UPDATE import_batch SET checked = @version, counts = @counts, state = 'checked', checked_at = now()
WHERE adcode = @adcode AND id = @id AND version = @version AND state IN ('mapped', 'checked')`,
		pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "id": id, "version": version, "counts": counts})
	if err != nil {
		return fmt.Errorf("note that an import was checked: %w", err)
	}
	return nil
}

// TakenSoFar gives the last row of a batch that was taken, 0 for none, and what became of
// all of them.
func TakenSoFar(ctx context.Context, q postgres.Querier, adcode, batch string) (last int, done imports.Counts, err error) {
	err = q.QueryRow(ctx, `
SELECT coalesce((SELECT max(last_row) FROM import_chunk WHERE adcode = @adcode AND batch_id = @batch), 0), done
FROM import_batch WHERE adcode = @adcode AND id = @batch`, pgx.StrictNamedArgs{"adcode": adcode, "batch": batch}).Scan(&last, &done)
	if err != nil {
		return 0, nil, fmt.Errorf("read how far an import is: %w", err)
	}
	if done == nil {
		done = imports.Counts{}
	}
	return last, done, nil
}
