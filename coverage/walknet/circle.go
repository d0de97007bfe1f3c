package walknet

import (
	"math"

	"github.com/paulmach/orb"

	"yike/geo/contour"
)

// CircleOptions steer the drawing of a service circle. The zero value is the default.
type CircleOptions struct {
	CellM      float64 // width of the raster's cells in metres; 0 means 10
	OffStreetM float64 // how far off a street the circle goes at most, in metres; 0 means 40
}

const (
	defaultCellM      = 10.0
	defaultOffStreetM = 40.0
	leastCellM        = 1.0
	sliverCells       = 3.0 // parts and holes smaller than this many cells are noise of the raster
)

// Circle draws the service circle: the places from which the site can be walked to
// within the limit. A place counts by the street nearest to it, as people do: time
// from the nearest point of that street plus the way there off the street at the
// same speed, and at most OffStreetM of it. It is a drawing with an error of about
// half a cell; people are counted with At, never with it.
//
// The polygons are valid (see contour.Polygons); parts and holes of less than
// three cells are left out, but never the last part. A reach of nothing gives an
// empty MultiPolygon. O(cells + length of the streets around).
func (r *Reach) Circle(opts CircleOptions) orb.MultiPolygon {
	c := r.canvas(opts)
	if c == nil {
		return orb.MultiPolygon{}
	}
	c.paint()
	return withoutSlivers(contour.Polygons(c.grid(), 0), sliverCells*c.cellLon*c.cellLat)
}

// canvas is the raster of a circle: per raster point the squared distance to the
// nearest street and how many metres are left there: of the way that the limit
// allows and of the way off the street, whichever is less. Inside is where that is
// not negative.
type canvas struct {
	r                *Reach
	plane            plane
	cellLon, cellLat float64
	cell             float64 // metres
	offStreet        float64 // metres
	band             float64 // metres; beyond it a street is not painted
	w, h             int
	dist2, left      []float32
}

func (r *Reach) canvas(opts CircleOptions) *canvas {
	if !r.site.OK() {
		return nil
	}
	cell, off := opts.CellM, opts.OffStreetM
	if !(cell > 0) {
		cell = defaultCellM
	}
	cell = max(cell, leastCellM)
	if !(off > 0) {
		off = defaultOffStreetM
	}
	box := r.bound()
	c := &canvas{r: r, cell: cell, offStreet: off, band: off + 1.5*cell}
	kx, ky := metresPerDegree(r.site.Point[1])
	c.cellLon, c.cellLat = cell/kx, cell/ky
	margin := c.band + cell
	c.plane = plane{origin: orb.Point{box.Min[0] - margin/kx, box.Min[1] - margin/ky}, kx: kx, ky: ky}
	size := c.plane.to(box.Max)
	c.w, c.h = int((size.x+margin)/cell)+2, int((size.y+margin)/cell)+2
	c.dist2, c.left = make([]float32, c.w*c.h), make([]float32, c.w*c.h)
	for i := range c.dist2 {
		c.dist2[i] = float32(c.band * c.band)
		c.left[i] = float32(-cell)
	}
	return c
}

// bound is the box round the site and all edges that a walk to it touches.
func (r *Reach) bound() orb.Bound {
	b := orb.Bound{Min: r.site.Point, Max: r.site.Point}
	for e := range r.Edges() {
		for _, p := range r.net.line(e) {
			b = b.Extend(p)
		}
	}
	return b
}

// paint paints the streets in the raster's box, reached or not: a street that is
// not reached keeps the places next to it out of the circle.
func (c *canvas) paint() {
	n := c.r.net
	far := c.plane.from(vec{float64(c.w) * c.cell, float64(c.h) * c.cell})
	seen := make(map[int32]struct{})
	n.index.in(orb.Bound{Min: c.plane.origin, Max: far}, func(s int32) {
		if _, ok := seen[s]; ok {
			return
		}
		seen[s] = struct{}{}
		c.segment(s, c.r.profile(n.edgeOf(s)))
	})
}

// segment paints one segment: each raster point within the band that is nearer to
// it than to any painted before.
func (c *canvas) segment(s int32, p profile) {
	n := c.r.net
	a, b := c.plane.to(n.verts[s]), c.plane.to(n.verts[s+1])
	start, length := float64(n.alongMM[s]), float64(n.alongMM[s+1]-n.alongMM[s])
	x0 := max(int((min(a.x, b.x)-c.band)/c.cell), 0)
	x1 := min(int((max(a.x, b.x)+c.band)/c.cell)+1, c.w-1)
	y0 := max(int((min(a.y, b.y)-c.band)/c.cell), 0)
	y1 := min(int((max(a.y, b.y)+c.band)/c.cell)+1, c.h-1)
	metresPerMS := float64(c.r.speed) / 1e6
	for y := y0; y <= y1; y++ {
		for x := x0; x <= x1; x++ {
			t, d2 := nearestOn(vec{float64(x) * c.cell, float64(y) * c.cell}, a, b)
			i := y*c.w + x
			if float32(d2) >= c.dist2[i] {
				continue
			}
			c.dist2[i] = float32(d2)
			d := math.Sqrt(d2)
			left := (float64(c.r.limit)-p.at(start+t*length))*metresPerMS - d
			c.left[i] = float32(max(min(left, c.offStreet-d), -c.cell))
		}
	}
}

func (c *canvas) grid() contour.Grid {
	return contour.Grid{Origin: c.plane.origin, CellLon: c.cellLon, CellLat: c.cellLat, W: c.w, H: c.h, V: c.left}
}

// withoutSlivers drops parts and holes smaller than least, in square degrees, but
// keeps the largest part.
func withoutSlivers(m orb.MultiPolygon, least float64) orb.MultiPolygon {
	kept := orb.MultiPolygon{}
	largest, size := -1, 0.0
	for i, p := range m {
		area := ringArea(p[0])
		if area > size {
			largest, size = i, area
		}
		if area >= least {
			kept = append(kept, withoutSmallHoles(p, least))
		}
	}
	if len(kept) == 0 && largest >= 0 {
		kept = append(kept, m[largest])
	}
	return kept
}

func withoutSmallHoles(p orb.Polygon, least float64) orb.Polygon {
	kept := orb.Polygon{p[0]}
	for _, hole := range p[1:] {
		if ringArea(hole) >= least {
			kept = append(kept, hole)
		}
	}
	return kept
}

func ringArea(r orb.Ring) float64 {
	sum := 0.0
	for i := 1; i < len(r); i++ {
		a, b := r[i-1], r[i]
		sum += (a[0]-r[0][0])*(b[1]-r[0][1]) - (b[0]-r[0][0])*(a[1]-r[0][1])
	}
	return math.Abs(sum / 2)
}
