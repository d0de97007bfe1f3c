package siting

import (
	"cmp"
	"fmt"
	"math"
	"math/bits"
	"slices"
)

// Limit is how much may be chosen: so many sites, so high a sum of prices, or both. Zero
// means that this does not limit.
type Limit struct {
	Sites  int
	Budget int64
}

const unlimited = math.MaxInt64 / 4

func (l Limit) filled() (Limit, error) {
	if l.Sites < 0 || l.Budget < 0 || l == (Limit{}) {
		return l, fmt.Errorf("%w: %d sites, budget %d", ErrLimit, l.Sites, l.Budget)
	}
	if l.Sites == 0 {
		l.Sites = math.MaxInt32
	}
	if l.Budget == 0 {
		l.Budget = unlimited
	}
	return l, nil
}

// slots is how many sites of a table the limit can allow at most.
func (l Limit) slots(t *table) int {
	n := min(l.Sites, t.cands)
	if t.cands == 0 {
		return 0
	}
	return int(min(int64(n), l.Budget/slices.Min(t.price)))
}

// ratioLess says whether a/b < c/d, for b and d above 0 and all at least 0.
func ratioLess(a, b, c, d int64) bool {
	h1, l1 := bits.Mul64(uint64(a), uint64(d))
	h2, l2 := bits.Mul64(uint64(c), uint64(b))
	return h1 < h2 || h1 == h2 && l1 < l2
}

// muldiv is a×b/c, rounded down, for numbers of at least 0 whose quotient fits.
func muldiv(a, b, c int64) int64 {
	h, l := bits.Mul64(uint64(a), uint64(b))
	if h >= uint64(c) {
		return unlimited
	}
	q, _ := bits.Div64(h, l, uint64(c))
	return int64(min(q, unlimited))
}

// fate is what a node of the branching has decided of a candidate.
type fate int8

const (
	undecided fate = iota
	taken
	left
)

// picking is the best choice by profits alone.
type picking struct {
	chosen []int32             // of the undecided
	sum    int64               // at least what any allowed choice of the undecided can add up to
	in     func(j int32) int64 // by how much the sum falls at least when an undecided one that is not chosen is forced in
	out    func(j int32) int64 // … when a chosen one is forced out
}

// pick chooses among the undecided what gives the largest sum of profits within a limit.
// Where prices differ and bound, the sum is that of the best fractional choice.
func pick(profit, price []int64, even, atWill bool, fates []fate, l Limit) picking {
	var open []int32
	for j, f := range fates {
		if f == undecided {
			open = append(open, int32(j))
		}
	}
	if atWill {
		return pickAtWill(profit, open)
	}
	if even && len(price) > 0 {
		l.Sites = int(min(int64(l.Sites), l.Budget/price[0]))
	}
	byCount := pickCount(profit, open, l.Sites)
	if even || l.Budget >= unlimited {
		return byCount
	}
	byPrice := pickPrice(profit, price, open, l)
	if byPrice.sum <= byCount.sum {
		return byPrice
	}
	// What may be bought is chosen by price either way.
	byCount.chosen = byPrice.chosen
	byCount.in, byCount.out = nothing, nothing
	return byCount
}

func nothing(int32) int64 { return 0 }

func pickAtWill(profit []int64, open []int32) picking {
	p := picking{
		in:  func(j int32) int64 { return -profit[j] },
		out: func(j int32) int64 { return profit[j] },
	}
	for _, j := range open {
		if profit[j] > 0 {
			p.chosen = append(p.chosen, j)
			p.sum += profit[j]
		}
	}
	return p
}

func pickCount(profit []int64, open []int32, count int) picking {
	count = max(count, 0)
	last, next := int64(0), int64(0)
	if count < len(open) {
		split(open, profit, count)
		for _, j := range open[count:] {
			next = max(next, profit[j])
		}
		open = open[:count]
	}
	var p picking
	for at, j := range open {
		p.sum += profit[j]
		if at == 0 || profit[j] < last {
			last = profit[j]
		}
	}
	p.chosen = open
	p.in = func(j int32) int64 { return last - profit[j] }
	p.out = func(j int32) int64 { return profit[j] - next }
	return p
}

func pickPrice(profit, price []int64, open []int32, l Limit) picking {
	slices.SortFunc(open, func(a, b int32) int {
		switch {
		case ratioLess(profit[b], price[b], profit[a], price[a]):
			return -1
		case ratioLess(profit[a], price[a], profit[b], price[b]):
			return 1
		}
		return cmp.Compare(a, b)
	})
	var p picking
	num, den, spent := int64(0), int64(1), int64(0)
	for _, j := range open {
		if spent+price[j] > l.Budget {
			num, den = profit[j], price[j]
			break
		}
		spent += price[j]
	}
	// For any price of money num/den, budget × it + Σ max(0, profit − price × it) is a bound.
	p.sum = muldiv(num, max(l.Budget, 0), den) + 1
	spent = 0
	for _, j := range open {
		p.sum += max(0, profit[j]-muldiv(num, price[j], den))
		if spent+price[j] <= l.Budget && len(p.chosen) < l.Sites {
			spent += price[j]
			p.chosen = append(p.chosen, j)
		}
	}
	p.in = func(j int32) int64 { return max(0, muldiv(num, price[j], den)-profit[j]) }
	p.out = func(j int32) int64 { return max(0, profit[j]-muldiv(num, price[j], den)-1) }
	return p
}

// split puts the count largest by profit, ties by index, in front.
func split(open []int32, profit []int64, count int) {
	before := func(a, b int32) bool {
		return profit[a] > profit[b] || profit[a] == profit[b] && a < b
	}
	lo, hi := 0, len(open)
	for hi-lo > 1 {
		mid := open[(lo+hi)/2]
		i, j := lo, hi-1
		for i <= j {
			for before(open[i], mid) {
				i++
			}
			for before(mid, open[j]) {
				j--
			}
			if i <= j {
				open[i], open[j] = open[j], open[i]
				i++
				j--
			}
		}
		switch {
		case count <= j:
			hi = j + 1
		case count >= i:
			lo = i
		default:
			return
		}
	}
}
