// Package rowio owns reading rows out of the files people have: CSV and TSV in the
// encodings of Chinese office software, GeoJSON as a collection or line by line, and
// through GDAL Shapefile, GeoPackage and others. A row is text fields and a geometry
// in the coordinates of the file; what they mean, and in which coordinate system they
// are, is decided by whoever reads it. It knows no feature and no database.
package rowio

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/paulmach/orb"
)

// Row is one record of a file.
type Row struct {
	// Number is what a person would look for: the line on which the record begins for
	// CSV and for GeoJSON line by line, else the feature's place in the file from 1.
	Number int
	// Fields is by column. Numbers have the digits they have in the file, a missing
	// value is "" or absent, nested JSON is JSON. The map is the receiver's to keep.
	Fields map[string]string
	// Geometry is in the file's own coordinates, x then y; nil if the row has none.
	Geometry orb.Geometry
}

// Reader gives the rows of one file in order. It is not safe for concurrent use.
type Reader interface {
	// Columns are the names of the fields: of all rows, except that a GeoJSON file
	// that breaks off names only those before the break.
	Columns() []string
	// Next returns io.EOF after the last row and a *RowError for a bad one; the next
	// call then goes on behind it. When a *RowError is Fatal nothing more can be read
	// and the next call returns io.EOF.
	Next() (Row, error)
	// CRS is the coordinate system the file itself declares, such as "EPSG:4547" or,
	// where it has no code, its name; "" if it declares none.
	CRS() string
	Close() error
}

// RowError says what is wrong with a row, or with the whole file when Row is 0. The
// reason is there in both languages, for the person whose file it is.
type RowError struct {
	File     string // base name
	Row      int    // as Row.Number; 0 for the file as a whole
	Column   string // "" if the whole row is meant
	Value    string // the offending text, cut to 80 characters
	ReasonZH string
	ReasonEN string
	Fatal    bool  // reading stops here
	Err      error // the cause, may be nil
}

// Error is the English sentence.
func (e *RowError) Error() string {
	var b strings.Builder
	b.WriteString(e.File)
	if e.Row > 0 {
		b.WriteString(", row " + strconv.Itoa(e.Row))
	}
	if e.Column != "" {
		b.WriteString(", column " + e.Column)
	}
	if e.Value != "" {
		b.WriteString(", value " + strconv.Quote(e.Value))
	}
	return b.String() + ": " + e.ReasonEN
}

// Unwrap is the cause, such as fs.ErrNotExist or gdal.ErrMissing.
func (e *RowError) Unwrap() error { return e.Err }

// BadInput marks the error as one of the data, not of the program.
func (e *RowError) BadInput() bool { return true }

// Open opens the file for reading. The format is csv, tsv, geojson, geojsonl (one
// feature on each line), shapefile, gpkg, kml, flatgeobuf, gml, mapinfo or dxf; ""
// goes by the file's extension. The layer names a table of a file that has several
// and is ignored by text formats. CSV and GeoJSON are read twice, once to learn
// encoding and columns and once for the rows, and never held in memory; the others
// run GDAL in a child process that ends when ctx does. Faults of the file are
// *RowError with Row 0.
func Open(ctx context.Context, path, format, layer string) (Reader, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fileError(path, err, "文件不存在", "the file does not exist")
	case err != nil:
		return nil, fmt.Errorf("open %s: %w", filepath.Base(path), err)
	case info.Size() == 0:
		return nil, fileError(path, nil, "文件是空的", "the file is empty")
	}
	f := strings.ToLower(strings.TrimSpace(format))
	if f == "" {
		f = formatOf(path)
	}
	if info.IsDir() && isText(f) {
		return nil, fileError(path, nil, "这是文件夹，不是文件", "it is a folder, not a file")
	}
	switch f {
	case "csv":
		return openCSV(ctx, path, 0)
	case "tsv":
		return openCSV(ctx, path, '\t')
	case "geojson", "json":
		return openGeoJSON(ctx, path)
	case "geojsonl", "geojsonseq", "ndjson":
		return openLines(ctx, path)
	}
	return openGDAL(ctx, path, f, layer)
}

func isText(format string) bool {
	switch format {
	case "csv", "tsv", "geojson", "json", "geojsonl", "geojsonseq", "ndjson":
		return true
	}
	return false
}

// formatOf names the format by the extension; "" if it says nothing.
func formatOf(path string) string {
	switch ext := strings.ToLower(filepath.Ext(path)); ext {
	case ".csv", ".txt":
		return "csv"
	case ".tsv", ".tab-separated":
		return "tsv"
	case ".geojson", ".json":
		return "geojson"
	case ".geojsonl", ".geojsons", ".geojsonseq", ".ndjson", ".ldgeojson":
		return "geojsonl"
	case ".shp":
		return "shapefile"
	case ".fgb":
		return "flatgeobuf"
	case ".tab", ".mif":
		return "mapinfo"
	default:
		return strings.TrimPrefix(ext, ".")
	}
}

func fileError(path string, cause error, zh, en string) *RowError {
	return &RowError{File: filepath.Base(path), ReasonZH: zh, ReasonEN: en, Fatal: true, Err: cause}
}

// clip keeps a value that goes into a message short, at a character's border.
func clip(s string) string {
	const most = 80
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most]) + "…"
}
