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

// left is a record that a chunk made or changed.
type left struct {
	number   int
	facility string
	made     bool // by the chunk
	word     string
}

// UndoChunk reverses a chunk on behalf of an account and counts what it did: removed,
// restored, changed (since, so it stays) and gone. Each row says which. Rows that were
// reversed by themselves before are left out.
func UndoChunk(ctx context.Context, tx *postgres.Tx, batch string, c Chunk, account string) (map[string]int, error) {
	rows, err := leftBy(ctx, tx, batch, c, nil)
	if err != nil {
		return nil, err
	}
	if err := reverse(ctx, tx, batch, c, account, rows); err != nil {
		return nil, err
	}
	_, err = tx.Exec(ctx, `UPDATE import_chunk SET undone_by = yike_change() WHERE adcode = @adcode AND batch_id = @batch AND first_row = @first`,
		pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "batch": batch, "first": c.First})
	if err != nil {
		return nil, fmt.Errorf("note that rows were reversed: %w", err)
	}
	return counted(rows), nil
}

// reverse does to each of the rows of a chunk what is to be done, and has each say so.
func reverse(ctx context.Context, tx *postgres.Tx, batch string, c Chunk, account string, rows []left) error {
	rights, err := ReadRights(ctx, tx, account)
	if err != nil {
		return err
	}
	// What decides is read, and written, as the owner: the rights are asked here.
	if err := tx.AsOwner(ctx, func() error { return judge(ctx, tx, c, rights, rows) }); err != nil {
		return err
	}
	if err := restore(ctx, tx, c, account, idsOf(rows, "restored")); err != nil {
		return err
	}
	return tx.AsOwner(ctx, func() error {
		// Whoever may import may not delete.
		_, err := tx.Exec(ctx, `DELETE FROM facility WHERE adcode = @adcode AND id = ANY (@ids::text[]::uuid[])`,
			postgres.PlannedAnew, pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "ids": idsOf(rows, "removed")})
		if err != nil {
			return fmt.Errorf("remove what an import made: %w", err)
		}
		return noteUndo(ctx, tx, batch, rows)
	})
}

// as runs fn bound by the grants of an account: a person's own transaction is so already.
func as(ctx context.Context, tx *postgres.Tx, account string, fn func() error) error {
	if tx.Writer().Account != "" {
		return fn()
	}
	return tx.OnBehalf(ctx, account, fn)
}

func counted(rows []left) map[string]int {
	counts := map[string]int{}
	for _, r := range rows {
		counts[r.word]++
	}
	return counts
}

func idsOf(rows []left, word string) []string {
	ids := []string{}
	for _, r := range rows {
		if r.word == word {
			ids = append(ids, r.facility)
		}
	}
	return ids
}

// leftBy gives the records that a chunk made or changed and that were not reversed since;
// only is of which of its rows, nil for all.
func leftBy(ctx context.Context, tx *postgres.Tx, batch string, c Chunk, only []int32) ([]left, error) {
	rows, err := tx.Query(ctx, `
SELECT number, facility_id::text, outcome <> 'update' FROM import_result
WHERE adcode = @adcode AND batch_id = @batch AND number BETWEEN @first AND @last AND outcome IN ('create', 'unplaced', 'update')
	AND undo NOT IN ('removed', 'restored', 'gone') AND (@all OR number = ANY (@only::int[]))
ORDER BY number`,
		postgres.PlannedAnew, pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "batch": batch, "first": c.First, "last": c.Last, "all": only == nil, "only": only})
	if err != nil {
		return nil, fmt.Errorf("read what an import took: %w", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (left, error) {
		var l left
		err := row.Scan(&l.number, &l.facility, &l.made)
		return l, err
	})
	if err != nil {
		return nil, fmt.Errorf("read what an import took: %w", err)
	}
	return list, nil
}

// givenAway is whether another record has the code by now that f had before the change. Each
// former version is looked up apart (OFFSET 0): a registry that was just filled is one that
// the planner guesses badly of.
func givenAway(code string) string {
	return `EXISTS (
		SELECT FROM facility_history h, LATERAL (
			SELECT FROM facility other WHERE other.adcode = @adcode AND other.` + code + ` = h.` + code + ` AND other.` + code + ` <> ''
				AND other.replaced_by = '{}' AND other.id <> f.id OFFSET 0) AS taken
		WHERE h.adcode = @adcode AND h.id = f.id AND h.ended_by = @change::uuid AND h.` + code + ` <> f.` + code + `)`
}

// judge says what is to be done with each record. One that somebody changed since stays,
// and so does one that lies where the account may not import, since it was moved there,
// and one whose former code another record has by now.
func judge(ctx context.Context, tx *postgres.Tx, c Chunk, rights Rights, list []left) error {
	patterns := make([]string, len(rights.Import))
	for i, p := range rights.Import {
		patterns[i] = p + "%"
	}
	ids := make([]string, len(list))
	for i, l := range list {
		ids[i] = l.facility
	}
	rows, err := tx.Query(ctx, `
SELECT f.id::text, f.division_code LIKE ANY (@patterns::text[]) AND (f.change_id = @change::uuid OR coalesce(to_jsonb(f)`+content+` = (
		SELECT to_jsonb(h)`+content+` FROM facility_history h
		WHERE h.adcode = @adcode AND h.id = f.id AND h.change_id = @change::uuid ORDER BY h.version DESC LIMIT 1
	), false)) AND NOT `+givenAway("bureau_no")+` AND NOT `+givenAway("institution_code")+`
FROM unnest(@ids::text[]) AS i (id), LATERAL (SELECT * FROM facility WHERE adcode = @adcode AND id = i.id::uuid OFFSET 0) AS f`,
		postgres.PlannedAnew, pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "change": c.Change, "ids": ids, "patterns": patterns})
	if err != nil {
		return fmt.Errorf("look at what an import left: %w", err)
	}
	reversible := map[string]bool{}
	var id string
	var yes bool
	if _, err := pgx.ForEachRow(rows, []any{&id, &yes}, func() error {
		reversible[id] = yes
		return nil
	}); err != nil {
		return fmt.Errorf("look at what an import left: %w", err)
	}
	for i := range list {
		l := &list[i]
		switch yes, there := reversible[l.facility]; {
		case !there:
			l.word = "gone"
		case !yes:
			l.word = "changed"
		case l.made:
			l.word = "removed"
		default:
			l.word = "restored"
		}
	}
	return nil
}

// restore makes records as they were before a chunk changed them, from the day on which
// they were so.
func restore(ctx context.Context, tx *postgres.Tx, c Chunk, account string, ids []string) error {
	var done int64
	err := as(ctx, tx, account, func() error {
		tag, err := tx.Exec(ctx, `
UPDATE facility f SET type = h.type, name_zh = h.name_zh, name_en = h.name_en, status = h.status, stage = h.stage, address = h.address,
	capacity = h.capacity, serves = h.serves, division_code = h.division_code, geom = h.geom, placed_by = h.placed_by,
	place_confidence = h.place_confidence, uscc = h.uscc, institution_code = h.institution_code, bureau_no = h.bureau_no, fields = h.fields,
	verified_on = h.verified_on, replaced_by = h.replaced_by, edited = h.edited, valid = daterange(lower(h.valid), NULL)
FROM (SELECT DISTINCT ON (p.id) p.* FROM facility_history p
	WHERE p.adcode = @adcode AND p.id = ANY (@ids::text[]::uuid[]) AND p.ended_by = @change::uuid AND NOT upper_inf(p.recorded)
	ORDER BY p.id, p.version DESC) AS h
WHERE f.adcode = @adcode AND f.id = h.id`, postgres.PlannedAnew, pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "ids": ids, "change": c.Change})
		done = tag.RowsAffected()
		return err
	})
	if err != nil {
		return fmt.Errorf("restore what an import changed: %w", err)
	}
	if done != int64(len(ids)) { // history.read is needed besides
		return fmt.Errorf("restore %d records, of which %d could be: %w", len(ids), done, &postgres.ForbiddenError{Action: mayImport})
	}
	return nil
}

// noteUndo keeps what became of each row.
func noteUndo(ctx context.Context, tx *postgres.Tx, batch string, list []left) error {
	numbers, words := make([]int32, len(list)), make([]string, len(list))
	for i, l := range list {
		numbers[i], words[i] = int32(l.number), l.word
	}
	_, err := tx.Exec(ctx, `
UPDATE import_result res SET undo = u.word FROM unnest(@numbers::int[], @words::text[]) AS u (number, word)
WHERE res.adcode = @adcode AND res.batch_id = @batch AND res.number = ANY (@numbers) AND res.number = u.number`,
		postgres.PlannedAnew, pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "batch": batch, "numbers": numbers, "words": words})
	if err != nil {
		return fmt.Errorf("note what was reversed: %w", err)
	}
	return nil
}

// UndoDone notes how far the undo of a batch is. At its end the rows themselves are
// counted, among them those that were reversed by themselves before.
func UndoDone(ctx context.Context, tx *postgres.Tx, batch string, done map[string]int, ended bool) error {
	_, err := tx.Exec(ctx, `
UPDATE import_batch SET undone = CASE WHEN @ended THEN `+undoneRows+` ELSE @done::jsonb END,
	state = CASE WHEN @ended THEN 'undone' ELSE 'undoing' END, undone_at = CASE WHEN @ended THEN now() END
WHERE adcode = @adcode AND id = @batch`, pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "batch": batch, "done": done, "ended": ended})
	if err != nil {
		return fmt.Errorf("note how far an undo is: %w", err)
	}
	return nil
}

// undoneRows counts the rows of @batch by what an undo did with them.
const undoneRows = `(SELECT coalesce(jsonb_object_agg(undo, n), '{}') FROM (
		SELECT undo, count(*) AS n FROM import_result WHERE adcode = @adcode AND batch_id = @batch AND undo <> '' GROUP BY undo) AS r)`
