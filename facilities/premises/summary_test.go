package premises_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"yike/facilities/premises"
	"yike/geo/divisions"
)

// town has two subdistricts, of which the second has no community.
func town() []divisions.Division {
	return []divisions.Division{
		{Code: "990001", Level: divisions.District, NameZH: "某区"},
		{Code: "990001001", Level: divisions.Subdistrict, ParentCode: "990001"},
		{Code: "990001002", Level: divisions.Subdistrict, ParentCode: "990001"},
		{Code: "990001001001", Level: divisions.Community, ParentCode: "990001001"},
		{Code: "990001001002", Level: divisions.Community, ParentCode: "990001001"},
		{Code: "99000100100101", Level: divisions.Grid, ParentCode: "990001001001"},
	}
}

func TestSummarise(t *testing.T) {
	t.Parallel()
	at := func(code string, change func(*premises.Room)) premises.Room {
		r := room()
		r.DivisionCode = code
		if change != nil {
			change(&r)
		}
		return r
	}
	rooms := []premises.Room{
		at("990001001001", nil),
		at("99000100100101", func(r *premises.Room) { r.ID, r.PresentUse, r.KeyHolder = "s", premises.Commercial, "" }),
		at("990001001002", func(r *premises.Room) { r.State, r.HandedOverOn, r.Parts = premises.Accepted, "", nil }),
		at("990001002", func(r *premises.Room) { r.PresentUse, r.Area, r.Parts = premises.Vacant, 0, nil }),
		at("990001001001", func(r *premises.Room) { r.State = premises.Withdrawn }),
		at("nowhere", nil),
	}
	households := map[string]divisions.Households{"990001001001": {Count: 1000, Source: divisions.HouseholdsDeclared}, "990001001": {Count: 1500, Source: divisions.HouseholdsDeclared}}
	s := premises.Summarise(rooms, town(), households, map[string]bool{"s": true})
	sub, com := s.Subdistricts[0], s.Communities[0]
	if com.Rooms != 2 || com.Area != m2(1000) || com.Misused != 1 || com.Overdue != 1 || com.Incomplete != 1 || com.HandedOver != m2(1000) || com.Households.Count != 1000 {
		t.Errorf("a community: %+v", com)
	}
	want := map[premises.Norm]premises.Area{premises.CommunityNorm: m2(300), premises.ElderlyNorm: m2(150.5)}
	if d := cmp.Diff(want, com.Counted); d != "" {
		t.Errorf("what counts: %s", d)
	}
	if d := cmp.Diff(map[premises.Use]premises.Area{premises.CommunityService: m2(600), premises.ElderlyService: m2(301)}, com.ByUse); d != "" || com.Unassigned != m2(99) {
		t.Errorf("by use: %s, %s m² of none", d, com.Unassigned)
	}
	if per, ok := com.Per100(premises.CommunityNorm); !ok || per != 30 {
		t.Errorf("%v m² per 100 households, %v", per, ok)
	}
	if _, ok := s.Communities[1].Per100(premises.CommunityNorm); ok {
		t.Error("a rate of unknown households")
	}
	if sub.Rooms != 3 || sub.Communities != 2 || sub.KnownCommunities != 1 || sub.KnownHouseholds != 1000 || sub.Households.Count != 1500 {
		t.Errorf("a subdistrict: %+v", sub)
	}
	if share, ok := sub.HandedOverShare(); !ok || share != 1000.0/1500 {
		t.Errorf("handed over %v, %v", share, ok)
	}
	bare := s.Subdistricts[1]
	if _, ok := bare.HandedOverShare(); ok || bare.Rooms != 1 || bare.Idle != 1 || bare.Unmeasured != 1 {
		t.Errorf("a room of unknown area: %+v", bare)
	}
	if s.Total.Rooms != 5 || s.Outside.Rooms != 2 || s.Total.ByState[premises.HandedOver] != 4 || s.Total.ByState[premises.Accepted] != 1 {
		t.Errorf("all: %+v, outside %+v", s.Total, s.Outside)
	}
	empty := premises.Summarise(nil, nil, nil, nil)
	if empty.Total.Rooms != 0 || empty.Subdistricts == nil || empty.Communities == nil {
		t.Errorf("of nothing: %+v", empty)
	}
}

// TestSummaryAddsUp holds that communities and what is outside of them are together all
// there is, and that a parent that names itself ends no sum.
func TestSummaryAddsUp(t *testing.T) {
	t.Parallel()
	list := append(town(), divisions.Division{Code: "loop", Level: divisions.Grid, ParentCode: "loop"})
	rapid.Check(t, func(t *rapid.T) {
		rooms := rapid.SliceOf(rapid.Custom(func(t *rapid.T) premises.Room {
			r := drawRoom(t)
			r.Parts = nil
			r.DivisionCode = rapid.SampledFrom(append([]string{"", "nowhere"}, codes(list)...)).Draw(t, "code")
			return r
		})).Draw(t, "rooms")
		s := premises.Summarise(rooms, list, nil, nil)
		sum := s.Outside
		for _, l := range s.Communities {
			sum.Rooms += l.Rooms
			sum.Area += l.Area
			sum.Misused += l.Misused
			sum.HandedOver += l.HandedOver
		}
		if sum.Rooms != s.Total.Rooms || sum.Area != s.Total.Area || sum.Misused != s.Total.Misused || sum.HandedOver != s.Total.HandedOver {
			t.Fatalf("%+v of %+v", sum, s.Total)
		}
		var byUse premises.Area
		for _, a := range s.Total.ByUse {
			byUse += a
		}
		if byUse+s.Total.Unassigned != s.Total.Area {
			t.Fatalf("%s by use and %s of none, of %s", byUse, s.Total.Unassigned, s.Total.Area)
		}
	})
}

func codes(list []divisions.Division) []string {
	var out []string
	for _, d := range list {
		out = append(out, d.Code)
	}
	return out
}
