package main

import (
	"context"
	"time"

	"yike/internal/auth"
	"yike/internal/httpapi"
	"yike/internal/postgres"
	"yike/internal/record"
)

// recordStore is what stores of versioned records have in common: R is a record, I one as it
// is shown, P what somebody wants otherwise.
type recordStore[R, I, P any] interface {
	ByID(ctx context.Context, w postgres.Writer, id string) (I, error)
	Create(ctx context.Context, w postgres.Writer, made R, c record.Change, today record.Day) (I, error)
	Update(ctx context.Context, w postgres.Writer, id string, expected int, p P, c record.Change, today record.Day) (I, error)
	Remove(ctx context.Context, w postgres.Writer, id string, expected int, c record.Change, today record.Day) error
	HistoryOf(ctx context.Context, w postgres.Writer, id string) ([]postgres.Version, error)
}

// recordDesk reads and writes records of a kind for the person who asks, and leaves what was
// refused in the audit log.
type recordDesk[R, I, P any] struct {
	records recordStore[R, I, P]
	kind    string // in the audit log: estate, premises
	called  func(R) string
	adcode  string
	refused refusals
	now     func() time.Time
	program *postgres.Writer // who asks where that is the program itself; nil where it is requests
}

func (d recordDesk[R, I, P]) writer(ctx context.Context) postgres.Writer {
	if d.program != nil {
		return *d.program
	}
	return writer(ctx, d.adcode)
}

// Today is the day it is for the authority.
func (d recordDesk[R, I, P]) Today() record.Day { return record.DayOf(d.now()) }

// One gives one record.
func (d recordDesk[R, I, P]) One(ctx context.Context, id string) (I, error) {
	return d.records.ByID(ctx, d.writer(ctx), id)
}

// Create makes a record.
func (d recordDesk[R, I, P]) Create(ctx context.Context, r R, c record.Change) (I, error) {
	w := d.writer(ctx)
	made, err := d.records.Create(ctx, w, r, c, d.Today())
	d.refused.note(ctx, w, err, postgres.Note{Action: d.kind + ".create", Kind: d.kind, After: d.called(r)})
	return made, err
}

// Update changes a record.
func (d recordDesk[R, I, P]) Update(ctx context.Context, id string, expected int, p P, c record.Change) (I, error) {
	w := d.writer(ctx)
	made, err := d.records.Update(ctx, w, id, expected, p, c, d.Today())
	d.refused.note(ctx, w, err, postgres.Note{Action: d.kind + ".update", Kind: d.kind, ID: id})
	return made, err
}

// Remove takes a record out.
func (d recordDesk[R, I, P]) Remove(ctx context.Context, id string, expected int, reason string) error {
	w := d.writer(ctx)
	err := d.records.Remove(ctx, w, id, expected, record.Change{Reason: reason}, d.Today())
	d.refused.note(ctx, w, err, postgres.Note{Action: d.kind + ".remove", Kind: d.kind, ID: id})
	return err
}

// History gives the versions of a record.
func (d recordDesk[R, I, P]) History(ctx context.Context, id string) ([]httpapi.RecordVersion, error) {
	if _, signedIn := auth.From(ctx); !signedIn {
		return nil, postgres.ErrAnonymous
	}
	list, err := d.records.HistoryOf(ctx, d.writer(ctx), id)
	if err != nil {
		return nil, err
	}
	return recordVersions(list), nil
}
