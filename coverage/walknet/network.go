package walknet

import (
	"iter"
	"maps"
	"slices"
	"sync"

	"github.com/paulmach/orb"
)

// Network is the pedestrian network: built once, read-only, safe for any number
// of readers. Nodes are numbered along a Hilbert curve, so that what lies close on
// the ground lies close in memory; edges follow their nodes.
type Network struct {
	points []orb.Point // per node

	from, to []int32     // per edge, nodes
	lengthMM []int32     // per edge, never 0
	dir      []Direction // per edge, relative to from → to
	way      []int32     // per edge, index into ways
	comp     []int32     // per edge; 0 is the longest component

	vertStart []int32     // len edges+1, into verts and alongMM
	verts     []orb.Point // all edges' lines, end to end
	alongMM   []int32     // per vertex, millimetres from its edge's start
	vertEdge  []int32     // per vertex, its edge

	out adjacency // arcs leaving a node
	in  adjacency // arcs entering a node, by the node they come from

	ways    []wayInfo
	gates   []gate // by SourceID
	posts   []post
	index   segmentIndex
	bound   orb.Bound
	version string

	patch  *patch   // nil for a network as it was built
	parent *Network // that Edit was asked of; nil for a network as it was built

	rise, fall []int32 // per edge, mm up and down along its line; nil where no way has heights
	profile    Profile // whom the times are for
	costs      *costCache

	searchers    *sync.Pool // of *Searcher; shared with what edits make of the network
	bandSearches *sync.Pool // of *bandSearch; shared likewise
	canvases     sync.Pool  // of *canvas
	grounds      sync.Map   // of *ground by groundKey
}

type wayInfo struct {
	sourceID, name, class string
	crossing              Crossing
	wheels                Wheels
	mm                    int64 // length of all its edges
}

// traits are what profiles ask of an edge.
func (n *Network) traits(e int32) traits {
	way, t := (*wayInfo)(nil), traits{}
	if a := n.added(e); a != nil {
		way, t.rise, t.fall = &a.way, a.rise, a.fall
	} else {
		way = &n.ways[n.way[e]]
		if n.rise != nil {
			t.rise, t.fall = n.rise[e], n.fall[e]
		}
	}
	t.stairs, t.crossing, t.wheels, t.wayMM = way.class == "steps", way.crossing, way.wheels, way.mm
	return t
}

// adjacency is a graph in compressed rows: the arcs of node v are
// arcs[start[v]:start[v+1]], their edges at the same places of edge.
type adjacency struct {
	start []int32
	arcs  []halfArc
	edge  []int32
}

// halfArc is 8 bytes, the only thing that a search touches per arc.
type halfArc struct {
	node int32
	mm   int32
}

// Nodes is the number of nodes, those of closed streets included.
func (n *Network) Nodes() int {
	if n.patch != nil {
		return len(n.points) + len(n.patch.points)
	}
	return len(n.points)
}

// Edges is the number of edges, those that edits took away included, see Usable.
func (n *Network) Edges() int {
	if n.patch != nil {
		return len(n.from) + len(n.patch.edges)
	}
	return len(n.from)
}

// Version identifies the content: equal networks have equal versions, whatever
// order their ways were given in. It is 32 hex digits.
func (n *Network) Version() string { return n.version }

// Bound is the box around all edges, in degrees; empty for an empty network.
func (n *Network) Bound() orb.Bound { return n.bound }

// NodePoint is the place of node v.
func (n *Network) NodePoint(v int32) orb.Point {
	if int(v) >= len(n.points) {
		return n.patch.points[int(v)-len(n.points)]
	}
	return n.points[v]
}

// EdgeLine is a copy of the line of edge e, from its start to its end.
func (n *Network) EdgeLine(e int32) orb.LineString {
	return append(orb.LineString(nil), n.line(e)...)
}

func (n *Network) line(e int32) []orb.Point {
	if a := n.added(e); a != nil {
		return a.line
	}
	return n.verts[n.vertStart[e]:n.vertStart[e+1]]
}

// lineAlong is the line of an edge and, per vertex, the millimetres from its start.
func (n *Network) lineAlong(e int32) ([]orb.Point, []int32) {
	if a := n.added(e); a != nil {
		return a.line, a.alongMM
	}
	first, last := n.vertStart[e], n.vertStart[e+1]
	return n.verts[first:last], n.alongMM[first:last]
}

// segments says which vertices begin a segment: all but the last of each edge.
func (n *Network) segments() func(int32) bool {
	return func(i int32) bool { return n.alongMM[i+1] != 0 }
}

// EdgeWay says which way edge e is a part of.
func (n *Network) EdgeWay(e int32) (sourceID, name, class string) {
	if a := n.added(e); a != nil {
		return a.way.sourceID, a.way.name, a.way.class
	}
	w := n.ways[n.way[e]]
	return w.sourceID, w.name, w.class
}

// EdgeEnds are the nodes that edge e starts and ends at.
func (n *Network) EdgeEnds(e int32) (from, to int32) {
	if a := n.added(e); a != nil {
		return a.from, a.to
	}
	return n.from[e], n.to[e]
}

// EdgeLengthMM is the length of edge e in millimetres, at least 1.
func (n *Network) EdgeLengthMM(e int32) int32 {
	if a := n.added(e); a != nil {
		return a.lengthMM
	}
	return n.lengthMM[e]
}

// EdgeDirection says which way one may walk along edge e.
func (n *Network) EdgeDirection(e int32) Direction {
	if a := n.added(e); a != nil {
		return a.dir
	}
	return n.dir[e]
}

// Component is the connected piece that edge e lies in, one-way rules left aside.
// 0 is the longest; the numbers are those of Report.Components. Edits do not change
// it; a path that they added belongs to the piece that its first point was joined to.
func (n *Network) Component(e int32) int32 {
	if a := n.added(e); a != nil {
		return a.comp
	}
	return n.comp[e]
}

// Arc is one direction of an edge that may be walked.
type Arc struct {
	From, To int32 // nodes
	Edge     int32
	LengthMM int32
	Forward  bool // along the edge's line
}

// Arcs yields every arc, by edge, forward first. Where an edit opened a gate, arcs of
// edge -1 and no length follow that join what it had kept apart.
func (n *Network) Arcs() iter.Seq[Arc] {
	return func(yield func(Arc) bool) {
		for e := range int32(n.Edges()) {
			if !n.Usable(e) {
				continue
			}
			from, to := n.EdgeEnds(e)
			mm, dir := n.EdgeLengthMM(e), n.EdgeDirection(e)
			if dir != Backward && !yield(Arc{from, to, e, mm, true}) {
				return
			}
			if dir != Forward && !yield(Arc{to, from, e, mm, false}) {
				return
			}
		}
		n.joints(yield)
	}
}

// joints yields the arcs that opened gates are.
func (n *Network) joints(yield func(Arc) bool) {
	if n.patch == nil {
		return
	}
	for _, post := range slices.Sorted(maps.Keys(n.patch.joined)) {
		nodes := n.patch.joined[post]
		for _, v := range nodes[min(1, len(nodes)):] {
			if !yield(Arc{nodes[0], v, -1, 0, true}) || !yield(Arc{v, nodes[0], -1, 0, false}) {
				return
			}
		}
	}
}
