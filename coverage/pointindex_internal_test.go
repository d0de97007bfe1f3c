package coverage

import (
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

func TestPointIndexFindsAllInABox(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		// A coarse lattice, so that points share places, lines and corners of boxes.
		axis := rapid.IntRange(0, rapid.SampledFrom([]int{0, 3, 40}).Draw(t, "width"))
		draw := func(label string) orb.Point {
			return orb.Point{114 + float64(axis.Draw(t, label))/100, 30 + float64(rapid.IntRange(0, 40).Draw(t, label))/100}
		}
		points := make([]orb.Point, rapid.IntRange(0, 200).Draw(t, "points"))
		for i := range points {
			points[i] = draw("point")
		}
		index := newPointIndex(points)
		a, b := draw("corner"), draw("corner")
		box := orb.MultiPoint{a, b}.Bound()
		var got []int32
		index.in(box, func(i int32) { got = append(got, i) })
		slices.Sort(got)
		if len(slices.Compact(slices.Clone(got))) != len(got) {
			t.Fatalf("some came twice: %v", got)
		}
		for i, p := range points {
			if _, found := slices.BinarySearch(got, int32(i)); box.Contains(p) && !found {
				t.Fatalf("%v in %v was not found", p, box)
			}
		}
		var all []int32
		index.in(index.box, func(i int32) { all = append(all, i) })
		if len(all) != len(points) {
			t.Fatalf("%d of %d points are in the box of all", len(all), len(points))
		}
	})
}
