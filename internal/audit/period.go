package audit

import (
	"fmt"
	"time"
)

// Period is a stretch of time: From is inside, To is not. A zero time is no bound.
type Period struct{ From, To time.Time }

// dayForm is how a day is written.
const dayForm = "2006-01-02"

// ParsePeriod reads the bounds as people and programs write them: a moment after RFC
// 3339, or a day of China's calendar (UTC+8), which is inside the period whole; "" is no
// bound. The error names the text at fault.
func ParsePeriod(from, to string) (Period, error) {
	var p Period
	var err error
	if p.From, _, err = parseMoment(from); err != nil {
		return Period{}, err
	}
	end, day, err := parseMoment(to)
	if err != nil {
		return Period{}, err
	}
	p.To = end
	if day {
		p.To = end.AddDate(0, 0, 1)
	}
	return p, nil
}

// PeriodError says which text is no moment and no day.
type PeriodError struct{ Text string }

func (e *PeriodError) Error() string {
	return fmt.Sprintf("%q：应为日期（2026-11-27）或时刻（2026-11-27T08:00:00+08:00） / %q: must be a day (2026-11-27) or a moment (2026-11-27T08:00:00+08:00)", e.Text, e.Text)
}

// BadInput makes a command end as for any other bad argument.
func (e *PeriodError) BadInput() bool { return true }

// farthestYear is where PostgreSQL's and Go's texts of a time stop being the same.
const farthestYear = 9999

func parseMoment(text string) (at time.Time, day bool, err error) {
	if text == "" {
		return time.Time{}, false, nil
	}
	if at, err = time.ParseInLocation(dayForm, text, time.FixedZone("UTC+8", 8*60*60)); err == nil {
		day = true
	} else if at, err = time.Parse(time.RFC3339Nano, text); err != nil {
		return time.Time{}, false, &PeriodError{Text: text}
	}
	if at.Year() < 1 || at.Year() >= farthestYear {
		return time.Time{}, false, &PeriodError{Text: text}
	}
	return at, day, nil
}
