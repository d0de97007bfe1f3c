package sitingimport_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"yike/coverage/sitingimport"
	"yike/geo"
	"yike/internal/rowio"
)

// corner stands for a function that finds a point inside.
func corner(m orb.MultiPolygon) orb.Point { return m[0][0][0] }

func read(t *testing.T, name, content string, o sitingimport.Options) (sitingimport.List, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	o.Inside = corner
	return sitingimport.Read(t.Context(), path, name, o)
}

func TestTable(t *testing.T) {
	t.Parallel()
	got, err := read(t, "a.csv", "地块名称,经度,纬度,造价（万元）,容量,备注\n甲,114.1,30.6,\"1,200\",80,x\n甲,114.2,30.7,,,\n乙,x,30.7,-1,,\n丙,114.2,230,,,\n", sitingimport.Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := []sitingimport.Place{
		{ID: "甲", Name: "甲", Point: orb.Point{114.1, 30.6}, Price: 1200, Capacity: 80},
		{ID: "甲 (2)", Name: "甲", Point: orb.Point{114.2, 30.7}},
	}
	if d := cmp.Diff(want, got.Places); d != "" {
		t.Error(d)
	}
	if len(got.Faults) != 3 || got.Faults[0].Column != "造价（万元）" || got.Faults[1].Column != "经度" || got.Faults[1].Row != 4 || got.Faults[2].Row != 5 {
		t.Errorf("%+v", got.Faults)
	}
	if d := cmp.Diff([]string{"备注"}, got.Ignored); d != "" || got.CRS != "EPSG:4326" {
		t.Error(d, got.CRS)
	}
}

func TestShapes(t *testing.T) {
	t.Parallel()
	feature := func(id, geometry string) string {
		return fmt.Sprintf(`{"type":"Feature","properties":{"编号":%q},"geometry":%s}`, id, geometry)
	}
	got, err := read(t, "a.geojson", `{"type":"FeatureCollection","features":[`+strings.Join([]string{
		feature("p", `{"type":"Point","coordinates":[114.1,30.6]}`),
		feature("q", `{"type":"Polygon","coordinates":[[[114.2,30.6],[114.3,30.6],[114.3,30.7],[114.2,30.6]]]}`),
		feature("m", `{"type":"MultiPolygon","coordinates":[[[[114.4,30.6],[114.5,30.6],[114.5,30.7],[114.4,30.6]]]]}`),
		feature("l", `{"type":"LineString","coordinates":[[114.6,30.6],[114.7,30.6],[114.8,30.6]]}`),
		feature("none", `null`),
	}, ",")+`]}`, sitingimport.Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := []sitingimport.Place{
		{ID: "p", Point: orb.Point{114.1, 30.6}},
		{ID: "q", Point: orb.Point{114.2, 30.6}, Outlined: true},
		{ID: "m", Point: orb.Point{114.4, 30.6}, Outlined: true},
		{ID: "l", Point: orb.Point{114.7, 30.6}, Outlined: true},
	}
	if d := cmp.Diff(want, got.Places); d != "" || len(got.Faults) != 1 || got.Faults[0].Row != 5 {
		t.Error(d, got.Faults)
	}
}

func TestCoordinateSystems(t *testing.T) {
	t.Parallel()
	wgs := orb.Point{114.27, 30.61}
	gcj := geo.WGS84ToGCJ02(wgs)
	table := func(head string, p orb.Point) string {
		return fmt.Sprintf("name,%s,纬度\na,%.9f,%.9f\n", head, p[0], p[1])
	}
	given, err := geo.ParseCRS("GCJ-02")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		content string
		o       sitingimport.Options
		crs     string
	}{
		"nothing said":     {table("经度", wgs), sitingimport.Options{}, "EPSG:4326"},
		"said":             {table("经度", gcj), sitingimport.Options{CRS: given, Given: true}, "GCJ-02"},
		"told by the head": {table("百度经度", geo.GCJ02ToBD09(gcj)), sitingimport.Options{}, "BD-09"},
		"told by another":  {table("高德经度", gcj), sitingimport.Options{}, "GCJ-02"},
	} {
		got, err := read(t, "a.csv", c.content, c.o)
		if err != nil || len(got.Places) != 1 || got.CRS != c.crs || planar.Distance(got.Places[0].Point, wgs) > 1e-6 {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestRefusedFiles(t *testing.T) {
	t.Parallel()
	for name, content := range map[string]string{
		"没有找到位置":  "名称,地址\n甲,某路 1 号\n",
		"文件里没有地点": "名称,经度,纬度\n",
		"最多 500":  "名称,经度,纬度\n" + strings.Repeat("甲,114,30\n", 501),
	} {
		var bad *rowio.RowError
		if _, err := read(t, "a.csv", content, sitingimport.Options{}); !errors.As(err, &bad) || !strings.Contains(bad.ReasonZH, name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got, err := read(t, "a.csv", "名称,经度,纬度\n"+strings.Repeat(strings.Repeat("长", 70)+",114,30\n", 500), sitingimport.Options{}); err != nil || len(got.Places) != 500 {
		t.Error(err)
	}
}
