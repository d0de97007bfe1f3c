package placenamedb

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"yike/internal/postgres"
	"yike/internal/record"
	"yike/placenames"
)

// Renaming is what a decision renames a record to.
type Renaming struct {
	Text, Roman string
	Parts       placenames.Parts // worked out where nobody confirmed them
	Readings    []string
	Decision    placenames.Decision
	Planned     string            // the reserved name that it takes; "" for none
	Reuses      *placenames.Reuse // the retired name that it takes again
	Measures    string            // of protection, of a name that is on a list; "" keeps those on record
	Reason      string            // why it is recorded
}

// Move is MoveIn in a write of its own, once for each key of the writer, of the version that it
// saw.
func (s *Store) Move(ctx context.Context, w postgres.Writer, id string, expected int, m placenames.Move, today record.Day) (placenames.Item, error) {
	_, err := postgres.WriteOnce(ctx, s.db, w, why(record.Change{Reason: m.Reason}), func(tx *postgres.Tx) (int, error) {
		made, err := s.MoveIn(ctx, tx, id, expected, m, today)
		return made.Version, err
	})
	if err != nil {
		return placenames.Item{}, err
	}
	return s.ByID(ctx, w, id)
}

// MoveIn takes a record to another state, as placenames.Name.After does, for whoever keeps it or
// decides on it. An expected version of 0 is whichever there is. It returns
// placenames.ErrNotFound, a *postgres.StaleError, a *record.InvalidError and what the right
// needs.
func (s *Store) MoveIn(ctx context.Context, tx *postgres.Tx, id string, expected int, m placenames.Move, today record.Day) (placenames.Name, error) {
	before, err := held(ctx, tx, id, expected, mayWrite, mayDecide)
	if err != nil {
		return before, err
	}
	after, faults := before.After(m, today)
	faults = append(faults, tooEarly(before, after)...)
	if len(faults) == 0 && m.To == placenames.Merged {
		if faults, err = s.mergeable(ctx, tx, after); err != nil {
			return before, err
		}
	} else if len(faults) == 0 && m.SuccessorID != "" {
		if faults, err = s.succeeded(ctx, tx, after); err != nil {
			return before, err
		}
	}
	if err := record.Invalid(faults); err != nil {
		return before, err
	}
	return s.update(ctx, tx, before, after, "name."+string(m.To))
}

// tooEarly is the fault of a decision on a standard name from before it was one.
func tooEarly(before, after placenames.Name) []record.Fault {
	if before.State != placenames.Approved && before.State != placenames.Contested || after.ValidFrom >= before.ValidFrom {
		return nil
	}
	return []record.Fault{{
		Field: "decision/day", Value: string(after.ValidFrom), ZH: fmt.Sprintf("不应早于现行版本的生效日期 %s", before.ValidFrom),
		EN: fmt.Sprintf("must not be before %s, from which the present version holds", before.ValidFrom),
	}}
}

// succeeded looks whether the record is there that has the place of one that ends.
func (s *Store) succeeded(ctx context.Context, tx *postgres.Tx, n placenames.Name) ([]record.Fault, error) {
	l := looking{tx: tx, adcode: tx.Writer().AdCode, n: &placenames.Name{ID: n.ID, SuccessorID: n.SuccessorID}}
	if n.SuccessorID == n.ID {
		l.add("successor_id", n.SuccessorID, "不能接续自己", "a record does not succeed itself")
	}
	err := l.others(ctx)
	return l.faults, err
}

// mergeable looks whether a record may be taken to be of the place of another: that must be in
// use, and nothing may be a part of the one that ends.
func (s *Store) mergeable(ctx context.Context, tx *postgres.Tx, n placenames.Name) ([]record.Fault, error) {
	missing := record.Fault{Field: "successor_id", Value: n.SuccessorID, ZH: "没有这条地名", EN: "there is no such place name"}
	if !postgres.IsID(n.SuccessorID) {
		return []record.Fault{missing}, nil
	}
	var there, inUse bool
	var parts int
	err := tx.QueryRow(ctx, `
SELECT count(*) FILTER (WHERE id = @successor) > 0, count(*) FILTER (WHERE id = @successor AND state IN ('approved', 'contested', 'customary')) > 0,
	count(*) FILTER (WHERE parent_id = @id)
FROM place_name WHERE adcode = @adcode AND (id = @successor OR parent_id = @id)`,
		pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "id": n.ID, "successor": n.SuccessorID}).Scan(&there, &inUse, &parts)
	if err != nil {
		return nil, fmt.Errorf("look at the record that has its place: %w", err)
	}
	var out []record.Fault
	switch {
	case !there:
		out = append(out, missing)
	case !inUse:
		out = append(out, record.Fault{Field: "successor_id", Value: n.SuccessorID, ZH: "接续的地名应是在用的地名", EN: "the record that has its place must be in use"})
	}
	if parts > 0 {
		out = append(out, record.Fault{
			Field: "to", Value: fmt.Sprint(parts), ZH: fmt.Sprintf("还有 %d 条地名以它为上级，请先改它们的上级", parts),
			EN: fmt.Sprintf("%d records are parts of it; give them another parent first", parts),
		})
	}
	return out, nil
}

// Rename is RenameIn in a write of its own, once for each key of the writer, of the version that
// it saw.
func (s *Store) Rename(ctx context.Context, w postgres.Writer, id string, expected int, r Renaming, today record.Day) (placenames.Item, error) {
	_, err := postgres.WriteOnce(ctx, s.db, w, why(record.Change{Reason: r.Reason}), func(tx *postgres.Tx) (int, error) {
		made, err := s.RenameIn(ctx, tx, id, expected, r, today)
		return made.Version, err
	})
	if err != nil {
		return placenames.Item{}, err
	}
	return s.ByID(ctx, w, id)
}

// RenameIn gives a record another name by a decision, as placenames.Name.Rename does, for
// whoever keeps it or decides on it. An expected version of 0 is whichever there is. Its errors
// are those of MoveIn.
func (s *Store) RenameIn(ctx context.Context, tx *postgres.Tx, id string, expected int, r Renaming, today record.Day) (placenames.Name, error) {
	before, err := held(ctx, tx, id, expected, mayWrite, mayDecide)
	if err != nil {
		return before, err
	}
	named := before
	if before.Heritage != nil && r.Measures != "" {
		protected := *before.Heritage
		protected.Measures = r.Measures
		named.Heritage = &protected
	}
	after, faults := named.Rename(r.Text, r.Roman, r.Parts, r.Decision, today)
	faults = append(faults, tooEarly(before, after)...)
	if err := record.Invalid(faults); err != nil {
		return before, err
	}
	after.Readings, after.Planned, after.Reuses = r.Readings, r.Planned, r.Reuses
	after = s.catalogue.Clean(after)
	known, strangers, err := s.look(ctx, tx, before, &after, today)
	if err != nil {
		return before, err
	}
	if err := record.Invalid(append(placenames.Validate(after, known), strangers...)); err != nil {
		return before, err
	}
	return s.update(ctx, tx, before, after, "name.rename")
}
