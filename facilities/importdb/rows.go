package importdb

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"yike/facilities/imports"
	"yike/internal/postgres"
)

// Stage makes next's rows all that are stored of a batch, in the name of a job. It goes by
// COPY, whatever their number; next returns false after the last. The word names the
// source that they were read by.
func Stage(ctx context.Context, tx *postgres.Tx, id, word string, next func() (imports.Row, bool, error)) error {
	adcode := tx.Writer().AdCode
	args := pgx.StrictNamedArgs{"adcode": adcode, "id": id}
	for _, table := range []string{"import_row", "import_result"} {
		if _, err := tx.Exec(ctx, `DELETE FROM `+table+` WHERE adcode = @adcode AND batch_id = @id`, args); err != nil {
			return fmt.Errorf("clear the rows of an import: %w", err)
		}
	}
	source := &rowSource{adcode: adcode, id: idOf(id), next: next}
	if _, err := tx.CopyFrom(ctx, pgx.Identifier{"import_row"}, []string{"adcode", "batch_id", "number", "cells", "fault"}, source); err != nil {
		if source.err != nil {
			err = source.err // the server only repeats its words
		}
		return fmt.Errorf("store the rows of an import: %w", err)
	}
	args["word"], args["count"] = word, source.count
	_, err := tx.Exec(ctx, `UPDATE import_batch SET staged = @word, row_count = @count, checked = 0 WHERE adcode = @adcode AND id = @id`, args)
	if err != nil {
		return fmt.Errorf("note the rows of an import: %w", err)
	}
	return nil
}

// rowSource gives rows to COPY.
type rowSource struct {
	adcode string
	id     pgtype.UUID
	next   func() (imports.Row, bool, error)
	row    imports.Row
	count  int
	err    error
}

// Next reads on.
func (s *rowSource) Next() bool {
	var more bool
	s.row, more, s.err = s.next()
	if more && s.err == nil {
		s.count++
	}
	return more && s.err == nil
}

// Values are the columns of the row that Next read.
func (s *rowSource) Values() ([]any, error) {
	faults, err := jsonOrNil(s.row.Faults)
	if s.row.Cells == nil {
		s.row.Cells = []string{}
	}
	return []any{s.adcode, s.id, int32(s.row.Number), s.row.Cells, faults}, err
}

// Err is what ended the reading.
func (s *rowSource) Err() error { return s.err }

func jsonOrNil[T any](list []T) (any, error) {
	if len(list) == 0 {
		return nil, nil //nolint:nilnil // NULL
	}
	raw, err := json.Marshal(list)
	if err != nil {
		return nil, fmt.Errorf("encode what was found in a row: %w", err)
	}
	return json.RawMessage(raw), nil
}

// Rows gives the stored rows of a batch behind a row number, in order.
func Rows(ctx context.Context, q postgres.Querier, adcode, id string, after, limit int) ([]imports.Row, error) {
	rows, err := q.Query(ctx, `
SELECT number, cells, fault FROM import_row WHERE adcode = @adcode AND batch_id = @id AND number > @after ORDER BY number LIMIT @limit`,
		postgres.PlannedAnew, pgx.StrictNamedArgs{"adcode": adcode, "id": id, "after": after, "limit": limit})
	if err != nil {
		return nil, fmt.Errorf("read rows of an import: %w", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (imports.Row, error) {
		var r imports.Row
		err := row.Scan(&r.Number, &r.Cells, &r.Faults)
		return r, err
	})
	if err != nil {
		return nil, fmt.Errorf("read rows of an import: %w", err)
	}
	return list, nil
}

// KeepResults stores the results of a check, in the name of a job. clear takes away those
// of the check before first.
func KeepResults(ctx context.Context, tx *postgres.Tx, id string, clear bool, list []imports.Result) error {
	adcode := tx.Writer().AdCode
	if clear {
		_, err := tx.Exec(ctx, `DELETE FROM import_result WHERE adcode = @adcode AND batch_id = @id`, pgx.StrictNamedArgs{"adcode": adcode, "id": id})
		if err != nil {
			return fmt.Errorf("clear the results of an import: %w", err)
		}
	}
	columns := []string{"adcode", "batch_id", "number", "outcome", "facility_id", "matched", "print", "placed_by", "confidence", "faults", "changes", "alike"}
	batch := idOf(id)
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"import_result"}, columns, pgx.CopyFromSlice(len(list), func(i int) ([]any, error) {
		r := &list[i]
		faults, err := jsonOrNil(r.Faults)
		if err != nil {
			return nil, err
		}
		changes, err := jsonOrNil(r.Changes)
		if err != nil {
			return nil, err
		}
		alike, err := jsonOrNil(r.Alike)
		return []any{
			adcode, batch, int32(r.Row), string(r.Outcome), idOf(r.Facility), r.Matched, idOf(r.Print), string(r.PlacedBy), int16(r.Confidence),
			faults, changes, alike,
		}, err
	}))
	if err != nil {
		return fmt.Errorf("store the results of an import: %w", err)
	}
	return nil
}

// idOf is an id as COPY takes it at once; "" is NULL. Of a text the driver would first work
// out, for each value, that a UUID is no text.
func idOf(id string) pgtype.UUID {
	parsed, err := uuid.Parse(id)
	return pgtype.UUID{Bytes: parsed, Valid: err == nil}
}

// ReplaceResults puts other results in the place of those of the same rows.
func ReplaceResults(ctx context.Context, tx *postgres.Tx, id string, list []imports.Result) error {
	if len(list) == 0 {
		return nil
	}
	numbers := make([]int32, len(list))
	for i, r := range list {
		numbers[i] = int32(r.Row)
	}
	_, err := tx.Exec(ctx, `DELETE FROM import_result WHERE adcode = @adcode AND batch_id = @id AND number = ANY (@numbers)`,
		postgres.PlannedAnew, pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "id": id, "numbers": numbers})
	if err != nil {
		return fmt.Errorf("replace results of an import: %w", err)
	}
	return KeepResults(ctx, tx, id, false, list)
}

const resultColumns = `number, outcome, coalesce(facility_id::text, ''), matched, coalesce(print::text, ''), placed_by, confidence, faults, changes, alike`

func scanResult(row pgx.CollectableRow) (imports.Result, error) {
	var r imports.Result
	err := row.Scan(&r.Row, &r.Outcome, &r.Facility, &r.Matched, &r.Print, &r.PlacedBy, &r.Confidence, &r.Faults, &r.Changes, &r.Alike)
	return r, err
}

// Results gives the results of rows from first to last.
func Results(ctx context.Context, q postgres.Querier, adcode, id string, first, last int) ([]imports.Result, error) {
	rows, err := q.Query(ctx, `
SELECT `+resultColumns+` FROM import_result WHERE adcode = @adcode AND batch_id = @id AND number BETWEEN @first AND @last ORDER BY number`,
		postgres.PlannedAnew, pgx.StrictNamedArgs{"adcode": adcode, "id": id, "first": first, "last": last})
	if err != nil {
		return nil, fmt.Errorf("read results of an import: %w", err)
	}
	list, err := pgx.CollectRows(rows, scanResult)
	if err != nil {
		return nil, fmt.Errorf("read results of an import: %w", err)
	}
	return list, nil
}

// Look gives rows of a batch with their results, as w sees them: of one outcome, or of
// every one for "", behind a row number. warned picks those with any fault or warning.
func (s *Store) Look(ctx context.Context, w postgres.Writer, id string, outcome imports.Outcome, warned bool, undo string, after, limit int) ([]imports.Seen, error) {
	if !postgres.IsID(id) {
		return nil, ErrNotFound
	}
	var list []imports.Seen
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		rows, err := q.Query(ctx, `
SELECT r.number, r.cells, `+besideOthers+`, coalesce(d.verdict, ''), coalesce(d.facility_id::text, ''), res.undo
FROM import_result res
JOIN import_row r ON r.adcode = res.adcode AND r.batch_id = res.batch_id AND r.number = res.number
LEFT JOIN import_decision d ON d.adcode = res.adcode AND d.batch_id = res.batch_id AND d.number = res.number
WHERE res.adcode = @adcode AND res.batch_id = @id AND res.number > @after AND (@outcome = '' OR res.outcome = @outcome)
	AND (NOT @warned OR res.faults IS NOT NULL) AND (@undo = '' OR res.undo = @undo)
ORDER BY res.number LIMIT @limit`,
			pgx.StrictNamedArgs{
				"adcode": w.AdCode, "id": id, "after": after, "limit": limit, "outcome": string(outcome), "warned": warned, "undo": undo,
			})
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (imports.Seen, error) {
			var s imports.Seen
			r := &s.Result
			err := row.Scan(&s.Row.Number, &s.Row.Cells, &r.Row, &r.Outcome, &r.Facility, &r.Matched, &r.Print, &r.PlacedBy, &r.Confidence,
				&r.Faults, &r.Changes, &r.Alike, &s.Answer.Verdict, &s.Answer.Facility, &s.Undo)
			return s, err
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("look at rows of an import: %w", err)
	}
	return list, nil
}

// besideOthers are resultColumns where others stand beside them.
const besideOthers = `res.number, res.outcome, coalesce(res.facility_id::text, ''), res.matched, coalesce(res.print::text, ''), res.placed_by, res.confidence,
	res.faults, res.changes, res.alike`
