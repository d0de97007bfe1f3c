package rowio_test

import (
	"errors"
	"fmt"
	"io"
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
