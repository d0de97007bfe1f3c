// Package divisiondb stores divisions and the people that their source counts in them.
package divisiondb

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"yike/geo/divisions"
	"yike/internal/postgres"
)

// Store reads and writes divisions.
type Store struct{ db *postgres.DB }

// New gives a store on db.
func New(db *postgres.DB) *Store { return &Store{db: db} }

func divisionRecords() postgres.Records {
	return postgres.Records{
		Table:   "division",
		Key:     []string{"code"},
		Content: []string{"level", "parent_code", "name_zh", "name_en", "pinyin", "setting", "households", "complete", "geom"},
	}
}

func peopleRecords() postgres.Records {
	return postgres.Records{
		Table:   "division_people",
		Key:     []string{"division_code", "base", "band"},
		Content: []string{"people"},
	}
}

// List gives the divisions of adcode, wider levels first and then by code, each with
// its people. None is no error.
func (s *Store) List(ctx context.Context, adcode string) ([]divisions.Division, error) {
	rows, err := s.db.Reader().Query(ctx, `
SELECT id::text, code, level, coalesce(parent_code, ''), name_zh, name_en, pinyin, setting, households, complete, geom
FROM division WHERE adcode = @adcode
ORDER BY array_position(ARRAY['province', 'city', 'district', 'subdistrict', 'community', 'grid'], level), code COLLATE "C"`,
		pgx.StrictNamedArgs{"adcode": adcode})
	if err != nil {
		return nil, fmt.Errorf("list divisions: %w", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (divisions.Division, error) {
		var d divisions.Division
		err := row.Scan(&d.ID, &d.Code, &d.Level, &d.ParentCode, &d.NameZH, &d.NameEN, &d.Pinyin,
			&d.Setting, &d.Households, &d.Complete, &d.Boundary)
		return d, err
	})
	if err != nil {
		return nil, fmt.Errorf("list divisions: %w", err)
	}
	return list, s.addPeople(ctx, adcode, list)
}

func (s *Store) addPeople(ctx context.Context, adcode string, list []divisions.Division) error {
	at := make(map[string]int, len(list))
	for i, d := range list {
		at[d.Code] = i
	}
	rows, err := s.db.Reader().Query(ctx, `
SELECT division_code, base, band, people FROM division_people WHERE adcode = @adcode
ORDER BY division_code COLLATE "C", base, band COLLATE "C"`, pgx.StrictNamedArgs{"adcode": adcode})
	if err != nil {
		return fmt.Errorf("list people of divisions: %w", err)
	}
	var code string
	var c divisions.BandCount
	_, err = pgx.ForEachRow(rows, []any{&code, &c.Base, &c.Band, &c.People}, func() error {
		if i, ok := at[code]; ok {
			list[i].People = append(list[i].People, c)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("list people of divisions: %w", err)
	}
	return nil
}

// Replace makes list all the divisions of adcode. Codes keep their ids. The changes
// count the divisions and their people, one row for each base and band.
func (s *Store) Replace(ctx context.Context, tx pgx.Tx, adcode string, list []divisions.Division) (postgres.Changes, error) {
	changes, err := divisionRecords().Replace(ctx, tx, adcode, len(list), func(i int) ([]any, error) {
		d := &list[i]
		return []any{
			d.Code, string(d.Level), nullable(d.ParentCode), d.NameZH, d.NameEN, d.Pinyin,
			string(d.Setting), d.Households, d.Complete, d.Boundary,
		}, nil
	})
	if err != nil {
		return changes, err
	}
	type count struct {
		code string
		divisions.BandCount
	}
	var counts []count
	for _, d := range list {
		for _, c := range d.People {
			counts = append(counts, count{d.Code, c})
		}
	}
	people, err := peopleRecords().Replace(ctx, tx, adcode, len(counts), func(i int) ([]any, error) {
		c := counts[i]
		return []any{c.code, string(c.Base), c.Band, c.People}, nil
	})
	changes.Created += people.Created
	changes.Updated += people.Updated
	changes.Removed += people.Removed
	changes.Unchanged += people.Unchanged
	return changes, err
}

// InvalidDivision is a division whose boundary PostGIS calls invalid.
type InvalidDivision struct{ Code, NameZH, Reason string }

// Invalid gives the divisions of adcode whose boundaries are not valid.
func (s *Store) Invalid(ctx context.Context, tx pgx.Tx, adcode string) ([]InvalidDivision, error) {
	rows, err := tx.Query(ctx, `
SELECT code, name_zh, ST_IsValidReason(geom) AS reason FROM division
WHERE adcode = @adcode AND NOT ST_IsValid(geom) ORDER BY code COLLATE "C"`, pgx.StrictNamedArgs{"adcode": adcode})
	if err != nil {
		return nil, fmt.Errorf("check boundaries: %w", err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[InvalidDivision])
	if err != nil {
		return nil, fmt.Errorf("check boundaries: %w", err)
	}
	return list, nil
}

// Overlap is two divisions of one level on the same ground.
type Overlap struct {
	CodeA, NameA, CodeB, NameB string
	Share                      float64 // of the smaller one, 0 to 1
}

// Overlaps gives the pairs of one level of which more than share of the smaller one
// lies inside the other. Slivers along a border drawn twice stay below.
func (s *Store) Overlaps(ctx context.Context, tx pgx.Tx, adcode string, share float64) ([]Overlap, error) {
	rows, err := tx.Query(ctx, `
SELECT code_a, name_a, code_b, name_b, share FROM (
	SELECT a.code AS code_a, a.name_zh AS name_a, b.code AS code_b, b.name_zh AS name_b,
		ST_Area(ST_Intersection(a.geom, b.geom)) / nullif(least(ST_Area(a.geom), ST_Area(b.geom)), 0) AS share
	FROM division a JOIN division b
	ON a.adcode = b.adcode AND a.level = b.level AND a.code < b.code AND a.geom && b.geom AND NOT ST_Touches(a.geom, b.geom)
	WHERE a.adcode = @adcode
) pair
WHERE share > @share ORDER BY code_a, code_b`, pgx.StrictNamedArgs{"adcode": adcode, "share": share})
	if err != nil {
		return nil, fmt.Errorf("compare boundaries: %w", err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Overlap])
	if err != nil {
		return nil, fmt.Errorf("compare boundaries: %w", err)
	}
	return list, nil
}

func nullable(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
