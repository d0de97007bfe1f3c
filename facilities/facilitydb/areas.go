package facilitydb

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"yike/facilities"
	"yike/internal/postgres"
	"yike/internal/record"
)

// ErrNoArea says that there is no service area of that id.
var ErrNoArea = errors.New("没有这个片区 / no such service area")

const areaColumns = `id::text, version, name_zh, name_en, division_code, communities, closed, coalesce(lower(valid)::text, '')`

func scanArea(row pgx.CollectableRow) (facilities.ServiceArea, error) {
	var a facilities.ServiceArea
	err := row.Scan(&a.ID, &a.Version, &a.NameZH, &a.NameEN, &a.Division, &a.Communities, &a.Closed, &a.ValidFrom)
	return a, err
}

func oneArea(rows pgx.Rows, err error) (facilities.ServiceArea, error) {
	if err != nil {
		return facilities.ServiceArea{}, fmt.Errorf("read service area: %w", err)
	}
	a, err := pgx.CollectExactlyOneRow(rows, scanArea)
	if errors.Is(err, pgx.ErrNoRows) {
		return a, ErrNoArea
	}
	if err != nil {
		return a, fmt.Errorf("read service area: %w", err)
	}
	return a, nil
}

// Areas gives the service areas of a division and below it, "" for all, those that were
// given up too, by subdistrict and name. None is no error.
func (s *Store) Areas(ctx context.Context, w postgres.Writer, division string) ([]facilities.ServiceArea, error) {
	var list []facilities.ServiceArea
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		var err error
		list, err = listAreas(ctx, q, w.AdCode, division)
		return err
	})
	return list, err
}

func listAreas(ctx context.Context, q postgres.Querier, adcode, division string) ([]facilities.ServiceArea, error) {
	rows, err := q.Query(ctx, `SELECT `+areaColumns+` FROM service_area
WHERE adcode = @adcode AND (@division = '' OR starts_with(division_code, @division)) ORDER BY division_code, closed, name_zh COLLATE "C", id`,
		pgx.StrictNamedArgs{"adcode": adcode, "division": division})
	if err != nil {
		return nil, fmt.Errorf("list service areas: %w", err)
	}
	list, err := pgx.CollectRows(rows, scanArea)
	if err != nil {
		return nil, fmt.Errorf("list service areas: %w", err)
	}
	return list, nil
}

// CreateArea makes a service area, once for each idempotency key, and says which of its
// communities others have too. It returns a *record.InvalidError and what
// postgres.WriteOnce does.
func (s *Store) CreateArea(ctx context.Context, w postgres.Writer, a facilities.ServiceArea, c record.Change, today record.Day) (facilities.ServiceArea, error) {
	return postgres.WriteOnce(ctx, s.db, w, why(c), func(tx *postgres.Tx) (facilities.ServiceArea, error) {
		a := facilities.CleanArea(a)
		if err := tx.Require(ctx, mayPublish, a.Division); err != nil {
			return a, err
		}
		from, faults := c.Check(today)
		if err := holdArea(ctx, tx, a, faults); err != nil {
			return a, err
		}
		ids, err := newIDs(1)
		if err != nil {
			return a, err
		}
		made, err := oneArea(tx.Query(ctx, `
INSERT INTO service_area (adcode, id, name_zh, name_en, division_code, communities, closed, valid)
VALUES (@adcode, @id, @name_zh, @name_en, @division, @communities, @closed, daterange(nullif(@from, '')::date, NULL)) RETURNING `+areaColumns,
			areaArgs(w.AdCode, ids[0], a, from)))
		if err != nil {
			return a, areaTaken(err, a)
		}
		tx.Note(postgres.Note{Action: "service_area.create", Kind: "service_area", ID: made.ID, Division: made.Division, After: noted(made)})
		return made, nil
	})
}

func areaArgs(adcode, id string, a facilities.ServiceArea, from record.Day) pgx.StrictNamedArgs {
	return pgx.StrictNamedArgs{
		"adcode": adcode, "id": id, "name_zh": a.NameZH, "name_en": a.NameEN, "division": a.Division, "communities": a.Communities,
		"closed": a.Closed, "from": string(from),
	}
}

// noted is an area as the audit log keeps it.
func noted(a facilities.ServiceArea) map[string]any {
	return map[string]any{"name_zh": a.NameZH, "name_en": a.NameEN, "communities": a.Communities, "closed": a.Closed}
}

// UpdateArea changes a service area of which the writer saw a version. It returns
// ErrNoArea, a *postgres.StaleError, a *record.InvalidError and what postgres.Write does.
func (s *Store) UpdateArea(ctx context.Context, w postgres.Writer, id string, expected int, p facilities.AreaPatch, c record.Change, today record.Day) (facilities.ServiceArea, error) {
	var out facilities.ServiceArea
	err := s.db.Write(ctx, w, why(c), func(tx *postgres.Tx) error {
		if !postgres.IsID(id) {
			return ErrNoArea
		}
		before, err := oneArea(tx.Query(ctx, `SELECT `+areaColumns+` FROM service_area WHERE adcode = @adcode AND id = @id`,
			pgx.StrictNamedArgs{"adcode": w.AdCode, "id": id}))
		if err != nil {
			return err
		}
		if err := tx.Require(ctx, mayPublish, before.Division); err != nil {
			return err
		}
		if before.Version != expected {
			return &postgres.StaleError{Current: before.Version}
		}
		after := p.Apply(before)
		from, faults := c.CheckAfter(before.ValidFrom, today)
		if err := holdArea(ctx, tx, after, faults); err != nil {
			return err
		}
		args := areaArgs(w.AdCode, id, after, from)
		delete(args, "division")
		args["expected"] = expected
		out, err = oneArea(tx.Query(ctx, `
UPDATE service_area SET name_zh = @name_zh, name_en = @name_en, communities = @communities, closed = @closed,
	valid = daterange(nullif(@from, '')::date, NULL)
WHERE adcode = @adcode AND id = @id AND version = @expected RETURNING `+areaColumns, args))
		if errors.Is(err, ErrNoArea) {
			return postgres.ErrStale
		}
		if err != nil {
			return areaTaken(err, after)
		}
		tx.Note(postgres.Note{Action: "service_area.update", Kind: "service_area", ID: id, Division: out.Division, Before: noted(before), After: noted(out)})
		return nil
	})
	return out, err
}

// holdArea holds an area to the rules, with the communities of its subdistrict.
func holdArea(ctx context.Context, q postgres.Querier, a facilities.ServiceArea, faults []record.Fault) error {
	var known []string
	err := q.QueryRow(ctx, `
SELECT (SELECT coalesce(array_agg(c.code), '{}') FROM division AS c
	WHERE c.adcode = d.adcode AND c.level = 'community' AND (c.parent_code = d.code OR starts_with(c.code, d.code)))
FROM division AS d WHERE d.adcode = yike_adcode() AND d.level = 'subdistrict' AND d.code = @code`,
		pgx.StrictNamedArgs{"code": a.Division}).Scan(&known)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return fmt.Errorf("read the communities of a subdistrict: %w", err)
	}
	return record.Invalid(append(faults, facilities.ValidateArea(a, known)...))
}

func areaTaken(err error, a facilities.ServiceArea) error {
	if postgres.Code(err) != "23505" {
		return err
	}
	return record.Invalid([]record.Fault{{Field: "name_zh", Value: a.NameZH, ZH: "该街镇已有同名片区", EN: "the subdistrict has an area of this name already"}})
}
