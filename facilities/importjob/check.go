package importjob

import (
	"context"
	"errors"
	"fmt"

	"yike/facilities/importdb"
	"yike/facilities/imports"
	"yike/internal/jobs"
	"yike/internal/postgres"
)

// errTried ends the transaction of a trial: nothing of it stays.
var errTried = errors.New("a trial is rolled back")

// check stores the rows of a file, where they are not, and tries them.
func (j Job) check(ctx context.Context, t *jobs.Task, b imports.Batch, args Args) error {
	if b.Version != args.Version {
		return errChanged
	}
	if err := j.stage(ctx, t, &b); err != nil {
		return err
	}
	adcode := t.Job().AdCode
	s, err := j.session(ctx, adcode, b, 0)
	if err != nil {
		return err
	}
	results, err := j.try(ctx, t, b, s)
	if err != nil {
		return err
	}
	counts := imports.Count(results)
	err = t.Write(ctx, "检查导入文件 / check "+b.FileName, nil, func(tx *postgres.Tx) error {
		if err := lift(ctx, tx); err != nil {
			return err
		}
		if err := importdb.KeepResults(ctx, tx, b.ID, true, results); err != nil {
			return err
		}
		tx.Note(postgres.Note{Action: "import.check", Kind: "import_batch", ID: b.ID, Division: b.DivisionCode, After: counts})
		return importdb.CheckDone(ctx, tx, b.ID, b.Version, counts)
	})
	if err != nil {
		return err
	}
	all := int64(b.RowCount)
	t.Progress(all, all, "检查完成", "checked")
	t.Result(Done{Batch: b.ID, Step: string(Check), Rows: b.RowCount, Counts: counts})
	return nil
}

// stage stores the rows of a file unless they are stored as they are read now.
func (j Job) stage(ctx context.Context, t *jobs.Task, b *imports.Batch) (err error) {
	rows, err := j.Open(ctx, j.DB.Pool(), t.Job().AdCode, *b)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	if b.Staged == rows.Word() {
		return nil
	}
	done := 0
	next := func() (imports.Row, bool, error) {
		if done%chunk == 0 {
			t.Progress(int64(done), int64(b.RowCount), "正在读取文件", "reading the file")
			if err := ctx.Err(); err != nil {
				return imports.Row{}, false, context.Cause(ctx)
			}
		}
		done++
		return rows.Next()
	}
	err = t.Write(ctx, "读取导入文件 / read "+b.FileName, nil, func(tx *postgres.Tx) error {
		if err := lift(ctx, tx); err != nil {
			return err
		}
		tx.Note(postgres.Note{Action: "import.read", Kind: "import_batch", ID: b.ID, Division: b.DivisionCode})
		return importdb.Stage(ctx, tx, b.ID, rows.Word(), next)
	})
	if err != nil {
		return err
	}
	b.Staged, b.RowCount = rows.Word(), done-1
	return nil
}

// lift lets the statements of a transaction take as long as they do: one of them writes as
// many rows as the file has.
func lift(ctx context.Context, tx *postgres.Tx) error {
	if _, err := tx.Exec(ctx, `SET LOCAL statement_timeout = 0`); err != nil {
		return fmt.Errorf("lift the time limit: %w", err)
	}
	return nil
}

// try takes all rows in, in one transaction that is rolled back, and gives what would
// become of them.
func (j Job) try(ctx context.Context, t *jobs.Task, b imports.Batch, s *Session) ([]imports.Result, error) {
	results := make([]imports.Result, 0, b.RowCount)
	rows := s.readAhead(ctx, j.DB.Pool(), t.Job().AdCode, 0)
	defer rows.close()
	err := j.DB.Write(ctx, postgres.System(t.Job().AdCode, t.Job().AskedWho), why(b), func(tx *postgres.Tx) error {
		if err := s.stand(ctx, tx); err != nil {
			return err
		}
		for {
			t.Progress(int64(len(results)), int64(b.RowCount), "正在试导入", "trying")
			drafts, err := rows.next(ctx)
			if err != nil {
				return err
			}
			if len(drafts) == 0 {
				return errTried
			}
			done, err := s.Apply(ctx, tx, drafts, nil)
			if err != nil {
				return err
			}
			results = append(results, done...)
		}
	})
	if errors.Is(err, errTried) {
		return results, nil
	}
	return nil, err
}

// stand keeps the divisions as they are and reads where the session's account may write.
func (s *Session) stand(ctx context.Context, tx *postgres.Tx) error {
	if err := tx.StandOnGround(ctx); err != nil {
		return err
	}
	rights, err := importdb.ReadRights(ctx, tx, s.account)
	if err != nil {
		return err
	}
	if len(rights.Import) == 0 {
		return &postgres.ForbiddenError{Action: "facility.import"}
	}
	s.ground.May, s.ground.MayPublish = within(rights.Import), within(rights.Publish)
	return nil
}
