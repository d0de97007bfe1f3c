package walknet_test

import (
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yike/coverage/walknet"
	"yike/geo"
)

func TestCostRoundsHalfUp(t *testing.T) {
	t.Parallel()
	tests := []struct {
		mm    int64
		speed walknet.Speed
		want  walknet.Milliseconds
	}{
		{0, 900, 0},
		{1, 900, 1},               // 1.11
		{9, 2000, 5},              // 4.5
		{1, 2000, 1},              // 0.5
		{1, 2001, 0},              // 0.4998
		{900_000, 900, 1_000_000}, // exact
		{math.MaxInt32, 1, math.MaxInt32},
		{math.MaxInt64, 900, math.MaxInt32},
		{1, 0, math.MaxInt32},
		{1, -5, math.MaxInt32},
	}
	for _, tt := range tests {
		if got := tt.speed.Cost(tt.mm); got != tt.want {
			t.Errorf("%d mm at %d mm/s cost %d ms, want %d", tt.mm, tt.speed, got, tt.want)
		}
	}
}

func TestDirections(t *testing.T) {
	t.Parallel()
	// A ring of 400 m that is one-way east, then back by the north.
	oneWay := walknet.Way{SourceID: "way/1", Direction: walknet.Forward, NodeIDs: []int64{1, 2}, Line: orb.LineString{metres(0, 0), metres(100, 0)}}
	back := walknet.Way{SourceID: "way/2", NodeIDs: []int64{2, 3, 4, 1}, Line: orb.LineString{metres(100, 0), metres(100, 100), metres(0, 100), metres(0, 0)}}
	backward := oneWay
	backward.Direction = walknet.Backward
	west, east := metres(20, 0), metres(80, 0)
	tests := []struct {
		name       string
		way        walknet.Way
		person, to orb.Point
		metres     float64
	}{
		{"with the way", oneWay, west, east, 60},
		{"against the way, round the ring", oneWay, east, west, 340},
		{"backward is the other way", backward, east, west, 60},
		{"and round", backward, west, east, 340},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			n, _ := build(t, []walknet.Way{tt.way, back})
			ms := n.Reach(n.Snap(tt.to, 10), 10_000_000, 1000).At(n.Snap(tt.person, 10))
			if math.Abs(float64(ms)/1000-tt.metres) > 0.1 {
				t.Errorf("%d ms for %g m at 1 m/s", ms, tt.metres)
			}
		})
	}
}

func TestLimitIsInclusive(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		ways, barriers := drawNetwork(t)
		n, _ := build(t, ways, barriers...)
		people, sites := drawSnaps(t, n, "people"), drawSnaps(t, n, "sites")
		all := n.Nearest(sites, math.MaxInt32, 900)
		for _, p := range people {
			ms, site := all.At(p)
			if ms < 0 {
				continue
			}
			if got, gotSite := n.Nearest(sites, ms, 900).At(p); got != ms || gotSite != site {
				t.Fatalf("at a limit of %d ms the time is %d to %d, want to %d", ms, got, gotSite, site)
			}
			if got := n.Reach(sites[site], ms, 900).At(p); got != ms {
				t.Fatalf("at a limit of %d ms the reach says %d", ms, got)
			}
			if ms == 0 {
				continue
			}
			if got, gotSite := n.Nearest(sites, ms-1, 900).At(p); got != walknet.Unreached || gotSite != -1 {
				t.Fatalf("at a limit of %d ms the time is %d to %d", ms-1, got, gotSite)
			}
			if got := n.Reach(sites[site], ms-1, 900).At(p); got != walknet.Unreached {
				t.Fatalf("at a limit of %d ms the reach says %d", ms-1, got)
			}
		}
	})
}

func TestOneMoreSiteNeverTakesLonger(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		ways, barriers := drawNetwork(t)
		n, _ := build(t, ways, barriers...)
		people, sites := drawSnaps(t, n, "people"), drawSnaps(t, n, "sites")
		limit := walknet.Milliseconds(rapid.IntRange(0, 900_000).Draw(t, "limit"))
		fewer, more := n.Nearest(sites[1:], limit, 900), n.Nearest(sites, limit, 900)
		for _, p := range people {
			before, _ := fewer.At(p)
			after, _ := more.At(p)
			if before >= 0 && (after < 0 || after > before) {
				t.Fatalf("%d ms with fewer sites, %d with one more", before, after)
			}
		}
	})
}

func TestNothingIsReached(t *testing.T) {
	t.Parallel()
	n, _ := build(t, grid(2, 100))
	on := n.Snap(metres(50, 0), 10)
	tests := []struct {
		name  string
		site  walknet.Snap
		limit walknet.Milliseconds
		speed walknet.Speed
	}{
		{"no snap", walknet.NoSnap(), 900_000, 900},
		{"negative limit", on, -1, 900},
		{"no speed", on, 900_000, 0},
		{"negative speed", on, 900_000, -900},
		{"off-street leg beyond the limit", n.Snap(metres(50, 40), 60), 1000, 900},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := n.Reach(tt.site, tt.limit, tt.speed)
			if ms := r.At(on); ms != walknet.Unreached {
				t.Errorf("reached in %d ms", ms)
			}
			if ms, site := n.Nearest([]walknet.Snap{tt.site}, tt.limit, tt.speed).At(on); ms != walknet.Unreached || site != -1 {
				t.Errorf("nearest is %d in %d ms", site, ms)
			}
			if c := r.Circle(walknet.CircleOptions{}); len(c) != 0 {
				t.Errorf("the circle is not empty: %v", c)
			}
		})
	}
	if ms := n.Reach(on, 0, 900).At(on); ms != 0 {
		t.Errorf("a place reaches itself in %d ms at a limit of 0", ms)
	}
}

// On a street grid the walk between two doors is |Δx| + |Δy|, off-street legs
// included, unless both are on parallel streets of one block.
func TestGridOracle(t *testing.T) {
	t.Parallel()
	const block = 100
	n, _ := build(t, grid(8, block))
	rapid.Check(t, func(t *rapid.T) {
		door := func(label string) (orb.Point, [2]float64) {
			along := rapid.Float64Range(0, 8*block).Draw(t, label)
			street := float64(rapid.IntRange(0, 8).Draw(t, label+" street") * block)
			if rapid.Bool().Draw(t, label+" runs east") {
				return metres(along, street), [2]float64{along, street}
			}
			return metres(street, along), [2]float64{street, along}
		}
		p, a := door("person")
		q, b := door("site")
		want := math.Abs(a[0]-b[0]) + math.Abs(a[1]-b[1])
		if ms := n.Reach(n.Snap(q, 1), 5_000_000, 1000).At(n.Snap(p, 1)); math.Abs(float64(ms)/1000-detour(a, b, want)) > 0.5 {
			t.Fatalf("%v → %v: %d ms, want %.1f m", a, b, ms, detour(a, b, want))
		}
	})
}

// detour is the walk where both ends are in the middle of parallel streets of one
// block: round the nearer end of the block.
func detour(a, b [2]float64, straight float64) float64 {
	for i := range 2 {
		j := 1 - i
		middle := func(v float64) bool { return math.Mod(v, 100) != 0 }
		if a[j] == b[j] || !middle(a[i]) || !middle(b[i]) || math.Floor(a[i]/100) != math.Floor(b[i]/100) {
			continue
		}
		x, y := math.Mod(a[i], 100), math.Mod(b[i], 100)
		return min(x+y, 200-x-y) + math.Abs(a[j]-b[j])
	}
	return straight
}

func TestWorkersDoNotMatter(t *testing.T) {
	t.Parallel()
	n, _ := build(t, grid(30, 90))
	sites := snapAll(n, scatter(n, 60, 3))
	people := snapAll(n, scatter(n, 500, 4))
	times := func(workers int) []walknet.Milliseconds {
		var all []walknet.Milliseconds
		for _, r := range n.ReachAll(sites, 900_000, 900, workers) {
			for _, p := range people {
				all = append(all, r.At(p))
			}
		}
		return all
	}
	one := times(1)
	for _, workers := range []int{0, 2, 7} {
		if diff := cmp.Diff(one, times(workers)); diff != "" {
			t.Errorf("%d workers differ from one:\n%s", workers, diff)
		}
	}
}

// The slow way to snap: every segment of every edge.
func TestSnapIsTheNearest(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		ways, barriers := drawNetwork(t)
		n, _ := build(t, ways, barriers...)
		p := metres(rapid.Float64Range(-400, 700).Draw(t, "east"), rapid.Float64Range(-400, 600).Draw(t, "north"))
		limit := rapid.SampledFrom([]float64{0, 5, 100, 1000}).Draw(t, "limit")
		frame := geo.Frame(p)
		best := math.Inf(1)
		distance := make([]float64, n.Edges())
		for e := range distance {
			distance[e] = math.Inf(1)
			l := n.EdgeLine(int32(e))
			for i := 1; i < len(l); i++ {
				distance[e] = min(distance[e], distanceTo(orb.Point{}, frame.To(l[i-1]), frame.To(l[i])))
			}
			best = min(best, distance[e])
		}
		edge := int32(slices.IndexFunc(distance, func(d float64) bool { return d < best+1e-7 && d <= limit }))
		s := n.Snap(p, limit)
		if math.Abs(best-limit) > 1e-6 && s.OK() != (best <= limit) {
			t.Fatalf("snapped to %+v, the nearest edge %d is %.3f m away, the limit %g m", s, edge, best, limit)
		}
		if !s.OK() {
			return
		}
		// Distances that differ by less than a tenth of a millimetre are a tie.
		if s.Edge > edge || distance[s.Edge] > best+2e-4 || math.Abs(float64(s.AccessMM)-best*1000) > 1 {
			t.Fatalf("snapped to %+v, the nearest edge is %d, %.3f m away", s, edge, best)
		}
		if d := geo.Distance(p, s.Point); math.Abs(d*1000-float64(s.AccessMM)) > 2+d*0.02 {
			t.Fatalf("the place on the edge is %.3f m away, the snap says %d mm", d, s.AccessMM)
		}
		checkOffset(t, n, s)
	})
}

// checkOffset walks the edge's line for the snap's offset and compares the places.
func checkOffset(t *rapid.T, n *walknet.Network, s walknet.Snap) {
	l := n.EdgeLine(s.Edge)
	rest := float64(s.OffsetMM) / 1000
	for i := 1; i < len(l); i++ {
		d := geo.Distance(l[i-1], l[i])
		if rest > d && i < len(l)-1 {
			rest -= d
			continue
		}
		share := min(rest/d, 1)
		at := orb.Point{l[i-1][0] + share*(l[i][0]-l[i-1][0]), l[i-1][1] + share*(l[i][1]-l[i-1][1])}
		if geo.Distance(at, s.Point) > 0.01 {
			t.Fatalf("offset %d mm is at %v, the snap says %v", s.OffsetMM, at, s.Point)
		}
		return
	}
}

func TestSnapRefusesNonsense(t *testing.T) {
	t.Parallel()
	n, _ := build(t, grid(2, 100))
	for _, p := range []orb.Point{{math.NaN(), 30}, {114, math.Inf(1)}, {500, 30}} {
		if s := n.Snap(p, 1e9); s.OK() {
			t.Errorf("%v snaps to %+v", p, s)
		}
	}
	if s := n.Snap(metres(0, 0), math.NaN()); s.OK() {
		t.Errorf("a limit of NaN snaps to %+v", s)
	}
	if s := n.Snap(metres(30_000, 40_000), 60_000); !s.OK() {
		t.Error("a far place within a wide limit does not snap")
	}
}

func TestBandsEqualOneSearchEach(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		src := drawTown(t)
		drawTraits(t, src)
		n, _ := build(t, src.ways, src.barriers...)
		if rapid.Bool().Draw(t, "profiled") {
			var err error
			if n, err = n.For(drawProfile(t)); err != nil {
				t.Fatal(err)
			}
		}
		speeds := rapid.SliceOfN(rapid.SampledFrom([]walknet.Speed{1200, 900, 700, 901, 0, 5_000_000}), 0, 5).Draw(t, "speeds")
		people := drawSnaps(t, n, "people")
		limit := walknet.Milliseconds(rapid.IntRange(-1, 400_000).Draw(t, "limit"))
		for _, site := range drawSnaps(t, n, "sites") {
			for k, r := range n.ReachBands(site, limit, speeds) {
				alone := n.Reach(site, limit, speeds[k])
				for _, p := range people {
					if got, want := r.At(p), alone.At(p); got != want {
						t.Fatalf("%d mm/s, from %+v to %+v: %d ms, alone %d", speeds[k], p, site, got, want)
					}
				}
			}
		}
	})
}

// On a real network, too, where ways have hundreds of edges and rounding adds up.
func TestBandsEqualOneSearchEachInACity(t *testing.T) {
	t.Parallel()
	n := porto(t).net
	people := onStreets(n, 30_000, 13)
	speeds := []walknet.Speed{1200, 900, 700}
	within := 0
	for _, site := range onStreets(n, 25, 12) {
		bands := n.ReachBands(site, 1_500_000, speeds)
		for k, speed := range speeds {
			alone := n.Reach(site, 1_500_000, speed)
			for _, p := range people {
				got, want := bands[k].At(p), alone.At(p)
				if got != want {
					t.Fatalf("%d mm/s, from %+v to %+v: %d ms, alone %d", speed, p, site, got, want)
				}
				if want >= 0 {
					within++
				}
			}
		}
	}
	if within < 5000 {
		t.Errorf("only %d walks are within the limit", within)
	}
}
