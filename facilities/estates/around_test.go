package estates_test

import (
	"fmt"
	"testing"

	"yike/facilities"
	"yike/facilities/estates"
	"yike/facilities/premises"
)

func TestWhatRoomsBecome(t *testing.T) {
	t.Parallel()
	e := estates.Estate{Rooms: []estates.Room{
		{Name: "党群服务中心", Use: premises.PartyMass, Area: m2(300)},
		{Name: "社区服务站", Use: premises.CommunityService, Area: m2(100), Placed: true},
		{Name: "老人家食堂", Use: premises.ElderlyService, Area: m2(80)},
		{Name: "日间照料中心", Use: premises.ElderlyService, Area: m2(200)},
		{Name: "养老用房", Use: premises.ElderlyService},
		{Name: "物业", Use: premises.PropertyOffice, Area: m2(90)},
		{Name: "已移交", Use: premises.ElderlyService, Area: m2(90), LedgerID: "x"},
	}}
	got := ""
	for _, f := range e.ToBe() {
		got += fmt.Sprint(f.Type, f.Rooms, f.At, " ", f.Area(e), "; ")
	}
	if want := "community_premises[0 1] 1 400; day_care_centre[3] -1 200; elderly_station[4] -1 0; elderly_canteen[2] -1 80; "; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	e.Provided = []estates.Element{estates.DayCare}
	if got := e.ToBe()[1]; got.Type != "day_care_centre" || len(got.Rooms) != 2 {
		t.Errorf("where a day-care centre is provided: %+v", got)
	}
	if got := (estates.Estate{}).ToBe(); len(got) != 0 {
		t.Errorf("of nothing: %+v", got)
	}
	catalogue, err := facilities.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range e.ToBe() {
		if _, ok := (facilities.Types{Types: catalogue}).Find(f.Type); !ok {
			t.Errorf("the catalogue has no %s", f.Type)
		}
	}
}
