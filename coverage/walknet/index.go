package walknet

import (
	"math"

	"github.com/paulmach/orb"
)

// segmentIndex finds the segments near a place: a grid over the bound of its
// lines whose cells list the segments that touch them, in compressed rows. A
// segment is known by its first vertex.
type segmentIndex struct {
	box          orb.Bound
	cellX, cellY float64 // degrees
	cols, rows   int
	start        []int32 // cols·rows+1
	segments     []int32
}

const (
	indexCellM   = 80.0 // about the length of an edge in a city
	minCellsCap  = 1 << 12
	cellsPerSegm = 4 // memory stays linear even for a few lines far apart
)

// newSegmentIndex indexes the segments i→i+1 of verts for which is(i) holds.
func newSegmentIndex(verts []orb.Point, box orb.Bound, is func(int32) bool) segmentIndex {
	g := segmentIndex{box: box}
	if len(verts) < 2 {
		return g
	}
	kx, ky := metresPerDegree((box.Min[1] + box.Max[1]) / 2)
	width, height := (box.Max[0]-box.Min[0])*kx, (box.Max[1]-box.Min[1])*ky
	most := float64(max(minCellsCap, cellsPerSegm*len(verts)))
	cell := indexCellM
	for (width/cell+1)*(height/cell+1) > most {
		cell *= 1.25
	}
	g.cellX, g.cellY = cell/kx, cell/ky
	g.cols, g.rows = int(width/cell)+1, int(height/cell)+1
	g.start = make([]int32, g.cols*g.rows+1)
	each := func(do func(cell, segment int32)) {
		for i := range int32(len(verts) - 1) {
			if is(i) {
				g.cross(verts[i], verts[i+1], func(c int32) { do(c, i) })
			}
		}
	}
	each(func(c, _ int32) { g.start[c+1]++ })
	for c := range g.cols * g.rows {
		g.start[c+1] += g.start[c]
	}
	g.segments = make([]int32, g.start[g.cols*g.rows])
	next := append([]int32(nil), g.start...)
	each(func(c, s int32) {
		g.segments[next[c]] = s
		next[c]++
	})
	return g
}

// column and row are the cell of a place, unclamped, so they may lie off the grid.
func (g *segmentIndex) column(lon float64) int {
	return int(math.Floor(clampFloat((lon-g.box.Min[0])/g.cellX, -1e9, 1e9)))
}

func (g *segmentIndex) row(lat float64) int {
	return int(math.Floor(clampFloat((lat-g.box.Min[1])/g.cellY, -1e9, 1e9)))
}

// cross calls do for every cell that the segment a→b touches, and perhaps for a
// neighbour that it misses by rounding.
func (g *segmentIndex) cross(a, b orb.Point, do func(cell int32)) {
	if a[0] > b[0] {
		a, b = b, a
	}
	const slack = 1e-9 // of a degree, 0.1 mm
	first, last := clampInt(g.column(a[0]-slack), g.cols), clampInt(g.column(b[0]+slack), g.cols)
	for c := first; c <= last; c++ {
		low, high := a[1], b[1]
		if dx := b[0] - a[0]; first != last && dx > 0 {
			west := g.box.Min[0] + float64(c)*g.cellX
			slope := (b[1] - a[1]) / dx
			low = a[1] + slope*clampFloat(west-a[0], 0, dx)
			high = a[1] + slope*clampFloat(west+g.cellX-a[0], 0, dx)
		}
		if low > high {
			low, high = high, low
		}
		r1 := clampInt(g.row(high+slack), g.rows)
		for r := clampInt(g.row(low-slack), g.rows); r <= r1; r++ {
			do(int32(r*g.cols + c))
		}
	}
}

// in calls do for every segment in the cells that touch the box, some of them
// more than once.
func (g *segmentIndex) in(box orb.Bound, do func(segment int32)) {
	if len(g.segments) == 0 || !g.box.Intersects(box) {
		return
	}
	c0, c1 := clampInt(g.column(box.Min[0]), g.cols), clampInt(g.column(box.Max[0]), g.cols)
	r1 := clampInt(g.row(box.Max[1]), g.rows)
	for r := clampInt(g.row(box.Min[1]), g.rows); r <= r1; r++ {
		from, to := g.start[r*g.cols+c0], g.start[r*g.cols+c1+1]
		for _, s := range g.segments[from:to] {
			do(s)
		}
	}
}

// cell lists the segments of a cell; none off the grid.
func (g *segmentIndex) cell(c, r int) []int32 {
	if c < 0 || r < 0 || c >= g.cols || r >= g.rows {
		return nil
	}
	i := r*g.cols + c
	return g.segments[g.start[i]:g.start[i+1]]
}

func clampInt(v, n int) int { return min(max(v, 0), n-1) }

func clampFloat(v, low, high float64) float64 { return min(max(v, low), high) }
