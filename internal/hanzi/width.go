package hanzi

import (
	"strings"
	"unicode"
)

// Width gives s with the full-width forms of Latin letters, figures and signs made
// half-width, and the many dashes, brackets, quotes and dots that keyboards give made
// one of each: - ( ) ' " · and ,. Chinese commas and full stops become , and the
// ideographic space a plain one. Nothing else changes. O(n).
func Width(s string) string { return strings.Map(half, s) }

func half(r rune) rune {
	if r > 0x20 && r < '[' && r != ';' || r >= 0x3400 && r <= lastHan {
		return r // most of any text
	}
	switch r {
	case '　', '\u00a0', '\u2002', '\u2003', '\u2009', '\u202f', '\t', '\n', '\r':
		return ' '
	case '－', '—', '–', '‐', '‑', '―', '−', '﹣', '～', '〜', '∼', '~':
		return '-'
	case '（', '【', '〔', '［', '〖', '「', '『', '〈', '《', '｛', '[', '{':
		return '('
	case '）', '】', '〕', '］', '〗', '」', '』', '〉', '》', '｝', ']', '}':
		return ')'
	case '，', '、', '。', '；', ';', '､', '｡':
		return ','
	case '·', '•', '・', '‧', '∙', '⋅', '･':
		return '·'
	case '‘', '’', '＇', '′', 'ˊ', '`', '‵':
		return '\''
	case '“', '”', '＂', '″', '〃':
		return '"'
	case '\ufeff', '\u200b', '\u200c', '\u200d', '\u2060':
		return -1
	}
	if r >= '！' && r <= '～' {
		return r - '！' + '!'
	}
	return r
}

// Plain gives s in Width, traditional characters made simplified and Latin letters small;
// spaces stay. O(n).
func Plain(s string) string {
	return strings.Map(func(r rune) rune { return lower(simple(half(r))) }, s)
}

func lower(r rune) rune {
	if r < 0x80 {
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}
	if r >= 0x3400 && r <= lastHan {
		return r
	}
	return unicode.ToLower(r)
}

// Fold gives s as it is compared: Width, traditional characters made simplified, Latin
// letters small, and neither space nor control characters. O(n).
func Fold(s string) string {
	return strings.Map(func(r rune) rune {
		r = lower(simple(half(r)))
		if r >= 0x3400 && r <= lastHan {
			return r
		}
		if unicode.IsSpace(r) || unicode.IsControl(r) {
			return -1
		}
		return r
	}, s)
}

// IsHan reports whether r is a Chinese character.
func IsHan(r rune) bool {
	return r >= 0x4e00 && r <= lastHan || r > 0x7f && unicode.Is(unicode.Han, r)
}
