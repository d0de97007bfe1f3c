package main

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"yike/facilities/estates"
	"yike/facilities/estates/estatedb"
	"yike/facilities/estates/estatehttp"
	"yike/facilities/premises"
	"yike/facilities/premises/premisesdb"
	"yike/geo/divisions"
	"yike/internal/auth"
	"yike/internal/postgres"
	"yike/internal/record"
)

// estateSteps gives estatehttp the milestones of estates, as the person who asks may see and
// go on with them, and joins them with the checks and with the ledger of premises.
type estateSteps struct{ *estateRecords }

var _ estatehttp.Steps = estateSteps{}

// mountEstateSteps serves the milestones of estates.
func mountEstateSteps(api huma.API, records *estateRecords) {
	estatehttp.RegisterSteps(api, estateSteps{records})
}

// checksTried bounds how often an event is tried while others change its estate.
const checksTried = 4

// Walked gives how far an estate is.
func (s estateSteps) Walked(ctx context.Context, id string) (estatehttp.Walked, error) {
	b, err := s.basis(ctx, s.Today())
	if err != nil {
		return estatehttp.Walked{}, err
	}
	w := s.writer(ctx)
	steps, err := s.store.Steps(ctx, w, id)
	if err != nil {
		return estatehttp.Walked{}, err
	}
	p, err := estates.Replay(steps.Events)
	if err != nil {
		return estatehttp.Walked{}, err
	}
	limit := estates.LimitOf(b.set, b.chain, b.day, b.duties)
	return estatehttp.Walked{
		Estate: steps.Estate, Events: steps.Events, Progress: p, Dues: estates.Dues(steps.Estate.Estate, p, limit, b.day), Limit: limit, Set: b.set, Duties: b.duties.On(b.day),
		Speaks:   func(d estates.Duty) bool { return steps.Speaks[estatedb.Office{Name: d.Office, OwnOnly: d.OwnOnly}] },
		MayEnter: may(ctx, auth.PremisesWrite, steps.Estate.DivisionCode),
	}, nil
}

// may reports whether the person who asks may do an action in a division.
func may(ctx context.Context, action auth.Action, division string) bool {
	who, signedIn := auth.From(ctx)
	return signedIn && who.May(action, division)
}

// recorded has an event recorded with what the check at its milestone says of the estate as it
// is, again where the estate was changed between the check and the record.
func (s estateSteps) recorded(ctx context.Context, id string, m estates.Milestone, record func(estates.Frozen) error) error {
	var err error
	for range checksTried {
		var c estatehttp.Checked
		if c, err = s.Check(ctx, id, &m); err != nil {
			return err
		}
		err = record(c.Freeze(c.Set, c.Estate, s.Today()))
		var stale *postgres.StaleError
		if !errors.As(err, &stale) {
			return err
		}
	}
	return err
}

// Ask opens a round.
func (s estateSteps) Ask(ctx context.Context, id string, r estates.Request) error {
	w := s.writer(ctx)
	err := s.recorded(ctx, id, r.Milestone, func(checked estates.Frozen) error {
		_, err := s.store.Ask(ctx, w, id, r, checked, s.Today())
		return err
	})
	s.refused.note(ctx, w, err, postgres.Note{Action: "estate.ask", Kind: "estate", ID: id})
	return err
}

// Answer records an opinion.
func (s estateSteps) Answer(ctx context.Context, id string, o estates.Opinion) (string, error) {
	w := s.writer(ctx)
	var made string
	err := s.recorded(ctx, id, o.Milestone, func(checked estates.Frozen) error {
		var err error
		made, err = s.store.Answer(ctx, w, id, o, checked, s.Today())
		return err
	})
	s.refused.note(ctx, w, err, postgres.Note{Action: "estate.answer", Kind: "estate", ID: id, After: o.Office})
	return made, err
}

// Correct restates an event.
func (s estateSteps) Correct(ctx context.Context, id string, e estates.Event) error {
	w := s.writer(ctx)
	_, err := s.store.Correct(ctx, w, id, e, s.Today())
	s.refused.note(ctx, w, err, postgres.Note{Action: "estate.correct", Kind: "estate", ID: id})
	return err
}

// Mark records whether the conditions of an opinion are met.
func (s estateSteps) Mark(ctx context.Context, id string, m estates.ConditionMark) error {
	w := s.writer(ctx)
	_, err := s.store.MarkCondition(ctx, w, id, m, s.Today())
	s.refused.note(ctx, w, err, postgres.Note{Action: "estate.condition", Kind: "estate", ID: id})
	return err
}

// HandOver has the ledger of premises take rooms over.
func (s estateSteps) HandOver(ctx context.Context, id string, t estates.Transfer, reason string) ([]string, int, error) {
	w, today := s.writer(ctx), s.Today()
	out, err := s.store.HandOver(ctx, w, id, t, record.Change{Reason: reason}, today, enterRooms(today))
	s.refused.note(ctx, w, err, postgres.Note{Action: "estate.handover", Kind: "estate", ID: id})
	return out.Rooms, out.Already, err
}

// enterRooms puts rooms into the ledger of premises, which holds them from today on.
func enterRooms(today record.Day) estatedb.Enter {
	return func(ctx context.Context, tx *postgres.Tx, rooms []premises.Room) ([]string, [][]record.Fault, error) {
		return premisesdb.Enter(ctx, tx, rooms, today, today)
	}
}

// Duties gives which office answers for what.
func (s estateSteps) Duties(ctx context.Context) (estates.Duties, bool, error) {
	return s.store.Duties(ctx, s.writer(ctx))
}

// SetDuties sets which office answers for what.
func (s estateSteps) SetDuties(ctx context.Context, expected int, d estates.Duties, reason string) error {
	w := s.writer(ctx)
	err := s.store.SetDuties(ctx, w, expected, d, record.Change{Reason: reason}, s.Today())
	s.refused.note(ctx, w, err, postgres.Note{Action: "estate.duties", Kind: "estate_duty"})
	return err
}

// Due lists what is due of all estates in a division.
func (s estateSteps) Due(ctx context.Context, division string) ([]estatehttp.DueOf, error) {
	b, err := s.basis(ctx, s.Today())
	if err != nil {
		return nil, err
	}
	within := map[string]bool{}
	if division != "" {
		state := s.held.State()
		if state == nil {
			return nil, estatehttp.ErrNotReady
		}
		if within = divisions.Under(state.Divisions, division); within == nil {
			return nil, estatehttp.ErrUnknownDivision
		}
	}
	w := s.writer(ctx)
	items, err := s.store.All(ctx, w)
	if err != nil {
		return nil, err
	}
	progress, err := s.progressOf(ctx, b.day)
	if err != nil {
		return nil, err
	}
	limit := estates.LimitOf(b.set, b.chain, b.day, b.duties)
	var out []estatehttp.DueOf
	for _, item := range items {
		if division != "" && !within[item.DivisionCode] {
			continue
		}
		for _, due := range estates.Dues(item.Estate, progress.of[item.ID], limit, b.day) {
			out = append(out, estatehttp.DueOf{Due: due, Estate: item.Estate})
		}
	}
	slices.SortStableFunc(out, func(a, b estatehttp.DueOf) int { return cmp.Compare(b.Late, a.Late) })
	return out, nil
}
