package populationimport

import (
	"math"
	"slices"
)

// spread shares total among the weights in proportion, in whole units: each gets its
// share rounded down, and what is left goes one by one to the largest remainders,
// earlier places first among equals. The parts sum to total exactly. Weights are not
// negative; where they are all 0 the shares are equal, and where their sum is no int64
// they are halved until it is one. Nothing for no weights. O(n log n).
func spread(total int64, weights []int64) []int64 {
	parts := make([]int64, len(weights))
	if len(weights) == 0 {
		return parts
	}
	weights, sum := summable(weights)
	weight := func(i int) int64 { return weights[i] }
	if sum == 0 {
		sum = int64(len(weights))
		weight = func(int) int64 { return 1 }
	}
	remainders := make([]uint64, len(weights))
	order := make([]int, len(weights))
	left := total
	for i := range weights {
		parts[i], remainders[i] = mulDiv(total, weight(i), sum)
		left -= parts[i]
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case remainders[a] > remainders[b]:
			return -1
		case remainders[a] < remainders[b]:
			return 1
		}
		return 0
	})
	for i := range left {
		parts[order[i]]++
	}
	return parts
}

// summable gives the weights and their sum, all halved as often as the sum needs to fit.
func summable(weights []int64) (fitting []int64, sum int64) {
	for _, w := range weights {
		if w > math.MaxInt64-sum {
			halves := make([]int64, len(weights))
			for i, w := range weights {
				halves[i] = w / 2
			}
			return summable(halves)
		}
		sum += w
	}
	return weights, sum
}
