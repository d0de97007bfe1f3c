package networkimport

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"yike/coverage/walknet"
	"yike/internal/pack"
)

// hillside is a made-up ASCII grid of cells of about 30 m: level in the west, from 117.1 on
// up by 5 m each 100 m, everywhere wrong by up to noise metres, and unknown in the south.
func hillside(t *testing.T, file string, noise float64) {
	t.Helper()
	const west, south, cell, cols, rows = 117.08, 39.08, 1.0 / 3600, 200, 150
	random := rand.New(rand.NewPCG(1, 2))
	var text strings.Builder
	fmt.Fprintf(&text, "ncols %d\nnrows %d\nxllcorner %v\nyllcorner %v\ncellsize %.12f\nNODATA_value -9999\n", cols, rows, west, south, cell)
	for row := range rows {
		for col := range cols {
			h := max(west+(float64(col)+0.5)*cell-117.1, 0)*metresPerLon*0.05 + noise*(2*random.Float64()-1)
			if row > rows-20 {
				h = -9999
			}
			fmt.Fprintf(&text, "%.3f ", h)
		}
		text.WriteString("\n")
	}
	if err := os.WriteFile(file, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
}

const metresPerLon = 86_500 // at 39.1° north

// slopes are streets on the hillside, with a vertex each 35 m or so.
const slopes = `{"type":"FeatureCollection","features":[%s]}`

func street(id string, bridge bool, from, to orb.Point) string {
	const steps = 24
	var at []string
	for i := range steps + 1 {
		t := float64(i) / steps
		at = append(at, fmt.Sprintf("[%.7f,%.7f]", from[0]+t*(to[0]-from[0]), from[1]+t*(to[1]-from[1])))
	}
	return fmt.Sprintf(`{"type":"Feature","properties":{"source":%q,"class":"footway","bridge":%q},"geometry":{"type":"LineString","coordinates":[%s]}}`,
		id, map[bool]string{true: "yes", false: "no"}[bridge], strings.Join(at, ","))
}

func readSlopes(t *testing.T, h pack.Heights, noise float64) (Roads, error) {
	t.Helper()
	if _, err := exec.LookPath("gdalwarp"); err != nil {
		t.Skipf("skipped: no gdalwarp: %v", err)
	}
	root := t.TempDir()
	hillside(t, filepath.Join(root, "dem.asc"), noise)
	if err := os.WriteFile(filepath.Join(root, "broken.tif"), []byte("no raster"), 0o600); err != nil {
		t.Fatal(err)
	}
	roads := strings.Join([]string{
		street("level", false, orb.Point{117.085, 39.1}, orb.Point{117.095, 39.1}),
		street("up", false, orb.Point{117.103, 39.1}, orb.Point{117.113, 39.1}),
		street("across", false, orb.Point{117.11, 39.095}, orb.Point{117.11, 39.105}),
		street("bridge", true, orb.Point{117.095, 39.11}, orb.Point{117.105, 39.11}),
		street("beyond", false, orb.Point{117.1, 39.079}, orb.Point{117.1, 39.09}),
	}, ",")
	if err := os.WriteFile(filepath.Join(root, "roads.geojson"), fmt.Appendf(nil, slopes, roads), 0o600); err != nil {
		t.Fatal(err)
	}
	return Read(t.Context(), root, pack.Named{Kind: pack.Roads, Field: "layers.roads", Layer: &pack.Layer{File: "roads.geojson", CRS: "EPSG:4326", Heights: &h}})
}

func TestRoadsGetHeights(t *testing.T) {
	t.Parallel()
	for _, noise := range []float64{0, 3} {
		t.Run(fmt.Sprintf("wrong by %g m", noise), func(t *testing.T) {
			t.Parallel()
			roads, err := readSlopes(t, pack.Heights{File: "dem.asc", CRS: "EPSG:4326"}, noise)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range roads.Roads {
				up, down := climbs(r.Heights)
				want := map[string]float64{"up": 43.25, "bridge": 21.6}[r.SourceID] // 865 m and 432 m at 5 %
				if r.SourceID == "beyond" {
					if r.Heights != nil {
						t.Errorf("a road partly off the grid has heights %v", r.Heights)
					}
					continue
				}
				if len(r.Heights) != len(r.Line) {
					t.Fatalf("%s: %d heights of %d vertices", r.SourceID, len(r.Heights), len(r.Line))
				}
				if math.Abs(up-want) > 0.3+noise || down > noise {
					t.Errorf("%s goes up %.1f m and down %.1f m, want %.1f m up", r.SourceID, up, down, want)
				}
			}
			report, err := Describe(roads, 0.5)
			if err != nil || report.Counts["roads_with_heights"] != 4 {
				t.Errorf("%v, %v", report.Counts, err)
			}
		})
	}
}

func climbs(heights []float32) (up, down float64) {
	for i := 1; i < len(heights); i++ {
		d := float64(heights[i] - heights[i-1])
		up, down = up+max(d, 0), down+max(-d, 0)
	}
	return up, down
}

// Who minds slopes takes longer up than down, and as long as others on the level.
func TestHeightsBecomeWalkingTimes(t *testing.T) {
	t.Parallel()
	roads, err := readSlopes(t, pack.Heights{File: "dem.asc", CRS: "EPSG:4326"}, 0)
	if err != nil {
		t.Fatal(err)
	}
	plain, _, err := walknet.Build(roads.Ways(), nil, walknet.BuildOptions{})
	if err != nil {
		t.Fatal(err)
	}
	elder, err := plain.For(walknet.Elder())
	if err != nil {
		t.Fatal(err)
	}
	walk := func(n *walknet.Network, from, to orb.Point) walknet.Milliseconds {
		return n.Reach(n.Snap(to, 1), 10_000_000, 1000).At(n.Snap(from, 1))
	}
	low, high := orb.Point{117.103, 39.1}, orb.Point{117.113, 39.1}
	if up, down, flat := walk(elder, low, high), walk(elder, high, low), walk(plain, low, high); up <= down || down <= flat {
		t.Errorf("%d ms up, %d ms down, %d ms on the map", up, down, flat)
	}
	west, east := orb.Point{117.085, 39.1}, orb.Point{117.095, 39.1}
	if slow, flat := walk(elder, west, east), walk(plain, west, east); slow != flat {
		t.Errorf("%d ms on the level, want %d", slow, flat)
	}
}

func TestHeightsThatCannotBeRead(t *testing.T) {
	t.Parallel()
	for name, h := range map[string]pack.Heights{
		"no raster":      {File: "broken.tif"},
		"elsewhere":      {File: "dem.asc", CRS: "EPSG:4547"}, // metres, taken for which the grid is one of nanometres
		"no such system": {File: "dem.asc", CRS: "EPSG:1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := readSlopes(t, h, 0)
			var bad *pack.BadPackError
			if !errors.As(err, &bad) || bad.Layer != pack.Roads {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestProfilesAreStraightened(t *testing.T) {
	t.Parallel()
	way := []float64{0, 100, 200, 300, 400}
	tests := []struct {
		name         string
		metres, want []float64
	}{
		{"a wiggle", []float64{0, 1.5, -1.5, 1, 0}, []float64{0, 0, 0, 0, 0}},
		{"a steady slope with one", []float64{0, 6, 9, 16, 20}, []float64{0, 5, 10, 15, 20}},
		{"a hill", []float64{0, 10.5, 20, 10.5, 0}, []float64{0, 10, 20, 10, 0}},
		{"two points", []float64{0, 9}, []float64{0, 9}},
	}
	for _, tt := range tests {
		straighten(tt.metres, way[:len(tt.metres)], leastWiggleM)
		if fmt.Sprint(tt.metres) != fmt.Sprint(tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, tt.metres, tt.want)
		}
	}
	same := []float64{1, 5, 2}
	straighten(same, []float64{7, 7, 7}, leastWiggleM) // a line without length
	if fmt.Sprint(same) != "[1 5 2]" {
		t.Errorf("%v", same)
	}
}
