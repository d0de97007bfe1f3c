package coverage_test

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"yike/coverage"
	"yike/coverage/walknet"
	"yike/geo/divisions"
)

// benchTown is a district of 9 × 9 km, 14,400 junctions, with 20,000 points, 200
// communities in 16 subdistricts, and 200 sites, some three within reach of everybody.
// Made up, and the same every time.
var benchTown = sync.OnceValue(func() *coverage.Baseline {
	const side, communities = 120, 200
	var ways []walknet.Way
	at := func(x, y int) orb.Point {
		return orb.Point{townLon + float64(x)*0.0008, townLat + float64(y)*0.0007}
	}
	for i := range side {
		across, up := walknet.Way{SourceID: fmt.Sprintf("x%d", i)}, walknet.Way{SourceID: fmt.Sprintf("y%d", i)}
		for j := range side {
			across.NodeIDs, across.Line = append(across.NodeIDs, int64(1+i*side+j)), append(across.Line, at(j, i))
			up.NodeIDs, up.Line = append(up.NodeIDs, int64(1+j*side+i)), append(up.Line, at(i, j))
		}
		ways = append(ways, across, up)
	}
	net, _, err := walknet.Build(ways, nil, walknet.BuildOptions{})
	if err != nil {
		panic(err)
	}
	random := rand.New(rand.NewPCG(5, 5))
	somewhere := func() (orb.Point, int32) {
		x, y := random.Float64()*(side-1), random.Float64()*(side-1)
		return orb.Point{townLon + x*0.0008, townLat + y*0.0007}, int32(16 + int(x*communities/side))
	}
	var ds []divisions.Division
	for i := range 16 {
		ds = append(ds, divisions.Division{Code: fmt.Sprintf("990001%03d", i), Level: divisions.Subdistrict})
	}
	for i := range communities {
		parent := ds[i%16].Code
		ds = append(ds, divisions.Division{Code: fmt.Sprintf("%s%03d", parent, i), ParentCode: parent, Level: divisions.Community})
	}
	d := &coverage.Demand{Bands: townBands(), People: make([][]coverage.People, 2)}
	for i := range 20_000 {
		p, division := somewhere()
		d.IDs, d.Points, d.Division = append(d.IDs, fmt.Sprint(i)), append(d.Points, p), append(d.Division, division)
		d.Snaps = append(d.Snaps, net.Snap(p, 100))
		all := coverage.People(random.IntN(3_000_000))
		d.People[0], d.People[1] = append(d.People[0], all), append(d.People[1], all/8)
	}
	var sites []coverage.Site
	for i := range 200 {
		p, division := somewhere()
		sites = append(sites, coverage.Site{ID: fmt.Sprint(i), Point: p, Snap: net.Snap(p, 100), Division: division})
	}
	ground := coverage.NewGround(net, d, coverage.NewHierarchy(ds), 100)
	return ground.Baseline(sites, coverage.Params{Limit: 900_000, Speed: 900}, 2)
})

func BenchmarkBaseline(b *testing.B) {
	base := benchTown()
	for _, workers := range []int{1, 2} {
		b.Run(fmt.Sprintf("workers=%d", workers), func(b *testing.B) {
			for b.Loop() {
				base.Ground.Baseline(base.Sites, base.Params, workers)
			}
		})
	}
	walks := 0
	for i := range base.Sites {
		points, _ := base.Points(int32(i))
		walks += len(points)
	}
	b.Logf("%.2f walks and %.1f B a point are kept", float64(walks)/20_000, 16*float64(walks)/20_000)
}

// BenchmarkApply answers typical plans and, in the same run, what it takes to work the
// same answer out anew: Compute and Summarise, the least that gives the same table.
func BenchmarkApply(b *testing.B) {
	base := benchTown()
	middle := orb.Point{townLon + 0.045, townLat + 0.04}
	near := func(i int) orb.Point {
		return orb.Point{middle[0] + float64(i%40)*0.0003, middle[1] + float64(i%31)*0.0004}
	}
	plans := []struct {
		name string
		plan func(int) coverage.Plan
	}{
		{"add", func(i int) coverage.Plan {
			return coverage.Plan{Sites: []coverage.SiteEdit{{Kind: coverage.AddSite, To: coverage.Site{Point: near(i)}}}}
		}},
		{"move", func(i int) coverage.Plan {
			return coverage.Plan{Sites: []coverage.SiteEdit{{Kind: coverage.MoveSite, Site: int32(i % 200), To: coverage.Site{Point: near(i)}}}}
		}},
		{"close", func(i int) coverage.Plan {
			return coverage.Plan{Sites: []coverage.SiteEdit{{Kind: coverage.CloseSite, Site: int32(i % 200)}}}
		}},
		{"ten steps", func(i int) coverage.Plan {
			var p coverage.Plan
			for k := range 10 {
				p.Sites = append(p.Sites, coverage.SiteEdit{Kind: coverage.MoveSite, Site: int32((i + 20*k) % 200), To: coverage.Site{Point: near(i * (k + 1))}})
			}
			return p
		}},
		{"footbridge", func(i int) coverage.Plan {
			a := near(i)
			return coverage.Plan{Network: []walknet.Edit{{Path: walknet.Path{Line: orb.LineString{a, {a[0] + 0.001, a[1] + 0.0009}}, JoinM: 60}}}}
		}},
		{"close street", func(i int) coverage.Plan {
			return coverage.Plan{Network: []walknet.Edit{{Kind: walknet.CloseEdge, Edge: base.Ground.Network.Snap(near(i), 100).Edge}}}
		}},
	}
	anew := processorTime(20, func(int) {
		r := coverage.Compute(base.Ground.Network, base.Ground.Demand, base.Sites, base.Params)
		coverage.Summarise(base.Ground.Demand, r, base.Ground.Hierarchy, base.Sites)
	})
	for _, p := range plans {
		b.Run(p.name, func(b *testing.B) {
			i, points := 0, 0
			apply := func(i int) {
				d, err := base.Apply(p.plan(i))
				if err != nil {
					b.Fatal(err)
				}
				points += len(d.Points)
			}
			for b.Loop() {
				apply(i)
				i++
			}
			b.ReportMetric(float64(points)/float64(i), "points/op")
			cpu := processorTime(200, apply)
			b.ReportMetric(float64(cpu.Microseconds()), "cpu-µs")
			b.ReportMetric(float64(anew)/float64(cpu), "×recompute")
		})
	}
}

// processorTime is what one of so many runs takes of the processors, which others on the
// machine disturb less than the clock.
func processorTime(runs int, do func(int)) time.Duration {
	used := func() time.Duration {
		var u syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
			return 0
		}
		return time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	start := used()
	for i := range runs {
		do(i)
	}
	return (used() - start) / time.Duration(runs)
}

// BenchmarkCircles is the circles of 200 sites with their counts and disagreement, each
// looking at all 20,000 points, and each at those near it.
func BenchmarkCircles(b *testing.B) {
	base := benchTown()
	net, d := base.Ground.Network, base.Ground.Demand
	near := coverage.NewCircles(net, d)
	near.Of(base.Sites[0], base.Params, walknet.CircleOptions{}) // works the ground out
	b.Run("all points", func(b *testing.B) {
		for b.Loop() {
			for _, s := range base.Sites {
				coverage.CircleOf(net, d, s, base.Params, walknet.CircleOptions{})
			}
		}
	})
	b.Run("those near", func(b *testing.B) {
		for b.Loop() {
			for _, s := range base.Sites {
				near.Of(s, base.Params, walknet.CircleOptions{})
			}
		}
	})
}
