package jobs

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"

	"yike/internal/postgres"
)

// usualSlots is how many jobs a runner runs at once unless it is told otherwise.
const usualSlots = 2

// claimPatience is how long one look for work may take.
const claimPatience = 10 * time.Second

// Runner takes up jobs and runs them.
type Runner struct {
	DB      *postgres.DB
	Kinds   map[string]Kind // by the word in Request.Kind; others are left to other workers
	Worker  string          // names this process in the jobs' rows; a word of chance by default
	AdCodes []string        // the authorities whose jobs it runs; those of all by default
	Log     *slog.Logger
	Slots   int // how many jobs at once; 2 by default
	Timing  Timing
}

// Run takes up jobs and runs them until ctx ends; then it hands those that run back, so
// that another worker goes on with them at once, waits for their handlers, and returns
// nil. While the database is out of reach it keeps asking.
func (r *Runner) Run(ctx context.Context) error {
	run := r.filled()
	w := &worker{db: run.DB, log: run.Log, timing: run.Timing}
	free := make(chan struct{}, run.Slots)
	var running sync.WaitGroup
	defer running.Wait()
	var swept time.Time
	reachable := true
	for ctx.Err() == nil {
		n := run.take(ctx, free)
		list, err := run.claim(ctx, n)
		if reachable != (err == nil) && ctx.Err() == nil {
			reachable = err == nil
			run.tell(ctx, err)
		}
		for _, j := range list {
			running.Go(func() {
				defer func() { <-free }()
				_ = w.carry(ctx, j, run.Kinds[j.Kind].Run) // it is in the log and in the job
			})
		}
		for range n - len(list) {
			<-free
		}
		if err == nil && time.Since(swept) >= run.Timing.Poll {
			swept = time.Now()
			run.sweep(ctx)
		}
		if len(list) == 0 {
			_ = sleep(ctx, run.Timing.Poll) // the loop ends with ctx
		}
	}
	return nil
}

// claim takes up to n jobs up. It does not stop half-way when ctx ends: jobs taken up
// without anybody's knowing would wait for their leases to run out.
func (r *Runner) claim(ctx context.Context, n int) ([]taken, error) {
	if n == 0 {
		return nil, nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), claimPatience)
	defer cancel()
	return claim(ctx, r.DB, r.Worker, kindNames(r.Kinds), r.AdCodes, r.Timing.Lease, n)
}

func (r *Runner) filled() Runner {
	run := *r
	run.Timing = run.Timing.filled()
	if run.Slots <= 0 {
		run.Slots = usualSlots
	}
	if run.Worker == "" {
		run.Worker = uuid.NewString()
	}
	return run
}

// take waits for a free slot and takes all that are free; fewer, and none, when ctx ends.
func (r *Runner) take(ctx context.Context, free chan<- struct{}) (n int) {
	select {
	case free <- struct{}{}:
	case <-ctx.Done():
		return 0
	}
	for n = 1; n < r.Slots; n++ {
		select {
		case free <- struct{}{}:
		default:
			return n
		}
	}
	return n
}

// sweep ends the jobs that nobody is to take up any more.
func (r *Runner) sweep(ctx context.Context) {
	n, err := sweep(ctx, r.DB, r.AdCodes)
	if err != nil && ctx.Err() == nil {
		r.Log.WarnContext(ctx, "jobs of dead workers cannot be ended", slog.Any("error", err))
	}
	if n > 0 {
		r.Log.WarnContext(ctx, "jobs of dead workers were ended", slog.Int64("jobs", n))
	}
}

// tell logs that the queue is out of reach, or there again.
func (r *Runner) tell(ctx context.Context, err error) {
	if err != nil {
		r.Log.WarnContext(ctx, "the job queue cannot be read", slog.Any("error", err))
		return
	}
	r.Log.InfoContext(ctx, "the job queue is read again")
}
