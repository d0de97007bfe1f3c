package placenamedb

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"yike/internal/postgres"
	"yike/internal/record"
	"yike/placenames"
)

// writable is whether the reader keeps the record n.
const writable = `@system::boolean OR n.division_code LIKE ANY ((SELECT yike_scopes('placename.write'))::text[])`

func itemRows() postgres.Found[placenames.Item] {
	return postgres.Found[placenames.Item]{What: "place name", Missing: placenames.ErrNotFound, Scan: func(row pgx.CollectableRow) (placenames.Item, error) {
		var r nameRow
		err := row.Scan(append(r.targets(), &r.item.MayWrite)...)
		return r.read(), err
	}}
}

func readerArgs(w postgres.Writer) pgx.StrictNamedArgs {
	return pgx.StrictNamedArgs{"adcode": w.AdCode, "system": w.Account == ""}
}

// ByID gives one record as the writer may see it, or placenames.ErrNotFound.
func (s *Store) ByID(ctx context.Context, w postgres.Writer, id string) (placenames.Item, error) {
	return s.one(ctx, w, id, `place_name`, readerArgs(w))
}

// AsOf gives one record as it stood on a day by what was known at a moment, or
// placenames.ErrNotFound. Without the right to read history it is the present version, if that
// holds on the day.
func (s *Store) AsOf(ctx context.Context, w postgres.Writer, id string, at record.At) (placenames.Item, error) {
	// Both halves name the record, so that each finds it by its index.
	const holds = ` WHERE adcode = @adcode AND id = @id AND valid @> @as_of_day::date AND recorded @> @as_of_moment::timestamptz`
	const from = `(SELECT ` + stored + ` FROM place_name` + holds + ` UNION ALL SELECT ` + stored + ` FROM place_name_history` + holds + `)`
	return s.one(ctx, w, id, from, postgres.AsOfArgs(at, readerArgs(w)))
}

func (s *Store) one(ctx context.Context, w postgres.Writer, id, from string, args pgx.StrictNamedArgs) (placenames.Item, error) {
	if !postgres.IsID(id) {
		return placenames.Item{}, placenames.ErrNotFound
	}
	var out placenames.Item
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		args["id"] = id
		var err error
		out, err = itemRows().One(q.Query(ctx, `SELECT `+columns+`, `+writable+` FROM `+from+` AS n WHERE n.adcode = @adcode AND n.id = @id`, args))
		return err
	})
	return out, err
}

// IsThere reports whether the register has a record with an id, as the writer may see it: for
// records of others that name one.
func IsThere(ctx context.Context, db *postgres.DB, w postgres.Writer, id string) (bool, error) {
	if !postgres.IsID(id) {
		return false, nil
	}
	var there bool
	err := db.Read(ctx, w, func(q postgres.Querier) error {
		return q.QueryRow(ctx, `SELECT EXISTS (SELECT FROM place_name WHERE adcode = @adcode AND id = @id)`,
			pgx.StrictNamedArgs{"adcode": w.AdCode, "id": id}).Scan(&there)
	})
	if err != nil {
		return false, fmt.Errorf("look for a place name: %w", err)
	}
	return there, nil
}

// Each calls yield with every record in no order, until it gives an error, which it returns.
// Records that only prepare a proposal are among them.
func (s *Store) Each(ctx context.Context, w postgres.Writer, yield func(placenames.Item) error) error {
	return s.db.Read(ctx, w, func(q postgres.Querier) error {
		return each(ctx, q, `SELECT `+columns+`, `+writable+` FROM place_name AS n WHERE n.adcode = @adcode`, readerArgs(w), yield)
	})
}

// Some gives the records of some ids, in no order; one that is not there is left out.
func (s *Store) Some(ctx context.Context, w postgres.Writer, ids []string) ([]placenames.Item, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var out []placenames.Item
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		args := readerArgs(w)
		args["ids"] = ids
		var err error
		out, err = itemRows().All(q.Query(ctx, `SELECT `+columns+`, `+writable+` FROM place_name AS n WHERE n.adcode = @adcode AND n.id = ANY (@ids::uuid[])`, args))
		return err
	})
	return out, err
}

func each(ctx context.Context, q postgres.Querier, sql string, args pgx.StrictNamedArgs, yield func(placenames.Item) error) error {
	rows, err := q.Query(ctx, sql, args)
	if err != nil {
		return fmt.Errorf("read the register: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var r nameRow
		if err := rows.Scan(append(r.targets(), &r.item.MayWrite)...); err != nil {
			return fmt.Errorf("read the register: %w", err)
		}
		if err := yield(r.read()); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read the register: %w", err)
	}
	return nil
}

// history is what people are shown of a version of a record.
func history() postgres.History {
	plain := func(column string) postgres.Field { return postgres.Field{Name: column, SQL: column} }
	id := func(column string) postgres.Field {
		return postgres.Field{Name: column, SQL: "coalesce(" + column + "::text, '')"}
	}
	return postgres.History{Table: "place_name", Fields: []postgres.Field{
		plain("text"), plain("specific"), plain("modifier"), plain("generic"), plain("parts_confirmed"), plain("roman"),
		{Name: "readings", SQL: "to_jsonb(readings)"},
		plain("kind"), plain("state"),
		{Name: "divisions", SQL: "to_jsonb(divisions)"},
		plain("built_up_area"), plain("famous"), plain("important"),
		{Name: "geometry", SQL: "ST_AsGeoJSON(geom, 7)::jsonb"},
		plain("extent"), plain("size"), plain("origin"), plain("meaning"), plain("aliases"), plain("former"),
		{Name: "decision", SQL: `jsonb_build_object('kind', decision_kind, 'number', decision_number, 'day', coalesce(decision_day::text, ''),
	'body', decision_body, 'title', decision_title)`},
		plain("heritage"), id("planned"), id("parent_id"), id("host_id"), id("successor_id"),
		{Name: "reuses", SQL: `CASE WHEN reuses_id IS NOT NULL THEN jsonb_build_object('id', reuses_id, 'reason', reuses_reason) END`},
		plain("note"),
	}}
}

// HistoryOf gives the versions of a record, the newest first, to those who may read the history
// where its authority is or was last, or placenames.ErrNotFound.
func (s *Store) HistoryOf(ctx context.Context, w postgres.Writer, id string) ([]postgres.Version, error) {
	return history().Of(ctx, s.db, w, id, placenames.ErrNotFound)
}

// Mark is the number of the last write that touched the register or the name plan, 0 before the
// first: it grows with each, in the order in which they were committed. One look-up in an index.
func (s *Store) Mark(ctx context.Context, w postgres.Writer) (int64, error) {
	var mark int64
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		return q.QueryRow(ctx, `SELECT coalesce(max(no), 0) FROM place_name_change WHERE adcode = @adcode`, pgx.StrictNamedArgs{"adcode": w.AdCode}).Scan(&mark)
	})
	if err != nil {
		return 0, fmt.Errorf("look whether place names changed: %w", err)
	}
	return mark, nil
}

// Delta is what became of the register since a mark.
type Delta struct {
	Mark    int64             // of which this is the register
	Changed []placenames.Item // as they are now, in no order
	Gone    []string          // ids of records that were removed
}

// Since gives the records that were written or removed after a mark, all of one moment; for 0
// it is every record. It is in the number of what changed. Removed records are told to those
// who may read history, as the system may.
func (s *Store) Since(ctx context.Context, w postgres.Writer, mark int64) (Delta, error) {
	var out Delta
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		args := readerArgs(w)
		err := q.QueryRow(ctx, `SELECT coalesce(max(no), 0) FROM place_name_change WHERE adcode = @adcode`, pgx.StrictNamedArgs{"adcode": w.AdCode}).Scan(&out.Mark)
		if err != nil {
			return fmt.Errorf("read the last change: %w", err)
		}
		take := func(i placenames.Item) error {
			out.Changed = append(out.Changed, i)
			return nil
		}
		if mark == 0 {
			return each(ctx, q, `SELECT `+columns+`, `+writable+` FROM place_name AS n WHERE n.adcode = @adcode`, args, take)
		}
		args["mark"] = mark
		const changes = `(SELECT change_id FROM place_name_change WHERE adcode = @adcode AND no > @mark)`
		err = each(ctx, q, `SELECT `+columns+`, `+writable+` FROM place_name AS n WHERE n.adcode = @adcode AND n.change_id IN `+changes, args, take)
		if err != nil {
			return err
		}
		rows, err := q.Query(ctx, `
SELECT DISTINCT h.id::text FROM place_name_history AS h WHERE h.adcode = @adcode AND h.ended_by IN `+changes+`
	AND NOT EXISTS (SELECT FROM place_name AS n WHERE n.adcode = @adcode AND n.id = h.id)`, pgx.StrictNamedArgs{"adcode": w.AdCode, "mark": mark})
		if err != nil {
			return fmt.Errorf("read what was removed: %w", err)
		}
		out.Gone, err = pgx.CollectRows(rows, pgx.RowTo[string])
		return err
	})
	return out, err
}
