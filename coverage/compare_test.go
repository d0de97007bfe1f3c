package coverage_test

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"yike/coverage"
	"yike/geo/divisions"
)

// drawOptions draws plans for one question, with and without costs.
func drawOptions(t *rapid.T, c townCase, b *coverage.Baseline) []coverage.Option {
	options := make([]coverage.Option, rapid.IntRange(0, 4).Draw(t, "options"))
	for i := range options {
		d, err := b.Apply(coverage.Plan{Sites: drawSteps(t, c)})
		if err != nil {
			t.Fatal(err)
		}
		options[i] = coverage.Option{Name: fmt.Sprint(i), Delta: d, After: d.Summary()}
		if rapid.Bool().Draw(t, "priced") {
			options[i].Cost = coverage.Cost{
				Known: true, OneOff: rapid.Int64Range(0, 3).Draw(t, "once"), PerYear: rapid.Int64Range(0, 3).Draw(t, "each year"),
			}
		}
	}
	return options
}

func TestAnyComparisonCloses(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := drawCase(t)
		b := baselineOf(c)
		options := drawOptions(t, c, b)
		level := rapid.SampledFrom(coverage.AllLevels()).Draw(t, "level")
		got, err := coverage.Compare(b, options, level)
		if err != nil {
			t.Fatal(err)
		}
		checkShares(t, got)
		for i, o := range options {
			for k := range c.demand.Bands {
				checkRows(t, got, i, k)
			}
			checkSites(t, got, i)
			checkDivisionsOf(t, got, o, i)
		}
		for k := range c.demand.Bands {
			checkDominated(t, got, k)
		}
	})
}

// checkShares counts by hand in how many options each point is gained.
func checkShares(t *rapid.T, c *coverage.Comparison) {
	people := c.Baseline.Ground.Demand.People
	gains := map[int32][]int{}
	for i, o := range c.Options {
		for _, p := range o.Delta.Points {
			if p.Before.State != coverage.Covered && p.After.State == coverage.Covered {
				gains[p.Point] = append(gains[p.Point], i)
			}
		}
	}
	for k, row := range people {
		all, some := coverage.People(0), coverage.People(0)
		only := make([]coverage.People, len(c.Options))
		by := make([]coverage.People, len(c.Options))
		for point, in := range gains {
			some += row[point]
			by[len(in)-1] += row[point]
			if len(in) == len(c.Options) {
				all += row[point]
			}
			if len(in) == 1 {
				only[in[0]] += row[point]
			}
		}
		sum := coverage.People(0)
		for n := range by {
			if c.Gained.By[n][k] != by[n] || c.Gained.Only[n][k] != only[n] {
				t.Fatalf("band %d: by %d options %d, want %d; only by %d %d, want %d", k, n+1, c.Gained.By[n][k], by[n], n, c.Gained.Only[n][k], only[n])
			}
			sum += coverage.People(n+1) * by[n]
		}
		gained := coverage.People(0)
		for _, o := range c.Options {
			gained += o.Delta.Total[k].Gained
		}
		if c.Gained.All[k] != all || c.Gained.Any[k] != some || sum != gained {
			t.Fatalf("band %d: all %d, any %d of %+v; %d gained in all", k, all, some, c.Gained, gained)
		}
	}
	for i, points := range c.Gained.OnlyPoints {
		if !slices.IsSorted(points) {
			t.Fatalf("option %d: %v", i, points)
		}
	}
}

// checkRows adds the table by division and the one by site up to an option's total.
func checkRows(t *rapid.T, c *coverage.Comparison, i, band int) {
	total := c.Options[i].Delta.Total[band]
	rest := c.Rest[i][band]
	gained, lost, covered := rest.Gained, rest.Lost, rest.Count.Covered
	one := rest.Overlap.One
	for _, row := range c.Divisions {
		in := row.Options[i].Bands[band]
		gained, lost, covered, one = gained+in.Gained, lost+in.Lost, covered+in.Count.Covered, one+in.Overlap.One
		if row.Options[i].Only[band] > in.Gained {
			t.Fatalf("only %d of %d", row.Options[i].Only[band], in.Gained)
		}
	}
	if gained != total.Gained || lost != total.Lost || covered != total.Count.Covered || one != total.Overlap.One {
		t.Fatalf("option %d, band %d: rows and rest gain %d and lose %d of %+v", i, band, gained, lost, total)
	}
	gained, lost = 0, 0
	for _, row := range c.Sites {
		if in := row.Options[i]; in.Bands != nil {
			gained, lost = gained+in.Bands[band].Gained, lost+in.Bands[band].Lost
		}
	}
	if gained != total.Gained || lost != total.Lost {
		t.Fatalf("option %d, band %d: sites gain %d and lose %d of %+v", i, band, gained, lost, total)
	}
}

// checkSites holds that each row is of one site, and that the baseline's come first.
func checkSites(t *rapid.T, c *coverage.Comparison, i int) {
	last := int32(-1)
	for n, row := range c.Sites {
		if row.Baseline >= 0 && row.Baseline <= last || row.Baseline < 0 && n+1 < len(c.Sites) && c.Sites[n+1].Baseline >= 0 {
			t.Fatalf("row %d is of site %d after %d", n, row.Baseline, last)
		}
		last = max(last, row.Baseline)
		in := row.Options[i]
		switch {
		case in.Site < 0 && (row.Baseline >= 0 || in.Bands != nil):
			t.Fatalf("row %d: %+v", n, in)
		case in.Site >= 0 && c.Options[i].Delta.Sites[in.Site].ID != row.ID:
			t.Fatalf("row %d is of %s, in option %d of %s", n, row.ID, i, c.Options[i].Delta.Sites[in.Site].ID)
		}
	}
}

// checkDivisionsOf compares the rows with one option compared alone.
func checkDivisionsOf(t *rapid.T, c *coverage.Comparison, o coverage.Option, i int) {
	alone, err := coverage.Compare(c.Baseline, []coverage.Option{o}, c.Level)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(c.Rest[i], alone.Rest[0]); diff != "" {
		t.Fatal(diff)
	}
	for _, row := range alone.Divisions {
		at := slices.IndexFunc(c.Divisions, func(r coverage.DivisionRow) bool { return r.Division == row.Division })
		if at < 0 {
			t.Fatalf("division %d is missing", row.Division)
		}
		got, want := c.Divisions[at].Options[i], row.Options[0]
		if diff := cmp.Diff(want.Bands, got.Bands); diff != "" || got.Units != want.Units || got.Units != o.After.Units[row.Division] {
			t.Fatalf("division %d: %s %+v %+v", row.Division, diff, got.Units, want.Units)
		}
		for k, only := range want.Only {
			if only != want.Bands[k].Gained {
				t.Fatalf("alone, division %d gains %d and only so %d", row.Division, want.Bands[k].Gained, only)
			}
		}
	}
}

// checkDominated holds the answer to the definition, and that whoever beats is unbeaten.
func checkDominated(t *rapid.T, c *coverage.Comparison, band int) {
	priced := slices.ContainsFunc(c.Options, func(o coverage.Option) bool { return o.Cost.Known })
	figures := func(o coverage.Option) []int64 { // the more the better
		d := o.Delta.Total[band]
		return []int64{int64(d.Gained), -int64(d.Lost), -o.Cost.OneOff, -o.Cost.PerYear}
	}
	beats := func(a, b coverage.Option) bool {
		if priced && (!a.Cost.Known || !b.Cost.Known) {
			return false
		}
		x, y := figures(a), figures(b)
		for k := range x {
			if x[k] < y[k] {
				return false
			}
		}
		return !slices.Equal(x, y)
	}
	got := c.Dominated(band)
	for i, by := range got {
		any := slices.ContainsFunc(c.Options, func(o coverage.Option) bool { return beats(o, c.Options[i]) })
		if any != (by >= 0) || any && (!beats(c.Options[by], c.Options[i]) || got[by] >= 0) {
			t.Fatalf("band %d: option %d is beaten by %d of %v", band, i, by, got)
		}
	}
}

func TestOneAddedSiteOfTwoOptions(t *testing.T) {
	t.Parallel()
	c := simpleCase(t)
	b := baselineOf(c)
	add := func(id string, i int) coverage.SiteEdit {
		return coverage.SiteEdit{Kind: coverage.AddSite, To: coverage.Site{ID: id, Point: c.demand.Points[i], Division: 3}}
	}
	option := func(name string, steps ...coverage.SiteEdit) coverage.Option {
		d, err := b.Apply(coverage.Plan{Sites: steps})
		if err != nil {
			t.Fatal(err)
		}
		return coverage.Option{Name: name, Delta: d, After: d.Summary()}
	}
	gone := coverage.SiteEdit{Kind: coverage.CloseSite, Site: 4}
	got, err := coverage.Compare(b, []coverage.Option{
		option("far", add("a", 2), add("b", 2), gone),                                          // b comes to nothing
		option("both", add("x", 3), add("a", 2)),                                               // a is the same as in far
		option("elsewhere", add("a", 3), coverage.SiteEdit{Kind: coverage.CloseSite, Site: 0}), // the id is, the place is not
	}, divisions.Subdistrict)
	if err != nil {
		t.Fatal(err)
	}
	type row struct {
		id    string
		sites [3]int32
	}
	var rows []row
	for _, r := range got.Sites {
		rows = append(rows, row{r.ID, [3]int32{r.Options[0].Site, r.Options[1].Site, r.Options[2].Site}})
	}
	want := []row{{"off", [3]int32{0, 0, 0}}, {"a", [3]int32{3, 4, -1}}, {"x", [3]int32{-1, 3, -1}}, {"a", [3]int32{-1, -1, 3}}}
	if diff := cmp.Diff(want, rows, cmp.AllowUnexported(row{})); diff != "" {
		t.Error(diff)
	}
	// Far people are gained twice, the island's once in both and elsewhere.
	if got.Gained.Any[0] != 30_005 || got.Gained.All[0] != 0 || got.Gained.Only[0][0] != 0 {
		t.Errorf("%+v", got.Gained)
	}
	if by := got.Dominated(0); !slices.Equal(by, []int{1, -1, 1}) {
		t.Errorf("beaten by %v", by)
	}
}

func TestCompareRefuses(t *testing.T) {
	t.Parallel()
	c := simpleCase(t)
	b, other := baselineOf(c), baselineOf(c)
	d, err := other.Apply(coverage.Plan{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := coverage.Compare(b, []coverage.Option{{Name: "a", Delta: d, After: d.Summary()}}, divisions.Community); !errors.Is(err, coverage.ErrOtherBaseline) {
		t.Errorf("another baseline's: %v", err)
	}
	if _, err := coverage.Compare(b, []coverage.Option{{Name: "none"}}, divisions.Community); !errors.Is(err, coverage.ErrOtherBaseline) {
		t.Errorf("no delta: %v", err)
	}
	if _, err := coverage.Compare(b, make([]coverage.Option, coverage.MostOptions+1), divisions.Community); !errors.Is(err, coverage.ErrTooManyOptions) {
		t.Errorf("too many: %v", err)
	}
}

func TestCostPerPerson(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		fen    int64
		people coverage.People
		want   int64
		ok     bool
	}{
		{100, 2 * coverage.Person, 50, true},
		{100, 3 * coverage.Person, 33, true},
		{5, 2 * coverage.Person, 3, true}, // half up
		{0, 1, 0, true},
		{100, coverage.Person / 2, 200, true},
		{400_000_000_000_000, 1, 4_000_000_000_000_000_000, true},
		{100, 0, 0, false},
		{100, -coverage.Person, 0, false},
		{-1, coverage.Person, 0, false},
		{math.MaxInt64, coverage.Person, 0, false},
	} {
		if got, ok := coverage.CostPerPerson(tt.fen, tt.people); got != tt.want || ok != tt.ok {
			t.Errorf("%d fen over %s: %d %v", tt.fen, tt.people, got, ok)
		}
	}
}
