package coverage_test

import (
	"fmt"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yike/coverage"
	"yike/coverage/walknet"
	"yike/geo/divisions"
)

// A made-up town: a lattice of streets about 150 m apart, some of them missing, some
// one-way, and an island that nothing leads to.
const (
	townLon, townLat = 114.27, 30.63
	step             = 0.0015 // degrees
)

// failer is what building a town needs of *testing.T and *rapid.T.
type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

func townNetwork(t failer, side int, keep func(id string) (walknet.Direction, bool)) *walknet.Network {
	t.Helper()
	var ways []walknet.Way
	add := func(id string, a, b orb.Point, na, nb int64) {
		direction, ok := keep(id)
		if !ok {
			return
		}
		class := "residential"
		if na%3 == 0 { // as good as any other to those who do not ask
			class = "steps"
		}
		ways = append(ways, walknet.Way{
			SourceID: id, Class: class, Direction: direction,
			NodeIDs: []int64{na, nb}, Line: orb.LineString{a, b},
		})
	}
	at := func(x, y int) orb.Point { return orb.Point{townLon + float64(x)*step, townLat + float64(y)*step} }
	node := func(x, y int) int64 { return int64(1 + y*side + x) }
	for y := range side {
		for x := range side {
			if x+1 < side {
				add(fmt.Sprintf("e%d.%d", x, y), at(x, y), at(x+1, y), node(x, y), node(x+1, y))
			}
			if y+1 < side {
				add(fmt.Sprintf("n%d.%d", x, y), at(x, y), at(x, y+1), node(x, y), node(x, y+1))
			}
		}
	}
	add("island", at(side+3, 0), at(side+3, 1), 100_001, 100_002)
	net, _, err := walknet.Build(ways, nil, walknet.BuildOptions{})
	if err != nil {
		t.Fatalf("build the town: %v", err)
	}
	return net
}

func everything(string) (walknet.Direction, bool) { return walknet.Both, true }

func townBands() []coverage.Band {
	return []coverage.Band{{ID: "20+", FromAge: 20, ToAge: -1, Widest: true}, {ID: "70+", FromAge: 70, ToAge: -1}}
}

// townDivisions is one subdistrict with two communities and a second one without.
func townDivisions() []divisions.Division {
	return []divisions.Division{
		{Code: "990001001", Level: divisions.Subdistrict, NameZH: "东街道"},
		{Code: "990001001001", Level: divisions.Community, ParentCode: "990001001", NameZH: "一社区"},
		{Code: "990001001002", Level: divisions.Community, ParentCode: "990001001", NameZH: "二社区"},
		{Code: "990001002", Level: divisions.Subdistrict, ParentCode: "990001", NameZH: "西街道"},
		{Code: "990001001002001", Level: divisions.Grid, ParentCode: "990001001002", NameZH: "一网格"},
	}
}

// drawCase draws a town with people and sites of every kind: near a street, on the
// island, far from all.
type townCase struct {
	net    *walknet.Network
	demand *coverage.Demand
	sites  []coverage.Site
	params coverage.Params
}

func drawCase(t *rapid.T) townCase {
	side := rapid.IntRange(2, 7).Draw(t, "side")
	c := townCase{net: townNetwork(t, side, func(id string) (walknet.Direction, bool) {
		way := rapid.IntRange(0, 9).Draw(t, id)
		return walknet.Direction(way%3 - 1), way > 0
	})}
	where := func(label string) orb.Point {
		span := float64(side+4) * step
		return orb.Point{
			townLon - step + rapid.Float64Range(0, span+2*step).Draw(t, label+" lon"),
			townLat - step + rapid.Float64Range(0, span).Draw(t, label+" lat"),
		}
	}
	n := rapid.IntRange(0, 60).Draw(t, "points")
	c.demand = &coverage.Demand{Bands: townBands(), People: make([][]coverage.People, 2)}
	for i := range n {
		p := where("person")
		wide := rapid.Int64Range(0, 3_000_000).Draw(t, "people")
		c.demand.IDs = append(c.demand.IDs, fmt.Sprintf("p%d", i))
		c.demand.Points = append(c.demand.Points, p)
		c.demand.Snaps = append(c.demand.Snaps, c.net.Snap(p, 100))
		c.demand.Division = append(c.demand.Division, int32(rapid.IntRange(-1, 4).Draw(t, "division")))
		c.demand.People[0] = append(c.demand.People[0], coverage.People(wide))
		c.demand.People[1] = append(c.demand.People[1], coverage.People(rapid.Int64Range(0, wide).Draw(t, "old")))
	}
	for i := range rapid.IntRange(0, 6).Draw(t, "sites") {
		p := where("site")
		s := coverage.Site{
			ID: fmt.Sprintf("s%d", i), Point: p, Snap: c.net.Snap(p, 100),
			Division: int32(rapid.IntRange(-1, 4).Draw(t, "site division")),
		}
		if rapid.Bool().Draw(t, "serves") {
			s.Serves = []int32{int32(rapid.IntRange(0, 4).Draw(t, "served"))}
		}
		c.sites = append(c.sites, s)
	}
	c.params = coverage.Params{
		Limit: walknet.Milliseconds(rapid.IntRange(0, 1_500_000).Draw(t, "limit")),
		Speed: rapid.SampledFrom([]walknet.Speed{1200, 900, 700}).Draw(t, "speed"),
	}
	return c
}

func simpleCase(t *testing.T) townCase {
	t.Helper()
	c := townCase{net: townNetwork(t, 5, everything), params: coverage.Params{Limit: 300_000, Speed: 900}}
	at := func(x, y float64) orb.Point { return orb.Point{townLon + x*step, townLat + y*step} }
	places := []orb.Point{at(0, 0), at(0.2, 0), at(4, 4), at(8, 0.5), at(20, 20)}
	c.demand = &coverage.Demand{
		Bands: townBands(), IDs: []string{"door", "near", "far", "island", "nowhere"}, Points: places,
		Division: []int32{1, 2, 3, 0, -1},
		People:   [][]coverage.People{{10_000, 25_000, 30_000, 5, 70_001}, {1, 2, 3, 4, 5}},
	}
	for _, p := range places {
		c.demand.Snaps = append(c.demand.Snaps, c.net.Snap(p, 100))
	}
	c.sites = []coverage.Site{
		{ID: "off", Point: at(20, 20), Snap: walknet.NoSnap(), Division: -1},
		{ID: "corner", Point: at(0, 0), Snap: c.net.Snap(at(0, 0), 100), Division: 1},
		{ID: "same", Point: at(0, 0), Snap: c.net.Snap(at(0, 0), 100), Division: 1},
	}
	return c
}
