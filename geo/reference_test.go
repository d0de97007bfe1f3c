package geo_test

import (
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"yike/geo"
)

// table reads a reference table as maps by column.
func table(t *testing.T, path string) []map[string]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // read only
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil || len(rows) < 2 {
		t.Fatalf("%s: %d rows, %v", path, len(rows), err)
	}
	var all []map[string]string
	for _, row := range rows[1:] {
		m := map[string]string{}
		for i, name := range rows[0] {
			m[name] = row[i]
		}
		all = append(all, m)
	}
	return all
}

func number(t *testing.T, s string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestDistanceAgainstGeographicLib(t *testing.T) {
	t.Parallel()
	var worst float64
	for _, r := range table(t, "testdata/geographiclib_distance.csv") {
		a := orb.Point{number(t, r["lon_a"]), number(t, r["lat_a"])}
		b := orb.Point{number(t, r["lon_b"]), number(t, r["lat_b"])}
		want := number(t, r["geodesic_m"])
		got := geo.Distance(a, b)
		worst = math.Max(worst, math.Abs(got-want))
		if math.Abs(got-want) > 0.001 {
			t.Errorf("Distance(%v, %v) = %.5f; want %.5f", a, b, got, want)
		}
	}
	t.Logf("worst difference %.6f m", worst)
}

func TestDistanceAgainstPROJ(t *testing.T) {
	t.Parallel()
	for _, r := range table(t, "testdata/geodesic_distance_reference.csv") {
		a := orb.Point{number(t, r["lon_a"]), number(t, r["lat_a"])}
		b := orb.Point{number(t, r["lon_b"]), number(t, r["lat_b"])}
		if got, want := geo.Distance(a, b), number(t, r["geodesic_m_GRS80"]); math.Abs(got-want) > 0.001 {
			t.Errorf("%s – %s: %.4f m; want %.4f", r["a"], r["b"], got, want)
		}
	}
}

func TestAreaAgainstGeographicLib(t *testing.T) {
	t.Parallel()
	var worst float64
	for _, r := range table(t, "testdata/geographiclib_area.csv") {
		var ring orb.Ring
		for _, v := range strings.Fields(r["vertices"]) {
			lon, lat, _ := strings.Cut(v, ":")
			ring = append(ring, orb.Point{number(t, lon), number(t, lat)})
		}
		want := number(t, r["area_m2"])
		got := geo.Area(orb.Polygon{ring})
		worst = math.Max(worst, math.Abs(got-want)/want)
		if math.Abs(got-want) > 2e-6*want+0.001 {
			t.Errorf("Area of %d vertices = %.4f; want %.4f", len(ring), got, want)
		}
	}
	t.Logf("worst relative difference %.2g", worst)
}

func TestProjectionsAgainstPROJ(t *testing.T) {
	t.Parallel()
	for _, r := range table(t, "testdata/proj_cgcs2000_reference.csv") {
		c, err := geo.ParseCRS(r["crs"])
		if err != nil {
			t.Fatal(err)
		}
		lonLat := orb.Point{number(t, r["lon"]), number(t, r["lat"])}
		xy := orb.Point{number(t, r["easting_m"]), number(t, r["northing_m"])}
		got, err := c.FromWGS84(lonLat)
		if err != nil || math.Abs(got[0]-xy[0]) > 2e-4 || math.Abs(got[1]-xy[1]) > 2e-4 {
			t.Errorf("%s %s: forward %.5f, %v; want %.4f", r["crs"], r["point"], got, err, xy)
		}
		back, err := c.ToWGS84(xy)
		if err != nil || math.Abs(back[0]-lonLat[0]) > 2e-9 || math.Abs(back[1]-lonLat[1]) > 2e-9 {
			t.Errorf("%s %s: inverse %.10f, %v; want %v", r["crs"], r["point"], back, err, lonLat)
		}
	}
}

// TestPublishedVectors holds the values that the tests of eviltransform and
// coordtransform publish.
func TestPublishedVectors(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name      string
		f         func(orb.Point) orb.Point
		in, want  orb.Point
		tolerance float64
	}{
		{"WGS 84 to GCJ-02, Shanghai", geo.WGS84ToGCJ02, orb.Point{121.5272106, 31.1774276}, orb.Point{121.531541859215, 31.17530398364597}, 1e-12},
		{"WGS 84 to GCJ-02, Shenzhen", geo.WGS84ToGCJ02, orb.Point{113.912316, 22.543847}, orb.Point{113.9171764808363, 22.540796131694766}, 1e-12},
		{"WGS 84 to GCJ-02, Beijing", geo.WGS84ToGCJ02, orb.Point{116.377817, 39.911954}, orb.Point{116.38404722455657, 39.91334545536069}, 1e-12},
		{"WGS 84 to GCJ-02, Tian'anmen", geo.WGS84ToGCJ02, orb.Point{116.404, 39.915}, orb.Point{116.41024449916938, 39.91640428150164}, 1e-12},
		{"GCJ-02 to BD-09", geo.GCJ02ToBD09, orb.Point{116.404, 39.915}, orb.Point{116.41036949371029, 39.92133699351021}, 1e-12},
		// The published inverses are approximations: half a metre and 0.1 m.
		{"BD-09 to GCJ-02", geo.BD09ToGCJ02, orb.Point{116.404, 39.915}, orb.Point{116.39762729119315, 39.90865673957631}, 2e-6},
		{"GCJ-02 to WGS 84", geo.GCJ02ToWGS84, orb.Point{116.404, 39.915}, orb.Point{116.39775550083061, 39.91359571849836}, 1e-5},
		{"not in China", geo.WGS84ToGCJ02, orb.Point{-0.1, 51.5}, orb.Point{-0.1, 51.5}, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got := tc.f(tc.in)
			if math.Abs(got[0]-tc.want[0]) > tc.tolerance || math.Abs(got[1]-tc.want[1]) > tc.tolerance {
				t.Errorf("%.12f; want %.12f", got, tc.want)
			}
		})
	}
}

// dataFolder is the folder of the Hankou extract: YIKE_DATA_DIR, else the root that its
// pack's manifest names. The test is skipped where there is none.
func dataFolder(t *testing.T) string {
	t.Helper()
	if dir := os.Getenv("YIKE_DATA_DIR"); dir != "" {
		return dir
	}
	pack := filepath.Join("..", "packs", "hankou")
	manifest, err := os.ReadFile(filepath.Join(pack, "manifest.yaml"))
	if err != nil {
		t.Skipf("the pack of Hankou is not here: %v", err)
	}
	root := regexp.MustCompile(`(?m)^root:\s*["']?([^"'\s#]+)`).FindSubmatch(manifest)
	if root == nil {
		t.Skip("the pack of Hankou names no root folder")
	}
	return filepath.Join(pack, string(root[1]))
}

// readShared reads a file beside the Hankou extract, or skips the test.
func readShared(t *testing.T, elements ...string) []byte {
	t.Helper()
	path := filepath.Join(append([]string{dataFolder(t)}, elements...)...)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Skipf("%s is not here: %v", filepath.Base(path), err)
	}
	return text
}

// TestCitiesOfChina compares with coordinates that the map services themselves gave.
func TestCitiesOfChina(t *testing.T) {
	t.Parallel()
	var cities []struct {
		Attrs  struct{ Name string }
		Coords struct{ WGS84, GCJ02, BD09, EPSG3857 orb.Point }
	}
	if err := json.Unmarshal(readShared(t, "..", "coord_reference", "gcoord_china_cities.json"), &cities); err != nil {
		t.Fatal(err)
	}
	if len(cities) < 600 {
		t.Fatalf("%d cities", len(cities))
	}
	far := func(a, b orb.Point, tolerance float64) bool {
		return math.Abs(a[0]-b[0]) > tolerance || math.Abs(a[1]-b[1]) > tolerance
	}
	mercator, err := geo.ParseCRS("EPSG:3857")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cities {
		if got := geo.WGS84ToGCJ02(c.Coords.WGS84); far(got, c.Coords.GCJ02, 1e-5) {
			t.Errorf("%s: GCJ-02 %v; want %v", c.Attrs.Name, got, c.Coords.GCJ02)
		}
		if got := geo.GCJ02ToBD09(c.Coords.GCJ02); far(got, c.Coords.BD09, 1e-5) {
			t.Errorf("%s: BD-09 %v; want %v", c.Attrs.Name, got, c.Coords.BD09)
		}
		if got := geo.GCJ02ToWGS84(geo.BD09ToGCJ02(c.Coords.BD09)); far(got, c.Coords.WGS84, 1e-5) {
			t.Errorf("%s: WGS 84 of BD-09 %v; want %v", c.Attrs.Name, got, c.Coords.WGS84)
		}
		if got, err := mercator.ToWGS84(c.Coords.EPSG3857); err != nil || far(got, c.Coords.WGS84, 1e-8) {
			t.Errorf("%s: WGS 84 of EPSG:3857 %v, %v; want %v", c.Attrs.Name, got, err, c.Coords.WGS84)
		}
	}
}

// TestAreaOfStreets compares with GeographicLib's areas of the subdistricts of Hankou.
func TestAreaOfStreets(t *testing.T) {
	t.Parallel()
	reference, err := csv.NewReader(strings.NewReader(string(readShared(t, "..", "coord_reference", "geodesic_area_reference.csv")))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var streets struct {
		Features []struct {
			Properties struct {
				ID string `json:"osm_relation"`
			}
			Geometry struct {
				Type        string
				Coordinates json.RawMessage
			}
		}
	}
	if err := json.Unmarshal(readShared(t, "streets.geojson"), &streets); err != nil {
		t.Fatal(err)
	}
	compared := 0
	for _, f := range streets.Features {
		i := slices.IndexFunc(reference, func(row []string) bool { return row[1] == f.Properties.ID })
		var g orb.Polygon
		if i < 0 || f.Geometry.Type != "Polygon" || json.Unmarshal(f.Geometry.Coordinates, &g) != nil {
			continue
		}
		compared++
		if got, want := geo.Area(g), number(t, reference[i][3]); math.Abs(got-want) > 1e-5*want {
			t.Errorf("%s: %.1f m²; want %.1f", f.Properties.ID, got, want)
		}
	}
	if compared < 10 {
		t.Errorf("only %d of %d streets compared", compared, len(streets.Features))
	}
}
