package main

import (
	"context"
	"errors"
	"io"

	"github.com/danielgtaylor/huma/v2"

	"yike/internal/pdf"
	"yike/internal/postgres"
	"yike/internal/rowout"
	"yike/placenames"
	"yike/placenames/gazetteer"
	"yike/placenames/gazetteerexport"
	"yike/placenames/placenamehttp"
)

// nameOutputs gives placenamehttp the register as a whole.
type nameOutputs struct {
	*placeNames
	taken takenAway
	fonts func() (*pdf.Fonts, error)
}

var _ placenamehttp.Outputs = nameOutputs{}

// mountNameOutputs serves the register of place names as files and figures.
func mountNameOutputs(api huma.API, d desk, p *placeNames) {
	placenamehttp.RegisterOutputs(api, nameOutputs{placeNames: p, taken: takenAway{d.db}, fonts: d.fonts})
}

// file reads what is asked for.
func (o nameOutputs) file(ctx context.Context, a placenamehttp.Asked) (gazetteerexport.File, error) {
	var err error
	if a.Filter.Within, err = o.within(a.Division); err != nil {
		return gazetteerexport.File{}, err
	}
	entries, err := o.store.Gazetteer(ctx, o.writer(ctx), a.Filter, a.At)
	if err != nil {
		return gazetteerexport.File{}, err
	}
	if a.Open {
		entries = gazetteer.Open(entries)
	}
	out := gazetteerexport.File{
		Entries: entries, Catalogue: o.catalogue, English: a.English, Open: a.Open, Filtered: len(askedOf(a)) > 0, Made: o.Today(),
	}
	if s := o.held.State(); s != nil {
		out.Places = s.Divisions
		if s.Pack.Manifest.Synthetic {
			out.Notices = []placenames.Code{{ZH: "合成示例区：地名和决定文件都是按规则生成的，不是真实情况", EN: "A synthetic district: its place names and documents are made by rules and are not real"}}
		}
	}
	return out, nil
}

// Write writes the register to a file. A file of records is noted before it is given; figures
// take no record out of the house.
func (o nameOutputs) Write(ctx context.Context, to io.Writer, what placenamehttp.Output, a placenamehttp.Asked) error {
	f, err := o.file(ctx, a)
	if err != nil {
		return err
	}
	switch what {
	case placenamehttp.FiguresXLSX:
		return f.WriteFigures(to)
	case placenamehttp.BookPDF:
		err = o.printed(to, f)
	case placenamehttp.BookXLSX:
		err = f.WriteBook(to)
	default:
		err = f.WriteRows(ctx, to, rowout.Format(what))
	}
	if err != nil {
		return err
	}
	return o.taken.note(ctx, o.writer(ctx), postgres.Note{
		Action: "name.export", Kind: "name", Division: a.Division,
		After: map[string]any{"rows": len(f.Entries), "format": string(what), "open": a.Open, "filter": askedOf(a)},
	})
}

// printed writes the book of names for print.
func (o nameOutputs) printed(to io.Writer, f gazetteerexport.File) error {
	fonts, err := o.fonts()
	if errors.Is(err, pdf.ErrNoFont) {
		err = placenamehttp.ErrNoFonts
	}
	if err == nil {
		_, err = f.WritePDF(to, fonts)
	}
	return err
}

// askedOf gives the parts of a filter that are given, by their names in the API.
func askedOf(a placenamehttp.Asked) map[string]any {
	out := map[string]any{}
	for name, v := range map[string]string{
		"initial": a.Filter.Initial, "division": a.Division, "q": a.Filter.Text, "at": string(a.At.Valid),
	} {
		if v != "" {
			out[name] = v
		}
	}
	if len(a.Filter.Classes) > 0 {
		out["class"] = a.Filter.Classes
	}
	if len(a.Filter.Kinds) > 0 {
		out["kind"] = a.Filter.Kinds
	}
	if len(a.Filter.States) > 0 {
		out["state"] = a.Filter.States
	}
	if a.Filter.Heritage != nil {
		out["heritage"] = *a.Filter.Heritage
	}
	return out
}

// Statistics counts the register.
func (o nameOutputs) Statistics(ctx context.Context, a placenamehttp.Asked) (gazetteer.Statistics, error) {
	f, err := o.file(ctx, a)
	if err != nil {
		return gazetteer.Statistics{}, err
	}
	return gazetteer.Count(f.Entries, f.Catalogue, f.Places), nil
}
