package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"yike/internal/postgres"
)

// mostFailures and mostDeaths bound how often a job is tried. A worker that dies says
// little about the job, so deaths count apart, and anew after each checkpoint: a job
// that gets on is never given up, one that kills its worker at the same place is.
const (
	mostFailures = 5
	mostDeaths   = 10
)

// lease is the right of one attempt to one job.
type lease struct {
	jobKey
	worker  string
	attempt int
}

// held picks the job's row while the attempt has it.
const held = ` adcode = @adcode AND id = @id AND state = 'running' AND worker = @worker AND attempts = @attempt`

// args are held's, with others.
func (l lease) args(more pgx.StrictNamedArgs) pgx.StrictNamedArgs {
	all := pgx.StrictNamedArgs{"adcode": l.adcode, "id": l.id, "worker": l.worker, "attempt": l.attempt}
	for k, v := range more {
		all[k] = v
	}
	return all
}

// taken is a job as its worker took it up.
type taken struct {
	Job
	lease
	args       json.RawMessage
	checkpoint json.RawMessage // nil for none
	failures   int
}

// takeUp is what all ways of taking up a job set. A lease that ran out is a death.
const takeUp = `
UPDATE job SET state = 'running', worker = @worker, attempts = attempts + 1, deaths = deaths + (state = 'running')::int,
	lease_until = now() + @lease::interval, started_at = coalesce(started_at, now()), seq = seq + 1`

// claim takes up to n jobs that wait or whose worker is gone, the longest waiting first.
// Others who claim at the same time get others.
func claim(ctx context.Context, db *postgres.DB, worker string, kinds, adcodes []string, span time.Duration, n int) ([]taken, error) {
	if adcodes == nil {
		adcodes = []string{}
	}
	rows, err := db.Pool().Query(ctx, `
WITH due AS (
	SELECT adcode AS due_adcode, id AS due_id FROM job
	WHERE state IN ('queued', 'running') AND kind = ANY (@kinds) AND (@adcodes::text[] = '{}' OR adcode = ANY (@adcodes)) AND NOT cancel_asked
		AND (state = 'queued' AND run_after <= now() OR state = 'running' AND lease_until <= now() AND deaths < @most)
	ORDER BY run_after, id LIMIT @n FOR UPDATE SKIP LOCKED
)`+takeUp+`
FROM due WHERE adcode = due_adcode AND id = due_id
RETURNING args, checkpoint, failures, `+columns,
		pgx.StrictNamedArgs{"worker": worker, "lease": span, "kinds": kinds, "adcodes": adcodes, "most": mostDeaths, "n": n})
	if err != nil {
		return nil, fmt.Errorf("claim jobs: %w", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (taken, error) { return scanTaken(row, worker) })
	if err != nil {
		return nil, fmt.Errorf("claim jobs: %w", err)
	}
	return list, nil
}

// claimOne takes up the given job where it waits, or its worker is gone or is this very
// one; found is false where it is not to be had.
func claimOne(ctx context.Context, db *postgres.DB, worker string, k jobKey, span time.Duration) (j taken, found bool, err error) {
	rows, err := db.Pool().Query(ctx, takeUp+`
WHERE adcode = @adcode AND id = @id AND NOT cancel_asked
	AND (state = 'queued' OR state = 'running' AND (lease_until <= now() OR worker = @worker))
RETURNING args, checkpoint, failures, `+columns,
		pgx.StrictNamedArgs{"worker": worker, "lease": span, "adcode": k.adcode, "id": k.id})
	if err != nil {
		return taken{}, false, fmt.Errorf("claim a job: %w", err)
	}
	j, err = pgx.CollectExactlyOneRow(rows, func(row pgx.CollectableRow) (taken, error) { return scanTaken(row, worker) })
	if errors.Is(err, pgx.ErrNoRows) {
		return taken{}, false, nil
	}
	if err != nil {
		return taken{}, false, fmt.Errorf("claim a job: %w", err)
	}
	return j, true, nil
}

func scanTaken(row pgx.CollectableRow, worker string) (taken, error) {
	var t taken
	err := row.Scan(append([]any{&t.args, &t.checkpoint, &t.failures}, t.targets()...)...)
	t.lease = lease{jobKey{t.AdCode, t.ID}, worker, t.Attempts}
	return t, err
}

// sweep ends the jobs that no worker is to take up again: those of dead workers that
// were to be cancelled, or that killed too many.
func sweep(ctx context.Context, db *postgres.DB, adcodes []string) (int64, error) {
	if adcodes == nil {
		adcodes = []string{}
	}
	tag, err := db.Pool().Exec(ctx, `
WITH gone AS (
	SELECT adcode, id FROM job
	WHERE state = 'running' AND lease_until <= now() AND (cancel_asked OR deaths >= @most)
		AND (@adcodes::text[] = '{}' OR adcode = ANY (@adcodes))
	FOR UPDATE SKIP LOCKED
)
UPDATE job j SET state = CASE WHEN cancel_asked THEN 'cancelled' ELSE 'failed' END,
	error_zh = CASE WHEN cancel_asked THEN '' ELSE '执行该任务的进程一再中断，任务已放弃' END,
	error_en = CASE WHEN cancel_asked THEN '' ELSE 'The processes that ran this job died again and again; it was given up' END,
	lease_until = NULL, finished_at = now(), seq = seq + 1
FROM gone WHERE j.adcode = gone.adcode AND j.id = gone.id`,
		pgx.StrictNamedArgs{"adcodes": adcodes, "most": mostDeaths})
	if err != nil {
		return 0, fmt.Errorf("end jobs of dead workers: %w", err)
	}
	return tag.RowsAffected(), nil
}

// progress is how far a job is.
type progress struct {
	done, total int64
	zh, en      string
}

// said are the progress's arguments; nil leaves the row as it is.
func (p *progress) said() pgx.StrictNamedArgs {
	if p == nil {
		return pgx.StrictNamedArgs{"moved": false, "done": int64(0), "total": int64(0), "zh": "", "en": ""}
	}
	return pgx.StrictNamedArgs{"moved": true, "done": p.done, "total": p.total, "zh": p.zh, "en": p.en}
}

// tellProgress sets what said gives.
const tellProgress = `
	done = CASE WHEN @moved THEN @done ELSE done END, total = CASE WHEN @moved THEN @total ELSE total END,
	step_zh = CASE WHEN @moved THEN @zh ELSE step_zh END, step_en = CASE WHEN @moved THEN @en ELSE step_en END`

// look asks whether the attempt still has the job and is to go on: ErrLost, ErrCancelled.
func (l lease) look(ctx context.Context, q postgres.Querier) error {
	return l.answer(q.QueryRow(ctx, `SELECT cancel_asked FROM job WHERE`+held, l.args(nil)))
}

// lock is look, and nobody else gets the job until the transaction ends.
func (l lease) lock(ctx context.Context, q postgres.Querier) error {
	return l.answer(q.QueryRow(ctx, `SELECT cancel_asked FROM job WHERE`+held+` FOR UPDATE`, l.args(nil)))
}

// renew is look, and makes the lease last from now, and tells the progress.
func (l lease) renew(ctx context.Context, q postgres.Querier, span time.Duration, p *progress) error {
	args := l.args(p.said())
	args["lease"] = span
	return l.answer(q.QueryRow(ctx, `
UPDATE job SET lease_until = clock_timestamp() + @lease::interval, seq = seq + @moved::bool::int,`+tellProgress+`
WHERE`+held+` RETURNING cancel_asked`, args))
}

// save is look with a new checkpoint, which those who watch do not see.
func (l lease) save(ctx context.Context, q postgres.Querier, span time.Duration, checkpoint json.RawMessage) error {
	return l.answer(q.QueryRow(ctx, `
UPDATE job SET checkpoint = @checkpoint, deaths = 0, lease_until = clock_timestamp() + @lease::interval
WHERE`+held+` RETURNING cancel_asked`, l.args(pgx.StrictNamedArgs{"lease": span, "checkpoint": checkpoint})))
}

func (l lease) answer(row pgx.Row) error {
	var cancelled bool
	err := row.Scan(&cancelled)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return ErrLost
	case err != nil:
		return fmt.Errorf("keep the job %s: %w", l.id, err)
	case cancelled:
		return ErrCancelled
	}
	return nil
}

// ending is how an attempt leaves its job.
type ending struct {
	state    State
	wait     time.Duration // of Queued: until the next attempt
	failures int
	zh, en   string // the error
	result   json.RawMessage
	last     *progress
}

// end leaves the job: it is over or waits again. ErrLost where the attempt has it no
// more. A job that was to be cancelled does not wait again.
func (l lease) end(ctx context.Context, q postgres.Querier, e ending) error {
	args := l.args(e.last.said())
	args["state"], args["wait"], args["failures"] = string(e.state), e.wait, e.failures
	args["error_zh"], args["error_en"], args["result"] = e.zh, e.en, e.result
	return l.answerEnd(q.QueryRow(ctx, `
UPDATE job SET state = CASE WHEN @state = 'queued' AND cancel_asked THEN 'cancelled' ELSE @state END,
	run_after = CASE WHEN @state = 'queued' AND @wait::interval > '0' THEN now() + @wait ELSE run_after END,
	finished_at = CASE WHEN @state = 'queued' AND NOT cancel_asked THEN NULL ELSE now() END,
	lease_until = NULL, failures = @failures, error_zh = @error_zh, error_en = @error_en, result = @result, seq = seq + 1,`+tellProgress+`
WHERE`+held+` RETURNING cancel_asked`, args))
}

func (l lease) answerEnd(row pgx.Row) error {
	if err := l.answer(row); !errors.Is(err, ErrCancelled) {
		return err
	}
	return nil
}
