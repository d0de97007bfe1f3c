package coverage_test

import (
	"fmt"

	"github.com/paulmach/orb"

	"yike/coverage"
	"yike/coverage/walknet"
	"yike/geo/divisions"
)

// A scenario, from the streets to what it changes.
func ExampleBaseline_Apply() {
	at := func(i float64) orb.Point { return orb.Point{114.27 + i*0.001, 30.63} }
	street := walknet.Way{SourceID: "way/1", Class: "residential", NodeIDs: []int64{1, 2}, Line: orb.LineString{at(0), at(20)}}
	net, _, err := walknet.Build([]walknet.Way{street}, nil, walknet.BuildOptions{})
	if err != nil {
		panic(err)
	}
	communities := []divisions.Division{{Code: "990001001001", Level: divisions.Community}}
	demand := &coverage.Demand{
		Bands:    []coverage.Band{{ID: "60+", FromAge: 60, ToAge: -1, Widest: true}},
		IDs:      []string{"west", "east"},
		Points:   []orb.Point{at(1), at(19)},
		Division: []int32{0, 0},
		People:   [][]coverage.People{{30 * coverage.Person, 50 * coverage.Person}},
	}
	for _, p := range demand.Points {
		demand.Snaps = append(demand.Snaps, net.Snap(p, 100))
	}

	// Once per loaded state and population base.
	ground := coverage.NewGround(net, demand, coverage.NewHierarchy(communities), 100)
	// Once per question. Any number of plans share it.
	canteen := coverage.Site{ID: "canteen", Point: at(0), Snap: net.Snap(at(0), 100), Division: 0}
	base := ground.Baseline([]coverage.Site{canteen}, coverage.Params{Limit: 600_000, Speed: 900}, 2)

	// Once per step of a drag: the baseline's site 0 closes, and a new one, number 1, opens.
	delta, err := base.Apply(coverage.Plan{Sites: []coverage.SiteEdit{
		{Kind: coverage.CloseSite, Site: 0},
		{Kind: coverage.AddSite, To: coverage.Site{ID: "new", Point: at(18), Division: 0}},
	}})
	if err != nil {
		panic(err)
	}
	all := delta.Total[0]
	fmt.Printf("gained %v, lost %v\n", all.Gained, all.Lost)
	for _, d := range delta.Divisions {
		fmt.Printf("%s: %+v more covered\n", communities[d.Division].Code, d.Bands[0].Count.Covered)
	}
	for _, s := range delta.Served {
		fmt.Printf("%s: gained %v, lost %v\n", delta.Sites[s.Site].ID, s.Bands[0].Gained, s.Bands[0].Lost)
	}
	for _, p := range delta.Points {
		fmt.Printf("%s: %v, then %v\n", demand.IDs[p.Point], p.Before.State, p.After.State)
	}
	// Output:
	// gained 50, lost 30
	// 990001001001: 20 more covered
	// canteen: gained 0, lost 30
	// new: gained 50, lost 0
	// west: covered, then uncovered
	// east: uncovered, then covered
}
