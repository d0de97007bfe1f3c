package estates

import (
	"strconv"
	"strings"
)

// Floors are the storeys that a room is on, as people write them.
type Floors struct {
	Lowest, Highest int // storeys; below ground they are negative, and 0 is none
	Mezzanine       bool
}

// ParseFloors reads storeys: 1, 一层, 1F, -1, 地下一层, B1, 半地下, 1–2, 1至3层, 夹层. False for
// what says no storey.
func ParseFloors(text string) (Floors, bool) {
	text = strings.Map(func(r rune) rune {
		switch r {
		case '层', '楼', '第', ' ', '\u3000', 'F', 'f', '首':
			if r == '首' {
				return '1'
			}
			return -1
		case '–', '—', '~', '～', '至', '到', '－':
			return '~'
		}
		return r
	}, text)
	if text == "" {
		return Floors{}, false
	}
	var f Floors
	if strings.Contains(text, "夹") {
		f.Mezzanine = true
		if text = strings.ReplaceAll(text, "夹", ""); text == "" {
			return f, true
		}
	}
	low, high, ranged := cutRange(text)
	var ok bool
	if f.Lowest, ok = storey(low); !ok {
		return Floors{}, false
	}
	f.Highest = f.Lowest
	if ranged {
		if f.Highest, ok = storey(high); !ok {
			return Floors{}, false
		}
	}
	if f.Lowest > f.Highest {
		f.Lowest, f.Highest = f.Highest, f.Lowest
	}
	return f, true
}

// cutRange cuts 1~2, and 1-2 but not -1.
func cutRange(text string) (low, high string, ranged bool) {
	if low, high, ranged = strings.Cut(text, "~"); ranged {
		return low, high, true
	}
	if at := strings.LastIndexByte(text, '-'); at > 0 && text[at-1] != '-' {
		return text[:at], text[at+1:], true
	}
	if at := strings.Index(text, "--"); at > 0 { // -2--1
		return text[:at], text[at+1:], true
	}
	return text, "", false
}

// storey reads one storey. A half basement is below ground for every rule.
func storey(text string) (int, bool) {
	sign := 1
	switch {
	case text == "半地下" || text == "地下室" || text == "地下":
		return -1, true
	case strings.HasPrefix(text, "地下"):
		sign, text = -1, strings.TrimPrefix(text, "地下")
	case strings.HasPrefix(text, "负"):
		sign, text = -1, strings.TrimPrefix(text, "负")
	case strings.HasPrefix(text, "B"), strings.HasPrefix(text, "b"), strings.HasPrefix(text, "-"):
		sign, text = -1, text[1:]
	case strings.HasPrefix(text, "地上"):
		text = strings.TrimPrefix(text, "地上")
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		n = hanziNumber(text)
	}
	if n < 1 || n > 200 {
		return 0, false
	}
	return sign * n, true
}

// hanziNumber reads 一 to 九十九; 0 for anything else.
func hanziNumber(text string) int {
	digit := func(s string) int {
		at := strings.Index("一二三四五六七八九", s)
		if s == "" || at < 0 || len(s) != 3 {
			return 0
		}
		return at/3 + 1
	}
	tens, ones, ok := strings.Cut(text, "十")
	if !ok {
		return digit(text)
	}
	n := 1
	if tens != "" {
		if n = digit(tens); n == 0 {
			return 0
		}
	}
	if ones == "" {
		return n * 10
	}
	if digit(ones) == 0 {
		return 0
	}
	return n*10 + digit(ones)
}
