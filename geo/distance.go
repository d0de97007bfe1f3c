package geo

import (
	"math"

	"github.com/paulmach/orb"
)

// The WGS 84 ellipsoid (NIMA TR8350.2). GRS 80, which CGCS2000 uses, has the same
// semi-major axis and differs in the flattening by 1.6e-11, a tenth of a millimetre
// at the pole.
const (
	semiMajorM = 6378137.0
	flattening = 1 / 298.257223563
	semiMinorM = semiMajorM * (1 - flattening)
	wgsE2      = flattening * (2 - flattening) // square of the first eccentricity
	wgsE       = 0.0818191908426214943348      // its root, which a constant expression cannot take
)

// shortLineDeg bounds the difference of longitude and of latitude up to which
// Distance uses the mid-latitude formula; about 5 km, where that formula and the
// geodesic agree to 0.1 mm.
const shortLineDeg = 0.05

// polarDeg is the latitude beyond which the mid-latitude formula is not used.
const polarDeg = 85

// Distance is the length in metres of the geodesic between a and b on the WGS 84
// ellipsoid. Lines shorter than about 5 km use Gauss's mid-latitude formula, longer
// ones Vincenty's inverse solution (Survey Review 176, 1975); both are within 0.2 mm of
// the geodesic, measured against GeographicLib. Nearly antipodal points, where
// Vincenty does not converge, get the great circle on the mean sphere (within 0.6 %).
// A coordinate that is not finite gives NaN. O(1).
func Distance(a, b orb.Point) float64 {
	dLon, dLat := wrapDeg(b[0]-a[0]), b[1]-a[1]
	mid := (a[1] + b[1]) / 2
	if math.Abs(dLon) <= shortLineDeg && math.Abs(dLat) <= shortLineDeg && math.Abs(mid) <= polarDeg {
		return midLatitude(rad(mid), rad(dLat), rad(dLon))
	}
	return vincenty(rad(a[1]), rad(b[1]), rad(dLon))
}

// Length is the sum in metres of the distances between consecutive points; 0 for
// fewer than two points. O(n).
func Length(line orb.LineString) float64 {
	var sum float64
	for i := 1; i < len(line); i++ {
		sum += Distance(line[i-1], line[i])
	}
	return sum
}

// midLatitude is Gauss's mid-latitude formula without its terms of fourth order:
// the chord components along meridian and parallel through the mid-latitude.
func midLatitude(mid, dLat, dLon float64) float64 {
	sin, cos := math.Sincos(mid)
	w2 := 1 - wgsE2*sin*sin
	n := semiMajorM / math.Sqrt(w2)
	m := n * (1 - wgsE2) / w2
	// cos(Δλ/2) to second order: the neglected term is below 1e-14 here.
	north := m * dLat * (1 - dLon*dLon/8)
	east := n * cos * dLon
	return math.Hypot(north, east)
}

// vincenty solves the inverse problem for latitudes and a difference of longitude in
// radians.
func vincenty(lat1, lat2, dLon float64) float64 {
	sinU1, cosU1 := math.Sincos(math.Atan((1 - flattening) * math.Tan(lat1)))
	sinU2, cosU2 := math.Sincos(math.Atan((1 - flattening) * math.Tan(lat2)))
	const rounds, enough = 100, 1e-13
	lambda := dLon
	for range rounds {
		sinL, cosL := math.Sincos(lambda)
		sinSigma := math.Hypot(cosU2*sinL, cosU1*sinU2-sinU1*cosU2*cosL)
		if sinSigma == 0 {
			return 0
		}
		cosSigma := sinU1*sinU2 + cosU1*cosU2*cosL
		sigma := math.Atan2(sinSigma, cosSigma)
		sinAlpha := cosU1 * cosU2 * sinL / sinSigma
		cos2Alpha := 1 - sinAlpha*sinAlpha
		var cos2M float64 // 0 on the equator, where every term it enters vanishes
		if cos2Alpha > 1e-15 {
			cos2M = cosSigma - 2*sinU1*sinU2/cos2Alpha
		}
		c := flattening / 16 * cos2Alpha * (4 + flattening*(4-3*cos2Alpha))
		next := dLon + (1-c)*flattening*sinAlpha*
			(sigma+c*sinSigma*(cos2M+c*cosSigma*(2*cos2M*cos2M-1)))
		if math.Abs(next-lambda) < enough {
			return vincentyLength(sigma, sinSigma, cosSigma, cos2Alpha, cos2M)
		}
		lambda = next
	}
	return greatCircle(lat1, lat2, dLon)
}

func vincentyLength(sigma, sinSigma, cosSigma, cos2Alpha, cos2M float64) float64 {
	u2 := cos2Alpha * (semiMajorM*semiMajorM - semiMinorM*semiMinorM) / (semiMinorM * semiMinorM)
	a := 1 + u2/16384*(4096+u2*(-768+u2*(320-175*u2)))
	b := u2 / 1024 * (256 + u2*(-128+u2*(74-47*u2)))
	m2 := cos2M * cos2M
	delta := b * sinSigma * (cos2M + b/4*(cosSigma*(2*m2-1)-b/6*cos2M*(4*sinSigma*sinSigma-3)*(4*m2-3)))
	return semiMinorM * a * (sigma - delta)
}

// greatCircle is the haversine formula on the sphere of the mean radius (2a+b)/3.
func greatCircle(lat1, lat2, dLon float64) float64 {
	s1, s2 := math.Sin((lat2-lat1)/2), math.Sin(dLon/2)
	h := s1*s1 + math.Cos(lat1)*math.Cos(lat2)*s2*s2
	return 2 * (2*semiMajorM + semiMinorM) / 3 * math.Asin(math.Sqrt(math.Min(1, h)))
}

func rad(deg float64) float64 { return deg * (math.Pi / 180) }

func deg(rad float64) float64 { return rad * (180 / math.Pi) }

// wrapDeg brings a difference of longitudes into [-180, 180].
func wrapDeg(d float64) float64 {
	if math.Abs(d) <= 180 {
		return d
	}
	return math.Remainder(d, 360)
}
