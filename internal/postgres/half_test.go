package postgres_test

import (
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
)

// What a start leaves that was killed while it made the cluster must not lock out the
// next one.
func TestHalfMadeClusterIsMadeAnew(t *testing.T) {
	t.Parallel()
	dbtest.URL(t) // skips where PostgreSQL is missing
	dir := stateDir(t)
	if err := os.MkdirAll(filepath.Join(dir, "pgdata", "data.new", "base"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "initial-password"), []byte("of the killed start\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := postgres.StartCluster(t.Context(), postgres.ClusterConfig{Dir: dir, Log: slog.New(slog.DiscardHandler), Trial: true})
	if err != nil {
		t.Fatal(err)
	}
}
