package walknet

import (
	"math"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"
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

// told is what a raster point is told, in metres.
type told struct {
	edge       int32
	along, off float32
}

func (g *ground) at(x, y int) told {
	t := g.tile(tileOf(x, y))
	col, row := x&(tileSide-1), y&(tileSide-1)
	for _, r := range t.runs[t.rows[row]:t.rows[row+1]] {
		if s := t.spots[row<<tileBits+col]; col < int(r.end) && r.edge >= 0 {
			length := float64(g.net.EdgeLengthMM(r.edge)) / 1000
			return told{r.edge, float32(float64(s.along) / spotSteps * length), float32(float64(s.off) / spotSteps * g.band)}
		} else if col < int(r.end) {
			break
		}
	}
	return told{edge: -1}
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
			got, want := g.at(x, y), n.Snap(g.point(x, y), 120)
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

// What is left along an edge is what the times along it leave, and no place is later than
// the latest.
func TestWhatIsLeftAlongAnEdge(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		never := math.Inf(1)
		ms := rapid.OneOf(rapid.Just(never), rapid.Float64Range(0, 900_000))
		p := edgeTimes{viaFrom: ms.Draw(t, "via start"), viaTo: ms.Draw(t, "via end"), site: never}
		p.length = rapid.SampledFrom([]float64{1, 50_000, 800_000}).Draw(t, "length")
		p.ahead, p.back = rapid.Float64Range(0, 3).Draw(t, "ahead"), rapid.Float64Range(0, 3).Draw(t, "back")
		const limit, metresPerMS = 900_000, 0.001
		latest, left := -1.0, p.left(limit, metresPerMS)
		for i := range 1001 {
			share := float64(i) / 1000
			at := p.at(share * p.length)
			latest = max(latest, at)
			line := max(left[0].start+float32(share)*left[0].more, left[1].start+float32(share)*left[1].more)
			if want := (limit - at) * metresPerMS; math.Abs(float64(line)-want) > 0.01 {
				t.Fatalf("%v m are left at %v, want %v", line, share, want)
			}
		}
		if got := p.latest(); got < latest-1e-6 || got > latest+p.length/1000*3 {
			t.Fatalf("the latest is %v, want %v", got, latest)
		}
	})
}

func BenchmarkSurvey(b *testing.B) {
	n := tangle(b)
	g := n.groundOf(10, 120)
	middle := tileKey{int(g.column(n.bound.Center()[0])) >> tileBits, int(g.row(n.bound.Center()[1])) >> tileBits}
	for b.Loop() {
		g.survey(&tile{}, middle)
	}
}
