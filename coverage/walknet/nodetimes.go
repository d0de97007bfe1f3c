package walknet

import (
	"iter"
	"math/bits"
)

// nodeTimes maps the few nodes of a search to their times: an open hash, because a
// search touches hundreds of a network's hundred thousands of nodes.
type nodeTimes struct {
	slots []uint64 // 1 + node in the high half, time in the low; 0 is free
	shift uint
}

const hashFactor = 0x9E3779B97F4A7C15 // 2^64 over the golden ratio

func newNodeTimes(nodes, dist []int32) nodeTimes {
	if len(nodes) == 0 {
		return nodeTimes{}
	}
	width := bits.Len(uint(2*len(nodes) - 1))
	t := nodeTimes{slots: make([]uint64, 1<<width), shift: uint(64 - width)}
	for _, v := range nodes {
		i := t.home(v)
		for t.slots[i] != 0 {
			i = (i + 1) & (len(t.slots) - 1)
		}
		t.slots[i] = uint64(v+1)<<32 | uint64(uint32(dist[v]))
	}
	return t
}

func (t nodeTimes) home(node int32) int {
	return int(uint64(node) * hashFactor >> t.shift)
}

// at is the time of a node, -1 where there is none.
func (t nodeTimes) at(node int32) int64 {
	if len(t.slots) == 0 {
		return -1
	}
	for i := t.home(node); ; i = (i + 1) & (len(t.slots) - 1) {
		s := t.slots[i]
		if s == 0 {
			return -1
		}
		if int32(s>>32) == node+1 {
			return int64(uint32(s))
		}
	}
}

// all yields the nodes and their times, in no meaningful order that is yet the
// same for the same search.
func (t nodeTimes) all() iter.Seq2[int32, int64] {
	return func(yield func(int32, int64) bool) {
		for _, s := range t.slots {
			if s != 0 && !yield(int32(s>>32)-1, int64(uint32(s))) {
				return
			}
		}
	}
}
