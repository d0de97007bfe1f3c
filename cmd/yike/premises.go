package main

import (
	"context"
	"io"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"yike/coverage/coveragelive"
	"yike/facilities"
	"yike/facilities/premises"
	"yike/facilities/premises/premisesdb"
	"yike/facilities/premises/premisesexport"
	"yike/facilities/premises/premiseshttp"
	"yike/geo/divisions"
	"yike/geo/divisions/divisiondb"
	"yike/internal/httpapi"
	"yike/internal/postgres"
)

// premisesLedger gives premiseshttp the ledger of public premises, as the person who asks
// may see and write it.
type premisesLedger struct {
	recordDesk[premises.Room, premises.Item, premises.Patch]
	store   *premisesdb.Store
	grounds grounds
	taken   takenAway
}

var (
	_ premiseshttp.Ledger = (*premisesLedger)(nil)
	_ premiseshttp.Files  = (*premisesLedger)(nil)
)

// grounds are the divisions of the district that is served, with their households.
type grounds struct {
	held *coveragelive.Holder
	db   *divisiondb.Store
}

// households gives the divisions and how many households each has.
func (p grounds) households(ctx context.Context) ([]divisions.Division, map[string]divisions.Households, error) {
	s := p.held.State()
	if s == nil {
		return nil, nil, premiseshttp.ErrNotReady
	}
	dwellings, err := p.db.Dwellings(ctx, s.Pack.AdCode)
	if err != nil {
		return nil, nil, err
	}
	return s.Divisions, divisions.CountHouseholds(s.Divisions, dwellings), nil
}

// notices are what must be said of files of the district.
func (p grounds) notices() []httpapi.Text {
	s := p.held.State()
	switch {
	case s == nil:
		return nil
	case s.Pack.Manifest.Synthetic:
		return []httpapi.Text{{ZH: "合成示例区：设施和人口都是按规则生成的，不是真实情况", EN: "A synthetic district: its facilities and people are made by rules and are not real"}}
	case slices.ContainsFunc(s.Facilities, func(f facilities.Facility) bool { return f.Example }):
		return []httpapi.Text{{ZH: "标“示例”的设施按规则放置，不是真实设施", EN: "Facilities marked as examples were placed by rules and are not real"}}
	}
	return nil
}

// List gives a page of rooms.
func (l *premisesLedger) List(ctx context.Context, f premises.Filter, after premises.After, limit int) ([]premises.Item, *premises.After, error) {
	return l.store.List(ctx, l.writer(ctx), f, after, limit)
}

// Summary adds rooms up by place.
func (l *premisesLedger) Summary(ctx context.Context, f premises.Filter) (premises.Summary, error) {
	list, households, err := l.grounds.households(ctx)
	if err != nil {
		return premises.Summary{}, err
	}
	items, err := l.store.All(ctx, l.writer(ctx), f)
	if err != nil {
		return premises.Summary{}, err
	}
	return l.summarise(items, list, households), nil
}

func (l *premisesLedger) summarise(items []premises.Item, list []divisions.Division, households map[string]divisions.Households) premises.Summary {
	rooms, overdue := make([]premises.Room, len(items)), map[string]bool{}
	for i, item := range items {
		rooms[i] = item.Room
		overdue[item.ID] = item.Open != nil && item.Open.Overdue(l.Today())
	}
	return premises.Summarise(rooms, list, households, overdue)
}

// Write writes the rooms of a filter to a file.
func (l *premisesLedger) Write(ctx context.Context, w io.Writer, format string, f premises.Filter, english bool) error {
	list, households, err := l.grounds.households(ctx)
	if err != nil {
		return err
	}
	items, err := l.store.All(ctx, l.writer(ctx), f)
	if err != nil {
		return err
	}
	file := premisesexport.File{
		Items: items, Summary: l.summarise(items, list, households), Places: list, English: english, Made: l.Today(),
	}
	for _, n := range l.grounds.notices() {
		file.Notices = append(file.Notices, premises.Text(n))
	}
	write := file.WriteXLSX
	if format == "csv" {
		write = file.WriteCSV
	}
	if err := write(w); err != nil {
		return err
	}
	return l.taken.note(ctx, l.writer(ctx), postgres.Note{
		Action: "premises.export", Kind: "premises", Division: f.Division,
		After: map[string]any{"rows": len(items), "format": format, "filter": asked(f)},
	})
}

// asked gives the parts of a filter of rooms that are given, by their names in the API.
func asked(f premises.Filter) map[string]any {
	out := map[string]any{}
	for name, v := range map[string]string{
		"use": string(f.Use), "present": string(f.Present), "state": string(f.State), "division": f.Division, "q": f.Text, "facility": f.Facility,
	} {
		if v != "" {
			out[name] = v
		}
	}
	for name, v := range map[string]bool{"misuse": f.Misused, "overdue": f.Overdue, "lacking": f.Lacking} {
		if v {
			out[name] = true
		}
	}
	return out
}

// Inspections gives what was seen of a room and is to be put right.
func (l *premisesLedger) Inspections(ctx context.Context, id string) ([]premises.Inspection, []premises.Rectification, error) {
	w := l.writer(ctx)
	seen, err := l.store.Inspections(ctx, w, id)
	if err != nil {
		return nil, nil, err
	}
	orders, err := l.store.Rectifications(ctx, w, id)
	return seen, orders, err
}

// Inspect records a look at a room.
func (l *premisesLedger) Inspect(ctx context.Context, in premises.Inspection, o premises.Order) (premises.Item, error) {
	w := l.writer(ctx)
	made, err := l.store.Inspect(ctx, w, in, o, l.Today())
	l.refused.note(ctx, w, err, postgres.Note{Action: "premises.inspect", Kind: "premises", ID: in.RoomID})
	return made, err
}

// FollowUp writes what is said of a rectification.
func (l *premisesLedger) FollowUp(ctx context.Context, room, id string, expected int, f premises.Follow, reason string) (premises.Rectification, error) {
	w := l.writer(ctx)
	made, err := l.store.FollowUp(ctx, w, room, id, expected, f, reason, l.Today())
	l.refused.note(ctx, w, err, postgres.Note{Action: "premises.rectify", Kind: "premises", ID: room})
	return made, err
}

// mountPremises serves the ledger of public premises.
func mountPremises(api huma.API, db *postgres.DB, adcode string, held *coveragelive.Holder, refused refusals, now func() time.Time) {
	store := premisesdb.New(db)
	ledger := &premisesLedger{
		recordDesk: recordDesk[premises.Room, premises.Item, premises.Patch]{
			records: store, kind: "premises", called: func(r premises.Room) string { return r.Name }, adcode: adcode, refused: refused, now: now,
		},
		store: store, grounds: grounds{held: held, db: divisiondb.New(db)}, taken: takenAway{db},
	}
	premiseshttp.Register(api, ledger, ledger)
	premiseshttp.RegisterLists(api, ledger)
}
