package coverage_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
	"pgregory.net/rapid"

	"yike/coverage"
	"yike/coverage/walknet"
)

// A drawing of cells of 60 m is wrong about somebody: every place is judged as the slow
// way does, and those in time add up to the people counted.
func TestDisagreementOfADrawing(t *testing.T) {
	t.Parallel()
	net := townNetwork(t, 9, everything)
	rapid.Check(t, func(t *rapid.T) {
		var at []orb.Point
		var people []coverage.People
		for range rapid.IntRange(1, 30).Draw(t, "places") {
			at = append(at, orb.Point{
				townLon + step*rapid.Float64Range(-0.5, 9).Draw(t, "x"), townLat + step*rapid.Float64Range(-0.5, 9).Draw(t, "y"),
			})
			people = append(people, coverage.People(rapid.Int64Range(1, 50_000).Draw(t, "people")))
		}
		disagreement(t, net, at, people)
	})
	// A lattice has points on both sides of every outline, so some are drawn wrongly.
	var lattice []orb.Point
	for x := range 120 {
		for y := range 120 {
			lattice = append(lattice, orb.Point{townLon + step*float64(x)*0.07, townLat + step*float64(y)*0.07})
		}
	}
	if disagreement(t, net, lattice, slices.Repeat([]coverage.People{coverage.Person}, len(lattice))) == 0 {
		t.Error("the drawing was never wrong, so nothing was tested")
	}
}

// disagreement holds a drawing's disagreement to one worked out point by point, and says for
// how many points there is one.
func disagreement(t rapid.TB, net *walknet.Network, points []orb.Point, people []coverage.People) (wrong int) {
	t.Helper()
	d := &coverage.Demand{Bands: townBands()[:1], Points: points, People: [][]coverage.People{people}}
	for _, at := range points {
		d.Snaps = append(d.Snaps, net.Snap(at, 100))
	}
	site := coverage.Site{Snap: net.Snap(orb.Point{townLon + 3*step, townLat + 3*step}, 100)}
	p := coverage.Params{Limit: 300_000, Speed: 900}
	c := coverage.CircleOf(net, d, site, p, walknet.CircleOptions{CellM: 60})
	want := coverage.Disagreement{In: make([]coverage.People, 1), InsideLate: make([]coverage.People, 1), OutsideInTime: make([]coverage.People, 1)}
	reach, far := net.Reach(site.Snap, p.Limit, p.Speed), net.Reach(site.Snap, 2*p.Limit, p.Speed)
	for i, at := range d.Points {
		inside, inTime := planar.MultiPolygonContains(c.Area, at), reach.At(d.Snaps[i]) >= 0
		switch {
		case inside && inTime:
			want.In[0] += d.People[0][i]
		case inside:
			want.InsideLate[0] += d.People[0][i]
			by := p.Limit
			if ms := far.At(d.Snaps[i]); ms >= 0 {
				by = ms - p.Limit
			}
			want.WorstLate = max(want.WorstLate, by)
			wrong++
		case inTime:
			want.OutsideInTime[0] += d.People[0][i]
			wrong++
		}
	}
	if diff := cmp.Diff(want, c.Drawing); diff != "" {
		t.Fatal(diff)
	}
	if got := c.Drawing.In[0] + c.Drawing.OutsideInTime[0]; got != c.Reached[0] {
		t.Fatalf("%d in time, %d reached", got, c.Reached[0])
	}
	return wrong
}

func TestSharesOfADisagreement(t *testing.T) {
	t.Parallel()
	d := coverage.Disagreement{
		In: []coverage.People{30, 0, 0}, InsideLate: []coverage.People{10, 5, 0}, OutsideInTime: []coverage.People{20, 0, 0},
	}
	for band, want := range []struct {
		late, missed        float64
		lateKnown, misKnown bool
	}{{0.25, 0.4, true, true}, {1, 0, true, false}, {0, 0, false, false}} {
		late, lateKnown := d.Late(band)
		missed, misKnown := d.Missed(band)
		if late != want.late || lateKnown != want.lateKnown || missed != want.missed || misKnown != want.misKnown {
			t.Errorf("band %d: late %v %v, missed %v %v", band, late, lateKnown, missed, misKnown)
		}
	}
}
