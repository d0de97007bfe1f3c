package crsfit_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"

	"yike/geo"
	"yike/geo/crsfit"
)

var towns = []struct {
	name string
	at   orb.Point
	rule townRule
}{
	{"irregular town", orb.Point{117.0, 39.1}, townRule{3000, 200, 0.3, 1.5}},
	{"checkerboard", orb.Point{108.8, 34.3}, townRule{3000, 200, 0, 1.5}},
	{"superblocks", orb.Point{114.27, 30.63}, townRule{4000, 500, 0.1, 1.5}},
	{"sparse roads", orb.Point{125.93, 41.72}, townRule{6000, 900, 0.6, 0.4}},
	{"small town", orb.Point{117.0, 39.1}, townRule{1200, 150, 0.3, 2}},
	{"village", orb.Point{108.8, 34.3}, townRule{600, 120, 0.4, 2}},
}

func TestBuildingsThatBelong(t *testing.T) {
	t.Parallel()
	for _, tc := range towns {
		for _, n := range []int{40, 300} {
			tw := build(tc.rule, tc.at, 1)
			points := tw.some(n)
			v := crsfit.Check(points, tw.roads)
			if v.Suspicious || v.Best != crsfit.Declared || v.ShiftM != 0 || v.TooFew {
				t.Errorf("%s, %d buildings: %+v; want no suspicion", tc.name, len(points), v)
			}
			if v.MedianDeclaredM < 9 || v.MedianDeclaredM > 45 || v.MedianBestM != v.MedianDeclaredM {
				t.Errorf("%s: median %v m; buildings stand 9 to 40 m from their street", tc.name, v.MedianDeclaredM)
			}
		}
	}
}

func TestShiftedLayersAreNamed(t *testing.T) {
	t.Parallel()
	same := func(p orb.Point) orb.Point { return p }
	for _, tc := range []struct {
		want          crsfit.Hypothesis
		points, roads func(orb.Point) orb.Point
	}{
		{crsfit.GCJ02Points, gcj, same},
		{crsfit.BD09Points, bd, same},
		{crsfit.GCJ02Roads, same, gcj},
		{crsfit.BD09Roads, same, bd},
	} {
		for _, town := range towns {
			tw := build(town.rule, town.at, 2)
			points := moved(tw.some(200), tc.points)
			v := crsfit.Check(points, movedLines(tw.roads, tc.roads))
			if !v.Suspicious || v.Best != tc.want {
				t.Errorf("%s, %s: %+v", town.name, tc.want, v)
				continue
			}
			wrong := gcj
			if tc.want == crsfit.BD09Points || tc.want == crsfit.BD09Roads {
				wrong = bd
			}
			to := geo.Frame(town.at).To(wrong(town.at))
			length, bearing := math.Hypot(to[0], to[1]), math.Atan2(to[0], to[1])*180/math.Pi
			turn := math.Abs(math.Remainder(v.BearingDeg-bearing, 360))
			if math.Abs(v.ShiftM-length) > 0.05*length || turn > 5 || v.BearingDeg < 0 || v.BearingDeg >= 360 {
				t.Errorf("%s, %s: shift %.0f m to %.0f°; want %.0f m to %.0f°", town.name, tc.want, v.ShiftM, v.BearingDeg, length, bearing)
			}
		}
	}
}

// TestNothingInParticular has points that belong to no street: wherever they are
// moved, they fit no better.
func TestNothingInParticular(t *testing.T) {
	t.Parallel()
	for _, town := range towns {
		tw := build(town.rule, town.at, 3)
		frame := geo.Frame(town.at)
		rng := rand.New(rand.NewPCG(3, 3))
		side := town.rule.sizeM
		layers := map[string][]orb.Point{}
		for _, n := range []int{60, 300} {
			var random, clusters []orb.Point
			for range n {
				random = append(random, frame.From(orb.Point{(rng.Float64() - 0.5) * side, (rng.Float64() - 0.5) * side}))
			}
			for len(clusters) < n {
				c := orb.Point{(rng.Float64() - 0.5) * side, (rng.Float64() - 0.5) * side}
				for range 10 {
					clusters = append(clusters, frame.From(orb.Point{c[0] + 25*rng.NormFloat64(), c[1] + 25*rng.NormFloat64()}))
				}
			}
			layers[fmt.Sprint(n, " at random")], layers[fmt.Sprint(n, " in clusters")] = random, clusters
		}
		for _, cell := range []float64{93, 100, 200} {
			layers[fmt.Sprint("grid of ", cell)] = grid(frame, side, cell, rng.Float64()*cell)
		}
		for name, points := range layers {
			if v := crsfit.Check(points, tw.roads); v.Suspicious {
				t.Errorf("%s, %s: %+v", town.name, name, v)
			}
		}
	}
}

func grid(frame geo.LocalFrame, side, cell, offset float64) []orb.Point {
	var points []orb.Point
	for x := -side / 2; x < side/2; x += cell {
		for y := -side / 2; y < side/2; y += cell {
			points = append(points, frame.From(orb.Point{x + offset, y + offset}))
		}
	}
	return points
}

func TestTooFew(t *testing.T) {
	t.Parallel()
	tw := build(towns[0].rule, towns[0].at, 4)
	far := []orb.Point{{0, 0}, {math.NaN(), 1}, {1e9, 1e9}}
	for len(far) < 100 {
		far = append(far, orb.Point{100, float64(len(far)) / 10})
	}
	for _, tc := range []struct {
		name   string
		points []orb.Point
		roads  []orb.LineString
	}{
		{"no points", nil, tw.roads},
		{"no roads", tw.buildings, nil},
		{"roads without a line", tw.buildings, []orb.LineString{{}, {{117, 39}}}},
		{"29 points", gcjs(tw.some(29)), tw.roads},
		{"all far away", far, tw.roads},
		{"one place a hundred times", repeated(tw.buildings[0], 100), tw.roads},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			v := crsfit.Check(tc.points, tc.roads)
			if !v.TooFew || v.Suspicious || v.Points != len(tc.points) || v.NearRoads >= 30 {
				t.Errorf("%+v; want too few and no suspicion", v)
			}
		})
	}
}

func gcjs(points []orb.Point) []orb.Point { return moved(points, gcj) }

func repeated(p orb.Point, n int) []orb.Point {
	all := make([]orb.Point, n)
	for i := range all {
		all[i] = p
	}
	return all
}

func TestCheckIsDeterministicInAnyOrder(t *testing.T) {
	t.Parallel()
	tw := build(townRule{4000, 150, 0.3, 5}, orb.Point{117, 39.1}, 5)
	if len(tw.buildings) < 4500 {
		t.Fatalf("%d buildings; the test needs more than are looked at", len(tw.buildings))
	}
	points := gcjs(tw.buildings)
	first := crsfit.Check(points, tw.roads)
	if first.Best != crsfit.GCJ02Points {
		t.Fatalf("%+v; want %s", first, crsfit.GCJ02Points)
	}
	rng := rand.New(rand.NewPCG(5, 5))
	rng.Shuffle(len(points), func(i, j int) { points[i], points[j] = points[j], points[i] })
	if again := crsfit.Check(points, tw.roads); again != first {
		t.Errorf("in another order %+v; want %+v", again, first)
	}
}

func TestSwapped(t *testing.T) {
	t.Parallel()
	bound := orb.Bound{Min: orb.Point{114.2, 30.6}, Max: orb.Point{114.4, 30.7}}
	right := []orb.Point{{114.3, 30.65}, {114.25, 30.61}}
	for _, tc := range []struct {
		name   string
		points []orb.Point
		want   bool
	}{
		{"right", right, false},
		{"exchanged", []orb.Point{{30.65, 114.3}, {30.61, 114.25}}, true},
		{"elsewhere", []orb.Point{{116, 40}, {117, 39}}, false},
		{"half and half", append([]orb.Point{{30.65, 114.3}, {30.61, 114.25}}, right...), false},
		{"none", nil, false},
		{"not numbers", []orb.Point{{math.NaN(), math.NaN()}}, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := crsfit.Swapped(tc.points, bound); got != tc.want {
				t.Errorf("Swapped = %v; want %v", got, tc.want)
			}
		})
	}
}

func BenchmarkCheck100k(b *testing.B) {
	tw := build(townRule{12000, 120, 0.3, 5}, orb.Point{117, 39.1}, 6)
	points := tw.buildings
	for len(points) < 100_000 {
		points = append(points, tw.buildings...)
	}
	for i := range points {
		points[i][0] += float64(i) * 1e-10 // no two alike
	}
	for b.Loop() {
		crsfit.Check(points[:100_000], tw.roads)
	}
	b.ReportMetric(float64(len(tw.roads)), "roads")
}
