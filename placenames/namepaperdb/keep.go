package namepaperdb

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"yike/internal/postgres"
	"yike/internal/record"
	"yike/placenames/papers"
	"yike/placenames/process"
)

// File is a paper that was written and is kept.
type File struct {
	Title, SHA256, Name string
	Size                int64
	Template            int // version of the bureau's template; 0 for that of the program
	Open                []string
}

// Keep keeps a paper of a case. Where the authority has a series for its kind the paper gets the
// next number of the year of its day, in the transaction that keeps it: no number is given twice
// and none is left out. write makes the file with that number and keeps it; it is called once the
// number is certain, and its file is of no meaning where Keep fails. It gives the paper's id, the
// same for the same key. It returns process.ErrNotFound, a *record.InvalidError, the errors of
// write and what postgres.WriteOnce does.
func (s *Store) Keep(ctx context.Context, w postgres.Writer, caseID string, d papers.Draft, today record.Day, write func(number string) (File, error)) (string, error) {
	return postgres.WriteOnce(ctx, s.db, w, "文书定稿 / keep a paper of a case", func(tx *postgres.Tx) (string, error) {
		division, err := mayKeep(ctx, tx, caseID)
		if err != nil {
			return "", err
		}
		set, _, err := settings(ctx, tx, w.AdCode)
		if err != nil {
			return "", err
		}
		d.Number = strings.TrimSpace(d.Number)
		if err := record.Invalid(append(d.Validate(today), set.Typed(d.Kind, d.Number)...)); err != nil {
			return "", err
		}
		given, err := number(ctx, tx, set, d)
		if err != nil {
			return "", err
		}
		if given != nil {
			d.Number = given.String()
		}
		file, err := write(d.Number)
		if err != nil {
			return "", err
		}
		id, err := insert(ctx, tx, caseID, d, given, file)
		if err != nil {
			return "", err
		}
		tx.Note(postgres.Note{Action: "name_paper.keep", Kind: "name_case", ID: caseID, Division: division, After: map[string]any{
			"paper": id, "kind": d.Kind, "number": d.Number, "sha256": file.SHA256, "template": file.Template, "open": file.Open,
		}})
		return id, nil
	})
}

// number gives the next number of the series of a paper; nil where there is none.
func number(ctx context.Context, tx *postgres.Tx, set papers.Settings, d papers.Draft) (*record.DocNumber, error) {
	series, has := set.SeriesOf(d.Kind)
	if spec, ok := papers.Of(d.Kind); !ok || !spec.Numbered || !has {
		return nil, nil
	}
	if err := alone(ctx, tx, fmt.Sprintf("series %s %d", series.Prefix, d.Day.Year())); err != nil {
		return nil, err
	}
	n, err := last(ctx, tx, tx.Writer().AdCode, series.Prefix, d.Day.Year())
	if err != nil {
		return nil, err
	}
	next := series.Next(d.Day.Year(), n)
	return &next, nil
}

func insert(ctx context.Context, tx *postgres.Tx, caseID string, d papers.Draft, given *record.DocNumber, file File) (string, error) {
	id, err := newID()
	if err != nil {
		return "", err
	}
	series := ""
	var no *int
	if given != nil {
		series, no = given.Series, &given.No
	}
	filled := map[string]string{}
	for name, text := range d.Filled {
		if text = strings.TrimSpace(text); text != "" {
			filled[name] = text
		}
	}
	_, err = tx.Exec(ctx, `
INSERT INTO name_paper (adcode, id, case_id, kind, series, year, no, number, day, recipient, title, template, sha256, size, file_name, blanks, filled, who)
VALUES (@adcode, @id, @case, @kind, @series, @year, @no, @number, @day, @to, @title, @template, @sha256, @size, @file_name, @open, @filled, @who)`,
		pgx.StrictNamedArgs{
			"adcode": tx.Writer().AdCode, "id": id, "case": caseID, "kind": string(d.Kind), "series": series, "year": d.Day.Year(), "no": no, "number": d.Number,
			"day": dayOf(d.Day), "to": strings.TrimSpace(d.To), "title": file.Title, "template": file.Template, "sha256": file.SHA256, "size": file.Size,
			"file_name": file.Name, "open": append([]string{}, file.Open...), "filled": filled, "who": tx.Writer().Who,
		})
	if err != nil {
		return "", fmt.Errorf("keep a paper: %w", err)
	}
	return id, nil
}

// mayKeep refuses whoever may not keep papers of a case, and gives its division.
func mayKeep(ctx context.Context, tx *postgres.Tx, caseID string) (string, error) {
	if !postgres.IsID(caseID) {
		return "", process.ErrNotFound
	}
	var division string
	var may bool
	err := tx.QueryRow(ctx, `SELECT division_code, name_paper_may(division_code) FROM name_case WHERE adcode = @adcode AND id = @case`,
		pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "case": caseID}).Scan(&division, &may)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", process.ErrNotFound
	}
	if err != nil {
		return "", fmt.Errorf("ask who may keep papers: %w", err)
	}
	if !may && tx.Writer().Account != "" {
		return "", &postgres.ForbiddenError{Action: mayWrite, Division: division}
	}
	return division, nil
}

// Scan brings the signed copy of a paper back: attach makes it a file of the case, in the same
// transaction, as the material that the paper is (""  for none), and gives its id. It returns
// papers.ErrNotFound, papers.ErrVoid, the errors of attach and what postgres.WriteOnce does.
func (s *Store) Scan(ctx context.Context, w postgres.Writer, id string, attach func(tx *postgres.Tx, p papers.Paper) (string, error)) error {
	return s.act(ctx, w, id, "文书签字件归档 / attach the signed copy of a paper", "name_paper.scan", func(tx *postgres.Tx, p papers.Paper) (kind string, attachment *string, reason string, err error) {
		made, err := attach(tx, p)
		return "scan", &made, "", err
	})
}

// Void makes a paper hold no more; its number stays taken. It returns papers.ErrNotFound,
// papers.ErrVoid where it is void already, a *record.InvalidError without a reason, and what
// postgres.WriteOnce does.
func (s *Store) Void(ctx context.Context, w postgres.Writer, id string, c record.Change, today record.Day) error {
	return s.act(ctx, w, id, "文书作废 / a paper is void", "name_paper.void", func(*postgres.Tx, papers.Paper) (kind string, attachment *string, reason string, err error) {
		_, faults := c.Check(today)
		return "void", nil, strings.TrimSpace(c.Reason), record.Invalid(faults)
	})
}

func (s *Store) act(ctx context.Context, w postgres.Writer, id, why, action string, do func(*postgres.Tx, papers.Paper) (kind string, attachment *string, reason string, err error)) error {
	_, err := postgres.WriteOnce(ctx, s.db, w, why, func(tx *postgres.Tx) (string, error) {
		p, err := one(ctx, tx, w.AdCode, id)
		if err != nil {
			return "", err
		}
		division, err := mayKeep(ctx, tx, p.CaseID)
		if err != nil {
			return "", err
		}
		if err := alone(ctx, tx, "act "+id); err != nil {
			return "", err
		}
		if p, err = one(ctx, tx, w.AdCode, id); err != nil {
			return "", err
		}
		if p.Void != nil {
			return "", papers.ErrVoid
		}
		kind, attachment, reason, err := do(tx, p)
		if err != nil {
			return "", err
		}
		made, err := newID()
		if err != nil {
			return "", err
		}
		_, err = tx.Exec(ctx, `
INSERT INTO name_paper_act (adcode, id, paper_id, kind, attachment_id, reason, who) VALUES (@adcode, @id, @paper, @kind, @attachment, @reason, @who)`,
			pgx.StrictNamedArgs{"adcode": w.AdCode, "id": made, "paper": id, "kind": kind, "attachment": attachment, "reason": reason, "who": w.Who})
		if err != nil {
			return "", fmt.Errorf("note what became of a paper: %w", err)
		}
		tx.Note(postgres.Note{Action: action, Kind: "name_case", ID: p.CaseID, Division: division, After: map[string]any{
			"paper": id, "number": p.Number, "attachment": attachment, "reason": reason,
		}})
		return made, nil
	})
	return err
}
