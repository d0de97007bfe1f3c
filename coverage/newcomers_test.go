package coverage_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yike/coverage"
	"yike/coverage/walknet"
	"yike/geo/divisions"
)

// with is the town with the newcomers among its people.
func with(c townCase, n coverage.Newcomers) townCase {
	d := *c.demand
	d.IDs = append(slices.Clone(d.IDs), "new")
	d.Points = append(slices.Clone(d.Points), n.At)
	d.Division = append(slices.Clone(d.Division), n.Division)
	d.Snaps = append(slices.Clone(d.Snaps), c.net.Snap(n.At, 100))
	d.People = slices.Clone(d.People)
	for k := range d.People {
		var people coverage.People
		if k < len(n.People) {
			people = n.People[k]
		}
		d.People[k] = append(slices.Clone(d.People[k]), people)
	}
	c.demand = &d
	return c
}

// TestNewcomersEqualAnAnswerWorkedOutAnew holds, for any town, plan and place, that the answer
// with the newcomers among the people is that without them and what the arrival says.
func TestNewcomersEqualAnAnswerWorkedOutAnew(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := drawCase(t)
		if rapid.Bool().Draw(t, "by division") {
			c.params = coverage.Params{Mode: coverage.ByDivision, Level: divisions.Community}
		}
		plan := coverage.Plan{Sites: drawSteps(t, c)}
		at := drawPlace(t, c)
		wide := rapid.Int64Range(0, 50_000_000).Draw(t, "newcomers")
		n := coverage.Newcomers{At: at.Point, Division: at.Division, People: []coverage.People{coverage.People(wide), coverage.People(wide / 3)}}
		without, err := baselineOf(c).Apply(plan)
		if err != nil {
			t.Fatal(err)
		}
		among := with(c, n)
		whole, err := baselineOf(among).Apply(plan)
		if err != nil {
			t.Fatal(err)
		}
		a := without.Arrive(n)
		point := int32(len(c.demand.Points))
		_, standing := whole.Standing(point)
		if diff := cmp.Diff(standing, a.After); diff != "" {
			t.Fatalf("stands otherwise (-among):\n%s", diff)
		}
		time, nearest, reason := whole.Outlook().Of(point)
		if time != a.Time || nearest != a.Nearest || reason != a.Reason {
			t.Fatalf("looks to %d in %d, %q; among the people to %d in %d, %q", a.Nearest, a.Time, a.Reason, nearest, time, reason)
		}
		checkSums(t, c, n, a, without, whole)
	})
}

// TestWithoutABaselineItIsTheSame holds the short way to that over a baseline.
func TestWithoutABaselineItIsTheSame(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := drawCase(t)
		at := drawPlace(t, c)
		n := coverage.Newcomers{At: at.Point, Division: at.Division, People: []coverage.People{7}}
		b := baselineOf(c)
		d, err := b.Apply(coverage.Plan{})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(d.Arrive(n), b.Ground.Arrive(c.sites, c.params, n)); diff != "" {
			t.Fatalf("without a baseline (-with):\n%s", diff)
		}
		for i, row := range b.Ground.Within(c.sites, c.params, 2) {
			for k, n := range row {
				if s := b.Served[i][k]; n != s.Only+s.Shared {
					t.Fatalf("site %d, band %d: %d within, %+v served", i, k, n, s)
				}
			}
		}
	})
}

func checkSums(t *rapid.T, c townCase, n coverage.Newcomers, a coverage.Arrival, without, whole *coverage.Delta) {
	h := coverage.NewHierarchy(townDivisions())
	was, is := without.Summary(), whole.Summary()
	for k := range c.demand.Bands {
		add, shared := a.Count(k)
		o, before, after := without.Baseline.Overlaps.Total[k], without.Total[k].Overlap, whole.Total[k].Overlap
		o = coverage.Overlap{One: o.One + before.One + shared.One, Several: o.Several + before.Several + shared.Several}
		if all := whole.Baseline.Overlaps.Total[k]; o != (coverage.Overlap{One: all.One + after.One, Several: all.Several + after.Several}) {
			t.Fatalf("band %d: one or several %+v, among the people %+v and %+v", k, o, all, after)
		}
		if got := plus(was.Total[k], add); got != is.Total[k] {
			t.Fatalf("band %d: %+v, among the people %+v", k, got, is.Total[k])
		}
		for at := range is.Divisions {
			got := was.Divisions[at][k]
			for up := n.Division; up >= 0; up = h.Parent(up) {
				if up == int32(at) {
					got = plus(got, add)
				}
			}
			if got != is.Divisions[at][k] {
				t.Fatalf("division %d, band %d: %+v, among the people %+v", at, k, got, is.Divisions[at][k])
			}
		}
		for site := range whole.Sites {
			got, add := without.ServedBy(int32(site))[k], a.Served(int32(site), k)
			got = coverage.Served{Only: got.Only + add.Only, Shared: got.Shared + add.Shared, Nearest: got.Nearest + add.Nearest}
			if want := whole.ServedBy(int32(site))[k]; got != want {
				t.Fatalf("site %d, band %d: %+v, among the people %+v", site, k, got, want)
			}
		}
	}
}

func plus(a, b coverage.Count) coverage.Count {
	return coverage.Count{Population: a.Population + b.Population, Covered: a.Covered + b.Covered, Uncovered: a.Uncovered + b.Uncovered, Unsnapped: a.Unsnapped + b.Unsnapped}
}

func TestNewcomersOfNobody(t *testing.T) {
	t.Parallel()
	c := simpleCase(t)
	d, err := baselineOf(c).Apply(coverage.Plan{})
	if err != nil {
		t.Fatal(err)
	}
	a := d.Arrive(coverage.Newcomers{At: orb.Point{townLon, townLat}, Division: -1})
	count, overlap := a.Count(0)
	if a.After.State != coverage.Covered || len(a.Sites) != 2 || count != (coverage.Count{}) || overlap != (coverage.Overlap{}) || a.Served(0, 5) != (coverage.Served{}) {
		t.Errorf("%+v, %+v, %+v", a, count, overlap)
	}
	c.sites = nil
	d, err = baselineOf(c).Apply(coverage.Plan{})
	if err != nil {
		t.Fatal(err)
	}
	if a = d.Arrive(coverage.Newcomers{At: orb.Point{townLon, townLat}, Division: -1}); a.Reason != coverage.NoSite || a.Time != walknet.Unreached {
		t.Errorf("without sites: %+v", a)
	}
}
