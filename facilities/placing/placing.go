// Package placing finds where an address text is: it matches the text, as internal/address
// reads it, against the roads, buildings, estates, facilities and divisions that a
// district has loaded. It owns the matching and its confidence. It knows nothing of
// storage or screens, and it asks no service on the internet.
//
// What it never does: give the centre of a community, a subdistrict or a whole road as a
// position. Where only those are known the answer is the code of the division, or the
// road to be shown on the map, for a person to place the row by one click.
package placing

import (
	"iter"

	"github.com/paulmach/orb"

	"yike/geo"
)

// Accept is the confidence from which a position is kept without a person having looked
// at it first.
const Accept = 75

// Kind says what an entry of the gazetteer is.
type Kind string

// The kinds of entries, and of what was matched.
const (
	Door     Kind = "door"     // a house number on a road
	Building Kind = "building" // a building with a name or with a number in an estate
	Estate   Kind = "estate"   // a residential area (小区)
	Facility Kind = "facility" // a facility of the registry
	Place    Kind = "place"    // any other named place
	Road     Kind = "road"     // a whole road: never a position
	Between  Kind = "between"  // between two house numbers that are known
	Crossing Kind = "crossing" // where two roads meet
	Division Kind = "division" // a division: never a position
)

// Entry is one thing of the gazetteer.
type Entry struct {
	Kind    Kind
	ID      string // of its source
	Name    string // of a door: the road
	Number  string // of a door: "12", "12-1"; of a building in an estate: "3" for 3号楼
	Aliases []string
	Point   orb.Point      // on it; not used for roads
	Line    orb.LineString // of a road's piece; a road has as many entries as pieces
	Address string         // of a facility: where it says it is, which makes its place that of a house number
	Unsure  bool           // of a facility: nobody has looked at its place, which was found from its address
}

// Source gives entries. Roads, buildings, facilities and divisions are sources today;
// addresses and place names will be.
type Source = iter.Seq[Entry]

// Query is what is looked for.
type Query struct {
	Text     string // the address
	Name     string // of the facility, which often names the building or the community; may be empty
	Division string // code of the division that is known from elsewhere (所属社区); may be empty
	Except   string // id of the record itself, which is no evidence of its own place
	Limit    int    // candidates to give, 5 when 0
}

// Candidate is one place that the text may mean.
type Candidate struct {
	Kind       Kind
	ID         string
	Name       string    // as the gazetteer has it
	Point      orb.Point // not set for a road and for a division
	Placed     bool      // Point is set
	Show       orb.Bound // what the map should show
	Division   string    // the finest division that holds it
	Confidence int       // 1–100
	ZH, EN     string    // what was matched, and what lowers the confidence
}

// Result is what was found.
type Result struct {
	// Candidates, the best first. None where the text says nothing that is known.
	Candidates []Candidate
	// Division is the finest division that the query and the text name for certain; "".
	Division string
	// ZH and EN say what came of it, in a sentence.
	ZH, EN string
}

// Best is the candidate that may be kept as a position without being looked at: placed,
// with a confidence of at least Accept, and nothing elsewhere nearly as good. It is false
// where there is none.
func (r Result) Best() (Candidate, bool) {
	if len(r.Candidates) == 0 {
		return Candidate{}, false
	}
	top := r.Candidates[0]
	if !top.Placed || top.Confidence < Accept {
		return Candidate{}, false
	}
	for _, c := range r.Candidates[1:] {
		if c.Placed && c.Confidence > top.Confidence-clear && geo.Distance(c.Point, top.Point) > sameM {
			return Candidate{}, false
		}
	}
	return top, true
}
