package coverage

import (
	"math"

	"github.com/paulmach/orb"

	"yike/geo"
	"yike/geo/contour"
)

// raster is a grid of cells over the uncovered points, with a rim of free cells, so that
// no neighbour of a marked cell lies outside. label holds free, barred, -owner for a
// marked cell not yet grouped, and then the group's number from 1 on.
type raster struct {
	origin           orb.Point // south-west corner of cell 0,0
	cellLon, cellLat float64   // degrees
	w, h             int
	label            []int32
}

const (
	free   = int32(0)
	barred = math.MinInt32 // only points that are not uncovered lie here
)

// rim is the number of free cells on each side: one for the cells around a point,
// one for theirs, one for the rounding of coordinates.
const rim = 3

// maxCells bounds the memory of a raster (64 MB); beyond it cells get coarser.
const maxCells = 1 << 24

// newRaster lays the raster. Its lines are those of one grid over all points, so that
// the cells stay where they are while limits, speeds and sites change.
func newRaster(points []orb.Point, uncovered []int32, cellM float64) *raster {
	all := orb.MultiPoint(points).Bound()
	b := orb.Bound{Min: points[uncovered[0]], Max: points[uncovered[0]]}
	for _, i := range uncovered {
		b = b.Extend(points[i])
	}
	mid := all.Center()
	const probe = 1e-3 // degrees
	mLon := geo.Distance(mid, orb.Point{mid.Lon() + probe, mid.Lat()}) / probe
	mLat := geo.Distance(mid, orb.Point{mid.Lon(), mid.Lat() + probe}) / probe
	for ; ; cellM *= 2 {
		g := &raster{cellLon: cellM / mLon, cellLat: cellM / mLat}
		x0, w := span(all.Min.Lon(), b.Min.Lon(), b.Max.Lon(), g.cellLon)
		y0, h := span(all.Min.Lat(), b.Min.Lat(), b.Max.Lat(), g.cellLat)
		if w*h > maxCells {
			continue
		}
		g.w, g.h = int(w), int(h)
		g.origin = orb.Point{all.Min.Lon() + x0*g.cellLon, all.Min.Lat() + y0*g.cellLat}
		g.label = make([]int32, g.w*g.h)
		return g
	}
}

// span gives the first cell, counted from zero, and the number of cells that hold
// low to high and a rim.
func span(zero, low, high, cell float64) (first, n float64) {
	first = math.Floor((low-zero)/cell) - rim
	return first, math.Floor((high-zero)/cell) + rim + 1 - first
}

// cell is the index of the cell that holds p, or -1 outside the raster.
func (g *raster) cell(p orb.Point) int {
	x := math.Floor((p.Lon() - g.origin.Lon()) / g.cellLon)
	y := math.Floor((p.Lat() - g.origin.Lat()) / g.cellLat)
	if x < 0 || y < 0 || x >= float64(g.w) || y >= float64(g.h) {
		return -1
	}
	return int(y)*g.w + int(x)
}

// bar sets the cells of points aside that no gap is about.
func (g *raster) bar(points []orb.Point, others []int32) {
	for _, i := range others {
		if c := g.cell(points[i]); c >= 0 {
			g.label[c] = barred
		}
	}
}

// mark sets the cells of the uncovered points and those around them for their owner,
// the first to come keeping a cell; barred cells are spared unless a point lies there.
func (g *raster) mark(d *Demand, uncovered []int32, opt GapOptions) {
	for _, i := range uncovered {
		if c := g.cell(d.Points[i]); g.label[c] == free || g.label[c] == barred {
			g.label[c] = -opt.owner(d.Division[i])
		}
	}
	around := g.around()
	for _, i := range uncovered {
		c := g.cell(d.Points[i])
		for _, o := range around {
			if g.label[c+o] == free {
				g.label[c+o] = g.label[c]
			}
		}
	}
}

// around gives the offsets of the eight neighbours of a cell that is not on the rim.
func (g *raster) around() [8]int {
	return [8]int{-g.w - 1, -g.w, -g.w + 1, -1, 1, g.w - 1, g.w, g.w + 1}
}

// box is a range of cells, inclusive.
type box struct{ x0, y0, x1, y1 int }

// groups numbers the connected sets of marked cells of one owner from 1 on, from the
// south-west corner row by row, and returns the box of each.
func (g *raster) groups() []box {
	var out []box
	var stack []int
	around := g.around()
	for start, l := range g.label {
		if l >= free || l == barred || g.label[start] != l {
			continue
		}
		number := int32(len(out)) + 1
		b := box{x0: g.w, y0: g.h}
		g.label[start] = number
		stack = append(stack[:0], start)
		for len(stack) > 0 {
			c := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			x, y := c%g.w, c/g.w
			b = box{min(b.x0, x), min(b.y0, y), max(b.x1, x), max(b.y1, y)}
			for _, o := range around {
				if g.label[c+o] == l {
					g.label[c+o] = number
					stack = append(stack, c+o)
				}
			}
		}
		out = append(out, b)
	}
	return out
}

// justOver the middle between in and out, so that cells of two gaps that meet
// crosswise do not both claim the place where they meet.
const justOver = 0.5001

// fine is how many samples a cell is drawn with on each side. The contour runs along the
// cells' edges and cuts their corners by half a sample.
const fine = 4

// outline draws the cells of one group, as a contour half-way between the centres
// of samples in and out of it. Cells that only corners join are drawn as two parts.
func (g *raster) outline(number int32, b box) orb.MultiPolygon {
	w, h := (b.x1-b.x0+1)*fine+2, (b.y1-b.y0+1)*fine+2
	v := make([]float32, w*h)
	for y := range h - 2 {
		for x := range w - 2 {
			if g.label[(b.y0+y/fine)*g.w+b.x0+x/fine] == number {
				v[(y+1)*w+x+1] = 1
			}
		}
	}
	lon, lat := g.cellLon/fine, g.cellLat/fine
	return contour.Polygons(contour.Grid{
		Origin: orb.Point{
			g.origin.Lon() + float64(b.x0)*g.cellLon - lon/2,
			g.origin.Lat() + float64(b.y0)*g.cellLat - lat/2,
		},
		CellLon: lon, CellLat: lat, W: w, H: h, V: v,
	}, justOver)
}
