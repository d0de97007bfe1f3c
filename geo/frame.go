package geo

import (
	"math"

	"github.com/paulmach/orb"
)

// LocalFrame is a plane of metres around an origin: x to the east, y to the north.
// Its scale is right at the origin; 10 km away lengths are wrong by about 0.13 % at
// 40° of latitude. The zero value is not usable.
type LocalFrame struct {
	origin       orb.Point
	mLon, mLat   float64 // metres in a degree
	lonPM, latPM float64 // degrees in a metre
}

// Frame is the plane around a WGS 84 origin that is not a pole.
func Frame(origin orb.Point) LocalFrame {
	sin, cos := math.Sincos(rad(origin[1]))
	w2 := 1 - wgsE2*sin*sin
	n := semiMajorM / math.Sqrt(w2)
	f := LocalFrame{origin: origin, mLon: rad(n * cos), mLat: rad(n * (1 - wgsE2) / w2)}
	f.lonPM, f.latPM = 1/f.mLon, 1/f.mLat
	return f
}

// To gives metres east and north of the origin as a point of x and y.
func (f LocalFrame) To(p orb.Point) orb.Point {
	return orb.Point{wrapDeg(p[0]-f.origin[0]) * f.mLon, (p[1] - f.origin[1]) * f.mLat}
}

// From is the WGS 84 point for metres east (x) and north (y) of the origin.
func (f LocalFrame) From(m orb.Point) orb.Point {
	return orb.Point{f.origin[0] + m[0]*f.lonPM, f.origin[1] + m[1]*f.latPM}
}
