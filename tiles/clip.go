package tiles

// crossAt is the second coordinate, rounded half up, where the segment (a1,b1)-(a2,b2)
// has the first coordinate at. The ends are put in order first, so both directions of
// a segment give the same answer. a1 and a2 differ.
func crossAt(a1, b1, a2, b2, at int32) int32 {
	if a1 > a2 {
		a1, b1, a2, b2 = a2, b2, a1, b1
	}
	num := (int64(b2) - int64(b1)) * (int64(at) - int64(a1))
	den := int64(a2) - int64(a1)
	return int32(int64(b1) + floorDiv(2*num+den, 2*den))
}

// floorDiv divides towards minus infinity; den is positive.
func floorDiv(num, den int64) int64 {
	q := num / den
	if num%den < 0 {
		q--
	}
	return q
}

// side is one side of the clip box.
type side struct {
	vertical bool  // the line x = at, else y = at
	upper    bool  // inside is at or below it
	at       int32 // tile units
}

func clipSides() [4]side {
	return [4]side{{true, false, clipLo}, {true, true, clipHi}, {false, false, clipLo}, {false, true, clipHi}}
}

func (s side) inside(p pt) bool {
	v := p.y
	if s.vertical {
		v = p.x
	}
	if s.upper {
		return v <= s.at
	}
	return v >= s.at
}

func (s side) cross(a, b pt) pt {
	if s.vertical {
		return pt{s.at, crossAt(a.x, a.y, b.x, b.y, s.at)}
	}
	return pt{crossAt(a.y, a.x, b.y, b.x, s.at), s.at}
}

// clipRing cuts a ring (not closed) to the tile and its buffer, Sutherland-Hodgman.
// The parts of a cut ring stay joined along the box's sides; assemble takes those
// joints away. spare is scratch; the result shares memory with ring or spare.
func clipRing(ring, spare []pt) (out, other []pt) {
	for _, s := range clipSides() {
		spare = spare[:0]
		for i, b := range ring {
			a := ring[(i+len(ring)-1)%len(ring)]
			inA, inB := s.inside(a), s.inside(b)
			if inA != inB {
				spare = appendPt(spare, s.cross(a, b))
			}
			if inB {
				spare = appendPt(spare, b)
			}
		}
		ring, spare = openRing(spare), ring
	}
	return ring, spare
}

// appendPt leaves out a repeated point.
func appendPt(dst []pt, p pt) []pt {
	if n := len(dst); n > 0 && dst[n-1] == p {
		return dst
	}
	return append(dst, p)
}

// openRing takes away last points equal to the first.
func openRing(ring []pt) []pt {
	for len(ring) > 1 && ring[len(ring)-1] == ring[0] {
		ring = ring[:len(ring)-1]
	}
	return ring
}

// clipSegment cuts a segment to the tile and its buffer; false when nothing is left.
func clipSegment(a, b pt) (pt, pt, bool) {
	for _, s := range clipSides() {
		inA, inB := s.inside(a), s.inside(b)
		switch {
		case inA && inB:
		case inA:
			b = s.cross(a, b)
		case inB:
			a = s.cross(a, b)
		default:
			return a, b, false
		}
	}
	return a, b, true
}

// clipLine cuts a line to the tile and its buffer and calls emit for each piece of at
// least two points. The slice is used again after emit returns.
func clipLine(line, scratch []pt, emit func([]pt)) []pt {
	scratch = scratch[:0]
	flush := func() {
		if len(scratch) > 1 {
			emit(scratch)
		}
		scratch = scratch[:0]
	}
	for i := 1; i < len(line); i++ {
		a, b, ok := clipSegment(line[i-1], line[i])
		if !ok {
			flush()
			continue
		}
		if n := len(scratch); n > 0 && scratch[n-1] != a {
			flush()
		}
		scratch = appendPt(appendPt(scratch, a), b)
	}
	flush()
	return scratch
}

func inBox(p pt) bool {
	return p.x >= clipLo && p.x <= clipHi && p.y >= clipLo && p.y <= clipHi
}
