package coverage_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yike/coverage"
	"yike/coverage/walknet"
	"yike/geo/divisions"
)

// east is a point so many metres east and north of the town's corner.
func east(x, y float64) orb.Point { return orb.Point{townLon + x/95_900, townLat + y/110_900} }

// longStreet is a street of 3 km with a site at its west end, a lane off it without a name,
// and a street that nothing leads to.
func longStreet(t *testing.T) (*walknet.Network, []coverage.Site) {
	t.Helper()
	net, _, err := walknet.Build([]walknet.Way{
		{SourceID: "1", Name: "长街", NodeIDs: []int64{1, 2}, Line: orb.LineString{east(0, 0), east(3000, 0)}},
		{SourceID: "2", NodeIDs: []int64{2, 3}, Line: orb.LineString{east(3000, 0), east(3000, 200)}},
		{SourceID: "3", Name: "孤街", NodeIDs: []int64{4, 5}, Line: orb.LineString{east(0, 2000), east(300, 2000)}},
		{SourceID: "4", NodeIDs: []int64{3, 6}, Line: orb.LineString{east(3000, 200), east(3000, 1500)}},
	}, nil, walknet.BuildOptions{})
	if err != nil {
		t.Fatal(err)
	}
	at := east(0, 0)
	return net, []coverage.Site{{ID: "off", Snap: walknet.NoSnap()}, {ID: "s", Point: at, Snap: net.Snap(at, 100)}}
}

func people(net *walknet.Network, at ...orb.Point) *coverage.Demand {
	d := &coverage.Demand{Bands: townBands(), People: make([][]coverage.People, 2)}
	for i, p := range at {
		d.IDs, d.Points = append(d.IDs, fmt.Sprint(i)), append(d.Points, p)
		d.Division, d.Snaps = append(d.Division, 1), append(d.Snaps, net.Snap(p, 100))
		d.People[0], d.People[1] = append(d.People[0], 10*coverage.Person), append(d.People[1], coverage.Person)
	}
	return d
}

func placesOf(t *testing.T, net *walknet.Network, d *coverage.Demand, sites []coverage.Site, marks *coverage.Landmarks, p coverage.Params) ([]coverage.Gap, []coverage.Place) {
	t.Helper()
	h := coverage.NewHierarchy(townDivisions())
	r := coverage.NewGround(net, d, h, 100).Baseline(sites, p, 1).Result
	around := coverage.Surroundings{Network: net, Demand: d, Result: r, Hierarchy: h, Sites: sites, Landmarks: marks}
	var gaps []coverage.Gap
	for _, find := range []func(context.Context, *coverage.Demand, *coverage.Result, coverage.GapOptions) ([]coverage.Gap, error){coverage.Gaps, coverage.UnsnappedAreas} {
		found, err := find(t.Context(), d, r, coverage.GapOptions{})
		if err != nil {
			t.Fatal(err)
		}
		gaps = append(gaps, found...)
	}
	places, err := around.Places(t.Context(), gaps)
	if err != nil || len(places) != len(gaps) {
		t.Fatalf("%d places of %d gaps, %v", len(places), len(gaps), err)
	}
	return gaps, places
}

func TestPlacesAreToldByTheirNames(t *testing.T) {
	t.Parallel()
	net, sites := longStreet(t)
	marks := coverage.NewLandmarks([]coverage.Landmark{
		{Name: coverage.Text{ZH: "柳园"}, Point: east(1500, 60), Home: true},
		{Name: coverage.Text{ZH: "槐园"}, Point: east(1620, 60), Home: true},
		{Point: east(1500, 20), Home: true}, // without a name
		{Name: coverage.Text{ZH: "第一小学", EN: "First School"}, Point: east(3000, 1000)},
	})
	walks := coverage.Params{Limit: 900_000, Speed: 1000}
	for _, tc := range []struct {
		name   string
		at     []orb.Point
		params coverage.Params
		sites  []coverage.Site
		zh, en string
		reason coverage.Reason
	}{
		{"estates first", []orb.Point{east(1500, 40), east(1510, 40), east(1600, 40)}, walks, sites, "东街道一社区·柳园、槐园一带", "一社区, 东街道: around 柳园 and 槐园", coverage.TooFar},
		{"the street of the doors", []orb.Point{east(2500, 20)}, walks, sites, "东街道一社区·长街一带", "一社区, 东街道: around 长街", coverage.TooFar},
		{"beside the nearest street", []orb.Point{east(3010, 180)}, walks, sites, "东街道一社区·长街以北约180米", "一社区, 东街道: about 180 m north of 长街", coverage.TooFar},
		{"by a landmark", []orb.Point{east(3010, 1300)}, walks, sites, "东街道一社区·第一小学以北约300米", "一社区, 东街道: about 300 m north of First School", coverage.TooFar},
		{"on an island", []orb.Point{east(100, 2010)}, walks, sites, "东街道一社区·孤街一带", "一社区, 东街道: around 孤街", coverage.OnIsland},
		{"nothing near", []orb.Point{east(-2000, -2000)}, walks, sites, "东街道一社区", "一社区, 东街道", coverage.NoPath},
		{"no site that can be walked to", []orb.Point{east(2500, 20)}, walks, sites[:1], "东街道一社区·长街一带", "一社区, 东街道: around 长街", coverage.NoSite},
		{"by division", []orb.Point{east(2500, 20)}, coverage.Params{Mode: coverage.ByDivision, Level: divisions.Community}, sites, "东街道一社区·长街一带", "一社区, 东街道: around 长街", coverage.NoSiteHere},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			gaps, places := placesOf(t, net, people(net, tc.at...), tc.sites, marks, tc.params)
			if len(gaps) != 1 {
				t.Fatalf("%d gaps", len(gaps))
			}
			if diff := cmp.Diff(coverage.Text{ZH: tc.zh, EN: tc.en}, places[0].Label(townDivisions())); diff != "" {
				t.Error(diff)
			}
			if places[0].Reason != tc.reason || tc.reason.Text().ZH == "" {
				t.Errorf("the reason is %v", places[0].Reason)
			}
		})
	}
}

func TestWalksBeyondTheLimit(t *testing.T) {
	t.Parallel()
	net, sites := longStreet(t)
	d := people(net, east(2000, 0), east(2060, 0), east(100, 2000), east(180, 2000), east(240, 2000), east(2900, 0))
	gaps, places := placesOf(t, net, d, sites, nil, coverage.Params{Limit: 600_000, Speed: 1000})
	at := map[int]coverage.Place{}
	for i, g := range gaps {
		at[int(g.Points[0])] = places[i]
	}
	near, island, far := at[0], at[2], at[5]
	if near.Nearest != 1 || near.Shortest < 1_999_000 || near.Shortest > 2_001_000 || near.Longest < 2_059_000 || near.Longest > 2_061_000 || near.Farther {
		t.Errorf("beyond the limit: %+v", near)
	}
	if island.Reason != coverage.OnIsland || island.Nearest != -1 || island.Shortest != walknet.Unreached || island.CutOff[0] != 30*coverage.Person || island.CutOff[1] != 3*coverage.Person {
		t.Errorf("on the island: %+v", island)
	}
	if far.Reason != coverage.TooFar || !far.Farther || far.Nearest != -1 || far.Longest != walknet.Unreached {
		t.Errorf("more than four times the limit: %+v", far)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	around := coverage.Surroundings{Network: net, Demand: d, Result: &coverage.Result{State: make([]coverage.State, 6)}, Hierarchy: coverage.NewHierarchy(nil)}
	if _, err := around.Places(ctx, gaps); !errors.Is(err, context.Canceled) {
		t.Errorf("%v of a question that nobody waits for", err)
	}
	if places, err := around.Places(t.Context(), nil); err != nil || places != nil {
		t.Errorf("no gaps: %v, %v", places, err)
	}
}

func TestBearings(t *testing.T) {
	t.Parallel()
	for i, at := range []orb.Point{east(0, 100), east(100, 100), east(100, 0), east(100, -100), east(0, -100), east(-100, -100), east(-100, 0), east(-100, 100)} {
		side, m := coverage.Bearing(east(0, 0), at)
		if side != coverage.Compass(i) || m < 99 || m > 143 || side.Text().ZH == "" { //nolint:gosec // 0 to 7
			t.Errorf("%d: %v %v", i, side.Text(), m)
		}
	}
	if _, m := coverage.Bearing(east(0, 0), east(0, 0)); m != 0 {
		t.Errorf("%v m to oneself", m)
	}
}

// Whoever is not served is at exactly one place, whatever the town.
func TestPlacesHoldEverybodyUnserved(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		c := drawCase(rt)
		h := coverage.NewHierarchy(townDivisions())
		r := coverage.Compute(c.net, c.demand, c.sites, c.params)
		sum := coverage.Summarise(c.demand, r, h, c.sites)
		around := coverage.Surroundings{Network: c.net, Demand: c.demand, Result: r, Hierarchy: h, Sites: c.sites}
		total := func(gaps []coverage.Gap, err error) coverage.People {
			if err != nil {
				rt.Fatal(err)
			}
			places, err := around.Places(t.Context(), gaps)
			if err != nil {
				rt.Fatal(err)
			}
			n := coverage.People(0)
			for i, g := range gaps {
				n += g.People[0]
				p := places[i]
				if p.Shortest != walknet.Unreached && (p.Shortest <= c.params.Limit || p.Longest < p.Shortest || p.Nearest < 0) {
					rt.Fatalf("a gap within the limit: %+v", p)
				}
				if p.CutOff[0] > g.People[0] {
					rt.Fatalf("%v of %v are cut off", p.CutOff[0], g.People[0])
				}
			}
			return n
		}
		if n := total(coverage.Gaps(t.Context(), c.demand, r, coverage.GapOptions{})); n != sum.Total[0].Uncovered {
			rt.Fatalf("%v at places, %v uncovered", n, sum.Total[0].Uncovered)
		}
		if n := total(coverage.UnsnappedAreas(t.Context(), c.demand, r, coverage.GapOptions{})); n != sum.Total[0].Unsnapped {
			rt.Fatalf("%v at places, %v off the network", n, sum.Total[0].Unsnapped)
		}
	})
}

// BenchmarkPlaces tells where all gaps of a district are, after a short limit has left many.
func BenchmarkPlaces(b *testing.B) {
	base := benchTown()
	g := base.Ground
	r := coverage.Compute(g.Network, g.Demand, base.Sites, coverage.Params{Limit: 300_000, Speed: 900})
	gaps, err := coverage.Gaps(b.Context(), g.Demand, r, coverage.GapOptions{Within: g.Hierarchy.Holders(divisions.Subdistrict)})
	if err != nil {
		b.Fatal(err)
	}
	var list []coverage.Landmark
	for i, p := range g.Demand.Points {
		if i%10 == 0 {
			list = append(list, coverage.Landmark{Name: coverage.Text{ZH: fmt.Sprint("小区", i)}, Point: p, Home: i%20 == 0})
		}
	}
	around := coverage.Surroundings{Network: g.Network, Demand: g.Demand, Result: r, Hierarchy: g.Hierarchy, Sites: base.Sites, Landmarks: coverage.NewLandmarks(list)}
	points := 0
	for _, g := range gaps {
		points += len(g.Points)
	}
	for b.Loop() {
		if _, err := around.Places(b.Context(), gaps); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(gaps)), "gaps")
	b.ReportMetric(float64(points), "points")
}
