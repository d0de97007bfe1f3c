package jobs_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"yike/internal/jobs"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
)

// BenchmarkQueue measures jobs that are taken up and ended by eight workers: with a
// handler that does nothing, and with one that writes one checkpoint through the door.
func BenchmarkQueue(b *testing.B) {
	for name, do := range map[string]jobs.Handler{
		"empty": func(context.Context, *jobs.Task) error { return nil },
		"write": func(ctx context.Context, t *jobs.Task) error {
			return t.Write(ctx, "a step", 1, func(*postgres.Tx) error { return nil })
		},
	} {
		b.Run(name, func(b *testing.B) {
			db := dbtest.New(b)
			err := db.Write(b.Context(), system(), "ask", func(tx *postgres.Tx) error {
				_, err := tx.Exec(b.Context(), `
INSERT INTO job (adcode, id, kind, asked_who) SELECT $1, gen_random_uuid(), 'work', 'bench' FROM generate_series(1, $2::int)`, adcode, b.N)
				return err
			})
			if err != nil {
				b.Fatal(err)
			}
			last := make(chan struct{})
			var left atomic.Int64
			left.Store(int64(b.N))
			b.ResetTimer()
			stop := run(b, jobs.Runner{DB: db, Slots: 8, Timing: jobs.Timing{Poll: time.Millisecond}, Kinds: map[string]jobs.Kind{"work": {
				Run: func(ctx context.Context, t *jobs.Task) error {
					err := do(ctx, t)
					if left.Add(-1) == 0 {
						close(last)
					}
					return err
				},
			}}})
			<-last
			stop()
			b.StopTimer()
			if n := count(b, db, `SELECT count(*) FROM job WHERE state <> 'done'`); n > 8 {
				b.Fatalf("%d jobs are not done", n)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "jobs/s")
		})
	}
}
