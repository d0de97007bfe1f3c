// Package paperdb keeps the templates of papers in a table of the feature whose papers they are.
// The tables of all features have the same columns: rows are added and never changed, so that it
// can be told at any time which template a paper was made from. The files lie elsewhere, under
// their SHA-256.
package paperdb

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"yike/internal/papers"
	"yike/internal/postgres"
)

// Table says where the templates of a feature are kept, and who may set them. All of it is the
// program's own text.
type Table struct {
	Name  string // of the table, and of the subject in the audit log
	Right string // that setting a template needs in the whole authority
	Set   string // why, for the audit log, in both languages
	Reset string
}

// Shelf reads and sets templates. It is safe for concurrent use.
type Shelf struct {
	db    *postgres.DB
	table Table
}

// New gives the templates that a table keeps.
func New(db *postgres.DB, t Table) *Shelf { return &Shelf{db: db, table: t} }

const columns = `kind, version, sha256, size, file_name, who, saved_at`

func rows() postgres.Found[papers.Template] {
	return postgres.Found[papers.Template]{What: "template of papers", Missing: errNone, Scan: func(row pgx.CollectableRow) (papers.Template, error) {
		var t papers.Template
		err := row.Scan(&t.Kind, &t.Version, &t.SHA256, &t.Size, &t.FileName, &t.Who, &t.SavedAt)
		return t, err
	}}
}

var errNone = errors.New("there is no such template of papers")

// Templates gives the present template of each kind that was ever set, and whether the
// reader may set them.
func (s *Shelf) Templates(ctx context.Context, w postgres.Writer) ([]papers.Template, bool, error) {
	var list []papers.Template
	may := false
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		var err error
		list, err = rows().All(q.Query(ctx, `
SELECT DISTINCT ON (kind) `+columns+` FROM `+s.table.Name+` WHERE adcode = @adcode ORDER BY kind, version DESC`,
			pgx.StrictNamedArgs{"adcode": w.AdCode}))
		if err != nil {
			return err
		}
		err = postgres.Require(ctx, q, w, s.table.Right, w.AdCode)
		may = err == nil
		if errors.Is(err, postgres.ErrForbidden) {
			return nil
		}
		return err
	})
	return list, may, err
}

// Template gives the present template of a kind; one of version 0 where none was ever set.
func (s *Shelf) Template(ctx context.Context, w postgres.Writer, kind string) (papers.Template, error) {
	out := papers.Template{Kind: kind}
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		var err error
		out, err = s.present(ctx, q, w.AdCode, kind)
		return err
	})
	return out, err
}

func (s *Shelf) present(ctx context.Context, q postgres.Querier, adcode, kind string) (papers.Template, error) {
	t, err := rows().One(q.Query(ctx, `SELECT `+columns+` FROM `+s.table.Name+` WHERE adcode = @adcode AND kind = @kind ORDER BY version DESC LIMIT 1`,
		pgx.StrictNamedArgs{"adcode": adcode, "kind": kind}))
	if errors.Is(err, errNone) {
		return papers.Template{Kind: kind}, nil
	}
	return t, err
}

// SetTemplate makes a file the template of its kind; without a file that of the program is.
// The file must be kept already. expected is the version that the writer saw. It returns a
// *postgres.StaleError and what postgres.Write does.
func (s *Shelf) SetTemplate(ctx context.Context, w postgres.Writer, expected int, t papers.Template) (papers.Template, error) {
	why := s.table.Set
	if t.SHA256 == "" {
		why = s.table.Reset
	}
	var made papers.Template
	err := s.db.Write(ctx, w, why, func(tx *postgres.Tx) error {
		if err := tx.Require(ctx, s.table.Right, w.AdCode); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended(@what, 0))`, pgx.StrictNamedArgs{"what": s.table.Name + " " + w.AdCode})
		if err != nil {
			return fmt.Errorf("wait for the templates of papers: %w", err)
		}
		before, err := s.present(ctx, tx, w.AdCode, t.Kind)
		if err != nil {
			return err
		}
		if before.Version != expected {
			return &postgres.StaleError{Current: before.Version}
		}
		if made = before; before.SHA256 == t.SHA256 && before.FileName == t.FileName {
			return nil
		}
		made, err = rows().One(tx.Query(ctx, `
INSERT INTO `+s.table.Name+` (adcode, kind, version, sha256, size, file_name, who)
VALUES (@adcode, @kind, @version, @sha256, @size, @file_name, @who) RETURNING `+columns,
			pgx.StrictNamedArgs{
				"adcode": w.AdCode, "kind": t.Kind, "version": expected + 1, "sha256": t.SHA256, "size": t.Size, "file_name": t.FileName, "who": w.Who,
			}))
		if err != nil {
			return fmt.Errorf("set a template of papers: %w", err)
		}
		tx.Note(postgres.Note{Action: s.table.Name + ".set", Kind: s.table.Name, Before: noted(before), After: noted(made)})
		return nil
	})
	return made, err
}

// noted is what the audit log says of a template.
func noted(t papers.Template) map[string]any {
	return map[string]any{"kind": t.Kind, "version": t.Version, "sha256": t.SHA256, "file_name": t.FileName}
}
