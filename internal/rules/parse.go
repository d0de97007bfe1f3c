package rules

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"yike/internal/record"
)

// Parse reads a set of rules and checks it whole: every input, unit, region and source
// that a rule names is there, every form has its parameters, rules of one aspect compute
// the same value. A rule whose threshold is only remembered is never an error, and one
// whose text in force was not read is information: a set that says otherwise is refused.
// The error names the rule and the field.
func Parse(data []byte) (*Set, error) {
	var s Set
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&s); err != nil {
		return nil, fmt.Errorf("read rules: %w", err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("read rules: something follows the end of the JSON")
	}
	if err := s.check(); err != nil {
		return nil, fmt.Errorf("read rules: %w", err)
	}
	return &s, nil
}

func (s *Set) check() error {
	err := errors.Join(
		once("units", s.Units, func(w Words) (string, bool) { return w.Value, w.ZH != "" && w.EN != "" }),
		once("inputs", s.Inputs, func(i InputInfo) (string, bool) { return i.Name, i.ZH != "" && i.EN != "" }),
		once("regions", s.Regions, func(r Region) (string, bool) { return r.Code, r.ZH != "" && r.EN != "" }),
		once("sources", s.Sources, func(c Source) (string, bool) { return c.Source, c.ZH != "" && c.EN != "" }),
	)
	for _, i := range s.Inputs {
		if i.Unit != "" && !s.hasUnit(i.Unit) {
			err = errors.Join(err, fmt.Errorf("input %q: there is no unit %q", i.Name, i.Unit))
		}
		err = errors.Join(err, once("input "+i.Name, i.Choices, func(w Words) (string, bool) { return w.Value, w.ZH != "" && w.EN != "" }))
	}
	if err != nil {
		return err
	}
	aspects := map[string]*Rule{}
	for i := range s.Rules {
		r := &s.Rules[i]
		if r.Factor == 0 {
			r.Factor = 1
		}
		if r.Aspect == "" {
			r.Aspect = r.ID
		}
		if err := s.checkRule(r); err != nil {
			return fmt.Errorf("rule %q: %w", r.ID, err)
		}
		if other := aspects[r.Aspect]; other != nil && !sameValue(*other, *r) {
			return fmt.Errorf("rule %q: aspect: %q computes another value than %s", r.ID, r.Aspect, other.ID)
		}
		aspects[r.Aspect] = r
	}
	return nil
}

func once[T any](list string, all []T, key func(T) (string, bool)) error {
	seen := map[string]bool{}
	for _, v := range all {
		k, worded := key(v)
		switch {
		case k == "" || !worded:
			return fmt.Errorf("%s: %q needs a code word, zh and en", list, k)
		case seen[k]:
			return fmt.Errorf("%s: %q is there twice", list, k)
		}
		seen[k] = true
	}
	return nil
}

func sameValue(a, b Rule) bool {
	return a.Subject == b.Subject && slices.Equal(a.Over, b.Over) && slices.Equal(a.Under, b.Under) && a.Factor == b.Factor && a.Unit == b.Unit
}

func (s *Set) checkRule(r *Rule) error {
	switch {
	case r.ID == "" || r.TitleZH == "" || r.TitleEN == "" || r.Subject == "":
		return errors.New("id, title_zh, title_en and subject must not be empty")
	case !slices.Contains([]Severity{Error, Warning, Info}, r.Severity):
		return fmt.Errorf("severity: must be error, warning or info, not %q", r.Severity)
	case !slices.Contains([]Grade{"S0", "S1", "S2", "S3", "S4", ReadWhole, ReadExcerpt, Derived, Proposed, Remembered}, r.Grade):
		return fmt.Errorf("grade: must be S0 to S4, R, r, D, P or M, not %q", r.Grade)
	case r.Severity == Error && r.Grade == Remembered:
		return errors.New("severity: a threshold that is only remembered (grade M) is never an error")
	case r.Severity != Info && r.Unread:
		return errors.New("severity: a rule whose text in force was not read is information")
	case !slices.ContainsFunc(s.Sources, func(c Source) bool { return c.Source == r.Cite.Source }):
		return fmt.Errorf("cite: there is no source %q", r.Cite.Source)
	case r.Unit != "" && !s.hasUnit(r.Unit):
		return fmt.Errorf("unit: there is no unit %q", r.Unit)
	case (r.NoteZH == "") != (r.NoteEN == ""):
		return errors.New("note_zh and note_en: give both or none")
	}
	for _, d := range []record.Day{r.From, r.Until} {
		if _, ok := record.ParseDay(string(d)); d != "" && !ok {
			return fmt.Errorf("from, until: %q is no day such as 2026-11-27", d)
		}
	}
	if r.From != "" && r.Until != "" && r.Until < r.From {
		return errors.New("until: is before from")
	}
	if err := s.checkRegions(r); err != nil {
		return err
	}
	return errors.Join(s.checkInputs(r), checkForm(r))
}

// checkRegions holds the places of a rule, and those of its waivers, to those of the set.
func (s *Set) checkRegions(r *Rule) error {
	codes := r.Regions
	for _, w := range r.Waivers {
		if w.ZH == "" || w.EN == "" || w.Local == "" {
			return errors.New("waivers: each needs its record, zh and en")
		}
		codes = slices.Concat(codes, w.Regions)
	}
	for _, code := range codes {
		if !slices.ContainsFunc(s.Regions, func(g Region) bool { return g.Code == code }) {
			return fmt.Errorf("regions: there is no region %q", code)
		}
	}
	return nil
}

// With gives a set that has more regions, sources and rules, and leaves this one as it is:
// regions and sources that are there already stay as they are, and rules stand behind the
// last one of their id. The error says what makes it no set, as that of Parse does.
func (s *Set) With(regions []Region, sources []Source, added []Rule) (*Set, error) {
	out := *s
	out.Regions, out.Sources, out.Rules = slices.Clone(s.Regions), slices.Clone(s.Sources), slices.Clone(s.Rules)
	for _, g := range regions {
		if !slices.ContainsFunc(out.Regions, func(have Region) bool { return have.Code == g.Code }) {
			out.Regions = append(out.Regions, g)
		}
	}
	for _, c := range sources {
		if !slices.ContainsFunc(out.Sources, func(have Source) bool { return have.Source == c.Source }) {
			out.Sources = append(out.Sources, c)
		}
	}
	for _, r := range added {
		at := len(out.Rules)
		for i := range out.Rules {
			if out.Rules[i].ID == r.ID {
				at = i + 1
			}
		}
		out.Rules = slices.Insert(out.Rules, at, r)
	}
	if err := out.check(); err != nil {
		return nil, fmt.Errorf("add rules: %w", err)
	}
	return &out, nil
}

func (s *Set) hasUnit(unit string) bool {
	return slices.ContainsFunc(s.Units, func(w Words) bool { return w.Value == unit })
}

func (s *Set) checkInputs(r *Rule) error {
	for _, name := range append(r.Inputs(), r.Beside...) {
		if _, ok := s.input(name); !ok {
			return fmt.Errorf("there is no input %q", name)
		}
	}
	for _, c := range r.When {
		if (len(c.Is) > 0) == (c.AtLeast != nil) {
			return fmt.Errorf("when: %q needs one of is and at_least", c.Input)
		}
	}
	return nil
}

func (s *Set) input(name string) (InputInfo, bool) {
	i := slices.IndexFunc(s.Inputs, func(in InputInfo) bool { return in.Name == name })
	if i < 0 {
		return InputInfo{}, false
	}
	return s.Inputs[i], true
}

// Inputs are the names of all inputs that decide a rule, each once, in the order of its
// formula.
func (r *Rule) Inputs() []string {
	var out []string
	add := func(names ...string) {
		for _, name := range names {
			if name != "" && !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
	}
	add(r.Over...)
	add(r.Under...)
	for _, b := range []*Bound{r.AtLeast, r.AtMost} {
		if b != nil {
			add(b.Of...)
			add(b.TierOf)
		}
	}
	for _, c := range r.When {
		add(c.Input)
	}
	return out
}

// checkForm holds the parameters of a rule to those that its form has.
func checkForm(r *Rule) error {
	type shape struct{ lower, upper, under, among, one bool }
	want, ok := map[Form]shape{
		Minimum: {lower: true, one: true}, Maximum: {upper: true, one: true}, Range: {lower: true, upper: true, one: true},
		Ratio: {lower: r.AtLeast != nil, upper: r.AtMost != nil, under: true}, PerDivision: {lower: true, one: true},
		Presence: {}, Absence: {}, OneOf: {among: true}, AllOf: {among: true, one: true},
	}[r.Form]
	switch {
	case !ok:
		return fmt.Errorf("form: there is no form %q", r.Form)
	case len(r.Over) == 0 || want.one && len(r.Over) != 1:
		return fmt.Errorf("over: the form %s needs its inputs there", r.Form)
	case want.under != (len(r.Under) > 0):
		return fmt.Errorf("under: is for the form ratio, which needs it")
	case want.lower != (r.AtLeast != nil) || want.upper != (r.AtMost != nil) || r.Form == Ratio && r.AtLeast == nil && r.AtMost == nil:
		return fmt.Errorf("at_least, at_most: not those of the form %s", r.Form)
	case want.among != (len(r.Among) > 0):
		return fmt.Errorf("among: is for the forms one_of and all_of, which need it")
	case math.IsNaN(r.Factor) || math.IsInf(r.Factor, 0) || r.Factor < 0:
		return errors.New("factor: must be above 0")
	case r.Form != Ratio && r.Factor != 1:
		return errors.New("factor: is for the form ratio")
	}
	for _, b := range []*Bound{r.AtLeast, r.AtMost} {
		if b == nil {
			continue
		}
		if err := b.check(); err != nil {
			return err
		}
	}
	if l, u := r.AtLeast, r.AtMost; l != nil && u != nil && l.plain() && u.plain() && l.Value > u.Value {
		return errors.New("at_least: is above at_most")
	}
	return nil
}

func (b Bound) plain() bool { return len(b.Of) == 0 && b.TierOf == "" }

func (b Bound) check() error {
	switch {
	case (b.TierOf == "") != (len(b.Tiers) == 0):
		return errors.New("tier_of and tiers: go together")
	case b.TierOf != "" && (len(b.Of) > 0 || b.Value != 0):
		return errors.New("tiers: value and of are not used with them")
	}
	below := math.Inf(-1)
	for i, t := range b.Tiers {
		last := i == len(b.Tiers)-1
		switch {
		case last != (t.Below == nil):
			return errors.New("tiers: every one but the last says below what it holds")
		case !last && *t.Below <= below:
			return errors.New("tiers: must be in order")
		case !last:
			below = *t.Below
		}
	}
	return nil
}
