package walknet

import "github.com/paulmach/orb"

// Gate is a barrier on the network, passable or not.
type Gate struct {
	SourceID string // of the Barrier
	Kind     string
	Point    orb.Point
	Open     bool      // one may pass it
	Hours    []Opening // of the day; none means always
}

// Gates lists the barriers that lie on the network, by SourceID, as they are after all
// edits. A barrier may be shut although it is Open: where another at the same place is not.
func (n *Network) Gates() []Gate {
	out := make([]Gate, len(n.gates))
	for i, g := range n.gates {
		out[i] = g.Gate
		out[i].Open = n.gateOpen(int32(i))
	}
	return out
}

func (n *Network) gateOpen(i int32) bool {
	if n.patch != nil {
		if open, ok := n.patch.open[i]; ok {
			return open
		}
	}
	return n.gates[i].Open
}

// gate is a Gate and the place where it stands.
type gate struct {
	Gate
	onWheels bool
	post     int32
}

// post is a place with gates: the ends of edges that meet there if all are open. Where
// the network was built with one of them shut, each end has a node of its own.
type post struct {
	gates []int32
	ends  []edgeEnd
	nodes []int32 // what edges without length joined to it, where it was built shut
	shut  bool    // as built
}

// edgeEnd is the start or the end of an edge.
type edgeEnd struct {
	edge  int32
	start bool
}

// postsOf notes at which gate's draft node the ends of pieces lie.
func (d *draft) notePosts() {
	post := make(map[int32]int32) // by draft node
	for i, v := range d.gateNode {
		if v < 0 {
			continue
		}
		p, ok := post[v]
		if !ok {
			p = int32(len(d.posts))
			post[v] = p
			d.posts = append(d.posts, draftPost{shut: d.blocked[v]})
		}
		d.posts[p].gates = append(d.posts[p].gates, int32(i))
	}
	at := func(v int32) int32 {
		if p, ok := post[v]; ok {
			return p
		}
		return -1
	}
	for i := range d.pieces {
		p := &d.pieces[i]
		p.postFrom, p.postTo = at(p.from), at(p.to)
	}
}

// draftPost is a post before nodes and edges are numbered.
type draftPost struct {
	gates []int32 // barriers
	shut  bool
	nodes []int32 // draft nodes of pieces without length
}

// layGates keeps the barriers that lie on the network and says which ends of which
// edges, in the order of pieces, meet at them.
func (n *Network) layGates(d *draft, barriers []Barrier, pieces []piece, nodes func(int32) int32) {
	if len(d.posts) == 0 {
		return
	}
	number := make([]int32, len(barriers)) // of the gate of each barrier
	for i, b := range barriers {
		if d.gateNode[i] >= 0 {
			number[i] = int32(len(n.gates))
			n.gates = append(n.gates, gate{
				Gate:     Gate{SourceID: b.SourceID, Kind: b.Kind, Point: b.Point, Open: b.Passable, Hours: b.Hours},
				onWheels: wheelsPass(b.Kind),
			})
		}
	}
	n.posts = make([]post, len(d.posts))
	for p, from := range d.posts {
		n.posts[p].shut = from.shut
		for _, b := range from.gates {
			n.posts[p].gates = append(n.posts[p].gates, number[b])
			n.gates[number[b]].post = int32(p)
		}
		for _, v := range from.nodes {
			if at := nodes(v); at >= 0 {
				n.posts[p].nodes = append(n.posts[p].nodes, at)
			}
		}
	}
	for e, p := range pieces {
		if p.postFrom >= 0 {
			n.posts[p.postFrom].ends = append(n.posts[p.postFrom].ends, edgeEnd{int32(e), true})
		}
		if p.postTo >= 0 {
			n.posts[p.postTo].ends = append(n.posts[p.postTo].ends, edgeEnd{int32(e), false})
		}
	}
}
