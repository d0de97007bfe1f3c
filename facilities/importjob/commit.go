package importjob

import (
	"context"
	"fmt"
	"reflect"
	"strings"

	"yike/facilities/importdb"
	"yike/facilities/imports"
	"yike/internal/jobs"
	"yike/internal/postgres"
)

// within says whether a division lies in one of those that prefixes of codes name.
func within(prefixes []string) func(division string) bool {
	return func(division string) bool {
		for _, p := range prefixes {
			if strings.HasPrefix(division, p) {
				return true
			}
		}
		return false
	}
}

// at is the checkpoint of a taking: the last row that was taken, and what became of all of
// them so far.
type at struct {
	Last int            `json:"last"`
	Done imports.Counts `json:"done"`
	End  bool           `json:"end,omitempty"`
}

// commit takes the rows of a file that was checked, a chunk in each transaction.
func (j Job) commit(ctx context.Context, t *jobs.Task, b imports.Batch) error {
	if b.State != imports.Checked && b.State != imports.Committing && b.State != imports.Committed {
		return errChanged
	}
	where := at{Done: imports.Counts{}}
	if _, err := t.Checkpoint(&where); err != nil {
		return err
	}
	if where.Last == 0 {
		// Another job may have come to somewhere: a batch goes on where its chunks end.
		last, done, err := importdb.TakenSoFar(ctx, j.DB.Pool(), t.Job().AdCode, b.ID)
		if err != nil {
			return err
		}
		where.Last, where.Done = last, done
	}
	for !where.End {
		if err := j.takeOn(ctx, t, b, &where); err != nil {
			return err
		}
	}
	if j.Taken != nil {
		j.Taken(ctx)
	}
	all := int64(b.RowCount)
	t.Progress(all, all, "导入完成", "imported")
	t.Result(Done{Batch: b.ID, Step: string(Commit), Rows: b.RowCount, Counts: where.Done})
	return nil
}

// takeOn takes chunks from where the work is until the end, or until somebody else's
// change makes a session start anew.
func (j Job) takeOn(ctx context.Context, t *jobs.Task, b imports.Batch, where *at) error {
	s, err := j.session(ctx, t.Job().AdCode, b, where.Last)
	if err != nil {
		return err
	}
	rows := s.readAhead(ctx, j.DB.Pool(), t.Job().AdCode, where.Last)
	defer rows.close()
	taken := 0
	for _, n := range where.Done {
		taken += n
	}
	for !where.End {
		t.Progress(int64(taken), int64(b.RowCount), "正在导入", "importing")
		next := at{Last: where.Last, Done: imports.Counts{}}
		next.Done.Add(where.Done)
		var counts imports.Counts
		err := t.Write(ctx, why(b), &next, func(tx *postgres.Tx) error {
			counts, err = j.takeChunk(ctx, tx, s, rows, &next)
			return err
		})
		if err != nil {
			return err
		}
		*where = next
		for _, n := range counts {
			taken += n
		}
	}
	return nil
}

// takeChunk takes the next rows and moves the checkpoint behind them.
func (j Job) takeChunk(ctx context.Context, tx *postgres.Tx, s *Session, rows *ahead, next *at) (imports.Counts, error) {
	adcode, b := tx.Writer().AdCode, s.batch
	if err := s.stand(ctx, tx); err != nil {
		return nil, err
	}
	now, err := importdb.Lock(ctx, tx, b.ID)
	if err != nil {
		return nil, err
	}
	if now.Version != b.Version || now.Checked != b.Version || now.State != imports.Checked && now.State != imports.Committing {
		return nil, errChanged
	}
	drafts, err := rows.next(ctx)
	if err != nil {
		return nil, err
	}
	if len(drafts) == 0 {
		next.End = true
		return nil, importdb.Took(ctx, tx, b.ID, 1, 0, imports.Counts{}, next.Done, true)
	}
	first, last := drafts[0].Row, drafts[len(drafts)-1].Row
	kept, err := importdb.Results(ctx, tx, adcode, b.ID, first, last)
	if err != nil {
		return nil, err
	}
	results, err := s.Apply(ctx, tx, drafts, kept)
	if err != nil {
		return nil, err
	}
	if err := importdb.ReplaceResults(ctx, tx, b.ID, otherwise(results, kept)); err != nil {
		return nil, err
	}
	counts := imports.Count(results)
	next.Last = last
	next.Done.Add(counts)
	next.End = len(drafts) < chunk
	tx.Note(postgres.Note{Action: "facility.import", Kind: "import_batch", ID: b.ID, Division: b.DivisionCode, After: map[string]any{
		"rows": fmt.Sprintf("%d-%d", first, last), "counts": counts, "sha256": b.SHA256,
	}})
	return counts, importdb.Took(ctx, tx, b.ID, first, last, counts, next.Done, next.End)
}

// otherwise are the results that are not as the trial had them: somebody changed the
// registry in between.
func otherwise(results, kept []imports.Result) []imports.Result {
	before := make(map[int]*imports.Result, len(kept))
	for i := range kept {
		before[kept[i].Row] = &kept[i]
	}
	var out []imports.Result
	for _, r := range results {
		k := before[r.Row]
		if k == nil || k.Outcome != r.Outcome || k.Facility != r.Facility || k.Print != r.Print || k.PlacedBy != r.PlacedBy ||
			k.Confidence != r.Confidence || k.Matched != r.Matched || len(k.Alike) != len(r.Alike) ||
			!reflect.DeepEqual(words(k.Faults), words(r.Faults)) || len(k.Changes) != len(r.Changes) {
			out = append(out, r)
		}
	}
	return out
}

// words are what faults say, so that two lists are compared by it.
func words(list []imports.Fault) []imports.Fault {
	if len(list) == 0 {
		return nil
	}
	return list
}
