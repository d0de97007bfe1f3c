// Package contour draws the outline of where a raster is at or above a level:
// marching squares into valid polygons with holes. It owns rasters and rings, is
// pure, and knows nothing of what the values mean.
package contour

import (
	"github.com/paulmach/orb"
)

// Grid is a raster of values at points: value (x, y) stands at
// Origin + (x·CellLon, y·CellLat), so y rises northwards. V is row by row, V[y·W+x], len W·H. NaN counts as below every level.
type Grid struct {
	Origin  orb.Point
	CellLon float64 // step between columns, positive
	CellLat float64 // step between rows, positive
	W, H    int
	V       []float32
}

// edgeShare keeps an outline's vertices this share of a cell away from the raster's
// points, so that outlines never touch one another or themselves.
const edgeShare = 1.0 / 32

// Polygons outlines the places where the raster, interpolated linearly between its
// points, is at least level. Beyond the raster everything is below the level, so
// the outlines close half a cell outside it at most.
//
// The result is valid by the rules of OGC simple features: rings are closed,
// simple and disjoint, outer rings run counter-clockwise, holes clockwise, and a
// hole belongs to the polygon around it. Two points that meet only diagonally are
// one part where the mean of the four is at least the level, else two. Polygons
// come in the order of their lowest, leftmost cells. Nothing at the level gives an
// empty MultiPolygon. O(W·H) time and memory.
func Polygons(g Grid, level float64) orb.MultiPolygon {
	var t Tracer
	return t.Polygons(g, level)
}

// Polygons is the function Polygons with the tracer's memory. The result is the
// caller's own.
func (t *Tracer) Polygons(g Grid, level float64) orb.MultiPolygon {
	if g.W <= 0 || g.H <= 0 || len(g.V) < g.W*g.H {
		return orb.MultiPolygon{}
	}
	t.begin(g, level)
	for y := -1; y < g.H; y++ {
		t.scanRow(y)
	}
	result := t.polygons()
	t.g, t.rings = Grid{}, nil
	return result
}
