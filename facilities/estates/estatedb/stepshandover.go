package estatedb

import (
	"context"
	"errors"
	"slices"
	"strings"

	"yike/facilities/estates"
	"yike/facilities/premises"
	"yike/internal/postgres"
	"yike/internal/record"
)

// Enter puts rooms into the ledger of premises in a transaction and gives their ids there, in
// the order of rooms, or for each room what is wrong with it. Nothing is entered where
// anything is wrong.
type Enter func(ctx context.Context, tx *postgres.Tx, rooms []premises.Room) (ids []string, faults [][]record.Fault, err error)

// HandedOver says what became of a hand-over.
type HandedOver struct {
	Rooms   []string `json:"rooms"`   // ids of the ledger that are new
	Already int      `json:"already"` // rooms asked for that the ledger had
}

// HandOver has the ledger of premises take over the rooms of an estate, in one transaction
// with what the estate's record says of them: each room once, all or none. Asked again it
// changes nothing. It returns estates.ErrNotFound, a *estates.StepError, a
// *record.InvalidError that names rooms, and what postgres.WriteOnce does.
func (s *Store) HandOver(ctx context.Context, w postgres.Writer, id string, t estates.Transfer, c record.Change, today record.Day, enter Enter) (HandedOver, error) {
	return postgres.WriteOnce(ctx, s.db, w, why(c), func(tx *postgres.Tx) (HandedOver, error) {
		var out HandedOver
		if err := tx.StandOnGround(ctx); err != nil {
			return out, err
		}
		if err := tx.Require(ctx, mayWrite, ""); err != nil {
			return out, err
		}
		at, err := walkOn(ctx, tx, id, today)
		if err != nil {
			return out, err
		}
		if err := tx.Require(ctx, mayWrite, at.estate.DivisionCode); err != nil {
			return out, err
		}
		from, faults := c.CheckAfter(at.estate.ValidFrom, today)
		taken, err := at.estate.Transfer(at.p, t, today)
		var invalid *record.InvalidError
		if err != nil && !errors.As(err, &invalid) {
			return out, err
		}
		if invalid != nil {
			faults = append(faults, invalid.Faults...)
		}
		if err := record.Invalid(faults); err != nil {
			return out, err
		}
		if out.Already = at.asked(t) - len(taken); len(taken) == 0 {
			return out, nil
		}
		after, err := at.take(ctx, taken, t, enter)
		if err != nil {
			return out, err
		}
		for _, k := range taken {
			out.Rooms = append(out.Rooms, after.Rooms[k.Index].LedgerID)
		}
		return out, update(ctx, tx, at.estate, after, from, "estate.handover")
	})
}

// asked counts the rooms that a hand-over asks for.
func (k *walk) asked(t estates.Transfer) int {
	if len(t.Rooms) == 0 {
		return len(k.estate.Rooms)
	}
	n := 0
	for _, r := range k.estate.Rooms {
		if slices.Contains(t.Rooms, r.ID) {
			n++
		}
	}
	return n
}

// take enters rooms into the ledger and gives the estate that says so.
func (k *walk) take(ctx context.Context, taken []estates.LedgerRoom, t estates.Transfer, enter Enter) (estates.Estate, error) {
	rooms := make([]premises.Room, len(taken))
	for i, x := range taken {
		rooms[i] = x.Room
	}
	ids, wrong, err := enter(ctx, k.tx, rooms)
	if err != nil {
		return k.estate, err
	}
	var faults []record.Fault
	for i, list := range wrong {
		for _, f := range list {
			f.Field = strings.TrimSuffix(f.Field, "_m2")
			faults = append(faults, estates.RoomFault(taken[i].Index, k.estate.Rooms[taken[i].Index], f))
		}
	}
	if err := record.Invalid(faults); err != nil {
		return k.estate, err
	}
	after := k.estate
	after.Rooms = slices.Clone(k.estate.Rooms)
	for i, x := range taken {
		r := &after.Rooms[x.Index]
		r.LedgerID, r.HandedOverOn = ids[i], t.Day
		if r.AcceptedOn == "" {
			r.AcceptedOn = x.Room.AcceptedOn
		}
	}
	return after, nil
}
