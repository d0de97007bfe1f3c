package walknet

import "sync"

// gait is what the arcs, edges and off-street legs of a network cost at one speed.
type gait struct {
	net    *Network
	speed  Speed
	street pace       // of the number that an arc of in and out holds
	foot   pace       // of lengths, off the street too
	in     *adjacency // arcs entering a node
	out    *adjacency // arcs leaving a node
	costs  *costs     // nil for the plain profile, whose costs follow from lengths
}

// metre is the pace at which a millimetre takes a millisecond: arcs that hold times
// already cost what they hold.
const metre Speed = 1000

func (n *Network) gait(speed Speed) gait {
	g := gait{net: n, speed: speed, foot: speed.pace(), in: &n.in, out: &n.out}
	g.street = g.foot
	if n.profile != (Profile{}) {
		g.costs = n.costsOf(speed)
		g.street, g.in, g.out = metre.pace(), &g.costs.in, &g.costs.out
	}
	return g
}

// edge is the time along the whole of an edge, in or against its line's direction.
func (g *gait) edge(e int32, ahead bool) int64 {
	n := g.net
	switch {
	case g.costs == nil:
		return g.foot.cost(n.EdgeLengthMM(e))
	case int(e) >= len(n.from):
		t := n.traits(e)
		return n.profile.time(g.speed, n.EdgeLengthMM(e), &t, ahead)
	case ahead:
		return int64(g.costs.ahead[e])
	}
	return int64(g.costs.back[e])
}

// costs are the times of the edges that a network was built with, for one profile and
// speed: 8 bytes an edge and 8 an arc.
type costs struct {
	ahead, back []int32 // per edge, in and against its line's direction
	in, out     adjacency
}

// costCache keeps the costs asked for lately. A network shares it with all that edits
// make of it.
type costCache struct {
	mu   sync.Mutex
	keys []costKey // the oldest first
	made map[costKey]*costs
}

type costKey struct {
	profile Profile
	speed   Speed
}

const costsKept = 8

// costsOf gives the costs of the network's profile, made when first asked for.
func (n *Network) costsOf(speed Speed) *costs {
	c := n.costs
	c.mu.Lock()
	defer c.mu.Unlock()
	key := costKey{n.profile, speed}
	key.profile.StepFree, key.profile.Hour = false, AnyHour // which take edges away and change no times
	if made, ok := c.made[key]; ok {
		return made
	}
	if len(c.keys) == costsKept {
		delete(c.made, c.keys[0])
		c.keys = c.keys[1:]
	}
	if c.made == nil {
		c.made = make(map[costKey]*costs)
	}
	made := n.newCosts(speed)
	c.keys, c.made[key] = append(c.keys, key), made
	return made
}

func (n *Network) newCosts(speed Speed) *costs {
	c := &costs{ahead: make([]int32, len(n.from)), back: make([]int32, len(n.from))}
	for e := range int32(len(n.from)) {
		t := n.traits(e)
		c.ahead[e] = int32(n.profile.time(speed, n.lengthMM[e], &t, true))
		c.back[e] = int32(n.profile.time(speed, n.lengthMM[e], &t, false))
	}
	c.in = c.timed(n, &n.in, func(v, e int32) bool { return n.to[e] == v })
	c.out = c.timed(n, &n.out, func(v, e int32) bool { return n.from[e] == v })
	return c
}

// timed is an adjacency whose arcs hold times. isAhead says whether the arc of an edge at
// a node is walked in the direction of the edge's line.
func (c *costs) timed(n *Network, of *adjacency, isAhead func(v, e int32) bool) adjacency {
	t := adjacency{start: of.start, edge: of.edge, arcs: make([]halfArc, len(of.arcs))}
	for v := range int32(len(n.points)) {
		for i := of.start[v]; i < of.start[v+1]; i++ {
			e := of.edge[i]
			ms := c.back[e]
			if isAhead(v, e) {
				ms = c.ahead[e]
			}
			t.arcs[i] = halfArc{of.arcs[i].node, ms}
		}
	}
	return t
}
