package walknet

import (
	"cmp"
	"slices"
	"sync"
	"sync/atomic"
)

// batchBlock sites are searched in a row by one worker: sites close on the ground
// then find each other's streets in the cache.
const batchBlock = 8

// ReachAll is Reach for every site, in their order, by so many workers (at least
// one). The result does not depend on their number.
func (n *Network) ReachAll(sites []Snap, limit Milliseconds, speed Speed, workers int) []*Reach {
	order := n.byPlace(sites)
	reaches := make([]*Reach, len(sites))
	var next atomic.Int64
	work := func() {
		s := n.borrow()
		defer n.giveBackSearcher(s)
		for {
			start := int(next.Add(batchBlock)) - batchBlock
			if start >= len(order) {
				return
			}
			for _, i := range order[start:min(start+batchBlock, len(order))] {
				reaches[i] = s.Reach(sites[i], limit, speed)
			}
		}
	}
	var wg sync.WaitGroup
	for range max(workers, 1) - 1 {
		wg.Go(work)
	}
	work()
	wg.Wait()
	return reaches
}

// byPlace orders sites by their edge, which follows the Hilbert curve.
func (n *Network) byPlace(sites []Snap) []int {
	order := make([]int, len(sites))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(sites[a].Edge, sites[b].Edge) })
	return order
}
