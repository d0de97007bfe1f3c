package facilitydb

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"yike/facilities"
	"yike/internal/postgres"
	"yike/internal/record"
)

// ErrNoChange says that there is no change of many records of that id, or none that can be
// undone.
var ErrNoChange = errors.New("没有这次批量修改 / no such change of many records")

// UndoMany takes a change of many records back, once for each idempotency key: each record
// is as it was before, for the same days. One that was changed since, or that the writer
// may not change, is left as it is and says so. An undoing is itself such a change. It
// needs the right to read history, and returns ErrNoChange and what postgres.WriteOnce
// does.
func (s *Store) UndoMany(ctx context.Context, w postgres.Writer, change, reason string, today record.Day) (facilities.BulkResult, error) {
	c := record.Change{Reason: reason}
	return postgres.WriteOnce(ctx, s.db, w, why(c), func(tx *postgres.Tx) (facilities.BulkResult, error) {
		var out facilities.BulkResult
		if err := tx.StandOnGround(ctx); err != nil {
			return out, err
		}
		if _, faults := c.Check(today); len(faults) > 0 {
			return out, record.Invalid(faults)
		}
		touched, err := touchedBy(ctx, tx, change)
		if err != nil {
			return out, err
		}
		set, err := readSet(ctx, tx, touched)
		if err != nil {
			return out, err
		}
		former, err := formerOf(ctx, tx, change)
		if err != nil {
			return out, err
		}
		var changes []Changed
		for _, seen := range touched {
			outcome, back := set.judgeUndo(seen, former)
			if outcome.Outcome == facilities.OutcomeChanged {
				changes = append(changes, back)
			}
			out.Outcomes = append(out.Outcomes, outcome)
		}
		if len(changes) == 0 {
			return out, nil
		}
		out.Change = tx.Change()
		tx.Note(bulkNote(deedBulkUndo, changes))
		return out, UpdateMany(ctx, tx, changes)
	})
}

// touchedBy gives the records that a change of many wrote, with the versions it made.
func touchedBy(ctx context.Context, tx *postgres.Tx, change string) ([]Seen, error) {
	if !postgres.IsID(change) {
		return nil, ErrNoChange
	}
	if err := tx.Require(ctx, mayReadHistory, ""); err != nil {
		return nil, err
	}
	args := pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "change": change}
	rows, err := tx.Query(ctx, `
SELECT id::text, max(version) FROM (
	SELECT id, version FROM facility WHERE adcode = @adcode AND change_id = @change
	UNION ALL SELECT id, version FROM facility_history WHERE adcode = @adcode AND change_id = @change
) AS made GROUP BY id ORDER BY id`, args)
	if err != nil {
		return nil, fmt.Errorf("find what a change wrote: %w", err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Seen])
	if err != nil {
		return nil, fmt.Errorf("find what a change wrote: %w", err)
	}
	if len(list) == 0 {
		return nil, ErrNoChange
	}
	var many bool
	args["id"], args["bulk"], args["undo"] = list[0].ID, deedBulk, deedBulkUndo
	err = tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM yike_changes_of('facility', @adcode, @id) WHERE id = @change AND action IN (@bulk, @undo))`, args).Scan(&many)
	if err != nil {
		return nil, fmt.Errorf("look what a change was: %w", err)
	}
	if !many {
		return nil, ErrNoChange
	}
	return list, nil
}

// formerOf gives what a change took the place of, by id. Of what the change left of the
// days before it, which the history has besides, recorded has no end.
func formerOf(ctx context.Context, tx *postgres.Tx, change string) (map[string]facilities.Facility, error) {
	rows, err := tx.Query(ctx, `SELECT `+columns+` FROM facility_history
WHERE adcode = @adcode AND ended_by = @change AND NOT upper_inf(recorded) ORDER BY id, version`,
		pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "change": change})
	if err != nil {
		return nil, fmt.Errorf("read what a change took the place of: %w", err)
	}
	list, err := pgx.CollectRows(rows, scan)
	if err != nil {
		return nil, fmt.Errorf("read what a change took the place of: %w", err)
	}
	out := map[string]facilities.Facility{}
	for _, f := range list {
		out[f.ID] = f // the last version is the one before the change
	}
	return out, nil
}

// judgeUndo works out what becomes of one record.
func (s set) judgeUndo(seen Seen, former map[string]facilities.Facility) (facilities.RecordOutcome, Changed) {
	now, ok := s.byID[seen.ID]
	before, kept := former[seen.ID]
	out := facilities.RecordOutcome{ID: seen.ID, NameZH: now.NameZH, NameEN: now.NameEN, Version: now.Version, Outcome: facilities.OutcomeRefused}
	refuse := func(zh, en string) (facilities.RecordOutcome, Changed) {
		out.Faults = []record.Fault{{Field: "id", ZH: zh, EN: en}}
		return out, Changed{}
	}
	step, stepped := facilities.StepBetween(now.Stage, before.Stage)
	switch {
	case !ok:
		return refuse("没有这个设施，或无权查看", "there is no such facility, or none that may be seen")
	case now.Version != seen.Version:
		out.Outcome = facilities.OutcomeStale
		return out, Changed{}
	case !kept:
		return refuse("查不到修改前的版本，或无权查看", "the version before is not there, or may not be seen")
	case !s.writable[seen.ID] || !within(before.DivisionCode, s.write):
		return refuse("无权修改该辖区的设施", "the account may not change facilities of that division")
	case stepped && step.Right != "" && !within(now.DivisionCode, s.publish):
		return refuse("无权发布或撤回该辖区的设施", "the account may not publish or withdraw facilities of that division")
	}
	out.Outcome, out.NameZH, out.NameEN = facilities.OutcomeChanged, before.NameZH, before.NameEN
	out.Version++
	return out, Changed{Before: now, After: before, From: before.ValidFrom}
}
