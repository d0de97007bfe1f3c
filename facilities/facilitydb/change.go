package facilitydb

import (
	"context"
	"errors"

	"yike/facilities"
	"yike/internal/postgres"
	"yike/internal/record"
)

// errUnchanged rolls back a change that changes nothing.
var errUnchanged = errors.New("nothing to change")

// ReplacedError says that others took the place of a record, so that it stays what it is.
type ReplacedError struct {
	Name string
	By   []string // ids
}

func (e *ReplacedError) Error() string {
	return "其他记录已取代它 / others took its place: " + e.Name
}

// Update changes a facility of which the writer saw the version expected, and gives it
// as it is then. A patch that changes nothing leaves no version behind. It returns
// ErrNotFound, a *ReplacedError, a *postgres.StaleError, a *record.InvalidError and what
// postgres.Write does.
func (s *Store) Update(ctx context.Context, w postgres.Writer, id string, expected int, p facilities.Patch, c record.Change, today record.Day) (facilities.Facility, error) {
	var out facilities.Facility
	err := s.db.Write(ctx, w, why(c), func(tx *postgres.Tx) error {
		if err := tx.StandOnGround(ctx); err != nil {
			return err
		}
		before, err := writable(ctx, tx, id, expected)
		if err != nil {
			return err
		}
		out, err = s.updateIn(ctx, tx, before, p, c, today, "")
		return err
	})
	if errors.Is(err, errUnchanged) {
		err = nil
	}
	return out, err
}

// writable reads a facility that is about to be written: the writer may, saw its version,
// and it is no tombstone.
func writable(ctx context.Context, tx *postgres.Tx, id string, expected int) (facilities.Facility, error) {
	f, err := present(ctx, tx, tx.Writer().AdCode, id)
	if err != nil {
		return f, err
	}
	if err := tx.Require(ctx, mayWrite, f.DivisionCode); err != nil {
		return f, err
	}
	if f.Version != expected {
		return f, &postgres.StaleError{Current: f.Version}
	}
	if f.Tombstone() {
		return f, &ReplacedError{Name: f.NameZH, By: f.ReplacedBy}
	}
	return f, nil
}

// updateIn writes what a patch makes of a facility that was read in this write. It gives
// errUnchanged, and the facility, where that is nothing.
func (s *Store) updateIn(ctx context.Context, tx *postgres.Tx, before facilities.Facility, p facilities.Patch, c record.Change, today record.Day, deed string) (facilities.Facility, error) {
	known, err := s.known(ctx, tx, tx.Writer().AdCode, p.Apply(before).Serves)
	if err != nil {
		return before, err
	}
	after := facilities.Settle(before, p.Apply(before), known.Types)
	from, faults := c.CheckAfter(before.ValidFrom, today)
	faults = append(faults, p.Faults(before)...)
	faults = append(faults, facilities.LifeFaults(before, after, c.Correction)...)
	after, faults, err = s.hold(ctx, tx, before, after, known, faults)
	if err != nil {
		return before, err
	}
	if err := record.Invalid(faults); err != nil {
		return before, err
	}
	if len(facilities.Differences(before, after)) == 0 {
		return before, errUnchanged
	}
	if err := mayMake(ctx, tx, before, after); err != nil {
		return before, err
	}
	return update(ctx, tx, before, after, from, deed)
}

// hold finds where a facility lies after a change, and adds the faults of what it is then
// to those found already.
func (s *Store) hold(ctx context.Context, tx *postgres.Tx, before, after facilities.Facility, known facilities.Known, faults []record.Fault) (facilities.Facility, []record.Fault, error) {
	adcode := tx.Writer().AdCode
	faults = append(faults, facilities.ValidateChange(before, after, known)...)
	if after.Stage == facilities.Published && before.Stage != facilities.Published {
		faults = append(faults, facilities.PublishFaults(after, known.Types)...)
	}
	if after.BureauNo != before.BureauNo || after.InstitutionCode != before.InstitutionCode {
		others, err := taken(ctx, tx, adcode, after)
		if err != nil {
			return after, faults, err
		}
		faults = append(faults, others...)
	}
	if after.Unplaced != before.Unplaced || after.Point != before.Point || after.DivisionCode != before.DivisionCode {
		var err error
		if after.DivisionCode, faults, err = locate(ctx, tx, adcode, after, faults); err != nil {
			return after, faults, err
		}
	}
	return after, faults, nil
}

// mayMake asks for the rights that a change needs where the facility comes to be, and for
// the step that the office takes with it.
func mayMake(ctx context.Context, tx *postgres.Tx, before, after facilities.Facility) error {
	if err := tx.Require(ctx, mayWrite, after.DivisionCode); err != nil {
		return err
	}
	step, ok := facilities.StepBetween(before.Stage, after.Stage)
	if !ok || step.Right == "" {
		return nil
	}
	for _, division := range []string{before.DivisionCode, after.DivisionCode} {
		if err := tx.Require(ctx, step.Right, division); err != nil {
			return err
		}
	}
	return nil
}
