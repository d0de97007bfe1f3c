package namesearch

import "slices"

// query is what somebody typed.
type query struct {
	readings *Readings
	runes    []rune
	breaks   uint64 // before which characters there was a space or an apostrophe
	letters  bool   // some are letters
	whole    bool   // all are letters
}

// newQuery reads what somebody typed; false where it is empty or longer than any name.
func newQuery(r *Readings, text string) (query, bool) {
	q := query{readings: r, whole: true}
	q.runes, q.breaks = fold(text)
	for _, c := range q.runes {
		if isLetter(c) {
			q.letters = true
		} else {
			q.whole = false
		}
	}
	return q, len(q.runes) > 0 && len(q.runes) <= longestText
}

func isLetter(r rune) bool { return r >= 'a' && r <= 'z' }

// parted reports whether letters from and to (which is after the last) were typed apart.
func (q *query) parted(from, to int) bool {
	return q.breaks>>(from+1)&(1<<(to-from-1)-1) != 0
}

// syllables gives the ends of the whole syllables that begin at a letter.
func (q *query) syllables(from int) (ends []int, numbers []uint32) {
	for to := from + 1; to <= min(from+longestRead, len(q.runes)) && isLetter(q.runes[to-1]) && !q.parted(from, to); to++ {
		if n, ok := q.readings.numbers[string(q.runes[from:to])]; ok {
			ends, numbers = append(ends, to), append(numbers, n)
		}
	}
	return ends, numbers
}

// begins gives the keys of the first initials that what was typed may stand for: with
// abbreviations also where a syllable is its initial only.
func (q *query) begins(abbreviated bool) []uint64 {
	var out []uint64
	var units [mostBegins]uint32
	var read func(from, n int)
	read = func(from, n int) {
		if n == mostBegins || from == len(q.runes) {
			if k := key(beginKey, units[:n]...); n > 0 && !slices.Contains(out, k) {
				out = append(out, k)
			}
			return
		}
		c := q.runes[from]
		if !isLetter(c) {
			units[n] = q.readings.initial(q.readings.usual(c))
			read(from+1, n+1)
			return
		}
		units[n] = uint32(c)
		read(from+1, n+1) // the letter itself, or the initial
		if abbreviated && q.double(from) {
			units[n] = uint32(c)
			read(from+2, n+1)
		}
		ends, _ := q.syllables(from)
		for _, to := range ends {
			if to > from+1 {
				units[n] = uint32(c)
				read(to, n+1)
			}
		}
		if rest := q.runes[from:]; !q.parted(from, len(q.runes)) && q.readings.begun[string(rest)] {
			units[n] = uint32(c)
			read(len(q.runes), n+1)
		}
	}
	read(0, 0)
	return out
}

// double reports whether zh, ch or sh stands at a letter.
func (q *query) double(at int) bool {
	if at+1 >= len(q.runes) || q.runes[at+1] != 'h' || q.parted(at, at+2) {
		return false
	}
	return q.runes[at] == 'z' || q.runes[at] == 'c' || q.runes[at] == 's'
}

// pairs gives the keys of the first two sounds, where both were typed whole.
func (q *query) pairs() []uint64 {
	var out []uint64
	firsts, first := q.wholes(0)
	for i, at := range firsts {
		_, second := q.wholes(at)
		for _, s := range second {
			if k := key(pairKey, first[i], s); !slices.Contains(out, k) {
				out = append(out, k)
			}
		}
	}
	return out
}

// wholes gives the ends of what may be one character at a place, and its sounds.
func (q *query) wholes(at int) (ends []int, sounds []uint32) {
	if at >= len(q.runes) {
		return nil, nil
	}
	if isLetter(q.runes[at]) {
		ends, sounds = q.syllables(at)
		return append(ends, at+1), append(sounds, literal+uint32(q.runes[at]))
	}
	return []int{at + 1}, []uint32{q.readings.usual(q.runes[at])}
}

// variants gives at each place the sounds that a character typed there may have, where it may
// be another that is read alike.
func (q *query) variants(at int) []uint32 {
	if list := q.readings.of(q.runes[at]); len(list) > 0 {
		return list
	}
	return []uint32{literal + uint32(q.runes[at])}
}

// looks gives the sounds under which characters are listed that look like the one typed, and
// it itself.
func (q *query) looks(at int) []uint32 {
	var out []uint32
	for _, c := range q.lookGroup(at) {
		if s := q.readings.usual(c); !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

func (q *query) lookGroup(at int) []rune {
	if group := q.readings.looks[q.runes[at]]; len(group) > 0 {
		return group
	}
	return q.runes[at : at+1]
}

// hasLooks reports whether a character was typed that others look like.
func (q *query) hasLooks() bool {
	return slices.ContainsFunc(q.runes, func(c rune) bool { return len(q.readings.looks[c]) > 0 })
}
