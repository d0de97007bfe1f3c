package walknet

import (
	"container/heap"
	"slices"

	"github.com/paulmach/orb"
)

// Door is a place that somebody walks from or to: where it is, and where that is on the
// network.
type Door struct {
	Point orb.Point // lon/lat WGS 84
	Snap  Snap
}

// Route is one walk from door to door, of the shortest time. The times and lengths of its
// stretches add up to its own, exactly.
type Route struct {
	Time      Milliseconds
	LengthMM  int64
	Stretches []Stretch // in walking order
}

// Stretch is a part of a route that is walked in one way: along one street, over one
// crossing, up one flight of stairs. Edges that follow one another on a street are one.
type Stretch struct {
	Kind     StretchKind
	Name     string   // of the street; "" where it has none
	Class    string   // of the way in its source; "" off the street
	Ways     []string // ids in the source of the ways walked on, in walking order
	LengthMM int64
	Time     Milliseconds
	Wait     Milliseconds   // how much of Time one waits; rounded down where only a part of an edge is walked
	RiseMM   int64          // how far it goes up in walking direction, where heights are known
	FallMM   int64          // and down
	Gate     Gate           // of ThroughGate
	Line     orb.LineString // lon/lat WGS 84, at least two points; of ThroughGate the gate's place
}

// StretchKind is the way in which a stretch is walked.
type StretchKind uint8

// The kinds of stretches.
const (
	OffStreet   StretchKind = iota // between a door and the nearest path, as the crow flies
	OnStreet                       // along any way that is none of the following
	OnStairs                       // along a way of Class "steps"
	OnCrossing                     // over a carriageway
	ThroughGate                    // past a barrier that is open; takes no time
)

// Route finds the walk from one door to another that Reach and Nearest count: its time
// is to the millisecond what Reach.At says. Of equally fast ways it always gives the same
// one. It is false where there is none within the limit, inclusive, where a door is on no
// edge, and for a speed that is not positive. With slopes or one-way streets the walk
// back is another. O(k log k) in the k nodes that are nearer to the destination.
func (n *Network) Route(from, to Door, limit Milliseconds, speed Speed) (Route, bool) {
	if !from.Snap.OK() || !to.Snap.OK() || speed <= 0 {
		return Route{}, false
	}
	r := router{
		net: n, gait: n.gait(speed), from: from, to: to, bound: int64(limit),
		times: map[int32]int64{}, next: map[int32]routePiece{},
	}
	first, ok := r.search()
	if !ok {
		return Route{}, false
	}
	return r.route(r.follow(first)), true
}

// router looks for one way, against the walking direction, so that every node knows the
// way on from it.
type router struct {
	net      *Network
	gait     gait
	from, to Door
	bound    int64 // ms from door to door that are not to be exceeded

	times map[int32]int64      // ms from a node to the door
	next  map[int32]routePiece // the way on from it
	queue routeQueue
}

// routePiece is an edge, or a part of one, in walking direction. Of an edge that a gate
// opened is, the edge is -1.
type routePiece struct {
	edge       int32
	start, end int32 // mm from the edge's start
	ms         int64
	node       int32 // that it leads to; -1 for the destination itself
}

func (r *router) search() (first routePiece, ok bool) {
	start, end := r.from.Snap, r.to.Snap
	access := r.gait.foot.cost(start.AccessMM)
	r.bound -= access
	leave, arrive := r.gait.departures(start.Edge, start.OffsetMM), r.gait.arrivals(end.Edge, end.OffsetMM)
	door := r.gait.foot.cost(end.AccessMM)
	meet := func(p routePiece, onwards int64) {
		if ms := p.ms + onwards; p.ms >= 0 && (ms < r.bound || (ms == r.bound && !ok)) {
			first, ok, r.bound = p, true, ms
		}
	}
	if start.Edge == end.Edge {
		meet(routePiece{start.Edge, start.OffsetMM, end.OffsetMM, leave.along(start.OffsetMM, end.OffsetMM), -1}, door)
	}
	if arrive.viaFrom >= 0 {
		r.offer(arrive.from, door, routePiece{end.Edge, 0, end.OffsetMM, arrive.viaFrom, -1})
	}
	if arrive.viaTo >= 0 {
		r.offer(arrive.to, door, routePiece{end.Edge, arrive.length, end.OffsetMM, arrive.viaTo, -1})
	}
	for len(r.queue) > 0 {
		at, _ := heap.Pop(&r.queue).(routeEntry)
		if at.ms > r.bound {
			break
		}
		if r.times[at.node] != at.ms {
			continue // a better time came later
		}
		if at.node == leave.from {
			meet(routePiece{start.Edge, start.OffsetMM, 0, leave.viaFrom, at.node}, at.ms)
		}
		if at.node == leave.to {
			meet(routePiece{start.Edge, start.OffsetMM, leave.length, leave.viaTo, at.node}, at.ms)
		}
		r.spread(at)
	}
	return first, ok
}

// spread offers the way through a node to those that one comes from.
func (r *router) spread(at routeEntry) {
	n := r.net
	if n.patched(at.node) {
		for _, a := range n.patch.in[at.node] {
			if a.edge < 0 {
				r.offer(a.node, at.ms, routePiece{edge: -1, node: at.node})
				continue
			}
			r.offer(a.node, at.ms, r.whole(a.edge, a.ahead, at.node))
		}
		return
	}
	for i := n.in.start[at.node]; i < n.in.start[at.node+1]; i++ {
		e := n.in.edge[i]
		r.offer(n.in.arcs[i].node, at.ms, r.whole(e, n.to[e] == at.node, at.node))
	}
}

func (r *router) whole(e int32, ahead bool, node int32) routePiece {
	p := routePiece{edge: e, end: r.net.EdgeLengthMM(e), ms: r.gait.edge(e, ahead), node: node}
	if !ahead {
		p.start, p.end = p.end, p.start
	}
	return p
}

// offer lowers a node's time.
func (r *router) offer(node int32, onwards int64, by routePiece) {
	ms := onwards + by.ms
	if old, known := r.times[node]; ms > r.bound || (known && old <= ms) {
		return
	}
	r.times[node], r.next[node] = ms, by
	heap.Push(&r.queue, routeEntry{ms, node})
}

// follow lists the pieces from the first to the destination.
func (r *router) follow(first routePiece) []routePiece {
	pieces := []routePiece{first}
	for v := first.node; v >= 0; {
		p := r.next[v]
		pieces = append(pieces, p)
		v = p.node
	}
	return pieces
}

// route makes stretches of pieces.
func (r *router) route(pieces []routePiece) Route {
	var out Route
	out.leg(r.gait.foot.cost(r.from.Snap.AccessMM), r.from.Snap.AccessMM, r.from.Point, r.from.Snap.Point)
	gates := r.net.gatesByNode()
	passed := int32(-1) // the post passed last
	for i, p := range pieces {
		line := r.line(p)
		if i == 0 {
			line[0] = r.from.Snap.Point
		}
		if i == len(pieces)-1 {
			line[len(line)-1] = r.to.Snap.Point
		}
		if p.edge >= 0 && p.start != p.end {
			out.add(r.stretch(p, line))
		}
		if post, ok := gates[p.node]; ok && post != passed {
			out.through(r.net, post)
			passed = post
		} else if !ok {
			passed = -1
		}
	}
	out.leg(r.gait.foot.cost(r.to.Snap.AccessMM), r.to.Snap.AccessMM, r.to.Snap.Point, r.to.Point)
	return out
}

// line is the way along a piece.
func (r *router) line(p routePiece) orb.LineString {
	if p.edge < 0 {
		at := r.net.NodePoint(p.node)
		return orb.LineString{at, at}
	}
	low, high := min(p.start, p.end), max(p.start, p.end)
	verts, along := r.net.lineAlong(p.edge)
	line := orb.LineString{pointAlong(verts, along, low)}
	for i, mm := range along {
		if mm > low && mm < high {
			line = append(line, verts[i])
		}
	}
	line = append(line, pointAlong(verts, along, high))
	if p.start > p.end {
		slices.Reverse(line)
	}
	return line
}

// pointAlong is the place so many millimetres along a line.
func pointAlong(verts []orb.Point, along []int32, mm int32) orb.Point {
	i, exact := slices.BinarySearch(along, mm)
	switch {
	case exact || i == 0:
		return verts[i]
	case i == len(along):
		return verts[i-1]
	}
	t := float64(mm-along[i-1]) / float64(along[i]-along[i-1])
	a, b := verts[i-1], verts[i]
	return orb.Point{a[0] + t*(b[0]-a[0]), a[1] + t*(b[1]-a[1])}
}

func (r *router) stretch(p routePiece, line orb.LineString) Stretch {
	n := r.net
	id, name, class := n.EdgeWay(p.edge)
	whole, part := int64(n.EdgeLengthMM(p.edge)), int64(max(p.start, p.end)-min(p.start, p.end))
	t := n.traits(p.edge)
	s := Stretch{
		Kind: OnStreet, Name: name, Class: class, Ways: []string{id}, LengthMM: part, Time: Milliseconds(p.ms), Line: line,
		RiseMM: int64(t.rise) * part / whole, FallMM: int64(t.fall) * part / whole,
	}
	if p.start > p.end {
		s.RiseMM, s.FallMM = s.FallMM, s.RiseMM
	}
	switch {
	case t.crossing != NoCrossing:
		s.Kind = OnCrossing
		s.Wait = Milliseconds(min(n.profile.wait(int32(whole), &t)*part/whole, p.ms))
	case t.stairs:
		s.Kind = OnStairs
	}
	return s
}

// leg adds the way between a door and its path.
func (r *Route) leg(ms int64, mm int32, from, to orb.Point) {
	if mm > 0 {
		r.add(Stretch{Kind: OffStreet, LengthMM: int64(mm), Time: Milliseconds(ms), Line: orb.LineString{from, to}})
	}
}

// through adds the gates of a post.
func (r *Route) through(n *Network, post int32) {
	for _, g := range n.posts[post].gates {
		gate := n.gates[g].Gate
		gate.Open = true
		r.add(Stretch{Kind: ThroughGate, Gate: gate, Line: orb.LineString{gate.Point, gate.Point}})
	}
}

// add adds a stretch, to the last one where it goes on in the same way.
func (r *Route) add(s Stretch) {
	r.Time += s.Time
	r.LengthMM += s.LengthMM
	if k := len(r.Stretches) - 1; k >= 0 && r.Stretches[k].goesOn(&s) {
		last := &r.Stretches[k]
		last.LengthMM += s.LengthMM
		last.Time += s.Time
		last.Wait += s.Wait
		last.RiseMM += s.RiseMM
		last.FallMM += s.FallMM
		last.Line = append(last.Line, s.Line[1:]...)
		if s.Ways[0] != last.Ways[len(last.Ways)-1] {
			last.Ways = append(last.Ways, s.Ways[0])
		}
		return
	}
	r.Stretches = append(r.Stretches, s)
}

// goesOn says whether another stretch is the same street.
func (s *Stretch) goesOn(o *Stretch) bool {
	return s.Kind != OffStreet && s.Kind != ThroughGate && s.Kind == o.Kind && s.Name == o.Name && s.Class == o.Class
}

// gatesByNode says at which nodes one passes an open post.
func (n *Network) gatesByNode() map[int32]int32 {
	at := make(map[int32]int32)
	for i := range n.posts {
		p := int32(i)
		if slices.ContainsFunc(n.posts[p].gates, func(g int32) bool { return !n.gateOpen(g) }) {
			continue // the streets that end there do so on one side of it
		}
		for _, v := range n.posts[p].nodes {
			at[v] = p
		}
		ends := n.posts[p].ends
		if n.patch != nil {
			for _, v := range n.patch.joined[p] {
				at[v] = p
			}
			ends = slices.Concat(ends, n.patch.ends[p])
		}
		for _, end := range ends {
			if v, ok := n.endNode(end); ok {
				at[v] = p
			}
		}
	}
	return at
}

// endNode is the node at which an end of a street lies now; false where the street was
// closed.
func (n *Network) endNode(end edgeEnd) (int32, bool) {
	for n.patch != nil {
		pieces, replaced := n.patch.pieces[end.edge]
		if !replaced {
			break
		}
		if len(pieces) == 0 {
			return 0, false
		}
		end.edge = pieces[0]
		if !end.start {
			end.edge = pieces[len(pieces)-1]
		}
	}
	from, to := n.EdgeEnds(end.edge)
	if end.start {
		return from, true
	}
	return to, true
}

// routeEntry is a node and its time when it was queued.
type routeEntry struct {
	ms   int64
	node int32
}

// routeQueue is a heap of entries, the least time first and of equal ones the lowest node.
type routeQueue []routeEntry

// Len, Less, Swap, Push and Pop are heap.Interface.
func (q routeQueue) Len() int { return len(q) }

// Less orders by time and node.
func (q routeQueue) Less(i, j int) bool {
	return q[i].ms < q[j].ms || (q[i].ms == q[j].ms && q[i].node < q[j].node)
}

// Swap swaps two entries.
func (q routeQueue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }

// Push adds an entry.
func (q *routeQueue) Push(x any) {
	if e, ok := x.(routeEntry); ok {
		*q = append(*q, e)
	}
}

// Pop takes the last entry.
func (q *routeQueue) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}
