package divisiondb_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"yike/geo/divisions"
	"yike/geo/divisions/divisiondb"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
)

func TestDwellings(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	s := divisiondb.New(db)
	if got, err := s.Dwellings(t.Context(), "990001"); err != nil || len(got) != 0 {
		t.Errorf("of nothing: %v, %v", got, err)
	}
	err := db.Write(t.Context(), postgres.System("990001", "test"), "buildings", func(tx *postgres.Tx) error {
		_, err := tx.Exec(t.Context(), `
INSERT INTO building (adcode, id, source_id, use, households, division_code, geom)
SELECT adcode, gen_random_uuid(), n::text, use, households, code, 'SRID=4326;MULTIPOLYGON(((0 0, 1 0, 1 1, 0 0)))'
FROM (VALUES ('990001', 1, 'residential', 30, '990001001001'), ('990001', 2, 'residential', 12, '990001001001'), ('990001', 3, 'school', 0, '990001001001'),
	('990001', 4, 'residential', 0, '990001001002'), ('990001', 5, '', 0, '990001001002'), ('990001', 6, 'residential', 9, NULL),
	('990002', 7, 'residential', 9, '990001001001')) AS v (adcode, n, use, households, code)`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	got, err := s.Dwellings(t.Context(), "990001")
	want := map[string]divisions.Dwellings{"990001001001": {Households: 42}, "990001001002": {Unknown: 2}}
	if d := cmp.Diff(want, got); d != "" || err != nil {
		t.Error(d, err)
	}
	db.Close()
	if _, err := s.Dwellings(t.Context(), "990001"); err == nil {
		t.Error("a database that is closed answers")
	}
}
