package life_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"yike/placenames/plates/life"
)

type place struct{ x, y int64 }

func apart(a, b place) int64 { return max(a.x-b.x, b.x-a.x) + max(a.y-b.y, b.y-a.y) }

func places(t *rapid.T, most int) []place {
	of := rapid.Custom(func(t *rapid.T) place {
		return place{rapid.Int64Range(0, 500).Draw(t, "x"), rapid.Int64Range(0, 500).Draw(t, "y")}
	})
	return rapid.SliceOfN(of, 0, most).Draw(t, "doors")
}

func route(doors []place, from *place) life.Way {
	var start func(int) int64
	if from != nil {
		start = func(i int) int64 { return apart(*from, doors[i]) }
	}
	return life.Route(len(doors), start, func(i, j int) int64 { return apart(doors[i], doors[j]) })
}

func along(doors []place, from *place, order []int) int64 {
	var sum int64
	for i, door := range order {
		switch {
		case i > 0:
			sum += apart(doors[order[i-1]], doors[door])
		case from != nil:
			sum += apart(*from, doors[door])
		}
	}
	return sum
}

// shortest tries every order: the oracle.
func shortest(doors []place, from *place, order []int, left []int) int64 {
	if len(left) == 0 {
		return along(doors, from, order)
	}
	best := int64(-1)
	for i := range left {
		rest := slices.Delete(slices.Clone(left), i, i+1)
		if sum := shortest(doors, from, append(slices.Clone(order), left[i]), rest); best < 0 || sum < best {
			best = sum
		}
	}
	return best
}

func visited(t *rapid.T, way life.Way, n int) {
	seen := slices.Sorted(slices.Values(way.Order))
	for i, door := range seen {
		if door != i {
			t.Fatalf("order %v", way.Order)
		}
	}
	if len(seen) != n {
		t.Fatalf("%d of %d doors", len(seen), n)
	}
}

func TestShortWaysAreShortest(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		doors := places(t, 6)
		var from *place
		if rapid.Bool().Draw(t, "from somewhere") {
			from = &place{250, 250}
		}
		way := route(doors, from)
		visited(t, way, len(doors))
		left := make([]int, len(doors))
		for i := range left {
			left[i] = i
		}
		if want := shortest(doors, from, nil, left); way.Length != want || !way.Exact || along(doors, from, way.Order) != want {
			t.Fatalf("length %d, the shortest is %d", way.Length, want)
		}
	})
}

func TestLongWays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		doors := places(t, 40)
		from := place{0, 0}
		way := route(doors, &from)
		visited(t, way, len(doors))
		if way.Length != along(doors, &from, way.Order) {
			t.Fatalf("length %d, walked %d", way.Length, along(doors, &from, way.Order))
		}
		if way.Exact != (len(doors) <= life.ExactStops) {
			t.Fatalf("%d doors, exact %v", len(doors), way.Exact)
		}
		// No stretch turned round makes it shorter.
		for i := range way.Order {
			for j := i + 1; j < len(way.Order); j++ {
				other := slices.Clone(way.Order)
				slices.Reverse(other[i : j+1])
				if along(doors, &from, other) < way.Length {
					t.Fatalf("turning %d to %d round is shorter", i, j)
				}
			}
		}
	})
}

// On doors of the same number the heuristic is held against what is proven.
func TestLongWaysAreNearTheShortest(t *testing.T) {
	t.Parallel()
	// Two sides of a road of 20 doors: down one side and back the other.
	var doors []place
	for i := range int64(10) {
		doors = append(doors, place{i * 20, 0}, place{i * 20, 12})
	}
	from := place{-20, 0}
	if way := route(doors, &from); way.Length > 420 {
		t.Errorf("%d m for a road that takes 400 at the least", way.Length)
	}
}
