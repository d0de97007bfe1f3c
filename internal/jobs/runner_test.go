package jobs_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"yike/internal/jobs"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
)

// one is a runner of a single kind.
func one(db *postgres.DB, do jobs.Handler) jobs.Runner {
	return jobs.Runner{DB: db, Kinds: map[string]jobs.Kind{"work": {Run: do}}, Timing: quick()}
}

func TestWorkIsDone(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	type args struct{ Name string }
	run(t, one(db, func(_ context.Context, task *jobs.Task) error {
		var a args
		if err := task.Args(&a); err != nil {
			return err
		}
		task.Progress(3, 4, "三", "three")
		task.Result(map[string]string{"hello": a.Name})
		return nil
	}))
	id := ask(t, db, system(), jobs.Request{Kind: "work", Args: args{"一刻"}})
	j := waitFor(t, db, id, jobs.Done)
	if string(j.Result) != `{"hello": "一刻"}` || j.Done != 3 || j.Total != 4 || j.StepZH != "三" || j.StepEN != "three" ||
		j.StartedAt == nil || j.FinishedAt == nil || j.Attempts != 1 || j.AskedWho != "test" || j.AskedBy != "" || j.ErrorEN != "" {
		t.Errorf("the job is %+v", j)
	}
}

// What a handler may answer with, and what becomes of the job.
func TestFailures(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	boom := errors.New("dial tcp 10.1.2.3: refused")
	for name, tc := range map[string]struct {
		fail     func(attempt int) error
		state    jobs.State
		attempts int
		says     string
	}{
		"once, then not":     {func(n int) error { return map[int]error{1: boom}[n] }, jobs.Done, 2, ""},
		"always":             {func(int) error { return boom }, jobs.Failed, 5, "log has the cause"},
		"for good":           {func(int) error { return jobs.Permanent(boom) }, jobs.Failed, 1, "log has the cause"},
		"with words":         {func(int) error { return jobs.Permanent(jobs.Tell(boom, "坏了", "It broke")) }, jobs.Failed, 1, "It broke"},
		"words after":        {func(int) error { return jobs.Tell(jobs.Permanent(boom), "坏了", "It broke") }, jobs.Failed, 1, "It broke"},
		"a panic":            {func(int) error { panic("at the wrong place") }, jobs.Failed, 5, "log has the cause"},
		"a panic, once":      {func(n int) error { panicAt(n, 1); return nil }, jobs.Done, 2, ""},
		"not yet, ten times": {notYet, jobs.Done, 11, ""},
		"wrong arguments":    {nil, jobs.Failed, 1, "log has the cause"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fail := tc.fail
			r := one(db, func(_ context.Context, task *jobs.Task) error {
				if fail == nil {
					return task.Args(&struct{ Other int }{})
				}
				return fail(task.Job().Attempts)
			})
			r.Kinds = map[string]jobs.Kind{name: r.Kinds["work"]}
			run(t, r)
			id := ask(t, db, system(), jobs.Request{Kind: name, Args: map[string]int{"mine": 1}})
			j := waitFor(t, db, id, tc.state)
			if j.Attempts != tc.attempts || !strings.Contains(j.ErrorEN, tc.says) || (j.ErrorZH == "") != (tc.says == "") {
				t.Errorf("after %d attempts it says %q, %q; want %d and %q", j.Attempts, j.ErrorZH, j.ErrorEN, tc.attempts, tc.says)
			}
			if strings.Contains(j.ErrorZH+j.ErrorEN, "10.1.2.3") || strings.Contains(j.ErrorEN, "wrong place") {
				t.Errorf("it tells what belongs in the log: %s", j.ErrorEN)
			}
		})
	}
}

func panicAt(n, at int) {
	if n == at {
		panic("at the wrong place")
	}
}

func notYet(n int) error {
	if n <= 10 {
		return jobs.Later(time.Millisecond, "还没好", "Not ready")
	}
	return nil
}

// A result that cannot be encoded is a failure, not a job that stays.
func TestBadResult(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	run(t, one(db, func(_ context.Context, task *jobs.Task) error {
		task.Result(make(chan int))
		return nil
	}))
	waitFor(t, db, ask(t, db, system(), jobs.Request{Kind: "work"}), jobs.Failed)
}

// A worker leaves alone what it does not know, what is of other authorities, and what is
// to wait.
func TestOthersWork(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	r := one(db, func(context.Context, *jobs.Task) error { return nil })
	r.AdCodes = []string{adcode}
	other := ask(t, db, system(), jobs.Request{Kind: "unknown"})
	elsewhere := ask(t, db, postgres.System("990102", "test"), jobs.Request{Kind: "work"})
	later := ask(t, db, system(), jobs.Request{Kind: "work", RunAfter: time.Hour})
	run(t, r)
	waitFor(t, db, ask(t, db, system(), jobs.Request{Kind: "work"}), jobs.Done)
	for what, id := range map[string]string{"of an unknown kind": other, "asked for later": later} {
		if j := get(t, db, id); j.State != jobs.Queued || j.Attempts != 0 {
			t.Errorf("a job %s is %s", what, j.State)
		}
	}
	j, err := desk(db, postgres.System("990102", "test")).Get(t.Context(), elsewhere)
	if err != nil || j.State != jobs.Queued {
		t.Errorf("a job of another authority is %s: %v", j.State, err)
	}
}

// TestStalledWorkerIsFenced holds that a worker that was as good as dead and comes back
// writes nothing any more: not a row, not a checkpoint, not an ending.
func TestStalledWorkerIsFenced(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	stepTable(t, db)
	id := ask(t, db, system(), jobs.Request{Kind: "work"})
	insert := func(ctx context.Context, task *jobs.Task) error {
		return task.Write(ctx, "a step", 1, func(tx *postgres.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO step (job, n) VALUES ($1, 1)`, id)
			return err
		})
	}
	wake, late := make(chan struct{}), make(chan error, 1)
	// It gives no sign of life, and its lease is over at once.
	stalled := jobs.Timing{Lease: 50 * time.Millisecond, Beat: time.Hour, Tell: time.Hour, Poll: time.Hour}
	begun := make(chan struct{})
	stop := run(t, jobs.Runner{DB: db, Timing: stalled, Kinds: map[string]jobs.Kind{"work": {Run: func(ctx context.Context, task *jobs.Task) error {
		close(begun)
		<-wake
		late <- insert(ctx, task)
		return nil // as if nothing were wrong
	}}}})
	<-begun
	run(t, one(db, func(ctx context.Context, task *jobs.Task) error {
		if at := 0; task.Job().Attempts != 2 {
			t.Errorf("attempt %d", task.Job().Attempts)
		} else if found, err := task.Checkpoint(&at); found || err != nil {
			t.Errorf("a checkpoint %d: %v", at, err)
		}
		close(wake) // while this one has the job
		if err := <-late; !errors.Is(err, jobs.ErrLost) {
			t.Errorf("the late write gives %v; want ErrLost", err)
		}
		if n := count(t, db, `SELECT deaths FROM job`); n != 1 {
			t.Errorf("%d deaths; want that of the first worker", n)
		}
		return insert(ctx, task)
	}))
	waitFor(t, db, id, jobs.Done)
	if n := count(t, db, `SELECT count(*) FROM step`); n != 1 {
		t.Errorf("the effect is there %d times", n)
	}
	stop() // it has tried to end the job by then
	if j := get(t, db, id); j.State != jobs.Done || j.Attempts != 2 {
		t.Errorf("the late worker changed the job: %+v", j)
	}
}

// TestWriteThatLosesTheJobIsRolledBack lets the lease run out inside the transaction.
func TestWriteThatLosesTheJobIsRolledBack(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	stepTable(t, db)
	id := ask(t, db, system(), jobs.Request{Kind: "work"})
	taken, late := make(chan struct{}), make(chan error, 1)
	stalled := jobs.Timing{Lease: 50 * time.Millisecond, Beat: time.Hour, Tell: time.Hour, Poll: time.Hour}
	inside := make(chan struct{})
	run(t, jobs.Runner{DB: db, Timing: stalled, Kinds: map[string]jobs.Kind{"work": {Run: func(ctx context.Context, task *jobs.Task) error {
		late <- task.Write(ctx, "a step", nil, func(tx *postgres.Tx) error {
			close(inside)
			<-taken
			_, err := tx.Exec(ctx, `INSERT INTO step (job, n) VALUES ($1, 1)`, id)
			return err
		})
		return nil
	}}}})
	<-inside
	run(t, one(db, func(context.Context, *jobs.Task) error { close(taken); return nil }))
	waitFor(t, db, id, jobs.Done)
	if err := <-late; !errors.Is(err, jobs.ErrLost) {
		t.Errorf("the write gives %v; want ErrLost", err)
	}
	if n := count(t, db, `SELECT count(*) FROM step`); n != 0 {
		t.Errorf("%d rows of a worker that had lost the job", n)
	}
}

// A worker whose job is taken hears of it by its next look, and its handler's context
// ends.
func TestLostLeaseEndsTheHandler(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	id := ask(t, db, system(), jobs.Request{Kind: "work"})
	deaf := quick()
	deaf.Lease, deaf.Beat = 50*time.Millisecond, time.Hour
	deaf.Poll = time.Hour
	begun, cause := make(chan struct{}), make(chan error, 1)
	run(t, jobs.Runner{DB: db, Timing: deaf, Kinds: map[string]jobs.Kind{"work": {Run: func(ctx context.Context, _ *jobs.Task) error {
		close(begun)
		<-ctx.Done()
		cause <- context.Cause(ctx)
		return ctx.Err()
	}}}})
	<-begun
	run(t, one(db, func(context.Context, *jobs.Task) error { return nil }))
	if err := <-cause; !errors.Is(err, jobs.ErrLost) {
		t.Errorf("the handler's context ends by %v; want ErrLost", err)
	}
	if j := waitFor(t, db, id, jobs.Done); j.Attempts != 2 {
		t.Errorf("%d attempts", j.Attempts)
	}
}

// Many jobs and two workers: each job's effect is there once.
func TestTwoWorkers(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	stepTable(t, db)
	const n = 100
	var last string
	for range n {
		last = ask(t, db, system(), jobs.Request{Kind: "work"})
	}
	var both [2]atomic.Int64
	for i := range both {
		r := one(db, func(ctx context.Context, task *jobs.Task) error {
			both[i].Add(1)
			return task.Write(ctx, "a step", nil, func(tx *postgres.Tx) error {
				_, err := tx.Exec(ctx, `INSERT INTO step (job, n) VALUES ($1, $2)`, task.Job().ID, i)
				return err
			})
		})
		r.Slots = 3
		run(t, r)
	}
	eventually(t, "the end of all jobs", func() bool { return count(t, db, `SELECT count(*) FROM job WHERE state = 'done'`) == n })
	if got := count(t, db, `SELECT count(DISTINCT job) FROM step`); got != n || count(t, db, `SELECT count(*) FROM step`) != n {
		t.Errorf("%d jobs had an effect; want each of %d once", got, n)
	}
	if j := get(t, db, last); j.Attempts != 1 {
		t.Errorf("the last was run %d times", j.Attempts)
	}
	t.Logf("%d and %d jobs", both[0].Load(), both[1].Load())
}

// A worker that is told to end hands its job back: another goes on from the checkpoint
// at once, though the lease would have lasted for an hour.
func TestHandBack(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	id := ask(t, db, system(), jobs.Request{Kind: "work"})
	long := quick()
	long.Lease = time.Hour
	long.Beat = time.Second
	ready := make(chan struct{})
	stop := run(t, jobs.Runner{DB: db, Timing: long, Kinds: map[string]jobs.Kind{"work": {Run: func(ctx context.Context, task *jobs.Task) error {
		if err := task.Write(ctx, "a step", "here", func(*postgres.Tx) error { return nil }); err != nil {
			return err
		}
		task.Progress(1, 2, "半", "half")
		close(ready)
		<-ctx.Done()
		return ctx.Err()
	}}}})
	<-ready
	stop()
	if j := get(t, db, id); j.State != jobs.Queued || j.StepEN != "half" || j.ErrorEN != "" {
		t.Errorf("after the hand-back the job is %+v", j)
	}
	run(t, one(db, func(_ context.Context, task *jobs.Task) error {
		var at string
		if found, err := task.Checkpoint(&at); !found || err != nil || at != "here" {
			t.Errorf("goes on from %q, %v, %v", at, found, err)
		}
		return nil
	}))
	waitFor(t, db, id, jobs.Done)
	if n := count(t, db, `SELECT failures + deaths FROM job`); n != 0 {
		t.Errorf("the hand-back counts as %d failures or deaths", n)
	}
}

// A handler that does not heed its context keeps the worker from ending for a while
// only, and its job is with others from the start.
func TestDeafHandler(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	id := ask(t, db, system(), jobs.Request{Kind: "work"})
	timing := quick()
	timing.Patience = time.Millisecond
	begun, wake, late := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	stop := run(t, jobs.Runner{DB: db, Timing: timing, Kinds: map[string]jobs.Kind{"work": {Run: func(ctx context.Context, task *jobs.Task) error {
		close(begun)
		<-wake
		late <- task.Write(context.WithoutCancel(ctx), "a late step", nil, func(*postgres.Tx) error { return nil })
		return nil
	}}}})
	<-begun
	stop()
	if j := get(t, db, id); j.State != jobs.Queued {
		t.Errorf("the job is %s", j.State)
	}
	close(wake)
	if err := <-late; !errors.Is(err, jobs.ErrLost) {
		t.Errorf("the late write gives %v; want ErrLost", err)
	}
}

// A job whose workers die one after the other without a checkpoint is given up; with
// one it never is.
func TestDeadly(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	bad, good := ask(t, db, system(), jobs.Request{Kind: "work"}), ask(t, db, system(), jobs.Request{Kind: "work"})
	_, err := db.Pool().Exec(t.Context(), `
UPDATE job SET state = 'running', lease_until = now() - interval '1 second', worker = 'dead', attempts = 30, deaths = CASE WHEN id = $1 THEN 10 ELSE 9 END`, bad)
	if err != nil {
		t.Fatal(err)
	}
	run(t, one(db, func(ctx context.Context, task *jobs.Task) error {
		if task.Job().ID == bad {
			t.Error("the deadly job was taken up again")
		}
		return task.Write(ctx, "a step", 1, func(*postgres.Tx) error { return nil })
	}))
	if j := waitFor(t, db, bad, jobs.Failed); !strings.Contains(j.ErrorEN, "again and again") || j.ErrorZH == "" {
		t.Errorf("it says %q", j.ErrorEN)
	}
	waitFor(t, db, good, jobs.Done)
	if n := count(t, db, `SELECT deaths FROM job WHERE id = $1`, good); n != 0 {
		t.Errorf("%d deaths after a checkpoint", n)
	}
}

// Those who watch see numbers that only grow, and every state in its order.
func TestProgressIsMonotone(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	release := make(chan struct{})
	run(t, one(db, func(ctx context.Context, task *jobs.Task) error {
		for n := range int64(100) {
			task.Progress(n, 100, "步", "step")
			if err := task.Write(ctx, "a step", n, func(*postgres.Tx) error { return nil }); err != nil {
				return err
			}
		}
		<-release
		return nil
	}))
	id := ask(t, db, system(), jobs.Request{Kind: "work"})
	var last jobs.Job
	var once sync.Once
	seen := map[int64]jobs.Job{}
	eventually(t, "the end", func() bool {
		j := get(t, db, id)
		if j.Seq < last.Seq || j.Done < last.Done {
			t.Errorf("seq %d, done %d after %d, %d", j.Seq, j.Done, last.Seq, last.Done)
		}
		if other, ok := seen[j.Seq]; ok && (other.Done != j.Done || other.State != j.State || other.StepEN != j.StepEN) {
			t.Errorf("two things under the number %d: %+v, %+v", j.Seq, other, j)
		}
		seen[j.Seq], last = j, j
		if j.Done == 99 {
			once.Do(func() { close(release) })
		}
		return j.State == jobs.Done
	})
	if last.Done != 99 || last.Total != 100 {
		t.Errorf("at the end %d of %d", last.Done, last.Total)
	}
}

// While the database is away the runner waits, and then goes on.
func TestRunnerOutlivesErrors(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	away := func(name string) {
		t.Helper()
		if _, err := db.Pool().Exec(t.Context(), `ALTER TABLE `+name); err != nil {
			t.Fatal(err)
		}
	}
	away(`job RENAME TO elsewhere`)
	said := &records{}
	r := one(db, func(context.Context, *jobs.Task) error { return nil })
	r.Log = said.logger()
	run(t, r)
	eventually(t, "a warning", func() bool { return said.has("the job queue cannot be read") })
	away(`elsewhere RENAME TO job`)
	waitFor(t, db, ask(t, db, system(), jobs.Request{Kind: "work"}), jobs.Done)
	if !said.has("the job queue is read again") {
		t.Error("nobody was told that the queue is back")
	}
}
