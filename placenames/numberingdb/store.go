// Package numberingdb stores the rule sets by which a bureau numbers doors and by which of them a
// road was numbered, and reads what stands along a road. It knows the tables of migration 0038;
// what a rule set is and what follows from it are rules of placenames/numbering.
package numberingdb

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"yike/internal/postgres"
	"yike/internal/record"
	"yike/placenames/numbering"
)

// Store reads and writes rule sets. It is safe for concurrent use.
type Store struct{ db *postgres.DB }

// New gives a store on db.
func New(db *postgres.DB) *Store { return &Store{db: db} }

// mayWrite is the right that every write needs: of a rule set in the whole district, of a road in
// the division of its name.
const mayWrite = "address.write"

// kind is what the audit log calls a rule set.
const kind = "numbering_rule"

// errUnchanged rolls back a change that changes nothing.
var errUnchanged = errors.New("nothing to change")

// columns of a rule set, with the alias r, as scan reads them.
const columns = `r.id::text, r.version, r.definition, r.standard, r.retired, r.document, r.note, coalesce(lower(r.valid)::text, '')`

func found() postgres.Found[numbering.LocalRule] {
	return postgres.Found[numbering.LocalRule]{What: "rule set of numbering", Missing: numbering.ErrNoRule, Scan: func(row pgx.CollectableRow) (numbering.LocalRule, error) {
		var l numbering.LocalRule
		err := row.Scan(&l.ID, &l.Version, &l.Rules, &l.Standard, &l.Retired, &l.Document, &l.Note, &l.ValidFrom)
		return l, err
	}}
}

// List gives the rule sets of the bureau: the standard one, then by name; retired ones last.
func (s *Store) List(ctx context.Context, w postgres.Writer) ([]numbering.LocalRule, error) {
	var out []numbering.LocalRule
	err := s.db.Read(ctx, w, func(q postgres.Querier) (err error) {
		out, err = found().All(q.Query(ctx, `
SELECT `+columns+` FROM numbering_rule AS r WHERE r.adcode = @adcode
ORDER BY r.retired, r.standard DESC, r.definition ->> 'name_zh' COLLATE yike_pinyin, r.id`, pgx.StrictNamedArgs{"adcode": w.AdCode}))
		return err
	})
	return out, err
}

// ByID gives one rule set, or numbering.ErrNoRule.
func (s *Store) ByID(ctx context.Context, w postgres.Writer, id string) (numbering.LocalRule, error) {
	var out numbering.LocalRule
	err := s.db.Read(ctx, w, func(q postgres.Querier) (err error) {
		out, err = one(ctx, q, w.AdCode, id)
		return err
	})
	return out, err
}

func one(ctx context.Context, q postgres.Querier, adcode, id string) (numbering.LocalRule, error) {
	if !postgres.IsID(id) {
		return numbering.LocalRule{}, numbering.ErrNoRule
	}
	return found().One(q.Query(ctx, `SELECT `+columns+` FROM numbering_rule AS r WHERE r.adcode = @adcode AND r.id = @id`, pgx.StrictNamedArgs{"adcode": adcode, "id": id}))
}

// MayMake reports whether the writer may make rule sets.
func (s *Store) MayMake(ctx context.Context, w postgres.Writer) (bool, error) {
	var may bool
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		return q.QueryRow(ctx, `SELECT @adcode LIKE ANY (yike_scopes(@right))`, pgx.StrictNamedArgs{"adcode": w.AdCode, "right": mayWrite}).Scan(&may)
	})
	if err != nil {
		return false, fmt.Errorf("ask who may make rule sets: %w", err)
	}
	return may, nil
}

// Create makes a rule set, once for each key of the writer. It returns a *record.InvalidError and
// what postgres.WriteOnce does.
func (s *Store) Create(ctx context.Context, w postgres.Writer, made numbering.LocalRule, c record.Change, today record.Day) (numbering.LocalRule, error) {
	id, err := postgres.WriteOnce(ctx, s.db, w, why(c), func(tx *postgres.Tx) (string, error) {
		if err := tx.Require(ctx, mayWrite, w.AdCode); err != nil {
			return "", err
		}
		from, faults := c.Check(today)
		if err := record.Invalid(append(faults, numbering.ValidateLocal(made)...)); err != nil {
			return "", err
		}
		id, err := uuid.NewV7()
		if err != nil {
			return "", fmt.Errorf("new id: %w", err)
		}
		if err := onlyStandard(ctx, tx, made, id.String(), from); err != nil {
			return "", err
		}
		_, err = tx.Exec(ctx, `
INSERT INTO numbering_rule (adcode, id, definition, standard, retired, document, note, valid)
VALUES (@adcode, @id, @definition, @standard, @retired, @document, @note, daterange(nullif(@from, '')::date, NULL))`, args(w.AdCode, id.String(), made, from))
		if err != nil {
			return "", fmt.Errorf("make a rule set: %w", err)
		}
		_, after := record.Values(numbering.Differences(numbering.LocalRule{}, made))
		tx.Note(postgres.Note{Action: kind + ".create", Kind: kind, ID: id.String(), Division: w.AdCode, After: after})
		return id.String(), nil
	})
	if err != nil {
		return numbering.LocalRule{}, err
	}
	return s.ByID(ctx, w, id)
}

// onlyStandard takes the mark of the standard rule set from the one that has it.
func onlyStandard(ctx context.Context, tx *postgres.Tx, l numbering.LocalRule, id string, from record.Day) error {
	if !l.Standard {
		return nil
	}
	_, err := tx.Exec(ctx, `
UPDATE numbering_rule SET standard = false, valid = daterange(greatest(nullif(@from, '')::date, lower(valid)), NULL)
WHERE adcode = @adcode AND standard AND id <> @id`, pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "id": id, "from": string(from)})
	if err != nil {
		return fmt.Errorf("take the mark of the standard rule set: %w", err)
	}
	return nil
}

func args(adcode, id string, l numbering.LocalRule, from record.Day) pgx.StrictNamedArgs {
	return pgx.StrictNamedArgs{
		"adcode": adcode, "id": id, "definition": l.Rules, "standard": l.Standard, "retired": l.Retired, "document": l.Document, "note": l.Note, "from": string(from),
	}
}

// Update changes a rule set of which the writer saw the version expected. What changes nothing
// makes no version. It returns numbering.ErrNoRule, a *postgres.StaleError, a *record.InvalidError
// and what postgres.Write does.
func (s *Store) Update(ctx context.Context, w postgres.Writer, id string, expected int, after numbering.LocalRule, c record.Change, today record.Day) (numbering.LocalRule, error) {
	err := s.db.Write(ctx, w, why(c), func(tx *postgres.Tx) error {
		before, err := one(ctx, tx, w.AdCode, id)
		if err != nil {
			return err
		}
		if err := tx.Require(ctx, mayWrite, w.AdCode); err != nil {
			return err
		}
		if before.Version != expected {
			return &postgres.StaleError{Current: before.Version}
		}
		from, faults := c.CheckAfter(before.ValidFrom, today)
		if err := record.Invalid(append(faults, numbering.ValidateLocal(after)...)); err != nil {
			return err
		}
		differences := numbering.Differences(before, after)
		if len(differences) == 0 {
			return errUnchanged
		}
		if err := onlyStandard(ctx, tx, after, id, from); err != nil {
			return err
		}
		set := args(w.AdCode, id, after, from)
		set["expected"] = expected
		tag, err := tx.Exec(ctx, `
UPDATE numbering_rule SET definition = @definition, standard = @standard, retired = @retired, document = @document, note = @note,
	valid = daterange(nullif(@from, '')::date, NULL)
WHERE adcode = @adcode AND id = @id AND version = @expected`, set)
		if err != nil {
			return fmt.Errorf("change a rule set: %w", err)
		}
		if tag.RowsAffected() == 0 {
			return &postgres.StaleError{Current: expected + 1}
		}
		was, is := record.Values(differences)
		tx.Note(postgres.Note{Action: kind + ".update", Kind: kind, ID: id, Division: w.AdCode, Before: was, After: is})
		return nil
	})
	if err != nil && !errors.Is(err, errUnchanged) {
		return numbering.LocalRule{}, err
	}
	return s.ByID(ctx, w, id)
}

func why(c record.Change) string { return cmp.Or(c.Reason, "?") }

// HistoryOf gives the versions of a rule set, the newest first, to those who may read the history,
// or numbering.ErrNoRule.
func (s *Store) HistoryOf(ctx context.Context, w postgres.Writer, id string) ([]postgres.Version, error) {
	field := func(name string) postgres.Field {
		return postgres.Field{Name: name, SQL: "definition -> '" + name + "'"}
	}
	fields := []postgres.Field{}
	for _, name := range []string{
		"name_zh", "name_en", "layout", "from", "odd_by", "odd_sides", "counting", "step_m", "reserve_m", "reserve_gaps", "skip", "dead_end_inward", "one_sided_plain",
		"corner_to_main", "run_on", "no_gaps", "rows", "sources",
	} {
		fields = append(fields, field(name))
	}
	for _, name := range []string{"standard", "retired", "document", "note"} {
		fields = append(fields, postgres.Field{Name: name, SQL: name})
	}
	return postgres.History{Table: "numbering_rule", Fields: fields}.Of(ctx, s.db, w, id, numbering.ErrNoRule)
}
