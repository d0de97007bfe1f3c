package walknet_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yike/coverage/walknet"
	"yike/geo"
)

// line is a way of a line layer through places in metres: east, north, east, north …
func line(id string, coordinates ...float64) walknet.Way {
	w := walknet.Way{SourceID: id, Class: "road"}
	for i := 0; i < len(coordinates); i += 2 {
		w.Line = append(w.Line, metres(coordinates[i], coordinates[i+1]))
	}
	return w
}

func bridge(w walknet.Way, level int8) walknet.Way {
	w.Bridge, w.Level = true, level
	return w
}

func TestLinesAreNoded(t *testing.T) {
	t.Parallel()
	east := line("east", 0, 0, 200, 0)
	wall := walknet.Barrier{SourceID: "wall", Kind: "wall", Point: metres(100.1, 0)}
	tests := []struct {
		name                         string
		ways                         []walknet.Way
		barriers                     []walknet.Barrier
		nodes, edges, parts, dangles int
		lengthM                      float64
	}{
		{name: "a crossing", ways: []walknet.Way{east, line("up", 100, -50, 100, 50)}, nodes: 5, edges: 4, parts: 1, lengthM: 300},
		{name: "a crossing aslant", ways: []walknet.Way{east, line("up", 33, -50, 77, 70)}, nodes: 5, edges: 4, parts: 1},
		{name: "a bridge over a road", ways: []walknet.Way{east, bridge(line("up", 100, -50, 100, 50), 1)}, nodes: 4, edges: 2, parts: 2},
		{name: "a bridge of no level over a road", ways: []walknet.Way{east, bridge(line("up", 100, -50, 100, 50), 0)}, nodes: 4, edges: 2, parts: 2},
		{name: "a tunnel of no level under a bridge of no level", ways: []walknet.Way{bridge(east, 0), {SourceID: "t", Tunnel: true, Line: orb.LineString{metres(100, -50), metres(100, 50)}}}, nodes: 4, edges: 2, parts: 2},
		{name: "two bridges of one level", ways: []walknet.Way{bridge(east, 2), bridge(line("up", 100, -50, 100, 50), 2)}, nodes: 5, edges: 4, parts: 1},
		{name: "a bridge joins the road at a shared end", ways: []walknet.Way{east, bridge(line("on", 200, 0, 300, 0), 1)}, nodes: 3, edges: 2, parts: 1, lengthM: 300},
		{name: "a bridge that ends on a road's middle is doubtful", ways: []walknet.Way{east, bridge(line("up", 100, 0, 100, 50), 1)}, nodes: 4, edges: 2, parts: 2, dangles: 1},
		{name: "ends nearly shared", ways: []walknet.Way{east, line("on", 200.3, 0.2, 300, 0)}, nodes: 3, edges: 2, parts: 1, lengthM: 300},
		{name: "ends that overlap", ways: []walknet.Way{east, line("on", 199.7, 0.1, 300, 0)}, nodes: 3, edges: 2, parts: 1, lengthM: 300},
		{name: "ends too far apart are dangles", ways: []walknet.Way{east, line("on", 202, 0, 300, 0)}, nodes: 4, edges: 2, parts: 2, dangles: 2},
		{name: "ends far apart are ends", ways: []walknet.Way{east, line("on", 206, 0, 300, 0)}, nodes: 4, edges: 2, parts: 2},
		{name: "an end on a line", ways: []walknet.Way{east, line("up", 100, 0, 100, 50)}, nodes: 4, edges: 3, parts: 1, lengthM: 250},
		{name: "an end just short of a line", ways: []walknet.Way{east, line("up", 100, 0.4, 100, 50)}, nodes: 4, edges: 3, parts: 1, lengthM: 250},
		{name: "an end just over a line", ways: []walknet.Way{east, line("up", 100, -0.4, 100, 50)}, nodes: 4, edges: 3, parts: 1, lengthM: 250},
		{name: "an end well short of a line", ways: []walknet.Way{east, line("up", 100, 3, 100, 50)}, nodes: 4, edges: 2, parts: 2, dangles: 1},
		{name: "an end well over a line", ways: []walknet.Way{east, line("up", 100, -3, 100, 50)}, nodes: 5, edges: 4, parts: 1, lengthM: 253},
		{name: "a corner on a line", ways: []walknet.Way{east, line("v", 50, 50, 100, 0, 150, 50)}, nodes: 5, edges: 4, parts: 1},
		{name: "corners at one place", ways: []walknet.Way{line("a", 0, 0, 100, 0, 200, 10), line("b", 90, -50, 100, 0, 110, 50)}, nodes: 5, edges: 4, parts: 1},
		{name: "three lines in one place", ways: []walknet.Way{line("a", 0, 0, 100, 0), line("b", 100.2, 0, 100.2, 80), line("c", 100, -0.2, 200, -50)}, nodes: 4, edges: 3, parts: 1},
		{name: "a line over itself", ways: []walknet.Way{line("a", 0, 0, 100, 0, 100, 50, 50, 50, 50, -50)}, nodes: 3, edges: 3, parts: 1, lengthM: 300},
		{name: "a line that ends on itself", ways: []walknet.Way{line("a", 50, 0, 100, 0, 100, 50, 0, 50, 0, 0, 50, 0)}, nodes: 1, edges: 1, parts: 1, lengthM: 300},
		{name: "a line that ends on its middle", ways: []walknet.Way{line("a", 0, 0, 100, 0, 100, 50, 50, 50, 50, 0.2)}, nodes: 2, edges: 2, parts: 1, lengthM: 250},
		{name: "a line given twice", ways: []walknet.Way{east, line("again", 0, 0, 200, 0)}, nodes: 2, edges: 2, parts: 1, lengthM: 400},
		{name: "a line along another", ways: []walknet.Way{east, line("part", 50, 0, 150, 0)}, nodes: 4, edges: 4, parts: 1, lengthM: 300},
		{name: "a short line stays", ways: []walknet.Way{line("a", 0, 0, 0.3, 0)}, nodes: 2, edges: 1, parts: 1, lengthM: 0.3},
		{name: "a barrier at a crossing", ways: []walknet.Way{east, line("up", 100, -50, 100, 50)}, barriers: []walknet.Barrier{wall}, nodes: 8, edges: 4, parts: 4},
		{name: "a barrier at a vertex", ways: []walknet.Way{line("a", 0, 0, 100, 0, 200, 0)}, barriers: []walknet.Barrier{wall}, nodes: 4, edges: 2, parts: 2},
		{name: "a barrier on no vertex", ways: []walknet.Way{line("a", 0, 0, 300, 0)}, barriers: []walknet.Barrier{wall}, nodes: 2, edges: 1, parts: 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			n, rep := build(t, tt.ways, tt.barriers...)
			if n.Nodes() != tt.nodes || n.Edges() != tt.edges || len(rep.Components) != tt.parts || len(rep.Dangles) != tt.dangles {
				t.Errorf("%d nodes, %d edges, %d parts, %d dangles; want %d, %d, %d, %d", n.Nodes(), n.Edges(), len(rep.Components), len(rep.Dangles),
					tt.nodes, tt.edges, tt.parts, tt.dangles)
			}
			if tt.lengthM > 0 && math.Abs(rep.LengthM-tt.lengthM) > 0.6 {
				t.Errorf("%.3f m long, want %.1f", rep.LengthM, tt.lengthM)
			}
			checkReport(t, n, rep)
		})
	}
}

// crossings counts how many pairs of segments of different ways cross inside both,
// the slow way, in a plane.
func crossings(ways []walknet.Way) int {
	frame := geo.Frame(metres(0, 0))
	count := 0
	for i, a := range ways {
		for _, b := range ways[i+1:] {
			for k := 1; k < len(a.Line); k++ {
				for l := 1; l < len(b.Line); l++ {
					p, q, r, s := frame.To(a.Line[k-1]), frame.To(a.Line[k]), frame.To(b.Line[l-1]), frame.To(b.Line[l])
					if turn(p, q, r)*turn(p, q, s) < 0 && turn(r, s, p)*turn(r, s, q) < 0 {
						count++
					}
				}
			}
		}
	}
	return count
}

func turn(a, b, c orb.Point) float64 {
	return (b[0]-a[0])*(c[1]-a[1]) - (b[1]-a[1])*(c[0]-a[0])
}

// Straight lines at random rarely meet at their ends, so that every crossing cuts
// two lines, and no length is lost or made.
func TestRandomLinesMeetWhereTheyCross(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		ways := make([]walknet.Way, rapid.IntRange(1, 12).Draw(t, "ways"))
		lengthM := 0.0
		for i := range ways {
			c := rapid.SliceOfN(rapid.Float64Range(0, 1000), 4, 4).Draw(t, "line")
			ways[i] = line(fmt.Sprint(i), c...)
			lengthM += geo.Length(ways[i].Line)
		}
		if nearEnds(ways) {
			t.Skip("an end is near another line")
		}
		n, rep := build(t, ways)
		if want := len(ways) + 2*crossings(ways); n.Edges() != want {
			t.Fatalf("%d edges, want %d", n.Edges(), want)
		}
		if math.Abs(rep.LengthM-lengthM) > 0.02 {
			t.Fatalf("%.3f m long, the lines are %.3f", rep.LengthM, lengthM)
		}
	})
}

// nearEnds says whether an end lies within a metre of another line, where joining
// moves it.
func nearEnds(ways []walknet.Way) bool {
	frame := geo.Frame(metres(0, 0))
	for i, a := range ways {
		if geo.Length(a.Line) < 2 {
			return true
		}
		for j, b := range ways {
			if i == j {
				continue
			}
			for _, end := range a.Line {
				if distanceTo(frame.To(end), frame.To(b.Line[0]), frame.To(b.Line[1])) < 1 {
					return true
				}
			}
		}
	}
	return false
}

func distanceTo(p, a, b orb.Point) float64 {
	dx, dy := b[0]-a[0], b[1]-a[1]
	share := 0.0
	if l := dx*dx + dy*dy; l > 0 {
		share = min(max(((p[0]-a[0])*dx+(p[1]-a[1])*dy)/l, 0), 1)
	}
	return math.Hypot(p[0]-a[0]-share*dx, p[1]-a[1]-share*dy)
}

// An OSM network given as lines without node ids must come out with the same
// streets: the same length, and walking times that differ by what joining moves.
func TestHankouAsLines(t *testing.T) {
	t.Parallel()
	x := hankou(t)
	ways := make([]walknet.Way, len(x.ways))
	for i, w := range x.ways {
		w.NodeIDs = nil
		ways[i] = w
	}
	n, rep := build(t, ways)
	checkReport(t, n, rep)
	t.Logf("as OSM: %d nodes, %d edges, %.1f km, %d islands; as lines: %d nodes, %d edges, %.1f km, %d islands, %d dangles",
		x.report.Nodes, x.report.Edges, x.report.LengthM/1000, len(x.report.Islands),
		rep.Nodes, rep.Edges, rep.LengthM/1000, len(rep.Islands), len(rep.Dangles))
	if math.Abs(rep.LengthM-x.report.LengthM) > 0.001*x.report.LengthM {
		t.Errorf("%.1f m as lines, %.1f m as OSM", rep.LengthM, x.report.LengthM)
	}
	if len(rep.Islands) > len(x.report.Islands) {
		t.Errorf("%d islands as lines, %d as OSM", len(rep.Islands), len(x.report.Islands))
	}
}
