package doordb

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"yike/internal/postgres"
)

// Doorstep is an address with the point from which one walks.
type Doorstep struct {
	ID     string
	Point  orb.Point
	Placed bool
}

// Walk is what is stored of an address: ids of facilities and times in milliseconds in the order
// of doors.Asks, "" and 0 where there is none.
type Walk struct {
	ID         string
	Facilities []string
	MS         []int32
}

// WalkRun is of which version of the network and the facilities the walks are; the zero value
// before the first.
type WalkRun struct {
	Version        string
	Doors, Changed int
}

// Run gives of what the walks of an authority are.
func (s *Store) Run(ctx context.Context, adcode string) (WalkRun, error) {
	var r WalkRun
	err := s.db.Reader().QueryRow(ctx, `SELECT version, doors, changed FROM door_walk_run WHERE adcode = @adcode`,
		pgx.StrictNamedArgs{"adcode": adcode}).Scan(&r.Version, &r.Doors, &r.Changed)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return r, fmt.Errorf("look of what walks are: %w", err)
	}
	return r, nil
}

// Due reports whether any address waits for its walks.
func (s *Store) Due(ctx context.Context, adcode string) (bool, error) {
	var due bool
	err := s.db.Reader().QueryRow(ctx, `SELECT EXISTS (SELECT FROM door_due WHERE adcode = @adcode)`, pgx.StrictNamedArgs{"adcode": adcode}).Scan(&due)
	if err != nil {
		return false, fmt.Errorf("look for addresses that wait for walks: %w", err)
	}
	return due, nil
}

// stepColumns read an address a with its own point or that of what it is within.
const stepColumns = `a.id::text, coalesce(a.geom, b.geom, c.geom, d.geom, e.geom), coalesce(a.geom, b.geom, c.geom, d.geom, e.geom) IS NOT NULL`

const stepJoins = `
LEFT JOIN address AS b ON b.adcode = a.adcode AND b.id = a.parent_id
LEFT JOIN address AS c ON c.adcode = b.adcode AND c.id = b.parent_id
LEFT JOIN address AS d ON d.adcode = c.adcode AND d.id = c.parent_id
LEFT JOIN address AS e ON e.adcode = d.adcode AND e.id = d.parent_id`

func steps() postgres.Found[Doorstep] {
	return postgres.Found[Doorstep]{What: "door", Scan: func(row pgx.CollectableRow) (Doorstep, error) {
		var d Doorstep
		err := row.Scan(&d.ID, &d.Point, &d.Placed)
		return d, err
	}}
}

// Doorsteps gives addresses of an authority after one by its id, at most so many, by their ids.
func (s *Store) Doorsteps(ctx context.Context, adcode, after string, most int) ([]Doorstep, error) {
	if after == "" {
		after = "00000000-0000-0000-0000-000000000000"
	}
	return steps().All(s.db.Reader().Query(ctx, `SELECT `+stepColumns+` FROM address AS a`+stepJoins+`
WHERE a.adcode = @adcode AND a.id > @after ORDER BY a.id LIMIT @most`, pgx.StrictNamedArgs{"adcode": adcode, "after": after, "most": most}))
}

// DueSteps gives addresses that wait for their walks, at most so many.
func (s *Store) DueSteps(ctx context.Context, adcode string, most int) ([]Doorstep, error) {
	return steps().All(s.db.Reader().Query(ctx, `SELECT `+stepColumns+` FROM (SELECT adcode, address_id FROM door_due WHERE adcode = @adcode LIMIT @most) AS w
JOIN address AS a ON a.adcode = w.adcode AND a.id = w.address_id`+stepJoins, pgx.StrictNamedArgs{"adcode": adcode, "most": most}))
}

// SaveWalks stores walks where they are others than before, and gives how many were. The addresses
// wait no longer. One without a place has no walks.
func (s *Store) SaveWalks(ctx context.Context, tx *postgres.Tx, adcode string, walks []Walk) (int, error) {
	var ids, from, facilities []string
	var no, ms []int32
	for _, w := range walks {
		ids = append(ids, w.ID)
		for i := range w.MS {
			from, facilities, no, ms = append(from, w.ID), append(facilities, w.Facilities[i]), append(no, int32(i)), append(ms, w.MS[i])
		}
	}
	args := pgx.StrictNamedArgs{"adcode": adcode, "from": from, "facilities": facilities, "no": no, "ms": ms}
	tag, err := tx.Exec(ctx, `
INSERT INTO door_walk AS w (adcode, address_id, facilities, walk_ms)
SELECT @adcode, g.id::uuid, array_agg(nullif(g.facility, '')::uuid ORDER BY g.no), array_agg(CASE WHEN g.facility <> '' THEN g.ms END ORDER BY g.no)
FROM unnest(@from::text[], @facilities::text[], @no::int[], @ms::int[]) AS g(id, facility, no, ms) GROUP BY g.id
ON CONFLICT (adcode, address_id) DO UPDATE SET facilities = excluded.facilities, walk_ms = excluded.walk_ms
WHERE (w.facilities, w.walk_ms) IS DISTINCT FROM (excluded.facilities, excluded.walk_ms)`, args)
	if err != nil {
		return 0, fmt.Errorf("store walks from doors: %w", err)
	}
	gone, err := tx.Exec(ctx, `
DELETE FROM door_walk WHERE adcode = @adcode AND address_id = ANY (@ids::uuid[]) AND NOT address_id = ANY (@from::uuid[])`,
		pgx.StrictNamedArgs{"adcode": adcode, "ids": ids, "from": from})
	if err != nil {
		return 0, fmt.Errorf("take away walks from doors without a place: %w", err)
	}
	if _, err := tx.Exec(ctx, `DELETE FROM door_due WHERE adcode = @adcode AND address_id = ANY (@ids::uuid[])`, pgx.StrictNamedArgs{"adcode": adcode, "ids": ids}); err != nil {
		return 0, fmt.Errorf("note that doors have their walks: %w", err)
	}
	return int(tag.RowsAffected() + gone.RowsAffected()), nil
}

// SaveRun notes of what all walks of an authority are now, and takes away those of addresses that
// are no more.
func (s *Store) SaveRun(ctx context.Context, tx *postgres.Tx, adcode string, r WalkRun) error {
	if _, err := tx.Exec(ctx, `
DELETE FROM door_walk AS w WHERE w.adcode = @adcode AND NOT EXISTS (SELECT FROM address AS a WHERE a.adcode = w.adcode AND a.id = w.address_id)`,
		pgx.StrictNamedArgs{"adcode": adcode}); err != nil {
		return fmt.Errorf("take away walks of no address: %w", err)
	}
	if _, err := tx.Exec(ctx, `
DELETE FROM door_due AS w WHERE w.adcode = @adcode AND NOT EXISTS (SELECT FROM address AS a WHERE a.adcode = w.adcode AND a.id = w.address_id)`,
		pgx.StrictNamedArgs{"adcode": adcode}); err != nil {
		return fmt.Errorf("wait no longer for no address: %w", err)
	}
	_, err := tx.Exec(ctx, `
INSERT INTO door_walk_run (adcode, version, doors, changed) VALUES (@adcode, @version, @doors, @changed)
ON CONFLICT (adcode) DO UPDATE SET version = excluded.version, doors = excluded.doors, changed = excluded.changed, done_at = now()`,
		pgx.StrictNamedArgs{"adcode": adcode, "version": r.Version, "doors": r.Doors, "changed": r.Changed})
	if err != nil {
		return fmt.Errorf("note of what walks are: %w", err)
	}
	return nil
}
