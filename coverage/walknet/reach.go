package walknet

import (
	"github.com/paulmach/orb"
)

// Reach is how long it takes to walk to one site from wherever that is possible
// within the limit. It is read-only and safe for any number of readers.
type Reach struct {
	net    *Network
	site   Snap
	limit  Milliseconds
	speed  Speed
	gait   gait
	access int64
	nodes  nodeTimes
}

// Reach searches from the site against the walking direction up to the limit,
// inclusive. A site that is not on the network, a negative limit or a speed that
// is not positive give a reach of nothing. O(k log k) in the k nodes reached.
func (n *Network) Reach(site Snap, limit Milliseconds, speed Speed) *Reach {
	s := n.borrow()
	defer n.giveBackSearcher(s)
	return s.Reach(site, limit, speed)
}

// At is the time from a place on the network to the site, both off-street legs
// included; Unreached beyond the limit and for a place that is on no edge.
func (r *Reach) At(from Snap) Milliseconds {
	if !from.OK() || !r.site.OK() {
		return Unreached
	}
	best := r.network(from.Edge, from.OffsetMM)
	if best < 0 {
		return Unreached
	}
	best += r.gait.foot.cost(from.AccessMM)
	if best > int64(r.limit) {
		return Unreached
	}
	return Milliseconds(best)
}

// Bound is a box that holds every place on the network from which the site is within
// reach, in degrees; of nothing, it holds nothing. It is a cheap question to ask
// before At. O(edges within reach).
func (r *Reach) Bound() orb.Bound {
	const slack = 1e-7 // of a degree, 1 cm, for the rounding of snapped points
	box := nowhere()
	for e := range r.Edges() {
		for _, p := range r.net.line(e) {
			box = union(box, orb.Bound{Min: p, Max: p})
		}
	}
	return box.Pad(slack)
}

// network is the time to the site from a place on an edge, without the off-street
// leg of that place; -1 where there is none.
func (r *Reach) network(e, offset int32) int64 {
	best := int64(-1)
	l := r.gait.departures(e, offset)
	if l.viaFrom >= 0 {
		best = sooner(best, r.nodes.at(l.from), l.viaFrom)
	}
	if l.viaTo >= 0 {
		best = sooner(best, r.nodes.at(l.to), l.viaTo)
	}
	if e == r.site.Edge {
		best = sooner(best, l.along(offset, r.site.OffsetMM), r.access)
	}
	return best
}

// sooner is the lesser of best and a+b; -1 is never.
func sooner(best, a, b int64) int64 {
	if a < 0 || (best >= 0 && best <= a+b) {
		return best
	}
	return a + b
}
