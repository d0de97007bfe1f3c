package main

import (
	"testing"

	"yike/coverage"
	"yike/coverage/walknet"
	"yike/internal/postgres/dbtest"
)

// The settings of circles were chosen on two extracts of OSM (walknet's tests). Here they
// are held against the people of a generated district, none of whose streets they have
// seen, at other limits and speeds: how many of those inside are in time, and how many of
// those in time are inside.
func TestCirclesOfAGeneratedDistrict(t *testing.T) {
	t.Parallel()
	state := loaded(t, dbtest.New(t), demoPack(t, 40_000))
	demand := state.Demand[state.Bases[0]]
	draw := coverage.NewCircles(state.Network, demand)
	var sites []coverage.Site
	for i, f := range state.Facilities {
		if i%4 == 0 {
			sites = append(sites, coverage.Site{ID: f.ID, Point: f.Point, Snap: state.Network.Snap(f.Point, state.SnapLimitM)})
		}
	}
	var all coverage.Disagreement
	sum := func(into *coverage.Disagreement, d coverage.Disagreement) {
		if into.In == nil {
			into.In, into.InsideLate, into.OutsideInTime = make([]coverage.People, 1), make([]coverage.People, 1), make([]coverage.People, 1)
		}
		into.In[0] += d.In[0]
		into.InsideLate[0] += d.InsideLate[0]
		into.OutsideInTime[0] += d.OutsideInTime[0]
	}
	for _, minutes := range []walknet.Milliseconds{5, 10, 15, 20} {
		for _, speed := range []walknet.Speed{700, 900, 1200} {
			var row coverage.Disagreement
			for _, s := range sites {
				c := draw.Of(s, coverage.Params{Limit: minutes * 60_000, Speed: speed}, walknet.CircleOptions{OffStreetM: state.SnapLimitM})
				if c.Area != nil {
					sum(&row, c.Drawing)
				}
			}
			late, _ := row.Late(0)
			missed, _ := row.Missed(0)
			t.Logf("%2d min at %.1f m/s: precision %.4f, recall %.4f of %.0f people, each once a facility", minutes, float64(speed)/1000, 1-late, 1-missed, float64(row.In[0]+row.OutsideInTime[0])/10_000)
			if late > 0.04 || missed > 0.01 {
				t.Error("these circles are too far from the walking times")
			}
			sum(&all, row)
		}
	}
	late, _ := all.Late(0)
	missed, _ := all.Missed(0)
	t.Logf("all of it: precision %.4f, recall %.4f from %d facilities", 1-late, 1-missed, len(sites))
	if late > 0.03 || missed > 0.005 {
		t.Error("the circles are too far from the walking times")
	}
}
