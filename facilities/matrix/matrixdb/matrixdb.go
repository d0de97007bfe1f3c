// Package matrixdb reads what the table of communities is made from and no other store
// gives: every published facility, also one that nobody placed yet, and the service areas.
// It writes nothing.
package matrixdb

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"yike/facilities"
	"yike/facilities/matrix"
	"yike/internal/postgres"
)

// Store reads for the table. It is safe for concurrent use.
type Store struct{ db *postgres.DB }

// New gives a store on db.
func New(db *postgres.DB) *Store { return &Store{db: db} }

// Facilities gives the facilities that count: published, neither closed nor replaced,
// placed or not. Of each it reads what the table shows.
func (s *Store) Facilities(ctx context.Context, w postgres.Writer) ([]facilities.Facility, error) {
	var list []facilities.Facility
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		rows, err := q.Query(ctx, `
SELECT id::text, type, name_zh, name_en, status, stage, example, capacity, serves, division_code, fields, geom, geom IS NULL FROM facility
WHERE adcode = @adcode AND stage = 'published' AND status <> 'closed' AND replaced_by = '{}' ORDER BY id`,
			pgx.StrictNamedArgs{"adcode": w.AdCode})
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (facilities.Facility, error) {
			var f facilities.Facility
			err := row.Scan(&f.ID, &f.Type, &f.NameZH, &f.NameEN, &f.Status, &f.Stage, &f.Example, &f.Capacity, &f.Serves, &f.DivisionCode, &f.Fields, &f.Point, &f.Unplaced)
			return f, err
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list facilities for the table: %w", err)
	}
	return list, nil
}

// Areas gives the service areas that are not closed, by name.
func (s *Store) Areas(ctx context.Context, w postgres.Writer) ([]matrix.ServiceArea, error) {
	var list []matrix.ServiceArea
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		rows, err := q.Query(ctx, `SELECT name_zh, coalesce(nullif(name_en, ''), name_zh), communities FROM service_area
WHERE adcode = @adcode AND NOT closed ORDER BY name_zh COLLATE "C", id`, pgx.StrictNamedArgs{"adcode": w.AdCode})
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (matrix.ServiceArea, error) {
			var a matrix.ServiceArea
			err := row.Scan(&a.Name.ZH, &a.Name.EN, &a.Communities)
			return a, err
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list service areas: %w", err)
	}
	return list, nil
}

// Mark is a word that changes whenever a facility, a service area, a room of the ledger
// or a division does: what the table is made from.
func (s *Store) Mark(ctx context.Context, w postgres.Writer) (string, error) {
	var mark string
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		return q.QueryRow(ctx, `
SELECT concat_ws('/', max(n), sum(mark)) FROM (
	SELECT count(*) AS n, coalesce(sum(hashtextextended(id::text, version)), 0) AS mark FROM facility WHERE adcode = @adcode
	UNION ALL SELECT count(*), coalesce(sum(hashtextextended(id::text, version)), 0) FROM service_area WHERE adcode = @adcode
	UNION ALL SELECT count(*), coalesce(sum(hashtextextended(id::text, version)), 0) FROM premises WHERE adcode = @adcode
	UNION ALL SELECT count(*), coalesce(sum(hashtextextended(id::text, version)), 0) FROM division WHERE adcode = @adcode
) AS every`, pgx.StrictNamedArgs{"adcode": w.AdCode}).Scan(&mark)
	})
	if err != nil {
		return "", fmt.Errorf("look whether the table changed: %w", err)
	}
	return mark, nil
}
