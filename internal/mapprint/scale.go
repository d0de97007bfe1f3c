package mapprint

import (
	"fmt"
	"math"
	"strings"

	"yike/internal/pdf"
)

// earthRadius is that of the sphere of the web's Mercator projection, in metres.
const earthRadius = 6378137

// MetresPerPixel is the length on the ground along a parallel, in metres for each pixel,
// of a map in the web's Mercator projection that shows so many degrees of longitude on so
// many pixels. The sphere of the projection keeps it within 0.3 % of the ellipsoid.
func MetresPerPixel(lat, degrees float64, pixels int) float64 {
	return math.Cos(lat*math.Pi/180) * earthRadius * degrees * math.Pi / 180 / float64(pixels)
}

// Scale is how a printed map compares with the ground.
type Scale struct {
	Denominator float64 // of 1:n
	BarMetres   float64 // what the bar stands for: 1, 2 or 5 times a power of ten
	BarPoints   float64 // how long the bar is on the paper
}

// ScaleOf works out the scale of a picture that is printed so many points wide. The bar is
// as long as room allows. metresPerPixel and pixels must be positive.
func ScaleOf(metresPerPixel float64, pixels int, points, room float64) Scale {
	perPoint := metresPerPixel * float64(pixels) / points // metres on the ground
	s := Scale{Denominator: perPoint * pdf.MM * 1000}
	most := perPoint * room
	power := math.Pow(10, math.Floor(math.Log10(most)))
	s.BarMetres = power
	for _, step := range []float64{2, 5} {
		if step*power <= most {
			s.BarMetres = step * power
		}
	}
	s.BarPoints = s.BarMetres / perPoint
	return s
}

// Ratio is the scale in figures of three places, since no picture is exact to more.
func (s Scale) Ratio() string {
	n := s.Denominator
	unit := math.Pow(10, max(math.Floor(math.Log10(n))-2, 0))
	digits := fmt.Sprintf("%.0f", math.Round(n/unit)*unit)
	var grouped strings.Builder
	for i, d := range digits {
		if left := len(digits) - i; i > 0 && left%3 == 0 {
			grouped.WriteRune('\u2009')
		}
		grouped.WriteRune(d)
	}
	return "1:" + grouped.String()
}

// Length is what the bar stands for, in words.
func (s Scale) Length(english bool) string {
	value, zh, en := s.BarMetres, "米", "m"
	switch {
	case value >= 1000:
		value, zh, en = value/1000, "千米", "km"
	case value < 1:
		value, zh, en = value*100, "厘米", "cm"
	}
	unit := zh
	if english {
		unit = en
	}
	return fmt.Sprintf("%g\u2009%s", value, unit)
}
