package contour

import (
	"encoding/binary"

	"github.com/paulmach/orb"
)

// Tracer outlines rasters one after another and keeps its memory. It is for one
// goroutine; the zero value is ready.
//
// It follows outlines from cell to cell. Cell (x, y) has the raster points
// (x, y) … (x+1, y+1) at its corners, x and y from -1 to W-1 and H-1; corners
// beyond the raster are below the level.
type Tracer struct {
	g      Grid
	level  float64
	inside []uint8     // (W+2)·(H+2), 1 or 0, with a border of 0
	used   []uint8     // per cell, a bit per side through which an outline has entered
	line   []orb.Point // the outline that is being followed
	rings  []ring
}

// ring is a closed outline with a raster point just inside it.
type ring struct {
	line orb.Ring
	x, y int
	area float64 // signed, in square degrees: positive for outer rings
}

// side is a side of a cell, in counter-clockwise order.
type side int8

const (
	south side = iota
	east
	north
	west
	noSide side = -1
)

// begin takes a new raster.
func (t *Tracer) begin(g Grid, level float64) {
	t.g, t.level = g, level
	stride := g.W + 2
	t.inside = cleared(t.inside, stride*(g.H+2))
	t.used = cleared(t.used, stride*(g.H+2))
	for y := range g.H {
		row := g.V[y*g.W : (y+1)*g.W]
		inside := t.inside[(y+1)*stride+1:][:len(row)]
		for x, v := range row {
			if float64(v) >= level { // false for NaN
				inside[x] = 1
			}
		}
	}
}

// cleared is a slice of n zeros, in s's memory where that is large enough.
func cleared[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	s = s[:n]
	clear(s)
	return s
}

func (t *Tracer) cell(x, y int) *uint8 { return &t.used[(y+1)*(t.g.W+2)+x+1] }

// corners are the bits of a cell's corners that are inside: 1 SW, 2 SE, 4 NE, 8 NW.
func (t *Tracer) corners(x, y int) uint8 {
	i := (y+1)*(t.g.W+2) + x + 1
	j := i + t.g.W + 2
	return t.inside[i] | t.inside[i+1]<<1 | t.inside[j+1]<<2 | t.inside[j]<<3
}

// leave says through which side an outline leaves a cell that it entered through
// side in, with the inside on its left.
func (t *Tracer) leave(x, y int, in side) side {
	c := t.corners(x, y)
	if c != 5 && c != 10 {
		// Exactly one other side is crossed.
		for s := south; s <= west; s++ {
			if s != in && crossed(c, s) {
				return s
			}
		}
		return noSide
	}
	// All four sides are crossed. Where the middle is inside, the outline goes round
	// the outside corner on its right, else round the inside corner on its left.
	if t.middle(x, y) {
		return (in + 1) % 4
	}
	return (in + 3) % 4
}

// crossed says whether the corners of a side differ.
func crossed(c uint8, s side) bool {
	a := c >> uint(s) & 1
	b := c >> (uint(s+1) % 4) & 1
	return a != b
}

// middle says whether the middle of a saddle is inside.
func (t *Tracer) middle(x, y int) bool {
	sum := 0.0
	for _, d := range [4][2]int{{0, 0}, {1, 0}, {1, 1}, {0, 1}} {
		if x+d[0] < 0 || y+d[1] < 0 || x+d[0] >= t.g.W || y+d[1] >= t.g.H {
			return false
		}
		sum += float64(t.g.V[(y+d[1])*t.g.W+x+d[0]])
	}
	return sum/4 >= t.level // false for NaN
}

// entered says whether an outline with the inside on its left enters cell c
// through side s. Sides run counter-clockwise round the cell: from corner s to
// corner s+1. Going in, the first corner lies on the left.
func entered(c uint8, s side) bool {
	return c>>uint(s)&1 == 1 && c>>(uint(s+1)%4)&1 == 0
}

// scanRow follows the outlines that enter a row of cells and have not been followed
// yet. Most cells are all inside or all outside, and it steps over eight of them at once.
func (t *Tracer) scanRow(y int) {
	stride := t.g.W + 2
	south := t.inside[(y+1)*stride : (y+2)*stride]
	north := t.inside[(y+2)*stride : (y+3)*stride]
	for x := 1; x < stride; x++ {
		for x+8 <= stride && alike(south[x-1], south[x:x+8], north[x:x+8]) && north[x-1] == south[x-1] {
			x += 8
		}
		if x == stride {
			return
		}
		if sw := south[x-1]; sw != south[x] || sw != north[x-1] || sw != north[x] {
			t.enter(x-2, y)
		}
	}
}

// alike says whether eight bytes of both rows are all the one given.
func alike(one uint8, a, b []uint8) bool {
	all := uint64(one) * 0x0101010101010101
	return binary.LittleEndian.Uint64(a) == all && binary.LittleEndian.Uint64(b) == all
}

// enter follows the outlines that enter a cell and have not been followed yet.
func (t *Tracer) enter(x, y int) {
	c := t.corners(x, y)
	for s := south; s <= west; s++ {
		if entered(c, s) && *t.cell(x, y)&(1<<uint(s)) == 0 {
			t.follow(x, y, s)
		}
	}
}

// follow walks one outline from the side through which it enters a cell until it
// comes back there.
func (t *Tracer) follow(x, y int, in side) {
	var r ring
	r.x, r.y = corner(x, y, in)
	t.line = t.line[:0]
	for {
		used := t.cell(x, y)
		if *used&(1<<uint(in)) != 0 {
			break
		}
		*used |= 1 << uint(in)
		t.line = append(t.line, t.crossing(x, y, in))
		out := t.leave(x, y, in)
		x, y = neighbour(x, y, out)
		in = (out + 2) % 4
	}
	r.line = make(orb.Ring, len(t.line)+1)
	r.line[copy(r.line, t.line)] = t.line[0]
	r.area = signedArea(r.line)
	t.rings = append(t.rings, r)
}

// corner is the raster point at the first corner of a side.
func corner(x, y int, s side) (int, int) {
	switch s {
	case south:
		return x, y
	case east:
		return x + 1, y
	case north:
		return x + 1, y + 1
	}
	return x, y + 1
}

func neighbour(x, y int, s side) (int, int) {
	switch s {
	case south:
		return x, y - 1
	case east:
		return x + 1, y
	case north:
		return x, y + 1
	}
	return x - 1, y
}

// crossing is where the outline crosses a side of a cell. It is computed from the
// western or southern end, so that both cells of a side get the same point.
func (t *Tracer) crossing(x, y int, s side) orb.Point {
	x0, y0 := corner(x, y, s)
	x1, y1 := corner(x, y, (s+1)%4)
	if x1 < x0 || y1 < y0 {
		x0, y0, x1, y1 = x1, y1, x0, y0
	}
	share := t.share(x0, y0, x1, y1)
	g := t.g
	return orb.Point{
		g.Origin[0] + (float64(x0)+share*float64(x1-x0))*g.CellLon,
		g.Origin[1] + (float64(y0)+share*float64(y1-y0))*g.CellLat,
	}
}

// share is how far from the first point to the second the level lies. Next to the
// raster's border and to values that are no number it lies half way.
func (t *Tracer) share(x0, y0, x1, y1 int) float64 {
	g := t.g
	if x0 < 0 || y0 < 0 || x1 >= g.W || y1 >= g.H {
		return 0.5
	}
	a, b := float64(g.V[y0*g.W+x0]), float64(g.V[y1*g.W+x1])
	share := (t.level - a) / (b - a)
	if share != share { // NaN
		return 0.5
	}
	return min(max(share, edgeShare), 1-edgeShare)
}

// signedArea is positive for a ring that runs counter-clockwise.
func signedArea(r orb.Ring) float64 {
	sum := 0.0
	o := r[0] // keeps the products small, and with them the rounding
	for i := 1; i < len(r); i++ {
		a, b := r[i-1], r[i]
		sum += (a[0]-o[0])*(b[1]-o[1]) - (b[0]-o[0])*(a[1]-o[1])
	}
	return sum / 2
}
