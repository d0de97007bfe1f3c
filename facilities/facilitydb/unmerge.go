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

// ErrNotMerged says that a record was not merged into one other, so that there is no merge
// to undo: it stands as it is, or was split.
var ErrNotMerged = errors.New("没有可撤销的合并 / there is no merge to undo")

// Files keeps what hangs on records where it belongs when one takes the place of another.
// It writes in the transaction that it is given.
type Files interface {
	// Follow hangs what hangs on a record of a kind on another.
	Follow(ctx context.Context, tx *postgres.Tx, kind, from, to string) error
	// Return hangs on a record again what a change took from it and others have now.
	Return(ctx context.Context, tx *postgres.Tx, kind, to, change string, from []string) error
}

// WithFiles gives a store whose merges take the files of a record along.
func (s *Store) WithFiles(files Files) *Store {
	out := *s
	out.files = files
	return &out
}

func (s *Store) follow(ctx context.Context, tx *postgres.Tx, from, to string) error {
	if s.files == nil {
		return nil
	}
	return s.files.Follow(ctx, tx, "facility", from, to)
}

// Unmerge undoes the merge of a record of which the writer saw a version: it comes back as
// it was, with the files that went over. The record that stayed gives back what the merge
// gave it and keeps what was changed since; one that itself was merged or split since stays
// as it is. It takes the right to publish at both. It gives the record that came back, and
// returns ErrNotMerged and what Update does.
func (s *Store) Unmerge(ctx context.Context, w postgres.Writer, seen Seen, reason string, today record.Day) (facilities.Facility, error) {
	c := record.Change{Reason: reason}
	return postgres.WriteOnce(ctx, s.db, w, why(c), func(tx *postgres.Tx) (facilities.Facility, error) {
		if err := tx.StandOnGround(ctx); err != nil {
			return facilities.Facility{}, err
		}
		tombstone, err := present(ctx, tx, w.AdCode, seen.ID)
		if err != nil {
			return tombstone, err
		}
		if err := tx.Require(ctx, mayPublish, tombstone.DivisionCode); err != nil {
			return tombstone, err
		}
		if tombstone.Version != seen.Version {
			return tombstone, &postgres.StaleError{Current: tombstone.Version}
		}
		from, faults := c.CheckAfter(tombstone.ValidFrom, today)
		if err := record.Invalid(faults); err != nil {
			return tombstone, err
		}
		change, status, err := merging(ctx, tx, tombstone)
		if err != nil {
			return tombstone, err
		}
		// The other must have given the codes back before this one has them.
		if err := s.giveBack(ctx, tx, tombstone.ReplacedBy[0], change, today); err != nil {
			return tombstone, err
		}
		back := tombstone
		back.Status, back.ReplacedBy = status, nil
		others, err := taken(ctx, tx, w.AdCode, back)
		if err != nil {
			return tombstone, err
		}
		if err := record.Invalid(others); err != nil {
			return tombstone, err
		}
		if back, err = update(ctx, tx, tombstone, back, from, "facility.unmerge"); err != nil || s.files == nil {
			return back, err
		}
		holders, err := successors(ctx, tx, tombstone.ReplacedBy)
		if err != nil {
			return back, err
		}
		return back, s.files.Return(ctx, tx, "facility", back.ID, change, holders)
	})
}

// successors are the records of ids, and those that took their place, and so on.
func successors(ctx context.Context, tx *postgres.Tx, ids []string) ([]string, error) {
	var out []string
	err := tx.AsOwner(ctx, func() error {
		return tx.QueryRow(ctx, `
WITH RECURSIVE after AS (
	SELECT unnest(@ids::uuid[]) AS id
	UNION SELECT unnest(f.replaced_by) FROM after JOIN facility AS f ON f.adcode = @adcode AND f.id = after.id
)
SELECT array_agg(id::text) FROM after`, pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "ids": ids}).Scan(&out)
	})
	if err != nil {
		return nil, fmt.Errorf("find what took the place of a record: %w", err)
	}
	return out, nil
}

// merging finds the change that merged a record into another, and the status that it had
// until then. Nothing else of a tombstone can have changed: nobody may write one.
func merging(ctx context.Context, tx *postgres.Tx, tombstone facilities.Facility) (change string, status facilities.Status, err error) {
	if len(tombstone.ReplacedBy) != 1 {
		return "", "", ErrNotMerged
	}
	err = tx.AsOwner(ctx, func() error {
		return tx.QueryRow(ctx, `
WITH every AS (
	SELECT version, change_id, status, replaced_by FROM facility WHERE adcode = @adcode AND id = @id
	UNION SELECT version, change_id, status, replaced_by FROM facility_history WHERE adcode = @adcode AND id = @id
), alive AS (SELECT version, status FROM every WHERE replaced_by = '{}' ORDER BY version DESC LIMIT 1)
SELECT coalesce(every.change_id::text, ''), alive.status FROM alive JOIN every ON every.version > alive.version ORDER BY every.version LIMIT 1`,
			pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "id": tombstone.ID}).Scan(&change, &status)
	})
	if errors.Is(err, pgx.ErrNoRows) || err == nil && change == "" {
		return "", "", ErrNotMerged
	}
	if err != nil {
		return "", "", fmt.Errorf("find the merge of a record: %w", err)
	}
	return change, status, nil
}

// giveBack takes from the record that stayed what a merge gave it.
func (s *Store) giveBack(ctx context.Context, tx *postgres.Tx, id, change string, today record.Day) error {
	now, err := present(ctx, tx, tx.Writer().AdCode, id)
	if errors.Is(err, ErrNotFound) || err == nil && now.Tombstone() {
		return nil
	}
	if err != nil {
		return err
	}
	if err := tx.Require(ctx, mayPublish, now.DivisionCode); err != nil {
		return err
	}
	before, after, err := sides(ctx, tx, id, change)
	if err != nil || before.Version == 0 {
		return err
	}
	known, err := s.known(ctx, tx, tx.Writer().AdCode, now.Serves)
	if err != nil {
		return err
	}
	then := facilities.Settle(now, facilities.Unmerged(before, after, now), known.Types)
	then, faults, err := s.hold(ctx, tx, now, then, known, nil)
	if err != nil {
		return err
	}
	if err := record.Invalid(faults); err != nil {
		return err
	}
	if len(facilities.Differences(now, then)) == 0 {
		return nil
	}
	if err := mayMake(ctx, tx, now, then); err != nil {
		return err
	}
	_, err = update(ctx, tx, now, then, max(now.ValidFrom, today), "facility.unmerge")
	return err
}

// sides are a record before and after a change; before has no version where the change did
// not write it.
func sides(ctx context.Context, tx *postgres.Tx, id, change string) (before, after facilities.Facility, err error) {
	var list []facilities.Facility
	err = tx.AsOwner(ctx, func() error {
		rows, err := tx.Query(ctx, `
WITH every AS (
	SELECT `+stored+`, change_id FROM facility WHERE adcode = @adcode AND id = @id
	UNION ALL SELECT `+stored+`, change_id FROM facility_history WHERE adcode = @adcode AND id = @id
)
SELECT DISTINCT ON (version) `+columns+` FROM every
WHERE version <= (SELECT max(version) FROM every WHERE change_id = @change::uuid) ORDER BY version DESC, lower(valid) DESC LIMIT 2`,
			pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "id": id, "change": change})
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, scan)
		return err
	})
	if err != nil {
		return before, after, fmt.Errorf("read the versions around a merge: %w", err)
	}
	if len(list) < 2 {
		return before, after, nil
	}
	return list[1], list[0], nil
}
