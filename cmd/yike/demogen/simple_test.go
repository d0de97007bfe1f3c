package demogen

import (
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// No district of any size and seed has a boundary that crosses itself; the one that once
// had is among them.
func TestBoundariesAreSimple(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	made := func(t rapid.TB, people int, seed uint64) {
		d, err := newDistrict(ctx, Options{People: people, Seed: seed})
		if err != nil {
			t.Fatalf("%v", err)
		}
		for f := range int32(len(d.layout.mesh.faces)) {
			if !d.layout.mesh.outline(f).sound() {
				t.Fatalf("%d people, seed %d: the outline of piece %d crosses itself", people, seed, f)
			}
		}
	}
	made(t, 800_000, 1)
	rapid.Check(t, func(t *rapid.T) {
		scale := rapid.SampledFrom([]int{100, 2_000, 8_000, 30_000}).Draw(t, "up to")
		made(t, rapid.IntRange(1, scale).Draw(t, "people"), rapid.Uint64().Draw(t, "seed"))
	})
}

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
			if _, got := crossing(c.mp); got != c.want {
				t.Errorf("got %v", got)
			}
		})
	}
	d := &district{communities: []division{{code: "990100001001", boundary: orb.MultiPolygon{{{{0, 0}, {4, 4}, {4, 0}, {0, 4}, {0, 0}}}}}}}
	if d.checkBoundaries() == nil {
		t.Error("a district that a load would refuse is written")
	}
	d.communities[0].boundary = nil
	if d.checkBoundaries() == nil {
		t.Error("a community without ground is written")
	}
}

// Straight lines give back what swaying junctions turned inside out.
func TestStraighten(t *testing.T) {
	t.Parallel()
	m := newMesh(polygon{{0, 0}, {100, 0}, {100, 4}, {0, 4}})
	before := polygon{{0, 0}, {100, 0}, {100, 4}, {0, 4}}
	m.points = polygon{{0, 0}, {100, 9}, {100, 4}, {0, 4}}
	for m.straighten(before) {
	}
	if !m.outline(0).sound() || m.points[1] != before[1] {
		t.Errorf("left as %v", m.points)
	}
}
