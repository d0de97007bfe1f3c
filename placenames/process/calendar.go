package process

import (
	"fmt"
	"slices"
	"sort"
	"time"

	"yike/internal/record"
)

// Calendar says which days are working days: Monday to Friday but for days off, and days of
// a weekend that are worked instead, as the State Council's yearly notice has them. It is
// read-only once made.
type Calendar struct {
	off, on     []int // days of the week that are off, and of weekends that are worked; in order
	from, until int   // the days that the notices cover
	covers      bool
}

// day counts days; day 0 is 1970-01-01, a Thursday.
func dayNumber(d record.Day) (int, bool) {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return 0, false
	}
	return int(t.Unix() / 86400), true
}

func dayOf(n int) record.Day {
	return record.Day(time.Unix(int64(n)*86400, 0).UTC().Format(time.DateOnly))
}

// weekend reports whether a day is a Saturday or Sunday.
func weekend(n int) bool {
	w := ((n+3)%7 + 7) % 7 // Monday is 0
	return w >= 5
}

// NewCalendar makes a calendar of the days off and the days worked, which are known from one
// day to another; both "" where nobody entered any. Days off that are weekends anyway do no
// harm; a day that is both is an error, and so is one that is none.
func NewCalendar(off, on []record.Day, from, until record.Day) (*Calendar, error) {
	c := &Calendar{}
	for _, l := range []struct {
		days []record.Day
		to   *[]int
		keep func(int) bool
	}{{off, &c.off, func(n int) bool { return !weekend(n) }}, {on, &c.on, weekend}} {
		for _, d := range l.days {
			n, ok := dayNumber(d)
			if !ok {
				return nil, fmt.Errorf("calendar: %q is no day such as 2026-11-27", d)
			}
			if l.keep(n) && !slices.Contains(*l.to, n) {
				*l.to = append(*l.to, n)
			}
		}
		slices.Sort(*l.to)
	}
	for _, d := range off {
		if slices.Contains(on, d) {
			return nil, fmt.Errorf("calendar: %s is both off and worked", d)
		}
	}
	if from == "" && until == "" {
		return c, nil
	}
	var okA, okB bool
	c.from, okA = dayNumber(from)
	c.until, okB = dayNumber(until)
	if !okA || !okB || c.until < c.from {
		return nil, fmt.Errorf("calendar: from %q to %q is no time", from, until)
	}
	c.covers = true
	return c, nil
}

// Working reports whether a day is a working day.
func (c *Calendar) Working(d record.Day) bool {
	n, ok := dayNumber(d)
	return ok && c.working(n)
}

func (c *Calendar) working(n int) bool {
	if weekend(n) {
		_, on := slices.BinarySearch(c.on, n)
		return on
	}
	_, off := slices.BinarySearch(c.off, n)
	return !off
}

// Covers reports whether the notices cover a span of days; what they do not is counted by
// weeks alone, and provisional.
func (c *Calendar) Covers(from, until record.Day) bool {
	a, okA := dayNumber(from)
	b, okB := dayNumber(until)
	return c.covers && okA && okB && a >= c.from && b <= c.until
}

// upTo counts working days from Monday 1969-12-29 up to the day before n, by whole weeks and
// the exceptions. O(log exceptions).
func (c *Calendar) upTo(n int) int {
	const monday = -3
	weeks := (n - monday) / 7
	rest := (n - monday) % 7
	if rest < 0 {
		weeks, rest = weeks-1, rest+7
	}
	off, on := sort.SearchInts(c.off, n), sort.SearchInts(c.on, n)
	return weeks*5 + min(rest, 5) - off + on
}

// workingAfter is the working day that is the so manieth after a day. O(log days).
func (c *Calendar) workingAfter(n, days int) int {
	have := c.upTo(n + 1)
	// The exceptions may be long: the span is doubled until it is enough.
	span := 7 + 2*days
	for c.upTo(n+span+1)-have < days {
		span *= 2
	}
	return n + 1 + sort.Search(span, func(i int) bool { return c.upTo(n+2+i)-have >= days })
}
