package divisiondb

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Seams is how the grids of a community join: the ground of the community that is in none of
// them, and what they come to beyond the ground that they cover together, in square metres on
// the ellipsoid. Ground in three grids thus counts twice.
type Seams struct{ GapM2, OverlapM2 float64 }

// GridSeams measures the grids of each community of adcode, by its code. A community without
// any is all gap. The work is PostGIS's union of all grids, so whoever asks keeps the answer.
func (s *Store) GridSeams(ctx context.Context, adcode string) (map[string]Seams, error) {
	rows, err := s.db.Reader().Query(ctx, `
WITH grids AS (
	SELECT parent_code AS code, ST_Union(geom) AS geom, sum(ST_Area(geom::geography)) AS area
	FROM division WHERE adcode = @adcode AND level = 'grid' GROUP BY parent_code
)
SELECT c.code,
	CASE WHEN g.geom IS NULL THEN ST_Area(c.geom::geography) ELSE ST_Area(ST_Difference(c.geom, g.geom)::geography) END,
	coalesce(greatest(g.area - ST_Area(g.geom::geography), 0), 0)
FROM division c LEFT JOIN grids g ON g.code = c.code
WHERE c.adcode = @adcode AND c.level = 'community' ORDER BY c.code`, pgx.StrictNamedArgs{"adcode": adcode})
	if err != nil {
		return nil, fmt.Errorf("measure the seams of grids: %w", err)
	}
	out := map[string]Seams{}
	var code string
	var m Seams
	_, err = pgx.ForEachRow(rows, []any{&code, &m.GapM2, &m.OverlapM2}, func() error {
		out[code] = m
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("measure the seams of grids: %w", err)
	}
	return out, nil
}
