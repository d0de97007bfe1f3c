package walknet

// bandsAtOnce is how many speeds one pass serves: as many as are shown side by side.
const bandsAtOnce = 3

// bandSearch is a search at several speeds at once: one queue, ordered by the time at
// the first of them, and a time per node and speed.
type bandSearch struct {
	dist    [][bandsAtOnce]int32 // per node; far where untouched
	queued  []bool               // per node: an entry of the queue waits for its present times
	touched []int32
	queue   queue[struct{}]
	lanes   [bandsAtOnce]bandLane
}

// bandLane is what one speed makes of the arcs.
type bandLane struct {
	arcs   []halfArc
	street pace
}

// ReachBands is Reach at several speeds, from the fastest on, in one pass of the streets:
// what the speeds have in common is walked once. The answer is that of a Reach for each
// speed, to the millisecond, in the order of the speeds. More than three are done three
// at a time. O(k log k) in the nodes that the fastest reaches.
func (n *Network) ReachBands(site Snap, limit Milliseconds, speeds []Speed) []*Reach {
	out := make([]*Reach, 0, len(speeds))
	for len(speeds) > bandsAtOnce {
		out = append(out, n.ReachBands(site, limit, speeds[:bandsAtOnce])...)
		speeds = speeds[bandsAtOnce:]
	}
	reaches := make([]Reach, len(speeds))
	some := false
	for i, speed := range speeds {
		r, ok := n.reachOf(site, limit, speed)
		reaches[i], some = r, some || ok
		out = append(out, &reaches[i])
	}
	if !some {
		return out
	}
	s := n.borrowBands()
	s.run(n, reaches)
	times := s.times()
	for k := range reaches {
		times.lane = k
		reaches[k].nodes = times
	}
	n.giveBackBands(s)
	return out
}

func (n *Network) borrowBands() *bandSearch {
	s, ok := n.bandSearches.Get().(*bandSearch)
	if !ok {
		s = &bandSearch{}
	}
	for len(s.dist) < n.Nodes() {
		s.dist = append(s.dist, [bandsAtOnce]int32{far, far, far})
		s.queued = append(s.queued, false)
	}
	return s
}

// giveBackBands forgets the search.
func (n *Network) giveBackBands(s *bandSearch) {
	for _, v := range s.touched {
		s.dist[v] = [bandsAtOnce]int32{far, far, far}
	}
	s.touched, s.lanes = s.touched[:0], [bandsAtOnce]bandLane{}
	n.bandSearches.Put(s)
}

// run corrects labels until none can be lowered. A node waits in the queue once, however
// many of its times were lowered; since a slower walker mostly takes the same streets,
// one visit mostly serves all speeds.
func (s *bandSearch) run(n *Network, reaches []Reach) {
	limit := int64(reaches[0].limit)
	s.queue.reset(reaches[0].limit)
	for k := range reaches {
		r := &reaches[k]
		if !r.site.OK() {
			continue
		}
		s.lanes[k] = bandLane{r.gait.in.arcs, r.gait.street}
		l := r.gait.arrivals(r.site.Edge, r.site.OffsetMM)
		if l.viaFrom >= 0 {
			s.lower(l.from, k, r.access+l.viaFrom, limit)
		}
		if l.viaTo >= 0 {
			s.lower(l.to, k, r.access+l.viaTo, limit)
		}
		s.wait(l.from, 0)
		s.wait(l.to, 0)
	}
	for b := 0; b < len(s.queue.head); b++ {
		for {
			e, ok := s.queue.pop(b)
			if !ok {
				break
			}
			if !s.queued[e.node] {
				continue
			}
			s.queued[e.node] = false
			s.expand(n, reaches, e.node, limit, b)
		}
	}
}

// expand offers the times of a node, which left bucket b, to its neighbours.
func (s *bandSearch) expand(n *Network, reaches []Reach, v int32, limit int64, b int) {
	d := s.dist[v]
	if n.patched(v) {
		for _, a := range n.patch.in[v] {
			lowered := false
			for k := range reaches {
				if d[k] != far {
					lowered = s.lower(a.node, k, int64(d[k])+reaches[k].gait.arc(a), limit) || lowered
				}
			}
			if lowered {
				s.wait(a.node, b)
			}
		}
		return
	}
	in := &n.in
	speeds := len(reaches)
	for i := in.start[v]; i < in.start[v+1]; i++ {
		node, lowered := in.arcs[i].node, false
		to := &s.dist[node]
		old := *to
		for k := 0; k < speeds; k++ {
			if d[k] == far {
				continue
			}
			lane := &s.lanes[k]
			if time := int64(d[k]) + lane.street.cost(lane.arcs[i].mm); time <= limit && time < int64(to[k]) {
				to[k], lowered = int32(time), true
			}
		}
		if lowered {
			if old == [bandsAtOnce]int32{far, far, far} {
				s.touched = append(s.touched, node)
			}
			s.wait(node, b)
		}
	}
}

// lower lowers one time of a node and says whether it did.
func (s *bandSearch) lower(v int32, k int, time, limit int64) bool {
	d := &s.dist[v]
	if time > limit || time >= int64(d[k]) {
		return false
	}
	if d[0] == far && d[1] == far && d[2] == far {
		s.touched = append(s.touched, v)
	}
	d[k] = int32(time)
	return true
}

// wait puts a node into the queue by the least of its times, yet not into a bucket before
// b, which is past: a slower time may be lowered after the fastest has served. An entry
// from before that waits in a later bucket finds the node served.
func (s *bandSearch) wait(v int32, b int) {
	d := &s.dist[v]
	least := min(d[0], d[1], d[2])
	if least == far {
		return
	}
	s.queued[v] = true
	s.queue.push(v, max(int64(least), int64(b)<<s.queue.shift), struct{}{})
}

// times are the nodes of all speeds.
func (s *bandSearch) times() nodeTimes {
	t := sizedNodeTimes(len(s.touched), bandsAtOnce)
	for _, v := range s.touched {
		i := t.slot(v)
		copy(t.slots[i+1:i+t.stride], s.dist[v][:])
	}
	return t
}
