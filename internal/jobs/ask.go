package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"yike/internal/postgres"
)

// Request asks for a job.
type Request struct {
	Kind     string
	Args     any           // encoded as JSON; nil for none. It must not hold a secret
	Dedupe   string        // while a job of the kind with the same word is unfinished, no second one is made; "" makes one in any case
	RunAfter time.Duration // how long from now workers leave it alone
}

// Ask puts a job into the queue, in the caller's transaction: it is there when the
// caller's own writes are, and not otherwise. It belongs to the writer's authority and
// account. It returns the job's id, or that of the unfinished one with the same Dedupe,
// which its asker alone may be let see. A person needs one of the rights that the table
// job_kind names; without it the error is a postgres.ForbiddenError.
func Ask(ctx context.Context, tx *postgres.Tx, r Request) (string, error) {
	args, err := json.Marshal(r.Args)
	if err != nil {
		return "", fmt.Errorf("encode what the job %s is asked: %w", r.Kind, err)
	}
	if r.Args == nil {
		args = []byte(`{}`)
	}
	// One that ends between the two statements is neither in the way nor found.
	for {
		id, made, err := ask(ctx, tx, r, args)
		if err != nil {
			return "", err
		}
		if made {
			tx.Note(postgres.Note{Action: "job.ask", Kind: "job", ID: id, After: map[string]any{"kind": r.Kind, "args": json.RawMessage(args)}})
			return id, nil
		}
		if id, err = unfinished(ctx, tx, r); id != "" || err != nil {
			return id, err
		}
	}
}

func ask(ctx context.Context, tx *postgres.Tx, r Request, args json.RawMessage) (id string, made bool, err error) {
	fresh, err := uuid.NewV7()
	if err != nil {
		return "", false, fmt.Errorf("new id: %w", err)
	}
	w := tx.Writer()
	tag, err := tx.Exec(ctx, `
INSERT INTO job (adcode, id, kind, args, dedupe, run_after, asked_by, asked_who)
VALUES (@adcode, @id, @kind, @args, @dedupe, now() + @after::interval, nullif(@account, '')::uuid, @who)
ON CONFLICT (adcode, kind, dedupe) WHERE dedupe <> '' AND state IN ('queued', 'running') DO NOTHING`,
		pgx.StrictNamedArgs{
			"adcode": w.AdCode, "id": fresh.String(), "kind": r.Kind, "args": args, "dedupe": r.Dedupe, "after": r.RunAfter,
			"account": w.Account, "who": w.Who,
		})
	if err != nil {
		return "", false, fmt.Errorf("ask for the job %s: %w", r.Kind, err)
	}
	return fresh.String(), tag.RowsAffected() == 1, nil
}

// unfinished finds the job that is in the way of a second one, whoever asked for it; ""
// when it ended meanwhile.
func unfinished(ctx context.Context, tx *postgres.Tx, r Request) (id string, err error) {
	err = tx.AsOwner(ctx, func() error {
		err := tx.QueryRow(ctx, `
SELECT id::text FROM job WHERE adcode = @adcode AND kind = @kind AND dedupe = @dedupe AND dedupe <> '' AND state IN ('queued', 'running')`,
			pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "kind": r.Kind, "dedupe": r.Dedupe}).Scan(&id)
		if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return fmt.Errorf("find the unfinished job %s: %w", r.Kind, err)
		}
		return nil
	})
	return id, err
}
