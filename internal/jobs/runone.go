package jobs

import (
	"context"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"yike/internal/postgres"
)

// One says how to run one job here and now.
type One struct {
	AdCode string
	ID     string
	Run    Handler
	Worker string // names this process; by the same name it takes back what it lost hold of. A word of chance by default
	Log    *slog.Logger
	Timing Timing // its Lease is 5 s by default: whoever waits for the job should not wait long for a dead one

	// CancelOnStop cancels the job where ctx ends, as when a person stops a verb; else
	// it is handed back to any worker.
	CancelOnStop bool
	// Progress is told at once of each step, also of one that another worker makes.
	Progress func(done, total int64, zh, en string)
}

// oneLease is the lease of a job whose asker waits for it.
const oneLease = 5 * time.Second

// RunOne runs a job that was just asked for in this process, visible to everybody like
// any other. Where another worker has it, it waits until that has ended it, or died. It
// returns the job as it then is and whether it ran here; the error is the handler's,
// which is also the end of the job: there is no further attempt. A job that ended
// elsewhere is no error, whatever became of it.
func RunOne(ctx context.Context, db *postgres.DB, o One) (j Job, here bool, err error) {
	if o.Timing.Lease <= 0 {
		o.Timing.Lease = oneLease
	}
	if o.Worker == "" {
		o.Worker = uuid.NewString()
	}
	timing := o.Timing.filled()
	key := jobKey{o.AdCode, o.ID}
	w := &worker{db: db, log: o.Log, timing: timing, once: true, cancel: o.CancelOnStop, listen: o.Progress}
	var seen int64
	for {
		got, found, err := claimOne(ctx, db, o.Worker, key, timing.Lease)
		if err != nil {
			return Job{}, false, err
		}
		if found {
			return w.runHere(ctx, got, o.Run)
		}
		if _, err := sweep(ctx, db, []string{o.AdCode}); err != nil {
			return Job{}, false, err
		}
		if j, err = read(ctx, db.Pool(), key); err != nil || j.State.Ended() {
			return j, false, err
		}
		if j.Seq != seen && o.Progress != nil && j.StepZH != "" {
			o.Progress(j.Done, j.Total, j.StepZH, j.StepEN)
		}
		seen = j.Seq
		if err := sleep(ctx, timing.Tell); err != nil {
			return j, false, err
		}
	}
}

func (w *worker) runHere(ctx context.Context, got taken, do Handler) (Job, bool, error) {
	failed := w.carry(ctx, got, do)
	j, err := read(context.WithoutCancel(ctx), w.db.Pool(), got.jobKey)
	if failed != nil {
		return j, true, failed // the database may be what failed
	}
	return j, true, err
}
