package demogen

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
)

// dice is a seeded stream of chance. Every stage of the generator has its own, so
// that a change in one stage leaves the others as they were.
type dice struct{ r *rand.Rand }

func newDice(seed uint64, stage string) dice {
	h := fnv.New64a()
	_, _ = h.Write([]byte(stage))                       // never fails
	return dice{rand.New(rand.NewPCG(seed, h.Sum64()))} //nolint:gosec // reproducible on purpose, guards nothing
}

func (d dice) span(a, b float64) float64       { return a + mul(b-a, d.r.Float64()) }
func (d dice) chance(p float64) bool           { return d.r.Float64() < p }
func (d dice) below(n int) int                 { return d.r.IntN(n) }
func (d dice) between(a, b int) int            { return a + d.r.IntN(b-a+1) }
func (d dice) shuffle(n int, f func(i, j int)) { d.r.Shuffle(n, f) }

// round rounds x up or down by chance, so that its expectation is x.
func (d dice) round(x float64) int {
	return int(math.Floor(x + d.r.Float64()))
}

func pick[T any](d dice, from []T) T { return from[d.below(len(from))] }
