package walknet_test

import (
	"slices"
	"testing"

	"github.com/paulmach/orb"

	"yike/coverage/walknet"
)

// TestPlacesOnALoopAreListedOnce holds for a street that comes back to where it leaves
// another: it stands twice at that crossing. So it does beside a path that an edit adds.
func TestPlacesOnALoopAreListedOnce(t *testing.T) {
	t.Parallel()
	at := func(east, north float64) orb.Point { return orb.Point{114.27 + east/95_900, 30.63 + north/110_900} }
	net, _, err := walknet.Build([]walknet.Way{
		{SourceID: "street", NodeIDs: []int64{1, 2, 3}, Line: orb.LineString{at(0, 0), at(300, 0), at(600, 0)}},
		{SourceID: "loop", NodeIDs: []int64{2, 4, 5, 2}, Line: orb.LineString{at(300, 0), at(250, 100), at(350, 100), at(300, 0)}},
	}, nil, walknet.BuildOptions{})
	if err != nil {
		t.Fatal(err)
	}
	loop := net.Snap(at(300, 105), 60)
	if from, to := net.EdgeEnds(loop.Edge); from != to {
		t.Fatal("the loop is none")
	}
	edited, err := net.Edit(walknet.Edit{Kind: walknet.AddPath, Path: walknet.Path{ID: "new", Line: orb.LineString{at(300, 0), at(500, 0)}}})
	if err != nil {
		t.Fatal(err)
	}
	for name, n := range map[string]*walknet.Network{"as built": net, "edited": edited} {
		site := n.Snap(at(100, 5), 60)
		got, _ := n.NewPlaces([]walknet.Snap{n.Snap(at(300, 105), 60), n.Snap(at(500, 5), 60)}).Lists([]walknet.Snap{site}, 1_000_000, 1000, 1).Of(0)
		got = slices.Sorted(slices.Values(got))
		if !slices.Equal(got, []int32{0, 1}) {
			t.Errorf("%s: %v", name, got)
		}
		edges := slices.Sorted(n.Reach(site, 1_000_000, 1000).Edges())
		if once := slices.Compact(slices.Clone(edges)); len(once) != len(edges) || !slices.Contains(once, loop.Edge) {
			t.Errorf("%s: the edges within reach are %v, want each once and the loop %d", name, edges, loop.Edge)
		}
	}
}
