// Package lists owns how people write lists in spreadsheets: which column a heading means,
// what a cell says (a day, an amount with its unit, yes or no, several texts), which
// division a row names, and where in a file a fault is. It is pure, and knows no feature
// and no file.
package lists

import (
	"fmt"
	"slices"
	"strings"

	"yike/internal/hanzi"
	"yike/internal/record"
)

// Cleared is what a cell says to empty a field; an empty cell leaves it as it is.
const Cleared = "清空"

// Fault is what is wrong with a cell of a list, with a row where Column is "", or with the
// list where Row is 0.
type Fault struct {
	Sheet  string // or layer; "" where the file has one only
	Row    int    // as people count in the file
	Column string // the heading in the file
	record.Fault
}

// Column is a field as the headings of lists call it.
type Column struct {
	Code   string // as the API calls the field
	ZH, EN string // the heading that our own files have
	Also   []string
}

// Heads is what the headings of one list mean. The zero value has none.
type Heads struct {
	columns []Column
	texts   []string
	at      []int // index into columns of each heading, or one of the following
	units   []string
	// Ignored are the headings that nothing is known of, or that another says better.
	Ignored []string
}

// What a heading is that means no column.
const (
	nothing = -1
	twice   = -2 // it means what another does, and is told as a fault
)

// ReadHeads finds the column that each heading means. Marks of needed columns, widths,
// blanks and a unit at the end make no difference. A heading of our own files is taken
// before one that people use for it, too, which is then passed over and told. What derived
// lists is passed over silently: our files say it, and nobody reads it back. The faults are
// headings that mean the same. O(headings · names).
func ReadHeads(texts []string, columns []Column, derived []string) (Heads, []Fault) {
	h := Heads{columns: columns, texts: texts, at: make([]int, len(texts)), units: make([]string, len(texts))}
	own, also := map[string]int{}, map[string]int{}
	for i, c := range columns {
		for _, name := range []string{c.ZH, c.EN, c.Code} {
			own[keyOf(name)] = i
		}
		for _, name := range c.Also {
			also[keyOf(name)] = i
		}
	}
	for i, text := range texts {
		h.at[i] = nothing
		_, h.units[i] = splitHead(text)
	}
	faults := h.take(own, nil)
	better := slices.Clone(h.at)
	faults = append(faults, h.take(also, better)...)
	passed := map[string]bool{}
	for _, head := range derived {
		passed[keyOf(head)] = true
	}
	for i, text := range texts {
		if h.at[i] == nothing && !passed[keyOf(text)] && !strings.HasPrefix(text, "#") {
			h.Ignored = append(h.Ignored, text)
		}
	}
	return h, faults
}

// take gives the headings that some names mean their columns. One whose column stands in
// better already is left; one whose column another of the same rank has is a fault.
func (h *Heads) take(names map[string]int, better []int) []Fault {
	var faults []Fault
	for i, text := range h.texts {
		c, ok := names[keyOf(text)]
		switch {
		case !ok || h.at[i] != nothing || slices.Contains(better, c):
		case slices.Contains(h.at, c):
			of := h.columns[c]
			h.at[i] = twice
			faults = append(faults, Fault{Column: text, Fault: record.Fault{
				Field: of.Code, ZH: fmt.Sprintf("与另一列都是%s，请只留一列", of.ZH), EN: fmt.Sprintf("is the %s, as another column is; keep one", of.EN),
			}})
		default:
			h.at[i] = c
		}
	}
	return faults
}

// Len is how many headings there are.
func (h Heads) Len() int { return len(h.at) }

// Field is the field that heading i means; "" for one that is passed over.
func (h Heads) Field(i int) string {
	if h.at[i] < 0 {
		return ""
	}
	return h.columns[h.at[i]].Code
}

// Fields counts the headings that mean something.
func (h Heads) Fields() int {
	n := 0
	for _, c := range h.at {
		if c >= 0 {
			n++
		}
	}
	return n
}

// Unit is the unit that heading i has at its end, such as 公顷; "" for none.
func (h Heads) Unit(i int) string { return h.units[i] }

// Text is heading i as it stands in the file.
func (h Heads) Text(i int) string { return h.texts[i] }

// Of is the heading of a field; "" where there is none.
func (h Heads) Of(field string) string {
	for i := range h.at {
		if h.Field(i) == field {
			return h.texts[i]
		}
	}
	return ""
}

// Placed gives a fault of a field the row and the column that it stands in: that of
// parts/0/use is the column of parts. What is at fault with a division stands in whichever
// column named it. A field that has no column is named.
func (h Heads) Placed(row int, f record.Fault) Fault {
	field := h.known(f.Field)
	out := Fault{Row: row, Column: h.Of(field), Fault: f}
	for _, other := range []string{Community, Subdistrict} {
		if field == DivisionCode && out.Column == "" {
			out.Column = h.Of(other)
		}
	}
	if i := h.index(field); i >= 0 && out.Column == "" {
		out.ZH, out.EN = h.columns[i].ZH+"："+out.ZH, h.columns[i].EN+": "+out.EN
	}
	return out
}

func (h Heads) index(field string) int {
	return slices.IndexFunc(h.columns, func(c Column) bool { return c.Code == field })
}

// known is the field that a pointer is of or in; its first part where it is in none.
func (h Heads) known(pointer string) string {
	for field := pointer; ; {
		i := strings.LastIndex(field, "/")
		if i < 0 || h.index(field) >= 0 {
			return field
		}
		field = field[:i]
	}
}

// keyOf is a heading as it is compared.
func keyOf(head string) string {
	key, _ := splitHead(head)
	return key
}

// splitHead folds a heading and takes the mark of a needed column and the unit off its end:
// 用地面积（公顷）*, 用地面积/公顷.
func splitHead(head string) (key, unit string) {
	key = strings.TrimSuffix(hanzi.Fold(head), "*")
	if inside, ok := strings.CutSuffix(key, ")"); ok {
		if name, u, ok := cutLast(inside, "("); ok && isUnit(u) {
			return name, u
		}
	}
	for _, sign := range []string{"/", ",", ":", "_"} {
		if name, u, ok := cutLast(key, sign); ok && isUnit(u) {
			return name, u
		}
	}
	return key, ""
}

func cutLast(s, sign string) (before, after string, ok bool) {
	i := strings.LastIndex(s, sign)
	if i <= 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sign):], true
}
