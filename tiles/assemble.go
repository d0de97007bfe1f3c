package tiles

import (
	"cmp"
	"slices"
)

// assemble draws the ground that rings wind around at least once (shells turn to
// positive area, holes to negative) as valid polygons on the integer grid: shells in a
// fixed order, each followed by its holes. Rings may cross, touch and overlap; pieces
// that run forth and back over each other, as a cut leaves them, vanish.
//
// The pieces are snap-rounded (Hobby 1999: every piece goes through the centre of each
// grid cell that holds a vertex or a crossing and that it passes), which leaves no
// crossing in one pass; equal pieces are added up; the winding number on both sides of
// each decides which stay. It costs about O(n log n + k) for n pieces with k near pairs.
func assemble(rings [][]pt) [][]pt {
	return nest(trace(boundary(merge(snapRound(segments(nil, rings))))))
}

// edge is a piece between neighbours of the snapped arrangement, a before b, and how
// often it is walked from a to b less how often from b to a.
type edge struct {
	a, b pt
	net  int32
}

// snapRound cuts the pieces so that two of them meet at ends only, or are equal.
func snapRound(segs []seg) []seg {
	slices.SortFunc(segs, func(p, q seg) int { return cmp.Compare(p.minX(), q.minX()) })
	hot := make([]pt, 0, len(segs))
	for _, s := range segs {
		hot = append(hot, s.a)
	}
	eachNear(segs, true, func(i, j int) bool {
		if p, ok := crossing(segs[i], segs[j]); ok {
			hot = append(hot, p)
		}
		return true
	})
	slices.SortFunc(hot, comparePt)
	hot = slices.Compact(hot)
	out := make([]seg, 0, len(segs))
	var on []pt
	for _, s := range segs {
		on = passed(on[:0], hot, s)
		for i := 1; i < len(on); i++ {
			out = append(out, seg{a: on[i-1], b: on[i]})
		}
	}
	return out
}

func comparePt(p, q pt) int {
	if c := cmp.Compare(p.x, q.x); c != 0 {
		return c
	}
	return cmp.Compare(p.y, q.y)
}

// crossing is the grid point nearest to where two pieces cross inside both.
func crossing(p, q seg) (pt, bool) {
	if side3(p.a, p.b, q.a)*side3(p.a, p.b, q.b) >= 0 || side3(q.a, q.b, p.a)*side3(q.a, q.b, p.b) >= 0 {
		return pt{}, false
	}
	dx, dy := int64(p.b.x-p.a.x), int64(p.b.y-p.a.y)
	ex, ey := int64(q.b.x-q.a.x), int64(q.b.y-q.a.y)
	den := dx*ey - dy*ex
	num := int64(q.a.x-p.a.x)*ey - int64(q.a.y-p.a.y)*ex
	if den < 0 {
		den, num = -den, -num
	}
	return pt{
		int32(int64(p.a.x) + floorDiv(2*num*dx+den, 2*den)),
		int32(int64(p.a.y) + floorDiv(2*num*dy+den, 2*den)),
	}, true
}

// passed lists the hot points (sorted) whose grid cell the piece passes, in its order.
func passed(dst, hot []pt, s seg) []pt {
	first, _ := slices.BinarySearchFunc(hot, s.minX(), func(p pt, x int32) int { return cmp.Compare(p.x, x) })
	right, low, high := s.maxX(), s.minY(), s.maxY()
	for _, p := range hot[first:] {
		if p.x > right {
			break
		}
		if p.y >= low && p.y <= high && passesCell(s, p) {
			dst = append(dst, p)
		}
	}
	dx, dy := int64(s.b.x-s.a.x), int64(s.b.y-s.a.y)
	slices.SortFunc(dst, func(p, q pt) int {
		return cmp.Compare(int64(p.x)*dx+int64(p.y)*dy, int64(q.x)*dx+int64(q.y)*dy)
	})
	return dst
}

// passesCell reports whether a piece passes the cell of half a unit around c, which
// owns its left and lower sides only.
func passesCell(s seg, c pt) bool {
	a, b, m := doubled(s.a), doubled(s.b), doubled(c)
	if a.x > b.x {
		a, b = b, a
	}
	if a.x >= m.x+1 || b.x < m.x-1 || min(a.y, b.y) >= m.y+1 || max(a.y, b.y) < m.y-1 {
		return false
	}
	if a.x == b.x || a.y == b.y {
		return true
	}
	rising := a.y < b.y
	upperLeft := side3(a, b, pt{m.x - 1, m.y + 1})
	upperRight := side3(a, b, pt{m.x + 1, m.y + 1})
	lowerLeft := side3(a, b, pt{m.x - 1, m.y - 1})
	lowerRight := side3(a, b, pt{m.x + 1, m.y - 1})
	switch {
	case upperLeft == 0:
		return !rising // rising, it leaves through the corner without entering
	case upperRight == 0:
		return rising
	case upperLeft != upperRight:
		return true
	case lowerLeft == 0 || lowerLeft != upperLeft:
		return true
	case lowerRight == 0:
		return !rising
	}
	return lowerLeft != lowerRight
}

// merge adds up equal pieces; those walked as often forth as back vanish.
func merge(segs []seg) []edge {
	all := make([]edge, 0, len(segs))
	for _, s := range segs {
		if comparePt(s.a, s.b) < 0 {
			all = append(all, edge{s.a, s.b, 1})
		} else {
			all = append(all, edge{s.b, s.a, -1})
		}
	}
	slices.SortFunc(all, func(p, q edge) int {
		if c := comparePt(p.a, q.a); c != 0 {
			return c
		}
		return comparePt(p.b, q.b)
	})
	out := all[:0]
	for i := 0; i < len(all); {
		sum := edge{all[i].a, all[i].b, 0}
		for ; i < len(all) && all[i].a == sum.a && all[i].b == sum.b; i++ {
			sum.net += all[i].net
		}
		if sum.net != 0 {
			out = append(out, sum)
		}
	}
	return out
}

// boundary keeps the edges with filled ground on one side only, directed so that it
// lies on their left.
func boundary(edges []edge) []seg {
	rows := newRows(edges, false)
	cols := newRows(edges, true)
	var out []seg
	for _, e := range edges {
		left, right := sidesOf(e, rows, cols)
		switch {
		case left > 0 && right <= 0:
			out = append(out, seg{a: e.a, b: e.b})
		case right > 0 && left <= 0:
			out = append(out, seg{a: e.b, b: e.a})
		}
	}
	return out
}

// sidesOf are the winding numbers on the left and right of e.
func sidesOf(e edge, rows, cols rowIndex) (left, right int32) {
	mid := pt{e.a.x + e.b.x, e.a.y + e.b.y}
	if e.a.y == e.b.y {
		// a lies left of b. The mirrored ray counts the ground below (less y), the right side.
		right = -cols.winding(mid.mirror())
		return right + e.net, right
	}
	before := rows.winding(mid) // on the side of less x
	if e.b.y > e.a.y {
		return before, before - e.net
	}
	return before + e.net, before
}

func (p pt) mirror() pt { return pt{p.y, p.x} }

const rowBits = 4

// rowIndex lists edges by the rows of 16 units that they cross, for ray casts: those of
// row r are at[first[r]:first[r+1]].
type rowIndex struct {
	edges []edge
	first []int32
	at    []int32
}

// newRows indexes edges; mirrored exchanges x and y.
func newRows(edges []edge, mirrored bool) rowIndex {
	const rows = (clipHi-clipLo)>>rowBits + 1
	idx := rowIndex{edges: edges, first: make([]int32, rows+1)}
	if mirrored {
		idx.edges = make([]edge, len(edges))
		for i, e := range edges {
			idx.edges[i] = edge{e.a.mirror(), e.b.mirror(), e.net}
		}
	}
	each := func(visit func(r, i int32)) {
		for i, e := range idx.edges {
			if e.a.y == e.b.y {
				continue
			}
			for r := row(min(e.a.y, e.b.y)); r <= row(max(e.a.y, e.b.y)); r++ {
				visit(r, int32(i))
			}
		}
	}
	each(func(r, _ int32) { idx.first[r+1]++ })
	for r := range rows {
		idx.first[r+1] += idx.first[r]
	}
	idx.at = make([]int32, idx.first[rows])
	next := slices.Clone(idx.first)
	each(func(r, i int32) {
		idx.at[next[r]] = i
		next[r]++
	})
	return idx
}

func row(y int32) int32 { return (y - clipLo) >> rowBits }

// winding is the winding number just before p (in half units) on a ray from less x.
// The edge that p lies on does not count itself.
func (idx rowIndex) winding(p pt) int32 {
	var w int32
	r := row(p.y >> 1)
	for _, i := range idx.at[idx.first[r]:idx.first[r+1]] {
		e := idx.edges[i]
		a, b := doubled(e.a), doubled(e.b)
		rising := b.y > a.y
		if a.y > p.y == (b.y > p.y) {
			continue
		}
		// A rising edge has p on its right when the edge lies before p.
		turn := side3(a, b, p)
		switch {
		case rising && turn < 0:
			w -= e.net
		case !rising && turn > 0:
			w += e.net
		}
	}
	return w
}
