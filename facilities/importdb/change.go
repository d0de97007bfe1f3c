package importdb

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"yike/facilities/imports"
	"yike/internal/postgres"
)

// mayImport is the right that all of it needs.
const mayImport = "facility.import"

// Change is what a person says of a batch; nil leaves a part as it is.
type Change struct {
	Source  json.RawMessage // with Profile and Headers: read in another way
	Profile *imports.Profile
	Headers string
	Mapping *imports.Mapping
	Options *imports.Options
}

// Apply changes a batch of which the writer saw a version, and gives it as it is then. Its
// results are out of date from then on. It returns ErrNotFound, ErrState where rows were
// taken already, and a *postgres.StaleError.
func Apply(ctx context.Context, tx *postgres.Tx, id string, expected int, c Change) (imports.Batch, error) {
	if err := tx.Require(ctx, mayImport, ""); err != nil {
		return imports.Batch{}, err
	}
	b, err := Lock(ctx, tx, id)
	if err != nil {
		return b, err
	}
	if err := tx.Require(ctx, mayImport, b.DivisionCode); err != nil {
		return b, err
	}
	switch {
	case b.Version != expected:
		return b, &postgres.StaleError{Current: b.Version}
	case !slices.Contains([]imports.State{imports.Uploaded, imports.Mapped, imports.Checked}, b.State):
		return b, ErrState
	}
	b.State = imports.Mapped
	if c.Source != nil && c.Profile != nil {
		b.Source, b.Profile, b.Headers, b.RowCount, b.State = c.Source, *c.Profile, c.Headers, c.Profile.Count, imports.Uploaded
	}
	if c.Mapping != nil {
		b.Mapping = *c.Mapping
	}
	if c.Options != nil {
		b.Options = *c.Options
	}
	return b, save(ctx, tx, &b)
}

// save writes what people change of a batch, as its next version.
func save(ctx context.Context, tx *postgres.Tx, b *imports.Batch) error {
	b.Version++
	_, err := tx.Exec(ctx, `
UPDATE import_batch SET version = @version, change_id = yike_change(), state = @state, source = @source, profile = @profile, headers = @headers,
	mapping = @mapping, options = @options, row_count = @count
WHERE adcode = @adcode AND id = @id`,
		pgx.StrictNamedArgs{
			"adcode": tx.Writer().AdCode, "id": b.ID, "version": b.Version, "state": string(b.State), "source": b.Source, "profile": b.Profile,
			"headers": b.Headers, "mapping": b.Mapping, "options": b.Options, "count": b.RowCount,
		})
	if err != nil {
		return fmt.Errorf("change an import: %w", err)
	}
	tx.Note(postgres.Note{Action: "import.map", Kind: "import_batch", ID: b.ID, Division: b.DivisionCode, After: map[string]any{
		"mapping": b.Mapping, "options": b.Options,
	}})
	return nil
}

// Decide keeps decisions on rows of a batch whose results the writer saw. They hold for
// the same rows in later files too. The results are out of date from then on. It returns
// ErrNotFound, ErrState, and a *postgres.StaleError.
func Decide(ctx context.Context, tx *postgres.Tx, id string, expected int, list []imports.Answer) (imports.Batch, error) {
	b, err := Apply(ctx, tx, id, expected, Change{})
	if err != nil {
		return b, err
	}
	for _, v := range list {
		args := pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "id": id, "row": v.Row}
		if v.Verdict == imports.Undecided {
			_, err := tx.Exec(ctx, `DELETE FROM import_decision WHERE adcode = @adcode AND batch_id = @id AND number = @row`, args)
			if err != nil {
				return b, fmt.Errorf("take a decision back: %w", err)
			}
			continue
		}
		args["verdict"], args["facility"], args["who"] = string(v.Verdict), v.Facility, tx.Writer().Who
		tag, err := tx.Exec(ctx, `
INSERT INTO import_decision (adcode, batch_id, number, print, verdict, facility_id, who)
SELECT adcode, batch_id, number, print, @verdict, nullif(@facility, '')::uuid, @who FROM import_result
WHERE adcode = @adcode AND batch_id = @id AND number = @row AND print IS NOT NULL
ON CONFLICT (adcode, batch_id, number) DO UPDATE SET print = excluded.print, verdict = excluded.verdict, facility_id = excluded.facility_id,
	who = excluded.who, change_id = yike_change(), at = now()`, args)
		if err != nil {
			return b, fmt.Errorf("keep a decision: %w", err)
		}
		if tag.RowsAffected() == 0 {
			return b, ErrNotFound
		}
	}
	tx.Note(postgres.Note{Action: "import.decide", Kind: "import_batch", ID: id, Division: b.DivisionCode, After: map[string]any{"rows": len(list)}})
	return b, nil
}

// Decisions gives what was decided of rows of a batch, by their numbers, and of the same
// rows in other batches, the last time, by their prints.
func Decisions(ctx context.Context, q postgres.Querier, adcode, batch string, numbers []int, prints []string) (here map[int]imports.Answer, before map[string]imports.Answer, err error) {
	rows, err := q.Query(ctx, `
SELECT number, '' AS print, verdict, coalesce(facility_id::text, '') FROM import_decision
WHERE adcode = @adcode AND batch_id = @batch AND number = ANY (@numbers::int[])
UNION ALL (
	SELECT DISTINCT ON (print) 0, print::text, verdict, coalesce(facility_id::text, '') FROM import_decision
	WHERE adcode = @adcode AND batch_id <> @batch AND print = ANY (@prints::text[]::uuid[]) ORDER BY print, at DESC
)`, postgres.PlannedAnew, pgx.StrictNamedArgs{"adcode": adcode, "batch": batch, "numbers": numbers, "prints": prints})
	if err != nil {
		return nil, nil, fmt.Errorf("read decisions: %w", err)
	}
	here, before = map[int]imports.Answer{}, map[string]imports.Answer{}
	var print string
	var v imports.Answer
	_, err = pgx.ForEachRow(rows, []any{&v.Row, &print, &v.Verdict, &v.Facility}, func() error {
		if print == "" {
			here[v.Row] = v
		} else {
			before[print] = v
		}
		return nil
	})
	if err != nil {
		return nil, nil, fmt.Errorf("read decisions: %w", err)
	}
	return here, before, nil
}

// Discard takes a batch away with its file and rows; one whose rows were taken stays. It
// returns ErrNotFound and ErrState.
func Discard(ctx context.Context, tx *postgres.Tx, id string) error {
	b, err := Lock(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := tx.Require(ctx, mayImport, b.DivisionCode); err != nil {
		return err
	}
	if !slices.Contains([]imports.State{imports.Uploaded, imports.Mapped, imports.Checked}, b.State) {
		return ErrState
	}
	args := pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "id": id}
	if _, err := tx.Exec(ctx, `DELETE FROM import_batch WHERE adcode = @adcode AND id = @id`, args); err != nil {
		return fmt.Errorf("discard an import: %w", err)
	}
	tx.Note(postgres.Note{Action: "import.discard", Kind: "import_batch", ID: id, Division: b.DivisionCode, Before: map[string]any{
		"file_name": b.FileName, "sha256": b.SHA256,
	}})
	return tx.AsOwner(ctx, func() error {
		for _, table := range []string{"import_row", "import_result"} {
			if _, err := tx.Exec(ctx, `DELETE FROM `+table+` WHERE adcode = @adcode AND batch_id = @id`, args); err != nil {
				return fmt.Errorf("discard the rows of an import: %w", err)
			}
		}
		return nil
	})
}

// SetJob notes which job does a step of a batch.
func SetJob(ctx context.Context, tx *postgres.Tx, id, column, job string) error {
	switch column {
	case "check_job", "commit_job", "undo_job":
	default:
		return fmt.Errorf("note a job as %q: no such step", column)
	}
	_, err := tx.Exec(ctx, `UPDATE import_batch SET `+column+` = @job, change_id = yike_change() WHERE adcode = @adcode AND id = @id`,
		pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "id": id, "job": job})
	if err != nil {
		return fmt.Errorf("note the job of an import: %w", err)
	}
	return nil
}
