package namesearch

import (
	"slices"
	"strings"
)

// exactly, beginning and within hold a text against the characters typed.
func (q *query) exactly(t []rune) bool   { return slices.Equal(t, q.runes) }
func (q *query) beginning(t []rune) bool { return q.at(t, 0, same) }
func (q *query) within(t []rune) bool    { return q.inside(t, 0, same) }

func same(a, b rune) bool { return a == b }

func (q *query) at(t []rune, from int, equal func(a, b rune) bool) bool {
	if len(t)-from < len(q.runes) {
		return false
	}
	for i, c := range q.runes {
		if !equal(c, t[from+i]) {
			return false
		}
	}
	return true
}

func (q *query) inside(t []rune, from int, equal func(a, b rune) bool) bool {
	for ; from+len(q.runes) <= len(t); from++ {
		if q.at(t, from, equal) {
			return true
		}
	}
	return false
}

// looksLike reports whether two characters are the same or of one group that looks alike.
func (q *query) looksLike(a, b rune) bool { return a == b || slices.Contains(q.readings.looks[a], b) }

// apart reports whether one character other, more or fewer makes the question of a text.
func (q *query) apart(t []rune) bool {
	a, b := q.runes, t
	if len(a) < len(b) {
		a, b = b, a
	}
	if len(a)-len(b) > 1 || len(a) < shortestWrong {
		return false
	}
	i := 0
	for i < len(b) && a[i] == b[i] {
		i++
	}
	if len(a) == len(b) {
		return i < len(a) && slices.Equal(a[i+1:], b[i+1:])
	}
	return slices.Equal(a[i+1:], b[i:])
}

// spelling reads letters as the characters of a text, one after another.
type spelling struct {
	x           *Index
	q           *query
	i           uint32 // the text
	t           []rune
	start       int
	abbreviated bool                    // an initial may stand for a syllable
	wholes      int                     // how many characters must have been typed whole, and at least there be
	failed      [longestText + 1]uint64 // for a character of the text, from which of the question it led nowhere
	read        [longestText + 1]string // of each character, where wanted
	want        bool
}

// spells reports whether the question reads as the characters of text i from start on.
func (x *Index) spells(q *query, i uint32, start int, abbreviated bool) bool {
	s := spelling{x: x, q: q, i: i, t: x.text(i), start: start, abbreviated: abbreviated}
	if start > 0 {
		s.wholes = 2
	}
	return s.from(start, 0)
}

func (s *spelling) from(k, at int) bool {
	if at == len(s.q.runes) {
		return k-s.start >= s.wholes
	}
	if k == len(s.t) || s.failed[k]>>at&1 == 1 {
		return false
	}
	if s.step(k, at) {
		return true
	}
	s.failed[k] |= 1 << at
	return false
}

// step reads one character of the text.
func (s *spelling) step(k, at int) bool {
	c := s.t[k]
	if c == s.q.runes[at] && s.from(k+1, at+1) {
		return true
	}
	if !isLetter(s.q.runes[at]) {
		return false
	}
	var buf [mostReadings + 1]uint32
	for _, n := range s.x.readingsAt(s.i, k, c, buf[:0]) {
		reading := s.x.readings.syllables[n]
		if s.reads(k, at, reading) {
			if s.want {
				s.read[k] = reading
			}
			return true
		}
	}
	return false
}

func (s *spelling) reads(k, at int, reading string) bool {
	q := s.q
	n := 0
	for n < len(reading) && at+n < len(q.runes) && rune(reading[n]) == q.runes[at+n] && (n == 0 || q.breaks>>(at+n)&1 == 0) {
		n++
	}
	switch {
	case n == 0:
		return false
	case n == len(reading) && s.from(k+1, at+n):
		return true
	case n < len(reading) && at+n == len(q.runes) && k-s.start >= s.wholes:
		return true
	case !s.abbreviated:
		return false
	}
	return s.from(k+1, at+1) || n > 1 && q.double(at) && s.from(k+1, at+2)
}

// spelled gives a text in pinyin, as the letters typed read it and as it is usual elsewhere.
func (x *Index) spelled(q *query, i uint32, start int, abbreviated bool) string {
	s := spelling{x: x, q: q, i: i, t: x.text(i), start: start, abbreviated: abbreviated, want: true}
	if start > 0 {
		s.wholes = 2
	}
	if !s.from(start, 0) {
		return ""
	}
	out, whole := make([]string, len(s.t)), place{x, i}.whole()
	for k, c := range s.t {
		out[k] = s.read[k]
		if out[k] != "" {
			continue
		}
		out[k] = string(c)
		if sound := x.sound(whole, k); sound < literal {
			out[k] = x.readings.syllables[sound]
		}
	}
	return strings.Join(out, " ")
}

// start gives where within a text letters read as its characters; -1 where nowhere.
func (x *Index) spelledFrom(q *query, i uint32) int {
	for start := 1; start < len(x.text(i)); start++ {
		if x.spells(q, i, start, false) {
			return start
		}
	}
	return -1
}
