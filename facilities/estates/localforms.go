package estates

import (
	"slices"

	"yike/internal/rules"
)

// Parameter says what somebody who uses a form of rule fills in.
type Parameter string

// The parameters.
const (
	AtLeast   Parameter = "at_least" // Value, the least that passes
	AtMost    Parameter = "at_most"  // Value, the most that passes
	Between   Parameter = "between"  // Value and Upper
	ByTiers   Parameter = "tiers"    // Tiers by floor area of housing
	AllListed Parameter = "elements" // Elements that must all be there
	Nothing   Parameter = "none"     // there is nothing to fill in
	FromHere  Parameter = "from"     // Value, the floor from which it is asked
)

// LocalForm is a form of rule that a bureau may use, with the bounds of its parameter. The
// bounds are far apart: they catch a wrong unit, and leave what is right to the bureau.
type LocalForm struct {
	Code      string
	ZH, EN    string
	ID        string // of the catalogue's rules that it is one of (RAT-01), which says when it is due
	Aspect    string // "" for one that is compared with no other rule
	Subject   string
	Parameter Parameter
	Unit      string // of the parameter; "" where it has none
	Low, High float64
	Decimals  int  // of the parameter
	ForKinds  bool // may be limited to new estates or to standing ones
	Settings  bool // may be limited to towns or to villages
	ForPeople bool // may be limited to estates of so many people

	shape rules.Rule // what the rule computes
}

// LocalForms lists the forms that a bureau may use, in the order of the catalogue.
func LocalForms() []LocalForm {
	all := slices.Concat(areaForms(), scaleForms(), stepForms(), roomForms(), hubForms())
	for i := range all {
		f := &all[i]
		f.ForKinds = f.Subject == OfEstate
		f.ForPeople = f.Subject == OfEstate
		f.Settings = f.Subject == OfCommunity
	}
	return all
}

// LocalFormOf finds a form by its code word.
func LocalFormOf(code string) (LocalForm, bool) {
	all := LocalForms()
	i := slices.IndexFunc(all, func(f LocalForm) bool { return f.Code == code })
	if i < 0 {
		return LocalForm{}, false
	}
	return all[i], true
}

func ratio(over, under string, factor float64) rules.Rule {
	return rules.Rule{Form: rules.Ratio, Over: []string{over}, Under: []string{under}, Factor: factor}
}

func least(over string) rules.Rule { return rules.Rule{Form: rules.Minimum, Over: []string{over}} }

func most(over string) rules.Rule { return rules.Rule{Form: rules.Maximum, Over: []string{over}} }

func areaForms() []LocalForm {
	perCommunity := ratio("area_all", "households_all", 100)
	perCommunity.Beside = []string{"estate_area", "estate_households", "coming_estates", "coming_area", "coming_households"}
	village := least("area_all")
	village.Beside = []string{"estate_area", "coming_estates", "coming_area"}
	village.When = []rules.Condition{{Input: "setting", Is: []string{"rural"}}}
	single := least("elderly_smallest")
	single.When = []rules.Condition{{Input: "has_elderly", Is: []string{"true"}}}
	return []LocalForm{
		{
			Code: "community_per_100", ZH: "社区用房每百户面积", EN: "Community premises per 100 households", ID: "RAT-01", Aspect: "RAT-01",
			Subject: OfCommunity, Parameter: AtLeast, Unit: "m2_per_100", Low: 1, High: 500, Decimals: 2, shape: perCommunity,
		},
		{
			Code: "village_centre", ZH: "农村党群服务中心面积", EN: "Floor area of a village centre", ID: "RAT-02", Aspect: "RAT-02",
			Subject: OfCommunity, Parameter: AtLeast, Unit: "m2", Low: 20, High: 10_000, Decimals: 2, shape: village,
		},
		{
			Code: "community_total", ZH: "每个小区社区用房面积", EN: "Community premises of each estate", ID: "RAT-03", Aspect: "RAT-03",
			Subject: OfEstate, Parameter: AtLeast, Unit: "m2", Low: 20, High: 20_000, Decimals: 2, shape: least("community_area"),
		},
		{
			Code: "community_tiers", ZH: "社区用房按住宅面积分档", EN: "Community premises by tiers of floor area", ID: "RAT-03", Aspect: "RAT-03",
			Subject: OfEstate, Parameter: ByTiers, Unit: "m2", Low: 20, High: 20_000, Decimals: 2, shape: least("community_area"),
		},
		{
			Code: "community_share", ZH: "社区用房占地上总建筑面积", EN: "Community premises as a share of all floor area above ground", ID: "RAT-03", Aspect: "RAT-03-share",
			Subject: OfEstate, Parameter: AtLeast, Unit: "permille", Low: 0.1, High: 200, Decimals: 2, shape: ratio("community_area", "floor_above", 1000),
		},
		{
			Code: "elderly_per_100_new", ZH: "新建小区养老用房每百户面积", EN: "Elderly premises per 100 households, new estates", ID: "RAT-04", Aspect: "RAT-04",
			Subject: OfEstate, Parameter: AtLeast, Unit: "m2_per_100", Low: 1, High: 500, Decimals: 2, shape: ratio("elderly_area", "households", 100),
		},
		{
			Code: "elderly_per_100_built", ZH: "已建成小区养老用房每百户面积", EN: "Elderly premises per 100 households, standing estates", ID: "RAT-05", Aspect: "RAT-05",
			Subject: OfEstate, Parameter: AtLeast, Unit: "m2_per_100", Low: 1, High: 500, Decimals: 2, shape: ratio("elderly_area", "households", 100),
		},
		{
			Code: "elderly_total", ZH: "每个小区养老用房面积", EN: "Elderly premises of each estate", ID: "RAT-04", Aspect: "RAT-04-total",
			Subject: OfEstate, Parameter: AtLeast, Unit: "m2", Low: 20, High: 20_000, Decimals: 2, shape: least("elderly_area"),
		},
		{
			Code: "elderly_single", ZH: "单处养老用房最小面积", EN: "Least size of single elderly premises", ID: "RAT-06", Aspect: "RAT-06",
			Subject: OfEstate, Parameter: AtLeast, Unit: "m2", Low: 10, High: 5_000, Decimals: 2, shape: single,
		},
		{
			Code: "elderly_land", ZH: "人均养老用地", EN: "Land for elderly services a person", ID: "RAT-07", Aspect: "RAT-07",
			Subject: OfEstate, Parameter: AtLeast, Unit: "m2_per_person", Low: 0.01, High: 5, Decimals: 3, shape: ratio("elderly_land", "people", 1),
		},
		{
			Code: "elderly_share", ZH: "养老用房占地上住宅建筑面积", EN: "Elderly premises as a share of the housing's floor area", ID: "RAT-08", Aspect: "RAT-08",
			Subject: OfEstate, Parameter: AtLeast, Unit: "permille", Low: 0.1, High: 100, Decimals: 2, shape: ratio("elderly_area", "housing_floor", 1000),
		},
		{
			Code: "property_share", ZH: "物业用房占地上总建筑面积", EN: "Property rooms as a share of all floor area above ground", ID: "RAT-26", Aspect: "RAT-26-share",
			Subject: OfEstate, Parameter: AtLeast, Unit: "permille", Low: 0.1, High: 100, Decimals: 2, shape: ratio("property_area", "floor_above", 1000),
		},
	}
}

func scaleForms() []LocalForm {
	dayCare := rules.Rule{
		Form: rules.Range, Over: []string{"day_care_area"},
		When: []rules.Condition{{Input: "has_elderly", Is: []string{"true"}}},
	}
	return []LocalForm{
		{
			Code: "elements", ZH: "配置项目", EN: "What must be provided", ID: "RAT-10",
			Subject: OfEstate, Parameter: AllListed, shape: rules.Rule{Form: rules.AllOf, Over: []string{"provided"}},
		},
		{
			Code: "day_care_size", ZH: "日间照料用房规模", EN: "Size of day care", ID: "RAT-24", Aspect: "RAT-24",
			Subject: OfEstate, Parameter: Between, Unit: "m2", Low: 20, High: 10_000, Decimals: 2, shape: dayCare,
		},
		{
			Code: "spread", ZH: "社区用房之间最远距离", EN: "Farthest distance between community premises", ID: "RAT-19", Aspect: "RAT-19",
			Subject: OfEstate, Parameter: AtMost, Unit: "m", Low: 1, High: 5_000, shape: most("spread_m"),
		},
	}
}

func stepForms() []LocalForm {
	return []LocalForm{
		{
			Code: "start_lag", ZH: "配建用房最多晚于同期住宅开工", EN: "Premises begun after the housing, at most", ID: "RAT-13", Aspect: "RAT-13",
			Subject: OfEstate, Parameter: AtMost, Unit: "days", Low: 0, High: 1_000, shape: most("start_lag_days"),
		},
		{
			Code: "acceptance_lag", ZH: "配建用房最多晚于同期住宅验收", EN: "Premises accepted after the housing, at most", ID: "RAT-14", Aspect: "RAT-14",
			Subject: OfEstate, Parameter: AtMost, Unit: "days", Low: 0, High: 1_000, shape: most("acceptance_lag_days"),
		},
		{
			Code: "handover_months", ZH: "验收至移交时限", EN: "Months from acceptance to hand-over, at most", ID: "RAT-15", Aspect: "RAT-15",
			Subject: OfEstate, Parameter: AtMost, Unit: "months", Low: 0, High: 60, Decimals: 1, shape: most("handover_months"),
		},
		{
			Code: "housing_before", ZH: "先于配建用房建成的住宅占比", EN: "Share of the housing done before the premises, at most", ID: "RAT-16", Aspect: "RAT-16",
			Subject: OfEstate, Parameter: AtMost, Unit: "percent", Low: 0, High: 100, Decimals: 1, shape: most("housing_before"),
		},
	}
}

func roomForms() []LocalForm {
	elderly := func(r rules.Rule) rules.Rule {
		r.When = []rules.Condition{{Input: "elderly", Is: []string{"true"}}}
		return r
	}
	flag := func(form rules.Form, over string) rules.Rule { return rules.Rule{Form: form, Over: []string{over}} }
	return []LocalForm{
		{
			Code: "lowest_floor", ZH: "养老用房最低楼层", EN: "Lowest floor of elderly premises", ID: "RAT-17", Aspect: "RAT-17-lowest",
			Subject: OfRoom, Parameter: AtLeast, Unit: "floor", Low: -3, High: 10, shape: elderly(least("lowest")),
		},
		{
			Code: "highest_floor", ZH: "养老用房最高楼层", EN: "Highest floor of elderly premises", ID: "RAT-17", Aspect: "RAT-17-highest",
			Subject: OfRoom, Parameter: AtMost, Unit: "floor", Low: 1, High: 30, shape: elderly(most("highest")),
		},
		{
			Code: "no_mezzanine", ZH: "养老用房不在夹层", EN: "No elderly premises on a mezzanine", ID: "RAT-17", Aspect: "RAT-17-mezzanine",
			Subject: OfRoom, Parameter: Nothing, shape: elderly(flag(rules.Absence, "mezzanine")),
		},
		{
			Code: "own_entrance", ZH: "养老用房独立出入口", EN: "Elderly premises have an entrance of their own", ID: "RAT-18", Aspect: "RAT-18-entrance",
			Subject: OfRoom, Parameter: Nothing, shape: elderly(flag(rules.Presence, "own_entrance")),
		},
		{
			Code: "lift_from", ZH: "自某层起有电梯或坡道", EN: "Lift or ramp from a floor up", ID: "RAT-18",
			Subject: OfRoom, Parameter: FromHere, Unit: "floor", Low: 1, High: 10, shape: elderly(flag(rules.Presence, "lift")),
		},
	}
}

func hubForms() []LocalForm {
	hub := func(over string) rules.Rule {
		r := least(over)
		r.When = []rules.Condition{{Input: "hub", Is: []string{"true"}}}
		return r
	}
	return []LocalForm{
		{
			Code: "hub_area", ZH: "综合服务体建筑面积", EN: "Floor area of a combined hub", ID: "RAT-22", Aspect: "RAT-22-area",
			Subject: OfEstate, Parameter: AtLeast, Unit: "m2", Low: 50, High: 20_000, Decimals: 2, shape: hub("hub_area"),
		},
		{
			Code: "hub_functions", ZH: "综合服务体功能数", EN: "Functions of a combined hub", ID: "RAT-22", Aspect: "RAT-22-functions",
			Subject: OfEstate, Parameter: AtLeast, Unit: "items", Low: 1, High: float64(len(Elements())), shape: hub("hub_functions"),
		},
		{
			Code: "hub_care", ZH: "综合服务体照护与助餐功能", EN: "Care and meals in a combined hub", ID: "RAT-22", Aspect: "RAT-22-care",
			Subject: OfEstate, Parameter: AtLeast, Unit: "items", Low: 1, High: 6, shape: hub("hub_care"),
		},
	}
}

// fixedKind is the kind of estates that a form is of by its name; "" for either.
func (f LocalForm) fixedKind() Kind {
	switch f.Code {
	case "elderly_per_100_new":
		return New
	case "elderly_per_100_built":
		return Built
	}
	return ""
}

// elementCodes are the code words of elements, in the order in which people list them.
func elementCodes() []string {
	var out []string
	for _, c := range Elements() {
		out = append(out, c.Code)
	}
	return out
}
