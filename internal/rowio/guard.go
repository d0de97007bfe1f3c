package rowio

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Guarded makes a text that a spreadsheet would take for a formula harmless in a CSV or
// TSV file: an apostrophe is put before it. Unguarded undoes exactly that.
func Guarded(s string) string {
	if looksActive(s) {
		return "'" + s
	}
	return s
}

// Unguarded takes the apostrophe away that Guarded put there, and no other.
func Unguarded(s string) string {
	if strings.HasPrefix(s, "'") && looksActive(s[1:]) {
		return s[1:]
	}
	return s
}

// looksActive reports whether a spreadsheet may take the text for a formula (OWASP, CSV
// Injection): it begins with = + - @ or their full-width forms, a tab or a line break,
// blanks before them apart. Apostrophes before that are part of what Guarded
// has to keep apart.
func looksActive(s string) bool {
	s = strings.TrimLeft(s, "'")
	s = strings.TrimLeftFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) && !strings.ContainsRune("\t\r\n", r) || r == '\ufeff' || r == '\u200b'
	})
	r, size := utf8.DecodeRuneInString(s)
	return size > 0 && strings.ContainsRune("=+-@\t\r\n＝＋－＠", r)
}

// clean leaves out of a cell what no person typed on purpose: control characters but tab
// and line feed, and marks that turn the direction of writing. The usual text has none
// and is returned as it is.
func clean(s string) string {
	if !strings.ContainsFunc(s, unwanted) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if unwanted(r) {
			return -1
		}
		return r
	}, s)
}

func unwanted(r rune) bool {
	switch {
	case r < 0x20:
		return r != '\t' && r != '\n'
	case r < 0x7f:
		return false
	}
	return r == 0x7f || r >= 0x80 && r <= 0x9f || r == 0x200b || r == 0x200e || r == 0x200f || r >= 0x202a && r <= 0x202e ||
		r >= 0x2066 && r <= 0x2069 || r == 0xfeff || r >= 0xfff9 && r <= 0xfffb || r >= 0xe0000 && r <= 0xe007f || r&0xfffe == 0xfffe
}
