package tiles

import (
	"bytes"
	"fmt"
	"math"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// unitAt is the lon/lat of a place in tile units of a tile, by the inverse projection.
func unitAt(t Tile, x, y float64) orb.Point {
	n := math.Exp2(float64(t.Z))
	p := unproject((float64(t.X)+x/Extent)/n, (float64(t.Y)+y/Extent)/n)
	return orb.Point{min(max(p[0], -180), 180), p[1]}
}

func mustLayer(t testing.TB, opts Options, fs ...Feature) *Layer {
	t.Helper()
	l, err := NewLayer(opts, fs)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func encodeOne(t testing.TB, at Tile, fs ...Feature) []readFeature {
	t.Helper()
	got, err := readChecked(Encode(at, mustLayer(t, Options{Name: "l"}, fs...)))
	if err != nil {
		t.Fatal(err)
	}
	if len(got.layers) == 0 {
		return nil
	}
	return got.layers[0].features
}

func hankouTile(z int) Tile { return TileAt(orb.Point{114.28, 30.59}, z) }

// genRing draws a ring of random vertices around a tile, in tile units.
func genRing(rt *rapid.T, at Tile, lo, hi int) orb.Ring {
	n := rapid.IntRange(3, 14).Draw(rt, "vertices")
	ring := make(orb.Ring, 0, n+1)
	for range n {
		x := rapid.IntRange(lo, hi).Draw(rt, "x")
		y := rapid.IntRange(lo, hi).Draw(rt, "y")
		ring = append(ring, unitAt(at, float64(x), float64(y)))
	}
	return append(ring, ring[0])
}

func TestRandomTilesAreValid(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		z := rapid.IntRange(0, MaxZoom).Draw(rt, "z")
		at := hankouTile(z)
		// Narrow ranges make vertices coincide and sides touch; wide ones cross the tile's edge.
		box := rapid.SampledFrom([][2]int{{0, 6}, {-70, -58}, {-200, 300}, {-9000, 13000}, {4090, 4170}}).Draw(rt, "box")
		var fs []Feature
		for i := range rapid.IntRange(1, 6).Draw(rt, "features") {
			f := Feature{ID: fmt.Sprint("f", i), Props: []Prop{{"n", int64(rapid.IntRange(-2, 2).Draw(rt, "n"))}, {"s", rapid.String().Draw(rt, "s")}}}
			ring := genRing(rt, at, box[0], box[1])
			switch rapid.IntRange(0, 4).Draw(rt, "kind") {
			case 0:
				f.Geometry = orb.MultiPoint(ring)
			case 1:
				f.Geometry = orb.LineString(ring[:len(ring)-1])
			case 2:
				f.Geometry = orb.Polygon{ring}
			case 3:
				f.Geometry = orb.Polygon{ring, genRing(rt, at, box[0], box[1]), genRing(rt, at, box[0], box[1])}
			default:
				f.Geometry = orb.MultiPolygon{{ring}, {genRing(rt, at, box[0], box[1])}}
			}
			fs = append(fs, f)
		}
		l := mustLayer(t, Options{Name: "l", SharedBorders: rapid.Bool().Draw(rt, "shared")}, fs...)
		first := Encode(at, l)
		if _, err := readChecked(first); err != nil {
			rt.Fatal(err)
		}
		if !bytes.Equal(first, Encode(at, l)) {
			rt.Fatal("the same tile twice has different bytes")
		}
	})
}
