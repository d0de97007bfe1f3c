package geo

import (
	"errors"
	"fmt"
	"math"
	"strconv"

	"github.com/paulmach/orb"
)

// ErrUnknownCRS is wrapped by ParseCRS for a name it does not know.
var ErrUnknownCRS = errors.New("unknown coordinate system")

// CRS is a coordinate system that data come in. Values come from ParseCRS, compare
// with ==, and the zero value is WGS 84. Coordinates are x then y as files hold them:
// longitude then latitude in degrees, or easting then northing in metres, whatever
// order the authority's definition names.
type CRS struct {
	kind     crsKind
	epsg     int     // 0 where there is no code
	meridian float64 // central meridian in degrees, Gauss-Krüger only
	falseE   float64 // false easting in metres, with the zone prefix where there is one
}

type crsKind uint8

const (
	kindWGS84 crsKind = iota
	kindCGCS2000
	kindMercator
	kindGaussKrueger
	kindGCJ02
	kindBD09
)

const (
	gkFalseEasting = 500_000.0
	gkZoneM        = 1_000_000.0 // the zone number stands before six digits of easting
	gkReachM       = 500_000.0   // farthest easting from the central meridian that is believed
	gkNorthM       = 6_700_000.0 // 60° N; China's systems are not used beyond, nor south of the equator
	mercatorM      = math.Pi * semiMajorM
)

// WGS84 is the system everything is kept in.
func WGS84() CRS { return CRS{} }

// String is the name that ParseCRS gives back the same system for.
func (c CRS) String() string {
	switch c.kind {
	case kindGCJ02:
		return "GCJ-02"
	case kindBD09:
		return "BD-09"
	case kindWGS84:
		return "EPSG:4326"
	default:
		return "EPSG:" + strconv.Itoa(c.epsg)
	}
}

// Geographic reports whether coordinates are degrees.
func (c CRS) Geographic() bool {
	return c.kind != kindMercator && c.kind != kindGaussKrueger
}

// Keeps reports whether coordinates are used as they are: WGS 84 and CGCS2000.
func (c CRS) Keeps() bool { return c.kind == kindWGS84 || c.kind == kindCGCS2000 }

// ToWGS84 gives the longitude and latitude of p. The error is a *CoordinateError that
// names the value when p cannot be a point of this system: not finite, degrees out of
// range, metres where degrees are declared, a zone prefix missing or too many, axes
// exchanged. O(1).
func (c CRS) ToWGS84(p orb.Point) (orb.Point, error) {
	if err := c.check(p); err != nil {
		return orb.Point{}, err
	}
	switch c.kind {
	case kindMercator:
		return mercatorInverse(p), nil
	case kindGaussKrueger:
		dLon, lat := gaussKruegerInverse(p[0]-c.falseE, p[1])
		return orb.Point{c.meridian + dLon, lat}, nil
	case kindGCJ02:
		return GCJ02ToWGS84(p), nil
	case kindBD09:
		return GCJ02ToWGS84(BD09ToGCJ02(p)), nil
	default:
		return p, nil
	}
}

// FromWGS84 undoes ToWGS84. The error is a *CoordinateError for a point that is not a
// longitude and latitude, or that the projection does not reach (a Gauss-Krüger
// zone: more than 500 km from its central meridian). O(1).
func (c CRS) FromWGS84(p orb.Point) (orb.Point, error) {
	if err := WGS84().check(p); err != nil {
		return orb.Point{}, err
	}
	switch c.kind {
	case kindMercator:
		m := mercator(p)
		if math.Abs(m[1]) > mercatorM*1.0000001 {
			return orb.Point{}, c.fault("y", p[1], reasonReach)
		}
		return m, nil
	case kindGaussKrueger:
		dLon := wrapDeg(p[0] - c.meridian)
		if math.Abs(dLon) > 20 {
			return orb.Point{}, c.fault("x", p[0], reasonReach)
		}
		x, y := gaussKrueger(dLon, p[1])
		if math.Abs(x) > gkReachM {
			return orb.Point{}, c.fault("x", p[0], reasonReach)
		}
		if y < 0 || y > gkNorthM {
			return orb.Point{}, c.fault("y", p[1], reasonReach)
		}
		return orb.Point{x + c.falseE, y}, nil
	case kindGCJ02:
		return WGS84ToGCJ02(p), nil
	case kindBD09:
		return GCJ02ToBD09(WGS84ToGCJ02(p)), nil
	default:
		return p, nil
	}
}

// GeometryToWGS84 is ToWGS84 for every vertex of g; g itself is not changed. It stops
// at the first point that cannot be of this system. O(vertices).
func (c CRS) GeometryToWGS84(g orb.Geometry) (orb.Geometry, error) {
	switch g := g.(type) {
	case nil:
		return nil, nil //nolint:nilnil // no geometry in, none out
	case orb.Point:
		return asGeometry(c.ToWGS84(g))
	case orb.MultiPoint:
		return asGeometry(mapAll(g, c.ToWGS84))
	case orb.LineString:
		return asGeometry(c.line(g))
	case orb.MultiLineString:
		return asGeometry(mapAll(g, c.line))
	case orb.Ring:
		return asGeometry(c.ring(g))
	case orb.Polygon:
		return asGeometry(c.polygon(g))
	case orb.MultiPolygon:
		return asGeometry(mapAll(g, c.polygon))
	case orb.Collection:
		return asGeometry(mapAll(g, c.GeometryToWGS84))
	case orb.Bound:
		return c.GeometryToWGS84(g.ToPolygon())
	default:
		return nil, fmt.Errorf("transform from %s: geometry %T", c, g)
	}
}

func (c CRS) line(l orb.LineString) (orb.LineString, error) { return mapAll(l, c.ToWGS84) }

func (c CRS) ring(r orb.Ring) (orb.Ring, error) { return mapAll(r, c.ToWGS84) }

func (c CRS) polygon(p orb.Polygon) (orb.Polygon, error) { return mapAll(p, c.ring) }

func mapAll[S ~[]E, E any](in S, f func(E) (E, error)) (S, error) {
	out := make(S, len(in))
	for i, e := range in {
		var err error
		if out[i], err = f(e); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func asGeometry[G orb.Geometry](g G, err error) (orb.Geometry, error) {
	if err != nil {
		return nil, err
	}
	return g, nil
}

// mercator is EPSG:3857: the spherical formula on the ellipsoid's latitude.
func mercator(p orb.Point) orb.Point {
	return orb.Point{semiMajorM * rad(p[0]), semiMajorM * math.Asinh(math.Tan(rad(p[1])))}
}

func mercatorInverse(m orb.Point) orb.Point {
	return orb.Point{deg(m[0] / semiMajorM), deg(math.Atan(math.Sinh(m[1] / semiMajorM)))}
}
