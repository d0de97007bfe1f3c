package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"yike/coverage/coveragelive"
	"yike/facilities"
	"yike/facilities/facilitydb"
	"yike/facilities/indicators"
	"yike/facilities/indicators/indicatordb"
	"yike/facilities/indicators/indicatorexport"
	"yike/facilities/indicators/indicatorhttp"
	"yike/facilities/typedb"
	"yike/internal/httpapi"
	"yike/internal/pdf"
	"yike/internal/postgres"
	"yike/internal/record"
)

// planAPI gives the plan board its plans from the database, its facts from the registry
// as of a day and the district in memory, and its files.
type planAPI struct {
	store    *indicatordb.Store
	registry *facilitydb.Store
	held     *coveragelive.Holder
	fonts    func() (*pdf.Fonts, error)
	refused  refusals
	now      func() time.Time
	rates    passRates // of new estates
}

var (
	_ indicatorhttp.Plans = (*planAPI)(nil)
	_ indicatorhttp.Files = (*planAPI)(nil)
)

// mountPlans serves the plan board.
func mountPlans(api huma.API, c config, db *postgres.DB, held *coveragelive.Holder, refused refusals, now func() time.Time, rates passRates) {
	plans := &planAPI{
		store: indicatordb.New(db), registry: facilitydb.New(db).WithCatalogue(typedb.New(c.Types)), held: held, fonts: newFontShelf(c).get, refused: refused, now: now, rates: rates,
	}
	indicatorhttp.Register(api, plans, plans)
}

func (a *planAPI) Today() record.Day { return record.DayOf(a.now()) }

// state is the district that is served.
func (a *planAPI) state() (*coveragelive.State, error) {
	if s := a.held.State(); s != nil {
		return s, nil
	}
	return nil, indicatorhttp.ErrNotReady
}

func (a *planAPI) writer(ctx context.Context) (postgres.Writer, error) {
	s, err := a.state()
	if err != nil {
		return postgres.Writer{}, err
	}
	return writer(ctx, s.Pack.AdCode), nil
}

func (a *planAPI) Types() ([]facilities.TypeInfo, error) {
	s, err := a.state()
	if err != nil {
		return nil, err
	}
	return s.Types, nil
}

// Notices are those of the data, and that facilities are examples where some are.
func (a *planAPI) Notices() ([]indicators.Text, error) {
	s, err := a.state()
	if err != nil {
		return nil, err
	}
	var out []indicators.Text
	if s.Pack.Manifest.Synthetic {
		out = append(out, indicators.Text{ZH: "合成示例区：设施和人口都是按规则生成的，不是真实情况", EN: "A synthetic district: its facilities and people are made by rules and are not real"})
	} else if slices.ContainsFunc(s.Facilities, func(f facilities.Facility) bool { return f.Example }) {
		out = append(out, indicators.Text{ZH: "标“示例”的设施按规则放置，不是真实设施", EN: "Facilities marked as examples were placed by rules and are not real"})
	}
	return out, nil
}

func (a *planAPI) List(ctx context.Context) ([]indicatorhttp.Listed, error) {
	w, err := a.writer(ctx)
	if err != nil {
		return nil, err
	}
	list, err := a.store.List(ctx, w)
	if err != nil {
		return nil, err
	}
	out := make([]indicatorhttp.Listed, len(list))
	for i, s := range list {
		out[i] = indicatorhttp.Listed(s)
	}
	return out, nil
}

func (a *planAPI) Whole(ctx context.Context, id string) (indicators.Whole, error) {
	w, err := a.writer(ctx)
	if err != nil {
		return indicators.Whole{}, err
	}
	whole, err := a.store.Whole(ctx, w, id)
	return whole, planError(err)
}

// ValueHistory gives the versions of a value.
func (a *planAPI) ValueHistory(ctx context.Context, plan, id string) ([]httpapi.RecordVersion, error) {
	w, err := a.writer(ctx)
	if err != nil {
		return nil, err
	}
	list, err := a.store.ValueHistory(ctx, w, plan, id)
	return recordVersions(list), planError(err)
}

// Write writes a board to a file.
func (a *planAPI) Write(w io.Writer, format string, b indicators.Board, kind indicators.ReviewKind, english bool, made record.Day, notices []indicators.Text) error {
	r := indicatorexport.Report{Board: b, Kind: kind, English: english, Made: made, Notices: notices}
	switch format {
	case "csv":
		return r.WriteCSV(w)
	case "xlsx":
		return r.WriteXLSX(w)
	case "pdf":
		fonts, err := a.fonts()
		if errors.Is(err, pdf.ErrNoFont) {
			return indicatorhttp.ErrNoFonts
		}
		if err != nil {
			return err
		}
		return r.WritePDF(w, fonts)
	}
	return fmt.Errorf("no format %q", format)
}

func planError(err error) error {
	if errors.Is(err, indicatordb.ErrNotFound) {
		return indicatorhttp.ErrNotFound
	}
	return err
}
