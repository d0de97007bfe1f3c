package coverage_test

import (
	"errors"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"yike/coverage"
	"yike/coverage/walknet"
	"yike/geo/divisions"
)

// asIs is a baseline as a plan that changes nothing.
func asIs(t failer, b *coverage.Baseline) *coverage.Delta {
	t.Helper()
	d, err := b.Apply(coverage.Plan{})
	if err != nil {
		t.Fatalf("a plan without steps: %v", err)
	}
	return d
}

// checkBehind holds the people behind a figure to the figure.
func checkBehind(t *rapid.T, c townCase, from *coverage.Delta, f coverage.Figure, want coverage.People) {
	got := from.Behind(f)
	sum, last := coverage.People(0), coverage.People(1<<60)
	for i, p := range got.Points {
		n := c.demand.People[f.Band][p]
		if n == 0 || n > last || (n == last && p < got.Points[i-1]) {
			t.Fatalf("%+v: point %d of %v is out of order", f, i, got.Points)
		}
		sum, last = sum+n, n
	}
	if got.People != want || sum != want {
		t.Fatalf("%v of %+v: the points make %d, said to be %d; the figure is %d", f.Part, f, sum, got.People, want)
	}
}

func places(h *coverage.Hierarchy) []int32 {
	out := []int32{coverage.Everywhere, coverage.NoDivision}
	for i := range h.Len() {
		out = append(out, int32(i))
	}
	return out
}

func at[T any](place int32, total, outside, row []T, band int) T {
	switch place {
	case coverage.Everywhere:
		return total[band]
	case coverage.NoDivision:
		return outside[band]
	}
	return row[band]
}

func rowAt[T any](rows [][]T, place int32) []T {
	if place < 0 {
		return nil
	}
	return rows[place]
}

// drawMode makes some cases questions by division.
func drawMode(t *rapid.T, c *townCase) {
	if rapid.IntRange(0, 3).Draw(t, "by division") == 0 {
		c.params.Mode, c.params.Level = coverage.ByDivision, divisions.Community
	}
}

// Every figure of an answer is the sum of the points behind it.
func TestEveryFigureIsTheSumOfItsPoints(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := drawCase(t)
		drawMode(t, &c)
		b := baselineOf(c)
		d := asIs(t, b)
		for band := range c.demand.Bands {
			for _, place := range places(b.Ground.Hierarchy) {
				f := coverage.Figure{Band: band, Division: place, Site: coverage.AnySite}
				n := at(place, b.Summary.Total, b.Summary.Outside, rowAt(b.Summary.Divisions, place), band)
				o := at(place, b.Overlaps.Total, b.Overlaps.Outside, rowAt(b.Overlaps.Divisions, place), band)
				for part, want := range map[coverage.Part]coverage.People{
					coverage.Everybody: n.Population, coverage.Reached: n.Covered, coverage.Beyond: n.Uncovered, coverage.OffNetwork: n.Unsnapped,
					coverage.ByOne: o.One, coverage.BySeveral: o.Several, coverage.Nearest: n.Covered, coverage.Gained: 0, coverage.Lost: 0, coverage.Nearer: 0,
				} {
					f.Part = part
					checkBehind(t, c, d, f, want)
				}
			}
			for i := range c.sites {
				f := coverage.Figure{Band: band, Division: coverage.Everywhere, Site: int32(i)}
				checkSite(t, c, d, f, b.Served[i][band])
			}
			f := coverage.Figure{Band: band, Division: coverage.Everywhere, Site: int32(len(c.sites)), Part: coverage.Reached}
			checkBehind(t, c, d, f, 0)
		}
		checkGaps(t, c, d)
	})
}

func checkSite(t *rapid.T, c townCase, from *coverage.Delta, f coverage.Figure, s coverage.Served) {
	for part, want := range map[coverage.Part]coverage.People{
		coverage.Reached: s.Only + s.Shared, coverage.ByOne: s.Only, coverage.BySeveral: s.Shared, coverage.Nearest: s.Nearest,
	} {
		f.Part = part
		checkBehind(t, c, from, f, want)
	}
}

func checkGaps(t *rapid.T, c townCase, d *coverage.Delta) {
	if c.params.Mode != coverage.OnFoot {
		return
	}
	gaps, err := coverage.Gaps(t.Context(), c.demand, d.Baseline.Result, coverage.GapOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range gaps {
		for band, want := range g.People {
			checkBehind(t, c, d, coverage.Figure{Part: coverage.Beyond, Band: band, Division: coverage.Everywhere, Site: coverage.AnySite, Among: g.Points}, want)
		}
	}
}

// So is every figure of a plan.
func TestEveryFigureOfAPlanIsTheSumOfItsPoints(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := drawCase(t)
		drawMode(t, &c)
		b := baselineOf(c)
		d, err := b.Apply(coverage.Plan{Sites: drawSteps(t, c), Network: drawNetworkSteps(t, c)})
		if errors.Is(err, walknet.ErrLoosePath) || errors.Is(err, walknet.ErrNoPath) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		after := d.Summary()
		for band := range c.demand.Bands {
			for _, place := range places(b.Ground.Hierarchy) {
				change := changeAt(d, place, band)
				n := at(place, after.Total, after.Outside, rowAt(after.Divisions, place), band)
				f := coverage.Figure{Band: band, Division: place, Site: coverage.AnySite}
				for part, want := range map[coverage.Part]coverage.People{
					coverage.Gained: change.Gained, coverage.Lost: change.Lost, coverage.Nearer: change.Nearer, coverage.Farther: change.Farther,
					coverage.Reached: n.Covered, coverage.Beyond: n.Uncovered, coverage.OffNetwork: n.Unsnapped,
				} {
					f.Part = part
					checkBehind(t, c, d, f, want)
				}
			}
			for i := range d.Sites {
				f := coverage.Figure{Band: band, Division: coverage.Everywhere, Site: int32(i)}
				checkSite(t, c, d, f, d.ServedBy(int32(i))[band])
				var s coverage.ServedBand
				if k := slices.IndexFunc(d.Served, func(s coverage.ServedChange) bool { return s.Site == int32(i) }); k >= 0 {
					s = d.Served[k].Bands[band]
				}
				f.Part = coverage.Gained
				checkBehind(t, c, d, f, s.Gained)
				f.Part = coverage.Lost
				checkBehind(t, c, d, f, s.Lost)
			}
		}
	})
}

func changeAt(d *coverage.Delta, place int32, band int) coverage.Change {
	if place < 0 {
		return at(place, d.Total, d.Outside, nil, band)
	}
	if k := slices.IndexFunc(d.Divisions, func(c coverage.DivisionChange) bool { return c.Division == place }); k >= 0 {
		return d.Divisions[k].Bands[band]
	}
	return coverage.Change{}
}

func TestPartsHaveWords(t *testing.T) {
	t.Parallel()
	for p := coverage.Everybody; p <= coverage.Farther; p++ {
		if got, ok := coverage.ParsePart(p.String()); !ok || got != p || p.String() == "" {
			t.Errorf("%d is %q, which is %d", p, p, got)
		}
	}
	for _, word := range []string{"", "Covered", "all"} {
		if _, ok := coverage.ParsePart(word); ok {
			t.Errorf("%q is a part", word)
		}
	}
	if coverage.Part(99).String() != "" {
		t.Error("a part that is none has a word")
	}
}

// The communities behind a rate by unit are as many as it counts.
func TestUnitsBehindAreThoseCounted(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := drawCase(t)
		b := baselineOf(c)
		for _, place := range places(b.Ground.Hierarchy) {
			var got, want coverage.Units
			switch place {
			case coverage.Everywhere:
				want = b.Summary.AllUnits
			case coverage.NoDivision:
			default:
				want = b.Summary.Units[place]
			}
			for _, u := range coverage.UnitsBehind(b.Ground.Hierarchy, c.sites, place) {
				got.Total++
				if u.Has() {
					got.With++
				}
			}
			if got != want {
				t.Fatalf("place %d: %+v, counted are %+v", place, got, want)
			}
		}
	})
}

// Who is not covered is told the truth about the nearest site.
func TestOutlook(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := drawCase(t)
		drawMode(t, &c)
		b := baselineOf(c)
		wide := c
		wide.params.Limit *= coverage.OutlookTimes
		farther := baselineOf(wide)
		look := asIs(t, b).Outlook()
		for i := range c.demand.Points {
			time, site, why := look.Of(int32(i))
			if covered := b.Result.State[i] == coverage.Covered; covered != (why == "") {
				t.Fatalf("point %d is %v, because %q", i, b.Result.State[i], why)
			}
			if c.params.Mode == coverage.OnFoot && (time != farther.Result.Time[i] || site != farther.Result.Nearest[i]) {
				t.Fatalf("point %d: site %d in %d ms, asked with twice the limit %d in %d", i, site, time, farther.Result.Nearest[i], farther.Result.Time[i])
			}
			if off := b.Result.State[i] == coverage.Unsnapped; off != (why == coverage.NoPath || why == coverage.NoUnitKnown) {
				t.Fatalf("point %d is %v, because %q", i, b.Result.State[i], why)
			}
		}
	})
}

func TestReasons(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		ask  func(*townCase)
		want []coverage.Reason // of door, near, far, island, nowhere
	}{
		{"a short limit", func(*townCase) {}, []coverage.Reason{"", "", coverage.NoneNear, coverage.OnIsland, coverage.NoPath}},
		{"a longer one", func(c *townCase) { c.params.Limit = 800_000 }, []coverage.Reason{"", "", coverage.TooFar, coverage.OnIsland, coverage.NoPath}},
		{"no site on a street", func(c *townCase) { c.sites = c.sites[:1] }, []coverage.Reason{coverage.NoSite, coverage.NoSite, coverage.NoSite, coverage.NoSite, coverage.NoPath}},
		{"by community", func(c *townCase) { c.params.Mode, c.params.Level = coverage.ByDivision, divisions.Community }, []coverage.Reason{"", coverage.NoSiteHere, coverage.NoUnitKnown, coverage.NoUnitKnown, coverage.NoUnitKnown}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := simpleCase(t)
			tt.ask(&c)
			look := asIs(t, baselineOf(c)).Outlook()
			for i, want := range tt.want {
				if _, _, why := look.Of(int32(i)); why != want {
					t.Errorf("%s: %q, want %q", c.demand.IDs[i], why, want)
				}
			}
		})
	}
}

// With a plan the outlook is that over its sites and streets.
func TestOutlookOfAPlan(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := drawCase(t)
		d, err := baselineOf(c).Apply(coverage.Plan{Sites: drawSteps(t, c), Network: drawNetworkSteps(t, c)})
		if err != nil {
			return
		}
		anew := coverage.Compute(d.Network, d.Demand(), d.Sites, coverage.Params{Limit: c.params.Limit * coverage.OutlookTimes, Speed: c.params.Speed})
		look := d.Outlook()
		for i := range c.demand.Points {
			if time, site, _ := look.Of(int32(i)); time != anew.Time[i] || site != anew.Nearest[i] {
				t.Fatalf("point %d: site %d in %d ms, worked out anew %d in %d", i, site, time, anew.Nearest[i], anew.Time[i])
			}
		}
	})
}
