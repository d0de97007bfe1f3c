package process

import (
	"fmt"
	"slices"
	"strings"

	"yike/internal/record"
	"yike/placenames"
)

// Year is what the State Council's notice of a year says of working days, as the bureau
// entered it. Days may lie in the years beside: a holiday of January is arranged before it.
type Year struct {
	Year   int          `json:"year"`
	Off    []record.Day `json:"off"`    // days of the week that are off
	Worked []record.Day `json:"worked"` // days of a weekend that are worked instead
	Source string       `json:"source"` // the notice
}

// Years are the notices that were entered.
type Years []Year

// Validate gives what is wrong with the notices.
func (y Years) Validate() []record.Fault {
	var f faults
	const mostDays, mostYears = 80, 60
	if len(y) > mostYears {
		f.add("years", fmt.Sprint(len(y)), "年份过多", "too many years")
	}
	var off, worked []record.Day
	for i, one := range y {
		at := fmt.Sprintf("years/%d", i)
		if one.Year < 1980 || one.Year > 2200 || slices.ContainsFunc(y[:i], func(o Year) bool { return o.Year == one.Year }) {
			f.add(at+"/year", fmt.Sprint(one.Year), "年份有误或重复", "no such year, or it is there twice")
		}
		if strings.TrimSpace(one.Source) == "" || placenames.Characters(one.Source) > 2*longestWords {
			f.add(at+"/source", one.Source, "请写明依据的通知及文号", "name the notice and its number")
		}
		if len(one.Off) > mostDays || len(one.Worked) > mostDays {
			f.add(at+"/off", fmt.Sprint(len(one.Off)), "天数过多", "too many days")
		}
		for _, l := range []struct {
			field string
			days  []record.Day
			other []record.Day
		}{{"off", one.Off, worked}, {"worked", one.Worked, off}} {
			f.days(at+"/"+l.field, one.Year, l.days, l.other)
		}
		for _, d := range one.Off {
			if slices.Contains(one.Worked, d) {
				f.add(at+"/worked", string(d), "同一天不能既放假又上班", "a day cannot be both off and worked")
			}
		}
		off, worked = append(off, one.Off...), append(worked, one.Worked...)
	}
	return f
}

func (f *faults) days(at string, year int, days, other []record.Day) {
	for i, d := range days {
		field := fmt.Sprintf("%s/%d", at, i)
		n, ok := dayNumber(d)
		switch {
		case !ok:
			f.add(field, string(d), "应为日期，如 2026-10-01", "must be a day such as 2026-10-01")
		case d.Year() < year-1 || d.Year() > year+1:
			f.add(field, string(d), "不在这一年前后", "lies in another year")
		case strings.HasSuffix(at, "/worked") && !weekend(n):
			f.add(field, string(d), "调休上班应是周六或周日", "a day that is worked instead must be a Saturday or Sunday")
		case slices.Contains(days[:i], d):
			f.add(field, string(d), "重复", "is there twice")
		case slices.Contains(other, d):
			f.add(field, string(d), "与其他年份的通知矛盾", "another year's notice says otherwise")
		}
	}
}

// Calendar is the working calendar of the notices. It covers the years one after another
// around the one that today lies in, or, where that was not entered, none.
func (y Years) Calendar(today record.Day) (*Calendar, error) {
	var off, on []record.Day
	has := map[int]bool{}
	for _, one := range y {
		off, on = append(off, one.Off...), append(on, one.Worked...)
		has[one.Year] = true
	}
	year := today.Year()
	if !has[year] {
		return NewCalendar(off, on, "", "")
	}
	first, last := year, year
	for has[first-1] {
		first--
	}
	for has[last+1] {
		last++
	}
	return NewCalendar(off, on, record.Day(fmt.Sprintf("%04d-01-01", first)), record.Day(fmt.Sprintf("%04d-12-31", last)))
}
