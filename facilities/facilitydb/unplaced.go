package facilitydb

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"yike/facilities"
	"yike/internal/postgres"
)

// UnplacedFilter picks records whose position is not known. Zero values pick all.
type UnplacedFilter struct {
	Division string // or below it
	Type     string
	Batch    string // an import that brought them
	Text     string // in the name or the address
	After    string // an id
	Limit    int    // needed
}

// Unplaced gives the records that w sees and whose position is not known, tombstones
// apart, in the order of their ids, and counts all of them.
func (s *Store) Unplaced(ctx context.Context, w postgres.Writer, f UnplacedFilter) (list []facilities.Facility, total int, err error) {
	if f.After != "" && !postgres.IsID(f.After) {
		return nil, 0, nil
	}
	const picked = ` FROM facility
WHERE adcode = @adcode AND geom IS NULL AND replaced_by = '{}' AND division_code LIKE @division || '%' AND (@type = '' OR type = @type)
	AND (@text = '' OR position(@text IN lower(name_zh || ' ' || address)) > 0)
	AND (NOT @of_batch OR id IN (` + writtenBy + `))`
	args := func(more pgx.StrictNamedArgs) pgx.StrictNamedArgs {
		all := pgx.StrictNamedArgs{
			"adcode": w.AdCode, "division": f.Division, "type": f.Type, "text": strings.ToLower(strings.TrimSpace(f.Text)),
			"of_batch": f.Batch != "", "batch": idOrNone(f.Batch),
		}
		for k, v := range more {
			all[k] = v
		}
		return all
	}
	err = s.db.Read(ctx, w, func(q postgres.Querier) error {
		if err := q.QueryRow(ctx, `SELECT count(*)`+picked, args(nil)).Scan(&total); err != nil {
			return err
		}
		rows, err := q.Query(ctx, `SELECT `+columns+picked+` AND (@after = '' OR id > nullif(@after, '')::uuid) ORDER BY id LIMIT @limit`,
			args(pgx.StrictNamedArgs{"after": f.After, "limit": f.Limit}))
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, scan)
		return err
	})
	if err != nil {
		return nil, 0, fmt.Errorf("list what is to be placed: %w", err)
	}
	return list, total, nil
}

// writtenBy are the facilities that the import @batch wrote: rows that it only tried, or
// that said nothing new, or that were taken back, are not its doing.
const writtenBy = `SELECT r.facility_id FROM import_result r
	WHERE r.adcode = @adcode AND r.batch_id = @batch::uuid AND r.facility_id IS NOT NULL
		AND r.outcome IN ('create', 'unplaced', 'update') AND r.undo <> 'restored'
		AND r.number <= (SELECT max(c.last_row) FROM import_chunk c WHERE c.adcode = @adcode AND c.batch_id = @batch::uuid)`

// idOrNone is an id, or one that nothing has for what is none.
func idOrNone(id string) string {
	if postgres.IsID(id) {
		return id
	}
	return uuid.Nil.String()
}
