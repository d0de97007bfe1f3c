package main

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"yike/internal/pdf"
	"yike/internal/postgres"
	"yike/placenames/plates"
	"yike/placenames/plates/faces"
	"yike/placenames/plates/life"
	"yike/placenames/plates/platedb"
	"yike/placenames/plates/proof"
	"yike/placenames/plates/sheethttp"
	platesheets "yike/placenames/plates/sheets"
)

// plateSheets draws the plates of the register, as the person who asks may see them.
type plateSheets struct {
	db     *postgres.DB
	store  *platedb.Store
	config plateConfig
	adcode string
	fonts  func() (*pdf.Fonts, error)
	busy   chan struct{} // as many as files are written at a time

	mu    sync.Mutex
	maker *platesheets.Maker // nil until there are fonts
}

var _ sheethttp.Sheets = (*plateSheets)(nil)

func newPlateSheets(a *app, db *postgres.DB, adcode string) *plateSheets {
	return &plateSheets{
		db: db, store: platedb.New(db, rand.Reader), config: a.config.Plates, adcode: adcode, fonts: newFontShelf(a.config).get, busy: make(chan struct{}, filesAtOnce),
	}
}

// mountPlateSheets serves pictures of plates and the sheets of their orders.
func mountPlateSheets(api huma.API, a *app, d desk) {
	sheethttp.Register(api, newPlateSheets(a, d.db, d.adcode))
}

// Faces are those in use.
func (p *plateSheets) Faces() []faces.Face { return p.config.Faces }

// draws gives what draws plates, with its letters kept from one time to the next.
func (p *plateSheets) draws() (platesheets.Maker, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.maker == nil {
		m, err := newPlateMaker(p.fonts)
		if errors.Is(err, pdf.ErrNoFont) {
			return m, sheethttp.ErrNoFont
		}
		if err != nil {
			return m, err
		}
		p.maker = &m
	}
	return *p.maker, nil
}

// plate is what is drawn of a plate of the register. One whose symbol is not ours is drawn as
// the sample of one that would be, since only its own maker knows what it looks like.
func (p *plateSheets) plate(i life.Item) platesheets.Plate {
	text, sample := p.config.payload(i.Token)
	return platesheets.Plate{
		Token: i.Token, Payload: text, Face: p.config.face(i.Kind), Name: i.Face.Name, Roman: i.Face.Roman, Number: i.Face.Number,
		Address: i.AddressText, Mask: -1, Sample: sample || i.Foreign != "",
	}
}

// Drawing draws one plate, its symbol with the mask that the proof of its order found for it.
func (p *plateSheets) Drawing(ctx context.Context, code plates.Token) (faces.Drawing, error) {
	w := writer(ctx, p.adcode)
	item, err := p.store.ByToken(ctx, w, code)
	if err != nil {
		return faces.Drawing{}, err
	}
	maker, err := p.draws()
	if err != nil {
		return faces.Drawing{}, err
	}
	plate := p.plate(item)
	if item.OrderID != "" {
		o, err := p.store.OrderByID(ctx, w, item.OrderID)
		if err != nil {
			return faces.Drawing{}, err
		}
		proved, err := provedOfOrder(o)
		if err != nil {
			return faces.Drawing{}, err
		}
		plate = proved.WithMasks(plate)
	}
	return maker.Draw(plate)
}

// provedOfOrder is what the proof of an order found, nil before one.
func provedOfOrder(o life.PlateOrder) (*platesheets.Proved, error) {
	if len(o.Proof) == 0 {
		return nil, nil //nolint:nilnil // no proof is no error, and nil has no masks
	}
	out := &platesheets.Proved{}
	if err := json.Unmarshal(o.Proof, out); err != nil {
		return nil, fmt.Errorf("read the proof of order %s: %w", o.Number(), err)
	}
	return out, nil
}

// plateRun is an order with what is to be made of it.
type plateRun struct {
	batch  platesheets.Batch
	list   []platesheets.Plate
	items  []life.Item
	proved *platesheets.Proved
}

// run reads an order: its plates but for those replaced or withdrawn, one kind after another.
func (p *plateSheets) run(ctx context.Context, w postgres.Writer, order string) (plateRun, error) {
	o, err := p.store.OrderByID(ctx, w, order)
	if err != nil {
		return plateRun{}, err
	}
	items, err := p.store.OfOrder(ctx, w, order)
	if err != nil {
		return plateRun{}, err
	}
	items = slices.DeleteFunc(items, func(i life.Item) bool { return i.State == life.Replaced || i.State == life.Withdrawn })
	slices.SortStableFunc(items, func(a, b life.Item) int {
		return cmp.Compare(slices.Index(plates.Kinds(), a.Kind), slices.Index(plates.Kinds(), b.Kind))
	})
	r := plateRun{batch: platesheets.Batch{ID: o.Number(), Title: o.Title, Day: string(o.OrderedOn), Sheet: platesheets.MakerSheet()}, items: items}
	if r.proved, err = provedOfOrder(o); err != nil {
		return r, err
	}
	for _, i := range items {
		plate := p.plate(i)
		if plate.Face == nil {
			return r, fmt.Errorf("there is no face for plates of kind %s", i.Kind)
		}
		r.list = append(r.list, r.proved.WithMasks(plate))
	}
	return r, nil
}

// released writes the sheets and tells whether they are those that the proof passed.
func (r plateRun) released(maker platesheets.Maker) (sheethttp.Files, error) {
	var out bytes.Buffer
	man, err := maker.Write(&out, "sheet.pdf", r.batch, slices.Values(r.list), nil)
	if err != nil {
		return sheethttp.Files{}, err
	}
	passed := r.proved != nil && r.proved.Passed && r.proved.SHA256 == man.File.SHA256
	return sheethttp.Files{PDF: out.Bytes(), Manifest: man, Released: passed && !slices.ContainsFunc(r.list, func(p platesheets.Plate) bool { return p.Sample })}, nil
}

// enter waits until a file may be written; leave must be called after.
func (p *plateSheets) enter(ctx context.Context) (leave func(), err error) {
	select {
	case p.busy <- struct{}{}:
		return func() { <-p.busy }, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// Files writes the sheets: with the mark of a sample on each face until they are released.
func (p *plateSheets) Files(ctx context.Context, order string) (sheethttp.Files, error) {
	maker, err := p.draws()
	if err != nil {
		return sheethttp.Files{}, err
	}
	leave, err := p.enter(ctx)
	if err != nil {
		return sheethttp.Files{}, err
	}
	defer leave()
	r, err := p.run(ctx, writer(ctx, p.adcode), order)
	if err != nil {
		return sheethttp.Files{}, err
	}
	f, err := r.released(maker)
	if err != nil || f.Released {
		return f, err
	}
	for i := range r.list {
		r.list[i].Sample = true
	}
	return r.released(maker)
}

// Standing tells how far the sheets are; what cannot be made is found by drawing all of it.
func (p *plateSheets) Standing(ctx context.Context, order string) (sheethttp.Standing, error) {
	r, err := p.run(ctx, writer(ctx, p.adcode), order)
	if err != nil {
		return sheethttp.Standing{}, err
	}
	maker, err := p.draws()
	if err != nil {
		return sheethttp.Standing{}, err
	}
	leave, err := p.enter(ctx)
	if err != nil {
		return sheethttp.Standing{}, err
	}
	defer leave()
	s := sheethttp.Standing{Plates: len(r.list), Proved: r.proved, Host: p.config.Host}
	var missing *proof.MissingError
	if _, err := proof.Find(); errors.As(err, &missing) {
		s.Missing = missing.Programs
	}
	const shown = 20
	faults := maker.Check(slices.Values(r.list))
	s.Faulty = len(faults)
	for _, f := range faults[:min(shown, len(faults))] {
		zh, en, ok := sheethttp.Reason(f.Err)
		if !ok {
			return s, f.Err
		}
		i := r.items[f.Index]
		s.Faults = append(s.Faults, sheethttp.Fault{Token: i.Token, Text: i.Face.Name + i.Face.Number, ZH: zh, EN: en})
	}
	if r.proved != nil && r.proved.Passed && len(faults) == 0 && len(r.list) > 0 {
		f, err := r.released(maker)
		if err != nil {
			return s, err
		}
		s.Released = f.Released
	}
	return s, nil
}

// Prove asks for the job, if there is a host, a program for each step and nothing that cannot
// be made.
func (p *plateSheets) Prove(ctx context.Context, order string) (string, error) {
	if p.config.Host == "" {
		return "", sheethttp.ErrNoHost
	}
	if _, err := proof.Find(); err != nil {
		return "", sheethttp.ErrNoTools
	}
	o, err := p.store.OrderByID(ctx, writer(ctx, p.adcode), order)
	if err != nil {
		return "", err
	}
	return askPlateProof(ctx, p.db, writer(ctx, p.adcode), order, o.Division)
}

// provedOf is what is kept of a release.
func provedOf(r proof.Release, day time.Time) platesheets.Proved {
	out := platesheets.Proved{
		Day: day.Format(time.DateOnly), Passed: r.Report.Passed(), Plates: r.Report.Plates, Read: r.Report.Read, Misread: r.Report.Misread, Decoders: proof.Decoders(),
		SHA256: r.Manifest.File.SHA256, Pages: r.Manifest.File.Pages, Masks: map[plates.Token]int{},
	}
	for _, m := range r.Remasked {
		out.Masks[m.Token] = m.To
	}
	const shown = 50
	for _, f := range r.Report.Failures[:min(shown, len(r.Report.Failures))] {
		out.Unread = append(out.Unread, f.Entry.Grouped)
	}
	return out
}
