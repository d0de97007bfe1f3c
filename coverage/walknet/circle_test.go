package walknet_test

import (
	"testing"

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
	var c truth
	var places []walknet.Snap
	seen := make(map[int32]bool)
	for e := range int32(n.Edges()) {
		for _, v := range pair(n.EdgeEnds(e)) {
			if n.Component(e) == 0 && !seen[v] {
				seen[v] = true
				places = append(places, n.Snap(n.NodePoint(v), 1))
			}
		}
	}
	for _, r := range n.ReachAll(sites, limit, 1000, 2) {
		circle := r.Circle(opts)
		box := circle.Bound()
		for _, s := range places {
			c.add(box.Contains(s.Point) && planar.MultiPolygonContains(circle, s.Point), r.At(s) >= 0)
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
				if c.precision() < 0.97 || c.recall() < 0.97 {
					t.Errorf("the circle is too far from the walking times")
				}
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
	for i := 0; i < len(people); i += 60 {
		sites = append(sites, people[i])
	}
	reaches := n.ReachAll(sites, 900_000, 900, 2)
	for _, off := range []float64{40, 100} {
		var c truth
		for _, r := range reaches {
			circle := r.Circle(walknet.CircleOptions{OffStreetM: off})
			for i, p := range points {
				c.add(planar.MultiPolygonContains(circle, p), r.At(people[i]) >= 0)
			}
		}
		if off == 100 && (c.precision() < 0.97 || c.recall() < 0.995) {
			t.Error("the circle is too far from the count of people")
		}
		t.Logf("people, at most %g m off the street: precision %.4f, recall %.4f of %d", off, c.precision(), c.recall(), c.both+c.onlyReach)
	}
}
