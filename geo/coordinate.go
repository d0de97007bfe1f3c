package geo

import (
	"fmt"
	"math"
	"strconv"

	"github.com/paulmach/orb"
)

// CoordinateError says that a coordinate cannot be one of the system it is said to be
// in. Its reason is there in both languages, for the person whose file it is.
type CoordinateError struct {
	CRS      string  // as CRS.String
	Axis     string  // "x" (longitude, easting) or "y" (latitude, northing)
	Value    float64 // the coordinate itself
	ReasonZH string
	ReasonEN string
}

// Error is the English sentence.
func (e *CoordinateError) Error() string {
	return fmt.Sprintf("%s = %s is not a coordinate of %s: %s", e.Axis, formatCoordinate(e.Value), e.CRS, e.ReasonEN)
}

// BadInput marks the error as one of the data, not of the program.
func (e *CoordinateError) BadInput() bool { return true }

type reason struct{ zh, en string }

// The reasons are constants in all but name: Go has no constant structs.
func (c CRS) fault(axis string, v float64, why func() reason) *CoordinateError {
	r := why()
	return &CoordinateError{CRS: c.String(), Axis: axis, Value: v, ReasonZH: r.zh, ReasonEN: r.en}
}

func reasonNotFinite() reason { return reason{"不是有限的数", "it is not a finite number"} }

func reasonReach() reason {
	return reason{"超出该投影的范围", "it lies outside what the projection covers"}
}

func reasonMetres() reason {
	return reason{
		"数值像是以米为单位的投影坐标，而声明的是经纬度；请在清单中写明投影坐标系（如 EPSG:4547）",
		"it looks like projected metres while degrees are declared; declare the projected system, e.g. EPSG:4547",
	}
}

func reasonDegrees() reason {
	return reason{
		"数值像是经纬度，而声明的是以米为单位的投影坐标",
		"it looks like degrees while a projected system in metres is declared",
	}
}

func reasonLatitude() reason {
	return reason{"纬度应在 -90 至 90 之间；经纬度可能写反了", "a latitude lies between -90 and 90; longitude and latitude may be exchanged"}
}

func reasonLongitude() reason {
	return reason{"经度应在 -180 至 180 之间", "a longitude lies between -180 and 180"}
}

func reasonExchanged() reason {
	return reason{
		"东坐标（x）与北坐标（y）似乎写反了；x 应为东坐标",
		"easting (x) and northing (y) seem to be exchanged; x is the easting",
	}
}

func reasonPrefix() reason {
	return reason{
		"东坐标带有带号，而声明的坐标系不含带号；请改用含带号的代码（3 度带 EPSG:4513–4533，6 度带 EPSG:4491–4501）",
		"the easting has a zone prefix and the declared system has none; use the code with the zone (3-degree EPSG:4513–4533, 6-degree EPSG:4491–4501)",
	}
}

func reasonNoPrefix() reason {
	return reason{
		"东坐标没有带号，而声明的坐标系含带号；请改用不含带号的代码（3 度带 EPSG:4534–4554，6 度带 EPSG:4502–4512）",
		"the easting has no zone prefix and the declared system has one; use the code by central meridian (3-degree EPSG:4534–4554, 6-degree EPSG:4502–4512)",
	}
}

func reasonOtherZone() reason {
	return reason{
		"东坐标不在所声明的投影带内，可能属于别的带",
		"the easting is not in the declared zone; it may belong to another",
	}
}

func reasonNorthing() reason {
	return reason{"北坐标应在 0 至 6700000 米之间", "a northing lies between 0 and 6,700,000 m"}
}

func (c CRS) check(p orb.Point) error {
	for i, v := range p {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return c.fault(axis(i), v, reasonNotFinite)
		}
	}
	switch c.kind {
	case kindMercator:
		return c.checkMercator(p)
	case kindGaussKrueger:
		return c.checkGaussKrueger(p)
	default:
		return c.checkDegrees(p)
	}
}

func (c CRS) checkDegrees(p orb.Point) error {
	const farFromDegrees = 1000
	for i, limit := range [2]float64{180, 90} {
		v := p[i]
		switch {
		case math.Abs(v) <= limit:
		case math.Abs(v) > farFromDegrees:
			return c.fault(axis(i), v, reasonMetres)
		case i == 1:
			return c.fault(axis(i), v, reasonLatitude)
		default:
			return c.fault(axis(i), v, reasonLongitude)
		}
	}
	return nil
}

func (c CRS) checkMercator(p orb.Point) error {
	for i, v := range p {
		if math.Abs(v) > mercatorM*1.0000001 {
			return c.fault(axis(i), v, reasonReach)
		}
	}
	return nil
}

func (c CRS) checkGaussKrueger(p orb.Point) error {
	if c.believable(p) {
		return nil
	}
	if math.Abs(p[0]) <= 180 && math.Abs(p[1]) <= 180 {
		return c.fault("x", p[0], reasonDegrees)
	}
	if c.believable(orb.Point{p[1], p[0]}) {
		return c.fault("x", p[0], reasonExchanged)
	}
	off := p[0] - c.falseE
	switch {
	case math.Abs(off) <= gkReachM:
		return c.fault("y", p[1], reasonNorthing)
	case c.falseE == gkFalseEasting && p[0] > 13*gkZoneM && p[0] < 46*gkZoneM:
		return c.fault("x", p[0], reasonPrefix)
	case c.falseE != gkFalseEasting && math.Abs(p[0]-gkFalseEasting) <= gkReachM:
		return c.fault("x", p[0], reasonNoPrefix)
	default:
		return c.fault("x", p[0], reasonOtherZone)
	}
}

// believable excludes degrees as well: no place in China lies within 180 m of the
// equator.
func (c CRS) believable(p orb.Point) bool {
	return math.Abs(p[0]-c.falseE) <= gkReachM && p[1] >= 0 && p[1] <= gkNorthM &&
		(math.Abs(p[0]) > 180 || math.Abs(p[1]) > 180)
}

func axis(i int) string {
	if i == 0 {
		return "x"
	}
	return "y"
}

func formatCoordinate(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
