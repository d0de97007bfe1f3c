package rowio_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"yike/internal/gdal"
	"yike/internal/rowio"
)

// sniff looks at a file under its own name.
func sniff(t testing.TB, path string) rowio.Format {
	t.Helper()
	f, err := rowio.Sniff(t.Context(), path, filepath.Base(path), rowio.Limits{})
	if err != nil {
		t.Fatalf("Sniff %s: %v", filepath.Base(path), err)
	}
	return f
}

// linesOf reads a file to its end as lines "number: a|b|c", geometry and faults behind.
func linesOf(t testing.TB, path string, f rowio.Format, o rowio.Options) []string {
	t.Helper()
	l, err := rowio.OpenAs(t.Context(), path, f, o)
	if err != nil {
		t.Fatalf("OpenAs: %v", err)
	}
	defer l.Close() //nolint:errcheck // read only
	out := []string{strings.Join(l.Columns(), "|")}
	for {
		line, err := l.Next()
		if errors.Is(err, io.EOF) {
			return out
		}
		var bad *rowio.RowError
		if errors.As(err, &bad) {
			out = append(out, fmt.Sprintf("%d! %s", bad.Row, bad.ReasonEN))
			continue
		}
		if err != nil {
			t.Fatalf("Next: %v", err)
		}
		text := fmt.Sprintf("%d: %s", line.Number, strings.Join(line.Cells, "|"))
		if line.Hidden {
			text += " hidden"
		}
		if line.Geometry != nil {
			text += fmt.Sprintf(" %v", line.Geometry)
		}
		for _, f := range line.Faults {
			text += fmt.Sprintf(" [%s %q]", f.Column, f.Value)
		}
		out = append(out, text)
	}
}

// workbook writes rows with the peer's library; "=…" are formulas without a result.
func workbook(t testing.TB, rows [][]any, change func(f *excelize.File)) string {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close() //nolint:errcheck // in memory
	for i, row := range rows {
		for j, v := range row {
			name, _ := excelize.CoordinatesToCellName(j+1, i+1)
			var err error
			if s, ok := v.(string); ok && strings.HasPrefix(s, "=") {
				err = f.SetCellFormula("Sheet1", name, s[1:])
			} else if v != nil {
				err = f.SetCellValue("Sheet1", name, v)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	if change != nil {
		change(f)
	}
	path := filepath.Join(t.TempDir(), "台账.xlsx")
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestMessyWorkbook(t *testing.T) {
	t.Parallel()
	path := workbook(t, [][]any{
		{"常青区老年食堂台账（2026年）"},
		{"填报单位：民政局", nil, nil, nil, "填报日期：2026-11-27"},
		{"街道", "食堂名称*", "床位数", nil, "地址"},
		{nil, nil, "总数", "护理型", nil},
		{1, 2, 3, 4, 5},
		{"常青街道", "一号食堂", 12, 3, "堃园路1号"},
		{nil, "二号食堂", 0.5, nil, " 常青路\n2号 "},
		{},
		{"街道", "食堂名称*", "床位数", nil, "地址"},
		{"北湖街道", "三号\u202e食堂", "=C6+D6", "=1/0", "x"},
	}, func(f *excelize.File) {
		for _, r := range [][2]string{{"A1", "E1"}, {"A3", "A4"}, {"B3", "B4"}, {"C3", "D3"}, {"E3", "E4"}, {"A6", "A7"}} {
			if err := f.MergeCell("Sheet1", r[0], r[1]); err != nil {
				t.Fatal(err)
			}
		}
		if err := f.SetRowVisible("Sheet1", 7, false); err != nil {
			t.Fatal(err)
		}
		if _, err := f.NewSheet("旧表"); err != nil {
			t.Fatal(err)
		}
	})
	f := sniff(t, path)
	want := rowio.Table{
		Name: "Sheet1", Rows: 4, Columns: []string{"街道", "食堂名称", "床位数/总数", "床位数/护理型", "地址"},
		HeaderRow: 3, HeaderRows: 3, HiddenRows: 1,
	}
	if d := cmp.Diff(want, f.Tables[f.Table]); d != "" || f.Kind != rowio.KindXLSX {
		t.Error(f.Kind, d)
	}
	got := linesOf(t, path, f, rowio.Options{})
	wantLines := []string{
		"街道|食堂名称|床位数/总数|床位数/护理型|地址",
		"6: 常青街道|一号食堂|12|3|堃园路1号",
		"7: 常青街道|二号食堂|0.5|| 常青路\n2号  hidden",
		`10: 北湖街道|三号食堂|||x [床位数/总数 ""] [床位数/护理型 ""]`,
	}
	if d := cmp.Diff(wantLines, got); d != "" {
		t.Error(d)
	}
	if len(f.Notes) != 3 {
		t.Errorf("notes: %+v", f.Notes)
	}
}

func TestDelimitedTexts(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, text string
		kind       rowio.Kind
		delimiter  string
		want       []string
	}{
		{"plain", "名称,地址\n甲,乙\n", rowio.KindCSV, ",", []string{"名称|地址", "2: 甲|乙"}},
		{"semicolons with commas inside", "名称;地址;床位\n甲;\"a,b\";3\n乙;c,d;4\n", rowio.KindCSV, ";", []string{"名称|地址|床位", "2: 甲|a,b|3", "3: 乙|c,d|4"}},
		{"tabs", "名称\t地址\n甲\t乙, 丙\n", rowio.KindTSV, "\t", []string{"名称|地址", "2: 甲|乙, 丙"}},
		{"bars", "名称|地址\n甲|乙\n", rowio.KindCSV, "|", []string{"名称|地址", "2: 甲|乙"}},
		{"line breaks in quotes", "名称,地址\r\n\"甲\r\n\"\"乙\"\"\",x\r\n丙,y\r\n", rowio.KindCSV, ",", []string{"名称|地址", "2: 甲\n\"乙\"|x", "4: 丙|y"}},
		{"old Macintosh", "名称,地址\r甲,乙\r丙,丁", rowio.KindCSV, ",", []string{"名称|地址", "2: 甲|乙", "3: 丙|丁"}},
		{"titles above", "食堂台账,,\n填报：民政局,,2026\n名称,地址,床位\n甲,乙,3\n", rowio.KindCSV, ",", []string{"名称|地址|床位", "4: 甲|乙|3"}},
		{"two rows of heads", "名称,床位,,地址\n,总数,护理型,\n甲,3,1,乙\n", rowio.KindCSV, ",", []string{"名称|床位/总数|床位/护理型|地址", "3: 甲|3|1|乙"}},
		{"ragged", "名称,地址,床位\n甲\n乙,丙,3,,\n丁,戊,4,多\n己,庚,5\n", rowio.KindCSV, ",", []string{"名称|地址|床位", "2: 甲||", "3: 乙|丙|3", "4! the row has 4 columns, the heads 3; a value with the delimiter in it has to be quoted", "5: 己|庚|5"}},
		{"a quote that is never closed", "名称,地址\n\"甲,乙\n丙,丁\n", rowio.KindCSV, ",", []string{"名称|地址", "2! a quote is not closed; a quote inside of a value has to be doubled, and the value quoted", "3: 丙|丁"}},
		{"quotes inside", "名称,地址\n甲\"乙\",\"丙\"丁\n", rowio.KindCSV, ",", []string{"名称|地址", "2: 甲\"乙\"|丙丁"}},
		{"names twice and none", "名称,,名称\n老甲,乙,丙\n", rowio.KindCSV, ",", []string{"名称|#B|名称 (2)", "2: 老甲|乙|丙"}},
		{"formulas defused by us", "名称,电话\n'=1+1,'+86\n'a,''-x\n", rowio.KindCSV, ",", []string{"名称|电话", "2: =1+1|+86", "3: 'a|'-x"}},
		{"one column", "名称\n甲\n乙\n", rowio.KindCSV, ",", []string{"名称", "2: 甲", "3: 乙"}},
		{"no heads", "1,2,3\n4,5,6\n", rowio.KindCSV, ",", []string{"#A|#B|#C", "1: 1|2|3", "2: 4|5|6"}},
		{"only heads", "名称,地址", rowio.KindCSV, ",", []string{"名称|地址"}},
		{"blank rows", "\n\n名称,地址\n\n,\n甲,乙\n\n", rowio.KindCSV, ",", []string{"名称|地址", "6: 甲|乙"}},
	} {
		ext := ".csv"
		if tc.kind == rowio.KindTSV {
			ext = ".tsv"
		}
		path := write(t, "a"+ext, tc.text)
		f := sniff(t, path)
		if f.Kind != tc.kind || f.Delimiter != tc.delimiter || f.Encoding != "UTF-8" {
			t.Errorf("%s: %+v", tc.name, f)
		}
		got := linesOf(t, path, f, rowio.Options{})
		if d := cmp.Diff(tc.want, got); d != "" {
			t.Errorf("%s: %s", tc.name, d)
		}
	}
}

const kml = `<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>食堂</name><Style id="a"/><Folder><name>常青街道</name>
<Placemark><name>一号</name><ExtendedData><Data name="床位"><value>12</value></Data><SchemaData schemaUrl="#s"><SimpleData name="地址">堃园路</SimpleData></SchemaData></ExtendedData><Point><coordinates> 114.2,30.6,0 </coordinates></Point></Placemark>
</Folder><Placemark><description><![CDATA[<b>x</b>]]></description><Polygon><outerBoundaryIs><LinearRing><coordinates>0,0 1,0 1,1 0,0</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>
<Placemark><name>坏</name><Point><coordinates>x</coordinates></Point></Placemark><Placemark><MultiGeometry><Point><coordinates>1,2</coordinates></Point><Point><coordinates>3,4</coordinates></Point></MultiGeometry></Placemark>
<NetworkLink><Link><href>http://127.0.0.1:9/x.kml</href></Link></NetworkLink></Document></kml>`

func TestKML(t *testing.T) {
	t.Parallel()
	want := []string{
		"folder|name|床位|地址|description",
		"1: 食堂/常青街道|一号|12|堃园路| [114.2 30.6]",
		"2: 食堂||||<b>x</b> [[[0 0] [1 0] [1 1] [0 0]]]",
		"3! a coordinate has to be longitude,latitude",
		"4: 食堂|||| [[1 2] [3 4]]",
	}
	plain := write(t, "a.kml", kml)
	kmz := zipped(t, "a.kmz", map[string]string{"doc.kml": kml, "files/x.png": "x"})
	for path, kind := range map[string]rowio.Kind{plain: rowio.KindKML, kmz: rowio.KindKMZ, write(t, "gb.kml", encode(t, kml, true)): rowio.KindKML} {
		f := sniff(t, path)
		if f.Kind != kind || f.CRS != "EPSG:4326" || len(f.Notes) != 2 || f.Tables[0].Rows != 3 || f.Tables[0].Geometry != "mixed" {
			t.Errorf("%+v", f)
		}
		got := linesOf(t, path, f, rowio.Options{TempDir: t.TempDir()})
		if d := cmp.Diff(want, got); d != "" {
			t.Error(path, d)
		}
	}
}

// zipped packs files by name.
func zipped(t testing.TB, name string, files map[string]string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range files {
		w, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(w, text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return write(t, name, b.String())
}

func TestGeoFormats(t *testing.T) {
	t.Parallel()
	wantLines := []string{
		"名称|等级|n",
		"1: 堃园路|主干路|9007199254740993 [[3.85287643257e+07 3.388883521e+06] [3.85288643257e+07 3.388983521e+06]]",
		"2: |支路|2 [[3.85287643257e+07 3.388883521e+06] [3.85288640001e+07 3.388983521e+06]]",
	}
	for _, tc := range []struct {
		name string
		kind rowio.Kind
		path func() string
	}{
		{"GeoJSON", rowio.KindGeoJSON, func() string { return write(t, "a.geojson", roads) }},
		{"GeoPackage", rowio.KindGPKG, func() string { return convert(t, "roads.gpkg", "-f", "GPKG") }},
		{"Shapefile without cpg", rowio.KindShapefile, func() string { return zippedShape(t, "GB18030") }},
	} {
		path := tc.path()
		f := sniff(t, path)
		if f.Kind != tc.kind || f.CRS != "EPSG:4526" || f.Tables[0].Rows != 2 || f.Tables[0].Geometry != "line" {
			t.Errorf("%s: %+v", tc.name, f)
		}
		temp := t.TempDir()
		if d := cmp.Diff(wantLines, linesOf(t, path, f, rowio.Options{TempDir: temp})); d != "" {
			t.Errorf("%s: %s", tc.name, d)
		}
		if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
			t.Errorf("%s: left behind: %v, %v", tc.name, left, err)
		}
	}
}

// zippedShape is the roads as a Shapefile in an archive, its .cpg left out and its names
// in GBK in a folder.
func zippedShape(t *testing.T, encoding string) string {
	t.Helper()
	shp := convert(t, "roads.shp", "-f", "ESRI Shapefile", "-lco", "ENCODING="+encoding)
	files := map[string]string{"__MACOSX/._roads.shp": "x"}
	for _, ext := range []string{".shp", ".shx", ".dbf", ".prj"} {
		text, err := os.ReadFile(strings.TrimSuffix(shp, ".shp") + ext)
		if err != nil {
			t.Fatal(err)
		}
		files[encode(t, "道路/道路", true)+strings.ToUpper(ext)] = string(text)
	}
	setLanguage(t, strings.TrimSuffix(shp, ".shp")+".dbf", 0x57)
	return zipped(t, "roads.zip", files)
}

func TestChoices(t *testing.T) {
	t.Parallel()
	path := write(t, "a.csv", "食堂台账,2026\n名称,地址\n甲;x,乙\n")
	f := sniff(t, path)
	for _, tc := range []struct {
		o    rowio.Options
		want []string
	}{
		{rowio.Options{}, []string{"食堂台账|2026", "2: 名称|地址", "3: 甲;x|乙"}},
		{rowio.Options{HeaderRow: 2}, []string{"名称|地址", "3: 甲;x|乙"}},
		{rowio.Options{HeaderRow: 2, HeaderRows: 2}, []string{"名称/甲;x|地址/乙"}},
		{rowio.Options{HeaderRow: -1}, []string{"#A|#B", "1: 食堂台账|2026", "2: 名称|地址", "3: 甲;x|乙"}},
		{rowio.Options{HeaderRow: 2, Delimiter: ";"}, []string{"名称,地址", "3! the row has 2 columns, the heads 1; a value with the delimiter in it has to be quoted"}},
	} {
		if tc.o.HeaderRow == 0 {
			f.Tables[0].HeaderRow, f.Tables[0].HeaderRows = 1, 1
		}
		if d := cmp.Diff(tc.want, linesOf(t, path, f, tc.o)); d != "" {
			t.Errorf("%+v: %s", tc.o, d)
		}
	}
	gb := write(t, "gb.csv", encode(t, "名称,地址\n甲,乙\n", true))
	found := sniff(t, gb)
	found.Encoding = "UTF-8"
	if d := cmp.Diff([]string{"名称|地址", "2: 甲|乙"}, linesOf(t, gb, found, rowio.Options{Encoding: "GB18030", HeaderRow: 1})); d != "" {
		t.Error(d)
	}
	for want, o := range map[string]rowio.Options{
		"delimiter": {Delimiter: "ab"}, "not supported": {Encoding: "Big5"}, "there is no": {Table: "x"}, "nothing in the row": {HeaderRow: 99},
	} {
		if _, err := rowio.OpenAs(t.Context(), path, f, o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v", o, err)
		}
	}
}

func TestChoicesOfSheets(t *testing.T) {
	t.Parallel()
	path := workbook(t, [][]any{{"说明", "无"}, {"名称", "床位"}, {"甲", 3}}, func(f *excelize.File) {
		if _, err := f.NewSheet("二"); err != nil {
			t.Fatal(err)
		}
		if err := f.SetSheetRow("二", "B2", &[]any{"地址", "电话"}); err != nil {
			t.Fatal(err)
		}
		if err := f.SetSheetRow("二", "B3", &[]any{"x", "y"}); err != nil {
			t.Fatal(err)
		}
	})
	f := sniff(t, path)
	if d := cmp.Diff([]string{"名称|床位", "3: 甲|3"}, linesOf(t, path, f, rowio.Options{HeaderRow: 2})); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"#A|#B", "1: 说明|无", "2: 名称|床位", "3: 甲|3"}, linesOf(t, path, f, rowio.Options{HeaderRow: -1})); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"#A|地址|电话", "3: |x|y"}, linesOf(t, path, f, rowio.Options{Table: "二"})); d != "" {
		t.Error(d)
	}
}

func TestWhatAFileIsCalled(t *testing.T) {
	t.Parallel()
	csv := write(t, "x", "名称,地址\n甲,乙\n")
	for name, noted := range map[string]bool{"a.csv": false, "a.xls": true, "a.xlsx": true, "a": false, `C:\x\a.CSV`: false, "a.txt": false} {
		f, err := rowio.Sniff(t.Context(), csv, name, rowio.Limits{})
		if err != nil || f.Kind != rowio.KindCSV || (len(f.Notes) > 0) != noted {
			t.Errorf("%s: %+v, %v", name, f, err)
		}
	}
	if _, err := rowio.Sniff(t.Context(), t.TempDir(), "a.csv", rowio.Limits{}); err == nil || !strings.Contains(err.Error(), "not an ordinary file") {
		t.Error(err)
	}
	if _, err := rowio.Sniff(t.Context(), filepath.Join(t.TempDir(), "none"), "a.csv", rowio.Limits{}); err == nil || !strings.Contains(err.Error(), "a.csv: the file does not exist") {
		t.Error(err)
	}
	if _, err := rowio.Sniff(t.Context(), csv, "a.csv", rowio.Limits{FileBytes: 3}); err == nil || !strings.Contains(err.Error(), "more than") {
		t.Error(err)
	}
}

// TestWithoutGDAL says which formats cannot be read; the others can.
func TestWithoutGDAL(t *testing.T) {
	shp, gpkg := zippedShape(t, "UTF-8"), convert(t, "a.gpkg", "-f", "GPKG")
	t.Setenv("PATH", t.TempDir())
	for _, path := range []string{shp, gpkg} {
		_, err := rowio.Sniff(t.Context(), path, "a", rowio.Limits{})
		if !errors.Is(err, gdal.ErrMissing) || !strings.Contains(err.Error(), "XLSX, CSV, GeoJSON and KML do not") {
			t.Error(err)
		}
	}
	for _, path := range []string{write(t, "a.kml", kml), write(t, "a.geojson", roads), write(t, "a.csv", "a,b\n1,2\n")} {
		if f := sniff(t, path); f.Tables[0].Rows == 0 {
			t.Errorf("%+v", f)
		}
	}
}
