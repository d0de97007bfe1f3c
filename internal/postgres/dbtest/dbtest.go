// Package dbtest gives each test a PostGIS database of its own, migrated and empty: a
// clone of a template in a throw-away cluster that all test processes of this machine
// share. It is imported by tests only and knows no feature.
package dbtest

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"yike/internal/postgres"
	"yike/migrations"
)

// New gives a migrated database of the test's own and drops it when the test ends.
// Where PostgreSQL is not installed the test is skipped, or fails when CI is set.
func New(t testing.TB) *postgres.DB {
	t.Helper()
	db, err := postgres.Open(t.Context(), URL(t))
	if err != nil {
		t.Fatalf("open the test's database: %v", err)
	}
	t.Cleanup(db.Close)
	return db
}

// Person makes an account that has one role, in a division and all below it or everywhere
// for "", and gives its writer.
func Person(t testing.TB, db *postgres.DB, adcode, role, division string) postgres.Writer {
	t.Helper()
	w := postgres.Writer{AdCode: adcode, Who: role + " " + division}
	err := db.Write(t.Context(), postgres.System(adcode, "test"), "make an account", func(tx *postgres.Tx) error {
		return tx.QueryRow(t.Context(), `
WITH made AS (INSERT INTO account (adcode, id, name, display_name) VALUES (@adcode, gen_random_uuid(), @name, @name) RETURNING adcode, id)
INSERT INTO account_grant (adcode, id, account_id, role, division_code) SELECT adcode, gen_random_uuid(), id, @role, @division FROM made RETURNING account_id::text`,
			pgx.StrictNamedArgs{"adcode": adcode, "name": strings.ReplaceAll(role, "_", "-") + "-" + division + "0", "role": role, "division": division}).Scan(&w.Account)
	})
	if err != nil {
		t.Fatalf("make an account: %v", err)
	}
	return w
}

// URL is as New, for tests that start whole processes. Connections that still stand
// when the test ends are cut.
func URL(t testing.TB) string {
	t.Helper()
	server, err := start()
	var missing *postgres.MissingError
	if errors.As(err, &missing) && os.Getenv("CI") == "" {
		t.Skipf("needs a database: %v", err)
	}
	if err != nil {
		t.Fatalf("start the test cluster: %v", err)
	}
	name := "test_" + strings.ToLower(rand.Text())
	if err := clone(t.Context(), server, name); err != nil {
		t.Fatalf("make the test's database: %v", err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := exec(ctx, server, `DROP DATABASE IF EXISTS `+name+` WITH (FORCE)`); err != nil {
			t.Errorf("drop the test's database: %v", err)
		}
	})
	return withDatabase(server, name)
}

// Dir is where the shared cluster lives: YIKE_TEST_CLUSTER_DIR, or a folder of this
// user under the system's temporary one.
func Dir() string {
	if dir := os.Getenv("YIKE_TEST_CLUSTER_DIR"); dir != "" {
		return dir
	}
	return filepath.Join(os.TempDir(), "yike-test-"+strconv.Itoa(os.Getuid()))
}

// start starts or joins the shared cluster and makes the template, once a process.
//
//nolint:gochecknoglobals // one cluster per test process is the point
var start = sync.OnceValues(func() (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	c, err := postgres.StartCluster(ctx, postgres.ClusterConfig{Dir: Dir(), Log: slog.New(slog.DiscardHandler), Trial: true})
	if err != nil {
		return "", err
	}
	return c.URL(), makeTemplate(ctx, c.URL())
})

// makeTemplate migrates the template under a name of its own and renames it last, so
// that a template either is whole or is not there.
func makeTemplate(ctx context.Context, server string) error {
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return fmt.Errorf("reach the test cluster: %w", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	const gate = 7_041_001 // any number, the same for all test processes
	if _, err := conn.Exec(ctx, `SELECT pg_advisory_lock($1)`, gate); err != nil {
		return fmt.Errorf("wait for the template: %w", err)
	}
	name, err := templateName()
	if err != nil {
		return err
	}
	var there bool
	if err := conn.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)`, name).Scan(&there); err != nil || there {
		return err
	}
	for _, sql := range []string{`DROP DATABASE IF EXISTS template_half`, `CREATE DATABASE template_half`} {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return fmt.Errorf("make the template: %w", err)
		}
	}
	if _, err := postgres.Migrate(ctx, withDatabase(server, "template_half")); err != nil {
		return fmt.Errorf("make the template: %w", err)
	}
	if _, err := conn.Exec(ctx, `ALTER DATABASE template_half RENAME TO `+name); err != nil {
		return fmt.Errorf("make the template: %w", err)
	}
	return nil
}

func templateName() (string, error) {
	sum := sha256.New()
	err := fs.WalkDir(migrations.Files, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := migrations.Files.ReadFile(path)
		_, _ = fmt.Fprintf(sum, "%s %d\n%s", path, len(raw), raw)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("read migrations: %w", err)
	}
	return "template_" + hex.EncodeToString(sum.Sum(nil)[:8]), nil
}

func clone(ctx context.Context, server, name string) error {
	template, err := templateName()
	if err != nil {
		return err
	}
	return exec(ctx, server, `CREATE DATABASE `+name+` TEMPLATE `+template)
}

func exec(ctx context.Context, server, sql string) error {
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return fmt.Errorf("reach the test cluster: %w", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	if _, err := conn.Exec(ctx, sql); err != nil {
		return fmt.Errorf("%s: %w", sql, err)
	}
	return nil
}

func withDatabase(server, name string) string {
	u, err := url.Parse(server)
	if err != nil {
		return server
	}
	u.Path = "/" + name
	return u.String()
}
