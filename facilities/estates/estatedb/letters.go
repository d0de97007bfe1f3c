package estatedb

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"yike/internal/papers"
	"yike/internal/papers/paperdb"
	"yike/internal/postgres"
)

// ErrNoLetter says that the letter of an opinion has not been sent.
var ErrNoLetter = errors.New("函件尚未定稿 / the letter has not been sent")

// Template is a bureau's template of a kind of letters.
type Template = papers.Template

// templatesOf gives the templates of letters.
func templatesOf(db *postgres.DB) *paperdb.Shelf {
	return paperdb.New(db, paperdb.Table{
		Name: "estate_letter_template", Right: mayRule,
		Set: "设置函件模板 / set a template of letters", Reset: "恢复内置函件模板 / go back to the program's template of letters",
	})
}

// Sent is a letter as it went out.
type Sent struct {
	Step     string // id of the opinion, or of its correction, that the letter is of
	Estate   string
	Kind     string
	Template int // version of the template of the kind; 0 for the program's
	SHA256   string
	Size     int64
	FileName string
	Who      string
	IssuedAt time.Time
}

const sentColumns = `step_id::text, estate_id::text, kind, template, sha256, size, file_name, who, issued_at`

func scanSent(row pgx.CollectableRow) (Sent, error) {
	var l Sent
	err := row.Scan(&l.Step, &l.Estate, &l.Kind, &l.Template, &l.SHA256, &l.Size, &l.FileName, &l.Who, &l.IssuedAt)
	return l, err
}

func sentRows() postgres.Found[Sent] {
	return postgres.Found[Sent]{What: "letter", Missing: ErrNoLetter, Scan: scanSent}
}

// SentOf gives the letters of an estate that went out, by the id of the opinion, or of its
// correction, that each is of.
func (s *Store) SentOf(ctx context.Context, w postgres.Writer, estate string) (map[string]Sent, error) {
	out := map[string]Sent{}
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		rows, err := q.Query(ctx, `SELECT `+sentColumns+` FROM estate_letter WHERE adcode = @adcode AND estate_id = @estate`,
			pgx.StrictNamedArgs{"adcode": w.AdCode, "estate": estate})
		if err != nil {
			return fmt.Errorf("list letters: %w", err)
		}
		list, err := pgx.CollectRows(rows, scanSent)
		for _, l := range list {
			out[l.Step] = l
		}
		return err
	})
	return out, err
}

// Send keeps a letter as it goes out, whose file must be kept already. The letter of an
// opinion goes out once: where it did, that one is returned. It returns ErrNoLetter where
// there is no such opinion, and what postgres.Write does.
func (s *Store) Send(ctx context.Context, w postgres.Writer, l Sent) (Sent, error) {
	var made Sent
	err := s.db.Write(ctx, w, "函件定稿 / send a letter", func(tx *postgres.Tx) error {
		if err := tx.Require(ctx, mayAnswer, ""); err != nil {
			return err
		}
		division, err := maySend(ctx, tx, l)
		if err != nil {
			return err
		}
		if err := alone(ctx, tx, "letter "+l.Step); err != nil {
			return err
		}
		made, err = sentRows().One(tx.Query(ctx, `SELECT `+sentColumns+` FROM estate_letter WHERE adcode = @adcode AND step_id = @step`,
			pgx.StrictNamedArgs{"adcode": w.AdCode, "step": l.Step}))
		if !errors.Is(err, ErrNoLetter) {
			return err
		}
		made, err = sentRows().One(tx.Query(ctx, `
INSERT INTO estate_letter (adcode, step_id, estate_id, kind, template, sha256, size, file_name, who)
VALUES (@adcode, @step, @estate, @kind, @template, @sha256, @size, @file_name, @who) RETURNING `+sentColumns,
			pgx.StrictNamedArgs{
				"adcode": w.AdCode, "step": l.Step, "estate": l.Estate, "kind": l.Kind, "template": l.Template, "sha256": l.SHA256, "size": l.Size,
				"file_name": l.FileName, "who": w.Who,
			}))
		if err != nil {
			return fmt.Errorf("keep a letter: %w", err)
		}
		tx.Note(postgres.Note{
			Action: "estate.letter", Kind: "estate", ID: l.Estate, Division: division,
			After: map[string]any{"step": l.Step, "kind": l.Kind, "template": l.Template, "sha256": l.SHA256, "file_name": l.FileName},
		})
		return nil
	})
	return made, err
}

// maySend refuses whoever may not record the opinion, and gives the estate's division.
func maySend(ctx context.Context, tx *postgres.Tx, l Sent) (string, error) {
	if !postgres.IsID(l.Step) || !postgres.IsID(l.Estate) {
		return "", ErrNoLetter
	}
	var division string
	var may bool
	err := tx.QueryRow(ctx, `
SELECT e.division_code, estate_speaks_for(e.division_code, s.office, s.own_only) FROM estate_step AS s
JOIN estate AS e ON e.adcode = s.adcode AND e.id = s.estate_id
WHERE s.adcode = @adcode AND s.id = @step AND s.estate_id = @estate AND s.kind = 'opinion'`,
		pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "step": l.Step, "estate": l.Estate}).Scan(&division, &may)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", ErrNoLetter
	}
	if err != nil {
		return "", fmt.Errorf("ask who may send a letter: %w", err)
	}
	if !may && tx.Writer().Account != "" {
		return "", &postgres.ForbiddenError{Action: mayAnswer, Division: division}
	}
	return division, nil
}

// LetterFile tells whether a letter or a template has a file, in any district of the database.
// They are never taken away.
func LetterFile(ctx context.Context, q postgres.Querier, sha256 string) (bool, error) {
	var held bool
	err := q.QueryRow(ctx, `
SELECT EXISTS (SELECT FROM estate_letter WHERE sha256 = @sha256) OR EXISTS (SELECT FROM estate_letter_template WHERE sha256 = @sha256)`,
		pgx.StrictNamedArgs{"sha256": sha256}).Scan(&held)
	if err != nil {
		return true, fmt.Errorf("look for letters with a file: %w", err)
	}
	return held, nil
}
