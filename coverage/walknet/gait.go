package walknet

// gait is what the arcs, edges and off-street legs of a network cost at one speed.
type gait struct {
	net    *Network
	street pace       // of the number that an arc of in and out holds
	foot   pace       // of lengths, off the street too
	in     *adjacency // arcs entering a node
	out    *adjacency // arcs leaving a node
}

func (n *Network) gait(speed Speed) gait {
	p := speed.pace()
	return gait{net: n, street: p, foot: p, in: &n.in, out: &n.out}
}

// edge is the time along the whole of an edge, in or against its line's direction.
func (g *gait) edge(e int32, _ bool) int64 {
	return g.foot.cost(g.net.EdgeLengthMM(e))
}
