package premisesdb

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"yike/facilities/premises"
	"yike/internal/postgres"
	"yike/internal/record"
)

// Enter enters rooms into the ledger in a transaction that does more: those that another
// record hands over. It gives their ids in the order of rooms; or, where anything is wrong
// with any, the faults of each, and has entered none. It returns a *postgres.ForbiddenError
// where the writer does not keep the ledger.
func Enter(ctx context.Context, tx *postgres.Tx, rooms []premises.Room, from, today record.Day) (ids []string, faults [][]record.Fault, err error) {
	faults = make([][]record.Fault, len(rooms))
	wrong := false
	rooms = append([]premises.Room{}, rooms...)
	for i := range rooms {
		rooms[i] = premises.Clean(rooms[i])
		known, err := look(ctx, tx, &rooms[i], today)
		if err != nil {
			return nil, nil, err
		}
		if faults[i] = premises.Validate(rooms[i], known); len(faults[i]) == 0 {
			if faults[i], err = there(ctx, tx, rooms[:i], rooms[i]); err != nil {
				return nil, nil, err
			}
		}
		wrong = wrong || len(faults[i]) > 0
	}
	if wrong {
		return nil, faults, nil
	}
	for _, r := range rooms {
		if err := tx.Require(ctx, mayWrite, r.DivisionCode); err != nil {
			return nil, nil, err
		}
		made, err := insert(ctx, tx, r, from)
		if err != nil {
			return nil, nil, err
		}
		ids = append(ids, made.ID)
	}
	return ids, nil, nil
}

// there are the faults of a room that the ledger has, or that is the same as one before it.
func there(ctx context.Context, tx *postgres.Tx, before []premises.Room, r premises.Room) ([]record.Fault, error) {
	if r.RoomNo == "" {
		return nil, nil
	}
	for _, b := range before {
		if b.DivisionCode == r.DivisionCode && b.Estate == r.Estate && b.Building == r.Building && b.Floor == r.Floor && b.RoomNo == r.RoomNo {
			return []record.Fault{{Field: "room_no", Value: r.RoomNo, ZH: "与前面的一处是同一房号", EN: "is the same room as one before it"}}, nil
		}
	}
	var name string
	var state premises.State
	err := tx.QueryRow(ctx, `
SELECT coalesce(max(name), ''), coalesce(max(state), '') FROM premises
WHERE adcode = @adcode AND division_code = @division AND estate = @estate AND building = @building AND floor = @floor AND room_no = @room_no AND state <> 'withdrawn'`,
		pgx.StrictNamedArgs{
			"adcode": tx.Writer().AdCode, "division": r.DivisionCode, "estate": r.Estate, "building": r.Building, "floor": r.Floor, "room_no": r.RoomNo,
		}).Scan(&name, &state)
	if err != nil {
		return nil, fmt.Errorf("look for a room in the ledger: %w", err)
	}
	if name == "" {
		return nil, nil
	}
	zh, en := premises.Words(premises.States(), string(state))
	return []record.Fault{{
		Field: "room_no", Value: r.RoomNo, ZH: fmt.Sprintf("台账里已有这个房号：%s（%s）", name, zh), EN: fmt.Sprintf("the ledger has this room already: %s (%s)", name, en),
	}}, nil
}
