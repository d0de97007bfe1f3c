package demogen

import "math"

// mesh divides the plan into faces that share their edges: two neighbours always
// have the very same border, whatever is cut later. Roads run along edges,
// divisions are unions of faces.
type mesh struct {
	points []vec
	edges  []edge
	faces  []face
}

// edge joins a to b. left and right are the faces beside it, -1 beyond the sheet.
// road is the index of the road that runs along it, -1 for none.
type edge struct {
	a, b        int32
	left, right int32
	road        int32
	form        form
}

// form says how a road passes along an edge.
type form uint8

const (
	onGround form = iota
	onBridge
	inTunnel
	onFootbridge
	closedOff // the line is drawn but nothing passes: no crossing here
)

// face is a ring of half-edges, counter-clockwise. Half-edge 2e runs along edge e
// from a to b, 2e+1 back.
type face struct {
	ring  []int32
	block int32 // index of the block the face belongs to, -1 before blocks exist
	use   use
	town  bool // part of a superblock of the town
	old   bool // part of the quarter of old lanes
}

func newMesh(outline polygon) *mesh {
	m := &mesh{points: outline}
	f := face{block: -1}
	for i := range outline {
		m.edges = append(m.edges, edge{a: int32(i), b: int32((i + 1) % len(outline)), left: 0, right: -1, road: -1})
		f.ring = append(f.ring, int32(2*i))
	}
	m.faces = []face{f}
	return m
}

// origin is the vertex a half-edge starts from.
func (m *mesh) origin(h int32) int32 {
	if h&1 == 0 {
		return m.edges[h>>1].a
	}
	return m.edges[h>>1].b
}

// beyond is the face on the other side of a half-edge.
func (m *mesh) beyond(h int32) int32 {
	if h&1 == 0 {
		return m.edges[h>>1].right
	}
	return m.edges[h>>1].left
}

func (m *mesh) outline(f int32) polygon {
	p := make(polygon, len(m.faces[f].ring))
	for i, h := range m.faces[f].ring {
		p[i] = m.points[m.origin(h)]
	}
	return p
}

// splitEdge puts a vertex on edge e, in both faces' rings.
func (m *mesh) splitEdge(e int32, p vec) int32 {
	v := int32(len(m.points))
	m.points = append(m.points, p)
	n := int32(len(m.edges))
	old := m.edges[e]
	tail := old
	tail.a = v
	m.edges = append(m.edges, tail)
	m.edges[e].b = v
	if old.left >= 0 {
		m.replace(old.left, 2*e, 2*e, 2*n)
	}
	if old.right >= 0 {
		m.replace(old.right, 2*e+1, 2*n+1, 2*e+1)
	}
	return v
}

func (m *mesh) replace(f, h, first, second int32) {
	ring := m.faces[f].ring
	for i, g := range ring {
		if g != h {
			continue
		}
		grown := make([]int32, 0, len(ring)+1)
		grown = append(grown, ring[:i]...)
		grown = append(grown, first, second)
		m.faces[f].ring = append(grown, ring[i+1:]...)
		return
	}
}

// cut is a straight line that divides faces.
type cut struct {
	o, d vec     // a point on it and its direction
	road int32   // the road laid along it, -1 for none
	snap float64 // an end nearer than this to a vertex uses the vertex: no tiny edges, and streets meet
}

// split cuts one face by a line. It reports whether the face was divided; the part
// to the left of the line keeps the index or not, callers must not rely on it.
func (m *mesh) split(f int32, c cut) bool {
	va, vb, ok := m.crossings(f, c)
	if !ok {
		return false
	}
	ring := m.faces[f].ring
	i, j := m.position(ring, va), m.position(ring, vb)
	one, two := between(ring, i, j), between(ring, j, i)
	if m.ringArea(one) < 60 || m.ringArea(two) < 60 || m.blocked(f, va, vb) {
		return false
	}
	e, n := int32(len(m.edges)), int32(len(m.faces))
	m.edges = append(m.edges, edge{a: va, b: vb, left: n, right: f, road: c.road})
	other := m.faces[f]
	other.ring = append(two, 2*e)
	m.faces = append(m.faces, other)
	m.faces[f].ring = append(one, 2*e+1)
	for _, h := range two {
		if h&1 == 0 {
			m.edges[h>>1].left = n
		} else {
			m.edges[h>>1].right = n
		}
	}
	return true
}

// blocked reports whether the straight line between two corners of a face leaves it: an
// end that snapped to a corner may lie behind another.
func (m *mesh) blocked(f, va, vb int32) bool {
	a, b := m.points[va], m.points[vb]
	for _, h := range m.faces[f].ring {
		if crosses(a, b, m.points[m.origin(h)], m.points[m.origin(h^1)]) {
			return true
		}
	}
	return false
}

// ringArea is the area of a chain of half-edges closed by a straight line.
func (m *mesh) ringArea(chain []int32) float64 {
	p := make(polygon, 0, len(chain)+1)
	for _, h := range chain {
		p = append(p, m.points[m.origin(h)])
	}
	last := chain[len(chain)-1]
	return append(p, m.points[m.origin(last^1)]).area()
}

// crossings finds the two vertices where the line enters and leaves the face,
// making them where there are none.
func (m *mesh) crossings(f int32, c cut) (va, vb int32, ok bool) {
	type hit struct {
		h int32
		t float64
	}
	var hits []hit
	for _, h := range m.faces[f].ring {
		a, b := m.points[m.origin(h)], m.points[m.origin(h^1)]
		sa, sb := c.d.cross(a.sub(c.o)), c.d.cross(b.sub(c.o))
		if (sa < 0) != (sb < 0) {
			hits = append(hits, hit{h, sa / (sa - sb)})
		}
	}
	if len(hits) != 2 {
		return 0, 0, false
	}
	var v [2]int32
	for i, x := range hits {
		v[i] = m.vertexOn(x.h, x.t, c.snap)
	}
	if v[0] == v[1] || m.joined(f, v[0], v[1]) {
		return 0, 0, false
	}
	return v[0], v[1], true
}

func (m *mesh) vertexOn(h int32, t, snap float64) int32 {
	va, vb := m.origin(h), m.origin(h^1)
	a, b := m.points[va], m.points[vb]
	l := a.dist(b)
	toA, toB := mul(t, l), mul(1-t, l)
	if min(toA, toB) <= max(snap, 1e-6) {
		if toA < toB {
			return va
		}
		return vb
	}
	return m.splitEdge(h>>1, a.lerp(b, t))
}

func (m *mesh) joined(f, va, vb int32) bool {
	for _, h := range m.faces[f].ring {
		a, b := m.origin(h), m.origin(h^1)
		if (a == va && b == vb) || (a == vb && b == va) {
			return true
		}
	}
	return false
}

func (m *mesh) position(ring []int32, v int32) int {
	for i, h := range ring {
		if m.origin(h) == v {
			return i
		}
	}
	return -1
}

// between copies the half-edges from position i up to but not including j, going round.
func between(ring []int32, i, j int) []int32 {
	var out []int32
	for k := i; k != j; k = (k + 1) % len(ring) {
		out = append(out, ring[k])
	}
	return out
}

// splitAll cuts every face that the line crosses and keep allows.
func (m *mesh) splitAll(c cut, keep func(f int32) bool) {
	for f := range int32(len(m.faces)) {
		if keep == nil || keep(f) {
			m.split(f, c)
		}
	}
}

// widest returns the direction across a face's longer extent and the middle of it,
// as read along the directions given: where a sensible cut goes.
func (m *mesh) widest(f int32) (mid vec, along vec) {
	p := m.outline(f)
	best := math.Inf(-1)
	c := p.corners()
	for i, a := range c {
		d := a.toward(c[(i+1)%len(c)])
		lo, hi := math.Inf(1), math.Inf(-1)
		nlo, nhi := math.Inf(1), math.Inf(-1)
		for _, q := range c {
			lo, hi = min(lo, q.dot(d)), max(hi, q.dot(d))
			nlo, nhi = min(nlo, q.dot(d.left())), max(nhi, q.dot(d.left()))
		}
		if r := (hi - lo) / (nhi - nlo + 1); r > best {
			best, along = r, d
		}
	}
	return p.centroid(), along
}
