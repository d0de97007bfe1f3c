package placenamedb

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"yike/internal/postgres"
	"yike/internal/record"
	"yike/placenames"
)

// look gathers what a record is held against, fills in the divisions of one that is drawn and
// has none, and gives the faults of what it names: other records and a name of the plan.
func (s *Store) look(ctx context.Context, tx *postgres.Tx, before placenames.Name, n *placenames.Name, today record.Day) (placenames.Known, []record.Fault, error) {
	k := placenames.Known{Catalogue: s.catalogue, Today: today}
	adcode := tx.Writer().AdCode
	if err := locate(ctx, tx, adcode, n, &k); err != nil {
		return k, nil, err
	}
	l := looking{tx: tx, adcode: adcode, before: before, n: n, today: today}
	for _, step := range []func(context.Context) error{l.shape, l.others, l.plan} {
		if err := step(ctx); err != nil {
			return k, nil, err
		}
	}
	parents, err := l.parents(ctx)
	if err != nil {
		return k, nil, err
	}
	k.Parent = func(id string) string { return parents[id] }
	// A name that others had is given on purpose; what bears it already keeps it.
	if n.Text != before.Text || reused(*n) != reused(before) {
		past, err := l.past(ctx)
		if err != nil {
			return k, nil, err
		}
		k.Past = func(string) []placenames.Past { return past }
	}
	return k, l.faults, nil
}

func reused(n placenames.Name) placenames.Reuse {
	if n.Reuses == nil {
		return placenames.Reuse{}
	}
	return *n.Reuses
}

// locate reads which divisions there are of those named. Of a record that is drawn and names
// none they are the subdistricts that it lies in, the one with the most of it first; in a
// district without divisions it is the authority itself.
func locate(ctx context.Context, q postgres.Querier, adcode string, n *placenames.Name, k *placenames.Known) error {
	var divided bool
	var there, crossed []string
	err := q.QueryRow(ctx, `
SELECT count(*) > 0, coalesce(array_agg(code) FILTER (WHERE code = ANY (@codes)), '{}'),
	coalesce((SELECT array_agg(c.code ORDER BY c.shared DESC, c.code) FROM (
		SELECT d.code, ST_Length(ST_Intersection(d.geom, @geom::geometry)) + ST_Area(ST_Intersection(d.geom, @geom::geometry)) AS shared
		FROM division AS d WHERE d.adcode = @adcode AND d.level = 'subdistrict' AND @guess AND ST_Intersects(d.geom, @geom::geometry)) AS c), '{}')
FROM division WHERE adcode = @adcode`, pgx.StrictNamedArgs{"adcode": adcode, "codes": append([]string{}, n.Divisions...), "geom": n.Geometry, "guess": len(n.Divisions) == 0}).
		Scan(&divided, &there, &crossed)
	if err != nil {
		return fmt.Errorf("read the divisions: %w", err)
	}
	switch {
	case !divided && len(n.Divisions) == 0:
		n.Divisions = []string{adcode}
	case !divided:
		k.Divisions = func(code string) bool { return code == adcode }
	default:
		if len(n.Divisions) == 0 {
			n.Divisions, there = kept(crossed), crossed
		}
		k.Divisions = func(code string) bool { return slices.Contains(there, code) }
	}
	return nil
}

// looking looks at what one record names.
type looking struct {
	tx     *postgres.Tx
	adcode string
	before placenames.Name
	n      *placenames.Name
	today  record.Day
	faults []record.Fault
}

func (l *looking) add(field, value, zh, en string) {
	l.faults = append(l.faults, record.Fault{Field: field, Value: value, ZH: zh, EN: en})
}

// shape asks whether an area is one.
func (l *looking) shape(ctx context.Context) error {
	if l.n.Geometry == nil {
		return nil
	}
	var valid bool
	if err := l.tx.QueryRow(ctx, `SELECT ST_IsValid(@geom::geometry)`, pgx.StrictNamedArgs{"geom": l.n.Geometry}).Scan(&valid); err != nil {
		return fmt.Errorf("look at the geometry of a place: %w", err)
	}
	if !valid {
		l.add("geometry", "", "图形有误：边界自相交，或点数不足", "not a shape: it crosses itself, or has too few points")
	}
	return nil
}

// others asks whether the records that are named are there.
func (l *looking) others(ctx context.Context) error {
	named := []struct{ field, id string }{
		{"parent_id", l.n.ParentID},
		{"host_id", l.n.HostID},
		{"successor_id", l.n.SuccessorID},
		{"reuses/id", reused(*l.n).ID},
	}
	var ids []string
	for _, o := range named {
		if postgres.IsID(o.id) {
			ids = append(ids, o.id)
		}
	}
	there := []string{}
	if len(ids) > 0 {
		rows, err := l.tx.Query(ctx, `SELECT id::text FROM place_name WHERE adcode = @adcode AND id = ANY (@ids::uuid[])`, pgx.StrictNamedArgs{"adcode": l.adcode, "ids": ids})
		if err != nil {
			return fmt.Errorf("look for the records that are named: %w", err)
		}
		if there, err = pgx.CollectRows(rows, pgx.RowTo[string]); err != nil {
			return fmt.Errorf("look for the records that are named: %w", err)
		}
	}
	for _, o := range named {
		if o.id != "" && o.id != l.n.ID && !slices.Contains(there, o.id) {
			l.add(o.field, o.id, "没有这条地名", "there is no such place name")
		}
	}
	if l.n.HostID != "" && l.n.HostID == l.n.ID {
		l.add("host_id", l.n.HostID, "不能是自己", "must not be the record itself")
	}
	if r := l.n.Reuses; r != nil && r.ID == l.n.ID {
		l.add("reuses/id", r.ID, "不能是自己", "must not be the record itself")
	}
	return nil
}

// plan asks whether a name of the plan may be taken.
func (l *looking) plan(ctx context.Context) error {
	id := l.n.Planned
	if id == "" || id == l.before.Planned && l.n.Text == l.before.Text {
		return nil
	}
	if !postgres.IsID(id) {
		l.add("planned", id, "地名规划中没有这个名称", "the plan has no such name")
		return nil
	}
	p, err := planned(ctx, l.tx, l.adcode, id)
	switch {
	case err == placenames.ErrNotPlanned: //nolint:errorlint // as planned gives it
		l.add("planned", id, "地名规划中没有这个名称", "the plan has no such name")
	case err != nil:
		return err
	case p.Text != l.n.Text:
		l.add("planned", p.Text, "与预留名称不同", "is not the reserved name")
	case p.TakenBy != "" && p.TakenBy != l.n.ID:
		l.add("planned", p.Text, "预留名称已被另一条地名采用", "another record took the reserved name")
	case p.TakenBy == "" && !p.Free(l.today):
		l.add("planned", p.Text, fmt.Sprintf("预留已于 %s 到期", p.Until), fmt.Sprintf("the reservation ended on %s", p.Until))
	}
	return nil
}

// parents gives the parent of each record above this one.
func (l *looking) parents(ctx context.Context) (map[string]string, error) {
	out := map[string]string{}
	if !postgres.IsID(l.n.ParentID) {
		return out, nil
	}
	rows, err := l.tx.Query(ctx, `
WITH RECURSIVE above AS (
	SELECT p.id, p.parent_id FROM place_name AS p WHERE p.adcode = @adcode AND p.id = @id
	UNION SELECT p.id, p.parent_id FROM place_name AS p JOIN above AS a ON p.id = a.parent_id WHERE p.adcode = @adcode
)
SELECT id::text, coalesce(parent_id::text, '') FROM above`, pgx.StrictNamedArgs{"adcode": l.adcode, "id": l.n.ParentID})
	if err != nil {
		return nil, fmt.Errorf("read the records above: %w", err)
	}
	var id, parent string
	_, err = pgx.ForEachRow(rows, []any{&id, &parent}, func() error {
		out[id] = parent
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the records above: %w", err)
	}
	return out, nil
}

// past gives the records at their end that had the name. One that was found to be of the same
// place is none of them, nor is a proposal that came to nothing.
func (l *looking) past(ctx context.Context) ([]placenames.Past, error) {
	rows, err := l.tx.Query(ctx, `
SELECT id::text, text FROM place_name WHERE adcode = @adcode AND text = @text
	AND (state IN ('retired', 'annulled') OR state = 'merged' AND successor_id <> @id) ORDER BY id`,
		pgx.StrictNamedArgs{"adcode": l.adcode, "text": l.n.Text, "id": l.n.ID})
	if err != nil {
		return nil, fmt.Errorf("look for retired names: %w", err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByPos[placenames.Past])
	if err != nil {
		return nil, fmt.Errorf("look for retired names: %w", err)
	}
	return out, nil
}
