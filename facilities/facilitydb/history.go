package facilitydb

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/jackc/pgx/v5"

	"yike/facilities"
	"yike/internal/postgres"
	"yike/internal/record"
)

// The right to see former versions, and who made them.
const mayReadHistory = "history.read"

// history says what people are shown of a version, by the names of the API.
func history() postgres.History {
	return postgres.History{Table: "facility", Fields: []postgres.Field{
		{Name: "type", SQL: "type"},
		{Name: "name_zh", SQL: "name_zh"},
		{Name: "name_en", SQL: "name_en"},
		{Name: "status", SQL: "status"},
		{Name: "stage", SQL: "stage"},
		{Name: "address", SQL: "address"},
		{Name: "capacity", SQL: "capacity"},
		{Name: "serves", SQL: "serves"},
		{Name: "lon", SQL: "ST_X(geom)"},
		{Name: "lat", SQL: "ST_Y(geom)"},
		{Name: "division_code", SQL: "division_code"},
		{Name: "placed_by", SQL: "placed_by"},
		{Name: "place_confidence", SQL: "place_confidence"},
		{Name: "uscc", SQL: "uscc"},
		{Name: "institution_code", SQL: "institution_code"},
		{Name: "bureau_no", SQL: "bureau_no"},
		{Name: "verified_on", SQL: "verified_on"},
		{Name: "replaced_by", SQL: "replaced_by"},
		{Name: "fields", SQL: "fields"},
	}}
}

// ByID gives the present version of one facility, as w may see it. ErrNotFound when the
// writer's authority has none of that id, or id is none.
func (s *Store) ByID(ctx context.Context, w postgres.Writer, id string) (facilities.Facility, error) {
	var f facilities.Facility
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		var err error
		f, err = present(ctx, q, w.AdCode, id)
		return err
	})
	return f, err
}

// AsOf gives one facility as it was on a day by what was known at a moment, which needs
// the right to read history. ErrNotFound when there was none.
func (s *Store) AsOf(ctx context.Context, w postgres.Writer, id string, at record.At) (facilities.Facility, error) {
	if !postgres.IsID(id) {
		return facilities.Facility{}, ErrNotFound
	}
	var f facilities.Facility
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		if err := mayLookBack(ctx, q, w, id); err != nil {
			return err
		}
		var err error
		f, err = rows().One(q.Query(ctx, `SELECT `+columns+` FROM `+history().AsOf(stored)+` AS facility WHERE adcode = @adcode AND id = @id`,
			postgres.AsOfArgs(at, pgx.StrictNamedArgs{"adcode": w.AdCode, "id": id})))
		return err
	})
	return f, err
}

// mayLookBack asks for the right to read history where the facility lies, or last lay.
func mayLookBack(ctx context.Context, q postgres.Querier, w postgres.Writer, id string) error {
	var division string
	err := q.QueryRow(ctx, `
SELECT division_code FROM (
	SELECT division_code, version FROM facility WHERE adcode = @adcode AND id = @id
	UNION ALL SELECT division_code, version FROM facility_history WHERE adcode = @adcode AND id = @id
) AS every ORDER BY version DESC LIMIT 1`, pgx.StrictNamedArgs{"adcode": w.AdCode, "id": id}).Scan(&division)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return fmt.Errorf("find where the facility lies: %w", err)
	}
	return postgres.Require(ctx, q, w, mayReadHistory, division)
}

// HistoryOf gives all versions of one facility, the newest first, which needs the right
// to read history. ErrNotFound when there never was one.
func (s *Store) HistoryOf(ctx context.Context, w postgres.Writer, id string) ([]postgres.Version, error) {
	if !postgres.IsID(id) {
		return nil, ErrNotFound
	}
	var list []postgres.Version
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		if err := mayLookBack(ctx, q, w, id); err != nil {
			return err
		}
		var err error
		list, err = history().Versions(ctx, q, w.AdCode, id)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("facility %s: %w", id, err)
	}
	if len(list) == 0 {
		return nil, ErrNotFound
	}
	for i := range list {
		if list[i].Changes, err = eachField(list[i].Changes); err != nil {
			return nil, fmt.Errorf("facility %s: %w", id, err)
		}
	}
	return list, nil
}

// eachField says of what a type declares which values changed, instead of all of them.
func eachField(changes []postgres.FieldChange) ([]postgres.FieldChange, error) {
	var out []postgres.FieldChange
	for _, c := range changes {
		if c.Name != "fields" {
			out = append(out, c)
			continue
		}
		var before, after map[string]json.RawMessage
		if err := json.Unmarshal(c.After, &after); err != nil {
			return nil, fmt.Errorf("read what the type declares: %w", err)
		}
		if c.Before != nil {
			if err := json.Unmarshal(c.Before, &before); err != nil {
				return nil, fmt.Errorf("read what the type declares: %w", err)
			}
		}
		names := map[string]bool{}
		for _, fields := range []map[string]json.RawMessage{before, after} {
			for name := range fields {
				names[name] = true
			}
		}
		for _, name := range slices.Sorted(maps.Keys(names)) {
			if !bytes.Equal(before[name], after[name]) {
				out = append(out, postgres.FieldChange{Name: facilities.FieldPrefix + name, Before: before[name], After: orNull(after[name])})
			}
		}
	}
	return out, nil
}

// orNull is a value that was taken out: it was there, and now is nothing.
func orNull(v json.RawMessage) json.RawMessage {
	if v == nil {
		return json.RawMessage("null")
	}
	return v
}
