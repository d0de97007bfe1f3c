package estatedb

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"yike/facilities/estates"
	"yike/geo/divisions/divisiondb"
	"yike/internal/postgres"
	"yike/internal/record"
)

// items lists estates as the reader may see them, without an order.
const items = `
SELECT ` + columns + `, @system OR e.division_code LIKE ANY ((SELECT yike_scopes('estate.write'))::text[])
FROM estate AS e WHERE e.adcode = @adcode`

func itemRows() postgres.Found[estates.Item] {
	return postgres.Found[estates.Item]{What: "estate", Missing: estates.ErrNotFound, Scan: func(row pgx.CollectableRow) (estates.Item, error) {
		var r estateRow
		var out estates.Item
		err := row.Scan(append(r.targets(), &out.MayWrite)...)
		out.Estate = r.read()
		return out, err
	}}
}

func readerArgs(w postgres.Writer) pgx.StrictNamedArgs {
	return pgx.StrictNamedArgs{"adcode": w.AdCode, "system": w.Account == ""}
}

// ByID gives one estate as the writer may see it, or estates.ErrNotFound.
func (s *Store) ByID(ctx context.Context, w postgres.Writer, id string) (estates.Item, error) {
	if !postgres.IsID(id) {
		return estates.Item{}, estates.ErrNotFound
	}
	var out estates.Item
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		args := readerArgs(w)
		args["id"] = id
		var err error
		out, err = itemRows().One(q.Query(ctx, items+` AND e.id = @id`, args))
		return err
	})
	return out, err
}

// All gives every estate by division, name (by pinyin, numbers as numbers) and id.
func (s *Store) All(ctx context.Context, w postgres.Writer) ([]estates.Item, error) {
	var out []estates.Item
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		var err error
		out, err = itemRows().All(q.Query(ctx, items+` ORDER BY e.division_code COLLATE "C", e.name COLLATE yike_pinyin, e.id`, readerArgs(w)))
		return err
	})
	return out, err
}

// Mark is a word that changes whenever an estate does, or how far one is: what the list is made
// from beside its surroundings.
func (s *Store) Mark(ctx context.Context, w postgres.Writer) (string, error) {
	var mark string
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		return q.QueryRow(ctx, `
SELECT concat_ws('/', count(*), coalesce(sum(hashtextextended(id::text, version)), 0), (SELECT count(*) FROM estate_step AS s WHERE s.adcode = @adcode),
	(SELECT coalesce(max(version), 0) FROM estate_duty AS d WHERE d.adcode = @adcode)) FROM estate WHERE adcode = @adcode`,
			pgx.StrictNamedArgs{"adcode": w.AdCode}).Scan(&mark)
	})
	if err != nil {
		return "", fmt.Errorf("look whether estates changed: %w", err)
	}
	return mark, nil
}

// DivisionAt gives the code of the finest division that holds a point; "" where none does.
func (s *Store) DivisionAt(ctx context.Context, w postgres.Writer, at orb.Point) (string, error) {
	var found divisiondb.Found
	err := s.db.Read(ctx, w, func(q postgres.Querier) (err error) {
		found, err = divisiondb.Stand(ctx, q, w.AdCode, divisiondb.Place{At: &at})
		return err
	})
	return found.Code, err
}

// stored are the columns of the table that columns reads.
const stored = `adcode, id, version, name, place_name_id, kind, division_code, boundary, developer, completed_on, households, people, measured_people,
	site_area, housing_floor, floor_above, floor_below, phases, rooms, conditions, plan, provided, hub, note, valid`

// Version names a version of an estate.
type Version struct {
	ID      string
	Version int
}

// Versions gives the present version of every estate, in the order of All.
func (s *Store) Versions(ctx context.Context, w postgres.Writer) ([]Version, error) {
	var out []Version
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		rows, err := q.Query(ctx, `
SELECT id::text, version FROM estate WHERE adcode = @adcode ORDER BY division_code COLLATE "C", name COLLATE yike_pinyin, id`,
			pgx.StrictNamedArgs{"adcode": w.AdCode})
		if err != nil {
			return err
		}
		out, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Version])
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list the versions of estates: %w", err)
	}
	return out, nil
}

// Some gives the estates of some ids, in no order; one that is not there is left out.
func (s *Store) Some(ctx context.Context, w postgres.Writer, ids []string) ([]estates.Item, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var out []estates.Item
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		args := readerArgs(w)
		args["ids"] = ids
		var err error
		out, err = itemRows().All(q.Query(ctx, items+` AND e.id = ANY (@ids::uuid[])`, args))
		return err
	})
	return out, err
}

// AsOf gives every estate as it stood on a day by what was known at a moment, in the order of
// All. Without the right to read history there are only present versions that hold on the day.
func (s *Store) AsOf(ctx context.Context, w postgres.Writer, at record.At) ([]estates.Item, error) {
	var out []estates.Item
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		var err error
		out, err = itemRows().All(q.Query(ctx, `
SELECT `+columns+`, @system OR e.division_code LIKE ANY ((SELECT yike_scopes('estate.write'))::text[])
FROM `+history().AsOf(stored)+` AS e WHERE e.adcode = @adcode ORDER BY e.division_code COLLATE "C", e.name COLLATE yike_pinyin, e.id`,
			postgres.AsOfArgs(at, readerArgs(w))))
		return err
	})
	return out, err
}

// history is what people are shown of a version of an estate.
func history() postgres.History {
	area := func(column string) postgres.Field {
		return postgres.Field{Name: column, SQL: column + "::numeric / 100"}
	}
	return postgres.History{Table: "estate", Fields: []postgres.Field{
		{Name: "name", SQL: "name"},
		{Name: "place_name_id", SQL: "place_name_id"},
		{Name: "kind", SQL: "kind"},
		{Name: "division_code", SQL: "division_code"},
		{Name: "boundary", SQL: "ST_AsGeoJSON(boundary, 7)::jsonb"},
		{Name: "developer", SQL: "developer"},
		{Name: "completed_on", SQL: "coalesce(completed_on::text, '')"},
		{Name: "households", SQL: "households"},
		{Name: "people", SQL: "people"},
		{Name: "measured_people", SQL: "measured_people"},
		area("site_area"), area("housing_floor"), area("floor_above"), area("floor_below"),
		{Name: "phases", SQL: "phases"},
		{Name: "rooms", SQL: "rooms"},
		{Name: "conditions", SQL: "conditions"},
		{Name: "plan", SQL: "plan"},
		{Name: "provided", SQL: "to_jsonb(provided)"},
		{Name: "hub", SQL: "hub"},
		{Name: "note", SQL: "note"},
	}}
}

// HistoryOf gives the versions of an estate, the newest first, to those who may read the
// history where it is or was last, or estates.ErrNotFound. Areas are square metres.
func (s *Store) HistoryOf(ctx context.Context, w postgres.Writer, id string) ([]postgres.Version, error) {
	list, err := history().Of(ctx, s.db, w, id, estates.ErrNotFound)
	if err != nil {
		return nil, err
	}
	for i := range list {
		for k := range list[i].Changes {
			if err := inMetres(&list[i].Changes[k]); err != nil {
				return nil, fmt.Errorf("history of estate %s: %w", id, err)
			}
		}
	}
	return list, nil
}

// inMetres gives the areas of rooms and hubs in square metres, as people read them.
func inMetres(c *postgres.FieldChange) error {
	if c.Name != "rooms" && c.Name != "hub" {
		return nil
	}
	for _, raw := range []*json.RawMessage{&c.Before, &c.After} {
		if len(*raw) == 0 {
			continue
		}
		var v any
		if err := json.Unmarshal(*raw, &v); err != nil {
			return fmt.Errorf("read the %s of a version: %w", c.Name, err)
		}
		out, err := json.Marshal(metres(v))
		if err != nil {
			return fmt.Errorf("write the %s of a version: %w", c.Name, err)
		}
		*raw = out
	}
	return nil
}

// metres divides what a stored value has as areas.
func metres(v any) any {
	switch x := v.(type) {
	case []any:
		for i := range x {
			x[i] = metres(x[i])
		}
	case map[string]any:
		for key, each := range x {
			area, isNumber := each.(float64)
			if isNumber && (key == "area" || key == "land_share") {
				x[key] = area / 100
				continue
			}
			x[key] = metres(each)
		}
	}
	return v
}
