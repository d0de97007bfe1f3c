package rowio_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"yike/internal/rowio"
)

// manyRows writes n points as CSV or GeoJSON, by the extension of the name.
func manyRows(t testing.TB, n int, name string) string {
	t.Helper()
	var b strings.Builder
	geojson := strings.HasSuffix(name, ".geojson")
	if geojson {
		b.WriteString(`{"type":"FeatureCollection","features":[`)
	} else {
		b.WriteString("source,名称,lon,lat,p60,p70\n")
	}
	for i := range n {
		lon, lat := 117+float64(i%1000)*1e-4, 39+float64(i/1000)*1e-4
		if !geojson {
			fmt.Fprintf(&b, "r%d,第%d点,%.7f,%.7f,%.4f,%.4f\n", i, i, lon, lat, float64(i%97)/7, float64(i%31)/7)
			continue
		}
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"type":"Feature","properties":{"source":"r%d","名称":"第%d点","p60":%.4f},"geometry":{"type":"Point","coordinates":[%.7f,%.7f]}}`+"\n", i, i, float64(i%97)/7, lon, lat)
	}
	if geojson {
		b.WriteString("]}")
	}
	return write(t, name, b.String())
}

func BenchmarkRead100k(b *testing.B) {
	for _, name := range []string{"points.csv", "points.geojson"} {
		b.Run(name, func(b *testing.B) {
			path := manyRows(b, 100_000, name)
			for b.Loop() {
				rows := 0
				r, err := rowio.Open(b.Context(), path, "", "")
				if err != nil {
					b.Fatal(err)
				}
				for {
					if _, err := r.Next(); errors.Is(err, io.EOF) {
						break
					} else if err != nil {
						b.Fatal(err)
					}
					rows++
				}
				if err := r.Close(); err != nil || rows != 100_000 {
					b.Fatalf("%d rows, %v", rows, err)
				}
			}
		})
	}
}

// BenchmarkDelimited100k splits CSV into records with our splitter and with the standard
// library's.
func BenchmarkDelimited100k(b *testing.B) {
	text, err := os.ReadFile(manyRows(b, 100_000, "points.csv"))
	if err != nil {
		b.Fatal(err)
	}
	b.Run("ours", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		b.ReportAllocs()
		for b.Loop() {
			if n, err := rowio.CountRecords(bytes.NewReader(text)); err != nil || n != 100_001 {
				b.Fatal(n, err)
			}
		}
	})
	b.Run("encoding-csv", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		b.ReportAllocs()
		for b.Loop() {
			r := csv.NewReader(bytes.NewReader(text))
			n := 0
			for {
				if _, err := r.Read(); errors.Is(err, io.EOF) {
					break
				} else if err != nil {
					b.Fatal(err)
				}
				n++
			}
			if n != 100_001 {
				b.Fatal(n)
			}
		}
	})
}

// BenchmarkOpenAs100k reads rows as an import does: the file is looked at, opened as what
// it is, and read to its end.
func BenchmarkOpenAs100k(b *testing.B) {
	for _, name := range []string{"points.csv", "points.geojson"} {
		b.Run(name, func(b *testing.B) {
			path := manyRows(b, 100_000, name)
			for b.Loop() {
				f, err := rowio.Sniff(b.Context(), path, name, rowio.Limits{})
				if err != nil {
					b.Fatal(err)
				}
				lines, err := rowio.OpenAs(b.Context(), path, f, rowio.Options{})
				if err != nil {
					b.Fatal(err)
				}
				n := 0
				for ; err == nil; n++ {
					_, err = lines.Next()
				}
				if !errors.Is(err, io.EOF) || n != 100_001 || lines.Close() != nil {
					b.Fatal(n, err)
				}
			}
			b.ReportMetric(100_000*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}
