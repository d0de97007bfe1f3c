// Package exportdb stores the profiles of exports. It must not know what a profile means.
package exportdb

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"yike/facilities/exports"
	"yike/internal/postgres"
	"yike/internal/record"
)

// ErrNotFound says that there is no such profile.
var ErrNotFound = errors.New("没有这个导出方案 / no such export profile")

const mayWrite = "facility.import"

// Store reads and writes profiles.
type Store struct{ db *postgres.DB }

// New gives a store on db.
func New(db *postgres.DB) *Store { return &Store{db: db} }

// Check gives what is wrong with a profile; it is asked inside of the transaction that
// writes it.
type Check func(exports.Profile) []record.Fault

const columns = `id::text, version, name, types, format, system, days, columns, who`

func scan(row pgx.CollectableRow) (exports.Profile, error) {
	var p exports.Profile
	var stored json.RawMessage
	if err := row.Scan(&p.ID, &p.Version, &p.Name, &p.Types, &p.Format, &p.System, &p.Days, &stored, &p.Who); err != nil {
		return p, err
	}
	var list []column
	if err := json.Unmarshal(stored, &list); err != nil {
		return p, fmt.Errorf("read the columns of profile %s: %w", p.ID, err)
	}
	for _, c := range list {
		p.Columns = append(p.Columns, c.profile())
	}
	return p, nil
}

// column is a column as it is stored.
type column struct {
	Head     string      `json:"head"`
	Field    string      `json:"field,omitempty"`
	Constant string      `json:"constant,omitempty"`
	Default  string      `json:"default,omitempty"`
	Codes    [][2]string `json:"codes,omitempty"`
}

func (c column) profile() exports.ProfileColumn {
	out := exports.ProfileColumn{Head: c.Head, Field: c.Field, Constant: c.Constant, Default: c.Default}
	for _, pair := range c.Codes {
		out.Codes = append(out.Codes, exports.Code{From: pair[0], To: pair[1]})
	}
	return out
}

func stored(p exports.Profile) (json.RawMessage, error) {
	list := make([]column, len(p.Columns))
	for i, c := range p.Columns {
		list[i] = column{Head: c.Head, Field: c.Field, Constant: c.Constant, Default: c.Default}
		for _, code := range c.Codes {
			list[i].Codes = append(list[i].Codes, [2]string{code.From, code.To})
		}
	}
	return json.Marshal(list)
}

func profileRows() postgres.Found[exports.Profile] {
	return postgres.Found[exports.Profile]{What: "export profile", Missing: ErrNotFound, Scan: scan}
}

func read(ctx context.Context, q postgres.Querier, adcode, id string) (exports.Profile, error) {
	if !postgres.IsID(id) {
		return exports.Profile{}, ErrNotFound
	}
	return profileRows().One(q.Query(ctx, `SELECT `+columns+` FROM export_profile WHERE adcode = @adcode AND id = @id`, pgx.StrictNamedArgs{"adcode": adcode, "id": id}))
}

// List gives every profile, by name.
func (s *Store) List(ctx context.Context, w postgres.Writer) ([]exports.Profile, error) {
	var list []exports.Profile
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		rows, err := q.Query(ctx, `SELECT `+columns+` FROM export_profile WHERE adcode = @adcode ORDER BY name COLLATE "C"`, pgx.StrictNamedArgs{"adcode": w.AdCode})
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, scan)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list export profiles: %w", err)
	}
	return list, nil
}

// ByID gives one profile. ErrNotFound.
func (s *Store) ByID(ctx context.Context, w postgres.Writer, id string) (exports.Profile, error) {
	var p exports.Profile
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		var err error
		p, err = read(ctx, q, w.AdCode, id)
		return err
	})
	return p, err
}

// Create keeps a profile. Asked again with the same key it gives the same. It returns
// *record.InvalidError and what postgres.WriteOnce does.
func (s *Store) Create(ctx context.Context, w postgres.Writer, p exports.Profile, check Check) (exports.Profile, error) {
	p = exports.Patch{}.Apply(p)
	id, err := postgres.WriteOnce(ctx, s.db, w, "新建导出方案 / new export profile", func(tx *postgres.Tx) (string, error) {
		if err := tx.Require(ctx, mayWrite, ""); err != nil {
			return "", err
		}
		if err := record.Invalid(check(p)); err != nil {
			return "", err
		}
		id, err := uuid.NewV7()
		if err != nil {
			return "", fmt.Errorf("new id: %w", err)
		}
		args, err := contentArgs(tx.Writer(), p)
		if err != nil {
			return "", err
		}
		args["id"] = id.String()
		if _, err = tx.Exec(ctx, `
INSERT INTO export_profile (adcode, id, name, types, format, system, days, columns, who)
VALUES (@adcode, @id, @name, @types, @format, @system, @days, @columns, @who)`, args); err != nil {
			return "", twice(err, p)
		}
		tx.Note(postgres.Note{Action: "export_profile.create", Kind: "export_profile", ID: id.String(), After: p})
		return id.String(), nil
	})
	if err != nil {
		return p, err
	}
	return s.ByID(ctx, w, id)
}

func contentArgs(w postgres.Writer, p exports.Profile) (pgx.StrictNamedArgs, error) {
	columns, err := stored(p)
	if err != nil {
		return nil, fmt.Errorf("write the columns of a profile: %w", err)
	}
	types := make([]string, len(p.Types))
	for i, t := range p.Types {
		types[i] = string(t)
	}
	return pgx.StrictNamedArgs{
		"adcode": w.AdCode, "name": p.Name, "types": types, "format": p.Format, "system": p.System, "days": string(p.Days),
		"columns": columns, "who": w.Who,
	}, nil
}

// twice says that another profile has the name.
func twice(err error, p exports.Profile) error {
	if postgres.Code(err) == "23505" {
		return record.Invalid([]record.Fault{{Field: "name", Value: p.Name, ZH: "已有同名的导出方案", EN: "another export profile has this name"}})
	}
	return fmt.Errorf("keep an export profile: %w", err)
}

// Update changes a profile of which the version expected was seen. A change that changes
// nothing leaves the version. ErrNotFound, *postgres.StaleError, *record.InvalidError.
func (s *Store) Update(ctx context.Context, w postgres.Writer, id string, expected int, patch exports.Patch, check Check) (exports.Profile, error) {
	var out exports.Profile
	err := s.db.Write(ctx, w, "变更导出方案 / change an export profile", func(tx *postgres.Tx) error {
		before, err := held(ctx, tx, id, expected)
		if err != nil {
			return err
		}
		after := patch.Apply(before)
		if err := record.Invalid(check(after)); err != nil {
			return err
		}
		if out = before; after.Same(before) {
			return nil
		}
		args, err := contentArgs(w, after)
		if err != nil {
			return err
		}
		args["id"], args["expected"] = id, expected
		rows, err := tx.Query(ctx, `
UPDATE export_profile SET version = version + 1, change_id = yike_change(), name = @name, types = @types, format = @format, system = @system,
	days = @days, columns = @columns, who = @who, saved_at = now()
WHERE adcode = @adcode AND id = @id AND version = @expected RETURNING `+columns, args)
		out, err = profileRows().One(rows, err)
		if errors.Is(err, ErrNotFound) {
			return &postgres.StaleError{Current: expected + 1}
		}
		if err != nil {
			return twice(err, after)
		}
		tx.Note(postgres.Note{Action: "export_profile.update", Kind: "export_profile", ID: id, Before: before, After: out})
		return nil
	})
	return out, err
}

// held reads a profile that the writer may change and saw a version of.
func held(ctx context.Context, tx *postgres.Tx, id string, expected int) (exports.Profile, error) {
	if err := tx.Require(ctx, mayWrite, ""); err != nil {
		return exports.Profile{}, err
	}
	before, err := read(ctx, tx, tx.Writer().AdCode, id)
	if err == nil && before.Version != expected {
		err = &postgres.StaleError{Current: before.Version}
	}
	return before, err
}

// Remove deletes a profile of which the version expected was seen. ErrNotFound,
// *postgres.StaleError.
func (s *Store) Remove(ctx context.Context, w postgres.Writer, id string, expected int) error {
	return s.db.Write(ctx, w, "删除导出方案 / delete an export profile", func(tx *postgres.Tx) error {
		before, err := held(ctx, tx, id, expected)
		if err != nil {
			return err
		}
		tag, err := tx.Exec(ctx, `DELETE FROM export_profile WHERE adcode = @adcode AND id = @id AND version = @expected`,
			pgx.StrictNamedArgs{"adcode": w.AdCode, "id": id, "expected": expected})
		if err != nil {
			return fmt.Errorf("delete an export profile: %w", err)
		}
		if tag.RowsAffected() == 0 {
			return &postgres.StaleError{Current: expected + 1}
		}
		tx.Note(postgres.Note{Action: "export_profile.remove", Kind: "export_profile", ID: id, Before: before})
		return nil
	})
}
