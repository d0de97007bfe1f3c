package placenamedb

import (
	"context"
	"fmt"
	"math"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"yike/internal/postgres"
	"yike/internal/record"
	"yike/placenames"
)

// Family gives a record with all that it belongs with: the road or river of which it is a part
// with all its parts, in whichever divisions they lie, what gave it its name and what has its
// name from it, what came before it and after it. Members come from the top down, by pinyin; a
// record may come in several relations. It returns placenames.ErrNotFound.
func (s *Store) Family(ctx context.Context, w postgres.Writer, id string) ([]placenames.Kin, error) {
	if !postgres.IsID(id) {
		return nil, placenames.ErrNotFound
	}
	args := readerArgs(w)
	args["id"] = id
	var out []placenames.Kin
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		rows, err := q.Query(ctx, `
WITH RECURSIVE above AS (
	SELECT p.id, p.parent_id, 0 AS depth FROM place_name AS p WHERE p.adcode = @adcode AND p.id = @id
	UNION ALL SELECT p.id, p.parent_id, a.depth + 1 FROM place_name AS p JOIN above AS a ON p.id = a.parent_id WHERE p.adcode = @adcode
), members AS (
	(SELECT id, 0 AS depth FROM above ORDER BY above.depth DESC LIMIT 1)
	UNION ALL SELECT p.id, m.depth + 1 FROM place_name AS p JOIN members AS m ON p.parent_id = m.id WHERE p.adcode = @adcode
), self AS (
	SELECT host_id, successor_id, reuses_id FROM place_name WHERE adcode = @adcode AND id = @id
), kin AS (
	SELECT 'member' AS relation, depth, id FROM members
	UNION ALL SELECT 'host', 0, host_id FROM self
	UNION ALL SELECT 'hosted', 0, id FROM place_name WHERE adcode = @adcode AND host_id = @id
	UNION ALL SELECT 'successor', 0, successor_id FROM self
	UNION ALL SELECT 'predecessor', 0, id FROM place_name WHERE adcode = @adcode AND successor_id = @id
	UNION ALL SELECT 'reused', 0, reuses_id FROM self
	UNION ALL SELECT 'reuser', 0, id FROM place_name WHERE adcode = @adcode AND reuses_id = @id
)
SELECT k.relation, k.depth, `+rowColumns+` FROM kin AS k JOIN place_name AS n ON n.adcode = @adcode AND n.id = k.id
ORDER BY array_position(ARRAY['member', 'host', 'hosted', 'successor', 'predecessor', 'reused', 'reuser'], k.relation), k.depth, n.text COLLATE yike_pinyin, n.id`, args)
		if err != nil {
			return err
		}
		out, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (placenames.Kin, error) {
			var k placenames.Kin
			var err error
			k.Row, err = scanRow(row, &k.Relation, &k.Depth)
			return k, err
		})
		return err
	})
	switch {
	case err != nil:
		return nil, fmt.Errorf("read what belongs with place name %s: %w", id, err)
	case len(out) == 0:
		return nil, placenames.ErrNotFound
	}
	return out, nil
}

// Map gives at most limit of the records that are asked for and drawn within a frame, the
// largest first, with geometries as they can be seen on a map of it. more says that there are
// further ones.
func (s *Store) Map(ctx context.Context, w postgres.Writer, frame orb.Bound, f placenames.Filter, limit int) (list []placenames.Drawn, more bool, err error) {
	const across = 2000 // what is smaller than this part of the frame cannot be seen
	a := s.ask(w, f)
	delete(a.args, "system") // nobody asks who writes
	a.and("n.geom && ST_MakeEnvelope(@west, @south, @east, @north, 4326)", "west", frame.Left())
	a.args["south"], a.args["east"], a.args["north"] = frame.Bottom(), frame.Right(), frame.Top()
	grain := math.Max(frame.Right()-frame.Left(), frame.Top()-frame.Bottom()) / across
	a.args["grain"], a.args["limit"] = grain, limit+1
	sql := `SELECT n.id::text, n.text, n.kind, n.class, n.state, ST_AsGeoJSON(ST_Simplify(n.geom, @grain, true), 7) FROM (
	` + a.from(`n.id, n.text, n.kind, n.class, n.state, n.geom, ST_XMax(n.geom) - ST_XMin(n.geom) + ST_YMax(n.geom) - ST_YMin(n.geom) AS reach`, record.At{}, 0) + `
	ORDER BY reach DESC, n.id LIMIT @limit) AS n ORDER BY n.reach DESC, n.id`
	err = s.db.Read(ctx, w, func(q postgres.Querier) error {
		rows, err := q.Query(ctx, sql, a.args)
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (placenames.Drawn, error) {
			var d placenames.Drawn
			err := row.Scan(&d.ID, &d.Text, &d.Kind, &d.Class, &d.State, &d.GeoJSON)
			return d, err
		})
		return err
	})
	if err != nil {
		return nil, false, fmt.Errorf("draw place names: %w", err)
	}
	if len(list) > limit {
		return list[:limit], true, nil
	}
	return list, false, nil
}
