package packimport

import (
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"yike/internal/pack"
)

// Row is one record of a layer. A getter that finds a bad value notes the fault in the
// table and gives the zero value.
type Row struct {
	Number   int          // as people count rows in that file
	Geometry orb.Geometry // WGS 84; nil if the row has none, or a bad one

	t      *Table
	fields map[string]string
	bad    bool
}

// Bad reports whether a fault of this row was noted.
func (r *Row) Bad() bool { return r.bad }

// Fault notes what is wrong with one of our columns.
func (r *Row) Fault(ours, value, zh, en string) {
	r.bad = true
	field := ours
	if theirs, mapped := r.t.layer.FieldOf(ours); mapped {
		field = theirs
	}
	r.t.Faults.Add(pack.Fault{File: r.t.file, Row: r.Number, Field: field, Value: value, Reason: pack.Text{ZH: zh, EN: en}})
}

// Text is the value of one of our columns, trimmed and translated as the manifest
// says; "" where the file has no such column.
func (r *Row) Text(ours string) string {
	theirs, mapped := r.t.layer.FieldOf(ours)
	if !mapped {
		return ""
	}
	value := strings.TrimSpace(r.fields[theirs])
	if translated, ok := r.t.layer.Values[ours][value]; ok {
		return translated
	}
	return value
}

// Need is Text, and a fault where it is empty.
func (r *Row) Need(ours string) string {
	value := r.Text(ours)
	if value == "" {
		r.Fault(ours, "", "不能为空", "must not be empty")
	}
	return value
}

// Whole is a whole number from 0; 0 where the column is empty or missing. Decimals
// such as 12.0, which spreadsheets and GDAL write, are taken.
func (r *Row) Whole(ours string) int {
	value := r.Text(ours)
	if value == "" {
		return 0
	}
	f, err := strconv.ParseFloat(value, 64)
	switch {
	case err != nil || f != float64(int64(f)):
		r.Fault(ours, value, "不是整数", "is not a whole number")
		return 0
	case f < 0:
		r.Fault(ours, value, "不能为负", "must not be negative")
		return 0
	case f > 1e9:
		r.Fault(ours, value, "数值过大", "is too large")
		return 0
	}
	return int(f)
}

// Flag is yes or no; otherwise where the column is empty or missing.
func (r *Row) Flag(ours string, otherwise bool) bool {
	switch value := r.Text(ours); strings.ToLower(value) {
	case "":
		return otherwise
	case "yes", "true", "1", "t", "y", "是", "有":
		return true
	case "no", "false", "0", "f", "n", "否", "无":
		return false
	default:
		r.Fault(ours, value, "应为是或否（yes / no）", "must be yes or no")
		return otherwise
	}
}

// Key is the row's source id: the column, or "row/N" where the file has none.
func (r *Row) Key() string {
	if !r.t.Has("source") {
		return "row/" + strconv.Itoa(r.Number)
	}
	return r.Need("source")
}

// Point is where the row lies: its geometry where that is a point, else its lon and
// lat columns.
func (r *Row) Point() (orb.Point, bool) {
	switch g := r.Geometry.(type) {
	case orb.Point:
		return g, true
	case orb.MultiPoint:
		if len(g) == 1 {
			return g[0], true
		}
	case nil:
		if r.t.Has("lon") && r.t.Has("lat") {
			return r.lonLat()
		}
	}
	if !r.bad {
		r.Fault("geometry", "", "没有点位：需要点几何，或 lon、lat 两列", "has no place: a point, or the columns lon and lat, are needed")
	}
	return orb.Point{}, false
}

func (r *Row) lonLat() (orb.Point, bool) {
	var p orb.Point
	for i, ours := range []string{"lon", "lat"} {
		value := r.Text(ours)
		f, err := strconv.ParseFloat(value, 64)
		if err != nil {
			r.Fault(ours, value, "不是数", "is not a number")
			return p, false
		}
		p[i] = f
	}
	out, ok := r.place(p).(orb.Point)
	return out, ok
}

// place brings a geometry to WGS 84, or notes the fault and gives nil.
func (r *Row) place(g orb.Geometry) orb.Geometry {
	out, err := r.t.crs.GeometryToWGS84(g)
	if err != nil {
		r.bad = true
		r.t.coordinateFault(r.Number, firstPoint(g), err)
		return nil
	}
	return out
}

func firstPoint(g orb.Geometry) orb.Point {
	if p, ok := g.(orb.Point); ok {
		return p
	}
	return g.Bound().Min
}

// Area is the row's polygon or polygons, rings closed; a fault for anything else.
func (r *Row) Area() (orb.MultiPolygon, bool) {
	var polygons orb.MultiPolygon
	switch g := r.Geometry.(type) {
	case orb.Polygon:
		polygons = orb.MultiPolygon{g}
	case orb.MultiPolygon:
		polygons = g
	}
	var out orb.MultiPolygon
	for _, polygon := range polygons {
		var rings orb.Polygon
		for i, ring := range polygon {
			if len(ring) > 0 && ring[0] != ring[len(ring)-1] {
				ring = append(append(orb.Ring{}, ring...), ring[0])
			}
			if len(ring) < 4 {
				if i == 0 {
					break
				}
				continue
			}
			rings = append(rings, ring)
		}
		if len(rings) > 0 {
			out = append(out, rings)
		}
	}
	if len(out) == 0 && !r.bad {
		r.Fault("geometry", "", "没有面", "has no polygon")
	}
	return out, len(out) > 0
}

// Lines are the row's lines of at least two different points; a fault where it has
// none.
func (r *Row) Lines() []orb.LineString {
	var lines []orb.LineString
	switch g := r.Geometry.(type) {
	case orb.LineString:
		lines = []orb.LineString{g}
	case orb.MultiLineString:
		lines = g
	}
	var out []orb.LineString
	for _, line := range lines {
		var clean orb.LineString
		for _, p := range line {
			if len(clean) == 0 || clean[len(clean)-1] != p {
				clean = append(clean, p)
			}
		}
		if len(clean) >= 2 {
			out = append(out, clean)
		}
	}
	if len(out) == 0 && !r.bad {
		r.Fault("geometry", "", "没有线", "has no line")
	}
	return out
}
