package estates

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"yike/internal/record"
	"yike/internal/rules"
)

// LocalKind says what a local rule does.
type LocalKind string

// The kinds.
const (
	Norm   LocalKind = "norm"   // asks for something, in one of the forms of LocalForms
	Waiver LocalKind = "waiver" // declares that a rule that comes with the program does not hold here
)

// LocalState is how far a local rule is.
type LocalState string

// The states. Whether a draft was tried is for the trial of its version to say.
const (
	Draft      LocalState = "draft" // changes nothing
	Adopted    LocalState = "adopted"
	Superseded LocalState = "superseded" // by another, whose first day follows its last
	Withdrawn  LocalState = "withdrawn"
)

// Document is where a local rule stands.
type Document struct {
	Number string     // 文号, e.g. 津西民发〔2026〕12号
	Title  string     //
	Issuer string     // 发文机关
	Day    record.Day // of the document
}

// Known reports whether the document can be found by what is said of it.
func (d Document) Known() bool { return d.Title != "" && d.Day != "" }

// words name the document: 《关于……的通知》（津西民发〔2026〕12号，2026-01-05）. A rule may do
// without one where it is no must.
func (d Document) words() (zh, en string) {
	var parts []string
	for _, p := range []string{d.Issuer, d.Number, string(d.Day)} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	title := strings.Trim(d.Title, "《》 ")
	switch {
	case title == "" && len(parts) == 0:
		return "未注明依据文件", "no document is named"
	case title == "":
		return strings.Join(parts, "，"), strings.Join(parts, ", ")
	case len(parts) == 0:
		return "《" + title + "》", title
	}
	return "《" + title + "》（" + strings.Join(parts, "，") + "）", title + " (" + strings.Join(parts, ", ") + ")"
}

// Signed is who did something, when and why.
type Signed struct {
	By     string // the account's name
	Day    record.Day
	Reason string
}

// LocalRule is a rule that a bureau made, or its declaration that one does not hold. Days
// are inclusive.
type LocalRule struct {
	ID       string // UUIDv7, text form
	Version  int
	State    LocalState
	Kind     LocalKind
	Division string // the district or one of its divisions
	PlaceZH  string // its name, as the register of divisions has it; the code where nobody knows
	PlaceEN  string
	TitleZH  string // "" for the title of the form
	TitleEN  string
	From     record.Day // first day; "" for the day of its adoption
	Until    record.Day // last day; "" for ever

	Form       string // of LocalForms, for a norm
	Value      *float64
	Upper      *float64 // of a range
	Strict     bool     // the value itself does not pass
	Tiers      []rules.Tier
	Elements   []Element
	Applies    Kind   // "" for estates of either kind
	Setting    string // urban, rural; "" for both
	FromPeople int    // asked of estates of so many people; 0 of all

	Waives string // the key of a rule of the program, for a waiver

	Severity   rules.Severity // of a norm
	Grade      rules.Grade    // how the text was read
	Sentence   string         // its own words
	SentenceEN string
	Source     Document
	ReadBy     string // who read the text, where it is not attached
	ReadOn     record.Day
	Note       string
	Attached   int // documents attached

	Replaces string // the local rule that ends when this one is adopted
	Adoption Signed // zero for a draft
	Ending   Signed // zero until it is superseded or withdrawn
}

// Read reports whether anybody can say that the text was read: it is attached, or somebody
// signs for it.
func (l LocalRule) Read() bool { return l.Attached > 0 || l.ReadBy != "" && l.ReadOn != "" }

// Title is what people call the rule.
func (l LocalRule) Title(base *rules.Set) (zh, en string) {
	form, _ := LocalFormOf(l.Form)
	zh, en = form.ZH, form.EN
	if r, ok := builtIn(base, l.Waives); ok {
		zh, en = "不适用："+r.TitleZH, "does not hold: "+r.TitleEN
	}
	zh = cmp.Or(l.TitleZH, zh)
	return zh, cmp.Or(l.TitleEN, en)
}

// builtIn finds a rule of the program by its key.
func builtIn(base *rules.Set, key string) (*rules.Rule, bool) {
	if key == "" {
		return nil, false
	}
	for i := range base.Rules {
		if base.Rules[i].Key() == key {
			return &base.Rules[i], true
		}
	}
	return nil, false
}

// sourceKey names the document of a local rule among the sources of a set.
func (l LocalRule) sourceKey() string { return "local:" + l.ID }

// Region is where the rule holds, as a region of a set.
func (l LocalRule) Region() rules.Region {
	return rules.Region{Code: l.Division, ZH: cmp.Or(l.PlaceZH, l.Division), EN: cmp.Or(l.PlaceEN, l.PlaceZH, l.Division)}
}

// Rule is the norm as rules are checked. Its identity in the catalogue is that of its form,
// so it is due when those are, and the strictest of one aspect wins.
func (l LocalRule) Rule(base *rules.Set) rules.Rule {
	form, _ := LocalFormOf(l.Form)
	r := form.shape
	r.ID, r.Subject, r.Unit, r.Local = form.ID, form.Subject, form.Unit, l.ID
	r.Aspect = cmp.Or(form.Aspect, "local:"+l.ID)
	r.TitleZH, r.TitleEN = l.Title(base)
	r.Regions, r.From, r.Until = []string{l.Division}, l.From, l.Until
	r.Severity, r.Grade = l.Severity, l.Grade
	r.Cite = rules.Citation{Source: l.sourceKey(), Sentence: l.Sentence, SentenceEN: l.SentenceEN}
	r.NoteZH, r.NoteEN = l.Note, l.Note
	r.When = append(slices.Clone(r.When), l.conditions(form)...)
	l.measure(form, &r)
	return r
}

func (l LocalRule) conditions(form LocalForm) []rules.Condition {
	var out []rules.Condition
	if kind := cmp.Or(form.fixedKind(), l.Applies); kind != "" {
		out = append(out, rules.Condition{Input: "kind", Is: []string{string(kind)}})
	}
	if l.Setting != "" {
		out = append(out, rules.Condition{Input: "setting", Is: []string{l.Setting}})
	}
	if l.FromPeople > 0 {
		n := float64(l.FromPeople)
		out = append(out, rules.Condition{Input: "people", AtLeast: &n})
	}
	return out
}

func (l LocalRule) measure(form LocalForm, r *rules.Rule) {
	value := func(v *float64) *rules.Bound {
		if v == nil {
			return nil
		}
		return &rules.Bound{Value: *v, Strict: l.Strict}
	}
	switch form.Parameter {
	case AtLeast:
		r.AtLeast = value(l.Value)
	case AtMost:
		r.AtMost = value(l.Value)
	case Between:
		r.AtLeast, r.AtMost = value(l.Value), value(l.Upper)
	case ByTiers:
		r.AtLeast = &rules.Bound{TierOf: "housing_floor", Tiers: l.Tiers, Strict: l.Strict}
	case AllListed:
		for _, e := range l.Elements {
			r.Among = append(r.Among, string(e))
		}
	case FromHere:
		r.When = append(r.When, rules.Condition{Input: "highest", AtLeast: l.Value})
		r.Unit = ""
	case Nothing:
	}
}

// Misfit is a local rule that the program's catalogue no longer takes: it is left out and
// named.
type Misfit struct {
	Rule LocalRule
	Err  error
}

// Effective lays what a bureau made over the rules of the program: norms that were adopted,
// on their days, and what declarations set aside. Drafts are left out. The set is the
// program's own where there is nothing. O(rules × local rules).
func Effective(base *rules.Set, all []LocalRule) (*rules.Set, []Misfit) {
	set, misfits := base, []Misfit(nil)
	for _, l := range all {
		if l.State == Draft || l.Until != "" && l.From != "" && l.Until < l.From {
			continue // never in force
		}
		next, err := l.laidOver(set)
		if err != nil {
			misfits = append(misfits, Misfit{l, err})
			continue
		}
		set = next
	}
	return set, misfits
}

var errNoForm = errors.New("the program has no such form of rule")

func (l LocalRule) laidOver(set *rules.Set) (*rules.Set, error) {
	zh, en := l.Source.words()
	source := rules.Source{Source: l.sourceKey(), ZH: zh, EN: en}
	if l.Kind == Waiver {
		return l.waived(set, zh, en)
	}
	if _, ok := LocalFormOf(l.Form); !ok {
		return nil, fmt.Errorf("form %q: %w", l.Form, errNoForm)
	}
	out, err := set.With([]rules.Region{l.Region()}, []rules.Source{source}, []rules.Rule{l.Rule(set)})
	if err != nil {
		return nil, fmt.Errorf("local rule %s: %w", l.ID, err)
	}
	return out, nil
}

func (l LocalRule) waived(set *rules.Set, zh, en string) (*rules.Set, error) {
	out, err := set.With([]rules.Region{l.Region()}, nil, nil)
	if err != nil {
		return nil, fmt.Errorf("local rule %s: %w", l.ID, err)
	}
	r, ok := builtIn(out, l.Waives)
	if !ok || r.Local != "" {
		return nil, fmt.Errorf("waives %q: %w", l.Waives, ErrNoRule)
	}
	r.Waivers = append(slices.Clone(r.Waivers), rules.Waiver{
		Local: l.ID, Regions: []string{l.Division}, From: l.From, Until: l.Until,
		ZH: "本局依据" + zh + "声明本条在此不适用", EN: "the bureau declared by " + en + " that this does not hold here",
	})
	return out, nil
}
