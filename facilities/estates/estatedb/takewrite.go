package estatedb

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb/encoding/wkb"

	"yike/facilities/estates"
	"yike/facilities/estates/estatelist"
	"yike/internal/postgres"
	"yike/internal/record"
)

// write does what was decided, many estates in one statement: their history is kept by
// triggers of statements.
func (l *taking) write(ctx context.Context, from record.Day) error {
	var made, changed []*estatelist.Draft
	for _, it := range l.drafts.All {
		switch {
		case it.New():
			made = append(made, it)
		case len(estates.Differences(it.Before, it.After)) > 0:
			changed = append(changed, it)
		}
	}
	const most = 1000 // of one statement, which bounds its text
	for part := range slices.Chunk(made, most) {
		if err := l.insert(ctx, part, from); err != nil {
			return err
		}
	}
	for part := range slices.Chunk(changed, most) {
		if err := l.update(ctx, part, from); err != nil {
			return err
		}
	}
	return nil
}

// takenColumns are those of the records that a statement is given.
const takenColumns = `id uuid, version integer, name text, place_name_id text, kind text, division text, boundary text, developer text, completed_on date, households integer,
	people integer, measured_people integer, site_area bigint, housing_floor bigint, floor_above bigint, floor_below bigint, phases jsonb, rooms jsonb, conditions jsonb,
	plan jsonb, provided text[], hub jsonb, note text, "from" text`

func (l *taking) insert(ctx context.Context, part []*estatelist.Draft, from record.Day) error {
	for _, it := range part {
		id, err := newID()
		if err != nil {
			return err
		}
		it.After.ID = id
	}
	rows, err := recordsOf(part, func(*estatelist.Draft) record.Day { return from })
	if err != nil {
		return err
	}
	_, err = l.tx.Exec(ctx, `
INSERT INTO estate (adcode, id, name, place_name_id, kind, division_code, boundary, developer, completed_on, households, people, measured_people,
	site_area, housing_floor, floor_above, floor_below, phases, rooms, conditions, plan, provided, hub, note, valid)
SELECT @adcode, r.id, r.name, r.place_name_id, r.kind, r.division, ST_SetSRID(ST_GeomFromWKB(decode(r.boundary, 'hex')), 4326), r.developer, r.completed_on, r.households, r.people, r.measured_people,
	r.site_area, r.housing_floor, r.floor_above, r.floor_below, r.phases, r.rooms, r.conditions, r.plan, r.provided, r.hub, r.note, daterange(nullif(r."from", '')::date, NULL)
FROM jsonb_to_recordset(@rows::jsonb) AS r(`+takenColumns+`)`, pgx.StrictNamedArgs{"adcode": l.tx.Writer().AdCode, "rows": rows})
	return sameName(err, "enter")
}

func (l *taking) update(ctx context.Context, part []*estatelist.Draft, from record.Day) error {
	rows, err := recordsOf(part, func(it *estatelist.Draft) record.Day { return max(it.Before.ValidFrom, from) })
	if err != nil {
		return err
	}
	tag, err := l.tx.Exec(ctx, `
UPDATE estate AS e SET name = r.name, place_name_id = r.place_name_id, kind = r.kind, division_code = r.division,
	boundary = ST_SetSRID(ST_GeomFromWKB(decode(r.boundary, 'hex')), 4326), developer = r.developer,
	completed_on = r.completed_on, households = r.households, people = r.people, measured_people = r.measured_people, site_area = r.site_area,
	housing_floor = r.housing_floor, floor_above = r.floor_above, floor_below = r.floor_below, phases = r.phases, rooms = r.rooms, conditions = r.conditions, plan = r.plan,
	provided = r.provided, hub = r.hub, note = r.note, valid = daterange(nullif(r."from", '')::date, NULL)
FROM jsonb_to_recordset(@rows::jsonb) AS r(`+takenColumns+`)
WHERE e.adcode = @adcode AND e.id = r.id AND e.version = r.version`, pgx.StrictNamedArgs{"adcode": l.tx.Writer().AdCode, "rows": rows})
	if err != nil {
		return sameName(err, "change")
	}
	if int(tag.RowsAffected()) != len(part) {
		return &postgres.StaleError{Current: part[0].Before.Version + 1}
	}
	return nil
}

// sameName says that two estates of a community would have one name, where the database found
// so: estates that change names with one another have it for a moment, and what somebody
// entered meanwhile was not seen.
func sameName(err error, what string) error {
	switch {
	case err == nil:
		return nil
	case postgres.Code(err) == "23505":
		return record.Invalid([]record.Fault{{
			Field: "name", ZH: "同一村居会有两个同名小区：互换名称请分两次导入，或有人刚登记了同名小区，请重试",
			EN: "a community would have two estates of one name: exchange names in two steps, or try again where somebody has just entered one",
		}})
	}
	return fmt.Errorf("%s the estates of a file: %w", what, err)
}

// recordsOf are drafts as a statement reads them.
func recordsOf(part []*estatelist.Draft, from func(*estatelist.Draft) record.Day) ([]byte, error) {
	out := make([]map[string]any, len(part))
	for i, it := range part {
		args, err := contentArgs(it.After, from(it))
		if err != nil {
			return nil, err
		}
		row := map[string]any{"id": it.After.ID, "version": it.Before.Version}
		for name, v := range args {
			if raw, ok := v.([]byte); ok { // JSON already; nil is null
				row[name] = json.RawMessage(raw)
				continue
			}
			row[name] = v
		}
		if row["boundary"] = nil; it.After.Boundary != nil {
			raw, err := wkb.Marshal(it.After.Boundary)
			if err != nil {
				return nil, fmt.Errorf("encode the boundary of an estate: %w", err)
			}
			row["boundary"] = hex.EncodeToString(raw)
		}
		out[i] = row
	}
	raw, err := json.Marshal(out)
	if err != nil {
		return nil, fmt.Errorf("encode the estates of a file: %w", err)
	}
	return raw, nil
}
