package facilityimport

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"yike/coverage"
	"yike/coverage/coveragedb"
	"yike/coverage/walknet"
	"yike/facilities"
	"yike/geo/divisions"
	"yike/internal/pack"
)

func district() []divisions.Division {
	box := func(w, e float64) orb.MultiPolygon {
		return orb.MultiPolygon{{{{w, 39}, {e, 39}, {e, 39.1}, {w, 39.1}, {w, 39}}}}
	}
	return []divisions.Division{
		{Code: "120111", Level: divisions.District, NameZH: "区", Boundary: box(117, 117.2)},
		{Code: "120111001", Level: divisions.Subdistrict, ParentCode: "120111", NameZH: "甲街道", Boundary: box(117, 117.1)},
	}
}

func catalogue(t *testing.T) []facilities.TypeInfo {
	t.Helper()
	types, err := facilities.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	return types
}

func read(t *testing.T, rows string, list []divisions.Division) (Facilities, error) {
	t.Helper()
	root := t.TempDir()
	text := "source,type,name_zh,status,capacity,serves,lon,lat\n" + rows + "\n"
	if err := os.WriteFile(filepath.Join(root, "f.csv"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	layer := pack.Named{Kind: pack.Facilities, Field: "layers.facilities", Layer: &pack.Layer{
		File: "f.csv", CRS: "EPSG:4326", Values: map[string]map[string]string{"type": {"食堂": "elderly_canteen"}, "status": {"营业": "open"}},
	}}
	return Read(t.Context(), root, "120111", layer, list, catalogue(t), nil)
}

func TestRead(t *testing.T) {
	t.Parallel()
	got, err := read(t, "a,食堂,甲食堂,营业,120,120111001;120111001,117.05,39.05\nb,骨灰堂,乙骨灰堂,,,,117.15,39.05", district())
	if err != nil {
		t.Fatal(err)
	}
	want := []facilities.Facility{
		{
			SourceID: "a", Type: "elderly_canteen", NameZH: "甲食堂", Status: facilities.Open, Capacity: 120,
			Serves: []string{"120111001"}, DivisionCode: "120111001", Point: orb.Point{117.05, 39.05},
		},
		{SourceID: "b", Type: "columbarium", NameZH: "乙骨灰堂", Status: facilities.Open, DivisionCode: "120111", Point: orb.Point{117.15, 39.05}},
	}
	if d := cmp.Diff(want, got.Facilities); d != "" {
		t.Error(d)
	}
	if got.Report.Counts["columbarium"] != 1 || len(got.Places) != 2 {
		t.Errorf("%+v", got.Report)
	}
	if got, err := read(t, "a,食堂,甲食堂,,,,10,10", nil); err != nil || got.Facilities[0].DivisionCode != "120111" {
		t.Errorf("without divisions: %+v, %v", got, err)
	}
}

func TestBadRows(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, row, field string }{
		{"outside every division", "a,食堂,甲,,,,118,39.05", "geometry"},
		{"unknown type", "a,茶馆,甲,,,,117.05,39.05", "type"},
		{"no type", "a,,甲,,,,117.05,39.05", "type"},
		{"unknown status", "a,食堂,甲,shut,,,117.05,39.05", "status"},
		{"no name", "a,食堂,,,,,117.05,39.05", "name_zh"},
		{"negative capacity", "a,食堂,甲,,-1,,117.05,39.05", "capacity"},
		{"serves nobody we know", "a,食堂,甲,,,999,117.05,39.05", "serves"},
		{"no place", "a,食堂,甲,,,,,39.05", "lon"},
		{"exchanged", "a,食堂,甲,,,,39.05,117.05", ""},
		{"key twice", "a,食堂,甲,,,,117.05,39.05\na,食堂,甲,,,,117.05,39.05", "source"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := read(t, c.row, district())
			var bad *pack.BadPackError
			if !errors.As(err, &bad) || len(got.Facilities) > 0 || c.field != "" && (bad.Faults[0].Field != c.field || bad.Faults[0].Row < 2) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// Examples stand on the main network only.
func TestExamples(t *testing.T) {
	t.Parallel()
	ways := []walknet.Way{
		{SourceID: "main", Class: "residential", NodeIDs: []int64{1, 2, 3}, Line: orb.LineString{{117.01, 39.05}, {117.05, 39.05}, {117.09, 39.05}}},
		{SourceID: "island", Class: "path", NodeIDs: []int64{8, 9}, Line: orb.LineString{{117.02, 39.08}, {117.021, 39.08}}},
	}
	net, _, err := walknet.Build(ways, nil, walknet.BuildOptions{})
	if err != nil {
		t.Fatal(err)
	}
	at := func(id string, lon, lat float64, elders coverage.People) coveragedb.PopulationPoint {
		return coveragedb.PopulationPoint{
			SourceID: id, Base: divisions.Resident, DivisionCode: "120111001", Point: orb.Point{lon, lat},
			People: []coverage.People{2 * elders, elders},
		}
	}
	got := Examples(Ground{
		AdCode: "120111", Types: catalogue(t), Divisions: district(), Network: net,
		Bands: []pack.Band{{ID: "all", Widest: true}, {ID: "60+", From: 60}},
		People: []coveragedb.PopulationPoint{
			at("by the island", 117.0205, 39.0801, 90_000_000), at("by the main road", 117.05, 39.0501, 80_000_000),
		},
	})
	byType := map[facilities.Type]int{}
	for _, f := range got.Facilities {
		byType[f.Type]++
		if f.Point != (orb.Point{117.05, 39.05}) {
			t.Errorf("%s stands at %v", f.NameZH, f.Point)
		}
	}
	// 17,000 elders would ask for four canteens, but one place is all there is.
	if byType["elderly_canteen"] != 1 || byType["rescue_station"] != 1 {
		t.Errorf("got %v", byType)
	}
}

func TestEldersBand(t *testing.T) {
	t.Parallel()
	to := 69
	for _, c := range []struct {
		bands []pack.Band
		want  int
	}{
		{[]pack.Band{{ID: "all", Widest: true}, {ID: "80+", From: 80}, {ID: "60+", From: 60}}, 2},
		{[]pack.Band{{ID: "60-69", From: 60, To: &to}, {ID: "all", Widest: true}}, 1},
	} {
		if got := eldersBand(c.bands); got != c.want {
			t.Errorf("%s: got %d, want %d", fmt.Sprint(c.bands), got, c.want)
		}
	}
}
