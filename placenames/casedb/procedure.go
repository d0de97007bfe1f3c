package casedb

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"yike/internal/postgres"
	"yike/internal/record"
	"yike/placenames/process"
)

// procedure is what an authority has set, and its version; the usual one and 0 where it has set
// nothing.
func procedure(ctx context.Context, q postgres.Querier, adcode string) (process.Local, int, error) {
	var out process.Local
	var version int
	var raw json.RawMessage
	err := q.QueryRow(ctx, `SELECT version, settings FROM name_procedure WHERE adcode = @adcode`, pgx.StrictNamedArgs{"adcode": adcode}).Scan(&version, &raw)
	if errors.Is(err, pgx.ErrNoRows) {
		return process.UsualLocal(), 0, nil
	}
	if err == nil {
		err = json.Unmarshal(raw, &out)
	}
	if err != nil {
		return out, 0, fmt.Errorf("read the procedure of the authority: %w", err)
	}
	return out, version, nil
}

// years are what an authority entered of the State Council's notices, and the version; none
// and 0 where it entered nothing.
func years(ctx context.Context, q postgres.Querier, adcode string) (process.Years, int, error) {
	var out process.Years
	var version int
	err := q.QueryRow(ctx, `SELECT version, years FROM working_calendar WHERE adcode = @adcode`, pgx.StrictNamedArgs{"adcode": adcode}).Scan(&version, &out)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, 0, nil
	}
	if err != nil {
		return nil, 0, fmt.Errorf("read the working calendar: %w", err)
	}
	return out, version, nil
}

// Settings gives the procedure and the working calendar of the authority.
func (s *Store) Settings(ctx context.Context, w postgres.Writer) (process.Settings, error) {
	var out process.Settings
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		var err error
		if out.Local, out.Version, err = procedure(ctx, q, w.AdCode); err != nil {
			return err
		}
		if out.Years, out.CalendarVersion, err = years(ctx, q, w.AdCode); err != nil {
			return err
		}
		err = postgres.Require(ctx, q, w, mayRule, w.AdCode)
		out.May = err == nil
		if errors.Is(err, postgres.ErrForbidden) {
			return nil
		}
		return err
	})
	return out, err
}

// SetProcedure sets by what procedure cases that begin from now on go; those that run keep
// theirs. expected is the version that the writer saw, 0 for the usual one. It returns a
// *postgres.StaleError, a *record.InvalidError and what postgres.Write does.
func (s *Store) SetProcedure(ctx context.Context, w postgres.Writer, expected int, l process.Local, reason string, today record.Day) error {
	_, faults := s.book.With(l)
	return s.set(ctx, w, setting{
		table: "name_procedure", column: "settings", action: "name_procedure.set", value: l, faults: faults, expected: expected, reason: reason, today: today,
		present: func(tx *postgres.Tx) (any, int, error) { return anyOf(procedure(ctx, tx, w.AdCode)) },
	})
}

// SetYears sets the working calendar as a whole. The rest is as SetProcedure.
func (s *Store) SetYears(ctx context.Context, w postgres.Writer, expected int, y process.Years, reason string, today record.Day) error {
	return s.set(ctx, w, setting{
		table: "working_calendar", column: "years", action: "working_calendar.set", value: append(process.Years{}, y...), faults: y.Validate(), expected: expected, reason: reason, today: today,
		present: func(tx *postgres.Tx) (any, int, error) { return anyOf(years(ctx, tx, w.AdCode)) },
	})
}

func anyOf[T any](v T, version int, err error) (any, int, error) { return v, version, err }

// setting is one record of an authority that is changed as a whole.
type setting struct {
	table, column, action string
	value                 any
	faults                []record.Fault
	expected              int
	reason                string
	today                 record.Day
	present               func(*postgres.Tx) (any, int, error)
}

func (s *Store) set(ctx context.Context, w postgres.Writer, g setting) error {
	c := record.Change{Reason: g.reason}
	why := g.reason
	if why == "" {
		why = "?"
	}
	return s.db.Write(ctx, w, why, func(tx *postgres.Tx) error {
		if err := tx.Require(ctx, mayRule, w.AdCode); err != nil {
			return err
		}
		if err := alone(ctx, tx, g.table+" "+w.AdCode); err != nil {
			return err
		}
		before, version, err := g.present(tx)
		if err != nil {
			return err
		}
		if version != g.expected {
			return &postgres.StaleError{Current: version}
		}
		_, faults := c.Check(g.today)
		if err := record.Invalid(append(faults, g.faults...)); err != nil {
			return err
		}
		raw, err := json.Marshal(g.value)
		if err != nil {
			return fmt.Errorf("encode %s: %w", g.table, err)
		}
		id, err := newID()
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, fmt.Sprintf(`INSERT INTO %[1]s (adcode, id, %[2]s) VALUES (@adcode, @id, @value) ON CONFLICT (adcode) DO UPDATE SET %[2]s = excluded.%[2]s`, g.table, g.column),
			pgx.StrictNamedArgs{"adcode": w.AdCode, "id": id, "value": raw})
		if err != nil {
			return fmt.Errorf("set %s: %w", g.table, err)
		}
		tx.Note(postgres.Note{Action: g.action, Kind: g.table, Division: w.AdCode, Before: before, After: g.value})
		return nil
	})
}
