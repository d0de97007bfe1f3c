package rowio

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"strings"

	"github.com/paulmach/orb"

	"yike/internal/gdal"
)

// featureLines gives the features of a Reader as Lines.
type featureLines struct {
	ctx     context.Context //nolint:containedctx // it lives within the call that opened it
	reader  Reader
	name    string
	crs     string
	columns []string
	limits  Limits
	rows    int
	faults  int
	ended   bool
	cleanup func() error
}

// Columns are the names of the fields.
func (l *featureLines) Columns() []string { return append([]string(nil), l.columns...) }

// CRS is what the file declares.
func (l *featureLines) CRS() string { return l.crs }

// Next reads the next feature.
func (l *featureLines) Next() (Line, error) {
	if l.ended {
		return Line{}, io.EOF
	}
	row, err := l.reader.Next()
	var bad *RowError
	switch {
	case errors.As(err, &bad):
		bad.File = l.name
		if l.faults++; l.faults > l.limits.RowFaults {
			bad.Fatal = true
		}
		l.ended = bad.Fatal
		return Line{}, bad
	case err != nil:
		l.ended = true
		return Line{}, err
	}
	if l.rows++; l.rows > l.limits.Rows {
		l.ended = true
		return Line{}, fileError(l.name, nil, fmt.Sprintf("要素超过 %d 个", l.limits.Rows), fmt.Sprintf("there are more than %d features", l.limits.Rows))
	}
	return l.line(row), nil
}

// line brings the fields into the order of the columns. A field that is not among them
// can only be there if the file changed since it was looked at.
func (l *featureLines) line(row Row) Line {
	line := Line{Number: row.Number, Cells: make([]string, len(l.columns)), Geometry: row.Geometry}
	for i, c := range l.columns {
		text := clean(row.Fields[c])
		if len(text) > l.limits.CellBytes {
			line.Faults = append(line.Faults, &RowError{
				File: l.name, Row: row.Number, Column: c, Value: clip(text[:80]),
				ReasonZH: fmt.Sprintf("文字超过 %d 字节", l.limits.CellBytes), ReasonEN: fmt.Sprintf("the text has more than %d bytes", l.limits.CellBytes),
			})
			text = ""
		}
		line.Cells[i] = text
	}
	if fault := checkGeometry(row.Geometry, l.limits.Vertices); fault != nil {
		fault.File, fault.Row, fault.Column = l.name, row.Number, "geometry"
		line.Geometry = nil
		line.Faults = append(line.Faults, fault)
	}
	return line
}

// Close ends the reading and removes what was unpacked.
func (l *featureLines) Close() error {
	err := l.reader.Close()
	if l.cleanup != nil {
		err = errors.Join(err, l.cleanup())
	}
	return err
}

// farthest is a coordinate beyond all on earth, in any system: a zone number before an
// easting makes some 10⁸.
const farthest = 1e9

// checkGeometry finds what no map can draw: coordinates that are none or out of this
// world, and shapes with too many of them.
func checkGeometry(g orb.Geometry, most int) *RowError {
	if g == nil {
		return nil
	}
	n := 0
	ok := eachPoint(g, func(p orb.Point) bool {
		n++
		return n <= most && math.Abs(p[0]) <= farthest && math.Abs(p[1]) <= farthest // false for NaN too
	})
	switch {
	case n > most:
		return &RowError{ReasonZH: fmt.Sprintf("图形的点超过 %d 个", most), ReasonEN: fmt.Sprintf("the shape has more than %d points", most)}
	case !ok:
		return &RowError{ReasonZH: "坐标不是合理的数值", ReasonEN: "a coordinate is not a number that can be a place"}
	}
	return nil
}

// eachPoint calls do for every point until it returns false.
func eachPoint(g orb.Geometry, do func(orb.Point) bool) bool {
	all := func(points []orb.Point) bool {
		for _, p := range points {
			if !do(p) {
				return false
			}
		}
		return true
	}
	switch g := g.(type) {
	case orb.Point:
		return do(g)
	case orb.MultiPoint:
		return all(g)
	case orb.LineString:
		return all(g)
	case orb.Ring:
		return all(g)
	case orb.MultiLineString:
		for _, l := range g {
			if !all(l) {
				return false
			}
		}
	case orb.Polygon:
		for _, r := range g {
			if !all(r) {
				return false
			}
		}
	case orb.MultiPolygon:
		for _, p := range g {
			if !eachPoint(p, do) {
				return false
			}
		}
	case orb.Collection:
		for _, m := range g {
			if !eachPoint(m, do) {
				return false
			}
		}
	}
	return true
}

// shapeName is point, line, polygon or mixed.
func shapeName(g orb.Geometry) string {
	switch g.(type) {
	case nil:
		return ""
	case orb.Point, orb.MultiPoint:
		return "point"
	case orb.LineString, orb.MultiLineString:
		return "line"
	case orb.Polygon, orb.MultiPolygon, orb.Ring:
		return "polygon"
	}
	return "mixed"
}

// gdalShape is shapeName for what GDAL calls a geometry type.
func gdalShape(name string) string {
	name = strings.ToLower(name)
	switch {
	case strings.Contains(name, "point"):
		return "point"
	case strings.Contains(name, "line"), strings.Contains(name, "curve") && !strings.Contains(name, "polygon"):
		return "line"
	case strings.Contains(name, "polygon"), strings.Contains(name, "surface"):
		return "polygon"
	case name == "" || name == "none":
		return ""
	}
	return "mixed"
}

// surveyor gathers what a pass over features tells: columns in the order in which they
// first come, counts, shapes.
type surveyor struct {
	limits  Limits
	columns []string
	seen    map[string]bool
	table   Table
	faults  int
}

// survey reads every feature of r.
func (s *sniffer) survey(r Reader) (surveyor, error) {
	v := surveyor{limits: s.limits, seen: map[string]bool{}}
	for {
		row, err := r.Next()
		var bad *RowError
		switch {
		case errors.Is(err, io.EOF):
			v.table.Columns = v.columns
			return v, nil
		case errors.As(err, &bad) && bad.Row == 0:
			return v, bad
		case errors.As(err, &bad):
			if v.faults++; bad.Fatal && v.table.Rows == 0 || v.faults > s.limits.RowFaults {
				return v, bad
			}
			continue
		case err != nil:
			return v, err
		}
		if v.table.Rows++; v.table.Rows > s.limits.Rows {
			return v, s.fail(nil, fmt.Sprintf("要素超过 %d 个", s.limits.Rows), fmt.Sprintf("there are more than %d features", s.limits.Rows))
		}
		if !v.add(row, r) {
			return v, s.fail(nil, fmt.Sprintf("属性超过 %d 个", s.limits.Columns), fmt.Sprintf("there are more than %d properties", s.limits.Columns))
		}
	}
}

// inOrder is a Reader that tells in which order its last row has its fields.
type inOrder interface{ eachField(do func(name string)) }

// add takes the feature that r gave last in.
func (v *surveyor) add(row Row, r Reader) bool {
	if o, ok := r.(inOrder); ok {
		o.eachField(v.column)
	}
	if shape := shapeName(row.Geometry); shape != "" && shape != v.table.Geometry {
		if v.table.Geometry != "" {
			shape = "mixed"
		}
		v.table.Geometry = shape
	}
	return len(v.columns) <= v.limits.Columns
}

func (v *surveyor) column(name string) {
	if !v.seen[name] {
		v.seen[name] = true
		v.columns = append(v.columns, name)
	}
}

func (v *surveyor) note(f *Format) {
	if v.faults > 0 {
		f.note("有 %d 个要素无法读取，会逐一列出", "%d features cannot be read; each will be listed", v.faults)
	}
}

func (s *sniffer) geojson(kind Kind) (Format, error) {
	r, err := openFeatureText(s.ctx, s.path, kind)
	if err != nil {
		return Format{}, err
	}
	defer r.Close() //nolint:errcheck // read only
	v, err := s.survey(r)
	if err != nil {
		return Format{}, err
	}
	f := Format{Kind: kind, Tables: []Table{v.table}, CRS: r.CRS(), RowsAreAll: true}
	v.note(&f)
	return f, nil
}

// openFeatureText opens GeoJSON or KML without looking at its columns first.
func openFeatureText(ctx context.Context, path string, kind Kind) (Reader, error) {
	switch kind {
	case KindGeoJSONL:
		return newLines(ctx, path)
	case KindKML:
		return openKML(ctx, path)
	}
	return newGeoJSON(ctx, path)
}

func openFeatures(ctx context.Context, path string, f Format, t Table, o Options) (Lines, error) {
	l := &featureLines{ctx: ctx, name: filepath.Base(path), crs: f.CRS, columns: t.Columns, limits: o.Limits}
	var err error
	switch f.Kind {
	case KindGeoJSON, KindGeoJSONL, KindKML:
		l.reader, err = openFeatureText(ctx, path, f.Kind)
	case KindKMZ, KindShapefile:
		l.reader, l.cleanup, err = openPacked(ctx, path, f.Kind, t, o)
	case KindGPKG:
		l.reader, err = openSource(ctx, path, gdal.Source{Path: path, Driver: "GPKG", Known: &gdal.LayerInfo{Name: t.Name, Columns: t.Columns, CRS: f.CRS}})
	default:
		return nil, fileError(path, nil, "不支持的文件格式："+clip(string(f.Kind)), "unknown file format: "+clip(string(f.Kind)))
	}
	if err != nil {
		return nil, err
	}
	return l, nil
}
