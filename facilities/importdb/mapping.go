package importdb

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"yike/facilities/imports"
	"yike/internal/postgres"
)

// ErrNoMapping says that there is no such mapping, or none that the asker may see.
var ErrNoMapping = errors.New("没有这套列对应 / no such mapping")

// Saved is a mapping that is kept for the next file of the kind.
type Saved struct {
	ID      string
	Name    string
	Headers string
	Mapping imports.Mapping
	Options imports.Options
	Who     string
	SavedAt time.Time
}

const savedColumns = `id::text, name, headers, mapping, options, who, saved_at`

func scanSaved(row pgx.CollectableRow) (Saved, error) {
	var s Saved
	err := row.Scan(&s.ID, &s.Name, &s.Headers, &s.Mapping, &s.Options, &s.Who, &s.SavedAt)
	return s, err
}

// Mappings lists the mappings that w sees, those used last first.
func (s *Store) Mappings(ctx context.Context, w postgres.Writer) ([]Saved, error) {
	var list []Saved
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		rows, err := q.Query(ctx, `SELECT `+savedColumns+` FROM import_mapping WHERE adcode = @adcode ORDER BY used_at DESC, name LIMIT 200`,
			pgx.StrictNamedArgs{"adcode": w.AdCode})
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, scanSaved)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list mappings: %w", err)
	}
	return list, nil
}

// MappingFor gives the mapping that was used last for a set of headings; false for none.
func MappingFor(ctx context.Context, q postgres.Querier, adcode, headers string) (Saved, bool, error) {
	rows, err := q.Query(ctx, `SELECT `+savedColumns+` FROM import_mapping WHERE adcode = @adcode AND headers = @headers ORDER BY used_at DESC LIMIT 1`,
		pgx.StrictNamedArgs{"adcode": adcode, "headers": headers})
	if err != nil {
		return Saved{}, false, fmt.Errorf("look for a mapping: %w", err)
	}
	s, err := pgx.CollectExactlyOneRow(rows, scanSaved)
	if errors.Is(err, pgx.ErrNoRows) {
		return Saved{}, false, nil
	}
	if err != nil {
		return Saved{}, false, fmt.Errorf("look for a mapping: %w", err)
	}
	return s, true, nil
}

// SaveMapping keeps a mapping under its name, in the place of another one of that name.
func SaveMapping(ctx context.Context, tx *postgres.Tx, s Saved) (Saved, error) {
	if err := tx.Require(ctx, mayImport, ""); err != nil {
		return s, err
	}
	id, err := NewID()
	if err != nil {
		return s, err
	}
	rows, err := tx.Query(ctx, `
INSERT INTO import_mapping (adcode, id, name, headers, mapping, options, who) VALUES (@adcode, @id, @name, @headers, @mapping, @options, @who)
ON CONFLICT (adcode, name) DO UPDATE SET headers = excluded.headers, mapping = excluded.mapping, options = excluded.options, who = excluded.who,
	version = import_mapping.version + 1, change_id = yike_change(), saved_at = now(), used_at = now()
RETURNING `+savedColumns, pgx.StrictNamedArgs{
		"adcode": tx.Writer().AdCode, "id": id, "name": s.Name, "headers": s.Headers, "mapping": s.Mapping, "options": s.Options, "who": tx.Writer().Who,
	})
	if err != nil {
		return s, fmt.Errorf("keep a mapping: %w", err)
	}
	kept, err := pgx.CollectExactlyOneRow(rows, scanSaved)
	if err != nil {
		return s, fmt.Errorf("keep a mapping: %w", err)
	}
	tx.Note(postgres.Note{Action: "import.mapping.save", Kind: "import_mapping", ID: kept.ID, After: map[string]any{"name": kept.Name}})
	return kept, nil
}

// ForgetMapping takes a mapping away. It returns ErrNoMapping.
func ForgetMapping(ctx context.Context, tx *postgres.Tx, id string) error {
	if err := tx.Require(ctx, mayImport, ""); err != nil {
		return err
	}
	if !postgres.IsID(id) {
		return ErrNoMapping
	}
	tag, err := tx.Exec(ctx, `DELETE FROM import_mapping WHERE adcode = @adcode AND id = @id`, pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "id": id})
	if err != nil {
		return fmt.Errorf("forget a mapping: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return ErrNoMapping
	}
	tx.Note(postgres.Note{Action: "import.mapping.forget", Kind: "import_mapping", ID: id})
	return nil
}

// MappingUsed notes that a file with these headings came again.
func MappingUsed(ctx context.Context, tx *postgres.Tx, id string) error {
	_, err := tx.Exec(ctx, `UPDATE import_mapping SET used_at = now() WHERE adcode = @adcode AND id = @id`,
		pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "id": id})
	if err != nil {
		return fmt.Errorf("note that a mapping was used: %w", err)
	}
	return nil
}
