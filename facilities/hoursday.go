package facilities

import (
	"slices"
	"strings"
	"time"
)

// HoursOn gives the parts of hours that hold on a day of the week, each with what its label says
// besides days (午餐): none where the place is closed then. known is false where a label cannot be
// understood, such as one of seasons or holidays, or where no part says anything of the day; the
// hours are then to be shown as they were written.
func HoursOn(parts []HoursPart, day time.Weekday) (today []HoursPart, known bool) {
	every := true // no part says a day
	for _, p := range parts {
		days, rest, ok := daysOf(p.Label)
		if !ok {
			return nil, false
		}
		every = every && days == 0
		if days != 0 && days&(1<<day) == 0 {
			continue
		}
		if closed := []string{"休息", "闭馆", "不开放", "关闭", "closed"}; slices.Contains(closed, rest) && len(p.Times) == 0 {
			return nil, days != 0
		}
		if len(p.Times) == 0 && !slices.Contains([]string{"全天", "24小时", "all day"}, rest) {
			return nil, false
		}
		today = append(today, HoursPart{Label: rest, Times: p.Times})
	}
	return today, len(today) > 0 || !every
}

// daysOf takes the days out of a label: a bit for each day of the week, 0 for a label that
// names none, and what is left of it.
func daysOf(label string) (days int, rest string, ok bool) {
	rest = strings.ToLower(strings.TrimSpace(label))
	for _, odd := range []string{"节", "假", "季", "月", "除", "每周", "单", "双", "隔", "holiday", "except", "summer", "winter"} {
		if strings.Contains(rest, odd) {
			return 0, rest, false
		}
	}
	const all, work = 1<<7 - 1, 0b0111110
	for _, w := range []struct {
		word string
		days int
	}{{"每天", all}, {"每日", all}, {"daily", all}, {"every day", all}, {"工作日", work}, {"weekdays", work}, {"周末", all &^ work}, {"weekends", all &^ work}} {
		if strings.Contains(rest, w.word) {
			rest, days = strings.ReplaceAll(rest, w.word, ""), days|w.days
		}
	}
	rest = oneWordADay().Replace(rest)
	var left strings.Builder
	last, span := -1, false
	for _, r := range rest {
		switch d := r - firstDay; {
		case d >= 0 && d < 7:
			for at := last; span && at >= 0 && at != int(d); at = (at + 1) % 7 {
				days |= 1 << at
			}
			days, last, span = days|1<<d, int(d), false
		case (r == '至' || r == '到' || r == '-') && last >= 0 && left.Len() == 0:
			span = true
		default:
			left.WriteRune(r)
		}
	}
	return days, strings.Trim(left.String(), " ,.和及:"), !span && !strings.Contains(left.String(), "周") && !strings.Contains(left.String(), "星期")
}

// firstDay stands for Sunday in a text whose days are one character each; the others follow it.
// It is of the private use area, which no label has.
const firstDay = '\ue000'

func oneWordADay() *strings.Replacer {
	var words []string
	names := [][]string{
		{"sunday", "sun", "日", "天"},
		{"monday", "mon", "一"},
		{"tuesday", "tues", "tue", "二"},
		{"wednesday", "wed", "三"},
		{"thursday", "thurs", "thu", "四"},
		{"friday", "fri", "五"},
		{"saturday", "sat", "六"},
	}
	for d, names := range names {
		is := string(firstDay + rune(d))
		for _, n := range names {
			if len([]rune(n)) == 1 {
				words = append(words, "星期"+n, is, "礼拜"+n, is, "周"+n, is)
			} else {
				words = append(words, n, is)
			}
		}
	}
	return strings.NewReplacer(words...)
}
