package jobs_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"yike/internal/jobs"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
)

func this(id string, do jobs.Handler) jobs.One {
	return jobs.One{AdCode: adcode, ID: id, Run: do, Log: quiet(), Timing: quick()}
}

// A job that a verb runs itself is seen by everybody, and left alone by other workers.
func TestRunHere(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	run(t, one(db, func(context.Context, *jobs.Task) error { t.Error("another worker ran it"); return nil }))
	id := ask(t, db, system(), jobs.Request{Kind: "work", RunAfter: time.Hour})
	var steps []string
	o := this(id, func(_ context.Context, task *jobs.Task) error {
		if j := get(t, db, id); j.State != jobs.Running {
			t.Errorf("while it runs it is %s", j.State)
		}
		task.Progress(1, 2, "一", "one")
		task.Progress(2, 2, "二", "two")
		task.Result("well")
		return nil
	})
	o.Progress = func(_, _ int64, _, en string) { steps = append(steps, en) }
	j, here, err := jobs.RunOne(t.Context(), db, o)
	if err != nil || !here || j.State != jobs.Done || string(j.Result) != `"well"` || strings.Join(steps, " ") != "one two" {
		t.Errorf("%+v, here %v, %v; steps %v", j, here, err, steps)
	}
	if j, here, err := jobs.RunOne(t.Context(), db, this(id, nil)); err != nil || here || j.State != jobs.Done {
		t.Errorf("a job that is over: %+v, here %v, %v", j, here, err)
	}
	if _, _, err := jobs.RunOne(t.Context(), db, this("nothing", nil)); err == nil {
		t.Error("a job that is not there is run")
	}
}

// The verb gets its handler's own error, and the job is over.
func TestRunHereFails(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	boom := errors.New("boom")
	id := ask(t, db, system(), jobs.Request{Kind: "work"})
	j, here, err := jobs.RunOne(t.Context(), db, this(id, func(context.Context, *jobs.Task) error { return boom }))
	if !errors.Is(err, boom) || !here || j.State != jobs.Failed || j.Attempts != 1 || j.ErrorZH == "" {
		t.Errorf("%+v, here %v, %v", j, here, err)
	}
}

// Where another worker has the job the verb waits for it, and shows its progress.
func TestRunElsewhere(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	seen, begun := make(chan struct{}), make(chan struct{})
	run(t, one(db, func(_ context.Context, task *jobs.Task) error {
		task.Progress(1, 2, "别处", "elsewhere")
		close(begun)
		<-seen
		return nil
	}))
	id := ask(t, db, system(), jobs.Request{Kind: "work"})
	<-begun
	o := this(id, func(context.Context, *jobs.Task) error { t.Error("it was run twice"); return nil })
	once := false
	o.Progress = func(_, _ int64, _, en string) {
		if en == "elsewhere" && !once {
			once = true
			close(seen)
		}
	}
	if j, here, err := jobs.RunOne(t.Context(), db, o); err != nil || here || j.State != jobs.Done {
		t.Errorf("%+v, here %v, %v", j, here, err)
	}
}

// A job whose worker is dead is taken over, once its lease has run out; one of this very
// process, that lost the database for a while, at once.
func TestRunOverTheDead(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	for name, lease := range map[string]string{"dead": "200 milliseconds", "me": "1 hour"} {
		id := ask(t, db, system(), jobs.Request{Kind: "work"})
		if _, err := db.Pool().Exec(t.Context(), `
UPDATE job SET state = 'running', lease_until = now() + $2::text::interval, worker = $3, attempts = 1, checkpoint = '7' WHERE id = $1`, id, lease, name); err != nil {
			t.Fatal(err)
		}
		o := this(id, func(_ context.Context, task *jobs.Task) error {
			at := 0
			if found, err := task.Checkpoint(&at); !found || at != 7 {
				t.Errorf("goes on from %d, %v", at, err)
			}
			return nil
		})
		o.Worker = "me"
		if j, here, err := jobs.RunOne(t.Context(), db, o); err != nil || !here || j.Attempts != 2 {
			t.Errorf("over a worker that is %s: %+v, here %v, %v", name, j, here, err)
		}
	}
	// One that was cancelled meanwhile is over, though no runner is there to end it.
	id := ask(t, db, system(), jobs.Request{Kind: "work"})
	if _, err := db.Pool().Exec(t.Context(), `
UPDATE job SET state = 'running', lease_until = now(), worker = 'dead', attempts = 1, cancel_asked = true WHERE id = $1`, id); err != nil {
		t.Fatal(err)
	}
	if j, here, err := jobs.RunOne(t.Context(), db, this(id, nil)); err != nil || here || j.State != jobs.Cancelled {
		t.Errorf("a dead one that was cancelled: %+v, here %v, %v", j, here, err)
	}
}

// A verb that a person stops cancels its job; a server that stops hands it back.
func TestRunHereIsStopped(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	for _, cancels := range []bool{true, false} {
		id := ask(t, db, system(), jobs.Request{Kind: "work"})
		ctx, stop := context.WithCancel(t.Context())
		o := this(id, func(ctx context.Context, task *jobs.Task) error {
			err := task.Write(ctx, "a step", 1, func(*postgres.Tx) error { return nil })
			stop()
			<-ctx.Done()
			return errors.Join(err, ctx.Err())
		})
		o.CancelOnStop = cancels
		j, here, err := jobs.RunOne(ctx, db, o)
		if want := map[bool]jobs.State{true: jobs.Cancelled, false: jobs.Queued}[cancels]; !errors.Is(err, context.Canceled) || !here || j.State != want {
			t.Errorf("cancels: %v: %s, here %v, %v; want %s", cancels, j.State, here, err, want)
		}
		if _, _, err := jobs.RunOne(ctx, db, o); !errors.Is(err, context.Canceled) {
			t.Errorf("with a context that is over: %v", err)
		}
	}
}
