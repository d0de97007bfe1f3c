// Package estates owns the check of new housing estates (新建小区配建核查): what an estate
// owes in community and elderly premises, what it provides, and the four synchronous
// milestones (四同步) from planning conditions to hand-over, with the opinions that each
// needs.
//
// Rules are data (estates.json, RAT-01 to RAT-26) with the place, the days, the sentence and
// the evidence of each. A norm that is stated per community is held against the community as
// it will be with the estate; the estate's share stands beside it.
//
// The package is pure: values in, values out, no I/O, no clock. It knows the ledger of
// premises, since planned rooms are rooms of the ledger that are not there yet; it knows
// nothing of storage, HTTP, maps or who may do what.
package estates

import (
	"slices"

	"github.com/paulmach/orb"

	"yike/facilities/premises"
	"yike/internal/record"
)

// Kind says whether what a new estate owes is asked, or what an old one lacks.
type Kind string

// The kinds.
const (
	New   Kind = "new"
	Built Kind = "built" // stood before the rules asked anything of it, or was taken over
)

// Estate is one housing estate. Numbers of 0 are not known, and so are empty areas.
type Estate struct {
	ID           string // UUIDv7, text form
	Version      int
	Name         string
	PlaceNameID  string // its standard place name; "" where there is none yet
	Kind         Kind
	DivisionCode string      // the community that it will belong to, else the subdistrict
	Boundary     orb.Polygon // lon/lat WGS 84; nil where nobody drew it
	Developer    string      // 建设单位
	CompletedOn  record.Day  // the whole estate; "" until then
	Households   int         // 户
	People       int         // planned people; 0 where they follow from households
	Measured     int         // people living there, as counted; for information
	SiteArea     premises.Area
	HousingFloor premises.Area // floor area of housing above ground, which Xixian's tiers go by
	FloorAbove   premises.Area // all floor area above ground
	FloorBelow   premises.Area
	Phases       []Phase
	Rooms        []Room
	Conditions   Paper // the planning conditions (规划条件) that name the premises; zero where they do not or are not there
	Plan         Paper // the approved plan that shows them
	Provided     []Element
	Hub          *Hub // a combined service hub (嵌入式综合服务体); nil where there is none
	Note         string
	ValidFrom    record.Day
}

// Hub is a combined service hub.
type Hub struct {
	Area      premises.Area
	Functions []Element
}

// Paper is a document by which something was decided.
type Paper struct {
	Number string     // as the office gave it
	Day    record.Day // "" is unknown
	Title  string
}

// Known reports whether there is a document.
func (p Paper) Known() bool { return p.Number != "" || p.Title != "" }

// Phase is a part of the estate that is built as one.
type Phase struct {
	No              int // from 1
	Name            string
	Households      int
	HousingStarted  record.Day
	HousingAccepted record.Day
}

// Room is one unit of planned premises.
type Room struct {
	ID           string // UUIDv7, text form
	LedgerID     string // of the ledger's room that it became; "" until hand-over
	Name         string
	Building     string
	Floor        string // as people write it: 1, -1, 1–2, 夹层
	RoomNo       string
	Use          premises.Use
	Parts        []premises.Part // where the room has more than one purpose
	Area         premises.Area
	Land         premises.Area // its share of land, which the norm per person asks for
	Phase        int           // of the estate's phases; 0 unknown
	OwnEntrance  *bool         // 独立出入口
	Lift         *bool         // a lift or a ramp
	Point        orb.Point     // lon/lat WGS 84
	Placed       bool          // Point is known
	PresentUse   premises.Use  // found by an inspection; "" where nobody looked
	StartedOn    record.Day
	AcceptedOn   record.Day
	HandedOverOn record.Day
}

// Purposes are the parts of the room; of one that nobody split the whole, for the norm that
// its use usually counts for.
func (r Room) Purposes() []premises.Part { return r.ledger().Purposes() }

// Title is what people call the room: its name, else where it is.
func (r Room) Title() string {
	if r.Name != "" {
		return r.Name
	}
	return r.Building + r.Floor + r.RoomNo
}

// ledger is the room as the ledger of premises knows rooms.
func (r Room) ledger() premises.Room {
	return premises.Room{ApprovedUse: r.Use, PresentUse: r.PresentUse, Parts: r.Parts, Area: r.Area}
}

// For is the area of the room that counts for a norm: never more than the room has, since a
// square metre has one purpose.
func (r Room) For(n premises.Norm) premises.Area {
	var sum premises.Area
	for _, p := range r.Purposes() {
		if p.CountsFor == n && p.Use != premises.PropertyOffice {
			sum += p.Area
		}
	}
	return min(sum, r.Area)
}

// CountedTwice is the area that the room's parts have beyond the room.
func (r Room) CountedTwice() premises.Area {
	var sum premises.Area
	for _, p := range r.Parts {
		sum += p.Area
	}
	return max(0, sum-r.Area)
}

// serves reports whether any part of the room is for a use.
func (r Room) serves(u premises.Use) bool {
	return slices.ContainsFunc(r.Purposes(), func(p premises.Part) bool { return p.Use == u })
}

// Element is a kind of facility that a life circle must have, in the words of GB 50437.
type Element string

// The elements.
const (
	ElderlyStation   Element = "elderly_station"   // 老年服务站
	ElderlyCentre    Element = "elderly_centre"    // 老年服务中心
	NursingHome      Element = "nursing_home"      // 养老院
	CareHome         Element = "care_home"         // 老年养护院
	DayCare          Element = "day_care"          // 老年人日间照料中心
	Canteen          Element = "canteen"           // 助餐
	Childcare        Element = "childcare"         // 托育
	ChildMinding     Element = "child_minding"     // 托管
	CommunityStation Element = "community_station" // 社区服务站
	CultureStation   Element = "culture_station"   // 文化活动站
	HealthStation    Element = "health_station"    // 社区卫生服务站
)

// Elements lists the elements with their words.
func Elements() []premises.Code {
	return []premises.Code{
		{Code: string(ElderlyStation), ZH: "老年服务站", EN: "elderly service station"},
		{Code: string(ElderlyCentre), ZH: "老年服务中心", EN: "elderly service centre"},
		{Code: string(NursingHome), ZH: "养老院", EN: "nursing home"},
		{Code: string(CareHome), ZH: "老年养护院", EN: "care home"},
		{Code: string(DayCare), ZH: "老年人日间照料中心", EN: "day-care centre for the elderly"},
		{Code: string(Canteen), ZH: "助餐", EN: "meals"},
		{Code: string(Childcare), ZH: "托育", EN: "childcare"},
		{Code: string(ChildMinding), ZH: "托管", EN: "after-school care"},
		{Code: string(CommunityStation), ZH: "社区服务站", EN: "community service station"},
		{Code: string(CultureStation), ZH: "文化活动站", EN: "culture station"},
		{Code: string(HealthStation), ZH: "社区卫生服务站", EN: "health station"},
	}
}

// UsualHousehold is the people of a household where nobody says how many: GB 50180-2018,
// table 3.0.4, implies 3.0 to 3.2 (15,000 people ÷ 5,000 dwellings and so on).
const UsualHousehold = 3.1

// PlannedPeople are the people that the estate is planned for, and whether the number is
// derived from its households. 0 where neither is known. Rounded up: a person more never
// makes an estate owe less.
func (e Estate) PlannedPeople(household float64) (people int, derived bool) {
	switch {
	case e.People > 0:
		return e.People, false
	case e.Households <= 0:
		return 0, false
	}
	if household <= 0 {
		household = UsualHousehold
	}
	n := float64(e.Households) * household
	people = int(n)
	if n-float64(people) > 1e-9 {
		people++
	}
	return people, true
}

// For is the area of the estate that counts for a norm.
func (e Estate) For(n premises.Norm) premises.Area {
	var sum premises.Area
	for _, r := range e.Rooms {
		sum += r.For(n)
	}
	return sum
}
