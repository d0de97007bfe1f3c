package divisiondb

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"yike/geo/divisions"
	"yike/internal/postgres"
)

// Place is where a record says that it is.
type Place struct {
	Code string     // of its division; "" where nobody said
	At   *orb.Point // lon/lat WGS 84; nil where nobody placed it
}

// Found is how a place stands to the divisions, with the division that it belongs to.
type Found struct {
	divisions.Standing
	Code string // as given; else of the finest division that holds the point, or the authority itself where there are no divisions; "" where nobody knows
}

// Stand finds how a place stands to the divisions of adcode. A district without divisions is
// no error: each record belongs to the authority itself.
func Stand(ctx context.Context, q postgres.Querier, adcode string, p Place) (Found, error) {
	all, err := StandAll(ctx, q, adcode, []Place{p})
	if err != nil {
		return Found{}, err
	}
	return all[0], nil
}

// StandAll is Stand for many places in one statement, in their order. Of the divisions that
// hold a point the finest counts, of those of one level the first by code.
func StandAll(ctx context.Context, q postgres.Querier, adcode string, places []Place) ([]Found, error) {
	codes, xs, ys := make([]string, len(places)), make([]*float64, len(places)), make([]*float64, len(places))
	for i, p := range places {
		codes[i] = p.Code
		if p.At != nil {
			xs[i], ys[i] = &p.At[0], &p.At[1]
		}
	}
	rows, err := q.Query(ctx, `
WITH district AS (
	SELECT count(*) > 0 AS divided, ST_XMin(ST_Extent(geom)) AS west, ST_YMin(ST_Extent(geom)) AS south, ST_XMax(ST_Extent(geom)) AS east, ST_YMax(ST_Extent(geom)) AS north
	FROM division WHERE adcode = @adcode
)
SELECT district.divided, district.west, district.south, district.east, district.north, named.code IS NOT NULL, coalesce(ST_Covers(named.geom, place.at), false),
	coalesce(finest.code, ''), coalesce(finest.name_zh, '')
FROM district, (
	SELECT u.n, u.code, ST_SetSRID(ST_MakePoint(u.x, u.y), 4326) AS at
	FROM unnest(@codes::text[], @xs::float8[], @ys::float8[]) WITH ORDINALITY AS u(code, x, y, n)
) AS place
LEFT JOIN division AS named ON named.adcode = @adcode AND named.code = place.code
LEFT JOIN LATERAL (
	SELECT code, name_zh FROM division WHERE adcode = @adcode AND ST_Covers(geom, place.at)
	ORDER BY array_position(ARRAY['grid', 'community', 'subdistrict', 'district', 'city', 'province'], level), code COLLATE "C" LIMIT 1
) AS finest ON true
ORDER BY place.n`, pgx.StrictNamedArgs{"adcode": adcode, "codes": codes, "xs": xs, "ys": ys})
	if err != nil {
		return nil, fmt.Errorf("find the divisions of places: %w", err)
	}
	out := make([]Found, 0, len(places))
	var f Found
	var box [4]*float64
	var lying string
	_, err = pgx.ForEachRow(rows, []any{&f.Divided, &box[0], &box[1], &box[2], &box[3], &f.Division, &f.Holds, &lying, &f.LyingIn}, func() error {
		out = append(out, settled(f, places[len(out)], adcode, lying, box))
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("find the divisions of places: %w", err)
	}
	return out, nil
}

// settled gives a place the division that it belongs to.
func settled(f Found, p Place, adcode, lying string, box [4]*float64) Found {
	if f.Code, f.LyingInAny = p.Code, lying != ""; f.LyingInAny && p.Code == "" {
		f.Code, f.Division, f.Holds = lying, true, true
	}
	if !f.Divided {
		f.Code = adcode
	}
	if !slices.Contains(box[:], nil) {
		f.Bounds = orb.Bound{Min: orb.Point{*box[0], *box[1]}, Max: orb.Point{*box[2], *box[3]}}
	}
	return f
}
