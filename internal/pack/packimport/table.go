// Package packimport reads the rows of a pack's layer as the manifest says to: our
// column names, our values, longitude and latitude in WGS 84. Every row is looked at
// and every fault is noted with file, row, field and value; what the rows mean is for
// the importer of each layer to say.
package packimport

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"yike/geo"
	"yike/internal/pack"
	"yike/internal/rowio"
)

// Table is one layer's file, open for reading once.
type Table struct {
	Faults pack.Faults // of all rows read so far

	layer     pack.Named
	file      string // as the manifest names it
	crs       geo.CRS
	reader    rowio.Reader
	columns   map[string]bool
	rows      int
	exchanged int // rows whose coordinates make sense only the other way round
}

// Open opens the file of a layer below root and holds the manifest's columns against
// the file's. The errors are *pack.BadPackError where the file is at fault.
func Open(ctx context.Context, root string, layer pack.Named) (*Table, error) {
	t := &Table{layer: layer, file: layer.File, columns: map[string]bool{}}
	if layer.Placed() {
		crs, err := geo.ParseCRS(layer.CRS)
		if err != nil {
			return nil, fmt.Errorf("open %s: %w", layer.File, err)
		}
		t.crs = crs
	}
	reader, err := rowio.Open(ctx, filepath.Join(root, filepath.FromSlash(layer.File)), rowFormat(layer.Layer), layer.SubName)
	if err != nil {
		return nil, t.openError(err)
	}
	t.reader = reader
	for _, c := range reader.Columns() {
		t.columns[c] = true
	}
	t.checkColumns(reader.Columns())
	if err := t.Faults.Err(layer.Kind); err != nil {
		return nil, errors.Join(err, reader.Close())
	}
	return t, nil
}

// rowFormat is the reader's name for a format: those that share one here differ there
// by the file's extension.
func rowFormat(l *pack.Layer) string {
	switch strings.ToLower(filepath.Ext(l.File)) {
	case ".tsv", ".geojsonl", ".geojsons", ".ndjson":
		return ""
	}
	return l.FileFormat()
}

func (t *Table) openError(err error) error {
	var re *rowio.RowError
	switch {
	case errors.As(err, &re):
		return pack.Bad(t.layer.Kind, t.rowFault(re))
	case errors.Is(err, fs.ErrNotExist):
		return pack.Bad(t.layer.Kind, pack.Fault{File: t.file, Reason: pack.Text{ZH: "文件不存在", EN: "the file does not exist"}})
	default:
		return fmt.Errorf("open %s: %w", t.file, err)
	}
}

func (t *Table) rowFault(re *rowio.RowError) pack.Fault {
	return pack.Fault{
		File: t.file, Row: re.Row, Field: re.Column, Value: re.Value,
		Reason: pack.Text{ZH: re.ReasonZH, EN: re.ReasonEN},
	}
}

// checkColumns reports every column that the manifest names and the file has not.
func (t *Table) checkColumns(have []string) {
	named := map[string]string{} // column -> where the manifest names it
	for ours, theirs := range t.layer.Fields {
		if theirs != "" {
			named[theirs] = t.layer.Field + ".fields." + ours
		}
	}
	for id, cols := range t.layer.Bands {
		for _, c := range cols {
			named[c] = t.layer.Field + ".bands." + id
		}
	}
	for id, cols := range t.layer.RegisteredBands {
		for _, c := range cols {
			named[c] = t.layer.Field + ".registered_bands." + id
		}
	}
	missing := make([]string, 0, len(named))
	for c := range named {
		if !t.columns[c] {
			missing = append(missing, c)
		}
	}
	slices.Sort(missing)
	for _, c := range missing {
		list := strings.Join(have, ", ")
		t.Faults.Add(pack.Fault{
			File: t.file, Field: named[c], Value: c,
			Reason: pack.Text{ZH: "文件里没有这一列，现有：" + list, EN: "the file has no such column; it has: " + list},
		})
	}
}

// Has reports whether the file has a column for ours.
func (t *Table) Has(ours string) bool {
	theirs, mapped := t.layer.FieldOf(ours)
	return mapped && t.columns[theirs]
}

// Named gives our columns that begin with a prefix, as the manifest and the file name them,
// in order.
func (t *Table) Named(prefix string) []string {
	taken := map[string]bool{} // columns of the file that go by another name of ours
	var out []string
	for ours, theirs := range t.layer.Fields {
		taken[theirs] = true
		if strings.HasPrefix(ours, prefix) && theirs != "" {
			out = append(out, ours)
		}
	}
	for column := range t.columns {
		if _, mapped := t.layer.Fields[column]; strings.HasPrefix(column, prefix) && !taken[column] && !mapped {
			out = append(out, column)
		}
	}
	slices.Sort(out)
	return out
}

// Contradicts gives the coordinate system that the file itself declares where it is
// another than the manifest's; "" where they agree or the file declares none we know.
// Data in GCJ-02 and BD-09 usually carry the name of WGS 84: for those the manifest
// knows better.
func (t *Table) Contradicts() string {
	own, err := geo.ParseCRS(t.reader.CRS())
	if t.reader.CRS() == "" || err != nil {
		return ""
	}
	if own == t.crs || own.Geographic() && t.crs.Geographic() {
		return ""
	}
	return t.reader.CRS()
}

// Each calls do for every row that could be read, in order. Faults of rows are noted
// in t.Faults and do not stop it; the error is for what makes reading on impossible.
func (t *Table) Each(ctx context.Context, do func(*Row)) error {
	for {
		if t.rows%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		raw, err := t.reader.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		t.rows++
		var re *rowio.RowError
		switch {
		case errors.As(err, &re):
			t.Faults.Add(t.rowFault(re))
			continue
		case err != nil:
			return fmt.Errorf("read %s: %w", t.file, err)
		}
		row := &Row{t: t, Number: raw.Number, fields: raw.Fields}
		if raw.Geometry != nil {
			row.Geometry = row.place(raw.Geometry)
		}
		do(row)
	}
}

// Close ends the reading and gives the faults as one *pack.BadPackError, nil where
// there are none. Where nearly every row makes sense only with longitude and latitude
// exchanged, that is said first.
func (t *Table) Close() error {
	if t.exchanged > 0 && t.exchanged*10 >= t.rows*9 {
		swapped := pack.Fault{
			File:   t.file,
			Reason: pack.Text{ZH: "经纬度写反了", EN: "longitude and latitude are exchanged"},
			Hint:   pack.Text{ZH: "在 fields 中对调 lon 与 lat，或改正文件", EN: "exchange lon and lat under fields, or mend the file"},
		}
		t.Faults.First = append([]pack.Fault{swapped}, t.Faults.First...)
		t.Faults.Count++
	}
	if err := t.reader.Close(); err != nil {
		return fmt.Errorf("close %s: %w", t.file, err)
	}
	return t.Faults.Err(t.layer.Kind)
}

// coordinateFault notes a point that cannot be one of the declared system.
func (t *Table) coordinateFault(row int, p orb.Point, err error) {
	if other, e := t.crs.ToWGS84(orb.Point{p[1], p[0]}); e == nil && t.crs.Geographic() && geo.InChina(other) {
		t.exchanged++
	}
	fault := pack.Fault{File: t.file, Row: row, Reason: pack.Text{EN: err.Error()}}
	var ce *geo.CoordinateError
	if errors.As(err, &ce) {
		fault.Field = map[string]string{"x": "lon / x", "y": "lat / y"}[ce.Axis]
		fault.Value = fmt.Sprint(ce.Value)
		fault.Reason = pack.Text{ZH: ce.ReasonZH, EN: ce.ReasonEN}
	}
	t.Faults.Add(fault)
}
