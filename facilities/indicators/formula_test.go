package indicators_test

import (
	"strings"
	"testing"

	"yike/facilities/indicators"
)

func TestFormulaCheck(t *testing.T) {
	t.Parallel()
	catalogue := types(t)
	standard := indicators.Formula{Kind: indicators.PremisesStandard, Of: of("community_premises"), UrbanMin: 30, RuralMin: 300}
	for _, tc := range []struct {
		name    string
		formula indicators.Formula
		fields  string // with a fault
	}{
		{"by hand", indicators.Formula{Kind: indicators.ByHand}, ""},
		{"a count", indicators.Formula{Kind: indicators.Count, Of: of("elderly_canteen")}, ""},
		{"a standard", standard, ""},
		{"no such formula", indicators.Formula{Kind: "guess"}, "f.kind"},
		{"of nothing", indicators.Formula{Kind: indicators.Count}, "f.of"},
		{"of no type", indicators.Formula{Kind: indicators.Count, Of: of("pub")}, "f.of[0].type"},
		{"of no field", indicators.Formula{Kind: indicators.Sum, Of: of("elderly_institution")}, "f.field"},
		{"of a field that is no number", indicators.Formula{Kind: indicators.Sum, Of: of("elderly_institution"), Field: "operator"}, "f.field"},
		{"of a field of another type", indicators.Formula{Kind: indicators.Sum, Of: of("elderly_institution", "columbarium"), Field: "beds"}, "f.field"},
		{"a share of no field", indicators.Formula{Kind: indicators.ShareOfSum, Of: of("elderly_institution"), Field: "beds"}, "f.of_field"},
		{"a condition on no field", indicators.Formula{Kind: indicators.Count, Of: []indicators.Selection{where("columbarium", "colour", "red")}}, "f.of[0].where[0].field"},
		{"a condition that nothing meets", indicators.Formula{Kind: indicators.Count, Of: []indicators.Selection{where("columbarium", "level", "moon")}}, "f.of[0].where[0].is"},
		{"a condition without values", indicators.Formula{Kind: indicators.Count, Of: []indicators.Selection{where("columbarium", "level")}}, "f.of[0].where[0].is"},
		{"a part of nothing", indicators.Formula{Kind: indicators.ShareOfCount, Of: of("community_premises")}, "f.part"},
		{"a part on no field", indicators.Formula{Kind: indicators.ShareOfCount, Of: of("community_premises"), Part: []indicators.Condition{{Field: "x", Is: []string{"true"}}}}, "f.part[0].field"},
		{"a standard without areas", indicators.Formula{Kind: indicators.PremisesStandard, Of: of("community_premises")}, "f.urban_min"},
		{"less than nothing", indicators.Formula{Kind: indicators.SubdistrictCoverage, Of: of("elderly_centre"), MinArea: -1}, "f.min_area"},
		{"no setting", indicators.Formula{Kind: indicators.UnitCoverage, Of: of("elderly_centre"), Setting: "sea"}, "f.setting"},
		{"a pass rate", indicators.Formula{Kind: indicators.EstateRate, Rate: "IND-29"}, ""},
		{"no pass rate", indicators.Formula{Kind: indicators.EstateRate}, "f.rate"},
		{"a pass rate that nobody knows", indicators.Formula{Kind: indicators.EstateRate, Rate: "IND-99"}, "f.rate"},
		{"no rank", indicators.Formula{Kind: indicators.SubdistrictCount, Of: of("elderly_centre"), Rank: "city"}, "f.rank"},
	} {
		var got []string
		for _, f := range tc.formula.Check(catalogue, "f") {
			got = append(got, f.Field)
			if f.ZH == "" || f.EN == "" {
				t.Errorf("%s: a fault without words", tc.name)
			}
		}
		if strings.Join(got, " ") != tc.fields {
			t.Errorf("%s: faults in %q, want %q", tc.name, strings.Join(got, " "), tc.fields)
		}
	}
}

func TestFormulaDescribe(t *testing.T) {
	t.Parallel()
	catalogue := types(t)
	for want, f := range map[string]indicators.Formula{
		"登记中算不出":                          {Kind: indicators.ByHand},
		"骨灰堂（级别为村级）数。":                    {Kind: indicators.Count, Of: []indicators.Selection{where("columbarium", "level", "village")}},
		"床位之和。再除以 10000。":                 {Kind: indicators.Sum, Of: of("elderly_institution"), Field: "beds", DivideBy: 10000},
		"护理型床位 ÷ 床位 × 100":                {Kind: indicators.ShareOfSum, Of: of("elderly_institution"), Field: "nursing_beds", OfField: "beds"},
		"的所占比例":                           {Kind: indicators.ShareOfCount, Of: of("community_premises"), Part: []indicators.Condition{{Field: "volunteer_station", Is: []string{"true"}}}},
		"÷ 60 岁及以上人口 × 1000":              {Kind: indicators.Per1000Elders, Of: of("elderly_institution"), Field: "beds"},
		"的社区 ÷ 全部社区 × 100":                {Kind: indicators.UnitCoverage, Of: of("elderly_canteen"), Setting: "urban"},
		"（建筑面积不少于 1000\u2009㎡）的街道 ÷ 全部街道": {Kind: indicators.SubdistrictCoverage, Of: of("elderly_centre"), MinArea: 1000, Rank: indicators.Street},
		"的街镇数。":                           {Kind: indicators.SubdistrictCount, Of: of("social_work_station")},
		"÷ 户数 × 100":                      {Kind: indicators.AreaPer100Households, Of: of("community_premises")},
		"社区每百户不低于 30\u2009㎡，村不低于 300":     {Kind: indicators.PremisesStandard, Of: of("community_premises"), UrbanMin: 30, RuralMin: 300},
	} {
		got := f.Describe(catalogue)
		if !strings.Contains(got.ZH, want) || got.EN == "" {
			t.Errorf("%s: %s / %s", f.Kind, got.ZH, got.EN)
		}
	}
}
