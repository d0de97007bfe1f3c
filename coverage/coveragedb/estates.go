package coveragedb

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"yike/coverage"
)

// Estates gives the named homes of adcode, by name: buildings whose names differ only in
// the number of the house count as one estate of a division, in the middle of them.
func (s *Store) Estates(ctx context.Context, adcode string) ([]coverage.Landmark, error) {
	rows, err := s.db.Reader().Query(ctx, `
WITH named AS (
  SELECT regexp_replace(btrim(name), '[\s第#＃（(-]*[0-9０-９A-Za-z一二三四五六七八九十]{1,4}\s*(号楼|号院|栋|幢|座|号|楼)[)）]?$', '') AS estate,
    division_code, ST_Centroid(geom) AS at
  FROM building
  WHERE adcode = @adcode AND name <> '' AND use IN ('residential', 'apartments', 'house', 'dormitory', '')
)
SELECT estate, ST_X(ST_Centroid(ST_Collect(at))), ST_Y(ST_Centroid(ST_Collect(at)))
FROM named WHERE estate <> ''
GROUP BY estate, division_code
ORDER BY estate COLLATE "C", division_code COLLATE "C"`, pgx.StrictNamedArgs{"adcode": adcode})
	if err != nil {
		return nil, fmt.Errorf("list named homes: %w", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (coverage.Landmark, error) {
		l := coverage.Landmark{Home: true}
		return l, row.Scan(&l.Name.ZH, &l.Point[0], &l.Point[1])
	})
	if err != nil {
		return nil, fmt.Errorf("list named homes: %w", err)
	}
	return list, nil
}
