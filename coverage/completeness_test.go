package coverage_test

import (
	"math"
	"testing"

	"github.com/paulmach/orb"

	"yike/coverage"
	"yike/coverage/walknet"
	"yike/geo/divisions"
)

// square is a square of side blocks of the town from one of its corners.
func square(x, y, side float64) orb.MultiPolygon {
	at := func(i, j float64) orb.Point { return orb.Point{townLon + i*step, townLat + j*step} }
	return orb.MultiPolygon{{{at(x, y), at(x+side, y), at(x+side, y+side), at(x, y+side), at(x, y)}}}
}

func surveyOf(t *testing.T) coverage.Survey {
	t.Helper()
	net := townNetwork(t, 4, everything)
	ds := []divisions.Division{
		{Code: "990001001", Level: divisions.Subdistrict, Boundary: square(-0.5, -0.5, 20)},
		{Code: "990001001001", Level: divisions.Community, ParentCode: "990001001", Boundary: square(-0.5, -0.5, 4)}, // all of the streets but the island
		{Code: "990001001002", Level: divisions.Community, ParentCode: "990001001", Boundary: square(6, -0.5, 2)},    // the island
		{Code: "990001001003", Level: divisions.Community, ParentCode: "990001001", Boundary: square(10.5, 10.5, 1)}, // people, no streets
		{Code: "990001001004", Level: divisions.Community, ParentCode: "990001001", Boundary: square(12.5, 12.5, 1)}, // nothing
		{Code: "990001001005", Level: divisions.Community, ParentCode: "990001001", Boundary: square(14.5, 14.5, 1), Setting: divisions.Rural},
	}
	at := func(x, y float64) orb.Point { return orb.Point{townLon + x*step, townLat + y*step} }
	d := &coverage.Demand{
		Bands:    townBands(),
		Points:   []orb.Point{at(1, 1), at(1, -0.495), at(7, 0.5), at(11, 11), at(15, 15)},
		Division: []int32{1, 1, 2, 3, 5},
		People:   [][]coverage.People{{30_000, 10_000, 20_000, 10_000, 10_000}, {0, 0, 0, 0, 0}},
	}
	for _, p := range d.Points {
		d.Snaps = append(d.Snaps, net.Snap(p, 100))
	}
	return coverage.Survey{Network: net, Demand: d, Divisions: ds, Hierarchy: coverage.NewHierarchy(ds), Level: divisions.Community}
}

func TestCompleteness(t *testing.T) {
	t.Parallel()
	s := surveyOf(t)
	got := s.Completeness()
	if len(got) != 5 {
		t.Fatalf("%d communities", len(got))
	}
	all := 0.0
	for e := range int32(s.Network.Edges()) {
		all += float64(s.Network.EdgeLengthMM(e)) / 1000
	}
	if sum := got[0].StreetM + got[1].StreetM; math.Abs(sum-all) > 0.1 {
		t.Errorf("%.1f m of street in communities, %.1f m in all", sum, all)
	}
	for _, want := range []struct {
		at    int
		parts coverage.Parts
		class coverage.CompletenessClass
	}{
		{0, coverage.Parts{Density: 100 * 24 * 155 / (33 * 80), Near: 75, Joined: 100, Ends: 100}, coverage.Thin},
		{1, coverage.Parts{Density: 24, Near: 100, Joined: 0, Ends: 100}, coverage.Poor},
		{2, coverage.Parts{Density: 0, Near: 0, Joined: -1, Ends: -1}, coverage.Poor},
		{3, coverage.Parts{Density: -1, Near: -1, Joined: -1, Ends: -1}, coverage.Unknown},
		{4, coverage.Parts{Density: -1, Near: 0, Joined: -1, Ends: -1}, coverage.Poor},
	} {
		c := got[want.at]
		if want.parts.Density > 0 { // by the formula, from its own figures
			want.parts.Density = int(min(100*c.StreetM/c.AreaHa/coverage.FullDensity, 100))
		}
		if c.Parts != want.parts || c.Class != want.class {
			t.Errorf("community %d: %+v %s, want %+v %s", want.at, c.Parts, c.Class, want.parts, want.class)
		}
	}
	if c := got[0]; c.People != 40_000 || c.FarPeople != 10_000 || c.Score != 75 {
		t.Errorf("%+v", c)
	}
	if got[3].Score != -1 || got[1].IslandPeople != 20_000 {
		t.Errorf("nobody scores %d; %d on the island", got[3].Score, got[1].IslandPeople)
	}
}

func TestCompletenessByBuildingsAndDangles(t *testing.T) {
	t.Parallel()
	s := surveyOf(t)
	s.Demand = &coverage.Demand{Bands: townBands(), People: make([][]coverage.People, 2)}
	s.Buildings = []orb.Point{s.Network.NodePoint(0), {townLon + step, townLat - 0.495*step}}
	for range 3 {
		s.Dangles = append(s.Dangles, orb.Point{townLon + 2*step, townLat + 2*step})
	}
	c := s.Completeness()[0]
	if c.Buildings != 2 || c.FarBuildings != 1 || c.Parts.Near != 50 || c.Parts.Joined != -1 {
		t.Errorf("%+v", c)
	}
	if want := int(100 * (1 - 3/(c.StreetM/1000))); c.Dangles != 3 || c.Parts.Ends != max(want, 0) {
		t.Errorf("%d dangles on %.0f m: %+v", c.Dangles, c.StreetM, c.Parts)
	}
	s.Demand.Bands, s.Network = nil, closed(t, s.Network)
	if c := s.Completeness()[0]; c.StreetM != 0 || c.Parts.Ends != -1 || c.Class != coverage.Poor {
		t.Errorf("without streets: %+v", c)
	}
}

// closed is the network with every street closed.
func closed(t *testing.T, n *walknet.Network) *walknet.Network {
	t.Helper()
	var steps []walknet.Edit
	for e := range int32(n.Edges()) {
		steps = append(steps, walknet.Edit{Kind: walknet.CloseEdge, Edge: e})
	}
	n, err := n.Edit(steps...)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
