package estateimport_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"
	"github.com/xuri/excelize/v2"

	"yike/facilities/estates"
	"yike/facilities/estates/estateimport"
	"yike/facilities/estates/estatelist"
	"yike/facilities/premises"
	"yike/geo"
	"yike/geo/divisions"
	"yike/internal/rowio"
)

func options() estateimport.Options {
	return estateimport.Options{
		Places: []divisions.Division{
			{Code: "1", Level: divisions.Subdistrict, NameZH: "东街道"}, {Code: "11", Level: divisions.Community, ParentCode: "1", NameZH: "花园社区", NameEN: "Garden"},
		},
		Bounds: orb.Bound{Min: orb.Point{117, 39}, Max: orb.Point{117.4, 39.1}},
	}
}

func keep(t testing.TB, name string, raw []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func read(t *testing.T, path string, o estateimport.Options) estateimport.File {
	t.Helper()
	f, err := estateimport.Read(t.Context(), path, filepath.Base(path), o)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return f
}

// workbook makes a workbook as people do: sheets of rows, the first of which may be titles.
func workbook(t *testing.T, sheets map[string][][]any, order ...string) string {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close() //nolint:errcheck // it is in memory
	for i, name := range order {
		if i == 0 {
			if err := f.SetSheetName("Sheet1", name); err != nil {
				t.Fatal(err)
			}
		} else if _, err := f.NewSheet(name); err != nil {
			t.Fatal(err)
		}
		for k, row := range sheets[name] {
			if err := f.SetSheetRow(name, fmt.Sprintf("A%d", k+1), &row); err != nil {
				t.Fatal(err)
			}
		}
	}
	var out bytes.Buffer
	if _, err := f.WriteTo(&out); err != nil {
		t.Fatal(err)
	}
	return keep(t, "小区.xlsx", out.Bytes())
}

func TestOneWorkbookOfEstatesAndRooms(t *testing.T) {
	t.Parallel()
	path := workbook(t, map[string][][]any{
		"说明": {{"本表由各街镇填报"}, {"有问题请联系规划科"}},
		"小区": {{"2026 年新建小区配建台账"}, {"项目名称", "所属社区", "建设单位", "规划户数", "用地面积（公顷）", "竣工日期", "联系人"}, {"和顺家园", "花园社区", "某某置业", 1200, 5.25, "2026年6月30日", "王某"}, {"滨河苑", "花园社区", "", "约600", "", "", ""}},
		"用房": {{"小区名称", "用房名称", "用途", "楼栋", "楼层", "房号", "建筑面积（㎡）", "独立出入口", "电梯"}, {"和顺家园", "党群服务中心", "党群服务", "1号楼", 1, 101, 1200.5, "是", "无"}, {"和顺家园", "养老驿站", "养老", "1号楼", "1", "102", 400, "有", ""}},
	}, "说明", "小区", "用房")
	f := read(t, path, options())
	want := []estateimport.Sheet{
		{Name: "小区", Kind: estateimport.Estates, Rows: 2, Ignored: []string{"联系人"}}, {Name: "用房", Kind: estateimport.Rooms, Rows: 2},
	}
	got := slices.DeleteFunc(slices.Clone(f.Sheets), func(s estateimport.Sheet) bool { return s.Kind == estateimport.Nothing })
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	taken := estatelist.Decide(nil, f.Lists).Told()
	var said []string
	for _, r := range taken.Rows {
		said = append(said, fmt.Sprintf("%s %d %s %s", r.Sheet, r.Row, r.Name, r.Outcome))
	}
	for _, fault := range taken.Faults {
		said = append(said, fmt.Sprintf("%s %d %s %s", fault.Sheet, fault.Row, fault.Column, fault.Value))
	}
	if d := cmp.Diff([]string{"小区 3 和顺家园 created", "小区 4 滨河苑 faulty", "用房 2 党群服务中心 created", "用房 3 养老驿站 faulty", "小区 4 规划户数 约600", "用房 3 用途 养老"}, said); d != "" {
		t.Error(d)
	}
	e := f.Lists.Estates[0].Apply(estates.Estate{})
	room := f.Lists.Rooms[0].Apply(estates.Room{})
	if e.SiteArea != 5_250_000 || e.CompletedOn != "2026-06-30" || e.Households != 1200 || room.Area != 120_050 || room.RoomNo != "101" || room.Use != premises.PartyMass {
		t.Errorf("%+v, %+v", e, room)
	}
	if len(f.Remarks) != 1 || f.Remarks[0].Sheet != "小区" || !strings.Contains(f.Remarks[0].ZH, "公顷") || f.Remarks[0].EN == "" {
		t.Errorf("%+v", f.Remarks)
	}
}

func block(at orb.Point) orb.Polygon {
	const side = 1.0 / 128
	return orb.Polygon{{at, {at[0] + side, at[1]}, {at[0] + side, at[1] + side}, {at[0], at[1] + side}, at}}
}

func collection(t *testing.T, features ...*geojson.Feature) string {
	t.Helper()
	all := geojson.NewFeatureCollection()
	all.Features = features
	raw, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	return keep(t, "小区.geojson", raw)
}

func feature(g orb.Geometry, properties map[string]any) *geojson.Feature {
	f := geojson.NewFeature(g)
	f.Properties = properties
	return f
}

func estateFeatures(to func(orb.Point) orb.Point) []*geojson.Feature {
	var out []*geojson.Feature
	for i, name := range []string{"和顺家园", "滨河苑"} {
		p := block(orb.Point{117.0625 + float64(i)/16, 39.0625})
		for k := range p[0] {
			p[0][k] = to(p[0][k])
		}
		out = append(out, feature(p, map[string]any{"小区名称": name, "规划户数": 600 + i, "建设单位": "某某置业"}))
	}
	return out
}

func same(p orb.Point) orb.Point { return p }

// converted has ogr2ogr write a file in another format.
func converted(t *testing.T, from, name string, args ...string) string {
	t.Helper()
	ogr2ogr, err := exec.LookPath("ogr2ogr")
	if err != nil {
		t.Skip("ogr2ogr is not installed: apt-get install gdal-bin")
	}
	to := filepath.Join(t.TempDir(), name)
	cmd := exec.CommandContext(t.Context(), ogr2ogr, append(args, to, from)...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", cmd, err, out)
	}
	return to
}

// zipped puts the parts of a Shapefile into an archive.
func zipped(t *testing.T, shp string) string {
	t.Helper()
	parts, err := filepath.Glob(strings.TrimSuffix(shp, ".shp") + ".*")
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, part := range parts {
		raw, err := os.ReadFile(part)
		if err != nil {
			t.Fatal(err)
		}
		w, err := z.Create(filepath.Base(part))
		if err == nil {
			_, err = w.Write(raw)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return keep(t, "小区.zip", out.Bytes())
}

// TestShapesOfEveryFormat reads the same estates from what desktop programs write, in degrees
// and in metres, and finds them where they are.
func TestShapesOfEveryFormat(t *testing.T) {
	t.Parallel()
	for name, make := range map[string]func(*testing.T) string{
		"GeoJSON": func(t *testing.T) string { t.Helper(); return collection(t, estateFeatures(same)...) },
		"GeoPackage in metres of CGCS2000": func(t *testing.T) string {
			t.Helper()
			return converted(t, collection(t, estateFeatures(same)...), "a.gpkg", "-f", "GPKG", "-t_srs", "EPSG:4548")
		},
		"Shapefile": func(t *testing.T) string {
			t.Helper()
			return zipped(t, converted(t, collection(t, estateFeatures(same)...), "a.shp", "-f", "ESRI Shapefile", "-lco", "ENCODING=GB18030"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := read(t, make(t), options())
			if len(f.Faults) > 0 || len(f.Lists.Estates) != 2 || f.Sheets[0].CRS == "" {
				t.Fatalf("%+v", f)
			}
			for i, row := range f.Lists.Estates {
				e := row.Apply(estates.Estate{})
				want := block(orb.Point{117.0625 + float64(i)/16, 39.0625})
				if len(row.Faults) > 0 || e.Households != 600+i || e.Developer != "某某置业" || !row.Drawn || len(e.Boundary[0]) != 5 || geo.Area(e.Boundary)/geo.Area(want) > 1.0001 {
					t.Errorf("%+v", e)
				}
				if at, _ := e.Position(); geo.Distance(at, geo.Inside(orb.MultiPolygon{want})) > 0.1 {
					t.Errorf("%s lies %v", e.Name, at)
				}
			}
		})
	}
}

func TestLayersOfEstatesAndOfRooms(t *testing.T) {
	t.Parallel()
	whole := collection(t, estateFeatures(same)...)
	rooms := collection(t, feature(orb.Point{117.07, 39.07}, map[string]any{"小区名称": "和顺家园", "用房名称": "养老驿站", "用途": "养老服务"}))
	path := converted(t, whole, "a.gpkg", "-f", "GPKG", "-nln", "小区")
	if out, err := exec.CommandContext(t.Context(), "ogr2ogr", "-update", "-f", "GPKG", "-nln", "用房", path, rooms).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	f := read(t, path, options())
	if len(f.Lists.Estates) != 2 || len(f.Lists.Rooms) != 1 || len(f.Sheets) != 2 || f.Lists.Rooms[0].Sheet != "用房" {
		t.Fatalf("%+v", f.Sheets)
	}
	if r := f.Lists.Rooms[0].Apply(estates.Room{}); !r.Placed || r.Use != premises.ElderlyService || geo.Distance(r.Point, orb.Point{117.07, 39.07}) > 0.01 {
		t.Errorf("%+v", r)
	}
	alone := read(t, collection(t, feature(orb.Point{117.07, 39.07}, map[string]any{"小区名称": "和顺家园"})), options())
	if len(alone.Lists.Rooms) != 1 || len(alone.Lists.Estates) != 0 {
		t.Errorf("points with the name of an estate alone are rooms: %+v", alone.Sheets)
	}
}

func TestCoordinateSystems(t *testing.T) {
	t.Parallel()
	gcj, err := geo.ParseCRS("GCJ-02")
	if err != nil {
		t.Fatal(err)
	}
	o := options()
	o.CRS, o.Given = gcj, true
	f := read(t, collection(t, estateFeatures(geo.WGS84ToGCJ02)...), o)
	if at := f.Lists.Estates[0].Apply(estates.Estate{}).Boundary[0][0]; geo.Distance(at, orb.Point{117.0625, 39.0625}) > 0.01 || f.Sheets[0].CRS != "GCJ-02" {
		t.Errorf("declared GCJ-02: %v, %s", at, f.Sheets[0].CRS)
	}
	f = read(t, collection(t, estateFeatures(geo.WGS84ToGCJ02)...), options())
	if at := f.Lists.Estates[0].Apply(estates.Estate{}).Boundary[0][0]; at != geo.WGS84ToGCJ02(orb.Point{117.0625, 39.0625}) {
		t.Errorf("nobody said GCJ-02, and it was taken for it: %v", at)
	}
	at := geo.GCJ02ToBD09(geo.WGS84ToGCJ02(orb.Point{117.07, 39.07}))
	f = read(t, keep(t, "用房.csv", fmt.Appendf(nil, "小区名称,用房名称,用途,百度经度,百度纬度\r\n和顺家园,甲,养老服务,%.8f,%.8f\r\n", at[0], at[1])), options())
	if r := f.Lists.Rooms[0].Apply(estates.Room{}); geo.Distance(r.Point, orb.Point{117.07, 39.07}) > 0.1 || f.Sheets[0].CRS != "BD-09" {
		t.Errorf("told by the heading: %v, %s", r.Point, f.Sheets[0].CRS)
	}
	// In the west both are degrees of latitude; in the east no latitude is so large, and each row says so.
	swapped := func(p orb.Point) orb.Point { return orb.Point{p[1], p[0]} }
	f = read(t, collection(t, estateFeatures(swapped)...), options())
	if len(f.Faults) != 0 || len(f.Lists.Estates[0].Faults) != 1 || !strings.Contains(f.Lists.Estates[0].Faults[0].ZH, "坐标不对") {
		t.Errorf("exchanged in the east: %+v, %+v", f.Faults, f.Lists.Estates[0].Faults)
	}
	o = options()
	o.Bounds = orb.Bound{Min: orb.Point{87, 39}, Max: orb.Point{87.4, 39.1}}
	f = read(t, collection(t, estateFeatures(func(p orb.Point) orb.Point { return orb.Point{p[1], p[0] - 30} })...), o)
	if len(f.Faults) != 1 || !strings.Contains(f.Faults[0].ZH, "经纬度写反") {
		t.Errorf("exchanged: %+v", f.Faults)
	}
	f = read(t, collection(t, estateFeatures(func(p orb.Point) orb.Point { return orb.Point{p[0] + 3, p[1]} })...), options())
	if len(f.Faults) != 0 || len(f.Remarks) != 1 || !strings.Contains(f.Remarks[0].ZH, "不在本辖区") {
		t.Errorf("elsewhere: %+v %+v", f.Faults, f.Remarks)
	}
}

// TestShapesAreHeldAgainstTheRoads has blocks beside the roads of a grid of streets, shifted
// as web maps do.
func TestShapesAreHeldAgainstTheRoads(t *testing.T) {
	t.Parallel()
	frame := geo.Frame(orb.Point{117.2, 39.05})
	var roads []orb.LineString
	// Streets at odd distances that bend at every crossing, so that the town fits onto itself
	// nowhere else.
	odd := rand.New(rand.NewPCG(1, 2))
	const n = 22
	corner := [n][n]orb.Point{}
	y := -2400.0
	for i := range n {
		y += 130 + 180*odd.Float64()
		x := -2400.0
		for k := range n {
			x += 130 + 180*odd.Float64()
			corner[i][k] = orb.Point{x, y + 60*odd.Float64()}
		}
	}
	var features []*geojson.Feature
	for i := range n - 1 {
		for k := range n - 1 {
			a, b, c, d := corner[i][k], corner[i][k+1], corner[i+1][k+1], corner[i+1][k]
			roads = append(roads, orb.LineString{frame.From(a), frame.From(b)}, orb.LineString{frame.From(a), frame.From(d)})
			if (i+k)%3 != 0 {
				continue
			}
			middle := orb.Point{(a[0] + b[0] + c[0] + d[0]) / 4, (a[1] + b[1] + c[1] + d[1]) / 4}
			ring := orb.Ring{}
			for _, at := range []orb.Point{a, b, c, d, a} {
				const inner = 0.9 // the estate begins behind the pavement
				ring = append(ring, geo.WGS84ToGCJ02(frame.From(orb.Point{middle[0] + inner*(at[0]-middle[0]), middle[1] + inner*(at[1]-middle[1])})))
			}
			features = append(features, feature(orb.Polygon{ring}, map[string]any{"小区名称": fmt.Sprintf("小区 %d-%d", i, k)}))
		}
	}
	o := options()
	o.Roads = func() []orb.LineString { return roads }
	path := collection(t, features...)
	f := read(t, path, o)
	if len(f.Faults) != 1 || f.Faults[0].Field != "crs" || !strings.Contains(f.Faults[0].ZH, "GCJ-02") {
		t.Fatalf("shifted, and nobody said so: %+v", f.Faults)
	}
	o.CRS, o.Given = geo.WGS84(), true
	if f := read(t, path, o); len(f.Faults) != 0 || len(f.Remarks) != 1 {
		t.Errorf("somebody said WGS 84: %+v, %+v", f.Faults, f.Remarks)
	}
	gcj, err := geo.ParseCRS("GCJ-02")
	if err != nil {
		t.Fatal(err)
	}
	o.CRS = gcj
	if f := read(t, path, o); len(f.Faults)+len(f.Remarks) != 0 {
		t.Errorf("rightly declared: %+v, %+v", f.Faults, f.Remarks)
	}
}

func TestFilesThatAreNoLists(t *testing.T) {
	t.Parallel()
	many := "小区名称,户数\r\n" + strings.Repeat("甲,1\r\n", estatelist.MostRows+1)
	for name, content := range map[string]string{
		"a.csv": "颜色,大小\r\n红,1\r\n", "b.csv": "", "c.xlsx": "PK\x03\x04 broken", "d.csv": many,
		"e.geojson": `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name2":"1"},"geometry":null}]}`,
	} {
		var bad *rowio.RowError
		path := keep(t, name, []byte(content))
		if _, err := estateimport.Read(t.Context(), path, name, options()); !errors.As(err, &bad) || bad.ReasonZH == "" || bad.ReasonEN == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	f := read(t, keep(t, "a.csv", []byte("小区名称,户数,总户数\r\n甲,1,2\r\n")), options())
	if len(f.Faults) != 1 || f.Faults[0].Column != "总户数" || f.Faults[0].Row != 0 {
		t.Errorf("two columns of households: %+v", f.Faults)
	}
}

func TestTemplatesAreEmptyAndComeBack(t *testing.T) {
	t.Parallel()
	for _, english := range []bool{false, true} {
		for name, write := range map[string]func(io.Writer, []divisions.Division, bool) error{"estates": estateimport.WriteEstateTemplate, "rooms": estateimport.WriteRoomTemplate} {
			var out bytes.Buffer
			if err := write(&out, options().Places, english); err != nil {
				t.Fatal(err)
			}
			path := keep(t, name+".xlsx", out.Bytes())
			f := read(t, path, options())
			kind := estateimport.Kind(name)
			i := slices.IndexFunc(f.Sheets, func(s estateimport.Sheet) bool { return s.Kind == kind })
			if i < 0 || f.Sheets[i].Rows != 0 || len(f.Sheets[i].Ignored) > 0 || len(f.Faults) > 0 || len(f.Lists.Estates)+len(f.Lists.Rooms) > 0 {
				t.Errorf("%s, English %v: %+v", name, english, f)
			}
			book, err := excelize.OpenFile(path)
			if err != nil {
				t.Fatal(err)
			}
			sheet := book.GetSheetList()[0]
			// Whoever writes over the example has a row that is taken as it is.
			for c := range 40 {
				at, _ := excelize.CoordinatesToCellName(c+1, 2)
				to, _ := excelize.CoordinatesToCellName(c+1, 3)
				v, err := book.GetCellValue(sheet, at)
				if err == nil && v != "" && !strings.HasPrefix(v, "示例行") && !strings.HasPrefix(v, "An example") {
					err = book.SetCellValue(sheet, to, v)
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			if err := book.Save(); err != nil {
				t.Fatal(err)
			}
			f = read(t, path, options())
			if len(f.Lists.Estates)+len(f.Lists.Rooms) != 1 {
				t.Fatalf("%s, English %v: %+v", name, english, f.Sheets)
			}
			for _, row := range f.Lists.Estates {
				if len(row.Faults) > 0 {
					t.Errorf("the example of estates, English %v: %+v", english, row.Faults)
				}
			}
			for _, row := range f.Lists.Rooms {
				if len(row.Faults) > 0 {
					t.Errorf("the example of rooms, English %v: %+v", english, row.Faults)
				}
			}
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("小区名称,村居,用地面积（公顷）,分期\r\n甲,花园社区,3.5,一期 3户\r\n"))
	f.Add([]byte("小区名称,用房名称,楼栋,建筑面积\r\n甲,乙,1,30㎡\r\n"))
	f.Add([]byte(`{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"小区名称":"甲"},"geometry":{"type":"Polygon","coordinates":[[[117,39],[118,39],[118,40],[117,39]]]}}]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		path := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(path, raw, 0o600); err != nil {
			t.Fatal(err)
		}
		file, err := estateimport.Read(t.Context(), path, "file", options())
		if err == nil {
			estatelist.Decide(nil, file.Lists).Told()
		}
	})
}
