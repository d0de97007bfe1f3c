package premises_test

import (
	"testing"

	"github.com/paulmach/orb"

	"yike/facilities/premises"
)

func TestNeed(t *testing.T) {
	t.Parallel()
	room := func(change func(*premises.Room)) premises.Room {
		r := premises.Room{
			Placed: true, Point: orb.Point{1, 2}, Area: 20_000, Floor: "1", ApprovedUse: premises.ElderlyService, PresentUse: premises.Vacant, State: premises.HandedOver,
		}
		if change != nil {
			change(&r)
		}
		return r
	}
	full := premises.Need{Use: premises.ElderlyService, MinArea: 20_000, Floor: 1, Free: true}
	for name, c := range map[string]struct {
		need   premises.Need
		change func(*premises.Room)
		want   premises.Unfit
	}{
		"it fits":               {full, nil, ""},
		"nothing is asked":      {premises.Need{}, func(r *premises.Room) { *r = premises.Room{Placed: true} }, ""},
		"another use":           {full, func(r *premises.Room) { r.ApprovedUse = premises.Health }, premises.UnfitUse},
		"nobody knows where":    {premises.Need{}, func(r *premises.Room) { r.Placed = false }, premises.UnfitUnplaced},
		"too small":             {full, func(r *premises.Room) { r.Area-- }, premises.UnfitArea},
		"of no known size":      {full, func(r *premises.Room) { r.Area = 0 }, premises.UnfitAreaKnown},
		"its part is too small": {full, func(r *premises.Room) { r.Parts = []premises.Part{{Use: premises.ElderlyService, Area: 19_999}} }, premises.UnfitArea},
		"its parts are enough together": {full, func(r *premises.Room) {
			r.Parts = []premises.Part{{Use: premises.ElderlyService, Area: 10_000}, {Use: premises.ElderlyService, Area: 10_000}}
		}, ""},
		"upstairs":                     {full, func(r *premises.Room) { r.Floor = "2" }, premises.UnfitFloor},
		"over two floors":              {full, func(r *premises.Room) { r.Floor = "1-2" }, ""},
		"on a floor nobody can read":   {full, func(r *premises.Room) { r.Floor = "夹层" }, premises.UnfitFloorKnown},
		"not handed over":              {full, func(r *premises.Room) { r.State = premises.Built }, premises.UnfitState},
		"withdrawn, whatever is asked": {premises.Need{}, func(r *premises.Room) { r.State = premises.Withdrawn }, premises.UnfitState},
		"somebody works there":         {full, func(r *premises.Room) { r.FacilityID = "f" }, premises.UnfitUsed},
		"a shop is in it":              {full, func(r *premises.Room) { r.PresentUse = premises.Commercial }, premises.UnfitUsed},
		"nobody looked":                {full, func(r *premises.Room) { r.PresentUse = "" }, premises.UnfitUseKnown},
	} {
		if got := c.need.Unfit(room(c.change)); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestFloors(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][2]int{
		"1": {1, 1}, " 3F": {3, 3}, "-1": {-1, -1}, "B2": {-2, -2}, "1-2": {1, 2}, "1–2": {1, 2}, "-1-2": {-1, 2}, "-2--1": {-2, -1}, "1层": {1, 1}, "一楼": {1, 1},
		"首层": {1, 1}, "地下一层": {-1, -1}, "负二层": {-2, -2}, "十二层": {12, 12}, "二十层": {20, 20}, "1至3层": {1, 3}, "1～2层": {1, 2},
		"": {}, "0": {}, "夹层": {}, "2-1": {}, "1-": {}, "+1": {}, "--1": {}, "201": {}, "十十": {}, "屋面": {}, "地下首层": {},
	} {
		low, high, ok := premises.Floors(text)
		if low != want[0] || high != want[1] || ok != (want[0] != 0) {
			t.Errorf("%q is %d to %d, %v; want %v", text, low, high, ok, want)
		}
	}
}

func FuzzFloors(f *testing.F) {
	for _, text := range []string{"1", "-1--2", "一至二层", "B1–3F", "十"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		low, high, ok := premises.Floors(text)
		if ok && (low == 0 || high == 0 || low > high) || !ok && (low != 0 || high != 0) {
			t.Errorf("%q: %d to %d, %v", text, low, high, ok)
		}
	})
}
