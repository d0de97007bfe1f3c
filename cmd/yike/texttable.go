package main

import (
	"io"
	"strings"
	"unicode"
)

// textTable is rows of text that a terminal shows in aligned columns, Chinese
// characters taking two places.
type textTable struct {
	right []bool // per column: numbers stand to the right
	rows  [][]string
}

func (t *textTable) add(cells ...string) { t.rows = append(t.rows, cells) }

// drop leaves the last column out when the table is printed.
func (t *textTable) drop() { t.right = t.right[:len(t.right)-1] }

func (t *textTable) print(w io.Writer) {
	width := make([]int, len(t.right))
	for _, row := range t.rows {
		for i, cell := range row[:len(width)] {
			width[i] = max(width[i], places(cell))
		}
	}
	for _, row := range t.rows {
		var line strings.Builder
		for i, cell := range row[:len(width)] {
			if i > 0 {
				line.WriteString("  ")
			}
			pad := strings.Repeat(" ", width[i]-places(cell))
			if t.right[i] {
				line.WriteString(pad + cell)
			} else {
				line.WriteString(cell + pad)
			}
		}
		say(w, "%s\n", strings.TrimRight(line.String(), " "))
	}
}

// places is the width of s in a terminal.
func places(s string) int {
	n := 0
	for _, r := range s {
		switch {
		case unicode.Is(unicode.Mn, r), unicode.IsControl(r):
		case wide(r):
			n += 2
		default:
			n++
		}
	}
	return n
}

// wide reports whether a terminal gives r two places: Han, kana, hangul, and the
// full-width forms (Unicode Standard Annex 11, classes W and F, for the scripts that
// names here are written in).
func wide(r rune) bool {
	if unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul) {
		return true
	}
	return (r >= 0x3000 && r <= 0x303e) || (r >= 0xff01 && r <= 0xff60) || (r >= 0xffe0 && r <= 0xffe6) || (r >= 0x1f300 && r <= 0x1faff)
}
