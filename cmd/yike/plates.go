package main

import (
	"context"
	"crypto/rand"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"yike/coverage/coveragelive"
	"yike/internal/auth"
	"yike/internal/httpapi"
	"yike/internal/postgres"
	"yike/internal/record"
	"yike/placenames/casedb"
	"yike/placenames/plates"
	"yike/placenames/plates/life"
	"yike/placenames/plates/platedb"
	"yike/placenames/plates/platehttp"
	caseprocess "yike/placenames/process"
)

// addressPlates gives platehttp the plates of the district, as the person who asks may see and
// write them.
type addressPlates struct {
	store   *platedb.Store
	cases   *casedb.Store // of which the working calendar is
	book    *life.Book
	held    *coveragelive.Holder
	adcode  string
	hosts   []string // that symbols of ours spell; none where none is set
	refused refusals
	now     func() time.Time
}

var _ platehttp.Plates = (*addressPlates)(nil)

// newAddressPlates opens the register of plates of a district.
func newAddressPlates(d desk, hosts []string, refused refusals, now func() time.Time) (*addressPlates, error) {
	book, err := life.NewBook()
	if err != nil {
		return nil, err
	}
	cases, _, err := newNameCaseStore(d.db)
	if err != nil {
		return nil, err
	}
	return &addressPlates{
		store: platedb.New(d.db, rand.Reader), cases: cases, book: book, held: d.served.held, adcode: d.adcode, hosts: hosts, refused: refused, now: now,
	}, nil
}

// mountPlates serves the register of plates, their orders, and the ways of fitters.
func mountPlates(api huma.API, d desk, c plateConfig, refused refusals, now func() time.Time) error {
	p, err := newAddressPlates(d, c.hosts(), refused, now)
	if err != nil {
		return err
	}
	platehttp.Register(api, p)
	return nil
}

func (p *addressPlates) today() record.Day { return record.DayOf(p.now()) }

func (p *addressPlates) writer(ctx context.Context) postgres.Writer { return writer(ctx, p.adcode) }

// Book holds the rules.
func (p *addressPlates) Book() *life.Book { return p.book }

// List gives a page of the plates asked for.
func (p *addressPlates) List(ctx context.Context, f life.Filter, after life.Cursor, limit int) (life.Page, error) {
	return p.store.List(ctx, p.writer(ctx), f, after, limit)
}

// Counts tells how many there are in each state.
func (p *addressPlates) Counts(ctx context.Context, f life.Filter) (map[life.State]int, error) {
	return p.store.Counts(ctx, p.writer(ctx), f)
}

// calendar is the working calendar of the authority.
func (p *addressPlates) calendar(ctx context.Context) (*caseprocess.Calendar, error) {
	set, err := p.cases.Settings(ctx, p.writer(ctx))
	if err != nil {
		return nil, err
	}
	return set.Years.Calendar(p.today())
}

// One gives one plate with its events, checked.
func (p *addressPlates) One(ctx context.Context, code plates.Token, asked string) (platehttp.Detail, error) {
	w := p.writer(ctx)
	item, err := p.store.ByToken(ctx, w, code)
	if err != nil {
		return platehttp.Detail{}, err
	}
	out := platehttp.Detail{Item: item}
	if out.Events, err = p.store.Events(ctx, w, code); err != nil {
		return out, err
	}
	preset, ok := p.book.Preset(asked, p.adcode)
	if !ok {
		preset, _ = p.book.Preset("", p.adcode)
	}
	cal, err := p.calendar(ctx)
	if err != nil {
		return out, err
	}
	due, _ := item.Due(p.book.Limits(preset), cal)
	out.Due = string(due)
	out.Findings = p.book.Check(item.About(), preset, cal, p.today())
	return out, nil
}

// Register enters a plate that hangs already.
func (p *addressPlates) Register(ctx context.Context, e life.Existing) (life.Item, error) {
	w := p.writer(ctx)
	made, err := p.store.Register(ctx, w, e, p.today())
	p.refused.note(ctx, w, err, postgres.Note{Action: "plate.registered", Kind: "plate", After: e.Payload})
	return made, err
}

// Take records what happened to a plate.
func (p *addressPlates) Take(ctx context.Context, code plates.Token, e life.Told) (life.Item, error) {
	w := p.writer(ctx)
	made, err := p.store.Take(ctx, w, code, e, life.Rules{Today: p.today(), Hosts: p.hosts})
	p.refused.note(ctx, w, err, postgres.Note{Action: "plate." + string(e.Kind), Kind: "plate", ID: code.String()})
	return made, err
}

// History gives the versions of a plate.
func (p *addressPlates) History(ctx context.Context, code plates.Token) ([]httpapi.RecordVersion, error) {
	if _, signedIn := auth.From(ctx); !signedIn {
		return nil, postgres.ErrAnonymous
	}
	list, err := p.store.HistoryOf(ctx, p.writer(ctx), code)
	if err != nil {
		return nil, err
	}
	return recordVersions(list), nil
}

// Choose tells what a selection comes to.
func (p *addressPlates) Choose(ctx context.Context, s life.Selection) (life.Choice, error) {
	return p.store.Choose(ctx, p.writer(ctx), s)
}

// Order makes an order.
func (p *addressPlates) Order(ctx context.Context, n life.NewOrder) (life.PlateOrder, error) {
	w := p.writer(ctx)
	made, err := p.store.Order(ctx, w, n, p.today())
	p.refused.note(ctx, w, err, postgres.Note{Action: "plate_order.create", Kind: "plate_order", After: n.Title})
	return made, err
}

// Orders gives orders, the latest first.
func (p *addressPlates) Orders(ctx context.Context, year, no, limit int) ([]life.PlateOrder, bool, error) {
	return p.store.Orders(ctx, p.writer(ctx), year, no, limit)
}

// OrderOne gives one order.
func (p *addressPlates) OrderOne(ctx context.Context, id string) (life.PlateOrder, error) {
	return p.store.OrderByID(ctx, p.writer(ctx), id)
}

// ChangeOrder changes the words of an order.
func (p *addressPlates) ChangeOrder(ctx context.Context, id string, expected int, patch life.OrderPatch) (life.PlateOrder, error) {
	w := p.writer(ctx)
	made, err := p.store.ChangeOrder(ctx, w, id, expected, patch)
	p.refused.note(ctx, w, err, postgres.Note{Action: "plate_order.update", Kind: "plate_order", ID: id})
	return made, err
}

// All lets an event happen to plates of an order.
func (p *addressPlates) All(ctx context.Context, id string, b life.Batch) (int, error) {
	w := p.writer(ctx)
	n, err := p.store.All(ctx, w, id, b, p.today())
	p.refused.note(ctx, w, err, postgres.Note{Action: "plate_order." + string(b.Kind), Kind: "plate_order", ID: id})
	return n, err
}

// MayOrder tells whether the person may order plates anywhere.
func (p *addressPlates) MayOrder(ctx context.Context) bool {
	who, in := auth.From(ctx)
	return in && who.May(auth.PlateWrite, "")
}

// onDesk is how many plates of each list a desk shows.
const onDesk = 20

// Desk tells what is to be done in a division.
func (p *addressPlates) Desk(ctx context.Context, division, asked string) (platehttp.Desk, bool, error) {
	preset, ok := p.book.Preset(asked, p.adcode)
	if !ok {
		return platehttp.Desk{}, false, nil
	}
	cal, err := p.calendar(ctx)
	if err != nil {
		return platehttp.Desk{}, true, err
	}
	w := p.writer(ctx)
	who, in := auth.From(ctx)
	limits := p.book.Limits(preset)
	out := platehttp.Desk{Preset: preset, Limits: limits, Cuts: life.CutsOf(limits, cal, p.today()), MayOrder: p.MayOrder(ctx), MayFit: in && who.May(auth.PlateFit, "")}
	if out.Figures, err = p.store.Desk(ctx, w, division, out.Cuts); err != nil {
		return out, true, err
	}
	if out.ToFix, err = p.store.ToFix(ctx, w, division, onDesk); err != nil {
		return out, true, err
	}
	out.ToRepair, err = p.store.ToRepair(ctx, w, division, onDesk)
	return out, true, err
}
