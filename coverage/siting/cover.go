package siting

import (
	"context"
	"fmt"
	"math"
)

// coverTable is a question of coverage reduced to what is not served by existing sites, with
// the weight that they serve. Points that no candidate reaches are left out.
func coverTable(q *Question) (*table, int64) {
	served := make([]bool, len(q.Weight))
	base := int64(0)
	for j := range q.Reach.Candidates() {
		if q.standing(j) != Existing {
			continue
		}
		for _, i := range q.Reach.Demand[q.Reach.Start[j]:q.Reach.Start[j+1]] {
			if !served[i] {
				served[i] = true
				base += q.Weight[i]
			}
		}
	}
	var entries []triple
	for j := range q.Reach.Candidates() {
		if q.standing(j) != Free {
			continue
		}
		for _, i := range q.Reach.Demand[q.Reach.Start[j]:q.Reach.Start[j+1]] {
			if !served[i] && q.Weight[i] > 0 {
				entries = append(entries, triple{i, int32(j), q.Weight[i]})
			}
		}
	}
	t := newTable(q, len(q.Weight), entries, true)
	return t.keep(func(int32) bool { return true }), base
}

// MaxCoverage finds the sites, within a limit, that serve the most weight: the maximal
// covering location problem, with capacities if the question has some. The limit does not
// count existing sites. The plan's value and bound are weights served, existing sites
// included. One round of exchanges takes O(len(Demand) + candidates × sites); memory is
// 8 bytes × candidates × sites.
func MaxCoverage(ctx context.Context, q Question, l Limit, e Effort) (*Plan, error) {
	if err := q.check(false, 1); err != nil {
		return nil, fmt.Errorf("choose the sites that serve most: %w", err)
	}
	l, err := l.filled()
	if err != nil {
		return nil, fmt.Errorf("choose the sites that serve most: %w", err)
	}
	if q.Capacity != nil {
		return maxWithin(ctx, &q, l, e.filled())
	}
	t, base := coverTable(&q)
	if t, err = fits(t.undominated(), l); err != nil {
		return nil, fmt.Errorf("choose the sites that serve most: %w", err)
	}
	f := maximise(ctx, t, l, e.filled())
	p := &Plan{Value: base + f.value, Bound: base + f.bound, Work: f.work, Stopped: f.stopped}
	p.explainCover(&q, t.names(f.set), l)
	return p, nil
}

// maxWithin is MaxCoverage within capacities.
func maxWithin(ctx context.Context, q *Question, l Limit, e Effort) (*Plan, error) {
	t := loadTable(q)
	if t.total() >= most62/(t.overlap(Limit{Sites: t.cands, Budget: unlimited})+1) {
		return nil, fmt.Errorf("choose the sites that serve most: %w: a total of %d", ErrTooLarge, t.total())
	}
	f := maximiseLoads(ctx, q, t, l, e)
	p := &Plan{Value: f.value, Bound: f.bound, Work: f.work, Stopped: f.stopped}
	p.explainLoads(q, t, t.names(f.set), l)
	return p, nil
}

// fits refuses tables whose sums would not fit into 63 bits, or whose figures of exchange
// not into memory.
func fits(t *table, l Limit) (*table, error) {
	if t.total() >= most62/(t.overlap(l)+1) {
		return nil, fmt.Errorf("%w: a total of %d, %d times", ErrTooLarge, t.total(), t.overlap(l))
	}
	if int64(l.slots(t))*int64(t.cands) > math.MaxInt32 {
		return nil, fmt.Errorf("%w: %d of %d candidates", ErrTooLarge, l.slots(t), t.cands)
	}
	return t, nil
}

// names are candidates of the table as the question counts them.
func (t *table) names(set []int32) []int32 {
	out := make([]int32, len(set))
	for at, j := range set {
		out[at] = t.origin[j]
	}
	return out
}
