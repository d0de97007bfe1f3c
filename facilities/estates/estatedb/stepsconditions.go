package estatedb

import (
	"context"

	"github.com/jackc/pgx/v5"

	"yike/facilities/estates"
	"yike/internal/postgres"
	"yike/internal/record"
)

// MarkCondition records whether the conditions of an opinion are met. Whoever may give the opinion of
// its office may. Asked again with the same key it gives the same event. It returns the event's
// id, and estates.ErrNotFound, a *estates.StepError, a *postgres.ForbiddenError and what
// postgres.WriteOnce does.
func (s *Store) MarkCondition(ctx context.Context, w postgres.Writer, estate string, m estates.ConditionMark, today record.Day) (string, error) {
	return postgres.WriteOnce(ctx, s.db, w, "落实意见所附条件 / conditions of an opinion", func(tx *postgres.Tx) (string, error) {
		if err := tx.Require(ctx, mayAnswer, ""); err != nil {
			return "", err
		}
		at, err := walkOn(ctx, tx, estate, today)
		if err != nil {
			return "", err
		}
		e := estates.Event{Mark: &m}
		if err := at.fits(e); err != nil {
			return "", err
		}
		if _, err := at.p.Mark(m); err != nil {
			return "", err
		}
		if err := at.speaksFor(ctx, at.duty(at.opinionOf(m))); err != nil {
			return "", err
		}
		return at.add(ctx, e, lettered{})
	})
}

// opinionOf is the opinion whose conditions a mark is of.
func (k *walk) opinionOf(m estates.ConditionMark) estates.Opinion {
	for _, c := range k.p.Conditions() {
		if c.ID == m.Opinion {
			return c.Opinion
		}
	}
	return estates.Opinion{}
}

// markArgs fills in the parameters of a mark, and gives what the audit log says of it.
func (k *walk) markArgs(args pgx.StrictNamedArgs, m estates.ConditionMark) postgres.Note {
	o := k.opinionOf(m)
	args["kind"], args["milestone"], args["day"], args["words"], args["by"] = "condition", o.Milestone.Code().Code, dayOf(m.Day), m.Note, m.By
	args["norm"], args["office"], args["own"] = string(o.Norm), o.Office, k.duty(o).OwnOnly
	args["opinion"], args["met"], args["document"] = m.Opinion, m.Met, m.Document
	return postgres.Note{Action: "estate.condition", After: map[string]any{
		"milestone": o.Milestone.Code().Code, "office": o.Office, "letter": o.Letter, "met": m.Met, "day": m.Day, "by": m.By, "document": m.Document,
	}}
}
