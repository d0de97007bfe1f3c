package tiles

import "math"

// always marks a vertex that every zoom shows, never one that none does.
const (
	always = 0
	never  = MaxZoom + 1
)

// tolerance is the distance in world units below which zoom z does not show a vertex:
// one tile unit where people look at streets, four (half a pixel on a map of 512 px
// tiles) above.
func tolerance(z int) float64 {
	units := 4.0
	if z >= 14 {
		units = 1
	}
	return math.Ldexp(units, worldBits-extentBits-z)
}

// zoomOf is the first zoom at which a vertex that stands out by d world units is shown.
func zoomOf(d float64) uint8 {
	for z := range MaxZoom + 1 {
		if d >= tolerance(z) {
			return uint8(z)
		}
	}
	return never
}

// rankLine gives each vertex of an open line the first zoom that shows it, by one
// Douglas-Peucker pass: the ends always, a vertex never before the one that split its
// stretch. It costs O(n log n) as a rule, O(n^2) at worst.
func rankLine(line []pt, rank []uint8) {
	if len(line) == 0 {
		return
	}
	last := len(line) - 1
	rank[0], rank[last] = always, always
	type stretch struct {
		from, to int
		bound    float64
	}
	todo := []stretch{{0, last, math.Inf(1)}}
	for len(todo) > 0 {
		s := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		at, d := farthest(line, s.from, s.to)
		if at < 0 {
			continue
		}
		d = min(d, s.bound)
		rank[at] = zoomOf(d)
		todo = append(todo, stretch{s.from, at, d}, stretch{at, s.to, d})
	}
}

// farthest is the vertex strictly between from and to that lies farthest from their
// segment, the first one of equals; -1 when there is none.
func farthest(line []pt, from, to int) (int, float64) {
	at, best := -1, -1.0
	for i := from + 1; i < to; i++ {
		if d := distance2(line[i], line[from], line[to]); d > best {
			at, best = i, d
		}
	}
	return at, math.Sqrt(max(best, 0))
}

// distance2 is the squared distance of p from the segment a-b. The conversions keep
// the compiler from fusing operations, so every machine computes the same.
func distance2(p, a, b pt) float64 {
	dx, dy := float64(b.x)-float64(a.x), float64(b.y)-float64(a.y)
	px, py := float64(p.x)-float64(a.x), float64(p.y)-float64(a.y)
	if len2 := float64(dx*dx) + float64(dy*dy); len2 > 0 {
		t := min(max((float64(px*dx)+float64(py*dy))/len2, 0), 1)
		px -= float64(t * dx)
		py -= float64(t * dy)
	}
	return float64(px*px) + float64(py*py)
}

// rankRing is rankLine for a ring that is not closed: its least vertex and the one
// farthest from that are shown always. Equal rings get equal ranks whatever vertex
// they begin at and whichever way they turn.
func rankRing(ring []pt, rank []uint8) {
	if len(ring) < 2 {
		for i := range rank {
			rank[i] = always
		}
		return
	}
	start := leastVertex(ring)
	loop := make([]pt, 0, len(ring)+1)
	for i := range len(ring) + 1 {
		loop = append(loop, ring[(start+i)%len(ring)])
	}
	mid := 1
	for i := 1; i < len(ring); i++ {
		di, dm := distance2(loop[i], loop[0], loop[0]), distance2(loop[mid], loop[0], loop[0])
		if di > dm || (di == dm && ptLess(loop[i], loop[mid])) {
			mid = i
		}
	}
	ranks := make([]uint8, len(loop))
	rankArc(loop[:mid+1], ranks[:mid+1])
	rankArc(loop[mid:], ranks[mid:])
	for i := range ring {
		rank[(start+i)%len(ring)] = ranks[i]
	}
}

// rankArc is rankLine made independent of the line's direction.
func rankArc(arc []pt, rank []uint8) {
	if !backwards(arc) {
		rankLine(arc, rank)
		return
	}
	turned := make([]pt, len(arc))
	ranks := make([]uint8, len(arc))
	for i, p := range arc {
		turned[len(arc)-1-i] = p
	}
	rankLine(turned, ranks)
	for i := range arc {
		rank[i] = ranks[len(arc)-1-i]
	}
}

// backwards reports whether the arc read from its end comes before it read from its
// beginning.
func backwards(arc []pt) bool {
	for i, j := 0, len(arc)-1; i < j; i, j = i+1, j-1 {
		if arc[i] != arc[j] {
			return ptLess(arc[j], arc[i])
		}
	}
	return false
}

func leastVertex(ring []pt) int {
	least := 0
	for i, p := range ring {
		if ptLess(p, ring[least]) {
			least = i
		}
	}
	return least
}

func ptLess(a, b pt) bool {
	if a.x != b.x {
		return a.x < b.x
	}
	return a.y < b.y
}
