package typehttp

import (
	"encoding/json"

	"yike/facilities"
	"yike/internal/httpapi"
	"yike/internal/record"
)

type typeChoice struct {
	Value string `json:"value,omitempty" maxLength:"40" doc:"Code word; made of the name where it is left out"`
	ZH    string `json:"zh" maxLength:"200"`
	EN    string `json:"en,omitempty" maxLength:"200" doc:"As in Chinese where it is left out"`
}

// typeField is a field as a bureau declares it.
type typeField struct {
	Field     string       `json:"field,omitempty" maxLength:"40" doc:"Code word; made of the name where it is left out"`
	ZH        string       `json:"zh" maxLength:"200"`
	EN        string       `json:"en,omitempty" maxLength:"200" doc:"As in Chinese where it is left out"`
	Kind      string       `json:"kind" enum:"integer,number,text,choice,choices,day,boolean,hours,phone,year"`
	Unit      string       `json:"unit,omitempty" maxLength:"40" doc:"Code word of a unit, of numbers"`
	Tab       string       `json:"tab" enum:"signature,service"`
	Choices   []typeChoice `json:"choices,omitempty" nullable:"false" maxItems:"100"`
	Min       *float64     `json:"min,omitempty"`
	Max       *float64     `json:"max,omitempty"`
	AtMost    string       `json:"at_most,omitempty" maxLength:"40" doc:"A field that this one may not exceed"`
	Required  bool         `json:"required,omitempty" doc:"Needed before a record can be published"`
	DoorPage  bool         `json:"door_page,omitempty" doc:"A resident's door page may show it"`
	Uncounted bool         `json:"uncounted,omitempty" doc:"Of some places only: a record is not less complete without"`
	HintZH    string       `json:"hint_zh,omitempty" maxLength:"400"`
	HintEN    string       `json:"hint_en,omitempty" maxLength:"400"`
}

type typeLimit struct {
	Minutes   int    `json:"minutes,omitempty" doc:"One of minutes, distance_m and per is given"`
	DistanceM int    `json:"distance_m,omitempty" doc:"Along the network"`
	Per       string `json:"per,omitempty" enum:",community,subdistrict,district" doc:"One for each division of the level"`
	Grade     string `json:"grade" enum:"S0,S1,S2,S3,S4,R,r,D,P" doc:"Evidence: S0 to S4 read in a plan, R in the text, r in an excerpt, D derived, P proposed"`
	CiteZH    string `json:"cite_zh" maxLength:"400"`
	CiteEN    string `json:"cite_en,omitempty" maxLength:"400"`
}

// TypeContent is everything that a bureau says of a type, but for its code word.
type TypeContent struct {
	ZH            string      `json:"zh" maxLength:"200"`
	EN            string      `json:"en,omitempty" maxLength:"200" doc:"As in Chinese where it is left out"`
	Group         string      `json:"group" maxLength:"40"`
	Icon          string      `json:"icon,omitempty" maxLength:"40" doc:"Code word of a sign that the map can draw"`
	CapacityUnit  string      `json:"capacity_unit" maxLength:"40"`
	CapacityField string      `json:"capacity_field,omitempty" maxLength:"40" doc:"The field that a record's capacity follows"`
	Serves        string      `json:"serves" enum:"elders,residents,minors,destitute,bereaved"`
	Measure       string      `json:"measure" enum:"walk,presence,drive"`
	DoorPage      bool        `json:"door_page,omitempty" doc:"A resident's door page may name the nearest one"`
	Retired       bool        `json:"retired,omitempty" doc:"No new facility is of it"`
	Standards     []string    `json:"standards,omitempty" nullable:"false" maxItems:"50" doc:"Ids of checks"`
	Limits        []typeLimit `json:"limits,omitempty" nullable:"false" maxItems:"20"`
	Fields        []typeField `json:"fields,omitempty" nullable:"false" maxItems:"200" doc:"In the order of forms. The common fields are added where none of them is named"`
	Past          []typeField `json:"past_fields,omitempty" nullable:"false" maxItems:"200" doc:"No longer asked for; what records have of them stays"`
}

// TypeDraft is a type that may lack its code word.
type TypeDraft struct {
	Type string `json:"type,omitempty" maxLength:"40" doc:"Code word; made of the name where it is left out"`
	TypeContent
}

func (d TypeDraft) info() facilities.TypeInfo {
	out := facilities.TypeInfo{Type: facilities.Type(d.Type), Measure: facilities.Measure(d.Measure)}
	out.ZH, out.EN, out.Group, out.Icon, out.Serves = d.ZH, d.EN, d.Group, d.Icon, d.Serves
	out.CapacityUnit, out.CapacityField, out.DoorPage, out.Retired = d.CapacityUnit, d.CapacityField, d.DoorPage, d.Retired
	out.Standards, out.Limits, out.Fields, out.Past = d.Standards, limitsIn(d.Limits), fieldsIn(d.Fields), fieldsIn(d.Past)
	return facilities.TypePatch{Standards: &out.Standards}.Apply(out)
}

func limitsIn(list []typeLimit) []facilities.Limit {
	out := make([]facilities.Limit, len(list))
	for i, l := range list {
		out[i] = facilities.Limit(l)
	}
	return out
}

func fieldsIn(list []typeField) []facilities.FieldInfo {
	out := make([]facilities.FieldInfo, len(list))
	for i, f := range list {
		out[i] = facilities.FieldInfo{
			Field: f.Field, ZH: f.ZH, EN: f.EN, Kind: facilities.Kind(f.Kind), Unit: f.Unit, Tab: facilities.Tab(f.Tab), Min: f.Min, Max: f.Max, AtMost: f.AtMost,
			Required: f.Required, DoorPage: f.DoorPage, Uncounted: f.Uncounted, HintZH: f.HintZH, HintEN: f.HintEN,
		}
		for _, c := range f.Choices {
			out[i].Choices = append(out[i].Choices, facilities.Choice(c))
		}
	}
	return out
}

func draftOf(t facilities.TypeInfo) TypeDraft {
	out := TypeDraft{Type: string(t.Type), TypeContent: TypeContent{
		ZH: t.ZH, EN: t.EN, Group: t.Group, Icon: t.Icon, CapacityUnit: t.CapacityUnit, CapacityField: t.CapacityField, Serves: t.Serves,
		Measure: string(t.Measure), DoorPage: t.DoorPage, Retired: t.Retired, Standards: t.Standards, Fields: fieldsOut(t.Fields), Past: fieldsOut(t.Past),
	}}
	for _, l := range t.Limits {
		out.Limits = append(out.Limits, typeLimit(l))
	}
	return out
}

func fieldsOut(list []facilities.FieldInfo) []typeField {
	out := make([]typeField, len(list))
	for i, f := range list {
		out[i] = typeField{
			Field: f.Field, ZH: f.ZH, EN: f.EN, Kind: string(f.Kind), Unit: f.Unit, Tab: string(f.Tab), Min: f.Min, Max: f.Max, AtMost: f.AtMost,
			Required: f.Required, DoorPage: f.DoorPage, Uncounted: f.Uncounted, HintZH: f.HintZH, HintEN: f.HintEN,
		}
		for _, c := range f.Choices {
			out[i].Choices = append(out[i].Choices, typeChoice(c))
		}
	}
	return out
}

// typeRecord is a type with where it comes from.
type typeRecord struct {
	Origin     string     `json:"origin" enum:"program,file,bureau" doc:"Who says what it is: the program, the installation's file, or the bureau"`
	Version    int        `json:"version" doc:"Version of what the bureau keeps of it, also its entity tag; 0 where it keeps nothing"`
	Misfit     string     `json:"misfit" doc:"Why what the bureau keeps of it is not in force; empty where it is"`
	Definition TypeDraft  `json:"definition"`
	Base       *TypeDraft `json:"base,omitempty" doc:"What it would be without what the bureau keeps; left out for a type that the bureau added"`
}

func recordOf(l facilities.LocalType) typeRecord {
	out := typeRecord{Origin: string(l.Definition.Origin), Version: l.Version, Misfit: l.Misfit, Definition: draftOf(l.Definition)}
	if l.Base != nil {
		base := draftOf(*l.Base)
		out.Base = &base
	}
	return out
}

// typePatch is what is to be otherwise; lists are whole.
type typePatch struct {
	ZH            *string      `json:"zh,omitempty" maxLength:"200"`
	EN            *string      `json:"en,omitempty" maxLength:"200"`
	Group         *string      `json:"group,omitempty" maxLength:"40"`
	Icon          *string      `json:"icon,omitempty" maxLength:"40"`
	CapacityUnit  *string      `json:"capacity_unit,omitempty" maxLength:"40"`
	CapacityField *string      `json:"capacity_field,omitempty" maxLength:"40"`
	Serves        *string      `json:"serves,omitempty" enum:"elders,residents,minors,destitute,bereaved"`
	Measure       *string      `json:"measure,omitempty" enum:"walk,presence,drive"`
	DoorPage      *bool        `json:"door_page,omitempty"`
	Retired       *bool        `json:"retired,omitempty"`
	Standards     *[]string    `json:"standards,omitempty" nullable:"false" maxItems:"50"`
	Limits        *[]typeLimit `json:"limits,omitempty" nullable:"false" maxItems:"20"`
	Fields        *[]typeField `json:"fields,omitempty" nullable:"false" maxItems:"200"`
	Past          *[]typeField `json:"past_fields,omitempty" nullable:"false" maxItems:"200"`
	Reason        string       `json:"reason" maxLength:"500" doc:"Why"`

	nulls []record.Fault
}

// UnmarshalJSON reads a patch and keeps what is null in it.
func (p *typePatch) UnmarshalJSON(raw []byte) error {
	type plain typePatch
	p.nulls = httpapi.NullFields(raw)
	return json.Unmarshal(raw, (*plain)(p))
}

func (p typePatch) patch() facilities.TypePatch {
	out := facilities.TypePatch{
		ZH: p.ZH, EN: p.EN, Group: p.Group, Icon: p.Icon, CapacityUnit: p.CapacityUnit, CapacityField: p.CapacityField, Serves: p.Serves,
		DoorPage: p.DoorPage, Retired: p.Retired, Standards: p.Standards,
	}
	if p.Measure != nil {
		measure := facilities.Measure(*p.Measure)
		out.Measure = &measure
	}
	if p.Limits != nil {
		limits := limitsIn(*p.Limits)
		out.Limits = &limits
	}
	if p.Fields != nil {
		fields := fieldsIn(*p.Fields)
		out.Fields = &fields
	}
	if p.Past != nil {
		past := fieldsIn(*p.Past)
		out.Past = &past
	}
	return out
}

// typeCheck is what a type, or a change of one, would come to.
type typeCheck struct {
	Definition TypeDraft    `json:"definition" doc:"Whole, with code words for what had none"`
	Faults     []typeFault  `json:"faults" nullable:"false" doc:"It would be refused for; pointers are into what was sent"`
	Records    int          `json:"records" doc:"Facilities of the type"`
	Published  int          `json:"published" doc:"Of them"`
	Used       []typeUse    `json:"used" nullable:"false" doc:"How many have something in a field"`
	Effects    []typeEffect `json:"effects" nullable:"false" doc:"What it does to records, field by field"`
	Template   []typeHead   `json:"template" nullable:"false" doc:"The heads of its import template, in order"`
	AtDoors    bool         `json:"at_doors" doc:"A resident's door page may name facilities of it"`
}

type typeFault struct {
	Pointer string `json:"pointer" example:"#/fields/2/zh"`
	Value   string `json:"value"`
	ZH      string `json:"zh"`
	EN      string `json:"en"`
}

type typeUse struct {
	Field   string `json:"field"`
	Records int    `json:"records"`
}

type typeEffect struct {
	Field   string `json:"field"`
	ZH      string `json:"zh"`
	EN      string `json:"en"`
	What    string `json:"what" enum:"added,restored,retired,removed,faulty,lacking" doc:"faulty: values that are taken now would not be; lacking: published records that would lack what publishing needs"`
	Records int    `json:"records" doc:"To how many; 0 where it does nothing to any"`
}

type typeHead struct {
	Code     string `json:"code"`
	Head     string `json:"head"`
	Required bool   `json:"required"`
}
