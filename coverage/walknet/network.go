package walknet

import (
	"iter"
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
	index   segmentIndex
	bound   orb.Bound
	version string

	patch *patch // nil for a network as it was built

	searchers *sync.Pool // of *Searcher; shared with what edits make of the network
	canvases  sync.Pool  // of *canvas
	grounds   sync.Map   // of *ground by groundKey
}

type wayInfo struct{ sourceID, name, class string }

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

// Nodes is the number of nodes.
func (n *Network) Nodes() int { return len(n.points) }

// Edges is the number of edges.
func (n *Network) Edges() int { return len(n.from) }

// Version identifies the content: equal networks have equal versions, whatever
// order their ways were given in. It is 32 hex digits.
func (n *Network) Version() string { return n.version }

// Bound is the box around all edges, in degrees; empty for an empty network.
func (n *Network) Bound() orb.Bound { return n.bound }

// NodePoint is the place of node v.
func (n *Network) NodePoint(v int32) orb.Point { return n.points[v] }

// EdgeLine is a copy of the line of edge e, from its start to its end.
func (n *Network) EdgeLine(e int32) orb.LineString {
	return append(orb.LineString(nil), n.line(e)...)
}

func (n *Network) line(e int32) []orb.Point {
	return n.verts[n.vertStart[e]:n.vertStart[e+1]]
}

// segments says which vertices begin a segment: all but the last of each edge.
func (n *Network) segments() func(int32) bool {
	return func(i int32) bool { return n.alongMM[i+1] != 0 }
}

// EdgeWay says which way edge e is a part of.
func (n *Network) EdgeWay(e int32) (sourceID, name, class string) {
	w := n.ways[n.way[e]]
	return w.sourceID, w.name, w.class
}

// EdgeEnds are the nodes that edge e starts and ends at.
func (n *Network) EdgeEnds(e int32) (from, to int32) { return n.from[e], n.to[e] }

// EdgeLengthMM is the length of edge e in millimetres, at least 1.
func (n *Network) EdgeLengthMM(e int32) int32 { return n.lengthMM[e] }

// EdgeDirection says which way one may walk along edge e.
func (n *Network) EdgeDirection(e int32) Direction { return n.dir[e] }

// Component is the connected piece that edge e lies in, one-way rules left aside.
// 0 is the longest; the numbers are those of Report.Components.
func (n *Network) Component(e int32) int32 { return n.comp[e] }

// Arc is one direction of an edge that may be walked.
type Arc struct {
	From, To int32 // nodes
	Edge     int32
	LengthMM int32
	Forward  bool // along the edge's line
}

// Arcs yields every arc, by edge, forward first.
func (n *Network) Arcs() iter.Seq[Arc] {
	return func(yield func(Arc) bool) {
		for e := range n.from {
			mm := n.lengthMM[e]
			if n.dir[e] != Backward && !yield(Arc{n.from[e], n.to[e], int32(e), mm, true}) {
				return
			}
			if n.dir[e] != Forward && !yield(Arc{n.to[e], n.from[e], int32(e), mm, false}) {
				return
			}
		}
	}
}
