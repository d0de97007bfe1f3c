package walknet

import "github.com/paulmach/orb"

// draft is a network in the making: ways cut into pieces between draft nodes.
type draft struct {
	ways    []*Way
	points  []orb.Point // per draft node
	blocked []bool      // per draft node: nobody passes
	pieces  []piece

	gateNode []int32 // per barrier, the draft node where it stands; -1 for none
	posts    []draftPost
}

// piece is an edge before numbering.
type piece struct {
	way      int32
	from, to int32 // draft nodes
	line     []orb.Point
	alongMM  []int32

	rise, fall       int32 // mm up and down along the line
	postFrom, postTo int32 // the posts that its ends are at; -1 for none
}

func (d *draft) node(p orb.Point) int32 {
	d.points = append(d.points, p)
	d.blocked = append(d.blocked, false)
	return int32(len(d.points) - 1)
}

// addTopological cuts the ways that carry node ids at their ends, where ids meet
// and at barriers.
func (d *draft) addTopological(barriers []Barrier, matched []bool) {
	uses := d.countUses()
	for i, b := range barriers {
		if b.NodeID != 0 && uses[b.NodeID] > 0 {
			uses[b.NodeID] += 2
			matched[i] = true
		}
	}
	nodes := make(map[int64]int32, len(uses)/4)
	at := func(id int64, p orb.Point) int32 {
		v, ok := nodes[id]
		if !ok {
			v = d.node(p)
			nodes[id] = v
		}
		return v
	}
	for w, way := range d.ways {
		if way.NodeIDs == nil {
			continue
		}
		start := 0
		for i := 1; i < len(way.Line); i++ {
			if uses[way.NodeIDs[i]] < 2 {
				continue
			}
			rise, fall := way.climb(start, 0, i, 0)
			d.pieces = append(d.pieces, piece{
				rise: rise, fall: fall,
				way:  int32(w),
				from: at(way.NodeIDs[start], way.Line[start]),
				to:   at(way.NodeIDs[i], way.Line[i]),
				line: way.Line[start : i+1],
			})
			start = i
		}
	}
	for i, b := range barriers {
		if v, ok := nodes[b.NodeID]; ok && b.NodeID != 0 {
			d.gateNode[i] = v
			d.blocked[v] = d.blocked[v] || !b.Passable
		}
	}
}

// countUses counts how often each node id is visited; an end of a way counts
// twice, so that 2 means: cut here.
func (d *draft) countUses() map[int64]int32 {
	uses := make(map[int64]int32)
	for _, way := range d.ways {
		for i, id := range way.NodeIDs {
			if i > 0 && way.NodeIDs[i-1] == id {
				continue // the same vertex written twice is one visit
			}
			uses[id]++
		}
		if k := len(way.NodeIDs); k > 0 {
			uses[way.NodeIDs[0]]++
			uses[way.NodeIDs[k-1]]++
		}
	}
	return uses
}

// cutAtBarriers gives every edge end at a blocked node a node of its own.
func (d *draft) cutAtBarriers() {
	for i := range d.pieces {
		p := &d.pieces[i]
		if d.blocked[p.from] {
			p.from = d.node(d.points[p.from])
		}
		if d.blocked[p.to] {
			p.to = d.node(d.points[p.to])
		}
	}
}
