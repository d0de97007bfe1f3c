package main

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"yike/coverage/coveragelive"
	"yike/geo/divisions"
	"yike/internal/postgres"
	"yike/internal/record"
	"yike/placenames"
	"yike/placenames/casedb"
	"yike/placenames/casehttp"
	"yike/placenames/placenamedb"
	caseprocess "yike/placenames/process"
)

// nameCaseReady says which materials of a case other records show, by code, and in words from
// where: an expert report that is written, a consultation that is summed up.
type nameCaseReady func(ctx context.Context, caseID string) (materials []string, why string, err error)

// nameCases gives casehttp the cases of the district, as the person who asks may see and go on
// with them, and joins them with what other records show of their materials.
type nameCases struct {
	store   *casedb.Store
	book    *caseprocess.Book
	adcode  string
	held    *coveragelive.Holder
	ready   []nameCaseReady
	checks  *nameChecks
	refused refusals
	now     func() time.Time
}

var _ casehttp.Cases = (*nameCases)(nil)

// mountNameCases serves the procedure of place names. checks are what names are held against when
// they are asked for and approved; ready are the rooms that show materials.
func mountNameCases(api huma.API, d desk, checks *nameChecks, refused refusals, now func() time.Time, ready ...nameCaseReady) (*nameCases, error) {
	store, book, err := newNameCaseStore(d.db)
	if err != nil {
		return nil, err
	}
	cases := &nameCases{store: store, book: book, adcode: d.adcode, held: d.served.held, ready: ready, checks: checks, refused: refused, now: now}
	casehttp.Register(api, cases)
	return cases, nil
}

// newNameCaseStore gives the cases of a database, with the records that they act on.
func newNameCaseStore(db *postgres.DB) (*casedb.Store, *caseprocess.Book, error) {
	catalogue, err := placenames.NewCatalogue()
	if err != nil {
		return nil, nil, err
	}
	book, err := caseprocess.NewBook()
	if err != nil {
		return nil, nil, err
	}
	return casedb.New(db, book, placenamedb.New(db, catalogue)), book, nil
}

func (c *nameCases) writer(ctx context.Context) postgres.Writer { return writer(ctx, c.adcode) }

// Book are the procedures of the program.
func (c *nameCases) Book() *caseprocess.Book { return c.book }

// Today is the day it is for the authority.
func (c *nameCases) Today() record.Day { return record.DayOf(c.now()) }

// List gives cases in a division.
func (c *nameCases) List(ctx context.Context, f caseprocess.Filter, division string) ([]caseprocess.Dossier, error) {
	if division != "" {
		s := c.held.State()
		if s == nil {
			return nil, casehttp.ErrNotReady
		}
		under := divisions.Under(s.Divisions, division)
		if under == nil {
			return nil, casehttp.ErrUnknownDivision
		}
		f.Within = slices.Collect(maps.Keys(under))
	}
	return c.store.List(ctx, c.writer(ctx), f)
}

// shown are the materials that other records show.
func (c *nameCases) shown(ctx context.Context, id string) ([]caseprocess.Shown, error) {
	var out []caseprocess.Shown
	for _, ready := range c.ready {
		materials, why, err := ready(ctx, id)
		if err != nil {
			return nil, err
		}
		for _, m := range materials {
			out = append(out, caseprocess.Shown{Material: m, Kind: "record", Title: why})
		}
	}
	return out, nil
}

// Case gives one case.
func (c *nameCases) Case(ctx context.Context, id string) (caseprocess.View, error) {
	v, err := c.store.ByID(ctx, c.writer(ctx), id)
	if err != nil {
		return v, err
	}
	more, err := c.shown(ctx, id)
	v.Papers = append(v.Papers, more...)
	return v, err
}

// Create begins a case.
func (c *nameCases) Create(ctx context.Context, o caseprocess.Opening) (string, error) {
	w := c.writer(ctx)
	id, err := c.store.Create(ctx, w, o, c.Today())
	c.refused.note(ctx, w, err, postgres.Note{Action: "name_case.create", Kind: "name_case", After: o.Act})
	return id, err
}

// Take records an event of a case, with what the rules say of the name where that is kept.
func (c *nameCases) Take(ctx context.Context, id string, expected int, e caseprocess.Entry) error {
	w := c.writer(ctx)
	shown, err := c.shown(ctx, id)
	if err == nil {
		err = c.check(ctx, id, &e)
	}
	if err != nil {
		return err
	}
	_, err = c.store.Take(ctx, w, id, expected, e, shown, c.Today())
	c.refused.note(ctx, w, err, postgres.Note{Action: "name_case." + string(e.Kind), Kind: "name_case", ID: id, After: e.Step})
	return err
}

// check holds the name of a case against the rules where an event keeps what they say. They do
// not keep the authority from approving, but it says why it goes against them.
func (c *nameCases) check(ctx context.Context, id string, e *caseprocess.Entry) error {
	v, err := c.store.ByID(ctx, c.writer(ctx), id)
	if err != nil || !v.Checks(e.Event) {
		return err
	}
	said, kept, err := c.checks.freezeCase(ctx, v.Dossier)
	if err != nil {
		return err
	}
	e.Checked = kept
	return record.Invalid(e.Unreasoned(said.Errors))
}

// Amend changes what a case asks for.
func (c *nameCases) Amend(ctx context.Context, id string, expected int, a caseprocess.Amendment, reason string) error {
	w := c.writer(ctx)
	err := c.store.Amend(ctx, w, id, expected, a, reason, c.Today())
	c.refused.note(ctx, w, err, postgres.Note{Action: "name_case.amend", Kind: "name_case", ID: id})
	return err
}

// Calendar is the working calendar as it is now.
func (c *nameCases) Calendar(ctx context.Context) (*caseprocess.Calendar, error) {
	set, err := c.Settings(ctx)
	if err != nil {
		return nil, err
	}
	return set.Years.Calendar(c.Today())
}

// Desk gives the open cases as they lie on the desk of the person.
func (c *nameCases) Desk(ctx context.Context) ([]caseprocess.OnDesk, error) {
	cal, err := c.Calendar(ctx)
	if err != nil {
		return nil, err
	}
	today := c.Today()
	open, err := c.store.Open(ctx, c.writer(ctx), func(d caseprocess.Dossier) []string {
		return caseprocess.Told(d.Frozen.Rules.Dues(d.Standing, cal, today))
	})
	if err != nil {
		return nil, err
	}
	return caseprocess.Desk(open, cal, today), nil
}

// Settings gives the procedure and the working calendar of the authority.
func (c *nameCases) Settings(ctx context.Context) (caseprocess.Settings, error) {
	return c.store.Settings(ctx, c.writer(ctx))
}

// SetProcedure sets by which procedure cases go that begin from now on.
func (c *nameCases) SetProcedure(ctx context.Context, expected int, l caseprocess.Local, reason string) error {
	w := c.writer(ctx)
	err := c.store.SetProcedure(ctx, w, expected, l, reason, c.Today())
	c.refused.note(ctx, w, err, postgres.Note{Action: "name_procedure.set", Kind: "name_procedure"})
	return err
}

// SetYears enters the notices of holidays.
func (c *nameCases) SetYears(ctx context.Context, expected int, y caseprocess.Years, reason string) error {
	w := c.writer(ctx)
	err := c.store.SetYears(ctx, w, expected, y, reason, c.Today())
	c.refused.note(ctx, w, err, postgres.Note{Action: "working_calendar.set", Kind: "working_calendar"})
	return err
}
