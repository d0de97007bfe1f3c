package rules

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Name gives the words of an input.
func (s *Set) Name(input string) (zh, en string) {
	info, _ := s.input(input)
	return info.ZH, info.EN
}

// ShowInput gives an input's value for people, with its unit.
func (s *Set) ShowInput(name string, v any) (zh, en string) {
	info, _ := s.input(name)
	return s.show(info, v)
}

// ShowValue gives a computed value of a rule for people, with its unit.
func (s *Set) ShowValue(r *Rule, v float64) (zh, en string) { return s.withUnit(v, r.Unit) }

// Source gives the words of a rule's source.
func (s *Set) Source(r *Rule) (zh, en string) {
	i := slices.IndexFunc(s.Sources, func(c Source) bool { return c.Source == r.Cite.Source })
	if i < 0 {
		return "", ""
	}
	return s.Sources[i].ZH, s.Sources[i].EN
}

// Where says where a rule holds.
func (s *Set) Where(r *Rule) (zh, en string) {
	if len(r.Regions) == 0 {
		return "全国", "the whole country"
	}
	var a, b []string
	for _, g := range s.Regions {
		if slices.Contains(r.Regions, g.Code) {
			a, b = append(a, g.ZH), append(b, g.EN)
		}
	}
	return strings.Join(a, "、"), strings.Join(b, ", ")
}

func (s *Set) elsewhere(r *Rule) (zh, en string) {
	zh, en = s.Where(r)
	return "仅适用于" + zh, "holds in " + en + " only"
}

func (s *Set) withUnit(v float64, unit string) (zh, en string) {
	zh, en = figure(v)
	i := slices.IndexFunc(s.Units, func(w Words) bool { return w.Value == unit })
	switch {
	case i < 0:
		return zh, en
	case unit == "percent":
		return zh + s.Units[i].ZH, en + s.Units[i].EN
	}
	return zh + "\u2009" + s.Units[i].ZH, en + "\u2009" + s.Units[i].EN
}

// figure writes a number with two decimals at most, its thousands apart: by a thin space in
// Chinese, by a comma in English. What is halfway but for the parts that floating point
// loses is rounded up, so that a sum reads as the sum of its parts.
func figure(v float64) (zh, en string) {
	const lost = 1e-6
	text := strconv.FormatFloat(math.Round(v*100+math.Copysign(lost, v))/100+0, 'f', -1, 64)
	whole, part, _ := strings.Cut(text, ".")
	if part != "" {
		part = "." + part
	}
	sign := strings.HasPrefix(whole, "-")
	for at := len(whole) - 3; at > 0 && (at > 1 || !sign); at -= 3 {
		part = "," + whole[at:] + part
		whole = whole[:at]
	}
	en = whole + part
	return strings.ReplaceAll(en, ",", "\u2009"), en
}

func (s *Set) show(info InputInfo, v any) (zh, en string) {
	word := func(value string) (string, string) {
		for _, c := range info.Choices {
			if c.Value == value {
				return c.ZH, c.EN
			}
		}
		return value, value
	}
	switch x := v.(type) {
	case nil:
		return "不详", "not known"
	case float64:
		return s.withUnit(x, info.Unit)
	case bool:
		if x {
			return "是", "yes"
		}
		return "否", "no"
	case string:
		return word(x)
	case []string:
		var a, b []string
		for _, item := range x {
			zh, en := word(item)
			a, b = append(a, zh), append(b, en)
		}
		if len(a) == 0 {
			return "无", "none"
		}
		return strings.Join(a, "、"), strings.Join(b, ", ")
	}
	text := fmt.Sprint(v)
	return text, text
}

// Formula says what a rule computes, in the names of its inputs.
func (s *Set) Formula(r *Rule) (zh, en string) {
	var a, b []string
	for _, name := range r.Over {
		zh, en := s.Name(name)
		a, b = append(a, zh), append(b, en)
	}
	switch r.Form {
	case Presence, Absence, OneOf, AllOf:
		return strings.Join(a, "、"), strings.Join(b, ", ")
	}
	zh, en = strings.Join(a, " × "), strings.Join(b, " × ")
	for _, name := range r.Under {
		a, b := s.Name(name)
		zh, en = zh+" ÷ "+a, en+" ÷ "+b
	}
	if r.Factor != 1 {
		a, b := figure(r.Factor)
		zh, en = zh+" × "+a, en+" × "+b
	}
	return zh, en
}

// Threshold says what a rule asks for. The limits of a finding put the numbers of the
// case to thresholds that depend on inputs; the zero value leaves them out.
func (s *Set) Threshold(r *Rule, l Limits) (zh, en string) {
	switch r.Form {
	case Presence:
		return "均应具备", "all there"
	case Absence:
		return "均不应有", "none of them"
	case OneOf, AllOf:
		info, _ := s.input(r.Over[0])
		zh, en = s.show(info, r.Among)
		if r.Form == AllOf {
			return "应有" + zh, "has " + en
		}
		return "应为" + zh, "is " + strings.ReplaceAll(en, ", ", " or ")
	}
	var a, b []string
	for _, side := range []struct {
		bound  *Bound
		worked *float64
		sign   string
		strict string
	}{{r.AtLeast, l.AtLeast, "≥", ">"}, {r.AtMost, l.AtMost, "≤", "<"}} {
		if side.bound == nil {
			continue
		}
		sign := side.sign
		if side.bound.Strict {
			sign = side.strict
		}
		zh, en := s.boundWords(r, *side.bound, side.worked)
		a, b = append(a, sign+" "+zh), append(b, sign+" "+en)
	}
	return strings.Join(a, "，"), strings.Join(b, ", ")
}

func (s *Set) boundWords(r *Rule, b Bound, worked *float64) (zh, en string) {
	if b.plain() {
		return s.withUnit(b.Value, r.Unit)
	}
	explainedZH, explainedEN := s.explained(r, b)
	if worked == nil {
		return explainedZH, explainedEN
	}
	zh, en = s.withUnit(*worked, r.Unit)
	return zh + "（" + explainedZH + "）", en + " (" + explainedEN + ")"
}

// explained says how a threshold follows from inputs.
func (s *Set) explained(r *Rule, b Bound) (zh, en string) {
	var a, e []string
	if b.TierOf != "" {
		for _, t := range b.Tiers {
			zh, en := s.withUnit(t.Value, r.Unit)
			a, e = append(a, zh), append(e, en)
		}
		zh, en = s.Name(b.TierOf)
		return "按" + zh + "分档：" + strings.Join(a, "、"), "by " + en + ": " + strings.Join(e, ", ")
	}
	for _, name := range b.Of {
		zh, en := s.Name(name)
		a, e = append(a, zh), append(e, en)
	}
	if b.Value != 1 {
		zh, en := figure(b.Value)
		a, e = append(a, zh), append(e, en)
	}
	return strings.Join(a, " × "), strings.Join(e, " × ")
}

// MissingUnit is the unit of Finding.Missing: that of the formula's first input where
// something is lacking, that of the value where it is too much.
func (s *Set) MissingUnit(f Finding) string {
	if f.Value != nil && f.Limits.AtLeast != nil && *f.Value <= *f.Limits.AtLeast {
		info, _ := s.input(f.Rule.Over[0])
		return info.Unit
	}
	return f.Rule.Unit
}

// ShowMissing says how much a failed finding lacks or has too much; "" where there is no
// such number.
func (s *Set) ShowMissing(f Finding) (zh, en string) {
	if f.Outcome != Fail || f.Value == nil || f.Missing <= 0 {
		return "", ""
	}
	zh, en = s.withUnit(f.Missing, s.MissingUnit(f))
	if f.Limits.AtLeast != nil && *f.Value <= *f.Limits.AtLeast {
		return "还差 " + zh, "lacks " + en
	}
	return "超出 " + zh, "over by " + en
}
