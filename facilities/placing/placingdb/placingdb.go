// Package placingdb reads the gazetteer of a district: the names of its divisions, roads
// and buildings, and the facilities that are registered with an address.
package placingdb

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"yike/facilities/placing"
	"yike/geo/divisions"
	"yike/internal/postgres"
)

// Store reads gazetteers.
type Store struct{ db *postgres.DB }

// New gives a store on db.
func New(db *postgres.DB) *Store { return &Store{db: db} }

// Gazetteer reads everything that has a name in adcode. more are further sources, such as
// addresses or place names that somebody else keeps. A district in which nothing has a name
// gives a gazetteer that finds nothing.
//
// Of the registry it knows what is published, with a position of its own, and no examples:
// whoever may look for an address may see what it is found by.
func (s *Store) Gazetteer(ctx context.Context, adcode string, more ...placing.Source) (*placing.Gazetteer, error) {
	var g *placing.Gazetteer
	err := s.db.Snapshot(ctx, func(at *postgres.DB) error {
		list, err := divisionList(ctx, at.Reader(), adcode)
		if err != nil {
			return err
		}
		sources := slices.Clone(more)
		for _, read := range []func(context.Context, postgres.Querier, string) ([]placing.Entry, error){roads, buildings, facilities} {
			entries, err := read(ctx, at.Reader(), adcode)
			if err != nil {
				return err
			}
			sources = append(sources, slices.Values(entries))
		}
		g = placing.New(list, sources...)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the gazetteer: %w", err)
	}
	return g, nil
}

// Mark is a word that changes whenever the gazetteer of adcode may have changed.
func (s *Store) Mark(ctx context.Context, adcode string) (string, error) {
	var mark string
	err := s.db.Reader().QueryRow(ctx, `
SELECT (SELECT coalesce(string_agg(kind || version || digest, ' ' ORDER BY kind), '') FROM layer WHERE adcode = @adcode)
	|| '/' || (SELECT count(*) || '/' || coalesce(sum(hashtextextended(id::text, version)), 0) FROM facility WHERE adcode = @adcode)`,
		pgx.StrictNamedArgs{"adcode": adcode}).Scan(&mark)
	if err != nil {
		return "", fmt.Errorf("look whether the gazetteer changed: %w", err)
	}
	return mark, nil
}

func collect[T any](ctx context.Context, q postgres.Querier, what, sql, adcode string, scan func(pgx.CollectableRow) (T, error)) ([]T, error) {
	rows, err := q.Query(ctx, sql, pgx.StrictNamedArgs{"adcode": adcode})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	list, err := pgx.CollectRows(rows, scan)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	return list, nil
}

func divisionList(ctx context.Context, q postgres.Querier, adcode string) ([]divisions.Division, error) {
	return collect(ctx, q, "divisions", `
SELECT id::text, code, level, coalesce(parent_code, ''), name_zh, name_en, geom FROM division WHERE adcode = @adcode
ORDER BY array_position(ARRAY['province', 'city', 'district', 'subdistrict', 'community', 'grid'], level), code COLLATE "C"`, adcode,
		func(row pgx.CollectableRow) (divisions.Division, error) {
			var d divisions.Division
			err := row.Scan(&d.ID, &d.Code, &d.Level, &d.ParentCode, &d.NameZH, &d.NameEN, &d.Boundary)
			return d, err
		})
}

// roads are the pieces of roads that have a name.
func roads(ctx context.Context, q postgres.Querier, adcode string) ([]placing.Entry, error) {
	return collect(ctx, q, "roads", `
SELECT id::text, name, geom FROM road WHERE adcode = @adcode AND name <> '' ORDER BY name COLLATE "C", id`, adcode,
		func(row pgx.CollectableRow) (placing.Entry, error) {
			e := placing.Entry{Kind: placing.Road}
			err := row.Scan(&e.ID, &e.Name, &e.Line)
			return e, err
		})
}

func buildings(ctx context.Context, q postgres.Querier, adcode string) ([]placing.Entry, error) {
	return collect(ctx, q, "buildings", `
SELECT id::text, name, ST_PointOnSurface(geom) FROM building WHERE adcode = @adcode AND name <> '' ORDER BY name COLLATE "C", id`, adcode,
		func(row pgx.CollectableRow) (placing.Entry, error) {
			e := placing.Entry{Kind: placing.Building}
			err := row.Scan(&e.ID, &e.Name, &e.Point)
			return e, err
		})
}

func facilities(ctx context.Context, q postgres.Querier, adcode string) ([]placing.Entry, error) {
	return collect(ctx, q, "facilities", `
SELECT id::text, name_zh, address, geom, placed_by = 'address' FROM facility
WHERE adcode = @adcode AND stage = 'published' AND replaced_by = '{}' AND NOT example AND geom IS NOT NULL ORDER BY id`, adcode,
		func(row pgx.CollectableRow) (placing.Entry, error) {
			e := placing.Entry{Kind: placing.Facility}
			var at orb.Point
			err := row.Scan(&e.ID, &e.Name, &e.Address, &at, &e.Unsure)
			e.Point = at
			return e, err
		})
}
