package gdal

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestParseLayers(t *testing.T) {
	t.Parallel()
	text := "INFO: Open of `a.gpkg'\n      using driver `GPKG' successful.\n1: roads (Line String)\n2: 道路 (旧) (3D Multi Polygon)\n3: notes\n4: none (None)\n"
	want := []string{"roads", "道路 (旧)", "notes", "none"}
	if got := parseLayers([]byte(text)); !slices.Equal(got, want) {
		t.Errorf("%q; want %q", got, want)
	}
	if got := parseDriver([]byte(text)); got != "GPKG" {
		t.Errorf("driver %q", got)
	}
	if got := parseLayers(nil); got != nil || parseDriver(nil) != "" {
		t.Errorf("of nothing: %q", got)
	}
}

func TestParseCRS(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, text, want string }{
		{"nothing", "", ""},
		{"none", "Layer SRS WKT:\n(unknown)\nname: String", ""},
		{"code", "Layer SRS WKT:\nPROJCRS[\"CGCS2000 / zone 38\",\n    BASEGEOGCRS[\"x\",\n        ID[\"EPSG\",4490]],\n    ID[\"EPSG\",4526]]\nData axis", "EPSG:4526"},
		{"name", "PROJCRS[\"Local\",\n    BASEGEOGCRS[\"x\",\n        ID[\"EPSG\",4490]]]\nData axis\n    ID[\"EPSG\",1]]", "Local"},
		{"text code", "GEOGCRS[\"WGS 84 (CRS84)\",\n    ID[\"OGC\",\"CRS84\"]]", "OGC:CRS84"},
		{"undefined", "ENGCRS[\"Undefined Cartesian SRS\",\n    CS[Cartesian,2]]", ""},
	} {
		if got := parseCRS([]byte(tc.text)); got != tc.want {
			t.Errorf("%s: %q; want %q", tc.name, got, tc.want)
		}
	}
}

// TestChildIsLimited asks the child's own shell what it may do.
func TestChildIsLimited(t *testing.T) {
	t.Parallel()
	text, err := run(t.Context(), "sh", []string{"-c", "ulimit -v; ulimit -t; ulimit -f; ulimit -c; env"})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(string(text), "4194304\n900\n0\n0\n") {
		t.Errorf("limits: %s", text)
	}
	for _, want := range []string{"GDAL_HTTP_PROXY=127.0.0.1:9", "PROJ_NETWORK=OFF", "GDAL_SKIP=VRT,"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the environment lacks %s", want)
		}
	}
	if strings.Contains(string(text), "GOPATH") || strings.Contains(string(text), "DATABASE_URL") {
		t.Errorf("the child knows our environment: %s", text)
	}
}

func TestChildFails(t *testing.T) {
	t.Parallel()
	var process *ProcessError
	if _, err := run(t.Context(), "sh", []string{"-c", "echo 'ERROR 1: no such thing' >&2; exit 3"}); !errors.As(err, &process) || process.Message != "ERROR 1: no such thing" {
		t.Errorf("%v", err)
	}
	var exit *exec.ExitError
	if _, err := run(t.Context(), "sh", []string{"-c", "exit 3"}); !errors.As(err, &exit) || exit.ExitCode() != 3 {
		t.Errorf("%v; want exit code 3", err)
	}
	if _, err := run(t.Context(), "sh", []string{"-c", "echo 'Warning 1: well' >&2"}); err != nil {
		t.Errorf("a warning: %v", err)
	}
	if _, err := run(t.Context(), "no-such-program", nil); !errors.Is(err, ErrMissing) {
		t.Errorf("%v; want ErrMissing", err)
	}
}

func TestFeaturesOfNoFile(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("ogr2ogr"); err != nil {
		t.Skip("ogr2ogr is not installed: apt-get install gdal-bin")
	}
	for _, path := range []string{filepath.Join(t.TempDir(), "none.shp"), "/vsicurl/http://127.0.0.1:9/a.shp", "http://127.0.0.1:9/a.shp"} {
		if out, err := Features(t.Context(), Source{Path: path, Driver: "ESRI Shapefile"}); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s: %v, %v; want os.ErrNotExist", path, out, err)
		}
	}
}

func TestEncodingGuess(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, text, want string }{
		{"ASCII", "abc", ""},
		{"UTF-8", "堃园路", "UTF-8"},
		{"UTF-8 cut by the field", "堃园路"[:8], "UTF-8"},
		{"GBK", "\xb3\xa3\xc7\xe0\xc2\xb7", "GB18030"},
		{"GBK cut by the field", "\xb3\xa3\xc7\xe0\xc2", "GB18030"},
		{"four bytes of GB18030", "\x82\x35\x8f\x33", "GB18030"},
		{"neither", "\xff\xfe", ""},
	} {
		g := encodingGuess{utf8: true, gb: true}
		g.see([]byte(tc.text))
		if got := g.name(); got != tc.want {
			t.Errorf("%s: %q; want %q", tc.name, got, tc.want)
		}
	}
}

// FuzzShapefileTable gives the encoding detector tables that lie about their sizes.
func FuzzShapefileTable(f *testing.F) {
	table := make([]byte, 65)
	table[0] = 3
	binary.LittleEndian.PutUint16(table[8:], 65)
	binary.LittleEndian.PutUint16(table[10:], 11)
	copy(table[32:], "NAME")
	table[43], table[48], table[64] = 'C', 10, '\r'
	f.Add(append(bytes.Clone(table), " \xb3\xa3\xc7\xe0\xc2\xb7    "...), "")
	f.Add(table[:40], "GBK")
	f.Add([]byte{}, "BIG5")
	f.Fuzz(func(t *testing.T, dbf []byte, cpg string) {
		base := filepath.Join(t.TempDir(), "a")
		if os.WriteFile(base+".dbf", dbf, 0o600) != nil || os.WriteFile(base+".cpg", []byte(cpg), 0o600) != nil {
			t.Skip("no room")
		}
		name, err := shapefileEncoding(base + ".shp")
		if err != nil || name != "" && name != "UTF-8" && name != "GB18030" {
			t.Fatalf("%q, %v", name, err)
		}
	})
}
