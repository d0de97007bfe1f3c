package premises

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"yike/internal/hanzi"
	"yike/internal/record"
)

// splitTexts takes a cell of several texts apart.
func splitTexts(cell string) []string {
	out := []string{}
	for text := range strings.FieldsFuncSeq(cell, func(c rune) bool { return c == ';' || c == '；' || c == '\n' }) {
		if text = strings.TrimSpace(text); text != "" {
			out = append(out, text)
		}
	}
	return out
}

// listDay reads a day as people write it in lists: 2026-11-27, 2026/1/5, 2026.1.5,
// 2026年1月5日, 20260105; "" is none.
func listDay(cell string) (record.Day, bool) {
	if cell == "" {
		return "", true
	}
	text := strings.Map(func(c rune) rune {
		switch c {
		case '年', '月', '/', '.':
			return '-'
		case '日':
			return -1
		}
		return c
	}, hanzi.Fold(cell))
	if len(text) == 8 && strings.Trim(text, "0123456789") == "" {
		text = text[:4] + "-" + text[4:6] + "-" + text[6:]
	}
	parts := strings.Split(text, "-")
	for i, p := range parts {
		if len(p) == 1 && i > 0 {
			parts[i] = "0" + p
		}
	}
	text = strings.Join(parts, "-")
	_, ok := record.ParseDay(text)
	return record.Day(text), ok
}

// listNumber reads a number as people write it in lists: 1,200.5, １２０, 85.5㎡, 117.05°.
func listNumber(cell string) (float64, bool) {
	text := hanzi.Fold(cell)
	for _, unit := range []string{"㎡", "m²", "m2", "平方米", "平米", "°", "度"} {
		text = strings.TrimSuffix(text, unit)
	}
	whole, fraction, _ := strings.Cut(text, ".")
	if groups := strings.Split(whole, ","); len(groups) > 1 {
		for i, g := range groups {
			if i > 0 && len(g) != 3 || g == "" || len(g) > 3 {
				return 0, false
			}
		}
		text = strings.Join(groups, "")
		if fraction != "" {
			text += "." + fraction
		}
	}
	if text == "" || strings.ContainsFunc(text, func(c rune) bool { return (c < '0' || c > '9') && c != '.' && c != '-' }) {
		return 0, false // no exponents, hexadecimals or infinities
	}
	v, err := strconv.ParseFloat(text, 64)
	return v, err == nil && !math.IsInf(v, 0)
}

// listPart reads a part of a room: its use, its area, and in brackets the norm that it
// counts for.
func listPart(text string) (Part, bool) {
	text = strings.TrimSpace(strings.NewReplacer("（", "(", "）", ")").Replace(text))
	norm := ""
	if inside, ok := strings.CutSuffix(text, ")"); ok {
		i := strings.LastIndex(inside, "(")
		if i < 0 {
			return Part{}, false
		}
		text, norm = strings.TrimSpace(inside[:i]), strings.TrimSpace(inside[i+1:])
	}
	i := strings.LastIndexFunc(text, unicode.IsSpace)
	if i < 0 {
		return Part{}, false
	}
	v, isNumber := listNumber(strings.TrimSpace(text[i:]))
	area, fits := AreaOf(v)
	out := Part{Area: area}
	for _, u := range Uses() {
		if u.Approved && says(u.Code, text[:i]) {
			out.Use = Use(u.Code.Code)
		}
	}
	if n := slices.IndexFunc(Norms(), func(c Code) bool { return says(c, norm) }); n >= 0 {
		out.CountsFor = Norm(Norms()[n].Code)
	} else if norm != "" {
		return out, false
	}
	return out, isNumber && fits && out.Use != ""
}

// says reports whether a text is a word of a list, in either language or as its code.
func says(c Code, text string) bool {
	key := hanzi.Fold(text)
	return key == hanzi.Fold(c.ZH) || key == hanzi.Fold(c.EN) || key == c.Code
}
