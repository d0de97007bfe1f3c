package placing

import (
	"math"
	"slices"

	"github.com/paulmach/orb"

	"yike/geo"
)

// distanceTo is how far a place is from a road in metres, and the road's nearest point;
// +Inf for a road without a line.
func (r *road) distanceTo(p orb.Point) (float64, orb.Point) {
	f := geo.Frame(p)
	best, at := math.Inf(1), orb.Point{}
	for _, line := range r.pieces {
		for i := range line {
			a := f.To(line[i])
			b := a
			if i+1 < len(line) {
				b = f.To(line[i+1])
			}
			q := nearestOn(a, b)
			if d := math.Hypot(q[0], q[1]); d < best {
				best, at = d, f.From(q)
			}
		}
	}
	return best, at
}

// nearestOn is the point of a segment that is nearest to the origin.
func nearestOn(a, b orb.Point) orb.Point {
	dx, dy := b[0]-a[0], b[1]-a[1]
	length := dx*dx + dy*dy
	if length == 0 {
		return a
	}
	t := min(max(-(a[0]*dx+a[1]*dy)/length, 0), 1)
	return orb.Point{a[0] + t*dx, a[1] + t*dy}
}

// length is the length of all pieces in metres.
func (r *road) length() float64 {
	var sum float64
	for _, line := range r.pieces {
		sum += geo.Length(line)
	}
	return sum
}

// meetM is how near two roads come where they meet; carriageways of one junction are apart.
const meetM = 30

// meetings are the places where two roads meet, at most a few: those nearer to each other
// than a large junction are one.
func meetings(a, b *road) []orb.Point {
	const junctionM = 150
	var out []orb.Point
	for _, la := range a.pieces {
		for _, lb := range b.pieces {
			if !padded(la.Bound(), meetM).Intersects(lb.Bound()) {
				continue
			}
			for _, p := range touching(la, lb) {
				if !slices.ContainsFunc(out, func(q orb.Point) bool { return geo.Distance(p, q) < junctionM }) {
					out = append(out, p)
				}
			}
		}
	}
	return out
}

// touching are the points of a line that come near another, by its vertices and by those
// of the other.
func touching(la, lb orb.LineString) []orb.Point {
	var out []orb.Point
	ra, rb := &road{pieces: []orb.LineString{la}}, &road{pieces: []orb.LineString{lb}}
	for _, p := range la {
		if d, _ := rb.distanceTo(p); d <= meetM {
			out = append(out, p)
		}
	}
	for _, p := range lb {
		if d, at := ra.distanceTo(p); d <= meetM {
			out = append(out, at)
		}
	}
	if len(out) > 0 {
		return out
	}
	// They may cross between vertices.
	f := geo.Frame(la[0])
	for i := 1; i < len(la); i++ {
		for j := 1; j < len(lb); j++ {
			if p, ok := crossing(f.To(la[i-1]), f.To(la[i]), f.To(lb[j-1]), f.To(lb[j])); ok {
				out = append(out, f.From(p))
			}
		}
	}
	return out
}

// crossing is where two segments cross.
func crossing(a, b, c, d orb.Point) (orb.Point, bool) {
	rx, ry, sx, sy := b[0]-a[0], b[1]-a[1], d[0]-c[0], d[1]-c[1]
	den := rx*sy - ry*sx
	if den == 0 {
		return orb.Point{}, false
	}
	t := ((c[0]-a[0])*sy - (c[1]-a[1])*sx) / den
	u := ((c[0]-a[0])*ry - (c[1]-a[1])*rx) / den
	return orb.Point{a[0] + t*rx, a[1] + t*ry}, t >= 0 && t <= 1 && u >= 0 && u <= 1
}

// padded is a box with some metres more on each side.
func padded(b orb.Bound, m float64) orb.Bound {
	c := b.Center()
	by := geo.Frame(c).From(orb.Point{m, m})
	dx, dy := by[0]-c[0], by[1]-c[1]
	return orb.Bound{Min: orb.Point{b.Min[0] - dx, b.Min[1] - dy}, Max: orb.Point{b.Max[0] + dx, b.Max[1] + dy}}
}
