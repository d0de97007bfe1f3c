package hanzi

import (
	"strconv"
	"strings"
)

// Arabic gives s with every Chinese numeral made of Arabic figures: 十二 and 一二 become
// 12, 一百零三 becomes 103, 二〇二四 becomes 2024. The capital forms of cheques (壹贰叁) are
// numerals too. A lone 百, 千, 零 or 万 is left, since in a name it is a word (百货).
// Numbers beyond 9,999 are left as they are. O(n).
func Arabic(s string) string {
	runes := []rune(s)
	var out strings.Builder
	for i := 0; i < len(runes); {
		n, value := numeral(runes[i:])
		if n == 0 {
			out.WriteRune(runes[i])
			i++
			continue
		}
		out.WriteString(value)
		i += n
	}
	return out.String()
}

// numeral reads the Chinese numeral that runes begin with: how many characters it has, 0
// for none, and its figures.
func numeral(runes []rune) (int, string) {
	end, units := 0, false
	for end < len(runes) {
		if _, ok := digit(runes[end]); !ok && unit(runes[end]) == 0 {
			break
		}
		units = units || unit(runes[end]) > 0
		end++
	}
	switch {
	case end == 0, end == 1 && unit(runes[0]) > 10, end == 1 && (runes[0] == '零' || runes[0] == '〇'):
		return 0, ""
	case !units:
		return end, digits(runes[:end])
	}
	if value, ok := withUnits(runes[:end]); ok {
		return end, strconv.Itoa(value)
	}
	return 0, ""
}

func digits(runes []rune) string {
	out := make([]byte, len(runes))
	for i, r := range runes {
		d, _ := digit(r)
		out[i] = byte('0' + d)
	}
	return string(out)
}

// withUnits reads 三百二十一, 十二, 廿三; false for what is no number, such as 十百.
func withUnits(runes []rune) (int, bool) {
	total, pending, last := 0, -1, 10_000
	for _, r := range runes {
		if d, ok := digit(r); ok {
			if pending > 0 {
				return 0, false
			}
			pending = d
			continue
		}
		u := unit(r)
		if r == '廿' || r == '卅' {
			if last <= 10 || pending > 0 {
				return 0, false
			}
			total, last, pending = total+u, 10, -1
			continue
		}
		if u >= last || pending == 0 || pending < 0 && u != 10 {
			return 0, false
		}
		total, last, pending = total+max(pending, 1)*u, u, -1
	}
	if pending > 0 {
		total += pending
	}
	return total, true
}

func digit(r rune) (int, bool) {
	switch r {
	case '〇', '零':
		return 0, true
	case '一', '壹':
		return 1, true
	case '二', '贰', '两':
		return 2, true
	case '三', '叁':
		return 3, true
	case '四', '肆':
		return 4, true
	case '五', '伍':
		return 5, true
	case '六', '陆':
		return 6, true
	case '七', '柒':
		return 7, true
	case '八', '捌':
		return 8, true
	case '九', '玖':
		return 9, true
	}
	return 0, false
}

func unit(r rune) int {
	switch r {
	case '十', '拾':
		return 10
	case '廿':
		return 20
	case '卅':
		return 30
	case '百', '佰':
		return 100
	case '千', '仟':
		return 1000
	}
	return 0
}
