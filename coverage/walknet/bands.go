package walknet

// bandsAtOnce is how many speeds one pass serves: as many as are shown side by side.
const bandsAtOnce = 3

// bandSearch is a search at several speeds at once: one queue, ordered by the time at
// the first of them, and a time per node and speed.
type bandSearch struct {
	nodes   []bandNode
	touched []int32
	queue   queue[struct{}]
	lanes   [bandsAtOnce]bandLane

	inStep   bool  // times are lengths over speeds, from the fastest on; see expandInStep
	expanded int64 // nodes so far
}

// bandNode is what is known of a node, in 16 bytes that lie in one line of the cache.
type bandNode struct {
	ms      [bandsAtOnce]int32 // per speed; far where it did not get here
	queued  bool               // an entry of the queue waits for its present times
	touched bool
}

func unseen() bandNode { return bandNode{ms: [bandsAtOnce]int32{far, far, far}} }

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
	for len(s.nodes) < n.Nodes() {
		s.nodes = append(s.nodes, unseen())
	}
	return s
}

// giveBackBands forgets the search.
func (n *Network) giveBackBands(s *bandSearch) {
	for _, v := range s.touched {
		s.nodes[v] = unseen()
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
	s.inStep, s.expanded = n.profile == Profile{}, 0
	for k := 1; k < len(reaches); k++ {
		s.inStep = s.inStep && reaches[k].speed <= reaches[k-1].speed
	}
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
			if node := &s.nodes[e.node]; node.queued {
				node.queued = false
				s.expand(n, reaches, e.node, limit, b)
			}
		}
	}
}

// expand offers the times of a node, which left bucket b, to its neighbours.
func (s *bandSearch) expand(n *Network, reaches []Reach, v int32, limit int64, b int) {
	from := s.nodes[v].ms
	if n.patched(v) {
		for _, a := range n.patch.in[v] {
			lowered := false
			for k := range reaches {
				if from[k] != far {
					lowered = s.lower(a.node, k, int64(from[k])+reaches[k].gait.arc(a), limit) || lowered
				}
			}
			if lowered {
				s.wait(a.node, b)
			}
		}
		return
	}
	first, next := n.in.start[v], n.in.start[v+1]
	if s.inStep {
		s.expandInStep(n.in.arcs[first:next], &from, limit, b)
		return
	}
	for i := first; i < next; i++ {
		node, lowered := n.in.arcs[i].node, false
		for k := range reaches {
			if from[k] != far {
				lane := &s.lanes[k]
				lowered = s.lower(node, k, int64(from[k])+lane.street.cost(lane.arcs[i].mm), limit) || lowered
			}
		}
		if lowered {
			s.wait(node, b)
		}
	}
}

// expandInStep offers times that are lengths over speeds, of which the first is the
// fastest. Where the fastest does not get to a node sooner by this way, no slower one
// does, but for what rounding may hide; most arcs lead back to where one came from, and
// so are done with one look.
//
// A time is within half a millisecond an edge and 3/2 of the length over the speed. No way
// has more edges than nodes were expanded, so two ways together are off by less than that
// number and 3, and the difference of their times at one speed can hide that at another by
// twice as much. A slower time by the other way is there with the fastest, or beyond the
// limit, because both were offered along the same arcs.
func (s *bandSearch) expandInStep(arcs []halfArc, from *[bandsAtOnce]int32, limit int64, b int) {
	s.expanded++
	slack := 2*s.expanded + 6
	for _, arc := range arcs {
		to := &s.nodes[arc.node]
		time := int64(from[0]) + s.lanes[0].street.cost(arc.mm)
		if time > int64(to.ms[0])+slack {
			continue
		}
		lowered := false
		for k := 0; ; {
			if time <= limit && time < int64(to.ms[k]) {
				to.ms[k], lowered = int32(time), true
			}
			if k++; k == bandsAtOnce || from[k] == far {
				break
			}
			time = int64(from[k]) + s.lanes[k].street.cost(arc.mm)
		}
		if lowered {
			s.enqueue(arc.node, to, to.ms[0], b)
		}
	}
}

// lower lowers one time of a node and says whether it did.
func (s *bandSearch) lower(v int32, k int, time, limit int64) bool {
	ms := &s.nodes[v].ms
	if time > limit || time >= int64(ms[k]) {
		return false
	}
	ms[k] = int32(time)
	return true
}

// wait puts a node into the queue by the least of its times, yet not into a bucket before
// b, which is past: a slower time may be lowered after the fastest has served. An entry
// from before that waits in a later bucket finds the node served.
func (s *bandSearch) wait(v int32, b int) {
	node := &s.nodes[v]
	if least := min(node.ms[0], node.ms[1], node.ms[2]); least != far {
		s.enqueue(v, node, least, b)
	}
}

func (s *bandSearch) enqueue(v int32, node *bandNode, least int32, b int) {
	if !node.touched {
		node.touched = true
		s.touched = append(s.touched, v)
	}
	node.queued = true
	s.queue.push(v, max(int64(least), int64(b)<<s.queue.shift), struct{}{})
}

// times are the nodes of all speeds.
func (s *bandSearch) times() nodeTimes {
	t := sizedNodeTimes(len(s.touched), bandsAtOnce)
	for _, v := range s.touched {
		i := t.slot(v)
		copy(t.slots[i+1:i+t.stride], s.nodes[v].ms[:])
	}
	return t
}
