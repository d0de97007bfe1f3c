package facilitydb

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"yike/facilities"
	"yike/internal/postgres"
	"yike/internal/record"
)

// The right that every write needs, in the division where the facility is and in the one
// where it comes to be.
const mayWrite = "facility.write"

// Create registers a facility: of f its content, in the division where its point lies.
// Asked again with the same key it gives the facility as it was made. It returns a
// *record.InvalidError and what postgres.WriteOnce does.
func (s *Store) Create(ctx context.Context, w postgres.Writer, f facilities.Facility, c record.Change, today record.Day) (facilities.Facility, error) {
	return postgres.WriteOnce(ctx, s.db, w, why(c), func(tx *postgres.Tx) (facilities.Facility, error) {
		if err := tx.Require(ctx, mayWrite, ""); err != nil {
			return facilities.Facility{}, err
		}
		if err := tx.StandOnGround(ctx); err != nil {
			return facilities.Facility{}, err
		}
		f := facilities.Clean(f)
		from, faults := c.Check(today)
		known, err := s.known(ctx, tx, w.AdCode, f.Serves)
		if err != nil {
			return facilities.Facility{}, err
		}
		faults = append(faults, facilities.Validate(f, known)...)
		if f.DivisionCode, faults, err = locate(ctx, tx, w.AdCode, f.Point, faults); err != nil {
			return facilities.Facility{}, err
		}
		if err := record.Invalid(faults); err != nil {
			return facilities.Facility{}, err
		}
		if err := tx.Require(ctx, mayWrite, f.DivisionCode); err != nil {
			return facilities.Facility{}, err
		}
		return insert(ctx, tx, f, from)
	})
}

// why is the reason of a write. An empty one is a fault like others, found inside.
func why(c record.Change) string { return cmp.Or(c.Reason, "?") }

func insert(ctx context.Context, tx *postgres.Tx, f facilities.Facility, from record.Day) (facilities.Facility, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return f, fmt.Errorf("new id: %w", err)
	}
	args := contentArgs(f, from)
	args["adcode"], args["id"], args["source"] = tx.Writer().AdCode, id.String(), facilities.OwnSource+id.String()
	made, err := one(tx.Query(ctx, `
INSERT INTO facility (adcode, id, source_id, type, name_zh, name_en, status, address, capacity, serves, division_code, geom, edited, valid)
VALUES (@adcode, @id, @source, @type, @name_zh, @name_en, @status, @address, @capacity, @serves, @division, @point, true,
	daterange(nullif(@from, '')::date, NULL))
RETURNING `+columns, args))
	if err != nil {
		return f, err
	}
	_, after := facilities.Values(facilities.Differences(facilities.Facility{}, made))
	tx.Note(postgres.Note{Action: "facility.create", Kind: "facility", ID: made.ID, Division: made.DivisionCode, After: after})
	return made, nil
}

func contentArgs(f facilities.Facility, from record.Day) pgx.StrictNamedArgs {
	return pgx.StrictNamedArgs{
		"type": string(f.Type), "name_zh": f.NameZH, "name_en": f.NameEN, "status": string(f.Status), "address": f.Address,
		"capacity": f.Capacity, "serves": f.Serves, "division": f.DivisionCode, "point": f.Point, "from": string(from),
	}
}

// errUnchanged rolls back a change that changes nothing.
var errUnchanged = errors.New("nothing to change")

// Update changes a facility of which the writer saw the version expected, and gives it
// as it is then. A patch that changes nothing leaves no version behind. It returns
// ErrNotFound, a *postgres.StaleError, a *record.InvalidError and what postgres.Write
// does.
func (s *Store) Update(ctx context.Context, w postgres.Writer, id string, expected int, p facilities.Patch, c record.Change, today record.Day) (facilities.Facility, error) {
	var out facilities.Facility
	err := s.db.Write(ctx, w, why(c), func(tx *postgres.Tx) error {
		if err := tx.StandOnGround(ctx); err != nil {
			return err
		}
		before, err := present(ctx, tx, w.AdCode, id)
		if err != nil {
			return err
		}
		if err := tx.Require(ctx, mayWrite, before.DivisionCode); err != nil {
			return err
		}
		if before.Version != expected {
			return &postgres.StaleError{Current: before.Version}
		}
		after, from, err := s.change(ctx, tx, before, p, c, today)
		if err != nil {
			return err
		}
		if len(facilities.Differences(before, after)) == 0 {
			out = before
			return errUnchanged
		}
		if err := tx.Require(ctx, mayWrite, after.DivisionCode); err != nil {
			return err
		}
		out, err = update(ctx, tx, before, after, from)
		return err
	})
	if errors.Is(err, errUnchanged) {
		err = nil
	}
	return out, err
}

// change works out what a patch makes of a facility, and holds it to the rules.
func (s *Store) change(ctx context.Context, tx *postgres.Tx, before facilities.Facility, p facilities.Patch, c record.Change, today record.Day) (facilities.Facility, record.Day, error) {
	after := p.Apply(before)
	from, faults := c.CheckAfter(before.ValidFrom, today)
	known, err := s.known(ctx, tx, tx.Writer().AdCode, after.Serves)
	if err != nil {
		return after, from, err
	}
	faults = append(faults, facilities.ValidateChange(before, after, known)...)
	if after.Point != before.Point {
		if after.DivisionCode, faults, err = locate(ctx, tx, tx.Writer().AdCode, after.Point, faults); err != nil {
			return after, from, err
		}
	}
	return after, from, record.Invalid(faults)
}

// update writes unless somebody else did since before was read.
func update(ctx context.Context, tx *postgres.Tx, before, after facilities.Facility, from record.Day) (facilities.Facility, error) {
	adcode := tx.Writer().AdCode
	args := contentArgs(after, from)
	args["adcode"], args["id"], args["expected"] = adcode, before.ID, before.Version
	made, err := one(tx.Query(ctx, `
UPDATE facility SET type = @type, name_zh = @name_zh, name_en = @name_en, status = @status, address = @address, capacity = @capacity,
	serves = @serves, division_code = @division, geom = @point, edited = true, valid = daterange(nullif(@from, '')::date, NULL)
WHERE adcode = @adcode AND id = @id AND version = @expected
RETURNING `+columns, args))
	if errors.Is(err, ErrNotFound) {
		now, err := present(ctx, tx, adcode, before.ID)
		if err != nil {
			return now, err
		}
		return now, &postgres.StaleError{Current: now.Version}
	}
	if err != nil {
		return made, err
	}
	was, is := facilities.Values(facilities.Differences(before, made))
	tx.Note(postgres.Note{Action: "facility.update", Kind: "facility", ID: made.ID, Division: made.DivisionCode, Before: was, After: is})
	return made, nil
}

// known gathers what a facility that names these communities is held against.
func (s *Store) known(ctx context.Context, q postgres.Querier, adcode string, serves []string) (facilities.Known, error) {
	types, err := facilities.Catalogue()
	if err != nil {
		return facilities.Known{}, err
	}
	out := facilities.Known{Types: types}
	var box [4]*float64
	err = q.QueryRow(ctx, `
SELECT coalesce(array_agg(code) FILTER (WHERE level = 'community' AND code = ANY (@serves)), '{}'),
	ST_XMin(ST_Extent(geom)), ST_YMin(ST_Extent(geom)), ST_XMax(ST_Extent(geom)), ST_YMax(ST_Extent(geom))
FROM division WHERE adcode = @adcode`, pgx.StrictNamedArgs{"adcode": adcode, "serves": serves}).
		Scan(&out.Communities, &box[0], &box[1], &box[2], &box[3])
	if err != nil {
		return out, fmt.Errorf("read the divisions: %w", err)
	}
	if !slices.Contains(box[:], nil) {
		out.Bounds = orb.Bound{Min: orb.Point{*box[0], *box[1]}, Max: orb.Point{*box[2], *box[3]}}
	}
	return out, nil
}

// locate finds the finest division that holds a point and adds a fault when none does.
// In a district without divisions each facility belongs to the authority itself. A point
// that is at fault already is not looked for.
func locate(ctx context.Context, q postgres.Querier, adcode string, p orb.Point, faults []record.Fault) (string, []record.Fault, error) {
	if slices.ContainsFunc(faults, func(f record.Fault) bool { return f.Field == "lon" || f.Field == "lat" }) {
		return "", faults, nil
	}
	var code string
	var divided bool
	err := q.QueryRow(ctx, `SELECT coalesce(`+finest+`, ''), EXISTS (SELECT FROM division WHERE adcode = @adcode) FROM (SELECT @point::geometry AS place) AS p`,
		pgx.StrictNamedArgs{"adcode": adcode, "point": p}).Scan(&code, &divided)
	if err != nil {
		return "", faults, fmt.Errorf("find the division of a place: %w", err)
	}
	switch {
	case code == "" && divided:
		faults = append(faults, facilities.Outside(p)...)
	case code == "":
		code = adcode
	}
	return code, faults, nil
}
