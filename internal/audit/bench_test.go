package audit_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"yike/internal/audit"
	"yike/internal/postgres"
)

// durable is a database as it is in the field: it waits for the disk at every commit,
// which the cluster of the tests does not.
func durable(b *testing.B) *postgres.DB {
	b.Helper()
	dir, err := os.MkdirTemp("", "yike-bench")
	if err != nil {
		b.Fatal(err)
	}
	if err := os.Chmod(dir, 0o755); err != nil { //nolint:gosec // the database's user must reach it
		b.Fatal(err)
	}
	b.Cleanup(func() {
		_, err := postgres.StopCluster(context.WithoutCancel(b.Context()), dir)
		if err := errors.Join(err, os.RemoveAll(dir)); err != nil {
			b.Error(err)
		}
	})
	cluster, err := postgres.StartCluster(b.Context(), postgres.ClusterConfig{Dir: dir, Log: quiet()})
	var missing *postgres.MissingError
	if errors.As(err, &missing) {
		b.Skipf("needs a database: %v", err)
	}
	if err != nil {
		b.Fatal(err)
	}
	if _, err := postgres.Migrate(b.Context(), cluster.URL()); err != nil {
		b.Fatal(err)
	}
	db, err := postgres.Open(b.Context(), cluster.URL())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(db.Close)
	return db
}

const (
	clients = 8
	each    = 25 // writes of a client in one turn
	turns   = 10 // of each kind
)

const changeFacility = `UPDATE facility SET capacity = capacity + 1, address = $2 WHERE adcode = '990101' AND source_id = $1`

// plainWrite changes a facility as the door does, without the entry.
func plainWrite(ctx context.Context, db *postgres.DB, facility string) error {
	return pgx.BeginFunc(ctx, db.Pool(), func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
SELECT set_config('yike.adcode', $1, true), set_config('yike.account', '', true), set_config('yike.token_actions', '', true),
	set_config('yike.change', $2, true), set_config('role', 'none', true)`, adcode, uuid.NewString())
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, changeFacility, facility, "解放路 1 号")
		return err
	})
}

func auditedWrite(ctx context.Context, db *postgres.DB, facility string) error {
	return db.Write(ctx, postgres.System(adcode, "bench"), "修改设施资料 / change a facility", func(tx *postgres.Tx) error {
		tx.Note(postgres.Note{
			Action: "facility.write", Kind: "facility", ID: facility, Division: "990101001",
			Before: map[string]any{"address": "解放路 2 号", "capacity": 1}, After: map[string]any{"address": "解放路 1 号", "capacity": 2},
		})
		_, err := tx.Exec(ctx, changeFacility, facility, "解放路 1 号")
		return err
	})
}

// BenchmarkWrite has eight clients change facilities, each its own, with history and
// all: through the door, which leaves an audit entry, and in the same transaction
// without the entry, turn by turn, so that both meet the same machine. A sealer works
// all the while. It gives how much slower the entry makes a write, and how long an entry
// waited for its block at most.
func BenchmarkWrite(b *testing.B) {
	db := durable(b)
	err := db.Write(b.Context(), postgres.System(adcode, "bench"), "make facilities", func(tx *postgres.Tx) error {
		_, err := tx.Exec(b.Context(), `
INSERT INTO facility (adcode, id, source_id, type, name_zh, status, capacity, division_code, geom)
SELECT '990101', gen_random_uuid(), 'f' || g, 'elderly_canteen', '食堂', 'open', 1, '990101001', 'SRID=4326;POINT(117 39)' FROM generate_series(1, $1) g`, clients)
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	heads, err := audit.OpenHeads(filepath.Join(b.TempDir(), "heads.log"), time.Minute)
	if err != nil {
		b.Fatal(err)
	}
	sealer := audit.NewSealer(db, ring(b), quiet(), audit.SealerOptions{Heads: heads})
	ctx, stop := context.WithCancel(b.Context())
	sealed := make(chan error, 1)
	go func() { sealed <- sealer.Run(ctx) }()
	var without, with time.Duration
	for b.Loop() {
		for range turns {
			without += turn(b, db, plainWrite)
			with += turn(b, db, auditedWrite)
		}
	}
	stop()
	if err := errors.Join(<-sealed, heads.Close()); err != nil {
		b.Fatal(err)
	}
	writes := float64(b.N * turns * clients * each)
	b.ReportMetric(writes/without.Seconds(), "writes/s-without")
	b.ReportMetric(writes/with.Seconds(), "writes/s")
	b.ReportMetric(with.Seconds()/without.Seconds(), "x-without")
	b.ReportMetric(longestWait(b, db), "s-to-seal-max")
}

// turn has every client write and gives how long all took.
func turn(b *testing.B, db *postgres.DB, write func(ctx context.Context, db *postgres.DB, facility string) error) time.Duration {
	b.Helper()
	began := time.Now()
	var all sync.WaitGroup
	for client := range clients {
		all.Go(func() {
			for range each {
				if err := write(b.Context(), db, fmt.Sprintf("f%d", client+1)); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	return time.Since(began)
}

// longestWait is how many seconds passed at most between an entry and its block.
func longestWait(b *testing.B, db *postgres.DB) float64 {
	b.Helper()
	var s float64
	err := db.Pool().QueryRow(b.Context(), `
SELECT extract(epoch FROM max(b.sealed_at - e.at))::float8 FROM audit_block b
JOIN audit_entry e ON e.adcode = b.adcode AND e.epoch = b.epoch AND e.xid >= b.xid_from AND e.xid < b.xid_to
WHERE e.action = 'facility.write'`).Scan(&s)
	if err != nil {
		b.Fatal(err)
	}
	return s
}

const manyEntries = 300_000

// BenchmarkSeal300k seals a backlog that nobody sealed for long.
func BenchmarkSeal300k(b *testing.B) {
	l := newLog(b, 0)
	l.fill(b, manyEntries)
	for b.Loop() {
		l.seal(b)
		b.StopTimer()
		l.force(b, `DELETE FROM audit_block`)
		b.StartTimer()
	}
	b.ReportMetric(manyEntries*float64(b.N)/b.Elapsed().Seconds(), "entries/s")
}

// BenchmarkVerify300k verifies a log of so many entries in blocks of a thousand.
func BenchmarkVerify300k(b *testing.B) {
	l := newLog(b, 1000)
	l.fill(b, manyEntries)
	l.seal(b)
	for b.Loop() {
		if r := l.verify(b); !r.OK() || r.Entries() != manyEntries {
			b.Fatalf("%+v", r)
		}
	}
	b.ReportMetric(manyEntries*float64(b.N)/b.Elapsed().Seconds(), "entries/s")
}
