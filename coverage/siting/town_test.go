package siting_test

import (
	"errors"
	"math"
	"math/rand/v2"

	"yike/coverage/siting"
)

func errorsAs(err error, target **siting.TargetError) bool { return errors.As(err, target) }

// town is a generated question in which each point is a candidate.
func town(n int, inReach float64, seed uint64) siting.Question { return townOf(n, n, inReach, seed) }

// townOf is a generated question: n points, half of them in clusters, the first of them also
// candidates, with so many points in reach on average. Costs are millionths of the town's
// width.
func townOf(n, candidates int, inReach float64, seed uint64) siting.Question {
	rng := rand.New(rand.NewPCG(seed, uint64(n)))
	x, y := make([]float64, n), make([]float64, n)
	q := siting.Question{Weight: make([]int64, n), Reach: siting.Reach{Start: []int{0}}}
	for i := range n {
		x[i], y[i] = rng.Float64(), rng.Float64()
		if c := rng.IntN(i + 1); i%2 == 1 {
			x[i], y[i] = x[c]+0.03*rng.NormFloat64(), y[c]+0.03*rng.NormFloat64()
		}
		q.Weight[i] = 1 + rng.Int64N(200)
	}
	radius := math.Sqrt(inReach / float64(n) / math.Pi)
	for j := range candidates {
		for i := range n {
			if d := math.Hypot(x[i]-x[j], y[i]-y[j]); d <= radius {
				q.Reach.Demand = append(q.Reach.Demand, int32(i))
				q.Reach.Cost = append(q.Reach.Cost, int32(math.Round(d*1e6)))
			}
		}
		q.Reach.Start = append(q.Reach.Start, len(q.Reach.Demand))
		q.Capacity = append(q.Capacity, 500+rng.Int64N(2000))
	}
	return q
}
