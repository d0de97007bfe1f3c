package premisesdb

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"yike/facilities/premises"
	"yike/internal/postgres"
)

// misused is premises.Room.Misused in SQL; a test holds them equal.
const misused = `(p.state <> 'withdrawn' AND p.present_use NOT IN ('', 'vacant') AND p.approved_use NOT IN ('', p.present_use)
	AND NOT p.parts @> jsonb_build_array(jsonb_build_object('use', p.present_use)))`

// lacking is that premises.Room.Missing gives something, in SQL; a test holds them equal.
const lacking = `(p.state <> 'withdrawn' AND (p.owner = '' OR p.approved_use = '' OR p.area = 0
	OR (p.present_use = '' OR p.key_holder = '') AND p.state <> 'planned'
	OR CASE p.state WHEN 'planned' THEN p.planned_on WHEN 'built' THEN p.built_on WHEN 'accepted' THEN p.accepted_on
		WHEN 'handed_over' THEN p.handed_over_on ELSE '-infinity' END IS NULL))`

// items lists rooms beside what belongs to them, without an order. Its conditions take
// the parameters of args.
const items = `
SELECT ` + columns + `,
	coalesce(f.name_zh, ''), @system OR p.division_code LIKE ANY ((SELECT yike_scopes('premises.write'))::text[]),
	x.id IS NOT NULL, coalesce(x.id::text, ''), coalesce(x.version, 0), coalesce(x.found::text, ''), coalesce(x.found_on::text, ''), coalesce(x.use_found, ''),
	coalesce(x.deadline::text, ''), coalesce(x.order_no, ''), coalesce(x.progress, ''), coalesce(x.reported_on::text, ''), coalesce(x.report, '')
FROM premises AS p
LEFT JOIN premises_rectification AS x ON x.adcode = p.adcode AND x.premises_id = p.id AND x.progress <> 'closed'
LEFT JOIN facility AS f ON f.adcode = p.adcode AND f.id = p.facility_id
WHERE p.adcode = @adcode`

// filtered are the conditions of a premises.Filter.
const filtered = `
	AND (@use = '' OR p.approved_use = @use OR p.parts @> jsonb_build_array(jsonb_build_object('use', @use::text)))
	AND (@present = '' OR p.present_use = @present)
	AND (@state = '' OR p.state = @state)
	AND (@division = '' OR p.division_code LIKE @division || '%' OR p.division_code IN (
		WITH RECURSIVE below AS (
			SELECT code FROM division WHERE adcode = @adcode AND code = @division
			UNION SELECT d.code FROM division AS d JOIN below ON d.adcode = @adcode AND d.parent_code = below.code)
		SELECT code FROM below))
	AND (@text = '' OR position(lower(@text) IN lower(concat_ws(E'\n', p.ledger_no, p.name, p.estate, p.building, p.room_no, p.address, p.owner, p.key_holder))) > 0)
	AND (@facility = '' OR p.facility_id::text = @facility)
	AND (NOT @misused OR x.id IS NOT NULL OR ` + misused + `)
	AND (NOT @overdue OR x.progress = 'ordered' AND x.deadline < @today::date)
	AND (NOT @lacking OR ` + lacking + `)`

func filterArgs(f premises.Filter, w postgres.Writer) pgx.StrictNamedArgs {
	return pgx.StrictNamedArgs{
		"adcode": w.AdCode, "system": w.Account == "", "use": string(f.Use), "present": string(f.Present), "state": string(f.State), "division": f.Division,
		"text": f.Text, "facility": f.Facility, "misused": f.Misused, "overdue": f.Overdue, "today": dayOf(f.Today), "lacking": f.Lacking,
	}
}

func scanItem(row pgx.CollectableRow) (premises.Item, error) {
	var r roomRow
	var out premises.Item
	var open bool
	var x premises.Rectification
	err := row.Scan(append(r.targets(), &out.Facility, &out.MayWrite, &open, &x.ID, &x.Version, &x.Found, &x.FoundOn, &x.UseFound,
		&x.Order.Deadline, &x.Order.Number, &x.Progress, &x.ReportedOn, &x.Report)...)
	out.Room = r.read()
	if open {
		x.RoomID = out.ID
		out.Open = &x
	}
	if !out.MayWrite && out.KeyContact != "" {
		out.KeyContact = premises.Masked
	}
	return out, err
}

// List gives a page of rooms, by division, name (by pinyin, numbers as numbers) and id, and where the next one begins;
// nil on the last. Withdrawn rooms come only where their state is asked for.
func (s *Store) List(ctx context.Context, w postgres.Writer, f premises.Filter, after premises.After, limit int) ([]premises.Item, *premises.After, error) {
	var list []premises.Item
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		args := filterArgs(f, w)
		args["after_division"], args["after_name"], args["after_id"], args["limit"] = after.Division, after.Name, after.ID, limit+1
		rows, err := q.Query(ctx, items+filtered+`
	AND (@state <> '' OR p.state <> 'withdrawn')
	AND (@after_id = '' OR (p.division_code COLLATE "C", p.name COLLATE yike_pinyin, p.id) > (@after_division, @after_name, nullif(@after_id, '')::uuid))
ORDER BY p.division_code COLLATE "C", p.name COLLATE yike_pinyin, p.id LIMIT @limit`, args)
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, scanItem)
		return err
	})
	if err != nil {
		return nil, nil, fmt.Errorf("list rooms: %w", err)
	}
	if len(list) <= limit {
		return list, nil, nil
	}
	last := list[limit-1]
	return list[:limit], &premises.After{Division: last.DivisionCode, Name: last.Name, ID: last.ID}, nil
}

// All gives every room that a filter asks for, in the order of List, for sums and files.
// Withdrawn rooms come only where their state is asked for.
func (s *Store) All(ctx context.Context, w postgres.Writer, f premises.Filter) ([]premises.Item, error) {
	const most = 1_000_000 // more than there are rooms
	list, _, err := s.List(ctx, w, f, premises.After{}, most)
	return list, err
}

// ByID gives one room as the writer may see it, or premises.ErrNotFound.
func (s *Store) ByID(ctx context.Context, w postgres.Writer, id string) (premises.Item, error) {
	var out premises.Item
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		var err error
		out, err = item(ctx, q, w, id)
		return err
	})
	return out, err
}

func item(ctx context.Context, q postgres.Querier, w postgres.Writer, id string) (premises.Item, error) {
	if !postgres.IsID(id) {
		return premises.Item{}, premises.ErrNotFound
	}
	return postgres.Found[premises.Item]{What: "room", Missing: premises.ErrNotFound, Scan: scanItem}.One(q.Query(ctx, items+` AND p.id = @id`,
		pgx.StrictNamedArgs{"adcode": w.AdCode, "system": w.Account == "", "id": id}))
}

// Inspections gives what was seen of a room, the latest first, or premises.ErrNotFound.
func (s *Store) Inspections(ctx context.Context, w postgres.Writer, id string) ([]premises.Inspection, error) {
	var list []premises.Inspection
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		if _, err := present(ctx, q, w.AdCode, id); err != nil {
			return err
		}
		rows, err := q.Query(ctx, `
SELECT id::text, premises_id::text, day::text, by_whom, use_found, area_found, condition, verdict, note, recorded_at, recorded_by
FROM premises_inspection WHERE adcode = @adcode AND premises_id = @id ORDER BY day DESC, id DESC`, pgx.StrictNamedArgs{"adcode": w.AdCode, "id": id})
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, pgx.RowToStructByPos[premises.Inspection])
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list inspections: %w", err)
	}
	return list, nil
}

// Rectifications gives the misuses of a room that were to be put right, the latest
// first, or premises.ErrNotFound.
func (s *Store) Rectifications(ctx context.Context, w postgres.Writer, id string) ([]premises.Rectification, error) {
	var list []premises.Rectification
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		if _, err := present(ctx, q, w.AdCode, id); err != nil {
			return err
		}
		rows, err := q.Query(ctx, `SELECT `+rectificationColumns+` FROM premises_rectification AS x
WHERE x.adcode = @adcode AND x.premises_id = @id ORDER BY x.found_on DESC, x.id DESC`, pgx.StrictNamedArgs{"adcode": w.AdCode, "id": id})
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, scanRectification)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list rectifications: %w", err)
	}
	return list, nil
}

// history is what people are shown of a version of a room. Whom to call for the key is
// not in it: only whether somebody was named.
func history() postgres.History {
	return postgres.History{Table: "premises", Fields: []postgres.Field{
		{Name: "ledger_no", SQL: "ledger_no"},
		{Name: "name", SQL: "name"},
		{Name: "estate", SQL: "estate"},
		{Name: "building", SQL: "building"},
		{Name: "floor", SQL: "floor"},
		{Name: "room_no", SQL: "room_no"},
		{Name: "address", SQL: "address"},
		{Name: "division_code", SQL: "division_code"},
		{Name: "lon", SQL: "ST_X(geom)"},
		{Name: "lat", SQL: "ST_Y(geom)"},
		{Name: "owner", SQL: "owner"},
		{Name: "title", SQL: "title"},
		{Name: "approved_use", SQL: "approved_use"},
		{Name: "present_use", SQL: "present_use"},
		{Name: "area_m2", SQL: "trim_scale(area / 100.0)"},
		{Name: "parts", SQL: `(SELECT coalesce(jsonb_agg(e ->> 'use' || '=' || trim_scale((e ->> 'area')::numeric / 100) || CASE e ->> 'counts_for' WHEN '' THEN '' ELSE '>' || (e ->> 'counts_for') END), '[]') FROM jsonb_array_elements(parts) AS e)`},
		{Name: "land_share_m2", SQL: "trim_scale(land_share / 100.0)"},
		{Name: "state", SQL: "state"},
		{Name: "planned_on", SQL: "coalesce(planned_on::text, '')"},
		{Name: "built_on", SQL: "coalesce(built_on::text, '')"},
		{Name: "accepted_on", SQL: "coalesce(accepted_on::text, '')"},
		{Name: "handed_over_on", SQL: "coalesce(handed_over_on::text, '')"},
		{Name: "withdrawn_on", SQL: "coalesce(withdrawn_on::text, '')"},
		{Name: "key_holder", SQL: "key_holder"},
		{Name: "key_contact", SQL: "CASE key_contact WHEN '' THEN '' ELSE '" + premises.Masked + "' END"},
		{Name: "facility_id", SQL: "coalesce(facility_id::text, '')"},
		{Name: "obtained_by", SQL: "obtained_by"},
		{Name: "documents", SQL: "documents"},
		{Name: "note", SQL: "note"},
		{Name: "inspected_on", SQL: "coalesce(inspected_on::text, '')"},
	}}
}

// HistoryOf gives the versions of a room, the newest first, to those who may read the
// history where it is or was last, or premises.ErrNotFound.
func (s *Store) HistoryOf(ctx context.Context, w postgres.Writer, id string) ([]postgres.Version, error) {
	return history().Of(ctx, s.db, w, id, premises.ErrNotFound)
}
