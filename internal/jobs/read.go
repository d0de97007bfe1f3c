package jobs

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"yike/internal/postgres"
)

// Desk is where people look at jobs and stop them. Each question is asked in the name
// of whoever asks, so row level security bounds it. It is safe for concurrent use.
type Desk struct {
	db    *postgres.DB
	who   func(context.Context) postgres.Writer
	looks looks
}

// NewDesk gives a desk on db; who says in whose name a question is asked.
func NewDesk(db *postgres.DB, who func(context.Context) postgres.Writer) *Desk {
	return &Desk{db: db, who: who, looks: looks{shared: map[jobKey]*sharedLook{}}}
}

// columns of a Job, in the order that scanJob reads them.
const columns = `adcode, id::text, kind, state, done, total, step_zh, step_en, error_zh, error_en, result,
	coalesce(asked_by::text, ''), asked_who, created_at, started_at, finished_at, attempts, cancel_asked, seq`

func (j *Job) targets() []any {
	return []any{
		&j.AdCode, &j.ID, &j.Kind, &j.State, &j.Done, &j.Total, &j.StepZH, &j.StepEN, &j.ErrorZH, &j.ErrorEN, &j.Result,
		&j.AskedBy, &j.AskedWho, &j.CreatedAt, &j.StartedAt, &j.FinishedAt, &j.Attempts, &j.CancelAsked, &j.Seq,
	}
}

func scanJob(row pgx.CollectableRow) (Job, error) {
	var j Job
	err := row.Scan(j.targets()...)
	return j, err
}

// jobKey names one job.
type jobKey struct{ adcode, id string }

func read(ctx context.Context, q postgres.Querier, k jobKey) (Job, error) {
	var j Job
	if !postgres.IsID(k.id) {
		return Job{}, ErrNotFound
	}
	err := q.QueryRow(ctx, `SELECT `+columns+` FROM job WHERE adcode = @adcode AND id = @id`,
		pgx.StrictNamedArgs{"adcode": k.adcode, "id": k.id}).Scan(j.targets()...)
	if errors.Is(err, pgx.ErrNoRows) {
		return Job{}, ErrNotFound
	}
	if err != nil {
		return Job{}, fmt.Errorf("read a job: %w", err)
	}
	return j, nil
}

// Get gives one job, or ErrNotFound where there is none that the asker may see.
func (d *Desk) Get(ctx context.Context, id string) (Job, error) {
	var j Job
	w := d.who(ctx)
	err := d.db.Read(ctx, w, func(q postgres.Querier) (err error) {
		j, err = read(ctx, q, jobKey{w.AdCode, id})
		return err
	})
	return j, err
}

// Filter picks jobs. Zero values pick all.
type Filter struct {
	State  State
	Kind   string
	Before string // only those asked for earlier than this one, by id
	Limit  int    // how many at most; needed
}

// List gives jobs that the asker may see, the last asked for first, and whether there
// are more.
func (d *Desk) List(ctx context.Context, f Filter) (list []Job, more bool, err error) {
	w := d.who(ctx)
	err = d.db.Read(ctx, w, func(q postgres.Querier) error {
		// The ids are made in the order of time.
		rows, err := q.Query(ctx, `
SELECT `+columns+` FROM job
WHERE adcode = @adcode AND (@state = '' OR state = @state) AND (@kind = '' OR kind = @kind)
	AND (@before = '' OR id < nullif(@before, '')::uuid)
ORDER BY id DESC LIMIT @limit`,
			pgx.StrictNamedArgs{"adcode": w.AdCode, "state": string(f.State), "kind": f.Kind, "before": f.Before, "limit": f.Limit + 1})
		if err != nil {
			return fmt.Errorf("list jobs: %w", err)
		}
		list, err = pgx.CollectRows(rows, scanJob)
		if err != nil {
			return fmt.Errorf("list jobs: %w", err)
		}
		return nil
	})
	if len(list) > f.Limit {
		return list[:f.Limit], true, err
	}
	return list, false, err
}

// Cancel asks for a job to be stopped and gives it as it then is: one that waits is
// over at once, one that runs is when its worker has seen it, within seconds. It returns
// ErrNotFound, ErrEnded, or a postgres.ForbiddenError for a job of somebody else.
func (d *Desk) Cancel(ctx context.Context, id string) (Job, error) {
	w := d.who(ctx)
	_, err := postgres.WriteOnce(ctx, d.db, w, "取消任务 / cancel a job", func(tx *postgres.Tx) (string, error) {
		return id, cancel(ctx, tx, jobKey{w.AdCode, id})
	})
	if err != nil {
		return Job{}, err
	}
	return d.Get(ctx, id)
}

func cancel(ctx context.Context, tx *postgres.Tx, k jobKey) error {
	before, err := read(ctx, tx, k)
	if err != nil {
		return err
	}
	// Whoever may see a job may not for that reason stop it; the row is then left out.
	tag, err := tx.Exec(ctx, `
UPDATE job SET cancel_asked = true, seq = seq + 1
WHERE adcode = @adcode AND id = @id AND state IN ('queued', 'running')`,
		pgx.StrictNamedArgs{"adcode": k.adcode, "id": k.id})
	if err != nil {
		return fmt.Errorf("cancel a job: %w", err)
	}
	if tag.RowsAffected() == 0 {
		now, err := read(ctx, tx, k)
		if err != nil {
			return err
		}
		if now.State.Ended() {
			return ErrEnded
		}
		return &postgres.ForbiddenError{Action: "job.cancel"}
	}
	tx.Note(postgres.Note{Action: "job.cancel", Kind: "job", ID: k.id, After: map[string]any{"kind": before.Kind, "asked_who": before.AskedWho}})
	return tx.AsOwner(ctx, func() error {
		_, err := tx.Exec(ctx, `
UPDATE job SET state = 'cancelled', finished_at = now() WHERE adcode = @adcode AND id = @id AND state = 'queued'`,
			pgx.StrictNamedArgs{"adcode": k.adcode, "id": k.id})
		if err != nil {
			return fmt.Errorf("cancel a job that waits: %w", err)
		}
		return nil
	})
}
