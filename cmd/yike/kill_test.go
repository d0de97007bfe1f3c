package main

import (
	"log/slog"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"

	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
)

// layers are the kinds of layers in the order they are stored, each with its table and
// the word that the load announces it with.
func layers() []struct{ kind, table, says string } {
	return []struct{ kind, table, says string }{
		{"divisions", "division", "storing divisions"},
		{"roads", "road", "storing roads"},
		{"buildings", "building", "storing buildings"},
		{"population", "population_point", "storing population"},
		{"facilities", "facility", "storing facilities"},
	}
}

// stored counts the records of each layer and says which layers are marked as loaded.
func stored(t *testing.T, url string) (records map[string]int, loaded map[string]bool) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(t.Context()) }()
	records, loaded = map[string]int{}, map[string]bool{}
	for _, l := range layers() {
		var n int
		var marked bool
		err := conn.QueryRow(t.Context(), `SELECT (SELECT count(*) FROM `+l.table+`), EXISTS (SELECT FROM layer WHERE kind = $1)`, l.kind).Scan(&n, &marked)
		if err != nil {
			t.Fatal(err)
		}
		records[l.kind], loaded[l.kind] = n, marked
	}
	return records, loaded
}

// checkWhole holds that the pack is there whole or not at all, and tells which.
func checkWhole(t *testing.T, url string, whole map[string]int) bool {
	t.Helper()
	records, loaded := stored(t, url)
	is := loaded[layers()[0].kind]
	for _, l := range layers() {
		want := 0
		if is {
			want = whole[l.kind]
		}
		if records[l.kind] != want || loaded[l.kind] != is {
			t.Errorf("%s: %d records, marked as loaded: %v; want %d, %v as the whole pack", l.kind, records[l.kind], loaded[l.kind], want, is)
		}
	}
	return is
}

// TestKilledLoadsAreWholeOrNothing kills a load with kill -9 as each layer is being
// stored; then a second load must bring what an undisturbed one does.
func TestKilledLoadsAreWholeOrNothing(t *testing.T) {
	t.Parallel()
	dir := demoPack(t, 20000)
	undisturbed := dbtest.URL(t)
	if code, said := runProgram(t, []string{"DATABASE_URL=" + undisturbed}, "load", dir); code != exitOK {
		t.Fatalf("load ends with %d: %s", code, said)
	}
	whole, _ := stored(t, undisturbed)
	for _, l := range layers() {
		if whole[l.kind] == 0 {
			t.Fatalf("the demo has no %s, so this would prove nothing", l.kind)
		}
		t.Run(l.kind, func(t *testing.T) {
			t.Parallel()
			url := dbtest.URL(t)
			env := []string{"DATABASE_URL=" + url}
			p := start(t, env, "load", dir)
			p.waitFor(t, l.says)
			p.kill()
			if code := p.wait(); code != -1 {
				t.Logf("the load was over before the kill (exit %d)", code)
			}
			waitForBackends(t, url)
			checkWhole(t, url, whole)
			if code, said := runProgram(t, env, "load", dir); code != exitOK {
				t.Fatalf("the second load ends with %d: %s", code, said)
			}
			if !checkWhole(t, url, whole) {
				t.Error("the second load said it was done, and nothing is there")
			}
		})
	}
}

// waitForBackends waits until the server has noticed that its client is gone.
func waitForBackends(t *testing.T, url string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(t.Context()) }()
	eventually(t, "the end of the killed load's connections", func() bool {
		var n int
		err := conn.QueryRow(t.Context(), `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`).Scan(&n)
		return err == nil && n == 0
	})
}

// TestKilledDatabaseKeepsWholeLayers kills PostgreSQL with kill -9 in the middle of a
// load into the private cluster.
func TestKilledDatabaseKeepsWholeLayers(t *testing.T) {
	t.Parallel()
	state := privateState(t)
	env := []string{"YIKE_STATE_DIR=" + state}
	dir := demoPack(t, 20000)
	migrateOrSkip(t, env)
	undisturbed := dbtest.URL(t)
	if code, said := runProgram(t, []string{"DATABASE_URL=" + undisturbed}, "load", dir); code != exitOK {
		t.Fatalf("load ends with %d: %s", code, said)
	}
	whole, _ := stored(t, undisturbed)

	p := start(t, env, "load", dir)
	p.waitFor(t, "storing population")
	if err := syscall.Kill(clusterPID(t, state), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if code := p.wait(); code != exitFailed {
		t.Logf("the load ended with %d; killed too late to disturb it?\n%s", code, p.output())
	}
	cluster, err := postgres.StartCluster(t.Context(), postgres.ClusterConfig{Dir: state, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	checkWhole(t, cluster.URL(), whole)
	if code, said := runProgram(t, env, "load", dir); code != exitOK {
		t.Fatalf("the second load ends with %d: %s", code, said)
	}
	if !checkWhole(t, cluster.URL(), whole) {
		t.Error("the second load said it was done, and nothing is there")
	}
}

// privateState makes a state folder that the database user can reach, and ends with
// the cluster in it stopped and both gone.
func privateState(t *testing.T) string {
	t.Helper()
	state, err := os.MkdirTemp("", "yike-state-")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(state, 0o755); err != nil { //nolint:gosec // the database user must pass through it
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if code, said := runProgram(t, []string{"YIKE_STATE_DIR=" + state}, "stop"); code != exitOK {
			t.Errorf("stop ends with %d: %s", code, said)
		}
		if err := os.RemoveAll(state); err != nil {
			t.Error(err)
		}
	})
	return state
}

// migrateOrSkip makes the private cluster, or skips where PostgreSQL is missing.
func migrateOrSkip(t *testing.T, env []string) {
	t.Helper()
	code, said := runProgram(t, env, "migrate")
	switch {
	case code == exitOK:
	case strings.Contains(said, "apt-get install") && os.Getenv("CI") == "":
		t.Skipf("needs a database: %s", said)
	default:
		t.Fatalf("migrate ends with %d: %s", code, said)
	}
}
