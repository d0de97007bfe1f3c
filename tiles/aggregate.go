package tiles

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/paulmach/orb"
)

// Weighted is a point that counts for something, in whole units, per column.
type Weighted struct {
	Point  orb.Point
	Class  string  // points of different classes are never added up
	Counts []int64 // as many for every point; the first weighs where the cell's point lies
}

// Cell is the points of one class in one cell of the grid, added up.
type Cell struct {
	ID     string // the same for the same grid cell and class, e.g. "13/426993/211042/covered"
	Point  orb.Point
	Class  string
	Counts []int64
	From   []int32 // places of its points in the input, ascending
}

// cellBits makes cells of 1/32 of a tile's side: 16 px on a map of 512 px tiles.
const cellBits = 5

// Aggregate adds points up on the grid of zoom z. A cell lies in one tile, its point
// (the mean of its points, weighed by the first count) inside the cell, and the counts
// of all cells add up to those of all points, exactly. O(n log n).
func Aggregate(points []Weighted, z int) []Cell {
	shift := uint(worldBits - z - cellBits)
	type item struct {
		cell pt
		at   int32
	}
	items := make([]item, len(points))
	for i, p := range points {
		w := toWorld(p.Point)
		items[i] = item{pt{w.x >> shift, w.y >> shift}, int32(i)}
	}
	slices.SortFunc(items, func(a, b item) int {
		return cmp.Or(comparePt(a.cell, b.cell), cmp.Compare(points[a.at].Class, points[b.at].Class), cmp.Compare(a.at, b.at))
	})
	var cells []Cell
	for i := 0; i < len(items); {
		first := items[i]
		c := Cell{Class: points[first.at].Class, ID: fmt.Sprintf("%d/%d/%d", z, first.cell.x, first.cell.y)}
		if c.Class != "" {
			c.ID += "/" + c.Class
		}
		for ; i < len(items) && items[i].cell == first.cell && points[items[i].at].Class == c.Class; i++ {
			c.From = append(c.From, items[i].at)
		}
		c.sum(points)
		cells = append(cells, c)
	}
	return cells
}

// sum adds up the cell's points.
func (c *Cell) sum(points []Weighted) {
	c.Counts = make([]int64, len(points[c.From[0]].Counts))
	var lon, lat, weight float64
	for _, i := range c.From {
		p := points[i]
		for k, n := range p.Counts {
			c.Counts[k] += n
		}
		// A point that counts nothing still has a place.
		w := 1e-9
		if len(p.Counts) > 0 {
			w += float64(p.Counts[0])
		}
		lon += float64(w * p.Point[0])
		lat += float64(w * p.Point[1])
		weight += w
	}
	c.Point = orb.Point{lon / weight, lat / weight}
}
