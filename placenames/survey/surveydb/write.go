package surveydb

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"yike/internal/postgres"
	"yike/internal/record"
	"yike/placenames/survey"
)

// errUnchanged rolls back a change that changes nothing.
var errUnchanged = errors.New("nothing to change")

// Update changes a visit of which the writer saw the version expected, and gives it as it is
// then. It returns survey.ErrNotFound, survey.ErrRests, a *postgres.StaleError, a
// *record.InvalidError and what postgres.Write does.
func (s *Store) Update(ctx context.Context, w postgres.Writer, id string, expected int, p survey.Patch, c record.Change, today record.Day) (survey.Visit, error) {
	err := s.db.Write(ctx, w, why(c), func(tx *postgres.Tx) error {
		before, err := held(ctx, tx, id, expected)
		if err != nil {
			return err
		}
		after := p.Apply(before)
		from, faults := c.CheckAfter(before.ValidFrom, today)
		if err := check(ctx, tx, after, faults, today); err != nil {
			return err
		}
		if len(survey.Changes(before, after)) == 0 {
			return errUnchanged
		}
		return change(ctx, tx, before, after, from)
	})
	if err != nil && !errors.Is(err, errUnchanged) {
		return survey.Visit{}, err
	}
	return s.ByID(ctx, w, id)
}

func change(ctx context.Context, tx *postgres.Tx, before, after survey.Visit, from record.Day) error {
	args := contentArgs(after, from)
	args["adcode"], args["id"], args["expected"] = tx.Writer().AdCode, before.ID, before.Version
	made, err := found().One(tx.Query(ctx, `
UPDATE name_visit AS v SET day = @day::date, people = @people, track = @track, points = @points, findings = @findings, note = @note,
	valid = daterange(nullif(@from, '')::date, NULL)
WHERE v.adcode = @adcode AND v.id = @id AND v.version = @expected
RETURNING `+columns, args))
	if errors.Is(err, survey.ErrNotFound) {
		return &postgres.StaleError{Current: before.Version + 1}
	}
	if err != nil {
		return err
	}
	was, is := record.Values(survey.Changes(before, made))
	tx.Note(postgres.Note{Action: "name_visit.update", Kind: kind, ID: made.ID, Division: made.Division, Before: was, After: is})
	return nil
}

// held reads a visit that the writer may change and saw a version of.
func held(ctx context.Context, tx *postgres.Tx, id string, expected int) (survey.Visit, error) {
	before, err := present(ctx, tx, tx.Writer().AdCode, id)
	if err != nil {
		return before, err
	}
	if err := tx.Require(ctx, mayWrite, before.Division); err != nil {
		return before, err
	}
	switch {
	case before.Version != expected:
		return before, &postgres.StaleError{Current: before.Version}
	case before.Settled:
		return before, survey.ErrRests
	}
	return before, nil
}

// Remove takes out a visit that should never have been entered; its history stays. It returns
// what Update does.
func (s *Store) Remove(ctx context.Context, w postgres.Writer, id string, expected int, c record.Change, today record.Day) error {
	return s.db.Write(ctx, w, why(c), func(tx *postgres.Tx) error {
		before, err := held(ctx, tx, id, expected)
		if err != nil {
			return err
		}
		if _, faults := c.CheckAfter(before.ValidFrom, today); len(faults) > 0 {
			return record.Invalid(faults)
		}
		tag, err := tx.Exec(ctx, `DELETE FROM name_visit WHERE adcode = @adcode AND id = @id AND version = @expected`,
			pgx.StrictNamedArgs{"adcode": w.AdCode, "id": id, "expected": expected})
		if err != nil {
			return fmt.Errorf("remove a visit: %w", err)
		}
		if tag.RowsAffected() == 0 {
			return &postgres.StaleError{Current: before.Version + 1}
		}
		was, _ := record.Values(survey.Changes(before, survey.Visit{}))
		tx.Note(postgres.Note{Action: "name_visit.remove", Kind: kind, ID: id, Division: before.Division, Before: was})
		return nil
	})
}

// history is what people are shown of a version of a visit; of its track how long it is.
func history() postgres.History {
	return postgres.History{Table: "name_visit", Fields: []postgres.Field{
		{Name: "day", SQL: "day::text"},
		{Name: "people", SQL: "people"},
		{Name: "track", SQL: "jsonb_array_length(track)"},
		{Name: "points", SQL: "points"},
		{Name: "findings", SQL: "findings"},
		{Name: "note", SQL: "note"},
	}}
}

// HistoryOf gives the versions of a visit, the newest first, to those who may read the history
// where it is or was last, or survey.ErrNotFound.
func (s *Store) HistoryOf(ctx context.Context, w postgres.Writer, id string) ([]postgres.Version, error) {
	return history().Of(ctx, s.db, w, id, survey.ErrNotFound)
}
