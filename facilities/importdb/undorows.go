package importdb

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"yike/facilities/imports"
	"yike/internal/postgres"
)

// RowUndone is what an undo did with one row: removed, restored, changed (since, so it
// stays), gone; "" where there was nothing to reverse, or nothing any more.
type RowUndone struct {
	Row  int    `json:"row"`
	Undo string `json:"undo"`
}

// UndoRows reverses single rows of a batch that was taken, in the name of the writer, who
// saw a version of it, by the rules that hold for all of it: only what nobody changed
// since, and for so many days. It gives what became of each of the rows that were asked
// for, in their order, and returns what Begin does, and ErrState where not all of the
// batch was taken yet.
func UndoRows(ctx context.Context, tx *postgres.Tx, id string, expected int, rows []int, now time.Time) ([]RowUndone, error) {
	b, err := Begin(ctx, tx, id, "undo", expected, now)
	if err != nil {
		return nil, err
	}
	if b.State != imports.Committed {
		return nil, ErrState
	}
	if err := tx.StandOnGround(ctx); err != nil {
		return nil, err
	}
	chunks, err := chunksOf(ctx, tx, id, rows)
	if err != nil {
		return nil, err
	}
	only := make([]int32, len(rows))
	for i, r := range rows {
		only[i] = int32(r)
	}
	words := map[int]string{}
	for _, c := range chunks {
		list, err := leftBy(ctx, tx, id, c, only)
		if err != nil {
			return nil, err
		}
		if err := reverse(ctx, tx, id, c, tx.Writer().Account, list); err != nil {
			return nil, err
		}
		for _, l := range list {
			words[l.number] = l.word
		}
	}
	out := make([]RowUndone, len(rows))
	for i, r := range rows {
		out[i] = RowUndone{Row: r, Undo: words[r]}
	}
	tx.Note(postgres.Note{Action: "facility.import.undo", Kind: "import_batch", ID: id, Division: b.DivisionCode, After: map[string]any{"rows": out}})
	return out, tx.AsOwner(ctx, func() error {
		_, err := tx.Exec(ctx, `UPDATE import_batch SET undone = `+undoneRows+` WHERE adcode = @adcode AND id = @batch`,
			pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "batch": id})
		if err != nil {
			return fmt.Errorf("count what was reversed: %w", err)
		}
		return nil
	})
}

// chunksOf gives the chunks that took some rows and are not reversed, the last first, as
// an undo of all of them goes.
func chunksOf(ctx context.Context, tx *postgres.Tx, batch string, numbers []int) ([]Chunk, error) {
	rows, err := tx.Query(ctx, `
SELECT first_row, last_row, change_id::text FROM import_chunk c
WHERE adcode = @adcode AND batch_id = @batch AND undone_by IS NULL
	AND EXISTS (SELECT FROM unnest(@numbers::int[]) AS n WHERE n BETWEEN c.first_row AND c.last_row)
ORDER BY first_row DESC`, pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "batch": batch, "numbers": numbers})
	if err != nil {
		return nil, fmt.Errorf("find what took some rows: %w", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Chunk, error) {
		var c Chunk
		err := row.Scan(&c.First, &c.Last, &c.Change)
		return c, err
	})
	if err != nil {
		return nil, fmt.Errorf("find what took some rows: %w", err)
	}
	return list, nil
}
