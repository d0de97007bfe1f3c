package walknet

// Places are many places on one network in the order of its edges: what lists of the
// places within reach are made from. They are read-only and safe for any number of
// readers, and serve every site, limit and speed. 12 bytes a place and 4 an edge.
type Places struct {
	net    *Network
	count  int
	start  []int32 // per edge of the network as it was built, and one more, into the rows
	place  []int32 // per row, the index that the caller knows it by
	offset []int32 // per row, mm from its edge's start
	access []int32 // per row, mm off its edge

	moved *movedPlaces // nil unless some are elsewhere than in the rows
}

// movedPlaces are the places that an edit of the network moved to another edge.
type movedPlaces struct {
	gone bitset // per place: no row holds any more
	at   map[int32][]placed
}

// placed is a place on an edge.
type placed struct{ place, offset, access int32 }

// NewPlaces sorts places by edge; a place that is on no edge is kept as the index it
// has and is on no list. O(places + edges).
func (n *Network) NewPlaces(snaps []Snap) *Places {
	p := &Places{net: n, count: len(snaps), start: make([]int32, len(n.from)+1)}
	on := 0
	for _, s := range snaps {
		if s.OK() && int(s.Edge) < len(n.from) {
			p.start[s.Edge+1]++
			on++
		}
	}
	for e := range n.from {
		p.start[e+1] += p.start[e]
	}
	p.place, p.offset, p.access = make([]int32, on), make([]int32, on), make([]int32, on)
	next := append([]int32(nil), p.start...)
	var late []int32 // on edges that an edit added
	for i, s := range snaps {
		switch {
		case !s.OK():
		case int(s.Edge) >= len(n.from):
			late = append(late, int32(i))
		default:
			k := next[s.Edge]
			next[s.Edge]++
			p.place[k], p.offset[k], p.access[k] = int32(i), s.OffsetMM, s.AccessMM
		}
	}
	if len(late) == 0 {
		return p
	}
	at := make([]Snap, len(late))
	for k, i := range late {
		at[k] = snaps[i]
	}
	return p.Moved(n, late, at)
}

// Len is the number of places, on the network or not.
func (p *Places) Len() int { return p.count }

// Moved gives the same places on an edited network: those listed are where now says, in
// step, all others where they were. The places moved must be all that were on an edge
// that is no more, as Resnap lists them. The rows are shared: O(places moved + places / 64).
func (p *Places) Moved(n *Network, moved []int32, now []Snap) *Places {
	next := *p
	next.net = n
	next.moved = &movedPlaces{gone: newBitset(p.count), at: map[int32][]placed{}}
	if p.moved != nil {
		copy(next.moved.gone, p.moved.gone)
		again := newBitset(p.count)
		for _, i := range moved {
			again.set(i)
		}
		for e, on := range p.moved.at {
			for _, m := range on {
				if !again.has(m.place) {
					next.moved.at[e] = append(next.moved.at[e], m)
				}
			}
		}
	}
	for k, i := range moved {
		next.moved.gone.set(i)
		if s := now[k]; s.OK() {
			next.moved.at[s.Edge] = append(next.moved.at[s.Edge], placed{i, s.OffsetMM, s.AccessMM})
		}
	}
	return &next
}

// on calls do for every place on an edge.
func (p *Places) on(e int32, do func(placed)) {
	if int(e) < len(p.start)-1 {
		for k := p.start[e]; k < p.start[e+1]; k++ {
			if p.moved == nil || !p.moved.gone.has(p.place[k]) {
				do(placed{p.place[k], p.offset[k], p.access[k]})
			}
		}
	}
	if p.moved != nil {
		for _, m := range p.moved.at[e] {
			do(m)
		}
	}
}

// bitset is a set of small numbers.
type bitset []uint64

func newBitset(n int) bitset { return make(bitset, (n+63)/64) }

func (b bitset) set(i int32)      { b[i/64] |= 1 << (i % 64) }
func (b bitset) has(i int32) bool { return b[i/64]&(1<<(i%64)) != 0 }
