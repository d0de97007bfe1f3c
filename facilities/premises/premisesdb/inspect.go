package premisesdb

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"yike/facilities/premises"
	"yike/internal/postgres"
	"yike/internal/record"
)

// Inspect records a look at a room and does what follows from it: the room's present use,
// and a rectification that is opened, renewed or closed. Asked again with the same key it
// does nothing more. It gives the room as it is then, and returns premises.ErrNotFound, a
// *record.InvalidError and what postgres.WriteOnce does.
func (s *Store) Inspect(ctx context.Context, w postgres.Writer, in premises.Inspection, order premises.Order, today record.Day) (premises.Item, error) {
	_, err := postgres.WriteOnce(ctx, s.db, w, "检查公建用房 / inspect public premises", func(tx *postgres.Tx) (string, error) {
		return inspect(ctx, tx, in, order, today)
	})
	if err != nil {
		return premises.Item{}, err
	}
	return s.ByID(ctx, w, in.RoomID)
}

func inspect(ctx context.Context, tx *postgres.Tx, in premises.Inspection, order premises.Order, today record.Day) (string, error) {
	adcode := tx.Writer().AdCode
	// The lock keeps two who inspect at once from both opening a rectification.
	if err := tx.Require(ctx, mayWrite, ""); err != nil {
		return "", err
	}
	if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended('yike premises ' || @adcode || @id, 0))`,
		pgx.StrictNamedArgs{"adcode": adcode, "id": in.RoomID}); err != nil {
		return "", fmt.Errorf("lock the room: %w", err)
	}
	room, err := present(ctx, tx, adcode, in.RoomID)
	if err != nil {
		return "", err
	}
	if err := tx.Require(ctx, mayWrite, room.DivisionCode); err != nil {
		return "", err
	}
	open, err := openRectification(ctx, tx, adcode, room.ID)
	if err != nil {
		return "", err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return "", fmt.Errorf("new id: %w", err)
	}
	in.ID, in.RecordedBy = id.String(), tx.Writer().Who
	out, faults := premises.Inspect(room, in, open, order, today)
	if err := record.Invalid(faults); err != nil {
		return "", err
	}
	if err := insertInspection(ctx, tx, in, room.DivisionCode); err != nil {
		return "", err
	}
	if out.Rectification != nil {
		if err := keepRectification(ctx, tx, *out.Rectification, room.DivisionCode); err != nil {
			return "", err
		}
	}
	if len(premises.Differences(room, out.Room)) > 0 {
		if err := update(ctx, tx, room, out.Room, max(room.ValidFrom, in.Day), "premises.inspected"); err != nil {
			return "", err
		}
	}
	return in.ID, nil
}

func openRectification(ctx context.Context, q postgres.Querier, adcode, room string) (*premises.Rectification, error) {
	rows, err := q.Query(ctx, `SELECT `+rectificationColumns+` FROM premises_rectification AS x
WHERE x.adcode = @adcode AND x.premises_id = @room AND x.progress <> 'closed'`, pgx.StrictNamedArgs{"adcode": adcode, "room": room})
	if err != nil {
		return nil, fmt.Errorf("look for a rectification: %w", err)
	}
	list, err := pgx.CollectRows(rows, scanRectification)
	if err != nil {
		return nil, fmt.Errorf("look for a rectification: %w", err)
	}
	if len(list) == 0 {
		return nil, nil //nolint:nilnil // none is open, as premises.Inspect takes it
	}
	return &list[0], nil
}

func insertInspection(ctx context.Context, tx *postgres.Tx, in premises.Inspection, division string) error {
	_, err := tx.Exec(ctx, `
INSERT INTO premises_inspection (adcode, id, premises_id, day, by_whom, use_found, area_found, condition, verdict, note, recorded_by)
VALUES (@adcode, @id, @room, @day, @by, @use, @area, @condition, @verdict, @note, @who)`,
		pgx.StrictNamedArgs{
			"adcode": tx.Writer().AdCode, "id": in.ID, "room": in.RoomID, "day": dayOf(in.Day), "by": in.By, "use": string(in.UseFound),
			"area": int64(in.AreaFound), "condition": string(in.Condition), "verdict": string(in.Verdict), "note": in.Note, "who": in.RecordedBy,
		})
	if err != nil {
		return fmt.Errorf("record an inspection: %w", err)
	}
	tx.Note(postgres.Note{
		Action: "premises.inspect", Kind: "premises", ID: in.RoomID, Division: division,
		After: map[string]any{"day": in.Day, "verdict": in.Verdict, "use_found": in.UseFound},
	})
	return nil
}

// keepRectification writes a rectification: a new one where it has no id yet.
func keepRectification(ctx context.Context, tx *postgres.Tx, r premises.Rectification, division string) error {
	action := "premises.rectify"
	sql := `
UPDATE premises_rectification SET use_found = @use, deadline = @deadline, order_no = @order_no, progress = @progress, reported_on = @reported_on,
	report = @report, recheck = @recheck, closed_on = @closed_on
WHERE adcode = @adcode AND id = @id AND version = @expected`
	args := pgx.StrictNamedArgs{
		"adcode": tx.Writer().AdCode, "id": r.ID, "use": string(r.UseFound), "deadline": dayOf(r.Order.Deadline), "order_no": r.Order.Number,
		"progress": string(r.Progress), "reported_on": dayOf(r.ReportedOn), "report": r.Report, "recheck": idOf(r.Recheck), "closed_on": dayOf(r.ClosedOn),
	}
	if r.ID == "" {
		id, err := uuid.NewV7()
		if err != nil {
			return fmt.Errorf("new id: %w", err)
		}
		action, r.ID = "premises.order", id.String()
		args["id"], args["room"], args["found"], args["found_on"] = r.ID, r.RoomID, r.Found, dayOf(r.FoundOn)
		sql = `
INSERT INTO premises_rectification (adcode, id, premises_id, found, found_on, use_found, deadline, order_no, progress, reported_on, report, recheck, closed_on)
VALUES (@adcode, @id, @room, @found, @found_on, @use, @deadline, @order_no, @progress, @reported_on, @report, @recheck, @closed_on)`
	} else {
		args["expected"] = r.Version
	}
	tag, err := tx.Exec(ctx, sql, args)
	if err != nil {
		return fmt.Errorf("keep a rectification: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return &postgres.StaleError{Current: r.Version + 1}
	}
	tx.Note(postgres.Note{
		Action: action, Kind: "premises_rectification", ID: r.ID, Division: division,
		After: map[string]any{"progress": r.Progress, "deadline": r.Order.Deadline, "order_no": r.Order.Number, "reported_on": r.ReportedOn, "closed_on": r.ClosedOn},
	})
	return nil
}

// FollowUp writes what a person says of a rectification of which they saw the version
// expected, and gives it as it is then. It returns premises.ErrNotFound, premises.ErrNoRectification, a
// *postgres.StaleError, a *record.InvalidError and what postgres.Write does.
func (s *Store) FollowUp(ctx context.Context, w postgres.Writer, room, id string, expected int, f premises.Follow, reason string, today record.Day) (premises.Rectification, error) {
	c := record.Change{Reason: reason}
	err := s.db.Write(ctx, w, why(c), func(tx *postgres.Tx) error {
		r, err := present(ctx, tx, w.AdCode, room)
		if err != nil {
			return err
		}
		if err := tx.Require(ctx, mayWrite, r.DivisionCode); err != nil {
			return err
		}
		before, err := rectification(ctx, tx, w.AdCode, room, id)
		if err != nil {
			return err
		}
		if before.Version != expected {
			return &postgres.StaleError{Current: before.Version}
		}
		_, faults := c.CheckAfter("", today)
		after, more := f.Apply(before, today)
		if err := record.Invalid(append(faults, more...)); err != nil {
			return err
		}
		if after == before {
			return errUnchanged
		}
		return keepRectification(ctx, tx, after, r.DivisionCode)
	})
	if err != nil && !errors.Is(err, errUnchanged) {
		return premises.Rectification{}, err
	}
	var out premises.Rectification
	err = s.db.Read(ctx, w, func(q postgres.Querier) error {
		var err error
		out, err = rectification(ctx, q, w.AdCode, room, id)
		return err
	})
	return out, err
}

func rectification(ctx context.Context, q postgres.Querier, adcode, room, id string) (premises.Rectification, error) {
	if !postgres.IsID(id) {
		return premises.Rectification{}, premises.ErrNoRectification
	}
	return postgres.Found[premises.Rectification]{What: "rectification", Missing: premises.ErrNoRectification, Scan: scanRectification}.One(
		q.Query(ctx, `SELECT `+rectificationColumns+` FROM premises_rectification AS x
WHERE x.adcode = @adcode AND x.premises_id = @room AND x.id = @id`, pgx.StrictNamedArgs{"adcode": adcode, "room": room, "id": id}))
}
