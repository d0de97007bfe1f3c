package checkdb

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"yike/geo"
	"yike/internal/postgres"
	"yike/internal/record"
	"yike/placenames"
	"yike/placenames/naming"
)

// Asked is a name of which the district is asked.
type Asked struct {
	Name       placenames.Name
	Class      string   // code of its class
	References []string // names that its direction word may refer to, the likeliest first
	Day        record.Day
}

// Used is how many records of a kind still use another name of the place.
type Used struct {
	Kind  string // facility, building, estate, road
	Count int
}

// Around is what the district says of a name's place. What is nil or not known the district
// does not say.
type Around struct {
	Reference *naming.Reference
	Cut       naming.Cut
	OnHill    *bool
	Relief    *float64 // metres between the lowest and the highest road within 200 m, by which OnHill was worked out; nil where it was not
	Host      *placenames.Name
	Plan      *bool // the name plan has the name and it is free for it; nil where there is no plan for the class
	Uses      []Used
	Size      placenames.Size // of the estate that has this place name, as its record says
}

// Around reads of the district what the checks of a name ask, in one moment.
func (s *Store) Around(ctx context.Context, w postgres.Writer, a Asked) (Around, error) {
	var out Around
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		l := looking{q: q, adcode: w.AdCode, catalogue: s.catalogue, asked: a, out: &out}
		for _, step := range []func(context.Context) error{l.reference, l.cut, l.hill, l.relief, l.host, l.plan, l.uses, l.size} {
			if err := step(ctx); err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}

type looking struct {
	q         postgres.Querier
	adcode    string
	catalogue *placenames.Catalogue
	asked     Asked
	out       *Around
}

// reference finds what a direction word refers to, on the register and else among the streets:
// the point of it that is nearest to the place, or its middle where it runs through the place.
func (l looking) reference(ctx context.Context) error {
	n := l.asked.Name
	if n.Geometry == nil || len(l.asked.References) == 0 {
		return nil
	}
	var r naming.Reference
	at := n.Geometry.Bound().Center()
	err := l.q.QueryRow(ctx, `
WITH asked AS (SELECT text, no FROM unnest(@texts::text[]) WITH ORDINALITY AS t (text, no)),
found AS (
	SELECT a.no, n.text, n.geom, 0 AS street FROM asked AS a JOIN place_name AS n ON n.adcode = @adcode AND n.text = a.text
	WHERE n.geom IS NOT NULL AND n.state IN ('approved', 'contested', 'customary') AND n.id::text <> @id
	UNION ALL
	SELECT a.no, r.name, ST_Collect(r.geom), 1 FROM asked AS a JOIN road AS r ON r.adcode = @adcode AND r.name = a.text GROUP BY a.no, r.name
)
SELECT text, ST_X(p), ST_Y(p) FROM (
	SELECT f.no, f.text, f.street, ST_Distance(f.geom, @at::geometry) AS away,
		CASE WHEN ST_Distance(f.geom, @at::geometry) < 0.0001 THEN ST_Centroid(f.geom) ELSE ST_ClosestPoint(f.geom, @at::geometry) END AS p FROM found AS f
) AS near ORDER BY no, street, away LIMIT 1`,
		pgx.StrictNamedArgs{"adcode": l.adcode, "texts": l.asked.References, "id": n.ID, "at": at}).Scan(&r.Name, &r.At[0], &r.At[1])
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("find what a direction word refers to: %w", err)
	}
	l.out.Reference = &r
	return nil
}

// cityRoads are the classes of roads that are of the city, not of an estate.
func cityRoads() []string {
	return []string{
		"motorway", "motorway_link", "trunk", "trunk_link", "primary", "primary_link", "secondary", "secondary_link", "tertiary", "tertiary_link",
	}
}

// cut finds the city roads that divide an area: each name whose lines, with the boundary, make
// more than one piece of at least a fiftieth of it. A road along the boundary divides nothing,
// nor does a tunnel. Known only where the map has roads there.
func (l looking) cut(ctx context.Context) error {
	g := l.asked.Name.Geometry
	switch g.(type) {
	case orb.Polygon, orb.MultiPolygon:
	default:
		return nil
	}
	err := l.q.QueryRow(ctx, `
WITH place AS (SELECT ST_MakeValid(@geom::geometry) AS g),
across AS (
	SELECT coalesce(nullif(r.name, ''), '（' || r.class || '）') AS name, ST_Collect(r.geom) AS lines FROM road AS r, place
	WHERE r.adcode = @adcode AND r.class = ANY (@classes) AND NOT r.tunnel AND ST_Intersects(r.geom, place.g) GROUP BY 1
)
SELECT EXISTS (SELECT FROM road AS r, place WHERE r.adcode = @adcode AND r.geom && ST_Expand(place.g, 0.005)),
	coalesce((SELECT array_agg(a.name ORDER BY a.name) FROM across AS a, place WHERE 1 < (
		SELECT count(*) FROM ST_Dump(ST_Polygonize(ARRAY[ST_UnaryUnion(ST_Collect(ST_Boundary(place.g), a.lines))])) AS piece
		WHERE ST_Contains(place.g, ST_PointOnSurface(piece.geom)) AND ST_Area(piece.geom) > 0.02 * ST_Area(place.g))), '{}')`,
		pgx.StrictNamedArgs{"adcode": l.adcode, "geom": g, "classes": cityRoads()}).Scan(&l.out.Cut.Known, &l.out.Cut.Roads)
	if err != nil {
		return fmt.Errorf("look which roads divide the place: %w", err)
	}
	return nil
}

// nearHill is how far from a hill a place may lie to be called after one, in metres.
const nearHill = 200

// hill looks for a hill of the register within 200 m.
func (l looking) hill(ctx context.Context) error {
	if l.asked.Name.Geometry == nil {
		return nil
	}
	var there bool
	err := l.q.QueryRow(ctx, `
SELECT EXISTS (SELECT FROM place_name AS n WHERE n.adcode = @adcode AND n.kind = 'mountain' AND n.state IN ('approved', 'contested', 'customary')
	AND n.id::text <> @id AND n.geom && ST_Expand(@geom::geometry, 0.004) AND ST_DWithin(n.geom::geography, @geom::geometry::geography, @near))`,
		pgx.StrictNamedArgs{"adcode": l.adcode, "geom": l.asked.Name.Geometry, "id": l.asked.Name.ID, "near": nearHill}).Scan(&there)
	if err != nil {
		return fmt.Errorf("look for a hill: %w", err)
	}
	if there {
		l.out.OnHill = &there
	}
	return nil
}

// The relief of roads within 200 m by which a place lies on a slope: proposed by the makers of
// the program, since no text says what a hill is. Between the two nobody knows.
const (
	fewest = 4    // vertices with a height
	flat   = 6.0  // metres: less is no slope
	high   = 15.0 // metres: as much is one, if it is steep enough
	steep  = 0.05 // of the distance over which it rises
)

// relief works out from the heights of roads whether the place lies on a slope.
func (l looking) relief(ctx context.Context) error {
	if l.asked.Name.Geometry == nil || l.out.OnHill != nil {
		return nil
	}
	var n int
	var low, top float64
	var box [4]float64
	err := l.q.QueryRow(ctx, `
SELECT count(*), coalesce(min(h), 0), coalesce(max(h), 0), coalesce(min(ST_X(p)), 0), coalesce(min(ST_Y(p)), 0), coalesce(max(ST_X(p)), 0), coalesce(max(ST_Y(p)), 0)
FROM (
	SELECT v.geom AS p, r.heights[v.path[1]] AS h FROM road AS r, ST_DumpPoints(r.geom) AS v
	WHERE r.adcode = @adcode AND r.heights IS NOT NULL AND NOT r.bridge AND NOT r.tunnel AND r.geom && ST_Expand(@geom::geometry, 0.004)
) AS vertices WHERE ST_DWithin(p::geography, @geom::geometry::geography, @near)`,
		pgx.StrictNamedArgs{"adcode": l.adcode, "geom": l.asked.Name.Geometry, "near": nearHill}).Scan(&n, &low, &top, &box[0], &box[1], &box[2], &box[3])
	if err != nil {
		return fmt.Errorf("read the heights around the place: %w", err)
	}
	if n < fewest {
		return nil
	}
	relief := top - low
	over := math.Hypot(geo.Distance(orb.Point{box[0], box[1]}, orb.Point{box[2], box[1]}), geo.Distance(orb.Point{box[0], box[1]}, orb.Point{box[0], box[3]}))
	l.out.Relief = &relief
	yes, no := true, false
	switch {
	case relief < flat:
		l.out.OnHill = &no
	case relief >= high && relief >= steep*over:
		l.out.OnHill = &yes
	}
	return nil
}

// host reads the place that gave the name, else the road or river of which the place is a part.
func (l looking) host(ctx context.Context) error {
	id := l.asked.Name.HostID
	if id == "" {
		id = l.asked.Name.ParentID
	}
	if !postgres.IsID(id) {
		return nil
	}
	h := placenames.Name{ID: id}
	var division string
	err := l.q.QueryRow(ctx, `
SELECT text, specific, modifier, generic, parts_confirmed, kind, state, division_code, built_up_area FROM place_name WHERE adcode = @adcode AND id = @id`,
		pgx.StrictNamedArgs{"adcode": l.adcode, "id": id}).
		Scan(&h.Text, &h.Parts.Specific, &h.Parts.Modifier, &h.Parts.Generic, &h.Parts.Confirmed, &h.Kind, &h.State, &division, &h.BuiltUpArea)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the place that gave the name: %w", err)
	}
	h.Divisions = []string{division}
	l.out.Host = &h
	return nil
}

// plan asks the name plan, where it has names of the class at all.
func (l looking) plan(ctx context.Context) error {
	var kinds []string
	for _, c := range l.catalogue.Classes {
		if c.Code.Code == l.asked.Class {
			for _, k := range c.Kinds {
				kinds = append(kinds, k.Code.Code)
			}
		}
	}
	var some, has bool
	err := l.q.QueryRow(ctx, `
SELECT count(*) > 0, coalesce(bool_or(text = @text AND (taken_by IS NULL OR taken_by::text = @id) AND (until IS NULL OR until >= @day::text::date)), false)
FROM planned_name WHERE adcode = @adcode AND kind = ANY (@kinds)`,
		pgx.StrictNamedArgs{"adcode": l.adcode, "text": l.asked.Name.Text, "id": l.asked.Name.ID, "day": string(l.asked.Day), "kinds": append([]string{}, kinds...)}).Scan(&some, &has)
	if err != nil {
		return fmt.Errorf("ask the plan of names: %w", err)
	}
	if some {
		l.out.Plan = &has
	}
	return nil
}

// uses counts the records that have a former or promotional name in their own name or address.
// A text is looked at without the standard name, of which another may be a part.
func (l looking) uses(ctx context.Context) error {
	n := l.asked.Name
	var others []string
	for _, f := range n.Former {
		others = append(others, f.Text)
	}
	for _, a := range n.Aliases {
		if a.Kind == placenames.Promotion {
			others = append(others, a.Text)
		}
	}
	others = slices.DeleteFunc(others, func(s string) bool { return s == "" || s == n.Text })
	if len(others) == 0 {
		return nil
	}
	rows, err := l.q.Query(ctx, `
WITH other AS (SELECT DISTINCT o FROM unnest(@others::text[]) AS o),
written AS (
	SELECT 'facility' AS kind, replace(name_zh || ' ' || address, @text, '') AS text FROM facility WHERE adcode = @adcode AND status <> 'closed'
	UNION ALL SELECT 'building', replace(name, @text, '') FROM building WHERE adcode = @adcode AND name <> ''
	UNION ALL SELECT 'estate', replace(name, @text, '') FROM estate WHERE adcode = @adcode
	UNION ALL SELECT 'road', replace(name, @text, '') FROM (SELECT DISTINCT name FROM road WHERE adcode = @adcode AND name <> '') AS streets
)
SELECT kind, count(*)::int FROM written WHERE EXISTS (SELECT FROM other WHERE strpos(written.text, o) > 0) GROUP BY kind ORDER BY kind`,
		pgx.StrictNamedArgs{"adcode": l.adcode, "others": others, "text": n.Text})
	if err != nil {
		return fmt.Errorf("count uses of other names: %w", err)
	}
	if l.out.Uses, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Used]); err != nil {
		return fmt.Errorf("count uses of other names: %w", err)
	}
	if l.out.Uses == nil {
		l.out.Uses = []Used{}
	}
	return nil
}

// size reads what the record of a new estate says of the place's size.
func (l looking) size(ctx context.Context) error {
	if l.asked.Name.ID == "" {
		return nil
	}
	const perM2 = 100 // estates have square decimetres
	var site, floor, housing int64
	err := l.q.QueryRow(ctx, `
SELECT coalesce(sum(site_area), 0)::bigint, coalesce(sum(floor_above), 0)::bigint, coalesce(sum(housing_floor), 0)::bigint FROM estate WHERE adcode = @adcode AND place_name_id = @id`,
		pgx.StrictNamedArgs{"adcode": l.adcode, "id": l.asked.Name.ID}).Scan(&site, &floor, &housing)
	if err != nil {
		return fmt.Errorf("read the size of the estate: %w", err)
	}
	l.out.Size = placenames.Size{SiteM2: float64(site) / perM2, FloorM2: float64(floor) / perM2, HousingM: float64(housing) / perM2}
	return nil
}

// Sight is where a record of the register is.
type Sight struct {
	ID       string
	At       orb.Point
	Distance *float64 // metres from the name that is asked for; nil where that has no place
	Division string
}

// Sights gives where records are, of those that somebody drew, by id; from is the place that
// distances count from, nil for none.
func (s *Store) Sights(ctx context.Context, w postgres.Writer, ids []string, from orb.Geometry) (map[string]Sight, error) {
	out := map[string]Sight{}
	ids = slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return !postgres.IsID(id) })
	if len(ids) == 0 {
		return out, nil
	}
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		rows, err := q.Query(ctx, `
SELECT n.id::text, ST_X(p), ST_Y(p), CASE WHEN @from::geometry IS NOT NULL THEN ST_Distance(n.geom::geography, @from::geometry::geography) END, n.division_code
FROM place_name AS n, ST_PointOnSurface(n.geom) AS p WHERE n.adcode = @adcode AND n.id = ANY (@ids::uuid[]) AND n.geom IS NOT NULL`,
			pgx.StrictNamedArgs{"adcode": w.AdCode, "ids": ids, "from": from})
		if err != nil {
			return err
		}
		var one Sight
		_, err = pgx.ForEachRow(rows, []any{&one.ID, &one.At[0], &one.At[1], &one.Distance, &one.Division}, func() error {
			out[one.ID] = one
			return nil
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("look where names are: %w", err)
	}
	return out, nil
}
