package coveragedb

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"yike/coverage"
	"yike/geo/divisions"
	"yike/internal/postgres"
)

// PopulationPoint is a place where people live: a cell of a grid or a building.
type PopulationPoint struct {
	SourceID     string
	Base         divisions.Base
	People       []coverage.People // in the order of the pack's bands
	DivisionCode string            // the finest division that holds it; empty outside all
	Point        orb.Point
}

func peopleRecords() postgres.Records {
	return postgres.Records{
		Table:   "population_point",
		Key:     []string{"base", "source_id"},
		Content: []string{"people", "division_code", "geom"},
	}
}

// Bases gives the bases that adcode has people of, resident first: it is the one asked about unless a question says otherwise.
func (s *Store) Bases(ctx context.Context, adcode string) ([]divisions.Base, error) {
	rows, err := s.db.Reader().Query(ctx, `SELECT DISTINCT base FROM population_point WHERE adcode = @adcode ORDER BY base DESC`,
		pgx.StrictNamedArgs{"adcode": adcode})
	if err != nil {
		return nil, fmt.Errorf("list bases: %w", err)
	}
	bases, err := pgx.CollectRows(rows, pgx.RowTo[divisions.Base])
	if err != nil {
		return nil, fmt.Errorf("list bases: %w", err)
	}
	return bases, nil
}

// Demand gives where the people of a base live, by source id, and beside each point
// the code of its division ("" outside all). Division and Snaps are left nil. bands
// are the pack's, in its order; ErrBands when people were stored under others.
func (s *Store) Demand(ctx context.Context, adcode string, base divisions.Base, bands []coverage.Band) (*coverage.Demand, []string, error) {
	rows, err := s.db.Reader().Query(ctx, `
SELECT id::text, people, coalesce(division_code, ''), geom FROM population_point
WHERE adcode = @adcode AND base = @base ORDER BY source_id COLLATE "C"`,
		pgx.StrictNamedArgs{"adcode": adcode, "base": string(base)})
	if err != nil {
		return nil, nil, fmt.Errorf("list people: %w", err)
	}
	d := &coverage.Demand{Bands: bands, People: make([][]coverage.People, len(bands))}
	var codes []string
	var id, code string
	var people []int64
	var point orb.Point
	_, err = pgx.ForEachRow(rows, []any{&id, &people, &code, &point}, func() error {
		if len(people) != len(bands) {
			return ErrBands
		}
		d.IDs = append(d.IDs, id)
		d.Points = append(d.Points, point)
		codes = append(codes, code)
		for b, n := range people {
			d.People[b] = append(d.People[b], coverage.People(n))
		}
		return nil
	})
	if err != nil {
		return nil, nil, fmt.Errorf("list people: %w", err)
	}
	return d, codes, nil
}

// Population gives every population point of adcode, by base and source id.
func (s *Store) Population(ctx context.Context, adcode string) ([]PopulationPoint, error) {
	rows, err := s.db.Reader().Query(ctx, `
SELECT source_id, base, people, coalesce(division_code, ''), geom FROM population_point
WHERE adcode = @adcode ORDER BY base, source_id COLLATE "C"`, pgx.StrictNamedArgs{"adcode": adcode})
	if err != nil {
		return nil, fmt.Errorf("list people: %w", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (PopulationPoint, error) {
		var p PopulationPoint
		var people []int64
		err := row.Scan(&p.SourceID, &p.Base, &people, &p.DivisionCode, &p.Point)
		for _, n := range people {
			p.People = append(p.People, coverage.People(n))
		}
		return p, err
	})
	if err != nil {
		return nil, fmt.Errorf("list people: %w", err)
	}
	return list, nil
}

// ReplacePopulation makes list all the population points of adcode, of every base.
func (s *Store) ReplacePopulation(ctx context.Context, tx pgx.Tx, adcode string, list []PopulationPoint) (postgres.Changes, error) {
	return peopleRecords().Replace(ctx, tx, adcode, len(list), func(i int) ([]any, error) {
		p := &list[i]
		people := make([]int64, len(p.People))
		for b, n := range p.People {
			people[b] = int64(n)
		}
		return []any{string(p.Base), p.SourceID, people, nullable(p.DivisionCode), p.Point}, nil
	})
}
