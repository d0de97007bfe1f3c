// Package nameimport reads lists of place names out of the files people have: workbooks, delimited
// texts, and whatever else with shapes rowio knows, and gives them back with their faults marked.
// What stands in the columns is a rule of placenames/namelist; this package knows files and
// coordinate systems, and neither storage nor HTTP.
package nameimport

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/paulmach/orb"

	"yike/facilities/lists"
	"yike/facilities/lists/listimport"
	"yike/geo"
	"yike/internal/record"
	"yike/internal/rowio"
	"yike/placenames/namelist"
)

// MostBytes is how large a file may be.
const MostBytes = 64 << 20

// Options say how a file is to be read, and what it is held against.
type Options struct {
	namelist.Options
	CRS    geo.CRS // that somebody says the shapes are in, where Given
	Given  bool    // else the file's own holds, then its headings', then WGS 84
	Ground listimport.Ground
}

// Sheet is a sheet or a layer of a file, as it was read.
type Sheet struct {
	Name  string
	Read  bool // it has a column of names; else it was passed over
	Rows  int
	CRS   string      // of its shapes and positions; "" where it has none
	Heads [][2]string // headings with the field that each means, "" for none; of one that was passed over, too
}

// File is what a file says of place names.
type File struct {
	Name    string
	Sheets  []Sheet
	Rows    []namelist.Row
	Words   []namelist.Word // words of kinds, and what they mean
	Faults  []lists.Fault   // of sheets as a whole, and of rows that cannot be read
	Remarks []namelist.Remark

	placed map[string]*namelist.Reader
}

// Placed gives a fault of a record the row and the column of a sheet that it stands in.
func (f File) Placed(sheet string, row int, fault record.Fault) lists.Fault {
	r := f.placed[sheet]
	if r == nil {
		return lists.Fault{Row: row, Fault: fault}
	}
	return r.Placed(row, fault)
}

func limits() rowio.Limits {
	return rowio.Limits{FileBytes: MostBytes, Unpacked: 8 * MostBytes, Rows: 2 * namelist.MostRows, Columns: 300, RowFaults: 1000}
}

// Read reads the file at path, which people call name. Every sheet and layer that is shown and has
// a column of names is read. A file that has none still says its headings, so that somebody can say
// which is which; one that cannot be read or has too many rows is a *rowio.RowError.
// O(rows · fields).
func Read(ctx context.Context, path, name string, o Options) (File, error) {
	f, err := rowio.Sniff(ctx, path, name, limits())
	if err != nil {
		return File{}, err
	}
	r := reader{File: File{Name: name, placed: map[string]*namelist.Reader{}}, o: o, words: map[string]namelist.Word{}}
	read := 0
	for _, t := range f.Tables {
		if t.Hidden {
			continue
		}
		if !namelist.Lists(t.Columns, o.Options) {
			s := Sheet{Name: t.Name, Rows: t.Rows}
			for _, head := range t.Columns {
				s.Heads = append(s.Heads, [2]string{head, ""})
			}
			r.Sheets = append(r.Sheets, s)
			continue
		}
		read++
		if err := r.table(ctx, path, f, t); err != nil {
			return r.File, err
		}
	}
	if read == 0 {
		r.Faults = append(r.Faults, lists.Fault{Fault: record.Fault{
			Field: "text", ZH: "没有认出“标准名称”一列：请在“列的含义”里指明，或改列名", EN: "no column of standard names was found: say which it is, or rename it",
		}})
	}
	if read == 1 {
		r.single()
	}
	for _, w := range r.words {
		r.Words = append(r.Words, w)
	}
	namelist.SortWords(r.Words)
	faults, said := o.Ground.Fit(r.points())
	r.Faults = append(r.Faults, faults...)
	for _, s := range said {
		r.Remarks = append(r.Remarks, namelist.Remark{ZH: s.ZH, EN: s.EN})
	}
	return r.File, nil
}

type reader struct {
	File
	o     Options
	words map[string]namelist.Word
}

func (r *reader) table(ctx context.Context, path string, f rowio.Format, t rowio.Table) error {
	lines, err := rowio.OpenAs(ctx, path, f, rowio.Options{Table: t.Name, Limits: limits()})
	if err != nil {
		return err
	}
	defer lines.Close() //nolint:errcheck // it was only read
	crs, err := r.system(lines)
	if err != nil {
		return &rowio.RowError{
			File: r.Name, Fatal: true, ReasonZH: "文件的坐标系无法换算：" + lines.CRS() + "。请声明坐标系，或另存为 CGCS2000 经纬度",
			ReasonEN: "the file's coordinate system cannot be converted: " + lines.CRS() + "; say which it is, or save it as CGCS2000 degrees", Err: err,
		}
	}
	list, faults := namelist.NewReader(lines.Columns(), r.o.Options, crs)
	s := Sheet{Name: t.Name, Read: true, Heads: list.Heads()}
	if t.Geometry != "" || list.Of("lon") != "" || list.Of("coordinates") != "" {
		s.CRS = crs.String()
	}
	r.placed[t.Name] = list
	most := namelist.MostRows - len(r.Rows)
	bad, err := listimport.Each(lines, r.Name, most, func(line rowio.Line, faults []lists.Fault) {
		shape, err := inWGS84(crs, line.Geometry)
		row := list.Read(line.Number, line.Cells, shape)
		row.Sheet = t.Name
		if err != nil {
			faults = append(faults, lists.Fault{Row: line.Number, Fault: record.Fault{Field: "geometry", ZH: "图形不在所声明的坐标系内", EN: "the shape does not lie in the coordinate system that was declared"}})
		}
		row.Faults = append(row.Faults, faults...)
		r.Rows = append(r.Rows, row)
		s.Rows++
	})
	for _, fault := range append(faults, bad...) {
		fault.Sheet = t.Name
		r.Faults = append(r.Faults, fault)
	}
	for _, w := range list.Words() {
		known := r.words[w.Word]
		r.words[w.Word] = namelist.Word{Word: w.Word, Rows: known.Rows + w.Rows, Kind: cmp.Or(known.Kind, w.Kind), Unknown: known.Unknown + w.Unknown}
	}
	r.Sheets = append(r.Sheets, s)
	return err
}

func inWGS84(crs geo.CRS, shape orb.Geometry) (orb.Geometry, error) {
	if shape == nil {
		return nil, nil
	}
	return crs.GeometryToWGS84(shape)
}

// system says which coordinate system holds.
func (r *reader) system(lines rowio.Lines) (geo.CRS, error) {
	switch {
	case r.o.Given:
		return r.o.CRS, nil
	case lines.CRS() != "":
		return geo.ParseCRS(lines.CRS())
	}
	for _, head := range lines.Columns() {
		if crs, ok := geo.HeadingCRS(head); ok {
			return crs, nil
		}
	}
	return geo.WGS84(), nil
}

// points are where the places of a file are: the corners of their shapes.
func (r *reader) points() []orb.Point {
	var out []orb.Point
	for _, row := range r.Rows {
		switch g := row.Name.Geometry.(type) {
		case orb.Point:
			out = append(out, g)
		case orb.LineString:
			out = append(out, g...)
		case orb.MultiLineString:
			for _, line := range g {
				out = append(out, line...)
			}
		case orb.Polygon:
			for _, ring := range g {
				out = append(out, ring...)
			}
		case orb.MultiPolygon:
			for _, area := range g {
				for _, ring := range area {
					out = append(out, ring...)
				}
			}
		}
	}
	return out
}

// single takes the name of the only sheet away, since nobody asks which.
func (r *reader) single() {
	for i := range r.Rows {
		r.Rows[i].Sheet = ""
	}
	for i := range r.Faults {
		r.Faults[i].Sheet = ""
	}
	for _, list := range r.placed {
		r.placed[""] = list
	}
}

// Marked writes the file at path as a workbook with its faults marked in their cells: of the sheet
// that has the most of them.
func Marked(ctx context.Context, to io.Writer, path, name string, f File, faults []lists.Fault) error {
	format, err := rowio.Sniff(ctx, path, name, limits())
	if err != nil {
		return err
	}
	sheets := map[string]int{}
	for _, fault := range faults {
		sheets[fault.Sheet]++
	}
	sheet := ""
	for _, s := range f.Sheets {
		if s.Read && (sheet == "" || sheets[s.Name] > sheets[sheet]) {
			sheet = s.Name
		}
	}
	var marks []rowio.CellMark
	for _, fault := range faults {
		if fault.Row > 0 && (fault.Sheet == sheet || fault.Sheet == "") {
			marks = append(marks, rowio.CellMark{Row: fault.Row, Column: fault.Column, Text: fault.ZH})
		}
	}
	slices.SortStableFunc(marks, func(a, b rowio.CellMark) int { return cmp.Compare(a.Row, b.Row) })
	if err := rowio.MarkedWorkbook(ctx, to, path, format, rowio.Options{Table: sheet, Limits: limits()}, marks); err != nil {
		return fmt.Errorf("mark the faults of a list of names: %w", err)
	}
	return nil
}
