package indicatorhttp

import (
	"yike/facilities"
	"yike/facilities/indicators"
	"yike/geo/divisions"
	"yike/internal/record"
)

type planText struct {
	ZH string `json:"zh" maxLength:"2000"`
	EN string `json:"en,omitempty" maxLength:"2000"`
}

func textOf(t indicators.Text) planText  { return planText(t) }
func (t planText) text() indicators.Text { return indicators.Text(t) }

type planAmount struct {
	Text    string   `json:"text" doc:"As the plan writes it; empty or a dash is a blank"`
	Number  *float64 `json:"number" nullable:"true" doc:"null for a blank and for words"`
	Compare string   `json:"compare" enum:",≥,>,≤,<,all,range" doc:"How the number is meant; empty for a number alone"`
}

func amountOf(a indicators.Amount) planAmount {
	return planAmount{a.Text, a.Number, string(a.Compare)}
}

type planSource struct {
	Document string `json:"document,omitempty" maxLength:"200" doc:"Key of one of the plan's documents, or a title"`
	Where    string `json:"where,omitempty" maxLength:"200"`
	Quote    string `json:"quote" maxLength:"2000" doc:"Word for word"`
}

func sourceOf(s indicators.Source) planSource       { return planSource(s) }
func (s planSource) source() indicators.Source      { return indicators.Source(s) }
func sources(list []indicators.Source) []planSource { return each(list, sourceOf) }

// each maps a list; none is an empty one.
func each[A, B any](list []A, f func(A) B) []B {
	out := make([]B, len(list))
	for i, a := range list {
		out[i] = f(a)
	}
	return out
}

type planCondition struct {
	Field string   `json:"field" maxLength:"64"`
	Is    []string `json:"is" nullable:"false" maxItems:"20"`
}

type planSelection struct {
	Type  string          `json:"type" maxLength:"64"`
	Where []planCondition `json:"where,omitempty" nullable:"false" maxItems:"5"`
}

type planFormula struct {
	Kind     string          `json:"kind" enum:"entered,count,sum,share_of_sum,share_of_count,per_1000_elders,unit_coverage,subdistrict_coverage,subdistrict_count,area_per_100_households,premises_standard,estate_rate"`
	Of       []planSelection `json:"of,omitempty" nullable:"false" maxItems:"20"`
	Field    string          `json:"field,omitempty" maxLength:"64"`
	OfField  string          `json:"of_field,omitempty" maxLength:"64"`
	Part     []planCondition `json:"part,omitempty" nullable:"false" maxItems:"5"`
	Setting  string          `json:"setting,omitempty" enum:",urban,rural"`
	Rank     string          `json:"rank,omitempty" enum:",street,town"`
	MinArea  float64         `json:"min_area,omitempty" doc:"m² of floor area; a smaller facility does not count"`
	UrbanMin float64         `json:"urban_min,omitempty" doc:"m² per 100 households"`
	RuralMin float64         `json:"rural_min,omitempty" doc:"m² a village"`
	DivideBy float64         `json:"divide_by,omitempty" doc:"10,000 where the unit is 万"`
	Rate     string          `json:"rate,omitempty" maxLength:"16" doc:"Code of a pass rate of new estates"`
}

func formulaOf(f indicators.Formula) planFormula {
	return planFormula{
		Kind: string(f.Kind), Field: f.Field, OfField: f.OfField, Setting: string(f.Setting), Rank: string(f.Rank),
		MinArea: f.MinArea, UrbanMin: f.UrbanMin, RuralMin: f.RuralMin, DivideBy: f.DivideBy, Rate: f.Rate, Part: each(f.Part, conditionOf),
		Of: each(f.Of, func(s indicators.Selection) planSelection {
			return planSelection{string(s.Type), each(s.Where, conditionOf)}
		}),
	}
}

func conditionOf(c indicators.Condition) planCondition {
	return planCondition{c.Field, each(c.Is, func(s string) string { return s })}
}

func (f planFormula) formula() indicators.Formula {
	conditions := func(list []planCondition) []indicators.Condition {
		if len(list) == 0 {
			return nil
		}
		return each(list, func(c planCondition) indicators.Condition { return indicators.Condition(c) })
	}
	out := indicators.Formula{
		Kind: indicators.FormulaKind(f.Kind), Field: f.Field, OfField: f.OfField, Setting: divisions.Setting(f.Setting), Rank: indicators.Rank(f.Rank),
		MinArea: f.MinArea, UrbanMin: f.UrbanMin, RuralMin: f.RuralMin, DivideBy: f.DivideBy, Rate: f.Rate, Part: conditions(f.Part),
	}
	for _, s := range f.Of {
		out.Of = append(out.Of, indicators.Selection{Type: facilities.Type(s.Type), Where: conditions(s.Where)})
	}
	return out
}

type planSide struct {
	Says   planText   `json:"says"`
	Source planSource `json:"source"`
}

type planContradiction struct {
	What planText `json:"what"`
	A    planSide `json:"a"`
	B    planSide `json:"b"`
}

func contradictionOf(c indicators.Contradiction) planContradiction {
	side := func(v indicators.Version) planSide { return planSide{textOf(v.Says), sourceOf(v.Source)} }
	return planContradiction{textOf(c.What), side(c.A), side(c.B)}
}

func (c planContradiction) contradiction() indicators.Contradiction {
	side := func(v planSide) indicators.Version {
		return indicators.Version{Says: v.Says.text(), Source: v.Source.source()}
	}
	return indicators.Contradiction{What: c.What.text(), A: side(c.A), B: side(c.B)}
}

type planDocument struct {
	Key   string `json:"key" maxLength:"40"`
	Title string `json:"title" maxLength:"200"`
}

type planGroup struct {
	Key string `json:"key" maxLength:"40"`
	ZH  string `json:"zh" maxLength:"200"`
	EN  string `json:"en,omitempty" maxLength:"200"`
}

type planReviewYear struct {
	Year   int        `json:"year"`
	Kind   string     `json:"kind" enum:"mid-term,final"`
	Source planSource `json:"source"`
}

// PlanBody is what a plan says of itself.
type PlanBody struct {
	Title      planText         `json:"title"`
	Authority  planText         `json:"authority"`
	Region     string           `json:"region" maxLength:"6" doc:"Area code of the authority; may be empty"`
	BaseYear   int              `json:"base_year"`
	TargetYear int              `json:"target_year"`
	Documents  []planDocument   `json:"documents" nullable:"false" maxItems:"20"`
	Reviews    []planReviewYear `json:"reviews" nullable:"false" maxItems:"20"`
	Groups     []planGroup      `json:"groups" nullable:"false" maxItems:"40"`
	Note       planText         `json:"note"`
	Ended      bool             `json:"ended" doc:"Kept to read, no longer worked with"`
}

func bodyOf(p indicators.Plan) PlanBody {
	return PlanBody{
		Title: textOf(p.Title), Authority: textOf(p.Authority), Region: p.Region, BaseYear: p.BaseYear, TargetYear: p.TargetYear, Note: textOf(p.Note), Ended: p.Ended,
		Documents: each(p.Documents, func(d indicators.Document) planDocument { return planDocument(d) }),
		Groups:    each(p.Groups, func(g indicators.Group) planGroup { return planGroup{g.Key, g.ZH, g.EN} }),
		Reviews: each(p.Reviews, func(r indicators.ReviewYear) planReviewYear {
			return planReviewYear{r.Year, string(r.Kind), sourceOf(r.Source)}
		}),
	}
}

func (b PlanBody) plan() indicators.Plan {
	return indicators.Plan{
		Title: b.Title.text(), Authority: b.Authority.text(), Region: b.Region, BaseYear: b.BaseYear, TargetYear: b.TargetYear, Note: b.Note.text(), Ended: b.Ended,
		Documents: each(b.Documents, func(d planDocument) indicators.Document { return indicators.Document(d) }),
		Groups: each(b.Groups, func(g planGroup) indicators.Group {
			return indicators.Group{Key: g.Key, Text: indicators.Text{ZH: g.ZH, EN: g.EN}}
		}),
		Reviews: each(b.Reviews, func(r planReviewYear) indicators.ReviewYear {
			return indicators.ReviewYear{Year: r.Year, Kind: indicators.ReviewKind(r.Kind), Source: r.Source.source()}
		}),
	}
}

// PlanRecord is a plan with what a writer must know of it.
type PlanRecord struct {
	ID       string `json:"id"`
	Version  int    `json:"version"`
	Template string `json:"template" doc:"Key of the template that it was made from; empty"`
	PlanBody
}

func recordOf(p indicators.Plan) PlanRecord {
	return PlanRecord{p.ID, p.Version, p.Template, bodyOf(p)}
}

type planYearly struct {
	Year   int        `json:"year"`
	Target planAmount `json:"target"`
	Source planSource `json:"source"`
}

type planIndicator struct {
	ID             string              `json:"id"`
	Version        int                 `json:"version"`
	Key            string              `json:"key" doc:"Of the template's row; empty where a person made it"`
	Number         int                 `json:"number" doc:"In the plan's own table; 0 for a target in the text"`
	Group          string              `json:"group"`
	Name           planText            `json:"name" doc:"In the plan's own words"`
	Unit           planText            `json:"unit"`
	Kind           string              `json:"kind" enum:",binding,anticipatory" doc:"Empty for a target in the text"`
	Ratio          bool                `json:"ratio" doc:"A share or a rate, for which a straight line may stand between two years"`
	Definition     planText            `json:"definition"`
	Base           string              `json:"base" enum:",registered,resident,households,communities,urban_communities,villages,subdistricts,beds,facilities,other"`
	Scope          planText            `json:"scope"`
	Baseline       planAmount          `json:"baseline"`
	Target         planAmount          `json:"target"`
	Yearly         []planYearly        `json:"yearly" nullable:"false"`
	Sources        []planSource        `json:"sources" nullable:"false"`
	Office         string              `json:"office"`
	Formula        planFormula         `json:"formula"`
	FormulaText    planText            `json:"formula_text" doc:"What the formula computes, in words"`
	Prefer         string              `json:"prefer" enum:"computed,entered"`
	Contradictions []planContradiction `json:"contradictions" nullable:"false"`
}

func indicatorOf(i indicators.Indicator, types []facilities.TypeInfo) planIndicator {
	return planIndicator{
		ID: i.ID, Version: i.Version, Key: i.Key, Number: i.Number, Group: i.Group, Name: textOf(i.Name), Unit: textOf(i.Unit), Kind: string(i.Kind), Ratio: i.Ratio,
		Definition: textOf(i.Definition), Base: string(i.Base), Scope: textOf(i.Scope), Baseline: amountOf(i.Baseline), Target: amountOf(i.Target),
		Yearly: each(i.Yearly, func(y indicators.YearTarget) planYearly {
			return planYearly{y.Year, amountOf(y.Target), sourceOf(y.Source)}
		}),
		Sources: sources(i.Sources), Office: i.Office, Formula: formulaOf(i.Formula), FormulaText: textOf(i.Formula.Describe(types)), Prefer: string(i.Prefer),
		Contradictions: each(i.Contradict, contradictionOf),
	}
}

type planEvidence struct {
	Document string `json:"document" maxLength:"200" doc:"A file or a table"`
	Quote    string `json:"quote,omitempty" maxLength:"2000" doc:"The sentence or the line in it"`
	Day      string `json:"day,omitempty" format:"date" doc:"Of the document"`
}

func (e planEvidence) evidence() indicators.Evidence {
	return indicators.Evidence{Document: e.Document, Quote: e.Quote, Day: record.Day(e.Day)}
}

type planValue struct {
	ID        string       `json:"id"`
	Version   int          `json:"version"`
	Indicator string       `json:"indicator"`
	Year      int          `json:"year"`
	Source    string       `json:"source" enum:"entered,sealed"`
	Number    *float64     `json:"number" nullable:"true" doc:"null where there is none"`
	Words     string       `json:"words"`
	Verdict   string       `json:"verdict" enum:",met,not_met"`
	Evidence  planEvidence `json:"evidence"`
	Who       string       `json:"who"`
	On        string       `json:"on" example:"2026-11-27"`
	KeptDay   string       `json:"kept_day,omitempty" doc:"Of a sealed value: the day of the registry that it was computed from"`
	KeptText  *planText    `json:"kept_text,omitempty" doc:"Of a sealed value: what was computed"`
}

func valueOf(v indicators.Value, types []facilities.TypeInfo) planValue {
	out := planValue{
		ID: v.ID, Version: v.Version, Indicator: v.IndicatorID, Year: v.Year, Source: string(v.Source), Number: v.Number, Words: v.Words, Verdict: string(v.Verdict),
		Evidence: planEvidence{v.Evidence.Document, v.Evidence.Quote, string(v.Evidence.Day)}, Who: v.Who, On: string(v.On),
	}
	if v.Kept != nil {
		text := textOf(v.Kept.Formula.Describe(types))
		out.KeptDay, out.KeptText = string(v.Kept.Day), &text
	}
	return out
}

// PlanProjectBody is what a project says of itself.
type PlanProjectBody struct {
	Name      planText   `json:"name"`
	From      int        `json:"from" doc:"Year; 0 where nobody says"`
	To        int        `json:"to" doc:"Year; 0 where nobody says"`
	State     string     `json:"state" enum:"planned,building,done,dropped"`
	Place     string     `json:"place" maxLength:"200"`
	Indicator string     `json:"indicator" maxLength:"64" doc:"Id of the indicator that it serves; may be empty"`
	Facility  string     `json:"facility" maxLength:"64" doc:"Id of the facility that came of it; may be empty"`
	Note      string     `json:"note" maxLength:"2000"`
	Source    planSource `json:"source"`
}

type planProject struct {
	ID      string `json:"id"`
	Version int    `json:"version"`
	PlanProjectBody
}

func projectOf(p indicators.Project) planProject {
	indicator := p.IndicatorID
	if indicator == "" {
		indicator = p.IndicatorKey // of a template
	}
	return planProject{p.ID, p.Version, PlanProjectBody{textOf(p.Name), p.From, p.To, string(p.State), p.Place, indicator, p.FacilityID, p.Note, sourceOf(p.Source)}}
}

func (b PlanProjectBody) project() indicators.Project {
	return indicators.Project{
		Name: b.Name.text(), From: b.From, To: b.To, State: indicators.ProjectState(b.State), Place: b.Place, IndicatorID: b.Indicator, FacilityID: b.Facility,
		Note: b.Note, Source: b.Source.source(),
	}
}
