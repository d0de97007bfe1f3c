package casedb

import (
	"cmp"
	"context"
	"fmt"

	"yike/internal/postgres"
	"yike/internal/record"
	"yike/placenames/process"
)

// Amend changes what a case asks for, until it is decided: the new name of a renaming, the
// applicant, the reason. Of a naming the record itself is changed. expected is the version that
// the writer saw. It returns process.ErrNotFound, a *postgres.StaleError, a *record.InvalidError
// and what postgres.Write does.
func (s *Store) Amend(ctx context.Context, w postgres.Writer, id string, expected int, a process.Amendment, why string, today record.Day) error {
	return s.db.Write(ctx, w, cmp.Or(why, "?"), func(tx *postgres.Tx) error {
		if !postgres.IsID(id) {
			return process.ErrNotFound
		}
		if err := alone(ctx, tx, w.AdCode+" "+id); err != nil {
			return err
		}
		before, err := one(ctx, tx, w.AdCode, id)
		if err != nil {
			return err
		}
		if err := tx.Require(ctx, mayWrite, before.Division); err != nil {
			return err
		}
		if before.Version != expected {
			return &postgres.StaleError{Current: before.Version}
		}
		after := before
		_, faults := record.Change{Reason: why}.Check(today)
		if before.Decided() || before.Standing.Ending != process.Open {
			faults = append(faults, record.Fault{Field: "id", Value: before.Number, ZH: "已经批准或办结，不能修改", EN: "it is approved or has ended already"})
		}
		if a.Proposed != nil {
			after.Proposed = *a.Proposed
			if after.Act != process.Renaming {
				faults = append(faults, record.Fault{Field: "proposed_text", ZH: "新命名请修改地名记录", EN: "of a naming, change the record of the name"})
			}
		}
		for _, f := range []struct{ to, from *string }{{&after.Applicant, a.Applicant}, {&after.Contact, a.Contact}, {&after.Reason, a.Reason}} {
			if f.from != nil {
				*f.to = *f.from
			}
		}
		if err := record.Invalid(append(faults, after.Validate()...)); err != nil {
			return err
		}
		args := proposedArgs(after)
		args["adcode"], args["id"] = w.AdCode, id
		_, err = tx.Exec(ctx, `
UPDATE name_case SET text = @text, proposed_text = @proposed_text, proposed_roman = @proposed_roman, proposed_parts = @proposed_parts,
	applicant = @applicant, contact_office = @contact, reason = @reason
WHERE adcode = @adcode AND id = @id`, args)
		if err != nil {
			return fmt.Errorf("change a case: %w", err)
		}
		said := func(d process.Dossier) map[string]any {
			return map[string]any{"proposed_text": d.Proposed.Text, "applicant": d.Applicant, "reason": d.Reason}
		}
		tx.Note(postgres.Note{Action: "name_case.amend", Kind: "name_case", ID: id, Division: before.Division, Before: said(before), After: said(after)})
		return nil
	})
}
