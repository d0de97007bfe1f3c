package siting

// flows assigns the weight of rows to open candidates within their capacities, so that as
// much as possible is served: a maximal flow, kept up to date by augmenting paths. A row's
// weight may be split.
type flows struct {
	t        *table
	capacity []int64
	open     []bool
	free     []int64 // per candidate, capacity not used
	unserved []int64 // per row
	flow     []int64 // per entry
	served   int64
	reads    int // entries looked at so far

	journal []change // what to put back; nil when nothing is to be
	keeping bool
	queue   []int32 // scratch of the search for paths
	via     []int32 // per candidate, the entry by which it was reached
	seen    []bool
}

type change struct {
	of  *int64
	was int64
}

func newFlows(t *table, capacity []int64) *flows {
	f := &flows{
		t: t, capacity: capacity, open: make([]bool, t.cands), free: make([]int64, t.cands),
		unserved: make([]int64, t.rows), flow: make([]int64, len(t.cand)),
		via: make([]int32, t.cands), seen: make([]bool, t.cands),
	}
	for i := range f.unserved {
		f.unserved[i] = t.save[t.rowStart[i]]
	}
	return f
}

func (f *flows) add(to *int64, v int64) {
	if f.keeping {
		f.journal = append(f.journal, change{to, *to})
	}
	*to += v
}

// trial runs moves and puts everything back; it returns what they changed of the served.
func (f *flows) trial(out, in int32) int64 {
	before := f.served
	f.keeping, f.journal = true, f.journal[:0]
	f.exchange(out, in)
	delta := f.served - before
	for at := len(f.journal) - 1; at >= 0; at-- {
		*f.journal[at].of = f.journal[at].was
	}
	f.keeping = false
	if out >= 0 {
		f.open[out] = true
	}
	if in >= 0 {
		f.open[in] = false
	}
	return delta
}

// exchange closes one candidate and opens another; -1 stands for none.
func (f *flows) exchange(out, in int32) {
	if out >= 0 {
		f.open[out] = false
		f.add(&f.free[out], -f.free[out])
		for _, e := range f.t.col(out) {
			if v := f.flow[e]; v > 0 {
				f.add(&f.flow[e], -v)
				f.add(&f.unserved[f.t.rowOf[e]], v)
				f.add(&f.served, -v)
			}
		}
	}
	if in >= 0 {
		f.open[in] = true
		f.add(&f.free[in], f.capacity[in]-f.free[in])
		f.augment(in)
	}
	if out < 0 {
		return
	}
	for j := range int32(f.t.cands) {
		if f.open[j] && f.free[j] > 0 {
			f.augment(j)
		}
	}
}

// augment uses a candidate's free capacity along paths: it takes unserved weight, or weight
// from another one that can then take unserved weight.
func (f *flows) augment(from int32) {
	f.reads += len(f.t.col(from))
	for _, e := range f.t.col(from) {
		if v := min(f.free[from], f.unserved[f.t.rowOf[e]]); v > 0 {
			f.push(e, v)
			f.add(&f.free[from], -v)
		}
	}
	for f.free[from] > 0 {
		last := f.path(from)
		if last < 0 {
			return
		}
		f.shift(from, last)
	}
}

func (f *flows) push(e int32, v int64) {
	f.add(&f.flow[e], v)
	f.add(&f.unserved[f.t.rowOf[e]], -v)
	f.add(&f.served, v)
}

// path finds an entry of unserved weight at the end of a shortest path, or -1.
func (f *flows) path(from int32) int32 {
	clear(f.seen)
	f.queue = append(f.queue[:0], from)
	f.seen[from] = true
	for at := 0; at < len(f.queue); at++ {
		j := f.queue[at]
		f.reads += len(f.t.col(j))
		for _, e := range f.t.col(j) {
			row := f.t.rowOf[e]
			if f.unserved[row] > 0 {
				return e
			}
			f.reads += int(f.t.rowStart[row+1] - f.t.rowStart[row])
			for o := f.t.rowStart[row]; o < f.t.rowStart[row+1]; o++ {
				if k := f.t.cand[o]; f.flow[o] > 0 && !f.seen[k] {
					f.seen[k], f.via[k] = true, e
					f.queue = append(f.queue, k)
				}
			}
		}
	}
	return -1
}

// shift moves as much as a path allows: each candidate of it takes from the next one, the
// last takes unserved weight.
func (f *flows) shift(from, last int32) {
	v := min(f.free[from], f.unserved[f.t.rowOf[last]])
	for k := f.t.cand[last]; k != from; k = f.t.cand[f.via[k]] {
		v = min(v, f.flow[f.entry(f.t.rowOf[f.via[k]], k)])
	}
	f.push(last, v)
	for k := f.t.cand[last]; k != from; k = f.t.cand[f.via[k]] {
		f.add(&f.flow[f.entry(f.t.rowOf[f.via[k]], k)], -v)
		f.add(&f.flow[f.via[k]], v)
	}
	f.add(&f.free[from], -v)
}

// entry is that of a row and a candidate, which is in the row.
func (f *flows) entry(row, cand int32) int32 {
	low, high := f.t.rowStart[row], f.t.rowStart[row+1]
	for high-low > 1 {
		mid := (low + high) / 2
		if f.t.cand[mid] <= cand {
			low = mid
		} else {
			high = mid
		}
	}
	return low
}

// set are the open candidates, ascending.
func (f *flows) set() []int32 {
	out := []int32{}
	for j, open := range f.open {
		if open {
			out = append(out, int32(j))
		}
	}
	return out
}
