package checkdb

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"yike/internal/postgres"
	"yike/internal/record"
	"yike/placenames/wordlists"
)

func clearanceRows() postgres.Found[wordlists.Clearance] {
	return postgres.Found[wordlists.Clearance]{What: "word of an expert", Missing: wordlists.ErrNoClearance, Scan: func(row pgx.CollectableRow) (wordlists.Clearance, error) {
		var c wordlists.Clearance
		err := row.Scan(&c.ID, &c.NameID, &c.Version, &c.Kind, &c.Word, &c.Text, &c.By, &c.Reason, &c.At)
		return c, err
	}}
}

const clearances = `SELECT c.id::text, c.name_id::text, c.version, c.kind, c.word, c.text, c.said_by, c.reason, lower(c.recorded)
FROM name_clearance AS c WHERE c.adcode = @adcode`

// Clearances gives what experts said of a record's names, the latest first.
func (s *Store) Clearances(ctx context.Context, w postgres.Writer, nameID string) ([]wordlists.Clearance, error) {
	if !postgres.IsID(nameID) {
		return nil, nil
	}
	var out []wordlists.Clearance
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		var err error
		out, err = clearanceRows().All(q.Query(ctx, clearances+` AND c.name_id = @name ORDER BY c.id DESC`, pgx.StrictNamedArgs{"adcode": w.AdCode, "name": nameID}))
		return err
	})
	return out, err
}

// Clear keeps an expert's word on the present name of a record, once for each key. It returns
// wordlists.ErrNoName, a *record.InvalidError and what postgres.WriteOnce does.
func (s *Store) Clear(ctx context.Context, w postgres.Writer, c wordlists.Clearance) (wordlists.Clearance, error) {
	id, err := postgres.WriteOnce(ctx, s.db, w, why(record.Change{Reason: c.Reason}), func(tx *postgres.Tx) (string, error) {
		division, err := s.named(ctx, tx, &c)
		if err != nil {
			return "", err
		}
		if err := tx.Require(ctx, mayWrite, division); err != nil {
			return "", err
		}
		if err := record.Invalid(c.Check()); err != nil {
			return "", err
		}
		if c.ID, err = newID(); err != nil {
			return "", err
		}
		// Said again of the same word, the newer reason stands.
		args := pgx.StrictNamedArgs{"adcode": w.AdCode, "name": c.NameID, "kind": string(c.Kind), "word": c.Word, "text": c.Text}
		if _, err := tx.Exec(ctx, `DELETE FROM name_clearance WHERE adcode = @adcode AND name_id = @name AND kind = @kind AND word = @word AND text = @text`, args); err != nil {
			return "", fmt.Errorf("take the word before away: %w", err)
		}
		args["id"], args["by"], args["reason"] = c.ID, c.By, c.Reason
		_, err = tx.Exec(ctx, `
INSERT INTO name_clearance (adcode, id, name_id, kind, word, text, said_by, reason) VALUES (@adcode, @id, @name, @kind, @word, @text, @by, @reason)`, args)
		if err != nil {
			return "", fmt.Errorf("keep the word of an expert: %w", err)
		}
		tx.Note(postgres.Note{Action: "name.clear", Kind: "name", ID: c.NameID, Division: division, After: map[string]any{"kind": c.Kind, "word": c.Word, "text": c.Text, "by": c.By}})
		return c.ID, nil
	})
	if err != nil {
		return wordlists.Clearance{}, err
	}
	var out wordlists.Clearance
	err = s.db.Read(ctx, w, func(q postgres.Querier) error {
		out, err = clearanceRows().One(q.Query(ctx, clearances+` AND c.id = @id`, pgx.StrictNamedArgs{"adcode": w.AdCode, "id": id}))
		return err
	})
	return out, err
}

// named fills in the name as it is now, and gives the division that answers for it.
func (*Store) named(ctx context.Context, tx *postgres.Tx, c *wordlists.Clearance) (division string, err error) {
	if !postgres.IsID(c.NameID) {
		return "", wordlists.ErrNoName
	}
	err = tx.QueryRow(ctx, `SELECT text, division_code FROM place_name WHERE adcode = @adcode AND id = @id`,
		pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "id": c.NameID}).Scan(&c.Text, &division)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", wordlists.ErrNoName
	}
	if err != nil {
		return "", fmt.Errorf("read the name that an expert speaks of: %w", err)
	}
	return division, nil
}

// Unclear takes back an expert's word; its history stays. wordlists.ErrNoClearance.
func (s *Store) Unclear(ctx context.Context, w postgres.Writer, nameID, id, reason string) error {
	if !postgres.IsID(id) || !postgres.IsID(nameID) {
		return wordlists.ErrNoClearance
	}
	return s.db.Write(ctx, w, why(record.Change{Reason: reason}), func(tx *postgres.Tx) error {
		of := wordlists.Clearance{NameID: nameID}
		division, err := s.named(ctx, tx, &of)
		if err != nil {
			return err
		}
		if err := tx.Require(ctx, mayWrite, division); err != nil {
			return err
		}
		done, err := tx.Exec(ctx, `DELETE FROM name_clearance WHERE adcode = @adcode AND id = @id AND name_id = @name`,
			pgx.StrictNamedArgs{"adcode": w.AdCode, "id": id, "name": nameID})
		if err != nil {
			return fmt.Errorf("take back the word of an expert: %w", err)
		}
		if done.RowsAffected() == 0 {
			return wordlists.ErrNoClearance
		}
		tx.Note(postgres.Note{Action: "name.unclear", Kind: "name", ID: nameID, Division: division})
		return nil
	})
}

func coverRows() postgres.Found[wordlists.Cover] {
	return postgres.Found[wordlists.Cover]{What: "cover of the register", Missing: wordlists.ErrNoCover, Scan: func(row pgx.CollectableRow) (wordlists.Cover, error) {
		var c wordlists.Cover
		err := row.Scan(&c.ID, &c.Version, &c.Class, &c.Area, &c.Source, &c.Since)
		return c, err
	}}
}

// Covers gives of which classes and areas somebody said that the register is whole.
func (s *Store) Covers(ctx context.Context, w postgres.Writer) ([]wordlists.Cover, error) {
	var out []wordlists.Cover
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		var err error
		out, err = coverRows().All(q.Query(ctx, `SELECT id::text, version, class, area, source, since::text FROM name_cover WHERE adcode = @adcode ORDER BY class, area`,
			pgx.StrictNamedArgs{"adcode": w.AdCode}))
		return err
	})
	return out, err
}

// Cover says that the register has every name of a class in an area, once for each key; said
// again it is of the newer day. It returns a *record.InvalidError and what postgres.WriteOnce
// does.
func (s *Store) Cover(ctx context.Context, w postgres.Writer, c wordlists.Cover, reason string, today record.Day) (wordlists.Cover, error) {
	return postgres.WriteOnce(ctx, s.db, w, why(record.Change{Reason: reason}), func(tx *postgres.Tx) (wordlists.Cover, error) {
		if err := tx.Require(ctx, mayRule, w.AdCode); err != nil {
			return c, err
		}
		_, faults := record.Change{Reason: reason}.Check(today)
		if err := record.Invalid(append(faults, c.Check(s.catalogue, today)...)); err != nil {
			return c, err
		}
		args := pgx.StrictNamedArgs{"adcode": w.AdCode, "class": c.Class, "area": c.Area}
		if _, err := tx.Exec(ctx, `DELETE FROM name_cover WHERE adcode = @adcode AND class = @class AND area = @area`, args); err != nil {
			return c, fmt.Errorf("take the word before away: %w", err)
		}
		var err error
		if c.ID, err = newID(); err != nil {
			return c, err
		}
		args["id"], args["source"], args["since"] = c.ID, c.Source, string(c.Since)
		err = tx.QueryRow(ctx, `INSERT INTO name_cover (adcode, id, class, area, source, since) VALUES (@adcode, @id, @class, @area, @source, @since::text::date) RETURNING version`, args).
			Scan(&c.Version)
		if err != nil {
			return c, fmt.Errorf("keep that the register is whole: %w", err)
		}
		tx.Note(postgres.Note{Action: "name_cover.create", Kind: "name_cover", ID: c.ID, After: c})
		return c, nil
	})
}

// Uncover takes back that the register is whole. wordlists.ErrNoCover.
func (s *Store) Uncover(ctx context.Context, w postgres.Writer, id, reason string) error {
	if !postgres.IsID(id) {
		return wordlists.ErrNoCover
	}
	return s.db.Write(ctx, w, why(record.Change{Reason: reason}), func(tx *postgres.Tx) error {
		if err := tx.Require(ctx, mayRule, ""); err != nil {
			return err
		}
		args := pgx.StrictNamedArgs{"adcode": w.AdCode, "id": id}
		var there bool
		if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM name_cover WHERE adcode = @adcode AND id = @id)`, args).Scan(&there); err != nil {
			return fmt.Errorf("look whether the register was said to be whole: %w", err)
		}
		if !there {
			return wordlists.ErrNoCover
		}
		if err := tx.Require(ctx, mayRule, w.AdCode); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM name_cover WHERE adcode = @adcode AND id = @id`, args); err != nil {
			return fmt.Errorf("take back that the register is whole: %w", err)
		}
		tx.Note(postgres.Note{Action: "name_cover.remove", Kind: "name_cover", ID: id})
		return nil
	})
}
