package placenamedb

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"yike/internal/postgres"
	"yike/internal/record"
	"yike/placenames"
)

// Create makes a record, once for each key of the writer. It is CreateIn in a write of its own;
// besides its errors it returns what postgres.WriteOnce does.
func (s *Store) Create(ctx context.Context, w postgres.Writer, n placenames.Name, c record.Change, today record.Day) (placenames.Item, error) {
	id, err := postgres.WriteOnce(ctx, s.db, w, why(c), func(tx *postgres.Tx) (string, error) {
		made, err := s.CreateIn(ctx, tx, n, c, today)
		return made.ID, err
	})
	if err != nil {
		return placenames.Item{}, err
	}
	return s.ByID(ctx, w, id)
}

// CreateIn makes a record with a new id, in the divisions given or those through which its
// geometry lies. What was decided holds from the day of its decision where no other day is said.
// It returns a *record.InvalidError and what the right to write it needs.
func (s *Store) CreateIn(ctx context.Context, tx *postgres.Tx, n placenames.Name, c record.Change, today record.Day) (placenames.Name, error) {
	if err := tx.StandOnGround(ctx); err != nil {
		return n, err
	}
	if err := tx.Require(ctx, mayWrite, ""); err != nil {
		return n, err
	}
	n = s.catalogue.Clean(n)
	if c.ValidFrom == "" && (n.State.InUse() || n.State.Ended()) {
		c.ValidFrom = n.Decision.Day
	}
	from, faults := c.Check(today)
	var err error
	if n.ID, err = newID(); err != nil {
		return n, err
	}
	n.Version, n.ValidFrom = 1, from
	known, strangers, err := s.look(ctx, tx, placenames.Name{}, &n, today)
	if err != nil {
		return n, err
	}
	faults = append(append(faults, placenames.Validate(n, known)...), strangers...)
	if err := record.Invalid(faults); err != nil {
		return n, err
	}
	if err := tx.Require(ctx, mayWrite, n.Divisions[0]); err != nil {
		return n, err
	}
	made, err := s.insert(ctx, tx, n)
	if err != nil {
		return n, err
	}
	_, after := record.Values(placenames.Differences(placenames.Name{}, made))
	tx.Note(postgres.Note{Action: "name.create", Kind: kind, ID: made.ID, Division: made.Divisions[0], After: after})
	return made, nil
}

// insert writes a record that was checked, without a note.
func (s *Store) insert(ctx context.Context, tx *postgres.Tx, n placenames.Name) (placenames.Name, error) {
	args, err := s.contentArgs(n)
	if err != nil {
		return n, err
	}
	args["adcode"], args["id"] = tx.Writer().AdCode, n.ID
	return nameRows().One(tx.Query(ctx, `
INSERT INTO place_name AS n (`+insertColumns+`)
VALUES (@adcode, @id, @text, @specific, @modifier, @generic, @parts_confirmed, @roman, @readings, @initial, @kind, @class, @state, @divisions, @built_up_area,
	@famous, @important, @geom, @extent, @size, @origin, @meaning, @aliases, @former, @decision_kind, @decision_number, @decision_day, @decision_body, @decision_title,
	@heritage, @planned, @parent, @host, @successor, @reuses_id, @reuses_reason, @note, daterange(nullif(@from, '')::date, NULL))
RETURNING `+columns, args))
}

// insertColumns are the columns that a new record is written with.
const insertColumns = `adcode, id, text, specific, modifier, generic, parts_confirmed, roman, readings, initial, kind, class, state, divisions, built_up_area,
	famous, important, geom, extent, size, origin, meaning, aliases, former, decision_kind, decision_number, decision_day, decision_body, decision_title, heritage,
	planned, parent_id, host_id, successor_id, reuses_id, reuses_reason, note, valid`

// errUnchanged rolls back a change that changes nothing.
var errUnchanged = errors.New("nothing to change")

// Update changes a record of which the writer saw the version expected, and gives it as it is
// then: change makes of the present record what it is to be, or says why it cannot. What
// changes nothing leaves no version behind. It returns placenames.ErrNotFound, a
// *postgres.StaleError, a *record.InvalidError and what postgres.Write does.
func (s *Store) Update(ctx context.Context, w postgres.Writer, id string, expected int, change func(placenames.Name) (placenames.Name, []record.Fault), c record.Change, today record.Day) (placenames.Item, error) {
	err := s.db.Write(ctx, w, why(c), func(tx *postgres.Tx) error {
		_, err := s.UpdateIn(ctx, tx, id, expected, change, c, today)
		return err
	})
	if err != nil && !errors.Is(err, errUnchanged) {
		return placenames.Item{}, err
	}
	return s.ByID(ctx, w, id)
}

// UpdateIn is Update inside a write. An expected version of 0 is whichever there is.
func (s *Store) UpdateIn(ctx context.Context, tx *postgres.Tx, id string, expected int, change func(placenames.Name) (placenames.Name, []record.Fault), c record.Change, today record.Day) (placenames.Name, error) {
	if err := tx.StandOnGround(ctx); err != nil {
		return placenames.Name{}, err
	}
	before, err := held(ctx, tx, id, expected, mayWrite)
	if err != nil {
		return before, err
	}
	after, faults := change(before)
	if len(faults) > 0 {
		return before, record.Invalid(faults)
	}
	after = s.catalogue.Clean(after)
	after.ID, after.Version = before.ID, before.Version
	from, faults := c.CheckAfter(before.ValidFrom, today)
	after.ValidFrom = from
	known, strangers, err := s.look(ctx, tx, before, &after, today)
	if err != nil {
		return before, err
	}
	faults = append(append(faults, placenames.ValidateChange(before, after, c.Correction, known)...), strangers...)
	if err := record.Invalid(faults); err != nil {
		return before, err
	}
	if len(placenames.Differences(before, after)) == 0 {
		return before, errUnchanged
	}
	if err := tx.Require(ctx, mayWrite, after.Divisions[0]); err != nil {
		return before, err
	}
	return s.update(ctx, tx, before, after, "name.update")
}

// held reads a record that the writer may change by one of some rights, and of which it saw a
// version, where expected is not 0.
func held(ctx context.Context, tx *postgres.Tx, id string, expected int, rights ...string) (placenames.Name, error) {
	before, err := present(ctx, tx, tx.Writer().AdCode, id)
	if err != nil {
		return before, err
	}
	var refused error
	for _, right := range rights {
		err := tx.Require(ctx, right, before.Divisions[0])
		if err == nil {
			refused = nil
			break
		}
		if !errors.Is(err, postgres.ErrForbidden) {
			return before, err
		}
		if refused == nil {
			refused = err
		}
	}
	if refused != nil {
		return before, refused
	}
	if expected != 0 && before.Version != expected {
		return before, &postgres.StaleError{Current: before.Version}
	}
	return before, nil
}

// update writes what was checked, unless somebody else wrote since before was read, and notes it.
func (s *Store) update(ctx context.Context, tx *postgres.Tx, before, after placenames.Name, action string) (placenames.Name, error) {
	made, err := s.updateQuietly(ctx, tx, before, after)
	if err != nil {
		return made, err
	}
	was, is := record.Values(placenames.Differences(before, made))
	tx.Note(postgres.Note{Action: action, Kind: kind, ID: made.ID, Division: made.Divisions[0], Before: was, After: is})
	return made, nil
}

// updateQuietly is update without a note.
func (s *Store) updateQuietly(ctx context.Context, tx *postgres.Tx, before, after placenames.Name) (placenames.Name, error) {
	adcode := tx.Writer().AdCode
	args, err := s.contentArgs(after)
	if err != nil {
		return before, err
	}
	args["adcode"], args["id"], args["expected"] = adcode, before.ID, before.Version
	made, err := nameRows().One(tx.Query(ctx, `
UPDATE place_name AS n SET text = @text, specific = @specific, modifier = @modifier, generic = @generic, parts_confirmed = @parts_confirmed, roman = @roman,
	readings = @readings, initial = @initial, kind = @kind, class = @class, state = @state, divisions = @divisions, built_up_area = @built_up_area, famous = @famous,
	important = @important, geom = @geom, extent = @extent, size = @size, origin = @origin, meaning = @meaning, aliases = @aliases, former = @former,
	decision_kind = @decision_kind, decision_number = @decision_number, decision_day = @decision_day, decision_body = @decision_body,
	decision_title = @decision_title, heritage = @heritage, planned = @planned, parent_id = @parent, host_id = @host, successor_id = @successor,
	reuses_id = @reuses_id, reuses_reason = @reuses_reason, note = @note, valid = daterange(nullif(@from, '')::date, NULL)
WHERE n.adcode = @adcode AND n.id = @id AND n.version = @expected
RETURNING `+columns, args))
	if errors.Is(err, placenames.ErrNotFound) {
		now, err := present(ctx, tx, adcode, before.ID)
		if err != nil {
			return before, err
		}
		return before, &postgres.StaleError{Current: now.Version}
	}
	return made, err
}

// Remove takes away a draft that nobody else has seen; its history stays, and its id is never
// used again. Any other record, and one that others refer to, only ends: placenames.ErrStays. It
// returns placenames.ErrNotFound, a *postgres.StaleError, a *record.InvalidError and what
// postgres.Write does.
func (s *Store) Remove(ctx context.Context, w postgres.Writer, id string, expected int, c record.Change, today record.Day) error {
	return s.db.Write(ctx, w, why(c), func(tx *postgres.Tx) error {
		before, err := held(ctx, tx, id, expected, mayWrite)
		if err != nil {
			return err
		}
		if _, faults := c.CheckAfter(before.ValidFrom, today); len(faults) > 0 {
			return record.Invalid(faults)
		}
		if before.State != placenames.Draft {
			return placenames.ErrStays
		}
		tag, err := tx.Exec(ctx, `DELETE FROM place_name WHERE adcode = @adcode AND id = @id AND version = @expected`,
			pgx.StrictNamedArgs{"adcode": w.AdCode, "id": id, "expected": before.Version})
		if postgres.Code(err) == "23503" {
			return placenames.ErrStays
		}
		if err != nil {
			return fmt.Errorf("remove a place name: %w", err)
		}
		if tag.RowsAffected() == 0 {
			return &postgres.StaleError{Current: before.Version + 1}
		}
		was, _ := record.Values(placenames.Differences(before, placenames.Name{}))
		tx.Note(postgres.Note{Action: "name.remove", Kind: kind, ID: id, Division: before.Divisions[0], Before: was})
		return nil
	})
}
