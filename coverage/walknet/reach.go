package walknet

import (
	"math"

	"github.com/paulmach/orb"
)

// Reach is how long it takes to walk to one site from wherever that is possible
// within the limit. It is read-only and safe for any number of readers.
type Reach struct {
	net    *Network
	site   Snap
	limit  Milliseconds
	speed  Speed
	pace   pace
	access int64
	nodes  nodeTimes
}

// Searcher runs searches one after another and keeps their scratch memory. It is
// for one goroutine.
type Searcher struct {
	net     *Network
	dist    []int32 // per node; far where untouched
	touched []int32
	queue   queue[int32]
}

const far = math.MaxInt32

// NewSearcher returns a searcher with memory for the network's nodes.
func (n *Network) NewSearcher() *Searcher {
	s := &Searcher{net: n, dist: make([]int32, len(n.points))}
	for i := range s.dist {
		s.dist[i] = far
	}
	return s
}

func (n *Network) borrow() *Searcher {
	if s, ok := n.searchers.Get().(*Searcher); ok {
		return s
	}
	return n.NewSearcher()
}

// Reach searches from the site against the walking direction up to the limit,
// inclusive. A site that is not on the network, a negative limit or a speed that
// is not positive give a reach of nothing. O(k log k) in the k nodes reached.
func (n *Network) Reach(site Snap, limit Milliseconds, speed Speed) *Reach {
	s := n.borrow()
	defer n.searchers.Put(s)
	return s.Reach(site, limit, speed)
}

// Reach is Network.Reach with the searcher's memory.
func (s *Searcher) Reach(site Snap, limit Milliseconds, speed Speed) *Reach {
	r := &Reach{net: s.net, site: site, limit: limit, speed: speed}
	if !site.OK() || speed <= 0 {
		r.site = NoSnap()
		return r
	}
	r.pace = speed.pace()
	r.access = r.pace.cost(site.AccessMM)
	if r.access > int64(limit) {
		r.site = NoSnap()
		return r
	}
	s.run(r)
	r.nodes = newNodeTimes(s.touched, s.dist)
	for _, v := range s.touched {
		s.dist[v] = far
	}
	return r
}

func (s *Searcher) run(r *Reach) {
	s.touched = s.touched[:0]
	s.queue.reset(r.limit)
	limit := int64(r.limit)
	l := s.net.arrivals(r.site.Edge, r.site.OffsetMM, r.pace)
	if l.viaFrom >= 0 {
		s.offer(l.from, r.access+l.viaFrom, limit)
	}
	if l.viaTo >= 0 {
		s.offer(l.to, r.access+l.viaTo, limit)
	}
	in := &s.net.in
	for b := 0; b < len(s.queue.head); b++ {
		for {
			e, ok := s.queue.pop(b)
			if !ok {
				break
			}
			if s.dist[e.node] != e.label {
				continue // a better label came later
			}
			for _, a := range in.arcs[in.start[e.node]:in.start[e.node+1]] {
				s.offer(a.node, int64(e.label)+r.pace.cost(a.mm), limit)
			}
		}
	}
}

// offer lowers a node's time.
func (s *Searcher) offer(node int32, time, limit int64) {
	old := s.dist[node]
	if time > limit || time >= int64(old) {
		return
	}
	if old == far {
		s.touched = append(s.touched, node)
	}
	s.dist[node] = int32(time)
	s.queue.push(node, time, int32(time))
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
	best += r.pace.cost(from.AccessMM)
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
	l := r.net.departures(e, offset, r.pace)
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
