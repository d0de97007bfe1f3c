package facilitydb

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"yike/facilities"
	"yike/internal/postgres"
)

// Edited gives the facilities of adcode that people wrote, by source id.
func (s *Store) Edited(ctx context.Context, q postgres.Querier, adcode string) ([]facilities.Facility, error) {
	rows, err := q.Query(ctx, `SELECT `+columns+` FROM facility WHERE adcode = @adcode AND edited ORDER BY source_id COLLATE "C"`,
		pgx.StrictNamedArgs{"adcode": adcode})
	if err != nil {
		return nil, fmt.Errorf("list what people wrote: %w", err)
	}
	list, err := pgx.CollectRows(rows, scan)
	if err != nil {
		return nil, fmt.Errorf("list what people wrote: %w", err)
	}
	return list, nil
}

// RemoveAll takes every facility of adcode away, those that people wrote too, and gives
// the latter. The history keeps them.
func (s *Store) RemoveAll(ctx context.Context, tx pgx.Tx, adcode string) (postgres.Changes, []facilities.Facility, error) {
	edited, err := s.Edited(ctx, tx, adcode)
	if err != nil {
		return postgres.Changes{}, nil, err
	}
	all := records()
	all.Kept = ""
	changes, err := all.Replace(ctx, tx, adcode, 0, nil)
	return changes, edited, err
}

// finest is the division that a facility lies in: SQL over a point that is called place.
const finest = `(SELECT code FROM division WHERE adcode = @adcode AND ST_Covers(geom, place)
ORDER BY array_position(ARRAY['grid', 'community', 'subdistrict', 'district', 'city', 'province'], level), code COLLATE "C" LIMIT 1)`

// Settle puts the facilities that people wrote into the divisions as they are now, where
// there are none into the authority itself, and gives those that lie in none any more and
// keep the code they had.
func (s *Store) Settle(ctx context.Context, tx pgx.Tx, adcode string) (outside []facilities.Facility, err error) {
	args := pgx.StrictNamedArgs{"adcode": adcode}
	_, err = tx.Exec(ctx, `
UPDATE facility SET division_code = found.code
FROM (SELECT id AS of_id, CASE WHEN EXISTS (SELECT FROM division WHERE adcode = @adcode) THEN `+finest+` ELSE @adcode END AS code FROM (SELECT id, geom AS place FROM facility WHERE adcode = @adcode AND edited AND geom IS NOT NULL) AS f) AS found
WHERE adcode = @adcode AND id = of_id AND found.code <> division_code`, args)
	if err != nil {
		return nil, fmt.Errorf("find the divisions of what people wrote: %w", err)
	}
	rows, err := tx.Query(ctx, `
SELECT `+columns+` FROM facility
WHERE adcode = @adcode AND edited AND geom IS NOT NULL AND EXISTS (SELECT FROM division WHERE adcode = @adcode)
	AND NOT EXISTS (SELECT FROM division AS d WHERE d.adcode = @adcode AND ST_Covers(d.geom, facility.geom))
ORDER BY source_id COLLATE "C"`, args)
	if err != nil {
		return nil, fmt.Errorf("find the divisions of what people wrote: %w", err)
	}
	outside, err = pgx.CollectRows(rows, scan)
	if err != nil {
		return nil, fmt.Errorf("find the divisions of what people wrote: %w", err)
	}
	return outside, nil
}
