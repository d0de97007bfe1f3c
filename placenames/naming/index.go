package naming

import (
	"cmp"
	"slices"
)

// Index finds the names of a register that are like a name, without looking at each. It is
// read-only once made and safe for concurrent use; a register that changes has a large one
// of yesterday and a small one of today, and both are asked.
type Index struct {
	sounds  *sounds
	entries []Entry
	text    table // by the name whole
	stem    table
	sound   table    // by every way to read the stem
	look    table    // by the stem with look-alikes made one
	less    table    // by the stem, and with each one character left out
	wide    []uint32 // of stems with too many ways to be read: looked at each time
}

// mostReadings is in how many ways a stem is listed; beyond that it is wide.
const mostReadings = 256

// table gives the entries of a key: pairs in the order of their keys.
type table []pair

type pair struct {
	key   uint64
	entry uint32
}

// NewIndex makes an index of the names of a register, which it keeps. O(n log n); some 150
// bytes a name beside the entries.
func (k *Checker) NewIndex(entries []Entry) *Index {
	x := &Index{sounds: k.sounds, entries: entries}
	for i, e := range entries {
		at, s := uint32(i), k.sounds.shape(e)
		x.text = append(x.text, pair{hash(s.text), at})
		x.stem = append(x.stem, pair{hash(s.stem), at})
		x.look = append(x.look, pair{k.sounds.lookKey(s), at})
		for _, key := range lessKeys(s.runes) {
			x.less = append(x.less, pair{key, at})
		}
		keys, ok := soundKeys(s.sound)
		if !ok {
			x.wide = append(x.wide, at)
		}
		for _, key := range keys {
			x.sound = append(x.sound, pair{key, at})
		}
	}
	for _, t := range []table{x.text, x.stem, x.sound, x.look, x.less} {
		slices.SortFunc(t, func(a, b pair) int { return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.entry, b.entry)) })
	}
	return x
}

// Match is a name of the register that is like another.
type Match struct {
	Entry    Entry
	Relation Relation
}

// Find gives the names of the index that are like a name, the closest first and those of one
// relation in the order of the index; the record itself is none of them. It finds what
// comparing with each would find.
func (x *Index) Find(e Entry) []Match {
	s := x.sounds.shape(e)
	if s.text == "" {
		return nil
	}
	var candidates []uint32
	collect := func(t table, keys ...uint64) {
		for _, key := range keys {
			i, _ := slices.BinarySearchFunc(t, key, func(p pair, key uint64) int { return cmp.Compare(p.key, key) })
			for ; i < len(t) && t[i].key == key; i++ {
				candidates = append(candidates, t[i].entry)
			}
		}
	}
	collect(x.text, hash(s.text))
	collect(x.stem, hash(s.stem))
	collect(x.look, x.sounds.lookKey(s))
	collect(x.less, lessKeys(s.runes)...)
	keys, ok := soundKeys(s.sound)
	collect(x.sound, keys...)
	candidates = append(candidates, x.wide...)
	if !ok { // in more ways than are listed: look at all
		candidates = candidates[:0]
		for i := range x.entries {
			candidates = append(candidates, uint32(i))
		}
	}
	slices.Sort(candidates)
	var out []Match
	for _, i := range slices.Compact(candidates) {
		other := x.entries[i]
		if other.ID == e.ID && e.ID != "" {
			continue
		}
		if r := x.sounds.relate(s, x.sounds.shape(other)); r != Unlike {
			out = append(out, Match{other, r})
		}
	}
	slices.SortStableFunc(out, func(a, b Match) int { return cmp.Compare(b.Relation, a.Relation) })
	return out
}

// hash is FNV-1a of 64 bits.
func hash(parts ...string) uint64 {
	h := uint64(14695981039346656037)
	for _, p := range parts {
		for i := range len(p) {
			h = (h ^ uint64(p[i])) * 1099511628211
		}
		h = (h ^ 0xff) * 1099511628211
	}
	return h
}

func (s *sounds) lookKey(sh shape) uint64 {
	runes := make([]rune, len(sh.runes))
	for i, r := range sh.runes {
		runes[i] = s.look(r)
	}
	return hash(string(runes))
}

// soundKeys are the keys of all ways to read a stem; false where there are too many.
func soundKeys(sound []readings) ([]uint64, bool) {
	ways := 1
	for _, r := range sound {
		if ways *= len(r.plain); ways > mostReadings {
			return nil, false
		}
	}
	out := make([]uint64, 0, ways)
	read := make([]string, len(sound))
	var each func(i int)
	each = func(i int) {
		if i == len(sound) {
			out = append(out, hash(read...))
			return
		}
		for _, p := range sound[i].plain {
			read[i] = p
			each(i + 1)
		}
	}
	each(0)
	return out, true
}

// lessKeys are the keys under which stems that are one character apart meet: the stem, and
// what it is without each of its characters. Two of them share a key if they are one apart,
// and some that are not; a stem of two characters is listed as it is, since only one of three
// is looked at beside it.
func lessKeys(stem []rune) []uint64 {
	out := []uint64{hash("less", string(stem))}
	if len(stem) < shortest {
		return out
	}
	buf := make([]rune, 0, len(stem))
	for i := range stem {
		buf = append(append(buf[:0], stem[:i]...), stem[i+1:]...)
		if key := hash("less", string(buf)); !slices.Contains(out, key) {
			out = append(out, key)
		}
	}
	return out
}
