package walknet

import (
	"iter"
	"math"
	"slices"
)

// edgeTimes is the walking time to a site along one edge, as a function of the way
// from its start: the least of up to four straight lines.
type edgeTimes struct {
	viaFrom, viaTo float64 // ms from the edge's ends to the site; +Inf where that way is closed
	ahead, back    float64 // ms a mm, in and against the line's direction
	length         float64 // mm
	site           float64 // ms from the site's place on this edge; +Inf where it is on another
	siteAt         float64 // mm
	forward        bool
	reverse        bool
}

func (r *Reach) edgeTimes(e int32) edgeTimes {
	l := r.gait.edgeUse(e)
	p := edgeTimes{
		viaFrom: math.Inf(1), viaTo: math.Inf(1), site: math.Inf(1),
		length: float64(l.length), forward: l.ahead >= 0, reverse: l.back >= 0,
	}
	// A direction that is forbidden is never used, but must not turn infinities round.
	ahead, back := max(l.ahead, 0), max(l.back, 0)
	if !p.forward {
		ahead = back
	}
	if !p.reverse {
		back = ahead
	}
	p.ahead, p.back = float64(ahead)/p.length, float64(back)/p.length
	if ms := r.nodes.at(l.from); ms >= 0 && p.reverse {
		p.viaFrom = float64(ms)
	}
	if ms := r.nodes.at(l.to); ms >= 0 && p.forward {
		p.viaTo = float64(ms)
	}
	if e == r.site.Edge {
		p.site, p.siteAt = float64(r.access), float64(r.site.OffsetMM)
	}
	return p
}

// at is the time in ms from mm millimetres along the edge; +Inf where there is no way.
func (p *edgeTimes) at(mm float64) float64 {
	best := min(p.viaFrom+mm*p.back, p.viaTo+(p.length-mm)*p.ahead)
	if mm <= p.siteAt && p.forward {
		best = min(best, p.site+(p.siteAt-mm)*p.ahead)
	}
	if mm >= p.siteAt && p.reverse {
		best = min(best, p.site+(mm-p.siteAt)*p.back)
	}
	return best
}

// left is what the limit leaves of the way, in metres, at each end of an edge that the site
// does not stand on, by the way through its start and by that through its end. Along the
// edge each is a straight line, and the greater counts; -Inf where that is no way.
func (p *edgeTimes) left(limit, metresPerMS float64) [2]slope {
	left := func(ms float64) float32 { return float32((limit - ms) * metresPerMS) }
	return [2]slope{
		{left(p.viaFrom), float32(-p.length * p.back * metresPerMS)},
		{left(p.viaTo + p.length*p.ahead), float32(p.length * p.ahead * metresPerMS)},
	}
}

// latest is a time that no place of the edge is later than, and that one is at unless the
// site stands on the edge; +Inf where some place has no way.
func (p *edgeTimes) latest() float64 {
	// The ways by both ends take the same time where their lines cross.
	cross := (p.viaTo + p.length*p.ahead - p.viaFrom) / (p.back + p.ahead)
	if !(cross > 0) { // nor NaN
		cross = 0
	}
	cross = min(cross, p.length)
	return min(p.viaFrom+cross*p.back, p.viaTo+(p.length-cross)*p.ahead)
}

// within are the stretches, as offsets in mm, from which the site is within the
// limit: at the edge's start, at its end and beside the site. A stretch that ends
// before it starts is none.
func (p *edgeTimes) within(limit float64) [3][2]float64 {
	left := func(ms, perMM float64) float64 { return (limit - ms) / perMM } // -Inf where there is no way
	stretches := [3][2]float64{
		{0, min(left(p.viaFrom, p.back), p.length)},
		{max(p.length-left(p.viaTo, p.ahead), 0), p.length},
		{p.siteAt, p.siteAt},
	}
	if p.forward {
		stretches[2][0] = max(p.siteAt-left(p.site, p.ahead), 0)
	}
	if p.reverse {
		stretches[2][1] = min(p.siteAt+left(p.site, p.back), p.length)
	}
	return stretches
}

// Edges yields every edge from some point of which the site is within reach: those
// at a reached node and the site's own. Each comes once, in an order that is the
// same for the same search.
func (r *Reach) Edges() iter.Seq[int32] {
	return func(yield func(int32) bool) {
		if !r.site.OK() || !yield(r.site.Edge) {
			return
		}
		n := r.net
		for v := range r.nodes.all() {
			if n.patched(v) {
				arcs := n.patch.in[v]
				for k, a := range arcs {
					if a.edge >= 0 && a.edge != r.site.Edge && r.first(a.edge, v) && !n.hadLoop(arcs[:k], a.edge) && !yield(a.edge) {
						return
					}
				}
				continue
			}
			edges := n.in.edge[n.in.start[v]:n.in.start[v+1]]
			for k, e := range edges {
				if e == r.site.Edge || !r.first(e, v) || n.isLoop(e) && slices.Contains(edges[:k], e) {
					continue
				}
				if !yield(e) {
					return
				}
			}
		}
	}
}

// isLoop says whether an edge begins and ends at one node, among whose arcs it stands
// twice.
func (n *Network) isLoop(e int32) bool {
	from, to := n.EdgeEnds(e)
	return from == to
}

// hadLoop says whether e is a loop that stands among a node's arcs already.
func (n *Network) hadLoop(arcs []patchArc, e int32) bool {
	return n.isLoop(e) && slices.ContainsFunc(arcs, func(a patchArc) bool { return a.edge == e })
}

// first says whether v is the end of e at which e is yielded: its head if that is
// reached and one may walk there, else its tail.
func (r *Reach) first(e, v int32) bool {
	n := r.net
	from, to := n.EdgeEnds(e)
	if n.EdgeDirection(e) == Both && from != to && v == from {
		return r.nodes.at(to) < 0
	}
	return true
}
