package imports

import (
	"math"
	"strconv"
	"strings"
	"unicode"
)

// parseNumber reads a number as people write it in lists: 1,200, １２０ 张, 约 85.5 平方米,
// 1.2万. It is false for anything that is not one number, such as 50-60.
func parseNumber(s string) (float64, bool) {
	s = strings.ToLower(Half(Tidy(s)))
	s = strings.TrimSpace(strings.TrimPrefix(strings.TrimPrefix(s, "大约"), "约"))
	s = strings.TrimPrefix(strings.TrimPrefix(s, "¥"), "￥")
	end := 0
	for end < len(s) && (s[end] >= '0' && s[end] <= '9' || strings.IndexByte("+-.,' e", s[end]) >= 0) {
		end++
	}
	digits, unit := strings.TrimSpace(s[:end]), strings.TrimSpace(s[end:])
	// An e that begins a unit is none of the number.
	digits = strings.TrimSuffix(digits, "e")
	digits, ok := joinGroups(digits)
	if !ok || !isUnit(unit) {
		return 0, false
	}
	v, err := strconv.ParseFloat(digits, 64)
	if err != nil || math.IsInf(v, 0) || math.IsNaN(v) {
		return 0, false
	}
	if strings.HasPrefix(unit, "万") {
		v *= 10_000
	}
	return v, true
}

// joinGroups takes the marks of thousands out of a number: they stand before three digits
// each, so that 1,5 is no fifteen.
func joinGroups(s string) (string, bool) {
	if !strings.ContainsAny(s, ",' ") {
		return s, s != ""
	}
	whole, rest, _ := strings.Cut(s, ".")
	groups := strings.FieldsFunc(whole, func(c rune) bool { return c == ',' || c == '\'' || c == ' ' })
	for i, g := range groups {
		if i > 0 && len(g) != 3 || i == 0 && len(strings.TrimLeft(g, "+-")) > 3 {
			return "", false
		}
	}
	whole = strings.Join(groups, "")
	if rest != "" {
		whole += "." + rest
	}
	return whole, whole != ""
}

// isUnit knows what may stand behind a number: a word without digits that is short.
func isUnit(s string) bool {
	n := 0
	for _, c := range s {
		if unicode.IsDigit(c) && c != '2' && c != '²' || c == '-' || c == '~' || c == '至' || c == '/' && n == 0 {
			return false
		}
		n++
	}
	return n <= 8
}

// scientific reports whether a code went through a spreadsheet that took it for a number.
func scientific(s string) bool {
	mantissa, exponent, ok := strings.Cut(strings.ToUpper(s), "E+")
	return ok && exponent != "" && strings.Trim(mantissa, "0123456789.") == "" && strings.Trim(exponent, "0123456789") == ""
}
