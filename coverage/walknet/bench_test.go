package walknet_test

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"yike/coverage/walknet"
)

const quarter = 900_000 // ms

// city is Porto's network, or a street grid of about its size where Porto is not at hand.
func city(b *testing.B) *extract {
	b.Helper()
	x, err := benchCity()
	if err != nil {
		b.Fatal(err)
	}
	return x
}

var benchCity = sync.OnceValues(func() (*extract, error) {
	if x, err := portoExtract(); !errors.Is(err, fs.ErrNotExist) {
		return x, err
	}
	x := &extract{ways: grid(265, 80)}
	var err error
	x.net, x.report, err = walknet.Build(x.ways, nil, walknet.BuildOptions{})
	return x, err
})

func BenchmarkBuild(b *testing.B) {
	x := city(b)
	for b.Loop() {
		build(b, x.ways, x.barriers...)
	}
	b.ReportMetric(float64(x.net.Edges()), "edges")
}

func BenchmarkSnap(b *testing.B) {
	x := city(b)
	points := make([]walknet.Snap, 4096)
	for i, s := range onStreets(x.net, len(points), 5) {
		points[i] = s
		points[i].Point[0] += 0.0003
	}
	i := 0
	for b.Loop() {
		x.net.Snap(points[i%len(points)].Point, 100)
		i++
	}
}

func BenchmarkReach500(b *testing.B) {
	x := city(b)
	sites := onStreets(x.net, 500, 7)
	for _, workers := range []int{1, 2} {
		b.Run(fmt.Sprintf("workers=%d", workers), func(b *testing.B) {
			for b.Loop() {
				x.net.ReachAll(sites, quarter, 1000, workers)
			}
		})
	}
}

func BenchmarkReachOne(b *testing.B) {
	x := city(b)
	sites := onStreets(x.net, 500, 7)
	s := x.net.NewSearcher()
	i := 0
	for b.Loop() {
		s.Reach(sites[i%len(sites)], quarter, 1000)
		i++
	}
}

func BenchmarkNearest500(b *testing.B) {
	x := city(b)
	sites := onStreets(x.net, 500, 7)
	for b.Loop() {
		x.net.Nearest(sites, quarter, 1000)
	}
}

func BenchmarkAt(b *testing.B) {
	x := city(b)
	sites := onStreets(x.net, 500, 7)
	people := onStreets(x.net, 20_000, 8)
	labels := x.net.Nearest(sites, quarter, 1000)
	i := 0
	for b.Loop() {
		labels.At(people[i%len(people)])
		i++
	}
}

func BenchmarkCircle(b *testing.B) {
	x := city(b)
	reaches := x.net.ReachAll(onStreets(x.net, 500, 7), quarter, 1000, 2)[:200]
	for _, cell := range []float64{10, 5} {
		b.Run(fmt.Sprintf("cell=%gm", cell), func(b *testing.B) {
			for _, r := range reaches { // works the ground out, see BenchmarkSurvey
				r.Circle(walknet.CircleOptions{CellM: cell})
			}
			i := 0
			for b.Loop() {
				reaches[i%len(reaches)].Circle(walknet.CircleOptions{CellM: cell})
				i++
			}
		})
	}
}

// everyNode is the city with every vertex of every way as a node: each way is given as
// its segments.
var everyNode = sync.OnceValues(func() (*walknet.Network, error) {
	x, err := benchCity()
	if err != nil {
		return nil, err
	}
	var ways []walknet.Way
	for _, w := range x.ways {
		for i := 1; i < len(w.Line); i++ {
			ways = append(ways, walknet.Way{
				SourceID: fmt.Sprintf("%s/%d", w.SourceID, i), Direction: w.Direction, NodeIDs: w.NodeIDs[i-1 : i+1], Line: w.Line[i-1 : i+1],
			})
		}
	}
	n, _, err := walknet.Build(ways, nil, walknet.BuildOptions{})
	return n, err
})

// BenchmarkEveryNode500 is 500 sites × 15 minutes where every vertex is a node: with the
// times of all nodes kept, and as lists of the people within reach.
func BenchmarkEveryNode500(b *testing.B) {
	n, err := everyNode()
	if err != nil {
		b.Fatal(err)
	}
	sites := onStreets(n, 500, 7)
	places := n.NewPlaces(onStreets(n, 20_000, 8))
	for _, workers := range []int{1, 2} {
		b.Run(fmt.Sprintf("reach/workers=%d", workers), func(b *testing.B) {
			best := newBest()
			for b.Loop() {
				best.of(func() { n.ReachAll(sites, quarter, 1000, workers) })
			}
			m := n.Memory()
			best.report(b)
			b.ReportMetric(float64(n.Nodes()), "nodes")
			b.ReportMetric(float64(m.Search)/float64(n.Nodes()), "search-B/node")
			b.ReportMetric(float64(m.Search+m.Lines)/float64(n.Nodes()), "B/node")
		})
		b.Run(fmt.Sprintf("lists/workers=%d", workers), func(b *testing.B) {
			walks, best := 0, newBest()
			for b.Loop() {
				best.of(func() { walks = places.Lists(sites, quarter, 1000, workers).Walks() })
			}
			best.report(b)
			b.ReportMetric(float64(walks), "walks")
		})
	}
}

// best is the least that something took, by the clock and of processor time: what others
// do on the machine disturbs it less than a mean.
type best struct{ wall, cpu time.Duration }

func newBest() *best { return &best{math.MaxInt64, math.MaxInt64} }

func (t *best) of(do func()) {
	wall, cpu := time.Now(), processorTime()
	do()
	t.wall, t.cpu = min(t.wall, time.Since(wall)), min(t.cpu, processorTime()-cpu)
}

func (t *best) report(b *testing.B) {
	b.ReportMetric(t.wall.Seconds()*1000, "best-ms")
	b.ReportMetric(t.cpu.Seconds()*1000, "best-cpu-ms")
}

// processorTime is what the process has used of all processors.
func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkBands is three speeds at once beside the fastest alone and three in a row: per
// site the least that each took, which what others do on the machine disturbs least, and
// of those the sums.
func BenchmarkBands(b *testing.B) {
	x := city(b)
	sites := onStreets(x.net, 500, 7)
	speeds := []walknet.Speed{1200, 900, 700}
	ways := [3]func(walknet.Snap){
		func(s walknet.Snap) { x.net.Reach(s, quarter, speeds[0]) },
		func(s walknet.Snap) {
			for _, speed := range speeds {
				x.net.Reach(s, quarter, speed)
			}
		},
		func(s walknet.Snap) { x.net.ReachBands(s, quarter, speeds) },
	}
	least := make([][3]time.Duration, len(sites))
	for i := range least {
		least[i] = [3]time.Duration{math.MaxInt64, math.MaxInt64, math.MaxInt64}
	}
	for b.Loop() {
		for k, way := range ways {
			for i, s := range sites {
				begun := time.Now()
				way(s)
				least[i][k] = min(least[i][k], time.Since(begun))
			}
		}
	}
	var sum [3]time.Duration
	for _, l := range least {
		for k := range sum {
			sum[k] += l[k]
		}
	}
	alone, apart, once := sum[0], sum[1], sum[2]
	b.ReportMetric(float64(once)/float64(alone), "×fastest")
	b.ReportMetric(float64(once)/float64(apart), "×apart")
	b.ReportMetric(float64(once.Microseconds())/float64(len(sites)), "µs/site")
}

// BenchmarkLister is one site's list with a warm lister: no allocation.
func BenchmarkLister(b *testing.B) {
	x := city(b)
	sites := onStreets(x.net, 500, 7)
	l := x.net.NewPlaces(onStreets(x.net, 20_000, 8)).NewLister()
	for _, s := range sites {
		l.Within(s, quarter, 1000)
	}
	i := 0
	for b.Loop() {
		l.Within(sites[i%len(sites)], quarter, 1000)
		i++
	}
}

// BenchmarkEdit is a street closed and a footbridge added, as differences.
func BenchmarkEdit(b *testing.B) {
	x := city(b)
	at := onStreets(x.net, 500, 9)
	i := 0
	b.Run("close", func(b *testing.B) {
		for b.Loop() {
			if _, err := x.net.Edit(walknet.Edit{Kind: walknet.CloseEdge, Edge: at[i%500].Edge}); err != nil {
				b.Fatal(err)
			}
			i++
		}
	})
	b.Run("path", func(b *testing.B) {
		for b.Loop() {
			p := at[i%500].Point
			path := walknet.Path{Line: orb.LineString{p, {p[0] + 0.001, p[1] + 0.001}}, JoinM: 500}
			if _, err := x.net.Edit(walknet.Edit{Path: path}); err != nil {
				b.Fatal(err)
			}
			i++
		}
	})
}
