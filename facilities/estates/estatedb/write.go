package estatedb

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"yike/facilities/estates"
	"yike/geo/divisions/divisiondb"
	"yike/internal/postgres"
	"yike/internal/record"
)

// mayWrite is the right that every write needs, in the division where the estate is and in
// the one where it comes to be.
const mayWrite = "estate.write"

// why is the reason of a write. An empty one is a fault like others, found inside.
func why(c record.Change) string { return cmp.Or(c.Reason, "?") }

// newID gives the id of a new record or room.
func newID() (string, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return "", fmt.Errorf("new id: %w", err)
	}
	return id.String(), nil
}

// Create makes an estate's record, in the division given or the one where its boundary lies;
// the ids of its rooms are new. Asked again with the same key it gives the estate as it was
// made. It returns a *record.InvalidError and what postgres.WriteOnce does.
func (s *Store) Create(ctx context.Context, w postgres.Writer, e estates.Estate, c record.Change, today record.Day) (estates.Item, error) {
	id, err := postgres.WriteOnce(ctx, s.db, w, why(c), func(tx *postgres.Tx) (string, error) {
		if err := tx.StandOnGround(ctx); err != nil {
			return "", err
		}
		made, err := create(ctx, tx, e, c, today)
		return made.ID, err
	})
	if err != nil {
		return estates.Item{}, err
	}
	return s.ByID(ctx, w, id)
}

// create checks an estate and writes it.
func create(ctx context.Context, tx *postgres.Tx, e estates.Estate, c record.Change, today record.Day) (estates.Estate, error) {
	if err := tx.Require(ctx, mayWrite, ""); err != nil {
		return e, err
	}
	e = estates.Clean(e)
	for i := range e.Rooms {
		e.Rooms[i].ID = ""
	}
	from, faults := c.Check(today)
	_, err := estates.Identify(estates.Estate{}, &e, newID)
	if err != nil {
		return e, err
	}
	known, err := look(ctx, tx, &e, today)
	if err != nil {
		return e, err
	}
	faults = append(faults, estates.Validate(e, known)...)
	if err := record.Invalid(faults); err != nil {
		return e, err
	}
	if err := tx.Require(ctx, mayWrite, e.DivisionCode); err != nil {
		return e, err
	}
	made, err := insert(ctx, tx, e, from)
	if err != nil {
		return e, err
	}
	_, after := estates.Values(estates.Differences(estates.Estate{}, made))
	tx.Note(postgres.Note{Action: "estate.create", Kind: "estate", ID: made.ID, Division: made.DivisionCode, After: after})
	return made, nil
}

// insert writes an estate that was checked, without a note.
func insert(ctx context.Context, tx *postgres.Tx, e estates.Estate, from record.Day) (estates.Estate, error) {
	id, err := newID()
	if err != nil {
		return e, err
	}
	args, err := contentArgs(e, from)
	if err != nil {
		return e, err
	}
	args["adcode"], args["id"] = tx.Writer().AdCode, id
	made, err := estateRows().One(tx.Query(ctx, `
INSERT INTO estate AS e (adcode, id, name, place_name_id, kind, division_code, boundary, developer, completed_on, households, people, measured_people,
	site_area, housing_floor, floor_above, floor_below, phases, rooms, conditions, plan, provided, hub, note, valid)
VALUES (@adcode, @id, @name, @place_name_id, @kind, @division, @boundary, @developer, @completed_on, @households, @people, @measured_people,
	@site_area, @housing_floor, @floor_above, @floor_below, @phases, @rooms, @conditions, @plan, @provided, @hub, @note, daterange(nullif(@from, '')::date, NULL))
RETURNING `+columns, args))
	return made, twice(err, e)
}

// twice says that the community has an estate of the name, where the database found so.
func twice(err error, e estates.Estate) error {
	if postgres.Code(err) != "23505" {
		return err
	}
	return record.Invalid([]record.Fault{{
		Field: "name", Value: e.Name, ZH: "同一村居已有同名小区", EN: "the community has an estate of this name already",
	}})
}

// errUnchanged rolls back a change that changes nothing.
var errUnchanged = errors.New("nothing to change")

// Update changes an estate of which the writer saw the version expected, and gives it as it
// is then. Rooms keep their ids; one without gets one. A patch that changes nothing leaves no
// version behind. It returns estates.ErrNotFound, a *postgres.StaleError, a
// *record.InvalidError and what postgres.Write does.
func (s *Store) Update(ctx context.Context, w postgres.Writer, id string, expected int, p estates.Patch, c record.Change, today record.Day) (estates.Item, error) {
	err := s.db.Write(ctx, w, why(c), func(tx *postgres.Tx) error {
		if err := tx.StandOnGround(ctx); err != nil {
			return err
		}
		before, err := held(ctx, tx, id, expected)
		if err != nil {
			return err
		}
		after := p.Apply(before)
		if p.Boundary != nil && p.DivisionCode == nil && after.Boundary != nil {
			after.DivisionCode = "" // where the boundary lies
		}
		return change(ctx, tx, before, after, c, today, "estate.update")
	})
	if err != nil && !errors.Is(err, errUnchanged) {
		return estates.Item{}, err
	}
	return s.ByID(ctx, w, id)
}

// held reads an estate that the writer may change and saw a version of.
func held(ctx context.Context, tx *postgres.Tx, id string, expected int) (estates.Estate, error) {
	before, err := present(ctx, tx, tx.Writer().AdCode, id)
	if err != nil {
		return before, err
	}
	if err := tx.Require(ctx, mayWrite, before.DivisionCode); err != nil {
		return before, err
	}
	if before.Version != expected {
		return before, &postgres.StaleError{Current: before.Version}
	}
	return before, nil
}

// change checks what an estate is to become and writes it; errUnchanged where it is so
// already.
func change(ctx context.Context, tx *postgres.Tx, before, after estates.Estate, c record.Change, today record.Day, action string) error {
	from, faults := c.CheckAfter(before.ValidFrom, today)
	strangers, err := estates.Identify(before, &after, newID)
	if err != nil {
		return err
	}
	known, err := look(ctx, tx, &after, today)
	if err != nil {
		return err
	}
	faults = append(append(faults, strangers...), estates.ValidateChange(before, after, known)...)
	if err := record.Invalid(faults); err != nil {
		return err
	}
	if len(estates.Differences(before, after)) == 0 {
		return errUnchanged
	}
	if err := tx.Require(ctx, mayWrite, after.DivisionCode); err != nil {
		return err
	}
	return update(ctx, tx, before, after, from, action)
}

// update writes what was checked, unless somebody else wrote since before was read.
func update(ctx context.Context, tx *postgres.Tx, before, after estates.Estate, from record.Day, action string) error {
	adcode := tx.Writer().AdCode
	args, err := contentArgs(after, from)
	if err != nil {
		return err
	}
	args["adcode"], args["id"], args["expected"] = adcode, before.ID, before.Version
	made, err := estateRows().One(tx.Query(ctx, `
UPDATE estate AS e SET name = @name, place_name_id = @place_name_id, kind = @kind, division_code = @division, boundary = @boundary, developer = @developer,
	completed_on = @completed_on, households = @households, people = @people, measured_people = @measured_people, site_area = @site_area,
	housing_floor = @housing_floor, floor_above = @floor_above, floor_below = @floor_below, phases = @phases, rooms = @rooms, conditions = @conditions, plan = @plan,
	provided = @provided, hub = @hub, note = @note, valid = daterange(nullif(@from, '')::date, NULL)
WHERE e.adcode = @adcode AND e.id = @id AND e.version = @expected
RETURNING `+columns, args))
	if errors.Is(err, estates.ErrNotFound) {
		now, err := present(ctx, tx, adcode, before.ID)
		if err != nil {
			return err
		}
		return &postgres.StaleError{Current: now.Version}
	}
	if err != nil {
		return twice(err, after)
	}
	was, is := estates.Values(estates.Differences(before, made))
	tx.Note(postgres.Note{Action: action, Kind: "estate", ID: made.ID, Division: made.DivisionCode, Before: was, After: is})
	return nil
}

// Remove takes away an estate that should never have been entered; its history stays. One
// that something follows from stays: estates.ErrInUse. It returns estates.ErrNotFound, a
// *postgres.StaleError, a *record.InvalidError and what postgres.Write does.
func (s *Store) Remove(ctx context.Context, w postgres.Writer, id string, expected int, c record.Change, today record.Day) error {
	return s.db.Write(ctx, w, why(c), func(tx *postgres.Tx) error {
		before, err := held(ctx, tx, id, expected)
		if err != nil {
			return err
		}
		if _, faults := c.CheckAfter(before.ValidFrom, today); len(faults) > 0 {
			return record.Invalid(faults)
		}
		if slices.ContainsFunc(before.Rooms, func(r estates.Room) bool { return r.LedgerID != "" }) {
			return estates.ErrInUse
		}
		tag, err := tx.Exec(ctx, `DELETE FROM estate WHERE adcode = @adcode AND id = @id AND version = @expected`,
			pgx.StrictNamedArgs{"adcode": w.AdCode, "id": id, "expected": expected})
		if postgres.Code(err) == "23503" {
			return estates.ErrInUse
		}
		if err != nil {
			return fmt.Errorf("remove an estate: %w", err)
		}
		if tag.RowsAffected() == 0 {
			return &postgres.StaleError{Current: before.Version + 1}
		}
		was, _ := estates.Values(estates.Differences(before, estates.Estate{}))
		tx.Note(postgres.Note{Action: "estate.remove", Kind: "estate", ID: id, Division: before.DivisionCode, Before: was})
		return nil
	})
}

// look gathers what an estate is held against, and fills in the division of one that is drawn
// and has none. In a district without divisions each estate belongs to the authority itself.
func look(ctx context.Context, tx *postgres.Tx, e *estates.Estate, today record.Day) (estates.Known, error) {
	adcode := tx.Writer().AdCode
	found, err := divisiondb.Stand(ctx, tx, adcode, placeOf(*e))
	if err != nil {
		return estates.Known{}, err
	}
	e.DivisionCode = found.Code
	ledger, err := ledgerRooms(ctx, tx, adcode, *e)
	return estates.Known{Standing: found.Standing, Today: today, Ledger: ledger}, err
}

// placeOf is where an estate says that it is.
func placeOf(e estates.Estate) divisiondb.Place {
	p := divisiondb.Place{Code: e.DivisionCode}
	if inside, drawn := e.Position(); drawn {
		p.At = &inside
	}
	return p
}

// ledgerRooms are the rooms of the ledger that an estate names, with the estate that has each
// already.
func ledgerRooms(ctx context.Context, q postgres.Querier, adcode string, e estates.Estate) (map[string]string, error) {
	var ids []string
	for _, r := range e.Rooms {
		if postgres.IsID(r.LedgerID) {
			ids = append(ids, r.LedgerID)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	rows, err := q.Query(ctx, `
SELECT p.id::text, coalesce((SELECT o.name FROM estate AS o WHERE o.adcode = @adcode AND o.id::text <> @estate
	AND o.rooms @> jsonb_build_array(jsonb_build_object('ledger_id', p.id::text)) ORDER BY o.id LIMIT 1), '')
FROM premises AS p WHERE p.adcode = @adcode AND p.id = ANY (@ids::uuid[])`, pgx.StrictNamedArgs{"adcode": adcode, "estate": e.ID, "ids": ids})
	if err != nil {
		return nil, fmt.Errorf("look for rooms of the ledger: %w", err)
	}
	out := map[string]string{}
	var id, other string
	if _, err := pgx.ForEachRow(rows, []any{&id, &other}, func() error {
		out[id] = other
		return nil
	}); err != nil {
		return nil, fmt.Errorf("look for rooms of the ledger: %w", err)
	}
	return out, nil
}
