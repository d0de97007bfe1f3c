package tiles

import (
	"encoding/binary"
	"slices"
)

// The commands of a geometry.
const (
	moveTo    = 1
	lineTo    = 2
	closePath = 7
)

// scratch is what encoding one tile of one layer needs and the next may use again.
type scratch struct {
	hits    []int32
	project []pt
	ringsAt []ringSpan
	rings   [][]pt
	segs    []seg
	spare   [2][]pt
	line    []pt
	geom    []byte
	feat    []byte
	tags    []byte
	body    []byte
	keys    stamps
	values  stamps
}

// ringSpan is a ring inside scratch.project.
type ringSpan struct {
	from, to int
	hole     bool
}

// stamps gives the keys or values of a layer their places in one tile, in order of
// first use, without clearing or hashing between tiles.
type stamps struct {
	round uint32
	seen  []uint32
	place []uint32
	order []uint32
}

func newScratch(l *Layer) *scratch {
	return &scratch{keys: newStamps(len(l.dict.keys)), values: newStamps(len(l.dict.values))}
}

func newStamps(n int) stamps {
	return stamps{seen: make([]uint32, n), place: make([]uint32, n)}
}

func (s *stamps) reset() {
	s.order = s.order[:0]
	s.round++
	if s.round == 0 {
		clear(s.seen)
		s.round = 1
	}
}

func (s *stamps) at(i uint32) uint32 {
	if s.seen[i] != s.round {
		s.seen[i] = s.round
		s.place[i] = uint32(len(s.order))
		s.order = append(s.order, i)
	}
	return s.place[i]
}

// Encode is the tile of these layers, in their order, as Mapbox Vector Tile 2.1. It is
// empty (not nil layers of no feature) when nothing shows there. Layers must have
// different names. The same layers and tile give the same bytes.
func Encode(t Tile, layers ...*Layer) []byte {
	var out []byte
	for _, l := range layers {
		out = l.Append(out, t)
	}
	return out
}

// Append adds the layer's message for one tile to dst, or nothing when no feature of
// the layer shows there. It costs O(log n + k) for k features in the tile, plus their
// vertices.
func (l *Layer) Append(dst []byte, t Tile) []byte {
	s, ok := l.pool.Get().(*scratch)
	if !ok {
		return dst
	}
	defer l.pool.Put(s)
	l.find(s, t)
	s.keys.reset()
	s.values.reset()
	s.body = appendString(s.body[:0], 1, l.name)
	empty := len(s.body)
	to := t.local()
	for _, i := range s.hits {
		l.appendFeature(s, to, uint8(t.Z), &l.feats[i])
	}
	if len(s.body) == empty {
		return dst
	}
	for _, k := range s.keys.order {
		s.body = appendString(s.body, 3, l.dict.keys[k])
	}
	for _, v := range s.values.order {
		s.body = appendBytes(s.body, 4, l.dict.values[v])
	}
	s.body = binary.AppendUvarint(appendKey(s.body, 5, wireVarint), Extent)
	s.body = binary.AppendUvarint(appendKey(s.body, 15, wireVarint), 2)
	return appendBytes(dst, 3, s.body)
}

// find puts the features that may show in the tile into s.hits, in the layer's order.
func (l *Layer) find(s *scratch, t Tile) {
	s.hits = s.hits[:0]
	lo, hi := t.local().reach()
	z := uint8(t.Z)
	l.tree.Search(lo, hi, func(_, _ [2]int32, i int32) bool {
		if f := &l.feats[i]; z >= f.minZoom && z <= f.maxZoom {
			s.hits = append(s.hits, i)
		}
		return true
	})
	slices.Sort(s.hits)
}

func (l *Layer) appendFeature(s *scratch, to local, z uint8, f *feature) {
	s.geom = s.geom[:0]
	pen := pen{buf: s.geom}
	switch f.kind {
	case pointKind:
		l.drawPoints(s, &pen, to, f)
	case lineKind:
		l.drawLines(s, &pen, to, z, f)
	case polygonKind:
		l.drawPolygon(s, &pen, to, z, f)
	}
	s.geom = pen.buf
	if len(s.geom) == 0 {
		return
	}
	s.tags = s.tags[:0]
	for at := f.tags[0]; at < f.tags[1]; at += 2 {
		s.tags = binary.AppendUvarint(s.tags, uint64(s.keys.at(l.tags[at])))
		s.tags = binary.AppendUvarint(s.tags, uint64(s.values.at(l.tags[at+1])))
	}
	s.feat = appendBytes(s.feat[:0], 2, s.tags)
	s.feat = binary.AppendUvarint(appendKey(s.feat, 3, wireVarint), uint64(f.kind))
	s.feat = appendBytes(s.feat, 4, s.geom)
	s.body = appendBytes(s.body, 2, s.feat)
}

func (l *Layer) drawPoints(s *scratch, p *pen, to local, f *feature) {
	s.project = s.project[:0]
	for _, part := range l.parts[f.parts[0]:f.parts[1]] {
		for _, v := range l.verts[part.from:part.to] {
			if at := to.at(v); inBox(at) {
				s.project = append(s.project, at)
			}
		}
	}
	p.points(s.project)
}

func (l *Layer) drawLines(s *scratch, p *pen, to local, z uint8, f *feature) {
	inside := to.holds(f.box)
	for _, part := range l.parts[f.parts[0]:f.parts[1]] {
		s.project = l.shown(s.project[:0], part, to, z)
		if inside {
			p.line(s.project)
			continue
		}
		s.line = clipLine(s.project, s.line, p.line)
	}
}

func (l *Layer) drawPolygon(s *scratch, p *pen, to local, z uint8, f *feature) {
	s.project, s.ringsAt = s.project[:0], s.ringsAt[:0]
	inside := to.holds(f.box)
	shells, lost := 0, false
	for _, part := range l.parts[f.parts[0]:f.parts[1]] {
		if part.hole && lost {
			continue // the shell around it is gone
		}
		from := len(s.project)
		s.addRing(l.shown(s.spare[0][:0], part, to, z), inside)
		kept := len(s.project) > from
		if !part.hole {
			lost = !kept
		}
		if !kept {
			continue
		}
		if !part.hole {
			shells++
		}
		s.ringsAt = append(s.ringsAt, ringSpan{from, len(s.project), part.hole})
	}
	s.drawRings(p, shells)
}

// addRing cuts a projected ring and appends it to s.project unless nothing is left.
func (s *scratch) addRing(ring []pt, inside bool) {
	spare := s.spare[1]
	ring = openRing(ring)
	if !inside {
		ring, spare = clipRing(ring, spare)
	}
	if len(ring) >= 3 {
		s.project = append(s.project, ring...)
	}
	s.spare = [2][]pt{ring, spare}
}

// drawRings draws one feature's rings, repaired where rounding, simplification or the
// cut made them touch or cross.
func (s *scratch) drawRings(p *pen, shells int) {
	if shells == 0 {
		return
	}
	s.rings = s.rings[:0]
	for _, r := range s.ringsAt {
		s.rings = append(s.rings, s.project[r.from:r.to])
	}
	rings := s.rings
	if !s.simple(rings, shells) {
		rings = assemble(rings)
	}
	for _, ring := range rings {
		p.ring(ring)
	}
}

// simple reports whether the rings can be drawn as they are: each shell with its holes
// is simple, and the shells keep clear of one another.
func (s *scratch) simple(rings [][]pt, shells int) bool {
	const few = 16 // more are compared better by assemble
	if shells > few {
		return false
	}
	var boxes [few][4]int32
	n, from := 0, 0
	for i := 1; i <= len(rings); i++ {
		if i < len(rings) && s.ringsAt[i].hole {
			continue
		}
		boxes[n] = boxOf(rings[from])
		for _, b := range boxes[:n] {
			if boxes[n][0] <= b[2] && b[0] <= boxes[n][2] && boxes[n][1] <= b[3] && b[1] <= boxes[n][3] {
				return false
			}
		}
		s.segs = segments(s.segs[:0], rings[from:i])
		if !simple(rings[from:i], s.segs) {
			return false
		}
		n, from = n+1, i
	}
	return true
}

// shown appends the vertices of a part that zoom z shows, in tile units, without
// repeated points.
func (l *Layer) shown(dst []pt, part part, to local, z uint8) []pt {
	ranks := l.ranks[part.from:part.to]
	for i, v := range l.verts[part.from:part.to] {
		if ranks[i] <= z {
			dst = appendPt(dst, to.at(v))
		}
	}
	return dst
}

// holds reports whether a world box lies inside the tile and its buffer.
func (l local) holds(box [4]int32) bool {
	return inBox(l.at(pt{box[0], box[1]})) && inBox(l.at(pt{box[2], box[3]}))
}

// pen writes the commands of one feature's geometry.
type pen struct {
	buf []byte
	at  pt
}

func (p *pen) command(id, count int) {
	p.buf = binary.AppendUvarint(p.buf, uint64(id&7|count<<3))
}

func (p *pen) step(to pt) {
	dx, dy := to.x-p.at.x, to.y-p.at.y
	p.buf = binary.AppendUvarint(p.buf, uint64(uint32(dx<<1)^uint32(dx>>31)))
	p.buf = binary.AppendUvarint(p.buf, uint64(uint32(dy<<1)^uint32(dy>>31)))
	p.at = to
}

func (p *pen) points(all []pt) {
	if len(all) == 0 {
		return
	}
	p.command(moveTo, len(all))
	for _, v := range all {
		p.step(v)
	}
}

func (p *pen) line(line []pt) {
	if len(line) < 2 {
		return
	}
	p.command(moveTo, 1)
	p.step(line[0])
	p.command(lineTo, len(line)-1)
	for _, v := range line[1:] {
		p.step(v)
	}
}

func (p *pen) ring(ring []pt) {
	p.line(ring)
	p.command(closePath, 1)
}
