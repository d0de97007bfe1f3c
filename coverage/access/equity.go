package access

import (
	"cmp"
	"fmt"
	"slices"
)

// Spread is how access falls among the people of one division. A mean alone hides those
// who have nothing, so it never comes alone.
type Spread struct {
	People  int64     // all, in the unit given
	Without int64     // those whose access is 0
	Mean    float64   // per person; 0 where nobody lives
	At      []float64 // per percentile asked for: the access of the person there, from the least served; nil where nobody lives
}

// Spreads tells for each of so many divisions how access falls among its people. A place's
// division is an index, or -1 outside of all. A percentile of q is the least access such
// that a share of q of the people have no more; percentiles are 0 to 1. O(n log n).
func Spreads(access []float64, people []int64, division []int32, divisions int, percentiles []float64) ([]Spread, error) {
	if len(access) != len(people) || len(division) != len(people) {
		return nil, fmt.Errorf("spread access: %w: %d places with access, %d with people, %d with divisions",
			ErrShape, len(access), len(people), len(division))
	}
	for _, q := range percentiles {
		if !(q >= 0 && q <= 1) {
			return nil, fmt.Errorf("spread access: %w: percentile %v", ErrShape, q)
		}
	}
	out := make([]Spread, divisions)
	members := make([][]int32, divisions)
	for _, i := range byAccess(access, people) {
		if d := division[i]; d >= 0 && int(d) < divisions {
			members[d] = append(members[d], i)
		}
	}
	for d, of := range members {
		out[d] = spread(access, people, of, percentiles)
	}
	return out, nil
}

// byAccess are the places where people live, from the least access to the largest.
func byAccess(access []float64, people []int64) []int32 {
	var order []int32
	for i, p := range people {
		if p > 0 {
			order = append(order, int32(i))
		}
	}
	slices.SortFunc(order, func(a, b int32) int {
		return cmp.Or(cmp.Compare(access[a], access[b]), cmp.Compare(a, b))
	})
	return order
}

func spread(access []float64, people []int64, order []int32, percentiles []float64) Spread {
	var s Spread
	sum := 0.0
	for _, i := range order {
		s.People += people[i]
		sum += float64(access[i] * float64(people[i]))
		if access[i] == 0 {
			s.Without += people[i]
		}
	}
	if s.People == 0 {
		return s
	}
	s.Mean = sum / float64(s.People)
	for _, q := range percentiles {
		wanted, before := q*float64(s.People), int64(0)
		at := access[order[len(order)-1]]
		for _, i := range order {
			if before += people[i]; float64(before) >= wanted {
				at = access[i]
				break
			}
		}
		s.At = append(s.At, at)
	}
	return s
}

// Under counts the people whose access is below each threshold: those for whom a standard,
// such as beds per person, is not met. A threshold includes itself among those who have
// enough. O(n × thresholds).
func Under(access []float64, people []int64, thresholds []float64) []int64 {
	out := make([]int64, len(thresholds))
	for at, t := range thresholds {
		for i, p := range people {
			if access[i] < t {
				out[at] += p
			}
		}
	}
	return out
}

// Gini is how unevenly access falls among people: 0 when each has as much, towards 1 when
// few have all. It is half the mean difference between any two people over the mean. It is
// not defined (false) where nobody lives or nobody has access. O(n log n).
func Gini(access []float64, people []int64) (float64, bool) {
	before, all, half := 0.0, 0.0, 0.0
	for _, i := range byAccess(access, people) {
		p := float64(people[i])
		have := float64(p * access[i])
		// The area under Lorenz's curve: people times what those before them have and half of theirs.
		half += float64(p * (all + have/2))
		all += have
		before += p
	}
	if !(all > 0) {
		return 0, false
	}
	return max(0, 1-2*half/float64(before*all)), true
}
