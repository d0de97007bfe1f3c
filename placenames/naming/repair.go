package naming

import (
	"slices"
	"strings"

	"yike/internal/hanzi"
	"yike/internal/rules"
	"yike/placenames"
)

// Repair is another name that a rule would find nothing in, where one is plain.
type Repair struct {
	Rule, Aspect string
	Text         string // the name as it might be
	ZH, EN       string // what is changed
}

// Repairs proposes names where what a rule found can be put right by a rule, too: standard
// characters for others, figures written out, one generic instead of two. Which other name
// would be good is for people.
func (k *Checker) Repairs(f Facts, found []rules.Finding) []Repair {
	out := []Repair{}
	parts, split := k.catalogue.PartsOf(f.Name)
	for _, finding := range found {
		if finding.Outcome != rules.Fail {
			continue
		}
		r := Repair{Rule: finding.Rule.ID, Aspect: finding.Rule.Aspect, Text: f.Name.Text}
		switch finding.Rule.Over[0] {
		case "unlisted":
			r.Text = k.standard(f.Name.Text)
			r.ZH, r.EN = "改用规范字", "in standard characters"
		case "not_han":
			r.Text = written(f.Name.Text)
			r.ZH, r.EN = "数字改用汉字，去掉其他符号", "figures in characters, other signs left out"
		case "stacked":
			if split {
				r.Text = k.unstacked(f.Name.Kind, parts)
			}
			r.ZH, r.EN = "只用一个通名", "with one generic"
		default:
			continue
		}
		if r.Text != f.Name.Text && r.Text != "" && !slices.ContainsFunc(out, func(o Repair) bool { return o.Text == r.Text }) {
			out = append(out, r)
		}
	}
	return out
}

// standard replaces characters that the table of standard ones does not have by those that
// stand for them, where it has these.
func (k *Checker) standard(text string) string {
	return strings.Map(func(r rune) rune {
		if k.chars.Level(r) != 0 {
			return r
		}
		if s := []rune(hanzi.Simplify(string(r))); len(s) == 1 && k.chars.Level(s[0]) != 0 {
			return s[0]
		}
		return r
	}, text)
}

// written writes figures in characters, one for each, but 10 to 99 as people say them, and
// leaves out what else is no character.
func written(text string) string {
	const figures = "〇一二三四五六七八九"
	of := []rune(figures)
	runes := []rune(hanzi.Width(text))
	var b strings.Builder
	for i := 0; i < len(runes); {
		from := i
		for i < len(runes) && runes[i] >= '0' && runes[i] <= '9' {
			i++
		}
		run := runes[from:i]
		switch {
		case len(run) == 2 && run[0] != '0':
			if run[0] != '1' {
				b.WriteRune(of[run[0]-'0'])
			}
			b.WriteRune('十')
			if run[1] != '0' {
				b.WriteRune(of[run[1]-'0'])
			}
		case len(run) > 0:
			for _, d := range run {
				b.WriteRune(of[d-'0'])
			}
		default:
			if hanzi.IsHan(runes[i]) {
				b.WriteRune(runes[i])
			}
			i++
		}
	}
	return b.String()
}

// unstacked takes the generics before the last one out, while a specific part is left.
func (k *Checker) unstacked(kind string, p placenames.Parts) string {
	of, _, _ := k.catalogue.Of(kind)
	specific := p.Specific + p.Modifier
	for _, g := range of.Generics {
		if cut, ok := strings.CutSuffix(specific, g); ok && placenames.Characters(g) > 1 && cut != "" {
			return cut + p.Generic
		}
	}
	return specific + p.Generic
}
