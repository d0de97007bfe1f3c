package indicators_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"yike/facilities"
	"yike/facilities/indicators"
	"yike/geo/divisions"
	"yike/internal/record"
)

const day = record.Day("2026-12-31")

// town has a street with two urban communities of 1,000 and 500 households and one
// village, and a town with two villages. People aged 60 and over: 2,000 registered, 2,500
// resident.
func town(list ...facilities.Facility) indicators.Facts {
	division := func(code string, level divisions.Level, parent string, setting divisions.Setting, households int) divisions.Division {
		return divisions.Division{Code: code, Level: level, ParentCode: parent, Setting: setting, Households: households}
	}
	all, err := facilities.Catalogue()
	if err != nil {
		panic(err)
	}
	return indicators.Facts{
		Day: day, Types: all, Facilities: list,
		Divisions: []divisions.Division{
			division("990001", divisions.District, "", "", 0),
			division("990001001", divisions.Subdistrict, "990001", "", 0),
			division("990001001001", divisions.Community, "990001001", divisions.Urban, 1000),
			division("990001001002", divisions.Community, "990001001", divisions.Urban, 500),
			division("990001001201", divisions.Community, "990001001", divisions.Rural, 200),
			division("990001101", divisions.Subdistrict, "990001", "", 0),
			division("990001101201", divisions.Community, "990001101", divisions.Rural, 300),
			division("990001101202", divisions.Community, "990001101", divisions.Rural, 0),
			division("99000110120201", divisions.Grid, "990001101202", "", 0),
		},
		Elders: []indicators.People{{Base: divisions.Registered, Number: 2000}, {Base: divisions.Resident, Number: 2500}},
	}
}

type fields = map[string]any

func place(id string, typ facilities.Type, division string, f fields) facilities.Facility {
	return facilities.Facility{
		ID: id, Type: typ, Status: facilities.Open, Stage: facilities.Published, DivisionCode: division, Fields: f, ValidFrom: "2020-01-01",
	}
}

func of(list ...string) []indicators.Selection {
	out := make([]indicators.Selection, len(list))
	for i, typ := range list {
		out[i].Type = facilities.Type(typ)
	}
	return out
}

func where(typ, field string, is ...string) indicators.Selection {
	return indicators.Selection{Type: facilities.Type(typ), Where: []indicators.Condition{{Field: field, Is: is}}}
}

// outcome says a result in short: its number, a lower bound, or that there is neither.
func outcome(r indicators.Result) string {
	switch {
	case r.Number != nil:
		return indicators.FormatNumber(*r.Number)
	case r.AtLeast != nil:
		return "at least " + indicators.FormatNumber(*r.AtLeast)
	}
	return "none"
}

// Worked out by hand.
func TestCompute(t *testing.T) {
	t.Parallel()
	institutions := []facilities.Facility{
		place("a", "elderly_institution", "990001001001", fields{"beds": 100.0, "nursing_beds": 60.0, "operation_mode": "public"}),
		place("b", "elderly_institution", "990001101201", fields{"beds": 50.0, "nursing_beds": 15.0, "operation_mode": "private"}),
	}
	premises := []facilities.Facility{
		place("p", "community_premises", "990001001001", fields{"floor_area": 320.0, "volunteer_station": true}),
		place("q", "community_premises", "990001001002", fields{"floor_area": 140.0, "volunteer_station": false}),
		place("r", "community_premises", "990001001201", fields{"floor_area": 300.0, "volunteer_station": true}),
		place("s", "community_premises", "990001101201", fields{"floor_area": 299.0, "volunteer_station": true}),
	}
	centres := []facilities.Facility{
		place("c", "elderly_centre", "990001001001", fields{"floor_area": 1000.0}),
		place("d", "elderly_centre", "990001101202", fields{"floor_area": 999.0}),
	}
	served := place("e", "elderly_canteen", "990001001001", nil)
	served.Serves = []string{"990001001002", "990001001001", "990001101202"}
	halls := []facilities.Facility{
		place("h", "columbarium", "990001101201", fields{"level": "village"}),
		place("i", "columbarium", "990001101202", fields{"level": "village"}),
		place("j", "columbarium", "990001101", fields{"level": "subdistrict"}),
		place("k", "columbarium", "990001101", nil),
	}
	for _, tc := range []struct {
		name    string
		formula indicators.Formula
		places  []facilities.Facility
		want    string
	}{
		{"a count", indicators.Formula{Kind: indicators.Count, Of: of("elderly_institution")}, institutions, "2"},
		{"a count of none", indicators.Formula{Kind: indicators.Count, Of: of("rescue_station")}, institutions, "0"},
		{"a count of some, where one does not say", indicators.Formula{Kind: indicators.Count, Of: []indicators.Selection{where("columbarium", "level", "village")}}, halls, "at least 2"},
		{"a count of some, where all say", indicators.Formula{Kind: indicators.Count, Of: []indicators.Selection{where("columbarium", "level", "village")}}, halls[:3], "2"},
		{"a count of two types", indicators.Formula{Kind: indicators.Count, Of: of("elderly_institution", "elderly_centre")}, slices.Concat(institutions, centres), "4"},

		{"a sum", indicators.Formula{Kind: indicators.Sum, Of: of("elderly_institution"), Field: "beds"}, institutions, "150"},
		{"a sum of none", indicators.Formula{Kind: indicators.Sum, Of: of("elderly_institution"), Field: "beds"}, nil, "0"},
		{"a sum in ten thousands", indicators.Formula{Kind: indicators.Sum, Of: of("elderly_institution"), Field: "beds", DivideBy: 100}, institutions, "1.5"},
		{"a sum with a blank", indicators.Formula{Kind: indicators.Sum, Of: of("elderly_institution"), Field: "beds"}, append(slices.Clone(institutions), place("z", "elderly_institution", "990001001001", nil)), "at least 150"},

		{"a share", indicators.Formula{Kind: indicators.ShareOfSum, Of: of("elderly_institution"), Field: "nursing_beds", OfField: "beds"}, institutions, "50"},
		{"a share of the public ones", indicators.Formula{Kind: indicators.ShareOfSum, Of: []indicators.Selection{where("elderly_institution", "operation_mode", "public", "public_built_private_run")}, Field: "nursing_beds", OfField: "beds"}, institutions, "60"},
		{"a share of nothing", indicators.Formula{Kind: indicators.ShareOfSum, Of: of("elderly_institution"), Field: "nursing_beds", OfField: "beds"}, nil, "none"},
		{"a share with a blank", indicators.Formula{Kind: indicators.ShareOfSum, Of: of("elderly_institution"), Field: "nursing_beds", OfField: "beds"}, append(slices.Clone(institutions), place("z", "elderly_institution", "990001001001", fields{"beds": 10.0})), "none"},

		{"a share of places", indicators.Formula{Kind: indicators.ShareOfCount, Of: of("community_premises"), Part: []indicators.Condition{{Field: "volunteer_station", Is: []string{"true"}}}}, premises, "75"},
		{"a share of places, where one does not say", indicators.Formula{Kind: indicators.ShareOfCount, Of: of("community_premises"), Part: []indicators.Condition{{Field: "volunteer_station", Is: []string{"true"}}}}, append(slices.Clone(premises), place("z", "community_premises", "990001001001", nil)), "at least 60"},
		{"a share of no places", indicators.Formula{Kind: indicators.ShareOfCount, Of: of("community_premises"), Part: []indicators.Condition{{Field: "volunteer_station", Is: []string{"true"}}}}, nil, "none"},

		// 150 beds for 2,000 registered elders.
		{"per 1,000 elders", indicators.Formula{Kind: indicators.Per1000Elders, Of: of("elderly_institution"), Field: "beds"}, institutions, "75"},

		// Its own community, and two that it is assigned to, one of them a village.
		{"coverage of communities", indicators.Formula{Kind: indicators.UnitCoverage, Of: of("elderly_canteen")}, []facilities.Facility{served}, "60"},
		{"coverage of urban communities", indicators.Formula{Kind: indicators.UnitCoverage, Of: of("elderly_canteen"), Setting: divisions.Urban}, []facilities.Facility{served}, "100"},
		{"coverage of villages", indicators.Formula{Kind: indicators.UnitCoverage, Of: of("elderly_canteen"), Setting: divisions.Rural}, []facilities.Facility{served}, "33.33"},
		{"coverage by none", indicators.Formula{Kind: indicators.UnitCoverage, Of: of("elderly_canteen")}, nil, "0"},
		{"coverage from a grid", indicators.Formula{Kind: indicators.UnitCoverage, Of: of("elderly_canteen")}, []facilities.Facility{place("g", "elderly_canteen", "99000110120201", nil)}, "20"},
		{"coverage by one that lies in no community", indicators.Formula{Kind: indicators.UnitCoverage, Of: of("elderly_canteen")}, []facilities.Facility{place("g", "elderly_canteen", "990001101", nil)}, "0"},

		{"coverage of subdistricts", indicators.Formula{Kind: indicators.SubdistrictCoverage, Of: of("elderly_centre")}, centres, "100"},
		{"coverage of subdistricts by area", indicators.Formula{Kind: indicators.SubdistrictCoverage, Of: of("elderly_centre"), MinArea: 1000}, centres, "50"},
		{"coverage of streets by area", indicators.Formula{Kind: indicators.SubdistrictCoverage, Of: of("elderly_centre"), MinArea: 1000, Rank: indicators.Street}, centres, "100"},
		{"coverage of towns by area", indicators.Formula{Kind: indicators.SubdistrictCoverage, Of: of("elderly_centre"), MinArea: 1000, Rank: indicators.Town}, centres, "0"},
		{"an area not known where it matters", indicators.Formula{Kind: indicators.SubdistrictCoverage, Of: of("elderly_centre"), MinArea: 1000}, []facilities.Facility{centres[0], place("z", "elderly_centre", "990001101201", nil)}, "at least 50"},
		{"an area not known where it does not", indicators.Formula{Kind: indicators.SubdistrictCoverage, Of: of("elderly_centre"), MinArea: 1000}, []facilities.Facility{centres[0], place("z", "elderly_centre", "990001001002", nil)}, "50"},
		{"subdistricts that have one", indicators.Formula{Kind: indicators.SubdistrictCount, Of: of("elderly_centre")}, centres[:1], "1"},

		// One village has no households: its share cannot be told.
		{"area per 100 households", indicators.Formula{Kind: indicators.AreaPer100Households, Of: of("community_premises")}, premises, "none"},
		// 320 m² of 300 pass; 140 of 150 do not; villages need 300: one of three passes, one has 299, one has none.
		{"premises up to standard", indicators.Formula{Kind: indicators.PremisesStandard, Of: of("community_premises"), UrbanMin: 30, RuralMin: 300}, premises, "40"},
		{"premises without an area", indicators.Formula{Kind: indicators.PremisesStandard, Of: of("community_premises"), UrbanMin: 30, RuralMin: 300}, append(slices.Clone(premises), place("z", "community_premises", "990001101202", nil)), "at least 40"},

		{"by hand", indicators.Formula{Kind: indicators.ByHand}, institutions, "none"},
		{"no such formula", indicators.Formula{Kind: "guess"}, institutions, "none"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := tc.formula.Compute(town(tc.places...))
			if got := outcome(r); got != tc.want {
				t.Errorf("%s, want %s; %s", got, tc.want, r.Reason.ZH)
			}
			if (r.Number == nil) != (!r.Reason.Empty()) || r.Reason.ZH != "" && r.Reason.EN == "" || r.Day != day {
				t.Errorf("number %v, reason %+v", show(r.Number), r.Reason)
			}
		})
	}
}

func TestAreaPer100Households(t *testing.T) {
	t.Parallel()
	facts := town(place("p", "community_premises", "990001001001", fields{"floor_area": 500.0}), place("q", "community_premises", "990001001002", fields{"floor_area": 100.0}))
	formula := indicators.Formula{Kind: indicators.AreaPer100Households, Of: of("community_premises")}
	facts.Divisions[7].Households = 400 // 2,400 in all
	if got := outcome(formula.Compute(facts)); got != "25" {
		t.Errorf("600 m² for 2,400 households: %s", got)
	}
	facts.Facilities = append(facts.Facilities, place("z", "community_premises", "990001001001", nil))
	if got := outcome(formula.Compute(facts)); got != "at least 25" {
		t.Errorf("with one that does not say: %s", got)
	}
	facts.Divisions = nil
	if r := formula.Compute(facts); outcome(r) != "none" {
		t.Errorf("without divisions: %s", outcome(r))
	}
}

// Who counts: what is open, published, there on the day, and not replaced.
func TestWhatCounts(t *testing.T) {
	t.Parallel()
	yes := place("yes", "elderly_canteen", "990001001001", nil)
	with := func(id string, change func(*facilities.Facility)) facilities.Facility {
		f := place(id, "elderly_canteen", "990001001001", nil)
		change(&f)
		return f
	}
	facts := town(yes,
		with("planned", func(f *facilities.Facility) { f.Status = facilities.Planned }),
		with("closed", func(f *facilities.Facility) { f.Status = facilities.Closed }),
		with("draft", func(f *facilities.Facility) { f.Stage = facilities.Draft }),
		with("submitted", func(f *facilities.Facility) { f.Stage = facilities.Submitted }),
		with("merged", func(f *facilities.Facility) { f.ReplacedBy = []string{"yes"} }),
		with("later", func(f *facilities.Facility) { f.Fields = fields{"opened_on": "2027-01-01"} }),
		with("that day", func(f *facilities.Facility) { f.Fields = fields{"opened_on": "2026-12-31"} }),
		with("unplaced", func(f *facilities.Facility) { f.Unplaced = true }),
		with("an example", func(f *facilities.Facility) { f.Example, f.ValidFrom = true, "" }),
		place("a point", "meal_point", "990001001001", nil),
	)
	r := indicators.Formula{Kind: indicators.Count, Of: of("elderly_canteen")}.Compute(facts)
	if d := cmp.Diff([]string{"an example", "that day", "unplaced", "yes"}, r.Counted); d != "" {
		t.Error(d)
	}
	notes := fmt.Sprint(r.Notes)
	if !strings.Contains(notes, "其中 1 处是按规则放置的示例") || !strings.Contains(notes, "其中 1 处没有启用日期") {
		t.Error(notes)
	}
	r = indicators.Formula{Kind: indicators.Count, Of: of("rescue_station")}.Compute(facts)
	if len(r.Notes) != 1 || !strings.Contains(r.Notes[0].ZH, "可能是还没有登记") {
		t.Errorf("of a type that nobody registered: %v", r.Notes)
	}
}

// The capacity of a record stands for the field that it follows.
func TestCapacityStandsForItsField(t *testing.T) {
	t.Parallel()
	f := place("a", "elderly_institution", "990001001001", nil)
	f.Capacity = 80
	facts := town(f)
	if got := outcome(indicators.Formula{Kind: indicators.Sum, Of: of("elderly_institution"), Field: "beds"}.Compute(facts)); got != "80" {
		t.Errorf("beds: %s", got)
	}
	if got := outcome(indicators.Formula{Kind: indicators.Sum, Of: of("elderly_institution"), Field: "nursing_beds"}.Compute(facts)); got != "at least 0" {
		t.Errorf("nursing beds: %s", got)
	}
}

// A rate by people says each base, leads with the indicator's own, and never takes one
// for the other in silence.
func TestBothBases(t *testing.T) {
	t.Parallel()
	i := indicators.Indicator{Base: indicators.Resident, Formula: indicators.Formula{Kind: indicators.Per1000Elders, Of: of("elderly_institution"), Field: "beds"}}
	facts := town(place("a", "elderly_institution", "990001001001", fields{"beds": 100.0}))
	r := i.Compute(facts)
	if outcome(r) != "40" || len(r.Bases) != 2 || r.Bases[0].Base != indicators.Resident || r.Bases[1].Number != 50 {
		t.Errorf("%s, %+v", outcome(r), r.Bases)
	}
	i.Base = indicators.Registered
	if r := i.Compute(facts); outcome(r) != "50" {
		t.Errorf("registered: %s", outcome(r))
	}
	facts.Elders = facts.Elders[1:]
	if r := i.Compute(facts); outcome(r) != "40" || !strings.Contains(fmt.Sprint(r.Notes), "不能与目标直接相比") {
		t.Errorf("without registered people: %s %v", outcome(r), r.Notes)
	}
	facts.Elders, facts.ElderNote = nil, indicators.Text{ZH: "没有", EN: "none"}
	if r := i.Compute(facts); outcome(r) != "none" || !strings.Contains(r.Reason.ZH, "60 岁") {
		t.Errorf("without people: %s %s", outcome(r), r.Reason.ZH)
	}
	facts = town(place("a", "elderly_institution", "990001001001", fields{"beds": 100.0}), place("b", "elderly_institution", "990001001001", nil))
	if r := i.Compute(facts); outcome(r) != "at least 50" {
		t.Errorf("with a blank: %s", outcome(r))
	}
}

// Both notions of coverage stand side by side, and ten points between them are said.
func TestBothNotions(t *testing.T) {
	t.Parallel()
	facts := town(place("a", "elderly_canteen", "990001001001", nil))
	i := indicators.Formula{Kind: indicators.UnitCoverage, Of: of("elderly_canteen")}
	for _, tc := range []struct {
		covered float64
		said    bool
	}{{90, true}, {30, false}, {30.1, true}, {10, false}} {
		facts.Reach = func(types []facilities.Type) indicators.Reach {
			if !slices.Equal(types, []facilities.Type{"elderly_canteen"}) {
				t.Errorf("asked for %v", types)
			}
			return indicators.Reach{Covered: tc.covered, Population: 100, Base: divisions.Resident, Band: "60+", Minutes: 15}
		}
		r := i.Compute(facts)
		if outcome(r) != "20" || r.Reach == nil || r.Reach.Covered != tc.covered || strings.Contains(fmt.Sprint(r.Notes), "个百分点") != tc.said {
			t.Errorf("%v: %s, %v", tc.covered, outcome(r), r.Notes)
		}
		if d := cmp.Diff(&indicators.Units{Total: 5, Own: 1, Without: []string{"990001001002", "990001001201", "990001101201", "990001101202"}}, r.Units); d != "" {
			t.Error(d)
		}
	}
	facts.Reach = func([]facilities.Type) indicators.Reach {
		return indicators.Reach{Covered: 90, Population: 100, Day: "2027-06-01"}
	}
	if r := i.Compute(facts); r.Reach == nil || strings.Contains(fmt.Sprint(r.Notes), "个百分点") {
		t.Errorf("of two days: %+v", r)
	}
	facts.Reach = func([]facilities.Type) indicators.Reach {
		return indicators.Reach{Reason: indicators.Text{ZH: "没有", EN: "none"}}
	}
	if r := i.Compute(facts); r.Reach == nil || strings.Contains(fmt.Sprint(r.Notes), "个百分点") {
		t.Errorf("without walking times: %+v", r)
	}
}

// Of communities whose setting nobody knows, nothing is claimed.
func TestSettingNotKnown(t *testing.T) {
	t.Parallel()
	facts := town(place("a", "elderly_canteen", "990001001001", nil))
	facts.Divisions[2].Setting = ""
	for setting, want := range map[divisions.Setting]string{divisions.Urban: "none", divisions.Rural: "none", "": "20"} {
		r := indicators.Formula{Kind: indicators.UnitCoverage, Of: of("elderly_canteen"), Setting: setting}.Compute(facts)
		if outcome(r) != want {
			t.Errorf("%q: %s", setting, outcome(r))
		}
	}
	if r := (indicators.Formula{Kind: indicators.PremisesStandard, Of: of("community_premises"), UrbanMin: 30, RuralMin: 300}).Compute(facts); outcome(r) != "at least 0" {
		t.Errorf("standard: %s", outcome(r))
	}
	facts.Divisions = nil
	for _, kind := range []indicators.FormulaKind{indicators.UnitCoverage, indicators.SubdistrictCoverage, indicators.PremisesStandard} {
		if r := (indicators.Formula{Kind: kind, Of: of("community_premises")}).Compute(facts); outcome(r) != "none" || !strings.Contains(r.Reason.ZH, "数据中没有") {
			t.Errorf("%s without divisions: %s %s", kind, outcome(r), r.Reason.ZH)
		}
	}
}

// What one does not know never makes a figure smaller or greater than it is: a blank is
// not 0. Whatever the blanks turn out to be, the lower bound holds.
func TestBlanksNeverCountAsZero(t *testing.T) {
	t.Parallel()
	catalogue := types(t)
	rapid.Check(t, func(rt *rapid.T) {
		var known, blank []facilities.Facility
		holes := 0
		for n := range rapid.IntRange(0, 6).Draw(rt, "places") {
			beds := float64(rapid.IntRange(0, 200).Draw(rt, "beds"))
			f := fields{"beds": beds, "nursing_beds": float64(rapid.IntRange(0, int(beds)).Draw(rt, "nursing"))}
			id := fmt.Sprint(n)
			known = append(known, place(id, "elderly_institution", "990001001001", f))
			if rapid.Bool().Draw(rt, "blank") {
				f, holes = fields{"nursing_beds": f["nursing_beds"]}, holes+1
			}
			blank = append(blank, place(id, "elderly_institution", "990001001001", f))
		}
		for _, f := range []indicators.Formula{
			{Kind: indicators.Sum, Of: of("elderly_institution"), Field: "beds"},
			{Kind: indicators.Per1000Elders, Of: of("elderly_institution"), Field: "beds"},
			{Kind: indicators.ShareOfSum, Of: of("elderly_institution"), Field: "nursing_beds", OfField: "beds"},
		} {
			truth, seen := town(known...), town(blank...)
			truth.Types, seen.Types = catalogue, catalogue
			full, part := f.Compute(truth), f.Compute(seen)
			if holes > 0 && (part.Number != nil || len(part.Lacking) != holes) {
				rt.Fatalf("%s: %v with %d blanks, %d of them said", f.Kind, *part.Number, holes, len(part.Lacking))
			}
			if holes == 0 && outcome(full) != outcome(part) {
				rt.Fatalf("%s: %s and %s", f.Kind, outcome(full), outcome(part))
			}
			if part.AtLeast != nil && full.Number != nil && *part.AtLeast > *full.Number+1e-9 {
				rt.Fatalf("%s: at least %v, and it is %v", f.Kind, *part.AtLeast, *full.Number)
			}
		}
	})
}
