package indicators

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"yike/facilities"
	"yike/internal/record"
)

// Bounds of what a person may write.
const (
	LongestTitle  = 200
	LongestName   = 200
	LongestText   = 2000
	LongestAmount = 100
	MostYears     = 30 // between base and target year
	MostRows      = 500
	MostSources   = 20
	MostYearly    = 30
)

type check struct{ faults []record.Fault }

func (c *check) add(field, value, zh, en string) {
	c.faults = append(c.faults, record.Fault{Field: field, Value: value, ZH: zh, EN: en})
}

// text holds one text to its length, and to no control characters but line breaks.
func (c *check) text(field, value string, longest int, needed bool) {
	if needed && strings.TrimSpace(value) == "" {
		c.add(field, value, "请填写", "is needed")
	}
	if n := utf8.RuneCountInString(value); n > longest {
		c.add(field, fmt.Sprint(n), fmt.Sprintf("不应超过 %d 个字", longest), fmt.Sprintf("at most %d characters", longest))
	}
	bad := func(r rune) bool { return r != '\n' && unicode.IsControl(r) }
	if !utf8.ValidString(value) || strings.ContainsFunc(value, bad) {
		c.add(field, strings.ToValidUTF8(value, "?"), "含有控制字符", "holds control characters")
	}
}

func (c *check) words(field string, t Text, longest int, needed bool) {
	c.text(field+".zh", t.ZH, longest, needed)
	c.text(field+".en", t.EN, longest, false)
}

func (c *check) source(field string, s Source) {
	c.text(field+".document", s.Document, LongestTitle, false)
	c.text(field+".where", s.Where, LongestTitle, false)
	c.text(field+".quote", s.Quote, LongestText, false)
}

// The years that a plan may be of.
const (
	firstYear = 1990
	lastYear  = 2100
)

func (c *check) year(field string, year int) {
	if year < firstYear || year > lastYear {
		c.add(field, fmt.Sprint(year), fmt.Sprintf("应为 %d 到 %d 之间的年份", firstYear, lastYear), fmt.Sprintf("must be a year from %d to %d", firstYear, lastYear))
	}
}

// Validate gives everything about a plan that a person may not write so.
func (p Plan) Validate() []record.Fault {
	var c check
	c.words("title", p.Title, LongestTitle, true)
	c.words("authority", p.Authority, LongestTitle, false)
	c.words("note", p.Note, LongestText, false)
	c.year("base_year", p.BaseYear)
	c.year("target_year", p.TargetYear)
	if p.TargetYear <= p.BaseYear || p.TargetYear-p.BaseYear > MostYears {
		c.add("target_year", fmt.Sprint(p.TargetYear), fmt.Sprintf("应在基期之后 %d 年以内", MostYears), fmt.Sprintf("must be within %d years after the base year", MostYears))
	}
	if strings.ContainsFunc(p.Region, func(r rune) bool { return r < '0' || r > '9' }) || len(p.Region) > 6 {
		c.add("region", p.Region, "应为不超过六位的区划代码", "must be an area code of up to six digits")
	}
	keys := map[string]bool{}
	for n, g := range p.Groups {
		at := fmt.Sprintf("groups[%d]", n)
		c.text(at+".key", g.Key, 40, true)
		c.words(at, g.Text, LongestName, true)
		if keys[g.Key] {
			c.add(at+".key", g.Key, "与另一组重复", "another group has it")
		}
		keys[g.Key] = true
	}
	for n, d := range p.Documents {
		c.text(fmt.Sprintf("documents[%d].key", n), d.Key, 40, true)
		c.text(fmt.Sprintf("documents[%d].title", n), d.Title, LongestTitle, true)
	}
	return c.faults
}

// Validate gives everything about an indicator of p that a person may not write so.
func (i Indicator) Validate(p Plan, types []facilities.TypeInfo) []record.Fault {
	var c check
	c.words("name", i.Name, LongestName, true)
	c.words("unit", i.Unit, 40, false)
	c.words("definition", i.Definition, LongestText, false)
	c.words("scope", i.Scope, LongestName, false)
	c.text("baseline", i.Baseline.Text, LongestAmount, false)
	c.text("target", i.Target.Text, LongestAmount, false)
	c.text("office", i.Office, LongestName, false)
	if i.Number < 0 || i.Number > 1000 {
		c.add("number", fmt.Sprint(i.Number), "应为规划表中的序号，或 0", "must be the number in the plan's table, or 0")
	}
	if i.Kind != Unstated && i.Kind != Binding && i.Kind != Anticipatory {
		c.add("kind", string(i.Kind), "应为 binding、anticipatory 或空", "must be binding, anticipatory or empty")
	}
	if !slices.ContainsFunc(Bases(), func(b BaseInfo) bool { return b.Base == i.Base }) {
		c.add("base", string(i.Base), "没有这种口径", "there is no such base")
	}
	if i.Prefer != PreferComputed && i.Prefer != PreferEntered {
		c.add("prefer", string(i.Prefer), "应为 computed 或 entered", "must be computed or entered")
	}
	if i.Group != "" && !slices.ContainsFunc(p.Groups, func(g Group) bool { return g.Key == i.Group }) {
		c.add("group", i.Group, "规划中没有这一组", "the plan has no such group")
	}
	for n, s := range i.Sources {
		c.source(fmt.Sprintf("sources[%d]", n), s)
	}
	for n, d := range i.Contradict {
		at := fmt.Sprintf("contradictions[%d]", n)
		c.words(at+".what", d.What, LongestName, true)
		c.words(at+".a.says", d.A.Says, LongestName, true)
		c.source(at+".a.source", d.A.Source)
		c.words(at+".b.says", d.B.Says, LongestName, true)
		c.source(at+".b.source", d.B.Source)
	}
	if len(i.Sources) > MostSources || len(i.Contradict) > MostSources {
		c.add("sources", fmt.Sprint(max(len(i.Sources), len(i.Contradict))), fmt.Sprintf("不应超过 %d 条", MostSources), fmt.Sprintf("at most %d", MostSources))
	}
	i.checkYearly(&c, p)
	return append(c.faults, i.Formula.Check(types, "formula")...)
}

func (i Indicator) checkYearly(c *check, p Plan) {
	if len(i.Yearly) > MostYearly {
		c.add("yearly", fmt.Sprint(len(i.Yearly)), fmt.Sprintf("不应超过 %d 年", MostYearly), fmt.Sprintf("at most %d years", MostYearly))
	}
	seen := map[int]bool{}
	for n, y := range i.Yearly {
		at := fmt.Sprintf("yearly[%d]", n)
		if y.Year <= p.BaseYear || y.Year > p.TargetYear {
			c.add(at+".year", fmt.Sprint(y.Year), fmt.Sprintf("应在 %d 年之后、不晚于 %d 年", p.BaseYear, p.TargetYear), fmt.Sprintf("must be after %d and not after %d", p.BaseYear, p.TargetYear))
		}
		if seen[y.Year] {
			c.add(at+".year", fmt.Sprint(y.Year), "这一年已有目标", "the year has a target already")
		}
		seen[y.Year] = true
		c.text(at+".target", y.Target.Text, LongestAmount, true)
		c.source(at+".source", y.Source)
	}
}

// Validate gives everything about a value of p that a person may not write so. today
// bounds the year: what is not yet is not entered.
func (v Value) Validate(p Plan, today record.Day) []record.Fault {
	var c check
	if v.Year < p.BaseYear || v.Year > p.TargetYear+MostYears {
		c.add("year", fmt.Sprint(v.Year), fmt.Sprintf("应不早于规划基期 %d 年", p.BaseYear), fmt.Sprintf("must not be before the base year %d", p.BaseYear))
	}
	if string(today) < fmt.Sprintf("%04d", v.Year) {
		c.add("year", fmt.Sprint(v.Year), "这一年还没有到", "that year has not begun")
	}
	c.text("words", v.Words, LongestName, false)
	c.text("evidence.document", v.Evidence.Document, LongestTitle, true)
	c.text("evidence.quote", v.Evidence.Quote, LongestText, false)
	if _, ok := record.ParseDay(string(v.Evidence.Day)); v.Evidence.Day != "" && !ok {
		c.add("evidence.day", string(v.Evidence.Day), "应为日期，如 2026-11-27", "must be a day such as 2026-11-27")
	}
	if v.Number == nil && strings.TrimSpace(v.Words) == "" && v.Verdict == NoVerdict {
		c.add("number", "", "请填写数值、文字或判断中的至少一项", "give a number, words or a verdict")
	}
	if v.Number != nil && !(*v.Number >= -1e12 && *v.Number <= 1e12) {
		c.add("number", fmt.Sprint(*v.Number), "数值过大", "is too large")
	}
	if v.Verdict != NoVerdict && v.Verdict != VerdictMet && v.Verdict != VerdictNot {
		c.add("verdict", string(v.Verdict), "应为 met、not_met 或空", "must be met, not_met or empty")
	}
	return c.faults
}

// Validate gives everything about a project that a person may not write so. known are
// the indicators of its plan.
func (p Project) Validate(known []string) []record.Fault {
	var c check
	c.words("name", p.Name, LongestName, true)
	c.text("place", p.Place, LongestName, false)
	c.text("note", p.Note, LongestText, false)
	c.source("source", p.Source)
	if p.From != 0 {
		c.year("from", p.From)
	}
	if p.To != 0 {
		c.year("to", p.To)
	}
	if p.From != 0 && p.To != 0 && p.To < p.From {
		c.add("to", fmt.Sprint(p.To), "不应早于开始年份", "must not be before it begins")
	}
	if !slices.Contains([]ProjectState{ProjectPlanned, ProjectBuilding, ProjectDone, ProjectDropped}, p.State) {
		c.add("state", string(p.State), "应为 planned、building、done 或 dropped", "must be planned, building, done or dropped")
	}
	if p.IndicatorID != "" && !slices.Contains(known, p.IndicatorID) {
		c.add("indicator", p.IndicatorID, "规划中没有这项指标", "the plan has no such indicator")
	}
	return c.faults
}
