package walknet

import (
	"math"

	"github.com/paulmach/orb"
)

// sketch is a raster for each point of which the stroke nearest to it is found: the
// strokes are drawn and then spread.
type sketch struct {
	plane        plane
	cellX, cellY float32 // metres
	band2        float32 // square metres; farther than this nothing is spread
	side         int     // points per row and per column
	strokes      []stroke
	nearest      []int32   // per raster point, a stroke; -1 where none is known
	dist2        []float32 // per raster point, square metres to that stroke
}

// stroke is one straight stretch of street, in metres of the sketch's plane.
type stroke struct {
	x, y, dx, dy  float32 // start and step
	inverse       float32 // 1 / squared length
	start, length float32 // metres along the edge
	edge          int32
}

func newSketch(p plane, side int) *sketch {
	s := &sketch{plane: p, side: side, nearest: make([]int32, side*side), dist2: make([]float32, side*side)}
	for i := range s.nearest {
		s.nearest[i], s.dist2[i] = -1, math.MaxFloat32
	}
	return s
}

// draw draws a segment of an edge onto the raster points right beside it, sampling it
// once per cell. start and end are its ends in mm along the edge.
func (s *sketch) draw(from, to orb.Point, start, end, edge int32) {
	a, b := s.plane.to(from), s.plane.to(to)
	d := b.sub(a)
	if d.norm2() == 0 {
		return
	}
	id := int32(len(s.strokes))
	s.strokes = append(s.strokes, stroke{
		x: float32(a.x), y: float32(a.y), dx: float32(d.x), dy: float32(d.y), inverse: float32(1 / d.norm2()),
		start: float32(start) / 1000, length: float32(end-start) / 1000, edge: edge,
	})
	seen := -1
	cellX, cellY := float64(s.cellX), float64(s.cellY)
	steps := int(max(math.Abs(d.x)/cellX, math.Abs(d.y)/cellY)) + 1
	for i := range steps + 1 {
		at := a.lerp(b, float64(i)/float64(steps))
		x, y := int(math.Floor(at.x/cellX)), int(math.Floor(at.y/cellY))
		if x < 0 || y < 0 || x+1 >= s.side || y+1 >= s.side {
			continue
		}
		if j := y*s.side + x; j != seen {
			seen = j
			s.offer(x, y, id)
			s.offer(x+1, y, id)
			s.offer(x, y+1, id)
			s.offer(x+1, y+1, id)
		}
	}
}

// offer makes a stroke the nearest of raster point (x, y) if it is.
func (s *sketch) offer(x, y int, id int32) {
	i := y*s.side + x
	if d2, _ := s.strokes[id].from(float32(x)*s.cellX, float32(y)*s.cellY); d2 < s.dist2[i] {
		s.dist2[i], s.nearest[i] = d2, id
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
func (s *sketch) spread() {
	for y := 1; y < s.side; y++ {
		s.sweepRow(y, -1)
	}
	for y := s.side - 2; y >= 0; y-- {
		s.sweepRow(y, 1)
	}
}

// sweepRow offers each raster point of a row the strokes of its neighbours to one
// side of the row and, going east and then back west, those in the row.
func (s *sketch) sweepRow(y, side int) {
	for x := 1; x < s.side; x++ {
		s.take(x, y, x, y+side)
		s.take(x, y, x-1, y)
	}
	for x := s.side - 2; x >= 0; x-- {
		s.take(x, y, x+1, y)
	}
}

// take offers raster point (x, y) the stroke of its neighbour (fromX, fromY).
func (s *sketch) take(x, y, fromX, fromY int) {
	from := fromY*s.side + fromX
	if id := s.nearest[from]; id >= 0 && id != s.nearest[y*s.side+x] && s.dist2[from] < s.band2 {
		s.offer(x, y, id)
	}
}

// nearestTo is what was found for a raster point: the edge, the metres along it and those
// off it; an edge of -1 for none.
func (s *sketch) nearestTo(x, y int) (edge int32, along, off float32) {
	i := y*s.side + x
	id := s.nearest[i]
	if id < 0 || s.dist2[i] > s.band2 {
		return -1, 0, 0
	}
	k := &s.strokes[id]
	d2, t := k.from(float32(x)*s.cellX, float32(y)*s.cellY)
	return k.edge, k.start + t*k.length, float32(math.Sqrt(float64(d2)))
}
