package importdb

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"yike/internal/postgres"
)

// Chunk is what one transaction took.
type Chunk struct {
	First, Last int // rows
	Rows        int
	Change      string // the change that took them
}

// Text says which rows they are.
func (c Chunk) Text() string { return fmt.Sprintf("%d-%d", c.First, c.Last) }

// LastChunk gives the last chunk of a batch that is not reversed; false for none.
func LastChunk(ctx context.Context, tx *postgres.Tx, batch string) (Chunk, bool, error) {
	var c Chunk
	err := tx.QueryRow(ctx, `
SELECT first_row, last_row, change_id::text, (SELECT coalesce(sum(n::int), 0) FROM jsonb_each_text(counts) AS each (outcome, n)) FROM import_chunk
WHERE adcode = @adcode AND batch_id = @batch AND undone_by IS NULL ORDER BY first_row DESC LIMIT 1 FOR UPDATE`,
		pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "batch": batch}).Scan(&c.First, &c.Last, &c.Change, &c.Rows)
	if errors.Is(err, pgx.ErrNoRows) {
		return c, false, nil
	}
	if err != nil {
		return c, false, fmt.Errorf("find what an import took: %w", err)
	}
	return c, true, nil
}

// content is a facility without what every write changes: two versions with the same
// content say the same.
const content = ` - ARRAY['version', 'valid', 'recorded', 'change_id', 'ended_by', 'edited']`

// standing are the rows of a chunk that changed a record, with the record as it is and as
// the chunk left it: left is NULL where the record is gone. same says that nobody changed
// it since.
const standing = `
WITH rows AS (
	SELECT number, facility_id, outcome FROM import_result
	WHERE adcode = @adcode AND batch_id = @batch AND number BETWEEN @first AND @last AND outcome IN ('create', 'unplaced', 'update')
), standing AS (
	SELECT r.number, r.facility_id, r.outcome, f.id IS NOT NULL AS there,
		coalesce(f.change_id = @change::uuid OR to_jsonb(f)` + content + ` = (
			SELECT to_jsonb(h)` + content + ` FROM facility_history h
			WHERE h.adcode = @adcode AND h.id = r.facility_id AND h.change_id = @change::uuid ORDER BY h.version DESC LIMIT 1
		), false) AS same
	FROM rows r LEFT JOIN facility f ON f.adcode = @adcode AND f.id = r.facility_id
)`

// UndoChunk reverses a chunk on behalf of an account and counts what it did: removed,
// restored, changed (since, so it stays) and gone. Each row says which.
func UndoChunk(ctx context.Context, tx *postgres.Tx, batch string, c Chunk, account string) (map[string]int, error) {
	args := pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "batch": batch, "first": c.First, "last": c.Last, "change": c.Change}
	_, err := tx.Exec(ctx, standing+`
UPDATE import_result res SET undo = CASE WHEN NOT s.there THEN 'gone' WHEN NOT s.same THEN 'changed'
	WHEN s.outcome = 'update' THEN 'restored' ELSE 'removed' END
FROM standing s WHERE res.adcode = @adcode AND res.batch_id = @batch AND res.number = s.number`, args)
	if err != nil {
		return nil, fmt.Errorf("look at what an import left: %w", err)
	}
	if err := allowUndo(ctx, tx, args, account); err != nil {
		return nil, err
	}
	if err := restore(ctx, tx, args, account); err != nil {
		return nil, err
	}
	// Whoever may import may not delete, and the right was asked above.
	_, err = tx.Exec(ctx, `
DELETE FROM facility f USING import_result res
WHERE res.adcode = @adcode AND res.batch_id = @batch AND res.number BETWEEN @first AND @last AND res.undo = 'removed'
	AND f.adcode = @adcode AND f.id = res.facility_id`, only(args, "adcode", "batch", "first", "last"))
	if err != nil {
		return nil, fmt.Errorf("remove what an import made: %w", err)
	}
	_, err = tx.Exec(ctx, `UPDATE import_chunk SET undone_by = yike_change() WHERE adcode = @adcode AND batch_id = @batch AND first_row = @first`,
		only(args, "adcode", "batch", "first"))
	if err != nil {
		return nil, fmt.Errorf("note that rows were reversed: %w", err)
	}
	return countUndo(ctx, tx, args)
}

func only(args pgx.StrictNamedArgs, names ...string) pgx.StrictNamedArgs {
	out := pgx.StrictNamedArgs{}
	for _, n := range names {
		out[n] = args[n]
	}
	return out
}

// allowUndo leaves alone what lies where the account may not import, as something that
// was changed: it was moved there since. What would take back a code that another record
// has by now is left alone too.
func allowUndo(ctx context.Context, tx *postgres.Tx, args pgx.StrictNamedArgs, account string) error {
	rights, err := ReadRights(ctx, tx, account)
	if err != nil {
		return err
	}
	patterns := make([]string, len(rights.Import))
	for i, p := range rights.Import {
		patterns[i] = p + "%"
	}
	args = only(args, "adcode", "batch", "first", "last", "change")
	args["patterns"] = patterns
	_, err = tx.Exec(ctx, `
UPDATE import_result res SET undo = 'changed'
FROM facility f
WHERE res.adcode = @adcode AND res.batch_id = @batch AND res.number BETWEEN @first AND @last AND res.undo IN ('removed', 'restored')
	AND f.adcode = @adcode AND f.id = res.facility_id
	AND (NOT f.division_code LIKE ANY (@patterns::text[]) OR res.undo = 'restored' AND EXISTS (
		SELECT FROM `+formerly+` h JOIN facility other ON other.adcode = @adcode AND other.id <> f.id AND other.replaced_by = '{}'
			AND (other.bureau_no = h.bureau_no AND h.bureau_no <> '' OR other.institution_code = h.institution_code AND h.institution_code <> '')
		WHERE h.id = f.id))`, args)
	if err != nil {
		return fmt.Errorf("look at what an undo may reach: %w", err)
	}
	return nil
}

// formerly are the versions that a chunk's change superseded, as they were.
const formerly = `(SELECT DISTINCT ON (p.id) p.* FROM facility_history p
	WHERE p.adcode = @adcode AND p.ended_by = @change::uuid AND NOT upper_inf(p.recorded) ORDER BY p.id, p.version DESC)`

// restore makes what a chunk changed as it was, from the day on which it was so.
func restore(ctx context.Context, tx *postgres.Tx, args pgx.StrictNamedArgs, account string) error {
	var wanted, done int64
	err := tx.QueryRow(ctx, `
SELECT count(*) FROM import_result WHERE adcode = @adcode AND batch_id = @batch AND number BETWEEN @first AND @last AND undo = 'restored'`,
		only(args, "adcode", "batch", "first", "last")).Scan(&wanted)
	if err != nil {
		return fmt.Errorf("count what is to be restored: %w", err)
	}
	err = tx.OnBehalf(ctx, account, func() error {
		tag, err := tx.Exec(ctx, `
UPDATE facility f SET type = h.type, name_zh = h.name_zh, name_en = h.name_en, status = h.status, stage = h.stage, address = h.address,
	capacity = h.capacity, serves = h.serves, division_code = h.division_code, geom = h.geom, placed_by = h.placed_by,
	place_confidence = h.place_confidence, uscc = h.uscc, institution_code = h.institution_code, bureau_no = h.bureau_no, fields = h.fields,
	verified_on = h.verified_on, replaced_by = h.replaced_by, edited = h.edited, valid = daterange(lower(h.valid), NULL)
FROM import_result res, `+formerly+` h
WHERE res.adcode = @adcode AND res.batch_id = @batch AND res.number BETWEEN @first AND @last AND res.undo = 'restored'
	AND f.adcode = @adcode AND f.id = res.facility_id AND h.id = f.id`, args)
		done = tag.RowsAffected()
		return err
	})
	if err != nil {
		return fmt.Errorf("restore what an import changed: %w", err)
	}
	if done != wanted { // history.read is needed besides
		return fmt.Errorf("restore %d records, of which %d could be: %w", wanted, done, &postgres.ForbiddenError{Action: mayImport})
	}
	return nil
}

func countUndo(ctx context.Context, tx *postgres.Tx, args pgx.StrictNamedArgs) (map[string]int, error) {
	rows, err := tx.Query(ctx, `
SELECT undo, count(*) FROM import_result WHERE adcode = @adcode AND batch_id = @batch AND number BETWEEN @first AND @last AND undo <> '' GROUP BY undo`,
		only(args, "adcode", "batch", "first", "last"))
	if err != nil {
		return nil, fmt.Errorf("count what was reversed: %w", err)
	}
	out := map[string]int{}
	var word string
	var n int
	if _, err := pgx.ForEachRow(rows, []any{&word, &n}, func() error {
		out[word] = n
		return nil
	}); err != nil {
		return nil, fmt.Errorf("count what was reversed: %w", err)
	}
	return out, nil
}

// UndoDone notes how far the undo of a batch is.
func UndoDone(ctx context.Context, tx *postgres.Tx, batch string, done map[string]int, ended bool) error {
	_, err := tx.Exec(ctx, `
UPDATE import_batch SET undone = @done, state = CASE WHEN @ended THEN 'undone' ELSE 'undoing' END, undone_at = CASE WHEN @ended THEN now() END
WHERE adcode = @adcode AND id = @batch`, pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "batch": batch, "done": done, "ended": ended})
	if err != nil {
		return fmt.Errorf("note how far an undo is: %w", err)
	}
	return nil
}
