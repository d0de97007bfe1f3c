package estates_test

import (
	"testing"

	"yike/facilities/estates"
	"yike/facilities/premises"
)

// An estate counts for its neighbours from its approved plan until it is handed over, and never
// for itself; what is not known of one is not known of the community.
func TestNeighboursToCome(t *testing.T) {
	t.Parallel()
	room := estates.Room{Name: "党群", Use: premises.PartyMass, Area: 30_000}
	planned := estates.Estate{
		ID: "n", Name: "邻里家园", Kind: estates.New, DivisionCode: "c", Households: 500, Plan: estates.Paper{Number: "审1", Day: "2026-02-01"}, Rooms: []estates.Room{room},
	}
	own := planned
	own.ID, own.Name, own.Households = "o", "本园", 1000
	with := func(change func(*estates.Estate)) estates.Estate {
		e := planned
		e.Rooms = []estates.Room{room}
		change(&e)
		return e
	}
	p := through(t, estates.HandOver).p
	for _, tc := range []struct {
		name             string
		other            estates.Estate
		far              estates.Progress
		area, households any
		coming           int
	}{
		{"approved", planned, estates.Progress{}, 700.0, 3500.0, 1},
		{"not approved yet", with(func(e *estates.Estate) { e.Plan = estates.Paper{} }), estates.Progress{}, 400.0, 3000.0, 0},
		{"approved later", with(func(e *estates.Estate) { e.Plan.Day = "2026-04-01" }), estates.Progress{}, 400.0, 3000.0, 0},
		{"handed over", planned, p, 400.0, 3000.0, 0},
		{"a standing one", with(func(e *estates.Estate) { e.Kind = estates.Built }), estates.Progress{}, 400.0, 3000.0, 0},
		{"elsewhere", with(func(e *estates.Estate) { e.DivisionCode = "d" }), estates.Progress{}, 400.0, 3000.0, 0},
		{"lived in already", with(func(e *estates.Estate) { e.CompletedOn = "2026-02-20" }), estates.Progress{}, 700.0, 3000.0, 1},
		{"a room in the ledger", with(func(e *estates.Estate) { e.Rooms[0].LedgerID = "l" }), estates.Progress{}, 400.0, 3500.0, 1},
		{"a vague room", with(func(e *estates.Estate) { e.Rooms[0].Area = 0 }), estates.Progress{}, nil, 3500.0, 1},
		{"nobody knows its households", with(func(e *estates.Estate) { e.Households = 0 }), estates.Progress{}, 700.0, nil, 1},
	} {
		g := estates.Ground{Communities: map[string]estates.Community{"c": {Known: true, Households: 2000, Area: 10_000}}}
		g = g.With([]estates.Estate{own, tc.other}, map[string]estates.Progress{"n": tc.far}, "2026-03-01")
		in := own.CommunityInputs(estates.Context{Day: "2026-03-01", Community: g.Of(own)})
		if names, ok := in["coming_estates"].Value.([]string); in["area_all"].Value != tc.area || in["households_all"].Value != tc.households || !ok || len(names) != tc.coming {
			t.Errorf("%s: %+v, %+v, %+v", tc.name, in["area_all"], in["households_all"], in["coming_estates"])
		}
	}
}
