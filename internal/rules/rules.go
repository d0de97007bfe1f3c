// Package rules owns what a rule is that a machine can check, and how one is checked:
// rules are data, of a closed set of forms with parameters, each with the place and the
// days it holds in, its evidence and its severity. It decides which rules apply, which of
// several is the strictest, and what each finds; whoever asks brings the inputs by name.
//
// The package is pure. It knows no facility, no estate, no place name: what the inputs
// are of, and where they come from, is for the features that keep a set of rules.
package rules

import (
	"yike/internal/record"
)

// Severity says what it means when a rule is broken.
type Severity string

// The severities, from the gravest.
const (
	Error   Severity = "error"   // a must of a text that was read
	Warning Severity = "warning" // a should
	Info    Severity = "info"    // worth knowing, or not verified
)

func (s Severity) rank() int {
	switch s {
	case Error:
		return 2
	case Warning:
		return 1
	default:
		return 0
	}
}

// Grade is how good the evidence of a threshold is: S0 to S4 read in one of five plans,
// R read in the text of the law or standard itself, r read in an excerpt or a copy, D
// derived from figures that were read, P proposed by the makers of the program, M only
// remembered.
type Grade string

// The grades beside S0 to S4.
const (
	ReadWhole   Grade = "R"
	ReadExcerpt Grade = "r"
	Derived     Grade = "D"
	Proposed    Grade = "P"
	Remembered  Grade = "M"
)

// Words say a grade for people.
func (g Grade) Words() (zh, en string) {
	switch g {
	case ReadWhole:
		return "已读原文", "read in the text itself"
	case ReadExcerpt:
		return "已读摘录或转载", "read in an excerpt or a copy"
	case Derived:
		return "由已读数据推算", "derived from figures that were read"
	case Proposed:
		return "本系统建议值，无出处", "proposed by Yike, from no text"
	case Remembered:
		return "未见原文，仅供参考", "no text seen; for information"
	default:
		return "已读规划原文", "read in the plan itself"
	}
}

// Form is the kind of question that a rule asks. The set is closed: a new rule is data of
// one of these forms.
type Form string

// The forms, with the parameters of Rule that each has.
const (
	Minimum     Form = "minimum"      // Over[0] is AtLeast
	Maximum     Form = "maximum"      // Over[0] is AtMost
	Range       Form = "range"        // Over[0] is AtLeast and AtMost
	Ratio       Form = "ratio"        // product of Over ÷ product of Under × Factor is AtLeast, AtMost or both
	PerDivision Form = "per_division" // Over[0], a count in a division, is AtLeast
	Presence    Form = "presence"     // each of Over is true, or a number above 0
	Absence     Form = "absence"      // each of Over is false, 0 or an empty list
	OneOf       Form = "one_of"       // each of Over is a text among Among
	AllOf       Form = "all_of"       // Over[0] is a list that holds all of Among
)

// Bound is a threshold: a number, a product of inputs, or a number that depends on how
// large an input is.
type Bound struct {
	Value  float64  `json:"value"`             // the number, or the factor of the product
	Of     []string `json:"of,omitempty"`      // inputs that Value is multiplied with
	TierOf string   `json:"tier_of,omitempty"` // the input that chooses a tier; then Value is not used
	Tiers  []Tier   `json:"tiers,omitempty"`   // from the smallest
	Strict bool     `json:"strict,omitempty"`  // the number itself does not pass; else it does
}

// Tier is a threshold for inputs below a size.
type Tier struct {
	Below *float64 `json:"below,omitempty"` // not reached by the tier; nil for the last
	Value float64  `json:"value"`
}

// Condition limits a rule to cases: all of a rule's must hold.
type Condition struct {
	Input   string   `json:"input"`
	Is      []string `json:"is,omitempty"`       // a text among these, or "true" or "false"
	AtLeast *float64 `json:"at_least,omitempty"` // a number of at least this
}

// Citation is where a rule comes from.
type Citation struct {
	Source     string `json:"source"`                // a key of the set's sources
	ClauseZH   string `json:"clause_zh,omitempty"`   // where in it: 第四章（一）, 表3.2.6
	ClauseEN   string `json:"clause_en,omitempty"`   //
	Sentence   string `json:"sentence,omitempty"`    // its own words, where they were read
	SentenceEN string `json:"sentence_en,omitempty"` // what they say in English
}

// Rule is one rule, in one of the places that has it.
type Rule struct {
	ID       string      `json:"id"` // FAC-08; the same in each place that has a rule of its own
	TitleZH  string      `json:"title_zh"`
	TitleEN  string      `json:"title_en"`
	Subject  string      `json:"subject"`           // what it is asked of, e.g. facility, grid
	Aspect   string      `json:"aspect,omitempty"`  // rules of one aspect compute the same value, and the strictest wins; the id where empty
	Regions  []string    `json:"regions,omitempty"` // where it holds; none for the whole country
	From     record.Day  `json:"from,omitempty"`    // first day; "" for ever
	Until    record.Day  `json:"until,omitempty"`   // last day; "" for ever
	Severity Severity    `json:"severity"`
	Grade    Grade       `json:"grade"`
	Unread   bool        `json:"unread,omitempty"` // the text now in force was not read: information only
	Form     Form        `json:"form"`
	Over     []string    `json:"over"`
	Under    []string    `json:"under,omitempty"`
	Factor   float64     `json:"factor,omitempty"` // 1 where left out
	AtLeast  *Bound      `json:"at_least,omitempty"`
	AtMost   *Bound      `json:"at_most,omitempty"`
	Unit     string      `json:"unit,omitempty"` // of the computed value
	Among    []string    `json:"among,omitempty"`
	When     []Condition `json:"when,omitempty"`
	Beside   []string    `json:"beside,omitempty"` // inputs that are shown and decide nothing
	Cite     Citation    `json:"cite"`
	NoteZH   string      `json:"note_zh,omitempty"` // what to know before one relies on it
	NoteEN   string      `json:"note_en,omitempty"`
	Local    string      `json:"local,omitempty"`   // the record of the authority that made it; "" where it came with the program
	Waivers  []Waiver    `json:"waivers,omitempty"` // where an authority declared that it does not hold
}

// Waiver is an authority's declaration, by a document, that a rule does not hold in a place
// although the rule's own words would have it so. What it is of is then found not to apply,
// and the finding names it.
type Waiver struct {
	Local   string     `json:"local"`             // the record of it
	Regions []string   `json:"regions,omitempty"` // codes of the set; none for everywhere
	From    record.Day `json:"from,omitempty"`    // first day; "" for ever
	Until   record.Day `json:"until,omitempty"`   // last day; "" for ever
	ZH      string     `json:"zh"`                // what was declared, with the document
	EN      string     `json:"en"`
}

// InputInfo says what an input is.
type InputInfo struct {
	Name    string  `json:"name"`
	ZH      string  `json:"zh"`
	EN      string  `json:"en"`
	Unit    string  `json:"unit,omitempty"`
	Choices []Words `json:"choices,omitempty"` // in words, for texts and lists
}

// Words are a code word's words.
type Words struct {
	Value string `json:"value"`
	ZH    string `json:"zh"`
	EN    string `json:"en"`
}

// Region is a place that has rules of its own.
type Region struct {
	Code    string   `json:"code"` // the beginning of the adcodes in it (12, 120111), or a name for a named area
	ZH      string   `json:"zh"`
	EN      string   `json:"en"`
	Adcodes []string `json:"adcodes,omitempty"` // of a named area
}

// Source is a document.
type Source struct {
	Source string `json:"source"`
	ZH     string `json:"zh"`
	EN     string `json:"en"`
}

// Set is a catalogue of rules with the words that they need. It is read-only once parsed.
type Set struct {
	Units   []Words     `json:"units"`
	Inputs  []InputInfo `json:"inputs"`
	Regions []Region    `json:"regions"`
	Sources []Source    `json:"sources"`
	Rules   []Rule      `json:"rules"` // in the order in which people list them
}
