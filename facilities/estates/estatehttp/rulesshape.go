package estatehttp

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"yike/facilities/estates"
	"yike/internal/record"
	"yike/internal/rules"
)

// EstateRuleForm is a form of rule that a bureau may use.
type EstateRuleForm struct {
	Code      string  `json:"code"`
	ZH        string  `json:"zh"`
	EN        string  `json:"en"`
	Rule      string  `json:"rule" doc:"Of the catalogue" example:"RAT-01"`
	Subject   string  `json:"subject" enum:"estate,community,room"`
	Parameter string  `json:"parameter" enum:"at_least,at_most,between,tiers,elements,none,from"`
	UnitZH    string  `json:"unit_zh" doc:"Of the parameter; empty for none"`
	UnitEN    string  `json:"unit_en"`
	Low       float64 `json:"low"`
	High      float64 `json:"high"`
	Decimals  int     `json:"decimals"`
	Kinds     bool    `json:"kinds" doc:"May be limited to new estates or to standing ones"`
	Settings  bool    `json:"settings" doc:"May be limited to towns or to villages"`
	People    bool    `json:"people" doc:"May be limited to estates of so many people"`
}

// EstateRuleGrade is how the text of a rule was read.
type EstateRuleGrade struct {
	Grade string `json:"grade"`
	ZH    string `json:"zh"`
	EN    string `json:"en"`
}

// EstateRuleForms are what a local rule is put together of.
type EstateRuleForms struct {
	Forms  []EstateRuleForm  `json:"forms" nullable:"false"`
	Grades []EstateRuleGrade `json:"grades" nullable:"false"`
}

func formsOut() *EstateRuleForms {
	out := &EstateRuleForms{}
	for _, f := range estates.LocalForms() {
		form := EstateRuleForm{
			Code: f.Code, ZH: f.ZH, EN: f.EN, Rule: f.ID, Subject: f.Subject, Parameter: string(f.Parameter), Low: f.Low, High: f.High, Decimals: f.Decimals,
			Kinds: f.ForKinds, Settings: f.Settings, People: f.ForPeople,
		}
		zh, en := f.UnitWords()
		form.UnitZH, form.UnitEN = trimUnit(zh), trimUnit(en)
		out.Forms = append(out.Forms, form)
	}
	for _, g := range estates.LocalGrades() {
		zh, en := gradeWords(g)
		out.Grades = append(out.Grades, EstateRuleGrade{string(g), zh, en})
	}
	return out
}

func trimUnit(s string) string { return strings.Trim(s, "\u2009 ") }

// gradeWords say a grade of a bureau's own rule, of which no text means a practice of its own.
func gradeWords(g rules.Grade) (zh, en string) {
	if g == rules.Proposed {
		return "本局做法，无书面规定", "the bureau's practice, from no text"
	}
	return g.Words()
}

// EstateRuleLaw is a rule that applies in the district.
type EstateRuleLaw struct {
	Key         string            `json:"key" doc:"Names the rule among all"`
	Rule        string            `json:"rule" example:"RAT-01"`
	Local       string            `json:"local" doc:"The bureau's rule that it is; empty for one of the program"`
	Subject     string            `json:"subject" enum:"estate,community,room"`
	TitleZH     string            `json:"title_zh"`
	TitleEN     string            `json:"title_en"`
	Severity    string            `json:"severity" enum:"error,warning,info"`
	FormulaZH   string            `json:"formula_zh"`
	FormulaEN   string            `json:"formula_en"`
	ThresholdZH string            `json:"threshold_zh"`
	ThresholdEN string            `json:"threshold_en"`
	WhenZH      string            `json:"when_zh" doc:"What limits it to cases; empty for none"`
	WhenEN      string            `json:"when_en"`
	WhereZH     string            `json:"where_zh"`
	WhereEN     string            `json:"where_en"`
	From        string            `json:"from"`
	Until       string            `json:"until"`
	InForce     bool              `json:"in_force" doc:"Today"`
	Grade       string            `json:"grade"`
	GradeZH     string            `json:"grade_zh"`
	GradeEN     string            `json:"grade_en"`
	SourceZH    string            `json:"source_zh"`
	SourceEN    string            `json:"source_en"`
	ClauseZH    string            `json:"clause_zh"`
	ClauseEN    string            `json:"clause_en"`
	Sentence    string            `json:"sentence"`
	SentenceEN  string            `json:"sentence_en"`
	NoteZH      string            `json:"note_zh"`
	NoteEN      string            `json:"note_en"`
	Waivers     []EstateRuleWaive `json:"waivers" nullable:"false" doc:"Where the bureau declared that it does not hold"`
}

// EstateRuleWaive is a declaration that a rule does not hold somewhere.
type EstateRuleWaive struct {
	Local   string `json:"local"`
	ZH      string `json:"zh"`
	EN      string `json:"en"`
	WhereZH string `json:"where_zh"`
	WhereEN string `json:"where_en"`
	From    string `json:"from"`
	Until   string `json:"until"`
}

// lawsOut are the rules that hold in the district or a division of it, today or later.
func lawsOut(laws RuleLaws, today record.Day) []EstateRuleLaw {
	out := []EstateRuleLaw{}
	for i := range laws.Set.Rules {
		r := &laws.Set.Rules[i]
		if r.Local == "" && !r.HoldsAt(laws.Chain, max(today, r.From)) || r.Until != "" && r.Until < today {
			continue
		}
		out = append(out, lawOut(laws.Set, r, today))
	}
	return out
}

func lawOut(set *rules.Set, r *rules.Rule, today record.Day) EstateRuleLaw {
	out := EstateRuleLaw{
		Key: r.Key(), Rule: r.ID, Local: r.Local, Subject: r.Subject, TitleZH: r.TitleZH, TitleEN: r.TitleEN, Severity: string(r.Severity), From: string(r.From),
		Until: string(r.Until), InForce: r.From <= today && (r.Until == "" || today <= r.Until), Grade: string(r.Grade), ClauseZH: r.Cite.ClauseZH, ClauseEN: r.Cite.ClauseEN,
		Sentence: r.Cite.Sentence, SentenceEN: r.Cite.SentenceEN, NoteZH: r.NoteZH, NoteEN: r.NoteEN, Waivers: []EstateRuleWaive{},
	}
	out.FormulaZH, out.FormulaEN = set.Formula(r)
	out.ThresholdZH, out.ThresholdEN = set.Threshold(r, rules.Limits{})
	out.WhereZH, out.WhereEN = set.Where(r)
	out.SourceZH, out.SourceEN = set.Source(r)
	out.GradeZH, out.GradeEN = r.Grade.Words()
	if r.Local != "" {
		out.GradeZH, out.GradeEN = gradeWords(r.Grade)
	}
	out.WhenZH, out.WhenEN = whenWords(set, r)
	for _, w := range r.Waivers {
		one := EstateRuleWaive{Local: w.Local, ZH: w.ZH, EN: w.EN, From: string(w.From), Until: string(w.Until)}
		one.WhereZH, one.WhereEN = set.Where(&rules.Rule{Regions: w.Regions})
		out.Waivers = append(out.Waivers, one)
	}
	return out
}

// whenWords say what limits a rule to cases.
func whenWords(set *rules.Set, r *rules.Rule) (zh, en string) {
	var a, b []string
	for _, c := range r.When {
		nameZH, nameEN := set.Name(c.Input)
		if c.AtLeast != nil {
			valueZH, valueEN := set.ShowInput(c.Input, *c.AtLeast)
			a, b = append(a, fmt.Sprintf("%s ≥ %s", nameZH, valueZH)), append(b, fmt.Sprintf("%s ≥ %s", nameEN, valueEN))
			continue
		}
		var any any = c.Is
		if slices.Equal(c.Is, []string{"true"}) {
			any = true
		}
		valueZH, valueEN := set.ShowInput(c.Input, any)
		a, b = append(a, nameZH+"："+valueZH), append(b, nameEN+": "+valueEN)
	}
	return strings.Join(a, "；"), strings.Join(b, "; ")
}

// EstateRuleSigned is who did something, when and why.
type EstateRuleSigned struct {
	By     string `json:"by"`
	Day    string `json:"day"`
	Reason string `json:"reason"`
}

// EstateRuleTried is the latest trial of a rule.
type EstateRuleTried struct {
	Version int       `json:"version" doc:"Of the rule; where the rule has another by now it was not tried"`
	At      time.Time `json:"at"`
	By      string    `json:"by"`
}

// EstateRuleFault is what is at fault with a rule, or what it lacks.
type EstateRuleFault struct {
	Field string `json:"field" doc:"As a path of the draft" example:"tiers/0/value"`
	ZH    string `json:"zh"`
	EN    string `json:"en"`
}

// EstateRuleRecord is a local rule.
type EstateRuleRecord struct {
	ID       string            `json:"id"`
	Version  int               `json:"version"`
	State    string            `json:"state" enum:"draft,adopted,superseded,withdrawn"`
	Draft    EstateRuleDraft   `json:"content"`
	PlaceZH  string            `json:"place_zh"`
	PlaceEN  string            `json:"place_en"`
	Attached int               `json:"attached" doc:"Documents; see /estate-rules/{id}/attachments"`
	Words    EstateRuleLaw     `json:"words" doc:"The rule as it is checked; of a waiver the rule that it sets aside"`
	Adoption *EstateRuleSigned `json:"adoption,omitempty"`
	Ending   *EstateRuleSigned `json:"ending,omitempty"`
	Tried    *EstateRuleTried  `json:"tried,omitempty"`
	Lacks    []EstateRuleFault `json:"lacks" nullable:"false" doc:"What it needs before it may be adopted"`
	MayWrite bool              `json:"may_write"`
}

// EstateRuleMisfit is a local rule that the program no longer takes and leaves out.
type EstateRuleMisfit struct {
	ID  string `json:"id"`
	Why string `json:"why"`
}

// EstateRules are the rules that apply in the district and what the bureau made of them.
type EstateRules struct {
	Day      string             `json:"day"`
	District string             `json:"district"`
	MayWrite bool               `json:"may_write" doc:"For the whole district"`
	Rules    []EstateRuleLaw    `json:"rules" nullable:"false"`
	Local    []EstateRuleRecord `json:"local" nullable:"false"`
	Misfits  []EstateRuleMisfit `json:"misfits" nullable:"false"`
}

// EstateRuleBeside is a rule of the same aspect that holds in the same place.
type EstateRuleBeside struct {
	Rule     EstateRuleLaw `json:"rule"`
	Relation string        `json:"relation" enum:"stricter,looser,equal,differs" doc:"Of the rule that is written to that one"`
}

// EstateRuleCheck is what is at fault with a rule as it is written.
type EstateRuleCheck struct {
	Faults []EstateRuleFault  `json:"faults" nullable:"false"`
	Lacks  []EstateRuleFault  `json:"lacks" nullable:"false" doc:"What it needs before it may be adopted"`
	Value  *float64           `json:"value" nullable:"true" doc:"As it was read, in the form's unit"`
	Upper  *float64           `json:"upper" nullable:"true"`
	Words  *EstateRuleLaw     `json:"words,omitempty" doc:"The rule as it would be checked, where nothing is at fault"`
	Beside []EstateRuleBeside `json:"beside" nullable:"false"`
}

func faultsOut(list []record.Fault) []EstateRuleFault {
	out := []EstateRuleFault{}
	for _, f := range list {
		out = append(out, EstateRuleFault{f.Field, f.ZH, f.EN})
	}
	return out
}

// localWords are a local rule in words, as it would be if it were in force; false where it
// cannot be.
func localWords(laws RuleLaws, l estates.LocalRule, today record.Day) (EstateRuleLaw, bool) {
	if l.Kind == estates.Waiver {
		for i := range laws.Base.Rules {
			if r := &laws.Base.Rules[i]; r.Key() == l.Waives {
				return lawOut(laws.Base, r, today), true
			}
		}
		return EstateRuleLaw{Waivers: []EstateRuleWaive{}}, false
	}
	l.State, l.ID = estates.Adopted, cmp.Or(l.ID, "new")
	set, misfits := estates.Effective(laws.Base, []estates.LocalRule{l})
	if len(misfits) == 0 {
		for i := range set.Rules {
			if r := &set.Rules[i]; r.Local != "" {
				return lawOut(set, r, today), true
			}
		}
	}
	return EstateRuleLaw{Waivers: []EstateRuleWaive{}}, false
}

func ruleOut(laws RuleLaws, i estates.LocalItem) EstateRuleRecord {
	region := i.Region()
	out := EstateRuleRecord{
		ID: i.ID, Version: i.Version, State: string(i.State), Draft: draftOut(i.LocalRule), PlaceZH: region.ZH, PlaceEN: region.EN, Attached: i.Attached,
		Lacks: faultsOut(nil), MayWrite: i.MayWrite, Adoption: signedOut(i.Adoption), Ending: signedOut(i.Ending),
	}
	whole := i.LocalRule
	whole.Until = "" // one that never came into force is still told
	out.Words, _ = localWords(laws, whole, "")
	out.Words.From, out.Words.Until = string(i.From), string(i.Until)
	if i.State == estates.Draft {
		out.Lacks = faultsOut(i.Lacks())
	}
	if i.TriedVersion > 0 {
		out.Tried = &EstateRuleTried{i.TriedVersion, i.TriedAt, i.TriedBy}
	}
	return out
}

func signedOut(s estates.Signed) *EstateRuleSigned {
	if s == (estates.Signed{}) {
		return nil
	}
	return &EstateRuleSigned{s.By, string(s.Day), s.Reason}
}

// checkOut puts what was found of a rule as it is written together: of what could not be read
// at all, that alone is said of its field.
func checkOut(laws RuleLaws, l estates.LocalRule, read, found []record.Fault, today record.Day) EstateRuleCheck {
	faults := slices.Clone(read)
	for _, f := range found {
		if !slices.ContainsFunc(read, func(r record.Fault) bool { return r.Field == f.Field }) {
			faults = append(faults, f)
		}
	}
	out := EstateRuleCheck{Faults: faultsOut(faults), Lacks: faultsOut(l.Lacks()), Value: l.Value, Upper: l.Upper, Beside: []EstateRuleBeside{}}
	if len(faults) > 0 {
		return out
	}
	if words, ok := localWords(laws, l, today); ok {
		out.Words = &words
	}
	for _, b := range l.Compare(laws.Set, laws.Chain, max(today, l.From)) {
		out.Beside = append(out.Beside, EstateRuleBeside{lawOut(laws.Set, b.Rule, today), string(b.Relation)})
	}
	return out
}
