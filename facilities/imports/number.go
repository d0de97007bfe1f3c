package imports

import (
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"

	"yike/internal/record"
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

// dayFit says how well a cell says a day.
type dayFit int

const (
	noDay      dayFit = iota
	wholeDay          // year, month and day
	monthOnly         // no day: the first
	shortYear         // two digits of a year, which nobody can tell for certain
	impossible        // such as 31 April
)

// parseDay reads a day as people and spreadsheets write it: 2024-5-6, 2024/05/06,
// 2024.5.6, 20240506, 2024年5月6日, 2024年5月, with or without a time behind it, and the
// number that a spreadsheet keeps for a day.
func parseDay(s string) (record.Day, dayFit) {
	s = strings.ToUpper(Half(Tidy(s)))
	if n, err := strconv.ParseFloat(s, 64); err == nil {
		return dayOfNumber(s, n)
	}
	parts, ok := dateParts(s)
	if !ok {
		return "", noDay
	}
	if len(parts) == 2 {
		day, fit := dayOf(parts[0], parts[1], 1)
		if fit == wholeDay {
			fit = monthOnly
		}
		return day, fit
	}
	return dayOf(parts[0], parts[1], parts[2])
}

// dayOfNumber tells eight digits from the days since 1899-12-30 that spreadsheets count;
// days before 1980 and after 2100 are taken for something else.
func dayOfNumber(s string, n float64) (record.Day, dayFit) {
	const from, to = 29_221, 73_050
	switch {
	case len(s) == 8 && n == math.Trunc(n):
		v := int(n)
		return dayOf(v/10_000, v/100%100, v%100)
	case len(s) == 6 && n == math.Trunc(n) && n >= 190_000 && n < 210_000:
		v := int(n)
		day, fit := dayOf(v/100, v%100, 1)
		if fit == wholeDay {
			fit = monthOnly
		}
		return day, fit
	case n >= from && n <= to:
		return record.Day(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(n)).Format(time.DateOnly)), wholeDay
	}
	return "", noDay
}

// dateParts takes the first two or three numbers of a date, and nothing but a time may
// stand behind them.
func dateParts(s string) ([]int, bool) {
	date, clock, timed := strings.Cut(s, " ")
	if !timed {
		date, clock, timed = strings.Cut(s, "T")
	}
	if timed && strings.Trim(clock, "0123456789:.Z+-") != "" {
		return nil, false
	}
	date = strings.NewReplacer("年", "-", "月", "-", "日", "", "号", "", "/", "-", ".", "-", "—", "-", "－", "-").Replace(date)
	date = strings.Trim(date, "-")
	var parts []int
	for p := range strings.SplitSeq(date, "-") {
		v, err := strconv.Atoi(p)
		if err != nil || len(p) > 4 {
			return nil, false
		}
		parts = append(parts, v)
	}
	return parts, len(parts) == 2 || len(parts) == 3
}

func dayOf(y, m, d int) (record.Day, dayFit) {
	switch {
	case y < 100:
		return "", shortYear
	case y < 1900 || y > 2100:
		return "", impossible
	}
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	if t.Year() != y || int(t.Month()) != m || t.Day() != d {
		return "", impossible
	}
	return record.Day(t.Format(time.DateOnly)), wholeDay
}
