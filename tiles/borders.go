package tiles

// borders finds where the rings of a layer meet, so that a border shared by two
// polygons is simplified once for both and no gap opens between them.
//
// A vertex is a node when the rings through it do not all have the same two
// neighbours there. Rings are cut at nodes into arcs; an arc is ranked the same way
// from both sides. Neighbours that draw the same border with different vertices do
// not share it, and are simplified each alone.
type borders struct {
	ends map[pt][2]pt
	node map[pt]bool
}

func newBorders() *borders {
	return &borders{ends: map[pt][2]pt{}, node: map[pt]bool{}}
}

// add notes the neighbours of every vertex of a ring that is not closed.
func (b *borders) add(ring []pt) {
	n := len(ring)
	for i, p := range ring {
		lo, hi := ring[(i+n-1)%n], ring[(i+1)%n]
		if ptLess(hi, lo) {
			lo, hi = hi, lo
		}
		have, ok := b.ends[p]
		switch {
		case !ok:
			b.ends[p] = [2]pt{lo, hi}
		case have != [2]pt{lo, hi}:
			b.node[p] = true
		}
	}
}

// rank gives each vertex of a ring the first zoom that shows it; nodes always.
func (b *borders) rank(ring []pt, rank []uint8) {
	first := -1
	for i, p := range ring {
		if b.node[p] {
			first = i
			break
		}
	}
	if first < 0 {
		rankRing(ring, rank)
		return
	}
	n := len(ring)
	arc := []pt{ring[first]}
	from := first
	for i := 1; i <= n; i++ {
		p := ring[(first+i)%n]
		arc = append(arc, p)
		if !b.node[p] && i < n {
			continue
		}
		b.rankBetween(arc, rank, from)
		arc = append(arc[:0], p)
		from = first + i
	}
}

// rankBetween ranks one arc from node to node and writes it back at ring place from.
func (b *borders) rankBetween(arc []pt, rank []uint8, from int) {
	ranks := make([]uint8, len(arc))
	if len(arc) > 3 && arc[0] == arc[len(arc)-1] {
		// The arc is a whole loop: without a second fixed vertex it would vanish.
		rankRing(arc[:len(arc)-1], ranks[:len(arc)-1])
		ranks[0] = always
	} else {
		rankArc(arc, ranks)
	}
	for i := range len(arc) - 1 {
		rank[(from+i)%len(rank)] = ranks[i]
	}
}
