package walknet

import (
	"math"
	"slices"
	"sync"

	"github.com/paulmach/orb"
)

// ground is a raster over all of a network's land that knows, for each raster point,
// the street nearest to it. It is the same for all circles, so it is worked out tile
// by tile, where a circle first needs it, and kept: 4 bytes a point and 8 a run, some
// 60 kB a square kilometre at 10 m. It is safe for any number of readers.
type ground struct {
	net    *Network
	cell   float64   // metres, about: exactly in the middle of the network
	band   float64   // metres; a street farther away than this is not known
	origin orb.Point // of raster point (0, 0)
	step   orb.Point // degrees from a raster point to the next
	tiles  sync.Map  // of *tile by tileKey
	parent *ground   // of the network before it was edited; nil for one as it was built
}

// groundKey tells apart the rasters that circles of other options need.
type groundKey struct{ cell, band float64 }

type tileKey struct{ x, y int }

// tileBits is the base 2 logarithm of the raster points along a side of a tile.
const (
	tileBits = 7
	tileSide = 1 << tileBits
)

// tile is a square of raster points. It is read row by row from the south, by runs: all
// points of a run are nearest to one street, and most circles ask no more of it than that.
type tile struct {
	once  sync.Once
	rows  [tileSide + 1]int32 // into runs
	runs  []run
	spots []spot
}

// run are raster points of a row that follow one another beside one street.
type run struct {
	edge int32  // -1 where none is near
	end  uint16 // the column of the tile after the last
	far  uint16 // the most that one of them is off the street, as in spot
}

// spot is the place on the streets that is nearest to a raster point, in steps of which
// there are spotSteps: of the edge from its start, and off it, of the ground's band. That
// is to a hundredth of a metre or so, where the raster is of metres, and small: a city's
// ground is read from memory for the most part, not from a cache.
type spot struct{ along, off uint16 }

const spotSteps = 1<<16 - 1

// groundOf returns the raster of so wide cells, made when first asked for.
func (n *Network) groundOf(cell, band float64) *ground {
	key := groundKey{cell, band}
	if g, ok := n.grounds.Load(key); ok {
		return g.(*ground)
	}
	made := &ground{net: n, cell: cell, band: band}
	if n.parent == nil {
		kx, ky := metresPerDegree(n.bound.Center()[1])
		made.origin, made.step = n.bound.Min, orb.Point{cell / kx, cell / ky}
	} else {
		made.parent = n.parent.groundOf(cell, band)
		made.origin, made.step = made.parent.origin, made.parent.step
	}
	g, _ := n.grounds.LoadOrStore(key, made)
	return g.(*ground)
}

// column and row are a place in raster points.
func (g *ground) column(lon float64) float64 { return (lon - g.origin[0]) / g.step[0] }
func (g *ground) row(lat float64) float64    { return (lat - g.origin[1]) / g.step[1] }

// point is the place of a raster point.
func (g *ground) point(x, y int) orb.Point {
	return orb.Point{g.origin[0] + float64(x)*g.step[0], g.origin[1] + float64(y)*g.step[1]}
}

// tileOf is the tile that holds a raster point.
func tileOf(x, y int) tileKey { return tileKey{x >> tileBits, y >> tileBits} }

// tile is a tile, worked out when first asked for.
func (g *ground) tile(key tileKey) *tile {
	found, ok := g.tiles.Load(key)
	if !ok {
		found, _ = g.tiles.LoadOrStore(key, &tile{})
	}
	t := found.(*tile)
	t.once.Do(func() { g.survey(t, key) })
	return t
}

// changes says whether the last edit took a line away or added one that may pass
// through a box.
func (p *patch) changes(box orb.Bound) bool {
	return slices.ContainsFunc(p.areas, box.Intersects)
}

// survey works a tile out. It looks beyond the tile as far as a street may be, so
// that what it finds does not depend on where tiles end.
func (g *ground) survey(t *tile, key tileKey) {
	apron := int(g.band/g.cell*1.1) + 2
	side := tileSide + 2*apron
	low := g.point(key.x*tileSide-apron, key.y*tileSide-apron)
	high := g.point(key.x*tileSide+tileSide+apron, key.y*tileSide+tileSide+apron)
	if g.parent != nil && !g.net.patch.changes(orb.Bound{Min: low, Max: high}) {
		same := g.parent.tile(key)
		t.rows, t.runs, t.spots = same.rows, same.runs, same.spots
		return
	}
	kx, ky := metresPerDegree((low[1] + high[1]) / 2)
	s := newSketch(plane{origin: low, kx: kx, ky: ky}, side)
	s.cellX, s.cellY, s.band2 = float32(g.step[0]*kx), float32(g.step[1]*ky), float32(g.band*g.band)
	var segments []int32
	g.net.index.in(orb.Bound{Min: low, Max: high}, func(i int32) { segments = append(segments, i) })
	slices.Sort(segments)
	n := g.net
	for _, i := range slices.Compact(segments) {
		if n.Usable(n.vertEdge[i]) {
			s.draw(n.verts[i], n.verts[i+1], n.alongMM[i], n.alongMM[i+1], n.vertEdge[i])
		}
	}
	for e := len(n.from); e < n.Edges(); e++ {
		a := n.added(int32(e))
		for i := range len(a.line) - 1 {
			if n.Usable(int32(e)) {
				s.draw(a.line[i], a.line[i+1], a.alongMM[i], a.alongMM[i+1], int32(e))
			}
		}
	}
	s.spread()
	t.spots = make([]spot, 0, tileSide*tileSide)
	for y := range tileSide {
		for x := range tileSide {
			edge, at := g.spot(s.nearestTo(x+apron, y+apron))
			t.spots = append(t.spots, at)
			if x == 0 || t.runs[len(t.runs)-1].edge != edge {
				t.runs = append(t.runs, run{edge: edge})
			}
			last := &t.runs[len(t.runs)-1]
			last.end, last.far = uint16(x+1), max(last.far, at.off)
		}
		t.rows[y+1] = int32(len(t.runs))
	}
	t.runs = slices.Clip(t.runs)
}

// spot puts a place beside an edge, in metres, into steps.
func (g *ground) spot(edge int32, along, off float32) (int32, spot) {
	if edge < 0 {
		return edge, spot{}
	}
	steps := func(part, of float64) uint16 {
		return uint16(clampFloat(math.Round(spotSteps*part/of), 0, spotSteps))
	}
	length := float64(g.net.EdgeLengthMM(edge)) / 1000
	return edge, spot{steps(float64(along), length), steps(float64(off), g.band)}
}
