package indicators

import (
	"regexp"
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

// number is a whole amount: an optional comparator, one number or a range, an optional
// unit word and an optional word of comparison behind it.
const number = `^(≥|≧|>=|＞=|>|＞|≤|≦|<=|<|＜|不低于|不少于|不小于|至少|不高于|不超过|不多于)?\s*([0-9][0-9,，]*(?:\.[0-9]+)?)\s*(?:[-–~～至]\s*([0-9]+(?:\.[0-9]+)?))?\s*(%|％|‰|个|处|家|所|张|人|万人|万张|平方米|㎡|元)?\s*(及以上|以上|及以下|以下)?$`

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
	m := regexp.MustCompile(number).FindStringSubmatch(a.Text)
	if m == nil {
		return a
	}
	v, err := strconv.ParseFloat(strings.NewReplacer(",", "", "，", "").Replace(m[2]), 64)
	if err != nil {
		return a
	}
	before, after := sense(m[1]), sense(m[5])
	switch {
	case before != Plain && (after != Plain || m[3] != ""), after != Plain && m[3] != "":
		return a // two comparators: for a person to say what is meant
	case m[3] != "":
		if upper, err := strconv.ParseFloat(m[3], 64); err != nil || upper < v {
			return a
		}
		a.Compare = Between
	default:
		a.Compare = before + after // one of them is Plain, which is ""
	}
	a.Number = &v
	return a
}

func sense(word string) Comparator {
	switch word {
	case "≥", "≧", ">=", "＞=", "不低于", "不少于", "不小于", "至少", "以上", "及以上":
		return AtLeast
	case ">", "＞":
		return MoreThan
	case "≤", "≦", "<=", "不高于", "不超过", "不多于", "以下", "及以下":
		return AtMost
	case "<", "＜":
		return LessThan
	}
	return Plain
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
