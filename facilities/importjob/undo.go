package importjob

import (
	"context"

	"yike/facilities/importdb"
	"yike/facilities/imports"
	"yike/internal/jobs"
	"yike/internal/postgres"
)

// undoneSoFar is the checkpoint of an undo.
type undoneSoFar struct {
	Done map[string]int `json:"done"`
	Rows int            `json:"rows"`
	End  bool           `json:"end,omitempty"`
}

// undo reverses what a batch did, the last chunk first: a record that it made is removed,
// one that it changed is as it was before. What somebody changed since stays, and its row
// says so.
func (j Job) undo(ctx context.Context, t *jobs.Task) error {
	var args UndoArgs
	if err := t.Args(&args); err != nil {
		return err
	}
	b, err := importdb.Read(ctx, j.DB.Pool(), t.Job().AdCode, args.Batch)
	if err != nil {
		return err
	}
	where := undoneSoFar{Done: map[string]int{}}
	if _, err := t.Checkpoint(&where); err != nil {
		return err
	}
	for !where.End {
		t.Progress(int64(where.Rows), int64(b.RowCount), "正在撤销", "reversing")
		if err := j.undoChunk(ctx, t, b, &where); err != nil {
			return tell(err)
		}
	}
	if j.Taken != nil {
		j.Taken(ctx)
	}
	t.Progress(int64(b.RowCount), int64(b.RowCount), "撤销完成", "reversed")
	t.Result(Done{Batch: b.ID, Step: "undo", Rows: b.RowCount, Undone: where.Done})
	return nil
}

// undoChunk reverses the last chunk that is not reversed yet.
func (j Job) undoChunk(ctx context.Context, t *jobs.Task, b imports.Batch, where *undoneSoFar) error {
	next := undoneSoFar{Done: map[string]int{}, Rows: where.Rows}
	for k, n := range where.Done {
		next.Done[k] = n
	}
	err := t.Write(ctx, "撤销"+why(b), &next, func(tx *postgres.Tx) error {
		if err := tx.StandOnGround(ctx); err != nil {
			return err
		}
		chunk, found, err := importdb.LastChunk(ctx, tx, b.ID)
		if err != nil {
			return err
		}
		if !found {
			next.End = true
			tx.Note(postgres.Note{Action: "facility.import.undo", Kind: "import_batch", ID: b.ID, Division: b.DivisionCode, After: next.Done})
			return importdb.UndoDone(ctx, tx, b.ID, next.Done, true)
		}
		did, err := importdb.UndoChunk(ctx, tx, b.ID, chunk, t.Job().AskedBy)
		if err != nil {
			return err
		}
		for k, n := range did {
			next.Done[k] += n
		}
		next.Rows += chunk.Rows
		tx.Note(postgres.Note{Action: "facility.import.undo", Kind: "import_batch", ID: b.ID, Division: b.DivisionCode, Before: map[string]any{
			"rows": chunk.Text(), "change": chunk.Change,
		}, After: did})
		return importdb.UndoDone(ctx, tx, b.ID, next.Done, false)
	})
	if err != nil {
		return err
	}
	*where = next
	return nil
}
