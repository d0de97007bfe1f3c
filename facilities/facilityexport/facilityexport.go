// Package facilityexport writes facilities to files of every format, and the templates in
// which they come back. It joins what package exports says stands in the columns with the
// writers of files, and knows no storage and no HTTP.
package facilityexport

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"

	"yike/facilities"
	"yike/facilities/exports"
	"yike/internal/rowio"
	"yike/internal/rowout"
)

// Order says how facilities are written.
type Order struct {
	Format  rowout.Format
	System  rowout.System
	Name    string   // of the sheet or layer
	Notes   []string // sentences about the whole
	TempDir string   // "" for the system's
}

// Source gives one facility after another; io.EOF is the end.
type Source func() (facilities.Facility, error)

// Write writes the facilities of a source and gives how many there were. A format that
// needs what is not installed gives gdal.ErrMissing.
func Write(ctx context.Context, to io.Writer, sheet exports.Sheet, words exports.Words, o Order, next Source) (int, error) {
	table := rowout.Table{Name: o.Name, Notes: o.Notes, Columns: Columns(sheet, o)}
	options := rowout.Options{System: o.System, TempDir: o.TempDir}
	if words == exports.English {
		options.Yes, options.No = "yes", "no"
	}
	w, err := rowout.New(ctx, to, o.Format, table, options)
	if err != nil {
		return 0, err
	}
	defer w.Discard()
	for n := 0; ; n++ {
		f, err := next()
		if errors.Is(err, io.EOF) {
			return n, w.Close()
		}
		if err != nil {
			return n, err
		}
		line := sheet.Line(f)
		if err := w.Row(rowout.Row{Values: line.Values, Point: line.Point}); err != nil {
			return n, fmt.Errorf("write facility %s: %w", f.ID, err)
		}
	}
}

// Columns are those of a sheet for the writers of files. Coordinates are named after
// their system where it is not the usual one, so that nobody takes them for another.
func Columns(sheet exports.Sheet, o Order) []rowout.Column {
	kinds := map[exports.Kind]rowout.Kind{
		exports.Integer: rowout.Integer, exports.Number: rowout.Number, exports.Day: rowout.Day, exports.Boolean: rowout.Boolean,
		exports.Lon: rowout.Number, exports.Lat: rowout.Number,
	}
	var out []rowout.Column
	for i, c := range sheet.Columns() {
		col := rowout.Column{Code: c.Code, Head: c.Head, Kind: kinds[c.Kind], Lon: c.Kind == exports.Lon, Lat: c.Kind == exports.Lat}
		if col.Code == "" {
			col.Code = fmt.Sprintf("column_%d", i+1)
		}
		if (col.Lon || col.Lat) && o.System.Shifted() {
			col.Head += "（" + o.System.Label() + "）"
		}
		out = append(out, col)
	}
	return out
}

// Shown gives rows as text, as a CSV file would have them.
func Shown(ctx context.Context, sheet exports.Sheet, words exports.Words, o Order, list []facilities.Facility) ([][]string, error) {
	var b bytes.Buffer
	o.Format = rowout.TSV
	i := 0
	_, err := Write(ctx, &b, sheet, words, o, func() (facilities.Facility, error) {
		if i++; i > len(list) {
			return facilities.Facility{}, io.EOF
		}
		return list[i-1], nil
	})
	if err != nil {
		return nil, err
	}
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(b.Bytes(), []byte("\xef\xbb\xbf"))))
	r.Comma = '\t'
	records, err := r.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read the rows to show: %w", err)
	}
	for _, record := range records {
		for i, cell := range record {
			record[i] = rowio.Unguarded(cell) // what is before it is not the person's
		}
	}
	return records[1:], nil
}
