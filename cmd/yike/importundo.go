package main

import (
	"context"

	"yike/facilities/importdb"
	"yike/facilities/importhttp"
	"yike/internal/postgres"
	"yike/internal/record"
)

// UndoRows reverses single rows of a file that was taken.
func (f *importFiles) UndoRows(ctx context.Context, id string, expected int, rows []int, reason string) ([]importhttp.RowUndone, error) {
	w := f.writer(ctx)
	b, err := f.store.Read(ctx, w, id)
	if err != nil {
		return nil, f.told(err)
	}
	c := record.Change{Reason: reason}
	if _, faults := c.Check(record.DayOf(f.now())); len(faults) > 0 {
		return nil, record.Invalid(faults)
	}
	why := reason + "（撤销导入“" + b.FileName + "”的部分行 / rows of the import of " + b.FileName + " reversed）"
	list, err := postgres.WriteOnce(ctx, f.db, w, why, func(tx *postgres.Tx) ([]importdb.RowUndone, error) {
		return importdb.UndoRows(ctx, tx, id, expected, rows, f.now())
	})
	f.refused.note(ctx, w, err, postgres.Note{Action: "facility.import.undo", Kind: "import_batch", ID: id})
	if err != nil {
		return nil, f.told(err)
	}
	f.taken(ctx)
	out := make([]importhttp.RowUndone, len(list))
	for i, r := range list {
		out[i] = importhttp.RowUndone(r)
	}
	return out, nil
}
