package walknet_test

import (
	"container/heap"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yike/coverage/walknet"
)

// oracle is the network with every person and every site as nodes of their own,
// searched by a textbook Dijkstra in the walking direction, from the person. It
// knows nothing of how the package searches and computes costs from the rule's words.
type oracle struct {
	arcs  [][]oracleArc
	sites int // node of the first site's door
	count int
}

type oracleArc struct {
	to   int
	cost int64
}

// edgeCost is the rule: length over speed in milliseconds, rounded half up.
func edgeCost(mm int64, speed walknet.Speed) int64 {
	v := int64(speed)
	whole, rest := 1000*mm/v, 1000*mm%v
	if 2*rest >= v {
		whole++
	}
	return whole
}

// partCost is the rule for a part of an edge: its share of the cost, rounded up.
func partCost(cost, part, length int64) int64 {
	ms := cost * part / length
	if ms*length < cost*part {
		ms++
	}
	return ms
}

// newOracle numbers the network's nodes first, then per site a place on its edge
// and a door, and last a place and a door for one person.
func newOracle(n *walknet.Network, sites []walknet.Snap, speed walknet.Speed) *oracle {
	o := &oracle{sites: n.Nodes(), count: len(sites), arcs: make([][]oracleArc, n.Nodes()+2*len(sites)+2)}
	for a := range n.Arcs() {
		o.add(int(a.From), int(a.To), edgeCost(int64(a.LengthMM), speed))
	}
	for i, s := range sites {
		if !s.OK() {
			continue
		}
		place, door := o.sites+2*i, o.sites+2*i+1
		o.add(place, door, edgeCost(int64(s.AccessMM), speed))
		for a := range arcsOf(n, s.Edge) {
			o.add(int(a.From), place, partCost(edgeCost(int64(a.LengthMM), speed), along(a, s), int64(a.LengthMM)))
		}
	}
	return o
}

func (o *oracle) add(from, to int, cost int64) {
	o.arcs[from] = append(o.arcs[from], oracleArc{to, cost})
}

// along is how far along the arc a place on its edge lies.
func along(a walknet.Arc, s walknet.Snap) int64 {
	if a.Forward {
		return int64(s.OffsetMM)
	}
	return int64(a.LengthMM - s.OffsetMM)
}

func arcsOf(n *walknet.Network, e int32) func(func(walknet.Arc) bool) {
	return func(yield func(walknet.Arc) bool) {
		from, to := n.EdgeEnds(e)
		mm := n.EdgeLengthMM(e)
		if n.EdgeDirection(e) != walknet.Backward && !yield(walknet.Arc{From: from, To: to, Edge: e, LengthMM: mm, Forward: true}) {
			return
		}
		if n.EdgeDirection(e) != walknet.Forward {
			yield(walknet.Arc{From: to, To: from, Edge: e, LengthMM: mm})
		}
	}
}

// times are the person's times to every site's door; -1 beyond the limit.
func (o *oracle) times(n *walknet.Network, person walknet.Snap, sites []walknet.Snap, limit walknet.Milliseconds, speed walknet.Speed) []int64 {
	door := len(o.arcs) - 1
	place := door - 1
	o.arcs[door], o.arcs[place] = nil, nil
	if person.OK() {
		o.add(door, place, edgeCost(int64(person.AccessMM), speed))
		for a := range arcsOf(n, person.Edge) {
			cost, length := edgeCost(int64(a.LengthMM), speed), int64(a.LengthMM)
			at := along(a, person)
			o.add(place, int(a.To), partCost(cost, length-at, length))
			for i, s := range sites {
				if s.OK() && s.Edge == a.Edge && along(a, s) >= at {
					o.add(place, o.sites+2*i, partCost(cost, along(a, s)-at, length))
				}
			}
		}
		for i, s := range sites {
			if s.OK() && s.Edge == person.Edge && s.OffsetMM == person.OffsetMM {
				o.add(place, o.sites+2*i, 0)
			}
		}
	}
	return o.dijkstra(door, int64(limit))
}

func (o *oracle) dijkstra(source int, limit int64) []int64 {
	done := make(map[int]int64)
	q := &oracleHeap{{source, 0}}
	for q.Len() > 0 {
		e, _ := heap.Pop(q).(oracleArc)
		if _, ok := done[e.to]; ok || e.cost > limit {
			continue
		}
		done[e.to] = e.cost
		for _, a := range o.arcs[e.to] {
			heap.Push(q, oracleArc{a.to, e.cost + a.cost})
		}
	}
	times := make([]int64, o.count)
	for i := range times {
		times[i] = -1
		if ms, ok := done[o.sites+2*i+1]; ok {
			times[i] = ms
		}
	}
	return times
}

type oracleHeap []oracleArc

func (h oracleHeap) Len() int           { return len(h) }
func (h oracleHeap) Less(i, j int) bool { return h[i].cost < h[j].cost }
func (h oracleHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *oracleHeap) Push(x any)        { *h = append(*h, x.(oracleArc)) }
func (h *oracleHeap) Pop() any {
	old := *h
	e := old[len(old)-1]
	*h = old[:len(old)-1]
	return e
}

// compare checks Nearest and every Reach against the oracle for all people. It
// returns how many pairs of person and site are within the limit.
func compare(t interface {
	Helper()
	Fatalf(string, ...any)
}, n *walknet.Network, people, sites []walknet.Snap, limit walknet.Milliseconds, speed walknet.Speed,
) (within int) {
	t.Helper()
	o := newOracle(n, sites, speed)
	labels := n.Nearest(sites, limit, speed)
	reaches := n.ReachAll(sites, limit, speed, 2)
	bounds := make([]orb.Bound, len(reaches))
	for i, r := range reaches {
		bounds[i] = r.Bound()
	}
	for p, person := range people {
		want := o.times(n, person, sites, limit, speed)
		best, bestSite := int64(-1), int32(-1)
		for i, ms := range want {
			if got := reaches[i].At(person); int64(got) != ms {
				t.Fatalf("person %d (%+v) to site %d (%+v): %d ms, oracle %d", p, person, i, sites[i], got, ms)
			}
			if ms >= 0 {
				within++
				if !bounds[i].Contains(person.Point) {
					t.Fatalf("person %d (%+v) is not in the bound of site %d's reach: %v", p, person, i, bounds[i])
				}
				if best < 0 || ms < best {
					best, bestSite = ms, int32(i)
				}
			}
		}
		if ms, site := labels.At(person); int64(ms) != best || site != bestSite {
			t.Fatalf("person %d (%+v): nearest %d in %d ms, oracle %d in %d", p, person, site, ms, bestSite, best)
		}
	}
	return within
}

func TestSearchEqualsBruteForceOnRandomNetworks(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		ways, barriers := drawNetwork(t)
		n, _ := build(t, ways, barriers...)
		people, sites := drawSnaps(t, n, "people"), drawSnaps(t, n, "sites")
		limit := walknet.Milliseconds(rapid.IntRange(0, 1_500_000).Draw(t, "limit"))
		speed := walknet.Speed(rapid.SampledFrom([]int{1, 700, 900, 1200, 5_000_000}).Draw(t, "speed"))
		compare(t, n, people, sites, limit, speed)
	})
}
