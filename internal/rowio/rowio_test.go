package rowio_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"yike/internal/rowio"
)

// write puts text into a file of its own folder.
func write(t testing.TB, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// content is all that a file gives.
type content struct {
	columns []string
	crs     string
	rows    []rowio.Row
	bad     []*rowio.RowError
}

// readAll reads a file to its end; only bad rows may interrupt it.
func readAll(t testing.TB, path, format, layer string) content {
	t.Helper()
	r, err := rowio.Open(t.Context(), path, format, layer)
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	c := content{columns: r.Columns()}
	for {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		var bad *rowio.RowError
		if errors.As(err, &bad) {
			if bad.ReasonZH == "" || bad.ReasonEN == "" || bad.File != filepath.Base(path) || !bad.BadInput() {
				t.Errorf("incomplete error: %#v", bad)
			}
			c.bad = append(c.bad, bad)
			continue
		}
		if err != nil {
			t.Fatalf("Next: %v", err)
		}
		c.rows = append(c.rows, row)
	}
	c.crs = r.CRS()
	if _, err := r.Next(); !errors.Is(err, io.EOF) {
		t.Errorf("Next behind the end: %v", err)
	}
	if err := r.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
	return c
}

func openError(t testing.TB, path, format, layer string) *rowio.RowError {
	t.Helper()
	r, err := rowio.Open(t.Context(), path, format, layer)
	if err == nil {
		t.Fatalf("opened: %v", errors.Join(r.Close()))
	}
	var bad *rowio.RowError
	if !errors.As(err, &bad) || bad.ReasonZH == "" || bad.ReasonEN == "" {
		t.Fatalf("%v; want a RowError with reasons", err)
	}
	return bad
}

func encode(t testing.TB, text string, gb bool) string {
	t.Helper()
	enc := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder()
	if gb {
		enc = simplifiedchinese.GB18030.NewEncoder()
	}
	out, err := enc.String(text)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestCSVReadsTheSameTableHoweverItIsWritten(t *testing.T) {
	t.Parallel()
	const plain = "名称,lon,备注\n常青路,114.2500,\"一,\"\"二\"\"\n三\"\n堃园,0.10,\n"
	want := []rowio.Row{
		{Number: 2, Fields: map[string]string{"名称": "常青路", "lon": "114.2500", "备注": "一,\"二\"\n三"}},
		{Number: 4, Fields: map[string]string{"名称": "堃园", "lon": "0.10", "备注": ""}},
	}
	semicolons := strings.NewReplacer("名称,lon,备注", "名称;lon;备注", "常青路,114.2500,", "常青路;114.2500;", "堃园,0.10,", "堃园;0.10;").Replace(plain)
	for _, tc := range []struct{ name, file, text string }{
		{"UTF-8", "a.csv", plain},
		{"UTF-8 with a byte order mark", "a.csv", "\ufeff" + plain},
		{"GB18030", "a.csv", encode(t, plain, true)},
		{"UTF-16", "a.csv", encode(t, plain, false)},
		{"Windows line ends", "a.csv", strings.ReplaceAll(plain, "\n", "\r\n")},
		{"semicolons", "a.csv", semicolons},
		{"tabs", "a.tsv", strings.ReplaceAll(semicolons, ";", "\t")},
		{"tabs in a text file", "a.txt", strings.ReplaceAll(semicolons, ";", "\t")},
		{"empty rows of a spreadsheet", "a.csv", plain + ",,\n, ,\n\n"},
		{"surplus empty columns", "a.csv", strings.Replace(plain, "堃园,0.10,", "堃园,0.10,,,", 1)},
		{"no last line end", "a.csv", strings.TrimSuffix(plain, "\n")},
		{"blanks in the header", "a.csv", strings.Replace(plain, "名称,lon", " 名称 ,lon", 1)},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got := readAll(t, write(t, tc.file, tc.text), "", "")
			if d := cmp.Diff(want, got.rows); d != "" {
				t.Error(d)
			}
			if d := cmp.Diff([]string{"名称", "lon", "备注"}, got.columns); d != "" {
				t.Error(d)
			}
			if len(got.bad) != 0 || got.crs != "" {
				t.Errorf("bad rows %v, CRS %q", got.bad, got.crs)
			}
		})
	}
}

func TestCSVBadRowsAreNamedAndPassedOver(t *testing.T) {
	t.Parallel()
	text := "a,b\n1,2\n3\n4,5,6\n7,\"x\ny\"\n8,9\"9\n10,11\n\"12,13\n14,15\n"
	got := readAll(t, write(t, "a.csv", text), "", "")
	var numbers, badRows []int
	for _, r := range got.rows {
		numbers = append(numbers, r.Number)
	}
	for _, b := range got.bad {
		badRows = append(badRows, b.Row)
	}
	if d := cmp.Diff([]int{2, 5, 8}, numbers); d != "" {
		t.Errorf("good rows: %s", d)
	}
	if d := cmp.Diff([]int{3, 4, 7, 9}, badRows); d != "" {
		t.Errorf("bad rows: %s", d)
	}
	if !strings.Contains(got.bad[1].ReasonEN, "3 columns, the header 2") || got.bad[1].Value != "4,5,6" {
		t.Errorf("%+v", got.bad[1])
	}
	if msg := got.bad[0].Error(); msg != `a.csv, row 3, value "3": the row has 1 columns, the header 2` {
		t.Errorf("message %q", msg)
	}
}

func TestFilesThatCannotBeRead(t *testing.T) {
	t.Parallel()
	latin := "name\ncaf\xe9\xff\n"
	damaged := "名称\n" + strings.Repeat("常青路和其他的路\n", 20) + "坏\xe5\x9d\n" + strings.Repeat("好\n", 5)
	for _, tc := range []struct{ name, file, text, format, say string }{
		{"empty", "a.csv", "", "", "empty"},
		{"only blank lines", "a.csv", "\n\n", "", "empty"},
		{"two columns of one name", "a.csv", "a,b, a\n1,2,3\n", "", "twice"},
		{"neither encoding", "a.csv", latin, "", "neither UTF-8 nor GB18030"},
		{"damaged UTF-8", "a.csv", damaged, "", "damaged"},
		{"damaged UTF-8 with a mark", "a.csv", "\ufeffa\n\xff\n", "", "damaged"},
		{"a header with a stray quote", "a.csv", "a,b\"b\n1,2\n", "", "quote"},
		{"unknown format", "a.xyz", "x", "", "format"},
		{"an array", "a.geojson", "[1]", "", "not a GeoJSON"},
		{"a geometry", "a.geojson", `{"type":"Point","coordinates":[1,2]}`, "", "not a GeoJSON"},
		{"features that are no array", "a.geojson", `{"type":"FeatureCollection","features":{}}`, "", "not a GeoJSON"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			bad := openError(t, write(t, tc.file, tc.text), tc.format, "")
			if !strings.Contains(bad.ReasonEN, tc.say) || !bad.Fatal {
				t.Errorf("%+v; want %q", bad, tc.say)
			}
			if tc.name == "damaged UTF-8" && bad.Row != 22 {
				t.Errorf("row %d; want 22", bad.Row)
			}
		})
	}
	if bad := openError(t, filepath.Join(t.TempDir(), "none.csv"), "", ""); !errors.Is(bad, fs.ErrNotExist) {
		t.Errorf("%v; want fs.ErrNotExist", bad)
	}
	if bad := openError(t, t.TempDir(), "csv", ""); !strings.Contains(bad.ReasonEN, "folder") {
		t.Error(bad)
	}
}

func TestGeoJSON(t *testing.T) {
	t.Parallel()
	features := []string{
		`{"type":"Feature","properties":{"名称":"一\"号","n":9007199254740993,"x":0.10,"yes":true,"none":null,"list":[1, {"a":2}]},"geometry":{"type":"Point","coordinates":[528764.32571234,3388883.521,7]}}`,
		`{"type":"Feature","id":5,"geometry":null,"properties":null}`,
		`{"properties":{"late":1e-7},"geometry":{"type":"LineString","coordinates":[[1,2],[3,4]]},"type":"Feature"}`,
	}
	want := []rowio.Row{
		{Number: 1, Fields: map[string]string{"名称": "一\"号", "n": "9007199254740993", "x": "0.10", "yes": "true", "none": "", "list": `[1,{"a":2}]`}, Geometry: orb.Point{528764.32571234, 3388883.521}},
		{Number: 2, Fields: map[string]string{}},
		{Number: 3, Fields: map[string]string{"late": "1e-7"}, Geometry: orb.LineString{{1, 2}, {3, 4}}},
	}
	columns := []string{"late", "list", "n", "none", "x", "yes", "名称"}
	const crs = `"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4547"}}`
	collection := strings.Join(features, ",\n")
	for _, tc := range []struct{ name, file, text, crs string }{
		{"collection", "a.geojson", `{"type":"FeatureCollection","features":[` + collection + `]}`, ""},
		{"with a coordinate system", "a.json", `{"type":"FeatureCollection",` + crs + `,"features":[` + collection + `]}`, "EPSG:4547"},
		{"which stands behind", "a.geojson", `{"features":[` + collection + `],` + crs + `,"type":"FeatureCollection"}`, "EPSG:4547"},
		{"byte order mark", "a.geojson", "\ufeff" + `{"type":"FeatureCollection","features":[` + collection + `]}`, ""},
		{"GB18030", "a.geojson", encode(t, `{"type":"FeatureCollection","name":"测试","features":[`+collection+`]}`, true), ""},
		{"features one by one", "a.geojson", strings.Join(features, "\n"), ""},
		{"line by line", "a.geojsonl", strings.Join(features, "\n") + "\n", ""},
		{"record separators", "a.geojsons", "\x1e" + strings.Join(features, "\n\x1e") + "\n", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got := readAll(t, write(t, tc.file, tc.text), "", "")
			if d := cmp.Diff(want, got.rows); d != "" {
				t.Error(d)
			}
			if d := cmp.Diff(columns, got.columns); d != "" {
				t.Error(d)
			}
			if got.crs != tc.crs || len(got.bad) != 0 {
				t.Errorf("CRS %q, bad %v; want %q", got.crs, got.bad, tc.crs)
			}
		})
	}
}

func TestGeoJSONBadFeatures(t *testing.T) {
	t.Parallel()
	feature := func(geometry string) string {
		return `{"type":"Feature","properties":{},"geometry":` + geometry + `}`
	}
	for _, tc := range []struct{ name, geometry, say string }{
		{"null for a number", `{"type":"Point","coordinates":[null,2]}`, "finite number"},
		{"text for a number", `{"type":"Point","coordinates":["1",2]}`, "finite number"},
		{"too large a number", `{"type":"Point","coordinates":[1e999,2]}`, "finite number"},
		{"one number", `{"type":"Point","coordinates":[1]}`, "fewer than two"},
		{"too shallow", `{"type":"LineString","coordinates":[1,2]}`, "nested"},
		{"too deep", `{"type":"Point","coordinates":[[1,2]]}`, "finite number"},
		{"one point", `{"type":"LineString","coordinates":[[1,2]]}`, "only one point"},
		{"open ring", `{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1]]]}`, "not closed"},
		{"short ring", `{"type":"Polygon","coordinates":[[[0,0],[1,0],[0,0]]]}`, "3 points"},
		{"no such type", `{"type":"Circle","coordinates":[1,2]}`, "unknown geometry"},
		{"a word", `"POINT (1 2)"`, "not a GeoJSON geometry"},
		{"a bad member", `{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1]}]}`, "fewer than two"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			good := feature(`{"type":"Point","coordinates":[1,2]}`)
			text := fmt.Sprintf(`{"type":"FeatureCollection","features":[%s,%s,%s]}`, good, feature(tc.geometry), good)
			got := readAll(t, write(t, "a.geojson", text), "", "")
			if len(got.rows) != 2 || got.rows[1].Number != 3 || len(got.bad) != 1 {
				t.Fatalf("rows %v, bad %v", got.rows, got.bad)
			}
			if bad := got.bad[0]; bad.Row != 2 || bad.Column != "geometry" || bad.Fatal || !strings.Contains(bad.ReasonEN, tc.say) {
				t.Errorf("%+v; want %q", bad, tc.say)
			}
		})
	}
}

func TestGeoJSONBreaksOff(t *testing.T) {
	t.Parallel()
	good := `{"type":"Feature","properties":{"a":1},"geometry":{"type":"Point","coordinates":[1,2]}}`
	whole := `{"type":"FeatureCollection","features":[` + good + `,` + good + `]}`
	for cut := len(whole) - 1; cut > 45; cut -= 7 {
		got := readAll(t, write(t, "a.geojson", whole[:cut]), "", "")
		if len(got.bad) != 1 || !got.bad[0].Fatal || got.bad[0].Row < len(got.rows) || !strings.Contains(got.bad[0].ReasonEN, "breaks off") {
			t.Errorf("cut at %d: %d rows, bad %v", cut, len(got.rows), got.bad)
		}
	}
	got := readAll(t, write(t, "a.geojson", `{"type":"FeatureCollection","features":[`+good+`,{"type":]}`), "", "")
	if len(got.bad) != 1 || got.bad[0].Row != 2 || !strings.Contains(got.bad[0].ReasonEN, "bad JSON near byte") {
		t.Errorf("bad syntax: %v", got.bad)
	}
	lines := readAll(t, write(t, "a.geojsonl", good+"\n"+good[:40]+"\n\n"+good+"\n"), "", "")
	if len(lines.rows) != 2 || len(lines.bad) != 1 || lines.bad[0].Row != 2 || lines.rows[1].Number != 4 {
		t.Errorf("line by line: rows %v, bad %v", lines.rows, lines.bad)
	}
}

func TestGeoJSONGeometries(t *testing.T) {
	t.Parallel()
	ring := orb.Ring{{0, 0}, {1, 0}, {1, 1}, {0, 0}}
	for text, want := range map[string]orb.Geometry{
		`{"type":"MultiPoint","coordinates":[[1,2],[3,4]]}`:                                           orb.MultiPoint{{1, 2}, {3, 4}},
		`{"type":"MultiLineString","coordinates":[[[1,2],[3,4]]]}`:                                    orb.MultiLineString{{{1, 2}, {3, 4}}},
		`{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}`:                                orb.Polygon{ring},
		`{"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,0]]]]}`:                         orb.MultiPolygon{{ring}},
		`{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[-1.5e2,2]},null]}`: orb.Collection{orb.Point{-150, 2}},
		`{ "coordinates" : [ [ 1 , 2 ] , [ 3 , 4 ] ] , "type" : "LineString" }`:                       orb.LineString{{1, 2}, {3, 4}},
		`{"type":"Point","coordinates":[]}`:                                                           nil, `{"type":"MultiPolygon","coordinates":[]}`: nil, `{"type":"Polygon","coordinates":[[]]}`: nil, `null`: nil,
	} {
		got := readAll(t, write(t, "a.geojsonl", `{"type":"Feature","geometry":`+text+`}`), "", "")
		if len(got.rows) != 1 || !cmp.Equal(got.rows[0].Geometry, want) {
			t.Errorf("%s: %v, bad %v; want %v", text, got.rows, got.bad, want)
		}
	}
}

func TestContextEndsReading(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	for _, path := range []string{
		write(t, "a.csv", "a\n1\n2\n"),
		write(t, "a.geojson", `{"type":"FeatureCollection","features":[{"type":"Feature"},{"type":"Feature"}]}`),
		write(t, "a.geojsonl", "{\"type\":\"Feature\"}\n{\"type\":\"Feature\"}\n"),
	} {
		r, err := rowio.Open(ctx, path, "", "")
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close() //nolint:errcheck // read only
		if _, err := r.Next(); err != nil {
			t.Fatal(err)
		}
		defer func() {
			if _, err := r.Next(); !errors.Is(err, context.Canceled) {
				t.Errorf("%s: %v; want context.Canceled", filepath.Ext(path), err)
			}
		}()
	}
	cancel()
}

// overwrite puts text into a file that may be there already.
func overwrite(t testing.TB, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
