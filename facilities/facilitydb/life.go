package facilitydb

import (
	"context"
	"errors"
	"fmt"

	"yike/facilities"
	"yike/internal/postgres"
	"yike/internal/record"
)

// Verify says that somebody held a facility against the place on a day and found it so.
// Asked again with the same key it gives the facility as it was then. It returns what
// Update does.
func (s *Store) Verify(ctx context.Context, w postgres.Writer, id string, expected int, day record.Day, reason string, today record.Day) (facilities.Facility, error) {
	return postgres.WriteOnce(ctx, s.db, w, reason, func(tx *postgres.Tx) (facilities.Facility, error) {
		before, err := writable(ctx, tx, id, expected)
		if err != nil {
			return before, err
		}
		var faults []record.Fault
		switch _, ok := record.ParseDay(string(day)); {
		case !ok:
			faults = append(faults, record.Fault{Field: "day", Value: string(day), ZH: "应为日期，如 2026-11-27", EN: "must be a day such as 2026-11-27"})
		case day > today:
			faults = append(faults, record.Fault{Field: "day", Value: string(day), ZH: "不应晚于今天", EN: "must not be after today"})
		case day < before.VerifiedOn:
			faults = append(faults, record.Fault{
				Field: "day", Value: string(day), ZH: fmt.Sprintf("已有更近的核实（%s）", before.VerifiedOn),
				EN: fmt.Sprintf("it was verified later than that, on %s", before.VerifiedOn),
			})
		}
		if err := record.Invalid(faults); err != nil {
			return before, err
		}
		if day == before.VerifiedOn {
			return before, nil
		}
		after := before
		after.VerifiedOn = day
		return update(ctx, tx, before, after, max(before.ValidFrom, today), "facility.verify")
	})
}

// Seen is a record of which a writer saw a version.
type Seen struct {
	ID      string
	Version int
}

// Merge makes one record of two of one place: gone becomes a tombstone that names into,
// which takes what m says, with what both serve, the codes that it had none of, and the
// files. It gives into as it is then. It returns what Update does.
func (s *Store) Merge(ctx context.Context, w postgres.Writer, gone, into Seen, m facilities.Merge, today record.Day) (facilities.Facility, error) {
	c := record.Change{Reason: m.Reason}
	return postgres.WriteOnce(ctx, s.db, w, why(c), func(tx *postgres.Tx) (facilities.Facility, error) {
		if err := tx.StandOnGround(ctx); err != nil {
			return facilities.Facility{}, err
		}
		from, err := writable(ctx, tx, gone.ID, gone.Version)
		if err != nil {
			return from, err
		}
		to, err := mergeTarget(ctx, tx, into)
		if err != nil {
			return to, err
		}
		tombstone, kept, faults := m.Merged(from, to)
		known, err := s.known(ctx, tx, w.AdCode, kept.Serves)
		if err != nil {
			return to, err
		}
		kept = facilities.Settle(to, kept, known.Types)
		since, more := c.CheckAfter(to.ValidFrom, today)
		faults = append(faults, more...)
		// It must be gone before the other has its codes.
		if err := record.Invalid(faults); err != nil {
			return to, err
		}
		if _, err := update(ctx, tx, from, tombstone, max(from.ValidFrom, today), "facility.merge"); err != nil {
			return to, err
		}
		if kept, faults, err = s.hold(ctx, tx, to, kept, known, nil); err != nil {
			return to, err
		}
		if err := record.Invalid(faults); err != nil {
			return to, err
		}
		if err := mayMake(ctx, tx, to, kept); err != nil {
			return to, err
		}
		if err := s.follow(ctx, tx, from.ID, to.ID); err != nil {
			return to, err
		}
		if len(facilities.Differences(to, kept)) == 0 {
			return to, nil
		}
		return update(ctx, tx, to, kept, since, "facility.merge")
	})
}

// mergeTarget reads the record that another is merged into. What is wrong with it is a
// fault of the request, whose own record is the other.
func mergeTarget(ctx context.Context, tx *postgres.Tx, into Seen) (facilities.Facility, error) {
	f, err := present(ctx, tx, tx.Writer().AdCode, into.ID)
	if err != nil {
		return f, notThere(err, "into", into.ID)
	}
	if err := tx.Require(ctx, mayWrite, f.DivisionCode); err != nil {
		return f, err
	}
	if f.Version != into.Version {
		return f, record.Invalid([]record.Fault{{
			Field: "into_version", Value: fmt.Sprint(into.Version), ZH: fmt.Sprintf("该记录已被他人修改，现为第 %d 版；请重新读取后再并", f.Version),
			EN: fmt.Sprintf("that record was changed meanwhile and is at version %d now; read it again, then merge", f.Version),
		}})
	}
	return f, nil
}

// Split makes several records of one, which becomes a tombstone that names them. Each part
// is as the one it comes from, with what its patch says otherwise. It gives the parts, and
// returns what Update does; faults of a part are called parts/0/name_zh and so on.
func (s *Store) Split(ctx context.Context, w postgres.Writer, seen Seen, parts []facilities.Patch, reason string, today record.Day) ([]facilities.Facility, error) {
	c := record.Change{Reason: reason}
	return postgres.WriteOnce(ctx, s.db, w, why(c), func(tx *postgres.Tx) ([]facilities.Facility, error) {
		if err := tx.StandOnGround(ctx); err != nil {
			return nil, err
		}
		from, err := writable(ctx, tx, seen.ID, seen.Version)
		if err != nil {
			return nil, err
		}
		since, faults := c.CheckAfter(from.ValidFrom, today)
		if n := len(parts); n < facilities.FewestParts || n > facilities.MostParts {
			faults = append(faults, record.Fault{
				Field: "parts", Value: fmt.Sprint(n), ZH: fmt.Sprintf("应为 %d 至 %d 条", facilities.FewestParts, facilities.MostParts),
				EN: fmt.Sprintf("from %d to %d", facilities.FewestParts, facilities.MostParts),
			})
		}
		if err := record.Invalid(faults); err != nil {
			return nil, err
		}
		ids, err := newIDs(len(parts))
		if err != nil {
			return nil, err
		}
		// It must be gone before the parts have its codes.
		tombstone := from
		tombstone.Status, tombstone.ReplacedBy = facilities.Closed, ids
		if _, err := update(ctx, tx, from, tombstone, since, "facility.split"); err != nil {
			return nil, err
		}
		return s.insertParts(ctx, tx, from, ids, parts, since)
	})
}

func (s *Store) insertParts(ctx context.Context, tx *postgres.Tx, from facilities.Facility, ids []string, parts []facilities.Patch, since record.Day) ([]facilities.Facility, error) {
	out := make([]facilities.Facility, len(parts))
	var faults []record.Fault
	for i, p := range parts {
		f := facilities.Part(from, p)
		known, err := s.known(ctx, tx, tx.Writer().AdCode, f.Serves)
		if err != nil {
			return nil, err
		}
		f = facilities.Settle(from, f, known.Types)
		f, found, err := s.holdNew(ctx, tx, f, known, p.Faults(from))
		if err != nil {
			return nil, err
		}
		for _, fault := range found {
			fault.Field = fmt.Sprintf("parts/%d/%s", i, fault.Field)
			faults = append(faults, fault)
		}
		if len(faults) > 0 {
			continue // what is wrong with the others is said, too
		}
		right := mayWrite
		if f.Stage == facilities.Published {
			right = mayPublish
		}
		if err := tx.Require(ctx, right, f.DivisionCode); err != nil {
			return nil, err
		}
		if out[i], err = insertAs(ctx, tx, ids[i], f, since, "facility.split"); err != nil {
			return nil, err
		}
	}
	return out, record.Invalid(faults)
}

// notThere makes a record that is not there a fault of the field that names it.
func notThere(err error, field, id string) error {
	if !errors.Is(err, ErrNotFound) {
		return err
	}
	return record.Invalid([]record.Fault{{Field: field, Value: id, ZH: "没有这个设施", EN: "there is no such facility"}})
}
