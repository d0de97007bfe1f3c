package postgres_test

import (
	"testing"

	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
)

// TestNamesAreSortedAnew holds that indexes of names are made anew when the rules changed
// that they are in the order of, and only then.
func TestNamesAreSortedAnew(t *testing.T) {
	t.Parallel()
	url := dbtest.URL(t)
	db, err := postgres.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	look := func() (file uint32, current bool) {
		t.Helper()
		err := db.Pool().QueryRow(t.Context(), `
SELECT pg_relation_filenode('facility_listed'), (SELECT collversion = pg_collation_actual_version(oid) FROM pg_collation WHERE collname = 'yike_pinyin')`).
			Scan(&file, &current)
		if err != nil {
			t.Fatal(err)
		}
		return file, current
	}
	migrate := func() {
		t.Helper()
		if n, err := postgres.Migrate(t.Context(), url); err != nil || n != 0 {
			t.Fatalf("%d migrations, %v", n, err)
		}
	}
	before, current := look()
	if !current {
		t.Error("a new database is in a former order")
	}
	migrate()
	if same, _ := look(); same != before {
		t.Error("made anew without need")
	}
	if _, err := db.Pool().Exec(t.Context(), `UPDATE pg_collation SET collversion = '1.0' WHERE collname = 'yike_pinyin'`); err != nil {
		t.Fatal(err)
	}
	migrate()
	if after, current := look(); after == before || !current {
		t.Errorf("index %d then %d; current: %v", before, after, current)
	}
}
