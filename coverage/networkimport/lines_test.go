package networkimport

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"yike/coverage/walknet"
	"yike/geo"
	"yike/internal/pack"
)

// centrelines is a bureau's crossing: two streets that cross without a shared vertex, a
// footbridge over both, and an expressway.
const centrelines = `{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"路号":"A1","类别":"主干路","名称":"甲路","桥":"否"},"geometry":{"type":"LineString","coordinates":[[117.100,39.1],[117.102,39.1]]}},
{"type":"Feature","properties":{"路号":"B2","类别":"支路","名称":"乙街","桥":"否"},"geometry":{"type":"MultiLineString","coordinates":[[[117.101,39.099],[117.101,39.101]],[[117.101,39.101],[117.101,39.102]]]}},
{"type":"Feature","properties":{"路号":"C3","类别":"人行道","名称":"","桥":"是"},"geometry":{"type":"LineString","coordinates":[[117.1005,39.099],[117.1005,39.101]]}},
{"type":"Feature","properties":{"路号":"D4","类别":"快速路","名称":"","桥":"否"},"geometry":{"type":"LineString","coordinates":[[117.1,39.103],[117.102,39.103]]}}
]}`

func centrelineLayer(file, crs string) pack.Named {
	return pack.Named{Kind: pack.Roads, Field: "layers.roads", Layer: &pack.Layer{
		File: file, CRS: crs,
		Fields: map[string]string{"source": "路号", "class": "类别", "name": "名称", "bridge": "桥"},
		Values: map[string]map[string]string{"class": {"主干路": "primary", "支路": "residential", "人行道": "footway", "快速路": "motorway"}},
	}}
}

func checkCentrelines(t *testing.T, got Roads) {
	t.Helper()
	var list []string
	for _, r := range got.Roads {
		list = append(list, fmt.Sprint(r.SourceID, " ", r.Class, " ", r.Walkable, " ", r.Level, " ", r.NodeIDs == nil))
	}
	want := "A1 primary true 0 true|B2 residential true 0 true|B2#2 residential true 0 true|C3 footway true 1 true|D4 motorway false 0 true"
	if s := strings.Join(list, "|"); s != want {
		t.Errorf("got  %s\nwant %s", s, want)
	}
	net, _, err := walknet.Build(got.Ways(), nil, walknet.BuildOptions{JoinM: 0.5})
	if err != nil {
		t.Fatal(err)
	}
	// A1 in two at the crossing with B2; B2 in three; the bridge whole and apart.
	if net.Edges() != 6 {
		t.Errorf("%d edges, want 6", net.Edges())
	}
	report, err := Describe(got, 0.5)
	if err != nil || report.Counts["islands"] != 1 || report.Counts["ways"] != 4 {
		t.Errorf("report %+v, %v", report, err)
	}
}

func TestReadCentrelines(t *testing.T) {
	t.Parallel()
	root, _ := write(t, "r.geojson", []byte(centrelines))
	got, err := Read(t.Context(), root, centrelineLayer("r.geojson", "EPSG:4490"))
	if err != nil {
		t.Fatal(err)
	}
	checkCentrelines(t, got)
}

// Bureaus have Shapefiles and GeoPackages in 3-degree zones: what GDAL writes from the
// same streets, with PROJ's transformation, must come back to the same places.
func TestReadCentrelinesOfAZone(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("ogr2ogr"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("needs ogr2ogr (Debian package gdal-bin)")
		}
		t.Skip("needs ogr2ogr (Debian package gdal-bin)")
	}
	for _, c := range []struct{ name, file, epsg, driver string }{
		{"shapefile with zone prefix", "r.shp", "EPSG:4527", "ESRI Shapefile"},
		{"shapefile by central meridian", "r.shp", "EPSG:4548", "ESRI Shapefile"},
		{"geopackage", "r.gpkg", "EPSG:4548", "GPKG"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			root, _ := write(t, "src.geojson", []byte(centrelines))
			cmd := exec.CommandContext(t.Context(), "ogr2ogr", "-f", c.driver, "-t_srs", c.epsg, "-lco", "ENCODING=UTF-8",
				filepath.Join(root, c.file), filepath.Join(root, "src.geojson"))
			if c.driver == "GPKG" {
				cmd.Args = append(cmd.Args[:5], cmd.Args[7:]...)
			}
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			got, err := Read(t.Context(), root, centrelineLayer(c.file, c.epsg))
			if err != nil {
				t.Fatal(err)
			}
			checkCentrelines(t, got)
			if got.Contradicts != "" {
				t.Errorf("the file is said to contradict: %s", got.Contradicts)
			}
			if m := geo.Distance(got.Roads[0].Line[0], orb.Point{117.1, 39.1}); m > 0.01 {
				t.Errorf("%.3f m off", m)
			}
			other, err := Read(t.Context(), root, centrelineLayer(c.file, "EPSG:4549"))
			if err == nil && other.Contradicts == "" {
				t.Error("another zone than the file's own was not noticed")
			}
		})
	}
}

func TestBadCentrelines(t *testing.T) {
	t.Parallel()
	var doc map[string]any
	if err := json.Unmarshal([]byte(centrelines), &doc); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, old, new, field string }{
		{"key twice", `"B2"`, `"A1"`, "路号"},
		{"class not mapped", "支路", "弄堂", "类别"},
		{"bridge", `"桥":"是"`, `"桥":"半"`, "桥"},
		{"a point", `"LineString","coordinates":[[117.1,39.103],[117.102,39.103]]`, `"Point","coordinates":[117.1,39.103]`, "geometry"},
		{"no geometry", `{"type":"LineString","coordinates":[[117.1,39.103],[117.102,39.103]]}`, `null`, "geometry"},
		{"exchanged", "[117.1,39.103]", "[39.103,117.1]", "lat / y"},
		{"off the earth", "[117.1,39.103]", "[197.1,39.103]", "lon / x"},
		{"not finite", "[117.1,39.103]", "[117.1,1e999]", ""},
		{"key of another's part, after it", `"C3"`, `"B2#2"`, "路号"},
		{"key of another's part, before it", `"A1"`, `"B2#2"`, "路号"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			text := strings.Replace(centrelines, c.old, c.new, 1)
			root, _ := write(t, "r.geojson", []byte(text))
			_, err := Read(t.Context(), root, centrelineLayer("r.geojson", "EPSG:4326"))
			var bad *pack.BadPackError
			if !errors.As(err, &bad) || c.field != "" && bad.Faults[0].Field != c.field || bad.Faults[0].Row == 0 || bad.Faults[0].File != "r.geojson" {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestWalkColumnsOfLines(t *testing.T) {
	t.Parallel()
	const lines = `{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"source":"a","class":"footway","crossing":"信号灯","wheelchair":"no","incline":"-3.5"},"geometry":{"type":"LineString","coordinates":[[117.1,39.1],[117.102,39.1]]}},
{"type":"Feature","properties":{"source":"b","class":"footway","crossing":"uncontrolled","wheelchair":"yes","incline":"5%%"},"geometry":{"type":"LineString","coordinates":[[117.1,39.11],[117.102,39.11]]}},
{"type":"Feature","properties":{"source":"c","class":"steps"%s},"geometry":{"type":"LineString","coordinates":[[117.1,39.12],[117.102,39.12]]}}
]}`
	layer := pack.Named{Kind: pack.Roads, Field: "layers.roads", Layer: &pack.Layer{File: "r.geojson", CRS: "EPSG:4326"}}
	root, _ := write(t, "r.geojson", fmt.Appendf(nil, lines, ""))
	got, err := Read(t.Context(), root, layer)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []struct {
		crossing walknet.Crossing
		wheels   walknet.Wheels
		incline  int16
	}{{walknet.Signals, walknet.WheelsNo, -35}, {walknet.Uncontrolled, walknet.WheelsYes, 50}, {}} {
		r := got.Roads[i]
		if r.Crossing != want.crossing || r.Wheels != want.wheels || r.Incline != want.incline {
			t.Errorf("%s: crossing %d, wheels %d, incline %d", r.SourceID, r.Crossing, r.Wheels, r.Incline)
		}
	}
	root, _ = write(t, "r.geojson", fmt.Appendf(nil, lines, `,"crossing":"perhaps","incline":"steep"`))
	_, err = Read(t.Context(), root, layer)
	var bad *pack.BadPackError
	if !errors.As(err, &bad) || len(bad.Faults) != 2 {
		t.Errorf("columns that say nothing: %v", err)
	}
}
