package numberingdb

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"yike/internal/postgres"
	"yike/internal/record"
	"yike/placenames/numbering"
)

// inUse are the states of names that people use.
const inUse = `('approved', 'contested', 'customary')`

// Streets gives the roads whose names have some characters, those of the register and those that
// only the road network has, by name; in a division where one is given ("" for all of them), and
// at most limit.
func (s *Store) Streets(ctx context.Context, w postgres.Writer, text, division string, limit int) ([]numbering.Street, error) {
	var out []numbering.Street
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		rows, err := q.Query(ctx, `
WITH place AS (SELECT d.geom FROM division AS d WHERE d.adcode = @adcode AND d.code = @division),
network AS (
	SELECT r.name, sum(ST_Length(r.geom::geography)) AS length FROM road AS r
	WHERE r.adcode = @adcode AND r.name <> '' AND r.name ILIKE @pattern AND (@division = '' OR EXISTS (SELECT FROM place AS p WHERE ST_Intersects(p.geom, r.geom)))
	GROUP BY r.name
), named AS (
	SELECT n.id, n.text, coalesce(ST_Length(n.geom::geography), 0) AS length FROM place_name AS n
	WHERE n.adcode = @adcode AND n.class = 'street' AND n.state IN `+inUse+` AND n.text ILIKE @pattern
		AND (@division = '' OR EXISTS (SELECT FROM place AS p WHERE ST_Intersects(p.geom, n.geom)) OR n.geom IS NULL AND EXISTS (SELECT FROM network AS w WHERE w.name = n.text))
)
SELECT coalesce(n.text, w.name) AS name, coalesce(n.id::text, ''), coalesce(nullif(n.length, 0), w.length, 0), '{}'::bytea[],
	(SELECT count(*) FROM address AS a WHERE a.adcode = @adcode AND a.name_id = n.id AND a.level = 'number' AND a.state <> 'historical')
FROM named AS n FULL JOIN network AS w ON w.name = n.text
ORDER BY name COLLATE yike_pinyin, 2 LIMIT @limit`,
			pgx.StrictNamedArgs{"adcode": w.AdCode, "pattern": "%" + escaped(text) + "%", "division": division, "limit": limit})
		if err != nil {
			return err
		}
		out, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (numbering.Street, error) {
			var st numbering.Street
			err := row.Scan(&st.Name, &st.NameID, &st.LengthM, nil, &st.Numbers)
			return st, err
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list roads: %w", err)
	}
	return out, nil
}

func escaped(text string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text)
}

// Asked says along what ground is asked for: a road of the register by id, one of the road network
// by name, or a line that somebody drew.
type Asked struct {
	NameID   string
	Name     string
	Sections []orb.LineString // instead of where the register or the network has the road; nil for that
	ReachM   float64          // how far from the line buildings are looked for
}

// MostFrontages is how many buildings are looked for along a road.
const MostFrontages = 2000

// Ground gives what there is along a road: its line, the buildings on both sides that no other
// named road is nearer to, the numbers that stand on its name, and how it was numbered last. It
// returns numbering.ErrUnknown.
func (s *Store) Ground(ctx context.Context, w postgres.Writer, asked Asked) (numbering.Ground, error) {
	var g numbering.Ground
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		if err := name(ctx, q, w.AdCode, asked, &g); err != nil {
			return err
		}
		if len(asked.Sections) > 0 {
			g.Road.Sections = asked.Sections
		} else if len(g.Road.Sections) == 0 {
			if err := network(ctx, q, w.AdCode, &g); err != nil {
				return err
			}
		}
		if len(g.Road.Sections) > 0 {
			if err := buildings(ctx, q, w.AdCode, asked.ReachM, &g); err != nil {
				return err
			}
		}
		if g.NameID == "" {
			return nil
		}
		if err := existing(ctx, q, w.AdCode, &g); err != nil {
			return err
		}
		return use(ctx, q, w.AdCode, &g)
	})
	if err != nil {
		return numbering.Ground{}, fmt.Errorf("read what is along a road: %w", err)
	}
	return g, nil
}

// name finds the standard name, by its id or its characters.
func name(ctx context.Context, q postgres.Querier, adcode string, asked Asked, g *numbering.Ground) error {
	g.Road.Name = asked.Name
	if asked.NameID == "" && asked.Name == "" {
		return nil
	}
	if asked.NameID != "" && !postgres.IsID(asked.NameID) {
		return numbering.ErrUnknown
	}
	var geom orb.Geometry
	err := q.QueryRow(ctx, `
SELECT n.id::text, n.text, n.division_code, n.kind, n.geom FROM place_name AS n
WHERE n.adcode = @adcode AND n.state IN `+inUse+` AND (@id <> '' AND n.id::text = @id OR @id = '' AND n.text = @text AND n.class = 'street')
ORDER BY n.id LIMIT 1`, pgx.StrictNamedArgs{"adcode": adcode, "id": asked.NameID, "text": asked.Name}).Scan(&g.NameID, &g.Road.Name, &g.Division, &g.Kind, &geom)
	switch {
	case errors.Is(err, pgx.ErrNoRows) && asked.NameID != "":
		return numbering.ErrUnknown
	case errors.Is(err, pgx.ErrNoRows):
		return nil
	case err != nil:
		return err
	}
	switch line := geom.(type) {
	case orb.LineString:
		g.Road.Sections = []orb.LineString{line}
	case orb.MultiLineString:
		g.Road.Sections = line
	}
	return nil
}

// network finds the sections that the road network has of the name.
func network(ctx context.Context, q postgres.Querier, adcode string, g *numbering.Ground) error {
	rows, err := q.Query(ctx, `SELECT r.geom FROM road AS r WHERE r.adcode = @adcode AND r.name = @name AND r.name <> '' ORDER BY r.source_id`,
		pgx.StrictNamedArgs{"adcode": adcode, "name": g.Road.Name})
	if err != nil {
		return err
	}
	g.Road.Sections, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (orb.LineString, error) {
		var line orb.LineString
		err := row.Scan(&line)
		return line, err
	})
	if err == nil && len(g.Road.Sections) == 0 && g.NameID == "" && g.Road.Name != "" {
		return numbering.ErrUnknown
	}
	return err
}

// existing finds the live numbers that stand on the name.
func existing(ctx context.Context, q postgres.Querier, adcode string, g *numbering.Ground) error {
	rows, err := q.Query(ctx, `
SELECT a.id::text, a.version, a.number, a.suffix, a.state, a.geom FROM address AS a
WHERE a.adcode = @adcode AND a.name_id = @name AND a.level = 'number' AND a.state <> 'historical' AND a.parent_id IS NULL AND a.main_id IS NULL
ORDER BY a.id`, pgx.StrictNamedArgs{"adcode": adcode, "name": g.NameID})
	if err != nil {
		return err
	}
	var id, no, suffix, state string
	var version int
	var point *orb.Point
	_, err = pgx.ForEachRow(rows, []any{&id, &version, &no, &suffix, &state, &point}, func() error {
		e, ok := numbering.ExistingOf(no, suffix)
		if !ok {
			g.Unread++
			return nil
		}
		e.ID, e.Version, e.Point, e.Reserved, e.Provisional, e.Flagged = id, version, point, state == "reserved", state == "provisional", true
		g.Existing = append(g.Existing, e)
		point = nil
		return nil
	})
	return err
}

func use(ctx context.Context, q postgres.Querier, adcode string, g *numbering.Ground) error {
	u := numbering.Use{NameID: g.NameID}
	err := q.QueryRow(ctx, `
SELECT r.rule, r.rule_version, r.one_sided, r.mouth, r.start, coalesce(lower(r.valid)::text, '') FROM numbering_road AS r WHERE r.adcode = @adcode AND r.id = @id`,
		pgx.StrictNamedArgs{"adcode": adcode, "id": g.NameID}).Scan(&u.Rule, &u.Version, &u.OneSided, &u.Mouth, &u.Start, &u.ValidFrom)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	g.Use = &u
	g.Road.OneSided, g.Road.Mouth, g.Road.Start = u.OneSided, u.Mouth, u.Start
	return nil
}

// UseIn notes within a write how a road was numbered. What is as before makes no version. The
// writer needs the right in the division of the name.
func (s *Store) UseIn(ctx context.Context, tx *postgres.Tx, u numbering.Use, today record.Day) error {
	var division string
	err := tx.QueryRow(ctx, `SELECT n.division_code FROM place_name AS n WHERE n.adcode = @adcode AND n.id::text = @id`,
		pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "id": u.NameID}).Scan(&division)
	if errors.Is(err, pgx.ErrNoRows) {
		return numbering.ErrUnknown
	}
	if err != nil {
		return fmt.Errorf("find the name of a road: %w", err)
	}
	if err := tx.Require(ctx, mayWrite, division); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
INSERT INTO numbering_road AS r (adcode, id, division_code, rule, rule_version, one_sided, mouth, start, valid)
VALUES (@adcode, @id, @division, @rule, @version, @one_sided, @mouth, @start, daterange(@today::date, NULL))
ON CONFLICT (adcode, id) DO UPDATE SET division_code = excluded.division_code, rule = excluded.rule, rule_version = excluded.rule_version, one_sided = excluded.one_sided,
	mouth = excluded.mouth, start = excluded.start, valid = daterange(greatest(@today::date, lower(r.valid)), NULL)
WHERE (r.rule, r.rule_version, r.one_sided, r.mouth, r.start) IS DISTINCT FROM (excluded.rule, excluded.rule_version, excluded.one_sided, excluded.mouth, excluded.start)`,
		pgx.StrictNamedArgs{
			"adcode": tx.Writer().AdCode, "id": u.NameID, "division": division, "rule": u.Rule, "version": u.Version, "one_sided": u.OneSided, "mouth": orNull(u.Mouth),
			"start": orNull(u.Start), "today": string(today),
		})
	if err != nil {
		return fmt.Errorf("note how a road was numbered: %w", err)
	}
	tx.Note(postgres.Note{Action: "numbering_road.set", Kind: "numbering_road", ID: u.NameID, Division: division, After: map[string]any{
		"rule": u.Rule, "rule_version": strconv.Itoa(u.Version), "one_sided": u.OneSided,
	}})
	return nil
}

func orNull(p *orb.Point) any {
	if p == nil {
		return nil
	}
	return *p
}

// rank orders classes of roads from the most important; what is not known comes last.
func rank(class string) int {
	order := []string{"motorway", "trunk", "primary", "secondary", "tertiary", "unclassified", "residential", "living_street", "pedestrian", "service"}
	if i := slices.Index(order, strings.TrimSuffix(class, "_link")); i >= 0 {
		return i
	}
	return len(order)
}
