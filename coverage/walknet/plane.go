package walknet

import (
	"math"

	"github.com/paulmach/orb"

	"yike/geo"
)

// plane is a flat metric frame that touches the ellipsoid at one latitude: good to
// a millimetre over the few hundred metres that it is used for.
type plane struct {
	origin orb.Point
	kx, ky float64 // metres per degree of longitude and latitude
}

func planeAt(origin orb.Point) plane {
	kx, ky := metresPerDegree(origin[1])
	return plane{origin: origin, kx: kx, ky: ky}
}

func (f plane) to(p orb.Point) vec {
	return vec{(p[0] - f.origin[0]) * f.kx, (p[1] - f.origin[1]) * f.ky}
}

func (f plane) from(v vec) orb.Point {
	return orb.Point{f.origin[0] + v.x/f.kx, f.origin[1] + v.y/f.ky}
}

// metresPerDegree is the scale of geo.Frame at a latitude.
func metresPerDegree(lat float64) (kx, ky float64) {
	p := geo.Frame(orb.Point{0, lat}).To(orb.Point{1, lat + 1})
	return p[0], p[1]
}

// vec is a place or a step in a plane, in metres.
type vec struct{ x, y float64 }

func (a vec) sub(b vec) vec             { return vec{a.x - b.x, a.y - b.y} }
func (a vec) dot(b vec) float64         { return a.x*b.x + a.y*b.y }
func (a vec) cross(b vec) float64       { return a.x*b.y - a.y*b.x }
func (a vec) norm2() float64            { return a.dot(a) }
func (a vec) dist(b vec) float64        { return math.Hypot(a.x-b.x, a.y-b.y) }
func (a vec) lerp(b vec, t float64) vec { return vec{a.x + t*(b.x-a.x), a.y + t*(b.y-a.y)} }

// nearestOn is the share t in [0,1] of the segment a→b at which it comes nearest
// to p, and the squared distance there. At the ends t is exactly 0 or 1 and the
// distance is that to the vertex itself, so that segments meeting in a vertex tie.
func nearestOn(p, a, b vec) (t, d2 float64) {
	ab := b.sub(a)
	l2 := ab.norm2()
	if l2 == 0 {
		return 0, p.sub(a).norm2()
	}
	t = p.sub(a).dot(ab) / l2
	switch {
	case t <= 0:
		return 0, p.sub(a).norm2()
	case t >= 1:
		return 1, p.sub(b).norm2()
	}
	return t, p.sub(a.lerp(b, t)).norm2()
}

// orbBound is the box of two points.
func orbBound(a, b orb.Point) orb.Bound { return orb.Bound{Min: a, Max: a}.Extend(b) }

// nowhere is the box of nothing.
func nowhere() orb.Bound {
	return orb.Bound{Min: orb.Point{math.Inf(1), math.Inf(1)}, Max: orb.Point{math.Inf(-1), math.Inf(-1)}}
}

// union is the box of two boxes, either of them possibly nowhere.
func union(a, b orb.Bound) orb.Bound {
	return orb.Bound{
		Min: orb.Point{min(a.Min[0], b.Min[0]), min(a.Min[1], b.Min[1])},
		Max: orb.Point{max(a.Max[0], b.Max[0]), max(a.Max[1], b.Max[1])},
	}
}
