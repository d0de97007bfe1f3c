package coverage

import (
	"math"

	"github.com/paulmach/orb"
)

// pointIndex finds the points in a box: a grid whose cells list theirs, in compressed
// rows. 4 bytes a point and about 1 for its cells.
type pointIndex struct {
	box        orb.Bound
	cell       orb.Point // degrees
	cols, rows int
	start      []int32 // cols·rows+1
	points     []int32
}

// pointsPerCell is what a cell holds on average.
const pointsPerCell = 8

// newPointIndex indexes points. Those that are no place on earth are in no box. O(points).
func newPointIndex(points []orb.Point) pointIndex {
	x := pointIndex{box: orb.MultiPoint(points).Bound(), cols: 1, rows: 1}
	width, height := x.box.Max[0]-x.box.Min[0], x.box.Max[1]-x.box.Min[1]
	if side := math.Sqrt(width * height * pointsPerCell / float64(len(points))); side > 0 && !math.IsInf(side, 1) {
		x.cols, x.rows = 1+int(width/side), 1+int(height/side)
	}
	x.cell = orb.Point{width / float64(x.cols), height / float64(x.rows)}
	x.start = make([]int32, x.cols*x.rows+1)
	for _, p := range points {
		x.start[x.at(p)+1]++
	}
	for c := range x.cols * x.rows {
		x.start[c+1] += x.start[c]
	}
	x.points = make([]int32, len(points))
	next := append([]int32(nil), x.start...)
	for i, p := range points {
		c := x.at(p)
		x.points[next[c]] = int32(i)
		next[c]++
	}
	return x
}

func (x *pointIndex) at(p orb.Point) int { return x.row(p[1])*x.cols + x.column(p[0]) }

func (x *pointIndex) column(lon float64) int { return place(lon-x.box.Min[0], x.cell[0], x.cols) }
func (x *pointIndex) row(lat float64) int    { return place(lat-x.box.Min[1], x.cell[1], x.rows) }

// place is which of so many cells holds a distance from the first, or is next to it.
func place(from, cell float64, cells int) int {
	at := from / cell
	switch {
	case !(at > 0): // nor NaN, where all points have one longitude
		return 0
	case at >= float64(cells):
		return cells - 1
	}
	return int(at)
}

// in calls do with every point in a box, and perhaps with others near it.
func (x *pointIndex) in(box orb.Bound, do func(int32)) {
	if !box.Intersects(x.box) {
		return
	}
	west, east := x.column(box.Min[0]), x.column(box.Max[0])
	for row := x.row(box.Min[1]); row <= x.row(box.Max[1]); row++ {
		for _, i := range x.points[x.start[row*x.cols+west]:x.start[row*x.cols+east+1]] {
			do(i)
		}
	}
}
