package walknet_test

import (
	"errors"
	"fmt"
	"io/fs"
	"sync"
	"testing"

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
