package placingdb

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"yike/facilities/placing"
	"yike/internal/postgres"
)

// Without is Gazetteer without the facilities that an import made: what a row of a file is
// placed by must not depend on how far the taking of that file had come.
func (s *Store) Without(ctx context.Context, adcode, batch string) (*placing.Gazetteer, error) {
	var g *placing.Gazetteer
	err := s.db.Snapshot(ctx, func(at *postgres.DB) error {
		list, err := divisionList(ctx, at.Reader(), adcode)
		if err != nil {
			return err
		}
		ways, err := roads(ctx, at.Reader(), adcode)
		if err != nil {
			return err
		}
		houses, err := buildings(ctx, at.Reader(), adcode)
		if err != nil {
			return err
		}
		places, err := others(ctx, at.Reader(), adcode, batch)
		g = placing.New(list, slices.Values(ways), slices.Values(houses), slices.Values(places))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the gazetteer: %w", err)
	}
	return g, nil
}

// others are the facilities but those that an import made.
func others(ctx context.Context, q postgres.Querier, adcode, batch string) ([]placing.Entry, error) {
	all, err := facilities(ctx, q, adcode)
	if err != nil || len(all) == 0 {
		return all, err
	}
	rows, err := q.Query(ctx, `
SELECT facility_id::text FROM import_result WHERE adcode = @adcode AND batch_id = @batch AND outcome IN ('create', 'unplaced') AND facility_id IS NOT NULL`,
		pgx.StrictNamedArgs{"adcode": adcode, "batch": batch})
	if err != nil {
		return nil, fmt.Errorf("facilities of an import: %w", err)
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, fmt.Errorf("facilities of an import: %w", err)
	}
	made := map[string]bool{}
	for _, id := range ids {
		made[id] = true
	}
	return slices.DeleteFunc(all, func(e placing.Entry) bool { return made[e.ID] }), nil
}
