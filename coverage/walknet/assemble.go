package walknet

import (
	"cmp"
	"math"
	"slices"
	"sync"

	"github.com/paulmach/orb"

	"yike/geo"
)

// assemble numbers nodes and edges and lays them out flat. Pieces without length
// vanish and their ends become one node.
func (d *draft) assemble(barriers []Barrier, rep *Report) *Network {
	d.measure(rep)
	join := newUnionFind(len(d.points))
	kept := d.pieces[:0]
	for _, p := range d.pieces {
		if p.alongMM[len(p.alongMM)-1] == 0 {
			join.union(p.from, p.to)
			d.keepPosts(p)
			continue
		}
		kept = append(kept, p)
	}
	for i := range kept {
		kept[i].from, kept[i].to = join.find(kept[i].from), join.find(kept[i].to)
	}
	n := &Network{bound: boundOf(kept), searchers: &sync.Pool{}, bandSearches: &sync.Pool{}, costs: &costCache{}}
	number := n.numberNodes(d.points, kept)
	for i := range kept {
		kept[i].from, kept[i].to = number[kept[i].from], number[kept[i].to]
	}
	slices.SortStableFunc(kept, func(a, b piece) int {
		return cmp.Or(cmp.Compare(min(a.from, a.to), min(b.from, b.to)), cmp.Compare(max(a.from, a.to), max(b.from, b.to)))
	})
	n.layEdges(d.ways, kept)
	n.layArcs()
	n.layGates(d, barriers, kept, func(v int32) int32 { return number[join.find(v)] })
	rep.Ways, rep.Nodes, rep.Edges = len(n.ways), len(n.points), len(n.from)
	return n
}

// keepPosts notes the nodes of a piece without length that lies at a gate.
func (d *draft) keepPosts(p piece) {
	if p.postFrom >= 0 {
		d.posts[p.postFrom].nodes = append(d.posts[p.postFrom].nodes, p.from)
	}
	if p.postTo >= 0 {
		d.posts[p.postTo].nodes = append(d.posts[p.postTo].nodes, p.to)
	}
}

// longestM is the length in metres above which an edge is taken for a mistake.
const longestM = 2_000_000

// measure drops repeated vertices and computes each piece's length; the running
// length in metres is rounded to millimetres once per vertex.
func (d *draft) measure(rep *Report) {
	kept := d.pieces[:0]
	for _, p := range d.pieces {
		p.line = slices.Compact(slices.Clone(p.line))
		if len(p.line) == 1 {
			p.line = append(p.line, p.line[0])
		}
		p.alongMM = make([]int32, len(p.line))
		metres := 0.0
		for i := 1; i < len(p.line); i++ {
			metres += geo.Distance(p.line[i-1], p.line[i])
			p.alongMM[i] = int32(min(math.Round(metres*1000), math.MaxInt32))
		}
		if metres > longestM {
			rep.Skipped = append(rep.Skipped, Skipped{d.ways[p.way].SourceID, TooLong})
			continue
		}
		kept = append(kept, p)
	}
	d.pieces = kept
}

func boundOf(pieces []piece) orb.Bound {
	b := orb.Bound{Min: orb.Point{1, 1}, Max: orb.Point{-1, -1}} // empty
	for i, p := range pieces {
		if i == 0 {
			b = orb.Bound{Min: p.line[0], Max: p.line[0]}
		}
		for _, q := range p.line {
			b = b.Extend(q)
		}
	}
	return b
}

// numberNodes places the nodes in use along a Hilbert curve and returns the new
// number of each draft node.
func (n *Network) numberNodes(points []orb.Point, pieces []piece) []int32 {
	number := make([]int32, len(points))
	for i := range number {
		number[i] = -1
	}
	type placed struct {
		key  uint64
		node int32
	}
	var order []placed
	use := func(v int32) {
		if number[v] < 0 {
			number[v] = 0
			order = append(order, placed{hilbert(points[v], n.bound), v})
		}
	}
	for _, p := range pieces {
		use(p.from)
		use(p.to)
	}
	slices.SortFunc(order, func(a, b placed) int {
		return cmp.Or(cmp.Compare(a.key, b.key), comparePoints(points[a.node], points[b.node]), cmp.Compare(a.node, b.node))
	})
	n.points = make([]orb.Point, len(order))
	for i, o := range order {
		number[o.node] = int32(i)
		n.points[i] = points[o.node]
	}
	return number
}

func (n *Network) layEdges(ways []*Way, pieces []piece) {
	total := 0
	for _, p := range pieces {
		total += len(p.line)
	}
	k := len(pieces)
	n.from, n.to, n.lengthMM, n.way = make([]int32, k), make([]int32, k), make([]int32, k), make([]int32, k)
	n.dir, n.comp, n.vertStart = make([]Direction, k), make([]int32, k), make([]int32, k+1)
	n.verts, n.alongMM, n.vertEdge = make([]orb.Point, 0, total), make([]int32, 0, total), make([]int32, 0, total)
	info := make([]int32, len(ways)) // 1 + index into n.ways
	for e, p := range pieces {
		w := ways[p.way]
		n.from[e], n.to[e], n.dir[e] = p.from, p.to, w.Direction
		n.lengthMM[e] = p.alongMM[len(p.alongMM)-1]
		n.verts = append(n.verts, p.line...)
		n.alongMM = append(n.alongMM, p.alongMM...)
		for range p.line {
			n.vertEdge = append(n.vertEdge, int32(e))
		}
		n.vertStart[e+1] = int32(len(n.verts))
		if info[p.way] == 0 {
			n.ways = append(n.ways, wayInfo{sourceID: w.SourceID, name: w.Name, class: w.Class, crossing: w.Crossing, wheels: w.Wheels})
			info[p.way] = int32(len(n.ways))
		}
		n.way[e] = info[p.way] - 1
		n.ways[n.way[e]].mm += int64(n.lengthMM[e])
		n.layClimb(e, &pieces[e])
	}
}

// layClimb keeps how far an edge goes up and down, from the first edge on that does.
func (n *Network) layClimb(e int, p *piece) {
	if p.rise == 0 && p.fall == 0 {
		return
	}
	if n.rise == nil {
		n.rise, n.fall = make([]int32, len(n.from)), make([]int32, len(n.from))
	}
	n.rise[e], n.fall[e] = p.rise, p.fall
}

// layArcs fills the two adjacencies; where every edge goes both ways they are the
// same and share their memory.
func (n *Network) layArcs() {
	n.out = n.adjacency(func(a Arc) (int32, int32) { return a.From, a.To })
	if !slices.ContainsFunc(n.dir, func(d Direction) bool { return d != Both }) {
		n.in = n.out
		return
	}
	n.in = n.adjacency(func(a Arc) (int32, int32) { return a.To, a.From })
}

func (n *Network) adjacency(ends func(Arc) (at, other int32)) adjacency {
	start := make([]int32, len(n.points)+1)
	for a := range n.Arcs() {
		at, _ := ends(a)
		start[at+1]++
	}
	for v := range n.points {
		start[v+1] += start[v]
	}
	adj := adjacency{start: start, arcs: make([]halfArc, start[len(n.points)]), edge: make([]int32, start[len(n.points)])}
	next := slices.Clone(start)
	for a := range n.Arcs() {
		at, other := ends(a)
		i := next[at]
		next[at]++
		adj.arcs[i], adj.edge[i] = halfArc{other, a.LengthMM}, a.Edge
	}
	return adj
}
