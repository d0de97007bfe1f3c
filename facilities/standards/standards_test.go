package standards

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"yike/facilities"
	"yike/internal/rules"
)

func load(t testing.TB) (*rules.Set, facilities.Types) {
	t.Helper()
	set, err := Set()
	if err != nil {
		t.Fatal(err)
	}
	types, err := facilities.ParseCatalogue(nil)
	if err != nil {
		t.Fatal(err)
	}
	return set, types
}

// Every row of the catalogue is there, each type names checks that there are, and each
// check of a facility is held by a type.
func TestSet(t *testing.T) {
	t.Parallel()
	set, types := load(t)
	if err := Known(set, types.Types); err != nil {
		t.Error(err)
	}
	ids := map[string]bool{}
	for _, r := range set.Rules {
		ids[r.ID] = true
		held := slices.ContainsFunc(types.Types, func(i facilities.TypeInfo) bool { return slices.Contains(i.Standards, r.ID) })
		if r.Subject == OfFacility && !held {
			t.Errorf("%s is held by no type", r.ID)
		}
		if strings.HasPrefix(string(r.Grade), "S") && r.Cite.Sentence == "" {
			t.Errorf("%s of a plan quotes no sentence", r.ID)
		}
	}
	for i := 1; i <= 34; i++ {
		if id := fmt.Sprintf("FAC-%02d", i); !ids[id] {
			t.Errorf("no %s", id)
		}
	}
	err := Known(set, []facilities.TypeInfo{{Type: "a", Standards: []string{"FAC-99"}}})
	if err == nil || !strings.Contains(err.Error(), `"FAC-99"`) {
		t.Errorf("a check there is not: %v", err)
	}
}

// No threshold that nobody read is an error, and what stood in the funeral regulations
// before those of 2026 is information.
func TestNeverAnErrorUnread(t *testing.T) {
	t.Parallel()
	set, _ := load(t)
	unread := 0
	for _, r := range set.Rules {
		if r.Severity == rules.Error && (r.Grade == rules.Remembered || r.Grade == rules.Proposed || r.Unread) {
			t.Errorf("%s is an error of grade %s", r.ID, r.Grade)
		}
		if r.ID == "FAC-25" || r.ID == "FAC-27" {
			unread++
			if !r.Unread || r.Severity != rules.Info {
				t.Errorf("%s: unread %v, %s", r.ID, r.Unread, r.Severity)
			}
		}
	}
	if unread != 2 {
		t.Errorf("%d rules on the former regulations", unread)
	}
}

// An input of a check is a field that the types declare in the same unit, or one that the
// context or this package brings.
func TestInputsAreKnown(t *testing.T) {
	t.Parallel()
	set, types := load(t)
	for _, info := range types.Types {
		in := Inputs(facilities.Facility{Type: info.Type}, info, Context{})
		for i := range set.Rules {
			r := &set.Rules[i]
			if !slices.Contains(info.Standards, r.ID) || r.Subject != OfFacility {
				continue
			}
			for _, name := range append(r.Inputs(), r.Beside...) {
				if _, ok := in[name]; !ok {
					t.Errorf("%s of %s asks for %q, which nothing brings", r.ID, info.Type, name)
				}
			}
		}
		for _, field := range info.Fields {
			i := slices.IndexFunc(set.Inputs, func(in rules.InputInfo) bool { return in.Name == field.Field })
			if i >= 0 && set.Inputs[i].Unit != field.Unit {
				t.Errorf("%s of %s is in %q, the check wants %q", field.Field, info.Type, field.Unit, set.Inputs[i].Unit)
			}
		}
	}
}

const (
	xiqing, tianjin, dongchang = "120111", "120104", "220502"
	elsewhere                  = "990001"
)

type golden struct {
	id, kind string
	where    string         // adcode, or the name of a region
	fields   map[string]any // of the record
	beyond   map[string]float64
	want     rules.Outcome
	missing  float64
	value    float64
}

type f = map[string]any

type n = map[string]float64

// goldens are worked by hand, each threshold at, just under and just over.
func goldens() []golden {
	const pass, fail, open, no = rules.Pass, rules.Fail, rules.Undetermined, rules.NotApplicable
	return []golden{
		{"FAC-01", "rescue_station", xiqing, f{"beds": 50.0}, nil, pass, 0, 50},
		{"FAC-01", "rescue_station", xiqing, f{"beds": 49.0}, nil, fail, 1, 49},
		{"FAC-01", "rescue_station", xiqing, nil, nil, open, 0, 0},
		{"FAC-01", "rescue_station", tianjin, f{"beds": 50.0}, nil, no, 0, 0},
		{"FAC-02", "rescue_station", xiqing, f{"floor_area": 1500.0}, nil, pass, 0, 1500},
		{"FAC-02", "rescue_station", xiqing, f{"floor_area": 1499.5}, nil, fail, 0.5, 1499.5},
		{"FAC-02", "rescue_station", xiqing, f{"beds": 50.0}, nil, open, 0, 0},
		{"FAC-04", "rescue_station", xiqing, nil, nil, open, 0, 0},
		{"FAC-03", "rescue_station", xiqing, f{"dormitory_area": 200.0, "beds": 50.0}, nil, pass, 0, 4},
		{"FAC-03", "rescue_station", xiqing, f{"dormitory_area": 190.0, "beds": 50.0}, nil, fail, 10, 3.8},
		{"FAC-03", "rescue_station", xiqing, f{"dormitory_area": 190.0}, nil, open, 0, 0},
		{"FAC-04", "rescue_station", xiqing, f{"outdoor_area": 200.0}, nil, pass, 0, 200},
		{"FAC-04", "rescue_station", xiqing, f{"outdoor_area": 199.0}, nil, fail, 1, 199},
		{"FAC-05", "rescue_station", elsewhere, f{"rooms_men": 3.0, "rooms_women": 1.0}, nil, pass, 0, 0},
		{"FAC-05", "rescue_station", elsewhere, f{"rooms_men": 3.0, "rooms_women": 0.0}, nil, fail, 0, 0},
		{"FAC-05", "rescue_station", elsewhere, f{"rooms_men": 3.0}, nil, open, 0, 0},
		{"FAC-06", "elderly_centre", tianjin, f{"floor_area": 1000.0}, nil, pass, 0, 1000},
		{"FAC-06", "elderly_centre", tianjin, f{"floor_area": 860.0}, nil, fail, 140, 860},
		{"FAC-06", "elderly_centre", tianjin, nil, nil, open, 0, 0},
		{"FAC-06", "elderly_centre", "52", f{"floor_area": 999.0}, nil, fail, 1, 999},
		{"FAC-06", "elderly_centre", dongchang, f{"floor_area": 860.0}, nil, no, 0, 0},
		{"FAC-08", "day_care_centre", elsewhere, nil, n{FarthestHomeM: 300}, pass, 0, 300},
		{"FAC-08", "day_care_centre", elsewhere, nil, n{FarthestHomeM: 300.5}, fail, 0.5, 300.5},
		{"FAC-08", "day_care_centre", elsewhere, nil, nil, open, 0, 0},
		{"FAC-09", "elderly_station", elsewhere, nil, n{FarthestHomeM: 300}, pass, 0, 300},
		{"FAC-09", "elderly_station", elsewhere, nil, n{FarthestHomeM: 420}, fail, 120, 420},
		{"FAC-09", "elderly_station", elsewhere, nil, nil, open, 0, 0},
		{"FAC-09", "elderly_centre", elsewhere, nil, n{FarthestHomeM: 1000}, pass, 0, 1000},
		{"FAC-09", "elderly_centre", elsewhere, nil, n{FarthestHomeM: 1001}, fail, 1, 1001},
		{"FAC-10", "elderly_station", "52", nil, n{FarthestHomeM: 300}, "", 0, 0}, // FAC-09 is stricter
		{"FAC-11", "elderly_canteen", xiqing, nil, n{FarthestHomeMin: 15}, pass, 0, 15},
		{"FAC-11", "elderly_canteen", "xixian", nil, n{FarthestHomeMin: 15.1}, fail, 0.1, 15.1},
		{"FAC-11", "elderly_canteen", xiqing, nil, nil, open, 0, 0},
		{"FAC-11", "meal_point", dongchang, nil, n{FarthestHomeMin: 14}, pass, 0, 14},
		{"FAC-11", "meal_point", elsewhere, nil, n{FarthestHomeMin: 14}, no, 0, 0},
		{"FAC-12", "elderly_institution", elsewhere, f{"floor_area": 3500.0, "beds": 100.0}, nil, pass, 0, 35},
		{"FAC-12", "elderly_institution", elsewhere, f{"floor_area": 3400.0, "beds": 100.0}, nil, fail, 100, 34},
		{"FAC-12", "support_institution", elsewhere, f{"floor_area": 3400.0, "beds": 0.0}, nil, open, 0, 0},
		{"FAC-13", "elderly_institution", elsewhere, f{"land_area": 1800.0, "beds": 100.0}, nil, pass, 0, 18},
		{"FAC-13", "elderly_institution", elsewhere, f{"land_area": 4400.0, "beds": 100.0}, nil, pass, 0, 44},
		{"FAC-13", "elderly_institution", elsewhere, f{"land_area": 1790.0, "beds": 100.0}, nil, fail, 10, 17.9},
		{"FAC-13", "elderly_institution", elsewhere, f{"land_area": 4500.0, "beds": 100.0}, nil, fail, 1, 45},
		{"FAC-13", "elderly_institution", elsewhere, f{"beds": 100.0}, nil, open, 0, 0},
		{"FAC-14", "elderly_institution", elsewhere, nil, nil, open, 0, 0},
		{"FAC-14", "elderly_institution", elsewhere, f{"beds": 20.0}, nil, pass, 0, 20},
		{"FAC-14", "elderly_institution", elsewhere, f{"beds": 19.0}, nil, fail, 1, 19},
		{"FAC-15 bed", "elderly_institution", elsewhere, f{"room_area": 120.0, "beds": 20.0}, nil, pass, 0, 6},
		{"FAC-15 bed", "elderly_institution", elsewhere, f{"room_area": 119.0, "beds": 20.0}, nil, fail, 1, 5.95},
		{"FAC-15 single", "elderly_institution", elsewhere, f{"single_room_area": 10.0, "beds": 20.0}, nil, pass, 0, 10},
		{"FAC-15 single", "elderly_institution", elsewhere, f{"single_room_area": 9.5, "beds": 20.0}, nil, fail, 0.5, 9.5},
		{"FAC-15 double", "elderly_institution", elsewhere, f{"double_room_area": 16.0, "beds": 20.0}, nil, pass, 0, 16},
		{"FAC-15 double", "elderly_institution", elsewhere, f{"double_room_area": 15.0, "beds": 20.0}, nil, fail, 1, 15},
		{"FAC-15 bed", "elderly_institution", elsewhere, f{"room_area": 50.0, "beds": 19.0}, nil, no, 0, 0},
		{"FAC-15 bed", "elderly_institution", elsewhere, f{"beds": 20.0}, nil, open, 0, 0},
		{"FAC-15 bed", "elderly_institution", elsewhere, f{"room_area": 120.0}, nil, open, 0, 0},
		{"FAC-16", "day_care_centre", elsewhere, f{"places": 20.0}, nil, open, 0, 0},
		{"FAC-17 seats", "day_care_centre", elsewhere, f{"places": 20.0}, nil, open, 0, 0},
		{"FAC-17 area", "day_care_centre", elsewhere, f{"places": 20.0, "dining_area": 50.0}, nil, open, 0, 0},
		{"FAC-16", "day_care_centre", elsewhere, f{"rest_area": 80.0, "places": 20.0}, nil, pass, 0, 4},
		{"FAC-16", "day_care_centre", elsewhere, f{"rest_area": 70.0, "places": 20.0}, nil, fail, 10, 3.5},
		{"FAC-16", "day_care_centre", elsewhere, f{"rest_area": 70.0, "places": 19.0}, nil, no, 0, 0},
		{"FAC-17 seats", "day_care_centre", elsewhere, f{"dining_seats": 20.0, "places": 20.0}, nil, pass, 0, 100},
		{"FAC-17 seats", "day_care_centre", elsewhere, f{"dining_seats": 15.0, "places": 20.0}, nil, fail, 5, 75},
		{"FAC-17 area", "day_care_centre", elsewhere, f{"dining_seats": 20.0, "dining_area": 50.0, "places": 20.0}, nil, pass, 0, 2.5},
		{"FAC-17 area", "day_care_centre", elsewhere, f{"dining_seats": 20.0, "dining_area": 49.0, "places": 20.0}, nil, fail, 1, 2.45},
		{"FAC-18", "elderly_institution", elsewhere, f{"footprint": 300.0, "land_area": 1000.0, "own_site": true}, nil, pass, 0, 30},
		{"FAC-18", "elderly_institution", elsewhere, f{"footprint": 310.0, "land_area": 1000.0, "own_site": true}, nil, fail, 1, 31},
		{"FAC-18", "elderly_institution", elsewhere, f{"footprint": 310.0, "land_area": 1000.0, "own_site": false}, nil, no, 0, 0},
		{"FAC-18", "elderly_institution", elsewhere, f{"footprint": 310.0, "land_area": 1000.0}, nil, open, 0, 0},
		{"FAC-19", "elderly_station", xiqing, nil, n{HealthStationM: 300}, pass, 0, 300},
		{"FAC-19", "elderly_station", xiqing, nil, n{HealthStationM: 350}, fail, 50, 350},
		{"FAC-19", "elderly_station", xiqing, nil, nil, open, 0, 0},
		{"FAC-20 meals", "elderly_canteen", "34", nil, nil, open, 0, 0},
		{"FAC-20 area", "elderly_canteen", "34", nil, nil, open, 0, 0},
		{"FAC-21 diners", "meal_point", "34", nil, nil, open, 0, 0},
		{"FAC-21 floor", "meal_point", "34", nil, nil, open, 0, 0},
		{"FAC-20 meals", "elderly_canteen", "34", f{"meals_at_once": 50.0}, nil, pass, 0, 50},
		{"FAC-20 meals", "elderly_canteen", "34", f{"meals_at_once": 45.0}, nil, fail, 5, 45},
		{"FAC-20 area", "elderly_canteen", "34", f{"dining_area": 50.0}, nil, pass, 0, 50},
		{"FAC-20 area", "elderly_canteen", "34", f{"dining_area": 49.0}, nil, fail, 1, 49},
		{"FAC-20 area", "elderly_canteen", xiqing, f{"dining_area": 49.0}, nil, no, 0, 0},
		{"FAC-21 diners", "meal_point", "34", f{"diners": 10.0}, nil, pass, 0, 10},
		{"FAC-21 diners", "meal_point", "34", f{"diners": 9.0}, nil, fail, 1, 9},
		{"FAC-21 area", "meal_point", "34", f{"dining_area": 20.0}, nil, pass, 0, 20},
		{"FAC-21 area", "meal_point", "34", f{"dining_area": 19.0}, nil, fail, 1, 19},
		{"FAC-21 floor", "meal_point", "34", f{"floor": 1.0}, nil, pass, 0, 1},
		{"FAC-21 floor", "meal_point", "34", f{"floor": 2.0}, nil, fail, 1, 2},
		{"FAC-21 floor", "meal_point", "34", f{"floor": -1.0}, nil, fail, 2, -1},
		{"FAC-22", "elderly_canteen", elsewhere, f{"food_licence": "valid", "fire_safety": "valid"}, nil, pass, 0, 0},
		{"FAC-22", "elderly_canteen", elsewhere, f{"food_licence": "valid", "fire_safety": "none"}, nil, fail, 0, 0},
		{"FAC-22", "elderly_canteen", elsewhere, f{"food_licence": "valid"}, nil, open, 0, 0},
		{"FAC-22", "elderly_canteen", elsewhere, f{"food_licence": "valid", "fire_safety": "valid", "food_licence_until": "2026-11-27"}, nil, pass, 0, 0},
		{"FAC-22", "elderly_canteen", elsewhere, f{"food_licence": "valid", "fire_safety": "valid", "food_licence_until": "2026-11-26"}, nil, fail, 0, 0},
		// 20,000 residents × 5.715‰ × 20 × 50 % = 1,143 niches.
		{"FAC-23", "columbarium", elsewhere, f{"niches_total": 1143.0}, n{ResidentsServed: 20_000}, pass, 0, 1143},
		{"FAC-23", "columbarium", elsewhere, f{"niches_total": 1000.0}, n{ResidentsServed: 20_000}, fail, 143, 1000},
		{"FAC-23", "columbarium", elsewhere, f{"niches_total": 1000.0}, n{ResidentsServed: 20_000, MortalityPermille: 5}, pass, 0, 1000},
		{"FAC-23", "columbarium", elsewhere, f{"niches_total": 1000.0}, nil, open, 0, 0},
		{"FAC-24 share", "columbarium", elsewhere, f{"niches_total": 1000.0, "niches_used": 900.0}, nil, pass, 0, 10},
		{"FAC-24 share", "columbarium", elsewhere, f{"niches_total": 1000.0, "niches_used": 901.0}, nil, fail, 1, 9.9},
		{"FAC-24 share", "cemetery", elsewhere, f{"plots_total": 100.0, "plots_used": 100.0}, nil, fail, 10, 0},
		{"FAC-24 share", "columbarium", elsewhere, f{"niches_total": 1000.0}, nil, open, 0, 0},
		// 10,000 residents × 5‰ × 50 % = 25 a year; 75 free are three years.
		{"FAC-24 years", "columbarium", elsewhere, f{"niches_total": 1000.0, "niches_used": 925.0}, n{ResidentsServed: 10_000, MortalityPermille: 5}, pass, 0, 3},
		{"FAC-24 years", "columbarium", elsewhere, f{"niches_total": 1000.0, "niches_used": 950.0}, n{ResidentsServed: 10_000, MortalityPermille: 5}, fail, 25, 2},
		{"FAC-25", "cemetery", elsewhere, nil, nil, open, 0, 0},
		{"FAC-25", "cemetery", elsewhere, f{"forbidden_ground": []string{"none"}}, nil, pass, 0, 0},
		{"FAC-25", "cemetery", elsewhere, f{"forbidden_ground": []string{"farmland", "trunk"}}, nil, fail, 0, 0},
		{"FAC-25", "cemetery", elsewhere, f{"forbidden_ground": []string{"none", "dam"}}, nil, fail, 0, 0},
		{"FAC-26 single", "cemetery", "11", f{"plot_area": 1.0}, nil, pass, 0, 1},
		{"FAC-26 single", "cemetery", "41", f{"plot_area": 1.2}, nil, fail, 0.2, 1.2},
		{"FAC-26 single", "cemetery", "34", f{"plot_area": 0.5}, nil, pass, 0, 0.5},
		{"FAC-26 single", "cemetery", "34", f{"plot_area": 0.6}, nil, fail, 0.1, 0.6},
		{"FAC-26 double", "cemetery", "34", f{"double_plot_area": 0.8}, nil, pass, 0, 0.8},
		{"FAC-26 double", "cemetery", "34", f{"double_plot_area": 1.0}, nil, fail, 0.2, 1},
		{"FAC-26 single", "cemetery", xiqing, f{"plot_area": 5.0}, nil, no, 0, 0},
		{"FAC-26 multiple", "cemetery", "11", f{"multiple_plot_area": 3.0}, nil, pass, 0, 3},
		{"FAC-26 multiple", "cemetery", "11", f{"multiple_plot_area": 3.5}, nil, fail, 0.5, 3.5},
		{"FAC-26 single", "cemetery", "11", nil, nil, open, 0, 0},
		{"FAC-27", "cemetery", elsewhere, f{"kind": "public_benefit", "outsiders_buried": 0.0}, nil, pass, 0, 0},
		{"FAC-27", "cemetery", elsewhere, f{"kind": "public_benefit", "outsiders_buried": 2.0}, nil, fail, 0, 0},
		{"FAC-27", "cemetery", elsewhere, f{"kind": "public_benefit"}, nil, open, 0, 0},
		{"FAC-27", "cemetery", elsewhere, f{"outsiders_buried": 0.0}, nil, open, 0, 0},
		{"FAC-27", "cemetery", elsewhere, f{"kind": "commercial", "outsiders_buried": 2.0}, nil, no, 0, 0},
		{"FAC-28", "columbarium", xiqing, f{"level": "village", "fate": "merge"}, nil, pass, 0, 0},
		{"FAC-28", "columbarium", xiqing, f{"level": "village", "fate": "build"}, nil, fail, 0, 0},
		{"FAC-28", "columbarium", xiqing, f{"level": "village"}, nil, open, 0, 0},
		{"FAC-28", "columbarium", xiqing, f{"level": "subdistrict"}, nil, no, 0, 0},
		{"FAC-29", "marriage_office", dongchang, f{"rooms": []string{"registration", "mediation", "archive", "counselling", "ceremony", "waiting"}}, nil, pass, 0, 0},
		{"FAC-29", "marriage_office", dongchang, f{"rooms": []string{"registration", "mediation", "archive", "counselling", "ceremony"}}, nil, fail, 0, 0},
		{"FAC-29", "marriage_office", dongchang, nil, nil, open, 0, 0},
		{"FAC-34 record", "community_premises", xiqing, f{"title": "owned", "floor_area": 300.0, "urban_rural": "urban", "handed_over": false}, nil, pass, 0, 100},
		{"FAC-34 record", "community_premises", xiqing, f{"floor_area": 300.0}, nil, fail, 3, 25},
	}
}

func context(set *rules.Set, where string, beyond map[string]float64) Context {
	ctx := Context{Regions: set.Chain(where, where), Day: "2026-11-27", Beyond: map[string]rules.Input{}}
	for name, v := range beyond {
		ctx.Beyond[name] = Number(v)
	}
	return ctx
}

func TestGolden(t *testing.T) {
	t.Parallel()
	set, types := load(t)
	seen := map[string]bool{}
	for _, g := range goldens() {
		info, ok := types.Find(facilities.Type(g.kind))
		if !ok {
			t.Fatalf("no type %s", g.kind)
		}
		var found *rules.Finding
		all := Check(set, facilities.Facility{Type: info.Type, Status: facilities.Open, Fields: g.fields}, info, context(set, g.where, g.beyond))
		for i := range all {
			if all[i].Rule.Aspect == g.id || all[i].Rule.ID == g.id {
				found = &all[i]
			}
		}
		name := fmt.Sprintf("%s of %s in %s %v %v", g.id, g.kind, g.where, g.fields, g.beyond)
		if g.want == "" {
			if found != nil {
				t.Errorf("%s: found %s, want none", name, found.Outcome)
			}
			continue
		}
		if found == nil {
			t.Errorf("%s: no finding", name)
			continue
		}
		seen[strings.Fields(g.id)[0]] = true
		value := 0.0
		if found.Value != nil {
			value = *found.Value
		}
		if found.Outcome != g.want || math.Abs(found.Missing-g.missing) > 1e-9 || math.Abs(value-g.value) > 1e-9 {
			t.Errorf("%s: %s, value %v, missing %v; want %s, %v, %v", name, found.Outcome, value, found.Missing, g.want, g.value, g.missing)
		}
	}
	for i := range set.Rules {
		if r := set.Rules[i]; !seen[r.ID] && r.Subject == OfFacility && r.ID != "FAC-10" {
			t.Errorf("%s has no golden case", r.ID)
		}
	}
}

// Where two places' rules hold for one value the strictest is reported and names the
// other: in Guizhou a station is within 300 m by the national standard, beside 700 m.
func TestStricterNationalStandard(t *testing.T) {
	t.Parallel()
	set, types := load(t)
	info, _ := types.Find("elderly_station")
	all := Check(set, facilities.Facility{Type: info.Type, Status: facilities.Open}, info, context(set, "52", n{FarthestHomeM: 500}))
	i := slices.IndexFunc(all, func(f rules.Finding) bool { return f.Rule.Aspect == "radius" })
	if i < 0 || all[i].Rule.ID != "FAC-09" || all[i].Outcome != rules.Fail || len(all[i].Beat) != 1 || all[i].Beat[0].ID != "FAC-10" {
		t.Errorf("%+v", all)
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	set, types := load(t)
	info, _ := types.Find("day_care_centre")
	ids := func(fac facilities.Facility, where string) string {
		var out []string
		for _, f := range Check(set, fac, info, context(set, where, nil)) {
			out = append(out, f.Rule.ID+" "+string(f.Outcome))
		}
		return strings.Join(out, ", ")
	}
	open := facilities.Facility{Type: info.Type, Status: facilities.Open, Capacity: 25, Fields: f{"rest_area": 100.0}}
	want := "FAC-08 undetermined, FAC-10 not_applicable, FAC-10 not_applicable, FAC-11 not_applicable, FAC-11 not_applicable, FAC-11 not_applicable, " +
		"FAC-16 pass, FAC-17 undetermined, FAC-17 undetermined, FAC-19 not_applicable"
	if d := cmp.Diff(want, ids(open, elsewhere)); d != "" { // the capacity stands in for the places
		t.Error(d)
	}
	if got := ids(open, xiqing); !strings.Contains(got, "FAC-11 undetermined, FAC-16") {
		t.Errorf("in Xiqing: %s", got)
	}
	open.Status = facilities.Closed
	if got := ids(open, xiqing); got != "" {
		t.Errorf("closed: %s", got)
	}
	open.Status, open.ReplacedBy = facilities.Open, []string{"x"}
	if got := ids(open, xiqing); got != "" {
		t.Errorf("replaced: %s", got)
	}
	parlour, _ := types.Find("funeral_parlour")
	if got := Check(set, facilities.Facility{Type: parlour.Type, Status: facilities.Open}, parlour, context(set, xiqing, nil)); got != nil {
		t.Errorf("a type without standards: %+v", got)
	}
	if !Needs(set, info, FarthestHomeM) || Needs(set, info, ResidentsServed) {
		t.Error("what a day-care centre's checks need")
	}
}

// With any field or input missing that a check needs, it never passes; and a check never
// fails or passes without saying of what.
func TestUnknownNeverPasses(t *testing.T) {
	t.Parallel()
	set, types := load(t)
	all := goldens()
	rapid.Check(t, func(t *rapid.T) {
		g := rapid.SampledFrom(all).Draw(t, "case")
		info, _ := types.Find(facilities.Type(g.kind))
		fields := f{}
		for name, v := range g.fields {
			if rapid.Bool().Draw(t, name) {
				fields[name] = v
			}
		}
		ctx := context(set, g.where, g.beyond)
		for name := range g.beyond {
			if rapid.Bool().Draw(t, name) {
				delete(ctx.Beyond, name)
			}
		}
		for _, found := range Check(set, facilities.Facility{Type: info.Type, Status: facilities.Open, Fields: fields}, info, ctx) {
			for _, in := range found.Inputs {
				if in.Value == nil && found.Outcome == rules.Pass {
					t.Fatalf("%s passes without %s", found.Rule.ID, in.Name)
				}
				if in.Value == nil && (in.WhyZH == "" || in.WhyEN == "") {
					t.Fatalf("%s: nothing says why %s is not known", found.Rule.ID, in.Name)
				}
			}
			if found.Outcome != rules.Pass && found.Value == nil && (found.ReasonZH == "" || found.ReasonEN == "") {
				t.Fatalf("%s: %s without a reason", found.Rule.ID, found.Outcome)
			}
		}
	})
}
