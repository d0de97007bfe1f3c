package importjob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"yike/facilities/importdb"
	"yike/facilities/imports"
	"yike/internal/postgres"
	"yike/internal/rowio"
)

// Source says how a file is read: what it was found to be, and what a person chose
// otherwise. It is kept with the batch.
type Source struct {
	Format rowio.Format `json:"format"`
	Chosen Chosen       `json:"chosen"`
}

// Chosen is what a person chose otherwise. Zero keeps what was found.
type Chosen struct {
	Table     string `json:"table,omitempty"`
	HeaderRow int    `json:"header_row,omitempty"`
	Encoding  string `json:"encoding,omitempty"`
	Delimiter string `json:"delimiter,omitempty"`
}

func (s Source) options(dir string) rowio.Options {
	return rowio.Options{
		Table: s.Chosen.Table, HeaderRow: s.Chosen.HeaderRow, Encoding: s.Chosen.Encoding, Delimiter: s.Chosen.Delimiter, TempDir: dir, Limits: limits(),
	}
}

// table is the one that is read.
func (s Source) table() rowio.Table {
	for _, t := range s.Format.Tables {
		if t.Name == s.Chosen.Table && s.Chosen.Table != "" {
			return t
		}
	}
	if s.Format.Table >= 0 && s.Format.Table < len(s.Format.Tables) {
		return s.Format.Tables[s.Format.Table]
	}
	return rowio.Table{}
}

// Reading says for people how the file is read.
func (s Source) Reading() imports.Reading {
	t := s.table()
	r := imports.Reading{
		Kind: string(s.Format.Kind), Encoding: s.Format.Encoding, Delimiter: s.Format.Delimiter, Table: t.Name, HeaderRow: t.HeaderRow, CRS: s.Format.CRS,
		Tables: []imports.Tabular{}, Notes: []imports.Note{},
	}
	if s.Chosen.HeaderRow > 0 {
		r.HeaderRow = s.Chosen.HeaderRow
	}
	if s.Chosen.Encoding != "" {
		r.Encoding = s.Chosen.Encoding
	}
	if s.Chosen.Delimiter != "" {
		r.Delimiter = s.Chosen.Delimiter
	}
	for _, each := range s.Format.Tables {
		r.Tables = append(r.Tables, imports.Tabular{Name: each.Name, Rows: each.Rows, Hidden: each.Hidden})
	}
	for _, n := range s.Format.Notes {
		r.Notes = append(r.Notes, imports.Note(n))
	}
	if s.Format.Template != nil {
		r.Type = s.Format.Template.Type
	}
	return r
}

// word names how the file is read.
func (s Source) word() string {
	raw, err := json.Marshal(s.Chosen)
	if err != nil {
		return "" // there is no value that JSON cannot say
	}
	sum := sha256.Sum256(append(raw, fmt.Sprint(s.Format.Kind, s.Format.Encoding, s.Format.Delimiter, s.Format.Table)...))
	return hex.EncodeToString(sum[:8])
}

// The bounds of what a file of facilities may make us do. No district has so many.
const (
	MostBytes   = 64 << 20
	mostRows    = 400_000
	mostColumns = 200
)

func limits() rowio.Limits {
	return rowio.Limits{FileBytes: MostBytes, Unpacked: 1 << 30, Rows: mostRows, Columns: mostColumns, CellBytes: 16 << 10, Vertices: 100_000, RowFaults: 5000}
}

// The headings of the two columns that a geometry becomes.
const (
	geometryX = "图形 X"
	geometryY = "图形 Y"
)

// Inspected is what is known of a file before anybody said what it means.
type Inspected struct {
	Source  Source
	Profile imports.Profile
	SHA256  string
	Size    int64
}

// Inspect finds out what the file at a path is and what is in it: known is what it was
// found to be before, or nil. Faults of the file are *rowio.RowError.
func Inspect(ctx context.Context, path, name string, known *rowio.Format, chosen Chosen) (Inspected, error) {
	out := Inspected{Source: Source{Chosen: chosen}}
	if known == nil {
		f, err := rowio.Sniff(ctx, path, name, limits())
		if err != nil {
			return out, err
		}
		known = &f
	}
	out.Source.Format = *known
	var err error
	if out.SHA256, out.Size, err = hashOf(path); err != nil {
		return out, err
	}
	rows, err := open(ctx, path, out.Source, "")
	if err != nil {
		return out, err
	}
	defer rows.Close() //nolint:errcheck // read only
	profiler := imports.NewProfiler(rows.columns, out.codes(rows.columns))
	for {
		row, more, err := rows.Next()
		if err != nil {
			return out, err
		}
		if !more {
			break
		}
		if imports.Faulty(row.Faults) && row.Cells == nil {
			profiler.Bad()
			continue
		}
		profiler.Add(row.Number, row.Cells)
	}
	out.Profile = profiler.Profile()
	return out, nil
}

// codes are the targets that the file itself names: those of our templates, and the
// position of a geometry.
func (n Inspected) codes(columns []string) []string {
	out := make([]string, len(columns))
	for i, c := range columns {
		switch {
		case n.Source.Format.Template != nil:
			out[i] = n.Source.Format.Template.Columns[c]
		case c == geometryX:
			out[i] = imports.FieldLon
		case c == geometryY:
			out[i] = imports.FieldLat
		}
	}
	return out
}

func hashOf(path string) (string, int64, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", 0, fmt.Errorf("read a file to import: %w", err)
	}
	defer f.Close() //nolint:errcheck // read only
	sum := sha256.New()
	n, err := io.Copy(sum, f)
	if err != nil {
		return "", 0, fmt.Errorf("read a file to import: %w", err)
	}
	return hex.EncodeToString(sum.Sum(nil)), n, nil
}

// fileRows reads the rows of a file.
type fileRows struct {
	lines    rowio.Lines
	columns  []string // with those of the geometry
	geometry bool
	source   Source
	dir      string // to be removed at the end; "" for none
	ended    bool
}

func open(ctx context.Context, path string, s Source, dir string) (*fileRows, error) {
	lines, err := rowio.OpenAs(ctx, path, s.Format, s.options(dir))
	if err != nil {
		return nil, err
	}
	r := &fileRows{lines: lines, columns: lines.Columns(), source: s, dir: dir, geometry: hasGeometry(s)}
	if r.geometry {
		r.columns = append(append([]string{}, r.columns...), geometryX, geometryY)
	}
	return r, nil
}

// hasGeometry goes by the format: a table may have geometry where nothing says so.
func hasGeometry(s Source) bool {
	switch s.Format.Kind {
	case rowio.KindXLSX, rowio.KindCSV, rowio.KindTSV:
		return s.table().Geometry != ""
	}
	return true
}

// Word names how the file is read.
func (r *fileRows) Word() string { return r.source.word() }

// Close ends the reading and takes away what was unpacked.
func (r *fileRows) Close() error {
	err := r.lines.Close()
	if r.dir != "" {
		err = errors.Join(err, os.RemoveAll(r.dir))
	}
	if err != nil {
		return fmt.Errorf("close a file to import: %w", err)
	}
	return nil
}

// Next gives the next row; one that cannot be read has a fault and no cells.
func (r *fileRows) Next() (imports.Row, bool, error) {
	if r.ended {
		return imports.Row{}, false, nil
	}
	line, err := r.lines.Next()
	var bad *rowio.RowError
	switch {
	case errors.Is(err, io.EOF):
		return imports.Row{}, false, nil
	case errors.As(err, &bad) && bad.Row > 0:
		r.ended = bad.Fatal
		return imports.Row{Number: bad.Row, Faults: []imports.Fault{faultOf(bad)}}, true, nil
	case err != nil:
		return imports.Row{}, false, err
	}
	row := imports.Row{Number: line.Number, Cells: line.Cells}
	for _, f := range line.Faults {
		row.Faults = append(row.Faults, faultOf(f))
	}
	if r.geometry {
		x, y := position(line.Geometry)
		row.Cells = append(row.Cells, x, y)
	}
	return row, true, nil
}

func faultOf(e *rowio.RowError) imports.Fault {
	return imports.Fault{
		Column: e.Column, Value: e.Value, Code: "unreadable", ZH: e.ReasonZH, EN: e.ReasonEN,
		HintZH: "在原文件中改正这一处", HintEN: "Mend it in the file",
	}
}

// position is where a geometry is: a point, or the middle of an area or a line, which a
// building or a site has.
func position(g orb.Geometry) (x, y string) {
	if g == nil {
		return "", ""
	}
	p, ok := g.(orb.Point)
	if m, is := g.(orb.MultiPoint); is && len(m) == 1 {
		p, ok = m[0], true
	}
	if !ok {
		p, _ = planar.CentroidArea(g)
	}
	return strconv.FormatFloat(p[0], 'f', -1, 64), strconv.FormatFloat(p[1], 'f', -1, 64)
}

// Open opens the file of a batch as it is kept in the database.
func Open(ctx context.Context, q postgres.Querier, adcode string, b imports.Batch) (Rows, error) {
	return openBatch(ctx, q, adcode, b)
}

func openBatch(ctx context.Context, q postgres.Querier, adcode string, b imports.Batch) (*fileRows, error) {
	var s Source
	if err := json.Unmarshal(b.Source, &s); err != nil {
		return nil, fmt.Errorf("read how an import is read: %w", err)
	}
	path, dir, err := spool(ctx, q, adcode, b)
	if err != nil {
		return nil, err
	}
	rows, err := open(ctx, path, s, dir)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return rows, nil
}

// spool puts the file of a batch into a folder of its own.
func spool(ctx context.Context, q postgres.Querier, adcode string, b imports.Batch) (path, dir string, err error) {
	if dir, err = os.MkdirTemp("", "yike-import-*"); err != nil {
		return "", "", fmt.Errorf("make room for a file to import: %w", err)
	}
	path = filepath.Join(dir, "file"+extension(b.FileName))
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o600)
	if err == nil {
		err = errors.Join(importdb.WriteFile(ctx, q, adcode, b.ID, f), f.Close())
	}
	if err != nil {
		return "", "", errors.Join(fmt.Errorf("read the file of an import: %w", err), os.RemoveAll(dir))
	}
	return path, dir, nil
}

// extension is that of a name, where it is one that says something.
func extension(name string) string {
	ext := strings.ToLower(filepath.Ext(name))
	if len(ext) > 10 || strings.ContainsFunc(ext, func(c rune) bool { return c != '.' && (c < 'a' || c > 'z') && (c < '0' || c > '9') }) {
		return ""
	}
	return ext
}

// Reread inspects the file of a batch anew, read as a person chose.
func Reread(ctx context.Context, q postgres.Querier, adcode string, b imports.Batch, chosen Chosen) (Inspected, error) {
	var s Source
	if err := json.Unmarshal(b.Source, &s); err != nil {
		return Inspected{}, fmt.Errorf("read how an import is read: %w", err)
	}
	path, dir, err := spool(ctx, q, adcode, b)
	if err != nil {
		return Inspected{}, err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // the system clears its folder of temporary files, too
	return Inspect(ctx, path, b.FileName, &s.Format, chosen)
}
