package imports

import (
	"strings"

	"yike/facilities"
)

// declared are the targets that a type's own fields are.
func declared(info facilities.TypeInfo) []Target {
	out := make([]Target, len(info.Fields))
	for i, f := range info.Fields {
		out[i] = Target{
			Field: facilities.FieldPrefix + f.Field, ZH: f.ZH, EN: f.EN, Kind: Kind(f.Kind), Unit: f.Unit, Group: "type",
			HintZH: f.HintZH, HintEN: f.HintEN, Needed: f.Required, Choices: f.Choices,
		}
	}
	return out
}

// settle gives after with what follows from its type.
func (g Ground) settle(before, after facilities.Facility) facilities.Facility {
	return facilities.Settle(before, after, g.Types)
}

// missing says what a record lacks to be published; "" for nothing.
func missing(g Ground, f facilities.Facility) (zh, en string) {
	info, ok := (facilities.Types{Types: g.Types}).Find(f.Type)
	if !ok {
		return "", ""
	}
	var all, allEN []string
	for _, m := range facilities.Missing(info, f) {
		all, allEN = append(all, m.ZH), append(allEN, m.EN)
	}
	return strings.Join(all, "、"), strings.Join(allEN, ", ")
}
