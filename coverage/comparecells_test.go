package coverage_test

import (
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"pgregory.net/rapid"

	"yike/coverage"
	"yike/geo/divisions"
)

// For each option the cells hold what it gains and loses, and nobody twice.
func TestCellsAddUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := drawCase(t)
		b := baselineOf(c)
		got, err := coverage.Compare(b, drawOptions(t, c, b), divisions.Community)
		if err != nil {
			t.Fatal(err)
		}
		side := rapid.Float64Range(20, 500).Draw(t, "side")
		for band := range c.demand.Bands {
			cells := got.Cells(band, side)
			for i, o := range got.Options {
				var sum coverage.CellIn
				for _, cell := range cells {
					in := cell.Options[i]
					sum.Gained, sum.Lost, sum.Only = sum.Gained+in.Gained, sum.Lost+in.Lost, sum.Only+in.Only
				}
				want := coverage.CellIn{Gained: o.Delta.Total[band].Gained, Lost: o.Delta.Total[band].Lost, Only: got.Gained.Only[i][band]}
				if sum != want {
					t.Fatalf("option %d, band %d: cells hold %+v, want %+v", i, band, sum, want)
				}
			}
			if !slices.IsSortedFunc(cells, func(a, b coverage.Cell) int {
				if a.Min == b.Min {
					t.Fatalf("two cells at %v", a.Min)
				}
				if a.Min[1] < b.Min[1] || a.Min[1] == b.Min[1] && a.Min[0] < b.Min[0] {
					return -1
				}
				return 1
			}) {
				t.Fatal("cells have no order")
			}
		}
	})
}

func TestCellsAreSquares(t *testing.T) {
	t.Parallel()
	c := simpleCase(t)
	b := baselineOf(c)
	d, err := b.Apply(coverage.Plan{Sites: []coverage.SiteEdit{{Kind: coverage.AddSite, To: coverage.Site{ID: "a", Point: c.demand.Points[2], Division: 3}}}})
	if err != nil {
		t.Fatal(err)
	}
	got, err := coverage.Compare(b, []coverage.Option{{Name: "a", Delta: d, After: d.Summary()}}, divisions.Community)
	if err != nil {
		t.Fatal(err)
	}
	cells := got.Cells(0, 200)
	if len(cells) != 1 {
		t.Fatalf("%d cells", len(cells))
	}
	cell := cells[0]
	if p := c.demand.Points[2]; !(orb.Bound{Min: cell.Min, Max: cell.Max}).Contains(p) || cell.Options[0].Gained != 30_000 {
		t.Errorf("%+v does not hold %v", cell, p)
	}
	for _, side := range []float64{
		geo.Distance(cell.Min, orb.Point{cell.Max[0], cell.Min[1]}), geo.Distance(cell.Min, orb.Point{cell.Min[0], cell.Max[1]}),
	} {
		if side < 198 || side > 202 {
			t.Errorf("a side of %.1f m", side)
		}
	}
}
