package imports

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Tidy takes away what office software and people leave in a cell: space at both ends,
// line breaks and runs of space inside, marks that nobody sees.
func Tidy(s string) string {
	if clean(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, c := range s {
		switch {
		case unseen(c):
			continue
		case unicode.IsSpace(c) || unicode.IsControl(c):
			space = b.Len() > 0
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(c)
	}
	return b.String()
}

// clean reports whether there is nothing to tidy: most cells are so.
func clean(s string) bool {
	before := ' '
	for _, c := range s {
		if unseen(c) || unicode.IsControl(c) || unicode.IsSpace(c) && (c != ' ' || before == ' ') {
			return false
		}
		before = c
	}
	return s == "" || before != ' '
}

// unseen are the marks that have no width: byte order marks, joiners, directions.
func unseen(c rune) bool {
	switch {
	case c == '\ufeff', c >= '\u200b' && c <= '\u200f', c >= '\u202a' && c <= '\u202e', c >= '\u2060' && c <= '\u2064':
		return true
	}
	return false
}

// Half makes full-width letters, digits and signs those of the keyboard: Ａ１（ become A1(.
func Half(s string) string { return narrow(s, func(rune) bool { return true }) }

// halfLetters does so for letters and digits only, since the punctuation of Chinese text
// is full-width by right.
func halfLetters(s string) string {
	return narrow(s, func(c rune) bool { return c == '-' || unicode.IsDigit(c) || unicode.IsLetter(c) })
}

func narrow(s string, wanted func(narrowed rune) bool) string {
	if strings.IndexFunc(s, wide) < 0 {
		return s
	}
	return strings.Map(func(c rune) rune {
		if !wide(c) {
			return c
		}
		n := c - 0xfee0
		if c == '\u3000' {
			n = ' '
		}
		if wanted(n) {
			return n
		}
		return c
	}, s)
}

func wide(c rune) bool { return c >= '！' && c <= '～' || c == '\u3000' }

// plain is how headings and words of choices are compared: without case, width, space,
// punctuation and what stands in brackets, where that leaves anything.
func plain(s string) string {
	s = strings.ToLower(Half(Tidy(s)))
	if outside := bare(unbracket(s)); outside != "" {
		return outside
	}
	return bare(s)
}

// unbracket takes away what stands in brackets: the unit, a remark.
func unbracket(s string) string {
	depth := 0
	return strings.Map(func(c rune) rune {
		switch c {
		case '(', '[', '【', '{', '〔':
			depth++
			return -1
		case ')', ']', '】', '}', '〕':
			depth = max(0, depth-1)
			return -1
		}
		if depth > 0 {
			return -1
		}
		return c
	}, s)
}

// bare leaves letters, digits, and the signs that some headings consist of.
func bare(s string) string {
	out := strings.Map(func(c rune) rune {
		if unicode.IsLetter(c) || unicode.IsDigit(c) || c == '_' || c == '√' || c == '✓' || c == '✔' || c == '×' || c == '✗' {
			return c
		}
		return -1
	}, s)
	if out == "" && strings.TrimSpace(s) == "#" {
		return "#"
	}
	return out
}

// clip keeps a value that goes into a message short, at a character's border.
func clip(s string) string {
	const most = 80
	if utf8.RuneCountInString(s) <= most {
		return strings.ToValidUTF8(s, "?")
	}
	return strings.ToValidUTF8(string([]rune(s)[:most]), "?") + "…"
}
