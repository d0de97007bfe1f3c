package walknet

import "github.com/paulmach/orb"

// patch is what edits changed of a network: edges taken away, edges and nodes added
// after the last of the network's own, and the arcs of every node that either touched.
// The network's own arrays are shared and never written to.
type patch struct {
	gone   map[int32]struct{} // edges that are no more
	points []orb.Point        // of added nodes
	edges  []addedEdge
	dirty  bitset               // of the network's own nodes: arcs below, not in its arrays
	in     map[int32][]patchArc // arcs entering a node
	out    map[int32][]patchArc // arcs leaving a node
}

// patchArc is an arc by the node at its other end. An arc of no edge costs nothing: it
// joins what a barrier had kept apart.
type patchArc struct {
	node  int32
	edge  int32 // -1 for none
	ahead bool  // walked in the direction of the edge's line
}

// addedEdge is an edge that the network was not built with.
type addedEdge struct {
	from, to int32
	lengthMM int32
	dir      Direction
	way      wayInfo
	comp     int32
	line     []orb.Point
	alongMM  []int32
}

// patched says whether the arcs of a node are the patch's.
func (n *Network) patched(v int32) bool {
	return n.patch != nil && (int(v) >= len(n.points) || n.patch.dirty.has(v))
}

// arc is the time along an arc of a patch.
func (g *gait) arc(a patchArc) int64 {
	if a.edge < 0 {
		return 0
	}
	return g.edge(a.edge, a.ahead)
}
