package rowout_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"yike/internal/rowout"
)

// TestShapes holds that GeoJSON draws a place whole, in the system asked for, and that the shape
// given stays as it was.
func TestShapes(t *testing.T) {
	t.Parallel()
	table := rowout.Table{Name: "路", Columns: []rowout.Column{{Code: "name", Head: "名称"}, {Code: "lon", Head: "经度", Kind: rowout.Number, Lon: true}}}
	line := orb.LineString{{114.2, 30.6}, {114.300000004, 30.6}}
	row := rowout.Row{Values: []any{"甲路", nil}, Point: &orb.Point{114.25, 30.6}, Shape: line}
	for system, want := range map[rowout.System]string{rowout.WGS84: `"geometry":{"type":"LineString","coordinates":[[114.2,30.6],[114.3,30.6]]}`, rowout.GCJ02: `"type":"LineString"`} {
		var out bytes.Buffer
		w, err := rowout.New(t.Context(), &out, rowout.GeoJSON, table, rowout.Options{System: system})
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Row(row); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if !json.Valid(out.Bytes()) || !strings.Contains(out.String(), want) || strings.Contains(out.String(), "[114.2,30.6]") == system.Shifted() {
			t.Errorf("%s: %s", system, out.String())
		}
	}
	if line[1].Lon() != 114.300000004 {
		t.Error("the shape given was changed")
	}
	var out bytes.Buffer
	w, err := rowout.New(t.Context(), &out, rowout.CSV, table, rowout.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Row(row); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil || !strings.Contains(out.String(), "甲路,114.25") {
		t.Errorf("%v %s", err, out.String())
	}
}
