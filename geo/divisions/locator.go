package divisions

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// Locator finds the division that holds a point. It is read-only once made and may be
// used by many at once.
//
// A point on the line between two divisions whose boundaries share their vertices
// belongs to exactly one of them: a ring owns the points whose ray to the east crosses
// it an odd number of times, edges being open at their upper end.
type Locator struct {
	bound orb.Bound
	side  int       // cells per side of the grid over bound
	cells [][]int32 // candidates of each cell, finest level first
	areas []area
	codes []string
}

// area is the boundary of one division with its edges sorted into strips of latitude.
type area struct {
	rank   int
	bound  orb.Bound
	strips [][]edge
}

type edge struct{ lo, hi orb.Point } // lo is the lower end

// NewLocator indexes the boundaries of list. Divisions without a boundary hold nothing.
// O(vertices).
func NewLocator(list []Division) *Locator {
	l := &Locator{areas: make([]area, len(list)), codes: make([]string, len(list))}
	first := true
	for i, d := range list {
		l.areas[i], l.codes[i] = newArea(d), d.Code
		if len(l.areas[i].strips) == 0 {
			continue
		}
		if first {
			l.bound, first = l.areas[i].bound, false
		}
		l.bound = l.bound.Union(l.areas[i].bound)
	}
	if first {
		return l
	}
	l.side = min(256, 1+2*int(math.Sqrt(float64(len(list)))))
	l.cells = make([][]int32, l.side*l.side)
	for i := range l.areas {
		if len(l.areas[i].strips) > 0 {
			l.enter(int32(i))
		}
	}
	for _, c := range l.cells {
		slices.SortStableFunc(c, func(a, b int32) int { return l.areas[b].rank - l.areas[a].rank })
	}
	return l
}

func (l *Locator) enter(i int32) {
	b := l.areas[i].bound
	x0, y0 := l.cell(b.Min)
	x1, y1 := l.cell(b.Max)
	for y := y0; y <= y1; y++ {
		for x := x0; x <= x1; x++ {
			l.cells[y*l.side+x] = append(l.cells[y*l.side+x], i)
		}
	}
}

func (l *Locator) cell(p orb.Point) (x, y int) {
	return part(p[0], l.bound.Min[0], l.bound.Max[0], l.side), part(p[1], l.bound.Min[1], l.bound.Max[1], l.side)
}

// part is which of n equal parts of lo…hi holds v, the ends included.
func part(v, lo, hi float64, n int) int {
	if hi <= lo {
		return 0
	}
	return max(0, min(n-1, int(float64(n)*(v-lo)/(hi-lo))))
}

func newArea(d Division) area {
	a := area{rank: d.Level.Rank()}
	var edges []edge
	for _, polygon := range d.Boundary {
		for _, ring := range polygon {
			for i := range ring {
				p, q := ring[i], ring[(i+1)%len(ring)]
				if p[1] > q[1] {
					p, q = q, p
				}
				if p[1] < q[1] {
					edges = append(edges, edge{p, q})
				}
			}
		}
	}
	if len(edges) == 0 {
		return a
	}
	a.bound = d.Boundary.Bound()
	a.strips = make([][]edge, stripCount(edges, a.bound))
	for _, e := range edges {
		for s := a.strip(e.lo[1]); s <= a.strip(e.hi[1]); s++ {
			a.strips[s] = append(a.strips[s], e)
		}
	}
	return a
}

// stripCount is how many strips a boundary is cut into: one for each four edges, and
// fewer where edges are tall and would lie in many, so that on average an edge lies in
// at most five.
func stripCount(edges []edge, bound orb.Bound) int {
	rise, height := 0.0, bound.Max[1]-bound.Min[1]
	for _, e := range edges {
		rise += (e.hi[1] - e.lo[1]) / height
	}
	n := len(edges)
	return 1 + min(n/4, int(4*float64(n)/rise))
}

func (a *area) strip(lat float64) int {
	return part(lat, a.bound.Min[1], a.bound.Max[1], len(a.strips))
}

// holds counts the edges east of p. Polygons of one boundary do not overlap, so one
// count over all rings tells inside from outside, holes and islands included.
func (a *area) holds(p orb.Point) bool {
	if len(a.strips) == 0 || !a.bound.Contains(p) {
		return false
	}
	inside := false
	for _, e := range a.strips[a.strip(p[1])] {
		if e.lo[1] <= p[1] && p[1] < e.hi[1] {
			// Ends are ordered, so two neighbours compute the same value for a shared edge.
			x := e.lo[0] + (p[1]-e.lo[1])*(e.hi[0]-e.lo[0])/(e.hi[1]-e.lo[1])
			if x > p[0] {
				inside = !inside
			}
		}
	}
	return inside
}

// Locate gives the index of the finest division that holds p, the first of the list
// where several of that level do; -1 outside all. About O(log n) for compact shapes.
func (l *Locator) Locate(p orb.Point) int32 {
	if l.side == 0 || !l.bound.Contains(p) {
		return -1
	}
	x, y := l.cell(p)
	for _, i := range l.cells[y*l.side+x] {
		if l.areas[i].holds(p) {
			return i
		}
	}
	return -1
}

// Code gives the code of the division that Locate finds; "" outside all.
func (l *Locator) Code(p orb.Point) string {
	if i := l.Locate(p); i >= 0 {
		return l.codes[i]
	}
	return ""
}

// Bound is the box around all boundaries; empty without any.
func (l *Locator) Bound() orb.Bound { return l.bound }
