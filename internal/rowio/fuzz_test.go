package rowio_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"yike/internal/rowio"
)

// drain reads whatever a file holds: no text may crash or hang the reader, and every
// error is a fault of the file that can be shown.
func drain(t *testing.T, name, text string) {
	r, err := rowio.Open(t.Context(), write(t, name, text), "", "")
	var bad *rowio.RowError
	if err != nil {
		if !errors.As(err, &bad) {
			t.Fatalf("Open: %v", err)
		}
		return
	}
	defer r.Close() //nolint:errcheck // read only
	for n := 0; ; n++ {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil && !errors.As(err, &bad) {
			t.Fatalf("Next: %v", err)
		}
		for k, v := range row.Fields {
			if !utf8.ValidString(k) || !utf8.ValidString(v) {
				t.Fatalf("%q: %q is not UTF-8", k, v)
			}
		}
		if n > len(text)+1 {
			t.Fatalf("%d rows out of %d bytes", n, len(text))
		}
	}
}

func FuzzCSV(f *testing.F) {
	for _, s := range []string{"a,b\n1,2\n", "\ufeffa;b\n\"1\n2\";3\n", "a\tb\n\"", "\xb3\xa3,\xc7\xe0\n1,2\n", "\xff\xfea\x00\n\x00", "a,a\n", "\n\n,\n\"\"\"\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { drain(t, "a.csv", s) })
}

func FuzzGeoJSON(f *testing.F) {
	for _, s := range []string{
		`{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"a":[1]},"geometry":{"type":"Point","coordinates":[1,2]}}]}`,
		`{"type":"Feature","geometry":{"type":"GeometryCollection","geometries":[{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}]}}`,
		`{"features":[{}],"crs":{"properties":{"name":"x"}}}{`, `{"features":[`, "\x1e{}\n", `{"type":"Feature","geometry":{"type":"Point","coordinates":[[}}`,
	} {
		f.Add(s, true)
		f.Add(s, false)
	}
	f.Fuzz(func(t *testing.T, s string, lines bool) {
		name := "a.geojson"
		if lines {
			name = "a.geojsonl"
		}
		drain(t, name, s)
	})
}

// FuzzDelimited splits text whole and byte by byte, and as the standard library does where
// that takes it at all.
func FuzzDelimited(f *testing.F) {
	for _, s := range []string{"a,b\n1,2\n", "\"a\r\n\"\"b\"\"\",c\r\n", "a\rb\r", "\"", "a\"b\",c\n", "\n\n,\n", "\"a\"b,c\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		whole, lines, faults := rowio.Records(strings.NewReader(s), 1<<10)
		pieces, lines2, faults2 := rowio.Records(iotest.OneByteReader(strings.NewReader(s)), 1<<10)
		if d := cmp.Diff(whole, pieces); d != "" || !slices.Equal(lines, lines2) || faults != faults2 {
			t.Fatalf("%q: whole %q %v, byte by byte %q %v", s, whole, faults, pieces, faults2)
		}
		if !slices.IsSorted(lines) || len(whole)+faults > len(s)+1 {
			t.Fatalf("%q: lines %v, %d faults", s, lines, faults)
		}
		want, err := csv.NewReader(strings.NewReader(s)).ReadAll()
		if err != nil || strings.Contains(s, "\r") && !strings.Contains(s, "\n") || loneReturn(s) || len(s) > 1<<10 {
			return // it refuses more than we do, and knows no lone carriage return
		}
		got := slices.DeleteFunc(whole, func(r []string) bool { return len(r) == 1 && r[0] == "" })
		want = slices.DeleteFunc(want, func(r []string) bool { return len(r) == 1 && r[0] == "" })
		if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" || faults > 0 {
			t.Fatalf("%q: %d faults, %s", s, faults, d)
		}
	})
}

func loneReturn(s string) bool {
	return strings.Contains(strings.ReplaceAll(s, "\r\n", ""), "\r")
}

// FuzzUpload gives any bytes under any name to the reader as an upload.
func FuzzUpload(f *testing.F) {
	for _, s := range []string{kml, roads, "名称,地址\n甲,乙\n", "\xff\xfea\x00", "PK\x05\x06", "{\"type\":\"Feature\"}\n{"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if bytes.HasPrefix(data, []byte("SQLite format 3")) {
			t.Skip("that is GDAL's to read")
		}
		h := hostile{name: "fuzz", file: "a.csv", data: string(data), want: "?"}
		path, temp, check := sandbox(t, h)
		feed(t, path, h.file, temp)
		check()
	})
}
