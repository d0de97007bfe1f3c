package main

import (
	"context"
	"errors"
	"io"
	"os"

	"github.com/danielgtaylor/huma/v2"
	"github.com/paulmach/orb"

	"yike/facilities/estates/estatedb"
	"yike/facilities/estates/estatehttp"
	"yike/facilities/estates/estateimport"
	"yike/facilities/estates/estatelist"
	"yike/geo"
	"yike/internal/postgres"
	"yike/internal/record"
	"yike/internal/rowio"
)

// estateFiles gives estatehttp the taking of files of estates, as the person who sends one
// may write them.
type estateFiles struct{ *estateRecords }

var _ estatehttp.Imports = estateFiles{}

// mountEstateImports serves files of estates and rooms.
func mountEstateImports(api huma.API, records *estateRecords) {
	estatehttp.RegisterImports(api, estateFiles{records})
}

// Template writes a workbook to be filled in.
func (f estateFiles) Template(_ context.Context, w io.Writer, rooms, english bool) error {
	s := f.held.State()
	if s == nil {
		return estatehttp.ErrNotReady
	}
	if rooms {
		return estateimport.WriteRoomTemplate(w, s.Divisions, english)
	}
	return estateimport.WriteEstateTemplate(w, s.Divisions, english)
}

// Take takes a file of estates and rooms, or tries it.
func (f estateFiles) Take(ctx context.Context, in estatehttp.File) (estatehttp.TakenFile, error) {
	var out estatehttp.TakenFile
	file, err := f.read(ctx, in)
	if err != nil {
		return out, err
	}
	for _, s := range file.Sheets {
		out.Sheets = append(out.Sheets, estatehttp.ReadSheet{Name: s.Name, Kind: string(s.Kind), Rows: s.Rows, CRS: s.CRS, Ignored: s.Ignored})
	}
	w := f.writer(ctx)
	out.Taken, err = f.store.Take(ctx, w, estatedb.Take{File: in.Name, Lists: file.Lists, Faults: file.Faults, Trial: in.Trial}, record.Change{Reason: in.Reason}, f.Today())
	out.Remarks = append(append([]estatelist.Remark{}, file.Remarks...), out.Remarks...)
	f.refused.note(ctx, w, err, postgres.Note{Action: "estate.import", Kind: "estate", After: in.Name})
	return out, err
}

// read keeps a file for as long as it is read.
func (f estateFiles) read(ctx context.Context, in estatehttp.File) (estateimport.File, error) {
	s := f.held.State()
	if s == nil {
		return estateimport.File{}, estatehttp.ErrNotReady
	}
	o := estateimport.Options{Places: s.Divisions, Bounds: s.Bounds, Roads: func() []orb.LineString { return roadLines(s) }}
	if in.CRS != "" {
		crs, err := geo.ParseCRS(in.CRS)
		if err != nil {
			return estateimport.File{}, estatehttp.ErrUnknownCRS
		}
		o.CRS, o.Given = crs, true
	}
	path, size, err := keptFile(in.Body)
	if err != nil {
		return estateimport.File{}, err
	}
	defer os.Remove(path) //nolint:errcheck // the system clears its folder of temporary files, too
	if size == 0 {
		return estateimport.File{}, &estatehttp.FileError{ZH: "文件是空的", EN: "the file is empty"}
	}
	file, err := estateimport.Read(ctx, path, in.Name, o)
	var bad *rowio.RowError
	if errors.As(err, &bad) {
		return file, &estatehttp.FileError{Row: bad.Row, ZH: bad.ReasonZH, EN: bad.ReasonEN}
	}
	return file, err
}
