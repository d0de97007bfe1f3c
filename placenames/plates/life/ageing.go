package life

import (
	_ "embed"
	"slices"
	"strings"
	"time"

	"yike/internal/record"
	"yike/internal/rules"
	"yike/placenames"
)

//go:embed rules.json
var rulesFile []byte

// Calendar says which days are working days.
type Calendar interface {
	Working(day record.Day) bool
}

// Book holds the rules that plates are held to. It is read-only and safe for concurrent use.
type Book struct{ set *rules.Set }

// NewBook reads the rules that come with the program.
func NewBook() (*Book, error) {
	set, err := rules.Parse(rulesFile)
	if err != nil {
		return nil, err
	}
	return &Book{set: set}, nil
}

// Set gives the rules, for whoever shows findings.
func (b *Book) Set() *rules.Set { return b.set }

// Presets lists the places whose times one may work by.
func (b *Book) Presets() []placenames.Code {
	var out []placenames.Code
	for _, r := range b.set.Regions {
		out = append(out, placenames.Code{Code: r.Code, ZH: r.ZH, EN: r.EN})
	}
	return out
}

// Preset gives the preset asked for, or that of a district: of the place that it lies in, or
// that of Jiangmen, whose text is the fullest that was read. False where a preset is asked for
// that there is none of.
func (b *Book) Preset(asked, adcode string) (string, bool) {
	all := b.Presets()
	if asked != "" {
		return asked, Known(all, asked)
	}
	for _, p := range all {
		if strings.HasPrefix(adcode, p.Code) {
			return p.Code, true
		}
	}
	return all[0].Code, true
}

// Limit is how long something may take.
type Limit struct {
	Days    int  // the day after the first one is the first that counts; 0 for no limit
	Working bool // whether only working days count
}

// Limits are the times of a preset.
type Limits struct{ Confirm, Notify, Install, Repair Limit }

// Limits gives the times of a preset; all 0 of one that there is none of.
func (b *Book) Limits(preset string) Limits {
	find := func(aspect string) Limit {
		for _, working := range []bool{true, false} {
			name := "PLT-28-" + aspect
			if working {
				name += "-working"
			}
			i := slices.IndexFunc(b.set.Rules, func(r rules.Rule) bool { return r.Aspect == name && slices.Contains(r.Regions, preset) })
			if i >= 0 {
				return Limit{Days: int(b.set.Rules[i].AtMost.Value), Working: working}
			}
		}
		return Limit{}
	}
	return Limits{Confirm: find("confirm"), Notify: find("notify"), Install: find("install"), Repair: find("repair")}
}

// LastDay is the last day of a limit that counts from a day; "" without a limit or a day.
// O(days).
func (l Limit) LastDay(from record.Day, cal Calendar) record.Day {
	if l.Days == 0 || from == "" {
		return ""
	}
	if !l.Working {
		return plus(from, l.Days)
	}
	day := from
	for left := l.Days; left > 0; {
		day = plus(day, 1)
		if cal.Working(day) {
			left--
		}
	}
	return day
}

// LateFrom is the latest first day whose limit ended before a day: what began then or before is
// late. "" without a limit. It serves to ask a store for what is late. O(days²).
func (l Limit) LateFrom(today record.Day, cal Calendar) record.Day {
	if l.Days == 0 {
		return ""
	}
	day := plus(today, -l.Days)
	for l.LastDay(day, cal) >= today {
		day = plus(day, -1)
	}
	for next := plus(day, 1); l.LastDay(next, cal) < today; next = plus(day, 1) {
		day = next
	}
	return day
}

// Count is how many days of the limit's kind lie after one day up to another. O(days).
func (l Limit) Count(from, to record.Day, cal Calendar) int {
	if !l.Working {
		return Between(from, to)
	}
	n := 0
	for day := plus(from, 1); from != "" && day <= to; day = plus(day, 1) {
		if cal.Working(day) {
			n++
		}
	}
	return n
}

// LongRepair is after how many days of the calendar an open repair stands in a list of its own.
const LongRepair = 30

// Due gives the last day for what is to be done about a plate next, and of which limit; "" where
// nothing is, or no time is set for it.
func (p Plate) Due(l Limits, cal Calendar) (record.Day, Limit) {
	switch {
	case p.State == Damaged || p.State == Lost:
		return l.Repair.LastDay(p.BadSince, cal), l.Repair
	case p.State.Open():
		return l.Install.LastDay(p.DueFrom, cal), l.Install
	}
	return "", Limit{}
}

// Between counts the days of the calendar from one day to another; 0 where one of them is none.
func Between(from, to record.Day) int {
	a, errA := time.Parse(time.DateOnly, string(from))
	b, errB := time.Parse(time.DateOnly, string(to))
	if errA != nil || errB != nil {
		return 0
	}
	return int(b.Sub(a).Hours() / 24)
}

// plus is a day so many days later; a day that is none stays.
func plus(d record.Day, days int) record.Day {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return d
	}
	return record.Day(t.AddDate(0, 0, days).Format(time.DateOnly))
}
