package rowout_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yike/geo"
	"yike/internal/gdal"
	"yike/internal/rowio"
	"yike/internal/rowout"
)

func table() rowout.Table {
	return rowout.Table{
		Name: "老年食堂", Notes: []string{"来源：设施登记 2026-11-27"},
		Columns: []rowout.Column{
			{Code: "name_zh", Head: "名称"},
			{Code: "fields.seats", Head: "座位数", Kind: rowout.Integer},
			{Code: "fields.dining_area", Head: "用餐面积（平方米）", Kind: rowout.Number},
			{Code: "verified_on", Head: "核实日期", Kind: rowout.Day},
			{Code: "fields.subsidised", Head: "享受补贴", Kind: rowout.Boolean},
			{Code: "contact_phone", Head: "电话"},
			{Code: "lon", Head: "经度", Kind: rowout.Number, Lon: true},
			{Code: "lat", Head: "纬度", Kind: rowout.Number, Lat: true},
		},
	}
}

func rows() []rowout.Row {
	return []rowout.Row{
		{Values: []any{"甲 \"食堂\", 常青\n二楼", 60, 120.5, "2026-11-01", true, "027-88888888", nil, nil}, Point: &orb.Point{114.2, 30.6}},
		{Values: []any{"=cmd|' /C calc'!A0", nil, 3.0, nil, false, "+8613800000000", nil, nil}},
		{Values: []any{"'@乙", int64(math.MaxInt32) + 7, nil, "2024-02-29", nil, "001", nil, nil}, Point: &orb.Point{114.25, 30.61}},
	}
}

// written is a file of rows.
func written(t testing.TB, f rowout.Format, tab rowout.Table, o rowout.Options, list []rowout.Row) string {
	t.Helper()
	var b bytes.Buffer
	o.TempDir = t.TempDir()
	w, err := rowout.New(t.Context(), &b, f, tab, o)
	if errors.Is(err, gdal.ErrMissing) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer w.Discard()
	for _, r := range list {
		if err := w.Row(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	w.Discard()
	if left, err := os.ReadDir(o.TempDir); err != nil || len(left) > 0 {
		t.Errorf("%s left behind: %v, %v", f, left, err)
	}
	path := filepath.Join(t.TempDir(), "export"+f.Extension())
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// readBack reads a file with our own reader, as an import does.
func readBack(t testing.TB, path string) (rowio.Format, []map[string]string, []orb.Geometry) {
	t.Helper()
	f, err := rowio.Sniff(t.Context(), path, filepath.Base(path), rowio.Limits{})
	if err != nil {
		t.Fatalf("Sniff: %v", err)
	}
	lines, err := rowio.OpenAs(t.Context(), path, f, rowio.Options{})
	if err != nil {
		t.Fatalf("OpenAs: %v", err)
	}
	defer lines.Close() //nolint:errcheck // read only
	var all []map[string]string
	var places []orb.Geometry
	for {
		line, err := lines.Next()
		if errors.Is(err, io.EOF) {
			return f, all, places
		}
		if err != nil {
			t.Fatalf("Next: %v", err)
		}
		row := map[string]string{}
		for i, c := range lines.Columns() {
			if line.Cells[i] != "" {
				row[c] = line.Cells[i]
			}
		}
		all = append(all, row)
		places = append(places, line.Geometry)
	}
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	want := []map[string]string{
		{"名称": "甲 \"食堂\", 常青\n二楼", "座位数": "60", "用餐面积（平方米）": "120.5", "核实日期": "2026-11-01", "享受补贴": "是", "电话": "027-88888888", "经度": "114.2", "纬度": "30.6"},
		{"名称": "=cmd|' /C calc'!A0", "用餐面积（平方米）": "3", "享受补贴": "否", "电话": "+8613800000000"},
		{"名称": "'@乙", "座位数": "2147483654", "核实日期": "2024-02-29", "电话": "001", "经度": "114.25", "纬度": "30.61"},
	}
	for _, f := range rowout.Formats() {
		t.Run(string(f), func(t *testing.T) {
			t.Parallel()
			path := written(t, f, table(), rowout.Options{System: rowout.CGCS2000}, rows())
			got, all, places := readBack(t, path)
			if f.Spatial() {
				for i, p := range []orb.Geometry{orb.Point{114.2, 30.6}, nil, orb.Point{114.25, 30.61}} {
					if !orb.Equal(p, places[i]) && (p != nil || places[i] != nil) {
						t.Errorf("row %d lies at %v; want %v", i, places[i], p)
					}
				}
				wantCRS := map[rowout.Format]string{rowout.KML: "EPSG:4326"}[f]
				if wantCRS == "" {
					wantCRS = "EPSG:4490"
				}
				if got.CRS != wantCRS {
					t.Errorf("CRS %q; want %q", got.CRS, wantCRS)
				}
			}
			normalise(f, all)
			if d := cmp.Diff(want, all); d != "" {
				t.Error(d)
			}
			checkWithOGR(t, f, path)
		})
	}
}

// normalise takes away what a format cannot keep apart: short names, its own way to write
// yes and days, and placemark names.
func normalise(f rowout.Format, rows []map[string]string) {
	short := map[string]string{"name_zh": "名称", "seats": "座位数", "dining_are": "用餐面积（平方米）", "verified_o": "核实日期", "subsidised": "享受补贴", "contact_ph": "电话", "lon": "经度", "lat": "纬度"}
	for _, row := range rows {
		for k, v := range row {
			switch {
			case f == rowout.KML && (k == "name" || k == "folder"):
				delete(row, k)
				continue
			case f == rowout.Shapefile:
				delete(row, k)
				k = short[k]
				row[k] = v
			}
			if k == "享受补贴" {
				row[k] = map[string]string{"true": "是", "false": "否", "1": "是", "0": "否"}[v] + strings.Trim(v, "truefals01")
			}
			if k == "核实日期" {
				row[k] = strings.ReplaceAll(v, "/", "-")
			}
			if f.NeedsGDAL() && strings.Contains(v, ".") && strings.Trim(v, "0123456789.") == "" {
				row[k] = strings.TrimSuffix(strings.TrimRight(v, "0"), ".")
			}
		}
	}
}

// checkWithOGR opens the file with the programs that GIS people have.
func checkWithOGR(t *testing.T, f rowout.Format, path string) {
	t.Helper()
	if _, err := exec.LookPath("ogrinfo"); err != nil {
		t.Skip("ogrinfo is not installed: apt-get install gdal-bin")
	}
	if f == rowout.Shapefile {
		path = "/vsizip/" + path
	}
	out, err := exec.CommandContext(t.Context(), "ogrinfo", "-ro", "-al", "-so", path).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "Feature Count: 3") && f != rowout.XLSX || strings.Contains(string(out), "ERROR") {
		t.Errorf("ogrinfo: %v\n%s", err, out)
	}
	to := filepath.Join(t.TempDir(), "back.geojson")
	if out, err := exec.CommandContext(t.Context(), "ogr2ogr", "-f", "GeoJSON", to, path).CombinedOutput(); err != nil && f != rowout.XLSX {
		t.Errorf("ogr2ogr: %v\n%s", err, out)
	}
}

func TestShiftedSystemsAreDeclared(t *testing.T) {
	t.Parallel()
	gcj, err := geo.ParseCRS("GCJ-02")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range rowout.Formats() {
		t.Run(string(f), func(t *testing.T) {
			t.Parallel()
			path := written(t, f, table(), rowout.Options{System: rowout.GCJ02}, rows())
			got, all, places := readBack(t, path)
			if f.Spatial() && f != rowout.KML && got.CRS != "" {
				t.Errorf("a shifted place is declared as %q", got.CRS)
			}
			p, ok := places[0].(orb.Point)
			if !f.Spatial() {
				_, err := fmt.Sscan(all[0]["经度"]+" "+all[0]["纬度"], &p[0], &p[1])
				ok = err == nil
			}
			back, err := gcj.ToWGS84(p)
			if !ok || err != nil || geo.Distance(back, orb.Point{114.2, 30.6}) > 0.1 || geo.Distance(p, orb.Point{114.2, 30.6}) < 100 {
				t.Errorf("%v, %v", p, err)
			}
			if text, err := os.ReadFile(path); err != nil || (f == rowout.GeoJSON || f == rowout.KML || f == rowout.GPKG) && !strings.Contains(string(text), "GCJ-02") {
				t.Errorf("the file does not name the system: %v", err)
			}
		})
	}
}

// TestGuardedTextsComeBack writes any texts as CSV and TSV: none begins as a formula, and
// an import gives the same.
func TestGuardedTextsComeBack(t *testing.T) {
	t.Parallel()
	texts := rapid.OneOf(rapid.String(), rapid.StringMatching(`['=+\-@\t\r\n＝ ;,"|a1]{0,8}`), rapid.StringMatching(`[='"]{1,3}[a-z(),;|!\t ]{0,20}`))
	for _, f := range []rowout.Format{rowout.CSV, rowout.TSV, rowout.CSVGB18030, rowout.XLSX} {
		var list []rowout.Row
		for i := range 500 {
			list = append(list, rowout.Row{Values: []any{fmt.Sprintf("r%d", i), keepable(texts.Example(i)), "z"}})
		}
		tab := rowout.Table{Name: "a", Columns: []rowout.Column{{Head: "编号"}, {Head: "文字"}, {Head: "末"}}}
		path := written(t, f, tab, rowout.Options{}, list)
		_, all, _ := readBack(t, path)
		if len(all) != len(list) {
			t.Fatalf("%s: %d rows; want %d", f, len(all), len(list))
		}
		for i, row := range all {
			if want := list[i].Values[1]; row["文字"] != want {
				t.Errorf("%s: %q came back as %q", f, want, row["文字"])
			}
		}
		if f == rowout.CSV || f == rowout.TSV {
			checkHarmless(t, f, path)
		}
	}
}

// checkHarmless reads the cells as a spreadsheet does.
func checkHarmless(t *testing.T, f rowout.Format, path string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(text), "\ufeff")))
	if f == rowout.TSV {
		r.Comma = '\t'
	}
	records, err := r.ReadAll()
	if err != nil || len(records) != 501 {
		t.Fatalf("%d records, %v", len(records), err)
	}
	for _, record := range records {
		for _, cell := range record {
			if cell != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(cell)[0]) {
				t.Errorf("%s: a cell begins as a formula: %q", f, cell)
			}
		}
	}
}

// keepable is a text without what no table keeps: controls, turned writing, line breaks
// but one kind.
func keepable(s string) string {
	s = strings.ReplaceAll(strings.ReplaceAll(strings.ToValidUTF8(s, "�"), "\r\n", "\n"), "\r", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r < 0x20 && r != '\t' && r != '\n', r >= 0x7f && r <= 0x9f, r >= 0x200b && r <= 0x200f, r >= 0x2028 && r <= 0x202e, r >= 0x2066 && r <= 0x2069,
			r == 0xfeff, r >= 0xfff9 && r <= 0xffff, r >= 0xe000 && r <= 0xf8ff, r >= 0xe0000:
			return -1
		}
		return r
	}, s)
}

func TestGuard(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.StringMatching(`['=+\-@\t\r\n＝ a]{0,6}`)).Draw(t, "text")
		guarded := rowio.Guarded(s)
		if rowio.Unguarded(guarded) != s {
			t.Fatalf("%q → %q → %q", s, guarded, rowio.Unguarded(guarded))
		}
		if trimmed := strings.TrimLeft(guarded, " \u00a0"); trimmed != "" && strings.ContainsRune("=+-@\t\r＝＋－＠", []rune(trimmed)[0]) {
			t.Fatalf("%q still begins as a formula", guarded)
		}
	})
}

func TestShapefileSaysWhatItCut(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("长", 100)
	tab := rowout.Table{Name: "a/b", Columns: []rowout.Column{
		{Code: "fields.meals_per_day", Head: "每日餐数", Kind: rowout.Integer}, {Code: "fields.meals_per_week", Head: "每周餐数", Kind: rowout.Integer}, {Code: "名称", Head: "名称"}, {Code: "9", Head: "数"},
	}}
	path := written(t, rowout.Shapefile, tab, rowout.Options{}, []rowout.Row{{Values: []any{1, 2, long, "x"}, Point: &orb.Point{114, 30}}})
	_, all, _ := readBack(t, path)
	if d := cmp.Diff([]map[string]string{{"meals_per_": "1", "meals_pe_2": "2", "f3": strings.Repeat("长", 84), "f4": "x"}}, all); d != "" {
		t.Error(d)
	}
	legend := unzipped(t, path, "字段说明.csv")
	if !strings.Contains(legend, "meals_pe_2,每周餐数") || !strings.Contains(legend, "有 1 行的文字超过 254 字节") {
		t.Error(legend)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	for _, tab := range []rowout.Table{{}, {Columns: []rowout.Column{{Head: "a"}, {Head: "a"}}}, {Columns: []rowout.Column{{}}}} {
		if _, err := rowout.New(t.Context(), io.Discard, rowout.CSV, tab, rowout.Options{}); err == nil {
			t.Errorf("%+v was taken", tab)
		}
	}
	if _, err := rowout.New(t.Context(), io.Discard, "doc", table(), rowout.Options{}); err == nil {
		t.Error("an unknown format was taken")
	}
	for _, f := range rowout.Formats() {
		w, err := rowout.New(t.Context(), io.Discard, f, table(), rowout.Options{TempDir: t.TempDir()})
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Row(rowout.Row{Values: []any{1}}); err == nil {
			t.Errorf("%s: a short row was taken", f)
		}
		w.Discard()
		if f, ok := rowout.ParseFormat(string(f)); !ok || f.MediaType() == "" || f.Extension() == "" {
			t.Error(f)
		}
	}
	if s, ok := rowout.ParseSystem(""); !ok || s != rowout.WGS84 {
		t.Error(s)
	}
	if _, ok := rowout.ParseSystem("mars"); ok {
		t.Error("mars")
	}
}

func TestEmptyTables(t *testing.T) {
	t.Parallel()
	for _, f := range rowout.Formats() {
		path := written(t, f, table(), rowout.Options{}, nil)
		if f == rowout.KML || f == rowout.GeoJSON {
			continue // nothing to read back: fields come with features
		}
		if got, all, _ := readBack(t, path); len(all) != 0 || len(got.Tables[got.Table].Columns) != 8 {
			t.Errorf("%s: %v, %+v", f, all, got.Tables)
		}
	}
}

func unzipped(t testing.TB, path, name string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "unzip", "-p", path, name).Output()
	if err != nil {
		t.Skip("unzip is not installed")
	}
	return string(out)
}
