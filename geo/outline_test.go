package geo_test

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yike/geo"
)

// round has no -0, which text of an integer has not either.
func round(degrees float64) float64 { return math.Round(degrees*1e6)/1e6 + 0 }

func TestAppendCoordinatesReadBackAsRounded(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		degrees := rapid.OneOf(rapid.Float64Range(-180, 180), rapid.Map(rapid.IntRange(-180_000, 180_000), func(n int) float64 { return float64(n) / 1000 }),
			rapid.Float64Range(-2e-6, 2e-6))
		point := rapid.Custom(func(t *rapid.T) orb.Point { return orb.Point{degrees.Draw(t, "x"), degrees.Draw(t, "y")} })
		area := orb.MultiPolygon(rapid.SliceOfN(rapid.Map(rapid.SliceOfN(rapid.Map(rapid.SliceOfN(point, 0, 4),
			func(p []orb.Point) orb.Ring { return p }), 0, 3), func(r []orb.Ring) orb.Polygon { return r }), 0, 3).Draw(t, "area"))
		want := [][][][2]float64{}
		for _, polygon := range area {
			rings := [][][2]float64{}
			for _, ring := range polygon {
				line := [][2]float64{}
				for _, p := range ring {
					line = append(line, [2]float64{round(p[0]), round(p[1])})
				}
				rings = append(rings, line)
			}
			want = append(want, rings)
		}
		got := [][][][2]float64{}
		text := geo.AppendCoordinates(nil, area)
		if err := json.Unmarshal(text, &got); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	})
}

func TestAppendCoordinatesIsShort(t *testing.T) {
	t.Parallel()
	area := orb.MultiPolygon{{{{117, -0.5}, {0.0000004, 39.1234567}, {-0.000001, 1.1}}}}
	if got, want := string(geo.AppendCoordinates([]byte("x"), area)), "x[[[[117,-0.5],[0,39.123457],[-0.000001,1.1]]]]"; got != want {
		t.Errorf("got %s; want %s", got, want)
	}
	if got := string(geo.AppendCoordinates(nil, nil)); got != "[]" {
		t.Errorf("an empty area is %s; want []", got)
	}
}
