package walknet

import (
	"math"

	"yike/geo/contour"
)

// canvas is the part of the ground that one circle is drawn on. It keeps its memory
// from one circle to the next and is for one goroutine.
type canvas struct {
	ground    *ground
	r         *Reach
	cell      float64    // metres
	offStreet float64    // metres
	x, y      int        // the ground's raster point in the south-western corner
	w, h      int        // raster points
	streets   []street   // the edges within reach
	verts     []rasterXY // of all their lines, end to end; first from the site's raster point, then from the corner
	slots     []int32    // per edge of the network, 1 + its street; 0 where out of reach
	strips    []strip    // of stripRows rows each
	left      []float32  // per raster point, see grid
	tracer    contour.Tracer
}

// street is an edge within reach.
type street struct {
	times edgeTimes
	edge  int32
	first int      // of its vertices in the canvas's
	most  float64  // metres left at the site's end of it, at most offStreet
	deep  bool     // offStreet or more is left all along it
	whole bool     // all of it is within the limit
	left  [2]slope // of the way by its start and by its end, unless the site stands on it
	area  area     // what the circle may hold because of it
}

// slope is a straight line along an edge: its value at the start, and what is added up
// to the end.
type slope struct{ start, more float32 }

// rasterXY is a place in raster points.
type rasterXY struct{ x, y float32 }

// area is a box of raster points; its far sides belong to it.
type area struct{ west, south, east, north int }

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
	c.streets, c.verts, c.r = c.streets[:0], c.verts[:0], nil
	n.canvases.Put(c)
}

// lay gives the canvas its place, its size and its strips.
func (c *canvas) lay(r *Reach, opts CircleOptions) {
	cell, off := opts.CellM, opts.OffStreetM
	if !(cell > 0) {
		cell = defaultCellM
		if float64(r.limit)*float64(r.speed)/1e6 < nearM {
			cell = nearCellM
		}
	}
	if !(off > 0) {
		off = defaultOffStreetM
	}
	cell = max(cell, leastCellM)
	c.r, c.cell, c.offStreet, c.ground = r, cell, off, r.net.groundOf(cell, off+2*cell)
	c.x, c.y = int(math.Floor(c.ground.column(r.site.Point[0]))), int(math.Floor(c.ground.row(r.site.Point[1])))
	c.place(c.collect())
	c.cutStrips()
}

// collect lists the streets and returns the box round the site and all that the circle
// may hold.
func (c *canvas) collect() area {
	r := c.r
	limit, metresPerMS := float64(r.limit), float64(r.speed)/1e6
	kx, ky := metresPerDegree(r.site.Point[1])
	perX, perY := 1/(kx*c.ground.step[0]), 1/(ky*c.ground.step[1]) // raster points a metre
	all := area{}
	for e := range r.Edges() {
		s := street{times: r.edgeTimes(e), edge: e, first: len(c.verts)}
		latest := s.times.latest()
		s.whole = latest <= limit
		box, some := c.trace(&s, limit)
		if !some {
			c.verts = c.verts[:s.first]
			continue
		}
		least := min(s.times.viaFrom, s.times.viaTo, s.times.site)
		s.most = min((limit-least)*metresPerMS, c.offStreet)
		s.deep = (limit-latest)*metresPerMS >= c.offStreet
		s.left = s.times.left(limit, metresPerMS)
		s.area = box.grown((s.most+2*c.cell)*perX, (s.most+2*c.cell)*perY)
		all = all.and(s.area)
		c.streets = append(c.streets, s)
		c.slots[e] = int32(len(c.streets))
	}
	return all
}

// trace appends the vertices of a street and returns the box round what of it is within
// the limit; false where nothing is.
func (c *canvas) trace(s *street, limit float64) (rasterBox, bool) {
	line, along := c.r.net.lineAlong(s.edge)
	origin, box := c.ground.point(c.x, c.y), noBox()
	perLon, perLat := 1/c.ground.step[0], 1/c.ground.step[1]
	for _, p := range line {
		at := rasterXY{float32((p[0] - origin[0]) * perLon), float32((p[1] - origin[1]) * perLat)}
		c.verts = append(c.verts, at)
		box.add(at)
	}
	if s.whole {
		return box, true
	}
	at, some := c.verts[s.first:], false
	box = noBox()
	for _, stretch := range s.times.within(limit) {
		if stretch[0] > stretch[1] {
			continue
		}
		some = true
		for i := range len(at) - 1 {
			start, end := float64(along[i]), float64(along[i+1])
			if end < stretch[0] || start > stretch[1] || end == start {
				continue
			}
			for _, mm := range stretch {
				box.add(at[i].lerp(at[i+1], float32(clampFloat((mm-start)/(end-start), 0, 1))))
			}
		}
	}
	return box, some
}

func (a rasterXY) lerp(b rasterXY, t float32) rasterXY {
	return rasterXY{a.x + t*(b.x-a.x), a.y + t*(b.y-a.y)}
}

// rasterBox is a box in raster points.
type rasterBox struct{ min, max rasterXY }

// noBox is the box of nothing.
func noBox() rasterBox {
	const far = math.MaxFloat32
	return rasterBox{rasterXY{far, far}, rasterXY{-far, -far}}
}

func (b *rasterBox) add(p rasterXY) {
	if p.x < b.min.x {
		b.min.x = p.x
	}
	if p.x > b.max.x {
		b.max.x = p.x
	}
	if p.y < b.min.y {
		b.min.y = p.y
	}
	if p.y > b.max.y {
		b.max.y = p.y
	}
}

// grown are the raster points in the box and so far around it.
func (b *rasterBox) grown(x, y float64) area {
	return area{
		int(math.Floor(float64(b.min.x) - x)), int(math.Floor(float64(b.min.y) - y)),
		int(math.Ceil(float64(b.max.x) + x)), int(math.Ceil(float64(b.max.y) + y)),
	}
}

func (a area) and(b area) area {
	return area{min(a.west, b.west), min(a.south, b.south), max(a.east, b.east), max(a.north, b.north)}
}

// place lays the canvas where everything is and counts all places from its corner.
func (c *canvas) place(all area) {
	c.x, c.y = c.x+all.west, c.y+all.south
	c.w, c.h = all.east-all.west+1, all.north-all.south+1
	dx, dy := float32(all.west), float32(all.south)
	for i := range c.verts {
		v := &c.verts[i]
		v.x, v.y = v.x-dx, v.y-dy
	}
	for i := range c.streets {
		a := &c.streets[i].area
		*a = area{a.west - all.west, a.south - all.south, a.east - all.west, a.north - all.south}
	}
}

// cutStrips finds the columns that the circle may lie in: no place of it is farther
// from a street than the way left there.
func (c *canvas) cutStrips() {
	c.strips = resized(c.strips, (c.h+stripRows-1)/stripRows)
	for i := range c.strips {
		c.strips[i] = strip{c.w, 0}
	}
	for i := range c.streets {
		a := &c.streets[i].area
		for j := a.south / stripRows; j <= a.north/stripRows; j++ {
			strip := &c.strips[j]
			strip.from, strip.to = min(strip.from, a.west), max(strip.to, a.east+1)
		}
	}
}

// grid holds how many metres are left at each raster point: of the way that the
// limit allows or of the way off the street, whichever is less, from -1 to mostCells
// cells. The circle is where that is not negative.
func (c *canvas) grid() contour.Grid {
	c.left = filled(resized(c.left, c.w*c.h), float32(-c.cell))
	last := tileOf(c.x+c.w-1, c.y+c.h-1)
	for y := c.y >> tileBits; y <= last.y; y++ {
		for x := c.x >> tileBits; x <= last.x; x++ {
			c.cover(tileKey{x, y})
		}
	}
	c.hold()
	return contour.Grid{
		Origin: c.ground.point(c.x, c.y), CellLon: c.ground.step[0], CellLat: c.ground.step[1],
		W: c.w, H: c.h, V: c.left,
	}
}

// cover works out what is left at the raster points of a tile that are in the strips.
func (c *canvas) cover(key tileKey) {
	t := c.ground.tile(key)
	west, south := key.x<<tileBits-c.x, key.y<<tileBits-c.y // of the tile, on the canvas
	for y := max(south, 0); y < min(south+tileSide, c.h); y++ {
		strip := c.strips[y/stripRows]
		from, to := max(strip.from-west, 0), min(strip.to-west, tileSide)
		if from >= to {
			continue
		}
		row := y - south
		spots := t.spots[row<<tileBits:][:tileSide]
		for _, r := range t.runs[t.rows[row]:t.rows[row+1]] {
			end := min(int(r.end), to)
			if end <= from {
				continue
			}
			if r.edge >= 0 && c.slots[r.edge] != 0 {
				at := y*c.w + west + from
				c.beside(&c.streets[c.slots[r.edge]-1], c.left[at:at+end-from], spots[from:end], r.far)
			}
			if from = end; from == to {
				break
			}
		}
	}
}

// beside works out what is left at raster points that are nearest to one street, none
// of them farther off it than far. Where it would be less than -1 cell, it stays as it
// is: outside, as all places beside streets out of reach do.
func (c *canvas) beside(s *street, left []float32, spots []spot, far uint16) {
	outside, most, off := float32(-c.cell), float32(mostCells*c.cell), float32(c.offStreet)
	offStep := float32(c.ground.band / spotSteps)
	switch {
	case s.deep && off-float32(far)*offStep >= most:
		for i := range left {
			left[i] = most
		}
	case s.deep:
		for i := range left {
			left[i] = max(min(off-float32(spots[i].off)*offStep, most), outside)
		}
	case s.edge == c.r.site.Edge:
		limit, metresPerMS := float64(c.r.limit), float64(c.r.speed)/1e6
		for i := range left {
			along := float64(spots[i].along) / spotSteps * s.times.length
			street := float32((limit - s.times.at(along)) * metresPerMS)
			left[i] = max(min(min(street, off)-float32(spots[i].off)*offStep, most), outside)
		}
	default:
		a, b := s.left[0], s.left[1]
		aStep, bStep := a.more/spotSteps, b.more/spotSteps
		for i := range left {
			along := float32(spots[i].along)
			street := max(a.start+along*aStep, b.start+along*bStep)
			left[i] = max(min(min(street, off)-float32(spots[i].off)*offStep, most), outside)
		}
	}
}

// filled is s with each element set to v.
func filled(s []float32, v float32) []float32 {
	const some = 64
	for i := range s[:min(some, len(s))] {
		s[i] = v
	}
	for done := some; done < len(s); done *= 2 {
		copy(s[done:], s[:done])
	}
	return s
}

// resized is a slice of n elements, in s's memory where that is large enough. What
// the elements hold is left over.
func resized[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}
