package imports_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"yike/facilities"
	"yike/facilities/imports"
	"yike/geo/divisions"
)

func language(t *testing.T) *imports.Language {
	t.Helper()
	types, err := facilities.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	words, err := imports.NewLanguage(types)
	if err != nil {
		t.Fatal(err)
	}
	return words
}

func TestHeadingsAreUnderstood(t *testing.T) {
	t.Parallel()
	names := imports.NewDivisions("990101", []divisions.Division{})
	headings := map[string]string{
		"食堂名称": "name_zh", "机构名称": "name_zh", "详细地址": "address", "经度": "lon", "纬度": "lat", "联系电话": "fields.contact_phone",
		"统一社会信用代码": "uscc", "登记编号": "id", "床位数": "fields.beds", "天王盖地虎": "",
	}
	for heading, want := range headings {
		columns := []imports.Source{{Header: heading}}
		if want == "lon" || want == "lat" { // half of a pair is no position
			columns = []imports.Source{{Header: "经度"}, {Header: "纬度"}}
		}
		list := language(t).Suggest(columns, "elderly_institution", names)
		got := slices.ContainsFunc(list, func(s imports.Suggestion) bool { return s.Field == want && (s.Score > 0) == (want != "") })
		if !got {
			t.Errorf("%s is taken for %+v; want %q", heading, list, want)
		}
	}
	if of := language(t).Guess("清澜区老人家食堂一览表.xlsx"); of != "elderly_canteen" {
		t.Errorf("the file is taken for one of %q", of)
	}
}

// What a type calls a field of its own comes before what others call it; a file of any
// type goes by all of them.
func TestTypesHaveNamesOfTheirOwn(t *testing.T) {
	t.Parallel()
	words, names := language(t), imports.NewDivisions("990101", nil)
	for _, tc := range []struct {
		heading string
		of      facilities.Type
		field   string
	}{
		{"服务人数", "rural_elderly_centre", "fields.places"},
		{"服务人数（人）", "", "fields.places"},
		{"可安置人数", "minor_protection", "fields.places"},
		{"可安置人数", "", "fields.places"},
		{"日托人数", "day_care_centre", "fields.places"},
		{"Day-care places", "day_care_centre", "fields.places"},
		{"餐厅使用面积", "", "fields.dining_area"},
		{"备注（不导入）", "elderly_canteen", imports.Ignored},
		{"Remarks (not imported)", "elderly_canteen", imports.Ignored},
		{"错误", "elderly_canteen", imports.Ignored},
		{"行号", "", imports.Ignored},
		{"备注", "elderly_canteen", ""}, // it may have what matters: a person says so
		{"", "elderly_canteen", ""},
	} {
		of := tc.of
		if of != "" && !hasTarget(words, of, tc.field) {
			t.Fatalf("%s has no %s", of, tc.field)
		}
		if got := words.Suggest([]imports.Source{{Header: tc.heading}}, of, names)[0]; got.Field != tc.field || tc.field != "" && got.Score < 90 {
			t.Errorf("%q of %q is taken for %+v; want %q", tc.heading, of, got, tc.field)
		}
	}
	for _, target := range words.TargetsOf("elderly_canteen") {
		if target.Field == "fields.niches_total" {
			t.Error("a canteen has niches")
		}
	}
	if len(words.TargetsOf("no such type")) != len(words.Targets()) {
		t.Error("a type that is not known has targets of its own")
	}
}

// hasTarget reports whether a type has a target, where it is one of types.
func hasTarget(words *imports.Language, of facilities.Type, field string) bool {
	return !strings.HasPrefix(field, facilities.FieldPrefix) ||
		slices.ContainsFunc(words.TargetsOf(of), func(t imports.Target) bool { return t.Field == field })
}

func TestAMappingSaysWhatEveryColumnMeans(t *testing.T) {
	t.Parallel()
	words, o := language(t), imports.UsualOptions()
	o.Type = "elderly_canteen"
	column := func(header, field string) imports.Column { return imports.Column{Header: header, Field: field} }
	for name, tc := range map[string]struct {
		columns []imports.Column
		change  func(*imports.Options)
		field   string // of the fault; "" for none
	}{
		"whole":              {[]imports.Column{column("甲", "name_zh"), column("乙", "-")}, nil, ""},
		"one is not named":   {[]imports.Column{column("甲", "name_zh"), column("乙", "")}, nil, "columns.1.field"},
		"no such field":      {[]imports.Column{column("甲", "name_zh"), column("乙", "luck")}, nil, "columns.1.field"},
		"twice the same":     {[]imports.Column{column("甲", "name_zh"), column("乙", "name_zh")}, nil, "columns.1.field"},
		"another heading":    {[]imports.Column{column("甲", "name_zh"), column("丙", "-")}, nil, "columns.1.header"},
		"too few":            {[]imports.Column{column("甲", "name_zh")}, nil, "columns"},
		"a key of no column": {[]imports.Column{column("甲", "name_zh"), column("乙", "-")}, func(o *imports.Options) { o.Key = imports.KeyUSCC }, "options.key"},
		"no such mode":       {[]imports.Column{column("甲", "name_zh"), column("乙", "-")}, func(o *imports.Options) { o.Mode = "all" }, "options.mode"},
		"no such type":       {[]imports.Column{column("甲", "name_zh"), column("乙", "-")}, func(o *imports.Options) { o.Type = "spaceport" }, "options.type"},
	} {
		mine := o
		if tc.change != nil {
			tc.change(&mine)
		}
		faults := words.Faults(imports.Mapping{Columns: tc.columns}, mine, []string{"甲", "乙"})
		switch {
		case tc.field == "" && len(faults) > 0:
			t.Errorf("%s: %+v", name, faults)
		case tc.field != "" && (len(faults) == 0 || faults[0].Field != tc.field || faults[0].ZH == "" || faults[0].EN == ""):
			t.Errorf("%s: %+v; want one of %s", name, faults, tc.field)
		}
	}
}

// What a row only repeats moves nothing, and how a place was found stays with it.
func TestARowThatRepeatsAPlaceMovesNothing(t *testing.T) {
	t.Parallel()
	before := facilities.Facility{Point: orb.Point{117, 39}, PlacedBy: facilities.PlacedAddress, PlaceConfidence: 83}
	given := facilities.PlacedGiven
	for name, tc := range map[string]struct {
		lon   float64
		moved bool
	}{"the same": {117.000000049, false}, "ten metres on": {117.00012, true}} {
		lon, lat := tc.lon, 39.0
		place := orb.Point{lon, lat}
		after := imports.Draft{Place: &place, Patch: facilities.Patch{Lon: &lon, Lat: &lat, PlacedBy: &given}}.Over(before)
		if moved := after.Point != before.Point; moved != tc.moved || (after.PlacedBy == given) != tc.moved || (after.PlaceConfidence == 0) != tc.moved {
			t.Errorf("%s: %+v", name, after)
		}
	}
}
