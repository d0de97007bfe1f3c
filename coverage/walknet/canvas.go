package walknet

import (
	"math"
	"math/bits"

	"github.com/paulmach/orb"

	"yike/geo/contour"
)

// canvas is the raster of a circle: for each raster point the street nearest to it,
// found by a sketch of the streets that is then spread over the raster.
type canvas struct {
	r         *Reach
	plane     plane
	cell      float32 // metres
	offStreet float32 // metres
	band      float32 // metres, squared; farther than this nothing is spread
	w, h      int
	strokes   []stroke
	profiles  []profile
	nearest   []int32   // per raster point, a stroke; -1 where none is known
	dist2     []float32 // per raster point, square metres to that stroke
}

// stroke is one straight stretch of street, in metres of the canvas's plane.
type stroke struct {
	x, y, dx, dy  float32 // start and step
	inverse       float32 // 1 / squared length
	start, length float32 // metres along the edge
	profile       int32
}

func (r *Reach) canvas(opts CircleOptions) *canvas {
	cell, off := opts.CellM, opts.OffStreetM
	if !(cell > 0) {
		cell = defaultCellM
	}
	cell = max(cell, leastCellM)
	if !(off > 0) {
		off = defaultOffStreetM
	}
	box := r.bound()
	kx, ky := metresPerDegree(r.site.Point[1])
	margin := off + 3*cell
	c := &canvas{r: r, cell: float32(cell), offStreet: float32(off)}
	c.band = (c.offStreet + 2*c.cell) * (c.offStreet + 2*c.cell)
	c.plane = plane{origin: orb.Point{box.Min[0] - margin/kx, box.Min[1] - margin/ky}, kx: kx, ky: ky}
	size := c.plane.to(box.Max)
	c.w, c.h = int((size.x+margin)/cell)+2, int((size.y+margin)/cell)+2
	c.nearest, c.dist2 = make([]int32, c.w*c.h), make([]float32, c.w*c.h)
	for i := range c.nearest {
		c.nearest[i] = -1
		c.dist2[i] = math.MaxFloat32
	}
	return c
}

// bound is the box round the site and all stretches from which it is reached.
func (r *Reach) bound() orb.Bound {
	b := orb.Bound{Min: r.site.Point, Max: r.site.Point}
	for e := range r.Edges() {
		for _, s := range r.profile(e).within(float64(r.limit)) {
			if s[0] <= s[1] {
				b = r.net.extend(b, e, s)
			}
		}
	}
	return b
}

// extend widens a box to the stretch of an edge between two offsets in mm.
func (n *Network) extend(b orb.Bound, e int32, stretch [2]float64) orb.Bound {
	first, last := n.vertStart[e], n.vertStart[e+1]-1
	for i := first; i < last; i++ {
		start, end := float64(n.alongMM[i]), float64(n.alongMM[i+1])
		if end < stretch[0] || start > stretch[1] || end == start {
			continue
		}
		for _, mm := range stretch {
			t := clampFloat((mm-start)/(end-start), 0, 1)
			p, q := n.verts[i], n.verts[i+1]
			b = b.Extend(orb.Point{p[0] + t*(q[0]-p[0]), p[1] + t*(q[1]-p[1])})
		}
	}
	return b
}

// sketch draws the streets in the raster's box onto the raster points right beside
// them, reached or not: a street out of reach keeps the places next to it out of
// the circle.
func (c *canvas) sketch() {
	n := c.r.net
	far := c.plane.from(vec{float64(c.w) * float64(c.cell), float64(c.h) * float64(c.cell)})
	wanted := make([]uint64, len(n.verts)/64+1)
	n.index.in(orb.Bound{Min: c.plane.origin, Max: far}, func(s int32) { wanted[s/64] |= 1 << (s % 64) })
	count := 0
	for _, set := range wanted {
		count += bits.OnesCount64(set)
	}
	c.strokes = make([]stroke, 0, count)
	last := int32(-1)
	for word, set := range wanted {
		for ; set != 0; set &= set - 1 {
			s := int32(word*64 + bits.TrailingZeros64(set))
			if e := n.vertEdge[s]; e != last {
				last = e
				c.profiles = append(c.profiles, c.r.profile(e))
			}
			c.draw(s)
		}
	}
}

// draw adds a segment of the network's and samples it once per cell.
func (c *canvas) draw(s int32) {
	n := c.r.net
	a, b := c.plane.to(n.verts[s]), c.plane.to(n.verts[s+1])
	d := b.sub(a)
	if d.norm2() == 0 {
		return
	}
	id := int32(len(c.strokes))
	c.strokes = append(c.strokes, stroke{
		x: float32(a.x), y: float32(a.y), dx: float32(d.x), dy: float32(d.y), inverse: float32(1 / d.norm2()),
		start: float32(n.alongMM[s]) / 1000, length: float32(n.alongMM[s+1]-n.alongMM[s]) / 1000, profile: int32(len(c.profiles) - 1),
	})
	seen := -1
	steps := int(max(math.Abs(d.x), math.Abs(d.y))/float64(c.cell)) + 1
	for i := range steps + 1 {
		at := a.lerp(b, float64(i)/float64(steps))
		x, y := int(math.Floor(at.x/float64(c.cell))), int(math.Floor(at.y/float64(c.cell)))
		if x < 0 || y < 0 || x+1 >= c.w || y+1 >= c.h {
			continue
		}
		j := y*c.w + x
		if j == seen {
			continue
		}
		seen = j
		c.offer(j, x, y, id)
		c.offer(j+1, x+1, y, id)
		c.offer(j+c.w, x, y+1, id)
		c.offer(j+c.w+1, x+1, y+1, id)
	}
}

// offer makes a stroke the nearest of raster point i = (x, y) if it is.
func (c *canvas) offer(i, x, y int, id int32) {
	s := &c.strokes[id]
	d2, _ := s.from(float32(x)*c.cell, float32(y)*c.cell)
	if d2 < c.dist2[i] {
		c.dist2[i], c.nearest[i] = d2, id
	}
}

// from is the squared distance of a place to the stroke and the share of it there.
func (s *stroke) from(x, y float32) (d2, t float32) {
	px, py := x-s.x, y-s.y
	t = min(max((px*s.dx+py*s.dy)*s.inverse, 0), 1)
	px, py = px-t*s.dx, py-t*s.dy
	return px*px + py*py, t
}

// spread hands strokes from raster point to raster point, in two sweeps of the
// raster as in Danielsson's distance transform (Computer Graphics and Image
// Processing 14, 1980). What it finds is the nearest stroke or one all but as near.
func (c *canvas) spread() {
	for y := 1; y < c.h; y++ {
		c.sweepRow(y, -c.w)
	}
	for y := c.h - 2; y >= 0; y-- {
		c.sweepRow(y, c.w)
	}
}

// sweepRow offers each raster point of a row the strokes of its neighbours to one
// side of the row and, going east and then back west, those in the row.
func (c *canvas) sweepRow(y, side int) {
	row := y * c.w
	for x := 1; x < c.w; x++ {
		c.take(row+x, x, y, row+x+side)
		c.take(row+x, x, y, row+x-1)
	}
	for x := c.w - 2; x >= 0; x-- {
		c.take(row+x, x, y, row+x+1)
	}
}

// take offers raster point i = (x, y) the stroke of raster point from.
func (c *canvas) take(i, x, y, from int) {
	if id := c.nearest[from]; id != c.nearest[i] && id >= 0 && c.dist2[from] < c.band {
		c.offer(i, x, y, id)
	}
}

// grid holds how many metres are left at each raster point: of the way that the
// limit allows or of the way off the street, whichever is less. The circle is where
// that is not negative.
func (c *canvas) grid() contour.Grid {
	left := make([]float32, c.w*c.h)
	metresPerMS := float64(c.r.speed) / 1e6
	limit := float64(c.r.limit)
	outside := -c.cell
	for y := range c.h {
		for x := range c.w {
			i := y*c.w + x
			left[i] = outside
			id := c.nearest[i]
			if id < 0 || c.dist2[i] > c.band {
				continue
			}
			s := &c.strokes[id]
			d2, t := s.from(float32(x)*c.cell, float32(y)*c.cell)
			off := float32(math.Sqrt(float64(d2)))
			street := float32((limit - c.profiles[s.profile].at(1000*float64(s.start+t*s.length))) * metresPerMS)
			left[i] = max(min(street-off, c.offStreet-off), outside)
		}
	}
	return contour.Grid{
		Origin: c.plane.origin, CellLon: float64(c.cell) / c.plane.kx, CellLat: float64(c.cell) / c.plane.ky,
		W: c.w, H: c.h, V: left,
	}
}
