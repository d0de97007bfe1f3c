package divisionimport

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yike/internal/pack"
)

// feature is one division; its box is at x.
func feature(x int, properties string) string {
	return fmt.Sprintf(`{"type":"Feature","properties":{%s},"geometry":{"type":"Polygon","coordinates":[[[%d,0],[%d,0],[%d,1],[%d,0]]]}}`,
		properties, x, x+1, x+1, x)
}

func read(t *testing.T, layer pack.Layer, files ...[]string) (Result, error) {
	t.Helper()
	root := t.TempDir()
	var layers []pack.Named
	for i, features := range files {
		l := layer
		l.File, l.CRS = fmt.Sprintf("d%d.geojson", i), "EPSG:4326"
		text := `{"type":"FeatureCollection","features":[` + strings.Join(features, ",") + `]}`
		if err := os.WriteFile(filepath.Join(root, l.File), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		layers = append(layers, pack.Named{Kind: pack.Divisions, Field: fmt.Sprintf("layers.divisions[%d]", i), Layer: &l})
	}
	return Read(t.Context(), root, "120111", layers)
}

func TestReadLevelsFromTwoFiles(t *testing.T) {
	t.Parallel()
	got, err := read(t, pack.Layer{Bands: map[string][]string{"all": {"n"}}, RegisteredBands: map[string][]string{"all": {"r"}}},
		[]string{feature(0, `"code":"120111001002","name_zh":"甲村","setting":"村","households":12,"n":1.5,"r":"2"`)},
		[]string{feature(0, `"code":"120111001","name_zh":"乙街","parent":"120111","n":3,"r":4,"complete":"no"`)})
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, d := range got.Divisions {
		list = append(list, fmt.Sprint(d.Code, " ", d.Level, " ", d.ParentCode, " ", d.Setting, " ", d.Households, " ", d.Complete, " ", d.People))
	}
	want := []string{
		"120111001 subdistrict   0 false [{resident all 30000} {registered all 40000}]",
		"120111001002 community 120111001 rural 12 true [{resident all 15000} {registered all 20000}]",
	}
	if d := cmp.Diff(want, list); d != "" {
		t.Error(d)
	}
	if got.Report.Counts["community"] != 1 || len(got.Report.Facts) != 1 {
		t.Errorf("%+v", got.Report)
	}
}

// Codes are made in the order of the source keys, past those that are taken.
func TestCodesAreMadeInOrder(t *testing.T) {
	t.Parallel()
	layer := pack.Layer{Level: "subdistrict", Fields: map[string]string{"source": "rel", "code": ""}}
	got, err := read(t, layer, []string{
		feature(0, `"rel":"30","name_zh":"丙"`), feature(1, `"rel":"10","name_zh":"甲"`), feature(2, `"rel":"20","name_zh":"乙"`),
	})
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]string{}
	for _, d := range got.Divisions {
		names[d.Code] = d.NameZH
	}
	if d := cmp.Diff(map[string]string{"120111001": "甲", "120111002": "乙", "120111003": "丙"}, names); d != "" {
		t.Error(d)
	}
	if len(got.Report.Facts) != 1 {
		t.Error("the report does not say that codes were made")
	}
	layer.Level = "community"
	if _, err := read(t, layer, []string{feature(0, `"rel":"1","name_zh":"甲"`)}); err == nil {
		t.Error("a community without code or parent was taken")
	}
	var bad *pack.BadPackError
	_, err = read(t, layer, []string{feature(0, `"rel":"1","name_zh":"甲","parent":"某街"`)})
	if !errors.As(err, &bad) || bad.Count != 1 || bad.Faults[0].Field != "parent" || bad.Faults[0].Value != "某街" {
		t.Errorf("a name was taken for the parent's code: %v", err)
	}
}

func TestBadRows(t *testing.T) {
	t.Parallel()
	const fine = `"code":"120111001","name_zh":"甲"`
	for _, c := range []struct{ name, properties, field string }{
		{"code of letters", `"code":"12011100A","name_zh":"乙"`, "code"},
		{"code of seven digits", `"code":"1201110","name_zh":"乙"`, "code"},
		{"no code", `"code":"","name_zh":"乙"`, "code"},
		{"code twice", `"code":"120111001","name_zh":"乙"`, "code"},
		{"no name", `"code":"120111002","name_zh":" "`, "name_zh"},
		{"level", `"code":"120111002","name_zh":"乙","level":"ward"`, "level"},
		{"setting", `"code":"120111002","name_zh":"乙","setting":"moon"`, "setting"},
		{"households", `"code":"120111002","name_zh":"乙","households":-3`, "households"},
		{"parent not there", `"code":"120111001002","name_zh":"乙","parent":"120111009"`, "code"},
		{"parent no wider", `"code":"120111002","name_zh":"乙","parent":"120111001"`, "code"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := read(t, pack.Layer{}, []string{feature(0, fine), feature(1, c.properties)})
			var bad *pack.BadPackError
			if !errors.As(err, &bad) || bad.Count != 1 || bad.Faults[0].Field != c.field || bad.Faults[0].Row != 2 || bad.Faults[0].File == "" {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestFaultsOfTwoFilesAreJoined(t *testing.T) {
	t.Parallel()
	_, err := read(t, pack.Layer{}, []string{feature(0, `"code":"x","name_zh":"甲"`)}, []string{feature(0, `"code":"120111001","name_zh":""`)})
	var bad *pack.BadPackError
	if !errors.As(err, &bad) || bad.Count != 2 || bad.Faults[0].File == bad.Faults[1].File {
		t.Errorf("got %v", err)
	}
}
