package coverage_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yike/coverage"
	"yike/coverage/walknet"
)

func baselineOf(c townCase) *coverage.Baseline {
	ground := coverage.NewGround(c.net, c.demand, coverage.NewHierarchy(townDivisions()), 100)
	return ground.Baseline(c.sites, c.params, 2)
}

// drawSteps draws any sequence of steps, of known sites and of those that it adds.
func drawSteps(t *rapid.T, c townCase) []coverage.SiteEdit {
	sites := len(c.sites)
	steps := make([]coverage.SiteEdit, rapid.IntRange(0, 8).Draw(t, "steps"))
	for i := range steps {
		kind := rapid.SampledFrom([]coverage.SiteEditKind{
			coverage.AddSite, coverage.MoveSite, coverage.CloseSite, coverage.ReopenSite,
		}).Draw(t, "kind")
		if sites == 0 {
			kind = coverage.AddSite
		}
		e := coverage.SiteEdit{Kind: kind, To: drawPlace(t, c)}
		if kind == coverage.AddSite {
			sites++
		} else {
			e.Site = int32(rapid.IntRange(0, sites-1).Draw(t, "site"))
		}
		steps[i] = e
	}
	return steps
}

// drawPlace draws a place, sometimes one where a site or somebody is already.
func drawPlace(t *rapid.T, c townCase) coverage.Site {
	known := []orb.Point{{townLon + step, townLat + step}}
	for _, s := range c.sites {
		known = append(known, s.Point)
	}
	known = append(known, c.demand.Points...)
	s := coverage.Site{ID: "new", Division: int32(rapid.IntRange(-1, 4).Draw(t, "division of the place"))}
	if s.Point = rapid.SampledFrom(known).Draw(t, "known place"); rapid.Bool().Draw(t, "elsewhere") {
		s.Point[0] += rapid.Float64Range(-2, 2).Draw(t, "lon") * step
		s.Point[1] += rapid.Float64Range(-2, 2).Draw(t, "lat") * step
	}
	if rapid.Bool().Draw(t, "assigned") {
		s.Serves = []int32{int32(rapid.IntRange(0, 4).Draw(t, "assigned to"))}
	}
	return s
}

func TestBaselineEqualsCompute(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := drawCase(t)
		b := baselineOf(c)
		want := coverage.Compute(c.net, c.demand, c.sites, c.params)
		if diff := cmp.Diff(want, b.Result); diff != "" {
			t.Fatalf("baseline differs from Compute (-Compute):\n%s", diff)
		}
		checkOverlaps(t, c, b)
		for i := range c.demand.Points {
			checkWalks(t, c, b, int32(i))
		}
	})
}

// checkWalks holds a point's walks to one search per site.
func checkWalks(t *rapid.T, c townCase, b *coverage.Baseline, point int32) {
	type walk struct {
		time walknet.Milliseconds
		site int32
	}
	var want, got []walk
	for k, s := range c.sites {
		if at := c.net.Reach(s.Snap, c.params.Limit, c.params.Speed).At(c.demand.Snaps[point]); at != walknet.Unreached {
			want = append(want, walk{at, int32(k)})
		}
	}
	slices.SortStableFunc(want, func(a, b walk) int { return int(a.time - b.time) })
	sites, times := b.Walks(point)
	for k := range sites {
		got = append(got, walk{times[k], sites[k]})
	}
	if !slices.Equal(got, want) {
		t.Fatalf("point %d walks %v, one by one %v", point, got, want)
	}
}

func checkOverlaps(t *rapid.T, c townCase, b *coverage.Baseline) {
	for k := range c.demand.Bands {
		var only, nearest coverage.People
		for _, s := range b.Served {
			only += s[k].Only
			nearest += s[k].Nearest
		}
		o, n := b.Overlaps.Total[k], b.Summary.Total[k]
		if o.One+o.Several != n.Covered || only != o.One || nearest != n.Covered {
			t.Fatalf("band %d: one %d, several %d, only %d, nearest %d of %+v", k, o.One, o.Several, only, nearest, n)
		}
		for i, row := range b.Overlaps.Divisions {
			if row[k].One+row[k].Several != b.Summary.Divisions[i][k].Covered {
				t.Fatalf("division %d: %+v of %+v", i, row[k], b.Summary.Divisions[i][k])
			}
		}
	}
}

func TestAnyPlanEqualsAnAnswerWorkedOutAnew(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := drawCase(t)
		b := baselineOf(c)
		d, err := b.Apply(coverage.Plan{Sites: drawSteps(t, c)})
		if err != nil {
			t.Fatal(err)
		}
		checkDelta(t, d, c)
	})
}

// checkDelta compares a delta with a baseline of its own sites.
func checkDelta(t *rapid.T, d *coverage.Delta, c townCase) {
	c.sites = slices.Clone(d.Sites)
	for i, open := range d.Open {
		if !open { // it keeps its number; where it stood a new path would find it again
			c.sites[i].Point = orb.Point{0, 0}
		}
	}
	anew := baselineOf(c)
	if diff := cmp.Diff(anew.Result, d.Result()); diff != "" {
		t.Fatalf("result (-anew):\n%s", diff)
	}
	if diff := cmp.Diff(anew.Summary, d.Summary()); diff != "" {
		t.Fatalf("summary (-anew):\n%s", diff)
	}
	for i := range d.Sites {
		if diff := cmp.Diff(anew.Served[i], d.ServedBy(int32(i))); diff != "" {
			t.Fatalf("site %d (-anew):\n%s", i, diff)
		}
	}
	checkSiteWalks(t, d, anew)
	was := d.Baseline
	for k := range c.demand.Bands {
		if got, want := d.Total[k].Overlap, less(anew.Overlaps.Total[k], was.Overlaps.Total[k]); got != want {
			t.Fatalf("band %d: overlap changes by %+v, want %+v", k, got, want)
		}
		checkChangeCloses(t, d, k)
	}
	changed := 0
	for i, at := range d.Divisions {
		for k := range c.demand.Bands {
			want := less(anew.Overlaps.Divisions[at.Division][k], was.Overlaps.Divisions[at.Division][k])
			if at.Bands[k].Overlap != want || (i > 0 && at.Division <= d.Divisions[i-1].Division) {
				t.Fatalf("division %d: %+v, want %+v", at.Division, at.Bands[k].Overlap, want)
			}
		}
	}
	for i := range c.demand.Points {
		a, _ := anew.Walks(int32(i))
		z, _ := was.Walks(int32(i))
		stood := was.Ground.Demand.Snaps[i].OK()
		if stood != c.demand.Snaps[i].OK() || len(a) != len(z) || anew.Result.Time[i] != was.Result.Time[i] || anew.Result.Nearest[i] != was.Result.Nearest[i] {
			changed++
		}
	}
	if changed != len(d.Points) {
		t.Fatalf("%d points are said to change, %d do", len(d.Points), changed)
	}
}

// checkSiteWalks compares the walks to the sites of a plan with those of a baseline of them.
func checkSiteWalks(t *rapid.T, d *coverage.Delta, anew *coverage.Baseline) {
	byPoint := func(points []int32, times []walknet.Milliseconds) map[int32]walknet.Milliseconds {
		out := map[int32]walknet.Milliseconds{}
		for k, p := range points {
			out[p] = times[k]
		}
		if len(out) != len(points) || len(times) != len(points) {
			t.Fatalf("%d points with %d times are %d", len(points), len(times), len(out))
		}
		return out
	}
	others := d.Walks
	for i := range d.Sites {
		site := int32(i)
		var points []int32
		var times []walknet.Milliseconds
		switch {
		case len(others) > 0 && others[0].Site == site:
			points, times, others = others[0].Points, others[0].Times, others[1:]
		case i < len(d.Baseline.Sites):
			points, times = d.Baseline.Points(site)
		}
		if diff := cmp.Diff(byPoint(anew.Points(site)), byPoint(points, times)); diff != "" {
			t.Fatalf("walks to site %d (-anew):\n%s", i, diff)
		}
	}
	if len(others) > 0 {
		t.Fatalf("walks to sites out of order or not of the plan: %v", others)
	}
}

// drawNetworkSteps draws closings of the town's streets and new paths across it.
func drawNetworkSteps(t *rapid.T, c townCase) []walknet.Edit {
	steps := make([]walknet.Edit, rapid.IntRange(0, 3).Draw(t, "network steps"))
	for i := range steps {
		if c.net.Edges() > 0 && rapid.Bool().Draw(t, "close") {
			steps[i] = walknet.Edit{Kind: walknet.CloseEdge, Edge: int32(rapid.IntRange(0, c.net.Edges()-1).Draw(t, "edge"))}
			continue
		}
		a, b := drawPlace(t, c).Point, drawPlace(t, c).Point
		steps[i] = walknet.Edit{Path: walknet.Path{ID: "path", Line: orb.LineString{a, b}, JoinM: 150}}
	}
	return steps
}

func TestAnyPlanForTheNetworkEqualsAnAnswerWorkedOutAnew(t *testing.T) {
	t.Parallel()
	applied := 0
	rapid.Check(t, func(t *rapid.T) {
		c := drawCase(t)
		b := baselineOf(c)
		d, err := b.Apply(coverage.Plan{Sites: drawSteps(t, c), Network: drawNetworkSteps(t, c)})
		if errors.Is(err, walknet.ErrLoosePath) || errors.Is(err, walknet.ErrNoPath) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		applied++
		if d.Network != c.net && d.Network.Parent() != c.net {
			t.Fatal("the network is not the baseline's, edited")
		}
		c.net, c.demand = d.Network, d.Demand()
		for i, s := range c.demand.Snaps {
			if now := d.Network.Snap(c.demand.Points[i], 100); now != s {
				t.Fatalf("point %d is at %+v, put there anew at %+v", i, s, now)
			}
		}
		checkDelta(t, d, c)
	})
	if applied < 40 && !testing.Short() { // which draws fewer
		t.Errorf("only %d plans could be applied", applied)
	}
}

func less(a, b coverage.Overlap) coverage.Overlap {
	return coverage.Overlap{One: a.One - b.One, Several: a.Several - b.Several}
}

// checkChangeCloses adds one band's changes up by point, by site and by division.
func checkChangeCloses(t *rapid.T, d *coverage.Delta, k int) {
	var want coverage.Change
	people := d.Baseline.Ground.Demand.People[k]
	for _, c := range d.Points {
		was, is := c.Before.State == coverage.Covered, c.After.State == coverage.Covered
		switch {
		case is && !was:
			want.Gained += people[c.Point]
		case was && !is:
			want.Lost += people[c.Point]
		case was && c.After.Time < c.Before.Time:
			want.Nearer += people[c.Point]
		case was && c.After.Time > c.Before.Time:
			want.Farther += people[c.Point]
		}
	}
	got := d.Total[k]
	if got.Gained != want.Gained || got.Lost != want.Lost || got.Nearer != want.Nearer || got.Farther != want.Farther {
		t.Fatalf("band %d: %+v, by hand %+v", k, got, want)
	}
	var gained, lost coverage.People
	for _, s := range d.Served {
		gained += s.Bands[k].Gained
		lost += s.Bands[k].Lost
	}
	if gained != got.Gained || lost != got.Lost || got.Count.Covered != gained-lost || got.Count.Population != 0 {
		t.Fatalf("band %d: sites gained %d and lost %d of %+v", k, gained, lost, got)
	}
}

func TestAddThenCloseIsNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := drawCase(t)
		b := baselineOf(c)
		added := int32(len(c.sites))
		steps := []coverage.SiteEdit{
			{Kind: coverage.AddSite, To: drawPlace(t, c)},
			{Kind: coverage.MoveSite, Site: added, To: drawPlace(t, c)},
			{Kind: coverage.CloseSite, Site: added},
		}
		for i := range c.sites {
			steps = append(steps,
				coverage.SiteEdit{Kind: coverage.CloseSite, Site: int32(i)}, coverage.SiteEdit{Kind: coverage.ReopenSite, Site: int32(i)})
		}
		d, err := b.Apply(coverage.Plan{Sites: steps})
		if err != nil {
			t.Fatal(err)
		}
		if !d.Empty() || len(d.Divisions) > 0 || d.Total[0] != (coverage.Change{}) {
			t.Fatalf("something is left: %+v", d)
		}
	})
}

func TestPlanRefusesWhatItCannotDo(t *testing.T) {
	t.Parallel()
	b := baselineOf(simpleCase(t))
	for _, tt := range []struct {
		name string
		step coverage.SiteEdit
		want error
	}{
		{"below", coverage.SiteEdit{Kind: coverage.CloseSite, Site: -1}, coverage.ErrNoSuchSite},
		{"above", coverage.SiteEdit{Kind: coverage.MoveSite, Site: 4}, coverage.ErrNoSuchSite},
		{"kind", coverage.SiteEdit{Kind: 99, Site: 1}, coverage.ErrNoSuchStep},
	} {
		_, err := b.Apply(coverage.Plan{Sites: []coverage.SiteEdit{{Kind: coverage.AddSite}, tt.step}})
		var at *coverage.StepError
		if !errors.Is(err, tt.want) || !errors.As(err, &at) || at.Step != 1 {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

// One thread and two give the same, in the same order.
func TestBaselineDoesNotDependOnWorkers(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := drawCase(t)
		ground := coverage.NewGround(c.net, c.demand, coverage.NewHierarchy(townDivisions()), 100)
		one, two := ground.Baseline(c.sites, c.params, 1), ground.Baseline(c.sites, c.params, 2)
		for i := range c.sites {
			a, at := one.Points(int32(i))
			z, zt := two.Points(int32(i))
			if !slices.Equal(a, z) || !slices.Equal(at, zt) {
				t.Fatalf("site %d: %v %v and %v %v", i, a, at, z, zt)
			}
		}
		if diff := cmp.Diff(one.Result, two.Result); diff != "" {
			t.Fatal(diff)
		}
	})
}
