// Package premises owns the ledger of non-commercial public premises (社区非经营性公建
// 底数台账): rooms with their owner, approved and present use, area, hand-over and
// key-holder; what an inspection finds and how a misuse is put right; and what the rooms
// of a place come to. Each square metre has one purpose, so that none counts for two
// norms.
//
// The package is pure and knows nothing of storage, HTTP or the facilities that work in
// the rooms.
package premises

import (
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"yike/internal/record"
)

// Area is a floor or land area in square decimetres, hundredths of a square metre, so
// that sums are exact. 0 is unknown.
type Area int64

// MostArea is the largest area that is taken: a square kilometre.
const MostArea Area = 100_000_000

// AreaOf reads square metres; false where they are negative, too many, or finer than a
// hundredth.
func AreaOf(m2 float64) (Area, bool) {
	if math.IsNaN(m2) || m2 < 0 || m2 > MostArea.M2() {
		return 0, false
	}
	a := Area(math.Round(m2 * 100))
	return a, math.Abs(a.M2()-m2) < 1e-6
}

// M2 is the area in square metres.
func (a Area) M2() float64 { return float64(a) / 100 }

// String writes the area in square metres, without zeros that say nothing.
func (a Area) String() string {
	whole, part := a/100, a%100
	switch {
	case part == 0:
		return fmt.Sprint(int64(whole))
	case part%10 == 0:
		return fmt.Sprintf("%d.%d", whole, part/10)
	}
	return fmt.Sprintf("%d.%02d", whole, part)
}

// Part is some of a room's area and the one purpose that it has.
type Part struct {
	Use       Use
	Area      Area
	CountsFor Norm // NoNorm counts for none
}

// Room is one unit of the ledger.
type Room struct {
	ID           string // UUIDv7, text form
	Version      int
	LedgerNo     string // the number that whoever keeps the ledger gave the room; "" for none
	Name         string
	Estate       string // housing estate or complex; "" where there is none
	Building     string
	Floor        string // as people write it: 1, -1, 1–2
	RoomNo       string
	Address      string
	DivisionCode string
	Point        orb.Point
	Placed       bool // Point is known; else it is zero
	Owner        string
	Title        Title
	ApprovedUse  Use // "" where nobody knows
	PresentUse   Use // "" where nobody looked
	Parts        []Part
	Area         Area
	LandShare    Area
	State        State
	PlannedOn    record.Day // day of the planning condition or approved plan
	BuiltOn      record.Day
	AcceptedOn   record.Day
	HandedOverOn record.Day
	WithdrawnOn  record.Day
	KeyHolder    string // office or post
	KeyContact   string // name or telephone: personal
	FacilityID   string // the facility that works there; "" for none
	ObtainedBy   Obtained
	Documents    []string // titles and numbers of what proves it
	Note         string
	InspectedOn  record.Day // of the last inspection; "" for none
	ValidFrom    record.Day
}

// Purposes are the parts of the room. One that nobody split is of its approved use as a
// whole, and counts for the norm that this use is meant for; one without an approved use
// has no purpose that anybody knows.
func (r Room) Purposes() []Part {
	switch {
	case len(r.Parts) > 0:
		return r.Parts
	case r.Area == 0 || r.ApprovedUse == "":
		return nil
	}
	return []Part{{Use: r.ApprovedUse, Area: r.Area, CountsFor: r.ApprovedUse.usualNorm()}}
}

// Remaining is the area that no part has.
func (r Room) Remaining() Area {
	left := r.Area
	for _, p := range r.Parts {
		left -= p.Area
	}
	return left
}

// allowed reports whether a use is what the room was approved for, as a whole or in one
// of its parts.
func (r Room) allowed(u Use) bool {
	return u == r.ApprovedUse || slices.ContainsFunc(r.Parts, func(p Part) bool { return p.Use == u })
}

// Misused reports whether the room is used for something that it was not approved for.
// An empty room is idle, not misused, and where a use is unknown nobody can say.
func (r Room) Misused() bool {
	if r.State == Withdrawn || r.PresentUse == "" || r.PresentUse == Vacant || r.ApprovedUse == "" {
		return false
	}
	return !r.allowed(r.PresentUse)
}

// Counted is the area that counts for a norm at present: of rooms handed over and not
// used for anything else, the parts with that purpose.
func (r Room) Counted(n Norm) Area {
	if n == NoNorm || r.State != HandedOver || r.Misused() {
		return 0
	}
	var sum Area
	for _, p := range r.Purposes() {
		if p.CountsFor == n {
			sum += p.Area
		}
	}
	return sum
}
