package importdb

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"yike/facilities/imports"
	"yike/internal/postgres"
)

// What asking for a step may fail of besides.
var (
	// ErrBusy says that a job of the batch is under way.
	ErrBusy = errors.New("这次导入的任务正在进行 / a job of this import is under way")
	// ErrTooLate says that a batch was taken too long ago to be reversed.
	ErrTooLate = errors.New("导入已超过 30 天 / the import is older than 30 days")
)

// UndoDays is for how many days a batch can be reversed as a whole.
const UndoDays = 30

// Undoable reports whether a batch can be reversed at a moment.
func Undoable(b imports.Batch, now time.Time) bool {
	switch b.State {
	case imports.Committing, imports.Undoing:
		return true
	case imports.Committed:
		return b.CommittedAt != nil && now.Before(b.CommittedAt.AddDate(0, 0, UndoDays))
	}
	return false
}

// Begin locks a batch for a step that its writer may ask for, who saw a version of it:
// check, commit or undo. It returns ErrNotFound, ErrState, ErrBusy, ErrTooLate and a
// *postgres.StaleError.
func Begin(ctx context.Context, tx *postgres.Tx, id, step string, expected int, now time.Time) (imports.Batch, error) {
	b, err := Lock(ctx, tx, id)
	if err != nil {
		return b, err
	}
	if err := tx.Require(ctx, mayImport, b.DivisionCode); err != nil {
		return b, err
	}
	if b.Version != expected {
		return b, &postgres.StaleError{Current: b.Version}
	}
	var fits bool
	switch step {
	case "check":
		fits = b.State == imports.Mapped || b.State == imports.Checked
	case "commit":
		fits = b.State == imports.Checked && b.Checked == b.Version || b.State == imports.Committing
	case "undo":
		fits = slices.Contains([]imports.State{imports.Committing, imports.Committed, imports.Undoing}, b.State)
	}
	if !fits {
		return b, ErrState
	}
	if step == "undo" && !Undoable(b, now) {
		return b, ErrTooLate
	}
	busy, err := working(ctx, tx, b)
	if err == nil && busy {
		err = ErrBusy
	}
	return b, err
}

// working reports whether a job of the batch has not ended.
func working(ctx context.Context, tx *postgres.Tx, b imports.Batch) (busy bool, err error) {
	ids := slices.DeleteFunc([]string{b.CheckJob, b.CommitJob, b.UndoJob}, func(id string) bool { return id == "" })
	err = tx.AsOwner(ctx, func() error {
		return tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM job WHERE adcode = @adcode AND id = ANY (@ids::text[]::uuid[]) AND state IN ('queued', 'running'))`,
			pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "ids": ids}).Scan(&busy)
	})
	if err != nil {
		return false, fmt.Errorf("look for the jobs of an import: %w", err)
	}
	return busy, nil
}
