package walknet

import (
	"errors"
	"fmt"
	"slices"

	"github.com/paulmach/orb"
)

// Edit is one change to a network, as somebody thinks of it.
type Edit struct {
	Kind EditKind
	Edge int32  // CloseEdge: the edge, by the number that it has in the network edited or had before earlier steps
	ID   string // CloseWay, OpenGate, ShutGate: the SourceID of the way or barrier
	Path Path   // AddPath
}

// EditKind is what an edit does.
type EditKind uint8

// The edits. Closing what is closed, opening a gate that is open and shutting one that
// is shut change nothing.
const (
	AddPath   EditKind = iota // a path or footbridge from street to street
	CloseEdge                 // one edge
	CloseWay                  // every edge of a way
	OpenGate                  // a barrier is passed from now on
	ShutGate                  // and now no more
)

// Path is a new path. Its first and last point are joined to the nearest street within
// JoinM, which is cut there, or to that street's end where the path meets it there: beside
// a gate that is shut, on the side of that street. Between its ends the path meets nothing,
// as a bridge does. Of Class "steps" it is stairs.
type Path struct {
	ID, Name  string
	Class     string // as Way.Class; "" is "footway"
	Direction Direction
	Line      orb.LineString // lon/lat WGS 84, at least two points
	JoinM     float64        // metres; 0 means 30
}

const defaultPathJoinM = 30.0

// Errors of an edit.
var (
	ErrNoEdge     = errors.New("the network has no edge of this number")
	ErrNoWay      = errors.New("the network has no way of this id")
	ErrNoGate     = errors.New("the network has no barrier of this id")
	ErrLoosePath  = errors.New("an end of the path is too far from any street")
	ErrNoPath     = errors.New("the path has no length, or a place that is no longitude and latitude")
	ErrNoEditKind = errors.New("an edit of an unknown kind")
)

// EditError says which edit cannot be made.
type EditError struct {
	Step int // index into the edits
	Err  error
}

// Error names the edit by its place, from 1 on.
func (e *EditError) Error() string { return fmt.Sprintf("step %d of the network: %v", e.Step+1, e.Err) }

// Unwrap gives the reason.
func (e *EditError) Unwrap() error { return e.Err }

// Edit gives the network after some edits, in order. It is what Build would make of the
// edited ways and barriers, but shares the arrays of n, which does not change: an edge
// that an edit touched is no more, and what stands in its stead has a number after all
// others, as have added nodes. So places snapped before stay where they are unless
// Resnap says otherwise. Everything that a Network can do, the edited one can, Edit
// included. Where places are equally near two edges, the older edge is taken, so that a
// place may lie on another edge of the same corner than after a Build; and what a line
// without length made one stays one when that line's way, or a gate on it, is closed.
//
// Errors are an *EditError. O(edits + nodes / 64), for CloseWay O(edges).
func (n *Network) Edit(edits ...Edit) (*Network, error) {
	if len(edits) == 0 {
		return n, nil
	}
	b := newPatcher(n)
	for i, e := range edits {
		if err := b.apply(e); err != nil {
			return nil, &EditError{i, err}
		}
	}
	return b.finish(edits), nil
}

// Parent is the network that Edit was asked of; nil for one that was built.
func (n *Network) Parent() *Network { return n.parent }

// Usable says whether an edge is still there.
func (n *Network) Usable(e int32) bool {
	return e >= 0 && (n.patch == nil || !n.patch.gone.has(e))
}

func (b *patcher) apply(e Edit) error {
	switch e.Kind {
	case CloseEdge:
		if e.Edge < 0 || int(e.Edge) >= b.net.Edges() {
			return fmt.Errorf("%w: %d", ErrNoEdge, e.Edge)
		}
		b.close(e.Edge)
		return nil
	case CloseWay:
		return b.closeWay(e.ID)
	case OpenGate, ShutGate:
		return b.setGate(e.ID, e.Kind == OpenGate)
	case AddPath:
		return b.addPath(e.Path)
	}
	return fmt.Errorf("%w: %d", ErrNoEditKind, e.Kind)
}

func (b *patcher) closeWay(id string) error {
	found := false
	n := b.net
	for e := range int32(n.Edges()) {
		if source, _, _ := n.EdgeWay(e); source == id {
			found = true
			b.close(e)
		}
	}
	if !found {
		return fmt.Errorf("%w: %q", ErrNoWay, id)
	}
	return nil
}

// close takes an edge away, or what stands in its stead.
func (b *patcher) close(e int32) {
	if pieces, ok := b.patch.pieces[e]; ok {
		for _, p := range pieces {
			b.close(p)
		}
		return
	}
	b.replace(e)
}

// setGate opens or shuts a barrier and then, if that decides it, its post.
func (b *patcher) setGate(id string, open bool) error {
	found := false
	n := b.net
	for i, g := range n.gates {
		if g.SourceID != id {
			continue
		}
		found = true
		b.override(int32(i), open)
	}
	if !found {
		return fmt.Errorf("%w: %q", ErrNoGate, id)
	}
	return nil
}

// override opens or shuts one gate.
func (b *patcher) override(gate int32, open bool) {
	post := b.net.gates[gate].post
	was := b.shut(post)
	b.patch.open[gate] = open
	if is := b.shut(post); is != was {
		b.setPost(post, is)
	}
}

// shut says whether any gate of a post is.
func (b *patcher) shut(p int32) bool {
	for _, g := range b.net.posts[p].gates {
		if !b.net.gateOpen(g) {
			return true
		}
	}
	return false
}

// setPost joins the ends at a post or parts them. Ends that the network was built with
// apart, or that were parted before, have nodes of their own already: they are joined
// by arcs that cost nothing, and parted by leaving these out.
func (b *patcher) setPost(p int32, shut bool) {
	post := &b.net.posts[p]
	if !shut {
		nodes := append([]int32(nil), post.nodes...)
		for _, end := range b.ends(p) {
			if e, ok := b.endNow(end); ok {
				nodes = append(nodes, b.node(e))
			}
		}
		b.join(p, nodes)
		return
	}
	if post.shut || b.patch.parted[p] {
		b.join(p, nil)
		return
	}
	b.patch.parted[p] = true
	for _, end := range b.ends(p) {
		if e, ok := b.endNow(end); ok {
			b.part(e)
		}
	}
}

// ends are the ends of streets at a post, of paths added later too.
func (b *patcher) ends(p int32) []edgeEnd {
	return append(slices.Clip(b.net.posts[p].ends), b.patch.ends[p]...)
}

// meetPosts notes that an end of a new path lies at open gates.
func (b *patcher) meetPosts(end edgeEnd) {
	node := b.node(end)
	for i := range b.net.posts {
		p := int32(i)
		if b.shut(p) {
			continue // the path ends on one side of them
		}
		if slices.ContainsFunc(b.ends(p), func(o edgeEnd) bool {
			now, ok := b.endNow(o)
			return ok && b.node(now) == node
		}) {
			b.patch.ends[p] = append(slices.Clip(b.patch.ends[p]), end)
		}
	}
}

// endNow is the end that stands in for one that the network was built with; false
// where its street was closed.
func (b *patcher) endNow(end edgeEnd) (edgeEnd, bool) {
	for {
		pieces, ok := b.patch.pieces[end.edge]
		switch {
		case !ok:
			return end, true
		case len(pieces) == 0:
			return end, false
		case end.start:
			end.edge = pieces[0]
		default:
			end.edge = pieces[len(pieces)-1]
		}
	}
}

func (b *patcher) node(end edgeEnd) int32 {
	from, to := b.net.EdgeEnds(end.edge)
	if end.start {
		return from
	}
	return to
}

// part gives an end of an edge a node of its own.
func (b *patcher) part(end edgeEnd) {
	e := b.net.addedCopy(end.edge)
	own := b.addNode(b.net.NodePoint(b.node(end)))
	if end.start {
		e.from = own
	} else {
		e.to = own
	}
	b.replace(end.edge, e)
}

// addPath joins a path's ends to the streets and adds it.
func (b *patcher) addPath(p Path) error {
	if len(p.Line) < 2 {
		return ErrNoPath
	}
	for _, q := range p.Line {
		if !validPoint(q) {
			return ErrNoPath
		}
	}
	join := p.JoinM
	if !(join > 0) {
		join = defaultPathJoinM
	}
	first, last := p.Line[0], p.Line[len(p.Line)-1]
	from, to := b.net.Snap(first, join), b.net.Snap(last, join)
	if !from.OK() || !to.OK() {
		return ErrLoosePath
	}
	start := b.cut(from)
	if from.Edge == to.Edge { // which the first cut may have cut in two
		at := to.Point
		to = b.net.Snap(at, join)
		to.Point = at // to the last bit
	}
	end := b.cut(to)
	line := append([]orb.Point{b.net.NodePoint(start)}, p.Line...)
	line = append(line, b.net.NodePoint(end))
	e, ok := newEdge(start, end, line)
	if !ok {
		return ErrNoPath
	}
	class := p.Class
	if class == "" {
		class = "footway"
	}
	e.dir, e.way, e.comp, e.path = p.Direction, wayInfo{sourceID: p.ID, name: p.Name, class: class, mm: int64(e.lengthMM)}, b.net.Component(from.Edge), true
	number := b.add(e)
	b.meetPosts(edgeEnd{number, true})
	b.meetPosts(edgeEnd{number, false})
	return nil
}

// cut makes a node of a place on an edge, cutting the edge there unless the place is at
// one of its ends, and returns it.
func (b *patcher) cut(s Snap) int32 {
	n := b.net
	from, to := n.EdgeEnds(s.Edge)
	whole := n.addedCopy(s.Edge)
	head, tail := n.linesAt(s)
	node := int32(n.Nodes())
	first, ok := newEdge(from, node, head)
	if !ok {
		return from
	}
	second, ok := newEdge(node, to, tail)
	if !ok {
		return to
	}
	b.addNode(s.Point)
	first.inherit(&whole)
	second.inherit(&whole)
	b.replace(s.Edge, first, second)
	return node
}
