package coverage

import (
	"math"

	"github.com/paulmach/orb"

	"yike/geo"
)

// Compass is one of the eight directions, from North clockwise.
type Compass uint8

// The directions.
const (
	North Compass = iota
	NorthEast
	East
	SouthEast
	South
	SouthWest
	West
	NorthWest
)

// Text is the direction in words.
func (c Compass) Text() Text {
	return [8]Text{
		{"北", "north"},
		{"东北", "north-east"},
		{"东", "east"},
		{"东南", "south-east"},
		{"南", "south"},
		{"西南", "south-west"},
		{"西", "west"},
		{"西北", "north-west"},
	}[c%8]
}

// Bearing is the direction in which one point lies from another, and how far, in metres.
// Of one and the same point it is North.
func Bearing(from, to orb.Point) (Compass, float64) {
	at := geo.Frame(from).To(to)
	if at == (orb.Point{}) {
		return North, 0
	}
	eighths := math.Atan2(at[0], at[1]) / (math.Pi / 4)
	return Compass((int(math.Round(eighths)) + 8) % 8), metres(at) //nolint:gosec // 0 to 7
}

func metres(p orb.Point) float64 { return math.Hypot(p[0], p[1]) }
