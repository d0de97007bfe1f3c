// Package likenessdb stores what people decided of pairs of records that looked alike, and
// reads the records of the registry that are compared.
package likenessdb

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"yike/facilities/likeness"
	"yike/internal/postgres"
	"yike/internal/record"
)

// ErrNotFound says that a side of a pair is no facility that the writer may see.
var ErrNotFound = errors.New("没有这个设施 / no such facility")

// mayWrite is the right that a decision needs where one of the two lies.
const mayWrite = "facility.write"

// Store reads and writes decisions.
type Store struct{ db *postgres.DB }

// New gives a store on db.
func New(db *postgres.DB) *Store { return &Store{db: db} }

// Records gives every facility of adcode that may be compared, in the order of their ids:
// not the tombstones of what was merged, and no examples, which are placed by rule.
func (s *Store) Records(ctx context.Context, adcode string) ([]likeness.Record, error) {
	rows, err := s.db.Reader().Query(ctx, `
SELECT id::text, type, name_zh, address, coalesce(fields ->> 'contact_phone', ''), uscc, institution_code, bureau_no, division_code, geom
FROM facility WHERE adcode = @adcode AND replaced_by = '{}' AND NOT example ORDER BY id`, pgx.StrictNamedArgs{"adcode": adcode})
	if err != nil {
		return nil, fmt.Errorf("read facilities to compare: %w", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (likeness.Record, error) {
		var r likeness.Record
		var at *orb.Point
		err := row.Scan(&r.ID, &r.Type, &r.Name, &r.Address, &r.Phone, &r.USCC, &r.InstitutionCode, &r.BureauNo, &r.DivisionCode, &at)
		if at != nil {
			r.Point, r.Placed = *at, true
		}
		return r, err
	})
	if err != nil {
		return nil, fmt.Errorf("read facilities to compare: %w", err)
	}
	return list, nil
}

// Mark is a word that changes whenever what Records gives may have changed.
func (s *Store) Mark(ctx context.Context, adcode string) (string, error) {
	var mark string
	err := s.db.Reader().QueryRow(ctx, `
SELECT count(*) || '/' || coalesce(sum(hashtextextended(id::text, version)), 0) FROM facility WHERE adcode = @adcode`,
		pgx.StrictNamedArgs{"adcode": adcode}).Scan(&mark)
	if err != nil {
		return "", fmt.Errorf("look whether facilities changed: %w", err)
	}
	return mark, nil
}

// Decisions gives every decision of adcode, in the order in which they were made.
func (s *Store) Decisions(ctx context.Context, adcode string) ([]likeness.Decision, error) {
	rows, err := s.db.Reader().Query(ctx, `
SELECT a, b, verdict, reason, division_code, decided_by, decided_at FROM match_decision
WHERE adcode = @adcode ORDER BY decided_at, id`, pgx.StrictNamedArgs{"adcode": adcode})
	if err != nil {
		return nil, fmt.Errorf("read decisions: %w", err)
	}
	list, err := pgx.CollectRows(rows, scan)
	if err != nil {
		return nil, fmt.Errorf("read decisions: %w", err)
	}
	return list, nil
}

// Decided gives the verdicts of adcode by pair.
func (s *Store) Decided(ctx context.Context, adcode string) (likeness.Decided, error) {
	list, err := s.Decisions(ctx, adcode)
	out := make(likeness.Decided, len(list))
	for _, d := range list {
		out.Add(d)
	}
	return out, err
}

func scan(row pgx.CollectableRow) (likeness.Decision, error) {
	var d likeness.Decision
	err := row.Scan(&d.A, &d.B, &d.Verdict, &d.Reason, &d.Division, &d.By, &d.At)
	return d, err
}

// Decide keeps a decision, in the place of an earlier one of the same pair. Asked again with the same
// key it does nothing more. It returns ErrNotFound, a *record.InvalidError and what
// postgres.WriteOnce does.
func (s *Store) Decide(ctx context.Context, w postgres.Writer, d likeness.Decision, today record.Day) (likeness.Decision, error) {
	return postgres.WriteOnce(ctx, s.db, w, cmp.Or(d.Reason, "?"), func(tx *postgres.Tx) (likeness.Decision, error) {
		return DecideIn(ctx, tx, d, today)
	})
}

// DecideIn is Decide inside a transaction that does more, such as the commit of an import.
func DecideIn(ctx context.Context, tx *postgres.Tx, d likeness.Decision, today record.Day) (likeness.Decision, error) {
	if err := tx.Require(ctx, mayWrite, ""); err != nil {
		return d, err
	}
	d = d.Clean()
	if err := record.Invalid(d.Validate(today)); err != nil {
		return d, err
	}
	division, err := place(ctx, tx, d)
	if err != nil {
		return d, err
	}
	d.Division, d.By = division, tx.Writer().Who
	id, err := uuid.NewV7()
	if err != nil {
		return d, fmt.Errorf("new id: %w", err)
	}
	args := pgx.StrictNamedArgs{
		"adcode": tx.Writer().AdCode, "id": id.String(), "a": d.A, "b": d.B, "verdict": string(d.Verdict), "reason": d.Reason,
		"division": d.Division, "by": d.By,
	}
	// Not ON CONFLICT: the triggers that keep history count what is inserted and what is
	// updated apart.
	var before string
	err = tx.QueryRow(ctx, `SELECT verdict FROM match_decision WHERE adcode = @adcode AND a = @a AND b = @b FOR UPDATE`,
		pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "a": d.A, "b": d.B}).Scan(&before)
	sql := `
UPDATE match_decision SET verdict = @verdict, reason = @reason, division_code = @division, decided_by = @by, decided_at = now()
WHERE adcode = @adcode AND a = @a AND b = @b RETURNING decided_at`
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		sql = `
INSERT INTO match_decision (adcode, id, a, b, verdict, reason, division_code, decided_by)
VALUES (@adcode, @id, @a, @b, @verdict, @reason, @division, @by) RETURNING decided_at`
	case err != nil:
		return d, fmt.Errorf("look for an earlier decision: %w", err)
	default:
		delete(args, "id")
	}
	if err := tx.QueryRow(ctx, sql, args).Scan(&d.At); err != nil {
		return d, fmt.Errorf("keep a decision: %w", err)
	}
	note := postgres.Note{
		Action: "facility.match", Kind: "match_decision", ID: d.A + " " + d.B, Division: d.Division,
		After: map[string]any{"a": d.A, "b": d.B, "verdict": d.Verdict},
	}
	if before != "" {
		note.Before = map[string]any{"verdict": before}
	}
	tx.Note(note)
	return d, nil
}

// place finds the division of a side that the writer may write. Both sides must be there
// for the writer to see; a row of a file lies where the decision says.
func place(ctx context.Context, tx *postgres.Tx, d likeness.Decision) (string, error) {
	divisions := []string{}
	for _, side := range []string{d.A, d.B} {
		division := d.Division
		if !likeness.IsRow(side) {
			var err error
			if division, err = divisionOf(ctx, tx, side); err != nil {
				return "", err
			}
		}
		if division != "" {
			divisions = append(divisions, division)
		}
	}
	refused := error(&postgres.ForbiddenError{Action: mayWrite})
	for _, division := range divisions {
		if refused = tx.Require(ctx, mayWrite, division); refused == nil {
			return division, nil
		}
	}
	return "", refused
}

func divisionOf(ctx context.Context, tx *postgres.Tx, id string) (string, error) {
	if !postgres.IsID(id) {
		return "", ErrNotFound
	}
	var division string
	err := tx.QueryRow(ctx, `SELECT division_code FROM facility WHERE adcode = @adcode AND id = @id`,
		pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "id": id}).Scan(&division)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", ErrNotFound
	}
	if err != nil {
		return "", fmt.Errorf("read a facility: %w", err)
	}
	return division, nil
}

// Scopes gives the beginnings of the codes of the divisions where a writer may write
// facilities; one that is empty stands for all.
func (s *Store) Scopes(ctx context.Context, w postgres.Writer) ([]string, error) {
	if w.Account == "" {
		return []string{""}, nil
	}
	var out []string
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		return q.QueryRow(ctx, `SELECT coalesce(array_agg(rtrim(s, '%')), '{}') FROM unnest(yike_scopes(@action)) AS s`,
			pgx.StrictNamedArgs{"action": mayWrite}).Scan(&out)
	})
	if err != nil {
		return nil, fmt.Errorf("read where %s holds: %w", mayWrite, err)
	}
	return out, nil
}

// Visible tells which facilities of ids a writer may see.
func (s *Store) Visible(ctx context.Context, w postgres.Writer, ids []string) (map[string]bool, error) {
	out := map[string]bool{}
	if len(ids) == 0 {
		return out, nil
	}
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		rows, err := q.Query(ctx, `SELECT id::text FROM facility WHERE adcode = @adcode AND id = ANY (@ids::uuid[])`,
			pgx.StrictNamedArgs{"adcode": w.AdCode, "ids": ids})
		if err != nil {
			return err
		}
		var id string
		_, err = pgx.ForEachRow(rows, []any{&id}, func() error {
			out[id] = true
			return nil
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read which facilities may be seen: %w", err)
	}
	return out, nil
}
