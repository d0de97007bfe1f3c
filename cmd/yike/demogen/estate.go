package demogen

import (
	"cmp"
	"math"
	"slices"
)

// estate is a gated block: a wall, a ring path inside it, cross paths between the
// rows, and gates where its paths meet the streets.
func (b *builder) estate(i int32) {
	blk := b.blocks[i]
	wall := b.l.mesh.outline(blk.faces[0]).inset(9)
	if wall == nil {
		return
	}
	ring := wall.inset(7)
	if ring == nil {
		return
	}
	inner := ring.inset(5)
	if inner == nil {
		return
	}
	r, floors, crowd := b.style(blk.use)
	spine := math.NaN()
	lo, hi := inner.bounds()
	if hi.x-lo.x > 165 {
		spine = (lo.x+hi.x)/2 + b.d.span(-12, 12)
	}
	sites, lines := rowSites(inner, r, spine)
	garden := b.garden(inner, len(sites))
	for _, s := range sites {
		if s.at.dist(garden) < 30 || s.w < 12 {
			continue
		}
		b.put(i, "residential", s.at, s.w, r.depth, floors+b.d.between(0, 1), crowd)
	}
	paths := b.paths(ring, between2(lines), spine)
	b.openGates(i, wall, paths)
	paths.lay(b.net, []tag{{"highway", "service"}, {"service", "driveway"}})
}

// garden is a place in the middle that larger estates keep free.
func (b *builder) garden(inner polygon, sites int) vec {
	if sites < 14 {
		return vec{math.Inf(1), math.Inf(1)}
	}
	return inner.centroid()
}

// style is how an estate of a kind is built: rows, floors, and how full it is.
func (b *builder) style(u use) (r rows, floors int, crowd float64) {
	switch u {
	case walkup:
		r = rows{depth: b.d.span(11, 12.5), length: b.d.span(42, 62), pitch: b.d.span(27, 32), gap: b.d.span(8, 12)}
		return r, b.d.between(5, 6), 0.95
	case midrise:
		r = rows{depth: b.d.span(13, 15), length: b.d.span(32, 52), pitch: b.d.span(40, 48), gap: b.d.span(12, 18)}
		return r, b.d.between(8, 11), 0.85
	default:
		r = rows{depth: b.d.span(17, 21), length: b.d.span(26, 36), pitch: b.d.span(56, 68), gap: b.d.span(24, 34)}
		return r, pick(b.d, []int{15, 17, 18, 18, 24, 26}), 0.72
	}
}

// between2 is the lines half-way between every second pair of rows.
func between2(lines []float64) []float64 {
	var out []float64
	for k := 0; k+1 < len(lines); k += 2 {
		out = append(out, (lines[k]+lines[k+1])/2)
	}
	return out
}

// innerPaths is the path system of a block before it is written: a closed ring,
// places on it where others join, and the paths across.
type innerPaths struct {
	ring  polygon
	joins []join
	cross [][]int64
}

// join is a node on the ring, s metres from its first vertex.
type join struct {
	s  float64
	id int64
}

func (b *builder) paths(ring polygon, ys []float64, spine float64) *innerPaths {
	p := &innerPaths{ring: ring}
	var onSpine []int64
	for _, y := range ys {
		x0, x1, ok := ring.span(y)
		if !ok || x1-x0 < 30 {
			continue
		}
		west := p.join(b.net, vec{x0 + 1, y}, vec{-1, 0})
		east := p.join(b.net, vec{x1 - 1, y}, vec{1, 0})
		if west == 0 || east == 0 {
			continue
		}
		if math.IsNaN(spine) || spine < x0+12 || spine > x1-12 {
			p.cross = append(p.cross, b.net.bent(west, []vec{{x0, y}, {x1, y}}, east))
			continue
		}
		mid := b.net.node(vec{spine, y})
		onSpine = append(onSpine, mid)
		p.cross = append(p.cross, b.net.bent(west, []vec{{x0, y}, {spine, y}}, mid), b.net.bent(mid, []vec{{spine, y}, {x1, y}}, east))
	}
	if len(onSpine) > 0 {
		p.addSpine(b.net, onSpine, spine, ys)
	}
	return p
}

// addSpine joins the paths across along one line from south to north.
func (p *innerPaths) addSpine(n *net, on []int64, x float64, ys []float64) {
	mid := vec{x, (ys[0] + ys[len(ys)-1]) / 2}
	chain := slices.Clone(on)
	if south := p.join(n, mid, vec{0, -1}); south > 0 {
		chain = append([]int64{south}, chain...)
	}
	if north := p.join(n, mid, vec{0, 1}); north > 0 {
		chain = append(chain, north)
	}
	p.cross = append(p.cross, chain)
}

// join makes a node where the ray meets the ring; 0 when it does not.
func (p *innerPaths) join(n *net, from, d vec) int64 {
	s, ok := p.ring.meet(from, d)
	if !ok {
		return 0
	}
	id := n.node(p.ring.at(s))
	p.joins = append(p.joins, join{s, id})
	return id
}

// lay writes the ring, with every join on it, and the paths across.
func (p *innerPaths) lay(n *net, ringTags []tag) {
	walked := 0.0
	for i, a := range p.ring {
		p.joins = append(p.joins, join{walked, n.node(a)})
		c := p.ring[(i+1)%len(p.ring)]
		l := a.dist(c)
		for k, q := range chords(a, c) {
			_ = k
			p.joins = append(p.joins, join{walked + a.dist(q), n.node(q)})
		}
		walked += l
	}
	slices.SortStableFunc(p.joins, func(a, b join) int { return cmp.Compare(a.s, b.s) })
	ids := make([]int64, 0, len(p.joins)+1)
	for _, j := range p.joins {
		ids = append(ids, j.id)
	}
	n.way(append(ids, ids[0]), ringTags...)
	for _, c := range p.cross {
		n.way(c, tag{"highway", "footway"})
	}
}

// bent is the nodes of a line between two known nodes, unwritten.
func (n *net) bent(from int64, points []vec, to int64) []int64 {
	ids := []int64{from}
	for i := range len(points) - 1 {
		for _, c := range chords(points[i], points[i+1]) {
			ids = append(ids, n.node(c))
		}
	}
	return append(ids, to)
}

// openGates gives an estate its gates: one or two that are open, and side gates of
// which many are locked, so that one has to walk round.
func (b *builder) openGates(i int32, wall polygon, p *innerPaths) {
	sides := b.streetSides(b.blocks[i].faces[0])
	b.d.shuffle(len(sides), func(x, y int) { sides[x], sides[y] = sides[y], sides[x] })
	want := 1 + int(wall.perimeter()/330)
	if b.blocks[i].use == walkup {
		want++
	}
	opened, made := 0, 0
	var at []vec
	for _, h := range sides {
		if made >= want {
			break
		}
		a, c := b.l.mesh.points[b.l.mesh.origin(h)], b.l.mesh.points[b.l.mesh.origin(h^1)]
		street := a.lerp(c, b.d.span(0.3, 0.7))
		if slices.ContainsFunc(at, func(q vec) bool { return q.dist(street) < 70 }) {
			continue
		}
		inward := a.toward(c).left()
		s, ok := p.ring.meet(street, inward)
		if !ok || p.ring.at(s).dist(street) > 60 {
			continue
		}
		shut := opened > 0 && b.d.chance(0.5)
		b.gate(h, street, s, shut, p)
		at = append(at, street)
		made++
		if !shut {
			opened++
		}
	}
}

// gate leads a way from the street through the wall to the ring. Splitting the
// street's edge keeps the half-edge's first part under its index.
func (b *builder) gate(h int32, street vec, s float64, shut bool, p *innerPaths) {
	v := b.l.mesh.splitEdge(h>>1, street)
	inside := p.ring.at(s)
	in := b.net.node(inside)
	p.joins = append(p.joins, join{s, in})
	tags := []tag{{"barrier", "gate"}, {"access", "yes"}, {"foot", "yes"}}
	if shut {
		tags = []tag{{"barrier", "gate"}, {"access", "no"}, {"foot", "no"}, {"locked", "yes"}}
		b.locked++
	}
	b.gates++
	g := b.net.node(street.lerp(inside, 0.56), tags...)
	b.net.way([]int64{b.net.vertex(b.l.mesh, v), g, in}, tag{"highway", "service"}, tag{"service", "driveway"})
}

// streetSides lists the half-edges of a face that a street runs along, long enough
// for a gate.
func (b *builder) streetSides(f int32) []int32 {
	var out []int32
	m := b.l.mesh
	for _, h := range m.faces[f].ring {
		e := m.edges[h>>1]
		if e.road < 0 || m.points[e.a].dist(m.points[e.b]) < 36 {
			continue
		}
		out = append(out, h)
	}
	return out
}
