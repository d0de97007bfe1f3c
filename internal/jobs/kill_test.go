package jobs_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"yike/internal/jobs"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
)

// asWorker gives the test binary the address of a database to be a worker of.
const asWorker = "YIKE_TEST_AS_WORKER"

const (
	steps = 200
	kills = 20
)

// stepper inserts one row a step, and no more of them than it is let.
func stepper(db *postgres.DB) jobs.Handler {
	return func(ctx context.Context, t *jobs.Task) error {
		return makeSteps(ctx, db, t)
	}
}

func makeSteps(ctx context.Context, db *postgres.DB, t *jobs.Task) error {
	var at struct{ Next int }
	if _, err := t.Checkpoint(&at); err != nil {
		return err
	}
	for n := at.Next; n < steps; n++ {
		t.Progress(int64(n), steps, "步骤", "Step")
		for let := 0; let <= n; {
			if err := db.Pool().QueryRow(ctx, `SELECT let FROM gate`).Scan(&let); err != nil {
				return err
			}
		}
		err := t.Write(ctx, "a step", map[string]int{"next": n + 1}, func(tx *postgres.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO step (job, n) VALUES ($1, $2)`, t.Job().ID, n)
			return err
		})
		if err != nil {
			return err
		}
	}
	t.Progress(steps, steps, "完成", "Done")
	t.Result(map[string]int{"steps": steps})
	return nil
}

// runAsWorker runs jobs until it is killed.
func runAsWorker(url string) int {
	ctx := context.Background()
	db, err := postgres.Open(ctx, url)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer db.Close()
	timing := quick()
	timing.Lease = 300 * time.Millisecond
	r := jobs.Runner{DB: db, Kinds: map[string]jobs.Kind{"steps": {Run: stepper(db)}}, Log: quiet(), Timing: timing}
	if err := r.Run(ctx); err != nil {
		return 1
	}
	return 0
}

func startWorker(t *testing.T, url string) *exec.Cmd {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), program)
	cmd.Env = append(os.Environ(), asWorker+"="+url)
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { kill(cmd) })
	return cmd
}

func kill(cmd *exec.Cmd) {
	_ = cmd.Process.Kill() // it may be gone
	_ = cmd.Wait()
}

// TestKilledAgainAndAgain kills the worker of a job with kill -9 at 20 points of chance,
// each in another attempt and anywhere in a step; the job must end as if nothing had
// happened.
func TestKilledAgainAndAgain(t *testing.T) {
	t.Parallel()
	url := dbtest.URL(t)
	db, err := postgres.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	stepTable(t, db)
	seed := rand.Uint64()
	dice := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // which points is of no matter, only that they differ
	t.Logf("seed %d", seed)

	let := func(n int) {
		t.Helper()
		if _, err := db.Pool().Exec(t.Context(), `UPDATE gate SET let = $1`, n); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := db.Pool().Exec(t.Context(), `CREATE TABLE gate AS SELECT 0 AS let`); err != nil {
		t.Fatal(err)
	}

	id := ask(t, db, system(), jobs.Request{Kind: "steps"})
	for n := range kills {
		cmd := startWorker(t, url)
		eventually(t, "another attempt", func() bool { return get(t, db, id).Attempts == n+1 })
		const most = steps/kills - 1 // so that some are left for the last attempt
		before := count(t, db, `SELECT count(*) FROM step`)
		let(before + most)
		point := before + dice.IntN(most)
		eventually(t, "the next steps", func() bool { return count(t, db, `SELECT count(*) FROM step`) >= point })
		for range dice.IntN(5_000_000) {
			continue // further into a step, without a clock
		}
		kill(cmd)
	}
	t.Logf("killed at %d steps last", count(t, db, `SELECT count(*) FROM step`))
	let(steps)
	startWorker(t, url)
	j := waitFor(t, db, id, jobs.Done)

	rows, err := db.Pool().Query(t.Context(), `SELECT n FROM step WHERE job = $1 ORDER BY n`, id)
	if err != nil {
		t.Fatal(err)
	}
	got, err := pgx.CollectRows(rows, pgx.RowTo[int])
	if err != nil {
		t.Fatal(err)
	}
	for n := range steps {
		if n >= len(got) || got[n] != n {
			t.Fatalf("step %d is missing or there twice: %v", n, got)
		}
	}
	if len(got) != steps {
		t.Errorf("%d rows; an unkilled run leaves %d", len(got), steps)
	}
	// Not one entry for a step that was rolled back, nor two for one.
	if n := count(t, db, `SELECT count(*) FROM audit_entry WHERE why = 'a step'`); n != steps {
		t.Errorf("%d audit entries for %d steps", n, steps)
	}
	if j.Attempts != kills+1 || j.Done != steps || string(j.Result) != `{"steps": 200}` {
		t.Errorf("after %d kills the job is %+v", kills, j)
	}
}
