package demogen

import (
	"slices"

	"github.com/paulmach/orb"
)

// tag is one key and value of an OSM element.
type tag struct{ k, v string }

// node is a point of the street network; its id is its index plus one.
type node struct {
	p    orb.Point
	tags []tag
}

// way is a line of the street network; its id is its index plus one.
type way struct {
	nodes []int64
	tags  []tag
}

// net is the network as it will be written: topological, shared nodes are junctions.
type net struct {
	ground  ground
	nodes   []node
	ways    []way
	ofPoint map[int32]int64   // mesh vertex -> node
	ofEdge  map[int32][]int64 // mesh edge -> its nodes from a to b
}

func newNet(g ground) *net {
	return &net{ground: g, ofPoint: map[int32]int64{}, ofEdge: map[int32][]int64{}}
}

func (n *net) node(p vec, tags ...tag) int64 {
	n.nodes = append(n.nodes, node{n.ground.point(p), tags})
	return int64(len(n.nodes))
}

func (n *net) way(nodes []int64, tags ...tag) {
	if len(nodes) > 1 {
		n.ways = append(n.ways, way{nodes, tags})
	}
}

// vertex is the node of a mesh vertex, one and the same for all who ask.
func (n *net) vertex(m *mesh, v int32) int64 {
	id, ok := n.ofPoint[v]
	if !ok {
		id = n.node(m.points[v])
		n.ofPoint[v] = id
	}
	return id
}

// edge is the nodes along a mesh edge from a to b: the same for the road that runs
// there and for the borders of the divisions.
func (n *net) edge(m *mesh, e int32) []int64 {
	if ids, ok := n.ofEdge[e]; ok {
		return ids
	}
	ed := m.edges[e]
	ids := []int64{n.vertex(m, ed.a)}
	for _, p := range chords(m.points[ed.a], m.points[ed.b]) {
		ids = append(ids, n.node(p))
	}
	ids = append(ids, n.vertex(m, ed.b))
	n.ofEdge[e] = ids
	return ids
}

// halfEdge is as edge, in the direction of a half-edge.
func (n *net) halfEdge(m *mesh, h int32) []int64 {
	ids := n.edge(m, h>>1)
	if h&1 == 0 {
		return ids
	}
	back := slices.Clone(ids)
	slices.Reverse(back)
	return back
}

// path lays a way through points of the plan between two known nodes (0 makes a
// new one), bending it as the ground bends.
func (n *net) path(from int64, points []vec, to int64, tags ...tag) {
	ids := make([]int64, 0, len(points)+8)
	for i, p := range points {
		if i > 0 {
			for _, c := range chords(points[i-1], p) {
				ids = append(ids, n.node(c))
			}
		}
		switch {
		case i == 0 && from > 0:
			ids = append(ids, from)
		case i == len(points)-1 && to > 0:
			ids = append(ids, to)
		default:
			ids = append(ids, n.node(p))
		}
	}
	n.way(ids, tags...)
}

// layStreets writes the roads of the mesh: each road's edges in their order, broken
// where the way it passes changes.
func (l *layout) layStreets(n *net) {
	byRoad := make([][]int32, len(l.roads))
	for e, ed := range l.mesh.edges {
		if ed.road >= 0 && l.inside(ed) {
			l.mesh.edges[e].form = l.formOf(ed)
			byRoad[ed.road] = append(byRoad[ed.road], int32(e))
		}
	}
	for r, edges := range byRoad {
		for _, chain := range l.chains(edges) {
			l.layChain(n, int32(r), chain)
		}
	}
}

func (l *layout) inside(e edge) bool {
	return (e.left >= 0 && l.mesh.faces[e.left].use != outside) || (e.right >= 0 && l.mesh.faces[e.right].use != outside)
}

// formOf says how a road passes the land on both its sides.
func (l *layout) formOf(e edge) form {
	if e.left < 0 || e.right < 0 {
		return onGround
	}
	a, b := l.mesh.faces[e.left].use, l.mesh.faces[e.right].use
	switch {
	case a == river && b == river:
		return onBridge
	case a.band() && a == b:
		return l.roads[e.road].overRail
	}
	return onGround
}

// chains orders the edges of one road into runs of the same form, as half-edges.
func (l *layout) chains(edges []int32) [][]int32 {
	at := map[int32][]int32{} // vertex -> half-edges leaving it
	for _, e := range edges {
		at[l.mesh.edges[e].a] = append(at[l.mesh.edges[e].a], 2*e)
		at[l.mesh.edges[e].b] = append(at[l.mesh.edges[e].b], 2*e+1)
	}
	used := map[int32]bool{}
	var out [][]int32
	walk := func(h int32) {
		chain := []int32{h}
		used[h>>1] = true
		for {
			v := l.mesh.origin(chain[len(chain)-1] ^ 1)
			next := int32(-1)
			for _, g := range at[v] {
				if !used[g>>1] && l.mesh.edges[g>>1].form == l.mesh.edges[h>>1].form {
					next = g
					break
				}
			}
			if next < 0 || len(chain) >= 40 {
				break
			}
			used[next>>1] = true
			chain = append(chain, next)
		}
		out = append(out, chain)
	}
	ends := func(e int32) int32 { // a half-edge that starts at a loose end or a change of form, or -1
		for _, h := range [...]int32{2 * e, 2*e + 1} {
			same := 0
			for _, g := range at[l.mesh.origin(h)] {
				if l.mesh.edges[g>>1].form == l.mesh.edges[e].form {
					same++
				}
			}
			if same == 1 {
				return h
			}
		}
		return -1
	}
	for _, e := range edges {
		if h := ends(e); h >= 0 && !used[e] {
			walk(h)
		}
	}
	for _, e := range edges {
		if !used[e] {
			walk(2 * e)
		}
	}
	return out
}

func (l *layout) layChain(n *net, r int32, chain []int32) {
	rd := l.roads[r]
	form := l.mesh.edges[chain[0]>>1].form
	if form == closedOff {
		return
	}
	if form == onFootbridge {
		l.layFootbridge(n, rd, chain)
		return
	}
	var ids []int64
	for i, h := range chain {
		part := n.halfEdge(l.mesh, h)
		if i > 0 {
			part = part[1:]
		}
		ids = append(ids, part...)
	}
	n.way(ids, rd.tags(form)...)
}

func (r road) tags(f form) []tag {
	out := []tag{{"highway", r.class}}
	if r.name.zh != "" {
		out = append(out, tag{"name", r.name.zh}, tag{"name:en", r.name.en}, tag{"name:zh_pinyin", r.name.pinyin})
	}
	switch r.class {
	case "primary", "secondary":
		out = append(out, tag{"sidewalk", "both"})
	}
	switch f {
	case onBridge:
		out = append(out, tag{"bridge", "yes"}, tag{"layer", "1"})
		if r.name.zh != "" {
			out = append(out, tag{"bridge:name", r.name.specific + "桥"}, tag{"bridge:name:en", r.name.roman + " Bridge"})
		}
	case inTunnel:
		out = append(out, tag{"tunnel", "yes"}, tag{"layer", "-1"})
	}
	return out
}

// layFootbridge writes steps up, a footbridge and steps down.
func (l *layout) layFootbridge(n *net, r road, chain []int32) {
	from, to := l.mesh.origin(chain[0]), l.mesh.origin(chain[len(chain)-1]^1)
	a, b := l.mesh.points[from], l.mesh.points[to]
	up, down := n.node(a.lerp(b, 0.2)), n.node(a.lerp(b, 0.8))
	steps := []tag{{"highway", "steps"}, {"layer", "1"}}
	n.way([]int64{n.vertex(l.mesh, from), up}, steps...)
	span := []tag{{"highway", "footway"}, {"bridge", "yes"}, {"layer", "1"}}
	if r.name.zh != "" {
		span = append(span, tag{"name", r.name.zh + "人行天桥"}, tag{"name:en", r.name.en + " Footbridge"})
	}
	n.way([]int64{up, down}, span...)
	n.way([]int64{down, n.vertex(l.mesh, to)}, steps...)
}

// layStripLines writes the river, the railway and the motorway themselves: lines that
// nobody walks on, with nodes of their own.
func (l *layout) layStripLines(n *net) {
	kinds := map[use][]tag{
		river:    {{"waterway", "river"}, {"name", "清澜河"}, {"name:en", "Qinglan River"}},
		railway:  {{"railway", "rail"}, {"name", "青云铁路"}, {"name:en", "Qingyun Railway"}},
		motorway: {{"highway", "motorway"}, {"name", "云岭高速公路"}, {"name:en", "Yunling Expressway"}, {"foot", "no"}, {"layer", "1"}, {"bridge", "yes"}},
	}
	land := l.stripLand()
	for _, s := range l.strips {
		var run []vec
		reach := 3 * (l.half.x + l.half.y)
		for t := -reach; t <= reach; t += 30 {
			p := s.o.add(s.d.scale(t))
			if onLand(land, p) {
				run = append(run, p)
				continue
			}
			if len(run) > 1 {
				n.path(0, run, 0, kinds[s.use]...)
			}
			run = nil
		}
	}
}

// stripLand is the outlines of the strips inside the district.
func (l *layout) stripLand() []polygon {
	var out []polygon
	for f := range l.mesh.faces {
		if l.mesh.faces[f].use.band() {
			out = append(out, l.mesh.outline(int32(f)))
		}
	}
	return out
}

func onLand(land []polygon, p vec) bool {
	for _, q := range land {
		if q.holds(p) {
			return true
		}
	}
	return false
}
