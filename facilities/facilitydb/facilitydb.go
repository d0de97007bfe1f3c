// Package facilitydb stores facilities: what people register and change one by one, what
// a data pack brings, and what each of them was before.
package facilitydb

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/paulmach/orb"

	"yike/facilities"
	"yike/internal/hanzi"
	"yike/internal/postgres"
	"yike/internal/record"
)

// ErrNotFound says that there is no facility of that id.
var ErrNotFound = errors.New("没有这个设施 / no such facility")

// Store reads and writes facilities.
type Store struct {
	db    *postgres.DB
	types Catalogue
	spell func() *hanzi.Speller
	files Files // nil where merges take none along
}

// Catalogue gives the facility types of an authority as they are in the database that q
// reads. It is safe for concurrent use.
type Catalogue interface {
	Types(ctx context.Context, q postgres.Querier, adcode string) (facilities.Types, error)
}

// fixed are types that no database changes.
type fixed struct{ are facilities.Types }

// Types gives them, those that come with the program for the zero value.
func (f fixed) Types(context.Context, postgres.Querier, string) (facilities.Types, error) {
	return f.are.OrBuiltIn()
}

// New gives a store on db that holds what is written to the types that come with the program.
func New(db *postgres.DB) *Store {
	spell := sync.OnceValue(func() *hanzi.Speller { return hanzi.NewSpeller(hanzi.NewSounds()) })
	return &Store{db: db, types: fixed{}, spell: spell}
}

// WithTypes gives a store that holds what is written to another catalogue of types.
func (s *Store) WithTypes(types facilities.Types) *Store { return s.WithCatalogue(fixed{types}) }

// WithCatalogue gives a store that holds each write to the types as they are when it is made.
func (s *Store) WithCatalogue(types Catalogue) *Store {
	out := *s
	out.types = types
	return &out
}

func records() postgres.Records {
	return postgres.Records{
		Table: "facility",
		Key:   []string{"source_id"},
		Content: []string{
			"type", "name_zh", "name_en", "status", "stage", "example", "address", "capacity", "serves", "division_code", "geom",
			"placed_by", "place_confidence", "uscc", "institution_code", "bureau_no", "fields", "verified_on",
		},
		Kept: "edited",
	}
}

// The columns of a facility, as the tables have them and as scan reads them.
const (
	stored = `adcode, id, source_id, version, type, name_zh, name_en, status, stage, example, address, capacity, serves, division_code, geom,
	placed_by, place_confidence, uscc, institution_code, bureau_no, fields, verified_on, replaced_by, edited, valid`
	columns = `id::text, source_id, version, type, name_zh, name_en, status, stage, example, address, capacity, serves, division_code, geom,
	placed_by, place_confidence, uscc, institution_code, bureau_no, fields, coalesce(verified_on::text, ''), replaced_by::text[], edited, coalesce(lower(valid)::text, '')`
)

func scan(row pgx.CollectableRow) (facilities.Facility, error) { return scanWith(row) }

// scanWith reads the columns of a facility, and into more what is selected behind them.
func scanWith(row pgx.CollectableRow, more ...any) (facilities.Facility, error) {
	var f facilities.Facility
	var point *orb.Point
	err := row.Scan(append([]any{
		&f.ID, &f.SourceID, &f.Version, &f.Type, &f.NameZH, &f.NameEN, &f.Status, &f.Stage, &f.Example,
		&f.Address, &f.Capacity, &f.Serves, &f.DivisionCode, &point, &f.PlacedBy, &f.PlaceConfidence,
		&f.USCC, &f.InstitutionCode, &f.BureauNo, &f.Fields, &f.VerifiedOn, &f.ReplacedBy, &f.Edited, &f.ValidFrom,
	}, more...)...)
	if point == nil {
		f.Unplaced = true
	} else {
		f.Point = *point
	}
	f.Fields = facilities.TidyFields(f.Fields)
	return f, err
}

// rows reads facilities.
func rows() postgres.Found[facilities.Facility] {
	return postgres.Found[facilities.Facility]{What: "facility", Missing: ErrNotFound, Scan: scan}
}

// present gives the present version of one facility.
func present(ctx context.Context, q postgres.Querier, adcode, id string) (facilities.Facility, error) {
	if !postgres.IsID(id) {
		return facilities.Facility{}, ErrNotFound
	}
	return rows().One(q.Query(ctx, `SELECT `+columns+` FROM facility WHERE adcode = @adcode AND id = @id`, pgx.StrictNamedArgs{"adcode": adcode, "id": id}))
}

// List gives what is counted and drawn: the facilities of adcode that are published and
// placed, without tombstones, by type and then source id. None is no error.
func (s *Store) List(ctx context.Context, adcode string) ([]facilities.Facility, error) {
	rows, err := s.db.Reader().Query(ctx, `SELECT `+columns+` FROM facility
WHERE adcode = @adcode AND stage = 'published' AND geom IS NOT NULL AND replaced_by = '{}'
ORDER BY type COLLATE "C", source_id COLLATE "C"`, pgx.StrictNamedArgs{"adcode": adcode})
	if err != nil {
		return nil, fmt.Errorf("list facilities: %w", err)
	}
	list, err := pgx.CollectRows(rows, scan)
	if err != nil {
		return nil, fmt.Errorf("list facilities: %w", err)
	}
	return list, nil
}

// Mark is a word that changes whenever any facility of adcode does, for those who hold
// them in memory. It costs one look at every row, and no lock: a counter that writers
// bump would make them wait for one another, and times do not follow commits.
func (s *Store) Mark(ctx context.Context, adcode string) (string, error) {
	var mark string
	err := s.db.Reader().QueryRow(ctx, `
SELECT count(*) || '/' || coalesce(sum(hashtextextended(id::text, version)), 0) FROM facility WHERE adcode = @adcode`,
		pgx.StrictNamedArgs{"adcode": adcode}).Scan(&mark)
	if err != nil {
		return "", fmt.Errorf("look whether facilities changed: %w", err)
	}
	return mark, nil
}

// Replace makes list all the facilities of adcode that a data pack brings. Source ids
// keep their ids. Those that people wrote stay as they are.
func (s *Store) Replace(ctx context.Context, tx pgx.Tx, adcode string, list []facilities.Facility) (postgres.Changes, error) {
	return records().Replace(ctx, tx, adcode, len(list), func(i int) ([]any, error) {
		f := facilities.Clean(list[i])
		return []any{
			f.SourceID, string(f.Type), f.NameZH, f.NameEN, string(f.Status), string(cmp.Or(f.Stage, facilities.Published)), f.Example, f.Address,
			f.Capacity, f.Serves, f.DivisionCode, pointOf(f),
			string(f.PlacedBy), f.PlaceConfidence, f.USCC, f.InstitutionCode, f.BureauNo, f.Fields, dayOf(f.VerifiedOn),
		}, nil
	})
}

// pointOf is the position as the column takes it: NULL where it is not known.
func pointOf(f facilities.Facility) any {
	if f.Unplaced {
		return nil
	}
	return f.Point
}

// dayOf is a day as a column of dates takes it: NULL for none.
func dayOf(d record.Day) pgtype.Date {
	t, err := time.Parse(time.DateOnly, string(d))
	return pgtype.Date{Time: t, Valid: err == nil}
}
