package namesearch

import (
	"cmp"
	"math/bits"
	"slices"
	"strings"
)

// Index finds names without looking at each. It is read-only once made and safe for
// concurrent use.
type Index struct {
	readings *Readings
	names    []Name
	starts   [4]uint32           // of the texts of each source, in order; the last is how many there are
	from     []uint32            // of text i in runes; one more than there are texts
	runes    []rune              // of all texts, folded
	of       []uint32            // the name of a text
	odd      map[uint32][]uint32 // confirmed syllables of texts that a dictionary does not have there
	posts    postings
}

// text is a text of a name before it has its number.
type text struct {
	runes  []rune
	name   uint32
	source uint32 // 0 standard, 1 alias, 2 former
	read   []uint32
	order  uint64
}

// New makes an index of names, which it keeps. Time and memory grow with the characters: see
// the benchmark for both.
func New(r *Readings, names []Name) *Index {
	x := &Index{readings: r, names: names, odd: map[uint32][]uint32{}}
	texts := x.texts()
	slices.SortFunc(texts, func(a, b text) int { return compare(x, x, a, b) })
	total := 0
	for _, t := range texts {
		total += len(t.runes)
	}
	x.runes, x.of, x.from = make([]rune, 0, total), make([]uint32, len(texts)), make([]uint32, 1, len(texts)+1)
	for i, t := range texts {
		x.of[i] = t.name
		x.runes = append(x.runes, t.runes...)
		x.from = append(x.from, uint32(len(x.runes)))
		for source := t.source + 1; source < 4; source++ {
			x.starts[source] = uint32(i) + 1
		}
		if x.isOdd(t) {
			x.odd[uint32(i)] = t.read
		}
	}
	x.posts = newPostings(uint32(len(texts)), total, x.keys)
	return x
}

// texts gives the texts of all names, with what they are sorted by.
func (x *Index) texts() []text {
	out := make([]text, 0, len(x.names))
	add := func(name int, source uint32, s string, readings []string) {
		runes, _ := fold(s)
		runes = runes[:min(len(runes), longestText)]
		if len(runes) == 0 {
			return
		}
		t := text{runes: slices.Clip(runes), name: uint32(name), source: source}
		if len(readings) == len(runes) {
			t.read = x.confirmed(runes, readings)
		}
		t.order = x.order(t)
		out = append(out, t)
	}
	for i, n := range x.names {
		add(i, 0, n.Text, n.Readings)
		for _, a := range n.Aliases {
			add(i, 1, a, nil)
		}
		for _, f := range n.Former {
			add(i, 2, f, nil)
		}
	}
	return out
}

// order has what texts are sorted by as far as it fits: the source, whether the name is in use,
// the length, and how the first characters sound.
func (x *Index) order(t text) uint64 {
	group, s := uint64(2), x.names[t.name].State
	switch {
	case s.InUse():
		group = 0
	case s.Taken():
		group = 1
	}
	const first, each = 3, 18
	out := uint64(t.source)<<8 | group<<6 | uint64(len(t.runes))
	for k := range first {
		out <<= each
		if k < len(t.runes) {
			out |= min(uint64(x.sound(t, k)), 1<<each-1)
		}
	}
	return out
}

// compare compares two texts by their order, of whichever indexes.
func compare(x, y *Index, a, b text) int {
	if a.order != b.order {
		return cmp.Compare(a.order, b.order)
	}
	for k := range min(len(a.runes), len(b.runes)) {
		if s, o := x.sound(a, k), y.sound(b, k); s != o {
			return cmp.Compare(s, o)
		}
	}
	if c := slices.Compare(a.runes, b.runes); c != 0 {
		return c
	}
	return strings.Compare(x.names[a.name].ID, y.names[b.name].ID)
}

// confirmed gives the syllable that people confirmed for each character, or what it is looked
// up under.
func (x *Index) confirmed(runes []rune, readings []string) []uint32 {
	out := make([]uint32, len(runes))
	for i, r := range runes {
		out[i] = x.readings.usual(r)
		if list := plainReadings(readings[i : i+1]); len(list) > 0 {
			if n, ok := x.readings.numbers[list[0]]; ok {
				out[i] = n
			}
		}
	}
	return out
}

// sound is how character k of a text is read, as far as is known.
func (x *Index) sound(t text, k int) uint32 {
	if t.read != nil {
		return t.read[k]
	}
	return x.readings.usual(t.runes[k])
}

// isOdd reports whether people read a text in a way that the dictionary would not put first.
func (x *Index) isOdd(t text) bool {
	for i, s := range t.read {
		if s != x.readings.usual(t.runes[i]) {
			return true
		}
	}
	return false
}

func (x *Index) text(i uint32) []rune { return x.runes[x.from[i]:x.from[i+1]] }

func (x *Index) source(i uint32) By {
	switch {
	case i < x.starts[1]:
		return Standard
	case i < x.starts[2]:
		return Alias
	}
	return Former
}

// readingsAt gives the syllables that character k of text i may be read as.
func (x *Index) readingsAt(i uint32, k int, char rune, buf []uint32) []uint32 {
	list := x.readings.of(char)
	if len(x.odd) == 0 {
		return list
	}
	odd, ok := x.odd[i]
	if !ok || slices.Contains(list, odd[k]) || odd[k] >= literal {
		return list
	}
	return append(append(buf[:0], list...), odd[k])
}

// before compares two texts by their order, of whichever index.
func (p place) before(o place) int {
	if p.index == o.index {
		return cmp.Compare(p.text, o.text)
	}
	return compare(p.index, o.index, p.whole(), o.whole())
}

func (p place) whole() text {
	x := p.index
	t := text{runes: x.text(p.text), name: x.of[p.text], read: x.odd[p.text]}
	switch x.source(p.text) {
	case Alias:
		t.source = 1
	case Former:
		t.source = 2
	}
	t.order = x.order(t)
	return t
}

// postings give the texts of a key in their order. Keys are hashes that share buckets, so a
// bucket promises nothing but that no text of its keys is missing.
type postings struct {
	shift int
	from  []uint32 // of bucket b in texts; one more than there are buckets
	texts []uint32
}

// newPostings makes the postings of n texts by what gives the keys of each. Two passes over the
// keys, and four bytes for each.
func newPostings(n uint32, characters int, keys func(i uint32, emit func(key uint64))) postings {
	width := max(8, bits.Len(uint(characters))-1)
	p := postings{shift: 64 - width, from: make([]uint32, 1<<width+1)}
	for i := range n {
		keys(i, func(key uint64) { p.from[key>>p.shift+1]++ })
	}
	for b := 1; b < len(p.from); b++ {
		p.from[b] += p.from[b-1]
	}
	p.texts = make([]uint32, p.from[len(p.from)-1])
	at := slices.Clone(p.from[:len(p.from)-1])
	for i := range n {
		keys(i, func(key uint64) {
			b := key >> p.shift
			p.texts[at[b]] = i
			at[b]++
		})
	}
	return p
}

// list gives the texts of a key and of those that share its bucket, in order; one may be there
// several times.
func (p *postings) list(key uint64) []uint32 {
	b := key >> p.shift
	return p.texts[p.from[b]:p.from[b+1]]
}
