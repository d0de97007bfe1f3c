package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/danielgtaylor/huma/v2"
	"github.com/paulmach/orb"

	"yike/facilities/lists"
	"yike/facilities/lists/listimport"
	"yike/geo"
	"yike/internal/postgres"
	"yike/internal/record"
	"yike/internal/rowio"
	"yike/placenames"
	"yike/placenames/nameimport"
	"yike/placenames/nameimporthttp"
	"yike/placenames/namelist"
	"yike/placenames/placenamedb"
	"yike/placenames/readinglive"
	"yike/placenames/roman"
)

// nameFiles gives nameimporthttp the taking of lists of names, as the person who sends one may
// write them.
type nameFiles struct {
	*placeNames
	book *readinglive.Book
}

var _ nameimporthttp.Imports = nameFiles{}

// mountNameImport serves the import of lists of names.
func mountNameImport(api huma.API, p *placeNames, book *readinglive.Book) {
	nameimporthttp.Register(api, nameFiles{placeNames: p, book: book})
}

// Catalogue are the classes with their kinds.
func (f nameFiles) Catalogue() *placenames.Catalogue { return f.catalogue }

// Template writes a workbook to be filled in.
func (f nameFiles) Template(_ context.Context, w io.Writer, english bool) error {
	s := f.held.State()
	if s == nil {
		return nameimporthttp.ErrNotReady
	}
	return nameimport.WriteTemplate(w, f.catalogue, s.Divisions, english)
}

// Take takes a list of names, or tries it.
func (f nameFiles) Take(ctx context.Context, in nameimporthttp.File) (nameimporthttp.Taken, error) {
	var out nameimporthttp.Taken
	path, err := f.keep(in)
	if err != nil {
		return out, err
	}
	defer os.Remove(path) //nolint:errcheck // the system clears its folder of temporary files, too
	out, _, err = f.take(ctx, in, path)
	return out, err
}

// Marked tries a list and writes it with its faults marked.
func (f nameFiles) Marked(ctx context.Context, w io.Writer, in nameimporthttp.File) error {
	path, err := f.keep(in)
	if err != nil {
		return err
	}
	defer os.Remove(path) //nolint:errcheck // as of Take
	taken, file, err := f.take(ctx, in, path)
	if err != nil {
		return err
	}
	return nameimport.Marked(ctx, w, path, in.Name, file, taken.Faults)
}

// keep keeps a file for as long as it is read.
func (nameFiles) keep(in nameimporthttp.File) (string, error) {
	path, size, err := keptFile(in.Body)
	if err == nil && size == 0 {
		err = errors.Join(&nameimporthttp.FileError{ZH: "文件是空的", EN: "the file is empty"}, os.Remove(path))
	}
	return path, err
}

func (f nameFiles) take(ctx context.Context, in nameimporthttp.File, path string) (nameimporthttp.Taken, nameimport.File, error) {
	var out nameimporthttp.Taken
	file, err := f.read(ctx, in, path)
	if err != nil {
		return out, file, err
	}
	for _, s := range file.Sheets {
		out.Sheets = append(out.Sheets, nameimporthttp.Sheet(s))
	}
	out.Words = file.Words
	spell, err := f.spell(ctx)
	if err != nil {
		return out, file, err
	}
	w := f.writer(ctx)
	out.Taken, err = f.store.Take(ctx, w, placenamedb.Take{File: in.Name, Rows: file.Rows, Faults: file.Faults, Placed: file.Placed, Spell: spell, Trial: in.Trial},
		record.Change{Reason: in.Reason}, f.Today())
	out.Remarks = append(file.Remarks, out.Remarks...)
	out.Remarked += len(file.Remarks)
	f.refused.note(ctx, w, err, postgres.Note{Action: "name.import", Kind: "name", After: in.Name})
	return out, file, err
}

func (f nameFiles) read(ctx context.Context, in nameimporthttp.File, path string) (nameimport.File, error) {
	s := f.held.State()
	if s == nil {
		return nameimport.File{}, nameimporthttp.ErrNotReady
	}
	o := nameimport.Options{
		Options: namelist.Options{Catalogue: f.catalogue, Places: lists.NewPlaces(s.Divisions), Columns: in.Columns, Kinds: in.Kinds, Source: in.Source, Today: f.Today()},
		Ground:  listimport.Ground{Bounds: s.Bounds, Roads: func() []orb.LineString { return roadLines(s) }, Given: in.CRS != ""},
	}
	if in.CRS != "" {
		crs, err := geo.ParseCRS(in.CRS)
		if err != nil {
			return nameimport.File{}, nameimporthttp.ErrUnknownCRS
		}
		o.CRS, o.Given = crs, true
	}
	file, err := nameimport.Read(ctx, path, in.Name, o)
	var bad *rowio.RowError
	if errors.As(err, &bad) {
		return file, &nameimporthttp.FileError{Row: bad.Row, ZH: bad.ReasonZH, EN: bad.ReasonEN}
	}
	return file, err
}

// spell gives the spelling by the rules and the readings that were confirmed.
func (f nameFiles) spell(ctx context.Context) (func(placenames.Name) (string, bool), error) {
	speller, err := f.book.Speller(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the confirmed readings: %w", err)
	}
	return func(n placenames.Name) (string, bool) {
		s := speller.Spell(toSpell(f.catalogue, n))
		return s.Text, s.Certain
	}, nil
}

// toSpell asks for the spelling of a record; names of natural villages and of what is seated in
// one are joined whole.
func toSpell(c *placenames.Catalogue, n placenames.Name) roman.Request {
	q := roman.Request{Text: n.Text, Readings: n.Readings, Joined: n.Kind == "natural_village" || n.Kind == "village_seat"}
	q.Parts, _ = c.PartsOf(n)
	if _, class, ok := c.Of(n.Kind); ok {
		q.Class = class.Code.Code
	}
	return q
}
