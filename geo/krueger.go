package geo

import "math"

// The GRS 80 ellipsoid of CGCS2000 (GB 22021; EPSG ellipsoid 7019) and the constants
// of Krüger's n-series on it (Karney, J. Geodesy 85, 2011, eq. 35 and 36), to fourth
// order in the third flattening: what is left out is below a micrometre within 10°
// of the central meridian.
const (
	grsFlattening = 1 / 298.257222101
	grsE2         = grsFlattening * (2 - grsFlattening)
	kn            = grsFlattening / (2 - grsFlattening)

	// Radius of the rectifying sphere.
	kRadius = semiMajorM / (1 + kn) * (1 + kn*kn/4 + kn*kn*kn*kn/64)

	kAlpha1 = kn/2 - 2*kn*kn/3 + 5*kn*kn*kn/16 + 41*kn*kn*kn*kn/180
	kAlpha2 = 13*kn*kn/48 - 3*kn*kn*kn/5 + 557*kn*kn*kn*kn/1440
	kAlpha3 = 61*kn*kn*kn/240 - 103*kn*kn*kn*kn/140
	kAlpha4 = 49561 * kn * kn * kn * kn / 161280

	kBeta1 = kn/2 - 2*kn*kn/3 + 37*kn*kn*kn/96 - kn*kn*kn*kn/360
	kBeta2 = kn*kn/48 + kn*kn*kn/15 - 437*kn*kn*kn*kn/1440
	kBeta3 = 17*kn*kn*kn/480 - 37*kn*kn*kn*kn/840
	kBeta4 = 4397 * kn * kn * kn * kn / 161280
)

// gaussKrueger projects a latitude and a longitude from the central meridian, both in
// degrees, to easting from that meridian and northing from the equator, in metres.
func gaussKrueger(dLon, lat float64) (easting, northing float64) {
	e := math.Sqrt(grsE2)
	sinLon, cosLon := math.Sincos(rad(dLon))
	tau := math.Tan(rad(lat))
	tauC := conformalTan(tau, e)
	xi := math.Atan2(tauC, cosLon)
	eta := math.Asinh(sinLon / math.Hypot(tauC, cosLon))
	x, y := xi, eta
	for i, a := range [...]float64{kAlpha1, kAlpha2, kAlpha3, kAlpha4} {
		k := float64(2 * (i + 1))
		s, c := math.Sincos(k * xi)
		x += a * s * math.Cosh(k*eta)
		y += a * c * math.Sinh(k*eta)
	}
	return kRadius * y, kRadius * x
}

// gaussKruegerInverse undoes gaussKrueger.
func gaussKruegerInverse(easting, northing float64) (dLon, lat float64) {
	xi, eta := northing/kRadius, easting/kRadius
	x, y := xi, eta
	for i, b := range [...]float64{kBeta1, kBeta2, kBeta3, kBeta4} {
		k := float64(2 * (i + 1))
		s, c := math.Sincos(k * xi)
		x -= b * s * math.Cosh(k*eta)
		y -= b * c * math.Sinh(k*eta)
	}
	sinX, cosX := math.Sincos(x)
	sinhY := math.Sinh(y)
	tau := geodeticTan(sinX/math.Hypot(sinhY, cosX), math.Sqrt(grsE2))
	return deg(math.Atan2(sinhY, cosX)), deg(math.Atan(tau))
}

// conformalTan is the tangent of the conformal latitude for that of the geodetic one
// (Karney eq. 7 to 9).
func conformalTan(tau, e float64) float64 {
	sigma := math.Sinh(e * math.Atanh(e*tau/math.Hypot(1, tau)))
	return tau*math.Hypot(1, sigma) - sigma*math.Hypot(1, tau)
}

// geodeticTan inverts conformalTan by Newton's method (Karney eq. 19 to 21); two
// rounds reach the limit of float64, five are allowed.
func geodeticTan(tauC, e float64) float64 {
	tau := tauC
	for range 5 {
		got := conformalTan(tau, e)
		d := (tauC - got) / math.Hypot(1, got) *
			(1 + (1-e*e)*tau*tau) / ((1 - e*e) * math.Hypot(1, tau))
		tau += d
		if math.Abs(d) < 1e-16*(1+math.Abs(tau)) {
			break
		}
	}
	return tau
}
