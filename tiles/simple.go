package tiles

import (
	"cmp"
	"slices"
)

// seg is a directed piece of a ring in tile units.
type seg struct {
	a, b pt
	ring int32
	at   int32 // its place in the ring
}

// segments appends the pieces of rings to segs.
func segments(segs []seg, rings [][]pt) []seg {
	for i, ring := range rings {
		for j, a := range ring {
			segs = append(segs, seg{a, ring[(j+1)%len(ring)], int32(i), int32(j)})
		}
	}
	return segs
}

// simple reports whether one shell (the first ring) and its holes can be drawn as they
// are: right winding, no two pieces that touch except neighbours at their common
// vertex, every hole inside the shell and outside the others. Conservative: rings that
// OGC would let touch at a point are not simple. segs are the rings' segments, and are
// put in another order.
func simple(rings [][]pt, segs []seg) bool {
	for i, ring := range rings {
		if a := area2(ring); a == 0 || a > 0 != (i == 0) {
			return false
		}
	}
	if len(segs) > 12 {
		slices.SortFunc(segs, func(p, q seg) int { return cmp.Compare(p.minX(), q.minX()) })
	}
	clash := false
	eachNear(segs, len(segs) > 12, func(i, j int) bool {
		clash = clashes(segs[i], segs[j], len(rings[segs[i].ring]))
		return !clash
	})
	return !clash && nested(rings)
}

// nested checks the holes of rings that do not touch.
func nested(rings [][]pt) bool {
	for i, hole := range rings[1:] {
		p := doubled(hole[0])
		if !holds(rings[0], p) {
			return false
		}
		for j, other := range rings[1:] {
			if i != j && holds(other, p) {
				return false
			}
		}
	}
	return true
}

func (s seg) minX() int32 { return min(s.a.x, s.b.x) }
func (s seg) maxX() int32 { return max(s.a.x, s.b.x) }
func (s seg) minY() int32 { return min(s.a.y, s.b.y) }
func (s seg) maxY() int32 { return max(s.a.y, s.b.y) }

// eachNear calls visit for every pair whose boxes touch, until it returns false. With
// sorted (by least x) it stops looking along the row where no box can touch any more.
func eachNear(segs []seg, sorted bool, visit func(i, j int) bool) {
	for i, p := range segs {
		right, low, high := p.maxX(), p.minY(), p.maxY()
		for j := i + 1; j < len(segs); j++ {
			q := segs[j]
			if q.minX() > right {
				if sorted {
					break
				}
				continue
			}
			if q.maxX() < p.minX() || q.minY() > high || q.maxY() < low {
				continue
			}
			if !visit(i, j) {
				return
			}
		}
	}
}

// clashes reports whether two pieces touch where they must not. n is the length of p's
// ring.
func clashes(p, q seg, n int) bool {
	if p.ring == q.ring {
		if int(p.at+1)%n == int(q.at) {
			return foldsBack(p, q)
		}
		if int(q.at+1)%n == int(p.at) {
			return foldsBack(q, p)
		}
	}
	return touch(p, q)
}

// foldsBack reports whether q, which begins where p ends, runs back over p.
func foldsBack(p, q seg) bool {
	ux, uy := int64(p.b.x-p.a.x), int64(p.b.y-p.a.y)
	vx, vy := int64(q.b.x-q.a.x), int64(q.b.y-q.a.y)
	return ux*vy-uy*vx == 0 && ux*vx+uy*vy < 0
}

// touch reports whether two closed pieces share a point, given that their boxes do.
func touch(p, q seg) bool {
	d1, d2 := side3(p.a, p.b, q.a), side3(p.a, p.b, q.b)
	d3, d4 := side3(q.a, q.b, p.a), side3(q.a, q.b, p.b)
	return d1*d2 <= 0 && d3*d4 <= 0
}

// side3 is the sign of the turn a, b, c: positive when c lies to the left of a-b (in a
// plane whose y grows upwards).
func side3(a, b, c pt) int {
	v := int64(b.x-a.x)*int64(c.y-a.y) - int64(b.y-a.y)*int64(c.x-a.x)
	return cmp.Compare(v, 0)
}

// doubled is a point in half tile units, the grid of midpoints.
func doubled(p pt) pt { return pt{2 * p.x, 2 * p.y} }

// holds reports whether a point, in half units and not on the ring, lies inside it.
func holds(ring []pt, p pt) bool {
	in := false
	for i, v := range ring {
		a, b := doubled(v), doubled(ring[(i+1)%len(ring)])
		if a.y > p.y == (b.y > p.y) {
			continue
		}
		if up := b.y > a.y; up == (side3(a, b, p) > 0) {
			in = !in
		}
	}
	return in
}
