package indicatorhttp

import (
	"context"

	"yike/facilities"
	"yike/facilities/indicators"
)

type planFormulaInfo struct {
	Kind    string `json:"kind"`
	ZH      string `json:"zh"`
	EN      string `json:"en"`
	Of      bool   `json:"of" doc:"Needs facility types"`
	Field   bool   `json:"field" doc:"Needs a field"`
	OfField bool   `json:"of_field" doc:"Needs a field below the line"`
	Part    bool   `json:"part" doc:"Needs a condition for what counts above the line"`
	Setting bool   `json:"setting" doc:"May be of urban communities or of villages"`
	Rank    bool   `json:"rank" doc:"May be of streets or of towns"`
	MinArea bool   `json:"min_area" doc:"May ask for a least area"`
	Minimum bool   `json:"minimum" doc:"Needs least areas for urban communities and villages"`
	Rate    bool   `json:"rate" doc:"Needs a pass rate of new estates"`
}

type planRateInfo struct {
	Code string `json:"code"`
	ZH   string `json:"zh"`
	EN   string `json:"en"`
}

type planBaseInfo struct {
	Base string `json:"base"`
	ZH   string `json:"zh"`
	EN   string `json:"en"`
}

type planChoice struct {
	Value string `json:"value"`
	ZH    string `json:"zh"`
	EN    string `json:"en"`
}

type planTypeField struct {
	Field  string       `json:"field"`
	ZH     string       `json:"zh"`
	EN     string       `json:"en"`
	Values []planChoice `json:"values" nullable:"false" doc:"Of a field that may be a condition"`
}

type planType struct {
	Type       string          `json:"type"`
	ZH         string          `json:"zh"`
	EN         string          `json:"en"`
	Numbers    []planTypeField `json:"numbers" nullable:"false" doc:"Fields that can be added up"`
	Conditions []planTypeField `json:"conditions" nullable:"false" doc:"Fields that can be a condition"`
}

type planFormulas struct {
	Types    []planType        `json:"types" nullable:"false" doc:"What a formula may be of"`
	Formulas []planFormulaInfo `json:"formulas" nullable:"false"`
	Bases    []planBaseInfo    `json:"bases" nullable:"false"`
	Rates    []planRateInfo    `json:"rates" nullable:"false" doc:"The pass rates of new estates"`
	Near     float64           `json:"near" doc:"How far short of what is due is still near, as a share"`
}

type formulasReply struct{ Body planFormulas }

func (h handlers) formulas(context.Context, *struct{}) (*formulasReply, error) {
	types, err := h.plans.Types()
	if err != nil {
		return nil, problem(err)
	}
	return &formulasReply{planFormulas{
		Near: indicators.NearShare, Types: each(types, typeOf),
		Bases: each(indicators.Bases(), func(b indicators.BaseInfo) planBaseInfo { return planBaseInfo{string(b.Base), b.ZH, b.EN} }),
		Formulas: each(indicators.Formulas(), func(f indicators.FormulaInfo) planFormulaInfo {
			return planFormulaInfo{string(f.Kind), f.ZH, f.EN, f.Of, f.Field, f.OfField, f.Part, f.Setting, f.Rank, f.MinArea, f.Minimum, f.Rate}
		}),
		Rates: each(indicators.Rates(), func(r indicators.RateInfo) planRateInfo { return planRateInfo(r) }),
	}}, nil
}

func typeOf(t facilities.TypeInfo) planType {
	out := planType{Type: string(t.Type), ZH: t.ZH, EN: t.EN, Numbers: []planTypeField{}, Conditions: []planTypeField{}}
	for _, f := range t.Fields {
		field := planTypeField{Field: f.Field, ZH: f.ZH, EN: f.EN, Values: []planChoice{}}
		switch f.Kind {
		case facilities.Integer, facilities.Number:
			out.Numbers = append(out.Numbers, field)
		case facilities.Boolean:
			field.Values = []planChoice{{"true", "是", "yes"}, {"false", "否", "no"}}
			out.Conditions = append(out.Conditions, field)
		case facilities.Chosen, facilities.Several:
			field.Values = each(f.Choices, func(c facilities.Choice) planChoice { return planChoice(c) })
			out.Conditions = append(out.Conditions, field)
		}
	}
	return out
}
