package pack

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

const good = `
format: yike-pack/1
id: test
adcode: "990001"
name: {zh: 测试, en: Test}
bands:
  - {id: all, from: 0, widest: true}
  - {id: "60+", from: 60}
layers:
  divisions:
    - {file: d.geojson, crs: EPSG:4326}
  roads: {file: r.osm}
  population:
    file: p.csv
    crs: EPSG:4490
    base: resident
    bands: {all: [a], "60+": [b, c]}
  facilities: {kind: examples}
`

func TestParseGood(t *testing.T) {
	t.Parallel()
	m, err := Parse([]byte(good))
	if err != nil {
		t.Fatal(err)
	}
	if m.SnapLimit() != DefaultSnapLimitM || m.Layers.Roads.Join() != DefaultJoinM || m.Layers.Roads.FileFormat() != OSM {
		t.Error("defaults are wrong")
	}
	var kinds []string
	for _, n := range m.All() {
		kinds = append(kinds, n.Kind+" "+n.Field)
	}
	want := []string{
		"divisions layers.divisions[0]", "roads layers.roads", "population layers.population", "facilities layers.facilities",
	}
	if d := cmp.Diff(want, kinds); d != "" {
		t.Error(d)
	}
}

// What fields the types of facilities have is for the importer to know.
func TestParseTypeFields(t *testing.T) {
	t.Parallel()
	text := strings.Replace(good, "kind: examples", "file: f.csv, crs: BD-09, fields: {fields.beds: 床位}, values: {fields.grade: {一级: \"1\"}}", 1)
	if _, err := Parse([]byte(text)); err != nil {
		t.Error(err)
	}
}

// Each case breaks one thing of the good manifest; the fault must name the field.
func TestParseFaults(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, old, new, field string }{
		{"format", "yike-pack/1", "yike-pack/9", "format"},
		{"slug", "id: test", "id: Te st", "id"},
		{"adcode", `"990001"`, `"9901"`, "adcode"},
		{"name", "en: Test", `en: " "`, "name.en"},
		{"no widest", ", widest: true", "", "bands"},
		{"two widest", `from: 60}`, `from: 60, widest: true}`, "bands[1].widest"},
		{"band twice", `id: "60+"`, `id: all`, "bands[1].id"},
		{"band beyond the widest", "from: 0,", "from: 70,", "bands[1]"},
		{"band upside down", "from: 60}", "from: 60, to: 50}", "bands[1].to"},
		{"no roads", "roads: {file: r.osm}", "roads:", "layers.roads"},
		{"path leaves the folder", "r.osm", "../r.osm", "layers.roads.file"},
		{"absolute path", "r.osm", "/r.osm", "layers.roads.file"},
		{"unknown format", "r.osm", "r.dwg", "layers.roads.format"},
		{"roads in CSV", "r.osm", "r.csv", "layers.roads.format"},
		{"undeclared CRS", ", crs: EPSG:4326", "", "layers.divisions[0].crs"},
		{"unknown CRS", "EPSG:4490", "EPSG:2154", "layers.population.crs"},
		{"OSM in another CRS", "r.osm}", "r.osm, crs: GCJ-02}", "layers.roads.crs"},
		{"base", "base: resident", "base: people", "layers.population.base"},
		{"band without columns", `{all: [a], "60+": [b, c]}`, `{all: [a]}`, "layers.population.bands"},
		{"columns without band", "{all: [a],", "{all: [a], x: [d],", "layers.population.bands.x"},
		{"a day that there is not", "id: test", "id: test\nas_of: 2026-02-30", "as_of"},
		{"kind", "kind: examples", "kind: samples, file: f.csv, crs: BD-09", "layers.facilities.kind"},
		{"a field of types without a name", "kind: examples", `file: f.csv, crs: BD-09, fields: {"fields.": n}`, "layers.facilities.fields.fields."},
		{"a field of types elsewhere", "base: resident", "base: resident\n    fields: {fields.beds: n}", "layers.population.fields.fields.beds"},
		{"examples with a file", "kind: examples", "kind: examples, file: f.csv", "layers.facilities.file"},
		{"unknown field", "r.osm}", "r.osm, fields: {colour: c}}", "layers.roads.fields.colour"},
		{"level", "crs: EPSG:4326}", "crs: EPSG:4326, level: ward}", "layers.divisions[0].level"},
		{"snap limit", "bands:\n  - {id: all", "snap_limit_m: -1\nbands:\n  - {id: all", "snap_limit_m"},
		{"a key of another layer", "r.osm}", "r.osm, level: community}", "layers.roads.level"},
		{"a kind where there is one only", "r.osm}", "r.osm, kind: points}", "layers.roads.kind"},
		{"snap limit that is no number", "bands:\n  - {id: all", "snap_limit_m: .nan\nbands:\n  - {id: all", "snap_limit_m"},
		{"heights of another layer", "base: resident", "base: resident\n    heights: {file: dem.tif}", "layers.population.heights"},
		{"heights of a format nobody reads", "r.osm}", "r.osm, heights: {file: dem.vrt}}", "layers.roads.heights.file"},
		{"heights outside of the pack", "r.osm}", "r.osm, heights: {file: ../dem.tif}}", "layers.roads.heights.file"},
		{"an ASCII grid of no system", "r.osm}", "r.osm, heights: {file: dem.asc}}", "layers.roads.heights.crs"},
		{"heights in a system that words name", "r.osm}", "r.osm, heights: {file: dem.tif, crs: GCJ-02}}", "layers.roads.heights.crs"},
		{"barriers beside OSM", "r.osm}", "r.osm, barriers: {file: g.csv, crs: EPSG:4490}}", "layers.roads.barriers"},
		{"barriers of an unknown column", "r.osm}", "r.shp, crs: EPSG:4490, barriers: {file: g.csv, crs: EPSG:4490, fields: {colour: c}}}", "layers.roads.barriers.fields.colour"},
		{"barriers nobody knows where", "r.osm}", "r.shp, crs: EPSG:4490, barriers: {file: g.csv}}", "layers.roads.barriers.crs"},
		{"barriers in OSM", "r.osm}", "r.shp, crs: EPSG:4490, barriers: {file: g.osm}}", "layers.roads.barriers.format"},
		{"barriers of people", "base: resident", "base: resident\n    barriers: {file: g.csv, crs: EPSG:4490}", "layers.population.barriers"},
		{"join that is no number", "r.osm}", "r.osm, join_m: .nan}", "layers.roads.join_m"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			text := strings.Replace(good, c.old, c.new, 1)
			if text == good {
				t.Fatal("the case changes nothing")
			}
			_, err := Parse([]byte(text))
			var bad *BadPackError
			if !errors.As(err, &bad) || !bad.BadInput() {
				t.Fatalf("got %v, want faults", err)
			}
			for _, f := range bad.Faults {
				if f.Field == c.field {
					if f.Reason.ZH == "" || f.Reason.EN == "" {
						t.Errorf("reason is not in both languages: %+v", f)
					}
					return
				}
			}
			t.Errorf("no fault of %s in:\n%v", c.field, err)
		})
	}
}

func TestParseNamesUnknownKeysAndTypes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, old, new, says string }{
		{"unknown key", "id: test", "id: test\ncolour: red", "colour"},
		{"wrong type", "from: 60", "from: sixty", "sixty"},
		{"no YAML", "format: yike-pack/1", "format: [", "["},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := Parse([]byte(strings.Replace(good, c.old, c.new, 1)))
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v, want it to name %q", err, c.says)
			}
		})
	}
}

func TestReadWithoutManifest(t *testing.T) {
	t.Parallel()
	if _, err := Read(t.TempDir()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}

func TestFolder(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, root, override, want string }{
		{"own", "", "", "p"},
		{"relative", "../d", "", "d"},
		{"absolute", "/x/d", "", "/x/d"},
		{"overridden", "../d", "/y", "/y"},
		{"a pack with its own files is not overridden", "", "/y", "p"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			m := Manifest{Root: c.root}
			if got := m.Folder("p", c.override); got != filepath.FromSlash(c.want) {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestCheckFiles(t *testing.T) {
	t.Parallel()
	m, err := Parse([]byte(good))
	if err != nil {
		t.Fatal(err)
	}
	root := t.TempDir()
	for _, name := range []string{"d.geojson", "r.osm"} {
		if err := os.WriteFile(filepath.Join(root, name), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	err = m.CheckFiles(root)
	var bad *BadPackError
	if !errors.As(err, &bad) || bad.Count != 1 || bad.Faults[0].Value != "p.csv" || bad.Faults[0].Field != "layers.population.file" {
		t.Errorf("got %v, want p.csv missing", err)
	}
	m.Layers.Roads.Heights = &Heights{File: "dem.tif"}
	if err := m.CheckFiles(root); !errors.As(err, &bad) || bad.Count != 2 || bad.Faults[0].Field != "layers.roads.heights.file" {
		t.Errorf("got %v, want dem.tif missing, too", err)
	}
	if err := os.Mkdir(filepath.Join(root, "p.csv"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := m.CheckFiles(root); err == nil {
		t.Error("a folder was taken for a file")
	}
	if err := os.Remove(filepath.Join(root, "p.csv")); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(filepath.Join(root, "p.csv"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := m.CheckFiles(root); err == nil {
		t.Error("a pipe was taken for a file")
	}
}

// Whatever Write takes, Read gives back.
func TestWriteReadRoundTrip(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	word := rapid.StringMatching(`[a-z0-9+老"'#: {}-]{0,8}[a-z老]`)
	rapid.Check(t, func(t *rapid.T) {
		to := rapid.IntRange(60, 90).Draw(t, "to")
		m := &Manifest{
			Format: Format, ID: "x", AdCode: "990001",
			Name:      Text{ZH: word.Draw(t, "zh"), EN: word.Draw(t, "en")},
			Synthetic: rapid.Bool().Draw(t, "synthetic"),
			Bands:     []Band{{ID: "all", Widest: true}, {ID: "60+", From: 60, To: &to}},
			Notices:   []Notice{{ZH: word.Draw(t, "nzh"), EN: word.Draw(t, "nen"), URL: word.Draw(t, "url")}},
			Layers: Layers{
				Roads: &Layer{
					File: "r.shp", CRS: "EPSG:4547",
					Values: map[string]map[string]string{"class": {word.Draw(t, "theirs"): word.Draw(t, "ours")}},
				},
				Population: &Layer{
					File: "p.csv", CRS: "BD-09", Base: "registered",
					Bands: map[string][]string{"all": {word.Draw(t, "col")}, "60+": {word.Draw(t, "a"), word.Draw(t, "b")}},
				},
			},
		}
		if err := Write(dir, m); err != nil {
			t.Fatal(err)
		}
		got, err := Read(dir)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(m, got); d != "" {
			t.Fatal(d)
		}
	})
}

func TestFaultsAreCountedBeyondTheFirst(t *testing.T) {
	t.Parallel()
	var f Faults
	for i := range 1000 {
		f.Add(Fault{File: "x.csv", Row: i + 1, Field: "n", Value: "-1", Reason: Text{ZH: "负", EN: "negative"}})
	}
	err := f.Err(Population)
	var bad *BadPackError
	if !errors.As(err, &bad) || bad.Count != 1000 || len(bad.Faults) != 20 {
		t.Fatalf("got %v", err)
	}
	for _, says := range []string{"人口 / population", "1000 faults", "row 20", "980"} {
		if !strings.Contains(err.Error(), says) {
			t.Errorf("%q is not in:\n%v", says, err)
		}
	}
	var none Faults
	if none.Err(Roads) != nil {
		t.Error("no faults are an error")
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(good))
	f.Add([]byte("layers: {divisions: [null]}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := Parse(data)
		if err == nil && m.Check() != nil {
			t.Error("a manifest was taken that does not hold")
		}
	})
}
