package coverage_test

import (
	"testing"

	"pgregory.net/rapid"

	"yike/coverage"
	"yike/coverage/walknet"
	"yike/geo/divisions"
)

// ByDivision holds nobody to a walk: who lives in a division that has a site, or is
// served by one, is reached, and no time is said.
func TestByDivisionInventsNoWalk(t *testing.T) {
	t.Parallel()
	ds := townDivisions()
	rapid.Check(t, func(t *rapid.T) {
		c := drawCase(t)
		c.params.Mode = coverage.ByDivision
		c.params.Level = rapid.SampledFrom([]divisions.Level{divisions.Subdistrict, divisions.Community}).Draw(t, "level")
		b := baselineOf(c)
		h := b.Ground.Hierarchy
		for i, at := range c.demand.Division {
			unit := h.At(at, c.params.Level)
			want, nearest := coverage.Unsnapped, int32(-1)
			if unit >= 0 {
				want = coverage.Uncovered
			}
			for k, s := range c.sites {
				has := unit >= 0 && h.At(s.Division, c.params.Level) == unit
				for _, served := range s.Serves {
					has = has || (unit >= 0 && below(ds, unit, int(served)))
				}
				if has && nearest < 0 {
					want, nearest = coverage.Covered, int32(k)
				}
			}
			r := b.Result
			if r.State[i] != want || r.Nearest[i] != nearest || r.Time[i] != walknet.Unreached {
				t.Fatalf("point %d: %v by %d in %d ms, want %v by %d", i, r.State[i], r.Nearest[i], r.Time[i], want, nearest)
			}
		}
		d, err := b.Apply(coverage.Plan{Sites: drawSteps(t, c)})
		if err != nil {
			t.Fatal(err)
		}
		checkDelta(t, d, c)
		for _, change := range d.Points {
			if change.After.Time != walknet.Unreached {
				t.Fatalf("a walk is invented: %+v", change)
			}
		}
	})
}

func TestComputeKnowsNothingOfOtherModes(t *testing.T) {
	t.Parallel()
	c := simpleCase(t)
	c.params.Mode = coverage.ByDivision
	for i, s := range coverage.Compute(c.net, c.demand, c.sites, c.params).State {
		if s != coverage.Unsnapped {
			t.Errorf("point %d is %v", i, s)
		}
	}
}

// A profile's ground answers as one whose people were put onto its streets anew.
func TestGroundForAProfile(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := drawCase(t)
		h := coverage.NewHierarchy(townDivisions())
		plain := coverage.NewGround(c.net, c.demand, h, 100)
		elder, err := plain.For(walknet.Profile{Stairs: 400, StepFree: true})
		if err != nil {
			t.Fatal(err)
		}
		b := elder.Baseline(c.sites, c.params, 2)
		c.net, c.demand = elder.Network, elder.Demand
		for i := range c.sites {
			c.sites[i].Snap = c.net.Snap(c.sites[i].Point, 100)
		}
		want := coverage.Compute(c.net, c.demand, c.sites, c.params)
		for i := range want.Time {
			if b.Result.Time[i] != want.Time[i] || b.Result.Nearest[i] != want.Nearest[i] {
				t.Fatalf("point %d: %d ms to %d, anew %d to %d", i, b.Result.Time[i], b.Result.Nearest[i], want.Time[i], want.Nearest[i])
			}
		}
		d, err := b.Apply(coverage.Plan{Sites: drawSteps(t, c), Network: drawNetworkSteps(t, c)})
		if err != nil {
			return
		}
		c.net, c.demand = d.Network, d.Demand()
		checkDelta(t, d, c)
	})
}

func TestWithinMetres(t *testing.T) {
	t.Parallel()
	c := simpleCase(t)
	p := coverage.WithinMetres(300)
	if p.Limit != 300_000 || p.Speed != 1000 {
		t.Errorf("%+v", p)
	}
	took := coverage.Compute(c.net, c.demand, c.sites, p).Time[1]
	if metres := float64(took) / 1000; metres < 28 || metres > 30 { // a fifth of 0.0015 degrees
		t.Errorf("the near point is %g m away", metres)
	}
}
