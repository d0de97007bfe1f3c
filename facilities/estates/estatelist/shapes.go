package estatelist

import (
	"errors"
	"fmt"

	"github.com/paulmach/orb"

	"yike/facilities/estates"
	"yike/facilities/lists"
	"yike/geo"
)

// shape takes the shape that a row has: the boundary of an estate, the place of a room.
func (l *listing[T]) shape(g orb.Geometry) {
	switch any(l.out).(type) {
	case Row[estates.Estate]:
		l.boundary(g)
	default:
		p, ok := g.(orb.Point)
		if m, several := g.(orb.MultiPoint); several && len(m) == 1 {
			p, ok = m[0], true
		}
		if !ok {
			l.fault("shape", g.GeoJSONType(), "用房应为点，这里是"+shapeZH(g), "a room is a point, and this is a "+g.GeoJSONType())
			return
		}
		l.place(p, "shape")
	}
}

// boundary takes an area of one part; several are a fault, since which of them is the estate
// is for people to say.
func (l *listing[T]) boundary(g orb.Geometry) {
	var p orb.Polygon
	switch g := g.(type) {
	case orb.Polygon:
		p = g
	case orb.MultiPolygon:
		if len(g) != 1 {
			l.fault("boundary", "", fmt.Sprintf("范围分成了 %d 块：一个小区应为一块，请合并，或各作一个小区", len(g)),
				fmt.Sprintf("the boundary is in %d parts: an estate is one; join them, or make each an estate", len(g)))
			return
		}
		p = g[0]
	default:
		l.fault("boundary", g.GeoJSONType(), "小区范围应为面，这里是"+shapeZH(g), "the boundary is to be a polygon, and this is a "+g.GeoJSONType())
		return
	}
	moved, err := l.crs.GeometryToWGS84(p)
	if err != nil {
		l.misplaced("boundary", err)
		return
	}
	drawn, ok := moved.(orb.Polygon)
	if !ok {
		return
	}
	l.out.Drawn = true
	l.out.sets = append(l.out.sets, func(t *T) {
		if e, ok := any(t).(*estates.Estate); ok {
			e.Boundary = drawn.Clone()
		}
	})
}

// degrees takes the position that a room's cells say.
func (l *listing[T]) degrees() {
	lon, lat := l.names["lon"], l.names["lat"]
	switch {
	case lon == "" && lat == "":
		return
	case lon == lists.Cleared && lat == lists.Cleared:
		l.set(func(r *estates.Room) { r.Point, r.Placed = orb.Point{}, false })
		return
	case lon == "" || lat == "" || lon == lists.Cleared || lat == lists.Cleared:
		l.fault("lon", "", "经度和纬度应一并填写", "longitude and latitude go together")
		return
	}
	var p orb.Point
	for i, code := range []string{"lon", "lat"} {
		v, ok := lists.Degrees(l.names[code])
		if !ok {
			l.fault(code, l.names[code], "应为一个数", "must be a number")
			return
		}
		p[i] = v
	}
	l.place(p, "lon")
}

func (l *listing[T]) place(p orb.Point, field string) {
	at, err := l.crs.ToWGS84(p)
	if err != nil {
		l.misplaced(field, err)
		return
	}
	l.out.Drawn = true
	l.set(func(r *estates.Room) { r.Point, r.Placed = steady(*r, at), true })
}

// steady keeps the position that a room has where another is the same up to what a
// spreadsheet loses of it: some centimetres.
func steady(r estates.Room, at orb.Point) orb.Point {
	const near = 5e-7
	if dx, dy := at[0]-r.Point[0], at[1]-r.Point[1]; r.Placed && dx*dx+dy*dy < near*near {
		return r.Point
	}
	return at
}

func (l *listing[T]) set(f func(*estates.Room)) {
	l.out.sets = append(l.out.sets, func(t *T) {
		if r, ok := any(t).(*estates.Room); ok {
			f(r)
		}
	})
}

func (l *listing[T]) misplaced(field string, err error) {
	var bad *geo.CoordinateError
	if errors.As(err, &bad) {
		l.fault(field, fmt.Sprint(bad.Value), "坐标不对："+bad.ReasonZH, "the coordinates are wrong: "+bad.ReasonEN)
		return
	}
	l.fault(field, "", "坐标不对", "the coordinates are wrong")
}

func shapeZH(g orb.Geometry) string {
	switch g.(type) {
	case orb.Point, orb.MultiPoint:
		return "点"
	case orb.LineString, orb.MultiLineString:
		return "线"
	case orb.Polygon, orb.MultiPolygon:
		return "面"
	}
	return "别的图形"
}
