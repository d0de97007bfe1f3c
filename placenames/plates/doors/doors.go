// Package doors owns what the page of an address plate tells whoever scans it: the address, how
// the plate stands, and what of the district's services is near this very entrance on foot. It
// owns as well what people report of a plate, what the office decides, and which unknown codes
// and reports look like plates that somebody faked.
//
// A door page tells of places that serve people in old age and of the community's rooms, and of
// nothing else: Asks lists what may be named, so that a type which nobody thought of is never
// there. It says nothing of who lives behind the door and there is no field to say it in.
//
// It is pure and must not know storage, HTTP, the catalogue of facilities or the network.
package doors

import (
	"slices"

	"yike/internal/record"
)

// Ask is a kind of place of which a door page names the nearest.
type Ask struct {
	Code   string // code word: meals, day_care, station, premises
	ZH, EN string
	Types  []string // code words of facility types; the nearest of any of them is named
}

// Asks lists, in the order of the page, everything that a door page may name. Funeral homes,
// relief and whatever serves minors are not among them and must never be: a test holds the list
// against the groups of the catalogue that are kept away from doors.
func Asks() []Ask {
	return []Ask{
		{Code: "meals", ZH: "老年食堂、助餐点", EN: "Meals for older people", Types: []string{"elderly_canteen", "meal_point"}},
		{Code: "day_care", ZH: "日间照料中心", EN: "Day-care centre", Types: []string{"day_care_centre"}},
		{Code: "station", ZH: "养老服务站", EN: "Elderly service station", Types: []string{"elderly_station"}},
		{Code: "premises", ZH: "社区综合服务用房", EN: "Community service rooms", Types: []string{"community_premises"}},
	}
}

// AskOf gives the index in Asks of what names a facility type, or -1 for a type that is never at
// a door.
func AskOf(facilityType string) int {
	return slices.IndexFunc(Asks(), func(a Ask) bool { return slices.Contains(a.Types, facilityType) })
}

// LongestWalk is the longest walk in milliseconds that is told: beyond an hour at the pace of an
// older person nobody is helped by a number.
const LongestWalk = 60 * 60_000

// Minutes are the minutes of a walk in milliseconds, rounded up, and at least one.
func Minutes(ms int) int {
	const minute = 60_000
	return max(1, (ms+minute-1)/minute)
}

// Near is the nearest place of an ask, seen from one entrance.
type Near struct {
	Ask            int // index in Asks
	NameZH, NameEN string
	Address        string
	WalkMS         int    // at the pace of an older person
	Phone          string // "" unknown
	Hours          string // as the office wrote them; "" unknown
	TodayZH        string // what of the hours holds today; "" where that cannot be read out of them
	TodayEN        string
}

// Standing says how a plate stands, as the public is told it.
type Standing string

// The standings. The first three name the address; the others never do.
const (
	Current   Standing = "current"   // the plate is the address's plate
	Damaged   Standing = "damaged"   // it is, and is to be repaired
	Replaced  Standing = "replaced"  // the address stands, a newer plate counts
	NotYet    Standing = "not_yet"   // ordered or made, not fixed at a door
	Withdrawn Standing = "withdrawn" // taken out of use, or lost
	Unknown   Standing = "unknown"   // no plate of the authority has the code
)

// Names reports whether a page of the standing tells the address.
func (s Standing) Names() bool { return s == Current || s == Damaged || s == Replaced }

// StandingOf tells how a plate in a state of its life stands, which are the states that the
// register of plates keeps. A state that is not known here names nothing.
func StandingOf(state string) Standing {
	switch state {
	case "fixed", "verified":
		return Current
	case "damaged":
		return Damaged
	case "replaced":
		return Replaced
	case "ordered", "made", "delivered":
		return NotYet
	case "withdrawn", "lost":
		return Withdrawn
	}
	return Unknown
}

// Former is a name or address that the door had before.
type Former struct {
	Text  string
	Until record.Day // "" where nobody knows the day
}

// Door is everything that a page is written from.
type Door struct {
	Code     string // of the plate: 14 letters and digits, upper case
	Standing Standing

	Text        string // the standard address
	Short       string // without the divisions
	Roman       string
	Chain       []string // names of the divisions, the widest first
	Former      []Former
	Provisional bool   // the number is a temporary one and proves no title
	Ended       bool   // the address is no longer in use
	Successor   string // the address that took its place; "" where there is none

	Kind    string     // of the plate: large, medium, small, building, unit, room
	Face    string     // what its face says
	FixedOn record.Day // "" where nobody noted it
	Photo   bool       // there is a photo of the plate at the door

	Walked bool   // walks of this entrance are worked out
	Near   []Near // in the order of Asks, at most one each
	Issuer string // the office that stands behind the plate
	Sample bool   // the district is made up
}

// Public gives the door as everybody may see it: of a standing that names nothing only the code
// and the standing are left, and what is near is what Asks lists, once each, within LongestWalk.
func (d Door) Public() Door {
	if !d.Standing.Names() {
		return Door{Code: d.Code, Standing: d.Standing, Issuer: d.Issuer, Sample: d.Sample}
	}
	asks := Asks()
	var near []Near
	for _, n := range d.Near {
		told := slices.ContainsFunc(near, func(o Near) bool { return o.Ask == n.Ask })
		if n.Ask >= 0 && n.Ask < len(asks) && !told && n.WalkMS >= 0 && n.WalkMS <= LongestWalk {
			near = append(near, n)
		}
	}
	slices.SortStableFunc(near, func(a, b Near) int { return a.Ask - b.Ask })
	d.Near = near
	return d
}
