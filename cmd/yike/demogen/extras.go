package demogen

import "math"

// farGone is how far in metres a farmhouse stands from any path so that it cannot
// be put onto the network, whose limit is 100 metres.
const farGone = 118.0

// addFarms puts a few farmhouses in the open fields, far from any path, and a few
// more beside the tracks. The far ones test that people whom nothing reaches are
// listed and not lost.
func (b *builder) addFarms() {
	far, near := 0, 0
	for i := range b.blocks {
		blk := &b.blocks[i]
		if blk.use != field || blk.area < 20_000 {
			continue
		}
		p := b.l.mesh.outline(blk.faces[0])
		if at, clear := loneliest(p); clear > farGone && far < 5 {
			b.put(int32(i), "residential", at, 12, 9, 1, 0.5)
			far++
			continue
		}
		if q := p.inset(12); q != nil && near < 6 && b.d.chance(0.3) {
			b.put(int32(i), "residential", q[0].lerp(q.centroid(), 0.12), 12, 9, 1, 0.5)
			near++
		}
	}
}

// loneliest is the place of an outline farthest from its sides, by a grid of 20 m.
func loneliest(p polygon) (at vec, clear float64) {
	lo, hi := p.bounds()
	for y := lo.y; y < hi.y; y += 20 {
		for x := lo.x; x < hi.x; x += 20 {
			q := vec{x, y}
			if c := clearance(p, q); c > clear {
				at, clear = q, c
			}
		}
	}
	return at, clear
}

// clearance is the distance from q to the nearest side, 0 outside.
func clearance(p polygon, q vec) float64 {
	if !p.holds(q) {
		return 0
	}
	best := math.Inf(1)
	for i, a := range p {
		d := p[(i+1)%len(p)].sub(a)
		t := q.sub(a).dot(d) / d.dot(d)
		best = min(best, q.dist(a.add(d.scale(max(0, min(1, t))))))
	}
	return best
}

// addIslands lays two small pieces of path that join nothing: field paths that a
// surveyor forgot to connect. The report of the network must list them.
func (b *builder) addIslands() {
	laid := 0
	for i := len(b.blocks) - 1; i >= 0 && laid < 2; i-- {
		blk := &b.blocks[i]
		if blk.use != field || blk.area < 30_000 {
			continue
		}
		at, clear := loneliest(b.l.mesh.outline(blk.faces[0]))
		if clear < 60 || clear > farGone {
			continue
		}
		b.net.path(0, []vec{at.sub(vec{28, 4}), at, at.add(vec{9, 30})}, 0, tag{"highway", "track"})
		laid++
	}
}

// nameEstates names estates and parks, and numbers the houses of each estate.
func (b *builder) nameEstates(names *namer) {
	for i := range b.blocks {
		switch u := b.blocks[i].use; {
		case u.gated():
			b.blocks[i].title = names.estateName(b.d)
		case u == park:
			b.blocks[i].title = names.next(genericPark)
		case u == school:
			b.blocks[i].title = names.next(genericSchool)
		}
	}
	number := map[int32]int{}
	for k := range b.buildings {
		h := &b.buildings[k]
		if h.use == "residential" && h.kind.gated() {
			number[h.block]++
			h.number = number[h.block]
			h.title = b.blocks[h.block].title
		}
	}
}
