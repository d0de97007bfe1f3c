package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"yike/internal/postgres"
)

// Timing are the waits of a worker. Zero values are the usual ones.
type Timing struct {
	Lease    time.Duration                    // how long a job is kept from others without a sign of life; 12 s, so that its next attempt begins within 15
	Beat     time.Duration                    // between signs of life; a third of the lease
	Tell     time.Duration                    // between looks at a job that runs, to tell its progress and to hear of its cancelling; 500 ms
	Poll     time.Duration                    // between looks for work; 1 s
	Patience time.Duration                    // for handlers to return when the worker ends; 10 s
	Backoff  func(failures int) time.Duration // from a failure to the next attempt; 5 s, 20 s, 80 s, …
}

func (t Timing) filled() Timing {
	fill := func(d *time.Duration, usual time.Duration) {
		if *d <= 0 {
			*d = usual
		}
	}
	fill(&t.Lease, 12*time.Second)
	fill(&t.Beat, t.Lease/3)
	fill(&t.Tell, 500*time.Millisecond)
	fill(&t.Poll, time.Second)
	fill(&t.Patience, 10*time.Second)
	if t.Backoff == nil {
		t.Backoff = backoff
	}
	return t
}

func backoff(failures int) time.Duration {
	wait := 5 * time.Second
	for range failures - 1 {
		wait *= 4
	}
	return wait
}

// worker runs jobs that it has taken up.
type worker struct {
	db     *postgres.DB
	log    *slog.Logger
	timing Timing

	once   bool // a failure is the end: whoever asked is here and hears of it
	cancel bool // where the context ends, the job is cancelled and not handed back
	listen func(done, total int64, zh, en string)
}

// errUnresponsive says that a handler went on after its context had ended.
var errUnresponsive = errors.New("the handler does not stop; it was left behind")

// carry runs a job's handler until it returns or ctx ends, and leaves the job as it then
// is. It returns the handler's error.
func (w *worker) carry(ctx context.Context, j taken, do Handler) error {
	log := w.log.With("job_id", j.ID, "kind", j.Kind, "attempt", j.Attempts)
	log.DebugContext(ctx, "job taken up")
	began := time.Now()
	t := &Task{db: w.db, job: j, span: w.timing.Lease, listen: w.listen, at: j.checkpoint}
	run, stop := context.WithCancelCause(ctx)
	defer stop(nil)

	beating, quiet := context.WithCancel(context.WithoutCancel(ctx))
	beats := make(chan struct{})
	go func() {
		defer close(beats)
		if err := w.beat(beating, t); err != nil {
			stop(err)
		}
	}()
	returned := make(chan error, 1)
	go func() { returned <- call(run, do, t) }()

	var err error
	select {
	case err = <-returned:
		returned <- err
	case <-ctx.Done():
		select {
		case err = <-returned:
			returned <- err
		default:
			err = ctx.Err()
		}
	}
	quiet()
	<-beats
	if ctx.Err() != nil && err != nil {
		return w.stopped(ctx, t, returned, log)
	}
	e, err := w.ending(run, t, err)
	w.leave(ctx, t, e, log)
	w.report(ctx, log, e, err, time.Since(began))
	return err
}

// call runs the handler and makes an error of a panic.
func call(ctx context.Context, do Handler, t *Task) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("panic: %v\n%s", cause, debug.Stack())
		}
	}()
	return do(ctx, t)
}

// beat keeps the lease and tells the progress until ctx ends: then it returns nil. It
// returns ErrCancelled when a person wants the job stopped, ErrLost when another worker
// has it, or may have it since the database was out of reach for the length of a lease.
func (w *worker) beat(ctx context.Context, t *Task) error {
	tick := time.NewTicker(min(w.timing.Tell, w.timing.Beat))
	defer tick.Stop()
	renewed := time.Now()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		began := time.Now()
		extends, err := w.sign(ctx, t, began.Sub(renewed) >= w.timing.Beat)
		switch {
		case ctx.Err() != nil:
			return nil
		case errors.Is(err, ErrLost), errors.Is(err, ErrCancelled):
			return err
		case err == nil && extends:
			renewed = began
		case err != nil && time.Since(renewed) > w.timing.Lease:
			return fmt.Errorf("%w: %w", ErrLost, err)
		}
	}
}

// sign gives one sign of life: it tells the progress where there is news, and renews the
// lease then or when it is due; else it only looks.
func (w *worker) sign(ctx context.Context, t *Task, due bool) (extends bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, w.timing.Lease)
	defer cancel()
	p := t.take()
	if p == nil && !due {
		return false, t.job.look(ctx, w.db.Pool())
	}
	err = t.job.renew(ctx, w.db.Pool(), w.timing.Lease, p)
	if err != nil {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.giveBack(p)
	}
	return true, err
}

// stopped hands the job back at once, or cancels it, and then waits for the handler; what
// that still writes is refused. It returns what ended ctx.
func (w *worker) stopped(ctx context.Context, t *Task, returned <-chan error, log *slog.Logger) error {
	e := ending{state: Queued, failures: t.job.failures}
	if w.cancel {
		e.state = Cancelled
	}
	w.leave(ctx, t, e, log)
	patience := time.NewTimer(w.timing.Patience)
	defer patience.Stop()
	select {
	case err := <-returned:
		log.InfoContext(ctx, "job handed back", slog.Any("cause", err))
	case <-patience.C:
		log.ErrorContext(ctx, "job handed back", slog.Any("error", errUnresponsive))
	}
	return context.Cause(ctx)
}

// ending decides how an attempt that came to its end leaves its job. No state says that
// there is nothing to leave: another has the job. The error is err, or the result's.
func (w *worker) ending(run context.Context, t *Task, err error) (ending, error) {
	e := ending{state: Done, failures: t.job.failures}
	if err == nil {
		t.mu.Lock()
		e.result, err = encode(t.result)
		t.mu.Unlock()
	}
	if err == nil {
		return e, nil
	}
	cause := context.Cause(run)
	switch {
	case errors.Is(err, ErrLost), errors.Is(cause, ErrLost):
		return ending{}, err
	case errors.Is(err, ErrCancelled), errors.Is(cause, ErrCancelled):
		e.state = Cancelled
		return e, err
	}
	f := faultOf(err)
	e.state, e.result = Queued, nil
	e.zh, e.en = f.words()
	if f.later > 0 && !w.once {
		e.wait = f.later
		return e, err
	}
	e.failures++
	if e.wait = w.timing.Backoff(e.failures); f.permanent || w.once || e.failures >= mostFailures {
		e.state = Failed
	}
	return e, err
}

// leave writes how the job is left. It tries for as long as the lease may last, since
// then others take the job over in any case; less where somebody waits for the end.
func (w *worker) leave(ctx context.Context, t *Task, e ending, log *slog.Logger) {
	if e.state == "" {
		return
	}
	e.last = t.take()
	patience := w.timing.Lease
	if w.once {
		patience = w.timing.Beat
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	for {
		err := t.job.end(ctx, w.db.Pool(), e)
		if err == nil {
			return
		}
		if errors.Is(err, ErrLost) || sleep(ctx, w.timing.Tell) != nil {
			log.WarnContext(ctx, "job could not be left in order", slog.Any("error", err))
			return
		}
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

func (w *worker) report(ctx context.Context, log *slog.Logger, e ending, err error, took time.Duration) {
	switch e.state {
	case Done:
		log.InfoContext(ctx, "job done", slog.Duration("took", took))
	case Cancelled:
		log.InfoContext(ctx, "job cancelled", slog.Duration("took", took))
	case Failed:
		log.ErrorContext(ctx, "job failed", slog.Any("error", err))
	case Queued:
		log.WarnContext(ctx, "job will be tried again", slog.Any("error", err), slog.Duration("in", e.wait), slog.Int("failures", e.failures))
	default:
		log.WarnContext(ctx, "job lost", slog.Any("error", err))
	}
}

// kindNames lists the words of kinds.
func kindNames(kinds map[string]Kind) []string {
	out := make([]string, 0, len(kinds))
	for name := range kinds {
		out = append(out, name)
	}
	return out
}
