package walknet

import (
	"cmp"
	"slices"

	"github.com/paulmach/orb"
)

// touchM is how near a vertex must lie to another line to be on it: what a rounded
// coordinate may be off.
const touchM = 0.01

// noder cuts the ways of line layers where they meet and says which cuts are one node.
type noder struct {
	d     *draft
	join  float64
	plane plane
	ways  []int32     // indexes into d.ways
	first []int32     // per way, its first vertex; one more at the end
	verts []orb.Point // of all ways
	xy    []vec       // the same in metres
	along []float64   // metres from the way's start
	owner []int32     // per vertex, index into ways
	index segmentIndex

	cuts     []cut
	atVertex map[int32]int32 // cuts that lie on vertices
	same     [][2]int32      // pairs of cuts that are one node
}

// cut is a place where a way is cut: share t of the segment that begins at vertex
// seg, or that vertex itself.
type cut struct {
	seg   int32
	t     float64
	place orb.Point
	end   bool // of its way
}

// addLines cuts the ways without node ids and adds their pieces.
func (d *draft) addLines(barriers []Barrier, matched []bool, join float64) {
	n := newNoder(d, join)
	if len(n.ways) == 0 {
		return
	}
	for w := range n.ways {
		n.vertexCut(n.first[w])
		n.vertexCut(n.last(w))
	}
	n.joinVertices()
	n.joinCrossings()
	n.addPieces(barriers, n.matchBarriers(barriers, matched))
}

func newNoder(d *draft, join float64) *noder {
	n := &noder{d: d, join: join, atVertex: make(map[int32]int32)}
	for w, way := range d.ways {
		if way.NodeIDs != nil {
			continue
		}
		n.first = append(n.first, int32(len(n.verts)))
		for range way.Line {
			n.owner = append(n.owner, int32(len(n.ways)))
		}
		n.ways = append(n.ways, int32(w))
		n.verts = append(n.verts, way.Line...)
	}
	n.first = append(n.first, int32(len(n.verts)))
	if len(n.ways) == 0 {
		return n
	}
	box := orb.MultiPoint(n.verts).Bound()
	n.plane = planeAt(box.Center())
	n.xy, n.along = make([]vec, len(n.verts)), make([]float64, len(n.verts))
	for i, p := range n.verts {
		n.xy[i] = n.plane.to(p)
		if i > 0 && n.owner[i] == n.owner[i-1] {
			n.along[i] = n.along[i-1] + n.xy[i].dist(n.xy[i-1])
		}
	}
	n.index = newSegmentIndex(n.verts, box, func(i int32) bool { return n.owner[i] == n.owner[i+1] })
	return n
}

func (n *noder) last(way int) int32 { return n.first[way+1] - 1 }

func (n *noder) isEnd(v int32) bool {
	w := n.owner[v]
	return v == n.first[w] || v == n.first[w+1]-1
}

// level is the layer a way lies on. A bridge or tunnel without a layer is one
// above or below the ground, or it would join what it crosses.
func (n *noder) level(way int32) int {
	w := n.d.ways[n.ways[way]]
	switch {
	case w.Level == 0 && w.Bridge:
		return 1
	case w.Level == 0 && w.Tunnel:
		return -1
	}
	return int(w.Level)
}

// vertexCut is the cut at a vertex, the same one however often asked for.
func (n *noder) vertexCut(v int32) int32 {
	c, ok := n.atVertex[v]
	if !ok {
		c = n.add(cut{seg: v, place: n.verts[v], end: n.isEnd(v)})
		n.atVertex[v] = c
	}
	return c
}

// cutAt is the cut at share t of the segment beginning at seg; on a vertex it is
// that vertex's.
func (n *noder) cutAt(seg int32, t float64) int32 {
	switch t {
	case 0:
		return n.vertexCut(seg)
	case 1:
		return n.vertexCut(seg + 1)
	}
	return n.add(cut{seg: seg, t: t, place: n.plane.from(n.xy[seg].lerp(n.xy[seg+1], t))})
}

func (n *noder) add(c cut) int32 {
	n.cuts = append(n.cuts, c)
	return int32(len(n.cuts) - 1)
}

func (n *noder) joined(a, b int32) { n.same = append(n.same, [2]int32{a, b}) }

// box is the square of half width m around a place.
func (n *noder) box(p vec, m float64) orb.Bound {
	return orb.Bound{Min: n.plane.from(vec{p.x - m, p.y - m}), Max: n.plane.from(vec{p.x + m, p.y + m})}
}

// addPieces turns cuts into nodes and the stretches between them into pieces. A
// node lies where one of its cuts inside a line lies, so that through lines stay
// straight, else at one of its ends; the ends of its pieces move there.
func (n *noder) addPieces(barriers []Barrier, at map[int]int32) {
	sets := newUnionFind(len(n.cuts))
	for _, pair := range n.same {
		sets.union(pair[0], pair[1])
	}
	place := make(map[int32]orb.Point)
	for c := range n.cuts {
		root := sets.find(int32(c))
		if _, ok := place[root]; !ok || (!n.cuts[c].end && n.cuts[root].end && place[root] == n.cuts[root].place) {
			place[root] = n.cuts[c].place
		}
	}
	nodes := make(map[int32]int32)
	for c := range n.cuts {
		if root := sets.find(int32(c)); root == int32(c) {
			nodes[root] = n.d.node(place[root])
		}
	}
	for i, c := range at {
		v := nodes[sets.find(c)]
		n.d.gateNode[i] = v
		n.d.blocked[v] = n.d.blocked[v] || !barriers[i].Passable
	}
	order := n.ordered()
	for i := 1; i < len(order); i++ {
		a, b := order[i-1], order[i]
		if n.owner[n.cuts[a].seg] != n.owner[n.cuts[b].seg] {
			continue
		}
		from, to := nodes[sets.find(a)], nodes[sets.find(b)]
		owner := n.owner[n.cuts[a].seg]
		first := n.first[owner]
		rise, fall := n.d.ways[n.ways[owner]].climb(int(n.cuts[a].seg-first), n.cuts[a].t, int(n.cuts[b].seg-first), n.cuts[b].t)
		n.d.pieces = append(n.d.pieces, piece{
			way: n.ways[owner], from: from, to: to, rise: rise, fall: fall,
			line: n.stretch(n.cuts[a], n.cuts[b], n.d.points[from], n.d.points[to]),
		})
	}
}

// ordered are the cuts along their ways.
func (n *noder) ordered() []int32 {
	order := make([]int32, len(n.cuts))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int {
		x, y := n.cuts[a], n.cuts[b]
		return cmp.Or(cmp.Compare(x.seg, y.seg), cmp.Compare(x.t, y.t), cmp.Compare(a, b))
	})
	return order
}

// stretch is the line between two cuts of a way, its ends moved to their nodes.
func (n *noder) stretch(a, b cut, from, to orb.Point) []orb.Point {
	line := []orb.Point{from}
	line = append(line, n.verts[a.seg+1:max(a.seg+1, b.seg)]...)
	if b.t > 0 && b.seg > a.seg {
		line = append(line, n.verts[b.seg])
	}
	return append(line, to)
}
