package lists

import (
	"math"
	"strconv"
	"strings"
	"time"

	"yike/internal/hanzi"
	"yike/internal/record"
)

// DayFit says how well a cell says a day.
type DayFit int

// The fits. Of all but the first two there is no day.
const (
	WholeDay      DayFit = iota // year, month and day
	MonthOnly                   // no day: the first
	NoDay                       // something else
	ShortYear                   // two digits of a year, which nobody can tell for certain
	ImpossibleDay               // such as 31 April
)

// Day reads a day as people and spreadsheets write it: 2024-5-6, 2024/05/06, 2024.5.6,
// 20240506, 2024年5月6日, 2024年5月, with or without a time behind it, and the number that
// a spreadsheet keeps for a day.
func Day(cell string) (record.Day, DayFit) {
	s := strings.ToUpper(strings.TrimSpace(hanzi.Width(cell)))
	if n, err := strconv.ParseFloat(s, 64); err == nil {
		return dayOfNumber(s, n)
	}
	parts, ok := dateParts(s)
	if !ok {
		return "", NoDay
	}
	if len(parts) == 2 {
		return month(dayOf(parts[0], parts[1], 1))
	}
	return dayOf(parts[0], parts[1], parts[2])
}

func month(day record.Day, fit DayFit) (record.Day, DayFit) {
	if fit == WholeDay {
		fit = MonthOnly
	}
	return day, fit
}

// dayOfNumber tells eight digits from the days since 1899-12-30 that spreadsheets count;
// days before 1980 and after 2100 are taken for something else.
func dayOfNumber(s string, n float64) (record.Day, DayFit) {
	const from, to = 29_221, 73_050
	switch {
	case len(s) == 8 && n == math.Trunc(n):
		v := int(n)
		return dayOf(v/10_000, v/100%100, v%100)
	case len(s) == 6 && n == math.Trunc(n) && n >= 190_000 && n < 210_000:
		v := int(n)
		return month(dayOf(v/100, v%100, 1))
	case n >= from && n <= to:
		return record.Day(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(n)).Format(time.DateOnly)), WholeDay
	}
	return "", NoDay
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

func dayOf(y, m, d int) (record.Day, DayFit) {
	switch {
	case y < 100:
		return "", ShortYear
	case y < 1900 || y > 2100:
		return "", ImpossibleDay
	}
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	if t.Year() != y || int(t.Month()) != m || t.Day() != d {
		return "", ImpossibleDay
	}
	return record.Day(t.Format(time.DateOnly)), WholeDay
}
