package tiles

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func total(rings [][]pt) int64 {
	var sum int64
	for _, r := range rings {
		sum += area2(r)
	}
	return sum
}

func TestAssemble(t *testing.T) {
	t.Parallel()
	square := func(x, y, side int32) []pt {
		return []pt{{x, y}, {x + side, y}, {x + side, y + side}, {x, y + side}}
	}
	turned := func(r []pt) []pt {
		r = slices.Clone(r)
		slices.Reverse(r)
		return r
	}
	for _, tc := range []struct {
		name          string
		rings         [][]pt
		shells, holes int
		area2         int64
	}{
		{"a square stays", [][]pt{square(0, 0, 10)}, 1, 0, 200},
		{"no rings", nil, 0, 0, 0},
		{"a ring forth and back vanishes", [][]pt{{{0, 0}, {10, 0}, {20, 0}, {10, 0}}}, 0, 0, 0},
		{"two overlapping squares become one", [][]pt{square(0, 0, 10), square(5, 0, 10)}, 1, 0, 300},
		{"two squares with a common side become one", [][]pt{square(0, 0, 10), square(10, 0, 10)}, 1, 0, 400},
		{"squares that meet in a corner stay two", [][]pt{square(0, 0, 10), square(10, 10, 10)}, 2, 0, 400},
		{"a hole stays", [][]pt{square(0, 0, 10), turned(square(2, 2, 4))}, 1, 1, 168},
		{"a hole that touches the shell in a point stays a hole", [][]pt{square(0, 0, 10), {{0, 5}, {4, 7}, {4, 3}}}, 1, 1, 184},
		{"a hole along the shell becomes a bay", [][]pt{square(0, 0, 10), turned(square(0, 2, 4))}, 1, 0, 168},
		{"a hole outside the shell is nothing", [][]pt{square(0, 0, 10), turned(square(20, 20, 4))}, 1, 0, 200},
		{"a hole that fills its shell leaves nothing", [][]pt{square(0, 0, 10), turned(square(0, 0, 10))}, 0, 0, 0},
		{"an island in a hole", [][]pt{square(0, 0, 20), turned(square(2, 2, 16)), square(5, 5, 5)}, 2, 1, 800 - 512 + 50},
		{"holes that part the ground", [][]pt{square(0, 0, 10), {{5, 0}, {4, 5}, {5, 10}, {6, 5}}}, 2, 0, 180},
		{"two holes that meet in a point", [][]pt{square(0, 0, 20), turned(square(2, 2, 4)), turned(square(6, 6, 4))}, 1, 2, 800 - 64},
		{"a bridge between the arms of a U vanishes", [][]pt{{{0, 0}, {30, 0}, {30, 10}, {20, 10}, {20, 0}, {10, 0}, {10, 10}, {0, 10}}}, 2, 0, 400},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got := assemble(tc.rings)
			shells, holes := 0, 0
			for _, r := range got {
				if area2(r) > 0 {
					shells++
				} else {
					holes++
				}
			}
			if shells != tc.shells || holes != tc.holes || total(got) != tc.area2 {
				t.Errorf("assemble = %v: %d shells, %d holes, area %d; want %d, %d, %d", got, shells, holes, total(got), tc.shells, tc.holes, tc.area2)
			}
			if len(got) > 0 {
				if err := checkPolygons(got); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// TestAssembleCountsCells draws unions of random squares on a small grid and counts
// their cells one by one.
func TestAssembleCountsCells(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		var wound [12][12]int
		var rings [][]pt
		for range rapid.IntRange(1, 8).Draw(rt, "boxes") {
			x, y := rapid.IntRange(0, 10).Draw(rt, "x"), rapid.IntRange(0, 10).Draw(rt, "y")
			w, h := rapid.IntRange(1, 12-x).Draw(rt, "w"), rapid.IntRange(1, 12-y).Draw(rt, "h")
			ring := []pt{{int32(x), int32(y)}, {int32(x + w), int32(y)}, {int32(x + w), int32(y + h)}, {int32(x), int32(y + h)}}
			sign := 1
			if rapid.Bool().Draw(rt, "hole") {
				slices.Reverse(ring)
				sign = -1
			}
			rings = append(rings, ring)
			for i := x; i < x+w; i++ {
				for j := y; j < y+h; j++ {
					wound[i][j] += sign
				}
			}
		}
		var want int64
		for i := range wound {
			for j := range wound[i] {
				if wound[i][j] > 0 {
					want += 2
				}
			}
		}
		got := assemble(rings)
		if total(got) != want {
			rt.Fatalf("area %d, want %d: %v", total(got), want, got)
		}
		if len(got) > 0 {
			if err := checkPolygons(got); err != nil {
				rt.Fatal(err)
			}
		}
		// Done twice, nothing changes.
		if again := total(assemble(got)); again != want {
			rt.Fatalf("assembled again: area %d, want %d", again, want)
		}
	})
}

// TestSimpleAgreesWithTheChecker holds the quick test against the slow one.
func TestSimpleAgreesWithTheChecker(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(3, 20).Draw(rt, "n")
		var ring []pt
		for range n {
			ring = appendPt(ring, pt{int32(rapid.IntRange(0, 12).Draw(rt, "x")), int32(rapid.IntRange(0, 12).Draw(rt, "y"))})
		}
		ring = openRing(ring)
		if len(ring) < 3 || area2(ring) == 0 {
			return
		}
		if area2(ring) < 0 {
			slices.Reverse(ring)
		}
		want := checkPolygons([][]pt{ring}) == nil
		if got := simple([][]pt{ring}, segments(nil, [][]pt{ring})); got != want {
			rt.Fatalf("simple(%v) = %v, want %v", ring, got, want)
		}
	})
}
