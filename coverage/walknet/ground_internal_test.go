package walknet

import (
	"math"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
)

// tangle is a network of streets at random, some kilometres wide and so over many
// tiles of the ground.
func tangle(t testing.TB) *Network {
	t.Helper()
	r := rand.New(rand.NewPCG(3, 4))
	ways := make([]Way, 150)
	for i := range ways {
		at := orb.Point{114.25 + 0.06*r.Float64(), 30.58 + 0.05*r.Float64()}
		for range 2 + r.IntN(8) {
			ways[i].Line = append(ways[i].Line, at)
			at = orb.Point{at[0] + 0.003*(r.Float64()-0.5), at[1] + 0.003*(r.Float64()-0.5)}
		}
		ways[i].SourceID = string(rune('A' + i))
	}
	n, _, err := Build(ways, nil, BuildOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// placeAlong is the place so many metres along an edge.
func placeAlong(n *Network, e int32, metres float32) orb.Point {
	i := n.vertStart[e]
	for i < n.vertStart[e+1]-2 && float32(n.alongMM[i+1])/1000 < metres {
		i++
	}
	start, end := float64(n.alongMM[i])/1000, float64(n.alongMM[i+1])/1000
	t := (float64(metres) - start) / (end - start)
	p, q := n.verts[i], n.verts[i+1]
	return orb.Point{p[0] + t*(q[0]-p[0]), p[1] + t*(q[1]-p[1])}
}

// What a raster point is told is the nearest street is so by the index that people
// are snapped with, wherever tiles end.
func TestGroundKnowsTheNearestStreet(t *testing.T) {
	t.Parallel()
	n := tangle(t)
	g := n.groundOf(10, 120)
	low, high := -12, -12+int(g.column(n.bound.Max[0]))+24
	near, all := 0, 0
	for y := low; y < int(g.row(n.bound.Max[1]))+12; y += 7 {
		for x := low; x < high; x += 3 {
			got, want := g.run(x, y)[0], n.Snap(g.point(x, y), 120)
			metres := float64(want.AccessMM) / 1000
			all++
			switch {
			case want.OK() && got.edge < 0 && metres < 119.8:
				t.Fatalf("raster point (%d, %d) knows no street, %.2f m away", x, y, metres)
			case !want.OK() && got.edge >= 0 && got.off < 119.8:
				t.Fatalf("raster point (%d, %d) knows a street %.2f m away where there is none", x, y, got.off)
			case want.OK() && got.edge >= 0:
				near++
				if math.Abs(float64(got.off)-metres) > 0.5 {
					t.Errorf("raster point (%d, %d) is %.2f m off the street, want %.2f m", x, y, got.off, metres)
				}
				if d := planeAt(g.point(x, y)).to(placeAlong(n, got.edge, got.along)); math.Abs(math.Hypot(d.x, d.y)-float64(got.off)) > 0.5 {
					t.Errorf("raster point (%d, %d): what is %.2f m along the street is not %.2f m away", x, y, got.along, got.off)
				}
			}
		}
	}
	if near < all/10 || near > all*9/10 {
		t.Errorf("%d of %d raster points have a street near: the test is of little worth", near, all)
	}
}

// A circle does not depend on what was drawn before or is drawn at the same time.
func TestCirclesDoNotDependOnOneAnother(t *testing.T) {
	t.Parallel()
	draw := func(n *Network, e int32) orb.MultiPolygon {
		return n.Reach(n.Snap(n.line(e)[0], 1), 900_000, 900).Circle(CircleOptions{})
	}
	together := tangle(t)
	circles := make([]orb.MultiPolygon, 12)
	var wg sync.WaitGroup
	for i := range circles {
		wg.Go(func() { circles[i] = draw(together, int32(i*together.Edges()/len(circles))) })
	}
	wg.Wait()
	for i := range circles {
		if i%4 != 0 {
			continue
		}
		alone := tangle(t)
		if diff := cmp.Diff(draw(alone, int32(i*alone.Edges()/len(circles))), circles[i]); diff != "" {
			t.Errorf("circle %d (-alone +together):\n%s", i, diff)
		}
	}
}

func BenchmarkSurvey(b *testing.B) {
	n := tangle(b)
	g := n.groundOf(10, 120)
	middle := tileKey{int(g.column(n.bound.Center()[0])) >> tileBits, int(g.row(n.bound.Center()[1])) >> tileBits}
	for b.Loop() {
		g.survey(middle)
	}
}
