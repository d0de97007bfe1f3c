package numbering

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// Compass is one of eight directions.
type Compass string

// The directions.
const (
	N  Compass = "N"
	NE Compass = "NE"
	E  Compass = "E"
	SE Compass = "SE"
	S  Compass = "S"
	SW Compass = "SW"
	W  Compass = "W"
	NW Compass = "NW"
)

// around are the directions clockwise from north.
func around() [8]Compass { return [8]Compass{N, NE, E, SE, S, SW, W, NW} }

// Words say a direction for people; "" for none.
func (c Compass) Words() (zh, en string) {
	switch c {
	case N:
		return "北", "north"
	case NE:
		return "东北", "north-east"
	case E:
		return "东", "east"
	case SE:
		return "东南", "south-east"
	case S:
		return "南", "south"
	case SW:
		return "西南", "south-west"
	case W:
		return "西", "west"
	case NW:
		return "西北", "north-west"
	}
	return "", ""
}

// Opposite is the direction the other way; "" of none.
func (c Compass) Opposite() Compass {
	all := around()
	if i := slices.Index(all[:], c); i >= 0 {
		return all[(i+4)%8]
	}
	return ""
}

// heading is the direction of a vector of metres east and north: of the four main ones, or of
// all eight. A vector and its opposite have opposite directions.
func heading(v orb.Point, eight bool) Compass {
	parts := 4.0
	if eight {
		parts = 8
	}
	turn := math.Atan2(v[0], v[1]) / (2 * math.Pi) // from north, clockwise, of a whole turn
	flip := v[0] < 0 || v[0] == 0 && v[1] < 0
	if flip { // rounded as its opposite is, so that the two never fall on one side of a limit
		turn = math.Atan2(-v[0], -v[1]) / (2 * math.Pi)
	}
	step := int(math.Floor(turn*parts+0.5)) * int(8/parts)
	if flip {
		step += 4
	}
	return around()[(step+8)%8]
}

// choose reports which of the opposite directions a and its opposite a set of directions has;
// false where it has none or both.
func choose(set []Compass, v orb.Point) (toward bool, ok bool) {
	h := heading(v, diagonal(set))
	has, other := slices.Contains(set, h), slices.Contains(set, h.Opposite())
	return has, has != other
}

func diagonal(set []Compass) bool {
	return slices.ContainsFunc(set, func(c Compass) bool { return len(c) == 2 })
}

// whole reports whether a set of directions decides between any direction and its opposite:
// one of east and west, one of north and south, and one of each diagonal or of none.
func whole(set []Compass) bool {
	pairs := [][2]Compass{{E, W}, {N, S}}
	if diagonal(set) {
		pairs = append(pairs, [2]Compass{NE, SW}, [2]Compass{NW, SE})
	}
	for _, p := range pairs {
		if slices.Contains(set, p[0]) == slices.Contains(set, p[1]) {
			return false
		}
	}
	return len(set) == len(pairs)
}
