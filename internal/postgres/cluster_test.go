package postgres_test

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"yike/internal/postgres"
)

// stateDir makes a folder that the database user can reach, unlike t.TempDir's.
func stateDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "yike-cluster-")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o755); err != nil { //nolint:gosec // others must pass through it
		t.Fatal(err)
	}
	t.Cleanup(func() { removeCluster(t, dir, dir) })
	return dir
}

// removeCluster stops the cluster asked for at dir and removes where it lives.
func removeCluster(t *testing.T, dir, lives string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), time.Minute)
	defer cancel()
	if _, err := postgres.StopCluster(ctx, dir); err != nil {
		t.Errorf("stop the cluster: %v", err)
	}
	if err := os.RemoveAll(lives); err != nil {
		t.Errorf("remove the cluster: %v", err)
	}
}

// startCluster starts a cluster as it is in the field, fsync and all.
func startCluster(t *testing.T, dir string) *postgres.Cluster {
	t.Helper()
	c, err := postgres.StartCluster(t.Context(), postgres.ClusterConfig{Dir: dir, Log: slog.New(slog.DiscardHandler)})
	var missing *postgres.MissingError
	if errors.As(err, &missing) && os.Getenv("CI") == "" {
		t.Skipf("needs a database: %v", err)
	}
	if err != nil {
		t.Fatalf("start the cluster: %v", err)
	}
	return c
}

func postmaster(t *testing.T, c *postgres.Cluster) int {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(c.Dir(), "pgdata", "data", "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	line, _, _ := strings.Cut(string(raw), "\n")
	pid, err := strconv.Atoi(line)
	if err != nil {
		t.Fatal(err)
	}
	return pid
}

// TestClusterKeepsWhatItAcknowledged goes through a cluster's life: made, joined, killed
// with kill -9 while clients write, started again with every acknowledged row, stopped.
func TestClusterKeepsWhatItAcknowledged(t *testing.T) {
	t.Parallel()
	dir := stateDir(t)
	first := startCluster(t, dir)
	if first.Attached() || first.Dir() != dir {
		t.Errorf("a new cluster: attached %v, at %s; want false, %s", first.Attached(), first.Dir(), dir)
	}
	joined := startCluster(t, dir)
	if !joined.Attached() || joined.URL() != first.URL() {
		t.Error("a second start does not join the running cluster")
	}
	checkSettings(t, first)

	if _, err := postgres.Migrate(t.Context(), first.URL()); err != nil {
		t.Fatal(err)
	}
	db, err := postgres.Open(t.Context(), first.URL())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Pool().Exec(t.Context(), `CREATE TABLE note (writer int, line int, PRIMARY KEY (writer, line))`); err != nil {
		t.Fatal(err)
	}
	acknowledged := writeUntilKilled(t, db, postmaster(t, first))

	again := startCluster(t, dir)
	if again.Attached() {
		t.Error("a killed cluster was joined, not started")
	}
	for writer, lines := range acknowledged {
		var kept int
		if err := db.Pool().QueryRow(t.Context(), `SELECT count(*) FROM note WHERE writer = $1 AND line < $2`, writer, lines).Scan(&kept); err != nil {
			t.Fatal(err)
		}
		if kept != lines {
			t.Errorf("writer %d: %d of %d acknowledged rows are there after kill -9", writer, kept, lines)
		}
	}
	db.Close()

	revive := func() error {
		_, err := postgres.StartCluster(t.Context(), postgres.ClusterConfig{Dir: dir, Log: slog.New(slog.DiscardHandler), Revive: true})
		return err
	}
	if err := revive(); err != nil {
		t.Errorf("revive a running cluster: %v", err)
	}
	for _, want := range []bool{true, false} {
		if stopped, err := postgres.StopCluster(t.Context(), dir); err != nil || stopped != want {
			t.Errorf("StopCluster = %v, %v; want %v, nil", stopped, err, want)
		}
	}
	if err := revive(); !errors.Is(err, postgres.ErrStopped) {
		t.Errorf("revive a stopped cluster: %v; want ErrStopped", err)
	}
	startCluster(t, dir) // asked for, so the mark goes
	if err := syscall.Kill(postmaster(t, first), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if err := revive(); err != nil {
		t.Errorf("revive a killed cluster: %v", err)
	}
}

// writeUntilKilled lets four writers insert row after row, kills the server once each
// has had some acknowledged, and returns how many each was told are kept.
func writeUntilKilled(t *testing.T, db *postgres.DB, pid int) []int {
	t.Helper()
	const writers, enough = 4, 25
	acknowledged := make([]int, writers)
	var ready, done sync.WaitGroup
	ready.Add(writers)
	for w := range writers {
		done.Go(func() {
			for line := 0; ; line++ {
				if line == enough {
					ready.Done()
				}
				err := db.Write(t.Context(), postgres.System("", "test"), "kill", func(tx *postgres.Tx) error {
					_, err := tx.Exec(t.Context(), `INSERT INTO note VALUES ($1, $2)`, w, line)
					return err
				})
				if err != nil {
					if line < enough {
						t.Errorf("write before the kill: %v", err)
						ready.Done()
					}
					acknowledged[w] = line
					return
				}
			}
		})
	}
	ready.Wait()
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Errorf("kill the server: %v", err)
	}
	done.Wait()
	return acknowledged
}

// checkSettings holds what keeps data safe and strangers out.
func checkSettings(t *testing.T, c *postgres.Cluster) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), c.URL())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(t.Context()) }()
	for name, want := range map[string]string{
		"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on", "data_checksums": "on",
		"listen_addresses": "", "server_encoding": "UTF8", "password_encryption": "scram-sha-256",
	} {
		var got string
		if err := conn.QueryRow(t.Context(), `SELECT current_setting($1)`, name).Scan(&got); err != nil || got != want {
			t.Errorf("%s = %q, %v; want %q", name, got, err, want)
		}
	}
	stranger, err := pgx.ParseConfig(c.URL())
	if err != nil {
		t.Fatal(err)
	}
	stranger.Password = "guess"
	if conn, err := pgx.ConnectConfig(t.Context(), stranger); postgres.Code(err) != "28P01" {
		if conn != nil {
			_ = conn.Close(t.Context())
		}
		t.Errorf("a wrong password gives %v; want invalid_password", err)
	}
	for path, want := range map[string]os.FileMode{"password": 0o600, "pgdata": 0o700, "pgdata/data": 0o700} {
		info, err := os.Stat(filepath.Join(c.Dir(), path))
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: mode %v, %v; want %v", path, info.Mode().Perm(), err, want)
		}
	}
}

// TestTwoStartersTakeTurns starts one cluster from several places at once.
func TestTwoStartersTakeTurns(t *testing.T) {
	t.Parallel()
	dir := stateDir(t)
	const starters = 3
	made := make([]*postgres.Cluster, starters)
	var all sync.WaitGroup
	for i := range starters {
		all.Go(func() {
			c, err := postgres.StartCluster(t.Context(), postgres.ClusterConfig{Dir: dir, Log: slog.New(slog.DiscardHandler), Trial: true})
			if err != nil {
				var missing *postgres.MissingError
				if !errors.As(err, &missing) || os.Getenv("CI") != "" {
					t.Errorf("starter %d: %v", i, err)
				}
				return
			}
			made[i] = c
		})
	}
	all.Wait()
	started := 0
	for _, c := range made {
		switch {
		case c == nil:
			t.Skip("needs a database")
		case !c.Attached():
			started++
		}
	}
	if started != 1 {
		t.Errorf("%d of %d starters started the cluster; want 1", started, starters)
	}
}

// TestClusterOutOfReach asks for a folder that only root can pass through: the cluster
// must go where its user can.
func TestClusterOutOfReach(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root starts clusters as another user")
	}
	closed, err := os.MkdirTemp("", "yike-closed-") // 0700
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(closed, "checkout", "var")
	c := startCluster(t, dir)
	t.Cleanup(func() {
		removeCluster(t, dir, c.Dir())
		if err := os.RemoveAll(closed); err != nil {
			t.Error(err)
		}
	})
	if !strings.HasPrefix(c.Dir(), "/var/lib/yike/checkout-") {
		t.Errorf("the cluster is at %s; want it below /var/lib/yike", c.Dir())
	}
	if !startCluster(t, dir).Attached() {
		t.Error("a second start does not find the cluster where it went")
	}
}

// TestLongPathsGetAShortSocket makes a cluster below a path that no Unix socket fits in.
func TestLongPathsGetAShortSocket(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(stateDir(t), strings.Repeat("long-", 12), strings.Repeat("path-", 12))
	c := startCluster(t, dir)
	cfg, err := pgx.ParseConfig(c.URL())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		removeCluster(t, dir, dir)
		if err := os.Remove(cfg.Host); err != nil { // empty once the server has ended
			t.Error(err)
		}
	})
	if strings.HasPrefix(cfg.Host, dir) || len(cfg.Host) > 90 {
		t.Errorf("the socket is in %s", cfg.Host)
	}
	conn, err := pgx.Connect(t.Context(), c.URL())
	if err != nil {
		t.Fatal(err)
	}
	_ = conn.Close(t.Context())
}
