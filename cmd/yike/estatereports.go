package main

import (
	"context"
	"errors"
	"io"
	"runtime"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/paulmach/orb"
	"golang.org/x/sync/errgroup"

	"yike/coverage/coveragelive"
	"yike/facilities/estates"
	"yike/facilities/estates/estateexport"
	"yike/facilities/estates/estatehttp"
	"yike/facilities/premises"
	"yike/geo/divisions"
	"yike/internal/pdf"
	"yike/internal/record"
	"yike/internal/rules"
)

// estateReports adds the district's estates up. What it holds is the same for everybody who may
// read the map, and kept until an estate, a rule, a room, a household or the day changes.
type estateReports struct {
	records *estateRecords
	fonts   func() (*pdf.Fonts, error)

	mu   sync.Mutex // of many who ask at one time one works it out
	mark string
	set  *rules.Set
	kept []estates.Held
}

var _ estatehttp.Reports = (*estateReports)(nil)

func newEstateReports(r *estateRecords, fonts func() (*pdf.Fonts, error)) *estateReports {
	return &estateReports{records: r, fonts: fonts}
}

func (r *estateReports) mount(api huma.API) { estatehttp.RegisterReports(api, r) }

// Today is the day it is for the authority.
func (r *estateReports) Today() record.Day { return r.records.Today() }

// held checks every estate of the district. The list is shared and must not be written to.
func (r *estateReports) held(ctx context.Context) ([]estates.Held, estateBasis, error) {
	b, err := r.records.basis(ctx, r.Today())
	if err != nil {
		return nil, b, err
	}
	w := r.records.writer(ctx)
	mark, err := r.records.store.Mark(ctx, w)
	if err != nil {
		return nil, b, err
	}
	mark += "/" + b.mark + "/" + string(b.day)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.mark == mark && r.set == b.set {
		return r.kept, b, nil
	}
	items, err := r.records.store.All(ctx, w)
	if err != nil {
		return nil, b, err
	}
	progress, err := r.records.progressOf(ctx, b.day)
	if err != nil {
		return nil, b, err
	}
	r.mark, r.set, r.kept = mark, b.set, holdAll(b, items, progress)
	return r.kept, b, nil
}

// holdAll checks estates on all processors, in the order given.
func holdAll(b estateBasis, items []estates.Item, progress estateProgress) []estates.Held {
	b.ground = b.ground.With(recordsOf(items), progress.of, b.day)
	out := make([]estates.Held, len(items))
	checks := estates.NewChecker(b.set)
	var g errgroup.Group
	workers := max(1, runtime.GOMAXPROCS(0))
	for worker := range workers {
		g.Go(func() error {
			for i := worker; i < len(items); i += workers {
				e := items[i].Estate
				out[i] = estates.Hold(checks, e, progress.of[e.ID], b.context(e, progress))
			}
			return nil
		})
	}
	_ = g.Wait() // none fails
	return out
}

// estateNotices are what must be said of the district's data.
func estateNotices(held *coveragelive.Holder) []estatehttp.EstateText {
	out := []estatehttp.EstateText{}
	for _, n := range (grounds{held: held}).notices() {
		out = append(out, estatehttp.EstateText(n))
	}
	return out
}

// within gives the estates of a division and those below it, the divisions, and what it is called.
func (r *estateReports) within(ctx context.Context, division string) (all []estates.Held, b estateBasis, a estatehttp.ReportAnswer, err error) {
	s := r.records.held.State()
	if s == nil {
		return nil, b, a, estatehttp.ErrNotReady
	}
	name := s.Pack.Manifest.Name
	a = estatehttp.ReportAnswer{Of: estatehttp.EstateText{ZH: name.ZH, EN: name.EN}, Places: s.Divisions, Notices: estateNotices(r.records.held)}
	var under map[string]bool
	if division != "" {
		if under = divisions.Under(s.Divisions, division); under == nil {
			return nil, b, a, estatehttp.ErrUnknownDivision
		}
		for _, d := range s.Divisions {
			if d.Code == division {
				a.Of = estatehttp.EstateText{ZH: d.NameZH, EN: d.NameEN}
			}
		}
	}
	held, b, err := r.held(ctx)
	if err != nil {
		return nil, b, a, err
	}
	for _, h := range held {
		if under == nil || under[h.Estate.DivisionCode] {
			all = append(all, h)
		}
	}
	return all, b, a, nil
}

// Report adds the estates of a division up.
func (r *estateReports) Report(ctx context.Context, division string) (estatehttp.ReportAnswer, error) {
	all, b, a, err := r.within(ctx, division)
	if err != nil {
		return a, err
	}
	a.Report = estates.Summarise(b.chain, b.day, all, a.Places)
	return a, nil
}

// Retrofit lists the standing estates of a division that lack premises.
func (r *estateReports) Retrofit(ctx context.Context, division string) (estatehttp.RetrofitAnswer, error) {
	all, b, a, err := r.within(ctx, division)
	if err != nil {
		return estatehttp.RetrofitAnswer{}, err
	}
	where := map[string]orb.Point{}
	for _, h := range all {
		if at, drawn := h.Estate.Position(); drawn {
			where[h.Estate.ID] = at
		}
	}
	ledger, err := r.ledger(ctx)
	if err != nil {
		return estatehttp.RetrofitAnswer{}, err
	}
	return estatehttp.RetrofitAnswer{
		Day: b.day, List: estates.RetrofitList(b.chain, b.day, all, ledger, where), Places: a.Places, Notices: a.Notices,
	}, nil
}

// ledger is the rooms that the person may see: whether one is free follows from inspections.
func (r *estateReports) ledger(ctx context.Context) ([]premises.Room, error) {
	items, err := r.records.around.table.ledger.All(ctx, r.records.writer(ctx), premises.Filter{})
	if err != nil {
		return nil, err
	}
	out := make([]premises.Room, len(items))
	for i, item := range items {
		out[i] = item.Room
	}
	return out, nil
}

// file is a report to be written.
func (r *estateReports) file(a estatehttp.ReportAnswer, f estatehttp.ReportFormat) estateexport.ReportFile {
	out := estateexport.ReportFile{Report: a.Report, Places: a.Places, Of: estateexport.Text(a.Of), English: f.English, Made: r.Today(), Public: f.Open}
	for _, n := range a.Notices {
		out.Notices = append(out.Notices, estateexport.Text(n))
	}
	return out
}

// WriteReport writes the report.
func (r *estateReports) WriteReport(ctx context.Context, w io.Writer, f estatehttp.ReportFormat) error {
	a, err := r.Report(ctx, f.Division)
	if err != nil {
		return err
	}
	file := r.file(a, f)
	switch f.Format {
	case "csv":
		return file.WriteCSV(ctx, w)
	case "xlsx":
		return file.WriteXLSX(w)
	}
	fonts, err := r.fonts()
	if errors.Is(err, pdf.ErrNoFont) {
		return estatehttp.ErrReportFonts
	}
	if err != nil {
		return err
	}
	return file.WritePDF(w, fonts)
}

// WriteRetrofit writes the list of estates that lack premises.
func (r *estateReports) WriteRetrofit(ctx context.Context, w io.Writer, f estatehttp.ReportFormat) error {
	list, err := r.Retrofit(ctx, f.Division)
	if err != nil {
		return err
	}
	a := estatehttp.ReportAnswer{Report: estates.Report{Day: list.Day}, Places: list.Places, Notices: list.Notices}
	if s := r.records.held.State(); s != nil {
		a.Of = estatehttp.EstateText{ZH: s.Pack.Manifest.Name.ZH, EN: s.Pack.Manifest.Name.EN}
	}
	file := estateexport.RetrofitFile{ReportFile: r.file(a, f), List: list.List}
	if f.Format == "csv" {
		return file.WriteCSV(ctx, w)
	}
	return file.WriteXLSX(w)
}
