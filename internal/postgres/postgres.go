// Package postgres owns the way to the database: the pool and its limits, the one
// door for writes, the geometry codec, the migrations' runner and the private PostGIS
// cluster. It knows no feature and no table of one.
package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// statementTimeout bounds every statement, so that a query does not live on after
// the one who asked has gone. It is longer than what requests are given by default,
// whose end cancels their query anyway (the driver then drops the connection). Bulk
// loads lift it for their own transaction.
const statementTimeout = "60s"

// DB is a pool of connections. It is safe for concurrent use.
type DB struct {
	pool   *pgxpool.Pool
	reader Querier // the pool, or the transaction of a snapshot
}

// Querier is the reading half of a pool or a transaction.
type Querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

// Open connects to the database that url names and proves that it answers. The
// database must be migrated already (see Migrate), since the geometry type's number
// is read on connecting.
func Open(ctx context.Context, url string) (*DB, error) {
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil {
		// The parser's own text may hold the password.
		return nil, errors.New("read database address: it must look like postgres://user:password@host:5432/name")
	}
	cfg.MaxConns = max(cfg.MaxConns, 8)
	cfg.MaxConnIdleTime = 5 * time.Minute
	cfg.ConnConfig.RuntimeParams["application_name"] = "yike"
	cfg.ConnConfig.RuntimeParams["statement_timeout"] = statementTimeout
	cfg.ConnConfig.RuntimeParams["timezone"] = "UTC"
	cfg.ConnConfig.Tracer = patience{longestWait}
	cfg.AfterConnect = registerGeometry
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("reach database: %w", err)
	}
	return &DB{pool: pool, reader: pool}, nil
}

// Pool gives the pool itself. Stores read through Reader; writes go through Write.
func (db *DB) Pool() *pgxpool.Pool { return db.pool }

// Reader is what stores read from: the pool, or one moment inside Snapshot.
func (db *DB) Reader() Querier { return db.reader }

// Snapshot runs fn with a DB whose Reader sees the database as it is at one moment,
// whatever others write meanwhile. That DB holds one connection, so it must be read by
// one goroutine at a time and not be kept after fn. It returns fn's error.
func (db *DB) Snapshot(ctx context.Context, fn func(at *DB) error) error {
	opts := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	return pgx.BeginTxFunc(ctx, db.pool, opts, func(tx pgx.Tx) error {
		return fn(&DB{pool: db.pool, reader: tx})
	})
}

// Close closes the pool and waits for its connections to come home.
func (db *DB) Close() { db.pool.Close() }

// Code gives the SQLSTATE of a database error, "" for any other error.
func Code(err error) string {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code
	}
	return ""
}
