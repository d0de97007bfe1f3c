package naming

import (
	"yike/internal/record"
	"yike/internal/rules"
)

// Frozen is what a check of a name said on a day, in words: kept with the event that it was
// made for, so that later rules and a later register do not rewrite what people went by.
type Frozen struct {
	Day      record.Day      `json:"day"`
	Text     string          `json:"text"` // the name that was checked
	Version  int             `json:"version,omitempty"`
	Errors   int             `json:"errors"`   // rules that are errors and fail
	Warnings int             `json:"warnings"` // warnings that fail
	Open     int             `json:"open"`     // errors and warnings of which an input is not known
	Passed   int             `json:"passed"`
	Findings []FrozenFinding `json:"findings"` // what does not pass, in the order of the rules
}

// FrozenFinding is a finding in words.
type FrozenFinding struct {
	Rule     string         `json:"rule"`
	Aspect   string         `json:"aspect,omitempty"`
	TitleZH  string         `json:"title_zh"`
	TitleEN  string         `json:"title_en"`
	Severity rules.Severity `json:"severity"`
	Grade    rules.Grade    `json:"grade"`
	Outcome  rules.Outcome  `json:"outcome"`
	ReasonZH string         `json:"reason_zh"`
	ReasonEN string         `json:"reason_en"`
	ValueZH  string         `json:"value_zh,omitempty"`
	ValueEN  string         `json:"value_en,omitempty"`
	SourceZH string         `json:"source_zh"`
	SourceEN string         `json:"source_en"`
	ClauseZH string         `json:"clause_zh,omitempty"`
	ClauseEN string         `json:"clause_en,omitempty"`
}

// Counts are how many findings there are of what people decide by.
type Counts struct{ Errors, Warnings, Open, Passed int }

// Count counts findings. What is for information counts only where it passes.
func Count(found []rules.Finding) Counts {
	var c Counts
	for _, f := range found {
		grave := f.Rule.Severity != rules.Info
		switch {
		case f.Outcome == rules.Pass:
			c.Passed++
		case f.Outcome == rules.Undetermined && grave:
			c.Open++
		case f.Outcome == rules.Fail && f.Rule.Severity == rules.Error:
			c.Errors++
		case f.Outcome == rules.Fail && grave:
			c.Warnings++
		}
	}
	return c
}

// Freeze keeps what a check said.
func (k *Checker) Freeze(f Facts, found []rules.Finding) Frozen {
	c := Count(found)
	out := Frozen{
		Day: f.Day, Text: f.Name.Text, Version: f.Name.Version, Errors: c.Errors, Warnings: c.Warnings, Open: c.Open, Passed: c.Passed, Findings: []FrozenFinding{},
	}
	for _, found := range found {
		r := found.Rule
		if found.Outcome == rules.Pass || found.Outcome == rules.NotApplicable {
			continue
		}
		kept := FrozenFinding{
			Rule: r.ID, Aspect: r.Aspect, TitleZH: r.TitleZH, TitleEN: r.TitleEN, Severity: r.Severity, Grade: r.Grade, Outcome: found.Outcome,
			ReasonZH: found.ReasonZH, ReasonEN: found.ReasonEN, ClauseZH: r.Cite.ClauseZH, ClauseEN: r.Cite.ClauseEN,
		}
		if found.Value != nil {
			kept.ValueZH, kept.ValueEN = k.set.ShowValue(r, *found.Value)
		}
		kept.SourceZH, kept.SourceEN = k.set.Source(r)
		out.Findings = append(out.Findings, kept)
	}
	return out
}

// Rules are the rules that the checker goes by.
func (k *Checker) Rules() *rules.Set { return k.set }
