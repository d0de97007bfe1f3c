package estatehttp

import (
	"fmt"

	"yike/facilities/estates"
	"yike/internal/record"
	"yike/internal/rules"
)

// EstateRuleTier is a threshold for estates below a floor area of housing.
type EstateRuleTier struct {
	Below *float64 `json:"below" nullable:"true" doc:"Floor area of housing above ground in m², not reached by the tier; null for the last"`
	Value float64  `json:"value" doc:"In m²"`
}

// EstateRuleDocument is where a rule stands.
type EstateRuleDocument struct {
	Number string `json:"number,omitempty" maxLength:"200" example:"津西民发〔2026〕12号"`
	Title  string `json:"title,omitempty" maxLength:"400"`
	Issuer string `json:"issuer,omitempty" maxLength:"200"`
	Day    string `json:"day,omitempty" maxLength:"10" example:"2026-01-05"`
}

// EstateRuleDraft is what a person writes of a local rule.
type EstateRuleDraft struct {
	Kind       string             `json:"kind" enum:"norm,waiver" doc:"A rule of a known form, or a declaration that a rule of the program does not hold here"`
	Division   string             `json:"division" maxLength:"32" doc:"The district or one of its divisions"`
	TitleZH    string             `json:"title_zh,omitempty" maxLength:"400" doc:"That of the form where left out"`
	TitleEN    string             `json:"title_en,omitempty" maxLength:"400"`
	From       string             `json:"from,omitempty" maxLength:"10" doc:"First day; the day of its adoption where left out"`
	Until      string             `json:"until,omitempty" maxLength:"10" doc:"Last day; for ever where left out"`
	Form       string             `json:"form,omitempty" maxLength:"40" doc:"Of /estate-rule-forms, for a norm"`
	Value      *float64           `json:"value,omitempty" doc:"The parameter in the form's unit"`
	ValueText  string             `json:"value_text,omitempty" maxLength:"60" doc:"The parameter as written, with or without its unit; taken in the place of value" example:"0.3㎡/户"`
	Upper      *float64           `json:"upper,omitempty" doc:"The upper limit of a range"`
	UpperText  string             `json:"upper_text,omitempty" maxLength:"60"`
	Strict     bool               `json:"strict,omitempty" doc:"The number itself does not pass"`
	Tiers      []EstateRuleTier   `json:"tiers,omitempty" nullable:"false" maxItems:"20"`
	Elements   []string           `json:"elements,omitempty" nullable:"false" maxItems:"30"`
	Applies    string             `json:"applies,omitempty" enum:",new,built" doc:"The kind of estates; empty for both"`
	Setting    string             `json:"setting,omitempty" enum:",urban,rural"`
	FromPeople int                `json:"from_people,omitempty" minimum:"0" doc:"Asked of estates of so many people"`
	Waives     string             `json:"waives,omitempty" maxLength:"120" doc:"The key of a rule of the program, for a waiver" example:"RAT-15@37"`
	Severity   string             `json:"severity,omitempty" enum:",error,warning,info" doc:"Of a norm"`
	Grade      string             `json:"grade,omitempty" enum:",R,r,P,M" doc:"How its text was read"`
	Sentence   string             `json:"sentence,omitempty" maxLength:"4000" doc:"Its own words"`
	SentenceEN string             `json:"sentence_en,omitempty" maxLength:"4000"`
	Source     EstateRuleDocument `json:"source,omitempty"`
	ReadBy     string             `json:"read_by,omitempty" maxLength:"200" doc:"Who read the text, where it is not attached"`
	ReadOn     string             `json:"read_on,omitempty" maxLength:"10"`
	Note       string             `json:"note,omitempty" maxLength:"1000"`
	Replaces   string             `json:"replaces,omitempty" maxLength:"36" doc:"The local rule that ends when this one is adopted"`
}

// rule is the draft as the core has it, with what is at fault with parameters that were written
// as text.
func (d EstateRuleDraft) rule() (estates.LocalRule, []record.Fault) {
	l := estates.LocalRule{
		Kind: estates.LocalKind(d.Kind), Division: d.Division, TitleZH: d.TitleZH, TitleEN: d.TitleEN, From: record.Day(d.From), Until: record.Day(d.Until),
		Form: d.Form, Value: d.Value, Upper: d.Upper, Strict: d.Strict, Applies: estates.Kind(d.Applies), Setting: d.Setting, FromPeople: d.FromPeople, Waives: d.Waives,
		Severity: rules.Severity(d.Severity), Grade: rules.Grade(d.Grade), Sentence: d.Sentence, SentenceEN: d.SentenceEN,
		Source: estates.Document{Number: d.Source.Number, Title: d.Source.Title, Issuer: d.Source.Issuer, Day: record.Day(d.Source.Day)},
		ReadBy: d.ReadBy, ReadOn: record.Day(d.ReadOn), Note: d.Note, Replaces: d.Replaces,
	}
	for _, t := range d.Tiers {
		l.Tiers = append(l.Tiers, rules.Tier{Below: t.Below, Value: t.Value})
	}
	for _, e := range d.Elements {
		l.Elements = append(l.Elements, estates.Element(e))
	}
	form, ok := estates.LocalFormOf(d.Form)
	if !ok {
		return l, nil // which the core says
	}
	var faults []record.Fault
	for _, p := range []struct {
		field, text string
		into        **float64
	}{{"value", d.ValueText, &l.Value}, {"upper", d.UpperText, &l.Upper}} {
		if p.text == "" {
			continue
		}
		v, fault := readQuantity(form, p.field, p.text)
		if fault != nil {
			faults = append(faults, *fault)
		}
		*p.into = v
	}
	return l, faults
}

// readQuantity reads a parameter as it was written; nil with the reason where that cannot be.
func readQuantity(form estates.LocalForm, field, text string) (*float64, *record.Fault) {
	q, foreign, ok := form.ReadQuantity(text)
	zh, en := form.UnitWords()
	switch {
	case !ok:
		return nil, &record.Fault{Field: field, Value: text, ZH: "不是数值", EN: "it is no number"}
	case foreign != "":
		return nil, &record.Fault{
			Field: field, Value: text, ZH: fmt.Sprintf("单位“%s”不符，本项以%s计", foreign, zh), EN: fmt.Sprintf("the unit “%s” is none of its kind; it is counted in%s", foreign, en),
		}
	}
	return &q.Value, nil
}

// draftOut is a rule as its form is filled in again.
func draftOut(l estates.LocalRule) EstateRuleDraft {
	out := EstateRuleDraft{
		Kind: string(l.Kind), Division: l.Division, TitleZH: l.TitleZH, TitleEN: l.TitleEN, From: string(l.From), Until: string(l.Until), Form: l.Form,
		Value: l.Value, Upper: l.Upper, Strict: l.Strict, Applies: string(l.Applies), Setting: l.Setting, FromPeople: l.FromPeople, Waives: l.Waives,
		Severity: string(l.Severity), Grade: string(l.Grade), Sentence: l.Sentence, SentenceEN: l.SentenceEN,
		Source: EstateRuleDocument{Number: l.Source.Number, Title: l.Source.Title, Issuer: l.Source.Issuer, Day: string(l.Source.Day)},
		ReadBy: l.ReadBy, ReadOn: string(l.ReadOn), Note: l.Note, Replaces: l.Replaces,
	}
	for _, t := range l.Tiers {
		out.Tiers = append(out.Tiers, EstateRuleTier{t.Below, t.Value})
	}
	for _, e := range l.Elements {
		out.Elements = append(out.Elements, string(e))
	}
	return out
}
