package populationimport

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"yike/coverage"
	"yike/coverage/coveragedb"
	"yike/geo/divisions"
	"yike/internal/pack"
)

func bands() []pack.Band {
	return []pack.Band{{ID: "all", Widest: true}, {ID: "60+", From: 60}}
}

func box(w, s, e, n float64) orb.MultiPolygon {
	return orb.MultiPolygon{{{{w, s}, {e, s}, {e, n}, {w, n}, {w, s}}}}
}

func write(t *testing.T, name, text string, layer pack.Layer) (string, pack.Named) {
	t.Helper()
	root := t.TempDir()
	if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	layer.File = name
	return root, pack.Named{Kind: pack.Population, Field: "layers.population", Layer: &layer}
}

func pointsLayer() pack.Layer {
	return pack.Layer{
		CRS: "EPSG:4326", Base: "resident",
		Bands:           map[string][]string{"all": {"a", "b"}, "60+": {"b"}},
		RegisteredBands: map[string][]string{"all": {"r"}, "60+": {"r60"}},
	}
}

func TestReadPoints(t *testing.T) {
	t.Parallel()
	root, layer := write(t, "p.csv", "source,lon,lat,a,b,r,r60\nx,117.1,39.1,1.5,0.25,2,1\ny,120,39.1,1,0,0,0\n", pointsLayer())
	locator := divisions.NewLocator([]divisions.Division{{Code: "120111", Level: divisions.District, Boundary: box(117, 39, 118, 40)}})
	got, err := Read(t.Context(), root, layer, bands(), locator)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, p := range got.Points {
		list = append(list, fmt.Sprint(p.SourceID, " ", p.Base, " ", p.People, " ", p.DivisionCode))
	}
	want := []string{
		"x resident [1.75 0.25] 120111", "x registered [2 1] 120111",
		"y resident [1 0] ", "y registered [0 0] ",
	}
	if d := cmp.Diff(want, list); d != "" {
		t.Error(d)
	}
	if got.Report.Counts["resident all"] != 27500 || got.Report.Counts["outside"] != 10000 || len(got.Report.Warnings) != 1 {
		t.Errorf("report %+v", got.Report)
	}
	facts := []pack.Text{
		{ZH: "户籍人口，全部年龄：2 人", EN: "registered people of all ages: 2"},
		{ZH: "户籍人口，60 岁及以上：1 人", EN: "registered people aged 60 and over: 1"},
		{ZH: "常住人口，全部年龄：2.75 人", EN: "resident people of all ages: 2.75"},
		{ZH: "常住人口，60 岁及以上：0.25 人", EN: "resident people aged 60 and over: 0.25"},
	}
	if d := cmp.Diff(facts, got.Report.Facts); d != "" {
		t.Error(d)
	}
	if len(got.Places()) != 2 {
		t.Error("a place counts once, whatever its bases")
	}
}

// A grid of polygons puts people inside each cell.
func TestReadGridCells(t *testing.T) {
	t.Parallel()
	layer := pack.Layer{CRS: "EPSG:4326", Base: "resident", Bands: map[string][]string{"all": {"n"}, "60+": {"n"}}}
	root, named := write(t, "p.geojson", `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"n":2},
"geometry":{"type":"Polygon","coordinates":[[[117,39],[117.002,39],[117.002,39.002],[117,39.002],[117,39]]]}}]}`, layer)
	got, err := Read(t.Context(), root, named, bands(), divisions.NewLocator(nil))
	if err != nil {
		t.Fatal(err)
	}
	if p := got.Points[0].Point; math.Abs(p[0]-117.001) > 1e-9 || math.Abs(p[1]-39.001) > 1e-9 {
		t.Errorf("people live at %v", p)
	}
}

func TestBadPoints(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, row, field string }{
		{"negative", "x,117.1,39.1,-1,0,2,1", "a"},
		{"no number", "x,117.1,39.1,1,many,2,1", "b"},
		{"blank", "x,117.1,39.1,1,,2,1", "b"},
		{"no place", "x,,39.1,1,1,2,1", "lon"},
		{"key twice", "x,117.1,39.1,1,1,2,1\nx,117.1,39.1,1,1,2,1", "source"},
		{"band beyond the widest", "x,117.1,39.1,1,1,2,5", "60+"},
		{"too few columns", "x,117.1", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			root, layer := write(t, "p.csv", "source,lon,lat,a,b,r,r60\n"+c.row+"\n", pointsLayer())
			got, err := Read(t.Context(), root, layer, bands(), divisions.NewLocator(nil))
			var bad *pack.BadPackError
			if !errors.As(err, &bad) || len(got.Points) > 0 {
				t.Fatalf("got %v", err)
			}
			f := bad.Faults[0]
			if f.File != "p.csv" || f.Row < 2 || c.field != "" && f.Field != c.field {
				t.Errorf("got %+v", f)
			}
		})
	}
}

// ground is a subdistrict of three communities: homes with households, homes without,
// and a field without any building; a school stands in the first.
func ground() Ground {
	sub, a, b, c := "120111001", "120111001001", "120111001002", "120111001003"
	home := func(id, code string, x float64, households, floors int, use string) coveragedb.Building {
		return coveragedb.Building{
			SourceID: id, DivisionCode: code, Households: households, Floors: floors, Use: use,
			Boundary: box(x, 39, x+0.0001, 39.0001),
		}
	}
	return Ground{
		Divisions: []divisions.Division{
			{Code: sub, Level: divisions.Subdistrict, NameZH: "街", Boundary: box(117, 39, 118, 40)},
			{Code: a, Level: divisions.Community, ParentCode: sub, NameZH: "甲", Boundary: box(117, 39, 117.3, 40)},
			{Code: b, Level: divisions.Community, ParentCode: sub, NameZH: "乙", Boundary: box(117.3, 39, 117.6, 40)},
			{Code: c, Level: divisions.Community, ParentCode: sub, NameZH: "丙", Boundary: box(117.6, 39, 118, 40)},
		},
		Buildings: []coveragedb.Building{
			home("a1", a, 117.1, 1, 6, Residential), home("a2", a, 117.2, 2, 6, Residential), home("a3", a, 117.25, 0, 6, "school"),
			home("b1", b, 117.4, 0, 1, Residential), home("b2", b, 117.5, 9, 3, Residential),
		},
	}
}

func communitiesLayer() pack.Layer {
	return pack.Layer{Kind: "communities", Base: "registered", Bands: map[string][]string{"all": {"n"}, "60+": {"e"}}}
}

func TestCommunitiesAreSpreadOverTheirHomes(t *testing.T) {
	t.Parallel()
	root, layer := write(t, "c.csv", "code,n,e\n120111001001,100,10\n120111001002,8,1\n120111001003,5,2\n", communitiesLayer())
	got, err := ReadCommunities(t.Context(), root, layer, bands(), ground())
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, p := range got.Points {
		list = append(list, fmt.Sprint(p.SourceID, " ", p.People, " ", p.DivisionCode))
	}
	want := []string{
		"120111001001/a1 [33.3333 3.3333] 120111001001", // by households, 1 of 3
		"120111001001/a2 [66.6667 6.6667] 120111001001",
		"120111001002/b1 [2 0.25] 120111001002", // one has no households: by floor space, 1 of 4
		"120111001002/b2 [6 0.75] 120111001002",
		"120111001003 [5 2] 120111001003", // nothing to live in: one point inside
	}
	if d := cmp.Diff(want, list); d != "" {
		t.Error(d)
	}
	if text := fmt.Sprint(got.Report.Warnings); !strings.Contains(text, "丙") {
		t.Errorf("the community without buildings is not named: %s", text)
	}
}

// A table by subdistrict is spread over all homes below it.
func TestTableOfAWiderLevel(t *testing.T) {
	t.Parallel()
	root, layer := write(t, "c.csv", "code,n,e\n120111001,100,10\n", communitiesLayer())
	got, err := ReadCommunities(t.Context(), root, layer, bands(), ground())
	if err != nil {
		t.Fatal(err)
	}
	sum := coverage.People(0)
	for _, p := range got.Points {
		sum += p.People[0]
	}
	if len(got.Points) != 4 || sum != 1_000_000 || got.Points[2].DivisionCode != "120111001002" {
		t.Errorf("%d points, %d people, %+v", len(got.Points), sum, got.Points)
	}
	if text := fmt.Sprint(got.Report.Warnings); !strings.Contains(text, "甲、乙、丙") {
		t.Errorf("communities without a row are not named: %s", text)
	}
}

func TestBadCommunities(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, rows, field string }{
		{"unknown code", "9,1,0", "code"},
		{"twice", "120111001001,1,0\n120111001001,1,0", "code"},
		{"empty", ",1,0", "code"},
		{"negative", "120111001001,-1,0", "n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			root, layer := write(t, "c.csv", "code,n,e\n"+c.rows+"\n", communitiesLayer())
			_, err := ReadCommunities(t.Context(), root, layer, bands(), ground())
			var bad *pack.BadPackError
			if !errors.As(err, &bad) || bad.Faults[0].Field != c.field {
				t.Errorf("got %v", err)
			}
		})
	}
	root, layer := write(t, "c.csv", "code,n,e\n", communitiesLayer())
	if _, err := ReadCommunities(t.Context(), root, layer, bands(), Ground{}); err == nil {
		t.Error("a table of communities was taken without divisions")
	}
}

func TestReadBuildings(t *testing.T) {
	t.Parallel()
	const text = `{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"id":1,"building":"apartments","building:levels":"6","households":"12"},"geometry":{"type":"Polygon","coordinates":[[[117.1,39.1],[117.11,39.1],[117.11,39.11],[117.1,39.1]]]}},
{"type":"Feature","properties":{"id":2,"building":"yes","building:levels":%s},"geometry":{"type":"MultiPolygon","coordinates":[[[[119,39.1],[119.1,39.1],[119.1,39.2],[119,39.1]]]]}}]}`
	layer := pack.Layer{CRS: "EPSG:4326", Fields: map[string]string{"source": "id", "use": "building", "floors": "building:levels"}}
	locator := divisions.NewLocator(ground().Divisions)
	root, named := write(t, "b.geojson", fmt.Sprintf(text, `null`), layer)
	named.Kind = pack.Buildings
	got, err := ReadBuildings(t.Context(), root, named, locator)
	if err != nil {
		t.Fatal(err)
	}
	one, two := got.Buildings[0], got.Buildings[1]
	if one.Use != Residential || one.Floors != 6 || one.Households != 12 || one.DivisionCode != "120111001001" || one.SourceID != "1" {
		t.Errorf("%+v", one)
	}
	if two.Use != "" || two.Floors != 0 || two.DivisionCode != "" || len(got.Points()) != 2 {
		t.Errorf("%+v", two)
	}
	for floors, says := range map[string]string{`"many"`: "whole number", `201`: "more than 200", `1000000000`: "more than 200", `-1`: "negative"} {
		root, named = write(t, "b.geojson", fmt.Sprintf(text, floors), layer)
		var bad *pack.BadPackError
		if _, err := ReadBuildings(t.Context(), root, named, locator); !errors.As(err, &bad) || bad.Faults[0].Field != "building:levels" ||
			bad.Faults[0].Row != 2 || !strings.Contains(bad.Faults[0].Reason.EN, says) {
			t.Errorf("%s floors: got %v", floors, err)
		}
	}
	root, named = write(t, "b.geojson", fmt.Sprintf(text, `200`), layer)
	if _, err := ReadBuildings(t.Context(), root, named, locator); err != nil {
		t.Errorf("200 floors: %v", err)
	}
}
