package contour_test

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
	"pgregory.net/rapid"

	"yike/geo/contour"
)

// raster is a grid drawn as text, northernmost row first; # is 1, . is 0, digits
// are tenths, ! is no number.
func raster(rows ...string) contour.Grid {
	g := contour.Grid{CellLon: 1, CellLat: 1, W: len(rows[0]), H: len(rows)}
	for y := range rows {
		for _, r := range rows[len(rows)-1-y] {
			v := float32(0)
			switch {
			case r == '#':
				v = 1
			case r == '!':
				v = float32(math.NaN())
			case r >= '0' && r <= '9':
				v = float32(r-'0') / 10
			}
			g.V = append(g.V, v)
		}
	}
	return g
}

func TestPolygons(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		grid  contour.Grid
		rings []int // per polygon
		area  float64
	}{
		{name: "nothing", grid: raster("...", "...")},
		{name: "no raster", grid: contour.Grid{}},
		{name: "fewer values than points", grid: contour.Grid{W: 2, H: 2, CellLon: 1, CellLat: 1, V: make([]float32, 3)}},
		{name: "no numbers", grid: raster("!!", "!!")},
		{name: "one point is a diamond", grid: raster("...", ".#.", "..."), rings: []int{1}, area: 0.5},
		{name: "one point is all there is", grid: raster("#"), rings: []int{1}, area: 0.5},
		{name: "a point beside no numbers", grid: raster("!!!", "!#!", "!!!"), rings: []int{1}, area: 0.5},
		{name: "linear between points", grid: raster(".....", "..9..", "....."), rings: []int{1}, area: 2 * (0.4 / 0.9) * (0.4 / 0.9)},
		{name: "the whole raster", grid: raster("##", "##"), rings: []int{1}, area: 4 - 4*0.125},
		{name: "a hole", grid: raster("###", "#.#", "###"), rings: []int{2}, area: 9 - 4*0.125 - 0.5},
		{name: "an island in a hole", grid: raster("#####", "#...#", "#.#.#", "#...#", "#####"), rings: []int{2, 1}, area: 25 - 0.5 - (9 - 0.5) + 0.5},
		{name: "two parts", grid: raster("#.#"), rings: []int{1, 1}, area: 1},
		{name: "a saddle of low middle is two", grid: raster("....", ".#..", "..6.", "...."), rings: []int{1, 1}},
		{name: "a saddle of high middle is one", grid: raster("....", ".#4.", ".4#.", "...."), rings: []int{1}},
		{name: "diagonal holes of a low middle are one", grid: raster("####", "#.6#", "#6.#", "####"), rings: []int{2}},
		{name: "diagonal holes of a high middle are two", grid: raster("####", "#.#4", "##.#", "####"), rings: []int{3}},
		{name: "at the level is inside", grid: raster("5"), rings: []int{1}, area: 0.5},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := contour.Polygons(tt.grid, 0.5)
			if got == nil || len(got) != len(tt.rings) {
				t.Fatalf("%d polygons, want %d: %v", len(got), len(tt.rings), got)
			}
			for i, p := range got {
				if len(p) != tt.rings[i] {
					t.Errorf("polygon %d has %d rings, want %d", i, len(p), tt.rings[i])
				}
			}
			if a := planar.Area(got); tt.area > 0 && math.Abs(a-tt.area) > 1e-6 {
				t.Errorf("area %v, want %v", a, tt.area)
			}
			if fault := invalid(got); fault != "" {
				t.Error(fault)
			}
		})
	}
}

// drawGrid draws a raster with many ties, saddles, extremes and gaps.
func drawGrid(t *rapid.T) contour.Grid {
	g := contour.Grid{
		Origin: orb.Point{114.27, 30.63}, CellLon: 0.0001, CellLat: 0.00009,
		W: rapid.IntRange(1, 9).Draw(t, "w"), H: rapid.IntRange(1, 9).Draw(t, "h"),
	}
	value := rapid.OneOf(
		rapid.SampledFrom([]float32{-1, 0, 0, 1, 1e-30, -1e-30, 1e30, -1e30, float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1))}),
		rapid.Float32Range(-2, 2),
	)
	g.V = rapid.SliceOfN(value, g.W*g.H, g.W*g.H).Draw(t, "values")
	return g
}

func TestPolygonsAreValidAndHoldWhatIsInside(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		g := drawGrid(t)
		m := contour.Polygons(g, 0)
		if fault := invalid(m); fault != "" {
			t.Fatal(fault)
		}
		if fault := invalid(rounded(m)); fault != "" {
			t.Fatalf("to 7 decimals: %s", fault)
		}
		for y := range g.H {
			for x := range g.W {
				p := orb.Point{g.Origin[0] + float64(x)*g.CellLon, g.Origin[1] + float64(y)*g.CellLat}
				if in := planar.MultiPolygonContains(m, p); in != (g.V[y*g.W+x] >= 0) {
					t.Fatalf("point (%d, %d) of value %v is inside: %v", x, y, g.V[y*g.W+x], in)
				}
			}
		}
	})
}

// rounded is what GeoJSON writes at its usual precision.
func rounded(m orb.MultiPolygon) orb.MultiPolygon {
	m = m.Clone()
	for _, p := range m {
		for _, r := range p {
			for i := range r {
				r[i] = orb.Point{math.Round(r[i][0]*1e7) / 1e7, math.Round(r[i][1]*1e7) / 1e7}
			}
		}
	}
	return m
}

// invalid says what breaks the rules of OGC simple features, checked the slow way:
// every segment against every other, and every ring against the polygons.
func invalid(m orb.MultiPolygon) string {
	var rings []orb.Ring
	for _, p := range m {
		for i, r := range p {
			switch {
			case len(r) < 4 || r[0] != r[len(r)-1]:
				return "a ring is not closed"
			case i == 0 && r.Orientation() != orb.CCW:
				return "an outer ring runs clockwise"
			case i > 0 && r.Orientation() != orb.CW:
				return "a hole runs counter-clockwise"
			case i > 0 && !planar.RingContains(p[0], r[0]):
				return "a hole lies outside its polygon"
			}
			rings = append(rings, r)
		}
		for i, a := range p[1:] {
			for j, b := range p[1:] {
				if i != j && planar.RingContains(a, b[0]) {
					return "a hole lies in a hole"
				}
			}
		}
	}
	for i, p := range m {
		for j, q := range m {
			if i != j && planar.PolygonContains(p, q[0][0]) {
				return "a polygon lies in another"
			}
		}
	}
	return touching(rings)
}

// touching says where segments meet that do not follow one another.
func touching(rings []orb.Ring) string {
	for i, a := range rings {
		for j := i; j < len(rings); j++ {
			for k := 1; k < len(a); k++ {
				for l := 1; l < len(rings[j]); l++ {
					if i == j && (k >= l || l == k+1 || (k == 1 && l == len(a)-1)) {
						continue
					}
					if meet(a[k-1], a[k], rings[j][l-1], rings[j][l]) {
						return "rings touch or cross"
					}
				}
			}
		}
	}
	return ""
}

func meet(a, b, c, d orb.Point) bool {
	side := func(p, q, r orb.Point) int {
		v := (q[0]-p[0])*(r[1]-p[1]) - (q[1]-p[1])*(r[0]-p[0])
		switch {
		case v > 0:
			return 1
		case v < 0:
			return -1
		}
		return 0
	}
	within := func(p, q, r orb.Point) bool { return orb.MultiPoint{p, q}.Bound().Contains(r) }
	s1, s2, s3, s4 := side(a, b, c), side(a, b, d), side(c, d, a), side(c, d, b)
	if s1*s2 < 0 && s3*s4 < 0 {
		return true
	}
	return (s1 == 0 && within(a, b, c)) || (s2 == 0 && within(a, b, d)) || (s3 == 0 && within(c, d, a)) || (s4 == 0 && within(c, d, b))
}

func BenchmarkPolygons(b *testing.B) {
	g := contour.Grid{CellLon: 1, CellLat: 1, W: 200, H: 200, V: make([]float32, 200*200)}
	for i := range g.V {
		x, y := float64(i%200), float64(i/200)
		g.V[i] = float32(90 - math.Hypot(x-100, y-100) + 20*math.Sin(x/5)*math.Sin(y/7))
	}
	for b.Loop() {
		contour.Polygons(g, 0)
	}
}
