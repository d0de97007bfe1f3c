package rules

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"yike/internal/record"
)

// Outcome is what checking a rule comes to.
type Outcome string

// The outcomes.
const (
	Pass          Outcome = "pass"
	Fail          Outcome = "fail"
	Undetermined  Outcome = "undetermined"   // an input is not known: never a pass
	NotApplicable Outcome = "not_applicable" // it does not hold here, now or for this case
)

// Input is the value of an input: float64, bool, string or []string, or nil with the
// reason why it is not known.
type Input struct {
	Value        any
	WhyZH, WhyEN string
}

// Question is what rules are asked.
type Question struct {
	Subject string
	Only    []string         // ids of rules; nil for all of the subject
	Regions []string         // where, as Chain gives them
	Day     record.Day       // when
	Inputs  map[string]Input // by name; one that is not there is not known
}

// Used is an input as a rule used it.
type Used struct {
	Name         string
	Value        any // nil where it is not known
	WhyZH, WhyEN string
}

// Limits are the thresholds of a rule in numbers, worked out for the case; nil for none.
type Limits struct {
	AtLeast, AtMost          *float64
	StrictAbove, StrictBelow bool
}

// Finding is what a rule found.
type Finding struct {
	Rule    *Rule
	Outcome Outcome
	Inputs  []Used
	Value   *float64 // computed, in the rule's unit; nil for forms without one and where it is not known
	Limits  Limits
	// Missing is how much is lacking of the formula's first input, or by how much the value
	// is above; 0 where nothing is.
	Missing            float64
	ReasonZH, ReasonEN string  // why it is undetermined or does not apply, or what is at fault; "" where the numbers say it
	Beat               []*Rule // less strict rules of the same aspect that hold too
	Waiver             *Waiver // the declaration by which it does not apply; nil where that is not why

	limited bool // the limits are worked out
}

// Evaluate checks the rules of a subject and gives a finding for each, in the order of
// the set; those that do not hold here or now are not applicable. Of rules that compute
// the same value, one is left out when another is at least as strict and as grave, and is
// named among those that the other beat. O(rules²) at worst, over rules of one aspect.
// Many cases of one place and day are asked faster through Standing.
func (s *Set) Evaluate(q Question) []Finding { return s.Standing(q).Evaluate(q.Inputs) }

func used(name string, inputs map[string]Input) Used {
	in, ok := inputs[name]
	u := Used{Name: name, Value: in.Value, WhyZH: in.WhyZH, WhyEN: in.WhyEN}
	if n, isNumber := in.Value.(float64); isNumber && (math.IsNaN(n) || math.IsInf(n, 0)) {
		u.Value = nil
	}
	if u.Value != nil {
		u.WhyZH, u.WhyEN = "", ""
	} else if !ok || u.WhyZH == "" {
		u.WhyZH, u.WhyEN = "没有数据", "not known"
	}
	return u
}

// check is one rule against its inputs.
type check struct {
	set    *Set
	rule   *Rule
	inputs map[string]Input
}

// applies reports whether all conditions hold, and puts the outcome into f where not.
func (c check) applies(f *Finding) bool {
	for _, cond := range c.rule.When {
		u := used(cond.Input, c.inputs)
		if u.Value == nil {
			f.Outcome = Undetermined
			f.ReasonZH, f.ReasonEN = c.unknown(u)
			return false
		}
		if holds(cond, u.Value) {
			continue
		}
		info, _ := c.set.input(cond.Input)
		zh, en := c.set.show(info, u.Value)
		f.ReasonZH, f.ReasonEN = fmt.Sprintf("%s为%s，不适用本条", info.ZH, zh), fmt.Sprintf("does not apply where %s is %s", info.EN, en)
		return false
	}
	return true
}

func holds(c Condition, v any) bool {
	if c.AtLeast != nil {
		n, ok := v.(float64)
		return ok && n >= *c.AtLeast
	}
	switch x := v.(type) {
	case string:
		return slices.Contains(c.Is, x)
	case bool:
		return slices.Contains(c.Is, strconv.FormatBool(x))
	}
	return slices.Contains(c.Is, fmt.Sprint(v))
}

func (c check) unknown(u Used) (zh, en string) {
	info, _ := c.set.input(u.Name)
	return info.ZH + "：" + u.WhyZH, info.EN + ": " + u.WhyEN
}

func (c check) undetermined(f *Finding, zh, en string) {
	f.Outcome, f.ReasonZH, f.ReasonEN = Undetermined, zh, en
}

// number gives an input as a number; false puts the reason into f.
func (c check) number(f *Finding, name string) (float64, bool) {
	u := used(name, c.inputs)
	n, ok := u.Value.(float64)
	if ok {
		return n, true
	}
	if u.Value != nil {
		u.WhyZH, u.WhyEN = "不是数字", "is no number"
	}
	zh, en := c.unknown(u)
	c.undetermined(f, zh, en)
	return 0, false
}

func (c check) product(f *Finding, names []string) (float64, bool) {
	out := 1.0
	for _, name := range names {
		n, ok := c.number(f, name)
		if !ok {
			return 0, false
		}
		out *= n
	}
	return out, true
}

// measure computes the value and holds it against the thresholds.
func (c check) measure(f *Finding) {
	var ok bool
	if f.Limits, ok = c.limits(f); !ok {
		return
	}
	f.limited = true
	over, ok := c.product(f, c.rule.Over)
	if !ok {
		return
	}
	under, ok := c.product(f, c.rule.Under)
	if !ok {
		return
	}
	if under == 0 {
		info, _ := c.set.input(c.rule.Under[0])
		c.undetermined(f, info.ZH+"为 0，无法相除", info.EN+" is 0: nothing to divide by")
		return
	}
	value := over / under * c.rule.Factor
	f.Value, f.Outcome = &value, Pass
	if !f.Limits.hold(value) {
		f.Outcome = Fail
		f.Missing = c.missing(f, value, under)
	}
}

func (c check) limits(f *Finding) (out Limits, ok bool) {
	if b := c.rule.AtLeast; b != nil {
		n, ok := c.bound(f, *b)
		if !ok {
			return out, false
		}
		out.AtLeast, out.StrictAbove = &n, b.Strict
	}
	if b := c.rule.AtMost; b != nil {
		n, ok := c.bound(f, *b)
		if !ok {
			return out, false
		}
		out.AtMost, out.StrictBelow = &n, b.Strict
	}
	return out, true
}

func (c check) bound(f *Finding, b Bound) (float64, bool) {
	if b.TierOf == "" {
		n, ok := c.product(f, b.Of)
		return n * b.Value, ok
	}
	size, ok := c.number(f, b.TierOf)
	if !ok {
		return 0, false
	}
	for _, t := range b.Tiers {
		if t.Below == nil || size < *t.Below {
			return t.Value, true
		}
	}
	return 0, false // unreachable: the last tier has no end
}

func (l Limits) hold(value float64) bool {
	if l.AtLeast != nil && (value < *l.AtLeast || l.StrictAbove && value == *l.AtLeast) {
		return false
	}
	return l.AtMost == nil || value < *l.AtMost || !l.StrictBelow && value == *l.AtMost
}

// missing is what the first input lacks for the value to reach the lower threshold, or
// what the value has above the upper one.
func (c check) missing(f *Finding, value, under float64) float64 {
	if l := f.Limits.AtLeast; l != nil && value <= *l {
		rest := 1.0
		for _, name := range c.rule.Over[1:] {
			n, _ := c.inputs[name].Value.(float64)
			rest *= n
		}
		if per := rest / under * c.rule.Factor; per > 0 {
			return (*l - value) / per
		}
		return 0
	}
	return value - *f.Limits.AtMost
}

// each holds inputs that are not measured against the rule one by one. A known fault
// outweighs what is not known.
func (c check) each(f *Finding) {
	f.Outcome = Pass
	for _, name := range c.rule.Over {
		u := used(name, c.inputs)
		if u.Value == nil {
			if f.Outcome == Pass {
				zh, en := c.unknown(u)
				c.undetermined(f, zh, en)
			}
			continue
		}
		if zh, en := c.fault(name, u.Value); zh != "" {
			f.Outcome, f.ReasonZH, f.ReasonEN = Fail, zh, en
			return
		}
	}
}

// fault says what is at fault with a value that is known; "" for nothing.
func (c check) fault(name string, v any) (zh, en string) {
	info, _ := c.set.input(name)
	shownZH, shownEN := c.set.show(info, v)
	switch c.rule.Form {
	case Presence:
		if empty(v) {
			return "缺少" + info.ZH, info.EN + " is missing"
		}
	case Absence:
		if !empty(v) {
			return fmt.Sprintf("%s：%s", info.ZH, shownZH), fmt.Sprintf("%s: %s", info.EN, shownEN)
		}
	case OneOf:
		if text, ok := v.(string); !ok || !slices.Contains(c.rule.Among, text) {
			return fmt.Sprintf("%s为“%s”", info.ZH, shownZH), fmt.Sprintf("%s is “%s”", info.EN, shownEN)
		}
	default:
		list, _ := v.([]string)
		var lacks []string
		for _, item := range c.rule.Among {
			if !slices.Contains(list, item) {
				lacks = append(lacks, item)
			}
		}
		if len(lacks) > 0 {
			a, b := c.set.show(info, lacks)
			return "缺少" + a, "lacks " + b
		}
	}
	return "", ""
}

// empty reports whether a value says that there is none.
func empty(v any) bool {
	switch x := v.(type) {
	case bool:
		return !x
	case float64:
		return x <= 0
	case string:
		return x == ""
	case []string:
		return len(x) == 0
	}
	return true
}
