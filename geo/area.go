package geo

import (
	"math"

	"github.com/paulmach/orb"
)

// Area is the area of g in square metres on the WGS 84 ellipsoid: outer rings less
// holes, whatever way the rings run; 0 for points and lines and for nil. Rings may be
// closed or not. They must not hold a pole.
//
// Source: the ellipsoid is mapped onto the sphere of equal area by the authalic
// latitude (Snyder, USGS PP 1395, eq. 3-11 to 3-13), where a ring's area is the
// sum of the spherical excesses between its edges and the equator. So an edge is a
// great circle of that sphere: within 2e-6 of the geodesic polygon for edges of up to
// 30 km, measured against GeographicLib. O(n).
func Area(g orb.Geometry) float64 {
	switch g := g.(type) {
	case orb.Ring:
		return ringArea(g)
	case orb.Polygon:
		return polygonArea(g)
	case orb.MultiPolygon:
		var sum float64
		for _, p := range g {
			sum += polygonArea(p)
		}
		return sum
	case orb.Bound:
		return ringArea(g.ToRing())
	case orb.Collection:
		var sum float64
		for _, member := range g {
			sum += Area(member)
		}
		return sum
	default:
		return 0
	}
}

func polygonArea(p orb.Polygon) float64 {
	if len(p) == 0 {
		return 0
	}
	sum := ringArea(p[0])
	for _, hole := range p[1:] {
		sum -= ringArea(hole)
	}
	return math.Max(0, sum)
}

func ringArea(r orb.Ring) float64 {
	if len(r) < 3 {
		return 0
	}
	var excess float64
	prev, prevTan := r[len(r)-1], tanHalfAuthalic(r[len(r)-1][1])
	for _, p := range r {
		t := tanHalfAuthalic(p[1])
		half := math.Tan(rad(wrapDeg(p[0]-prev[0])) / 2)
		excess += 2 * math.Atan2(half*(prevTan+t), 1+prevTan*t)
		prev, prevTan = p, t
	}
	// The square of the authalic radius: half of a² times q at the pole.
	r2 := semiMajorM * semiMajorM / 2 * authalicQ(1)
	return math.Abs(excess) * r2
}

// tanHalfAuthalic is the tangent of half the authalic latitude of a latitude in
// degrees.
func tanHalfAuthalic(lat float64) float64 {
	s := authalicQ(math.Sin(rad(lat))) / authalicQ(1)
	s = math.Max(-1, math.Min(1, s))
	return s / (1 + math.Sqrt(1-s*s))
}

// authalicQ is Snyder's q (3-12) for the sine of a latitude.
func authalicQ(sin float64) float64 {
	es := wgsE * sin
	return (1 - wgsE2) * (sin/(1-es*es) + math.Atanh(es)/wgsE)
}
