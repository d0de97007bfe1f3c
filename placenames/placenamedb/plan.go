package placenamedb

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"yike/internal/postgres"
	"yike/internal/record"
	"yike/placenames"
)

// plannedColumns of a reserved name, with the alias n.
const plannedColumns = `n.id::text, n.version, n.text, n.kind, n.plan, n.document, n.division_code, coalesce(n.until::text, ''), coalesce(n.taken_by::text, ''), n.note,
	coalesce(lower(n.valid)::text, '')`

func scanPlanned(row pgx.CollectableRow, more ...any) (placenames.PlannedItem, error) {
	var p placenames.PlannedItem
	err := row.Scan(append([]any{&p.ID, &p.Version, &p.Text, &p.Kind, &p.Plan, &p.Document, &p.Division, &p.Until, &p.TakenBy, &p.Note, &p.ValidFrom}, more...)...)
	return p, err
}

func plannedRows() postgres.Found[placenames.PlannedItem] {
	return postgres.Found[placenames.PlannedItem]{
		What: "reserved name", Missing: placenames.ErrNotPlanned, Scan: func(row pgx.CollectableRow) (placenames.PlannedItem, error) { return scanPlanned(row) },
	}
}

func planned(ctx context.Context, q postgres.Querier, adcode, id string) (placenames.PlannedItem, error) {
	if !postgres.IsID(id) {
		return placenames.PlannedItem{}, placenames.ErrNotPlanned
	}
	return plannedRows().One(q.Query(ctx, `SELECT `+plannedColumns+` FROM planned_name AS n WHERE n.adcode = @adcode AND n.id = @id`,
		pgx.StrictNamedArgs{"adcode": adcode, "id": id}))
}

// plannedItems reads reserved names with whether the reader keeps them.
func plannedItems() postgres.Found[placenames.PlannedItem] {
	return postgres.Found[placenames.PlannedItem]{
		What: "reserved name", Missing: placenames.ErrNotPlanned, Scan: func(row pgx.CollectableRow) (placenames.PlannedItem, error) {
			var may bool
			p, err := scanPlanned(row, &may)
			p.MayWrite = may
			return p, err
		},
	}
}

// PlannedByID gives one reserved name as the writer may see it, or placenames.ErrNotPlanned.
func (s *Store) PlannedByID(ctx context.Context, w postgres.Writer, id string) (placenames.PlannedItem, error) {
	if !postgres.IsID(id) {
		return placenames.PlannedItem{}, placenames.ErrNotPlanned
	}
	var out placenames.PlannedItem
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		args := readerArgs(w)
		args["id"] = id
		var err error
		out, err = plannedItems().One(q.Query(ctx, `SELECT `+plannedColumns+`, `+writable+` FROM planned_name AS n WHERE n.adcode = @adcode AND n.id = @id`, args))
		return err
	})
	return out, err
}

// Planned gives the reserved names that are asked for, by pinyin and id.
func (s *Store) Planned(ctx context.Context, w postgres.Writer, f placenames.PlannedFilter) ([]placenames.PlannedItem, error) {
	a := &asked{args: readerArgs(w), conds: []string{"n.adcode = @adcode"}}
	if f.Plan != "" {
		a.and("n.plan = @plan", "plan", f.Plan)
	}
	if len(f.Kinds) > 0 {
		a.and("n.kind = ANY (@kinds)", "kinds", f.Kinds)
	}
	if f.Within != nil {
		a.and("n.division_code = ANY (@within::text[])", "within", f.Within)
	}
	if f.Text != "" {
		a.and("n.text ILIKE @pattern", "pattern", "%"+escaped(f.Text)+"%")
	}
	if f.Free != nil {
		a.and("(n.taken_by IS NULL AND coalesce(n.until >= @day::date, true)) = @free", "free", *f.Free)
		a.args["day"] = string(f.Day)
	}
	var out []placenames.PlannedItem
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		var err error
		out, err = plannedItems().All(q.Query(ctx, `SELECT `+plannedColumns+`, `+writable+` FROM planned_name AS n WHERE `+strings.Join(a.conds, " AND ")+
			` ORDER BY n.text COLLATE yike_pinyin, n.id`, a.args))
		return err
	})
	return out, err
}

// Reserve puts a name into the plan, once for each key of the writer. It returns a
// *record.InvalidError and what postgres.WriteOnce does.
func (s *Store) Reserve(ctx context.Context, w postgres.Writer, p placenames.Planned, c record.Change, today record.Day) (placenames.PlannedItem, error) {
	id, err := postgres.WriteOnce(ctx, s.db, w, why(c), func(tx *postgres.Tx) (string, error) {
		from, faults := c.Check(today)
		id, err := newID()
		if err != nil {
			return "", err
		}
		p.ID, p.TakenBy = id, ""
		if err := s.checkPlanned(ctx, tx, p, faults, today); err != nil {
			return "", err
		}
		args, err := plannedArgs(tx, p, from)
		if err != nil {
			return "", err
		}
		made, err := plannedRows().One(tx.Query(ctx, `
INSERT INTO planned_name AS n (adcode, id, text, kind, plan, document, division_code, until, note, valid)
VALUES (@adcode, @id, @text, @kind, @plan, @document, @division, @until, @note, daterange(nullif(@from, '')::date, NULL))
RETURNING `+plannedColumns, args))
		if err != nil {
			return "", twice(err, p)
		}
		_, after := record.Values(placenames.PlannedDifferences(placenames.Planned{}, made.Planned))
		tx.Note(postgres.Note{Action: "planned_name.create", Kind: "planned_name", ID: made.ID, Division: made.Division, After: after})
		return made.ID, nil
	})
	if err != nil {
		return placenames.PlannedItem{}, err
	}
	return s.PlannedByID(ctx, w, id)
}

// checkPlanned returns the faults of a reserved name, those given among them, and whether the
// writer may keep it.
func (s *Store) checkPlanned(ctx context.Context, tx *postgres.Tx, p placenames.Planned, faults []record.Fault, today record.Day) error {
	k := placenames.Known{Catalogue: s.catalogue, Today: today}
	of := placenames.Name{Divisions: []string{p.Division}}
	if err := locate(ctx, tx, tx.Writer().AdCode, &of, &k); err != nil {
		return err
	}
	if err := record.Invalid(append(faults, placenames.ValidatePlanned(p, k)...)); err != nil {
		return err
	}
	return tx.Require(ctx, mayWrite, p.Division)
}

func plannedArgs(tx *postgres.Tx, p placenames.Planned, from record.Day) (pgx.StrictNamedArgs, error) {
	document, err := json.Marshal(p.Document)
	if err != nil {
		return nil, fmt.Errorf("encode the document of a reserved name: %w", err)
	}
	return pgx.StrictNamedArgs{
		"adcode": tx.Writer().AdCode, "id": p.ID, "text": p.Text, "kind": p.Kind, "plan": p.Plan, "document": document, "division": p.Division,
		"until": dayOf(p.Until), "note": p.Note, "from": string(from),
	}, nil
}

// twice says that the plan has the name, where the database found so.
func twice(err error, p placenames.Planned) error {
	if postgres.Code(err) != "23505" {
		return err
	}
	return record.Invalid([]record.Fault{{Field: "text", Value: p.Text, ZH: "该规划已有这个名称", EN: "the plan has this name already"}})
}

func heldPlanned(ctx context.Context, tx *postgres.Tx, id string, expected int) (placenames.PlannedItem, error) {
	before, err := planned(ctx, tx, tx.Writer().AdCode, id)
	if err != nil {
		return before, err
	}
	if err := tx.Require(ctx, mayWrite, before.Division); err != nil {
		return before, err
	}
	if before.Version != expected {
		return before, &postgres.StaleError{Current: before.Version}
	}
	return before, nil
}

// ChangePlanned changes a reserved name of which the writer saw the version expected: change
// makes of it what it is to be, or says why it cannot. It returns placenames.ErrNotPlanned,
// ErrTaken where a record took the name and its characters are to change, a *postgres.StaleError,
// a *record.InvalidError and what postgres.Write does.
func (s *Store) ChangePlanned(ctx context.Context, w postgres.Writer, id string, expected int, change func(placenames.Planned) (placenames.Planned, []record.Fault), c record.Change, today record.Day) (placenames.PlannedItem, error) {
	err := s.db.Write(ctx, w, why(c), func(tx *postgres.Tx) error {
		before, err := heldPlanned(ctx, tx, id, expected)
		if err != nil {
			return err
		}
		after, faults := change(before.Planned)
		after.ID, after.TakenBy = before.ID, before.TakenBy
		from, more := c.CheckAfter(before.ValidFrom, today)
		if err := s.checkPlanned(ctx, tx, after, append(faults, more...), today); err != nil {
			return err
		}
		changes := placenames.PlannedDifferences(before.Planned, after)
		if len(changes) == 0 {
			return errUnchanged
		}
		if before.TakenBy != "" && after.Text != before.Text {
			return placenames.ErrTaken
		}
		args, err := plannedArgs(tx, after, from)
		if err != nil {
			return err
		}
		args["expected"] = expected
		tag, err := tx.Exec(ctx, `
UPDATE planned_name SET text = @text, kind = @kind, plan = @plan, document = @document, division_code = @division, until = @until, note = @note,
	valid = daterange(nullif(@from, '')::date, NULL)
WHERE adcode = @adcode AND id = @id AND version = @expected`, args)
		if err != nil {
			return twice(err, after)
		}
		if tag.RowsAffected() == 0 {
			return &postgres.StaleError{Current: before.Version + 1}
		}
		was, is := record.Values(changes)
		tx.Note(postgres.Note{Action: "planned_name.update", Kind: "planned_name", ID: id, Division: after.Division, Before: was, After: is})
		return nil
	})
	if err != nil && !errors.Is(err, errUnchanged) {
		return placenames.PlannedItem{}, err
	}
	return s.PlannedByID(ctx, w, id)
}

// Unreserve takes a name out of the plan that no record took, else placenames.ErrTaken; its
// history stays. It returns placenames.ErrNotPlanned, a *postgres.StaleError, a
// *record.InvalidError and what postgres.Write does.
func (s *Store) Unreserve(ctx context.Context, w postgres.Writer, id string, expected int, c record.Change, today record.Day) error {
	return s.db.Write(ctx, w, why(c), func(tx *postgres.Tx) error {
		before, err := heldPlanned(ctx, tx, id, expected)
		if err != nil {
			return err
		}
		if _, faults := c.CheckAfter(before.ValidFrom, today); len(faults) > 0 {
			return record.Invalid(faults)
		}
		if before.TakenBy != "" {
			return placenames.ErrTaken
		}
		tag, err := tx.Exec(ctx, `DELETE FROM planned_name WHERE adcode = @adcode AND id = @id AND version = @expected AND taken_by IS NULL`,
			pgx.StrictNamedArgs{"adcode": w.AdCode, "id": id, "expected": expected})
		if postgres.Code(err) == "23503" { // a proposal that came to nothing had it
			return placenames.ErrTaken
		}
		if err != nil {
			return fmt.Errorf("remove a reserved name: %w", err)
		}
		if tag.RowsAffected() == 0 {
			return &postgres.StaleError{Current: before.Version + 1}
		}
		was, _ := record.Values(placenames.PlannedDifferences(before.Planned, placenames.Planned{}))
		tx.Note(postgres.Note{Action: "planned_name.remove", Kind: "planned_name", ID: id, Division: before.Division, Before: was})
		return nil
	})
}
