package divisiondb

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"yike/geo/divisions"
)

// Dwellings gives what the buildings of adcode come to, by the code of the finest
// division that holds them: the households of those of which they are known, and how many
// buildings that are or may be dwellings say nothing.
func (s *Store) Dwellings(ctx context.Context, adcode string) (map[string]divisions.Dwellings, error) {
	rows, err := s.db.Reader().Query(ctx, `
SELECT division_code, coalesce(sum(households), 0), count(*) FILTER (WHERE households = 0 AND use IN ('residential', ''))
FROM building WHERE adcode = @adcode AND division_code IS NOT NULL GROUP BY division_code`, pgx.StrictNamedArgs{"adcode": adcode})
	if err != nil {
		return nil, fmt.Errorf("count dwellings: %w", err)
	}
	out := map[string]divisions.Dwellings{}
	var code string
	var d divisions.Dwellings
	_, err = pgx.ForEachRow(rows, []any{&code, &d.Households, &d.Unknown}, func() error {
		out[code] = d
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("count dwellings: %w", err)
	}
	return out, nil
}
