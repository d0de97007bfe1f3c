package rowio_test

import (
	"errors"
	"io"
	"testing"
	"unicode/utf8"

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
