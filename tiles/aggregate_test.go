package tiles

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

func TestAggregateKeepsEveryCount(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		z := rapid.IntRange(0, 13).Draw(rt, "z")
		n := rapid.IntRange(0, 60).Draw(rt, "n")
		points := make([]Weighted, n)
		var want [2]int64
		for i := range points {
			points[i] = Weighted{
				Point:  orb.Point{rapid.Float64Range(114.2, 114.4).Draw(rt, "lon"), rapid.Float64Range(30.5, 30.7).Draw(rt, "lat")},
				Class:  rapid.SampledFrom([]string{"", "covered", "uncovered"}).Draw(rt, "class"),
				Counts: []int64{rapid.Int64Range(0, 1e9).Draw(rt, "a"), rapid.Int64Range(0, 1e9).Draw(rt, "b")},
			}
			for k, c := range points[i].Counts {
				want[k] += c
			}
		}
		cells := Aggregate(points, z)
		var got [2]int64
		seen := make([]bool, n)
		ids := map[string]bool{}
		for _, c := range cells {
			for k, v := range c.Counts {
				got[k] += v
			}
			if ids[c.ID] {
				rt.Fatalf("cell %s twice", c.ID)
			}
			ids[c.ID] = true
			for _, i := range c.From {
				if seen[i] || points[i].Class != c.Class {
					rt.Fatalf("point %d is in the wrong cell or in two", i)
				}
				seen[i] = true
				if TileAt(points[i].Point, z) != TileAt(c.Point, z) {
					rt.Fatalf("cell %s leaves the tile of its point", c.ID)
				}
			}
		}
		if got != want || slices.Contains(seen, false) {
			rt.Fatalf("counts %v, want %v; points seen %v", got, want, seen)
		}
	})
}

// TestCellsAddUpOverTiles reads the cells back out of all tiles of a zoom: those inside
// the tile proper are the whole, since buffers show a cell twice.
func TestCellsAddUpOverTiles(t *testing.T) {
	t.Parallel()
	const z = 12
	var points []Weighted
	var want int64
	for i := range 500 {
		n := int64(i*i%977) + 1
		want += n
		points = append(points, Weighted{
			Point:  orb.Point{114.25 + 0.06*math.Mod(float64(i)*0.618, 1), 30.55 + 0.06*math.Mod(float64(i)*0.414, 1)},
			Counts: []int64{n},
		})
	}
	var fs []Feature
	for _, c := range Aggregate(points, z) {
		fs = append(fs, Feature{ID: c.ID, Geometry: c.Point, Props: []Prop{{"n", c.Counts[0]}}, MinZoom: z, MaxZoom: z})
	}
	l := mustLayer(t, Options{Name: "people"}, fs...)
	lo, hi := TileAt(orb.Point{114.15, 30.85}, z), TileAt(orb.Point{114.55, 30.45}, z)
	var got int64
	for x := lo.X; x <= hi.X; x++ {
		for y := lo.Y; y <= hi.Y; y++ {
			tile, err := readChecked(Encode(Tile{z, x, y}, l))
			if err != nil {
				t.Fatal(err)
			}
			for _, ly := range tile.layers {
				for _, f := range ly.features {
					if p := f.parts[0][0]; p.x >= 0 && p.x < Extent && p.y >= 0 && p.y < Extent {
						n, _ := f.props["n"].(int64)
						got += n
					}
				}
			}
		}
	}
	if got != want || len(fs) >= len(points) {
		t.Errorf("tiles hold %d in %d cells, want %d from %d points", got, len(fs), want, len(points))
	}
}

func TestLabelPoint(t *testing.T) {
	t.Parallel()
	box := func(x, y, w, h float64) orb.Ring {
		return orb.Ring{{x, y}, {x + w, y}, {x + w, y + h}, {x, y + h}, {x, y}}
	}
	for _, tc := range []struct {
		name string
		area orb.MultiPolygon
		ok   bool
		in   orb.Bound
	}{
		{"nothing", nil, false, orb.Bound{}},
		{"no area", orb.MultiPolygon{{{{1, 1}, {2, 2}, {1, 1}}}}, false, orb.Bound{}},
		{"a square at the equator: its middle", orb.MultiPolygon{{box(0, 0, 2, 2)}}, true, orb.Bound{Min: orb.Point{0.95, 0.95}, Max: orb.Point{1.05, 1.05}}},
		{"a sliver: somewhere in it, soon", orb.MultiPolygon{{box(0, 0, 1, 1e-9)}}, true, orb.Bound{Max: orb.Point{1, 1e-9}}},
		{"the larger of two", orb.MultiPolygon{{box(0, 0, 1, 1)}, {box(5, 5, 3, 3)}}, true, orb.Bound{Min: orb.Point{6, 6}, Max: orb.Point{7, 7}}},
		{"a U: in an arm or the foot, not the middle", orb.MultiPolygon{{orb.Ring{{0, 0}, {9, 0}, {9, 9}, {6, 9}, {6, 2}, {3, 2}, {3, 9}, {0, 9}, {0, 0}}}}, true, orb.Bound{Min: orb.Point{0, 0}, Max: orb.Point{9, 9}}},
		{"beside a hole", orb.MultiPolygon{{box(0, 0, 10, 4), box(1, 0.5, 3, 3)}}, true, orb.Bound{Min: orb.Point{5, 1}, Max: orb.Point{9, 3}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, ok := LabelPoint(tc.area)
			if ok != tc.ok || (ok && !tc.in.Contains(got)) {
				t.Fatalf("LabelPoint = %v, %v; want in %v, %v", got, ok, tc.in, tc.ok)
			}
			if ok && tc.name == "a U: in an arm or the foot, not the middle" && got[0] > 3 && got[0] < 6 && got[1] > 2 {
				t.Errorf("label %v lies outside", got)
			}
		})
	}
}

func TestParseTile(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		z, x, y string
		want    Tile
		part    string
	}{
		{"0", "0", "0", Tile{}, ""},
		{"14", "13390", "6745", Tile{14, 13390, 6745}, ""},
		{"18", "262143", "262143", Tile{18, 262143, 262143}, ""},
		{"19", "0", "0", Tile{}, "z"},
		{"-1", "0", "0", Tile{}, "z"},
		{"", "0", "0", Tile{}, "z"},
		{"1", "2", "0", Tile{}, "x"},
		{"1", "0", "2", Tile{}, "y"},
		{"1", "0", "01", Tile{}, "y"},
		{"1", "+1", "0", Tile{}, "x"},
		{"3", "1", "1.mvt", Tile{}, "y"},
		{"3", "99999999999999999999", "0", Tile{}, "x"},
	} {
		t.Run(fmt.Sprint(tc.z, "/", tc.x, "/", tc.y), func(t *testing.T) {
			t.Parallel()
			got, err := ParseTile(tc.z, tc.x, tc.y)
			var wrong *TileError
			switch {
			case tc.part == "" && (err != nil || got != tc.want):
				t.Errorf("%v, %v; want %v", got, err, tc.want)
			case tc.part != "" && (!asTileError(err, &wrong) || wrong.Part != tc.part):
				t.Errorf("error %v; want one of %s", err, tc.part)
			}
		})
	}
}

func asTileError(err error, into **TileError) bool {
	e, ok := err.(*TileError) //nolint:errorlint // ParseTile says that it is this type
	*into = e
	return ok
}

func TestTileBound(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		p := orb.Point{rapid.Float64Range(-179.9, 179.9).Draw(rt, "lon"), rapid.Float64Range(-85, 85).Draw(rt, "lat")}
		at := TileAt(p, rapid.IntRange(0, MaxZoom).Draw(rt, "z"))
		if b := at.Bound().Pad(1e-7); !b.Contains(p) {
			rt.Fatalf("%v of %v does not hold it: %v", at, p, b)
		}
	})
}
