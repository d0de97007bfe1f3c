package main

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"yike/coverage/coveragelive"
	"yike/facilities/estates"
	"yike/facilities/estates/estatedb"
	"yike/facilities/estates/estatehttp"
	"yike/geo/divisions"
	"yike/internal/hanzi"
	"yike/internal/postgres"
	"yike/internal/record"
	"yike/internal/rules"
	"yike/placenames/placenamedb"
)

// estateRecords gives estatehttp the estates of the district, as the person who asks may see
// and write them, and holds them against the rules.
type estateRecords struct {
	recordDesk[estates.Estate, estates.Item, estates.Patch]
	store   *estatedb.Store
	db      *postgres.DB
	held    *coveragelive.Holder
	regions []string // that the district belongs to beside those of its adcode
	laws    func() (*estatedb.Rules, error)
	around  *estateSurroundings
	kept    estateStandings
	spell   func() *hanzi.Speller
}

var _ estatehttp.Records = (*estateRecords)(nil)

func newEstateRecords(c config, d desk, table *communityMatrix, refused refusals, now func() time.Time) *estateRecords {
	store := estatedb.New(d.db)
	return &estateRecords{
		recordDesk: recordDesk[estates.Estate, estates.Item, estates.Patch]{
			records: store, kind: "estate", called: func(e estates.Estate) string { return e.Name }, adcode: d.adcode, refused: refused, now: now,
		},
		store: store, db: d.db, held: d.served.held, regions: c.Regions, laws: localEstateRules(d.db), around: &estateSurroundings{table: table},
		spell: sync.OnceValue(func() *hanzi.Speller { return hanzi.NewSpeller(hanzi.NewSounds()) }),
	}
}

// mount serves new housing estates.
func (r *estateRecords) mount(api huma.API) {
	estatehttp.Register(api, r)
	mountEstateSteps(api, r)
	estatehttp.RegisterRules(api, &estateRuleDesk{r})
	mountEstateImports(api, r)
}

// Create makes an estate's record.
func (r *estateRecords) Create(ctx context.Context, e estates.Estate, c record.Change) (estates.Item, error) {
	if err := r.named(ctx, e.PlaceNameID); err != nil {
		return estates.Item{}, err
	}
	return r.recordDesk.Create(ctx, e, c)
}

// Update changes an estate.
func (r *estateRecords) Update(ctx context.Context, id string, expected int, p estates.Patch, c record.Change) (estates.Item, error) {
	if p.PlaceNameID != nil {
		if err := r.named(ctx, *p.PlaceNameID); err != nil {
			return estates.Item{}, err
		}
	}
	return r.recordDesk.Update(ctx, id, expected, p, c)
}

// named is the fault of an estate that is linked to a standard place name that is not there.
func (r *estateRecords) named(ctx context.Context, id string) error {
	id = strings.ToLower(strings.TrimSpace(id))
	if id == "" {
		return nil
	}
	there, err := placenamedb.IsThere(ctx, r.db, r.writer(ctx), id)
	if err != nil || there {
		return err
	}
	return record.Invalid([]record.Fault{{Field: "place_name_id", Value: id, ZH: "没有这条标准地名", EN: "there is no such standard place name"}})
}

// Standings gives the estates that are asked for with where they stand. Those of today are kept
// until an estate, a rule, a room, a household or the day changes.
func (r *estateRecords) Standings(ctx context.Context, f estates.Filter, division string, at record.Day) ([]estates.Standing, error) {
	if division != "" {
		s := r.held.State()
		if s == nil {
			return nil, estatehttp.ErrNotReady
		}
		if f.Within = divisions.Under(s.Divisions, division); f.Within == nil {
			return nil, estatehttp.ErrUnknownDivision
		}
	}
	if like := hanzi.Pattern(r.spell().Ways(strings.TrimSpace(f.Text))); like != "" {
		sounds, err := regexp.Compile(like)
		if err != nil {
			return nil, fmt.Errorf("read %q as pinyin: %w", f.Text, err)
		}
		f.Sounds = sounds
	}
	all, err := r.standings(ctx, at)
	if err != nil {
		return nil, err
	}
	var out []estates.Standing
	for i := range all {
		if f.Takes(all[i]) {
			out = append(out, all[i])
		}
	}
	return out, nil
}

// Check holds an estate against the rules.
func (r *estateRecords) Check(ctx context.Context, id string, at *estates.Milestone) (estatehttp.Checked, error) {
	item, err := r.store.ByID(ctx, r.writer(ctx), id)
	if err != nil {
		return estatehttp.Checked{}, err
	}
	return r.checked(ctx, item.Estate, at)
}

// Try holds an estate against the rules as it might be.
func (r *estateRecords) Try(ctx context.Context, e estates.Estate, id string, at *estates.Milestone) (estatehttp.Checked, error) {
	w := r.writer(ctx)
	e = estates.Clean(e)
	if id != "" {
		item, err := r.store.ByID(ctx, w, id)
		if err != nil {
			return estatehttp.Checked{}, err
		}
		e.ID, e.Version = item.ID, item.Version
	}
	if point, drawn := e.Position(); drawn && e.DivisionCode == "" {
		code, err := r.store.DivisionAt(ctx, w, point)
		if err != nil {
			return estatehttp.Checked{}, fmt.Errorf("find where the estate would be: %w", err)
		}
		e.DivisionCode = code
	}
	return r.checked(ctx, e, at)
}

func (r *estateRecords) checked(ctx context.Context, e estates.Estate, at *estates.Milestone) (estatehttp.Checked, error) {
	return r.checkedOn(ctx, e, at, r.Today())
}

// checkedOn holds an estate against the rules of a day, with what had been recorded by then
// and its community as it is.
func (r *estateRecords) checkedOn(ctx context.Context, e estates.Estate, at *estates.Milestone, day record.Day) (estatehttp.Checked, error) {
	b, err := r.basis(ctx, day)
	if err != nil {
		return estatehttp.Checked{}, err
	}
	neighbours, err := r.store.In(ctx, r.writer(ctx), e.DivisionCode)
	if err != nil {
		return estatehttp.Checked{}, err
	}
	ids := []string{e.ID}
	for _, n := range neighbours {
		ids = append(ids, n.ID)
	}
	progress, err := r.progressOf(ctx, b.day, ids...)
	if err != nil {
		return estatehttp.Checked{}, err
	}
	b.ground = b.ground.With(recordsOf(neighbours), progress.of, b.day)
	if at != nil && *at == estates.DueNow {
		now := e.ComeTo(progress.of[e.ID])
		at = &now
	}
	out := estatehttp.Checked{Estate: e, Context: b.context(e, progress), Set: b.set, Milestone: at}
	if at == nil {
		out.Check = estates.CheckAll(b.set, e, out.Context)
		return out, nil
	}
	out.Check = estates.CheckAt(b.set, e, out.Context, *at)
	return out, nil
}

// estateProgress is how far estates are, by id. Known says whether opinions are recorded at
// all: where they are not, nobody knows whether there is one.
type estateProgress struct {
	known bool
	of    map[string]estates.Progress
}

// progressOf gives how far estates are, or were on a day: those of the ids, or all where none
// is given.
func (r *estateRecords) progressOf(ctx context.Context, day record.Day, ids ...string) (estateProgress, error) {
	events, err := r.store.EventsOf(ctx, r.writer(ctx), ids...)
	if err != nil {
		return estateProgress{}, err
	}
	out := estateProgress{known: true, of: make(map[string]estates.Progress, len(events))}
	for id, list := range events {
		if out.of[id], err = estates.Replay(estates.Until(list, day)); err != nil {
			return out, fmt.Errorf("the milestones of estate %s: %w", id, err)
		}
	}
	return out, nil
}

// estateRules gives the rules that estates are held to now. It gives the same set until they
// change, which is how what was worked out with them is known to be old.
func (r *estateRecords) estateRules(ctx context.Context) (*rules.Set, error) {
	laws, err := r.laws()
	if err != nil {
		return nil, err
	}
	now, err := laws.Present(ctx, r.writer(ctx))
	return now.Set, err
}
