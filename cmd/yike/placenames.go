package main

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"yike/coverage/coveragelive"
	"yike/geo/divisions"
	"yike/internal/auth"
	"yike/internal/httpapi"
	"yike/internal/postgres"
	"yike/internal/record"
	"yike/placenames"
	"yike/placenames/placenamedb"
	"yike/placenames/placenamehttp"
)

// placeNames gives placenamehttp the register of the district, as the person who asks may see
// and write it.
type placeNames struct {
	store   *placenamedb.Store
	adcode  string
	held    *coveragelive.Holder
	refused refusals
	now     func() time.Time
}

var _ placenamehttp.Records = (*placeNames)(nil)

// mountPlaceNames serves the register of place names.
func mountPlaceNames(api huma.API, d desk, refused refusals, now func() time.Time) error {
	catalogue, err := placenames.NewCatalogue()
	if err != nil {
		return err
	}
	p := &placeNames{store: placenamedb.New(d.db, catalogue), adcode: d.adcode, held: d.served.held, refused: refused, now: now}
	placenamehttp.Register(api, p, catalogue)
	return nil
}

func (p *placeNames) writer(ctx context.Context) postgres.Writer { return writer(ctx, p.adcode) }

func (p *placeNames) today() record.Day { return record.DayOf(p.now()) }

// within sets the divisions that are asked for: the one named and those below it.
func (p *placeNames) within(f placenames.Filter, division string) (placenames.Filter, error) {
	if division == "" {
		return f, nil
	}
	s := p.held.State()
	if s == nil {
		return f, httpapi.NewProblem(http.StatusServiceUnavailable, "not_ready", "数据还没有载入完毕，请稍后再试", "The data are not loaded yet; try again shortly")
	}
	under := divisions.Under(s.Divisions, division)
	if under == nil {
		return f, placenamehttp.ErrUnknownDivision
	}
	f.Within = slices.Sorted(maps.Keys(under))
	return f, nil
}

// List gives a page of the register.
func (p *placeNames) List(ctx context.Context, f placenames.Filter, division string, at record.At, after placenamehttp.Place, limit int) (placenames.Page, error) {
	f, err := p.within(f, division)
	if err != nil {
		return placenames.Page{}, err
	}
	return p.store.List(ctx, p.writer(ctx), f, at, placenamedb.After(after), limit)
}

// Counts tells how many records there are.
func (p *placeNames) Counts(ctx context.Context, f placenames.Filter, division string, at record.At) ([]placenames.Count, error) {
	f, err := p.within(f, division)
	if err != nil {
		return nil, err
	}
	return p.store.Counts(ctx, p.writer(ctx), f, at)
}

// Name gives one record.
func (p *placeNames) Name(ctx context.Context, id string, at record.At) (placenames.Item, error) {
	if at == (record.At{}) {
		return p.store.ByID(ctx, p.writer(ctx), id)
	}
	return p.store.AsOf(ctx, p.writer(ctx), id, at)
}

// Create makes a record.
func (p *placeNames) Create(ctx context.Context, n placenames.Name, c record.Change) (placenames.Item, error) {
	w := p.writer(ctx)
	made, err := p.store.Create(ctx, w, n, c, p.today())
	p.refused.note(ctx, w, err, postgres.Note{Action: "name.create", Kind: "name", After: n.Text})
	return made, err
}

// Update changes a record.
func (p *placeNames) Update(ctx context.Context, id string, expected int, change func(placenames.Name) (placenames.Name, []record.Fault), c record.Change) (placenames.Item, error) {
	w := p.writer(ctx)
	made, err := p.store.Update(ctx, w, id, expected, change, c, p.today())
	p.refused.note(ctx, w, err, postgres.Note{Action: "name.update", Kind: "name", ID: id})
	return made, err
}

// Remove takes a draft out.
func (p *placeNames) Remove(ctx context.Context, id string, expected int, reason string) error {
	w := p.writer(ctx)
	err := p.store.Remove(ctx, w, id, expected, record.Change{Reason: reason}, p.today())
	p.refused.note(ctx, w, err, postgres.Note{Action: "name.remove", Kind: "name", ID: id})
	return err
}

// History gives the versions of a record.
func (p *placeNames) History(ctx context.Context, id string) ([]httpapi.RecordVersion, error) {
	if _, signedIn := auth.From(ctx); !signedIn {
		return nil, postgres.ErrAnonymous
	}
	list, err := p.store.HistoryOf(ctx, p.writer(ctx), id)
	if err != nil {
		return nil, err
	}
	return recordVersions(list), nil
}

// Move takes a record to another state.
func (p *placeNames) Move(ctx context.Context, id string, expected int, m placenames.Move) (placenames.Item, error) {
	w := p.writer(ctx)
	made, err := p.store.Move(ctx, w, id, expected, m, p.today())
	p.refused.note(ctx, w, err, postgres.Note{Action: "name." + string(m.To), Kind: "name", ID: id})
	return made, err
}

// Rename gives a record another name.
func (p *placeNames) Rename(ctx context.Context, id string, expected int, r placenamehttp.Renaming) (placenames.Item, error) {
	w := p.writer(ctx)
	made, err := p.store.Rename(ctx, w, id, expected, placenamedb.Renaming(r), p.today())
	p.refused.note(ctx, w, err, postgres.Note{Action: "name.rename", Kind: "name", ID: id, After: r.Text})
	return made, err
}
