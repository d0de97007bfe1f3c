// Package facilities owns what a facility is: the catalogue of types, the registry
// record and its life. Types are data (types.json), not code.
//
// The package is pure and knows nothing of storage, HTTP or walking.
package facilities

import (
	"github.com/paulmach/orb"

	"yike/internal/record"
)

// Type is the code word of a facility type, e.g. "elderly_canteen".
type Type string

// Status is where a facility is in its life.
type Status string

// The statuses. Only an open facility serves people.
const (
	Planned   Status = "planned"
	Building  Status = "building"
	Open      Status = "open"
	Suspended Status = "suspended"
	Closed    Status = "closed"
)

// Stage is how far the office is with a record, apart from the state of the place.
type Stage string

// The stages. Only what is published is counted, drawn and shown to everybody.
const (
	Draft     Stage = "draft"
	Submitted Stage = "submitted"
	Published Stage = "published"
)

// ParseStage knows the stages by their code words.
func ParseStage(s string) (Stage, bool) {
	switch st := Stage(s); st {
	case Draft, Submitted, Published:
		return st, true
	}
	return "", false
}

// Placing is where a position comes from.
type Placing string

// The origins of a position. A community's middle is none of them.
const (
	NotPlaced     Placing = ""        // the position is not known yet (待落图)
	PlacedGiven   Placing = "given"   // coordinates came with the record
	PlacedAddress Placing = "address" // found from the text of the address
	PlacedMap     Placing = "map"     // a person pointed at it
)

// OwnSource begins the source ids of facilities that people registered here; no pack
// brings one, unless it was made from what this installation gave out.
const OwnSource = "yike:"

// Facility is one place that serves people.
type Facility struct {
	ID           string // UUIDv7, text form
	SourceID     string
	Version      int
	Type         Type
	NameZH       string
	NameEN       string
	Status       Status
	Stage        Stage
	Example      bool // placed by rule, not a real place
	Address      string
	Capacity     int // 0 unknown; the unit follows from the type
	Serves       []string
	DivisionCode string
	Point        orb.Point // the zero value where Unplaced

	Unplaced        bool    // the position is not known yet
	PlacedBy        Placing // NotPlaced exactly where Unplaced
	PlaceConfidence int     // 1 to 100 for PlacedAddress, else 0

	USCC            string         // 统一社会信用代码: of the operator, so several places may have one
	InstitutionCode string         // in the register of a higher authority; unique among live records
	BureauNo        string         // the bureau's own number; unique among live records
	Fields          map[string]any // what the type declares: float64, string, bool or []string; absent is not known
	VerifiedOn      record.Day     // last day somebody held the record against the place; "" never
	ReplacedBy      []string       // ids of what took its place; a tombstone where there are any

	Edited    bool       // people wrote it here: loads of the pack leave it alone
	ValidFrom record.Day // the first day of this version; "" for ever
}

// Tombstone reports whether other records took the place of this one.
func (f Facility) Tombstone() bool { return len(f.ReplacedBy) > 0 }
