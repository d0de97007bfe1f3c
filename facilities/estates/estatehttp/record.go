package estatehttp

import (
	"fmt"

	"github.com/paulmach/orb"

	"yike/facilities/estates"
	"yike/facilities/premises"
	"yike/geo"
	"yike/internal/record"
)

// EstateBoundary is the boundary of an estate, a GeoJSON polygon.
type EstateBoundary struct {
	Type        string         `json:"type" enum:"Polygon"`
	Coordinates [][][2]float64 `json:"coordinates" nullable:"false" maxItems:"100" doc:"Rings of longitude and latitude, WGS 84, the outer one first; at most 2,000 corners. A ring may be left open"`
}

// EstatePaper is a document by which something was decided.
type EstatePaper struct {
	Number string  `json:"number,omitempty" maxLength:"100" doc:"As the office gave it"`
	Day    *string `json:"day" required:"false" maxLength:"10" doc:"Null where nobody knows"`
	Title  string  `json:"title,omitempty" maxLength:"200"`
}

// EstateHub is a combined service hub.
type EstateHub struct {
	Area      float64  `json:"area" required:"false" nullable:"true" doc:"Square metres; 0 when unknown"`
	Functions []string `json:"functions" required:"false" nullable:"false" maxItems:"20" doc:"Elements"`
}

// EstatePhase is a part of an estate that is built as one.
type EstatePhase struct {
	No                int     `json:"no" doc:"From 1 on"`
	Name              string  `json:"name,omitempty" maxLength:"100"`
	Households        int     `json:"households" required:"false" nullable:"true" doc:"0 when unknown"`
	HousingStartedOn  *string `json:"housing_started_on" required:"false" maxLength:"10"`
	HousingAcceptedOn *string `json:"housing_accepted_on" required:"false" maxLength:"10"`
}

// EstatePart is some of a room's area and the one purpose that it has.
type EstatePart struct {
	Use       string  `json:"use" maxLength:"40"`
	Area      float64 `json:"area" doc:"Square metres, to a hundredth"`
	CountsFor string  `json:"counts_for,omitempty" maxLength:"40" doc:"The one norm that it counts for; none when left out"`
}

// EstateRoom is one unit of planned premises.
type EstateRoom struct {
	ID           string             `json:"id,omitempty" maxLength:"36" doc:"Left out for a new room"`
	LedgerID     string             `json:"ledger_id,omitempty" nullable:"true" maxLength:"36" doc:"The ledger's room that it became, or is"`
	Name         string             `json:"name,omitempty" maxLength:"100"`
	Building     string             `json:"building,omitempty" maxLength:"40"`
	Floor        string             `json:"floor,omitempty" maxLength:"40" doc:"As people write it: 1, -1, 1–2, 夹层"`
	RoomNo       string             `json:"room_no,omitempty" maxLength:"40"`
	Use          string             `json:"use,omitempty" maxLength:"40"`
	Parts        []EstatePart       `json:"parts" required:"false" nullable:"false" maxItems:"12" doc:"Where the room has more than one purpose"`
	Area         float64            `json:"area" required:"false" nullable:"true" doc:"Square metres, to a hundredth; 0 when unknown"`
	LandShare    float64            `json:"land_share" required:"false" nullable:"true" doc:"Its share of land in square metres, which the norm per person asks for; 0 when unknown"`
	Phase        int                `json:"phase" required:"false" nullable:"true" doc:"Of the estate's phases; 0 when unknown"`
	OwnEntrance  *bool              `json:"own_entrance" required:"false" doc:"Null where nobody knows"`
	Lift         *bool              `json:"lift" required:"false" doc:"A lift or a ramp; null where nobody knows"`
	Position     orNull[[2]float64] `json:"position" required:"false" doc:"Longitude and latitude, WGS 84; null where nobody placed it"`
	PresentUse   string             `json:"present_use,omitempty" nullable:"true" maxLength:"40" doc:"Found by an inspection; left out where nobody looked"`
	StartedOn    *string            `json:"started_on" required:"false" maxLength:"10"`
	AcceptedOn   *string            `json:"accepted_on" required:"false" maxLength:"10"`
	HandedOverOn *string            `json:"handed_over_on" required:"false" maxLength:"10"`
}

// EstateContent is what a person writes of an estate. A number of 0 is not known, and so is
// null.
type EstateContent struct {
	Name           string                 `json:"name" maxLength:"100"`
	PlaceNameID    string                 `json:"place_name_id,omitempty" nullable:"true" maxLength:"64" doc:"Its standard place name"`
	Kind           string                 `json:"kind" enum:"new,built"`
	DivisionCode   string                 `json:"division_code,omitempty" maxLength:"32" doc:"The community that it will belong to; follows from the boundary where left out"`
	Boundary       orNull[EstateBoundary] `json:"boundary" required:"false" doc:"GeoJSON polygon; null where nobody drew it"`
	Developer      string                 `json:"developer,omitempty" maxLength:"100"`
	CompletedOn    *string                `json:"completed_on" required:"false" maxLength:"10" doc:"When all of it was completed; null until then"`
	Households     int                    `json:"households" required:"false" nullable:"true"`
	People         int                    `json:"people" required:"false" nullable:"true" doc:"Planned; 0 where they follow from the households"`
	MeasuredPeople int                    `json:"measured_people" required:"false" nullable:"true" doc:"Living there as counted; for information"`
	SiteArea       float64                `json:"site_area" required:"false" nullable:"true" doc:"Areas are square metres, to a hundredth"`
	HousingFloor   float64                `json:"housing_floor" required:"false" nullable:"true" doc:"Floor area of housing above ground"`
	FloorAbove     float64                `json:"floor_above" required:"false" nullable:"true" doc:"All floor area above ground"`
	FloorBelow     float64                `json:"floor_below" required:"false" nullable:"true"`
	Phases         []EstatePhase          `json:"phases" required:"false" nullable:"false" maxItems:"50"`
	Rooms          []EstateRoom           `json:"rooms" required:"false" nullable:"false" maxItems:"300"`
	Conditions     orNull[EstatePaper]    `json:"conditions" required:"false" doc:"The planning conditions that name the premises; null for none"`
	Plan           orNull[EstatePaper]    `json:"plan" required:"false" doc:"The approved plan that shows them; null for none"`
	Provided       []string               `json:"provided" required:"false" nullable:"false" maxItems:"20" doc:"Elements that the estate has"`
	Hub            orNull[EstateHub]      `json:"hub" required:"false" doc:"A combined service hub; null for none"`
	Note           string                 `json:"note,omitempty" maxLength:"2000"`
}

// EstateRecord is an estate as the API gives it.
type EstateRecord struct {
	ID      string `json:"id"`
	Version int    `json:"version" doc:"Version of the record, also its entity tag"`
	EstateContent
	ValidFrom     *string            `json:"valid_from" nullable:"true" doc:"First day of this version; null without a beginning"`
	Position      orNull[[2]float64] `json:"position" doc:"A point inside; null where nobody drew the boundary"`
	BoundaryArea  float64            `json:"boundary_area" doc:"Square metres inside of the boundary; 0 where nobody drew it"`
	PlannedPeople int                `json:"planned_people" doc:"That rules go by: people, else households times people per household; 0 where neither is known"`
	MayWrite      bool               `json:"may_write" doc:"The reader keeps its record"`
}

// dayOut is a day or null.
func dayOut(d record.Day) *string {
	if d == "" {
		return nil
	}
	s := string(d)
	return &s
}

func dayIn(s *string) record.Day {
	if s == nil {
		return ""
	}
	return record.Day(*s)
}

func pointOut(p orb.Point, placed bool) orNull[[2]float64] {
	if !placed {
		return some[[2]float64](nil)
	}
	v := [2]float64(p)
	return some(&v)
}

func elementsOut(list []estates.Element) []string {
	out := []string{}
	for _, el := range list {
		out = append(out, string(el))
	}
	return out
}

func elementsIn(list []string) []estates.Element {
	var out []estates.Element
	for _, s := range list {
		out = append(out, estates.Element(s))
	}
	return out
}

func paperOut(p estates.Paper) orNull[EstatePaper] {
	if p == (estates.Paper{}) {
		return some[EstatePaper](nil)
	}
	return some(&EstatePaper{p.Number, dayOut(p.Day), p.Title})
}

func (p *EstatePaper) read() estates.Paper {
	if p == nil {
		return estates.Paper{}
	}
	return estates.Paper{Number: p.Number, Day: dayIn(p.Day), Title: p.Title}
}

func boundaryOut(p orb.Polygon) orNull[EstateBoundary] {
	if p == nil {
		return some[EstateBoundary](nil)
	}
	out := &EstateBoundary{Type: "Polygon", Coordinates: make([][][2]float64, len(p))}
	for i, ring := range p {
		out.Coordinates[i] = make([][2]float64, len(ring))
		for k, at := range ring {
			out.Coordinates[i][k] = at
		}
	}
	return some(out)
}

func (b *EstateBoundary) read() orb.Polygon {
	if b == nil {
		return nil
	}
	out := make(orb.Polygon, len(b.Coordinates))
	for i, ring := range b.Coordinates {
		for _, at := range ring {
			out[i] = append(out[i], at)
		}
	}
	return out
}

func contentOf(e estates.Estate) EstateContent {
	out := EstateContent{
		Name: e.Name, PlaceNameID: e.PlaceNameID, Kind: string(e.Kind), DivisionCode: e.DivisionCode, Boundary: boundaryOut(e.Boundary), Developer: e.Developer,
		CompletedOn: dayOut(e.CompletedOn), Households: e.Households, People: e.People, MeasuredPeople: e.Measured, SiteArea: e.SiteArea.M2(),
		HousingFloor: e.HousingFloor.M2(), FloorAbove: e.FloorAbove.M2(), FloorBelow: e.FloorBelow.M2(), Phases: []EstatePhase{}, Rooms: []EstateRoom{},
		Conditions: paperOut(e.Conditions), Plan: paperOut(e.Plan), Provided: elementsOut(e.Provided), Hub: some[EstateHub](nil), Note: e.Note,
	}
	for _, p := range e.Phases {
		out.Phases = append(out.Phases, EstatePhase{p.No, p.Name, p.Households, dayOut(p.HousingStarted), dayOut(p.HousingAccepted)})
	}
	for _, r := range e.Rooms {
		out.Rooms = append(out.Rooms, roomOf(r))
	}
	if e.Hub != nil {
		out.Hub = some(&EstateHub{e.Hub.Area.M2(), elementsOut(e.Hub.Functions)})
	}
	return out
}

func roomOf(r estates.Room) EstateRoom {
	out := EstateRoom{
		ID: r.ID, LedgerID: r.LedgerID, Name: r.Name, Building: r.Building, Floor: r.Floor, RoomNo: r.RoomNo, Use: string(r.Use), Parts: []EstatePart{},
		Area: r.Area.M2(), LandShare: r.Land.M2(), Phase: r.Phase, OwnEntrance: r.OwnEntrance, Lift: r.Lift, Position: pointOut(r.Point, r.Placed),
		PresentUse: string(r.PresentUse), StartedOn: dayOut(r.StartedOn), AcceptedOn: dayOut(r.AcceptedOn), HandedOverOn: dayOut(r.HandedOverOn),
	}
	for _, p := range r.Parts {
		out.Parts = append(out.Parts, EstatePart{string(p.Use), p.Area.M2(), string(p.CountsFor)})
	}
	return out
}

func recordOf(i estates.Item) EstateRecord {
	out := EstateRecord{
		ID: i.ID, Version: i.Version, EstateContent: contentOf(i.Estate), ValidFrom: dayOut(i.ValidFrom), MayWrite: i.MayWrite,
		Position: pointOut(i.Position()),
	}
	if i.Boundary != nil {
		out.BoundaryArea = geo.Area(i.Boundary)
	}
	out.PlannedPeople, _ = i.PlannedPeople(0)
	return out
}

// reading gathers the faults of what a person wrote, as it is read.
type reading struct{ faults []record.Fault }

func (r *reading) area(m2 float64, field string) premises.Area {
	a, ok := estates.FloorOf(m2)
	if !ok {
		r.faults = append(r.faults, record.Fault{
			Field: field, Value: fmt.Sprint(m2), ZH: "应为 0 至 10000000 平方米，最多两位小数", EN: "must be from 0 to 10000000 m², to a hundredth",
		})
	}
	return a
}

func (r *reading) phases(list []EstatePhase) []estates.Phase {
	var out []estates.Phase
	for _, p := range list {
		out = append(out, estates.Phase{
			No: p.No, Name: p.Name, Households: p.Households, HousingStarted: dayIn(p.HousingStartedOn), HousingAccepted: dayIn(p.HousingAcceptedOn),
		})
	}
	return out
}

func (r *reading) rooms(list []EstateRoom) []estates.Room {
	var out []estates.Room
	for i, in := range list {
		at := fmt.Sprintf("rooms/%d/", i)
		room := estates.Room{
			ID: in.ID, LedgerID: in.LedgerID, Name: in.Name, Building: in.Building, Floor: in.Floor, RoomNo: in.RoomNo, Use: premises.Use(in.Use),
			Area: r.area(in.Area, at+"area"), Land: r.area(in.LandShare, at+"land_share"), Phase: in.Phase, OwnEntrance: in.OwnEntrance, Lift: in.Lift,
			PresentUse: premises.Use(in.PresentUse), StartedOn: dayIn(in.StartedOn), AcceptedOn: dayIn(in.AcceptedOn), HandedOverOn: dayIn(in.HandedOverOn),
		}
		for k, p := range in.Parts {
			room.Parts = append(room.Parts, premises.Part{
				Use: premises.Use(p.Use), Area: r.area(p.Area, fmt.Sprintf("%sparts/%d/area", at, k)), CountsFor: premises.Norm(p.CountsFor),
			})
		}
		if p := in.Position.Value; p != nil {
			room.Point, room.Placed = *p, true
		}
		out = append(out, room)
	}
	return out
}

func (r *reading) hub(h *EstateHub) *estates.Hub {
	if h == nil {
		return nil
	}
	return &estates.Hub{Area: r.area(h.Area, "hub/area"), Functions: elementsIn(h.Functions)}
}

// estate reads what a person wrote, with the faults of what cannot be read.
func (c EstateContent) estate() (estates.Estate, []record.Fault) {
	var r reading
	e := estates.Estate{
		Name: c.Name, PlaceNameID: c.PlaceNameID, Kind: estates.Kind(c.Kind), DivisionCode: c.DivisionCode, Boundary: c.Boundary.Value.read(), Developer: c.Developer,
		CompletedOn: dayIn(c.CompletedOn), Households: c.Households, People: c.People, Measured: c.MeasuredPeople, SiteArea: r.area(c.SiteArea, "site_area"),
		HousingFloor: r.area(c.HousingFloor, "housing_floor"), FloorAbove: r.area(c.FloorAbove, "floor_above"), FloorBelow: r.area(c.FloorBelow, "floor_below"),
		Phases: r.phases(c.Phases), Rooms: r.rooms(c.Rooms), Conditions: c.Conditions.Value.read(), Plan: c.Plan.Value.read(), Provided: elementsIn(c.Provided),
		Hub: r.hub(c.Hub.Value), Note: c.Note,
	}
	return e, r.faults
}
