package estates

import (
	"slices"
	"strings"

	"yike/facilities"
	"yike/facilities/premises"
)

// ToBe is a facility that planned rooms of an estate would become: rooms of one kind are one
// facility.
type ToBe struct {
	Type  facilities.Type
	Rooms []int // indices into the estate's rooms, ascending
	// At is the room whose place stands for the facility; -1 where none is on the map.
	At int
}

// The types of facilities that premises become.
const (
	toPremises facilities.Type = "community_premises"
	toDayCare  facilities.Type = "day_care_centre"
	toStation  facilities.Type = "elderly_station"
	toCanteen  facilities.Type = "elderly_canteen"
)

// ToBe gives the facilities that the rooms would become which the ledger has not taken over:
// what it has counts already where a facility works in it. Rooms for the community are its
// premises; rooms for the elderly are a canteen or a day-care centre where their name or what
// the estate provides says so, else an elderly service station. It is a reading of plans, to be
// shown as one. In the order of the types above.
func (e Estate) ToBe() []ToBe {
	out := []ToBe{{Type: toPremises, At: -1}, {Type: toDayCare, At: -1}, {Type: toStation, At: -1}, {Type: toCanteen, At: -1}}
	for i, r := range e.Rooms {
		kind, ok := e.becomes(r)
		if !ok || r.LedgerID != "" {
			continue
		}
		to := &out[slices.IndexFunc(out, func(t ToBe) bool { return t.Type == kind })]
		to.Rooms = append(to.Rooms, i)
		if to.At < 0 && r.Placed {
			to.At = i
		}
	}
	return slices.DeleteFunc(out, func(t ToBe) bool { return len(t.Rooms) == 0 })
}

func (e Estate) becomes(r Room) (facilities.Type, bool) {
	switch {
	case r.serves(premises.CommunityService) || r.serves(premises.PartyMass) || r.Use == premises.CommunityService || r.Use == premises.PartyMass:
		return toPremises, true
	case !r.serves(premises.ElderlyService) && r.Use != premises.ElderlyService:
		return "", false
	case strings.Contains(r.Name, "食堂") || strings.Contains(r.Name, "助餐"):
		return toCanteen, true
	case strings.Contains(r.Name, "日间") || strings.Contains(r.Name, "托老") || slices.Contains(e.Provided, DayCare):
		return toDayCare, true
	}
	return toStation, true
}

// Area is the area of the rooms together; unknown areas are left out.
func (t ToBe) Area(e Estate) premises.Area {
	var sum premises.Area
	for _, i := range t.Rooms {
		sum += e.Rooms[i].Area
	}
	return sum
}
