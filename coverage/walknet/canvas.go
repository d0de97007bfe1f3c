package walknet

import (
	"math"

	"github.com/paulmach/orb"

	"yike/geo/contour"
)

// canvas is the part of the ground that one circle is drawn on. It keeps its memory
// from one circle to the next and is for one goroutine.
type canvas struct {
	ground    *ground
	r         *Reach
	cell      float64   // metres
	offStreet float64   // metres
	x, y      int       // the ground's raster point in the south-western corner
	w, h      int       // raster points
	streets   []street  // the edges within reach
	slots     []int32   // per edge of the network, 1 + its street; 0 where out of reach
	strips    []strip   // of stripRows rows each
	left      []float32 // per raster point, see grid
	tracer    contour.Tracer
}

// street is an edge within reach.
type street struct {
	times edgeTimes
	edge  int32
	box   orb.Bound // of its stretches within the limit
	most  float64   // metres left at the site's end of them, at most offStreet
}

// strip is the columns of some rows, from and up to but without to, that the circle
// may lie in.
type strip struct{ from, to int }

const stripRows = 4

// mostCells bounds what a raster point counts for, in cells. Next to a street out of
// reach the outline would else run along that street instead of between the two.
const mostCells = 2

func (n *Network) borrowCanvas() *canvas {
	if c, ok := n.canvases.Get().(*canvas); ok {
		return c
	}
	return &canvas{slots: make([]int32, n.Edges())}
}

// giveBack keeps the canvas's memory, but not the reach, for the next circle.
func (n *Network) giveBack(c *canvas) {
	for i := range c.streets {
		c.slots[c.streets[i].edge] = 0
	}
	c.streets, c.r = c.streets[:0], nil
	n.canvases.Put(c)
}

// lay gives the canvas its place, its size and its strips.
func (c *canvas) lay(r *Reach, opts CircleOptions) {
	cell, off := opts.CellM, opts.OffStreetM
	if !(cell > 0) {
		cell = defaultCellM
	}
	if !(off > 0) {
		off = defaultOffStreetM
	}
	cell = max(cell, leastCellM)
	c.r, c.cell, c.offStreet, c.ground = r, cell, off, r.net.groundOf(cell, off+2*cell)
	box := c.collect()
	kx, ky := metresPerDegree(r.site.Point[1])
	margin := off + 3*cell
	c.x, c.y = int(math.Floor(c.ground.column(box.Min[0]-margin/kx))), int(math.Floor(c.ground.row(box.Min[1]-margin/ky)))
	c.w, c.h = int(c.ground.column(box.Max[0]+margin/kx))+2-c.x, int(c.ground.row(box.Max[1]+margin/ky))+2-c.y
	c.cutStrips(kx, ky)
}

// collect lists the streets and returns the box round the site and all of them.
func (c *canvas) collect() orb.Bound {
	r := c.r
	limit := float64(r.limit)
	all := orb.Bound{Min: r.site.Point, Max: r.site.Point}
	for e := range r.Edges() {
		s := street{times: r.edgeTimes(e), edge: e, box: nowhere()}
		for _, stretch := range s.times.within(limit) {
			if stretch[0] <= stretch[1] {
				s.box = r.net.extend(s.box, e, stretch)
			}
		}
		if s.box.Min[0] > s.box.Max[0] {
			continue
		}
		all = union(all, s.box)
		least := min(s.times.viaFrom, s.times.viaTo, s.times.site)
		s.most = min((limit-least)*float64(r.speed)/1e6, c.offStreet)
		c.streets = append(c.streets, s)
		c.slots[e] = int32(len(c.streets))
	}
	return all
}

// cutStrips finds the columns that the circle may lie in: no place of it is farther
// from a street than the way left there.
func (c *canvas) cutStrips(kx, ky float64) {
	c.strips = resized(c.strips, (c.h+stripRows-1)/stripRows)
	for i := range c.strips {
		c.strips[i] = strip{c.w, 0}
	}
	for i := range c.streets {
		s := &c.streets[i]
		about := s.most + 2*c.cell
		from := int(c.ground.column(s.box.Min[0]-about/kx)) - c.x
		to := int(c.ground.column(s.box.Max[0]+about/kx)) + 2 - c.x
		first := int(c.ground.row(s.box.Min[1]-about/ky)) - c.y
		last := int(c.ground.row(s.box.Max[1]+about/ky)) + 1 - c.y
		for j := max(first, 0) / stripRows; j <= min(last, c.h-1)/stripRows; j++ {
			strip := &c.strips[j]
			strip.from, strip.to = min(strip.from, max(from, 0)), max(strip.to, min(to, c.w))
		}
	}
}

// grid holds how many metres are left at each raster point: of the way that the
// limit allows or of the way off the street, whichever is less, from -1 to mostCells
// cells. The circle is where that is not negative.
func (c *canvas) grid() contour.Grid {
	c.left = resized(c.left, c.w*c.h)
	outside := float32(-c.cell)
	for i := range c.left {
		c.left[i] = outside
	}
	for y := range c.h {
		strip := c.strips[y/stripRows]
		for x := strip.from; x < strip.to; {
			spots := c.ground.run(c.x+x, c.y+y)
			spots = spots[:min(len(spots), strip.to-x)]
			c.fill(c.left[y*c.w+x:], spots)
			x += len(spots)
		}
	}
	c.hold()
	return contour.Grid{
		Origin: c.ground.point(c.x, c.y), CellLon: c.ground.step[0], CellLat: c.ground.step[1],
		W: c.w, H: c.h, V: c.left,
	}
}

// fill works out what is left at the raster points that spots belong to. Where it
// would be less than -1 cell, it stays as it is: outside.
func (c *canvas) fill(left []float32, spots []spot) {
	limit, metresPerMS := float64(c.r.limit), float64(c.r.speed)/1e6
	most := mostCells * c.cell
	for i, at := range spots {
		if at.edge < 0 {
			continue
		}
		slot := c.slots[at.edge]
		if slot == 0 {
			continue // a street out of reach keeps the places next to it out of the circle
		}
		s := &c.streets[slot-1]
		off := float64(at.off)
		if off > s.most+c.cell {
			continue
		}
		street := (limit - s.times.at(1000*float64(at.along))) * metresPerMS
		left[i] = float32(min(max(min(street, c.offStreet)-off, -c.cell), most))
	}
}

// extend widens a box to the stretch of an edge between two offsets in mm.
func (n *Network) extend(b orb.Bound, e int32, stretch [2]float64) orb.Bound {
	line, along := n.lineAlong(e)
	for i := range len(line) - 1 {
		start, end := float64(along[i]), float64(along[i+1])
		if end < stretch[0] || start > stretch[1] || end == start {
			continue
		}
		for _, mm := range stretch {
			t := clampFloat((mm-start)/(end-start), 0, 1)
			p, q := line[i], line[i+1]
			at := orb.Point{p[0] + t*(q[0]-p[0]), p[1] + t*(q[1]-p[1])}
			b = union(b, orb.Bound{Min: at, Max: at})
		}
	}
	return b
}

// nowhere is the box of nothing.
func nowhere() orb.Bound {
	return orb.Bound{Min: orb.Point{math.Inf(1), math.Inf(1)}, Max: orb.Point{math.Inf(-1), math.Inf(-1)}}
}

// union is the box of two boxes, either of them possibly nowhere.
func union(a, b orb.Bound) orb.Bound {
	return orb.Bound{
		Min: orb.Point{min(a.Min[0], b.Min[0]), min(a.Min[1], b.Min[1])},
		Max: orb.Point{max(a.Max[0], b.Max[0]), max(a.Max[1], b.Max[1])},
	}
}

// resized is a slice of n elements, in s's memory where that is large enough. What
// the elements hold is left over.
func resized[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}
