package tiles

import (
	"cmp"
	"slices"
)

// trace joins directed pieces (ground on their left) to rings that do not touch
// themselves. Ground that hangs together at a point only becomes two rings.
func trace(segs []seg) [][]pt {
	slices.SortFunc(segs, func(p, q seg) int {
		if c := comparePt(p.a, q.a); c != 0 {
			return c
		}
		return comparePt(p.b, q.b)
	})
	used := make([]bool, len(segs))
	var rings [][]pt
	for i := range segs {
		if used[i] {
			continue
		}
		var walk []pt
		for at := i; at >= 0 && !used[at]; at = next(segs, used, at, i) {
			used[at] = true
			walk = append(walk, segs[at].a)
		}
		rings = append(rings, split(walk)...)
	}
	return rings
}

// next is the piece that goes on along the same ground: the first one clockwise from
// the way back. It is -1 at the walk's beginning.
func next(segs []seg, used []bool, at, start int) int {
	v := segs[at].b
	first, _ := slices.BinarySearchFunc(segs, v, func(s seg, p pt) int { return comparePt(s.a, p) })
	best := -1
	for i := first; i < len(segs) && segs[i].a == v; i++ {
		if (used[i] && i != start) || segs[i].b == segs[at].a {
			continue
		}
		if best < 0 || clockwiseFirst(segs[at], segs[i], segs[best]) {
			best = i
		}
	}
	if best == start {
		return -1
	}
	return best
}

// clockwiseFirst reports whether p comes before q when turning clockwise from the way
// back along in. All meet where in ends.
func clockwiseFirst(in, p, q seg) bool {
	hp, hq := half(in, p), half(in, q)
	if hp != hq {
		return hp < hq
	}
	return side3(p.a, p.b, q.b) < 0
}

// half says how far p turns clockwise from the way back: 0 less than half a turn, 1
// half a turn, 2 more.
func half(in, p seg) int {
	return 1 + cmp.Compare(side3(in.b, in.a, p.b), 0)
}

// split cuts a walk at vertices that it visits more than once.
func split(walk []pt) [][]pt {
	var rings [][]pt
	var path []pt
	seen := map[pt]bool{}
	for _, p := range walk {
		if seen[p] {
			from := slices.Index(path, p)
			rings = append(rings, slices.Clone(path[from:]))
			for _, q := range path[from+1:] {
				delete(seen, q)
			}
			path = path[:from]
		}
		seen[p] = true
		path = append(path, p)
	}
	return append(rings, path)
}

// nest puts each hole behind the smallest shell around it. Rings meet at vertices only.
func nest(rings [][]pt) [][]pt {
	type shell struct {
		ring  []pt
		area  int64
		holes [][]pt
	}
	var shells []shell
	for _, r := range rings {
		if a := area2(r); a > 0 {
			shells = append(shells, shell{ring: r, area: a})
		}
	}
	for _, r := range rings {
		if area2(r) >= 0 {
			continue
		}
		best := -1
		// The middle of a side is on no other ring.
		mid := pt{r[0].x + r[1].x, r[0].y + r[1].y}
		for i, s := range shells {
			if (best < 0 || s.area < shells[best].area) && holds(s.ring, mid) {
				best = i
			}
		}
		if best >= 0 {
			shells[best].holes = append(shells[best].holes, r)
		}
	}
	var out [][]pt
	for _, s := range shells {
		out = append(append(out, s.ring), s.holes...)
	}
	return out
}
