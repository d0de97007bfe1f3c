package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"yike/internal/auth"
	"yike/internal/postgres"
	"yike/internal/record"
	"yike/placenames/addressdb"
	"yike/placenames/addresses"
	"yike/placenames/numbering"
	"yike/placenames/numberingdb"
	"yike/placenames/numberinghttp"
)

// doorNumbering gives numberinghttp the rule sets of the district and what stands along its roads,
// and makes addresses of numbers that are taken over.
type doorNumbering struct {
	recordDesk[numbering.LocalRule, numbering.LocalRule, numbering.LocalRule]
	db    *postgres.DB
	store *numberingdb.Store
	doors *addressdb.Store
}

var _ numberinghttp.Desk = (*doorNumbering)(nil)

// mountNumbering serves the numbering of doors.
func mountNumbering(api huma.API, d desk, refused refusals, now func() time.Time) error {
	return numberinghttp.Register(api, newDoorNumbering(d, refused, now))
}

func newDoorNumbering(d desk, refused refusals, now func() time.Time) *doorNumbering {
	store := numberingdb.New(d.db)
	return &doorNumbering{
		recordDesk: recordDesk[numbering.LocalRule, numbering.LocalRule, numbering.LocalRule]{
			records: numberingRecords{store}, kind: "numbering_rule", called: func(l numbering.LocalRule) string { return l.Rules.NameZH },
			adcode: d.adcode, refused: refused, now: now,
		},
		db: d.db, store: store, doors: addressdb.New(d.db),
	}
}

// numberingRecords are rule sets as the desk of records takes them; one is never removed, since
// roads say that they were numbered by it.
type numberingRecords struct{ *numberingdb.Store }

// errRuleStays says that a rule set is retired instead.
var errRuleStays = errors.New("a rule set is retired, not removed")

// Remove refuses.
func (numberingRecords) Remove(context.Context, postgres.Writer, string, int, record.Change, record.Day) error {
	return errRuleStays
}

// Rules gives the rule sets of the bureau.
func (d *doorNumbering) Rules(ctx context.Context) ([]numbering.LocalRule, bool, error) {
	w := d.writer(ctx)
	list, err := d.store.List(ctx, w)
	if err != nil {
		return nil, false, err
	}
	if _, signedIn := auth.From(ctx); !signedIn {
		return list, false, nil
	}
	may, err := d.store.MayMake(ctx, w)
	return list, may, err
}

// mostStreets is how many roads a list has.
const mostStreets = 200

// Streets lists roads that may be numbered.
func (d *doorNumbering) Streets(ctx context.Context, text, division string) ([]numbering.Street, error) {
	return d.store.Streets(ctx, d.writer(ctx), text, division, mostStreets)
}

// Ground gives what stands along a road.
func (d *doorNumbering) Ground(ctx context.Context, asked numberinghttp.Asked) (numbering.Ground, error) {
	return d.store.Ground(ctx, d.writer(ctx), numberingdb.Asked(asked))
}

// TakeOver makes addresses of the numbers of roads, in one write.
func (d *doorNumbering) TakeOver(ctx context.Context, roads []numberinghttp.TakenRoad, c record.Change) (int, error) {
	w := d.writer(ctx)
	n, err := postgres.WriteOnce(ctx, d.db, w, cmp.Or(c.Reason, "?"), func(tx *postgres.Tx) (int, error) {
		n := 0
		for i, road := range roads {
			made, err := d.takeRoad(ctx, tx, road, c)
			if err != nil {
				return 0, ofRoad(i, err)
			}
			n += made
		}
		return n, nil
	})
	d.refused.note(ctx, w, err, postgres.Note{Action: "numbering.takeover", Kind: "address", After: map[string]any{"roads": len(roads)}})
	return n, err
}

func (d *doorNumbering) takeRoad(ctx context.Context, tx *postgres.Tx, road numberinghttp.TakenRoad, c record.Change) (int, error) {
	var batch []addresses.Entry
	var rows []int // the door of each of the batch
	for k, door := range road.Doors {
		if door.Takes == "" {
			batch = append(batch, addresses.Entry{Address: numberedDoor(road.Use.NameID, door, d.Today())})
			rows = append(rows, k)
			continue
		}
		if _, err := d.doors.MoveIn(ctx, tx, door.Takes, door.Version, addresses.Move{To: addresses.Provisional, Reason: c.Reason}, d.Today()); err != nil {
			return 0, takingFailed(k, door.Takes, err)
		}
	}
	if len(batch) > 0 {
		if _, err := d.doors.CreateIn(ctx, tx, batch, c, d.Today()); err != nil {
			return 0, ofDoors(rows, err)
		}
	}
	return len(road.Doors), d.store.UseIn(ctx, tx, road.Use, d.Today())
}

// takingFailed says why a reserved number cannot be taken.
func takingFailed(k int, id string, err error) error {
	field := "doors/" + strconv.Itoa(k) + "/takes"
	if errors.Is(err, addresses.ErrNotFound) {
		return record.Invalid([]record.Fault{{Field: field, Value: id, ZH: "没有这个预留号", EN: "there is no such reserved number"}})
	}
	if err = faultsOf(err, func(string) string { return field }); errors.As(err, new(*record.InvalidError)) {
		return err
	}
	return fmt.Errorf("take a reserved number: %w", err)
}

// numberedDoor is the address that a door is to have.
func numberedDoor(nameID string, door numberinghttp.Door, today record.Day) addresses.Address {
	a := addresses.Address{
		Level: addresses.Number, NameID: nameID, Number: strconv.Itoa(door.Number.N), Main: true, State: addresses.Provisional, Custody: addresses.Own, Note: door.Note,
	}
	if door.Number.Suffix > 0 {
		a.Suffix = strconv.Itoa(door.Number.Suffix)
	}
	at := addresses.Position{Kind: addresses.AtBuilding, Point: door.Point, Source: addresses.FromComputed, Day: today}
	switch {
	case door.Reserved:
		a.State, at.Kind = addresses.Reserved, addresses.AtPlot
	case door.Entrance:
		at.Kind, at.Source = addresses.AtEntrance, addresses.FromMap
	}
	a.Positions = []addresses.Position{at}
	for _, p := range door.More {
		a.Positions = append(a.Positions, addresses.Position{Kind: addresses.AtOther, Point: p, Source: at.Source, Day: today, Note: "余门"})
	}
	return a
}

// ofRoad tells the faults of a road as those of the batch of roads.
func ofRoad(i int, err error) error {
	return faultsOf(err, func(field string) string { return "roads/" + strconv.Itoa(i) + "/" + field })
}

// ofDoors tells the faults of addresses as those of the doors that they are made of.
func ofDoors(rows []int, err error) error {
	return faultsOf(err, func(field string) string {
		var k int
		var rest string
		if n, _ := fmt.Sscanf(field, "addresses/%d/%s", &k, &rest); n == 2 && k < len(rows) {
			return "doors/" + strconv.Itoa(rows[k]) + "/" + rest
		}
		return field
	})
}

func faultsOf(err error, as func(field string) string) error {
	var invalid *record.InvalidError
	if !errors.As(err, &invalid) {
		return err
	}
	out := make([]record.Fault, len(invalid.Faults))
	for i, f := range invalid.Faults {
		f.Field = as(f.Field)
		out[i] = f
	}
	return record.Invalid(out)
}
