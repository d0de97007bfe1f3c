package siting

import "context"

// found is the outcome of a search on a table.
type found struct {
	set          []int32
	value, bound int64
	work         Work
	stopped      bool
}

// narrow branches on a table of what the root of a search left open. The model of the
// smaller table is made anew, with multipliers to begin with and its shift.
func (s *tree) narrow(t *table, top *node, remake func(small *table, set []int32) (relaxed, []int64, uint)) found {
	kept := make([]bool, t.cands)
	for j, f := range top.fates {
		kept[j] = f != left
	}
	for _, j := range s.set {
		kept[j] = true
	}
	small := t.keep(func(j int32) bool { return kept[j] })
	var back []int32
	name := make([]int32, t.cands)
	root := &node{bound: top.bound}
	for j, k := range kept {
		if k {
			name[j] = int32(len(back))
			back = append(back, int32(j))
			root.fates = append(root.fates, top.fates[j])
		}
	}
	set := make([]int32, len(s.set))
	for at, j := range s.set {
		set[at] = name[j]
	}
	model, at, shift := remake(small, set)
	sub := newTree(s.ctx, model, small, s.limit, shift, s.effort)
	sub.goal, sub.work, sub.stopped, sub.atWill = s.goal, s.work, s.stopped, s.atWill
	root.at = at
	sub.offer(s.best, set)
	sub.descend(root, s.effort.Steps, false)
	f := found{bound: min(top.bound, sub.branch(root))}
	for _, j := range sub.set {
		f.set = append(f.set, back[j])
	}
	f.value, f.work, f.stopped = sub.best, sub.work, sub.stopped
	return f
}

// reduce drops from a table what cannot matter; where all rows must be served, rows too.
func reduce(ctx context.Context, t *table, full bool) *table {
	for ctx.Err() == nil {
		cands, rows := t.cands, t.rows
		if full {
			t = t.essential()
		}
		t = t.undominated()
		if t.cands == cands && t.rows == rows || !full {
			break
		}
	}
	return t
}
