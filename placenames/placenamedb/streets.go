package placenamedb

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"yike/internal/postgres"
)

// Street is a named street of the road network, which is not yet a record.
type Street struct {
	Name     string
	LengthM  float64
	Geometry orb.Geometry // its pieces joined: a line or several
}

// Streets gives at most limit of the named streets of the road network, the longest first and
// by name: what a register may begin with, and what a record of a road may be drawn by.
func (s *Store) Streets(ctx context.Context, w postgres.Writer, limit int) ([]Street, error) {
	var out []Street
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		rows, err := q.Query(ctx, `
SELECT name, sum(ST_Length(geom::geography)) AS length, ST_LineMerge(ST_Collect(geom ORDER BY source_id)) FROM road
WHERE adcode = @adcode AND name <> '' GROUP BY name ORDER BY length DESC, name LIMIT @limit`, pgx.StrictNamedArgs{"adcode": w.AdCode, "limit": limit})
		if err != nil {
			return err
		}
		out, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Street])
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list the streets of the network: %w", err)
	}
	return out, nil
}
