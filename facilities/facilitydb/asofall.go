package facilitydb

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"yike/facilities"
	"yike/internal/postgres"
	"yike/internal/record"
)

// AsOfAll gives the facilities of adcode that were published on a day by what was known
// at a moment, in any status and placed or not, by type and then source id. Those that
// others took the place of by then are left out. It is one query, and asks for no right:
// it is for figures, and whoever shows a former version to somebody must ask for theirs.
func (s *Store) AsOfAll(ctx context.Context, adcode string, at record.At) ([]facilities.Facility, error) {
	rows, err := s.db.Reader().Query(ctx, `SELECT `+columns+` FROM `+history().AsOf(stored)+` AS facility
WHERE adcode = @adcode AND stage = 'published' AND replaced_by = '{}'
ORDER BY type COLLATE "C", source_id COLLATE "C"`, postgres.AsOfArgs(at, pgx.StrictNamedArgs{"adcode": adcode}))
	if err != nil {
		return nil, fmt.Errorf("list facilities as of %s: %w", at.Valid, err)
	}
	list, err := pgx.CollectRows(rows, scan)
	if err != nil {
		return nil, fmt.Errorf("list facilities as of %s: %w", at.Valid, err)
	}
	return list, nil
}
