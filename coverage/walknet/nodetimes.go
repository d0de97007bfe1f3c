package walknet

import (
	"iter"
	"math/bits"
)

// nodeTimes maps the few nodes of a search to their times: an open hash, because a
// search touches hundreds of a network's hundred thousands of nodes. Searches at several
// speeds share one, each with a lane of times.
type nodeTimes struct {
	keys  []int32 // 1 + node; 0 is free
	times []int32 // per slot and lane; far where that speed does not reach the node
	lanes int
	lane  int
	shift uint
}

const hashFactor = 0x9E3779B97F4A7C15 // 2^64 over the golden ratio

func newNodeTimes(nodes, dist []int32) nodeTimes {
	t := sizedNodeTimes(len(nodes), 1)
	for _, v := range nodes {
		t.times[t.slot(v)] = dist[v]
	}
	return t
}

// sizedNodeTimes has room for so many nodes.
func sizedNodeTimes(nodes, lanes int) nodeTimes {
	if nodes == 0 {
		return nodeTimes{}
	}
	width := bits.Len(uint(2*nodes - 1))
	return nodeTimes{keys: make([]int32, 1<<width), times: make([]int32, lanes<<width), lanes: lanes, shift: uint(64 - width)}
}

// slot takes a free slot for a node that is not in yet.
func (t *nodeTimes) slot(v int32) int {
	i := t.home(v)
	for t.keys[i] != 0 {
		i = (i + 1) & (len(t.keys) - 1)
	}
	t.keys[i] = v + 1
	return i
}

func (t *nodeTimes) home(node int32) int {
	return int(uint64(node) * hashFactor >> t.shift)
}

// at is the time of a node, -1 where there is none.
func (t *nodeTimes) at(node int32) int64 {
	if len(t.keys) == 0 {
		return -1
	}
	for i := t.home(node); ; i = (i + 1) & (len(t.keys) - 1) {
		switch t.keys[i] {
		case 0:
			return -1
		case node + 1:
			if ms := t.times[i*t.lanes+t.lane]; ms != far {
				return int64(ms)
			}
			return -1
		}
	}
}

// all yields the nodes and their times, in no meaningful order that is yet the
// same for the same search.
func (t *nodeTimes) all() iter.Seq2[int32, int64] {
	return func(yield func(int32, int64) bool) {
		for i, key := range t.keys {
			if key == 0 {
				continue
			}
			if ms := t.times[i*t.lanes+t.lane]; ms != far && !yield(key-1, int64(ms)) {
				return
			}
		}
	}
}
