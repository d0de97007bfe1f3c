package facilitydb

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"yike/facilities"
	"yike/internal/postgres"
	"yike/internal/record"
)

// Changed is a facility as it was read and as it is to be.
type Changed struct {
	Before, After facilities.Facility
	From          record.Day // the first day of the new version; "" for ever
}

// bulk are the columns of many facilities, each as one array. Arrays in a statement are
// as quick as COPY for the thousand rows of a chunk, and row level security takes them.
type bulk struct {
	n                                                                int
	ids, sources, types, names, namesEN, statuses, stages, addresses []string
	serves, divisions, placedBy, usccs, institutions, bureaus        []string
	fields, verified, replaced, froms                                []string
	capacities, confidences, versions                                []int32
	lons, lats                                                       []*float64
}

func (b *bulk) add(f facilities.Facility, version int, from record.Day) error {
	fields, err := json.Marshal(facilities.TidyFields(f.Fields))
	if err != nil {
		return fmt.Errorf("encode the fields of %s: %w", f.ID, err)
	}
	b.n++
	b.ids, b.sources = append(b.ids, f.ID), append(b.sources, f.SourceID)
	b.types, b.names, b.namesEN = append(b.types, string(f.Type)), append(b.names, f.NameZH), append(b.namesEN, f.NameEN)
	b.statuses, b.stages = append(b.statuses, string(f.Status)), append(b.stages, string(f.Stage))
	b.addresses, b.serves = append(b.addresses, f.Address), append(b.serves, strings.Join(f.Serves, ","))
	b.divisions, b.placedBy = append(b.divisions, f.DivisionCode), append(b.placedBy, string(f.PlacedBy))
	b.usccs, b.institutions, b.bureaus = append(b.usccs, f.USCC), append(b.institutions, f.InstitutionCode), append(b.bureaus, f.BureauNo)
	b.fields, b.verified = append(b.fields, string(fields)), append(b.verified, string(f.VerifiedOn))
	b.replaced, b.froms = append(b.replaced, strings.Join(f.ReplacedBy, ",")), append(b.froms, string(from))
	b.capacities, b.confidences = append(b.capacities, int32(f.Capacity)), append(b.confidences, int32(f.PlaceConfidence))
	b.versions = append(b.versions, int32(version))
	var lon, lat *float64
	if !f.Unplaced {
		x, y := f.Point.Lon(), f.Point.Lat()
		lon, lat = &x, &y
	}
	b.lons, b.lats = append(b.lons, lon), append(b.lats, lat)
	return nil
}

// given are the arrays as rows, with the names of the columns.
const given = `(SELECT id::uuid, source_id, type, name_zh, name_en, status, stage, address, capacity,
		string_to_array(serves, ',') AS serves, division_code,
		CASE WHEN lon IS NOT NULL THEN ST_SetSRID(ST_MakePoint(lon, lat), 4326) END AS geom,
		placed_by, confidence::smallint AS place_confidence, uscc, institution_code, bureau_no, fields::jsonb AS fields,
		nullif(verified, '')::date AS verified_on, string_to_array(replaced, ',')::uuid[] AS replaced_by,
		daterange(nullif(valid_from, '')::date, NULL) AS valid, version
	FROM unnest(@ids::text[], @sources::text[], @types::text[], @names::text[], @names_en::text[], @statuses::text[], @stages::text[],
		@addresses::text[], @capacities::int[], @serves::text[], @divisions::text[], @lons::float8[], @lats::float8[], @placed_by::text[],
		@confidences::int[], @usccs::text[], @institutions::text[], @bureaus::text[], @fields::text[], @verified::text[], @replaced::text[],
		@froms::text[], @versions::int[])
	AS a (id, source_id, type, name_zh, name_en, status, stage, address, capacity, serves, division_code, lon, lat, placed_by,
		confidence, uscc, institution_code, bureau_no, fields, verified, replaced, valid_from, version))`

func (b *bulk) args(adcode string) pgx.StrictNamedArgs {
	return pgx.StrictNamedArgs{
		"adcode": adcode, "ids": b.ids, "sources": b.sources, "types": b.types, "names": b.names, "names_en": b.namesEN,
		"statuses": b.statuses, "stages": b.stages, "addresses": b.addresses, "capacities": b.capacities, "serves": b.serves,
		"divisions": b.divisions, "lons": b.lons, "lats": b.lats, "placed_by": b.placedBy, "confidences": b.confidences,
		"usccs": b.usccs, "institutions": b.institutions, "bureaus": b.bureaus, "fields": b.fields, "verified": b.verified,
		"replaced": b.replaced, "froms": b.froms, "versions": b.versions,
	}
}

// InsertMany registers facilities that were held to the rules already: each has its id,
// and a source id unless it is to get one of ours. Row level security holds the rights;
// the audit entry is the caller's.
func InsertMany(ctx context.Context, tx *postgres.Tx, list []facilities.Facility, from record.Day) error {
	if len(list) == 0 {
		return nil
	}
	b := &bulk{}
	for _, f := range list {
		if f.SourceID == "" {
			f.SourceID = facilities.OwnSource + f.ID
		}
		if err := b.add(f, 1, from); err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, `
INSERT INTO facility (adcode, id, source_id, type, name_zh, name_en, status, stage, address, capacity, serves, division_code, geom,
	placed_by, place_confidence, uscc, institution_code, bureau_no, fields, verified_on, replaced_by, edited, valid)
SELECT @adcode, id, source_id, type, name_zh, name_en, status, stage, address, capacity, serves, division_code, geom,
	placed_by, place_confidence, uscc, institution_code, bureau_no, fields, verified_on, replaced_by, true, valid
FROM `+given+` AS g`, b.args(tx.Writer().AdCode))
	if err != nil {
		return fmt.Errorf("register %d facilities: %w", len(list), err)
	}
	return nil
}

// UpdateMany changes facilities that were held to the rules already, each from the version
// that was read. It returns postgres.ErrStale when somebody changed one meanwhile, and a
// postgres.ForbiddenError where row level security keeps one from being changed.
func UpdateMany(ctx context.Context, tx *postgres.Tx, list []Changed) error {
	if len(list) == 0 {
		return nil
	}
	b := &bulk{}
	for _, c := range list {
		after := c.After
		after.ID, after.SourceID = c.Before.ID, c.Before.SourceID
		if err := b.add(after, c.Before.Version, c.From); err != nil {
			return err
		}
	}
	tag, err := tx.Exec(ctx, `
UPDATE facility AS f SET type = g.type, name_zh = g.name_zh, name_en = g.name_en, status = g.status, stage = g.stage, address = g.address,
	capacity = g.capacity, serves = g.serves, division_code = g.division_code, geom = g.geom, placed_by = g.placed_by,
	place_confidence = g.place_confidence, uscc = g.uscc, institution_code = g.institution_code, bureau_no = g.bureau_no, fields = g.fields,
	verified_on = g.verified_on, replaced_by = g.replaced_by, edited = true, valid = g.valid
FROM `+given+` AS g
WHERE f.adcode = @adcode AND f.id = g.id AND f.version = g.version`, postgres.PlannedAnew, b.args(tx.Writer().AdCode))
	if err != nil {
		return fmt.Errorf("change %d facilities: %w", len(list), err)
	}
	if tag.RowsAffected() != int64(len(list)) {
		return fmt.Errorf("change %d facilities, of which %d are as they were read: %w", len(list), tag.RowsAffected(), postgres.ErrStale)
	}
	return nil
}

// By names a column that facilities are found by.
type By string

// The columns.
const (
	ByIDs         By = "id"
	ByBureauNo    By = "bureau_no"
	ByInstitution By = "institution_code"
	ByUSCC        By = "uscc"
	BySource      By = "source_id"
	ByName        By = "name_zh"
)

// each looks for every value apart. OFFSET 0 keeps the planner from joining instead: how
// many rows it takes a value to have is a guess in a registry that an import is filling,
// and where it guesses wrong it reads all of them for each chunk.
func each(cond string) string {
	return `SELECT f.* FROM unnest(@values::text[]) AS v (value), LATERAL (
	SELECT ` + columns + ` FROM facility WHERE adcode = @adcode AND ` + cond + ` OFFSET 0) AS f`
}

// lookUp is what Find asks, by a column. The records that live and the tombstones have
// indexes of their own.
func (by By) lookUp() (string, error) {
	column := string(by)
	switch by {
	case ByIDs:
		return each(`id = v.value::uuid`), nil
	case ByBureauNo, ByInstitution:
		one := column + ` = v.value AND ` + column + ` <> '' AND replaced_by `
		return each(one+`= '{}'`) + ` UNION ALL ` + each(one+`<> '{}'`), nil
	case ByUSCC:
		return each(column + ` = v.value AND ` + column + ` <> ''`), nil
	case BySource:
		return each(column + ` = v.value`), nil
	case ByName: // in the collation of the index
		return each(column + ` = v.value COLLATE yike_pinyin`), nil
	}
	return "", fmt.Errorf("find facilities by %q: no such column", by)
}

// Find gives the facilities of adcode that have one of the values, which are not empty, in
// a column; tombstones too. Each is given once, in the order of their ids. None is no
// error.
func Find(ctx context.Context, q postgres.Querier, adcode string, by By, values []string) ([]facilities.Facility, error) {
	if len(values) == 0 {
		return nil, nil
	}
	sql, err := by.lookUp()
	if err != nil {
		return nil, err
	}
	values = slices.Clone(values)
	slices.Sort(values)
	rows, err := q.Query(ctx, sql+` ORDER BY id`,
		postgres.PlannedAnew, pgx.StrictNamedArgs{"adcode": adcode, "values": slices.Compact(values)})
	if err != nil {
		return nil, fmt.Errorf("find facilities by %s: %w", by, err)
	}
	list, err := pgx.CollectRows(rows, scan)
	if err != nil {
		return nil, fmt.Errorf("find facilities by %s: %w", by, err)
	}
	return list, nil
}

// Each gives every facility of adcode that is no tombstone to fn, whatever its stage, in
// the order of their ids, and stops at fn's error.
func Each(ctx context.Context, q postgres.Querier, adcode string, fn func(facilities.Facility) error) error {
	rows, err := q.Query(ctx, `SELECT `+columns+` FROM facility WHERE adcode = @adcode AND replaced_by = '{}' ORDER BY id`,
		pgx.StrictNamedArgs{"adcode": adcode})
	if err != nil {
		return fmt.Errorf("read facilities: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		f, err := scan(rows)
		if err != nil {
			return fmt.Errorf("read facilities: %w", err)
		}
		if err := fn(f); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read facilities: %w", err)
	}
	return nil
}
