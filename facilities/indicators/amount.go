package indicators

import (
	"math"
	"strconv"
	"strings"
)

// Comparator says how a number is meant.
type Comparator string

// The comparators.
const (
	Plain      Comparator = ""      // a number alone: to be reached
	AtLeast    Comparator = "≥"     // 不低于, 以上
	MoreThan   Comparator = ">"     //
	AtMost     Comparator = "≤"     // 不高于, 以下
	LessThan   Comparator = "<"     //
	Everywhere Comparator = "all"   // 全覆盖, 全部: 100 %
	Between    Comparator = "range" // 2-3: at least the lower
)

// Amount is a figure as a plan writes it and as it is understood. Text is never changed.
type Amount struct {
	Text    string
	Number  *float64   // nil for a blank and for words that are no number
	Compare Comparator // of Number
}

// Blank reports whether nothing is said: an empty cell or a dash. 0 is not blank.
func (a Amount) Blank() bool {
	return a.Number == nil && strings.Trim(a.Text, "—–-－─ \u3000") == ""
}

// Words reports whether something is said that is no number, which a person must judge.
func (a Amount) Words() bool { return a.Number == nil && !a.Blank() }

// ParseAmount understands a figure as plans write it: 60, 100%, ≥30, >1500, 55以上,
// 80%及以上, 3个以上, 不低于60, 2-3, 全覆盖. All else, such as 不低于市级标准, is words: it
// keeps its text and has no number.
func ParseAmount(text string) Amount {
	a := Amount{Text: strings.TrimSpace(text)}
	switch a.Text {
	case "全覆盖", "全部", "全部覆盖", "实现全覆盖":
		hundred := 100.0
		a.Number, a.Compare = &hundred, Everywhere
		return a
	}
	before, rest := cutSense(a.Text, strings.CutPrefix)
	after, rest := cutSense(rest, strings.CutSuffix)
	for _, unit := range []string{"%", "％", "‰", "万人", "万张", "平方米", "㎡", "个", "处", "家", "所", "张", "人", "元"} {
		if cut, ok := strings.CutSuffix(rest, unit); ok {
			rest = strings.TrimSpace(cut)
			break
		}
	}
	lower, upper, ranged := cutRange(rest)
	v, ok := parseDigits(lower)
	switch {
	case !ok, before != Plain && after != Plain, ranged && (before != Plain || after != Plain):
		return a // no number, or two comparators: for a person to say what is meant
	case ranged:
		if most, ok := parseDigits(upper); !ok || most < v {
			return a
		}
		a.Compare = Between
	default:
		a.Compare = before + after // one of them is Plain, which is ""
	}
	a.Number = &v
	return a
}

// cutSense takes a word of comparison off one end of a text.
func cutSense(text string, cut func(string, string) (string, bool)) (Comparator, string) {
	for _, c := range []struct {
		means Comparator
		words []string
	}{
		{AtLeast, []string{"≥", "≧", ">=", "＞=", "不低于", "不少于", "不小于", "至少", "及以上", "以上"}},
		{AtMost, []string{"≤", "≦", "<=", "不高于", "不超过", "不多于", "及以下", "以下"}},
		{MoreThan, []string{">", "＞"}},
		{LessThan, []string{"<", "＜"}},
	} {
		for _, word := range c.words {
			if rest, ok := cut(text, word); ok {
				return c.means, strings.TrimSpace(rest)
			}
		}
	}
	return Plain, text
}

// cutRange splits 2-3 in two.
func cutRange(text string) (lower, upper string, ranged bool) {
	for _, dash := range []string{"-", "–", "~", "～", "至"} {
		if lower, upper, ok := strings.Cut(text, dash); ok {
			return strings.TrimSpace(lower), strings.TrimSpace(upper), true
		}
	}
	return text, "", false
}

// parseDigits reads a plain decimal with commas between thousands, and nothing else.
func parseDigits(text string) (float64, bool) {
	text = strings.NewReplacer(",", "", "，", "").Replace(text)
	if text == "" || strings.Trim(text, "0123456789.") != "" || text[0] == '.' || text[len(text)-1] == '.' {
		return 0, false
	}
	v, err := strconv.ParseFloat(text, 64)
	return v, err == nil && !math.IsInf(v, 0)
}

// fall reports whether an amount is to be fallen to: it says so, or lies below the
// baseline and says nothing.
func (a Amount) fall(baseline Amount) bool {
	switch a.Compare {
	case AtMost, LessThan:
		return true
	case Plain:
		return a.Number != nil && baseline.Number != nil && *a.Number < *baseline.Number
	}
	return false
}

// met reports whether a value does what the amount asks.
func (a Amount) met(v float64, falling bool) bool {
	switch {
	case a.Compare == MoreThan:
		return v > *a.Number
	case a.Compare == LessThan:
		return v < *a.Number
	case falling:
		return v <= *a.Number
	}
	return v >= *a.Number
}
