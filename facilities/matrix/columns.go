package matrix

import (
	"slices"

	"yike/facilities"
	"yike/geo/divisions"
)

// The columns of which any of several types will do.
const (
	// ElderlyPlace is the 一居（村）一场所 of the plans, and what their coverage by community
	// elderly-care facilities counts.
	ElderlyPlace = "elderly_place"
	// MealService is the 助餐服务全覆盖: a canteen or a meal point.
	MealService = "meal_service"
)

// The types that the table knows by name.
const (
	communityPremises = facilities.Type("community_premises")
	dayCare           = facilities.Type("day_care_centre")
	elderlyCentre     = facilities.Type("elderly_centre")
	elderlyGuidance   = facilities.Type("elderly_guidance")
)

// elderlyPlaces are the types of which a community is to have some one.
func elderlyPlaces() []facilities.Type {
	return []facilities.Type{"day_care_centre", "elderly_station", "elderly_canteen", "meal_point", "rural_elderly_centre", elderlyCentre}
}

// settings are the types that the plans ask of communities of one setting only: 城市日间照料
// 机构, 农村幸福院, and 公益性安放设施 of 涉农区.
func settings() map[facilities.Type]divisions.Setting {
	return map[facilities.Type]divisions.Setting{
		"day_care_centre": divisions.Urban, "rural_elderly_centre": divisions.Rural, "columbarium": divisions.Rural,
	}
}

// anyOf are the columns of several types, each behind the column of a type.
func anyOf() map[facilities.Type]Column {
	return map[facilities.Type]Column{
		communityPremises: {
			ID: ElderlyPlace, Types: elderlyPlaces(), Name: Text{"养老服务场所（任一）", "elderly-care place (any)"}, Unit: divisions.Community, Asked: true,
			Source: Text{
				"天津市民政事业发展“十四五”规划“一居（村）一场所”；西青区“十四五”规划 表1#9 社区养老服务设施覆盖率 100%",
				"Tianjin plan: one place for each community; Xiqing plan, table 1 #9: all communities have a facility",
			},
			Grade: "S1",
		},
		"elderly_station": {
			ID: MealService, Types: []facilities.Type{"elderly_canteen", "meal_point"}, Name: Text{"助餐（食堂或助餐点）", "meals (canteen or meal point)"},
			Unit: divisions.Community, Asked: true,
			Source: Text{
				"天津市民政事业发展“十四五”规划：到2025年，实现助餐服务全覆盖",
				"Tianjin plan: meal services everywhere by 2025",
			},
			Grade: "S1",
		},
	}
}

// AllColumns are the columns that a table may have, in the order in which people are
// shown them: what each community is to have, then each subdistrict, then the district.
func AllColumns(types []facilities.TypeInfo) []Column {
	sets := anyOf()
	var out []Column
	for _, unit := range []divisions.Level{divisions.Community, divisions.Subdistrict, divisions.District} {
		for _, t := range types {
			c := columnOf(t)
			if c.Unit != unit {
				continue
			}
			out = append(out, c)
			if set, ok := sets[t.Type]; ok {
				out = append(out, set)
			}
		}
	}
	// Premises come first: they are what the communities are measured by.
	first := func(c Column) bool { return c.ID == string(communityPremises) || c.ID == ElderlyPlace }
	slices.SortStableFunc(out, func(a, b Column) int { return rankOf(first(a)) - rankOf(first(b)) })
	return out
}

func rankOf(first bool) int {
	if first {
		return 0
	}
	return 1
}

// columnOf is the column of a type: its unit is what a text asks it of, and a community
// where no text does.
func columnOf(t facilities.TypeInfo) Column {
	c := Column{
		ID: string(t.Type), Types: []facilities.Type{t.Type}, Name: Text{t.ZH, t.EN}, Unit: divisions.Community, Setting: settings()[t.Type],
	}
	if t.Type == dayCare {
		c.Asked, c.Grade = true, "S1"
		c.Source = Text{
			"天津市民政事业发展“十四五”规划：到2025年，城市地区日间照料机构覆盖率达到100%",
			"Tianjin plan: all urban communities have day care by 2025",
		}
		return c
	}
	for _, l := range t.Limits {
		switch level := divisions.Level(l.Per); level {
		case divisions.Community, divisions.Subdistrict, divisions.District:
			c.Unit, c.Asked, c.Source, c.Grade = level, true, Text{l.CiteZH, l.CiteEN}, l.Grade
			return c
		}
		if c.Grade == "" || isPlan(l.Grade) && !isPlan(c.Grade) {
			c.Source, c.Grade = Text{l.CiteZH, l.CiteEN}, l.Grade
		}
	}
	return c
}

// UsualColumns are those that a table has where nobody chooses: the core types, what the
// plans count, and any elderly-care place.
func UsualColumns(types []facilities.TypeInfo) []string {
	var out []string
	for _, c := range AllColumns(types) {
		core := slices.ContainsFunc(types, func(t facilities.TypeInfo) bool { return string(t.Type) == c.ID && t.Core })
		if core || isPlan(c.Grade) {
			out = append(out, c.ID)
		}
	}
	return out
}

// pick gives the columns of a choice, in the usual order; unknown ids are left out.
func pick(types []facilities.TypeInfo, ids []string) []Column {
	if ids == nil {
		ids = UsualColumns(types)
	}
	return slices.DeleteFunc(AllColumns(types), func(c Column) bool { return !slices.Contains(ids, c.ID) })
}
