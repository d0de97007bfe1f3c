package main

import (
	"cmp"
	"context"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"yike/coverage/coveragelive"
	"yike/geo/divisions"
	"yike/internal/auth"
	"yike/internal/httpapi"
	"yike/internal/postgres"
	"yike/internal/record"
	"yike/internal/rowout"
	"yike/placenames"
	"yike/placenames/consequences"
	"yike/placenames/consequences/consequencedb"
	"yike/placenames/consequences/consequenceexport"
	"yike/placenames/consequences/consequencehttp"
)

// nameConsequences gives consequencehttp what follows from other names in the district, as the
// person who asks may see and say it.
type nameConsequences struct {
	store     *consequencedb.Store
	catalogue *placenames.Catalogue
	adcode    string
	held      *coveragelive.Holder
	taken     takenAway
	refused   refusals
	now       func() time.Time
}

var _ consequencehttp.Consequences = (*nameConsequences)(nil)

// mountNameConsequences serves the consequences of other names.
func mountNameConsequences(api huma.API, d desk, refused refusals, now func() time.Time) error {
	catalogue, err := placenames.NewCatalogue()
	if err != nil {
		return err
	}
	consequencehttp.Register(api, &nameConsequences{
		store: consequencedb.New(d.db), catalogue: catalogue, adcode: d.adcode, held: d.served.held, taken: takenAway{d.db}, refused: refused, now: now,
	})
	return nil
}

func (c *nameConsequences) writer(ctx context.Context) postgres.Writer { return writer(ctx, c.adcode) }

// Today is the day in the district.
func (c *nameConsequences) Today() record.Day { return record.DayOf(c.now()) }

// Before gives what carries a name now.
func (c *nameConsequences) Before(ctx context.Context, id string) (placenames.Name, consequences.Report, error) {
	return c.store.Before(ctx, c.writer(ctx), id)
}

// After gives what has to follow.
func (c *nameConsequences) After(ctx context.Context, id string) (placenames.Name, []consequences.Task, bool, error) {
	n, tasks, err := c.store.After(ctx, c.writer(ctx), id)
	if err != nil {
		return n, nil, false, err
	}
	who, in := auth.From(ctx)
	return n, tasks, in && who.May(auth.PlaceNameWrite, n.Divisions[0]), nil
}

// Mark keeps what the person says of one thing.
func (c *nameConsequences) Mark(ctx context.Context, id string, m consequences.Mark) error {
	w := c.writer(ctx)
	err := c.store.Mark(ctx, w, id, m)
	c.refused.note(ctx, w, err, postgres.Note{Action: "name.follow", Kind: "name", ID: id})
	return err
}

// Changes gives the table of old and new names.
func (c *nameConsequences) Changes(ctx context.Context, a consequencehttp.Asked) ([]consequences.Change, error) {
	f := consequencedb.Filter{Text: a.Text, From: string(a.From), Till: string(a.Till)}
	if a.Division != "" {
		s := c.held.State()
		if s == nil {
			return nil, httpapi.NewProblem(503, "not_ready", "数据还没有载入完毕，请稍后再试", "The data are not loaded yet; try again shortly")
		}
		under := divisions.Under(s.Divisions, a.Division)
		if under == nil {
			return nil, consequencehttp.ErrUnknownDivision
		}
		f.Within = slices.Sorted(maps.Keys(under))
	}
	return c.store.Changes(ctx, c.writer(ctx), f)
}

// Outstanding counts what is still to follow.
func (c *nameConsequences) Outstanding(ctx context.Context, ids []string) (map[string]int, error) {
	return c.store.Outstanding(ctx, c.writer(ctx), ids)
}

// WriteChanges writes the table to a file, which is noted.
func (c *nameConsequences) WriteChanges(ctx context.Context, to io.Writer, a consequencehttp.Asked, csv, english bool) error {
	all, err := c.Changes(ctx, a)
	if err != nil {
		return err
	}
	t := consequenceexport.Table{Changes: all, Catalogue: c.catalogue, Places: map[string]string{}, English: english, Made: c.Today()}
	if s := c.held.State(); s != nil {
		for _, d := range s.Divisions {
			t.Places[d.Code] = d.NameZH
			if english {
				t.Places[d.Code] = cmp.Or(d.NameEN, d.NameZH)
			}
		}
	}
	format := rowout.XLSX
	if csv {
		format = rowout.CSV
	}
	if err := t.Write(ctx, to, format); err != nil {
		return err
	}
	return c.taken.note(ctx, c.writer(ctx), postgres.Note{
		Action: "name_changes.export", Kind: "name", Division: a.Division, After: map[string]any{"rows": len(all), "format": string(format)},
	})
}

// Prices gives the unit costs.
func (c *nameConsequences) Prices(ctx context.Context) ([]consequences.Price, int, bool, error) {
	return c.store.Prices(ctx, c.writer(ctx))
}

// SetPrices sets the unit costs.
func (c *nameConsequences) SetPrices(ctx context.Context, expected int, list []consequences.Price, reason string) error {
	w := c.writer(ctx)
	err := c.store.SetPrices(ctx, w, expected, list, reason, c.Today())
	c.refused.note(ctx, w, err, postgres.Note{Action: "name_unit_cost.set", Kind: "name_unit_cost"})
	return err
}
