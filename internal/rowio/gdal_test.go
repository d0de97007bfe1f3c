package rowio_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"yike/internal/gdal"
	"yike/internal/rowio"
)

const roads = `{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4526"}},"features":[
{"type":"Feature","properties":{"名称":"堃园路","等级":"主干路","n":9007199254740993},"geometry":{"type":"LineString","coordinates":[[38528764.3257,3388883.521],[38528864.3257,3388983.521]]}},
{"type":"Feature","properties":{"名称":null,"等级":"支路","n":2},"geometry":{"type":"LineString","coordinates":[[38528764.3257,3388883.521],[38528864.0001,3388983.521]]}}]}`

// convert writes the roads as another format with ogr2ogr, which the test needs.
func convert(t testing.TB, name string, args ...string) string {
	t.Helper()
	ogr2ogr, err := exec.LookPath("ogr2ogr")
	if err != nil {
		t.Skip("ogr2ogr is not installed: apt-get install gdal-bin")
	}
	from := write(t, "roads.geojson", roads)
	to := filepath.Join(t.TempDir(), name)
	cmd := exec.CommandContext(t.Context(), ogr2ogr, append(args, to, from)...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", cmd, err, out)
	}
	return to
}

func wantRoads() []rowio.Row {
	return []rowio.Row{
		{Number: 1, Fields: map[string]string{"名称": "堃园路", "等级": "主干路", "n": "9007199254740993"}, Geometry: orb.LineString{{38528764.3257, 3388883.521}, {38528864.3257, 3388983.521}}},
		{Number: 2, Fields: map[string]string{"名称": "", "等级": "支路", "n": "2"}, Geometry: orb.LineString{{38528764.3257, 3388883.521}, {38528864.0001, 3388983.521}}},
	}
}

func checkRoads(t *testing.T, got content) {
	t.Helper()
	if d := cmp.Diff(wantRoads(), got.rows); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"名称", "等级", "n"}, got.columns); d != "" {
		t.Error(d)
	}
	if len(got.bad) > 0 {
		t.Errorf("bad: %v", got.bad)
	}
}

func TestGDALKeepsZoneCoordinates(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, file string
		args       []string
	}{
		{"shapefile in UTF-8", "roads.shp", []string{"-f", "ESRI Shapefile", "-lco", "ENCODING=UTF-8"}},
		{"shapefile in GB18030", "roads.shp", []string{"-f", "ESRI Shapefile", "-lco", "ENCODING=GB18030"}},
		{"GeoPackage", "roads.gpkg", []string{"-f", "GPKG"}},
		{"FlatGeobuf", "roads.fgb", []string{"-f", "FlatGeobuf", "-lco", "SPATIAL_INDEX=NO"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got := readAll(t, convert(t, tc.file, tc.args...), "", "")
			if got.crs != "EPSG:4526" {
				t.Errorf("CRS %q; want EPSG:4526", got.crs)
			}
			for _, r := range got.rows { // FlatGeobuf leaves null out
				if r.Fields["名称"] == "" {
					r.Fields["名称"] = ""
				}
			}
			checkRoads(t, got)
		})
	}
}

// TestShapefileEncodings breaks what a shapefile says of its encoding in the ways that
// are common: no .cpg and a language byte of Latin-1, or a .cpg that is wrong.
func TestShapefileEncodings(t *testing.T) {
	t.Parallel()
	for _, encoding := range []string{"UTF-8", "GB18030"} {
		for _, cpg := range []string{"", "UTF-8", "GBK", "gb2312", "ISO-8859-1", "936"} {
			t.Run(encoding+" said to be "+cpg, func(t *testing.T) {
				t.Parallel()
				shp := convert(t, "roads.shp", "-f", "ESRI Shapefile", "-lco", "ENCODING="+encoding)
				base := strings.TrimSuffix(shp, ".shp")
				if err := os.Remove(base + ".cpg"); err != nil {
					t.Fatal(err)
				}
				if cpg != "" {
					if err := os.WriteFile(base+".cpg", []byte(cpg+"\r\n"), 0o600); err != nil {
						t.Fatal(err)
					}
				}
				setLanguage(t, base+".dbf", 0x57)
				checkRoads(t, readAll(t, shp, "shapefile", ""))
			})
		}
	}
}

// setLanguage writes the language driver byte of a dBASE table.
func setLanguage(t *testing.T, path string, language byte) {
	t.Helper()
	table, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	table[29] = language
	if err := os.WriteFile(path, table, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestGDALNamesTheSystemOfTheFile(t *testing.T) {
	t.Parallel()
	shp := convert(t, "roads.shp", "-f", "ESRI Shapefile")
	prj := strings.TrimSuffix(shp, ".shp") + ".prj"
	esri, err := os.ReadFile(prj)
	if err != nil {
		t.Fatal(err)
	}

	for _, tc := range []struct{ name, prj, want string }{
		{"none", "", ""},
		{"a city's own", strings.NewReplacer("CGCS2000_3_Degree_GK_Zone_38", "Wuhan_Local", "114.0", "114.3333").Replace(string(esri)), "Wuhan_Local"},
	} {
		if err := os.WriteFile(prj, []byte(tc.prj), 0o600); err != nil {
			t.Fatal(err)
		}
		if tc.prj == "" {
			if err := os.Remove(prj); err != nil {
				t.Fatal(err)
			}
		}
		if got := readAll(t, shp, "", ""); got.crs != tc.want {
			t.Errorf("%s: CRS %q; want %q", tc.name, got.crs, tc.want)
		}
	}
}

func TestGDALLayers(t *testing.T) {
	t.Parallel()
	gpkg := convert(t, "two.gpkg", "-f", "GPKG", "-nln", "道路 (旧)")
	cmd := exec.CommandContext(t.Context(), "ogr2ogr", "-f", "GPKG", "-update", "-nln", "second", gpkg, write(t, "more.geojson", roads))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, layer := range []string{"", "third"} {
		bad := openError(t, gpkg, "gpkg", layer)
		if !errors.Is(bad, gdal.ErrLayer) || !strings.Contains(bad.ReasonEN, "道路 (旧), second") {
			t.Errorf("layer %q: %v", layer, bad)
		}
	}
	for _, layer := range []string{"道路 (旧)", "second"} {
		checkRoads(t, readAll(t, gpkg, "gpkg", layer))
	}
}

func TestGDALBadFiles(t *testing.T) {
	t.Parallel()
	shp := convert(t, "roads.shp", "-f", "ESRI Shapefile")
	text, err := os.ReadFile(shp)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(shp, text[:150], 0o600); err != nil {
		t.Fatal(err)
	}
	got := readAll(t, shp, "", "")
	if len(got.bad) != 1 || !got.bad[0].Fatal || got.bad[0].Row != 0 || !strings.Contains(got.bad[0].ReasonEN, "Error in fread") {
		t.Errorf("cut short: %v", got.bad)
	}
	vrt := `<OGRVRTDataSource><OGRVRTLayer name="roads"><SrcDataSource>/vsicurl/http://127.0.0.1:9/x.geojson</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>`
	for _, tc := range []struct{ name, file, text string }{
		{"nonsense", "a.gpkg", "this is no GeoPackage"},
		{"a virtual layer in disguise", "a.gpkg", vrt},
		{"GeoJSON in disguise", "a.shp", roads},
	} {
		var process *gdal.ProcessError
		if bad := openError(t, write(t, tc.file, tc.text), "", ""); !errors.As(bad, &process) || !bad.Fatal {
			t.Errorf("%s: %v", tc.name, bad)
		}
	}
}

func TestGDALMissing(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	bad := openError(t, write(t, "a.shp", "x"), "", "")
	if !errors.Is(bad, gdal.ErrMissing) || !strings.Contains(bad.ReasonEN, "apt-get install gdal-bin") || !strings.Contains(bad.ReasonZH, "apt-get install gdal-bin") {
		t.Errorf("%v; want it to name the package", bad)
	}
}

// TestGDALStopsWhenTheReaderCloses leaves a long stream behind.
func TestGDALStopsWhenTheReaderCloses(t *testing.T) {
	t.Parallel()
	csv := manyRows(t, 50_000, "points.csv")
	if _, err := exec.LookPath("ogr2ogr"); err != nil {
		t.Skip("ogr2ogr is not installed: apt-get install gdal-bin")
	}
	fgb := filepath.Join(t.TempDir(), "points.fgb")
	cmd := exec.CommandContext(t.Context(), "ogr2ogr", "-f", "FlatGeobuf", "-oo", "X_POSSIBLE_NAMES=lon", "-oo", "Y_POSSIBLE_NAMES=lat", fgb, csv)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	r, err := rowio.Open(t.Context(), fgb, "", "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Next(); err != nil {
		t.Fatal(err)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
}
