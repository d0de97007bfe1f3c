package walknet

import (
	"math"

	"github.com/paulmach/orb"
)

// Snap puts p onto the nearest edge within limitM metres; of equally near edges
// onto the one with the lowest index, and there at the least offset. NoSnap where
// there is none. O(segments nearby).
func (n *Network) Snap(p orb.Point, limitM float64) Snap {
	if len(n.from) == 0 || !validPoint(p) || !(limitM >= 0) {
		return NoSnap()
	}
	s := snapper{net: n, plane: planeAt(p), best: limitM * limitM, segment: -1, added: -1}
	s.search(p)
	if n.patch != nil {
		s.searchAdded(p)
	}
	if s.segment < 0 {
		return NoSnap()
	}
	return s.snap()
}

type snapper struct {
	net     *Network
	plane   plane
	best    float64 // squared metres
	segment int32   // by its first vertex: of the network's, or of the added edge's
	added   int32   // the added edge it is of; -1 for one of the network's own
	t       float64 // share of the segment
	at      float64 // squared metres to it
}

// search visits the cells ring by ring and stops when no further ring can be nearer.
func (s *snapper) search(p orb.Point) {
	g := &s.net.index
	c0, r0 := g.column(p[0]), g.row(p[1])
	// A cell's width in metres is taken at p; 0.9 allows for it being narrower elsewhere.
	cellM := 0.9 * min(g.cellX*s.plane.kx, g.cellY*s.plane.ky)
	last := max(abs(c0), abs(g.cols-1-c0), abs(r0), abs(g.rows-1-r0))
	first := max(0, -c0, c0-g.cols+1, -r0, r0-g.rows+1)
	for k := first; k <= last; k++ {
		if gap := float64(k-1) * cellM; gap > 0 && gap*gap > s.best {
			return
		}
		s.ring(c0, r0, k)
	}
}

func (s *snapper) ring(c0, r0, k int) {
	g := &s.net.index
	for r := max(r0-k, 0); r <= min(r0+k, g.rows-1); r++ {
		if r == r0-k || r == r0+k {
			for c := max(c0-k, 0); c <= min(c0+k, g.cols-1); c++ {
				s.visit(g.cell(c, r))
			}
			continue
		}
		s.visit(g.cell(c0-k, r))
		if k > 0 {
			s.visit(g.cell(c0+k, r))
		}
	}
}

// tie is how much two squared distances may differ, per square metre and at least,
// and still be equal: one line given in both directions is not equally near to the
// last bit. It is at most a tenth of a millimetre.
const tie = 1e-8

// visit compares segments. Their numbers rise with edge and offset, so the lowest
// number wins a tie.
func (s *snapper) visit(segments []int32) {
	for _, i := range segments {
		if s.net.patch != nil && !s.net.Usable(s.net.vertEdge[i]) {
			continue
		}
		a, b := s.plane.to(s.net.verts[i]), s.plane.to(s.net.verts[i+1])
		t, d2 := nearestOn(vec{}, a, b)
		slack := tie * (1 + d2)
		switch {
		case d2 > s.best+slack || (s.segment < 0 && d2 > s.best):
		case s.segment < 0 || d2 < s.best-slack:
			s.best, s.segment, s.t, s.at = d2, i, t, d2
		case i < s.segment:
			s.best, s.segment, s.t, s.at = min(s.best, d2), i, t, d2
		}
	}
}

// searchAdded compares the edges that edits added. Of equally near ones the oldest wins.
func (s *snapper) searchAdded(p orb.Point) {
	n := s.net
	for k := range n.patch.edges {
		e := &n.patch.edges[k]
		number := int32(len(n.from) + k)
		if !n.Usable(number) || !s.near(p, e.box) {
			continue
		}
		for i := range len(e.line) - 1 {
			t, d2 := nearestOn(vec{}, s.plane.to(e.line[i]), s.plane.to(e.line[i+1]))
			if d2 < s.best-tie*(1+d2) || (s.segment < 0 && d2 <= s.best) {
				s.best, s.segment, s.added, s.t, s.at = d2, int32(i), number, t, d2
			}
		}
	}
}

// near says whether something in the box may be as near as what was found.
func (s *snapper) near(p orb.Point, box orb.Bound) bool {
	x := max(box.Min[0]-p[0], p[0]-box.Max[0], 0) * s.plane.kx
	y := max(box.Min[1]-p[1], p[1]-box.Max[1], 0) * s.plane.ky
	return x*x+y*y <= s.best
}

func (s *snapper) snap() Snap {
	n, i := s.net, s.segment
	verts, along, edge := n.verts, n.alongMM, s.added
	if edge < 0 {
		edge = n.vertEdge[i]
	} else {
		verts, along = n.added(edge).line, n.added(edge).alongMM
	}
	a, b := verts[i], verts[i+1]
	at := b
	switch {
	case s.t == 0:
		at = a
	case s.t < 1:
		at = orb.Point{a[0] + s.t*(b[0]-a[0]), a[1] + s.t*(b[1]-a[1])}
	}
	part := float64(along[i+1]-along[i]) * s.t
	return Snap{
		Edge:     edge,
		OffsetMM: along[i] + int32(math.Round(part)),
		AccessMM: int32(min(math.Round(math.Sqrt(s.at)*1000), math.MaxInt32)),
		Point:    at,
	}
}

func abs(v int) int { return max(v, -v) }
