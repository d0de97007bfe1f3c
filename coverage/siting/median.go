package siting

import (
	"context"
	"fmt"
	"slices"
)

// ceilings are what each point pays at most, before anything is chosen: beyond, or the cost
// of its nearest existing site.
func ceilings(q *Question, beyond int32) []int32 {
	out := make([]int32, len(q.Weight))
	for i := range out {
		out[i] = beyond
	}
	for j := range q.Reach.Candidates() {
		if q.standing(j) != Existing {
			continue
		}
		for at := q.Reach.Start[j]; at < q.Reach.Start[j+1]; at++ {
			i := q.Reach.Demand[at]
			out[i] = min(out[i], q.Reach.Cost[at])
		}
	}
	return out
}

// Median finds the sites, within a limit, that make the sum of weight × cost to the
// nearest open site smallest: the p-median problem. A point that no open site has in its
// list pays beyond, which is to be at least each cost in the lists; so with all pairs listed
// it plays no part. Value and bound of the plan are sums of weight × cost. Time and memory
// are those of MaxCoverage. Capacities are not known to it.
func Median(ctx context.Context, q Question, l Limit, beyond int32, e Effort) (*Plan, error) {
	const doing = "choose the sites of the shortest ways"
	highest := int32(0)
	if len(q.Reach.Cost) > 0 {
		highest = slices.Max(q.Reach.Cost)
	}
	if beyond < highest {
		return nil, fmt.Errorf("%s: %w: beyond is %d, but a list has the cost %d", doing, ErrShape, beyond, highest)
	}
	if err := q.check(true, int64(beyond)); err != nil {
		return nil, fmt.Errorf("%s: %w", doing, err)
	}
	if q.Capacity != nil {
		return nil, fmt.Errorf("%s: %w", doing, ErrCapacity)
	}
	l, err := l.filled()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", doing, err)
	}
	ceiling := ceilings(&q, beyond)
	base := int64(0)
	for i, c := range ceiling {
		base += q.Weight[i] * int64(c)
	}
	t, err := fits(medianTable(&q, ceiling).undominated(), l)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", doing, err)
	}
	f := maximise(ctx, t, l, e.filled())
	p := &Plan{Value: base - f.value, Bound: base - f.bound, Work: f.work, Stopped: f.stopped}
	p.explainMedian(&q, t.names(f.set), l, beyond)
	return p, nil
}

func medianTable(q *Question, ceiling []int32) *table {
	var entries []triple
	for j := range q.Reach.Candidates() {
		if q.standing(j) != Free {
			continue
		}
		for at := q.Reach.Start[j]; at < q.Reach.Start[j+1]; at++ {
			i := q.Reach.Demand[at]
			if save := q.Weight[i] * int64(ceiling[i]-q.Reach.Cost[at]); save > 0 {
				entries = append(entries, triple{i, int32(j), save})
			}
		}
	}
	return newTable(q, len(q.Weight), entries, false)
}
