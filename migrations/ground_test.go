package migrations_test

import (
	"errors"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
)

// TestEveryAuthorityIsSixDigits holds that no table takes records of an authority whose
// code cannot be one, whichever program writes them.
func TestEveryAuthorityIsSixDigits(t *testing.T) {
	t.Parallel()
	rows, err := dbtest.New(t).Pool().Query(t.Context(), `
SELECT c.table_name, EXISTS (
	SELECT FROM pg_constraint k WHERE k.conrelid = c.table_name::regclass AND k.contype = 'c'
	AND pg_get_constraintdef(k.oid) LIKE '%adcode ~ ''^[0-9]{6}$''%')
FROM information_schema.columns c WHERE c.column_name = 'adcode' AND c.table_schema = 'public' ORDER BY 1`)
	if err != nil {
		t.Fatal(err)
	}
	var table string
	var held bool
	n := 0
	_, err = pgx.ForEachRow(rows, []any{&table, &held}, func() error {
		n++
		if !held {
			t.Errorf("%s takes any adcode", table)
		}
		return nil
	})
	if err != nil || n < 9 {
		t.Fatalf("%d tables: %v", n, err)
	}
}

// TestGroundRefuses holds the rules that keep wrong counts and codes out.
func TestGroundRefuses(t *testing.T) {
	t.Parallel()
	const (
		people = `INSERT INTO population_point (adcode, id, source_id, base, people, geom)
VALUES ('990001', gen_random_uuid(), 'a', 'resident', $1::text::bigint[], 'SRID=4326;POINT(117 39)')`
		parent = `INSERT INTO division (adcode, id, code, level, parent_code, name_zh, geom)
VALUES ('990001', gen_random_uuid(), '990001001', 'subdistrict', $1, '甲', 'SRID=4326;MULTIPOLYGON(((0 0, 1 0, 1 1, 0 0)))')`
		authority = `INSERT INTO road_barrier (adcode, id, source_id, kind, passable, geom)
VALUES ($1, gen_random_uuid(), 'a', 'gate', true, 'SRID=4326;POINT(117 39)')`
	)
	for _, c := range []struct {
		name, insert, value string
		taken               bool
	}{
		{"people", people, "{0,123}", true},
		{"negative people", people, "{5,-1}", false},
		{"unknown people", people, "{5,NULL}", false},
		{"parent", parent, "990001", true},
		{"parent that is no code", parent, "abc", false},
		{"empty parent", parent, "", false},
		{"authority", authority, "990001", true},
		{"authority that is no code", authority, "99000a", false},
		{"authority of another length", authority, "9900011", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			err := dbtest.New(t).Write(t.Context(), postgres.System("", "test"), "insert", func(tx *postgres.Tx) error {
				_, err := tx.Exec(t.Context(), c.insert, c.value)
				return err
			})
			var pe *pgconn.PgError
			if c.taken && err != nil || !c.taken && (!errors.As(err, &pe) || pe.Code != "23514") { // check_violation
				t.Errorf("got %v", err)
			}
		})
	}
}
