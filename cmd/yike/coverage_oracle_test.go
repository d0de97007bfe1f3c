package main

import (
	"container/heap"

	"yike/coverage/coveragelive"
	"yike/coverage/walknet"
	"yike/geo/divisions"
)

// walkOracle is the loaded network searched the slow and obvious way: every door is
// joined to its path, and one plain Dijkstra runs from the doors of all sites against
// the walking direction. It knows the rules of cost from their words, not from the
// code that it checks.
type walkOracle struct {
	net   *walknet.Network
	speed int64
	into  [][]reverseArc // per node, the arcs that end there
}

type reverseArc struct {
	from int32
	ms   int64
}

func newWalkOracle(n *walknet.Network, speed walknet.Speed) *walkOracle {
	o := &walkOracle{net: n, speed: int64(speed), into: make([][]reverseArc, n.Nodes())}
	for a := range n.Arcs() {
		o.into[a.To] = append(o.into[a.To], reverseArc{a.From, o.cost(int64(a.LengthMM))})
	}
	return o
}

// cost is length over speed in milliseconds, rounded half up.
func (o *walkOracle) cost(mm int64) int64 {
	whole, rest := 1000*mm/o.speed, 1000*mm%o.speed
	if 2*rest >= o.speed {
		whole++
	}
	return whole
}

// part is the share of an edge's cost for a part of its length, rounded up.
func (o *walkOracle) part(mm, length int64) int64 {
	ms := o.cost(length) * mm
	if ms%length != 0 {
		return ms/length + 1
	}
	return ms / length
}

type nodeAt struct {
	node int32
	ms   int64
}

type nodeHeap []nodeAt

func (h nodeHeap) Len() int           { return len(h) }
func (h nodeHeap) Less(i, j int) bool { return h[i].ms < h[j].ms }
func (h nodeHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *nodeHeap) Push(x any)        { *h = append(*h, x.(nodeAt)) }
func (h *nodeHeap) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}

// toSites is the time from every node to the nearest site's door; -1 where there is
// no way. There is no limit.
func (o *walkOracle) toSites(sites []walknet.Snap) []int64 {
	best := make([]int64, o.net.Nodes())
	for i := range best {
		best[i] = -1
	}
	h := &nodeHeap{}
	offer := func(node int32, ms int64) {
		if best[node] < 0 || ms < best[node] {
			best[node] = ms
			heap.Push(h, nodeAt{node, ms})
		}
	}
	for _, s := range sites {
		if !s.OK() {
			continue
		}
		from, to := o.net.EdgeEnds(s.Edge)
		length, access := int64(o.net.EdgeLengthMM(s.Edge)), o.cost(int64(s.AccessMM))
		if o.net.EdgeDirection(s.Edge) != walknet.Backward { // arriving along the line, from its start
			offer(from, access+o.part(int64(s.OffsetMM), length))
		}
		if o.net.EdgeDirection(s.Edge) != walknet.Forward {
			offer(to, access+o.part(length-int64(s.OffsetMM), length))
		}
	}
	for h.Len() > 0 {
		at := heap.Pop(h).(nodeAt)
		if at.ms > best[at.node] {
			continue
		}
		for _, a := range o.into[at.node] {
			offer(a.from, at.ms+a.ms)
		}
	}
	return best
}

// fromDoor is the time from a door to the nearest site's, given toSites of the same
// sites; -1 where there is no way.
func (o *walkOracle) fromDoor(door walknet.Snap, nodes []int64, sites []walknet.Snap) int64 {
	best := int64(-1)
	take := func(ms int64) {
		if best < 0 || ms < best {
			best = ms
		}
	}
	from, to := o.net.EdgeEnds(door.Edge)
	length, direction := int64(o.net.EdgeLengthMM(door.Edge)), o.net.EdgeDirection(door.Edge)
	if direction != walknet.Backward && nodes[to] >= 0 {
		take(o.part(length-int64(door.OffsetMM), length) + nodes[to])
	}
	if direction != walknet.Forward && nodes[from] >= 0 {
		take(o.part(int64(door.OffsetMM), length) + nodes[from])
	}
	for _, s := range sites {
		if s.Edge != door.Edge {
			continue
		}
		along := int64(s.OffsetMM) - int64(door.OffsetMM)
		if along == 0 || (along > 0 && direction != walknet.Backward) || (along < 0 && direction != walknet.Forward) {
			take(o.part(max(along, -along), length) + o.cost(int64(s.AccessMM)))
		}
	}
	if best < 0 {
		return -1
	}
	return best + o.cost(int64(door.AccessMM))
}

// times answers one question for every point: the milliseconds, or -1 beyond the limit.
func (o *walkOracle) times(s *coveragelive.State, base divisions.Base, sites []walknet.Snap, limit walknet.Milliseconds) []int64 {
	nodes := o.toSites(sites)
	d := s.Demand[base]
	out := make([]int64, len(d.Snaps))
	for i, door := range d.Snaps {
		out[i] = -1
		if !door.OK() {
			continue
		}
		if ms := o.fromDoor(door, nodes, sites); ms >= 0 && ms <= int64(limit) {
			out[i] = ms
		}
	}
	return out
}
