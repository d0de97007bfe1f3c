package walknet

import (
	"cmp"
	"math"
	"slices"
)

// Labels say for every place of the network which site is nearest and how far it
// is. They are read-only and safe for any number of readers.
type Labels struct {
	net    *Network
	sites  []Snap
	limit  Milliseconds
	gait   gait
	label  []uint64 // per node: time in the high half, site in the low; none where out of reach
	onEdge []edgeSite
}

// edgeSite is a site by the edge it stands on.
type edgeSite struct{ edge, site int32 }

const none = math.MaxUint64

func pack(time int64, site int32) uint64 { return uint64(time)<<32 | uint64(uint32(site)) }

// Nearest finds for every node the nearest of the sites within the limit,
// inclusive, walking from the node to the site; of equally near sites that with
// the lowest index. Sites off the network serve nobody. One search for all sites:
// O(k log k) in the nodes reached.
func (n *Network) Nearest(sites []Snap, limit Milliseconds, speed Speed) *Labels {
	l := &Labels{net: n, sites: sites, limit: limit}
	if speed <= 0 || limit < 0 {
		return l
	}
	l.gait = n.gait(speed)
	l.label = make([]uint64, n.Nodes())
	for i := range l.label {
		l.label[i] = none
	}
	l.search()
	return l
}

func (l *Labels) search() {
	var q queue[uint64]
	q.reset(l.limit)
	for i, site := range l.sites {
		if site.OK() {
			l.onEdge = append(l.onEdge, edgeSite{site.Edge, int32(i)})
			l.seed(&q, site, int32(i))
		}
	}
	slices.SortFunc(l.onEdge, func(a, b edgeSite) int {
		return cmp.Or(cmp.Compare(a.edge, b.edge), cmp.Compare(a.site, b.site))
	})
	in := l.gait.in
	for b := 0; b < len(q.head); b++ {
		for {
			e, ok := q.pop(b)
			if !ok {
				break
			}
			if l.label[e.node] != e.label {
				continue // a better label came later
			}
			if l.net.patched(e.node) {
				for _, a := range l.net.patch.in[e.node] {
					l.offer(&q, a.node, e.label+uint64(l.gait.arc(a))<<32)
				}
				continue
			}
			for _, a := range in.arcs[in.start[e.node]:in.start[e.node+1]] {
				l.offer(&q, a.node, e.label+uint64(l.gait.street.cost(a.mm))<<32)
			}
		}
	}
}

func (l *Labels) seed(q *queue[uint64], site Snap, i int32) {
	access := l.gait.foot.cost(site.AccessMM)
	a := l.gait.arrivals(site.Edge, site.OffsetMM)
	if a.viaFrom >= 0 {
		l.offer(q, a.from, pack(access+a.viaFrom, i))
	}
	if a.viaTo >= 0 {
		l.offer(q, a.to, pack(access+a.viaTo, i))
	}
}

// offer lowers a node's label; comparing labels whole breaks ties by site.
func (l *Labels) offer(q *queue[uint64], node int32, label uint64) {
	time := int64(label >> 32)
	if time > int64(l.limit) || label >= l.label[node] {
		return
	}
	l.label[node] = label
	q.push(node, time, label)
}

// At is the time from a place on the network to its nearest site, both off-street
// legs included, and the site's index; Unreached and -1 beyond the limit and for a
// place that is on no edge.
func (l *Labels) At(from Snap) (Milliseconds, int32) {
	if !from.OK() || l.label == nil {
		return Unreached, -1
	}
	best := uint64(none)
	d := l.gait.departures(from.Edge, from.OffsetMM)
	if d.viaFrom >= 0 {
		best = min(best, l.via(d.from, d.viaFrom))
	}
	if d.viaTo >= 0 {
		best = min(best, l.via(d.to, d.viaTo))
	}
	first, _ := slices.BinarySearchFunc(l.onEdge, from.Edge, func(s edgeSite, e int32) int { return cmp.Compare(s.edge, e) })
	for _, s := range l.onEdge[first:] {
		if s.edge != from.Edge {
			break
		}
		site := l.sites[s.site]
		if time := d.along(from.OffsetMM, site.OffsetMM); time >= 0 {
			best = min(best, pack(time+l.gait.foot.cost(site.AccessMM), s.site))
		}
	}
	if best == none {
		return Unreached, -1
	}
	time := int64(best>>32) + l.gait.foot.cost(from.AccessMM)
	if time > int64(l.limit) {
		return Unreached, -1
	}
	return Milliseconds(time), int32(uint32(best))
}

func (l *Labels) via(node int32, ms int64) uint64 {
	if l.label[node] == none {
		return none
	}
	return l.label[node] + uint64(ms)<<32
}
