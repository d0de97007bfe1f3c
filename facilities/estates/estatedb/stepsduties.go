package estatedb

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"yike/facilities/estates"
	"yike/facilities/premises"
	"yike/internal/postgres"
	"yike/internal/record"
)

// duty is an estates.Duty as it is stored.
type duty struct {
	Milestone string        `json:"milestone"`
	Norm      premises.Norm `json:"norm"`
	Office    string        `json:"office"`
	Days      int           `json:"days"`
	From      record.Day    `json:"from,omitempty"`
	Until     record.Day    `json:"until,omitempty"`
	OwnOnly   bool          `json:"own_only,omitempty"`
	Series    string        `json:"series,omitempty"`
	Source    string        `json:"source,omitempty"`
}

// duties are what an authority has set; the usual ones where it has set nothing.
func duties(ctx context.Context, q postgres.Querier, adcode string) (estates.Duties, error) {
	var out estates.Duties
	var list []duty
	err := q.QueryRow(ctx, `SELECT version, duties, rectify_days, handover_months FROM estate_duty WHERE adcode = @adcode`, pgx.StrictNamedArgs{"adcode": adcode}).
		Scan(&out.Version, &list, &out.RectifyDays, &out.HandoverMonths)
	if errors.Is(err, pgx.ErrNoRows) {
		return estates.UsualDuties(), nil
	}
	if err != nil {
		return out, fmt.Errorf("read which office answers for what: %w", err)
	}
	for _, d := range list {
		m, ok := estates.ParseMilestone(d.Milestone)
		if !ok {
			return out, fmt.Errorf("a duty is of an unknown milestone %q", d.Milestone)
		}
		out.List = append(out.List, estates.Duty{
			Milestone: m, Norm: d.Norm, Office: d.Office, Days: d.Days, From: d.From, Until: d.Until, OwnOnly: d.OwnOnly, Series: d.Series, Source: d.Source,
		})
	}
	return out, nil
}

// Duties gives which office answers for what, and whether the reader may set it.
func (s *Store) Duties(ctx context.Context, w postgres.Writer) (estates.Duties, bool, error) {
	var out estates.Duties
	may := false
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		var err error
		if out, err = duties(ctx, q, w.AdCode); err != nil {
			return err
		}
		err = postgres.Require(ctx, q, w, mayRule, w.AdCode)
		may = err == nil
		if errors.Is(err, postgres.ErrForbidden) {
			return nil
		}
		return err
	})
	return out, may, err
}

// SetDuties sets which office answers for what from now on; rounds that were asked keep the
// duties of their day. expected is the version that the writer saw, 0 for the usual ones. It
// returns a *postgres.StaleError, a *record.InvalidError and what postgres.Write does.
func (s *Store) SetDuties(ctx context.Context, w postgres.Writer, expected int, d estates.Duties, c record.Change, today record.Day) error {
	return s.db.Write(ctx, w, why(c), func(tx *postgres.Tx) error {
		if err := tx.Require(ctx, mayRule, w.AdCode); err != nil {
			return err
		}
		if err := alone(ctx, tx, "duties "+w.AdCode); err != nil {
			return err
		}
		_, faults := c.Check(today)
		if err := record.Invalid(append(faults, d.Validate()...)); err != nil {
			return err
		}
		before, err := duties(ctx, tx, w.AdCode)
		if err != nil {
			return err
		}
		if before.Version != expected {
			return &postgres.StaleError{Current: before.Version}
		}
		return writeDuties(ctx, tx, before, d)
	})
}

func storedDuties(list []estates.Duty) []duty {
	out := make([]duty, 0, len(list))
	for _, d := range list {
		out = append(out, duty{d.Milestone.Code().Code, d.Norm, d.Office, d.Days, d.From, d.Until, d.OwnOnly, d.Series, d.Source})
	}
	return out
}

func writeDuties(ctx context.Context, tx *postgres.Tx, before, after estates.Duties) error {
	raw, err := json.Marshal(storedDuties(after.List))
	if err != nil {
		return fmt.Errorf("encode which office answers for what: %w", err)
	}
	id, err := newID()
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
INSERT INTO estate_duty (adcode, id, duties, rectify_days, handover_months) VALUES (@adcode, @id, @duties, @rectify, @months)
ON CONFLICT (adcode) DO UPDATE SET duties = excluded.duties, rectify_days = excluded.rectify_days, handover_months = excluded.handover_months`,
		pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "id": id, "duties": raw, "rectify": after.RectifyDays, "months": after.HandoverMonths})
	if err != nil {
		return fmt.Errorf("set which office answers for what: %w", err)
	}
	said := func(d estates.Duties) map[string]any {
		return map[string]any{"duties": storedDuties(d.List), "rectify_days": d.RectifyDays, "handover_months": d.HandoverMonths}
	}
	tx.Note(postgres.Note{Action: "estate.duties", Kind: "estate_duty", Division: tx.Writer().AdCode, Before: said(before), After: said(after)})
	return nil
}
