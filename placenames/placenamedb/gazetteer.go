package placenamedb

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"yike/internal/postgres"
	"yike/internal/record"
	"yike/placenames"
	"yike/placenames/gazetteer"
)

// Gazetteer gives every record that is asked for whole, in the order of List, of which it has
// the rules: now, or where at is given as they stood on a day by what was known at a moment.
func (s *Store) Gazetteer(ctx context.Context, w postgres.Writer, f placenames.Filter, at record.At) ([]gazetteer.Entry, error) {
	a := s.ask(w, f)
	delete(a.args, "system") // nobody asks who writes
	var out []gazetteer.Entry
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		rows, err := q.Query(ctx, `SELECT `+columns+`, n.initial, ST_PointOnSurface(n.geom) FROM (`+a.from(stored, at, 0)+`) AS n ORDER BY n.text COLLATE yike_pinyin, n.id`, a.args)
		if err != nil {
			return err
		}
		out, err = pgx.CollectRows(rows, scanEntry)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the book of names: %w", err)
	}
	return out, nil
}

func scanEntry(row pgx.CollectableRow) (gazetteer.Entry, error) {
	var r nameRow
	var initial string
	var at orb.Geometry
	if err := row.Scan(append(r.targets(), &initial, &at)...); err != nil {
		return gazetteer.Entry{}, err
	}
	i := r.read()
	out := gazetteer.Entry{Name: i.Name, Class: i.Class, Initial: initial}
	if p, placed := at.(orb.Point); placed {
		out.Point = &p
	}
	return out, nil
}
