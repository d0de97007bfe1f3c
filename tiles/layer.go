package tiles

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"

	"github.com/paulmach/orb"
	"github.com/tidwall/rtree"
)

// Options say how a layer is built.
type Options struct {
	Name string // the layer's name inside the tile
	// SharedBorders keeps the vertices of borders that polygons share the same on both
	// sides at every zoom. It costs memory while building.
	SharedBorders bool
}

// Layer is a set of features ready to be cut into tiles. It is never changed after
// NewLayer and may be read by any number of goroutines.
type Layer struct {
	name  string
	dict  dictionary
	feats []feature
	tags  []uint32 // key and value places, in pairs
	parts []part
	verts []pt    // world units
	ranks []uint8 // per vertex: first zoom that shows it
	tree  rtree.RTreeGN[int32, int32]
	bound orb.Bound
	pool  sync.Pool // *scratch
}

// kind is the geometry type of the wire format.
type kind uint8

const (
	pointKind   kind = 1
	lineKind    kind = 2
	polygonKind kind = 3
)

type feature struct {
	kind             kind
	minZoom, maxZoom uint8
	parts            [2]int32 // half-open range
	tags             [2]int32
	box              [4]int32 // min x, min y, max x, max y
}

// part is one point run, line or ring. Rings are not closed; shells turn to positive
// area in tile units (y south), holes to negative.
type part struct {
	from, to int32
	hole     bool
}

// Faults of features that a layer refuses.
var (
	ErrNoGeometry  = errors.New("no geometry")
	ErrGeometry    = errors.New("geometry of a kind that tiles cannot carry")
	ErrCoordinates = errors.New("coordinates are not longitude and latitude in degrees")
	ErrZoom        = errors.New("zoom out of range")
)

// NewLayer builds a layer; features keep their order in every tile. It costs
// O(n log n) in the vertices. A feature without geometry, of a kind tiles cannot carry,
// or with coordinates off the earth is an error that names it: leave such features out.
func NewLayer(opts Options, features []Feature) (*Layer, error) {
	l := &Layer{name: opts.Name}
	dict := newDictBuilder()
	for i, f := range features {
		if err := l.add(dict, f); err != nil {
			return nil, fmt.Errorf("layer %s: feature %d %q: %w", opts.Name, i, f.ID, err)
		}
	}
	l.dict = dict.dictionary
	l.rank(opts.SharedBorders)
	l.index()
	l.pool.New = func() any { return newScratch(l) }
	return l, nil
}

// Name is the layer's name inside tiles.
func (l *Layer) Name() string { return l.name }

// Len is the number of features.
func (l *Layer) Len() int { return len(l.feats) }

// Bound is the extent of all features in lon/lat; the zero Bound when there are none.
func (l *Layer) Bound() orb.Bound { return l.bound }

func (l *Layer) add(dict *dictBuilder, f Feature) error {
	if f.MinZoom < 0 || f.MinZoom > MaxZoom || f.MaxZoom < 0 || f.MaxZoom > MaxZoom {
		return fmt.Errorf("%w: from %d to %d", ErrZoom, f.MinZoom, f.MaxZoom)
	}
	if err := checkCoordinates(f.Geometry); err != nil {
		return err
	}
	out := feature{minZoom: uint8(f.MinZoom), maxZoom: uint8(f.MaxZoom)}
	if f.MaxZoom == 0 {
		out.maxZoom = MaxZoom
	}
	out.parts[0], out.tags[0] = int32(len(l.parts)), int32(len(l.tags))
	if err := l.addGeometry(&out, f.Geometry); err != nil {
		return err
	}
	tags, err := dict.tags(l.tags, f)
	if err != nil {
		return err
	}
	l.tags = tags
	out.parts[1], out.tags[1] = int32(len(l.parts)), int32(len(l.tags))
	out.box = boxOf(l.verts[l.parts[out.parts[0]].from:])
	if len(l.feats) == 0 {
		l.bound = f.Geometry.Bound()
	}
	l.bound = l.bound.Union(f.Geometry.Bound())
	l.feats = append(l.feats, out)
	return nil
}

func checkCoordinates(g orb.Geometry) error {
	if g == nil || g.Bound().IsEmpty() {
		return ErrNoGeometry
	}
	if b := g.Bound(); b.Min[0] < -180 || b.Max[0] > 180 || b.Min[1] < -90 || b.Max[1] > 90 {
		return fmt.Errorf("%w: %v", ErrCoordinates, b)
	}
	return nil
}

func (l *Layer) addGeometry(f *feature, g orb.Geometry) error {
	before, from := len(l.parts), len(l.verts)
	switch g := g.(type) {
	case orb.Point:
		f.kind = pointKind
		l.addPart(orb.LineString{g})
	case orb.MultiPoint:
		f.kind = pointKind
		l.addPart(orb.LineString(g))
	case orb.LineString:
		f.kind = lineKind
		l.addLine(g)
	case orb.MultiLineString:
		f.kind = lineKind
		for _, line := range g {
			l.addLine(line)
		}
	case orb.Polygon:
		f.kind = polygonKind
		l.addPolygon(g)
	case orb.MultiPolygon:
		f.kind = polygonKind
		for _, poly := range g {
			l.addPolygon(poly)
		}
	default:
		return fmt.Errorf("%w: %s", ErrGeometry, g.GeoJSONType())
	}
	if len(l.parts) == before {
		return ErrNoGeometry
	}
	if slices.Contains(l.verts[from:], nowhere()) {
		return ErrCoordinates
	}
	return nil
}

// addPart projects points and keeps all of them: two people may stand in one place.
func (l *Layer) addPart(points orb.LineString) {
	from := len(l.verts)
	for _, p := range points {
		l.verts = append(l.verts, toWorld(p))
	}
	if len(l.verts) > from {
		l.parts = append(l.parts, part{from: int32(from), to: int32(len(l.verts))})
	}
}

func (l *Layer) addLine(line orb.LineString) {
	from := len(l.verts)
	for _, p := range line {
		w := toWorld(p)
		if n := len(l.verts); n > from && l.verts[n-1] == w {
			continue
		}
		l.verts = append(l.verts, w)
	}
	if len(l.verts) > from {
		l.parts = append(l.parts, part{from: int32(from), to: int32(len(l.verts))})
	}
}

func (l *Layer) addPolygon(poly orb.Polygon) {
	for i, ring := range poly {
		before := len(l.parts)
		from := len(l.verts)
		l.addLine(orb.LineString(ring))
		if len(l.parts) == before {
			continue
		}
		at := &l.parts[before]
		l.verts = l.verts[:from+len(openRing(l.verts[from:]))]
		at.to, at.hole = int32(len(l.verts)), i > 0
		if turned := area2(l.verts[from:]) < 0; turned != at.hole {
			slices.Reverse(l.verts[from:])
		}
	}
}

// area2 is twice the signed area of a ring that is not closed, in square world or tile
// units. World coordinates are taken relative to the first vertex; the sum may wrap
// only for rings of more than half the world.
func area2(ring []pt) int64 {
	if len(ring) < 3 {
		return 0
	}
	var sum int64
	o := ring[0]
	for i := 2; i < len(ring); i++ {
		ax, ay := int64(ring[i-1].x)-int64(o.x), int64(ring[i-1].y)-int64(o.y)
		bx, by := int64(ring[i].x)-int64(o.x), int64(ring[i].y)-int64(o.y)
		sum += ax*by - ay*bx
	}
	return sum
}

func boxOf(verts []pt) [4]int32 {
	b := [4]int32{math.MaxInt32, math.MaxInt32, math.MinInt32, math.MinInt32}
	for _, p := range verts {
		b[0], b[1] = min(b[0], p.x), min(b[1], p.y)
		b[2], b[3] = max(b[2], p.x), max(b[3], p.y)
	}
	return b
}

// rank decides for every vertex the first zoom that shows it.
func (l *Layer) rank(shared bool) {
	l.ranks = make([]uint8, len(l.verts))
	meet := newBorders()
	if shared {
		for _, f := range l.feats {
			for _, p := range l.parts[f.parts[0]:f.parts[1]] {
				if f.kind == polygonKind {
					meet.add(l.verts[p.from:p.to])
				}
			}
		}
	}
	for _, f := range l.feats {
		for _, p := range l.parts[f.parts[0]:f.parts[1]] {
			verts, ranks := l.verts[p.from:p.to], l.ranks[p.from:p.to]
			switch {
			case f.kind == lineKind:
				rankLine(verts, ranks)
			case f.kind == polygonKind && shared:
				meet.rank(verts, ranks)
			case f.kind == polygonKind:
				rankRing(verts, ranks)
			}
		}
	}
}

func (l *Layer) index() {
	for i, f := range l.feats {
		l.tree.Insert([2]int32{f.box[0], f.box[1]}, [2]int32{f.box[2], f.box[3]}, int32(i))
	}
}
