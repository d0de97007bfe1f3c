// Package rowout owns writing a table to the files that people work with: XLSX, CSV and
// TSV in the encodings of Chinese office software, GeoJSON, GeoPackage, zipped Shapefile
// and KML. A table is columns with headings and rows of values, with or without a place;
// what they mean is decided by whoever writes it. Text is never given to a spreadsheet as
// a formula, and the coordinate system is named wherever the format has room for it. It
// knows no feature and no database.
package rowout

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/project"

	"yike/geo"
	"yike/internal/gdal"
)

// Format names a kind of file.
type Format string

// The formats.
const (
	XLSX       Format = "xlsx"
	CSV        Format = "csv"         // UTF-8 with a byte order mark, as Excel wants it
	CSVGB18030 Format = "csv-gb18030" // for programs that know only Chinese encodings
	TSV        Format = "tsv"         // UTF-8 with a byte order mark
	GeoJSON    Format = "geojson"
	GPKG       Format = "gpkg"
	Shapefile  Format = "shp" // zipped, with a list of its fields
	KML        Format = "kml"
)

// Formats lists every format.
func Formats() []Format {
	return []Format{XLSX, CSV, CSVGB18030, TSV, GeoJSON, GPKG, Shapefile, KML}
}

// ParseFormat knows the formats by their code words.
func ParseFormat(s string) (Format, bool) {
	return Format(s), slices.Contains(Formats(), Format(s))
}

// Spatial reports whether the format has places of its own, and not as columns.
func (f Format) Spatial() bool {
	return slices.Contains([]Format{GeoJSON, GPKG, Shapefile, KML}, f)
}

// NeedsGDAL reports whether the format can only be written where GDAL is installed.
func (f Format) NeedsGDAL() bool { return f == GPKG || f == Shapefile }

// Extension is that of the file's name, with its dot.
func (f Format) Extension() string {
	switch f {
	case CSVGB18030:
		return ".csv"
	case Shapefile:
		return ".zip"
	}
	return "." + string(f)
}

// MediaType is the content type of the file.
func (f Format) MediaType() string {
	switch f {
	case XLSX:
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	case CSV:
		return "text/csv; charset=utf-8"
	case CSVGB18030:
		return "text/csv; charset=gb18030"
	case TSV:
		return "text/tab-separated-values; charset=utf-8"
	case GeoJSON:
		return "application/geo+json"
	case GPKG:
		return "application/geopackage+sqlite3"
	case KML:
		return "application/vnd.google-earth.kml+xml"
	}
	return "application/zip"
}

// Kind says what the values of a column are.
type Kind uint8

// The kinds, with the Go type of their values. A nil value is a blank.
const (
	Text    Kind = iota // string
	Integer             // int or int64
	Number              // float64
	Day                 // string such as 2026-11-27
	Boolean             // bool
)

// Column is a column of a table.
type Column struct {
	Code string // ASCII, from which short names of fields are made
	Head string // the heading; each only once
	Kind Kind
	Lon  bool // the longitude of the place, filled in by the writer
	Lat  bool
}

// Table says what is written.
type Table struct {
	Name    string // of the sheet or layer
	Columns []Column
	Notes   []string // sentences about the whole: source, day, filter; where the format has room
}

// Row is one row.
type Row struct {
	Values []any      // in the order of the columns; those of Lon and Lat are ignored
	Point  *orb.Point // longitude and latitude in WGS 84, nil if there is no place
	// Shape is the place as GeoJSON draws it, lon/lat WGS 84, where that is more than Point; the
	// other formats have the point only. nil takes the point.
	Shape orb.Geometry
}

// Options say how it is written.
type Options struct {
	System  System
	TempDir string // for what GDAL writes; "" for the system's
	Yes, No string // what a Boolean is in a text; "" takes 是 and 否
}

// System is the coordinate system of the places in a file.
type System string

// The systems. CGCS2000 and WGS 84 differ by less than what anything here is measured
// with: the coordinates are the same, the label is not.
const (
	WGS84    System = "wgs84"
	CGCS2000 System = "cgcs2000"
	GCJ02    System = "gcj02" // shifted, for maps of Chinese internet services
	BD09     System = "bd09"  // shifted twice, for Baidu's
)

// ParseSystem knows the systems by their code words; "" is WGS 84.
func ParseSystem(s string) (System, bool) {
	if s == "" {
		return WGS84, true
	}
	return System(s), slices.Contains([]System{WGS84, CGCS2000, GCJ02, BD09}, System(s))
}

// Label is the name of the system as headings have it.
func (s System) Label() string {
	switch s {
	case CGCS2000:
		return "CGCS2000"
	case GCJ02:
		return "GCJ-02"
	case BD09:
		return "BD-09"
	}
	return "WGS 84"
}

// code is the authority's code; "" for a system that has none.
func (s System) code() string {
	switch s {
	case CGCS2000:
		return "EPSG:4490"
	case GCJ02, BD09:
		return ""
	}
	return "EPSG:4326"
}

// Shifted reports whether places in the system lie off on a map of another.
func (s System) Shifted() bool { return s == GCJ02 || s == BD09 }

// transform is the function that takes WGS 84 there.
func (s System) transform() (func(orb.Point) (orb.Point, error), error) {
	if !s.Shifted() {
		return func(p orb.Point) (orb.Point, error) { return p, nil }, nil
	}
	crs, err := geo.ParseCRS(s.Label())
	if err != nil {
		return nil, fmt.Errorf("find the coordinate system %s: %w", s.Label(), err)
	}
	return crs.FromWGS84, nil
}

// Writer takes the rows of a table. It is not safe for concurrent use.
type Writer interface {
	// Row writes one row.
	Row(r Row) error
	// Close finishes the file. Without it the file is not whole.
	Close() error
	// Discard gives up: it removes temporary files, and may be called after Close.
	Discard()
}

// New begins a file. It returns gdal.ErrMissing for a format that needs what is not
// installed.
func New(ctx context.Context, to io.Writer, f Format, t Table, o Options) (Writer, error) {
	if err := t.check(); err != nil {
		return nil, err
	}
	if o.Yes == "" {
		o.Yes, o.No = "是", "否"
	}
	if o.System == "" {
		o.System = WGS84
	}
	move, err := o.System.transform()
	if err != nil {
		return nil, err
	}
	if f.NeedsGDAL() && !gdal.Available() {
		return nil, gdal.ErrMissing
	}
	p := placed{table: t, move: move}
	switch f {
	case XLSX:
		return newBook(to, p, o)
	case CSV, CSVGB18030, TSV:
		return newText(to, f, p, o)
	case GeoJSON:
		return newGeoJSON(to, p, o.System)
	case KML:
		return newKML(to, p, o)
	case GPKG, Shapefile:
		return newConverted(ctx, to, f, p, o)
	}
	return nil, fmt.Errorf("no format %q", f)
}

func (t Table) check() error {
	if len(t.Columns) == 0 {
		return errors.New("a table without columns")
	}
	seen := map[string]bool{}
	for _, c := range t.Columns {
		if c.Head == "" || seen[c.Head] {
			return fmt.Errorf("the heading %q is empty or there twice", c.Head)
		}
		seen[c.Head] = true
	}
	return nil
}

// placed is what every writer does with a row before it writes it.
type placed struct {
	table Table
	move  func(orb.Point) (orb.Point, error)
}

// place takes the place of a row to the system that was asked for, and fills in the
// columns of its coordinates.
func (p placed) place(r Row) (Row, error) {
	if len(r.Values) != len(p.table.Columns) {
		return r, fmt.Errorf("a row of %d values for %d columns", len(r.Values), len(p.table.Columns))
	}
	var at *orb.Point
	if r.Point != nil {
		moved, err := p.move(*r.Point)
		if err != nil {
			return r, fmt.Errorf("bring a place into the coordinate system of the file: %w", err)
		}
		moved = orb.Point{rounded(moved.Lon()), rounded(moved.Lat())}
		at = &moved
	}
	values := slices.Clone(r.Values)
	for i, c := range p.table.Columns {
		switch {
		case !c.Lon && !c.Lat:
			continue
		case at == nil:
			values[i] = nil
		case c.Lon:
			values[i] = at.Lon()
		default:
			values[i] = at.Lat()
		}
	}
	return Row{Values: values, Point: at, Shape: r.Shape}, nil
}

// shape takes the shape of a row to the system that was asked for. The one given is not
// changed.
func (p placed) shape(g orb.Geometry) (orb.Geometry, error) {
	var fault error
	moved := project.Geometry(orb.Clone(g), func(at orb.Point) orb.Point {
		to, err := p.move(at)
		fault = errors.Join(fault, err)
		return orb.Point{rounded(to.Lon()), rounded(to.Lat())}
	})
	if fault != nil {
		return nil, fmt.Errorf("bring a shape into the coordinate system of the file: %w", fault)
	}
	return moved, nil
}

// sentence is the note that names the coordinate system.
func (o Options) sentence() string {
	s := "坐标系：" + o.System.Label()
	if c := o.System.code(); c != "" {
		s += "（" + c + "）"
	}
	if o.System.Shifted() {
		s += "，是加偏坐标，不能与 WGS 84 或 CGCS2000 的地图直接叠加"
	}
	return s + " / coordinates: " + strings.TrimSpace(o.System.Label()+" "+o.System.code())
}
