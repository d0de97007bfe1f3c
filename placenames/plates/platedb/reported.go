package platedb

import (
	"context"
	"errors"

	"yike/internal/postgres"
	"yike/internal/record"
	"yike/placenames/plates"
	"yike/placenames/plates/life"
)

// Reported writes, in the caller's transaction, that a plate was found damaged as somebody of the
// public reported it, so that it is among those to be repaired. It gives false for a plate that is
// not on a wall, or waits for its repair already, which stays as it is. It returns life.ErrNotFound
// and a *record.InvalidError.
func Reported(ctx context.Context, tx *postgres.Tx, code plates.Token, trouble, note string, today record.Day) (bool, error) {
	p, err := present(ctx, tx, tx.Writer().AdCode, code)
	if err != nil {
		return false, err
	}
	if p.State != life.Fixed && p.State != life.Verified {
		return false, nil
	}
	if err := alone(ctx, tx, tx.Writer().AdCode+" "+code.String()); err != nil {
		return false, err
	}
	err = take(ctx, tx, code, life.Told{Event: life.Event{Kind: life.Damage, Day: today, Trouble: trouble, Note: note}}, life.Rules{Today: today})
	if errors.Is(err, life.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}
