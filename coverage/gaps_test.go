package coverage_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
	"pgregory.net/rapid"

	"yike/coverage"
	"yike/coverage/walknet"
)

// scatter is a demand of points put at metres east and north, all on the network,
// covered or not as said.
func scatter(places [][2]float64, states []coverage.State) (*coverage.Demand, *coverage.Result) {
	d := &coverage.Demand{Bands: townBands(), People: make([][]coverage.People, 2)}
	for i, at := range places {
		d.IDs = append(d.IDs, string(rune('a'+i)))
		d.Points = append(d.Points, orb.Point{townLon + at[0]/95_900, townLat + at[1]/110_900})
		d.Division = append(d.Division, int32(i%2))
		d.People[0] = append(d.People[0], coverage.People(10*(i+1)))
		d.People[1] = append(d.People[1], coverage.People(i+1))
	}
	return d, &coverage.Result{State: states}
}

func TestGapsGroupWhatLiesTogether(t *testing.T) {
	t.Parallel()
	const c, u, n = coverage.Covered, coverage.Uncovered, coverage.Unsnapped
	for _, tc := range []struct {
		name   string
		places [][2]float64
		states []coverage.State
		want   []string // ids of each gap's points, the most people first
	}{
		{"nobody uncovered", [][2]float64{{0, 0}, {10, 0}}, []coverage.State{c, n}, nil},
		{"one point", [][2]float64{{0, 0}}, []coverage.State{u}, []string{"a"}},
		{"neighbours of a 93 m grid", [][2]float64{{0, 0}, {93, 0}, {93, 93}}, []coverage.State{u, u, u}, []string{"abc"}},
		{"far apart", [][2]float64{{0, 0}, {500, 0}}, []coverage.State{u, u}, []string{"b", "a"}},
		{"unsnapped points join nothing", [][2]float64{{0, 0}, {150, 0}, {300, 0}}, []coverage.State{u, n, u}, []string{"c", "a"}},
		{
			"a covered row between",
			[][2]float64{{5, 65}, {65, 5}, {65, 65}, {65, 115}, {115, 65}},
			[]coverage.State{u, c, c, c, u},
			[]string{"e", "a"},
		},
		{"covered and uncovered in one house", [][2]float64{{0, 0}, {1, 0}}, []coverage.State{u, c}, []string{"a"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			d, r := scatter(tc.places, tc.states)
			gaps, err := coverage.Gaps(t.Context(), d, r, coverage.GapOptions{})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, g := range gaps {
				ids := ""
				for _, i := range g.Points {
					ids += d.IDs[i]
				}
				got = append(got, ids)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestGapFacts(t *testing.T) {
	t.Parallel()
	u := coverage.Uncovered
	d, r := scatter([][2]float64{{0, 0}, {60, 0}, {120, 0}, {900, 0}}, []coverage.State{u, u, u, u})
	gaps, err := coverage.Gaps(t.Context(), d, r, coverage.GapOptions{})
	if err != nil || len(gaps) != 2 {
		t.Fatalf("%d gaps, %v", len(gaps), err)
	}
	g := gaps[0]
	if diff := cmp.Diff([]coverage.People{60, 6}, g.People); diff != "" {
		t.Error(diff)
	}
	if g.Division != 0 || g.Centre != d.Points[1] { // 10 + 30 people in division 0, 20 in 1
		t.Errorf("division %d, centre %v", g.Division, g.Centre)
	}
	if g.AreaM2 < 3*2500 || g.AreaM2 > 25*2500 {
		t.Errorf("area %.0f m² for three points", g.AreaM2)
	}
	if gaps[1].ID == g.ID || gaps[1].People[0] != 40 {
		t.Errorf("second gap %+v", gaps[1])
	}
	again, err := coverage.Gaps(t.Context(), d, r, coverage.GapOptions{})
	if diff := cmp.Diff(gaps, again); err != nil || diff != "" {
		t.Errorf("asked twice: %v %s", err, diff)
	}
}

func TestGapsStayWithinDivisions(t *testing.T) {
	t.Parallel()
	u := coverage.Uncovered
	places := [][2]float64{{0, 0}, {60, 0}, {120, 0}, {180, 0}}
	d, r := scatter(places, []coverage.State{u, u, u, u})
	for _, tc := range []struct {
		name     string
		division []int32
		within   []int32
		want     [][]int32
	}{
		{"crossing is allowed", []int32{0, 0, 1, 1}, nil, [][]int32{{0, 1, 2, 3}}},
		{"cut at the boundary", []int32{0, 0, 1, 1}, []int32{0, 1}, [][]int32{{2, 3}, {0, 1}}},
		{"finer divisions of one", []int32{0, 0, 1, 1}, []int32{2, 2}, [][]int32{{0, 1, 2, 3}}},
		{"outside all apart from inside", []int32{0, 0, -1, -1}, []int32{0}, [][]int32{{2, 3}, {0, 1}}},
		{"in no division of that level", []int32{0, 0, 1, -1}, []int32{0, -1}, [][]int32{{3}, {0, 1}, {2}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			own := *d
			own.Division = tc.division
			gaps, err := coverage.Gaps(t.Context(), &own, r, coverage.GapOptions{Within: tc.within})
			if err != nil {
				t.Fatal(err)
			}
			var got [][]int32
			for _, g := range gaps {
				got = append(got, g.Points)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestGapsStopWhenTold(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	d, r := scatter([][2]float64{{0, 0}}, []coverage.State{coverage.Uncovered})
	if _, err := coverage.Gaps(ctx, d, r, coverage.GapOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// Points a world apart must not ask for a raster of the world.
func TestGapsFarApartStaySmall(t *testing.T) {
	t.Parallel()
	u := coverage.Uncovered
	d, r := scatter([][2]float64{{0, 0}, {2_000_000, 1_500_000}}, []coverage.State{u, u})
	gaps, err := coverage.Gaps(t.Context(), d, r, coverage.GapOptions{})
	if err != nil || len(gaps) != 2 {
		t.Errorf("%d gaps, %v", len(gaps), err)
	}
}

func TestGapsHoldTheUncoveredExactly(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := drawCase(t)
		r := coverage.Compute(c.net, c.demand, c.sites, c.params)
		opt := coverage.GapOptions{
			CellM:  rapid.SampledFrom([]float64{0, 25, 100}).Draw(t, "cell"),
			Within: rapid.SampledFrom([][]int32{nil, {0, 0, 0, 3, 0}, {0, 1, 2, -1, 4}}).Draw(t, "within"),
		}
		gaps, err := coverage.Gaps(context.Background(), c.demand, r, opt)
		if err != nil {
			t.Fatal(err)
		}
		total := coverage.Summarise(c.demand, r, coverage.NewHierarchy(townDivisions()), c.sites).Total
		seen := map[int32]bool{}
		sums := make([]coverage.People, len(c.demand.Bands))
		ids := map[string]bool{}
		for k, g := range gaps {
			ids[g.ID] = true
			if k > 0 && gaps[k-1].People[0] < g.People[0] {
				t.Fatal("not sorted by the widest band")
			}
			for _, i := range g.Points {
				if seen[i] || r.State[i] != coverage.Uncovered {
					t.Fatalf("point %d is in two gaps, or is %v", i, r.State[i])
				}
				seen[i] = true
				if opt.Within == nil { // a cell on a boundary is one division's, whosever points lie in it
					checkPlace(t, g, gaps, c.demand.Points[i])
				}
				checkDrawn(t, g, c.demand.Points[i], opt.CellM)
			}
			for b := range sums {
				sums[b] += g.People[b]
			}
		}
		for b := range sums {
			if sums[b] != total[b].Uncovered {
				t.Fatalf("band %d: gaps hold %d, uncovered are %d", b, sums[b], total[b].Uncovered)
			}
		}
		if n := countState(r, coverage.Uncovered); n != len(seen) || len(ids) != len(gaps) {
			t.Fatalf("%d of %d uncovered points in gaps, %d ids for %d gaps", len(seen), n, len(ids), len(gaps))
		}
	})
}

// checkPlace holds the drawing to its points: a point lies in no other gap's area.
func checkPlace(t *rapid.T, own coverage.Gap, gaps []coverage.Gap, p orb.Point) {
	for _, g := range gaps {
		if g.ID != own.ID && planar.MultiPolygonContains(g.Area, p) {
			t.Fatalf("a point of %s lies in the area of %s", own.ID, g.ID)
		}
	}
	if len(own.Area) == 0 || own.AreaM2 <= 0 {
		t.Fatalf("%s has no area", own.ID)
	}
}

// checkDrawn holds that a gap's own point lies in its drawing, or so near that a rounded
// corner explains it.
func checkDrawn(t *rapid.T, g coverage.Gap, p orb.Point, cellM float64) {
	if cellM == 0 {
		cellM = 50
	}
	const degreeM = 85_000 // the shorter one, of longitude, at the test's latitude and south of it
	if planar.MultiPolygonContains(g.Area, p) {
		return
	}
	if off := planar.DistanceFrom(g.Area, p); off > (cellM/8+0.5)/degreeM {
		t.Fatalf("a point of %s lies %.1f m outside its drawing", g.ID, off*degreeM)
	}
}

// Places of people who are served, or who have no path, are not drawn as a gap.
func TestGapsLeaveOthersOut(t *testing.T) {
	t.Parallel()
	for _, other := range []coverage.State{coverage.Covered, coverage.Unsnapped} {
		places := [][2]float64{{0, 10}, {55, 20}, {-60, 0}} // in three cells side by side
		d, r := scatter(places, []coverage.State{coverage.Uncovered, other, other})
		gaps, err := coverage.Gaps(t.Context(), d, r, coverage.GapOptions{})
		if err != nil || len(gaps) != 1 {
			t.Fatalf("%d gaps, %v; want 1", len(gaps), err)
		}
		for i, want := range []bool{true, false, false} {
			if got := planar.MultiPolygonContains(gaps[0].Area, d.Points[i]); got != want {
				t.Errorf("%v: point %d in the drawing: %v; want %v", other, i, got, want)
			}
		}
	}
}

func countState(r *coverage.Result, s coverage.State) int {
	n := 0
	for _, t := range r.State {
		if t == s {
			n++
		}
	}
	return n
}

func TestCircleCountsByTimeAndDrawsTheGround(t *testing.T) {
	t.Parallel()
	c := simpleCase(t)
	circle := coverage.CircleOf(c.net, c.demand, c.sites[1], c.params, walknet.CircleOptions{})
	if diff := cmp.Diff([]coverage.People{35_000, 3}, circle.Reached); diff != "" || circle.Points != 2 {
		t.Errorf("%d points %s", circle.Points, diff)
	}
	if !planar.MultiPolygonContains(circle.Area, c.demand.Points[1]) || planar.MultiPolygonContains(circle.Area, c.demand.Points[2]) {
		t.Error("the drawing does not hold the near point only")
	}
	if circle.AreaM2 <= 0 {
		t.Error("no area")
	}
	off := coverage.CircleOf(c.net, c.demand, c.sites[0], c.params, walknet.CircleOptions{})
	if off.Points != 0 || off.Area != nil || slices.Max(off.Reached) != 0 {
		t.Errorf("a site off the network reaches %+v", off)
	}
}
