package geo_test

import (
	"errors"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"yike/geo"
)

func TestCrossing(t *testing.T) {
	t.Parallel()
	square := orb.Ring{{0, 0}, {4, 0}, {4, 4}, {0, 4}, {0, 0}}
	for _, c := range []struct {
		name string
		mp   orb.MultiPolygon
		want bool
	}{
		{"a square", orb.MultiPolygon{{square}}, false},
		{"with a hole", orb.MultiPolygon{{square, {{1, 1}, {1, 2}, {2, 2}, {1, 1}}}}, false},
		{"a hole that touches at a corner", orb.MultiPolygon{{square, {{0, 0}, {1, 2}, {2, 1}, {0, 0}}}}, false},
		{"a bow tie", orb.MultiPolygon{{{{0, 0}, {4, 4}, {4, 0}, {0, 4}, {0, 0}}}}, true},
		{"a hole that sticks out", orb.MultiPolygon{{square, {{1, 1}, {1, 5}, {2, 2}, {1, 1}}}}, true},
		{"a corner on a side", orb.MultiPolygon{{square, {{2, 0}, {1, 2}, {3, 2}, {2, 0}}}}, true},
		{"two squares that overlap", orb.MultiPolygon{{square}, {{{3, 3}, {6, 3}, {6, 6}, {3, 6}, {3, 3}}}}, true},
		{"by a ten-millionth of a degree", orb.MultiPolygon{{{{0, 0}, {4, 0}, {4, 4}, {2, -0.0000001}, {0, 4}, {0, 0}}}}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if _, got := geo.Crossing(c.mp); got != c.want {
				t.Errorf("got %v", got)
			}
		})
	}
}

// The point is inside for any simple polygon, rings and bent slabs too.
func TestInside(t *testing.T) {
	t.Parallel()
	for name, m := range map[string]orb.MultiPolygon{
		"block with a yard": {{{{0, 0}, {4, 0}, {4, 4}, {0, 4}, {0, 0}}, {{1, 1}, {1, 3}, {3, 3}, {3, 1}, {1, 1}}}},
		"horseshoe":         {{{{0, 0}, {5, 0}, {5, 5}, {4, 5}, {4, 1}, {1, 1}, {1, 5}, {0, 5}, {0, 0}}}},
		"largest of two":    {{{{9, 9}, {9.1, 9}, {9.1, 9.1}, {9, 9}}}, {{{0, 0}, {1, 0}, {1, 1}, {0, 0}}}},
	} {
		p := geo.Inside(m)
		if !planar.MultiPolygonContains(m, p) {
			t.Errorf("%s: %v is outside", name, p)
		}
	}
	if p := geo.Inside(orb.MultiPolygon{{{{0, 0}, {1, 0}, {1, 1}, {0, 0}}}, {{{9, 9}, {9.1, 9}, {9.1, 9.1}, {9, 9}}}}); p[0] > 1 {
		t.Error("the smaller polygon was taken")
	}
	if p := geo.Inside(orb.MultiPolygon{{{{2, 2}, {3, 2}, {2, 2}}}}); p != (orb.Point{2, 2}) {
		t.Errorf("a polygon without area: %v", p)
	}
	if p := geo.Inside(nil); p != (orb.Point{}) {
		t.Error("nothing has no inside")
	}
}

func TestCheckPolygon(t *testing.T) {
	t.Parallel()
	square := orb.Ring{{0, 0}, {4, 0}, {4, 4}, {0, 4}, {0, 0}}
	for _, c := range []struct {
		name string
		p    orb.Polygon
		want error
	}{
		{"a square", orb.Polygon{square}, nil},
		{"with two holes", orb.Polygon{square, {{1, 1}, {1, 2}, {2, 2}, {1, 1}}, {{3, 3}, {3, 3.5}, {3.5, 3.5}, {3, 3}}}, nil},
		{"a corner in the middle of a side", orb.Polygon{{{0, 0}, {2, 0}, {4, 0}, {4, 4}, {0, 0}}}, nil},
		{"nothing", nil, geo.ErrNoRing},
		{"no corners", orb.Polygon{{}}, geo.ErrOpenRing},
		{"open", orb.Polygon{{{0, 0}, {4, 0}, {4, 4}}}, geo.ErrOpenRing},
		{"a line", orb.Polygon{{{0, 0}, {4, 0}, {0, 0}}}, geo.ErrFewCorners},
		{"flat", orb.Polygon{{{0, 0}, {2, 0}, {4, 0}, {0, 0}}}, geo.ErrCrosses},
		{"a spike", orb.Polygon{{{0, 0}, {4, 0}, {4, 4}, {4, 2}, {0, 4}, {0, 0}}}, geo.ErrCrosses},
		{"a spike at its beginning", orb.Polygon{{{4, 4}, {4, 2}, {0, 4}, {0, 0}, {4, 0}, {4, 4}}}, geo.ErrCrosses},
		{"a corner passed twice", orb.Polygon{{{0, 0}, {2, 2}, {4, 0}, {4, 4}, {2, 2}, {0, 4}, {0, 0}}}, geo.ErrCrosses},
		{"a bow tie", orb.Polygon{{{0, 0}, {4, 4}, {4, 0}, {0, 4}, {0, 0}}}, geo.ErrCrosses},
		{"a hole that touches", orb.Polygon{square, {{0, 0}, {1, 2}, {2, 1}, {0, 0}}}, geo.ErrCrosses},
		{"a hole outside", orb.Polygon{square, {{5, 5}, {5, 6}, {6, 6}, {5, 5}}}, geo.ErrHoleOutside},
		{"a hole in a hole", orb.Polygon{square, {{1, 1}, {1, 3}, {3, 3}, {3, 1}, {1, 1}}, {{2, 1.5}, {2, 2.5}, {2.5, 2}, {2, 1.5}}}, geo.ErrHoleOutside},
		{"a hole around a hole", orb.Polygon{square, {{2, 1.5}, {2, 2.5}, {2.5, 2}, {2, 1.5}}, {{1, 1}, {1, 3}, {3, 3}, {3, 1}, {1, 1}}}, geo.ErrHoleOutside},
		{"no latitude", orb.Polygon{{{0, 0}, {4, 0}, {4, 91}, {0, 0}}}, geo.ErrNoPlace},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			err := geo.CheckPolygon(c.p)
			if !errors.Is(err, c.want) || (err == nil) != (c.want == nil) {
				t.Errorf("got %v, want %v", err, c.want)
			}
			var at *geo.ShapeError
			if err != nil && (!errors.As(err, &at) || at.Error() == "") {
				t.Errorf("%v does not say where", err)
			}
		})
	}
	if geo.Grained(nil) != nil {
		t.Error("no polygon became one")
	}
	if got := geo.Grained(orb.Polygon{{{0, 0}, {4, 0}, {4, 0.00000001}, {4.00000004, 4}, {}}, {}}); len(got[0]) != 4 || got[0][2] != (orb.Point{4, 4}) || got[0][3] != got[0][0] {
		t.Errorf("grained: %v", got)
	}
}
