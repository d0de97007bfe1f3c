package numbering

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"yike/geo"
)

// facingM is how much farther from the road than its nearest point a part of an outline may be
// to belong to the edge that faces the road.
const facingM = 3

// atDoorM is how near to a door a number without a frontage is that door's.
const atDoorM = 3

// onEdgeM is how near to an outline a number is the building's: it may stand on its very edge.
const onEdgeM = 1

// spot is a frontage or a number where it lies.
type spot struct {
	at       float64 // metres along, or the order among rows
	side     Side
	offset   float64 // signed
	from, to float64 // metres along of its edge
	row      int
	point    orb.Point // where the number stands
	ok       bool      // it has a place
}

// lines gives the parts of a shape whose points count as its edge or outline.
func lines(g orb.Geometry) []orb.LineString {
	switch s := g.(type) {
	case orb.LineString:
		return []orb.LineString{s}
	case orb.Ring:
		return []orb.LineString{orb.LineString(s)}
	case orb.Polygon:
		if len(s) > 0 {
			return []orb.LineString{orb.LineString(s[0])}
		}
	case orb.MultiPolygon:
		var out []orb.LineString
		for _, p := range s {
			out = append(out, lines(p)...)
		}
		return out
	}
	return nil
}

// door is the point that a frontage is numbered by without a road: its entrance, or its middle.
func door(f Frontage) (orb.Point, bool) {
	if f.Entrance != nil {
		return *f.Entrance, true
	}
	switch s := f.Shape.(type) {
	case nil:
		return orb.Point{}, false
	case orb.Point:
		return s, true
	case orb.Polygon:
		if len(s) == 0 || len(s[0]) == 0 {
			return orb.Point{}, false
		}
	case orb.LineString:
		if len(s) == 0 {
			return orb.Point{}, false
		}
	}
	mid, _ := planar.CentroidArea(f.Shape)
	return mid, !math.IsNaN(mid[0]) && !math.IsNaN(mid[1])
}

// spotOf places a frontage along the road: its entrance, or the middle of the edge that faces
// the road.
func (l *Line) spotOf(f Frontage) spot {
	out, ok := l.edge(f)
	if p, isPoint := f.Shape.(orb.Point); isPoint && f.Entrance == nil {
		out, ok = l.spotAt(p), true
	}
	if f.Entrance != nil {
		s := l.spotAt(*f.Entrance)
		if ok {
			s.from, s.to = out.from, out.to
		}
		if s.side == NoSide { // a door drawn on the line: its building says the side
			s.side, s.offset = out.side, out.offset
		}
		out, ok = s, true
	}
	out.ok = ok
	if half := f.WidthM / 2; ok && half > 0 {
		mid := (out.from + out.to) / 2
		out.from, out.to = mid-half, mid+half
	}
	return out
}

func (l *Line) spotAt(p orb.Point) spot {
	place := l.Locate(p)
	return spot{
		at: place.AlongM, side: sideOf(place.OffsetM), offset: place.OffsetM, from: place.AlongM, to: place.AlongM, point: p, ok: true,
	}
}

func sideOf(offset float64) Side {
	switch {
	case offset > 0:
		return Left
	case offset < 0:
		return Right
	}
	return NoSide
}

// edge is the part of an outline that faces the road.
func (l *Line) edge(f Frontage) (spot, bool) {
	var places []Place
	nearest := math.Inf(1)
	for _, line := range lines(f.Shape) {
		if len(line) == 0 {
			continue
		}
		on := make([]orb.Point, len(line))
		for i, p := range line {
			on[i] = l.frame.To(p)
		}
		for _, p := range sampled(on, max(1, length(on)/200)) {
			place := l.locate(p)
			places = append(places, place)
			nearest = min(nearest, math.Abs(place.OffsetM))
		}
	}
	if len(places) == 0 {
		return spot{}, false
	}
	places = slices.DeleteFunc(places, func(p Place) bool { return math.Abs(p.OffsetM) > nearest+facingM })
	slices.SortFunc(places, func(a, b Place) int {
		return cmp.Or(cmp.Compare(a.AlongM, b.AlongM), cmp.Compare(a.OffsetM, b.OffsetM))
	})
	first, last := places[0], places[len(places)-1]
	var lean float64 // which side more of the edge lies on
	for _, p := range places {
		lean += p.OffsetM
	}
	mid := (first.AlongM + last.AlongM) / 2
	offset := math.Copysign(nearest, lean)
	if lean == 0 {
		offset = 0
	}
	return spot{
		at: mid, side: sideOf(lean), offset: offset, from: first.AlongM, to: last.AlongM, point: l.At(mid, offset),
	}, true
}

// width is how long the frontage is along the road.
func (s spot) width() float64 { return s.to - s.from }

// apart is how far a number at p is from a frontage, in metres: 0 within its outline; infinite
// where it is too far to be that frontage's.
func apart(f Frontage, p orb.Point) float64 {
	frame := geo.Frame(p)
	best := math.Inf(1)
	near := func(d, reach float64) {
		if d <= reach {
			best = min(best, d)
		}
	}
	switch s := f.Shape.(type) {
	case orb.Polygon:
		if planar.PolygonContains(s, p) {
			return 0
		}
	case orb.MultiPolygon:
		if planar.MultiPolygonContains(s, p) {
			return 0
		}
	case orb.Point:
		near(geo.Distance(s, p), atDoorM)
	}
	for _, line := range lines(f.Shape) {
		on := make([]orb.Point, len(line))
		for i, q := range line {
			on[i] = frame.To(q)
		}
		near(nearestOn(on, orb.Point{}), onEdgeM)
	}
	if f.Entrance != nil {
		near(geo.Distance(*f.Entrance, p), atDoorM)
	}
	return best
}
