package demogen

import "math"

// trim drops the faces beyond the rim, so that the district's border follows
// streets and fields, and keeps one piece.
func (l *layout) trim(d dice) {
	l.cutStrips()
	m := l.mesh
	phase, other := d.span(0, 1), d.span(0, 1)
	for f := range m.faces {
		c := m.outline(int32(f)).centroid()
		x, y := c.x/l.half.x, c.y/l.half.y
		rim := 0.96 + mul(0.05, wave(mul(0.9, x)+phase)) + mul(0.05, wave(mul(0.9, y)+other))
		if l.radius(c) > rim {
			m.faces[f].use |= outsideBit
		}
	}
	for range 3 {
		l.smoothRim()
	}
	l.trimStrips()
	l.dropPieces()
}

// smoothRim drops faces that stick out and takes in those that are nearly enclosed.
func (l *layout) smoothRim() {
	m := l.mesh
	next := make([]bool, len(m.faces))
	for f := range m.faces {
		in := m.faces[f].use&outsideBit == 0
		share := l.keptShare(int32(f))
		next[f] = (in && share > 0.38) || share > 0.62
	}
	for f, in := range next {
		m.faces[f].use &^= outsideBit
		if !in {
			m.faces[f].use |= outsideBit
		}
	}
}

// keptShare is the share of a face's outline that borders on faces kept.
func (l *layout) keptShare(f int32) float64 {
	m := l.mesh
	kept, all := 0.0, 0.0
	for _, h := range m.faces[f].ring {
		length := m.points[m.origin(h)].dist(m.points[m.origin(h^1)])
		all += length
		if g := m.beyond(h); g >= 0 && m.faces[g].use&outsideBit == 0 {
			kept += length
		}
	}
	return kept / all
}

// trimStrips keeps a piece of river, railway or motorway only beside land that is kept.
func (l *layout) trimStrips() {
	m := l.mesh
	var drop, keep []int32
	for f := range int32(len(m.faces)) {
		if !(m.faces[f].use &^ outsideBit).band() {
			continue
		}
		if l.landShare(f) > 0.2 {
			keep = append(keep, f)
		} else {
			drop = append(drop, f)
		}
	}
	for _, f := range keep {
		m.faces[f].use &^= outsideBit
	}
	for _, f := range drop {
		m.faces[f].use |= outsideBit
	}
	for _, f := range drop { // where two strips cross, all neighbours are strips
		if l.keptShare(f) > 0.7 {
			m.faces[f].use &^= outsideBit
		}
	}
}

// landShare is the share of a face's outline that borders on land kept.
func (l *layout) landShare(f int32) float64 {
	m := l.mesh
	land, all := 0.0, 0.0
	for _, h := range m.faces[f].ring {
		length := m.points[m.origin(h)].dist(m.points[m.origin(h^1)])
		all += length
		if g := m.beyond(h); g >= 0 && m.faces[g].use&outsideBit == 0 && !m.faces[g].use.band() {
			land += length
		}
	}
	return land / all
}

// cutStrips divides the strips across, so that they can be trimmed with the land
// beside them.
func (l *layout) cutStrips() {
	reach := l.half.x + l.half.y
	for _, s := range l.strips {
		for t := -reach; t < reach; t += 230 {
			l.mesh.splitAll(cut{o: s.o.add(s.d.scale(t)), d: s.d.left(), road: -1, snap: 20}, func(f int32) bool {
				return l.mesh.faces[f].use == s.use
			})
		}
	}
}

// dropPieces keeps the piece around the middle of the town alone, fills its holes
// and settles the marks.
func (l *layout) dropPieces() {
	m := l.mesh
	inside := l.flood([]int32{l.nearest(l.core)}, func(f int32) bool { return m.faces[f].use&outsideBit == 0 })
	var rim []int32
	for f := range int32(len(m.faces)) {
		for _, h := range m.faces[f].ring {
			if m.beyond(h) < 0 && !inside[f] {
				rim = append(rim, f)
				break
			}
		}
	}
	beyond := l.flood(rim, func(f int32) bool { return !inside[f] })
	for f := range m.faces {
		m.faces[f].use &^= outsideBit
		if beyond[f] {
			m.faces[f].use = outside
		}
	}
}

// flood marks the faces that can be reached from the starts over faces allowed.
func (l *layout) flood(starts []int32, allow func(f int32) bool) []bool {
	m := l.mesh
	seen := make([]bool, len(m.faces))
	for _, f := range starts {
		seen[f] = true
	}
	for queue := starts; len(queue) > 0; {
		f := queue[0]
		queue = queue[1:]
		for _, h := range m.faces[f].ring {
			if g := m.beyond(h); g >= 0 && !seen[g] && allow(g) {
				seen[g] = true
				queue = append(queue, g)
			}
		}
	}
	return seen
}

// nearest is the face inside whose middle is nearest to p.
func (l *layout) nearest(p vec) int32 {
	best, at := math.Inf(1), int32(0)
	for f := range l.mesh.faces {
		if l.mesh.faces[f].use&outsideBit != 0 {
			continue
		}
		if dist := l.mesh.outline(int32(f)).centroid().dist(p); dist < best {
			best, at = dist, int32(f)
		}
	}
	return at
}
