package facilities

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// HoursPart is one part of opening or meal hours: a label and the times that hold for it,
// or a label alone, such as 周日休息.
type HoursPart struct {
	Label string // 周一至周五, 午餐; "" for every day
	Times []HoursRange
}

// HoursRange is from minute to minute of a day, from 0 to 1440. Where To is not after
// From, it ends on the next day.
type HoursRange struct{ From, To int }

const (
	minutesADay    = 24 * 60
	mostHoursParts = 14
)

// hoursForms turns what people write into what is read: full-width and typographic marks.
func hoursForms() *strings.Replacer {
	return strings.NewReplacer("：", ":", "；", ";", "，", ",", "、", ",", "—", "-", "–", "－", "~", "-", "～", "-", "\u3000", " ")
}

// ParseHours reads hours as people write them: parts with semicolons between; in a part a
// label, then times from-to with commas between: 周一至周五 08:30-11:30、14:00-17:00；周六
// 09:00-12:00. A part may be a label alone (周日休息, 全天). The error says which part
// cannot be read.
func ParseHours(text string) ([]HoursPart, error) {
	if utf8.RuneCountInString(text) > LongestHours {
		return nil, fmt.Errorf("more than %d characters", LongestHours)
	}
	var out []HoursPart
	for part := range strings.SplitSeq(hoursForms().Replace(text), ";") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		read, err := parseHoursPart(part)
		if err != nil {
			return nil, fmt.Errorf("%q: %w", part, err)
		}
		out = append(out, read)
	}
	switch {
	case len(out) == 0:
		return nil, errors.New("there is nothing in it")
	case len(out) > mostHoursParts:
		return nil, fmt.Errorf("more than %d parts", mostHoursParts)
	}
	return out, nil
}

func parseHoursPart(part string) (HoursPart, error) {
	first := strings.IndexFunc(part, func(r rune) bool { return r >= '0' && r <= '9' })
	if first < 0 {
		return HoursPart{Label: part}, nil
	}
	out := HoursPart{Label: strings.TrimRight(strings.TrimSpace(part[:first]), ": ")}
	for times := range strings.SplitSeq(part[first:], ",") {
		from, to, ok := strings.Cut(strings.ReplaceAll(times, "至", "-"), "-")
		if !ok {
			return out, fmt.Errorf("%q is no time from-to", strings.TrimSpace(times))
		}
		a, errA := parseClock(from)
		b, errB := parseClock(to)
		if err := errors.Join(errA, errB); err != nil {
			return out, err
		}
		if a == minutesADay || a == b {
			return out, fmt.Errorf("%q ends when it begins", strings.TrimSpace(times))
		}
		out.Times = append(out.Times, HoursRange{a, b})
	}
	return out, nil
}

// parseClock reads 8:30, 08:30 and 24:00.
func parseClock(text string) (int, error) {
	text = strings.TrimSpace(text)
	h, m, ok := strings.Cut(text, ":")
	hour, okH := digits(h, 1, 2)
	minute, okM := digits(m, 2, 2)
	if !ok || !okH || !okM || minute > 59 || hour*60+minute > minutesADay {
		return 0, fmt.Errorf("%q is no time such as 08:30", text)
	}
	return hour*60 + minute, nil
}

// digits reads a number of so many digits and nothing else.
func digits(s string, least, most int) (int, bool) {
	if len(s) < least || len(s) > most {
		return 0, false
	}
	n := 0
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, true
}

// WriteHours writes hours so that ParseHours reads the same again.
func WriteHours(parts []HoursPart) string {
	words := make([]string, len(parts))
	for i, p := range parts {
		times := make([]string, len(p.Times))
		for k, t := range p.Times {
			times[k] = fmt.Sprintf("%02d:%02d-%02d:%02d", t.From/60, t.From%60, t.To/60, t.To%60)
		}
		words[i] = strings.TrimSpace(p.Label + " " + strings.Join(times, "、"))
	}
	return strings.Join(words, "；")
}
