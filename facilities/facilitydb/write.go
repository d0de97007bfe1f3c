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
// where it comes to be, and the one to publish.
const (
	mayWrite   = "facility.write"
	mayPublish = "facility.publish"
)

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
		return s.createIn(ctx, tx, f, c, today)
	})
}

// createIn is Create inside a write.
func (s *Store) createIn(ctx context.Context, tx *postgres.Tx, f facilities.Facility, c record.Change, today record.Day) (facilities.Facility, error) {
	adcode := tx.Writer().AdCode
	f = facilities.Clean(f)
	known, err := s.known(ctx, tx, adcode, f.Serves)
	if err != nil {
		return f, err
	}
	f = facilities.Settle(facilities.Facility{}, f, known.Types)
	asked := f.Stage
	f.Stage = cmp.Or(asked, facilities.Submitted)
	from, faults := c.Check(today)
	if f, faults, err = s.holdNew(ctx, tx, f, known, faults); err != nil {
		return f, err
	}
	if err := record.Invalid(faults); err != nil {
		return f, err
	}
	if err := tx.Require(ctx, mayWrite, f.DivisionCode); err != nil {
		return f, err
	}
	if f.Stage, err = stageFor(ctx, tx, asked, f, known.Types); err != nil {
		return f, err
	}
	return insert(ctx, tx, f, from)
}

// holdNew finds where a new facility lies, and adds its faults to those found already.
func (s *Store) holdNew(ctx context.Context, tx *postgres.Tx, f facilities.Facility, known facilities.Known, faults []record.Fault) (facilities.Facility, []record.Fault, error) {
	faults = append(faults, facilities.Validate(f, known)...)
	if f.Stage == facilities.Published {
		faults = append(faults, facilities.PublishFaults(f, known.Types)...)
	}
	others, err := taken(ctx, tx, tx.Writer().AdCode, f)
	if err != nil {
		return f, faults, err
	}
	faults = append(faults, others...)
	f.DivisionCode, faults, err = locate(ctx, tx, tx.Writer().AdCode, f, faults)
	return f, faults, err
}

// stageFor is the stage that a new record begins in: the one asked for, and where none
// is, as far as what it says and whoever registers it may take it.
func stageFor(ctx context.Context, tx *postgres.Tx, asked facilities.Stage, f facilities.Facility, types []facilities.TypeInfo) (facilities.Stage, error) {
	if asked != "" && asked != facilities.Published {
		return asked, nil
	}
	if asked == "" && len(facilities.PublishFaults(f, types)) > 0 {
		return facilities.Submitted, nil
	}
	err := tx.Require(ctx, mayPublish, f.DivisionCode)
	var refused *postgres.ForbiddenError
	switch {
	case err == nil:
		return facilities.Published, nil
	case asked == "" && errors.As(err, &refused):
		return facilities.Submitted, nil
	}
	return "", err
}

// why is the reason of a write. An empty one is a fault like others, found inside.
func why(c record.Change) string { return cmp.Or(c.Reason, "?") }

func insert(ctx context.Context, tx *postgres.Tx, f facilities.Facility, from record.Day) (facilities.Facility, error) {
	ids, err := newIDs(1)
	if err != nil {
		return f, err
	}
	return insertAs(ctx, tx, ids[0], f, from, "facility.create")
}

func newIDs(n int) ([]string, error) {
	ids := make([]string, n)
	for i := range ids {
		id, err := uuid.NewV7()
		if err != nil {
			return nil, fmt.Errorf("new id: %w", err)
		}
		ids[i] = id.String()
	}
	return ids, nil
}

// insertAs registers a facility under an id, and notes it as deed.
func insertAs(ctx context.Context, tx *postgres.Tx, id string, f facilities.Facility, from record.Day, deed string) (facilities.Facility, error) {
	args := contentArgs(f, from)
	args["adcode"], args["id"], args["source"] = tx.Writer().AdCode, id, facilities.OwnSource+id
	made, err := rows().One(tx.Query(ctx, `
INSERT INTO facility (adcode, id, source_id, type, name_zh, name_en, status, stage, address, capacity, serves, division_code, geom,
	placed_by, place_confidence, uscc, institution_code, bureau_no, fields, verified_on, replaced_by, edited, valid)
VALUES (@adcode, @id, @source, @type, @name_zh, @name_en, @status, @stage, @address, @capacity, @serves, @division, @point,
	@placed_by, @place_confidence, @uscc, @institution_code, @bureau_no, @fields, @verified_on, @replaced_by, true,
	daterange(nullif(@from, '')::date, NULL))
RETURNING `+columns, args))
	if err != nil {
		return f, codeTaken(err, f)
	}
	_, after := facilities.Values(facilities.Differences(facilities.Facility{}, made))
	tx.Note(postgres.Note{Action: deed, Kind: "facility", ID: made.ID, Division: made.DivisionCode, After: after})
	return made, nil
}

func contentArgs(f facilities.Facility, from record.Day) pgx.StrictNamedArgs {
	return pgx.StrictNamedArgs{
		"type": string(f.Type), "name_zh": f.NameZH, "name_en": f.NameEN, "status": string(f.Status), "address": f.Address,
		"capacity": f.Capacity, "serves": f.Serves, "division": f.DivisionCode, "point": pointOf(f), "from": string(from),
		"stage": string(f.Stage), "placed_by": string(f.PlacedBy), "place_confidence": f.PlaceConfidence,
		"uscc": f.USCC, "institution_code": f.InstitutionCode, "bureau_no": f.BureauNo, "fields": facilities.TidyFields(f.Fields),
		"verified_on": dayOf(f.VerifiedOn), "replaced_by": append([]string{}, f.ReplacedBy...),
	}
}

// update writes unless somebody else did since before was read, and notes it as deed, or
// as what it is where that is "".
func update(ctx context.Context, tx *postgres.Tx, before, after facilities.Facility, from record.Day, deed string) (facilities.Facility, error) {
	adcode := tx.Writer().AdCode
	args := contentArgs(after, from)
	args["adcode"], args["id"], args["expected"] = adcode, before.ID, before.Version
	made, err := rows().One(tx.Query(ctx, `
UPDATE facility SET type = @type, name_zh = @name_zh, name_en = @name_en, status = @status, stage = @stage, address = @address, capacity = @capacity,
	serves = @serves, division_code = @division, geom = @point, placed_by = @placed_by, place_confidence = @place_confidence,
	uscc = @uscc, institution_code = @institution_code, bureau_no = @bureau_no, fields = @fields, verified_on = @verified_on,
	replaced_by = @replaced_by, edited = true, valid = daterange(nullif(@from, '')::date, NULL)
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
		return made, codeTaken(err, after)
	}
	was, is := facilities.Values(facilities.Differences(before, made))
	tx.Note(postgres.Note{Action: cmp.Or(deed, facilities.Deed(before, made)), Kind: "facility", ID: made.ID, Division: made.DivisionCode, Before: was, After: is})
	return made, nil
}

// known gathers what a facility that names these communities is held against.
func (s *Store) known(ctx context.Context, q postgres.Querier, adcode string, serves []string) (facilities.Known, error) {
	types, err := s.types.Types(ctx, q, adcode)
	if err != nil {
		return facilities.Known{}, err
	}
	out := facilities.Known{Types: types.Types}
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

// locate finds the finest division that holds a facility's point and adds a fault when
// none does; a facility that is not placed says itself where it belongs. In a district
// without divisions each facility belongs to the authority itself. A point that is at
// fault already is not looked for.
func locate(ctx context.Context, q postgres.Querier, adcode string, f facilities.Facility, faults []record.Fault) (string, []record.Fault, error) {
	if slices.ContainsFunc(faults, func(f record.Fault) bool { return f.Field == "lon" || f.Field == "lat" }) {
		return "", faults, nil
	}
	if f.Unplaced {
		return belongs(ctx, q, adcode, f.DivisionCode, faults)
	}
	var code string
	var divided bool
	err := q.QueryRow(ctx, `SELECT coalesce(`+finest+`, ''), EXISTS (SELECT FROM division WHERE adcode = @adcode) FROM (SELECT @point::geometry AS place) AS p`,
		pgx.StrictNamedArgs{"adcode": adcode, "point": f.Point}).Scan(&code, &divided)
	if err != nil {
		return "", faults, fmt.Errorf("find the division of a place: %w", err)
	}
	switch {
	case code == "" && divided:
		faults = append(faults, facilities.Outside(f.Point)...)
	case code == "":
		code = adcode
	}
	return code, faults, nil
}

// belongs holds the division that a facility without a position names against those there
// are; "" is the authority itself.
func belongs(ctx context.Context, q postgres.Querier, adcode, code string, faults []record.Fault) (string, []record.Fault, error) {
	if code == "" || code == adcode {
		return adcode, faults, nil
	}
	var known bool
	err := q.QueryRow(ctx, `SELECT EXISTS (SELECT FROM division WHERE adcode = @adcode AND code = @code)`,
		pgx.StrictNamedArgs{"adcode": adcode, "code": code}).Scan(&known)
	if err != nil {
		return "", faults, fmt.Errorf("look for a division: %w", err)
	}
	if !known {
		faults = append(faults, record.Fault{Field: "division_code", Value: code, ZH: "没有这个编码的辖区", EN: "there is no division of this code"})
	}
	return code, faults, nil
}
