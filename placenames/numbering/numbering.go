// Package numbering owns how doors along a road, in a lane or in a village get their numbers
// (门牌号): rule sets as data with the text that each clause comes from, where a door lies
// along a road and on which side, which number it is proposed, and what is at fault with
// numbers that are there (PLT-01 to PLT-13).
//
// Cities differ in the end at which numbers begin, in the side of odd numbers and in whether
// numbers count doors or metres, so none of that is code: presets.json has what was read, and
// a bureau makes sets of its own. A clause whose text nobody read whole is never an error.
//
// A number that exists is never changed: what is built between two doors gets a number that is
// free between them, one that was reserved for it, or a sub-number one level deep (12-1).
//
// Positions are longitude and latitude in WGS 84; what is measured is metres on a plane
// around the middle of the road (geo.Frame). The package is pure: values in, values out. The
// order in which roads, frontages and numbers are given changes nothing. It knows no storage,
// no register of names or addresses, no HTTP and no clock.
package numbering

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
)

// What cannot be numbered.
var (
	ErrNoRoad = errors.New("没有道路中心线 / there is no centre line")
	ErrRing   = errors.New("环形道路须先在起点处断开 / a ring has no end to begin at: cut it where its numbers begin")
)

// Road is what doors are numbered along. Its sections are those of one standard name, in any
// order and drawn in any direction; several lanes side by side count as one. The zero value has
// no line, which only a set that numbers by rows can do without.
type Road struct {
	Name     string
	Sections []orb.LineString
	// Mouth is the only end at which a dead-end road is entered; nil for a road that goes through.
	Mouth *orb.Point
	// Start is near the end that somebody chose against the compass; nil for nobody.
	Start    *orb.Point
	OneSided bool // doors stand on one side only, and can nowhere on the other
}

// Corner says that a frontage also lies on another road.
type Corner struct {
	Road string // its name
	Main bool   // it is the main one of the two
}

// Number is a door number with its sub-number: 12, or 12-1. Of the zero value there is none.
type Number struct {
	N      int // above 0
	Suffix int // 0 for none
}

// String gives the number as it is written on a plate: 12-1; "" for none.
func (n Number) String() string {
	switch {
	case n.N == 0:
		return ""
	case n.Suffix == 0:
		return strconv.Itoa(n.N)
	}
	return strconv.Itoa(n.N) + "-" + strconv.Itoa(n.Suffix)
}

// Compare orders numbers as they follow along a road: 12, 12-1, 12-2, 13.
func (n Number) Compare(o Number) int {
	return cmp.Or(cmp.Compare(n.N, o.N), cmp.Compare(n.Suffix, o.Suffix))
}

// Frontage is a door, a building or plot, or a stretch of vacant ground along a road.
type Frontage struct {
	ID       string       // of the caller's, unique
	Shape    orb.Geometry // a point, the edge towards the road as a line, or the whole as a polygon
	Entrance *orb.Point   // the door, where it is known; else the middle of the edge counts
	WidthM   float64      // along the road, in metres; 0 for what the shape shows
	Vacant   bool         // nothing is built: numbers are reserved for it
	Corner   *Corner      // nil where it lies on no other road
	Yard     string       // doors of one yard or plot have one number; "" for none
	Gate     bool         // it is the main gate of its yard
	Row      int          // of a village, from 1 on; 0 for what its place says
	Fixed    Number       // the number that somebody chose; the zero value for none
	Reserve  bool         // its number is only reserved
	Skip     bool         // it gets none
}

// Existing is a number that is given or reserved already.
type Existing struct {
	ID          string
	Version     int // of its record, which decides nothing
	Number      Number
	Deeper      string     // what follows the sub-number, which nothing may: the 2 of 12-1-2
	Point       *orb.Point // nil where nobody knows where it is
	FrontageID  string     // of the frontage that has it; "" for what its place says
	Reserved    bool
	Provisional bool
	Flagged     bool // a provisional number says so wherever it is shown
}

// Side is a side of a road, looking from where its numbers begin.
type Side string

// The sides. Doors numbered by rows have none.
const (
	Left   Side = "left"
	Right  Side = "right"
	NoSide Side = "none"
)

// Kind is what becomes of a frontage.
type Kind string

// The kinds.
const (
	Given    Kind = "number"    // it is proposed a number
	Reserved Kind = "reserved"  // a number is kept for what is built later
	SideDoor Kind = "side_door" // 余门: it has the number of the main gate of its yard
	Kept     Kind = "kept"      // it has a number already, which stays
	LeftOut  Kind = "left_out"  // it gets none here
)

// Proposal is what a frontage is proposed; vacant ground may have several.
type Proposal struct {
	FrontageID string
	Part       int // which of the reserved numbers of vacant ground, from 0 on
	Kind       Kind
	Side       Side
	AlongM     float64 // from the start, or from the first door of the row
	OffsetM    float64 // away from the centre line
	Row        int     // of a village; 0 for a road
	Number     Number
	ExistingID string    // the number that it has or takes, where that is there already; else ""
	Point      orb.Point // where the number stands
	Reason     Reason
}

// Result is what numbering a road comes to.
type Result struct {
	Line      *Line // nil for rows
	Proposals []Proposal
	Verdicts  []Verdict // of each check, by its id
}

// byPlace orders what is proposed: odd side and even side each along the road, by row.
func byPlace(list []Proposal) {
	slices.SortFunc(list, func(a, b Proposal) int {
		return cmp.Or(cmp.Compare(a.Row, b.Row), cmp.Compare(a.Side, b.Side), cmp.Compare(a.AlongM, b.AlongM), cmp.Compare(a.FrontageID, b.FrontageID), cmp.Compare(a.Part, b.Part))
	})
}

// ExistingOf reads a number and sub-number as people write them: 12, 12号, and 1 or 1-2, of which
// what follows the sub-number is kept as Deeper. False for a number that is not of figures.
func ExistingOf(number, suffix string) (Existing, bool) {
	number = strings.TrimSuffix(strings.TrimSpace(number), "号")
	n, err := strconv.Atoi(number)
	if err != nil || n <= 0 || n > mostNumber {
		return Existing{}, false
	}
	e := Existing{Number: Number{N: n}}
	first, rest, deeper := strings.Cut(strings.TrimSpace(suffix), "-")
	if first == "" {
		return e, !deeper
	}
	if e.Number.Suffix, err = strconv.Atoi(first); err != nil || e.Number.Suffix <= 0 || e.Number.Suffix > mostNumber {
		return Existing{}, false
	}
	if deeper {
		e.Deeper = "-" + rest
	}
	return e, true
}

// mostNumber is the highest number that is one.
const mostNumber = 1_000_000
