package crsfit_test

import (
	"math"
	"math/rand/v2"

	"github.com/paulmach/orb"

	"yike/geo"
)

// town is a synthetic street network with buildings beside its streets.
type town struct {
	roads     []orb.LineString
	buildings []orb.Point
}

// townRule says how a town is laid out.
type townRule struct {
	sizeM, blockM float64 // side of the town, mean side of a block
	jitter        float64 // how irregular the streets are, in parts of a block
	density       float64 // buildings for each 100 m of street
}

// build lays the streets of a rule around a place and sets buildings 9 to 40 m
// beside them, none nearer than 7 m to any street.
func build(rule townRule, at orb.Point, seed uint64) town {
	rng := rand.New(rand.NewPCG(seed, 1))
	frame := geo.Frame(at)
	n := int(rule.sizeM / rule.blockM)
	node := make([][]orb.Point, n+1)
	for i := range node {
		for j := range n + 1 {
			node[i] = append(node[i], orb.Point{
				(float64(i)-float64(n)/2)*rule.blockM + rule.jitter*rule.blockM*(rng.Float64()-0.5),
				(float64(j)-float64(n)/2)*rule.blockM + rule.jitter*rule.blockM*(rng.Float64()-0.5),
			})
		}
	}
	var t town
	var streets [][2]orb.Point
	for i := range node {
		for j := range node[i] {
			if i < n && rng.Float64() > rule.jitter/4 {
				streets = append(streets, [2]orb.Point{node[i][j], node[i+1][j]})
			}
			if j < n && rng.Float64() > rule.jitter/4 {
				streets = append(streets, [2]orb.Point{node[i][j], node[i][j+1]})
			}
		}
	}
	for _, s := range streets {
		t.roads = append(t.roads, orb.LineString{frame.From(s[0]), frame.From(s[1])})
		length := math.Hypot(s[1][0]-s[0][0], s[1][1]-s[0][1])
		for range int(length/100*rule.density + rng.Float64()) {
			along, aside := rng.Float64(), 9+31*rng.Float64()
			if rng.IntN(2) == 0 {
				aside = -aside
			}
			p := orb.Point{
				s[0][0] + along*(s[1][0]-s[0][0]) - aside*(s[1][1]-s[0][1])/length,
				s[0][1] + along*(s[1][1]-s[0][1]) + aside*(s[1][0]-s[0][0])/length,
			}
			if clearOf(p, streets, 7) {
				t.buildings = append(t.buildings, frame.From(p))
			}
		}
	}
	return t
}

func clearOf(p orb.Point, streets [][2]orb.Point, clear float64) bool {
	for _, s := range streets {
		dx, dy := s[1][0]-s[0][0], s[1][1]-s[0][1]
		f := math.Max(0, math.Min(1, ((p[0]-s[0][0])*dx+(p[1]-s[0][1])*dy)/(dx*dx+dy*dy)))
		if math.Hypot(p[0]-s[0][0]-f*dx, p[1]-s[0][1]-f*dy) < clear {
			return false
		}
	}
	return true
}

func gcj(p orb.Point) orb.Point { return geo.WGS84ToGCJ02(p) }

func bd(p orb.Point) orb.Point { return geo.GCJ02ToBD09(geo.WGS84ToGCJ02(p)) }

func moved(points []orb.Point, move func(orb.Point) orb.Point) []orb.Point {
	out := make([]orb.Point, len(points))
	for i, p := range points {
		out[i] = move(p)
	}
	return out
}

func movedLines(lines []orb.LineString, move func(orb.Point) orb.Point) []orb.LineString {
	out := make([]orb.LineString, len(lines))
	for i, l := range lines {
		out[i] = moved(l, move)
	}
	return out
}

// some is an even selection of the buildings.
func (t town) some(n int) []orb.Point {
	order := rand.New(rand.NewPCG(7, 7)).Perm(len(t.buildings))
	var chosen []orb.Point
	for _, i := range order[:min(n, len(order))] {
		chosen = append(chosen, t.buildings[i])
	}
	return chosen
}
