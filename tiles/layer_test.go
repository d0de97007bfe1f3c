package tiles

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

func TestEncode(t *testing.T) {
	t.Parallel()
	at := Tile{Z: 14, X: 13390, Y: 6745}
	p := func(x, y float64) orb.Point { return unitAt(at, x, y) }
	for _, tc := range []struct {
		name string
		geom orb.Geometry
		want [][]pt
	}{
		{"a point", p(10, 20), [][]pt{{{10, 20}}}},
		{"a point in the buffer", p(-64, 4160), [][]pt{{{-64, 4160}}}},
		{"a point beyond the buffer", p(-66, 20), nil},
		{"points, those outside left out", orb.MultiPoint{p(1, 1), p(9000, 0), p(2, 2)}, [][]pt{{{1, 1}, {2, 2}}}},
		{"a line", orb.LineString{p(0, 0), p(100, 50)}, [][]pt{{{0, 0}, {100, 50}}}},
		{"a line cut at both ends", orb.LineString{p(-1000, 10), p(5000, 10)}, [][]pt{{{-64, 10}, {4160, 10}}}},
		{
			"a line that leaves and comes back is two",
			orb.LineString{p(4000, 10), p(5000, 10), p(5000, 900), p(4000, 900)},
			[][]pt{{{4000, 10}, {4160, 10}}, {{4160, 900}, {4000, 900}}},
		},
		{"a line of one place", orb.LineString{p(5, 5), p(5.1, 5.1)}, nil},
		{"a line past the tile", orb.LineString{p(-500, -100), p(4700, -100)}, nil},
		{"a ring wound the wrong way is turned", orb.Polygon{{p(0, 0), p(0, 10), p(10, 10), p(10, 0), p(0, 0)}}, [][]pt{{{10, 0}, {10, 10}, {0, 10}, {0, 0}}}},
		{"a ring of no area", orb.Polygon{{p(0, 0), p(50, 0), p(100, 0), p(0, 0)}}, nil},
		{"a ring smaller than a unit", orb.Polygon{{p(5, 5), p(5.2, 5), p(5.2, 5.2), p(5, 5)}}, nil},
		{
			"a tile inside a polygon",
			orb.Polygon{{p(-900, -900), p(9000, -900), p(9000, 9000), p(-900, 9000), p(-900, -900)}},
			[][]pt{{{-64, -64}, {4160, -64}, {4160, 4160}, {-64, 4160}}},
		},
		{
			"a U whose arms reach in is two",
			orb.Polygon{{p(4000, 100), p(9000, 100), p(9000, 700), p(4000, 700), p(4000, 600), p(8000, 600), p(8000, 200), p(4000, 200), p(4000, 100)}},
			[][]pt{{{4000, 100}, {4160, 100}, {4160, 200}, {4000, 200}}, {{4000, 600}, {4160, 600}, {4160, 700}, {4000, 700}}},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var got [][]pt
			for _, f := range encodeOne(t, at, Feature{ID: "a", Geometry: tc.geom}) {
				got = append(got, f.parts...)
			}
			if d := cmp.Diff(normal(tc.want), normal(got), cmp.AllowUnexported(pt{})); d != "" {
				t.Error(d)
			}
		})
	}
}

// normal turns rings of four and more to begin at their least vertex.
func normal(parts [][]pt) [][]pt {
	out := [][]pt{}
	for _, p := range parts {
		p = slices.Clone(p)
		if len(p) > 3 {
			k := leastVertex(p)
			p = slices.Concat(p[k:], p[:k])
		}
		out = append(out, p)
	}
	return out
}

func TestProperties(t *testing.T) {
	t.Parallel()
	at := hankouTile(14)
	got := encodeOne(t, at,
		Feature{ID: "一", Geometry: unitAt(at, 5, 5), Props: []Prop{{"s", "老人家食堂"}, {"b", true}, {"i", int64(-3)}, {"u", int64(3)}, {"f", 0.5}, {"d", 0.1}}},
		Feature{ID: "二", Geometry: unitAt(at, 6, 6), Props: []Prop{{"s", "bad \xff byte"}, {"b", false}, {"u", int64(math.MaxInt64)}}},
	)
	want := []map[string]any{
		{"id": "一", "s": "老人家食堂", "b": true, "i": int64(-3), "u": int64(3), "f": 0.5, "d": 0.1},
		{"id": "二", "s": "bad \uFFFD byte", "b": false, "u": int64(math.MaxInt64)},
	}
	for i := range want {
		if d := cmp.Diff(want[i], got[i].props); d != "" {
			t.Error(d)
		}
	}
}

func TestNewLayerRefuses(t *testing.T) {
	t.Parallel()
	here := orb.Point{114, 30}
	for _, tc := range []struct {
		name string
		f    Feature
		want error
	}{
		{"no geometry", Feature{}, ErrNoGeometry},
		{"an empty line", Feature{Geometry: orb.LineString{}}, ErrNoGeometry},
		{"an empty polygon", Feature{Geometry: orb.MultiPolygon{}}, ErrNoGeometry},
		{"a polygon of an empty ring", Feature{Geometry: orb.Polygon{{}}}, ErrNoGeometry},
		{"a collection", Feature{Geometry: orb.Collection{here}}, ErrGeometry},
		{"metres", Feature{Geometry: orb.Point{500000, 3000000}}, ErrCoordinates},
		{"not a number", Feature{Geometry: orb.Point{math.NaN(), 30}}, ErrCoordinates},
		{"not a number inside a line", Feature{Geometry: orb.LineString{here, {math.NaN(), 30}, here}}, ErrCoordinates},
		{"zoom below", Feature{Geometry: here, MinZoom: -1}, ErrZoom},
		{"zoom above", Feature{Geometry: here, MinZoom: MaxZoom + 1}, ErrZoom},
		{"a property twice", Feature{Geometry: here, Props: []Prop{{"a", "x"}, {"a", "y"}}}, nil},
		{"a property id", Feature{Geometry: here, Props: []Prop{{"id", "x"}}}, nil},
		{"an int", Feature{Geometry: here, Props: []Prop{{"a", 3}}}, nil},
		{"nil", Feature{Geometry: here, Props: []Prop{{"a", nil}}}, nil},
		{"infinity", Feature{Geometry: here, Props: []Prop{{"a", math.Inf(1)}}}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := NewLayer(Options{Name: "l"}, []Feature{tc.f})
			if err == nil || (tc.want != nil && !errors.Is(err, tc.want)) {
				t.Errorf("NewLayer: %v, want %v", err, tc.want)
			}
		})
	}
}

func TestZooms(t *testing.T) {
	t.Parallel()
	here := orb.Point{114.28, 30.59}
	l := mustLayer(t, Options{Name: "l"},
		Feature{ID: "all", Geometry: here},
		Feature{ID: "from 12", Geometry: here, MinZoom: 12},
		Feature{ID: "10 to 13", Geometry: here, MinZoom: 10, MaxZoom: 13})
	want := map[int][]string{
		9: {"all"}, 10: {"all", "10 to 13"}, 12: {"all", "from 12", "10 to 13"}, 13: {"all", "from 12", "10 to 13"}, 14: {"all", "from 12"},
	}
	for z, ids := range want {
		tile, err := readChecked(Encode(TileAt(here, z), l))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, f := range tile.layers[0].features {
			got = append(got, f.id())
		}
		if !slices.Equal(got, ids) {
			t.Errorf("zoom %d: %v, want %v", z, got, ids)
		}
	}
}

func TestEmptyTileHasNoBytes(t *testing.T) {
	t.Parallel()
	l := mustLayer(t, Options{Name: "l"}, Feature{ID: "a", Geometry: orb.Point{114, 30}})
	for _, layers := range [][]*Layer{nil, {l}, {mustLayer(t, Options{Name: "none"})}} {
		if got := Encode(Tile{Z: 10, X: 3, Y: 4}, layers...); len(got) != 0 {
			t.Errorf("%d bytes", len(got))
		}
	}
}

// TestAreaIsKept cuts a star to a tile and compares its area with an integral in floats.
func TestAreaIsKept(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		at := hankouTile(15)
		n := rapid.IntRange(5, 40).Draw(rt, "points")
		cx, cy := rapid.Float64Range(0, 4096).Draw(rt, "cx"), rapid.Float64Range(0, 4096).Draw(rt, "cy")
		ring := orb.Ring{}
		var plain []pt
		for i := range n {
			r := rapid.Float64Range(200, 3000).Draw(rt, "r")
			a := 2 * math.Pi * float64(i) / float64(n)
			ring = append(ring, unitAt(at, cx+r*math.Cos(a), cy+r*math.Sin(a)))
		}
		ring = append(ring, ring[0])
		l := mustLayer(t, Options{Name: "l"}, Feature{ID: "a", Geometry: orb.Polygon{ring}})
		for _, v := range ring[:n] {
			plain = append(plain, at.local().at(toWorld(v)))
		}
		tile, err := readChecked(Encode(at, l))
		if err != nil {
			rt.Fatal(err)
		}
		var got float64
		for _, ly := range tile.layers {
			for _, r := range ly.features[0].parts {
				got += float64(shoelace(r)) / 2
			}
		}
		want := math.Abs(clippedArea(plain))
		// A unit of rounding along the border of the ring and of the box.
		if slack := 1.5 * 4 * 6000; math.Abs(got-want) > slack {
			rt.Fatalf("area %.0f, want %.0f within %.0f", got, want, slack)
		}
	})
}

// clippedArea integrates the ring over the box in thin rows, in floats.
func clippedArea(ring []pt) float64 {
	sum := 0.0
	const step = 0.5
	for y := -64 + step/2; y < 4160; y += step {
		var xs []float64
		for i, a := range ring {
			b := ring[(i+1)%len(ring)]
			if (float64(a.y) > y) != (float64(b.y) > y) {
				x := float64(a.x) + (y-float64(a.y))*float64(b.x-a.x)/float64(b.y-a.y)
				xs = append(xs, min(max(x, -64), 4160))
			}
		}
		slices.Sort(xs)
		for i := 0; i+1 < len(xs); i += 2 {
			sum += (xs[i+1] - xs[i]) * step
		}
	}
	return sum
}

// TestSharedBordersStayShared draws a mosaic of wavy neighbours. Whatever the zoom,
// each side of a cell that is not on the mosaic's outline must be a side of its
// neighbour too, walked the other way: neither gap nor overlap.
func TestSharedBordersStayShared(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		seed := rapid.Uint32().Draw(rt, "seed")
		const n = 3
		fs, outline := mosaic(n, seed)
		l := mustLayer(t, Options{Name: "l", SharedBorders: true}, fs...)
		z := uint8(rapid.IntRange(6, 18).Draw(rt, "z"))
		sides := map[[2]pt]bool{}
		shown := 0
		for _, part := range l.parts {
			var ring []pt
			for v := part.from; v < part.to; v++ {
				if l.ranks[v] <= z {
					ring = append(ring, l.verts[v])
				}
			}
			shown += len(ring)
			for k, a := range ring {
				sides[[2]pt{a, ring[(k+1)%len(ring)]}] = true
			}
		}
		if z <= 9 && shown > len(l.verts)/2 {
			rt.Fatalf("zoom %d shows %d of %d vertices: nothing was simplified", z, shown, len(l.verts))
		}
		for s := range sides {
			if !sides[[2]pt{s[1], s[0]}] && (!outline[s[0]] || !outline[s[1]]) {
				rt.Fatalf("zoom %d: side %v has one owner", z, s)
			}
		}
	})
}

// mosaic is n by n areas with wavy borders, and the places of its outline. Neighbours
// begin at other vertices and turn the other way.
func mosaic(n int, seed uint32) ([]Feature, map[pt]bool) {
	outline := map[pt]bool{}
	var fs []Feature
	for i := range n {
		for j := range n {
			corners := [][2]int{{i, j}, {i + 1, j}, {i + 1, j + 1}, {i, j + 1}, {i, j}}
			ring := orb.Ring{}
			for k := range 4 {
				a, b := corners[k], corners[k+1]
				side := wavy(a, b, seed)
				for _, v := range side {
					if (a[0] == b[0] && a[0]%n == 0) || (a[1] == b[1] && a[1]%n == 0) {
						outline[toWorld(v)] = true
					}
				}
				ring = append(ring, side[:len(side)-1]...)
			}
			k := int(seed>>(i+j)) % len(ring)
			ring = slices.Concat(ring[k:], ring[:k])
			if (i+j)%2 == 1 {
				slices.Reverse(ring)
			}
			fs = append(fs, Feature{ID: fmt.Sprint(i, "-", j), Geometry: orb.Polygon{append(ring, ring[0])}})
		}
	}
	return fs, outline
}

// wavy is the border between two corners of the mosaic, the same from either end.
func wavy(a, b [2]int, seed uint32) orb.LineString {
	if a[0]+a[1] > b[0]+b[1] {
		line := wavy(b, a, seed)
		slices.Reverse(line)
		return line
	}
	const steps = 40
	at := hankouTile(13)
	var out orb.LineString
	for k := range steps + 1 {
		f := float64(k) / steps
		h := math.Sin(f*math.Pi) * 90 * math.Sin(float64(k*k)+float64(seed%97)+float64(a[0]*7+a[1]*13))
		dx, dy := float64(b[0]-a[0]), float64(b[1]-a[1])
		out = append(out, unitAt(at, 1000*(float64(a[0])+f*dx)-h*dy, 1000*(float64(a[1])+f*dy)+h*dx))
	}
	out[0], out[steps] = unitAt(at, 1000*float64(a[0]), 1000*float64(a[1])), unitAt(at, 1000*float64(b[0]), 1000*float64(b[1]))
	return out
}
