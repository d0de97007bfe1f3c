package facilitydb

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"yike/facilities"
	"yike/internal/postgres"
	"yike/internal/record"
)

// ErrNoSteward says that there is no steward of that id.
var ErrNoSteward = errors.New("没有这个责任单位 / no such steward")

const stewardColumns = `id::text, version, division_code, office, post, phone, verify_days, coalesce(lower(valid)::text, '')`

func scanSteward(row pgx.CollectableRow) (facilities.Steward, error) {
	var s facilities.Steward
	err := row.Scan(&s.ID, &s.Version, &s.Division, &s.Office, &s.Post, &s.Phone, &s.VerifyDays, &s.ValidFrom)
	return s, err
}

func oneSteward(rows pgx.Rows, err error) (facilities.Steward, error) {
	if err != nil {
		return facilities.Steward{}, fmt.Errorf("read steward: %w", err)
	}
	s, err := pgx.CollectExactlyOneRow(rows, scanSteward)
	if errors.Is(err, pgx.ErrNoRows) {
		return s, ErrNoSteward
	}
	if err != nil {
		return s, fmt.Errorf("read steward: %w", err)
	}
	return s, nil
}

// Stewards gives who looks after which division, by division. None is no error.
func (s *Store) Stewards(ctx context.Context, w postgres.Writer) ([]facilities.Steward, error) {
	var list []facilities.Steward
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		rows, err := q.Query(ctx, `SELECT `+stewardColumns+` FROM division_steward WHERE adcode = @adcode ORDER BY division_code, id`,
			pgx.StrictNamedArgs{"adcode": w.AdCode})
		if err != nil {
			return fmt.Errorf("list stewards: %w", err)
		}
		if list, err = pgx.CollectRows(rows, scanSteward); err != nil {
			return fmt.Errorf("list stewards: %w", err)
		}
		return nil
	})
	return list, err
}

// CreateSteward names who looks after a division, once for each idempotency key. It
// returns a *record.InvalidError and what postgres.WriteOnce does.
func (s *Store) CreateSteward(ctx context.Context, w postgres.Writer, n facilities.Steward, c record.Change, today record.Day) (facilities.Steward, error) {
	return postgres.WriteOnce(ctx, s.db, w, why(c), func(tx *postgres.Tx) (facilities.Steward, error) {
		n := facilities.StewardPatch{Office: &n.Office, Post: &n.Post, Phone: &n.Phone}.Apply(n)
		if err := tx.Require(ctx, mayPublish, n.Division); err != nil {
			return n, err
		}
		from, faults := c.Check(today)
		if err := holdSteward(ctx, tx, n, faults); err != nil {
			return n, err
		}
		ids, err := newIDs(1)
		if err != nil {
			return n, err
		}
		args := stewardArgs(w.AdCode, ids[0], n, from)
		args["division"] = n.Division
		made, err := oneSteward(tx.Query(ctx, `
INSERT INTO division_steward (adcode, id, division_code, office, post, phone, verify_days, valid)
VALUES (@adcode, @id, @division, @office, @post, @phone, @verify_days, daterange(nullif(@from, '')::date, NULL)) RETURNING `+stewardColumns, args))
		if postgres.Code(err) == "23505" {
			return n, record.Invalid([]record.Fault{{Field: "division_code", Value: n.Division, ZH: "该辖区已有责任单位，请修改原有的", EN: "the division has a steward already; change that one"}})
		}
		if err != nil {
			return n, err
		}
		tx.Note(postgres.Note{Action: "steward.create", Kind: "division_steward", ID: made.ID, Division: made.Division, After: notedSteward(made)})
		return made, nil
	})
}

func stewardArgs(adcode, id string, n facilities.Steward, from record.Day) pgx.StrictNamedArgs {
	return pgx.StrictNamedArgs{
		"adcode": adcode, "id": id, "office": n.Office, "post": n.Post, "phone": n.Phone, "verify_days": n.VerifyDays, "from": string(from),
	}
}

func notedSteward(n facilities.Steward) map[string]any {
	return map[string]any{"office": n.Office, "post": n.Post, "phone": n.Phone, "verify_days": n.VerifyDays}
}

// UpdateSteward changes a steward of which the writer saw a version. It returns
// ErrNoSteward, a *postgres.StaleError, a *record.InvalidError and what postgres.Write does.
func (s *Store) UpdateSteward(ctx context.Context, w postgres.Writer, id string, expected int, p facilities.StewardPatch, c record.Change, today record.Day) (facilities.Steward, error) {
	var out facilities.Steward
	err := s.db.Write(ctx, w, why(c), func(tx *postgres.Tx) error {
		if !postgres.IsID(id) {
			return ErrNoSteward
		}
		before, err := oneSteward(tx.Query(ctx, `SELECT `+stewardColumns+` FROM division_steward WHERE adcode = @adcode AND id = @id`,
			pgx.StrictNamedArgs{"adcode": w.AdCode, "id": id}))
		if err != nil {
			return err
		}
		if err := tx.Require(ctx, mayPublish, before.Division); err != nil {
			return err
		}
		if before.Version != expected {
			return &postgres.StaleError{Current: before.Version}
		}
		after := p.Apply(before)
		from, faults := c.CheckAfter(before.ValidFrom, today)
		if err := holdSteward(ctx, tx, after, faults); err != nil {
			return err
		}
		args := stewardArgs(w.AdCode, id, after, from)
		args["expected"] = expected
		out, err = oneSteward(tx.Query(ctx, `
UPDATE division_steward SET office = @office, post = @post, phone = @phone, verify_days = @verify_days,
	valid = daterange(nullif(@from, '')::date, NULL)
WHERE adcode = @adcode AND id = @id AND version = @expected RETURNING `+stewardColumns, args))
		if errors.Is(err, ErrNoSteward) {
			return postgres.ErrStale
		}
		if err != nil {
			return err
		}
		tx.Note(postgres.Note{Action: "steward.update", Kind: "division_steward", ID: id, Division: out.Division, Before: notedSteward(before), After: notedSteward(out)})
		return nil
	})
	return out, err
}

func holdSteward(ctx context.Context, q postgres.Querier, n facilities.Steward, faults []record.Fault) error {
	var known bool
	err := q.QueryRow(ctx, `SELECT EXISTS (SELECT FROM division WHERE adcode = yike_adcode() AND code = @code)`,
		pgx.StrictNamedArgs{"code": n.Division}).Scan(&known)
	if err != nil {
		return fmt.Errorf("look for a division: %w", err)
	}
	return record.Invalid(append(faults, facilities.ValidateSteward(n, known)...))
}
