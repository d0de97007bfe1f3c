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

func TestADistrictThatALoadWouldRefuse(t *testing.T) {
	t.Parallel()
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
