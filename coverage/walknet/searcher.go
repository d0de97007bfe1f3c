package walknet

import "math"

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
	s := &Searcher{}
	s.serve(n)
	return s
}

// serve makes the searcher one of n's, which may have more nodes than the last.
func (s *Searcher) serve(n *Network) {
	s.net = n
	for len(s.dist) < n.Nodes() {
		s.dist = append(s.dist, far)
	}
}

func (n *Network) borrow() *Searcher {
	if s, ok := n.searchers.Get().(*Searcher); ok {
		s.serve(n)
		return s
	}
	return n.NewSearcher()
}

func (n *Network) giveBackSearcher(s *Searcher) {
	s.net = nil
	n.searchers.Put(s)
}

// Reach is Network.Reach with the searcher's memory.
func (s *Searcher) Reach(site Snap, limit Milliseconds, speed Speed) *Reach {
	r, ok := s.net.reachOf(site, limit, speed)
	if ok {
		s.run(&r)
		r.nodes = newNodeTimes(s.touched, s.dist)
		s.clear()
	}
	return &r
}

// reachOf is a reach before its search; false where there is nothing to search.
func (n *Network) reachOf(site Snap, limit Milliseconds, speed Speed) (Reach, bool) {
	r := Reach{net: n, site: site, limit: limit, speed: speed}
	if !site.OK() || speed <= 0 {
		r.site = NoSnap()
		return r, false
	}
	r.gait = n.gait(speed)
	r.access = r.gait.foot.cost(site.AccessMM)
	if r.access > int64(limit) {
		r.site = NoSnap()
		return r, false
	}
	return r, true
}

// clear forgets the last search.
func (s *Searcher) clear() {
	for _, v := range s.touched {
		s.dist[v] = far
	}
	s.touched = s.touched[:0]
}

// run searches for a reach and leaves the times in dist.
func (s *Searcher) run(r *Reach) {
	limit := int64(r.limit)
	s.queue.reset(r.limit)
	l := r.gait.arrivals(r.site.Edge, r.site.OffsetMM)
	if l.viaFrom >= 0 {
		s.offer(l.from, r.access+l.viaFrom, limit)
	}
	if l.viaTo >= 0 {
		s.offer(l.to, r.access+l.viaTo, limit)
	}
	in := r.gait.in
	for b := 0; b < len(s.queue.head); b++ {
		for {
			e, ok := s.queue.pop(b)
			if !ok {
				break
			}
			if s.dist[e.node] != e.label {
				continue // a better label came later
			}
			if s.net.patched(e.node) {
				for _, a := range s.net.patch.in[e.node] {
					s.offer(a.node, int64(e.label)+r.gait.arc(a), limit)
				}
				continue
			}
			for _, a := range in.arcs[in.start[e.node]:in.start[e.node+1]] {
				s.offer(a.node, int64(e.label)+r.gait.street.cost(a.mm), limit)
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
