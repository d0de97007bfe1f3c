package namesearch

import "slices"

// The kinds of keys.
const (
	wholeKey   = iota + 1 // a text, whole or without one of its characters
	beginKey              // up to three first initials
	pairKey               // two sounds that follow one another
	singleKey             // a character
	mostBegins = 3
)

// key is a hash of 64 bits whose upper ones are as good as the lower.
func key(kind uint64, parts ...uint32) uint64 {
	h := kind * 0x9e3779b97f4a7c15
	for _, p := range parts {
		h = (h ^ uint64(p)) * 0xff51afd7ed558ccd
		h ^= h >> 32
	}
	h *= 0xc4ceb9fe1a85ec53
	return h ^ h>>29
}

// keyWithout is the key of a text without character k; -1 for the text whole.
func keyWithout(runes []rune, k int) uint64 {
	h := uint64(wholeKey) * 0x9e3779b97f4a7c15
	for i, r := range runes {
		if i != k {
			h = (h ^ uint64(r)) * 0xff51afd7ed558ccd
			h ^= h >> 32
		}
	}
	h *= 0xc4ceb9fe1a85ec53
	return h ^ h>>29
}

// shortestWrong is how many characters the longer of a question and a name has at least where
// one of them may be wrong: of two every second name is one apart from another.
const shortestWrong = 3

// keys emits what a text is listed under.
func (x *Index) keys(i uint32, emit func(uint64)) {
	runes := x.text(i)
	emit(keyWithout(runes, -1))
	for k := range runes {
		if len(runes) >= shortestWrong && (k == 0 || runes[k] != runes[k-1]) {
			emit(keyWithout(runes, k))
		}
		if !slices.Contains(runes[:k], runes[k]) {
			emit(key(singleKey, uint32(runes[k])))
		}
	}
	var one, two [mostReadings + 1]uint32
	before := x.soundsAt(i, 0, runes[0], one[:0])
	for k := 1; k < len(runes); k++ {
		buf := two[:0]
		if k%2 == 0 {
			buf = one[:0]
		}
		now := x.soundsAt(i, k, runes[k], buf)
		for _, a := range before {
			for _, b := range now {
				emit(key(pairKey, a, b))
			}
		}
		before = now
	}
	x.begins(i, runes, emit)
}

// soundsAt are the sounds of character k of text i: what it may be read as, or itself.
func (x *Index) soundsAt(i uint32, k int, char rune, buf []uint32) []uint32 {
	if list := x.readingsAt(i, k, char, buf); len(list) > 0 {
		return list
	}
	return append(buf, literal+uint32(char))
}

// begins emits the keys of a text's first one, two and three initials.
func (x *Index) begins(i uint32, runes []rune, emit func(uint64)) {
	var initials [mostBegins][mostReadings + 1]uint32
	var n [mostBegins]int
	for k := range min(mostBegins, len(runes)) {
		var buf [mostReadings + 1]uint32
		for _, s := range x.soundsAt(i, k, runes[k], buf[:0]) {
			if letter := x.readings.initial(s); !slices.Contains(initials[k][:n[k]], letter) {
				initials[k][n[k]] = letter
				n[k]++
			}
		}
	}
	for _, a := range initials[0][:n[0]] {
		emit(key(beginKey, a))
		for _, b := range initials[1][:n[1]] {
			emit(key(beginKey, a, b))
			for _, c := range initials[2][:n[2]] {
				emit(key(beginKey, a, b, c))
			}
		}
	}
}
