package coveragelive_test

import (
	"context"
	"errors"
	"testing"

	"yike/coverage/coveragelive"
	"yike/coverage/walknet"
	"yike/facilities"
)

// TestDoorWalksAreTheNearest holds the walks from everywhere against one search for each facility.
func TestDoorWalksAreTheNearest(t *testing.T) {
	t.Parallel()
	s := load(t)
	const limit = walknet.Milliseconds(3_600_000)
	types := []facilities.Type{"elderly_canteen"}
	walks, err := s.DoorWalks(t.Context(), [][]facilities.Type{types, {"day_care_centre"}, nil}, limit)
	if err != nil {
		t.Fatal(err)
	}
	elder, err := s.Network.For(walknet.Elder())
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for east := -50.0; east < 1500; east += 90 {
		for north := -50.0; north < 900; north += 110 {
			p := at(east, north)
			from, best := elder.Snap(p, s.SnapLimitM), coveragelive.DoorWalk{}
			for _, f := range s.Facilities {
				if f.Type != types[0] || f.Status != facilities.Open {
					continue
				}
				time := elder.Reach(elder.Snap(f.Point, s.SnapLimitM), limit, coveragelive.ElderPace).At(from)
				if time != walknet.Unreached && time <= limit && (best.Facility == "" || time < best.Time) {
					best = coveragelive.DoorWalk{Facility: f.ID, Time: time}
				}
			}
			got := walks.From(p)
			if len(got) != 3 || got[0] != best || got[1] != (coveragelive.DoorWalk{}) && got[1].Facility == "" || got[2] != (coveragelive.DoorWalk{}) {
				t.Errorf("from %v: %+v, want %+v", p, got, best)
			}
			if best.Facility != "" {
				found++
			}
		}
	}
	if found == 0 {
		t.Error("nothing is near anywhere: the test tests nothing")
	}
	again, err := s.DoorWalks(t.Context(), [][]facilities.Type{types, {"day_care_centre"}, nil}, limit)
	if err != nil || again.Version != walks.Version || s.DoorWalksVersion([][]facilities.Type{types, {"day_care_centre"}, nil}, limit) != walks.Version {
		t.Errorf("the same district has another version: %v", err)
	}
	less, err := s.DoorWalks(t.Context(), [][]facilities.Type{types}, limit)
	if err != nil || less.Version == walks.Version {
		t.Errorf("other questions have the same version: %v", err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.DoorWalks(gone, [][]facilities.Type{types}, limit); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}
