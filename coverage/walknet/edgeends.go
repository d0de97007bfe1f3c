package walknet

// leaving are the ways off an edge for somebody standing on it, or the ways onto
// it for somebody who wants to get there: the time to each end, or -1 where the
// edge's direction forbids it.
type leaving struct {
	from, to         int32 // nodes
	viaFrom, viaTo   int64 // milliseconds
	cost, length     int64
	forward, reverse bool
}

// departures is how a walker at offset mm of edge e gets to its ends.
func (n *Network) departures(e, offset int32, p pace) leaving {
	l := n.edgeUse(e, p)
	if l.reverse {
		l.viaFrom = share(l.cost, offset, n.lengthMM[e])
	}
	if l.forward {
		l.viaTo = share(l.cost, n.lengthMM[e]-offset, n.lengthMM[e])
	}
	return l
}

// arrivals is how a walker at the ends of edge e gets to offset mm of it.
func (n *Network) arrivals(e, offset int32, p pace) leaving {
	l := n.edgeUse(e, p)
	if l.forward {
		l.viaFrom = share(l.cost, offset, n.lengthMM[e])
	}
	if l.reverse {
		l.viaTo = share(l.cost, n.lengthMM[e]-offset, n.lengthMM[e])
	}
	return l
}

func (n *Network) edgeUse(e int32, p pace) leaving {
	return leaving{
		from: n.from[e], to: n.to[e], viaFrom: -1, viaTo: -1,
		cost: p.cost(n.lengthMM[e]), length: int64(n.lengthMM[e]),
		forward: n.dir[e] != Backward, reverse: n.dir[e] != Forward,
	}
}

// along is the time of a trip from one offset to another of the same edge without
// leaving it; -1 where its direction forbids it.
func (l leaving) along(from, to int32) int64 {
	switch {
	case from == to:
		return 0
	case from < to && l.forward:
		return share(l.cost, to-from, int32(l.length))
	case from > to && l.reverse:
		return share(l.cost, from-to, int32(l.length))
	}
	return -1
}
