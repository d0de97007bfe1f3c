package walknet

import "github.com/paulmach/orb"

// Report says what a build made of its ways and what it doubts.
type Report struct {
	Ways    int // that became part of the network
	Nodes   int
	Edges   int
	LengthM float64
	// Components are the connected pieces, longest first; Islands are all but the first.
	Components []Component
	Islands    []Component
	// Dangles are dead ends of line layers that stop a few metres short of another
	// line: places where a joint is probably missing.
	Dangles []orb.Point
	Skipped []Skipped
}

// Component is one connected piece of the network.
type Component struct {
	Nodes   int
	Edges   int
	LengthM float64
	Point   orb.Point // a node of it
}

// Skipped is a way or barrier that the network does not contain, or a part of one.
type Skipped struct {
	SourceID string
	Reason   Reason
}

// Reason is why something was skipped.
type Reason string

// The reasons.
const (
	TooFewPoints       Reason = "fewer than two points"
	InvalidCoordinates Reason = "coordinates that are no longitude and latitude"
	NodeIDMismatch     Reason = "not one node id per point"
	HeightMismatch     Reason = "not one height in metres per point"
	DuplicateSourceID  Reason = "source id given twice"
	NoLength           Reason = "no length"
	TooLong            Reason = "longer than 2,000 km"
	BarrierOffNetwork  Reason = "barrier on no way"
)

// IslandLengthM is the length of all islands, in metres.
func (r Report) IslandLengthM() float64 {
	sum := 0.0
	for _, c := range r.Islands {
		sum += c.LengthM
	}
	return sum
}
