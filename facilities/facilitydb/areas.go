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

func areas() small[facilities.ServiceArea] {
	return small[facilities.ServiceArea]{
		Found: postgres.Found[facilities.ServiceArea]{What: "service area", Missing: ErrNoArea, Scan: scanArea},
		table: "service_area", deed: "service_area",
		columns: `id::text, version, name_zh, name_en, division_code, communities, closed, coalesce(lower(valid)::text, '')`,
		content: func(a facilities.ServiceArea) map[string]any {
			return map[string]any{"name_zh": a.NameZH, "name_en": a.NameEN, "communities": a.Communities, "closed": a.Closed}
		},
		facts: func(a facilities.ServiceArea) smallFacts { return smallFacts{a.Division, a.Version, a.ValidFrom} },
		hold:  holdArea,
		twice: func(a facilities.ServiceArea) record.Fault {
			return record.Fault{Field: "name_zh", Value: a.NameZH, ZH: "该街镇已有同名片区", EN: "the subdistrict has an area of this name already"}
		},
	}
}

func scanArea(row pgx.CollectableRow) (facilities.ServiceArea, error) {
	var a facilities.ServiceArea
	err := row.Scan(&a.ID, &a.Version, &a.NameZH, &a.NameEN, &a.Division, &a.Communities, &a.Closed, &a.ValidFrom)
	return a, err
}

// Areas gives the service areas of a division and below it, "" for all, those that were
// given up too, by subdistrict and name. None is no error.
func (s *Store) Areas(ctx context.Context, w postgres.Writer, division string) ([]facilities.ServiceArea, error) {
	return areas().list(ctx, s.db, w, division, `division_code, closed, name_zh COLLATE yike_pinyin, id`)
}

// CreateArea makes a service area, once for each idempotency key. It returns a
// *record.InvalidError and what postgres.WriteOnce does.
func (s *Store) CreateArea(ctx context.Context, w postgres.Writer, a facilities.ServiceArea, c record.Change, today record.Day) (facilities.ServiceArea, error) {
	return areas().create(ctx, s.db, w, facilities.CleanArea(a), c, today)
}

// UpdateArea changes a service area of which the writer saw a version. It returns
// ErrNoArea, a *postgres.StaleError, a *record.InvalidError and what postgres.Write does.
func (s *Store) UpdateArea(ctx context.Context, w postgres.Writer, id string, expected int, p facilities.AreaPatch, c record.Change, today record.Day) (facilities.ServiceArea, error) {
	return areas().update(ctx, s.db, w, id, expected, p.Apply, c, today)
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
