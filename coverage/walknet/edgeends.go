package walknet

// leaving are the ways off an edge for somebody standing on it, or the ways onto
// it for somebody who wants to get there: the time to each end, or -1 where the
// edge's direction forbids it.
type leaving struct {
	from, to    int32 // nodes
	viaFrom     int64 // milliseconds
	viaTo       int64
	ahead, back int64 // the whole edge's time in and against its line's direction; -1 where that is forbidden
	length      int32
}

// departures is how a walker at offset mm of edge e gets to its ends.
func (g *gait) departures(e, offset int32) leaving {
	l := g.edgeUse(e)
	if l.back >= 0 {
		l.viaFrom = share(l.back, offset, l.length)
	}
	if l.ahead >= 0 {
		l.viaTo = share(l.ahead, l.length-offset, l.length)
	}
	return l
}

// arrivals is how a walker at the ends of edge e gets to offset mm of it.
func (g *gait) arrivals(e, offset int32) leaving {
	l := g.edgeUse(e)
	if l.ahead >= 0 {
		l.viaFrom = share(l.ahead, offset, l.length)
	}
	if l.back >= 0 {
		l.viaTo = share(l.back, l.length-offset, l.length)
	}
	return l
}

func (g *gait) edgeUse(e int32) leaving {
	from, to := g.net.EdgeEnds(e)
	l := leaving{from: from, to: to, viaFrom: -1, viaTo: -1, ahead: -1, back: -1, length: g.net.EdgeLengthMM(e)}
	dir := g.net.EdgeDirection(e)
	if dir != Backward {
		l.ahead = g.edge(e, true)
	}
	if dir != Forward {
		l.back = g.edge(e, false)
	}
	return l
}

// along is the time of a trip from one offset to another of the same edge without
// leaving it; -1 where its direction forbids it.
func (l *leaving) along(from, to int32) int64 {
	switch {
	case from == to:
		return 0
	case from < to && l.ahead >= 0:
		return share(l.ahead, to-from, l.length)
	case from > to && l.back >= 0:
		return share(l.back, from-to, l.length)
	}
	return -1
}
