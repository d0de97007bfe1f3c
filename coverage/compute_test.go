package coverage_test

import (
	"testing"

	"pgregory.net/rapid"

	"yike/coverage"
	"yike/coverage/walknet"
	"yike/geo/divisions"
)

func TestComputeSortsPointsIntoThreeStates(t *testing.T) {
	t.Parallel()
	c := simpleCase(t)
	r := coverage.Compute(c.net, c.demand, c.sites, c.params)
	for _, want := range []struct {
		name    string
		state   coverage.State
		nearest int32
	}{
		{"door", coverage.Covered, 1}, // the site off the network serves nobody; of equals the first
		{"near", coverage.Covered, 1},
		{"far", coverage.Uncovered, -1},
		{"island", coverage.Uncovered, -1},
		{"nowhere", coverage.Unsnapped, -1},
	} {
		i := index(c.demand.IDs, want.name)
		if r.State[i] != want.state || r.Nearest[i] != want.nearest {
			t.Errorf("%s: %v, nearest %d; want %v, %d", want.name, r.State[i], r.Nearest[i], want.state, want.nearest)
		}
		if (r.Time[i] == walknet.Unreached) == (want.state == coverage.Covered) {
			t.Errorf("%s: time %d does not agree with %v", want.name, r.Time[i], want.state)
		}
	}
	if r.Time[0] != 0 {
		t.Errorf("a person at the site's door walks %d ms", r.Time[0])
	}
}

func index(ids []string, id string) int {
	for i, s := range ids {
		if s == id {
			return i
		}
	}
	return -1
}

// The limit is inclusive: who takes exactly as long as the limit is covered, one
// millisecond less and they are not.
func TestLimitIsInclusive(t *testing.T) {
	t.Parallel()
	c := simpleCase(t)
	took := coverage.Compute(c.net, c.demand, c.sites, c.params).Time[1]
	if took <= 0 {
		t.Fatalf("the near point takes %d ms", took)
	}
	for limit, want := range map[walknet.Milliseconds]coverage.State{took: coverage.Covered, took - 1: coverage.Uncovered} {
		c.params.Limit = limit
		if got := coverage.Compute(c.net, c.demand, c.sites, c.params).State[1]; got != want {
			t.Errorf("limit %d ms for a walk of %d ms: %v, want %v", limit, took, got, want)
		}
	}
}

func TestComputeWithoutSitesOrPeople(t *testing.T) {
	t.Parallel()
	c := simpleCase(t)
	r := coverage.Compute(c.net, c.demand, nil, c.params)
	s := coverage.Summarise(c.demand, r, coverage.NewHierarchy(townDivisions()), nil)
	if s.Total[0].Covered != 0 || s.Total[0].Uncovered != 65_005 || s.Total[0].Unsnapped != 70_001 {
		t.Errorf("without sites: %+v", s.Total[0])
	}
	empty := &coverage.Demand{Bands: townBands(), People: make([][]coverage.People, 2)}
	r = coverage.Compute(c.net, empty, c.sites, c.params)
	s = coverage.Summarise(empty, r, coverage.NewHierarchy(townDivisions()), c.sites)
	if _, ok := s.Total[0].PopulationCoverage(); ok {
		t.Error("a share of nobody is defined")
	}
}

// One search for all sites must say the same as one search per site.
func TestNearestAgreesWithEverySiteAlone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := drawCase(t)
		r := coverage.Compute(c.net, c.demand, c.sites, c.params)
		for i, snap := range c.demand.Snaps {
			best, site := walknet.Unreached, int32(-1)
			for k, s := range c.sites {
				at := c.net.Reach(s.Snap, c.params.Limit, c.params.Speed).At(snap)
				if at != walknet.Unreached && (best == walknet.Unreached || at < best) {
					best, site = at, int32(k)
				}
			}
			if r.Time[i] != best || r.Nearest[i] != site {
				t.Fatalf("point %d: %d ms to %d; one by one %d ms to %d", i, r.Time[i], r.Nearest[i], best, site)
			}
			if best > c.params.Limit {
				t.Fatalf("point %d: %d ms is over the limit %d", i, best, c.params.Limit)
			}
		}
	})
}

func TestCountsCloseEverywhere(t *testing.T) {
	t.Parallel()
	ds := townDivisions()
	h := coverage.NewHierarchy(ds)
	rapid.Check(t, func(t *rapid.T) {
		c := drawCase(t)
		r := coverage.Compute(c.net, c.demand, c.sites, c.params)
		s := coverage.Summarise(c.demand, r, h, c.sites)
		for b := range c.demand.Bands {
			want := sumOver(c.demand, r, b, func(int32) bool { return true })
			if s.Total[b] != want {
				t.Fatalf("band %d: total %+v, by hand %+v", b, s.Total[b], want)
			}
			outside := sumOver(c.demand, r, b, func(at int32) bool { return at < 0 })
			if s.Outside[b] != outside {
				t.Fatalf("band %d: outside %+v, by hand %+v", b, s.Outside[b], outside)
			}
			for d := range ds {
				want := sumOver(c.demand, r, b, func(at int32) bool { return below(ds, at, d) })
				if s.Divisions[d][b] != want {
					t.Fatalf("band %d, %s: %+v, by hand %+v", b, ds[d].NameZH, s.Divisions[d][b], want)
				}
			}
			checkLevelsClose(t, s, h, b)
		}
	})
}

// sumOver counts one band by hand, over the points whose division is asked for.
func sumOver(d *coverage.Demand, r *coverage.Result, b int, in func(division int32) bool) coverage.Count {
	var c coverage.Count
	for i, at := range d.Division {
		if !in(at) {
			continue
		}
		n := d.People[b][i]
		c.Population += n
		switch {
		case !d.Snaps[i].OK():
			c.Unsnapped += n
		case r.Time[i] != walknet.Unreached:
			c.Covered += n
		default:
			c.Uncovered += n
		}
	}
	return c
}

// below finds ancestors by code, another way than the one tested.
func below(ds []divisions.Division, at int32, ancestor int) bool {
	if at < 0 {
		return false
	}
	code := ds[ancestor].Code
	return len(ds[at].Code) >= len(code) && ds[at].Code[:len(code)] == code
}

func checkLevelsClose(t *rapid.T, s coverage.Summary, h *coverage.Hierarchy, b int) {
	for _, rest := range s.Rest {
		sum := rest.Counts[b]
		for d := range s.Divisions {
			if h.Level(int32(d)) == rest.Level {
				c := s.Divisions[d][b]
				sum.Population += c.Population
				sum.Covered += c.Covered
				sum.Uncovered += c.Uncovered
				sum.Unsnapped += c.Unsnapped
			}
		}
		if sum != s.Total[b] {
			t.Fatalf("%s rows and rest: %+v, total %+v", rest.Level, sum, s.Total[b])
		}
		if c := sum; c.Covered+c.Uncovered+c.Unsnapped != c.Population {
			t.Fatalf("%+v does not close", c)
		}
	}
}
