package indicators

import (
	"math"
	"strconv"
	"strings"
)

// FormatNumber writes a value as people read it, with at most two decimals and no zeros
// behind them. Digits are not grouped, so that a figure in a sentence can be searched for.
func FormatNumber(v float64) string {
	text := strconv.FormatFloat(math.Abs(v), 'f', 2, 64)
	text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	if v < 0 && text != "0" {
		return "−" + text
	}
	return text
}

// with puts a unit behind a value, a thin space before it; none where there is no unit.
func with(v float64, unit string) string {
	if unit == "" {
		return FormatNumber(v)
	}
	return FormatNumber(v) + "\u2009" + unit
}
