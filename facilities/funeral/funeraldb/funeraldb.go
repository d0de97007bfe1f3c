// Package funeraldb stores the planned moves of niches, and reads from the registry what
// they are between. It must not know how a balance is worked out.
package funeraldb

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"yike/facilities"
	"yike/facilities/funeral"
	"yike/internal/postgres"
	"yike/internal/record"
)

// ErrNotFound says that there is no transfer of that id.
var ErrNotFound = errors.New("没有这条迁移安排 / no such transfer")

// mayWrite is needed in the division of the closing hall.
const mayWrite = "facility.write"

// Store reads and writes transfers.
type Store struct{ db *postgres.DB }

// New gives a store on db.
func New(db *postgres.DB) *Store { return &Store{db: db} }

const columns = `id::text, version, from_hall::text, to_hall::text, division_code, year, niches, villages, note, cancelled`

func scan(row pgx.CollectableRow) (funeral.Transfer, error) {
	var t funeral.Transfer
	err := row.Scan(&t.ID, &t.Version, &t.From, &t.To, &t.DivisionCode, &t.Year, &t.Niches, &t.Villages, &t.Note, &t.Cancelled)
	return t, err
}

// List gives every transfer as w may see it, those that were cancelled too, by year.
func (s *Store) List(ctx context.Context, w postgres.Writer) ([]funeral.Transfer, error) {
	var list []funeral.Transfer
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		rows, err := q.Query(ctx, `SELECT `+columns+` FROM niche_transfer WHERE adcode = @adcode ORDER BY year, id`,
			pgx.StrictNamedArgs{"adcode": w.AdCode})
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, scan)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list transfers: %w", err)
	}
	return list, nil
}

// Places gives the published facilities that are sorted, columbaria and the rest, without
// tombstones, wherever they are; those that are not placed, too.
func (s *Store) Places(ctx context.Context, w postgres.Writer) ([]facilities.Facility, error) {
	var list []facilities.Facility
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		var err error
		list, err = places(ctx, q, w.AdCode)
		return err
	})
	return list, err
}

func places(ctx context.Context, q postgres.Querier, adcode string) ([]facilities.Facility, error) {
	rows, err := q.Query(ctx, `
SELECT id::text, version, type, name_zh, name_en, status, division_code, capacity, serves, fields, example, geom IS NULL
FROM facility
WHERE adcode = @adcode AND type = ANY (@types) AND stage = 'published' AND replaced_by = '{}'
ORDER BY division_code COLLATE "C", name_zh, id`, pgx.StrictNamedArgs{"adcode": adcode, "types": funeral.Kinds()})
	if err != nil {
		return nil, fmt.Errorf("read columbaria: %w", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (facilities.Facility, error) {
		f := facilities.Facility{Stage: facilities.Published}
		err := row.Scan(&f.ID, &f.Version, &f.Type, &f.NameZH, &f.NameEN, &f.Status, &f.DivisionCode, &f.Capacity, &f.Serves, &f.Fields, &f.Example, &f.Unplaced)
		return f, err
	})
	if err != nil {
		return nil, fmt.Errorf("read columbaria: %w", err)
	}
	return list, nil
}

// Create plans a transfer out of t.From. Asked again with the same key it gives the
// transfer as it was made. It returns a *record.InvalidError and what postgres.WriteOnce
// does.
func (s *Store) Create(ctx context.Context, w postgres.Writer, t funeral.Transfer, c record.Change, today record.Day) (funeral.Transfer, error) {
	return postgres.WriteOnce(ctx, s.db, w, cmp.Or(c.Reason, "?"), func(tx *postgres.Tx) (funeral.Transfer, error) {
		if err := tx.Require(ctx, mayWrite, ""); err != nil {
			return t, err
		}
		_, faults := c.Check(today)
		checked, err := validate(ctx, tx, w.AdCode, &t)
		if err != nil {
			return t, err
		}
		if err := record.Invalid(append(faults, checked...)); err != nil {
			return t, err
		}
		if err := tx.Require(ctx, mayWrite, t.DivisionCode); err != nil {
			return t, err
		}
		id, err := uuid.NewV7()
		if err != nil {
			return t, fmt.Errorf("new id: %w", err)
		}
		args := contentArgs(w.AdCode, id.String(), t)
		args["from"] = t.From
		made, err := transferRows().One(tx.Query(ctx, `
INSERT INTO niche_transfer (adcode, id, from_hall, to_hall, division_code, year, niches, villages, note, cancelled)
VALUES (@adcode, @id, @from, @to, @division, @year, @niches, @villages, @note, @cancelled)
RETURNING `+columns, args))
		if err != nil {
			return t, err
		}
		tx.Note(postgres.Note{Action: "niche_transfer.create", Kind: "niche_transfer", ID: made.ID, Division: made.DivisionCode, After: made})
		return made, nil
	})
}

func contentArgs(adcode, id string, t funeral.Transfer) pgx.StrictNamedArgs {
	return pgx.StrictNamedArgs{
		"adcode": adcode, "id": id, "to": t.To, "division": t.DivisionCode, "year": t.Year, "niches": t.Niches,
		"villages": append([]string{}, t.Villages...), "note": t.Note, "cancelled": t.Cancelled,
	}
}

// validate holds a transfer against the registry, and puts it where its closing hall is.
func validate(ctx context.Context, q postgres.Querier, adcode string, t *funeral.Transfer) ([]record.Fault, error) {
	list, err := places(ctx, q, adcode)
	if err != nil {
		return nil, err
	}
	var halls []funeral.Hall
	for _, f := range list {
		if f.Type == funeral.Columbarium {
			halls = append(halls, funeral.HallOf(f))
			if f.ID == t.From {
				t.DivisionCode = f.DivisionCode
			}
		}
	}
	var known []string
	err = q.QueryRow(ctx, `SELECT coalesce(array_agg(code), '{}') FROM division WHERE adcode = @adcode AND level = 'community' AND code = ANY (@codes)`,
		pgx.StrictNamedArgs{"adcode": adcode, "codes": append([]string{}, t.Villages...)}).Scan(&known)
	if err != nil {
		return nil, fmt.Errorf("read communities: %w", err)
	}
	return funeral.Validate(*t, halls, known), nil
}

func transferRows() postgres.Found[funeral.Transfer] {
	return postgres.Found[funeral.Transfer]{What: "transfer", Missing: ErrNotFound, Scan: scan}
}

// errUnchanged rolls back a change that changes nothing.
var errUnchanged = errors.New("nothing to change")

// Update changes a transfer of which the writer saw the version expected. It returns
// ErrNotFound, a *postgres.StaleError, a *record.InvalidError and what postgres.Write
// does.
func (s *Store) Update(ctx context.Context, w postgres.Writer, id string, expected int, p funeral.Patch, c record.Change, today record.Day) (funeral.Transfer, error) {
	if !postgres.IsID(id) {
		return funeral.Transfer{}, ErrNotFound
	}
	var out funeral.Transfer
	err := s.db.Write(ctx, w, cmp.Or(c.Reason, "?"), func(tx *postgres.Tx) error {
		before, err := transferRows().One(tx.Query(ctx, `SELECT `+columns+` FROM niche_transfer WHERE adcode = @adcode AND id = @id`,
			pgx.StrictNamedArgs{"adcode": w.AdCode, "id": id}))
		if err != nil {
			return err
		}
		if err := tx.Require(ctx, mayWrite, before.DivisionCode); err != nil {
			return err
		}
		if before.Version != expected {
			return &postgres.StaleError{Current: before.Version}
		}
		after := p.Apply(before)
		_, faults := c.Check(today)
		checked, err := validate(ctx, tx, w.AdCode, &after)
		if err != nil {
			return err
		}
		if err := record.Invalid(append(faults, checked...)); err != nil {
			return err
		}
		if funeral.Same(before, after) {
			out = before
			return errUnchanged
		}
		out, err = update(ctx, tx, before, after)
		return err
	})
	if errors.Is(err, errUnchanged) {
		err = nil
	}
	return out, err
}

func update(ctx context.Context, tx *postgres.Tx, before, after funeral.Transfer) (funeral.Transfer, error) {
	if err := tx.Require(ctx, mayWrite, after.DivisionCode); err != nil {
		return after, err
	}
	args := contentArgs(tx.Writer().AdCode, before.ID, after)
	args["expected"] = before.Version
	made, err := transferRows().One(tx.Query(ctx, `
UPDATE niche_transfer SET to_hall = @to, division_code = @division, year = @year, niches = @niches, villages = @villages,
	note = @note, cancelled = @cancelled
WHERE adcode = @adcode AND id = @id AND version = @expected
RETURNING `+columns, args))
	if errors.Is(err, ErrNotFound) {
		return made, &postgres.StaleError{Current: before.Version + 1}
	}
	if err != nil {
		return made, err
	}
	tx.Note(postgres.Note{Action: "niche_transfer.update", Kind: "niche_transfer", ID: made.ID, Division: made.DivisionCode, Before: before, After: made})
	return made, nil
}
