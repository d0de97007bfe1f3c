package siting

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
)

// needs relaxes that a row counts as served only if a chosen candidate serves it: each row
// has a price, candidates earn the prices of their rows less their own, and the rows that
// make up the target are the cheapest ones. The objective is the sum of prices, negated.
type needs struct {
	t     *table
	need  int64 // weight
	full  bool  // all rows are needed
	shift uint
	most  []int64
	order []int32   // rows by price per weight, as of the last profits
	part  []float64 // per row, the share of it that the target needed then
}

func newNeeds(t *table, need int64) *needs {
	m := &needs{t: t, need: need, full: need >= t.total(), most: make([]int64, t.rows)}
	m.shift = shiftFor(t.dearest(), t.overlap(Limit{Sites: t.cands, Budget: unlimited}))
	for i := range t.rows {
		m.order = append(m.order, int32(i))
		m.part = append(m.part, 1)
		m.most[i] = t.least(i) << m.shift
	}
	return m
}

// least is the price of the cheapest candidate of a row: no row needs to pay more.
func (t *table) least(row int) int64 {
	least := int64(math.MaxInt64)
	for e := t.rowStart[row]; e < t.rowStart[row+1]; e++ {
		least = min(least, t.price[t.cand[e]])
	}
	return least
}

// dearest is what all rows together may pay, or all candidates cost, at most; it stops at
// most62.
func (t *table) dearest() int64 {
	sum := int64(0)
	for i := range t.rows {
		sum = min(sum, most62) + min(t.least(i), most62)
	}
	cost := int64(0)
	for _, p := range t.price {
		cost = min(cost, most62) + min(p, most62)
	}
	return min(max(sum, cost), most62)
}

func (m *needs) multipliers() []int64 { return m.most }

// begin shares out each candidate's price among its rows.
func (m *needs) begin() []int64 {
	at := slices.Clone(m.most)
	for j := range int32(m.t.cands) {
		col := m.t.col(j)
		for _, e := range col {
			i := m.t.rowOf[e]
			at[i] = min(at[i], m.t.price[j]<<m.shift/int64(len(col)))
		}
	}
	return at
}

func (m *needs) profits(at, profit []int64) int64 {
	t := m.t
	for j := range profit {
		profit[j] = -t.price[j] << m.shift
	}
	for i, price := range at {
		for e := t.rowStart[i]; e < t.rowStart[i+1]; e++ {
			profit[t.cand[e]] += price
		}
	}
	return -m.cheapest(at)
}

// cheapest is the least sum of prices of rows, the last one in part, that make up the
// target.
func (m *needs) cheapest(at []int64) int64 {
	sum := int64(0)
	if m.full {
		for _, price := range at {
			sum += price
		}
		return sum
	}
	weight := func(i int32) int64 { return m.t.save[m.t.rowStart[i]] }
	slices.SortFunc(m.order, func(a, b int32) int {
		switch {
		case ratioLess(at[a], weight(a), at[b], weight(b)):
			return -1
		case ratioLess(at[b], weight(b), at[a], weight(a)):
			return 1
		}
		return int(a) - int(b)
	})
	rest := m.need
	for _, i := range m.order {
		w := weight(i)
		use := min(w, rest)
		rest -= use
		m.part[i] = float64(use) / float64(w)
		if use == w {
			sum += at[i]
		} else {
			sum += muldiv(at[i], use, w)
		}
	}
	return sum
}

func (m *needs) slope(_ []int64, chosen []int32, by []float64) {
	for i := range by {
		by[i] = -m.part[i]
	}
	for _, j := range chosen {
		for _, e := range m.t.col(j) {
			by[m.t.rowOf[e]]++
		}
	}
}

func (m *needs) value(set []int32) (int64, bool) {
	return -m.t.cost(set), m.t.worth(set) >= m.need
}

func (m *needs) possible(fates []fate) bool {
	got := int64(0)
	for i := range m.t.rows {
		for e := m.t.rowStart[i]; e < m.t.rowStart[i+1]; e++ {
			if fates[m.t.cand[e]] != left {
				got += m.t.save[e]
				break
			}
		}
	}
	return got >= m.need
}

// improve completes a choice greedily and drops what it does not need.
func (m *needs) improve(chosen []int32) (int64, []int32) {
	t := m.t
	count := make([]int32, t.rows)
	got := int64(0)
	put := func(j int32) {
		for _, e := range t.col(j) {
			if count[t.rowOf[e]] == 0 {
				got += t.save[e]
			}
			count[t.rowOf[e]]++
		}
	}
	set := slices.Clone(chosen)
	for _, j := range set {
		put(j)
	}
	gain := func(j int32) int64 {
		sum := int64(0)
		for _, e := range t.col(j) {
			if count[t.rowOf[e]] == 0 {
				sum += t.save[e]
			}
		}
		return sum
	}
	set = append(set, m.complete(gain, put, &got)...)
	return m.pare(set, count, got)
}

// complete adds candidates by gain per price until the target is met. Gains only fall, so
// one that is still the largest when computed again is the largest of all.
func (m *needs) complete(gain func(int32) int64, put func(int32), got *int64) []int32 {
	var added []int32
	if *got >= m.need {
		return nil
	}
	q := make([]offer, m.t.cands)
	for j := range q {
		q[j] = offer{int32(j), gain(int32(j)), m.t.price[j]}
	}
	slices.SortFunc(q, compareOffers)
	for *got < m.need {
		top := &q[0]
		if top.gain = gain(top.cand); top.gain <= 0 && compareOffers(q[0], q[1%len(q)]) <= 0 {
			break
		}
		if len(q) > 1 && compareOffers(q[0], q[1]) > 0 {
			first := q[0]
			at, _ := slices.BinarySearchFunc(q[1:], first, compareOffers)
			copy(q, q[1:at+1])
			q[at] = first
			continue
		}
		put(q[0].cand)
		added = append(added, q[0].cand)
	}
	return added
}

type offer struct {
	cand        int32
	gain, price int64
}

// compareOffers puts the largest gain per price first.
func compareOffers(a, b offer) int {
	switch {
	case ratioLess(b.gain, b.price, a.gain, a.price):
		return -1
	case ratioLess(a.gain, a.price, b.gain, b.price):
		return 1
	}
	return int(a.cand) - int(b.cand)
}

// pare drops candidates that the target does not need, the dearest and least needed first.
func (m *needs) pare(set []int32, count []int32, got int64) (int64, []int32) {
	if got < m.need {
		return 0, nil
	}
	loss := func(j int32) int64 {
		sum := int64(0)
		for _, e := range m.t.col(j) {
			if count[m.t.rowOf[e]] == 1 {
				sum += m.t.save[e]
			}
		}
		return sum
	}
	for {
		best, bestLoss := -1, int64(0)
		for at, j := range set {
			l := loss(j)
			if got-l >= m.need && (best < 0 || ratioLess(l, m.t.price[j], bestLoss, m.t.price[set[best]])) {
				best, bestLoss = at, l
			}
		}
		if best < 0 {
			slices.Sort(set)
			return -m.t.cost(set), set
		}
		for _, e := range m.t.col(set[best]) {
			count[m.t.rowOf[e]]--
		}
		got -= bestLoss
		set = slices.Delete(set, best, best+1)
	}
}

// minimise finds candidates of the least price that are worth at least need; it is content
// with a price of at most goal.
func minimise(ctx context.Context, t *table, need, goal int64, effort Effort) found {
	m := newNeeds(t, need)
	tr := newTree(ctx, m, t, Limit{Sites: math.MaxInt32, Budget: unlimited}, m.shift, effort)
	tr.atWill, tr.goal = true, -goal
	tr.offer(m.improve(nil))
	top := tr.root(m.begin())
	top.bound = 0
	tr.work.Nodes++
	tr.fewer(m)
	if effort.Steps > 0 && !tr.done(top.bound) {
		tr.descend(top, effort.Steps, true)
	}
	if !tr.done(top.bound) {
		tr.shrink(m)
		tr.descend(top, effort.Steps/4, true)
	}
	f := found{set: tr.set, value: tr.best, bound: top.bound, work: tr.work, stopped: tr.stopped}
	if !tr.done(top.bound) {
		f = tr.narrow(t, top, func(small *table, _ []int32) (relaxed, []int64, uint) {
			m := newNeeds(small, need)
			return m, m.begin(), m.shift
		})
	}
	f.bound = max(f.bound, f.value)
	return f
}

// FewestSites finds the sites of the least price, each 1 unless the question says
// otherwise, that serve at least target of the weight, existing sites included: the location
// set covering problem, or its partial form where the target is below what all candidates
// reach together. Value and bound of the plan are sums of prices. A target that cannot be
// met is a *TargetError. Capacities are not known to it.
func FewestSites(ctx context.Context, q Question, target int64, e Effort) (*Plan, error) {
	const doing = "choose the fewest sites"
	if err := q.check(false, 1); err != nil {
		return nil, fmt.Errorf("%s: %w", doing, err)
	}
	if q.Capacity != nil {
		return nil, fmt.Errorf("%s: %w", doing, ErrCapacity)
	}
	t, base := coverTable(&q)
	need := target - base
	if most := t.total(); need > most {
		return nil, fmt.Errorf("%s: %w", doing, &TargetError{Target: target, Most: base + most})
	}
	p := &Plan{}
	var chosen []int32
	if need > 0 {
		t := reduce(ctx, t, need == t.total())
		if t.dearest() >= most62/(t.overlap(Limit{Sites: t.cands, Budget: unlimited})+1) {
			return nil, fmt.Errorf("%s: %w: prices of %d", doing, ErrTooLarge, t.dearest())
		}
		f := minimise(ctx, t, min(need, t.total()), 0, e.filled())
		p.Value, p.Bound, p.Work, p.Stopped = -f.value, -f.bound, f.work, f.stopped
		chosen = t.names(f.set)
	}
	p.explainCover(&q, chosen, Limit{})
	return p, nil
}

// ErrCapacity says that a question has capacities where they are not known.
var ErrCapacity = errors.New("siting: capacities are known to MaxCoverage only")
