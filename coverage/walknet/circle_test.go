package walknet_test

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"yike/coverage/walknet"
)

// truth counts places by whether they are in the circle and within the limit.
type truth struct{ both, onlyCircle, onlyReach int }

func (c truth) precision() float64 { return float64(c.both) / float64(c.both+c.onlyCircle) }
func (c truth) recall() float64    { return float64(c.both) / float64(c.both+c.onlyReach) }

func (c *truth) add(circle, reach bool) {
	switch {
	case circle && reach:
		c.both++
	case circle:
		c.onlyCircle++
	case reach:
		c.onlyReach++
	}
}

// junctions measures circles on the nodes of the longest component.
func junctions(n *walknet.Network, sites []walknet.Snap, limit walknet.Milliseconds, opts walknet.CircleOptions) truth {
	return judged(n.ReachAll(sites, limit, 1000, 2), nodes(n), opts)
}

// judged holds the circles of reaches against their times at places.
func judged(reaches []*walknet.Reach, places []walknet.Snap, opts walknet.CircleOptions) truth {
	var c truth
	for _, r := range reaches {
		circle := r.Circle(opts)
		box := circle.Bound()
		near := box.Union(r.Bound())
		for _, s := range places {
			if near.Contains(s.Point) {
				c.add(box.Contains(s.Point) && planar.MultiPolygonContains(circle, s.Point), r.At(s) >= 0)
			}
		}
	}
	return c
}

func pair(a, b int32) [2]int32 { return [2]int32{a, b} }

func TestCircleAgreesWithWalkingTimes(t *testing.T) {
	t.Parallel()
	for name, load := range map[string]func(testing.TB) *extract{"hankou": hankou, "porto": porto} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := load(t).net
			sites := onStreets(n, 30, 11)
			for _, cell := range []float64{10, 5} {
				c := junctions(n, sites, 900_000, walknet.CircleOptions{CellM: cell})
				t.Logf("junctions, cell %g m: precision %.4f, recall %.4f of %d", cell, c.precision(), c.recall(), c.both+c.onlyReach)
				if c.precision() < 0.97 || c.recall() < 0.995 {
					t.Errorf("the circle is too far from the walking times")
				}
			}
		})
	}
}

// The settings of circles were chosen on 15 minutes at 1 m/s from the sites above. These
// are other sites, limits and speeds, in two halves of Porto and in Hankou; generated
// districts are in cmd/yike.
func TestCircleAgreesElsewhere(t *testing.T) {
	t.Parallel()
	anywhere := func(orb.Point) bool { return true }
	grounds := []struct {
		name string
		load func(testing.TB) *extract
		in   func(orb.Point) bool
	}{
		{"Porto, west", porto, func(p orb.Point) bool { return p[0] < -8.61 }},
		{"Porto, east", porto, func(p orb.Point) bool { return p[0] >= -8.61 }},
		{"Hankou", hankou, anywhere},
	}
	for _, ground := range grounds {
		t.Run(ground.name, func(t *testing.T) {
			t.Parallel()
			n := ground.load(t).net
			places := nodes(n)
			var all truth
			var sites []walknet.Snap
			for _, s := range connected(n, onStreets(n, 400, 57)) {
				if ground.in(s.Point) && len(sites) < 25 {
					sites = append(sites, s)
				}
			}
			for _, walk := range []struct {
				minutes walknet.Milliseconds
				speed   walknet.Speed
			}{{5, 700}, {5, 1200}, {10, 900}, {10, 1200}, {20, 900}} {
				row := judged(n.ReachAll(sites, walk.minutes*60_000, walk.speed, 1), places, walknet.CircleOptions{})
				t.Logf("%-12s %2d min at %.1f m/s: precision %.4f, recall %.4f of %d", ground.name, walk.minutes, float64(walk.speed)/1000, row.precision(), row.recall(), row.both+row.onlyReach)
				if row.precision() < 0.96 || row.recall() < 0.99 {
					t.Error("these circles are too far from the walking times")
				}
				all.both, all.onlyCircle, all.onlyReach = all.both+row.both, all.onlyCircle+row.onlyCircle, all.onlyReach+row.onlyReach
			}
			t.Logf("%-12s all of it: precision %.4f, recall %.4f of %d", ground.name, all.precision(), all.recall(), all.both+all.onlyReach)
			if all.precision() < 0.97 || all.recall() < 0.995 {
				t.Error("the circles are too far from the walking times")
			}
		})
	}
}

func TestCircleAgreesWithPeopleCounted(t *testing.T) {
	t.Parallel()
	n := hankou(t).net
	points := hankouPeople(t)
	people := snapAll(n, points)
	var sites []walknet.Snap
	for i := 0; i < len(people); i += 150 {
		sites = append(sites, people[i])
	}
	reaches := n.ReachAll(sites, 900_000, 900, 2)
	for _, off := range []float64{40, 100} {
		var c truth
		for _, r := range reaches {
			circle := r.Circle(walknet.CircleOptions{OffStreetM: off})
			box := circle.Bound()
			for i, p := range points {
				c.add(box.Contains(p) && planar.MultiPolygonContains(circle, p), r.At(people[i]) >= 0)
			}
		}
		if off == 100 && (c.precision() < 0.97 || c.recall() < 0.995) {
			t.Error("the circle is too far from the count of people")
		}
		t.Logf("people, at most %g m off the street: precision %.4f, recall %.4f of %d", off, c.precision(), c.recall(), c.both+c.onlyReach)
	}
}

func TestCircleHasNoSlivers(t *testing.T) {
	t.Parallel()
	n, _ := build(t, grid(12, 70))
	site := n.Snap(metres(400, 430), 100)
	for limit := walknet.Milliseconds(20_000); limit <= 600_000; limit += 6_500 {
		circle := n.Reach(site, limit, 900).Circle(walknet.CircleOptions{CellM: 10, OffStreetM: 30})
		if len(circle) == 0 {
			t.Fatalf("no circle at %d ms", limit)
		}
		for _, p := range circle {
			for _, r := range p {
				// A degree is 95.8 km by 110.9 km here.
				if m2 := math.Abs(planar.Area(r)) * 95_800 * 110_900; m2 < 290 && len(circle) > 1 {
					t.Errorf("at %d ms a ring of %.0f m²", limit, m2)
				}
			}
		}
	}
}

// The circle of a lone straight street is a stadium: its ends are as far as the
// time reaches, its sides as far as the time left or the bound off the street.
func TestCircleOfOneStreet(t *testing.T) {
	t.Parallel()
	n, _ := build(t, []walknet.Way{line("street", -1000, 0, 1000, 0)})
	circle := n.Reach(n.Snap(metres(0, 0), 1), 400_000, 1000).Circle(walknet.CircleOptions{OffStreetM: 40})
	if len(circle) != 1 || len(circle[0]) != 1 {
		t.Fatalf("%d polygons: %v", len(circle), circle)
	}
	for _, tt := range []struct {
		east, north float64
		in          bool
	}{
		{0, 0, true},
		{0, 39, true},
		{0, 41.5, false},
		{0, -39, true},
		{393, 0, true},
		{402, 0, false},
		{-393, 0, true},
		{-402, 0, false},
		{364, 28, true},  // 392 m in all
		{376, 28, false}, // 404 m in all
	} {
		if in := planar.MultiPolygonContains(circle, metres(tt.east, tt.north)); in != tt.in {
			t.Errorf("(%g, %g) is in the circle: %v", tt.east, tt.north, in)
		}
	}
}

func TestCircleKeepsOneWayStreetsOneWay(t *testing.T) {
	t.Parallel()
	street := line("street", 0, 0, 1000, 0)
	street.Direction = walknet.Forward
	n, _ := build(t, []walknet.Way{street})
	circle := n.Reach(n.Snap(metres(500, 0), 1), 200_000, 1000).Circle(walknet.CircleOptions{})
	if !planar.MultiPolygonContains(circle, metres(350, 0)) {
		t.Error("who walks with the street is outside")
	}
	if planar.MultiPolygonContains(circle, metres(550, 0)) {
		t.Error("who would have to walk against the street is inside")
	}
}

// A passage between two streets that nothing joins to it, where every raster point, 10 m
// from the next, is nearer to one of them, is in the circle all the same.
func TestCircleHoldsTheStreetsWithinReach(t *testing.T) {
	t.Parallel()
	n, _ := build(t, []walknet.Way{
		line("passage", 1, 4, 1, 303),
		line("wall west", -4, -50, -4, 350), // the raster begins here
		line("wall east", 6, -50, 6, 350),
	})
	circle := n.Reach(n.Snap(metres(1, 5), 1), 900_000, 1000).Circle(walknet.CircleOptions{})
	for north := 6.0; north <= 301; north++ { // an outline is straight within a cell, and cuts ends by a metre or two
		if !planar.MultiPolygonContains(circle, metres(1, north)) {
			t.Errorf("the passage is cut off at %g m", north)
		}
	}
	for _, east := range []float64{-6, 8} {
		if planar.MultiPolygonContains(circle, metres(east, 100)) {
			t.Errorf("behind the street, which is out of reach, is inside at %g m", east)
		}
	}
}
