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
	Example      bool // placed by rule, not a real place
	Address      string
	Capacity     int // 0 unknown; the unit follows from the type
	Serves       []string
	DivisionCode string
	Point        orb.Point
	Edited       bool       // people wrote it here: loads of the pack leave it alone
	ValidFrom    record.Day // the first day of this version; "" for ever
}
