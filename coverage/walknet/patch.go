package walknet

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"yike/geo"
)

// patch is what edits changed of a network: edges taken away, edges and nodes added
// after the last of the network's own, and the arcs of every node that either touched.
// The network's own arrays are shared and never written to. A patch is not written to
// either, once it is made.
type patch struct {
	gone   bitset            // edges that are no more
	pieces map[int32][]int32 // what stands in the stead of an edge that is no more, in its line's order
	points []orb.Point       // of added nodes
	edges  []addedEdge
	at     map[int32][]int32   // per node, the added edges that start or end there
	open   map[int32]bool      // gates that are not as they were built
	joined map[int32][]int32   // per post that was opened, the nodes that are one
	ends   map[int32][]edgeEnd // per post, of added paths
	parted map[int32]bool      // posts whose ends the patch gave nodes of their own

	dirty bitset               // of the network's own nodes: arcs below, not in its arrays
	in    map[int32][]patchArc // arcs entering a node
	out   map[int32][]patchArc // arcs leaving a node

	fresh []int32     // nodes that the last Edit touched, ascending
	areas []orb.Bound // of the lines that it took away or added
	first int         // index of the first edge that it added
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
	rise     int32 // mm up and down along its line
	fall     int32
	path     bool // a new line, not a part of an old one
	box      orb.Bound
	line     []orb.Point
	alongMM  []int32
}

// newEdge measures a line as Build does; false where it has no length.
func newEdge(from, to int32, line []orb.Point) (addedEdge, bool) {
	line = slices.Compact(slices.Clone(line))
	e := addedEdge{from: from, to: to, line: line, box: orb.LineString(line).Bound(), alongMM: make([]int32, len(line))}
	metres := 0.0
	for i := 1; i < len(line); i++ {
		metres += geo.Distance(line[i-1], line[i])
		e.alongMM[i] = int32(min(math.Round(metres*1000), math.MaxInt32))
	}
	e.lengthMM = e.alongMM[len(line)-1]
	return e, e.lengthMM > 0 && metres <= longestM
}

// inherit takes over all but ends, line and length. Of heights it takes its share by
// length: where the edge goes up and down is no longer known.
func (e *addedEdge) inherit(whole *addedEdge) {
	e.dir, e.way, e.comp, e.path = whole.dir, whole.way, whole.comp, whole.path
	part := func(climb int32) int32 {
		return int32(int64(climb) * int64(e.lengthMM) / int64(whole.lengthMM))
	}
	e.rise, e.fall = part(whole.rise), part(whole.fall)
}

// addedCopy is an edge as an added one.
func (n *Network) addedCopy(e int32) addedEdge {
	if a := n.added(e); a != nil {
		return *a
	}
	first, last := n.vertStart[e], n.vertStart[e+1]
	line := n.verts[first:last:last]
	t := n.traits(e)
	return addedEdge{
		rise: t.rise, fall: t.fall,
		from: n.from[e], to: n.to[e], lengthMM: n.lengthMM[e], dir: n.dir[e], way: n.ways[n.way[e]], comp: n.comp[e],
		box: orb.LineString(line).Bound(), line: line, alongMM: n.alongMM[first:last:last],
	}
}

// linesAt are the lines of an edge before and after a place on it.
func (n *Network) linesAt(s Snap) (head, tail []orb.Point) {
	e := n.addedCopy(s.Edge)
	i := 1
	for i < len(e.line)-1 && e.alongMM[i] <= s.OffsetMM {
		i++
	}
	head = append(slices.Clone(e.line[:i]), s.Point)
	tail = append([]orb.Point{s.Point}, e.line[i:]...)
	return head, tail
}

// added is an edge that edits added, nil for one of the network's own.
func (n *Network) added(e int32) *addedEdge {
	if int(e) < len(n.from) {
		return nil
	}
	return &n.patch.edges[int(e)-len(n.from)]
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

// patcher makes a patch on top of that of a network.
type patcher struct {
	net   *Network // with the patch in the making
	patch *patch
	fresh map[int32]struct{}
}

func newPatcher(n *Network) *patcher {
	old := n.patch
	if old == nil {
		old = &patch{dirty: newBitset(len(n.points)), gone: newBitset(len(n.from))}
	}
	p := &patch{
		gone: slices.Clone(old.gone), pieces: cloned(old.pieces), points: slices.Clip(old.points), edges: slices.Clip(old.edges),
		at: cloned(old.at), open: cloned(old.open), joined: cloned(old.joined), ends: cloned(old.ends), parted: cloned(old.parted),
		dirty: slices.Clone(old.dirty), in: cloned(old.in), out: cloned(old.out), first: n.Edges(),
	}
	next := &Network{
		points: n.points, from: n.from, to: n.to, lengthMM: n.lengthMM, dir: n.dir, way: n.way, comp: n.comp,
		vertStart: n.vertStart, verts: n.verts, alongMM: n.alongMM, vertEdge: n.vertEdge, out: n.out, in: n.in,
		ways: n.ways, gates: n.gates, posts: n.posts, index: n.index, bound: n.bound,
		rise: n.rise, fall: n.fall, profile: n.profile, costs: n.costs,
		patch: p, parent: n, searchers: n.searchers, bandSearches: n.bandSearches,
	}
	return &patcher{net: next, patch: p, fresh: map[int32]struct{}{}}
}

func cloned[K comparable, V any](m map[K]V) map[K]V {
	if m == nil {
		return map[K]V{}
	}
	return maps.Clone(m)
}

func (b *patcher) addNode(p orb.Point) int32 {
	b.patch.points = append(b.patch.points, p)
	return int32(b.net.Nodes() - 1)
}

// add adds an edge and returns its number.
func (b *patcher) add(e addedEdge) int32 {
	number := int32(b.net.Edges())
	b.patch.edges = append(b.patch.edges, e)
	if words := (b.net.Edges() + 63) / 64; len(b.patch.gone) < words {
		b.patch.gone = append(b.patch.gone, 0)
	}
	for _, v := range [2]int32{e.from, e.to} {
		b.fresh[v] = struct{}{}
		if on := b.patch.at[v]; !slices.Contains(on, number) {
			b.patch.at[v] = append(slices.Clip(on), number)
		}
	}
	b.patch.areas = append(b.patch.areas, e.box)
	return number
}

// replace takes an edge away and puts others in its stead.
func (b *patcher) replace(e int32, by ...addedEdge) {
	from, to := b.net.EdgeEnds(e)
	b.fresh[from], b.fresh[to] = struct{}{}, struct{}{}
	b.patch.areas = append(b.patch.areas, orb.LineString(b.net.line(e)).Bound())
	b.patch.gone.set(e)
	b.patch.pieces[e] = nil
	for _, piece := range by {
		b.patch.pieces[e] = append(b.patch.pieces[e], b.add(piece))
	}
}

// join makes some nodes one by arcs that cost nothing; none parts them again.
func (b *patcher) join(post int32, nodes []int32) {
	for _, v := range b.patch.joined[post] {
		b.fresh[v] = struct{}{}
	}
	slices.Sort(nodes)
	b.patch.joined[post] = slices.Compact(nodes)
	for _, v := range nodes {
		b.fresh[v] = struct{}{}
	}
}

// finish works the arcs of the touched nodes out.
func (b *patcher) finish(edits []Edit) *Network {
	n, p := b.net, b.patch
	p.fresh = slices.Sorted(maps.Keys(b.fresh))
	joins := make(map[int32][]int32)
	for _, post := range slices.Sorted(maps.Keys(p.joined)) {
		nodes := p.joined[post]
		for _, v := range nodes[min(1, len(nodes)):] { // a star
			joins[nodes[0]] = append(joins[nodes[0]], v)
			joins[v] = append(joins[v], nodes[0])
		}
	}
	for _, v := range p.fresh {
		if int(v) < len(n.points) {
			p.dirty.set(v)
		}
		p.in[v], p.out[v] = n.patchArcs(v, &n.in, Backward), n.patchArcs(v, &n.out, Forward)
		for _, u := range joins[v] {
			p.in[v], p.out[v] = append(p.in[v], patchArc{u, -1, true}), append(p.out[v], patchArc{u, -1, true})
		}
	}
	for _, e := range p.edges[p.first-len(n.from):] {
		for _, q := range e.line {
			n.bound = union(n.bound, orb.Bound{Min: q, Max: q})
		}
	}
	n.version = b.digest(edits)
	return n
}

// patchArcs are the arcs of a node: what is left of the network's own, and those of
// added edges. along is Forward for the arcs that leave it, Backward for those that enter.
func (n *Network) patchArcs(v int32, own *adjacency, along Direction) []patchArc {
	var arcs []patchArc
	if int(v) < len(n.points) {
		for i := own.start[v]; i < own.start[v+1]; i++ {
			if e := own.edge[i]; n.Usable(e) {
				ahead := (along == Forward) == (n.from[e] == v)
				arcs = append(arcs, patchArc{own.arcs[i].node, e, ahead})
			}
		}
	}
	for _, e := range n.patch.at[v] {
		a := n.added(e)
		if !n.Usable(e) {
			continue
		}
		near, far := a.from, a.to
		if along == Backward {
			near, far = far, near
		}
		if near == v && a.dir != Backward {
			arcs = append(arcs, patchArc{far, e, true})
		}
		if far == v && a.dir != Forward {
			arcs = append(arcs, patchArc{near, e, false})
		}
	}
	return arcs
}

// digest follows from the parent's version and the edits.
func (b *patcher) digest(edits []Edit) string {
	h := hasher{Hash: sha256.New()}
	h.text(b.net.parent.version)
	h.text(fmt.Sprint(b.net.profile))
	for _, e := range edits {
		h.int(int(e.Kind))
		h.int(int(e.Edge))
		h.text(e.ID)
		for _, s := range [3]string{e.Path.ID, e.Path.Name, e.Path.Class} {
			h.text(s)
		}
		h.int(int(e.Path.Direction))
		h.int(int(math.Float64bits(e.Path.JoinM)))
		h.int(len(e.Path.Line))
		for _, p := range e.Path.Line {
			h.point(p)
		}
	}
	h.flush()
	return hex.EncodeToString(h.Sum(nil)[:16])
}
