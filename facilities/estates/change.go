package estates

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"

	"yike/facilities/premises"
	"yike/geo"
	"yike/internal/record"
)

// Patch is what a person wants otherwise of an estate; nil leaves a field as it is.
type Patch struct {
	Name, PlaceNameID, DivisionCode, Developer, Note *string
	Kind                                             *Kind
	Boundary                                         *orb.Polygon // a nil polygon takes the estate off the map
	CompletedOn                                      *record.Day
	Households, People, Measured                     *int
	SiteArea, HousingFloor, FloorAbove, FloorBelow   *premises.Area
	Phases                                           *[]Phase
	Rooms                                            *[]Room // all of them: one that is not there is removed
	Conditions, Plan                                 *Paper  // the zero paper is none
	Provided                                         *[]Element
	Hub                                              **Hub // a nil hub is none
}

// Apply gives e with what the patch says, tidied as Clean does.
func (p Patch) Apply(e Estate) Estate {
	set(&e.Name, p.Name)
	set(&e.PlaceNameID, p.PlaceNameID)
	set(&e.DivisionCode, p.DivisionCode)
	set(&e.Developer, p.Developer)
	set(&e.Note, p.Note)
	set(&e.Kind, p.Kind)
	set(&e.Boundary, p.Boundary)
	set(&e.CompletedOn, p.CompletedOn)
	set(&e.Households, p.Households)
	set(&e.People, p.People)
	set(&e.Measured, p.Measured)
	set(&e.SiteArea, p.SiteArea)
	set(&e.HousingFloor, p.HousingFloor)
	set(&e.FloorAbove, p.FloorAbove)
	set(&e.FloorBelow, p.FloorBelow)
	set(&e.Phases, p.Phases)
	set(&e.Rooms, p.Rooms)
	set(&e.Conditions, p.Conditions)
	set(&e.Plan, p.Plan)
	set(&e.Provided, p.Provided)
	set(&e.Hub, p.Hub)
	return Clean(e)
}

func set[T any](field, to *T) {
	if to != nil {
		*field = *to
	}
}

// text is a text that a person writes, with what the API calls it.
type text struct {
	field   string
	value   *string
	longest int
}

// texts are the words of an estate. They point into e, and into its lists.
func (e *Estate) texts() []text {
	out := []text{
		{"name", &e.Name, LongestName},
		{"place_name_id", &e.PlaceNameID, longestID},
		{"developer", &e.Developer, LongestName},
		{"note", &e.Note, LongestNote},
		{"conditions/number", &e.Conditions.Number, LongestName},
		{"conditions/title", &e.Conditions.Title, LongestTitle},
		{"plan/number", &e.Plan.Number, LongestName},
		{"plan/title", &e.Plan.Title, LongestTitle},
	}
	for i := range e.Phases {
		out = append(out, text{fmt.Sprintf("phases/%d/name", i), &e.Phases[i].Name, LongestName})
	}
	for i := range e.Rooms {
		r := &e.Rooms[i]
		at := fmt.Sprintf("rooms/%d/", i)
		out = append(out, text{at + "name", &r.Name, LongestName}, text{at + "building", &r.Building, longestShort},
			text{at + "floor", &r.Floor, longestShort}, text{at + "room_no", &r.RoomNo, longestShort})
	}
	return out
}

// Clean takes away what nobody means to write: space around words, elements given twice,
// corners of the boundary that say nothing, and positions that are not placed. Phases come
// in the order of their numbers. The lists of e are not changed.
func Clean(e Estate) Estate {
	e.Phases, e.Rooms = slices.Clone(e.Phases), slices.Clone(e.Rooms)
	for _, t := range e.texts() {
		*t.value = strings.TrimSpace(*t.value)
	}
	e.DivisionCode = strings.TrimSpace(e.DivisionCode)
	slices.SortStableFunc(e.Phases, func(a, b Phase) int { return cmp.Compare(a.No, b.No) })
	for i := range e.Rooms {
		r := &e.Rooms[i]
		r.ID, r.LedgerID = strings.ToLower(strings.TrimSpace(r.ID)), strings.ToLower(strings.TrimSpace(r.LedgerID))
		if !r.Placed {
			r.Point = orb.Point{}
		}
		r.Parts = kept(r.Parts)
	}
	e.Boundary = kept(geo.Grained(e.Boundary))
	e.Provided = once(e.Provided)
	if e.Hub != nil {
		e.Hub = &Hub{Area: e.Hub.Area, Functions: once(e.Hub.Functions)}
	}
	e.Phases, e.Rooms = kept(e.Phases), kept(e.Rooms)
	return e
}

// kept gives a list as it is, and nil for an empty one.
func kept[S ~[]T, T any](list S) S {
	if len(list) == 0 {
		return nil
	}
	return list
}

func once(list []Element) []Element {
	var out []Element
	for _, el := range list {
		if !slices.Contains(out, el) {
			out = append(out, el)
		}
	}
	return out
}

// Identify gives ids to the rooms of after that have none, and the faults of ids that are of
// no room of before. New ids come from next.
func Identify(before Estate, after *Estate, next func() (string, error)) ([]record.Fault, error) {
	var f faults
	rooms := slices.Clone(after.Rooms)
	for i := range rooms {
		r := &rooms[i]
		switch {
		case r.ID == "":
			id, err := next()
			if err != nil {
				return nil, err
			}
			r.ID = id
		case !slices.ContainsFunc(before.Rooms, func(o Room) bool { return o.ID == r.ID }):
			f.add(fmt.Sprintf("rooms/%d/id", i), r.ID, "这个小区没有这处用房", "the estate has no room with this id")
		case slices.ContainsFunc(rooms[:i], func(o Room) bool { return o.ID == r.ID }):
			f.add(fmt.Sprintf("rooms/%d/id", i), r.ID, "与前面的用房相同", "is that of a room before")
		}
	}
	after.Rooms = rooms
	return f, nil
}

// Differences gives the fields in which after is not before, in the order in which people
// are shown them. Ids and versions are no content.
func Differences(before, after Estate) []record.Difference {
	return record.Differing(content(before), content(after))
}

// content lists what an estate is, as Before.
func content(e Estate) []record.Difference {
	boundary := ""
	if e.Boundary != nil {
		boundary = wkt.MarshalString(e.Boundary)
	}
	elements := func(list []Element) []string {
		out := []string{}
		for _, el := range list {
			out = append(out, string(el))
		}
		return out
	}
	hub := map[string]any{}
	if e.Hub != nil {
		hub["area"], hub["functions"] = e.Hub.Area.M2(), elements(e.Hub.Functions)
	}
	phases, rooms := []map[string]any{}, []map[string]any{}
	for _, p := range e.Phases {
		phases = append(phases, phaseContent(p))
	}
	for _, r := range e.Rooms {
		rooms = append(rooms, roomContent(r))
	}
	out := []record.Difference{}
	for _, d := range []struct {
		field string
		value any
	}{
		{"name", e.Name},
		{"place_name_id", e.PlaceNameID},
		{"kind", string(e.Kind)},
		{"division_code", e.DivisionCode},
		{"boundary", boundary},
		{"developer", e.Developer},
		{"completed_on", string(e.CompletedOn)},
		{"households", e.Households},
		{"people", e.People},
		{"measured_people", e.Measured},
		{"site_area", e.SiteArea.M2()},
		{"housing_floor", e.HousingFloor.M2()},
		{"floor_above", e.FloorAbove.M2()},
		{"floor_below", e.FloorBelow.M2()},
		{"phases", phases},
		{"rooms", rooms},
		{"conditions", paperContent(e.Conditions)},
		{"plan", paperContent(e.Plan)},
		{"provided", elements(e.Provided)},
		{"hub", hub},
		{"note", e.Note},
	} {
		out = append(out, record.Difference{Field: d.field, Before: d.value})
	}
	return out
}

// said keeps what is known of a map.
func said(all map[string]any) map[string]any {
	for k, v := range all {
		if v == "" || v == 0 || v == 0.0 || v == nil {
			delete(all, k)
		}
	}
	return all
}

func paperContent(p Paper) map[string]any {
	return said(map[string]any{"number": p.Number, "day": string(p.Day), "title": p.Title})
}

func phaseContent(p Phase) map[string]any {
	return said(map[string]any{
		"no": p.No, "name": p.Name, "households": p.Households, "housing_started_on": string(p.HousingStarted), "housing_accepted_on": string(p.HousingAccepted),
	})
}

func roomContent(r Room) map[string]any {
	out := map[string]any{
		"id": r.ID, "ledger_id": r.LedgerID, "name": r.Name, "building": r.Building, "floor": r.Floor, "room_no": r.RoomNo, "use": string(r.Use), "area": r.Area.M2(),
		"land_share": r.Land.M2(), "phase": r.Phase, "present_use": string(r.PresentUse), "started_on": string(r.StartedOn), "accepted_on": string(r.AcceptedOn),
		"handed_over_on": string(r.HandedOverOn),
	}
	if r.OwnEntrance != nil {
		out["own_entrance"] = *r.OwnEntrance
	}
	if r.Lift != nil {
		out["lift"] = *r.Lift
	}
	if r.Placed {
		out["position"] = []float64{r.Point.Lon(), r.Point.Lat()}
	}
	if len(r.Parts) > 0 {
		parts := []map[string]any{}
		for _, p := range r.Parts {
			parts = append(parts, said(map[string]any{"use": string(p.Use), "area": p.Area.M2(), "counts_for": string(p.CountsFor)}))
		}
		out["parts"] = parts
	}
	return said(out)
}

// Values are the differences as an audit entry keeps them.
func Values(list []record.Difference) (before, after map[string]any) {
	return record.Values(list)
}

// RoomDifferences gives the fields in which a room is not what it was, in the order of
// Fields, with what the API calls them. Ids are no content.
func RoomDifferences(before, after Room) []record.Difference {
	was, is := roomContent(before), roomContent(after)
	var from, to []record.Difference
	for _, f := range Fields() {
		if field, ok := strings.CutPrefix(f.Code.Code, "rooms."); ok {
			from, to = append(from, record.Difference{Field: field, Before: was[field]}), append(to, record.Difference{Field: field, Before: is[field]})
		}
	}
	return record.Differing(from, to)
}
