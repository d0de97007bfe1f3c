package postgres

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"yike/migrations"
)

// ErrNewerSchema says that the database was migrated by a newer program.
var ErrNewerSchema = errors.New("数据库由更新版本的程序升级过，请使用新版本 / the database was migrated by a newer version of this program; use that one")

// Migrate brings the database that url names to the newest schema, and its indexes of
// names to the order that the system has for them, and returns how many migrations it ran. Two that run at once wait for one another. It returns
// ErrNewerSchema, and changes nothing, when the database is ahead of the program.
func Migrate(ctx context.Context, url string) (int, error) {
	return migrate(ctx, url, migrations.Files)
}

func migrate(ctx context.Context, url string, files fs.FS) (int, error) {
	cfg, err := pgx.ParseConfig(url)
	if err != nil {
		return 0, errors.New("read database address: it must look like postgres://user:password@host:5432/name")
	}
	db := stdlib.OpenDB(*cfg)
	defer func() { _ = db.Close() }()
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return 0, fmt.Errorf("prepare migrations: %w", err)
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, db, files, goose.WithSessionLocker(locker), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return 0, fmt.Errorf("prepare migrations: %w", err)
	}
	// The version table is made on the first call, so a fresh database is at 0.
	at, target, err := provider.GetVersions(ctx)
	if err != nil {
		return 0, fmt.Errorf("read schema version: %w", err)
	}
	if at > target {
		return 0, fmt.Errorf("schema %d, program %d: %w", at, target, ErrNewerSchema)
	}
	done, err := provider.Up(ctx)
	if err != nil {
		return len(done), fmt.Errorf("migrate: %w", err)
	}
	return len(done), sortAnew(ctx, db)
}
