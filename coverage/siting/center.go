package siting

import (
	"context"
	"fmt"
	"slices"
)

// Center finds p sites that make the largest cost of any point to its nearest open site
// smallest: the vertex p-center problem. Points of weight 0 do not count. It is solved by
// bisection over the costs, each step asking whether p sites serve all within that cost
// (Minieka 1970). Value and bound of the plan are costs. Points that no candidate lists, or
// more of them than p sites were found to serve at any cost, are a *TargetError in points.
// Prices play no part; capacities are not known to it.
func Center(ctx context.Context, q Question, p int, e Effort) (*Plan, error) {
	const doing = "choose the sites of the shortest longest way"
	if err := q.check(true, 1); err != nil {
		return nil, fmt.Errorf("%s: %w", doing, err)
	}
	if q.Capacity != nil {
		return nil, fmt.Errorf("%s: %w", doing, ErrCapacity)
	}
	if p < 0 {
		return nil, fmt.Errorf("%s: %w: %d sites", doing, ErrLimit, p)
	}
	c := centering{ctx: ctx, p: int64(p), effort: e.filled(), q: q}
	c.q.Weight = make([]int64, len(q.Weight))
	for i, w := range q.Weight {
		c.q.Weight[i] = min(w, 1)
		c.points += c.q.Weight[i]
	}
	c.q.Price = nil
	c.costs = append(slices.Clone(q.Reach.Cost), 0)
	slices.Sort(c.costs)
	c.costs = slices.Compact(c.costs)
	value, bound, err := c.bisect()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", doing, err)
	}
	plan := &Plan{Value: int64(c.costs[value]), Bound: int64(c.costs[bound]), Work: c.work, Stopped: c.stopped}
	plan.explainCenter(&q, c.set)
	return plan, nil
}

type centering struct {
	ctx     context.Context
	q       Question // of weights 1 and 0
	p       int64
	points  int64
	effort  Effort
	costs   []int32
	set     []int32 // of the least cost that was found to do
	work    Work
	stopped bool
}

type answer int8

const (
	unknown answer = iota
	yes
	no
)

// bisect returns the index of the least cost at which p sites were found to do, and of the
// least at which they may.
func (c *centering) bisect() (value, bound int, err error) {
	last := len(c.costs) - 1
	if c.ask(last) != yes {
		return 0, 0, &TargetError{Target: c.points, Most: c.most()}
	}
	low, high, known := -1, last, -1 // low does not do, as far as is known; known certainly does not
	for high-low > 1 {
		mid := low + (high-low)/2
		switch c.ask(mid) {
		case yes:
			high = mid
		case no:
			low, known = mid, mid
		default:
			low = mid
		}
	}
	for top := low; top-known > 1; {
		mid := known + (top-known)/2
		if c.ask(mid) == no {
			known = mid
		} else {
			top = mid
		}
	}
	return high, known + 1, nil
}

func (c *centering) within(at int) (*table, int64) {
	q := c.q
	q.Reach = c.q.Reach.Within(c.costs[at])
	return coverTable(&q)
}

// most is how many points all candidates reach.
func (c *centering) most() int64 {
	t, base := c.within(len(c.costs) - 1)
	return base + t.total()
}

// ask says whether p sites serve all points within a cost.
func (c *centering) ask(at int) answer {
	t, base := c.within(at)
	if base+t.total() < c.points {
		return no
	}
	if t.rows == 0 {
		c.set = nil
		return yes
	}
	t = reduce(c.ctx, t, true)
	f := minimise(c.ctx, t, t.total(), c.p, c.effort)
	c.work.Kicks += f.work.Kicks
	c.work.Steps += f.work.Steps
	c.work.Nodes += f.work.Nodes
	c.stopped = c.stopped || f.stopped
	switch {
	case -f.value <= c.p:
		c.set = t.names(f.set)
		return yes
	case -f.bound > c.p:
		return no
	}
	return unknown
}
