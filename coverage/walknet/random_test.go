package walknet_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yike/coverage/walknet"
	"yike/geo"
)

// metres is the place so many metres east and north of one in Hankou, near which the
// tests' networks lie.
func metres(east, north float64) orb.Point {
	return geo.Frame(orb.Point{114.27, 30.63}).From(orb.Point{east, north})
}

func build(t interface {
	Helper()
	Fatal(...any)
}, ways []walknet.Way, barriers ...walknet.Barrier,
) (*walknet.Network, walknet.Report) {
	t.Helper()
	n, rep, err := walknet.Build(ways, barriers, walknet.BuildOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return n, rep
}

// drawNetwork draws ways over a few shared nodes: loops, parallel edges, ways over
// themselves, nodes at one place, one-way ways and barriers all come up.
func drawNetwork(t *rapid.T) ([]walknet.Way, []walknet.Barrier) {
	count := rapid.IntRange(2, 14).Draw(t, "nodes")
	places := make([]orb.Point, count)
	for i := range places {
		// A coarse lattice, so that some nodes share a place.
		places[i] = metres(float64(rapid.IntRange(0, 6).Draw(t, "x"))*37.3, float64(rapid.IntRange(0, 6).Draw(t, "y"))*29.9)
	}
	ways := make([]walknet.Way, rapid.IntRange(1, 10).Draw(t, "ways"))
	for i := range ways {
		ids := rapid.SliceOfN(rapid.Int64Range(1, int64(count)), 2, 6).Draw(t, "ids")
		w := walknet.Way{
			SourceID: fmt.Sprintf("way/%d", i), Class: "footway", NodeIDs: ids,
			Direction: rapid.SampledFrom([]walknet.Direction{walknet.Both, walknet.Both, walknet.Forward, walknet.Backward}).Draw(t, "direction"),
		}
		for _, id := range ids {
			w.Line = append(w.Line, places[id-1])
		}
		ways[i] = w
	}
	var barriers []walknet.Barrier
	for i := range rapid.IntRange(0, 2).Draw(t, "barriers") {
		id := rapid.Int64Range(1, int64(count)).Draw(t, "barrier")
		barriers = append(barriers, walknet.Barrier{
			SourceID: fmt.Sprintf("node/%d", i), Kind: "gate", NodeID: id, Point: places[id-1], Passable: rapid.Bool().Draw(t, "passable"),
		})
	}
	return ways, barriers
}

// drawSnaps draws places on and around the network, and one that is on no edge.
func drawSnaps(t *rapid.T, n *walknet.Network, label string) []walknet.Snap {
	snaps := make([]walknet.Snap, rapid.IntRange(1, 12).Draw(t, label))
	for i := range snaps {
		p := metres(rapid.Float64Range(-30, 260).Draw(t, "east"), rapid.Float64Range(-30, 220).Draw(t, "north"))
		if n.Nodes() > 0 && rapid.Bool().Draw(t, "at a node") {
			p = n.NodePoint(int32(rapid.IntRange(0, n.Nodes()-1).Draw(t, "node")))
		}
		snaps[i] = n.Snap(p, 60)
	}
	return append(snaps, walknet.NoSnap())
}

// grid is a street grid of side × side blocks as OSM-like ways.
func grid(side int, blockM float64) []walknet.Way {
	var ways []walknet.Way
	id := func(x, y int) int64 { return int64(y*(side+1)+x) + 1 }
	for i := 0; i <= side; i++ {
		across := walknet.Way{SourceID: fmt.Sprintf("way/x%04d", i), Class: "residential"}
		up := walknet.Way{SourceID: fmt.Sprintf("way/y%04d", i), Class: "residential"}
		for j := 0; j <= side; j++ {
			across.NodeIDs = append(across.NodeIDs, id(j, i))
			across.Line = append(across.Line, metres(float64(j)*blockM, float64(i)*blockM))
			up.NodeIDs = append(up.NodeIDs, id(i, j))
			up.Line = append(up.Line, metres(float64(i)*blockM, float64(j)*blockM))
		}
		ways = append(ways, across, up)
	}
	return ways
}

// scatter are n places in the network's bound, the same for the same seed.
func scatter(n *walknet.Network, count int, seed uint64) []orb.Point {
	random := rand.New(rand.NewPCG(seed, 1))
	b := n.Bound()
	points := make([]orb.Point, count)
	for i := range points {
		points[i] = orb.Point{
			b.Min[0] + random.Float64()*(b.Max[0]-b.Min[0]),
			b.Min[1] + random.Float64()*(b.Max[1]-b.Min[1]),
		}
	}
	return points
}

// onStreets are places on edges, chosen by edge, the same for the same seed.
func onStreets(n *walknet.Network, count int, seed uint64) []walknet.Snap {
	random := rand.New(rand.NewPCG(seed, 2))
	snaps := make([]walknet.Snap, count)
	for i := range snaps {
		line := n.EdgeLine(int32(random.IntN(n.Edges())))
		snaps[i] = n.Snap(line[random.IntN(len(line))], 1)
	}
	return snaps
}

// snapAll snaps places within the usual limit.
func snapAll(n *walknet.Network, points []orb.Point) []walknet.Snap {
	snaps := make([]walknet.Snap, len(points))
	for i, p := range points {
		snaps[i] = n.Snap(p, 100)
	}
	return snaps
}

func TestMetres(t *testing.T) {
	t.Parallel()
	n, _ := build(t, []walknet.Way{{SourceID: "a", Line: orb.LineString{metres(0, 0), metres(300, 400)}}})
	if mm := n.EdgeLengthMM(0); mm < 499_990 || mm > 500_010 {
		t.Errorf("a line of 500 m is %d mm long", mm)
	}
}
