package geo

import (
	"math"

	"github.com/paulmach/orb"
)

// GCJ-02 and BD-09 are the shifted systems of Chinese web maps. Neither is published;
// these are the formulas that leaked in 2010 and that all converters share. Against
// coordinates taken from the services the forward formulas are within 1e-5 degrees.

const (
	krasovskyM  = 6378245.0
	krasovskyE2 = 0.00669342162296594323

	bdTurn = math.Pi * 3000 / 180
	bdLon  = 0.0065
	bdLat  = 0.006

	// Both inverses stop when a round moves the point by less than this (a hundredth
	// of a micrometre); the maps contract by 50 or more each round.
	shiftEnoughDeg = 1e-13
	shiftRounds    = 40
)

// InChina reports whether the shift of GCJ-02 applies at p: the box of the leaked
// formula, which is far wider than the country.
func InChina(p orb.Point) bool {
	return p[0] >= 72.004 && p[0] <= 137.8347 && p[1] >= 0.8293 && p[1] <= 55.8271
}

// WGS84ToGCJ02 shifts a WGS 84 point as Chinese web maps do; outside the box of
// InChina it is returned as it is. O(1).
func WGS84ToGCJ02(p orb.Point) orb.Point {
	if !InChina(p) {
		return p
	}
	return gcjForward(p)
}

// GCJ02ToWGS84 undoes WGS84ToGCJ02 by fixed-point iteration, to better than 1e-9
// degrees. Within the length of the shift (about 700 m) of the box's edge two points
// may have the same image; the one inside the box is returned.
func GCJ02ToWGS84(p orb.Point) orb.Point {
	w := p
	for range shiftRounds {
		f := gcjForward(w)
		next := orb.Point{w[0] + p[0] - f[0], w[1] + p[1] - f[1]}
		done := math.Abs(next[0]-w[0]) < shiftEnoughDeg && math.Abs(next[1]-w[1]) < shiftEnoughDeg
		w = next
		if done {
			break
		}
	}
	if !InChina(w) {
		return p
	}
	return w
}

// GCJ02ToBD09 turns and shifts a GCJ-02 point as Baidu's maps do, anywhere on earth.
func GCJ02ToBD09(p orb.Point) orb.Point {
	z := math.Hypot(p[0], p[1]) + 0.00002*math.Sin(p[1]*bdTurn)
	theta := math.Atan2(p[1], p[0]) + 0.000003*math.Cos(p[0]*bdTurn)
	sin, cos := math.Sincos(theta)
	return orb.Point{z*cos + bdLon, z*sin + bdLat}
}

// BD09ToGCJ02 undoes GCJ02ToBD09 by fixed-point iteration, to better than 1e-9
// degrees. (The inverse formula in common use is only good to 1e-6.)
func BD09ToGCJ02(p orb.Point) orb.Point {
	g := orb.Point{p[0] - bdLon, p[1] - bdLat}
	for range shiftRounds {
		f := GCJ02ToBD09(g)
		next := orb.Point{g[0] + p[0] - f[0], g[1] + p[1] - f[1]}
		done := math.Abs(next[0]-g[0]) < shiftEnoughDeg && math.Abs(next[1]-g[1]) < shiftEnoughDeg
		g = next
		if done {
			break
		}
	}
	return g
}

// gcjForward is the leaked formula without its box.
func gcjForward(p orb.Point) orb.Point {
	x, y := p[0]-105, p[1]-35
	north := -100 + 2*x + 3*y + 0.2*y*y + 0.1*x*y + 0.2*math.Sqrt(math.Abs(x)) +
		gcjWave(x) + waves(y, 20, 40) + 2.0/3*(160*math.Sin(y/12*math.Pi)+320*math.Sin(y/30*math.Pi))
	east := 300 + x + 2*y + 0.1*x*x + 0.1*x*y + 0.1*math.Sqrt(math.Abs(x)) +
		gcjWave(x) + waves(x, 20, 40) + 2.0/3*(150*math.Sin(x/12*math.Pi)+300*math.Sin(x/30*math.Pi))
	sin, cos := math.Sincos(rad(p[1]))
	w2 := 1 - krasovskyE2*sin*sin
	w := math.Sqrt(w2)
	dLat := deg(north) / (krasovskyM * (1 - krasovskyE2) / (w2 * w))
	dLon := deg(east) / (krasovskyM / w * cos)
	return orb.Point{p[0] + dLon, p[1] + dLat}
}

// gcjWave is the pair of short waves along x that both components share.
func gcjWave(x float64) float64 {
	return 2.0 / 3 * (20*math.Sin(6*x*math.Pi) + 20*math.Sin(2*x*math.Pi))
}

func waves(v, a, b float64) float64 {
	return 2.0 / 3 * (a*math.Sin(v*math.Pi) + b*math.Sin(v/3*math.Pi))
}
