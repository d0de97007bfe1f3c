package siting

import "fmt"

// check holds a question to its shape, and its sums to 62 bits when each weight is
// multiplied by at most factor.
func (q *Question) check(needCost bool, factor int64) error {
	n, m := len(q.Weight), q.Reach.Candidates()
	for _, l := range []struct {
		name      string
		have, not int
		isNil     bool
	}{
		{"standings", len(q.Standing), m, q.Standing == nil},
		{"prices", len(q.Price), m, q.Price == nil},
		{"capacities", len(q.Capacity), m, q.Capacity == nil},
		{"costs", len(q.Reach.Cost), len(q.Reach.Demand), q.Reach.Cost == nil && !needCost},
	} {
		if !l.isNil && l.have != l.not {
			return fmt.Errorf("%w: %d %s instead of %d", ErrShape, l.have, l.name, l.not)
		}
	}
	if err := q.Reach.check(n); err != nil {
		return err
	}
	for j, p := range q.Price {
		if p < 1 {
			return fmt.Errorf("%w: candidate %d has the price %d", ErrShape, j, p)
		}
	}
	for j, c := range q.Capacity {
		if c < 0 {
			return fmt.Errorf("%w: candidate %d has the capacity %d", ErrShape, j, c)
		}
	}
	if err := sumFits(q.Weight, factor); err != nil {
		return fmt.Errorf("weights: %w", err)
	}
	if err := sumFits(q.Price, 1); err != nil {
		return fmt.Errorf("prices: %w", err)
	}
	return nil
}

func (r Reach) check(n int) error {
	if len(r.Start) == 0 {
		if len(r.Demand) > 0 {
			return fmt.Errorf("%w: points without lists", ErrShape)
		}
		return nil
	}
	if r.Start[0] != 0 || r.Start[len(r.Start)-1] != len(r.Demand) {
		return fmt.Errorf("%w: lists do not begin and end with their array", ErrShape)
	}
	for j := range r.Candidates() {
		if r.Start[j] > r.Start[j+1] || r.Start[j+1] > len(r.Demand) {
			return fmt.Errorf("%w: the list of candidate %d goes from %d to %d", ErrShape, j, r.Start[j], r.Start[j+1])
		}
		last := int32(-1)
		for at := r.Start[j]; at < r.Start[j+1]; at++ {
			if i := r.Demand[at]; i <= last || int(i) >= n {
				return fmt.Errorf("%w: candidate %d lists point %d after %d of %d", ErrShape, j, i, last, n)
			}
			last = r.Demand[at]
			if r.Cost != nil && r.Cost[at] < 0 {
				return fmt.Errorf("%w: candidate %d reaches point %d at the cost %d", ErrShape, j, last, r.Cost[at])
			}
		}
	}
	return nil
}

// sumFits holds factor times a sum of numbers, none of them negative, below 2^62.
func sumFits(of []int64, factor int64) error {
	const most = int64(1) << 62
	total := int64(0)
	for i, v := range of {
		if v < 0 {
			return fmt.Errorf("%w: number %d is %d", ErrShape, i, v)
		}
		if v > most-total {
			return ErrTooLarge
		}
		total += v
	}
	if total > 0 && factor > most/total {
		return ErrTooLarge
	}
	return nil
}

func (q *Question) standing(j int) Standing {
	if q.Standing == nil {
		return Free
	}
	return q.Standing[j]
}

func (q *Question) price(j int) int64 {
	if q.Price == nil {
		return 1
	}
	return q.Price[j]
}
