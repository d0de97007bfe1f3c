package main

import (
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
)

// layerTables are the tables of each layer; layer and pack themselves are none.
func layerTables() map[string][]string {
	return map[string][]string{
		"divisions": {"division", "division_people"}, "roads": {"road", "road_barrier"},
		"buildings": {"building"}, "population": {"population_point"}, "facilities": {"facility"},
	}
}

// A load that replaces another pack is killed with kill -9 at growing delays behind
// each stage: afterwards each layer is wholly the old one or wholly the new one, and a
// second load ends as an undisturbed one.
func TestKilledReplacementsAreOldOrNew(t *testing.T) {
	t.Parallel()
	before, after := town(t, 20000, 3), town(t, 20000, 4)
	old, whole := dbtest.New(t), dbtest.New(t)
	mustLoad(t, old, before, loadOptions{})
	mustLoad(t, whole, after, loadOptions{})
	oldRows, newRows := contents(t, old, false), contents(t, whole, false)
	for _, l := range layers() {
		t.Run(l.kind, func(t *testing.T) {
			t.Parallel()
			url := dbtest.URL(t)
			env := []string{"DATABASE_URL=" + url}
			db, err := postgres.Open(t.Context(), url)
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			mustLoad(t, db, before, loadOptions{})
			for round := range 4 {
				p := start(t, env, "load", after)
				p.waitFor(t, l.says)
				for range round * 20_000_000 {
					continue // further into the transaction each time, without a clock
				}
				p.kill()
				p.wait()
				if oldOrNew(t, db, l.kind, oldRows, newRows) {
					break // the layer is through: a further round would be killed at nothing
				}
			}
			if code, said := runProgram(t, env, "load", after); code != exitOK {
				t.Fatalf("the second load ends with %d: %s", code, said)
			}
			if d := cmp.Diff(newRows, contents(t, db, false)); d != "" {
				t.Error(d)
			}
		})
	}
}

// oldOrNew holds every layer against both packs, and tells whether the one that was
// killed is new already.
func oldOrNew(t *testing.T, db *postgres.DB, killed string, oldRows, newRows map[string]string) bool {
	t.Helper()
	waitForRollback(t, db)
	got := contents(t, db, false)
	isNew := map[string]bool{}
	for kind, tables := range layerTables() {
		of := func(all map[string]string) map[string]string {
			some := maps.Clone(all)
			maps.DeleteFunc(some, func(table, _ string) bool { return table != tables[0] && table != tables[len(tables)-1] })
			return some
		}
		isNew[kind] = cmp.Equal(of(got), of(newRows))
		if !isNew[kind] && !cmp.Equal(of(got), of(oldRows)) {
			t.Errorf("killed while storing %s: %s is neither old nor new: %v", killed, kind, of(got))
		}
	}
	for _, l := range layers() {
		if l.kind == killed {
			break
		}
		if !isNew[l.kind] {
			t.Errorf("killed while storing %s: %s had been stored and is gone", killed, l.kind)
		}
	}
	return isNew[killed]
}

// waitForRollback waits until the killed load's own connections are gone.
func waitForRollback(t *testing.T, db *postgres.DB) {
	t.Helper()
	eventually(t, "the end of the killed load's transaction", func() bool {
		var n int
		err := db.Pool().QueryRow(t.Context(), `
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle' AND pid <> pg_backend_pid()`).Scan(&n)
		return err == nil && n == 0
	})
}
