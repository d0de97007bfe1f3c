package populationimport

import (
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

// Parts sum to the total exactly, each is its share rounded down or up, and a larger
// weight never gets less. Shares are checked in rational numbers.
func TestSpread(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		total := rapid.Int64Range(0, 1e15).Draw(t, "total")
		weights := rapid.SliceOfN(rapid.Int64Range(0, 1e9), 1, 50).Draw(t, "weights")
		parts := spread(total, weights)
		sum, all := int64(0), int64(0)
		for i := range parts {
			sum += parts[i]
			all += weights[i]
		}
		if sum != total {
			t.Fatalf("sum %d, want %d", sum, total)
		}
		for i, part := range parts {
			share := new(big.Rat).SetInt64(total)
			if all > 0 {
				share.Mul(share, big.NewRat(weights[i], all))
			} else {
				share.Mul(share, big.NewRat(1, int64(len(weights))))
			}
			off := new(big.Rat).Sub(share, new(big.Rat).SetInt64(part))
			if off.Abs(off).Cmp(big.NewRat(1, 1)) >= 0 {
				t.Fatalf("part %d is %d, its share %s", i, part, share.FloatString(3))
			}
			for j := range parts {
				if weights[i] > weights[j] && part < parts[j] && all > 0 {
					t.Fatalf("weight %d got %d, weight %d got %d", weights[i], part, weights[j], parts[j])
				}
			}
		}
	})
}

func TestSpreadEdges(t *testing.T) {
	t.Parallel()
	if got := spread(5, nil); len(got) != 0 {
		t.Error("nobody to give to")
	}
	if got := spread(10, []int64{1, 1, 1}); got[0] != 4 || got[1] != 3 || got[2] != 3 {
		t.Errorf("equal remainders go to the first: %v", got)
	}
	if got := spread(5, []int64{0, 0}); got[0]+got[1] != 5 {
		t.Errorf("without weights: %v", got)
	}
}

// Weights whose sum is no int64 still share the total exactly; a larger one gets less by
// no more than the unit that halving may cost it.
func TestSpreadOfHugeWeights(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		total := rapid.Int64Range(0, 1e15).Draw(t, "total")
		weights := rapid.SliceOfN(rapid.Int64Range(math.MaxInt64/4, math.MaxInt64), 5, 20).Draw(t, "weights")
		parts := spread(total, weights)
		sum := int64(0)
		for i, part := range parts {
			sum += part
			if part < 0 {
				t.Fatalf("part %d is %d", i, part)
			}
			for j := range parts {
				if weights[i] > weights[j] && part < parts[j]-1 {
					t.Fatalf("weight %d got %d, weight %d got %d", weights[i], part, weights[j], parts[j])
				}
			}
		}
		if sum != total {
			t.Fatalf("sum %d, want %d", sum, total)
		}
	})
	if got := spread(12, []int64{math.MaxInt64, math.MaxInt64, math.MaxInt64}); got[0] != 4 || got[1] != 4 || got[2] != 4 {
		t.Errorf("three equal ones: %v", got)
	}
}

func TestFloorSpace(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		area   float64
		floors int
		want   int64
	}{
		{"a house", 120.5, 6, 72_300},
		{"floors unknown", 120.5, 0, 12_050},
		{"stored before floors were held to a limit", 1e6, 1e9, 1e12},
	} {
		if got := floorSpace(c.area, c.floors); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}
