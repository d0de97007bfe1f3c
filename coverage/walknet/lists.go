package walknet

import (
	"slices"
	"sync"
	"sync/atomic"
)

// Lists are rows of walks: per site the places from which it is within the limit, or,
// turned round, per place the sites. They hold 8 bytes a walk, are read-only and safe
// for any number of readers.
type Lists struct {
	start []int // per row and one more
	other []int32
	time  []Milliseconds
}

// Rows is the number of rows.
func (l *Lists) Rows() int { return len(l.start) - 1 }

// Walks is the number of walks in all rows.
func (l *Lists) Walks() int { return len(l.other) }

// Of is a row: the other ends of its walks and, in step with them, their times with
// both off-street legs. It must not be written to.
func (l *Lists) Of(row int) ([]int32, []Milliseconds) {
	from, to := l.start[row], l.start[row+1]
	return l.other[from:to:to], l.time[from:to:to]
}

// Turned gives the walks by their other ends, of which there are so many: of rows by
// site, rows by place. Each row goes by time and, where times are equal, by index, so
// that its first k entries are the k nearest. O(walks × log of the longest row).
func (l *Lists) Turned(others int) *Lists {
	t := &Lists{start: make([]int, others+1), other: make([]int32, len(l.other)), time: make([]Milliseconds, len(l.time))}
	for _, o := range l.other {
		t.start[o+1]++
	}
	for o := range others {
		t.start[o+1] += t.start[o]
	}
	next := slices.Clone(t.start)
	for row := range l.Rows() {
		for i := l.start[row]; i < l.start[row+1]; i++ {
			k := next[l.other[i]]
			next[l.other[i]]++
			t.other[k], t.time[k] = int32(row), l.time[i]
		}
	}
	var packed []uint64
	for o := range others {
		packed = t.sort(t.start[o], t.start[o+1], packed[:0])
	}
	return t
}

// sort orders a row by time and then by index.
func (l *Lists) sort(from, to int, packed []uint64) []uint64 {
	if to-from < 2 {
		return packed
	}
	for i := from; i < to; i++ {
		packed = append(packed, pack(int64(l.time[i]), l.other[i]))
	}
	slices.Sort(packed)
	for i, p := range packed {
		l.time[from+i], l.other[from+i] = Milliseconds(p>>32), int32(uint32(p))
	}
	return packed
}

// Lister lists the places within reach of one site after another and keeps its memory:
// once it is warm it allocates nothing. It is for one goroutine.
type Lister struct {
	places *Places
	search *Searcher
	at     []int32
	time   []Milliseconds
}

// NewLister gives a lister of these places.
func (p *Places) NewLister() *Lister { return &Lister{places: p, search: p.net.NewSearcher()} }

// Lister borrows a warm lister for the time of do.
func (p *Places) Lister(do func(*Lister)) {
	l := &Lister{places: p, search: p.net.borrow()}
	defer p.net.giveBackSearcher(l.search)
	do(l)
}

// Within gives the places from which the site is within the limit, inclusive, and, in
// step, the times: what Reach and At would say of each. The order is the same for the
// same search. Both slices are good until the next call. O(k log k + places) in the
// nodes reached and the places on their edges.
func (l *Lister) Within(site Snap, limit Milliseconds, speed Speed) ([]int32, []Milliseconds) {
	l.at, l.time = l.at[:0], l.time[:0]
	if r, ok := l.places.net.reachOf(site, limit, speed); ok {
		l.search.run(&r)
		l.gather(&r)
		l.search.clear()
	}
	return l.at, l.time
}

// gather lists the places on every edge at a node that was reached.
func (l *Lister) gather(r *Reach) {
	l.edge(r, r.site.Edge)
	for _, v := range l.search.touched {
		if r.net.patched(v) {
			arcs := r.net.patch.in[v]
			for k, a := range arcs {
				if a.edge >= 0 && a.edge != r.site.Edge && l.first(a.edge, v) && !r.net.hadLoop(arcs[:k], a.edge) {
					l.edge(r, a.edge)
				}
			}
			continue
		}
		in := r.gait.in
		edges := in.edge[in.start[v]:in.start[v+1]]
		for k, e := range edges {
			if e == r.site.Edge || !l.occupied(e) || !l.first(e, v) {
				continue
			}
			if !r.net.isLoop(e) || !slices.Contains(edges[:k], e) {
				l.edge(r, e)
			}
		}
	}
}

// occupied says whether there may be places on an edge.
func (l *Lister) occupied(e int32) bool {
	p := l.places
	return p.moved != nil || p.start[e] != p.start[e+1]
}

// first says whether v is the end of e at which e is looked at: its end if that was
// reached and one may walk there, else its start.
func (l *Lister) first(e, v int32) bool {
	n := l.places.net
	from, to := n.EdgeEnds(e)
	if n.EdgeDirection(e) == Both && from != to && v == from {
		return l.search.dist[to] == far
	}
	return true
}

// edge lists the places on one edge.
func (l *Lister) edge(r *Reach, e int32) {
	use := r.gait.edgeUse(e)
	viaFrom, viaTo := int64(-1), int64(-1)
	if d := l.search.dist[use.from]; d != far && use.back >= 0 {
		viaFrom = int64(d)
	}
	if d := l.search.dist[use.to]; d != far && use.ahead >= 0 {
		viaTo = int64(d)
	}
	l.places.on(e, func(p placed) {
		best := int64(-1)
		if viaFrom >= 0 {
			best = sooner(best, viaFrom, share(use.back, p.offset, use.length))
		}
		if viaTo >= 0 {
			best = sooner(best, viaTo, share(use.ahead, use.length-p.offset, use.length))
		}
		if e == r.site.Edge {
			best = sooner(best, use.along(p.offset, r.site.OffsetMM), r.access)
		}
		if best < 0 {
			return
		}
		if best += r.gait.foot.cost(p.access); best <= int64(r.limit) {
			l.at, l.time = append(l.at, p.place), append(l.time, Milliseconds(best))
		}
	})
}

// Lists lists the places within reach of every site, in the order of the sites, by so
// many workers (at least one). The result does not depend on their number. Sites are
// taken in blocks of neighbours, so that a worker finds their streets in its cache.
func (p *Places) Lists(sites []Snap, limit Milliseconds, speed Speed, workers int) *Lists {
	order := p.net.byPlace(sites)
	rows := make([]Lists, (len(order)+batchBlock-1)/batchBlock) // per block, in the order of order
	var next atomic.Int64
	work := func() {
		p.Lister(func(l *Lister) {
			for {
				b := int(next.Add(1)) - 1
				if b >= len(rows) {
					return
				}
				rows[b] = l.block(order[b*batchBlock:min((b+1)*batchBlock, len(order))], sites, limit, speed)
			}
		})
	}
	var wg sync.WaitGroup
	for range max(workers, 1) - 1 {
		wg.Go(work)
	}
	work()
	wg.Wait()
	return joined(rows, order)
}

// block lists some sites one after another.
func (l *Lister) block(order []int, sites []Snap, limit Milliseconds, speed Speed) Lists {
	out := Lists{start: make([]int, 1, len(order)+1)}
	for _, i := range order {
		at, time := l.Within(sites[i], limit, speed)
		out.other, out.time = append(out.other, at...), append(out.time, time...)
		out.start = append(out.start, len(out.other))
	}
	return out
}

// joined puts the rows of blocks into the order of the sites.
func joined(blocks []Lists, order []int) *Lists {
	out := &Lists{start: make([]int, len(order)+1)}
	for k, i := range order {
		b := &blocks[k/batchBlock]
		out.start[i+1] = b.start[k%batchBlock+1] - b.start[k%batchBlock]
	}
	for i := range order {
		out.start[i+1] += out.start[i]
	}
	walks := out.start[len(order)]
	out.other, out.time = make([]int32, walks), make([]Milliseconds, walks)
	for k, i := range order {
		at, time := blocks[k/batchBlock].Of(k % batchBlock)
		copy(out.other[out.start[i]:], at)
		copy(out.time[out.start[i]:], time)
	}
	return out
}

// ListsOf makes lists of rows that are known without walking: their times are 0.
func ListsOf(rows [][]int32) *Lists {
	l := &Lists{start: make([]int, 1, len(rows)+1)}
	for _, row := range rows {
		l.other = append(l.other, row...)
		l.start = append(l.start, len(l.other))
	}
	l.time = make([]Milliseconds, len(l.other))
	return l
}
