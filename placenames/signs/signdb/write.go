package signdb

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"yike/internal/postgres"
	"yike/internal/record"
	"yike/placenames/signs"
)

// errUnchanged rolls back a change that changes nothing.
var errUnchanged = errors.New("nothing to change")

// Update changes a sign of which the writer saw the version expected, and gives it as it is
// then. It returns signs.ErrNotFound, a *postgres.StaleError, a *record.InvalidError and what
// postgres.Write does.
func (s *Store) Update(ctx context.Context, w postgres.Writer, id string, expected int, p signs.Patch, c record.Change, today record.Day) (signs.Sign, error) {
	err := s.db.Write(ctx, w, why(c), func(tx *postgres.Tx) error {
		return change(ctx, tx, id, expected, "sign.update", c, today, func(before signs.Sign) (signs.Sign, []record.Fault) { return p.Apply(before), nil })
	})
	if err != nil && !errors.Is(err, errUnchanged) {
		return signs.Sign{}, err
	}
	return s.ByID(ctx, w, id)
}

// Move writes what became of a sign, once for each key of the writer. As Update.
func (s *Store) Move(ctx context.Context, w postgres.Writer, id string, expected int, m signs.Move, today record.Day) (signs.Sign, error) {
	c := record.Change{Reason: m.Reason}
	if c.Reason == "" {
		zh, en := signs.Words(m.To)
		c.Reason = zh + " / " + en
	}
	_, err := postgres.WriteOnce(ctx, s.db, w, c.Reason, func(tx *postgres.Tx) (string, error) {
		return id, change(ctx, tx, id, expected, "sign."+string(m.To), c, today, func(before signs.Sign) (signs.Sign, []record.Fault) { return before.After(m, today) })
	})
	if err != nil {
		return signs.Sign{}, err
	}
	return s.ByID(ctx, w, id)
}

// change checks what a sign is to become and writes it, unless somebody else wrote since the
// version expected.
func change(ctx context.Context, tx *postgres.Tx, id string, expected int, action string, c record.Change, today record.Day, to func(signs.Sign) (signs.Sign, []record.Fault)) error {
	if err := tx.StandOnGround(ctx); err != nil {
		return err
	}
	before, err := held(ctx, tx, id, expected, mayWrite)
	if err != nil {
		return err
	}
	after, faults := to(before)
	if len(faults) > 0 {
		return record.Invalid(faults)
	}
	from, faults := c.CheckAfter(before.ValidFrom, today)
	known, err := look(ctx, tx, &after, today)
	if err != nil {
		return err
	}
	if err := record.Invalid(append(faults, signs.Validate(after, known)...)); err != nil {
		return err
	}
	if len(signs.Differences(before, after)) == 0 {
		return errUnchanged
	}
	if err := tx.Require(ctx, mayWrite, after.Division); err != nil {
		return err
	}
	args := contentArgs(after, from)
	args["adcode"], args["id"], args["expected"] = tx.Writer().AdCode, id, expected
	made, err := found().One(tx.Query(ctx, `
UPDATE place_name_sign AS s SET name_id = @name, kind = @kind, text = @text, roman = @roman, placed_at = @where, geom = @point, division_code = @division, keeper = @keeper,
	state = @state, needed_on = @needed_on::date, ordered_on = @ordered_on::date, made_on = @made_on::date, stood_on = @stood_on::date, seen_on = @seen_on::date,
	bad_since = @bad_since::date, removed_on = @removed_on::date, due_by = @due_by::date, note = @note, valid = daterange(nullif(@from, '')::date, NULL)
WHERE s.adcode = @adcode AND s.id = @id AND s.version = @expected
RETURNING `+columns, args))
	if errors.Is(err, signs.ErrNotFound) {
		return &postgres.StaleError{Current: expected + 1}
	}
	if err != nil {
		return err
	}
	was, is := record.Values(signs.Differences(before, made))
	tx.Note(postgres.Note{Action: action, Kind: kind, ID: id, Division: made.Division, Before: was, After: is})
	return nil
}

// held reads a sign that the writer may do something to and saw a version of.
func held(ctx context.Context, tx *postgres.Tx, id string, expected int, right string) (signs.Sign, error) {
	before, err := present(ctx, tx, tx.Writer().AdCode, id)
	if err != nil {
		return before, err
	}
	if err := tx.Require(ctx, right, before.Division); err != nil {
		return before, err
	}
	if before.Version != expected {
		return before, &postgres.StaleError{Current: before.Version}
	}
	return before, nil
}

// Remove takes out a sign that should never have been entered; its history stays. One that
// stood somewhere is moved to removed instead. It returns signs.ErrNotFound, a
// *postgres.StaleError, a *record.InvalidError and what postgres.Write does.
func (s *Store) Remove(ctx context.Context, w postgres.Writer, id string, expected int, c record.Change, today record.Day) error {
	return s.db.Write(ctx, w, why(c), func(tx *postgres.Tx) error {
		before, err := held(ctx, tx, id, expected, mayRemove)
		if err != nil {
			return err
		}
		if _, faults := c.CheckAfter(before.ValidFrom, today); len(faults) > 0 {
			return record.Invalid(faults)
		}
		tag, err := tx.Exec(ctx, `DELETE FROM place_name_sign WHERE adcode = @adcode AND id = @id AND version = @expected`,
			pgx.StrictNamedArgs{"adcode": w.AdCode, "id": id, "expected": expected})
		if err != nil {
			return fmt.Errorf("remove a sign: %w", err)
		}
		if tag.RowsAffected() == 0 {
			return &postgres.StaleError{Current: before.Version + 1}
		}
		was, _ := record.Values(signs.Differences(before, signs.Sign{}))
		tx.Note(postgres.Note{Action: "sign.remove", Kind: kind, ID: id, Division: before.Division, Before: was})
		return nil
	})
}
