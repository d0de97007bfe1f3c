package pdf

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Characters that may not begin a line and those that may not end one (GB/T 15834-2011,
// 5.1; CLREQ, prohibition rules for line start and line end).
const (
	notFirst = "、。，．：；？！）］｝〕〉》」』】〗”’…‥·・％‰℃℉°～)]},.:;?!%/|＿"
	notLast  = "（［｛〔〈《「『【〖“‘([{￥¥$＄№#＃@"
)

// clean makes text that can be set of any string: wrong bytes become U+FFFD, tabs and
// odd spaces become spaces, and what has no width and no shape goes.
func clean(s string) string {
	if plain(s) {
		return s
	}
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\r' || r == '\n' || r == 0x2028 || r == 0x2029:
			return '\n'
		case r == '\t':
			return ' '
		case unicode.Is(unicode.Cc, r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Variation_Selector, r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

// plain tells whether a string needs no cleaning, for the usual case.
func plain(s string) bool {
	for _, r := range s {
		if r < ' ' && r != '\n' || r >= 0x7F && r < 0xA0 || r == 0xAD || r == utf8.RuneError ||
			r >= 0x0600 && r < 0x2000 || r >= 0x200B && r < 0x2010 || r >= 0x2028 && r < 0x2030 || r >= 0x2060 && r < 0x2070 ||
			r >= 0xFE00 && r < 0xFE10 || r == 0xFEFF || r >= 0xFFF0 && r < 0x20000 || r >= 0xE0000 {
			return false
		}
	}
	return true
}

// wrap breaks text into lines no wider than width points. Newlines of the text are kept,
// a word longer than a line is broken where it must be, and each line has at least one
// character. The text must be clean.
func (t *typesetter) wrap(text string, size float64, bold bool, width float64) []string {
	var lines []string
	for paragraph := range strings.SplitSeq(text, "\n") {
		lines = t.wrapParagraph(lines, strings.TrimRight(paragraph, " "), size, bold, width)
	}
	return lines
}

func (t *typesetter) wrapParagraph(lines []string, text string, size float64, bold bool, width float64) []string {
	room := int(min(max(width, 0), 1e6)*1000/size + 0.5)
	start, breakAt := 0, 0 // bytes: of the line, of the last place where it may end
	used, usedAtBreak := 0, 0
	var before rune
	for i, r := range text {
		if i > start && mayBreak(before, r) {
			breakAt, usedAtBreak = i, used
		}
		advance := t.glyph(r, bold).advance
		for used+advance > room && i > start && r != ' ' {
			if breakAt <= start {
				breakAt, usedAtBreak = i, used
			}
			lines = append(lines, strings.TrimRight(text[start:breakAt], " "))
			start = breakAt
			used -= usedAtBreak
		}
		used += advance
		before = r
	}
	return append(lines, strings.TrimRight(text[start:], " "))
}

// mayBreak tells whether a line may end after a and the next begin with b.
func mayBreak(a, b rune) bool {
	switch {
	case b == ' ', tied(a), tied(b):
		return false
	case strings.ContainsRune(notFirst, b), strings.ContainsRune(notLast, a):
		return false
	case a == '—' && b == '—', unicode.Is(unicode.Mn, b):
		return false
	case a == ' ':
		return true
	case a == '-' || a == '/' || a == '&' || a == '?' || a == '=':
		return unicode.IsLetter(b)
	}
	return wide(a) || wide(b)
}

// tied tells whether a character binds its neighbours: between a figure and its unit
// stands a thin space.
func tied(r rune) bool {
	return r == 0xA0 || r == 0x2009 || r == 0x202F || r == 0x2007 || r == 0x2060 || r == 0xFEFF
}

// wide tells whether a character belongs to a script that is written without spaces.
func wide(r rune) bool {
	return r >= 0x1100 && r < 0x1200 || r >= 0x2E80 && r < 0xA4D0 || r >= 0xAC00 && r < 0xD7B0 || r >= 0xF900 && r < 0xFB00 ||
		r >= 0xFE30 && r < 0xFE50 || r >= 0xFF00 && r < 0xFFF0 || r >= 0x1F300 && r < 0x1FB00 || r >= 0x20000 && r < 0x40000 ||
		strings.ContainsRune("“”‘’…—·●■□○△▲", r)
}

// fit cuts a line that is wider than width and ends it with an ellipsis.
func (t *typesetter) fit(line string, size float64, bold bool, width float64) string {
	if t.width(line, size, bold) <= width+0.01 {
		return line
	}
	const ellipsis = "…"
	room := width - t.width(ellipsis, size, bold)
	used := 0.0
	for i, r := range line {
		used += float64(t.glyph(r, bold).advance) * size / 1000
		if used > room {
			return strings.TrimRight(line[:i], " ") + ellipsis
		}
	}
	return line
}
