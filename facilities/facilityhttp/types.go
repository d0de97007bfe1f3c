package facilityhttp

import (
	"yike/facilities"
)

// facilityTypeField is a field that a type declares: what forms, tables and templates are
// made of.
type facilityTypeField struct {
	Field    string               `json:"field" doc:"Its key in fields of a facility"`
	ZH       string               `json:"zh"`
	EN       string               `json:"en"`
	Kind     string               `json:"kind" enum:"integer,number,text,choice,choices,day,boolean,hours,phone,year"`
	Unit     string               `json:"unit" doc:"Code word of the unit; empty for none"`
	UnitZH   string               `json:"unit_zh"`
	UnitEN   string               `json:"unit_en"`
	Tab      string               `json:"tab" enum:"signature,service"`
	Choices  []facilityTypeChoice `json:"choices" nullable:"false"`
	Min      *float64             `json:"min" nullable:"true"`
	Max      *float64             `json:"max" nullable:"true"`
	AtMost   string               `json:"at_most" doc:"A field that this one may not exceed; empty for none"`
	Required bool                 `json:"required" doc:"Needed before the record can be published"`
	DoorPage bool                 `json:"door_page" doc:"A resident's door page may show it"`
	HintZH   string               `json:"hint_zh"`
	HintEN   string               `json:"hint_en"`
}

type facilityTypeChoice struct {
	Value string `json:"value"`
	ZH    string `json:"zh"`
	EN    string `json:"en"`
}

// facilityTypeLimit is how far a facility serves, as a text says it.
type facilityTypeLimit struct {
	Minutes   int    `json:"minutes" doc:"0 for none"`
	DistanceM int    `json:"distance_m" doc:"Along the network; 0 for none"`
	Per       string `json:"per" doc:"Level of the divisions that should each have one; empty for none"`
	Grade     string `json:"grade" doc:"Evidence: S0 to S4 read in a plan, R in the text, r in an excerpt, D derived, P proposed"`
	CiteZH    string `json:"cite_zh"`
	CiteEN    string `json:"cite_en"`
}

type facilityTypeTab struct {
	Tab string `json:"tab" enum:"signature,service"`
	ZH  string `json:"zh"`
	EN  string `json:"en"`
}

func tabs() []facilityTypeTab {
	out := make([]facilityTypeTab, 0, 2)
	for _, tab := range []facilities.Tab{facilities.Signature, facilities.Service} {
		zh, en := tab.Words()
		out = append(out, facilityTypeTab{string(tab), zh, en})
	}
	return out
}

func fieldsOf(list []facilities.FieldInfo) []facilityTypeField {
	out := make([]facilityTypeField, len(list))
	for i, f := range list {
		choices := make([]facilityTypeChoice, len(f.Choices))
		for k, c := range f.Choices {
			choices[k] = facilityTypeChoice(c)
		}
		out[i] = facilityTypeField{
			Field: f.Field, ZH: f.ZH, EN: f.EN, Kind: string(f.Kind), Unit: f.Unit, UnitZH: f.UnitZH, UnitEN: f.UnitEN, Tab: string(f.Tab),
			Choices: choices, Min: f.Min, Max: f.Max, AtMost: f.AtMost, Required: f.Required, DoorPage: f.DoorPage, HintZH: f.HintZH, HintEN: f.HintEN,
		}
	}
	return out
}

func limitsOf(info facilities.TypeInfo) []facilityTypeLimit {
	out := make([]facilityTypeLimit, len(info.Limits))
	for i, l := range info.Limits {
		out[i] = facilityTypeLimit(l)
	}
	return out
}
