package walknet

import (
	"errors"
	"fmt"
)

// ErrHour says that a text is no time of day.
var ErrHour = errors.New("no time of day: HH:MM, always, or nothing")

// always is how AllHours is written.
const always = "always"

// ParseHour reads a time of day as String writes it. Errors are ErrHour.
func ParseHour(s string) (Hour, error) {
	switch s {
	case "":
		return AnyHour, nil
	case always:
		return AllHours, nil
	}
	if len(s) != 5 || s[2] != ':' {
		return AnyHour, fmt.Errorf("%w: %q", ErrHour, s)
	}
	hour, ok := twoDigits(s[:2])
	minute, ok2 := twoDigits(s[3:])
	if !ok || !ok2 || hour > 23 || minute > 59 {
		return AnyHour, fmt.Errorf("%w: %q", ErrHour, s)
	}
	return AtMinute(60*hour + minute), nil
}

func twoDigits(s string) (int, bool) {
	a, b := s[0]-'0', s[1]-'0'
	return int(a)*10 + int(b), a <= 9 && b <= 9
}

// String writes a time of day as HH:MM, AllHours as always and AnyHour as nothing.
func (h Hour) String() string {
	switch h {
	case AnyHour:
		return ""
	case AllHours:
		return always
	}
	return fmt.Sprintf("%02d:%02d", (h-1)/60, (h-1)%60)
}

// KeepsHours says whether any gate is open at some times of the day only, so that the
// time of a question matters. O(gates × minutes of the day).
func (n *Network) KeepsHours() bool {
	for _, g := range n.gates {
		if len(g.Hours) > 0 && !allDay(g.Hours) {
			return true
		}
	}
	return false
}
