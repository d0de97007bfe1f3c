package premisesdb

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"yike/facilities/premises"
	"yike/geo/divisions/divisiondb"
	"yike/internal/postgres"
	"yike/internal/record"
)

// mayWrite is the right that every write needs, in the division where the room is and in
// the one where it comes to be.
const mayWrite = "premises.write"

// Create enters a room into the ledger, in the division given or the one where its point
// lies. Asked again with the same key it gives the room as it was made. It returns a
// *record.InvalidError and what postgres.WriteOnce does.
func (s *Store) Create(ctx context.Context, w postgres.Writer, r premises.Room, c record.Change, today record.Day) (premises.Item, error) {
	id, err := postgres.WriteOnce(ctx, s.db, w, why(c), func(tx *postgres.Tx) (string, error) {
		if err := tx.StandOnGround(ctx); err != nil {
			return "", err
		}
		made, err := create(ctx, tx, r, c, today)
		return made.ID, err
	})
	if err != nil {
		return premises.Item{}, err
	}
	return s.ByID(ctx, w, id)
}

// create checks a room and writes it.
func create(ctx context.Context, tx *postgres.Tx, r premises.Room, c record.Change, today record.Day) (premises.Room, error) {
	if err := tx.Require(ctx, mayWrite, ""); err != nil {
		return r, err
	}
	r = premises.Clean(r)
	from, faults := c.Check(today)
	known, err := look(ctx, tx, &r, today)
	if err != nil {
		return r, err
	}
	faults = append(faults, premises.Validate(r, known)...)
	if err := record.Invalid(faults); err != nil {
		return r, err
	}
	if err := tx.Require(ctx, mayWrite, r.DivisionCode); err != nil {
		return r, err
	}
	return insert(ctx, tx, r, from)
}

// why is the reason of a write. An empty one is a fault like others, found inside.
func why(c record.Change) string { return cmp.Or(c.Reason, "?") }

func insert(ctx context.Context, tx *postgres.Tx, r premises.Room, from record.Day) (premises.Room, error) {
	made, err := insertQuietly(ctx, tx, r, from)
	if err != nil {
		return r, err
	}
	_, after := premises.Values(premises.Differences(premises.Room{}, made))
	tx.Note(postgres.Note{Action: "premises.create", Kind: "premises", ID: made.ID, Division: made.DivisionCode, After: after})
	return made, nil
}

// insertQuietly writes a room whose entering is noted with that of others.
func insertQuietly(ctx context.Context, tx *postgres.Tx, r premises.Room, from record.Day) (premises.Room, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return r, fmt.Errorf("new id: %w", err)
	}
	args, err := contentArgs(r, from)
	if err != nil {
		return r, err
	}
	args["adcode"], args["id"] = tx.Writer().AdCode, id.String()
	made, err := roomRows().One(tx.Query(ctx, `
INSERT INTO premises AS p (adcode, id, ledger_no, name, estate, building, floor, room_no, address, division_code, geom, owner, title, approved_use, present_use, parts, area,
	land_share, state, planned_on, built_on, accepted_on, handed_over_on, withdrawn_on, key_holder, key_contact, facility_id, obtained_by, documents, note, inspected_on, valid)
VALUES (@adcode, @id, @ledger_no, @name, @estate, @building, @floor, @room_no, @address, @division, @point, @owner, @title, @approved_use, @present_use, @parts, @area,
	@land_share, @state, @planned_on, @built_on, @accepted_on, @handed_over_on, @withdrawn_on, @key_holder, @key_contact, @facility, @obtained_by, @documents, @note, @inspected_on,
	daterange(nullif(@from, '')::date, NULL))
RETURNING `+columns, args))
	if err != nil {
		return r, twice(err, r)
	}
	return made, nil
}

// twice says that a room is in the ledger already, where the database found so.
func twice(err error, r premises.Room) error {
	var refused *pgconn.PgError
	if !errors.As(err, &refused) || refused.Code != "23505" {
		return err
	}
	if refused.ConstraintName == "premises_ledger_no" {
		return record.Invalid([]record.Fault{{Field: "ledger_no", Value: r.LedgerNo, ZH: "台账里已有这个编号", EN: "another room of the ledger has this number"}})
	}
	return record.Invalid([]record.Fault{{
		Field: "room_no", Value: r.RoomNo, ZH: "同一村居、小区、楼栋、楼层的这个房号已在台账中",
		EN: "this room of the same community, estate, building and floor is in the ledger already",
	}})
}

func contentArgs(r premises.Room, from record.Day) (pgx.StrictNamedArgs, error) {
	parts, err := storedParts(r.Parts)
	return pgx.StrictNamedArgs{
		"ledger_no": r.LedgerNo, "name": r.Name, "estate": r.Estate, "building": r.Building, "floor": r.Floor, "room_no": r.RoomNo, "address": r.Address,
		"division": r.DivisionCode, "point": pointOf(r), "owner": r.Owner, "title": string(r.Title), "approved_use": string(r.ApprovedUse),
		"present_use": string(r.PresentUse), "parts": parts, "area": int64(r.Area), "land_share": int64(r.LandShare), "state": string(r.State),
		"planned_on": dayOf(r.PlannedOn), "built_on": dayOf(r.BuiltOn), "accepted_on": dayOf(r.AcceptedOn), "handed_over_on": dayOf(r.HandedOverOn),
		"withdrawn_on": dayOf(r.WithdrawnOn), "key_holder": r.KeyHolder, "key_contact": r.KeyContact, "facility": idOf(r.FacilityID),
		"obtained_by": string(r.ObtainedBy), "documents": append([]string{}, r.Documents...), "note": r.Note, "inspected_on": dayOf(r.InspectedOn),
		"from": string(from),
	}, err
}

// errUnchanged rolls back a change that changes nothing.
var errUnchanged = errors.New("nothing to change")

// Update changes a room of which the writer saw the version expected, and gives it as it
// is then. A patch that changes nothing leaves no version behind. It returns premises.ErrNotFound,
// a *postgres.StaleError, a *record.InvalidError and what postgres.Write does.
func (s *Store) Update(ctx context.Context, w postgres.Writer, id string, expected int, p premises.Patch, c record.Change, today record.Day) (premises.Item, error) {
	err := s.db.Write(ctx, w, why(c), func(tx *postgres.Tx) error {
		if err := tx.StandOnGround(ctx); err != nil {
			return err
		}
		before, err := held(ctx, tx, id, expected)
		if err != nil {
			return err
		}
		after := p.Apply(before)
		if p.Moves() && p.DivisionCode == nil {
			after.DivisionCode = "" // where the point lies
		}
		from, faults := c.CheckAfter(before.ValidFrom, today)
		known, err := look(ctx, tx, &after, today)
		if err != nil {
			return err
		}
		faults = append(faults, premises.ValidateChange(before, after, known)...)
		if err := record.Invalid(faults); err != nil {
			return err
		}
		if len(premises.Differences(before, after)) == 0 {
			return errUnchanged
		}
		if err := tx.Require(ctx, mayWrite, after.DivisionCode); err != nil {
			return err
		}
		return update(ctx, tx, before, after, from, "premises.update")
	})
	if err != nil && !errors.Is(err, errUnchanged) {
		return premises.Item{}, err
	}
	return s.ByID(ctx, w, id)
}

// held reads a room that the writer may change and saw a version of.
func held(ctx context.Context, tx *postgres.Tx, id string, expected int) (premises.Room, error) {
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

// update writes unless somebody else did since before was read.
func update(ctx context.Context, tx *postgres.Tx, before, after premises.Room, from record.Day, action string) error {
	made, err := updateQuietly(ctx, tx, before, after, from)
	if err != nil {
		return err
	}
	was, is := premises.Values(premises.Differences(before, made))
	tx.Note(postgres.Note{Action: action, Kind: "premises", ID: made.ID, Division: made.DivisionCode, Before: was, After: is})
	return nil
}

// updateQuietly is update without a note of its own.
func updateQuietly(ctx context.Context, tx *postgres.Tx, before, after premises.Room, from record.Day) (premises.Room, error) {
	adcode := tx.Writer().AdCode
	args, err := contentArgs(after, from)
	if err != nil {
		return after, err
	}
	args["adcode"], args["id"], args["expected"] = adcode, before.ID, before.Version
	made, err := roomRows().One(tx.Query(ctx, `
UPDATE premises AS p SET ledger_no = @ledger_no, name = @name, estate = @estate, building = @building, floor = @floor, room_no = @room_no, address = @address, division_code = @division,
	geom = @point, owner = @owner, title = @title, approved_use = @approved_use, present_use = @present_use, parts = @parts, area = @area, land_share = @land_share,
	state = @state, planned_on = @planned_on, built_on = @built_on, accepted_on = @accepted_on, handed_over_on = @handed_over_on, withdrawn_on = @withdrawn_on,
	key_holder = @key_holder, key_contact = @key_contact, facility_id = @facility, obtained_by = @obtained_by, documents = @documents, note = @note,
	inspected_on = @inspected_on, valid = daterange(nullif(@from, '')::date, NULL)
WHERE p.adcode = @adcode AND p.id = @id AND p.version = @expected
RETURNING `+columns, args))
	if errors.Is(err, premises.ErrNotFound) {
		now, err := present(ctx, tx, adcode, before.ID)
		if err != nil {
			return after, err
		}
		return after, &postgres.StaleError{Current: now.Version}
	}
	if err != nil {
		return after, twice(err, after)
	}
	return made, nil
}

// Remove takes a room that should never have been entered out of the ledger; its history
// stays. A room that somebody inspected is withdrawn instead. It returns premises.ErrNotFound,
// premises.ErrInspected, a *postgres.StaleError, a *record.InvalidError and what postgres.Write
// does.
func (s *Store) Remove(ctx context.Context, w postgres.Writer, id string, expected int, c record.Change, today record.Day) error {
	return s.db.Write(ctx, w, why(c), func(tx *postgres.Tx) error {
		before, err := held(ctx, tx, id, expected)
		if err != nil {
			return err
		}
		if _, faults := c.CheckAfter(before.ValidFrom, today); len(faults) > 0 {
			return record.Invalid(faults)
		}
		tag, err := tx.Exec(ctx, `DELETE FROM premises WHERE adcode = @adcode AND id = @id AND version = @expected`,
			pgx.StrictNamedArgs{"adcode": w.AdCode, "id": id, "expected": expected})
		if postgres.Code(err) == "23503" {
			return premises.ErrInspected
		}
		if err != nil {
			return fmt.Errorf("remove a room: %w", err)
		}
		if tag.RowsAffected() == 0 {
			return &postgres.StaleError{Current: before.Version + 1}
		}
		was, _ := premises.Values(premises.Differences(before, premises.Room{}))
		tx.Note(postgres.Note{Action: "premises.remove", Kind: "premises", ID: id, Division: before.DivisionCode, Before: was})
		return nil
	})
}

// look gathers what a room is held against, and fills in the division of one that is
// placed and has none. In a district without divisions each room belongs to the authority
// itself.
func look(ctx context.Context, tx *postgres.Tx, r *premises.Room, today record.Day) (premises.Known, error) {
	adcode := tx.Writer().AdCode
	found, err := divisiondb.Stand(ctx, tx, adcode, placeOf(*r))
	if err != nil {
		return premises.Known{}, err
	}
	r.DivisionCode = found.Code
	facility, err := facilityThere(ctx, tx, adcode, r.FacilityID)
	return premises.Known{Standing: found.Standing, Facility: facility, Today: today}, err
}

// placeOf is where a room says that it is.
func placeOf(r premises.Room) divisiondb.Place {
	p := divisiondb.Place{Code: r.DivisionCode}
	if r.Placed {
		p.At = &r.Point
	}
	return p
}

func facilityThere(ctx context.Context, q postgres.Querier, adcode, id string) (bool, error) {
	if !postgres.IsID(id) {
		return false, nil
	}
	var there bool
	err := q.QueryRow(ctx, `SELECT EXISTS (SELECT FROM facility WHERE adcode = @adcode AND id = @id)`, pgx.StrictNamedArgs{"adcode": adcode, "id": id}).Scan(&there)
	if err != nil {
		return false, fmt.Errorf("look for the facility: %w", err)
	}
	return there, nil
}
