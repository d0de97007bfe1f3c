package standards

import (
	"maps"
	"slices"

	"yike/facilities"
	"yike/internal/record"
	"yike/internal/rules"
)

// Inputs gives everything that rules may ask about a facility: the fields that its type
// declares, what follows from them, and what the context brings.
func Inputs(f facilities.Facility, info facilities.TypeInfo, ctx Context) map[string]rules.Input {
	out := map[string]rules.Input{"type": {Value: string(f.Type)}}
	for _, field := range info.Fields {
		out[field.Field] = valueOf(f, info, field)
	}
	for _, name := range beyond() {
		if _, declared := out[name]; !declared {
			out[name] = rules.Input{WhyZH: "系统尚无此项数据", WhyEN: "there are no data of it"}
		}
	}
	out[MortalityPermille] = rules.Input{Value: UsualMortality}
	licence(out, ctx.Day)
	ground(out)
	spaces(out)
	asked(out)
	maps.Copy(out, ctx.Beyond)
	return out
}

func beyond() []string {
	return []string{
		FarthestHomeM, FarthestHomeMin, PeopleServed, PeopleWithin300M, PeopleWithin15Min, PeopleOffNetwork, WalkingSpeed,
		HealthStationM, ResidentsServed, ForbiddenGround, OutsidersBuried,
	}
}

func valueOf(f facilities.Facility, info facilities.TypeInfo, field facilities.FieldInfo) rules.Input {
	if v := f.Value(info, field.Field); v != nil {
		return rules.Input{Value: v}
	}
	return rules.Input{WhyZH: "登记表中未填写", WhyEN: "not filled in"}
}

// licence makes a food licence whose last day is past an expired one.
func licence(in map[string]rules.Input, day record.Day) {
	until, _ := in["food_licence_until"].Value.(string)
	if in["food_licence"].Value == "valid" && until != "" && record.Day(until) < day {
		in["food_licence"] = rules.Input{Value: "expired"}
	}
}

// ground makes a record that says to have been checked, and to lie on none of the forbidden
// ground, an empty list. Beside any ground the word says nothing.
func ground(in map[string]rules.Input) {
	list, ok := in[ForbiddenGround].Value.([]string)
	if !ok {
		return
	}
	in[ForbiddenGround] = rules.Input{Value: slices.DeleteFunc(slices.Clone(list), func(v string) bool { return v == "none" })}
}

// spaces names the niches of a columbarium and the plots of a cemetery alike.
func spaces(in map[string]rules.Input) {
	for _, names := range [][2]string{{"niches_total", "niches_used"}, {"plots_total", "plots_used"}} {
		total, declared := in[names[0]]
		if !declared {
			continue
		}
		used := in[names[1]]
		in["spaces_total"] = total
		n, okN := total.Value.(float64)
		u, okU := used.Value.(float64)
		switch {
		case okN && okU:
			in["spaces_free"] = rules.Input{Value: n - u}
		case okN:
			in["spaces_free"] = used
		default:
			in["spaces_free"] = total
		}
	}
}

// asked counts what the ledger of public premises asks for, and what of it the record has.
func asked(in map[string]rules.Input) {
	items := []string{"title", "floor_area", "urban_rural", "handed_over"}
	filled := 0
	for _, name := range items {
		if in[name].Value != nil {
			filled++
		}
	}
	in["ledger_asked"], in["ledger_filled"] = rules.Input{Value: float64(len(items))}, rules.Input{Value: float64(filled)}
}

// Number is an input that is a number.
func Number(v float64) rules.Input { return rules.Input{Value: v} }

// Unknown is an input that is not known, with the reason.
func Unknown(zh, en string) rules.Input { return rules.Input{WhyZH: zh, WhyEN: en} }
