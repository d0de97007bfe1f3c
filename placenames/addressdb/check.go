package addressdb

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"yike/internal/postgres"
	"yike/placenames/addresses"
)

// Facts reads what an address is checked by: its chain, elements, the outline of the estate or
// village that it is of, whether it is in the district, and how far the nearest building is (looked
// for within some 500 m). It returns addresses.ErrNotFound. Regions and
// the day are for the caller.
func (s *Store) Facts(ctx context.Context, w postgres.Writer, id string) (addresses.Facts, error) {
	var f addresses.Facts
	if !postgres.IsID(id) {
		return f, addresses.ErrNotFound
	}
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		all, err := above(ctx, q, w.AdCode, []string{id})
		if err != nil {
			return err
		}
		a, ok := all[id]
		if !ok {
			return addresses.ErrNotFound
		}
		f.Address, f.Chain = a, chainOf(all, id)
		f.Circle = len(f.Chain) > 0 && f.Chain[0].ParentID != "" && all[f.Chain[0].ParentID].ID != ""
		divisions, err := divisionsOf(ctx, q, w.AdCode)
		if err != nil {
			return err
		}
		names, err := namesOf(ctx, q, w.AdCode, []string{a.NameID})
		if err != nil {
			return err
		}
		var chained []addresses.Division
		for _, code := range chain(divisions, a.Division) {
			chained = append(chained, addresses.Division{Code: code, Name: divisions[code].Name})
		}
		n := names[a.NameID]
		f.Elements = addresses.Elements(chained, n.Text, n.Class == "residence", f.Chain)
		if err := known(ctx, q, w.AdCode, &f); err != nil {
			return err
		}
		return around(ctx, q, w.AdCode, n.Class, &f)
	})
	return f, err
}

func known(ctx context.Context, q postgres.Querier, adcode string, f *addresses.Facts) error {
	rows, err := q.Query(ctx, `SELECT id::text FROM address WHERE adcode = @adcode AND id = ANY (@ids::uuid[])`,
		pgx.StrictNamedArgs{"adcode": adcode, "ids": onlyIDs(f.Address.Successors)})
	if err != nil {
		return fmt.Errorf("read the successors of an address: %w", err)
	}
	there, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return fmt.Errorf("read the successors of an address: %w", err)
	}
	seen := map[string]bool{}
	for _, id := range there {
		seen[id] = true
	}
	f.Known = func(id string) bool { return seen[id] }
	return nil
}

// around reads what lies around the position of an address.
func around(ctx context.Context, q postgres.Querier, adcode, class string, f *addresses.Facts) error {
	at, ok := f.Address.At()
	if !ok {
		return nil
	}
	var outline orb.Geometry
	var divided, inside bool
	err := q.QueryRow(ctx, `
SELECT n.geom, EXISTS (SELECT FROM division WHERE adcode = @adcode), EXISTS (SELECT FROM division WHERE adcode = @adcode AND ST_Covers(geom, @at::geometry))
FROM place_name AS n WHERE n.adcode = @adcode AND n.id = @name`, pgx.StrictNamedArgs{"adcode": adcode, "at": at.Point, "name": f.Address.NameID}).Scan(&outline, &divided, &inside)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return fmt.Errorf("read what an address lies in: %w", err)
	}
	switch outline.(type) {
	case orb.Polygon, orb.MultiPolygon:
		if class != "street" {
			f.Outline = outline
		}
	}
	if divided {
		f.Inside = &inside
	}
	err = q.QueryRow(ctx, `
SELECT ST_Distance(b.geom::geography, @at::geometry::geography) FROM building AS b
WHERE b.adcode = @adcode AND ST_DWithin(b.geom, @at::geometry, 0.006) ORDER BY b.geom <-> @at::geometry LIMIT 1`,
		pgx.StrictNamedArgs{"adcode": adcode, "at": at.Point}).Scan(&f.OffsetM)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return fmt.Errorf("look for the nearest building: %w", err)
	}
	return nil
}
