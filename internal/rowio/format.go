package rowio

import (
	"github.com/paulmach/orb"

	"yike/internal/xlsx"
)

// Kind names a format of files as people send them.
type Kind string

// The kinds that Sniff knows.
const (
	KindXLSX      Kind = "xlsx"
	KindCSV       Kind = "csv"
	KindTSV       Kind = "tsv"
	KindGeoJSON   Kind = "geojson"
	KindGeoJSONL  Kind = "geojsonl"
	KindGPKG      Kind = "gpkg"
	KindShapefile Kind = "shapefile" // zipped
	KindKML       Kind = "kml"
	KindKMZ       Kind = "kmz"
)

// Note tells the person who sent a file something about it that they may not know.
type Note struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}

// Format is what a file was found to be. It can be kept as JSON and given to OpenAs
// later, as long as the file is the same.
type Format struct {
	Kind       Kind      `json:"kind"`
	Encoding   string    `json:"encoding,omitempty"`  // of a text: UTF-8, UTF-16LE, UTF-16BE or GB18030
	Marked     bool      `json:"marked,omitempty"`    // the text begins with a byte order mark
	Delimiter  string    `json:"delimiter,omitempty"` // of a csv or tsv: one character
	Tables     []Table   `json:"tables"`              // sheets or layers, at least one
	Table      int       `json:"table"`               // the one of Tables that is most likely meant
	CRS        string    `json:"crs,omitempty"`       // the coordinate system that the file declares
	Notes      []Note    `json:"notes,omitempty"`
	Template   *Template `json:"template,omitempty"` // what one of our own templates says of itself
	RowsAreAll bool      `json:"rows_are_all"`       // Rows of Tables are counts, not estimates
}

// Table is a sheet of a workbook, a layer of a data set, or the whole of a simple file.
type Table struct {
	Name       string   `json:"name"` // "" for the whole of a simple file
	Hidden     bool     `json:"hidden,omitempty"`
	Rows       int      `json:"rows"`                  // of data, header and blank rows apart
	Columns    []string `json:"columns"`               // heads, each only once
	HeaderRow  int      `json:"header_row,omitempty"`  // the number of the (first) row of heads; 0 for a format without
	HeaderRows int      `json:"header_rows,omitempty"` // heads over heads take several
	Geometry   string   `json:"geometry,omitempty"`    // point, line, polygon, mixed; "" if rows have none or it is not known
	HiddenRows int      `json:"hidden_rows,omitempty"` // hidden or filtered out; they are read like others
}

// Template is what the hidden sheet of a template of ours holds.
type Template = xlsx.TemplateMark

// Limits bound what a file may make us do. Zero takes the default of each.
type Limits struct {
	FileBytes int64  // default 512 MiB
	Unpacked  int64  // bytes of an archive unpacked; default 2 GiB
	Rows      int    // default 1,048,576
	Columns   int    // default 1,024
	CellBytes int    // default 131,072, four for each character that Excel allows in a cell
	Vertices  int    // of one geometry; default 1,000,000
	RowFaults int    // after which a file counts as unreadable; default 10,000
	Feature   int    // bytes of one feature's text; default 64 MiB
	TempDir   string // where Sniff unpacks archives, in a folder that it removes; "" for the system's
}

func (l Limits) withDefaults() Limits {
	for _, d := range []struct {
		v *int
		d int
	}{{&l.Rows, 1 << 20}, {&l.Columns, 1024}, {&l.CellBytes, 128 << 10}, {&l.Vertices, 1_000_000}, {&l.RowFaults, 10_000}} {
		if *d.v <= 0 {
			*d.v = d.d
		}
	}
	if l.FileBytes <= 0 {
		l.FileBytes = 512 << 20
	}
	if l.Unpacked <= 0 {
		l.Unpacked = 2 << 30
	}
	return l
}

func (l Limits) xlsx() xlsx.Limits {
	return xlsx.Limits{Rows: l.Rows, Columns: l.Columns, CellBytes: l.CellBytes, Total: l.Unpacked}
}

// Options are what a person chose otherwise than Sniff proposed. Zero keeps what the
// Format says.
type Options struct {
	Table      string // the name of a sheet or layer
	HeaderRow  int    // the number of the first row of heads; -1 for none
	HeaderRows int    // how many rows of heads there are
	Encoding   string // UTF-8, UTF-16LE, UTF-16BE or GB18030
	Delimiter  string
	TempDir    string // where an archive is unpacked, in a folder that Close removes; "" for the system's
	Limits     Limits
}

// Line is one row of a Lines.
type Line struct {
	// Number is what a person would look for: the row of a sheet, the line of a text, the
	// place of a feature in its file from 1.
	Number int
	// Cells are the texts in the order of Columns, as many as there are columns, without
	// control characters and marks that turn the direction of writing. Days are written
	// 2026-11-27, numbers with all their digits. The slice is the receiver's to keep.
	Cells []string
	// Geometry is in the file's own coordinates, x then y; nil if the row has none.
	Geometry orb.Geometry
	// Hidden says that the row is hidden or filtered out in the sheet.
	Hidden bool
	// Faults are of single cells whose text cannot be trusted, such as #REF!.
	Faults []*RowError
}

// Lines gives the rows of a table in order. It is not safe for concurrent use.
type Lines interface {
	// Columns are the heads, each only once; a column without one is named after its
	// letter, such as #D.
	Columns() []string
	// CRS is the coordinate system that the file declares, such as EPSG:4547 or, where it
	// has no code, its name; "" if it declares none.
	CRS() string
	// Next returns io.EOF after the last row and a *RowError for a bad one; the next call
	// then goes on behind it. When a *RowError is Fatal nothing more can be read and the
	// next call returns io.EOF. Blank rows, rows that repeat the heads or number the
	// columns, and the untouched example of a template are passed over.
	Next() (Line, error)
	// Close ends the reading and removes what was unpacked.
	Close() error
}
