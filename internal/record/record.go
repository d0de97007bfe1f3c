// Package record owns what every record that people keep has in common, whatever it is
// of: the days it is in force, the moment it is known at, the reason that a change needs,
// and how a fault in what a person wrote is said. It is pure and knows no feature, no
// storage, no HTTP and no clock.
package record

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// Day is a day of the calendar in China, as 2026-11-27. "" is no day: without a
// beginning, without an end, or not given. Days are compared with < as they are.
type Day string

// zone is the time of Shanghai, which all of China keeps; without daylight saving time
// since 1991.
func zone() *time.Location { return time.FixedZone("CST", 8*60*60) }

// DayOf is the day that a moment belongs to in Shanghai.
func DayOf(moment time.Time) Day { return Day(moment.In(zone()).Format(time.DateOnly)) }

// Year is the year of a day; 0 for no day.
func (d Day) Year() int {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return 0
	}
	return t.Year()
}

// ParseDay reads a day in the form 2026-11-27; false for anything else.
func ParseDay(text string) (Day, bool) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil || t.Year() < 1 {
		return "", false
	}
	return Day(text), true
}

// At says as of when a record is asked for: the day on which it is in force, and the
// moment at which it was known. A zero moment is now.
type At struct {
	Valid Day
	Known time.Time
}

// Fault is one field that cannot be taken as a person wrote it.
type Fault struct {
	Field  string // as the API calls it, e.g. name_zh
	Value  string // what was written
	ZH, EN string // why it cannot be taken
}

// InvalidError says everything that is wrong with what a person wrote.
type InvalidError struct{ Faults []Fault }

// Error names the fields.
func (e *InvalidError) Error() string {
	words := make([]string, len(e.Faults))
	for i, f := range e.Faults {
		words[i] = f.Field + ": " + f.EN
	}
	return "not valid: " + strings.Join(words, "; ")
}

// Invalid is an InvalidError of the faults, nil when there are none.
func Invalid(faults []Fault) error {
	if len(faults) == 0 {
		return nil
	}
	return &InvalidError{Faults: faults}
}

// Change is what a person says of a change besides the change itself.
type Change struct {
	Reason     string // why; never empty
	ValidFrom  Day    // the first day on which it holds; "" is today
	Correction bool   // it was so all along: the version before was wrong
}

// LongestReason is how many characters a reason may have.
const LongestReason = 500

// Check gives the faults of a change that makes a record's first version, and its first
// day.
func (c Change) Check(today Day) (Day, []Fault) {
	faults := c.check(today)
	if c.Correction {
		faults = append(faults, Fault{"correction", "true", "新建记录没有可更正的内容", "a new record has nothing to correct"})
	}
	if c.ValidFrom == "" {
		return today, faults
	}
	return c.ValidFrom, faults
}

// CheckAfter gives the faults of a change to a record whose present version holds from
// the day present on ("" for ever), and the first day of the new version. A correction
// keeps the first day; a change on that very day takes the version's place too, since a
// day is never cut.
func (c Change) CheckAfter(present, today Day) (Day, []Fault) {
	faults := c.check(today)
	switch {
	case c.Correction && c.ValidFrom != "":
		faults = append(faults, Fault{
			"valid_from", string(c.ValidFrom), "更正沿用原生效日期，不应再填写",
			"a correction keeps the day from which the record holds; leave this out",
		})
	case c.Correction:
		return present, faults
	case c.ValidFrom == "":
		return max(present, today), faults
	case c.ValidFrom < present:
		faults = append(faults, Fault{
			"valid_from", string(c.ValidFrom), fmt.Sprintf("不应早于现行版本的生效日期 %s；若原来就有误，请用更正", present),
			fmt.Sprintf("must not be before %s, from which the present version holds; if that was wrong, make it a correction", present),
		})
	}
	return c.ValidFrom, faults
}

func (c Change) check(today Day) []Fault {
	var faults []Fault
	switch n := utf8.RuneCountInString(c.Reason); {
	case strings.TrimSpace(c.Reason) == "":
		faults = append(faults, Fault{"reason", c.Reason, "请写明理由", "say why"})
	case n > LongestReason:
		faults = append(faults, Fault{"reason", fmt.Sprint(n), fmt.Sprintf("不应超过 %d 个字", LongestReason), fmt.Sprintf("at most %d characters", LongestReason)})
	}
	if _, ok := ParseDay(string(c.ValidFrom)); c.ValidFrom != "" && !ok {
		faults = append(faults, Fault{"valid_from", string(c.ValidFrom), "应为日期，如 2026-11-27", "must be a day such as 2026-11-27"})
	} else if c.ValidFrom > today {
		faults = append(faults, Fault{
			"valid_from", string(c.ValidFrom), fmt.Sprintf("不应晚于今天（%s）", today), fmt.Sprintf("must not be after today, %s", today),
		})
	}
	return faults
}
