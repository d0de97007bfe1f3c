package main

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/paulmach/orb"

	"yike/coverage/coveragelive"
	"yike/geo/divisions"
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
	recordDesk[placenames.Name, placenames.Item, namePatch]
	store     *placenamedb.Store
	catalogue *placenames.Catalogue
	held      *coveragelive.Holder
}

// namePatch makes of a record what somebody wants it to be.
type namePatch = func(placenames.Name) (placenames.Name, []record.Fault)

var _ placenamehttp.Records = (*placeNames)(nil)

// mountPlaceNames serves the register of place names, and gives it.
func mountPlaceNames(api huma.API, d desk, refused refusals, now func() time.Time) (*placeNames, error) {
	catalogue, err := placenames.NewCatalogue()
	if err != nil {
		return nil, err
	}
	store := placenamedb.New(d.db, catalogue)
	p := &placeNames{store: store, catalogue: catalogue, held: d.served.held, recordDesk: recordDesk[placenames.Name, placenames.Item, namePatch]{
		records: store, kind: "name", called: func(n placenames.Name) string { return n.Text }, adcode: d.adcode, refused: refused, now: now,
	}}
	placenamehttp.Register(api, p, catalogue)
	placenamehttp.RegisterAround(api, p)
	placenamehttp.RegisterPlan(api, p)
	mountNameOutputs(api, d, p)
	return p, nil
}

// within gives the divisions that are asked for: the one named and those below it; nil for all.
func (p *placeNames) within(division string) ([]string, error) {
	if division == "" {
		return nil, nil
	}
	s := p.held.State()
	if s == nil {
		return nil, httpapi.NewProblem(http.StatusServiceUnavailable, "not_ready", "数据还没有载入完毕，请稍后再试", "The data are not loaded yet; try again shortly")
	}
	under := divisions.Under(s.Divisions, division)
	if under == nil {
		return nil, placenamehttp.ErrUnknownDivision
	}
	return slices.Sorted(maps.Keys(under)), nil
}

// List gives a page of the register.
func (p *placeNames) List(ctx context.Context, f placenames.Filter, division string, at record.At, after placenamehttp.Place, limit int) (placenames.Page, error) {
	var err error
	if f.Within, err = p.within(division); err != nil {
		return placenames.Page{}, err
	}
	return p.store.List(ctx, p.writer(ctx), f, at, placenamedb.After(after), limit)
}

// Counts tells how many records there are.
func (p *placeNames) Counts(ctx context.Context, f placenames.Filter, division string, at record.At) ([]placenames.Count, error) {
	var err error
	if f.Within, err = p.within(division); err != nil {
		return nil, err
	}
	return p.store.Counts(ctx, p.writer(ctx), f, at)
}

// Name gives one record.
func (p *placeNames) Name(ctx context.Context, id string, at record.At) (placenames.Item, error) {
	if at == (record.At{}) {
		return p.One(ctx, id)
	}
	return p.store.AsOf(ctx, p.writer(ctx), id, at)
}

// Move takes a record to another state.
func (p *placeNames) Move(ctx context.Context, id string, expected int, m placenames.Move) (placenames.Item, error) {
	w := p.writer(ctx)
	made, err := p.store.Move(ctx, w, id, expected, m, p.Today())
	p.refused.note(ctx, w, err, postgres.Note{Action: "name." + string(m.To), Kind: "name", ID: id})
	return made, err
}

// Rename gives a record another name.
func (p *placeNames) Rename(ctx context.Context, id string, expected int, r placenamehttp.Renaming) (placenames.Item, error) {
	w := p.writer(ctx)
	made, err := p.store.Rename(ctx, w, id, expected, placenamedb.Renaming(r), p.Today())
	p.refused.note(ctx, w, err, postgres.Note{Action: "name.rename", Kind: "name", ID: id, After: r.Text})
	return made, err
}

// Family gives a record with all that it belongs with.
func (p *placeNames) Family(ctx context.Context, id string) ([]placenames.Kin, error) {
	return p.store.Family(ctx, p.writer(ctx), id)
}

// Map gives the records within a frame.
func (p *placeNames) Map(ctx context.Context, frame orb.Bound, f placenames.Filter, division string, limit int) ([]placenames.Drawn, bool, error) {
	var err error
	if f.Within, err = p.within(division); err != nil {
		return nil, false, err
	}
	return p.store.Map(ctx, p.writer(ctx), frame, f, limit)
}

// Planned gives the reserved names that are asked for.
func (p *placeNames) Planned(ctx context.Context, f placenames.PlannedFilter, division string) ([]placenames.PlannedItem, error) {
	var err error
	if f.Within, err = p.within(division); err != nil {
		return nil, err
	}
	f.Day = p.Today()
	return p.store.Planned(ctx, p.writer(ctx), f)
}

// PlannedName gives one reserved name.
func (p *placeNames) PlannedName(ctx context.Context, id string) (placenames.PlannedItem, error) {
	return p.store.PlannedByID(ctx, p.writer(ctx), id)
}

// Reserve puts a name into the plan.
func (p *placeNames) Reserve(ctx context.Context, n placenames.Planned, c record.Change) (placenames.PlannedItem, error) {
	w := p.writer(ctx)
	made, err := p.store.Reserve(ctx, w, n, c, p.Today())
	p.refused.note(ctx, w, err, postgres.Note{Action: "planned_name.create", Kind: "planned_name", After: n.Text})
	return made, err
}

// ChangePlanned changes a reserved name.
func (p *placeNames) ChangePlanned(ctx context.Context, id string, expected int, change func(placenames.Planned) (placenames.Planned, []record.Fault), c record.Change) (placenames.PlannedItem, error) {
	w := p.writer(ctx)
	made, err := p.store.ChangePlanned(ctx, w, id, expected, change, c, p.Today())
	p.refused.note(ctx, w, err, postgres.Note{Action: "planned_name.update", Kind: "planned_name", ID: id})
	return made, err
}

// Unreserve takes a name out of the plan.
func (p *placeNames) Unreserve(ctx context.Context, id string, expected int, reason string) error {
	w := p.writer(ctx)
	err := p.store.Unreserve(ctx, w, id, expected, record.Change{Reason: reason}, p.Today())
	p.refused.note(ctx, w, err, postgres.Note{Action: "planned_name.remove", Kind: "planned_name", ID: id})
	return err
}
