package crsfit

import (
	"math"

	"github.com/paulmach/orb"

	"yike/geo"
)

// index finds the distance to the nearest road. It lays the segments into the cells of
// a grid, which a lookup reads from the inside out.
type index struct {
	frame    geo.LocalFrame
	min      orb.Point // corner of cell 0, 0 in metres
	cell     float64   // length of a cell in metres
	w, h     int
	start    []int32 // cell -> first entry in of; one more at the end
	of       []int32 // segments by cell
	segments [][2]orb.Point
}

// reachM is the farthest distance that counts. Farther points are taken to be this far
// away.
const reachM = 150.0

// leastCellM is the length of a cell where memory allows.
const leastCellM = 50.0

// mostCells keeps the grid of a province within memory, by larger cells.
const mostCells = 4 << 20

// newIndex indexes the roads within reach of bound, in metres of frame.
func newIndex(roads []orb.LineString, frame geo.LocalFrame, bound orb.Bound) *index {
	x := &index{frame: frame, min: bound.Min}
	width, height := bound.Max[0]-bound.Min[0], bound.Max[1]-bound.Min[1]
	x.cell = math.Max(leastCellM, math.Sqrt(width*height/mostCells))
	x.w, x.h = int(width/x.cell)+1, int(height/x.cell)+1
	for _, road := range roads {
		x.addRoad(road, bound)
	}
	x.fill()
	return x
}

func (x *index) addRoad(road orb.LineString, bound orb.Bound) {
	for i := 1; i < len(road); i++ {
		a, b := x.frame.To(road[i-1]), x.frame.To(road[i])
		if finite(a) && finite(b) && bound.Intersects(orb.MultiPoint{a, b}.Bound()) {
			x.segments = append(x.segments, [2]orb.Point{a, b})
		}
	}
}

// fill sorts the segments by cell, counting first.
func (x *index) fill() {
	x.start = make([]int32, x.w*x.h+1)
	for _, s := range x.segments {
		x.cells(s, func(c int) { x.start[c+1]++ })
	}
	for c := range x.w * x.h {
		x.start[c+1] += x.start[c]
	}
	x.of = make([]int32, x.start[x.w*x.h])
	next := append([]int32(nil), x.start...)
	for i, s := range x.segments {
		x.cells(s, func(c int) {
			x.of[next[c]] = int32(i) //nolint:gosec // fewer segments than bytes of memory
			next[c]++
		})
	}
}

// cells visits the cells that a segment passes, row by row.
func (x *index) cells(s [2]orb.Point, visit func(int)) {
	a, b := s[0], s[1]
	if a[1] > b[1] {
		a, b = b, a
	}
	r0, r1 := x.row(a[1]), x.row(b[1])
	for r := r0; r <= r1; r++ {
		// The part of the segment within the row.
		lo, hi := a, b
		if r > r0 {
			lo = at(a, b, x.min[1]+float64(r)*x.cell)
		}
		if r < r1 {
			hi = at(a, b, x.min[1]+float64(r+1)*x.cell)
		}
		for c := x.col(math.Min(lo[0], hi[0])); c <= x.col(math.Max(lo[0], hi[0])); c++ {
			visit(r*x.w + c)
		}
	}
}

func at(a, b orb.Point, y float64) orb.Point {
	if b[1] == a[1] {
		return a
	}
	t := math.Max(0, math.Min(1, (y-a[1])/(b[1]-a[1])))
	return orb.Point{a[0] + t*(b[0]-a[0]), y}
}

func (x *index) col(v float64) int { return clamp((v-x.min[0])/x.cell, x.w) }

func (x *index) row(v float64) int { return clamp((v-x.min[1])/x.cell, x.h) }

func clamp(v float64, n int) int {
	return int(math.Max(0, math.Min(float64(n-1), math.Floor(v))))
}

// distance is that from p, in metres of the frame, to the nearest road, at most reachM.
// It looks at the cells ring by ring and stops when no farther ring can hold a nearer
// road.
func (x *index) distance(p orb.Point) float64 {
	best := reachM * reachM
	c, r := int(math.Floor((p[0]-x.min[0])/x.cell)), int(math.Floor((p[1]-x.min[1])/x.cell))
	for ring := 0; ; ring++ {
		for row := r - ring; row <= r+ring; row++ {
			step := 1
			if row != r-ring && row != r+ring {
				step = max(1, 2*ring) // inside, only the two ends are new
			}
			for col := c - ring; col <= c+ring; col += step {
				best = x.nearestIn(row, col, p, best)
			}
		}
		if clear := float64(ring) * x.cell; clear*clear >= best {
			return math.Sqrt(best)
		}
	}
}

// nearestIn lowers best, a squared distance, to the nearest segment of a cell.
func (x *index) nearestIn(row, col int, p orb.Point, best float64) float64 {
	if row < 0 || row >= x.h || col < 0 || col >= x.w {
		return best
	}
	cell := row*x.w + col
	for _, i := range x.of[x.start[cell]:x.start[cell+1]] {
		best = math.Min(best, squared(p, x.segments[i]))
	}
	return best
}

// squared is the square of the distance from p to a segment.
func squared(p orb.Point, s [2]orb.Point) float64 {
	dx, dy := s[1][0]-s[0][0], s[1][1]-s[0][1]
	px, py := p[0]-s[0][0], p[1]-s[0][1]
	if l := dx*dx + dy*dy; l > 0 {
		t := math.Max(0, math.Min(1, (px*dx+py*dy)/l))
		px, py = px-t*dx, py-t*dy
	}
	return px*px + py*py
}

func finite(p orb.Point) bool {
	return !math.IsNaN(p[0]+p[1]) && !math.IsInf(p[0]+p[1], 0)
}
