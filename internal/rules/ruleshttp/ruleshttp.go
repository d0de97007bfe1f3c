// Package ruleshttp owns how a finding of a check is said in the API: one JSON shape for all
// features whose rules are internal/rules. It mounts no route and knows no feature.
package ruleshttp

import (
	"slices"

	"yike/internal/rules"
)

// StandardInput is an input of a check as it was used.
type StandardInput struct {
	Name    string `json:"name"`
	ZH      string `json:"zh"`
	EN      string `json:"en"`
	Known   bool   `json:"known"`
	ShownZH string `json:"shown_zh" doc:"The value with its unit, or why it is not known"`
	ShownEN string `json:"shown_en"`
}

// StandardBeaten is a less strict rule on the same value that holds too.
type StandardBeaten struct {
	Rule        string `json:"rule"`
	TitleZH     string `json:"title_zh"`
	TitleEN     string `json:"title_en"`
	ThresholdZH string `json:"threshold_zh"`
	ThresholdEN string `json:"threshold_en"`
	WhereZH     string `json:"where_zh"`
	WhereEN     string `json:"where_en"`
}

// StandardFinding is what one check found, with all that a person needs to judge it.
type StandardFinding struct {
	Rule        string           `json:"rule" example:"FAC-22"`
	Aspect      string           `json:"aspect" doc:"What of the rule; rules of one aspect compute the same value"`
	TitleZH     string           `json:"title_zh"`
	TitleEN     string           `json:"title_en"`
	Outcome     string           `json:"outcome" enum:"pass,fail,undetermined,not_applicable"`
	Severity    string           `json:"severity" enum:"error,warning,info"`
	ReasonZH    string           `json:"reason_zh" doc:"Why it is undetermined or does not apply, or what is at fault; empty where the numbers say it"`
	ReasonEN    string           `json:"reason_en"`
	Inputs      []StandardInput  `json:"inputs" nullable:"false"`
	FormulaZH   string           `json:"formula_zh"`
	FormulaEN   string           `json:"formula_en"`
	ThresholdZH string           `json:"threshold_zh"`
	ThresholdEN string           `json:"threshold_en"`
	Value       *float64         `json:"value" nullable:"true"`
	ValueZH     string           `json:"value_zh" doc:"With its unit; empty where there is none"`
	ValueEN     string           `json:"value_en"`
	Missing     float64          `json:"missing" doc:"How much is lacking of the first input, or too much of the value"`
	MissingZH   string           `json:"missing_zh"`
	MissingEN   string           `json:"missing_en"`
	WhereZH     string           `json:"where_zh" doc:"Where the rule holds"`
	WhereEN     string           `json:"where_en"`
	From        string           `json:"from" doc:"First day of the rule; empty for ever"`
	Until       string           `json:"until" doc:"Last day of the rule; empty for ever"`
	Grade       string           `json:"grade" doc:"Evidence: S0 to S4, R, r, D, P or M"`
	GradeZH     string           `json:"grade_zh"`
	GradeEN     string           `json:"grade_en"`
	Unread      bool             `json:"unread" doc:"The text now in force was not read: information only"`
	SourceZH    string           `json:"source_zh"`
	SourceEN    string           `json:"source_en"`
	ClauseZH    string           `json:"clause_zh"`
	ClauseEN    string           `json:"clause_en"`
	Sentence    string           `json:"sentence" doc:"The source's own words, where they were read"`
	SentenceEN  string           `json:"sentence_en"`
	NoteZH      string           `json:"note_zh"`
	NoteEN      string           `json:"note_en"`
	Beats       []StandardBeaten `json:"beats" nullable:"false" doc:"Less strict rules that hold too"`
}

// Finding gives what one check found, in the words of the set that it was asked of.
func Finding(set *rules.Set, f rules.Finding) StandardFinding {
	r := f.Rule
	out := StandardFinding{
		Rule: r.ID, Aspect: r.Aspect, TitleZH: r.TitleZH, TitleEN: r.TitleEN, Outcome: string(f.Outcome), Severity: string(r.Severity),
		ReasonZH: f.ReasonZH, ReasonEN: f.ReasonEN, Inputs: []StandardInput{}, Value: f.Value, Missing: f.Missing,
		From: string(r.From), Until: string(r.Until), Grade: string(r.Grade), Unread: r.Unread, ClauseZH: r.Cite.ClauseZH, ClauseEN: r.Cite.ClauseEN,
		Sentence: r.Cite.Sentence, SentenceEN: r.Cite.SentenceEN, NoteZH: r.NoteZH, NoteEN: r.NoteEN, Beats: []StandardBeaten{},
	}
	out.FormulaZH, out.FormulaEN = set.Formula(r)
	out.ThresholdZH, out.ThresholdEN = set.Threshold(r, f.Limits)
	out.WhereZH, out.WhereEN = set.Where(r)
	out.GradeZH, out.GradeEN = r.Grade.Words()
	out.SourceZH, out.SourceEN = set.Source(r)
	out.MissingZH, out.MissingEN = set.ShowMissing(f)
	if f.Value != nil {
		out.ValueZH, out.ValueEN = set.ShowValue(r, *f.Value)
	}
	for _, u := range f.Inputs {
		in := StandardInput{Name: u.Name, Known: u.Value != nil, ShownZH: u.WhyZH, ShownEN: u.WhyEN}
		in.ZH, in.EN = set.Name(u.Name)
		if in.Known {
			in.ShownZH, in.ShownEN = set.ShowInput(u.Name, u.Value)
		}
		out.Inputs = append(out.Inputs, in)
	}
	for _, b := range f.Beat {
		beaten := StandardBeaten{Rule: b.ID, TitleZH: b.TitleZH, TitleEN: b.TitleEN}
		beaten.ThresholdZH, beaten.ThresholdEN = set.Threshold(b, rules.Limits{})
		beaten.WhereZH, beaten.WhereEN = set.Where(b)
		out.Beats = append(out.Beats, beaten)
	}
	return out
}

// Urgency orders findings for a person: what fails before what is not known before what
// passes, graver before lighter.
func Urgency(f rules.Finding) int {
	outcome := slices.Index([]rules.Outcome{rules.Fail, rules.Undetermined, rules.Pass, rules.NotApplicable}, f.Outcome)
	return 3*outcome + slices.Index([]rules.Severity{rules.Error, rules.Warning, rules.Info}, f.Rule.Severity)
}
