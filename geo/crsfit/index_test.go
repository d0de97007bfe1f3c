package crsfit

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yike/geo"
)

// TestIndexAgainstAllSegments compares with the distance to every segment in turn.
func TestIndexAgainstAllSegments(t *testing.T) {
	t.Parallel()
	frame := geo.Frame(orb.Point{117, 39})
	rapid.Check(t, func(t *rapid.T) {
		coordinate := rapid.Float64Range(-900, 900)
		point := func(name string) orb.Point {
			return orb.Point{coordinate.Draw(t, name), coordinate.Draw(t, name)}
		}
		var roads []orb.LineString
		for range rapid.IntRange(0, 8).Draw(t, "roads") {
			var road orb.LineString
			for range rapid.IntRange(0, 5).Draw(t, "points") {
				road = append(road, frame.From(point("road")))
			}
			roads = append(roads, road)
		}
		x := newIndex(roads, frame, orb.Bound{Min: orb.Point{-800, -800}, Max: orb.Point{800, 800}})
		for range 10 {
			p := point("point")
			if math.Abs(p[0]) > 600 || math.Abs(p[1]) > 600 {
				continue // roads beyond the bound may be left out
			}
			want := reachM
			for _, road := range roads {
				for i := 1; i < len(road); i++ {
					want = math.Min(want, math.Sqrt(squared(p, [2]orb.Point{frame.To(road[i-1]), frame.To(road[i])})))
				}
			}
			if got := x.distance(p); math.Abs(got-want) > 1e-6 {
				t.Fatalf("distance from %v = %v; want %v", p, got, want)
			}
		}
	})
}
