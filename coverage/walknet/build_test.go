package walknet_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yike/coverage/walknet"
)

// checkReport checks a report and a network against one another.
func checkReport(t testing.TB, n *walknet.Network, rep walknet.Report) {
	t.Helper()
	if rep.Nodes != n.Nodes() || rep.Edges != n.Edges() {
		t.Errorf("report says %d nodes and %d edges, the network has %d and %d", rep.Nodes, rep.Edges, n.Nodes(), n.Edges())
	}
	nodes, edges, mm := 0, 0, int64(0)
	for _, c := range rep.Components {
		nodes, edges = nodes+c.Nodes, edges+c.Edges
	}
	sums := make([]int64, len(rep.Components))
	for e := range int32(n.Edges()) {
		mm += int64(n.EdgeLengthMM(e))
		sums[n.Component(e)] += int64(n.EdgeLengthMM(e))
		from, to := n.EdgeEnds(e)
		line := n.EdgeLine(e)
		if line[0] != n.NodePoint(from) || line[len(line)-1] != n.NodePoint(to) {
			t.Fatalf("edge %d runs %v → %v but its nodes are at %v and %v", e, line[0], line[len(line)-1], n.NodePoint(from), n.NodePoint(to))
		}
	}
	if nodes != rep.Nodes || edges != rep.Edges {
		t.Errorf("components sum to %d nodes and %d edges of %d and %d", nodes, edges, rep.Nodes, rep.Edges)
	}
	if math.Abs(float64(mm)/1000-rep.LengthM) > 0.001 {
		t.Errorf("edges sum to %d mm, the report says %.3f m", mm, rep.LengthM)
	}
	if !slices.IsSortedFunc(sums, func(a, b int64) int { return int(b - a) }) {
		t.Errorf("components are not in the order of their lengths: %v", sums)
	}
}

func TestBuildJoinsAndCuts(t *testing.T) {
	t.Parallel()
	a, b, c, d, e := metres(0, 0), metres(100, 0), metres(200, 0), metres(100, 100), metres(100, -100)
	street := walknet.Way{SourceID: "way/1", NodeIDs: []int64{1, 2, 3}, Line: orb.LineString{a, b, c}}
	across := walknet.Way{SourceID: "way/2", NodeIDs: []int64{4, 2, 5}, Line: orb.LineString{d, b, e}}
	above := walknet.Way{SourceID: "way/3", Bridge: true, Level: 1, NodeIDs: []int64{4, 5}, Line: orb.LineString{d, e}}
	gate := func(id int64, passable bool) walknet.Barrier {
		return walknet.Barrier{SourceID: "node/2", Kind: "gate", NodeID: id, Point: b, Passable: passable}
	}
	tests := []struct {
		name                         string
		ways                         []walknet.Way
		barriers                     []walknet.Barrier
		nodes, edges, parts, skipped int
	}{
		{name: "nothing", parts: 0},
		{name: "a way is one edge", ways: []walknet.Way{street}, nodes: 2, edges: 1, parts: 1},
		{name: "ways meet in a node", ways: []walknet.Way{street, across}, nodes: 5, edges: 4, parts: 1},
		{name: "a bridge does not meet what it crosses", ways: []walknet.Way{street, above}, nodes: 4, edges: 2, parts: 2},
		{name: "a passable gate only cuts the edge", ways: []walknet.Way{street}, barriers: []walknet.Barrier{gate(2, true)}, nodes: 3, edges: 2, parts: 1},
		{name: "a closed gate cuts the network", ways: []walknet.Way{street}, barriers: []walknet.Barrier{gate(2, false)}, nodes: 4, edges: 2, parts: 2},
		{name: "a closed gate in a junction cuts off every street", ways: []walknet.Way{street, across}, barriers: []walknet.Barrier{gate(2, false)}, nodes: 8, edges: 4, parts: 4},
		{name: "a closed gate on no way is reported", ways: []walknet.Way{street}, barriers: []walknet.Barrier{gate(9, false)}, nodes: 2, edges: 1, parts: 1, skipped: 1},
		{
			name:  "a ring is a loop",
			ways:  []walknet.Way{{SourceID: "way/1", NodeIDs: []int64{1, 2, 4, 1}, Line: orb.LineString{a, b, d, a}}},
			nodes: 1, edges: 1, parts: 1,
		},
		{
			name:     "a closed gate opens a ring",
			ways:     []walknet.Way{{SourceID: "way/1", NodeIDs: []int64{1, 2, 4, 1}, Line: orb.LineString{a, b, d, a}}},
			barriers: []walknet.Barrier{{SourceID: "node/1", NodeID: 1, Point: a}},
			nodes:    2, edges: 1, parts: 1,
		},
		{
			name:  "parallel edges stay two",
			ways:  []walknet.Way{{SourceID: "way/1", NodeIDs: []int64{1, 2}, Line: orb.LineString{a, b}}, {SourceID: "way/2", NodeIDs: []int64{1, 4, 2}, Line: orb.LineString{a, d, b}}},
			nodes: 2, edges: 2, parts: 1,
		},
		{
			name:  "an edge without length joins its ends",
			ways:  []walknet.Way{{SourceID: "way/1", NodeIDs: []int64{1, 2, 3}, Line: orb.LineString{a, b, c}}, {SourceID: "way/2", NodeIDs: []int64{2, 9}, Line: orb.LineString{b, b}}, {SourceID: "way/3", NodeIDs: []int64{9, 4}, Line: orb.LineString{b, d}}},
			nodes: 4, edges: 3, parts: 1,
		},
		{
			name: "faulty ways are left out",
			ways: []walknet.Way{
				street,
				{SourceID: "way/1", NodeIDs: []int64{1, 2}, Line: orb.LineString{c, d}},
				{SourceID: "way/4", NodeIDs: []int64{1}, Line: orb.LineString{a}},
				{SourceID: "way/5", Line: orb.LineString{a, {math.NaN(), 30}}},
				{SourceID: "way/6", Line: orb.LineString{a, {114, 91}}},
				{SourceID: "way/7", NodeIDs: []int64{1}, Line: orb.LineString{a, b}},
				{SourceID: "way/8", Line: orb.LineString{{-170, 0}, {0, 0}}},
			},
			nodes: 2, edges: 1, parts: 1, skipped: 6,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			n, rep := build(t, tt.ways, tt.barriers...)
			if n.Nodes() != tt.nodes || n.Edges() != tt.edges || len(rep.Components) != tt.parts || len(rep.Skipped) != tt.skipped {
				t.Errorf("%d nodes, %d edges, %d parts, %d skipped (%v); want %d, %d, %d, %d", n.Nodes(), n.Edges(),
					len(rep.Components), len(rep.Skipped), rep.Skipped, tt.nodes, tt.edges, tt.parts, tt.skipped)
			}
			checkReport(t, n, rep)
		})
	}
}

func TestBuildNamesReasons(t *testing.T) {
	t.Parallel()
	line := orb.LineString{metres(0, 0), metres(10, 0)}
	_, rep := build(t, []walknet.Way{
		{SourceID: "b", Line: line},
		{SourceID: "a", Line: line[:1]},
		{SourceID: "b", Line: line},
		{SourceID: "c", Line: orb.LineString{line[0], {200, 0}}},
		{SourceID: "d", NodeIDs: []int64{1}, Line: line},
		{SourceID: "e", Line: orb.LineString{{-100, 0}, {0, 0}}},
	}, walknet.Barrier{SourceID: "f", NodeID: 4})
	want := []walknet.Skipped{
		{"a", walknet.TooFewPoints},
		{"b", walknet.DuplicateSourceID},
		{"c", walknet.InvalidCoordinates},
		{"d", walknet.NodeIDMismatch},
		{"e", walknet.TooLong},
		{"f", walknet.BarrierOffNetwork},
	}
	if diff := cmp.Diff(want, rep.Skipped); diff != "" {
		t.Errorf("skipped (-want +got):\n%s", diff)
	}
}

func TestBuildRefusesJoinDistances(t *testing.T) {
	t.Parallel()
	for _, m := range []float64{-1, 51, math.NaN(), math.Inf(1)} {
		if _, _, err := walknet.Build(nil, nil, walknet.BuildOptions{JoinM: m}); !errors.Is(err, walknet.ErrJoin) {
			t.Errorf("join distance %v: %v", m, err)
		}
	}
}

func TestEmptyNetworkReachesNothing(t *testing.T) {
	t.Parallel()
	n, _ := build(t, nil)
	s := n.Snap(metres(0, 0), 1e6)
	if s.OK() {
		t.Errorf("snapped to %+v", s)
	}
	if ms, site := n.Nearest([]walknet.Snap{s}, 1000, 900).At(s); ms != walknet.Unreached || site != -1 {
		t.Errorf("nearest is %d in %d ms", site, ms)
	}
	r := n.Reach(s, 1000, 900)
	if ms := r.At(s); ms != walknet.Unreached {
		t.Errorf("reached in %d ms", ms)
	}
	if c := r.Circle(walknet.CircleOptions{}); c == nil || len(c) != 0 {
		t.Errorf("circle is %v, want an empty one", c)
	}
	for range r.Edges() {
		t.Error("an edge is reached")
	}
}

// content is all of a network that can be seen.
func content(n *walknet.Network) []string {
	all := []string{n.Version()}
	for e := range int32(n.Edges()) {
		id, _, _ := n.EdgeWay(e)
		all = append(all, id)
	}
	return all
}

func TestBuildIgnoresOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		ways, barriers := drawNetwork(t)
		for i := range ways { // some of them as lines
			if rapid.Bool().Draw(t, "line") {
				ways[i].NodeIDs = nil
			}
		}
		one, rep := build(t, ways, barriers...)
		two, rep2 := build(t, rapid.Permutation(ways).Draw(t, "ways"), rapid.Permutation(barriers).Draw(t, "barriers")...)
		if diff := cmp.Diff(content(one), content(two)); diff != "" {
			t.Fatalf("networks differ:\n%s", diff)
		}
		if diff := cmp.Diff(rep, rep2); diff != "" {
			t.Fatalf("reports differ:\n%s", diff)
		}
	})
}

func TestVersionFollowsContent(t *testing.T) {
	t.Parallel()
	way := walknet.Way{SourceID: "a", Name: "x", Class: "path", Line: orb.LineString{metres(0, 0), metres(10, 0)}}
	first, _ := build(t, []walknet.Way{way})
	for name, change := range map[string]func(*walknet.Way){
		"name":      func(w *walknet.Way) { w.Name = "y" },
		"class":     func(w *walknet.Way) { w.Class = "steps" },
		"source":    func(w *walknet.Way) { w.SourceID = "b" },
		"direction": func(w *walknet.Way) { w.Direction = walknet.Forward },
		"line":      func(w *walknet.Way) { w.Line = orb.LineString{w.Line[0], metres(10, 0.01)} },
	} {
		other := way
		change(&other)
		if n, _ := build(t, []walknet.Way{other}); n.Version() == first.Version() {
			t.Errorf("a change of %s does not change the version", name)
		}
	}
}
