package siting

import (
	"context"
	"math"
	"slices"
)

// relaxed is a choice with its hard part priced away: each multiplier takes one constraint
// into the objective, and what is left is to choose candidates by their profits. Whatever
// the multipliers are, the best profits are a bound (Geoffrion 1974), so they are integers,
// and so is the bound: no rounding can make it untrue. The objective is one to maximise,
// and multipliers and profits are in units of 1/2^shift of it.
type relaxed interface {
	// multipliers is how many there are, and the largest that makes sense for each.
	multipliers() []int64
	// profits fills in each candidate's profit and returns the rest of the bound.
	profits(at, profit []int64) int64
	// slope fills in how fast the bound rises with each multiplier, for a choice.
	slope(at []int64, chosen []int32, by []float64)
	// improve makes of a choice a good allowed one. It may return none.
	improve(chosen []int32) (value int64, set []int32)
	// value is what a complete choice is worth; false where it is not allowed.
	value(set []int32) (int64, bool)
	// possible says whether the undecided and the taken together may be allowed.
	possible(fates []fate) bool
}

// tree searches for the best choice by branching on single candidates.
type tree struct {
	ctx    context.Context
	model  relaxed
	price  []int64
	even   bool
	atWill bool // any number may be chosen, and profits may be negative
	limit  Limit
	shift  uint
	effort Effort
	goal   int64 // no better value is asked for

	best    int64 // the value of set
	set     []int32
	work    Work
	stopped bool

	size   int // entries that one look at all profits reads
	reads  int
	profit []int64
	share  []float64 // how often a candidate was chosen of late
	picked []bool    // scratch
}

func newTree(ctx context.Context, model relaxed, t *table, l Limit, shift uint, effort Effort) *tree {
	return &tree{
		ctx: ctx, model: model, price: t.price, even: t.even, limit: l, shift: shift, effort: effort,
		goal: math.MaxInt64, best: math.MinInt64, size: len(t.ent),
		profit: make([]int64, t.cands), share: make([]float64, t.cands), picked: make([]bool, t.cands),
	}
}

// node is a part of the choices: those that agree with its fates.
type node struct {
	fates []fate
	at    []int64 // multipliers to begin with
	bound int64   // in whole units
}

func (s *tree) root(at []int64) *node {
	return &node{fates: make([]fate, len(s.price)), at: at, bound: math.MaxInt64}
}

// offer keeps a choice if it is the best so far.
func (s *tree) offer(value int64, set []int32) {
	if set != nil && value > s.best {
		s.best, s.set = value, slices.Clone(set)
	}
}

func (s *tree) done(bound int64) bool { return bound <= s.best || s.best >= s.goal }

func (s *tree) cancelled() bool {
	if !s.stopped && s.ctx.Err() != nil {
		s.stopped = true
	}
	return s.stopped
}

// rest is what the limit leaves after what a node has taken; what is too dear for it is
// left.
func (s *tree) rest(n *node) (Limit, []int32) {
	l := s.limit
	have := []int32{}
	for j, f := range n.fates {
		if f == taken {
			have = append(have, int32(j))
			l.Sites--
			l.Budget -= s.price[j]
		}
	}
	for j, f := range n.fates {
		if f == undecided && (l.Sites <= 0 || s.price[j] > l.Budget) {
			n.fates[j] = left
		}
	}
	return l, have
}

// search returns a bound for a node's choices: no better one is among them. Where the
// effort ends, that is the bound of what was not looked at.
func (s *tree) search(n *node, steps int) int64 {
	if s.cancelled() || s.work.Nodes >= s.effort.Nodes || s.reads >= s.effort.Reads {
		return n.bound
	}
	s.work.Nodes++
	before := s.work.Steps
	s.descend(n, steps, s.work.Nodes%16 == 0)
	s.reads += (s.work.Steps - before) * s.size
	return s.branch(n)
}

// branch looks at the two halves of a node.
func (s *tree) branch(n *node) int64 {
	if s.done(n.bound) {
		return n.bound
	}
	at := s.undecided(n)
	if at < 0 {
		_, have := s.rest(n)
		value, ok := s.model.value(have)
		if !ok {
			return math.MinInt64
		}
		s.offer(value, have)
		return value
	}
	order := [2]fate{left, taken}
	if s.share[at] >= 0.5 {
		order = [2]fate{taken, left}
	}
	bound := int64(math.MinInt64)
	for _, f := range order {
		child := &node{fates: slices.Clone(n.fates), at: slices.Clone(n.at), bound: n.bound}
		child.fates[at] = f
		bound = max(bound, s.search(child, 40))
		if s.best >= s.goal {
			return n.bound
		}
	}
	return min(n.bound, bound)
}

// undecided is the candidate of which the relaxed choices were least sure, or -1.
func (s *tree) undecided(n *node) int32 {
	at, least := int32(-1), 2.0
	for j, f := range n.fates {
		if f != undecided {
			continue
		}
		if unsure := math.Abs(s.share[j] - 0.5); unsure < least {
			at, least = int32(j), unsure
		}
	}
	return at
}

// descend lowers a node's bound by moving the multipliers against its slope, with steps
// after Polyak; it decides what the bound decides, and may improve the choices it meets.
func (s *tree) descend(n *node, steps int, improve bool) {
	if !s.model.possible(n.fates) {
		n.bound = math.MinInt64
		return
	}
	most := s.model.multipliers()
	at := slices.Clone(n.at)
	slope, move := make([]float64, len(at)), make([]float64, len(at))
	lowest := int64(math.MaxInt64)
	pace, idle, tried := 1.0, 0, -100
	for step := 0; step < steps && pace > 0.004 && !s.cancelled(); step++ {
		s.work.Steps++
		limit, have := s.rest(n)
		bound := s.model.profits(at, s.profit)
		for _, j := range have {
			bound += s.profit[j]
		}
		p := pick(s.profit, s.price, s.even, s.atWill, n.fates, limit)
		bound += p.sum
		chosen := append(have, p.chosen...)
		s.blend(chosen)
		idle++
		if bound < lowest {
			lowest, n.at = bound, append(n.at[:0], at...)
			n.bound = min(n.bound, bound>>s.shift)
			idle = 0
		}
		if improve && !s.done(n.bound) && step-tried >= 15 && idle == 0 {
			tried = step
			s.offer(s.model.improve(chosen))
		}
		if s.done(n.bound) {
			return
		}
		s.decide(n, p, bound)
		if idle >= 12 {
			idle, pace = 0, pace/2
			at = append(at[:0], n.at...)
			continue
		}
		s.model.slope(at, chosen, slope)
		if !s.move(at, most, slope, move, pace, bound) {
			return
		}
	}
}

// move steps along the slope, bent towards earlier moves; false where it is flat.
func (s *tree) move(at, most []int64, slope, move []float64, pace float64, bound int64) bool {
	norm := 0.0
	for i, g := range slope {
		// Conversions keep the machine from fusing, so that all machines agree.
		move[i] = g + float64(0.3*move[i])
		if at[i] <= 0 && move[i] > 0 || at[i] >= most[i] && move[i] < 0 {
			continue
		}
		norm += float64(move[i] * move[i])
	}
	if norm == 0 {
		return false
	}
	goal := float64(s.best) * float64(int64(1)<<s.shift)
	if s.best == math.MinInt64 {
		goal = float64(bound) - math.Abs(float64(bound))*0.05
	}
	length := pace * max(float64(bound)-goal, 1) / norm
	for i, d := range move {
		at[i] = min(max(at[i]-int64(math.Round(float64(length*d))), 0), most[i])
	}
	return true
}

func (s *tree) blend(chosen []int32) {
	const keep = 0.94
	for j := range s.share {
		s.share[j] *= keep
	}
	for _, j := range chosen {
		s.share[j] += 1 - keep
	}
}

// decide settles those candidates whose other fate would bring the bound down to what is
// had already.
func (s *tree) decide(n *node, p picking, bound int64) {
	if s.best == math.MinInt64 {
		return
	}
	for _, j := range p.chosen {
		s.picked[j] = true
		if n.fates[j] == undecided && (bound-max(p.out(j), 0))>>s.shift <= s.best {
			n.fates[j] = taken
		}
	}
	for j, f := range n.fates {
		if f == undecided && !s.picked[j] && (bound-max(p.in(int32(j)), 0))>>s.shift <= s.best {
			n.fates[j] = left
		}
	}
	for _, j := range p.chosen {
		s.picked[j] = false
	}
}
