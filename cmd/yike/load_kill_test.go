package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
)

// A load that replaces another pack is killed with kill -9 at growing delays behind
// each stage: afterwards the district is wholly the old one or wholly the new one and
// can be opened, and a second load ends as an undisturbed one.
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
				if oldOrNew(t, db, l.kind, oldRows, newRows, env) {
					break // the load is through: a further round would be killed at nothing
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

// oldOrNew holds the database against both packs whole, asks a question of it, and
// tells whether it is the new one.
func oldOrNew(t *testing.T, db *postgres.DB, killed string, oldRows, newRows map[string]string, env []string) bool {
	t.Helper()
	waitForRollback(t, db)
	got := contents(t, db, false)
	isNew := cmp.Equal(got, newRows)
	if !isNew {
		if d := cmp.Diff(oldRows, got); d != "" {
			t.Errorf("killed while storing %s: neither the old district nor the new one (-old +got):\n%s", killed, d)
		}
	}
	if code, said := runProgram(t, env, "coverage", "--type", "elderly_canteen"); code != exitOK {
		t.Errorf("killed while storing %s: the district cannot be opened (exit %d): %s", killed, code, said)
	}
	return isNew
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
