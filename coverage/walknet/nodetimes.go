package walknet

import (
	"iter"
	"math/bits"
)

// nodeTimes maps the few nodes of a search to their times: an open hash, because a
// search touches hundreds of a network's hundred thousands of nodes. Searches at several
// speeds share one, each with a lane of times.
type nodeTimes struct {
	slots  []int32 // stride apart: 1 + node, 0 where free; then per lane the time, far where that speed does not get there
	stride int
	lane   int
	shift  uint
}

const hashFactor = 0x9E3779B97F4A7C15 // 2^64 over the golden ratio

func newNodeTimes(nodes, dist []int32) nodeTimes {
	t := sizedNodeTimes(len(nodes), 1)
	for _, v := range nodes {
		t.slots[t.slot(v)+1] = dist[v]
	}
	return t
}

// sizedNodeTimes has room for so many nodes.
func sizedNodeTimes(nodes, lanes int) nodeTimes {
	if nodes == 0 {
		return nodeTimes{}
	}
	width := bits.Len(uint(nodes + nodes/3)) // three quarters full at most
	stride := lanes + 1
	return nodeTimes{slots: make([]int32, stride<<width), stride: stride, shift: uint(64 - width)}
}

// slot takes a free slot for a node that is not in yet. Its times follow it.
func (t *nodeTimes) slot(v int32) int {
	i := t.home(v)
	for t.slots[i] != 0 {
		i = t.next(i)
	}
	t.slots[i] = v + 1
	return i
}

func (t *nodeTimes) home(node int32) int {
	return int(uint64(node)*hashFactor>>t.shift) * t.stride
}

func (t *nodeTimes) next(i int) int {
	if i += t.stride; i == len(t.slots) {
		return 0
	}
	return i
}

// at is the time of a node, -1 where there is none.
func (t *nodeTimes) at(node int32) int64 {
	if len(t.slots) == 0 {
		return -1
	}
	for i := t.home(node); ; i = t.next(i) {
		switch t.slots[i] {
		case 0:
			return -1
		case node + 1:
			if ms := t.slots[i+1+t.lane]; ms != far {
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
		for i := 0; i < len(t.slots); i += t.stride {
			if t.slots[i] == 0 {
				continue
			}
			if ms := t.slots[i+1+t.lane]; ms != far && !yield(t.slots[i]-1, int64(ms)) {
				return
			}
		}
	}
}
