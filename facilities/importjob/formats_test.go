package importjob

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/paulmach/orb"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"yike/facilities"
	"yike/facilities/importdb"
	"yike/facilities/imports"
	"yike/internal/postgres"
	"yike/internal/rowout"
)

// The table that is written in every format. Its headings fit the ten bytes that a
// Shapefile has for them in UTF-8; the last two columns are the place of each row, and one
// row has none.
var (
	formatHeads = []string{"编号", "名称", "地址", "社区", "日供餐", "电话", "状态", "经度", "纬度"}
	formatRows  = [][]string{
		{"A1", "幸福里食堂", "花桥路1200号", "幸福里社区", "120", "022-27390000", "正常", "117.05", "39.05"},
		{"A2", "堃园“老友记”食堂", "花桥路20号", "幸福里社区", "60", "022-27390001", "停业", "", ""},
		{"A3", "朝阳镕食堂", "柳林大街8号，近\"粮站\"", "朝阳村", "80", "022-27390002", "在建", "117.300001", "39.0512345"},
	}
)

// written are the files of the table, by what they are called.
func written(t *testing.T) map[string]func(t *testing.T, dir string) string {
	t.Helper()
	text := func(name, comma string, encode func(string) ([]byte, error)) func(*testing.T, string) string {
		return func(t *testing.T, dir string) string {
			t.Helper()
			raw, err := encode(delimited(comma))
			return keep(t, filepath.Join(dir, name), raw, err)
		}
	}
	plain := func(s string) ([]byte, error) { return []byte(s), nil }
	return map[string]func(*testing.T, string) string{
		"CSV in UTF-8":             text("a.csv", ",", plain),
		"CSV in UTF-8 with a mark": text("a.csv", ",", func(s string) ([]byte, error) { return []byte("\ufeff" + s), nil }),
		"CSV in GB18030":           text("a.csv", ",", encoded(simplifiedchinese.GB18030)),
		"CSV with semicolons":      text("a.csv", ";", plain),
		"TSV in UTF-8":             text("a.tsv", "\t", plain),
		"TSV in UTF-16, as Excel":  text("a.txt", "\t", encoded(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM))),
		"our XLSX":                 ours(rowout.XLSX),
		"our CSV in GB18030":       ours(rowout.CSVGB18030),
		"our TSV":                  ours(rowout.TSV),
		"our GeoJSON":              ours(rowout.GeoJSON),
		"our KML":                  ours(rowout.KML),
		"our GeoPackage":           ours(rowout.GPKG),
		"GeoJSON":                  func(t *testing.T, dir string) string { t.Helper(); return geojsonOf(t, dir) },
		"GeoPackage":               converted("a.gpkg", "-f", "GPKG"),
		"GeoJSON, line by line":    converted("a.geojsonl", "-f", "GeoJSONSeq"),
		"KML":                      converted("a.kml", "-f", "KML"),
		"Shapefile in UTF-8":       zipped("UTF-8"),
		"Shapefile in GB18030":     zipped("GB18030"),
	}
}

func encoded(e encoding.Encoding) func(string) ([]byte, error) {
	return func(s string) ([]byte, error) { return e.NewEncoder().Bytes([]byte(s)) }
}

func keep(t *testing.T, path string, raw []byte, err error) string {
	t.Helper()
	if err == nil {
		err = os.WriteFile(path, raw, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func delimited(comma string) string {
	var b strings.Builder
	for _, row := range append([][]string{formatHeads}, formatRows...) {
		for i, cell := range row {
			if i > 0 {
				b.WriteString(comma)
			}
			b.WriteString(`"` + strings.ReplaceAll(cell, `"`, `""`) + `"`)
		}
		b.WriteString("\r\n")
	}
	return b.String()
}

// geojsonOf writes the table as features whose place is their geometry.
func geojsonOf(t *testing.T, dir string) string {
	t.Helper()
	var features []any
	for _, row := range formatRows {
		properties := map[string]any{}
		for i, head := range formatHeads[:7] {
			properties[head] = row[i]
		}
		var geometry any
		if row[7] != "" {
			geometry = map[string]any{"type": "Point", "coordinates": []json.Number{json.Number(row[7]), json.Number(row[8])}}
		}
		features = append(features, map[string]any{"type": "Feature", "properties": properties, "geometry": geometry})
	}
	raw, err := json.Marshal(map[string]any{"type": "FeatureCollection", "features": features})
	return keep(t, filepath.Join(dir, "a.geojson"), raw, err)
}

// converted has ogr2ogr write the features.
func converted(name string, args ...string) func(*testing.T, string) string {
	return func(t *testing.T, dir string) string {
		t.Helper()
		ogr2ogr, err := exec.LookPath("ogr2ogr")
		if err != nil {
			t.Skip("ogr2ogr is not installed: apt-get install gdal-bin")
		}
		to := filepath.Join(dir, name)
		cmd := exec.CommandContext(t.Context(), ogr2ogr, append(args, to, geojsonOf(t, dir))...)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", cmd, err, out)
		}
		return to
	}
}

// zipped is a Shapefile in an encoding that its .cpg names, in an archive.
func zipped(name string) func(*testing.T, string) string {
	return func(t *testing.T, dir string) string {
		t.Helper()
		converted("a.shp", "-f", "ESRI Shapefile", "-lco", "ENCODING="+name)(t, dir)
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		for _, ext := range []string{".shp", ".shx", ".dbf", ".prj", ".cpg"} {
			raw, err := os.ReadFile(filepath.Join(dir, "a"+ext))
			if err != nil {
				t.Fatal(err)
			}
			part, err := w.Create("食堂/a" + ext)
			if err == nil {
				_, err = part.Write(raw)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		err := w.Close()
		return keep(t, filepath.Join(dir, "a.zip"), b.Bytes(), err)
	}
}

// ours is the table as our own exports write it.
func ours(f rowout.Format) func(*testing.T, string) string {
	return func(t *testing.T, dir string) string {
		t.Helper()
		if _, err := exec.LookPath("ogr2ogr"); err != nil && f.NeedsGDAL() {
			t.Skip("ogr2ogr is not installed: apt-get install gdal-bin")
		}
		table := rowout.Table{Name: "食堂"}
		for i, head := range formatHeads {
			table.Columns = append(table.Columns, rowout.Column{Code: fmt.Sprint("c", i), Head: head, Lon: i == 7, Lat: i == 8})
			if i >= 7 {
				table.Columns[i].Kind = rowout.Number
			}
		}
		var b bytes.Buffer
		w, err := rowout.New(t.Context(), &b, f, table, rowout.Options{TempDir: dir})
		if err != nil {
			t.Fatal(err)
		}
		defer w.Discard()
		for _, row := range formatRows {
			out := rowout.Row{Values: make([]any, len(row))}
			for i, cell := range row[:7] {
				out.Values[i] = cell
			}
			if row[7] != "" {
				var p orb.Point
				if _, err := fmt.Sscan(row[7], &p[0]); err != nil {
					t.Fatal(err)
				}
				if _, err := fmt.Sscan(row[8], &p[1]); err != nil {
					t.Fatal(err)
				}
				out.Point = &p
			}
			if err := w.Row(out); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return keep(t, filepath.Join(dir, "ours"+f.Extension()), b.Bytes(), nil)
	}
}

// bringFile keeps a file as a batch, mapped as its own headings say; what is not recognised
// is left out.
func (x town) bringFile(t *testing.T, path string) imports.Batch {
	t.Helper()
	found, err := Inspect(t.Context(), path, filepath.Base(path), nil, Chosen{})
	if err != nil {
		t.Fatal(err)
	}
	columns := found.Profile.Sources()
	m := imports.Taken(columns, x.words.Suggest(columns, "elderly_canteen", imports.NewDivisions(adcode, x.divisions)))
	for i := range m.Columns {
		if m.Columns[i].Field == "" {
			m.Columns[i].Field = imports.Ignored
		}
	}
	o := byNumber()
	if faults := x.words.Faults(m, o, found.Profile.Names()); len(faults) > 0 {
		t.Fatalf("%+v of %+v", faults, m)
	}
	source, err := json.Marshal(found.Source)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var id string
	err = x.db.Write(t.Context(), x.planner, "a test", func(tx *postgres.Tx) error {
		id, err = importdb.Create(t.Context(), tx, importdb.NewBatch{
			FileName: filepath.Base(path), FileSize: found.Size, SHA256: found.SHA256, Source: source, Profile: found.Profile,
			Headers: imports.Headers(columns), Mapping: m, Options: o,
		}, bytes.NewReader(raw))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return x.apply(t, imports.Batch{ID: id, Version: 1}, importdb.Change{Mapping: &m, Options: &o})
}

// apply changes a batch.
func (x town) apply(t *testing.T, b imports.Batch, c importdb.Change) imports.Batch {
	t.Helper()
	err := x.db.Write(t.Context(), x.planner, "a test", func(tx *postgres.Tx) error {
		var err error
		b, err = importdb.Apply(t.Context(), tx, b.ID, b.Version, c)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestEveryFormatGivesTheSameRecords writes one table in every format that is taken, tries
// it, takes it, and expects the same records from each.
func TestEveryFormatGivesTheSameRecords(t *testing.T) {
	t.Parallel()
	x := newTown(t)
	j := x.job(&table{})
	j.Open = Open
	fresh := cmpopts.IgnoreFields(facilities.Facility{}, "ID", "SourceID")
	var want []facilities.Facility
	for name, write := range written(t) {
		t.Run(name, func(t *testing.T) {
			b := x.checked(t, j, x.planner, x.bringFile(t, write(t, t.TempDir())))
			if d := cmp.Diff(imports.Counts{imports.Create: 3}, b.Counts); d != "" {
				x.tell(t, b)
				t.Fatal(d)
			}
			b = x.committed(t, j, x.planner, b)
			got := []facilities.Facility{x.byNo(t, "A1"), x.byNo(t, "A2"), x.byNo(t, "A3")}
			if want == nil {
				want = got
				x.holdFormats(t, got)
			}
			if d := cmp.Diff(want, got, fresh); d != "" {
				t.Error(d)
			}
			x.empty(t)
		})
	}
}

// empty takes all records away.
func (x town) empty(t *testing.T) {
	t.Helper()
	err := x.db.Write(t.Context(), postgres.System(adcode, "test"), "a test", func(tx *postgres.Tx) error {
		_, err := tx.Exec(t.Context(), `DELETE FROM facility`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// tell logs what is wrong with rows.
func (x town) tell(t *testing.T, b imports.Batch) {
	t.Helper()
	list, err := importdb.New(x.db).Look(t.Context(), x.planner, b.ID, "", true, "", 0, 9)
	for _, s := range list {
		t.Logf("%v: %+v", s.Row.Cells, s.Result.Faults)
	}
	t.Log(b.Mapping, err)
}

// holdFormats holds the records to what the table says.
func (x town) holdFormats(t *testing.T, got []facilities.Facility) {
	t.Helper()
	a, b, c := got[0], got[1], got[2]
	if a.NameZH != "幸福里食堂" || a.Point != (orb.Point{117.05, 39.05}) || a.PlacedBy != facilities.PlacedGiven || a.Capacity != 120 || a.Status != facilities.Open || a.DivisionCode != "990001001001" {
		t.Errorf("%+v", a)
	}
	if b.NameZH != "堃园“老友记”食堂" || b.PlacedBy != facilities.PlacedAddress || b.Status != facilities.Suspended || b.Fields["contact_phone"] != "022-27390001" {
		t.Errorf("%+v", b)
	}
	if c.NameZH != "朝阳镕食堂" || c.Address != "柳林大街8号，近\"粮站\"" || c.Point != (orb.Point{117.300001, 39.0512345}) || c.Status != facilities.Building {
		t.Errorf("%+v", c)
	}
}
