package numberingdb

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"yike/internal/postgres"
	"yike/placenames/numbering"
)

// cornerM is how near two roads are to a building that stands at their corner, in metres.
const cornerM = 35

// beside is a building near the line, and the named road that is nearest to it besides.
type beside struct {
	id, name string
	geom     orb.Geometry
	distance float64
	other    *string
	class    *string
	otherM   *float64
}

// buildings finds the frontages: buildings near the line that no other named road is nearer to,
// and those at its corners with lesser roads. A building at a corner says which road is the main
// one.
func buildings(ctx context.Context, q postgres.Querier, adcode string, reachM float64, g *numbering.Ground) error {
	own, err := ownClass(ctx, q, adcode, g.Road.Name)
	if err != nil {
		return err
	}
	rows, err := q.Query(ctx, `
WITH line AS (SELECT @line::geometry AS geom, @reach / (111000 * cos(radians(ST_Y(ST_Centroid(@line::geometry))))) AS reach)
SELECT b.id::text, b.name, b.geom, d.m, o.name, o.class, o.m
FROM line AS l
JOIN building AS b ON b.adcode = @adcode AND b.geom && ST_Expand(l.geom, l.reach)
CROSS JOIN LATERAL (SELECT ST_Distance(b.geom::geography, l.geom::geography, false) AS m) AS d
LEFT JOIN LATERAL (
	SELECT r.name, r.class, ST_Distance(b.geom::geography, r.geom::geography, false) AS m FROM road AS r
	WHERE r.adcode = @adcode AND r.name <> '' AND r.name <> @name AND r.geom && ST_Expand(b.geom, l.reach)
	ORDER BY 3, r.name LIMIT 1
) AS o ON true
WHERE d.m <= @reach AND d.m > 0
ORDER BY d.m, b.id LIMIT @limit`, pgx.StrictNamedArgs{
		"adcode": adcode, "line": orb.MultiLineString(g.Road.Sections), "name": g.Road.Name, "reach": reachM, "limit": MostFrontages + 1,
	})
	if err != nil {
		return err
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (beside, error) {
		var b beside
		err := row.Scan(&b.id, &b.name, &b.geom, &b.distance, &b.other, &b.class, &b.otherM)
		return b, err
	})
	if err != nil {
		return err
	}
	if g.Truncated = len(all) > MostFrontages; g.Truncated {
		all = all[:MostFrontages]
	}
	g.Labels = map[string]string{}
	for _, b := range all {
		f := numbering.Frontage{ID: b.id, Shape: b.geom}
		if b.other != nil && !ours(b, own, &f) {
			continue
		}
		g.Frontages = append(g.Frontages, f)
		if b.name != "" {
			g.Labels[b.id] = b.name
		}
	}
	return nil
}

// ours reports whether a building belongs along the road although another is near it, and says so
// of a corner.
func ours(b beside, own int, f *numbering.Frontage) bool {
	other := rank(*b.class)
	atCorner := b.distance <= cornerM && *b.otherM <= cornerM
	if atCorner && own != other {
		f.Corner = &numbering.Corner{Road: *b.other, Main: other < own}
		return own < other || b.distance <= *b.otherM
	}
	return b.distance <= *b.otherM
}

// ownClass is how important the road is; a road that is not in the network is a lane.
func ownClass(ctx context.Context, q postgres.Querier, adcode, name string) (int, error) {
	best := rank("")
	if name == "" {
		return best, nil
	}
	rows, err := q.Query(ctx, `SELECT DISTINCT r.class FROM road AS r WHERE r.adcode = @adcode AND r.name = @name`, pgx.StrictNamedArgs{"adcode": adcode, "name": name})
	if err != nil {
		return 0, err
	}
	var class string
	_, err = pgx.ForEachRow(rows, []any{&class}, func() error {
		best = min(best, rank(class))
		return nil
	})
	return best, err
}
