package estates

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"yike/internal/record"
	"yike/internal/rules"
)

// The bounds of what people write of a local rule, in characters.
const (
	longestTitle    = 80
	longestSentence = 2_000
	longestNote     = 500
	mostTiers       = 12
)

// Faults tells what is at fault with a local rule as it was written. base are the rules of the
// program, all the local ones beside it. Whether its division exists and whether its evidence
// suffices is not asked here; see Lacks.
func (l LocalRule) Faults(base *rules.Set, all []LocalRule) []record.Fault {
	var out faultList
	out.text("title_zh", l.TitleZH, longestTitle)
	out.text("title_en", l.TitleEN, longestTitle)
	out.text("sentence", l.Sentence, longestSentence)
	out.text("sentence_en", l.SentenceEN, longestSentence)
	out.text("note", l.Note, longestNote)
	out.text("source/title", l.Source.Title, 2*longestTitle)
	out.text("source/number", l.Source.Number, longestTitle)
	out.text("source/issuer", l.Source.Issuer, longestTitle)
	out.text("read_by", l.ReadBy, longestTitle)
	for _, d := range []struct {
		field string
		day   record.Day
	}{{"from", l.From}, {"until", l.Until}, {"source/day", l.Source.Day}, {"read_on", l.ReadOn}} {
		if _, ok := record.ParseDay(string(d.day)); d.day != "" && !ok {
			out.add(d.field, string(d.day), "应为日期，如 2026-11-27", "it must be a day such as 2026-11-27")
		}
	}
	if l.From != "" && l.Until != "" && l.Until < l.From {
		out.add("until", string(l.Until), "不应早于生效日", "it is before the first day")
	}
	if l.Division == "" {
		out.add("division", "", "请选择适用范围：本区或其中一个辖区", "choose where it holds: the district or a division of it")
	}
	if i := find(all, l.Replaces); l.Replaces != "" && (i < 0 || all[i].Kind != l.Kind || all[i].State != Adopted) {
		out.add("replaces", l.Replaces, "应为一条已生效的本地规则", "it must be a local rule that was adopted")
	}
	switch l.Kind {
	case Norm:
		out.norm(l)
	case Waiver:
		if r, ok := builtIn(base, l.Waives); !ok || r.Local != "" {
			out.add("waives", l.Waives, "应为程序自带的一条规则", "it must be a rule that comes with the program")
		}
	default:
		out.add("kind", string(l.Kind), "应为 norm（规则）或 waiver（不适用声明）", "it must be norm or waiver")
	}
	return out
}

type faultList []record.Fault

func (f *faultList) add(field, value, zh, en string) {
	*f = append(*f, record.Fault{Field: field, Value: value, ZH: zh, EN: en})
}

func (f *faultList) text(field, text string, most int) {
	if n := utf8.RuneCountInString(text); n > most {
		f.add(field, "", fmt.Sprintf("最多 %d 个字，现有 %d 个", most, n), fmt.Sprintf("at most %d characters; it has %d", most, n))
	}
}

func (f *faultList) norm(l LocalRule) {
	form, ok := LocalFormOf(l.Form)
	if !ok {
		f.add("form", l.Form, "没有这种规则形式", "there is no such form of rule")
		return
	}
	if !slices.Contains([]rules.Severity{rules.Error, rules.Warning, rules.Info}, l.Severity) {
		f.add("severity", string(l.Severity), "应为 error（必须）、warning（提示）或 info（参考）", "it must be error, warning or info")
	}
	if !slices.Contains(LocalGrades(), l.Grade) {
		f.add("grade", string(l.Grade), "应为 R、r、P 或 M", "it must be R, r, P or M")
	}
	f.limits(form, l)
	switch form.Parameter {
	case AtLeast, AtMost, FromHere:
		f.number(form, "value", l.Value)
	case Between:
		f.number(form, "value", l.Value)
		f.number(form, "upper", l.Upper)
		if l.Value != nil && l.Upper != nil && *l.Value > *l.Upper {
			f.add("upper", figures(*l.Upper), "不应小于下限", "it is below the lower limit")
		}
	case ByTiers:
		f.tiers(form, l.Tiers)
	case AllListed:
		f.elements(l.Elements)
	case Nothing:
	}
}

// limits holds what limits a rule to cases to what its form can tell of.
func (f *faultList) limits(form LocalForm, l LocalRule) {
	if fixed := form.fixedKind(); l.Applies != "" && (!form.ForKinds || !slices.Contains([]Kind{New, Built}, l.Applies) || fixed != "" && fixed != l.Applies) {
		f.add("applies", string(l.Applies), "这种形式不能这样限定小区类别", "this form cannot be limited to such estates")
	}
	if l.Setting != "" && (!form.Settings || form.Code == "village_centre" && l.Setting != "rural" || l.Setting != "urban" && l.Setting != "rural") {
		f.add("setting", l.Setting, "这种形式不能这样限定城乡", "this form cannot be limited to such places")
	}
	if l.FromPeople < 0 || l.FromPeople > 10_000_000 || l.FromPeople > 0 && !form.ForPeople {
		f.add("from_people", strconv.Itoa(l.FromPeople), "应为人口数，且只用于按小区计的形式", "it must be a number of people, for forms that are asked of estates")
	}
}

func (f *faultList) number(form LocalForm, field string, v *float64) {
	zh, en := form.UnitWords()
	switch {
	case v == nil:
		f.add(field, "", "请填写数值（"+strings.TrimSpace(zh)+"）", "fill in a number ("+strings.TrimSpace(en)+")")
	case math.IsNaN(*v) || *v < form.Low || *v > form.High:
		f.add(
			field, figures(*v),
			fmt.Sprintf("应在 %s 至 %s%s 之间，请核对单位", figures(form.Low), figures(form.High), zh),
			fmt.Sprintf("it must be from %s to %s%s; look at the unit", figures(form.Low), figures(form.High), en),
		)
	case !decimals(*v, form.Decimals):
		f.add(field, figures(*v), fmt.Sprintf("最多 %d 位小数", form.Decimals), fmt.Sprintf("at most %d decimals", form.Decimals))
	}
}

func (f *faultList) tiers(form LocalForm, tiers []rules.Tier) {
	if len(tiers) < 2 || len(tiers) > mostTiers {
		f.add("tiers", strconv.Itoa(len(tiers)), fmt.Sprintf("应有 2 至 %d 档", mostTiers), fmt.Sprintf("there must be 2 to %d tiers", mostTiers))
		return
	}
	last := 0.0
	for i, t := range tiers {
		at := fmt.Sprintf("tiers/%d/", i)
		v := t.Value
		f.number(form, at+"value", &v)
		switch final := i == len(tiers)-1; {
		case final && t.Below != nil:
			f.add(at+"below", figures(*t.Below), "最后一档没有上界", "the last tier has no end")
		case final:
		case t.Below == nil || math.IsNaN(*t.Below) || *t.Below <= last || *t.Below > 1e8:
			f.add(at+"below", "", "应大于上一档的上界（㎡）", "it must be above the end of the tier before, in m²")
		default:
			last = *t.Below
		}
	}
}

func (f *faultList) elements(list []Element) {
	if len(list) == 0 {
		f.add("elements", "", "请至少选择一项", "choose one at least")
	}
	for i, e := range list {
		if !slices.Contains(elementCodes(), string(e)) || slices.Contains(list[:i], e) {
			f.add(fmt.Sprintf("elements/%d", i), string(e), "没有这个项目，或重复", "there is no such thing, or it is there twice")
		}
	}
}

func decimals(v float64, most int) bool {
	scale := math.Pow10(most)
	return math.Abs(v*scale-math.Round(v*scale)) < 1e-6
}

func figures(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// LocalGrades are the evidence grades that a bureau may give: read in the text, read in an
// excerpt, a practice of its own, only remembered.
func LocalGrades() []rules.Grade {
	return []rules.Grade{rules.ReadWhole, rules.ReadExcerpt, rules.Proposed, rules.Remembered}
}

// Lacks tells what a local rule that is otherwise in order needs before it may be adopted: a
// norm that is an error has its sentence, its document, and somebody who read it; so has a
// declaration that a rule does not hold.
func (l LocalRule) Lacks() []record.Fault {
	if l.Kind == Norm && l.Severity != rules.Error {
		return nil
	}
	var out faultList
	if l.Kind == Norm && l.Grade != rules.ReadWhole && l.Grade != rules.ReadExcerpt {
		out.add("grade", string(l.Grade), "没有读过原文或摘录的规定不能作为“必须”，请改为提示或参考",
			"a rule whose text nobody read is never a must; make it a warning or information")
	}
	if strings.TrimSpace(l.Sentence) == "" {
		out.add("sentence", "", "请摘录依据的原句", "quote the sentence that it stands on")
	}
	if !l.Source.Known() {
		out.add("source", "", "请填写依据文件的标题和日期", "fill in the title and the day of the document")
	}
	if !l.Read() {
		out.add("attachments", "", "请附上依据文件，或写明由谁在哪天读过原文", "attach the document, or say who read the text and on which day")
	}
	return out
}

// Relation is how a norm stands to another rule of the same aspect.
type Relation string

// The relations.
const (
	Stricter Relation = "stricter" // than the other: it decides
	Looser   Relation = "looser"   // the other decides, and nothing is weakened
	Equal    Relation = "equal"
	Differs  Relation = "differs" // by the case: tiers, conditions or another severity
)

// Beside is a rule of the same aspect that holds in the same place.
type Beside struct {
	Rule     *rules.Rule
	Relation Relation // of the norm to that rule
}

// Compare lists the rules of a set that compute what a norm does and hold where it does, on a
// day, each with how the norm stands to it. regions are those of the district.
func (l LocalRule) Compare(set *rules.Set, regions []string, day record.Day) []Beside {
	if _, ok := LocalFormOf(l.Form); !ok || l.Kind != Norm {
		return nil
	}
	r := l.Rule(set)
	chain := append(slices.Clone(regions), set.Chain(l.Division)...)
	var out []Beside
	for i := range set.Rules {
		other := &set.Rules[i]
		if other.Aspect == r.Aspect && (l.ID == "" || other.Local != l.ID) && other.HoldsAt(chain, day) && other.WaivedAt(chain, day) == nil {
			out = append(out, Beside{other, relation(&r, other)})
		}
	}
	return out
}

func relation(a, b *rules.Rule) Relation {
	if a.Form != b.Form || !sameConditions(a.When, b.When) {
		return Differs
	}
	low, lowOK := compareBounds(a.AtLeast, b.AtLeast)
	high, highOK := compareBounds(b.AtMost, a.AtMost)
	grave := []rules.Severity{rules.Info, rules.Warning, rules.Error}
	graver := slices.Index(grave, a.Severity) - slices.Index(grave, b.Severity)
	switch bound := low + high; {
	case !lowOK || !highOK || low*high < 0 || bound*graver < 0:
		return Differs
	case bound > 0 || bound == 0 && graver > 0:
		return Stricter
	case bound < 0 || graver < 0:
		return Looser
	}
	return Equal
}

func sameConditions(a, b []rules.Condition) bool {
	return slices.EqualFunc(a, b, func(x, y rules.Condition) bool {
		return x.Input == y.Input && slices.Equal(x.Is, y.Is) && (x.AtLeast == nil) == (y.AtLeast == nil) && (x.AtLeast == nil || *x.AtLeast == *y.AtLeast)
	})
}

// compareBounds is above 0 where x is the higher bound; false where that depends on the case.
func compareBounds(x, y *rules.Bound) (int, bool) {
	switch {
	case x == nil && y == nil:
		return 0, true
	case x == nil || y == nil || x.TierOf != "" || y.TierOf != "" || len(x.Of)+len(y.Of) > 0:
		return 0, false
	case x.Value > y.Value, x.Value == y.Value && x.Strict && !y.Strict:
		return 1, true
	case x.Value < y.Value, x.Strict != y.Strict:
		return -1, true
	}
	return 0, true
}
