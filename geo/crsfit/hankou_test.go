package crsfit_test

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"testing"

	"github.com/paulmach/orb"

	"yike/geo/crsfit"
)

// hankou is the folder of the Hankou extract: YIKE_DATA_DIR, else the root that its
// pack's manifest names. The test is skipped where there is none.
func hankou(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("YIKE_DATA_DIR")
	if dir == "" {
		pack := filepath.Join("..", "..", "packs", "hankou")
		manifest, err := os.ReadFile(filepath.Join(pack, "manifest.yaml"))
		if err != nil {
			t.Skipf("the pack of Hankou is not here: %v", err)
		}
		root := regexp.MustCompile(`(?m)^root:\s*["']?([^"'\s#]+)`).FindSubmatch(manifest)
		if root == nil {
			t.Skip("the pack of Hankou names no root folder")
		}
		dir = filepath.Join(pack, string(root[1]))
	}
	if _, err := os.Stat(filepath.Join(dir, "roads.geojson")); err != nil {
		t.Skipf("the data of Hankou are not here: %v", err)
	}
	return dir
}

func TestHankou(t *testing.T) {
	t.Parallel()
	dir := hankou(t)
	roads := geometries[orb.LineString](t, filepath.Join(dir, "roads.geojson"))
	var centres, vertices []orb.Point
	for _, b := range geometries[orb.MultiPolygon](t, filepath.Join(dir, "buildings.geojson")) {
		centres = append(centres, b.Bound().Center())
		vertices = append(vertices, b[0][0]...)
	}
	named := lonLats(t, filepath.Join(dir, "named_features.csv"))
	for name, points := range map[string][]orb.Point{
		"centres of buildings": centres, "150 centres": centres[:150],
		"vertices of buildings": vertices, "named features": named, "100 named features": named[:100],
	} {
		check := func(what string, points []orb.Point, roads []orb.LineString, want crsfit.Hypothesis) {
			v := crsfit.Check(points, roads)
			t.Logf("%s, %s: %+v", name, what, v)
			if v.Best != want || v.Suspicious != (want != crsfit.Declared) {
				t.Errorf("%s, %s: best %q; want %q", name, what, v.Best, want)
			}
		}
		check("as they are", points, roads, crsfit.Declared)
		check("in GCJ-02", moved(points, gcj), roads, crsfit.GCJ02Points)
		check("in BD-09", moved(points, bd), roads, crsfit.BD09Points)
		check("roads in GCJ-02", points, movedLines(roads, gcj), crsfit.GCJ02Roads)
		check("roads in BD-09", points, movedLines(roads, bd), crsfit.BD09Roads)
		check("both in GCJ-02", moved(points, gcj), movedLines(roads, gcj), crsfit.Declared)
	}
	cells := lonLats(t, filepath.Join(dir, "population_100m.csv"))
	for _, some := range [][]orb.Point{cells, cells[:400], cells[1000:1100]} {
		for _, points := range [][]orb.Point{some, moved(some, gcj), moved(some, bd)} {
			if v := crsfit.Check(points, roads); v.Suspicious {
				t.Errorf("a regular grid of %d cells: %+v", len(points), v)
			}
		}
	}
}

func geometries[G orb.Geometry](t *testing.T, path string) []G {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Features []struct {
			Geometry struct {
				Coordinates json.RawMessage `json:"coordinates"`
			} `json:"geometry"`
		} `json:"features"`
	}
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	var all []G
	for _, f := range file.Features {
		var g G
		if json.Unmarshal(f.Geometry.Coordinates, &g) == nil {
			all = append(all, g)
		}
	}
	if len(all) == 0 {
		t.Fatalf("%s holds no such geometry", path)
	}
	return all
}

func lonLats(t *testing.T, path string) []orb.Point {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // read only
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	x, y := slices.Index(rows[0], "lon"), slices.Index(rows[0], "lat")
	var points []orb.Point
	for _, row := range rows[1:] {
		lon, err1 := strconv.ParseFloat(row[x], 64)
		lat, err2 := strconv.ParseFloat(row[y], 64)
		if err1 != nil || err2 != nil {
			t.Fatalf("row %v", row)
		}
		points = append(points, orb.Point{lon, lat})
	}
	return points
}
